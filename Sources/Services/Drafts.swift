// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Documents
import Essentials
import Forms
import Identity
import Journal
import Residents
import Storage

/// An application being written, kept under a token that only its writer has: on any device, with or without a script.
extension Services {
    /// An application being written.
    public struct Draft: Sendable {
        /// Whose key seals its files, and will seal the application.
        public let person: Identifier
        /// The service, by code.
        public let service: String
        /// The answers so far.
        public var answers = Answers()
        /// The writer's language.
        public var language: Language
        /// The account of the clerk who fills it in for somebody; nil for the applicant's own.
        public var clerk: String?
        /// The case whose answers are gone through again; nil for a new one.
        public var revises: String?
        /// The account from which that was begun; nil with the case's own key. Nobody who has left it goes on with it.
        public var account: String?
        /// The case from which answers were taken over, with the applicant's consent.
        public var prefilledFrom: String?
        /// People whose data was taken over, of an account or a case: it goes with them.
        public var filledFrom: Set<String> = []
        /// The case that it became; its answers are gone from here then.
        public var sent: String?
        /// A hash of what a program submitted, to know it again.
        public var submission: String?
        /// How many cases it became before it was begun anew.
        public var generation = 0

        /// The key under which it is filed: however often it is sent, it becomes one case. Who goes back after sending and writes
        /// something else writes another.
        func key(_ token: String) -> String { generation == 0 ? token : "\(token):\(generation)" }

        var json: JSON {
            JSON.compact([
                "person": .string(person.description), "service": .string(service), "answers": answers.json,
                "language": .string(language.rawValue), "clerk": JSON(clerk), "revises": JSON(revises), "prefilled": JSON(prefilledFrom),
                "account": JSON(account), "sent": JSON(sent), "submission": JSON(submission),
                "generation": generation == 0 ? .null : JSON(generation),
                "filled": filledFrom.isEmpty ? .null : .array(filledFrom.sorted().map(JSON.string)),
            ])
        }
    }

    /// Seconds for which a draft is kept.
    public static let draftLifetime: Int64 = 30 * 86_400

    /// Starts an application; gives its token.
    ///
    /// - Parameter token: one that is known to nobody else; drawn where none is given.
    public func newDraft(
        _ service: Service,
        language: Language,
        clerk: Officer? = nil,
        token: String = [UInt8].random(count: 16).base64URL
    ) async throws -> String {
        if let clerk { try require(clerk, fillsIn: service) }
        let draft = Draft(
            person: Identifier(at: journal.clock.now),
            service: service.code,
            language: language,
            clerk: clerk?.account.description
        )
        try await save(draft, token: token)
        return token
    }

    /// Starts going through the answers of a case again.
    ///
    /// - Parameter account: the account that it is done from; nil with the case's own key.
    public func newDraft(revising serviceCase: Case, answers: Answers, from account: Resident? = nil) async throws -> String {
        let token = [UInt8].random(count: 16).base64URL
        var draft = Draft(person: serviceCase.person, service: serviceCase.service, language: serviceCase.language)
        draft.answers = answers
        draft.revises = serviceCase.docket
        draft.account = account?.id.description
        try await save(draft, token: token)
        return token
    }

    /// A draft that was sent, begun anew at the same address: under another key, so that erasing the one leaves the other.
    public func begunAnew(_ draft: Draft) throws -> Draft {
        // A case has one correction at a time, and begins each itself.
        guard draft.revises == nil else { throw Problem.otherContent }
        var next = Draft(person: Identifier(at: journal.clock.now), service: draft.service, language: draft.language, clerk: draft.clerk)
        next.generation = draft.generation + 1
        return next
    }

    /// A draft with its service; nil when there is none or it is too old.
    public func draft(_ token: String) async throws -> (draft: Draft, service: Service)? {
        let hash = journal.vault.tokenHash(token)
        let oldest = journal.clock.now.adding(seconds: -Self.draftLifetime)
        return try await journal.read { snapshot in
            let sealed = try snapshot.find("SELECT sealed FROM service_draft WHERE token_hash = \(hash) AND updated_at > \(oldest)") {
                try $0(0, as: [UInt8].self)
            }
            guard let sealed else { return nil }
            let json = try JSON(parsing: journal.vault.openPassing(sealed))
            guard let person = json["person"]?.string.flatMap({ Identifier($0) }), let code = json["service"]?.string else { return nil }
            var draft = Draft(person: person, service: code, language: json["language"]?.string.flatMap(Language.init) ?? .indonesian)
            draft.answers = Answers(json: json["answers"])
            draft.clerk = json["clerk"]?.string
            draft.revises = json["revises"]?.string
            draft.account = json["account"]?.string
            draft.prefilledFrom = json["prefilled"]?.string
            draft.filledFrom = Set((json["filled"]?.array ?? []).compactMap(\.string))
            draft.sent = json["sent"]?.string
            draft.submission = json["submission"]?.string
            draft.generation = Int(json["generation"]?.integer ?? 0)
            // A revision follows the version that its case began under.
            if let docket = draft.revises { return (draft, try definition(try Self.require(docket, in: snapshot), in: snapshot)) }
            return city.services[code].map { (draft, $0) }
        }
    }

    /// Keeps a draft.
    public func save(_ draft: Draft, token: String) async throws {
        var content = draft.json.object ?? [:]
        // A clerk finds the drafts of several residents again; an applicant has only the address.
        if draft.clerk != nil { content["token"] = .string(token) }
        let sealed = try journal.vault.sealPassing(JSON.object(content).canonical)
        let hash = journal.vault.tokenHash(token)
        let now = journal.clock.now
        let clerk = draft.sent == nil ? draft.clerk : nil
        let sources = draft.filledFrom.sorted().joined(separator: " ")
        try await journal.operate { transaction in
            try transaction.execute(
                """
                INSERT INTO service_draft (token_hash, person, sealed, updated_at, clerk, sources)
                VALUES (\(hash), \(draft.person.description), \(sealed), \(now), \(clerk), \(sources))
                ON CONFLICT (token_hash) DO UPDATE SET person = excluded.person, sealed = excluded.sealed, updated_at = excluded.updated_at,
                    sources = excluded.sources
                """
            )
        }
    }

    /// An application that a clerk has begun for somebody and not sent.
    public struct Unsent: Sendable {
        /// The draft's token.
        public let token: String
        /// The service.
        public let service: Service
        /// Whom it is about, where that was answered; else empty.
        public let name: String
        /// When it was last written on.
        public let updatedAt: Instant
    }

    /// What a clerk has begun and not sent, the last first: several residents may stand at one counter.
    public func unsent(by clerk: Officer) async throws -> [Unsent] {
        let oldest = journal.clock.now.adding(seconds: -Self.draftLifetime)
        return try await journal.read { snapshot in
            let rows = try snapshot.rows(
                """
                SELECT sealed, updated_at FROM service_draft WHERE clerk = \(clerk.account.description) AND updated_at > \(oldest)
                ORDER BY updated_at DESC LIMIT 20
                """
            ) { (sealed: try $0(0, as: [UInt8].self), at: try $0(1, as: Instant.self)) }
            return try rows.compactMap { row in
                let json = try JSON(parsing: journal.vault.openPassing(row.sealed))
                guard let token = json["token"]?.string, let service = json["service"]?.string.flatMap({ city.services[$0] }) else {
                    return nil
                }
                let answers = Answers(json: json["answers"])
                let name = service.questionnaire.questions.first { $0.known == .name }.map { answers[$0.code] } ?? ""
                return Unsent(token: token, service: service, name: name, updatedAt: row.at)
            }
        }
    }

    /// Forgets a draft.
    func discard(_ token: String) async throws {
        let hash = journal.vault.tokenHash(token)
        try await journal.operate { try $0.execute("DELETE FROM service_draft WHERE token_hash = \(hash)") }
    }

    /// Takes over what an earlier case of the same applicant said about them, so that it is not asked twice. The applicant
    /// agreed by pressing the button; from which case it came is kept with the application.
    public func prefill(_ draft: inout Draft, _ service: Service, from docket: String) async throws {
        let found = try await journal.read { snapshot in
            guard let source = try Self.find(docket, in: snapshot) else {
                return nil as (person: String, known: [Questionnaire.Known: String])?
            }
            let earlier = try definition(source, in: snapshot)
            let story = try story(of: source, in: snapshot)
            let answers = story.answers
            let pairs = earlier.questionnaire.questions.compactMap { question in question.known.map { ($0, answers[question.code]) } }
            var known = Dictionary(pairs.filter { !$0.1.isEmpty }, uniquingKeysWith: { first, _ in first })
            // The contact that was written once may have been exchanged, or gone with its account.
            if known[.contact] != nil, !story.contact.isEmpty { known[.contact] = story.contact }
            return (source.person.description, known)
        }
        guard let found else { return }
        Self.fill(&draft, service, with: found.known)
        draft.prefilledFrom = docket
        draft.filledFrom.insert(found.person)
    }

    /// Takes over what a resident who is signed in has said about themselves.
    public func prefill(_ draft: inout Draft, _ service: Service, with resident: Resident) async throws {
        var known = resident.details
        known[.contact] = (resident.staying.first ?? resident.contacts.first)?.address
        Self.fill(&draft, service, with: known)
        draft.filledFrom.insert(resident.id.description)
    }

    private static func fill(_ draft: inout Draft, _ service: Service, with details: [Questionnaire.Known: String]) {
        for question in service.questionnaire.questions {
            guard let known = question.known, let answer = details[known], draft.answers[question.code].isEmpty else { continue }
            draft.answers[question.code] = answer
        }
    }

    // MARK: Files

    /// Stores something sent along under the key of a person: a photo, encoded anew, or a PDF as it is, known by its content.
    ///
    /// - Returns: its name.
    public func addFile(_ upload: [UInt8], question: String, person: Identifier) async throws -> String {
        let (content, type) = try await uploads.paper(upload, field: question)
        let key = try await journal.operate { try journal.vault.requirePersonKey(person, in: $0) }
        let name = try files.store(content, key: key)
        let now = journal.clock.now
        try await journal.operate { transaction in
            try transaction.execute(
                """
                INSERT INTO service_file (name, person, type, added_at)
                VALUES (\(name), \(person.description), \(type), \(now)) ON CONFLICT (name) DO NOTHING
                """
            )
        }
        return name
    }

    /// Which of some files are stored under the key of a person: a form that was refused names them again.
    public func stored(_ names: [String], person: Identifier) async throws -> [String] {
        try await journal.read { snapshot in
            try names.prefix(50).filter {
                try snapshot.count("SELECT count(*) FROM service_file WHERE name = \($0) AND person = \(person.description)") > 0
            }
        }
    }

    /// Something sent along, for whoever may see what is its person's.
    public func file(_ name: String, person: Identifier) async throws -> (content: [UInt8], type: String)? {
        let found = try await journal.read { snapshot -> (type: String, key: PersonKey?)? in
            let type = try snapshot.find("SELECT type FROM service_file WHERE name = \(name) AND person = \(person.description)") {
                try $0(0, as: String.self)
            }
            return try type.map { ($0, try journal.vault.personKey(person, in: snapshot)) }
        }
        guard let found, let content = files.content(name, key: found.key) else { return nil }
        return (content, found.type)
    }
}
