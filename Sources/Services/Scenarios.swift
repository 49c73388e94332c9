// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Forms

/// Tells the stories of a service by the rules that the city lives by, and says where one ends otherwise than it should.
public struct ScenarioCheck: Sendable {
    private let city: City

    /// Checks for a city.
    public init(city: City) { self.city = city }

    /// Every story of every service that does not end as it says.
    public func faults() -> [Diagnostic] {
        city.services.services.flatMap { service in service.scenarios.compactMap { fault(service, $0) } }
    }

    func fault(_ service: Service, _ scenario: Service.Scenario) -> Diagnostic? {
        // A story of the nation's is told in every city: `@any` stands for one of its subdistricts.
        let anywhere = city.regions.subdistricts.first?.code ?? ""
        let answers = (scenario.answers.object ?? [:]).mapValues { $0 == "@any" ? JSON.string(anywhere) : $0 }
        var told = Told(service: service, city: city, answers: Answers(json: .object(answers)))
        var refused: String?
        do {
            try told.file(at: scenario.filed)
            for step in scenario.steps { try told.take(step) }
        } catch let fault as Told.Refusal {
            refused = fault.what
        } catch let problem as Problem {
            refused = problem.code
        } catch {
            refused = "\(error)"
        }
        let expected = scenario.expected
        var wrong: [String] = []
        func compare<T: Equatable>(_ name: String, _ found: T?, _ wanted: T?) {
            guard let wanted, found != wanted else { return }
            wrong.append("\(name) is \(found.map { "\($0)" } ?? "nothing"), not \(wanted)")
        }
        if refused != expected.refused {
            wrong.append(refused.map { "“\($0)” is refused" } ?? "“\(expected.refused ?? "")” is not refused")
        }
        if refused == nil {
            compare("the stage", told.progress?.stage, expected.stage)
            compare("the due date", told.due?.date(in: city.zone), expected.due)
            compare("the fee", told.fee, expected.fee)
            compare("what is issued", told.documents.sorted(), expected.documents?.sorted())
        }
        guard !wrong.isEmpty else { return nil }
        let place = scenario.place
        return Diagnostic(
            file: place.file,
            line: place.line,
            column: place.column,
            message: "“\(scenario.name)”: \(wrong.joined(separator: "; "))",
            fix: "Correct the story or the service."
        )
    }
}

/// A story being told.
private struct Told {
    struct Refusal: Error { let what: String }

    let service: Service
    let city: City
    var answers: Answers
    var progress: Progress?
    var filed: CivilDate?
    var due: Instant?
    var fee = 0
    var documents: [String] = []

    init(service: Service, city: City, answers: Answers) {
        self.service = service
        self.city = city
        self.answers = answers
    }

    private func rules(_ instant: Instant) -> FormRules {
        FormRules(today: instant.date(in: city.zone), filed: filed, regions: city.regions, questions: service.allQuestions)
    }

    mutating func file(at instant: Instant) throws {
        filed = instant.date(in: city.zone)
        let rules = rules(instant)
        answers = rules.relevant(service.questionnaire, answers)
        if let fault = rules.faults(service.questionnaire, answers).first?.fields.first { throw Refusal(what: fault.name) }
        progress = service.begin(at: instant, calendar: city.calendar)
        if let action = service.firstAction, let now = progress, action.guards.allSatisfy({ rules.holds($0.condition, answers) }) {
            try move(action, from: now, at: instant)
        }
        due = progress?.due(calendar: city.calendar, now: instant).whole
    }

    mutating func take(_ step: Service.Scenario.Step) throws {
        keepTime(step.at)
        guard let now = progress else { return }
        switch step.what {
        case .act(let code, let performer, let with):
            guard let action = service.stage(now.stage)?.actions.first(where: { $0.code == code && $0.actors.contains(performer) }) else {
                throw Refusal(what: code)
            }
            try act(action, performer, Answers(json: with), now, step.at)
        case .cleared(let code):
            guard now.clearances[code]?.isGiven == false else { throw Refusal(what: code) }
            progress = service.cleared(code, from: now, at: step.at, calendar: city.calendar)
        case .paid:
            guard let next = service.paid(from: now, at: step.at, calendar: city.calendar) else { throw Refusal(what: "paid") }
            progress = next
        case .waited: break
        }
        due = progress?.due(calendar: city.calendar, now: step.at).whole
    }

    private mutating func act(
        _ action: Service.Action,
        _ performer: Service.Performer,
        _ with: Answers,
        _ now: Progress,
        _ at: Instant
    ) throws {
        let rules = rules(at)
        let all = answers.merging(with)
        if let fault = rules.asked(action.questions, all).flatMap({ rules.faults([$0], all) }).first { throw Refusal(what: fault.name) }
        guard action.guards.allSatisfy({ rules.holds($0.condition, all) }) else { throw Refusal(what: action.code) }
        answers = all
        try move(action, from: now, at: at)
    }

    private mutating func move(_ action: Service.Action, from now: Progress, at: Instant) throws {
        progress = service.after(action, from: now, at: at, calendar: city.calendar)
        if action.bills {
            fee = try Assessment.lines(service, answers, today: at.date(in: city.zone), filed: filed).compactMap(\.amount)
                .reduce(0, +)
            if fee == 0, let waiting = progress { progress = service.paid(from: waiting, at: at, calendar: city.calendar) ?? waiting }
        }
        documents += action.issues
    }

    private mutating func keepTime(_ now: Instant) {
        while let old = progress, let lapse = service.overdue(old, at: now, calendar: city.calendar) {
            progress = lapse.progress
            documents += lapse.issues
        }
    }
}
