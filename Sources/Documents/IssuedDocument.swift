// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Journal
import Storage

/// A document that the city issued, as its register knows it: nothing of what it says about its holder.
public struct IssuedDocument: Sendable {
    /// What a document is about.
    public struct Subject: Sendable {
        /// The case that it came of.
        public let docket: String
        /// The service, by code.
        public let service: String
        /// The template, by code.
        public let template: String
        /// The agency that issued it.
        public let agency: String
        /// Whose data it holds.
        public let person: Identifier
        /// The last day on which it holds; nil for ever.
        public let validUntil: CivilDate?
        /// What the public register says; nil where it is in none.
        public let register: [(label: String, value: String)]?
        /// The number of an earlier document of the same service in whose place it stands; nil where there is none.
        public let replaces: String?

        /// What a document is about.
        public init(
            docket: String,
            service: String,
            template: String,
            agency: String,
            person: Identifier,
            validUntil: CivilDate?,
            register: [(label: String, value: String)]?,
            replaces: String? = nil
        ) {
            self.docket = docket
            self.service = service
            self.template = template
            self.agency = agency
            self.person = person
            self.validUntil = validUntil
            self.register = register
            self.replaces = replaces
        }
    }

    /// Whether it holds.
    public enum Standing: Sendable, Hashable {
        /// It holds.
        case valid
        /// Its time is over.
        case expired
        /// It was taken back.
        case revoked
        /// A newer one stands in its place.
        case superseded
    }

    /// Its name.
    public let id: String
    /// The case that it came of.
    public let docket: String
    /// The service, by code.
    public let service: String
    /// The template, by code.
    public let template: String
    /// The agency that issued it.
    public let agency: String
    /// Whose data it holds.
    public let person: String
    /// Its title.
    public let title: String
    /// Its number.
    public let number: String
    /// When it was issued.
    public let issuedAt: Instant
    /// The last day on which it holds; nil for ever.
    public let validUntil: CivilDate?
    /// When it was taken back.
    public let revokedAt: Instant?
    /// Whether a newer one stands in its place.
    public let isSuperseded: Bool
    /// The hash of its content, which is printed on it.
    public let fingerprint: String
    /// The file, by name in the file store; nil while it has not been drawn.
    public let file: String?
    /// What the public register says of it.
    public let register: [(label: String, value: String)]

    static let columns: SQL = """
        id, docket, service, template, agency, person, title, number, issued_at, valid_until, revoked_at, is_superseded, fingerprint, file,
        register
        """

    init(_ row: Row) throws {
        id = try row(0)
        docket = try row(1)
        service = try row(2)
        template = try row(3)
        agency = try row(4)
        person = try row(5)
        title = try row(6)
        number = try row(7)
        issuedAt = try row(8)
        validUntil = try row.optional(9)
        revokedAt = try row.optional(10)
        isSuperseded = try row(11)
        fingerprint = try row(12)
        file = try row.optional(13)
        let text = try row.optional(14, as: String.self) ?? "[]"
        register = (try JSON(parsing: text.utf8).array ?? []).map { ($0.array?.first?.string ?? "", $0.array?.last?.string ?? "") }
    }

    /// Whether it holds on a day.
    public func standing(on day: CivilDate) -> Standing {
        if revokedAt != nil { return .revoked }
        if isSuperseded { return .superseded }
        if let validUntil, validUntil < day { return .expired }
        return .valid
    }

    /// Issues a document within the act that decides it: its number counts on from the last one of its series.
    ///
    /// - Parameters:
    ///   - letter: what it says.
    ///   - subject: what it is about.
    ///   - number: its number, with `{seq4}` where the count belongs.
    /// - Throws: ``Problem`` where it holds characters that no font here has.
    public static func issue(_ letter: Letter, as subject: Subject, number pattern: String, by actor: Actor, in act: Act) throws {
        let mark = pattern.firstMatch(of: /\{seq([1-9]?)\}/)
        let width = mark.flatMap { Int($0.1) } ?? 1
        let scope = pattern
        let count = try act.snapshot.count("SELECT COALESCE(MAX(seq), 0) FROM issued_document WHERE scope = \(scope)") + 1
        let number = mark.map { pattern.replacing(String(pattern[$0.range]), with: count.padded(width)) } ?? "\(pattern)\(count)"
        var letter = letter
        letter.number = number
        try letter.requireDrawable()
        let id = Identifier(at: act.now)
        let content: JSON = ["letter": letter.json, "salt": .string([UInt8].random(count: 16).base64)]
        let replaced = try subject.replaces.flatMap { number in
            try act.snapshot.find("SELECT id FROM issued_document WHERE service = \(subject.service) AND number = \(number)") {
                try $0(0, as: String.self)
            }
        }
        let register = subject.register.map { columns in JSON.array(columns.map { [.string($0.label), .string($0.value)] }) }
        try act.append(
            "document.issued",
            to: "document/\(id)",
            by: actor,
            facts: .compact([
                "docket": .string(subject.docket), "service": .string(subject.service), "template": .string(subject.template),
                "agency": .string(subject.agency), "title": .string(letter.title), "number": .string(number), "scope": .string(scope),
                "seq": JSON(count), "until": JSON(subject.validUntil?.description),
                "fingerprint": .string(Array(SHA256.hash(data: content.canonical)).hex), "register": register ?? .null,
                "replaces": JSON(replaced),
            ]),
            personal: Personal(of: subject.person, content)
        )
    }

    /// Takes back the documents of a case, within the act that decides it.
    public static func revoke(docket: String, by actor: Actor, in act: Act) throws {
        let ids = try act.snapshot.rows("SELECT id FROM issued_document WHERE docket = \(docket) AND revoked_at IS NULL ORDER BY id") {
            try $0(0, as: String.self)
        }
        for id in ids { try act.append("document.revoked", to: "document/\(id)", by: actor, facts: ["docket": .string(docket)]) }
    }
}

/// The register of documents, worked out from entries.
public struct DocumentProjection: Projection {
    /// The table of documents.
    public static let migrations = [
        Migration(
            "20261125-c-documents",
            """
            CREATE TABLE issued_document (
                id TEXT NOT NULL PRIMARY KEY,
                docket TEXT NOT NULL,
                service TEXT NOT NULL,
                template TEXT NOT NULL,
                agency TEXT NOT NULL,
                person TEXT NOT NULL,
                title TEXT NOT NULL,
                number TEXT NOT NULL,
                scope TEXT NOT NULL,
                seq INTEGER NOT NULL,
                issued_at INTEGER NOT NULL,
                valid_until TEXT,
                revoked_at INTEGER,
                is_superseded INTEGER NOT NULL,
                is_reminded INTEGER NOT NULL,
                fingerprint TEXT NOT NULL UNIQUE,
                file TEXT,
                file_hash TEXT,
                register TEXT,
                UNIQUE (scope, seq)
            );
            CREATE INDEX issued_document_docket ON issued_document (docket);
            CREATE INDEX issued_document_register ON issued_document (service, issued_at) WHERE register IS NOT NULL;
            CREATE INDEX issued_document_pending ON issued_document (id) WHERE file IS NULL;
            CREATE INDEX issued_document_file ON issued_document (file_hash);
            CREATE INDEX issued_document_end ON issued_document (valid_until) WHERE is_reminded = 0;
            """
        )
    ]

    /// The tables that replay fills.
    public let tables: [SchemaName] = ["issued_document"]

    /// The projection.
    public init() {}

    /// Brings the register up to date with one entry.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {
        guard entry.stream.hasPrefix("document/") else { return }
        let id = String(entry.stream.dropFirst("document/".count))
        let facts = entry.facts
        switch entry.kind {
        case "document.issued":
            // A second document of the same kind for one case stands in the place of the first.
            try transaction.execute(
                """
                UPDATE issued_document SET is_superseded = 1
                WHERE docket = \(facts["docket"]?.string ?? "") AND template = \(facts["template"]?.string ?? "")
                """
            )
            if let replaced = facts["replaces"]?.string {
                try transaction.execute("UPDATE issued_document SET is_superseded = 1 WHERE id = \(replaced)")
            }
            try transaction.execute(
                """
                INSERT INTO issued_document (id, docket, service, template, agency, person, title, number, scope, seq, issued_at, valid_until,
                    is_superseded, is_reminded, fingerprint, register)
                VALUES (\(id), \(facts["docket"]?.string ?? ""), \(facts["service"]?.string ?? ""), \(facts["template"]?.string ?? ""),
                    \(facts["agency"]?.string ?? ""), \(entry.person?.description ?? ""), \(facts["title"]?.string ?? ""),
                    \(facts["number"]?.string ?? ""), \(facts["scope"]?.string ?? ""), \(facts["seq"]?.integer ?? 0), \(entry.at),
                    \(facts["until"]?.string), 0, 0, \(facts["fingerprint"]?.string ?? ""),
                    \(facts["register"].map { String(decoding: $0.canonical, as: UTF8.self) }))
                """
            )
        case "document.sealed":
            try transaction.execute(
                "UPDATE issued_document SET file = \(entry.inner?["file"]?.string), file_hash = \(facts["hash"]?.string) WHERE id = \(id)"
            )
        case "document.reminded": try transaction.execute("UPDATE issued_document SET is_reminded = 1 WHERE id = \(id)")
        case "document.revoked": try transaction.execute("UPDATE issued_document SET revoked_at = \(entry.at) WHERE id = \(id)")
        default: break
        }
    }
}
