// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Forms
import Identity
import Journal
import Notifications
import Storage

extension Services {
    /// What an applicant is given at filing.
    public struct Receipt: Sendable, Hashable {
        /// The number of the case.
        public let docket: String
        /// The key with which the applicant alone opens it.
        public let key: String
    }

    /// Files a draft, or brings a case up to date with it. The draft is the key: however often it is sent, it is done once.
    ///
    /// - Parameters:
    ///   - draft: checked again here.
    ///   - token: the draft's token.
    ///   - clerk: who files for somebody else; must be the draft's own clerk.
    public func file(_ draft: Draft, _ service: Service, token: String, clerk: Officer?) async throws -> Receipt {
        guard draft.clerk == clerk?.account.description else {
            throw Problem("draft.not-yours", .forbidden, Text(id: "Draf ini milik petugas lain", en: "This draft belongs to another clerk"))
        }
        // Derived, not drawn: a form that is sent twice must be given the same key twice.
        let key = String(journal.vault.tokenHash("access:\(token)").prefix(22))
        if let docket = draft.sent { return Receipt(docket: docket, key: draft.revises == nil ? key : "") }
        let answers = rules(service).relevant(service.questionnaire, draft.answers)
        let faults = rules(service).faults(service.questionnaire, answers).flatMap(\.fields)
        guard faults.isEmpty else { throw Problem.fields(faults) }
        if let docket = draft.revises { return try await amend(docket, answers, draft, token: token) }
        let actor = clerk?.actor ?? .resident
        let result = try await journal.commit(once: "case:\(token)") { act in
            let docket = try newDocket(service, in: act)
            let subdistrict = self.subdistrict(service, answers)
            guard let progress = service.begin(at: act.now, calendar: city.calendar) else { throw Problem.notFound }
            var facts = progress.facts(calendar: city.calendar, now: act.now)
            facts.merge([
                "docket": .string(docket), "service": .string(service.code), "definition": .string(service.fingerprint),
                "agency": .string(agency(of: service, subdistrict: subdistrict)), "subdistrict": JSON(subdistrict),
                "language": .string(draft.language.rawValue), "channel": .string(clerk == nil ? "web" : "counter"),
                "files": JSON(answers.allFiles.count),
            ]) { $1 }
            let contact = self.contact(service, answers)
            try act.append(
                "case.filed",
                to: "case/\(docket)",
                by: actor,
                facts: .compact(facts),
                // From which case answers were taken over would tie two of a person's cases together in the public log.
                inner: .compact(["access": .string(journal.vault.tokenHash(key)), "prefilled": JSON(draft.prefilledFrom)]),
                personal: Personal(of: draft.person, .compact(["answers": answers.json, "contact": JSON(contact)]))
            )
            if let contact, let address = Contact(contact) {
                try tellReceipt(docket, service, key: key, to: address, draft.language, in: act)
            }
            try spend(draft, token: token, on: docket, in: act)
            return docket
        }
        return Receipt(docket: result.result, key: key)
    }

    /// Leaves of a draft nothing but the case that it became, so that sending it again leads there.
    private func spend(_ draft: Draft, token: String, on docket: String, in act: Act) throws {
        var spent = Draft(
            person: draft.person,
            service: draft.service,
            language: draft.language,
            clerk: draft.clerk,
            revises: draft.revises
        )
        spent.sent = docket
        let sealed = try journal.vault.sealPassing(spent.json.canonical)
        try act.operate {
            try $0.execute(
                "UPDATE service_draft SET sealed = \(sealed), updated_at = \(act.now) WHERE token_hash = \(journal.vault.tokenHash(token))"
            )
        }
    }

    private func newDocket(_ service: Service, in act: Act) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let year = act.now.date(in: city.zone).parts.year
        for _ in 0..<20 {
            let docket = Docket(kind: service.docket, year: year, using: &generator).description
            if try act.snapshot.count("SELECT count(*) FROM service_case WHERE docket = \(docket)") == 0 { return docket }
        }
        throw Problem.unavailable(cause: nil)
    }

    func contact(_ service: Service, _ answers: Answers) -> String? {
        let question = service.questionnaire.questions.first { if case .contact = $0.kind { !answers[$0.code].isEmpty } else { false } }
        return question.map { answers[$0.code] }
    }

    private func subdistrict(_ service: Service, _ answers: Answers) -> String? {
        let question = service.questionnaire.questions.first { if case .subdistrict = $0.kind { !answers[$0.code].isEmpty } else { false } }
        return question.map { answers[$0.code] }
    }

    private func tellReceipt(
        _ docket: String,
        _ service: Service,
        key: String,
        to contact: Contact,
        _ language: Language,
        in act: Act
    ) throws {
        let link = "\(origin)/berkas/\(docket)?kunci=\(key)"
        let subject = "\(docket): \(Text(id: "permohonan diterima", en: "application received")(language))"
        let line = "\(service.name(language)). \(Text(id: "Halaman pribadi Anda", en: "Your private page")(language)): \(link)"
        switch contact {
        case .none: return
        case .mail(let address): try send(.mail, address, subject, "\(subject)\n\n\(line)\n", docket, in: act)
        case .phone(let number): try send(.sms, number, "", "\(subject). \(line)", docket, in: act)
        }
    }

    /// Puts answers that were gone through again in the place of the earlier ones, where the case waits for them.
    private func amend(_ docket: String, _ answers: Answers, _ draft: Draft, token: String) async throws -> Receipt {
        try await journal.commit(once: "case:\(token)") { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            let service = try definition(serviceCase, in: act.snapshot)
            let action = service.stage(serviceCase.progress.stage)?.actions.first { $0.revises && $0.actors.contains(.applicant) }
            guard let action else { throw Self.notHere(service, serviceCase) }
            let progress = service.after(action, from: serviceCase.progress, at: act.now, calendar: city.calendar)
            var facts = progress.facts(calendar: city.calendar, now: act.now)
            facts["docket"] = .string(docket)
            facts["act"] = .string(action.code)
            try act.append(
                "case.amended",
                to: serviceCase.stream,
                by: .resident,
                facts: .compact(facts),
                personal: Personal(
                    of: serviceCase.person,
                    .compact(["answers": answers.json, "contact": JSON(contact(service, answers))])
                )
            )
            try spend(draft, token: token, on: docket, in: act)
            return docket
        }
        return Receipt(docket: docket, key: "")
    }

    static func notHere(_ service: Service, _ serviceCase: Case) -> Problem {
        let name = service.stage(serviceCase.progress.stage)?.name ?? Text(same: serviceCase.progress.stage)
        return Problem(
            "case.act-not-possible",
            .conflict,
            Text(id: "Tidak bisa: berkas ini sekarang “\(name.id)”", en: "Not possible: this case is now “\(name.en)”"),
            remedy: Text(
                id: "Muat ulang halaman; mungkin orang lain sudah bertindak.",
                en: "Reload the page; somebody else may have acted."
            )
        )
    }
}
