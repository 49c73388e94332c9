// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Journal
import Storage

/// Where documents are drawn and signed, kept, handed out and checked.
public struct DocumentOffice: Sendable {
    private let journal: Journal
    private let files: FileStore
    private let signer: DocumentSigner
    private let origin: String

    /// An office with a signer.
    public init(journal: Journal, files: FileStore, signer: DocumentSigner, origin: String) {
        self.journal = journal
        self.files = files
        self.signer = signer
        self.origin = origin
    }

    /// Whether documents are signed with a certificate of the city's own making.
    public var isSelfSigned: Bool { signer.isSelfMade }

    /// Draws and signs everything that was issued and has no file yet. A stop in the middle costs nothing: what has no file is
    /// drawn again.
    public func sealPending() async throws {
        let pending = try await journal.read { snapshot in
            try snapshot.rows("SELECT id FROM issued_document WHERE file IS NULL ORDER BY id LIMIT 200") { try $0(0, as: String.self) }
        }
        for id in pending { try await seal(id) }
    }

    /// Draws and signs what a case was issued.
    public func sealPending(docket: String) async throws {
        let pending = try await journal.read { snapshot in
            try snapshot.rows("SELECT id FROM issued_document WHERE docket = \(docket) AND file IS NULL ORDER BY id") {
                try $0(0, as: String.self)
            }
        }
        for id in pending { try await seal(id) }
    }

    private func seal(_ id: String) async throws {
        let found = try await journal.read { snapshot -> (letter: Letter, fingerprint: String, person: Identifier)? in
            let entry = try journal.entries(of: "document/\(id)", in: snapshot).first
            guard let entry, let letter = Letter(json: entry.personal?["letter"]), let person = entry.person else { return nil }
            return (letter, entry.facts["fingerprint"]?.string ?? "", person)
        }
        // Its person was erased before it could be drawn.
        guard let found else { return }
        let address = "\(origin)/verifikasi/\(found.fingerprint)"
        let shown = origin.split(separator: "/").last.map(String.init) ?? origin
        let note =
            "Ditandatangani secara elektronik (PP 71/2019 ps. 60)"
            + (signer.isSelfMade ? " dengan sertifikat buatan sendiri untuk uji coba, bukan BSrE." : ".")
        let drawn = try LetterDrawing.draw(
            found.letter,
            seal: LetterDrawing.Seal(address: address, code: "\(shown)/verifikasi, kode \(Self.code(found.fingerprint))", note: note),
            at: journal.clock.now
        )
        guard let room = SignatureRoom(drawn), let signed = room.filled(with: try signer.sign(digest: room.digest)) else {
            throw Problem.unavailable(cause: nil)
        }
        let key = try await journal.operate { try journal.vault.requirePersonKey(found.person, in: $0) }
        let name = try files.store(signed, key: key)
        let hash = Array(SHA256.hash(data: signed)).hex
        try await journal.commit { act in
            let isSealed = try act.snapshot.count("SELECT count(*) FROM issued_document WHERE id = \(id) AND file IS NOT NULL")
            guard isSealed == 0 else { return }
            try act.append(
                "document.sealed",
                to: "document/\(id)",
                by: .system,
                facts: ["hash": .string(hash)],
                inner: ["file": .string(name)]
            )
        }
    }

    /// What people type to find a document: the first twelve signs of its fingerprint, in threes of four.
    public static func code(_ fingerprint: String) -> String {
        let signs = Array(fingerprint.uppercased().prefix(12))
        return stride(from: 0, to: signs.count, by: 4).map { String(signs[$0..<min($0 + 4, signs.count)]) }.joined(separator: "-")
    }

    /// The documents of a case, oldest first.
    public func documents(of docket: String) async throws -> [IssuedDocument] {
        try await journal.read { snapshot in
            try snapshot.rows("SELECT \(IssuedDocument.columns) FROM issued_document WHERE docket = \(docket) ORDER BY id") {
                try IssuedDocument($0)
            }
        }
    }

    /// The file of a document; nil while it has none, or once its person has been erased.
    public func content(of document: IssuedDocument) async throws -> [UInt8]? {
        guard let file = document.file, let person = Identifier(document.person) else { return nil }
        let key = try await journal.read { try journal.vault.personKey(person, in: $0) }
        return files.content(file, key: key)
    }

    /// The document that a text names: the hash of its content or of its file, or the code printed on it; nil when the city never
    /// issued such a one.
    public func find(_ text: String) async throws -> IssuedDocument? {
        let signs = text.lowercased().filter { $0.isHexDigit }
        guard signs.count == 64 || signs.count == 12 else { return nil }
        return try await journal.read { snapshot in
            let condition: SQL =
                signs.count == 64
                ? "fingerprint = \(signs) OR file_hash = \(signs)" : "fingerprint >= \(signs) AND fingerprint < \(signs + "g")"
            return try snapshot.find("SELECT \(IssuedDocument.columns) FROM issued_document WHERE \(condition) LIMIT 1") {
                try IssuedDocument($0)
            }
        }
    }

    /// The document that a file is.
    public func find(file: [UInt8]) async throws -> IssuedDocument? { try await find(Array(SHA256.hash(data: file)).hex) }

    /// The public register of a service, newest first.
    public func register(of service: String, page: PageNumber, size: Int = 25) async throws -> (documents: [IssuedDocument], total: Int) {
        try await journal.read { snapshot in
            let total = try snapshot.count("SELECT count(*) FROM issued_document WHERE service = \(service) AND register IS NOT NULL")
            let rows = try snapshot.rows(
                """
                SELECT \(IssuedDocument.columns) FROM issued_document WHERE service = \(service) AND register IS NOT NULL
                ORDER BY issued_at DESC, id DESC LIMIT \(size) OFFSET \(page.offset(of: size))
                """
            ) { try IssuedDocument($0) }
            return (rows, total)
        }
    }
}
