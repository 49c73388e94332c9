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
    ///   - applicant: what is known of whoever applies on their own.
    public func file(
        _ draft: Draft,
        _ service: Service,
        token: String,
        clerk: Officer?,
        applicant: Applicant = .unknown
    ) async throws -> Receipt {
        guard draft.clerk == clerk?.account.description else {
            throw Problem("draft.not-yours", .forbidden, Text(id: "Draf ini milik petugas lain", en: "This draft belongs to another clerk"))
        }
        if let clerk { try require(clerk, fillsIn: service) }
        // Derived, not drawn: a form that is sent twice must be given the same key twice.
        let key = String(journal.vault.tokenHash("access:\(draft.key(token))").prefix(22))
        if let docket = draft.sent { return Receipt(docket: docket, key: draft.revises == nil ? key : "") }
        var revised: Case?
        if let docket = draft.revises { revised = try await find(docket)?.serviceCase }
        let rules = rules(service, of: revised)
        let answers = rules.relevant(service.questionnaire, draft.answers)
        let faults = rules.faults(service.questionnaire, answers).flatMap(\.fields)
        guard faults.isEmpty else { throw Problem.fields(faults) }
        if let docket = draft.revises { return try await amend(docket, service, answers, draft, token: token, applicant: applicant) }
        // A clerk has the applicant, and their card, in front of them.
        let assurance = clerk == nil ? applicant.assurance : .identified
        let channel = clerk == nil ? applicant.channel : "counter"
        guard assurance >= service.assurance else { throw Self.tooLittleKnown(service) }
        if clerk == nil { try requireNumber(applicant.checkedNumber, service, answers) }
        let actor = clerk?.actor ?? .resident
        let contact = contact(service, answers)
        let mayAsk = applicant.owns(contact) || mayAsk(contact, from: applicant.network)
        let result = try await journal.commit(once: "case:\(draft.key(token))", of: answers.json) { act in
            let isConfirmed = try applicant.owns(contact, residents, in: act.snapshot)
            let docket = try newDocket(service, in: act)
            let subdistrict = self.subdistrict(service, answers)
            guard let progress = service.begin(at: act.now, calendar: city.calendar) else { throw Problem.notFound }
            var facts = progress.facts(calendar: city.calendar, now: act.now)
            facts.merge([
                "docket": .string(docket), "service": .string(service.code), "definition": .string(service.fingerprint),
                "agency": .string(agency(of: service, subdistrict: subdistrict)), "subdistrict": JSON(subdistrict),
                "language": .string(draft.language.rawValue), "channel": .string(channel),
                "files": JSON(answers.allFiles.count), "assurance": .string(assurance.rawValue),
                "confirmed": isConfirmed ? true : .null,
            ]) { $1 }
            try act.append(
                "case.filed",
                to: "case/\(docket)",
                by: actor,
                facts: .compact(facts),
                // From which case answers were taken over would tie two of a person's cases together in the public log.
                inner: .compact(["access": .string(journal.vault.tokenHash(key)), "prefilled": JSON(draft.prefilledFrom)]),
                personal: Personal(of: draft.person, .compact(["answers": answers.json, "contact": JSON(contact)]))
            )
            if clerk == nil { try requireFewHeld(service, answers, contact, in: act) }
            try keepSlot(service.questionnaire.questions, answers, docket, by: actor, in: act)
            if let action = service.firstAction, action.guards.allSatisfy({ rules.holds($0.condition, answers) }) {
                let new = Case(
                    filing: docket,
                    service,
                    progress,
                    agency: agency(of: service, subdistrict: subdistrict),
                    subdistrict: subdistrict,
                    draft: draft,
                    channel: channel,
                    at: act.now
                )
                _ = try carry(action, new, service, answers, Answers(), by: .program, in: act)
            }
            if let contact = contact.flatMap({ Contact($0) }) {
                if isConfirmed {
                    try tellReceipt(docket, service, key: key, to: contact, draft.language, in: act)
                } else if mayAsk {
                    try sendContactCode(docket, service.name, to: contact, draft.language, in: act)
                }
            }
            try spend(draft, token: token, on: docket, in: act)
            return docket
        }
        return Receipt(docket: result.result, key: key)
    }

    /// Whether an officer fills in a service for residents at a counter.
    public func mayFillIn(_ service: Service, _ officer: Officer) -> Bool {
        officer.roles.contains(.clerk) && city.counter(of: officer.agency, takes: service)
    }

    func require(_ officer: Officer, fillsIn service: Service) throws {
        guard mayFillIn(service, officer) else {
            throw Problem(
                "counter.not-allowed",
                .forbidden,
                Text(id: "Loket Anda tidak mengisikan layanan ini", en: "Your counter does not fill in this service"),
                remedy: Text(
                    id: "Arahkan warga ke loket instansinya, atau bantu mengisi sendiri di “Layanan”.",
                    en: "Send the resident to the agency’s counter, or help them fill it in themselves at “Services”."
                )
            )
        }
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
        spent.submission = draft.submission
        spent.generation = draft.generation
        let sealed = try journal.vault.sealPassing(spent.json.canonical)
        try act.operate {
            try $0.execute(
                "UPDATE service_draft SET sealed = \(sealed), updated_at = \(act.now), clerk = NULL WHERE token_hash = \(journal.vault.tokenHash(token))"
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

    /// The identity number of whoever applies: their own, or that of whoever acts for somebody else.
    private func ownNumber(_ service: Service, _ answers: Answers) -> (code: String, digits: String)? {
        let isOwn = ["", Questionnaire.forOneself].contains(answers[Questionnaire.forWhom])
        let own = service.questionnaire.questions.first { $0.known == .residentNumber }?.code
        return (isOwn ? own : Questionnaire.representative).map { ($0, answers[$0]) }
    }

    /// A checked identity is worth nothing if the form is about somebody else: the number in it has to be the one on the card.
    private func requireNumber(_ checkedNumber: String?, _ service: Service, _ answers: Answers) throws {
        guard service.assurance == .identified, let (code, digits) = ownNumber(service, answers), digits != checkedNumber else { return }
        throw Problem.fields([
            Problem.Field(
                code,
                Text(
                    id: "NIK ini bukan yang diperiksa di loket. Tulis NIK Anda sendiri, atau ajukan di loket",
                    en: "This is not the NIK that was checked at the counter. Write your own, or apply at a counter"
                )
            )
        ])
    }

    /// Only to a contact that is proven: whoever reads this opens the case.
    private func tellReceipt(
        _ docket: String,
        _ service: Service,
        key: String,
        to contact: Contact,
        _ language: Language,
        in act: Act
    ) throws {
        let letter = city.messages(
            .application,
            ["docket": Text(same: docket), "service": service.name, "link": Text(same: "\(origin)/berkas/\(docket)?kunci=\(key)")]
        )
        try Written(letter, language).send(to: contact, about: docket, isUrgent: true, in: act, vault: journal.vault)
    }

    private static func tooLittleKnown(_ service: Service) -> Problem {
        service.assurance == .identified
            ? Problem(
                "service.needs-identity",
                .conflict,
                Text(id: "Layanan ini meminta identitas yang sudah diperiksa", en: "This service needs a checked identity"),
                remedy: Text(
                    id: "Draf Anda tersimpan. Masuk di “Halaman saya” dan tunjukkan KTP sekali di loket, atau ajukan di loket.",
                    en: "Your draft is kept. Sign in at “My page” and show your card once at a counter, or apply at the counter."
                )
            )
            : Problem(
                "service.needs-contact",
                .conflict,
                Text(id: "Layanan ini meminta kontak yang terbukti", en: "This service needs a proven contact"),
                remedy: Text(
                    id: "Draf Anda tersimpan. Masuk dengan kode di “Halaman saya”, lalu kirim lagi.",
                    en: "Your draft is kept. Sign in with a code at “My page”, then send again."
                )
            )
    }

    private static let contactElsewhere = Problem(
        "case.contact-elsewhere",
        .conflict,
        Text(
            id: "Kontak yang sudah terbukti tidak diganti lewat isian",
            en: "A contact that is proven is not changed by the answers"
        ),
        remedy: Text(
            id: "Isian Anda tersimpan: tulis kontak yang lama, kirim, lalu ganti kontaknya di halaman berkas.",
            en: "Your answers are kept: write the old contact, send them, then change the contact on the page of the case."
        )
    )

    /// Puts answers that were gone through again in the place of the earlier ones, where the case waits for them.
    private func amend(
        _ docket: String,
        _ service: Service,
        _ answers: Answers,
        _ draft: Draft,
        token: String,
        applicant: Applicant
    ) async throws -> Receipt {
        let given = contact(service, answers)
        let mayAsk = !applicant.owns(given) && mayAsk(given, from: applicant.network)
        try await journal.commit(once: "case:\(draft.key(token))", of: answers.json) { act in
            let isProven = try applicant.owns(given, residents, in: act.snapshot)
            let serviceCase = try Self.require(docket, in: act.snapshot)
            let action = service.stage(serviceCase.progress.stage)?.actions.first { $0.revises && $0.actors.contains(.applicant) }
            guard let action else { throw Self.notHere(service, serviceCase) }
            let progress = service.after(action, from: serviceCase.progress, at: act.now, calendar: city.calendar)
            var facts = progress.facts(calendar: city.calendar, now: act.now)
            facts["docket"] = .string(docket)
            facts["act"] = .string(action.code)
            let story = try story(of: serviceCase, in: act.snapshot)
            // Writing another contact into the answers is no way round its owner: the proven one stays until it is exchanged.
            // What was written once and exchanged since, or gone with its account, asks for nothing: it only stands in the answers still.
            let isOther = story.isContactConfirmed && given != nil && given != story.contact
            let isLeftover = isOther && given == self.contact(service, story.answers)
            let isExchange = isOther && !isLeftover
            // Nor is it one for somebody who came to an account lately: from there a contact is changed on the page of the case, proven.
            if isExchange, draft.account != nil { throw Self.contactElsewhere }
            let contact = isExchange || isLeftover ? nil : given
            facts["confirmed"] = isProven && contact != nil ? true : .null
            // Going through the answers again is no way round it.
            try requireNumber(ownNumber(service, story.answers)?.digits, service, answers)
            if let new = given.flatMap({ Contact($0) }), given != story.contact, !isLeftover, isProven || mayAsk {
                if isExchange {
                    try askToExchange(serviceCase, service, story, for: new, isProven: isProven, by: .applicant, in: act)
                } else if mayAsk {
                    try sendContactCode(docket, service.name, to: new, serviceCase.language, in: act)
                }
            }
            try keepChangedSlot(service.questionnaire.questions, answers, story.answers, docket, in: act)
            try act.append(
                "case.amended",
                to: serviceCase.stream,
                by: .resident,
                facts: .compact(facts),
                personal: Personal(
                    of: serviceCase.person,
                    .compact(["answers": answers.json, "contact": JSON(contact)])
                )
            )
            try spend(draft, token: token, on: docket, in: act)
            return docket
        }
        return Receipt(docket: docket, key: "")
    }

    /// Exchanges the time of a case where its answer is another now.
    private func keepChangedSlot(
        _ questions: [Questionnaire.Question],
        _ answers: Answers,
        _ earlier: Answers,
        _ docket: String,
        in act: Act
    ) throws {
        let changed = questions.filter { answers[$0.code] != earlier[$0.code] }
        try keepSlot(changed, answers, docket, insteadOfEarlier: true, by: .resident, in: act)
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
