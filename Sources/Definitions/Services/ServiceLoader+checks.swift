// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Faults of a service that show only when everything is read.
extension ServiceLoader {
    func checkAtOnce(_ node: NodeReader?, _ first: Service.Stage?) {
        guard let node, let code = node.string() else { return }
        guard let action = first?.actions.first(where: { $0.code == code }) else {
            node.report("the first stage has no act “\(code)”", fix: "Name an act of the stage in which a case begins.")
            return
        }
        if action.questions.contains(where: { !$0.isOptional }) || action.note == .required {
            node.report("“\(code)” asks something, and nobody is there to answer", fix: "Leave out its `asks` and its note.")
        }
    }

    func checkSlots(
        _ questions: [Questionnaire.Question],
        _ stages: [Service.Stage],
        _ nodes: [NodeReader],
        _ head: MappingReader
    ) {
        func count(_ questions: [Questionnaire.Question]) -> Int { questions.count(where: \.isSlot) }
        if count(questions) > 1 {
            head.place.report("the form asks for two slots", fix: "One case books one thing; its times may be several.")
        }
        for (stage, node) in zip(stages, nodes) where stage.actions.contains(where: { count($0.questions) > 1 }) {
            node.report("an act asks for two slots", fix: "One is enough: it takes the place of the earlier one.")
        }
    }

    /// Faults that show only when everything is read: stages that nothing leads to or out of, documents and acts that are not there.
    func check(
        _ stages: [Service.Stage],
        _ limit: Promise,
        _ documents: [Service.DocumentTemplate],
        _ fee: Service.Fee,
        _ nodes: [NodeReader]
    ) {
        let codes = Set(stages.map(\.code))
        let acts = Set(stages.flatMap { $0.actions.map(\.code) })
        var reached: Set<String> = stages.first.map { [$0.code] } ?? []
        let extended = Set(stages.flatMap(\.actions).filter { $0.extends != nil }.compactMap(\.target))
        for (stage, node) in zip(stages, nodes) {
            if stage.whenOverdue != nil, stage.limit == nil, !extended.contains(stage.code) {
                node.report("“when-overdue” needs a limit", fix: "Add `limit: { days: …, basis: … }`.")
            }
            var targets = stage.actions.compactMap(\.target)
            targets += [stage.whenCleared, stage.whenPaid, stage.whenOverdue?.stage].compactMap { $0 }
            for target in targets where !codes.contains(target) {
                node.report("there is no stage “\(target)”", fix: "Known: \(codes.sorted().joined(separator: ", ")).")
            }
            reached.formUnion(targets)
            if stage.status.isOpen, !targets.contains(where: { $0 != stage.code }) {
                node.report("a case that comes to “\(stage.code)” never leaves it", fix: "Add an act with `to`, or what time does.")
            }
            for document in stage.whenOverdue?.issues ?? [] where !documents.contains(where: { $0.code == document }) {
                node.report("“when-overdue” issues “\(document)”, which is no document here", fix: "Add it under documents.")
            }
            checkEnds(stage, stages, node)
            for action in stage.actions {
                for document in action.issues where !documents.contains(where: { $0.code == document }) {
                    node.report("“\(action.code)” issues “\(document)”, which is no document here", fix: "Add it under documents.")
                }
                for other in action.otherThan where !acts.contains(other) {
                    node.report("there is no act “\(other)”", fix: "Known: \(acts.sorted().joined(separator: ", ")).")
                }
                if let more = action.extends {
                    let next = action.target.flatMap { target in stages.first { $0.code == target } } ?? stage
                    if next.code != stage.code, next.limit != nil {
                        node.report(
                            "“\(action.code)” extends the time of “\(stage.code)”, and “\(next.code)” has a limit of its own",
                            fix: "Leave out the limit of “\(next.code)”: it goes on with the time that is extended."
                        )
                    }
                    if ([limit.limit, stage.limit?.limit].compactMap { $0 }).contains(where: { $0.unit != more.limit.unit }) {
                        node.report("“\(action.code)” adds days of another kind", fix: "Extend working days by working days.")
                    }
                }
                if action.bills, !fee.isDue {
                    node.report("“\(action.code)” bills a service that is free", fix: "Define the fee, or leave `bills` out.")
                }
                if action.bills, stages.first(where: { $0.code == action.target })?.whenPaid == nil {
                    node.report("“\(action.code)” bills, but nothing waits for the money", fix: "Send it `to` a stage with `when-paid`.")
                }
            }
        }
        for (stage, node) in zip(stages, nodes) where !reached.contains(stage.code) {
            node.report("nothing leads to the stage “\(stage.code)”", fix: "Let an act go `to` it, or leave it out.")
        }
    }

    /// Only the city decides, and time decides nothing but by law. What was published before that is read as it is.
    private func checkEnds(_ stage: Service.Stage, _ stages: [Service.Stage], _ node: NodeReader) {
        guard agencies != nil else { return }
        let decided = Set(stages.filter { $0.status == .decided }.map(\.code))
        if let overdue = stage.whenOverdue {
            if decided.contains(overdue.stage), overdue.silence != .deemed {
                node.report(
                    "time ends the case in “\(overdue.stage)” as if it were decided",
                    fix: """
                        Send it to a stage that is `in-progress`, where the answer is owed still; or write `silence: deemed` where the law \
                        grants it.
                        """
                )
            }
            if overdue.silence != nil, !decided.contains(overdue.stage) {
                node.report("“silence” is said of what is not decided", fix: "Leave it out.")
            }
        }
        for action in stage.actions where action.actors.contains(.applicant) && action.target.map(decided.contains) == true {
            node.report(
                "“\(action.code)” lets the applicant decide",
                fix: "Send it `to` a stage that is `closed`, or leave the applicant out."
            )
        }
    }
}
