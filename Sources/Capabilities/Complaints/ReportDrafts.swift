// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal
import Storage

/// A report being written, kept for 30 days under a token that only its writer has.
extension Complaints {
    /// A report being written.
    public struct Draft: Sendable {
        /// Whose key seals its photos, and will seal the report.
        public var person: Identifier
        /// The answers so far.
        public var report: Report
        /// The case that it became; its words are gone from here then.
        public internal(set) var sent: String?
        /// A hash of the words that were sent.
        var sentWords: String?
        /// How many cases it became before it was begun anew.
        var generation = 0

        /// A draft of a person.
        public init(person: Identifier, report: Report) {
            self.person = person
            self.report = report
        }

        /// The key under which it is filed: however often it is sent, it becomes one case. Who goes back after sending and writes
        /// something else writes another.
        func key(_ token: String) -> String { generation == 0 ? token : "\(token):\(generation)" }
    }

    /// How long a draft is kept.
    public static let draftLifetime: Int64 = 30 * 86_400

    /// Starts a draft; gives its token.
    public func newDraft(language: Language) async throws -> String {
        let token = [UInt8].random(count: 16).base64URL
        var report = Report()
        report.language = language
        try await save(Draft(person: Identifier(at: journal.clock.now), report: report), token: token)
        return token
    }

    /// A draft by its token; nil when there is none or it is too old.
    public func draft(_ token: String) async throws -> Draft? {
        let hash = journal.vault.tokenHash(token)
        let oldest = journal.clock.now.adding(seconds: -Self.draftLifetime)
        let sealed = try await journal.read {
            try $0.find("SELECT sealed FROM complaint_draft WHERE token_hash = \(hash) AND updated_at > \(oldest)") {
                try $0(0, as: [UInt8].self)
            }
        }
        guard let sealed else { return nil }
        let json = try JSON(parsing: journal.vault.openPassing(sealed))
        guard let person = json["person"]?.string.flatMap({ Identifier($0) }) else { return nil }
        var draft = Draft(person: person, report: Report(json: json["report"] ?? [:]))
        draft.sent = json["sent"]?.string
        draft.sentWords = json["words"]?.string
        draft.generation = Int(json["generation"]?.integer ?? 0)
        return draft
    }

    /// Keeps a draft.
    public func save(_ draft: Draft, token: String) async throws {
        let content = JSON.compact([
            "person": .string(draft.person.description), "report": draft.report.plain().json, "sent": JSON(draft.sent),
            "words": JSON(draft.sentWords), "generation": draft.generation == 0 ? .null : JSON(draft.generation),
        ])
        let sealed = try journal.vault.sealPassing(content.canonical)
        let hash = journal.vault.tokenHash(token)
        let now = journal.clock.now
        try await journal.operate { transaction in
            try transaction.execute(
                """
                INSERT INTO complaint_draft (token_hash, person, sealed, updated_at)
                VALUES (\(hash), \(draft.person.description), \(sealed), \(now))
                ON CONFLICT (token_hash) DO UPDATE SET person = excluded.person, sealed = excluded.sealed, updated_at = excluded.updated_at
                """
            )
        }
    }

    /// Files a draft, of which nothing but the case stays, so that sending it again leads there.
    public func file(_ draft: Draft, token: String, network: String? = nil) async throws -> Receipt {
        if let docket = draft.sent { return try await receipt(docket, of: draft, token: token) }
        let receipt = try await file(draft.report, person: draft.person, key: draft.key(token), network: network)
        var spent = Draft(person: draft.person, report: Report())
        spent.report.category = draft.report.category
        spent.report.language = draft.report.language
        spent.sent = receipt.docket
        spent.sentWords = wordsHash(draft.report)
        spent.generation = draft.generation
        try await save(spent, token: token)
        return receipt
    }

    /// The receipt of a draft that was sent, given again.
    private func receipt(_ docket: String, of draft: Draft, token: String) async throws -> Receipt {
        let isConfirmed = try await find(docket)?.stage != .unconfirmed
        return Receipt(docket: docket, key: accessKey(filedUnder: draft.key(token), as: docket), needsConfirmation: !isConfirmed)
    }

    /// A draft that was sent, begun anew at the same address: for somebody else’s key, so that erasing the one leaves the other.
    public func begunAnew(_ draft: Draft) -> Draft {
        var next = Draft(person: Identifier(at: journal.clock.now), report: draft.report)
        next.generation = draft.generation + 1
        return next
    }

    /// Whether a report says what a draft said when it was sent.
    public func isRepeat(_ report: Report, of draft: Draft) -> Bool { draft.sent != nil && draft.sentWords == wordsHash(report) }

    private func wordsHash(_ report: Report) -> String { journal.vault.tokenHash("words:\(report.plain().words.canonical.hex)") }
}

extension Report {
    /// What its sender wrote. Photos are named anew each time they are sent.
    var words: JSON {
        var report = self
        report.photos = []
        return report.json
    }
}
