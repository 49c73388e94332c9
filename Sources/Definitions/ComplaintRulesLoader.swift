// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Reads `complaints/*.yaml` of a pack.
struct ComplaintRulesLoader {
    let reader: PackReader
    let nation: PackReader?
    let agencies: Set<String>
    let districts: Set<String>
    let districtOffices: Set<String>

    func load() -> ComplaintRules? {
        guard let head = reader.yaml("complaints/categories.yaml"), let rules = reader.yaml("complaints/promises.yaml") else { return nil }
        var groups: [ComplaintRules.Group] = []
        for node in head.required("groups")?.list() ?? [] {
            guard let mapping = node.mapping() else { continue }
            if let code = mapping.string("code"), let name = mapping.text("name") {
                groups.append(ComplaintRules.Group(code: code, name: name))
            }
            mapping.finish()
        }
        var categories: [ComplaintRules.Category] = []
        for node in head.required("categories")?.list() ?? [] {
            guard let category = category(node, groups: Set(groups.map(\.code))) else { continue }
            if categories.contains(where: { $0.code == category.code }) {
                node.report("the category “\(category.code)” is defined twice", fix: "Keep one.")
            }
            categories.append(category)
        }
        let message = head.required("message-category")
        let messageCategory = message?.string()
        if let messageCategory, !categories.contains(where: { $0.code == messageCategory }) {
            message?.report("the category “\(messageCategory)” does not exist", fix: "Use a code of categories.")
        }
        head.finish()
        let law = nation?.yaml("complaints/promises.yaml")
        let promises = promises(rules, law: law)
        // The law has no number: only the city's own schedule has one.
        let retention = rules.optional("retention")?.mapping().flatMap(retention)
        law?.finish()
        let ladder = (rules.required("ladder")?.list() ?? []).compactMap(rung)
        let reasons = (rules.required("not-fixed-reasons")?.list() ?? []).compactMap { node -> ComplaintRules.Reason? in
            guard let mapping = node.mapping() else { return nil }
            let code = mapping.string("code")
            let label = mapping.text("label")
            let isEvidence = mapping.flag("is-evidence")
            mapping.finish()
            guard let code, let label else { return nil }
            return ComplaintRules.Reason(code: code, label: label, isEvidence: isEvidence)
        }
        let templates = (rules.required("templates")?.list() ?? []).compactMap { node -> ComplaintRules.Template? in
            guard let mapping = node.mapping() else { return nil }
            let code = mapping.string("code")
            let title = mapping.text("title")
            let body = mapping.text("body")
            mapping.finish()
            guard let code, let title, let body else { return nil }
            return ComplaintRules.Template(code: code, title: title, body: body)
        }
        let screening = rules.required("screening-agency")
        let agency = screening?.string()
        if let agency, !agencies.contains(agency) {
            screening?.report("the agency “\(agency)” does not exist", fix: "Use a code of organisation.yaml.")
        }
        rules.finish()
        guard let agency, let messageCategory else { return nil }
        return ComplaintRules(
            groups: groups,
            categories: categories,
            promises: promises,
            reasons: reasons,
            templates: templates,
            ladder: ladder.sorted { $0.after < $1.after },
            screeningAgency: agency,
            messageCategory: messageCategory,
            retention: retention
        )
    }

    private func category(_ node: NodeReader, groups: Set<String>) -> ComplaintRules.Category? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.string("code")
        let group = mapping.string("group")
        let name = mapping.text("name")
        let description = mapping.text("description")
        let keywords = mapping.strings("keywords")
        let classification = mapping.choice("classification", ComplaintRules.Classification.self)
        let routes = (mapping.required("routes")?.list() ?? []).enumerated().compactMap { route($0.element, number: $0.offset + 1) }
        let allowsAnonymous = mapping.flag("anonymous")
        let isConfidential = mapping.flag("confidential")
        let needsPlace = !mapping.flag("without-place")
        let radius = mapping.optional("duplicate-radius") == nil ? 100 : mapping.int("duplicate-radius", in: 0...5000)
        let questions = (mapping.optional("questions")?.list() ?? []).compactMap(question)
        checkConditions(questions, at: node)
        let elsewhere = mapping.optional("elsewhere")?.text()
        mapping.finish()
        guard let code, let group, let name, let description, let classification, let radius else { return nil }
        if !groups.contains(group) { node.report("the group “\(group)” does not exist", fix: "Add it under groups.") }
        let isReachable =
            routes.contains { $0.districts.isEmpty && $0.agency != "district" }
            || routes.contains { $0.agency == "district" && districtOffices == districts }
        if !isReachable {
            node.report("some district has no agency for “\(code)”", fix: "End the routes with one that holds everywhere: `- agency: …`.")
        }
        return ComplaintRules.Category(
            code: code,
            group: group,
            name: name,
            description: description,
            keywords: keywords,
            classification: classification,
            routes: routes,
            allowsAnonymous: allowsAnonymous,
            isConfidential: isConfidential,
            needsPlace: needsPlace,
            duplicateRadius: radius,
            questions: questions,
            elsewhere: elsewhere
        )
    }

    private func route(_ node: NodeReader, number: Int) -> ComplaintRules.Route? {
        guard let mapping = node.mapping() else { return nil }
        let agency = mapping.required("agency")
        let code = agency?.string()
        let places = mapping.strings("districts")
        mapping.finish()
        guard let code else { return nil }
        if code != "district", !agencies.contains(code) {
            agency?.report("the agency “\(code)” does not exist", fix: "Use a code of organisation.yaml, or `district`.")
        }
        for place in places where !districts.contains(place) {
            node.report("the district “\(place)” does not exist", fix: "Use a code of regions.csv.")
        }
        return ComplaintRules.Route(number: number, agency: code, districts: places)
    }

    private func question(_ node: NodeReader) -> ComplaintRules.Question? {
        guard let mapping = node.mapping() else { return nil }
        let name = mapping.string("name")
        let label = mapping.text("label")
        let kind = mapping.choice("kind", ComplaintRules.Question.Kind.self)
        let isRequired = mapping.flag("required")
        let options = (mapping.optional("options")?.list() ?? []).compactMap { node -> ComplaintRules.Option? in
            guard let mapping = node.mapping() else { return nil }
            let code = mapping.string("code")
            let label = mapping.text("label")
            let stop = mapping.optional("stop")?.text()
            mapping.finish()
            guard let code, let label else { return nil }
            return ComplaintRules.Option(code: code, label: label, stop: stop)
        }
        let condition = mapping.optional("when").flatMap(condition)
        mapping.finish()
        guard let name, let label, let kind else { return nil }
        if kind == .choice, options.count < 2 { node.report("a choice needs at least two options", fix: "Add them under options.") }
        return ComplaintRules.Question(name: name, label: label, kind: kind, isRequired: isRequired, options: options, condition: condition)
    }

    private func condition(_ node: NodeReader) -> ComplaintRules.Condition? {
        guard let mapping = node.mapping() else { return nil }
        let question = mapping.string("question")
        let answer = mapping.string("is")
        mapping.finish()
        guard let question, let answer else { return nil }
        return ComplaintRules.Condition(question: question, answer: answer)
    }

    /// A condition names an earlier choice of the same kind of complaint, and one of its answers.
    private func checkConditions(_ questions: [ComplaintRules.Question], at node: NodeReader) {
        for (index, question) in questions.enumerated() {
            guard let condition = question.condition else { continue }
            let earlier = questions.prefix(index).first { $0.name == condition.question }
            if earlier?.options.contains(where: { $0.code == condition.answer }) != true {
                node.report(
                    "“\(question.name)” waits for \(condition.question) = \(condition.answer), which no earlier question offers",
                    fix: "Name an earlier choice and one of its options."
                )
            }
        }
    }

    private static let promiseNames =
        ["verification", "answer", "reaction"] + ComplaintRules.Classification.allCases.map { "resolution.\($0.rawValue)" }

    /// The promises of the law, and the shorter ones of the city.
    private func promises(_ rules: MappingReader, law: MappingReader?) -> [String: Promise] {
        var promises = law?.required("promises").map { promiseList($0) }?.mapValues(\.promise) ?? [:]
        let own = law == nil ? rules.required("promises") : rules.optional("promises")
        let list = own.map(promiseList) ?? [:]
        for (name, entry) in list {
            let promise = entry.promise
            let node = entry.node
            // The reaction is the resident's time: of that, more is better.
            if let most = promises[name]?.limit, most.unit == promise.limit.unit,
                name == "reaction" ? promise.limit.days < most.days : promise.limit.days > most.days
            {
                node.report(
                    "“\(name)” promises less than the law: \(most.days) days",
                    fix: "Write \(most.days), or better for the resident."
                )
            }
            promises[name] = promise
        }
        for name in Self.promiseNames where promises[name] == nil {
            rules.place.report(
                "the promise “\(name)” is missing",
                fix: "Add it under promises, with days, unit and basis: a clock needs its law."
            )
        }
        return promises
    }

    private func promiseList(_ node: NodeReader) -> [String: (promise: Promise, node: NodeReader)] {
        var promises: [String: (promise: Promise, node: NodeReader)] = [:]
        for (name, node) in node.mapping()?.members() ?? [] {
            guard let mapping = node.mapping() else { continue }
            let days = mapping.int("days", in: 1...365)
            let unit = mapping.string("unit").flatMap { text -> Limit.Unit? in
                if let unit = Limit.Unit(rawValue: text) { return unit }
                node.report("“\(text)” is no unit", fix: "Write working-days or calendar-days.")
                return nil
            }
            let basis = mapping.text("basis")
            mapping.finish()
            if !Self.promiseNames.contains(name) {
                node.report("the promise “\(name)” is not known", fix: "Known: \(Self.promiseNames.joined(separator: ", ")).")
            }
            guard let days, let unit, let basis else { continue }
            promises[name] = (Promise(name: name, limit: Limit(days: days, unit: unit), basis: basis), node)
        }
        return promises
    }

    private func retention(_ mapping: MappingReader) -> ComplaintRules.Retention? {
        let handled = mapping.int("handled-days", in: 30...36_500)
        let other = mapping.int("other-days", in: 30...36_500)
        let basis = mapping.text("basis")
        mapping.finish()
        guard let handled, let other, let basis else { return nil }
        return ComplaintRules.Retention(handledDays: handled, otherDays: other, basis: basis)
    }

    private func rung(_ node: NodeReader) -> ComplaintRules.Rung? {
        guard let mapping = node.mapping() else { return nil }
        let after = mapping.int("after", in: 0...60)
        let target = mapping.string("to")
        mapping.finish()
        guard let after, let target else { return nil }
        if !["head", "superior"].contains(target), !agencies.contains(target) {
            node.report("“\(target)” is no one who can be told", fix: "Write head, superior, or the code of an agency.")
        }
        return ComplaintRules.Rung(after: after, to: target)
    }
}
