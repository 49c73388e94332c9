// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Documents
import Essentials
import Fees
import Forms
import Identity
import Journal
import Notifications
import Storage

/// What is done to a case: by its applicant, by officers, by offices that are asked.
extension Services {
    /// Who acts.
    public enum Hand: Sendable {
        /// The applicant.
        case applicant
        /// An officer.
        case officer(Officer)
        /// The program, by the service's own rule.
        case program

        var actor: Actor {
            switch self {
            case .applicant: .resident
            case .officer(let officer): officer.actor
            case .program: .system
            }
        }

        var account: String? { if case .officer(let officer) = self { officer.account.description } else { nil } }

        func performers(_ serviceCase: Case) -> Set<Service.Performer> {
            switch self {
            case .applicant: [.applicant]
            case .officer(let officer): officer.performers(for: serviceCase)
            case .program: []
            }
        }
    }

    /// What somebody can do to a case now.
    public func actions(_ serviceCase: Case, _ service: Service, by hand: Hand) -> [Service.Action] {
        let performers = hand.performers(serviceCase)
        return service.stage(serviceCase.progress.stage)?.actions.filter { !$0.actors.isDisjoint(with: performers) } ?? []
    }

    /// The offices of which an officer's is asked now.
    public func clearances(_ serviceCase: Case, _ service: Service, by officer: Officer) -> [Service.Clearance] {
        guard !officer.roles.isDisjoint(with: [.officer, .head]), officer.isWithinDistricts(serviceCase) else { return [] }
        return service.stage(serviceCase.progress.stage)?.clearances.filter {
            $0.agency == officer.agency && serviceCase.progress.clearances[$0.code]?.isGiven == false
        } ?? []
    }

    /// Does something to a case.
    ///
    /// - Parameters:
    ///   - code: the act.
    ///   - answers: to what is asked of whoever acts.
    ///   - note: to the other side.
    ///   - key: a key under which a repeated act does nothing.
    public func act(
        _ code: String,
        on docket: String,
        answers: Answers = Answers(),
        note: String = "",
        key: String?,
        by hand: Hand
    ) async throws {
        let note = note.plain(isOneLine: false)
        try await journal.commit(
            once: "\(docket):\(key ?? Identifier(at: journal.clock.now).description)",
            of: ["act": .string(code), "answers": answers.json, "note": .string(note)]
        ) { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            let service = try definition(serviceCase, in: act.snapshot)
            try require(code, of: service, isOpenTo: hand, serviceCase)
            guard let action = actions(serviceCase, service, by: hand).first(where: { $0.code == code && !$0.revises }) else {
                throw Self.notHere(service, serviceCase)
            }
            let story = try story(of: serviceCase, in: act.snapshot)
            let findings = try check(action, serviceCase, service, story, answers, note, hand)
            let progress = try carry(action, serviceCase, service, story.everything.merging(findings), findings, note, by: hand, in: act)
            // Whoever goes on with a case wants it decided, and not erased.
            if case .applicant = hand, !serviceCase.progress.status.isOpen, progress.status.isOpen {
                try withdrawWish(serviceCase, in: act)
            }
            if hand.account != nil, action.target != nil || action.notice != nil {
                let name = service.stage(progress.stage)?.name ?? Text(same: "")
                try tell(serviceCase, action.notice ?? name, story, status: progress.status, in: act)
            }
            return docket
        }
    }

    /// Refuses whoever may not do an act at any stage: not theirs is another thing than not now.
    private func require(_ code: String, of service: Service, isOpenTo hand: Hand, _ serviceCase: Case) throws {
        let known = service.stages.flatMap(\.actions).filter { $0.code == code }
        guard !known.isEmpty else { throw Problem.notFound }
        let performers = hand.performers(serviceCase)
        guard known.contains(where: { !$0.actors.isDisjoint(with: performers) }) else { throw Self.notYours }
    }

    /// Somebody may not do this to the case, at whatever stage.
    public static let notYours = Problem(
        "case.not-yours",
        .forbidden,
        Text(id: "Ini bukan wewenang Anda", en: "This is not yours to do"),
        remedy: Text(id: "Minta rekan yang berwenang di instansi berkas ini.", en: "Ask a colleague of the case’s agency who may.")
    )

    /// Refuses an officer who has no part in a case but its money.
    func require(_ hand: Hand, worksOn serviceCase: Case) throws {
        guard case .officer(let officer) = hand else { return }
        guard !officer.performers(for: serviceCase).isSubset(of: [.treasurer]) else { throw Self.notYours }
    }

    /// How a case ended by a move; nil where it goes on, or stays where it was: only what ends a case says how.
    static func outcome(_ progress: Progress, from old: Progress, isAdverse: Bool = false) -> CaseOutcome? {
        guard progress.stage != old.stage else { return nil }
        return switch progress.status {
        case .decided: isAdverse ? .refused : .granted
        case .closed: .closed
        case .inProgress, .waiting: nil
        }
    }

    /// Checks what is asked of whoever acts; gives the answers that count.
    private func check(
        _ action: Service.Action,
        _ serviceCase: Case,
        _ service: Service,
        _ story: Story,
        _ answers: Answers,
        _ note: String,
        _ hand: Hand
    ) throws -> Answers {
        if let account = hand.account, action.otherThan.contains(where: { story.account(of: $0) == account }) {
            throw Problem(
                "case.same-person",
                .conflict,
                Text(id: "Ini harus dilakukan orang lain", en: "Somebody else has to do this"),
                remedy: Text(
                    id: "Anda sendiri yang melakukan langkah sebelumnya. Minta rekan memeriksanya.",
                    en: "You did the step before. Ask a colleague to look at it."
                )
            )
        }
        let rules = rules(service, of: serviceCase)
        let all = story.everything.merging(answers)
        let asked = rules.asked(action.questions, all)
        var faults = asked.flatMap { question in rules.faults([question], all) }
        if action.note == .required, note.isEmpty {
            faults.append(Problem.Field("note", Text(id: "Tulis alasan atau penjelasannya", en: "Write the reason or explanation")))
        }
        if note.count > 2000 {
            faults.append(Problem.Field("note", Text(id: "Paling panjang 2.000 huruf", en: "At most 2,000 characters")))
        }
        guard faults.isEmpty else { throw Problem.fields(faults) }
        let codes = Set(asked.map(\.code))
        let findings = Answers(json: .object(answers.values.filter { codes.contains($0.key) }))
        let known = story.everything.merging(findings)
        if let failed = action.guards.first(where: { !rules.holds($0.condition, known) }) {
            throw Problem("case.guard", .conflict, failed.message)
        }
        return findings
    }

    /// Agrees for an office that was asked.
    public func clear(_ code: String, on docket: String, note: String, key: String?, by officer: Officer) async throws {
        try await journal.commit(
            once: "\(docket):\(key ?? Identifier(at: journal.clock.now).description)",
            of: ["clearance": .string(code), "note": .string(note)]
        ) { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            let service = try definition(serviceCase, in: act.snapshot)
            let asked = service.stages.flatMap(\.clearances).filter { $0.code == code }
            guard !asked.isEmpty else { throw Problem.notFound }
            let isOffice = asked.contains { $0.agency == officer.agency } && !officer.roles.isDisjoint(with: [.officer, .head])
            guard isOffice, officer.isWithinDistricts(serviceCase) else { throw Self.notYours }
            guard clearances(serviceCase, service, by: officer).contains(where: { $0.code == code }) else {
                throw Self.notHere(service, serviceCase)
            }
            guard note.count <= 2000 else {
                throw Problem.fields([Problem.Field("note", Text(id: "Paling panjang 2.000 huruf", en: "At most 2,000 characters"))])
            }
            let progress = service.cleared(code, from: serviceCase.progress, at: act.now, calendar: city.calendar)
            var facts = progress.facts(calendar: city.calendar, now: act.now)
            facts["docket"] = .string(docket)
            facts["clearance"] = .string(code)
            facts["outcome"] = JSON(Self.outcome(progress, from: serviceCase.progress)?.rawValue)
            try act.append(
                "case.cleared",
                to: serviceCase.stream,
                by: officer.actor,
                facts: .compact(facts),
                personal: note.isEmpty ? nil : Personal(of: serviceCase.person, ["note": .string(note)])
            )
            return docket
        }
    }

    /// Writes to the other side of a case.
    public func write(_ text: String, on docket: String, key: String?, by hand: Hand) async throws {
        try await journal.commit(once: "\(docket):\(key ?? Identifier(at: journal.clock.now).description)", of: .string(text)) { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            try require(hand, worksOn: serviceCase)
            guard !text.isEmpty, text.count <= 2000 else {
                throw Problem.fields([
                    Problem.Field(
                        "message",
                        Text(id: "Tulis pesan, paling panjang 2.000 huruf", en: "Write a message of at most 2,000 characters")
                    )
                ])
            }
            try act.append(
                "case.written",
                to: serviceCase.stream,
                by: hand.actor,
                facts: ["docket": .string(docket)],
                personal: Personal(of: serviceCase.person, ["note": .string(text)])
            )
            guard hand.account != nil else { return docket }
            let story = try story(of: serviceCase, in: act.snapshot)
            let line = Text(
                id: "\(city.agency(serviceCase.agency).short) menulis kepada Anda.",
                en: "\(city.agency(serviceCase.agency).short) wrote to you."
            )
            // Somebody who writes wants an answer.
            try tell(serviceCase, line, story, status: .waiting, in: act)
            return docket
        }
    }
}
