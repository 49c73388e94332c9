// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Foundation
import Storage

/// Keeps personal data closed: one key for each person, each wrapped by a master key that lies outside the database.
///
/// Destroying a person's key erases what was sealed under it, everywhere, backups included once their keys are gone too.
public struct Vault: Sendable {
    /// What a key derived from the master key is for; no two uses share one.
    public enum Purpose: String, Sendable, CaseIterable {
        /// Finding a contact without storing it readable.
        case blindIndex = "blind-index"
        /// Tokens of forms, links and sessions.
        case tokens
        /// Drafts and other passing state.
        case passing
    }

    private struct Master {
        let identifier: String
        let key: SymmetricKey
    }

    /// The current master key first, then those that it replaced.
    private let masters: [Master]
    /// The first master key ever: look-ups must find what was indexed before a rotation.
    private let root: SymmetricKey
    /// Keys derived from the first one, worked out once.
    private let derived: [Purpose: SymmetricKey]

    /// Opens the keys of a file with one base64 key a line, the newest first.
    public init(keyFile: URL) throws {
        let lines = try String(contentsOf: keyFile, encoding: .utf8).split(separator: "\n")
        let keys = lines.compactMap { [UInt8](base64: String($0)) }
        guard !keys.isEmpty, keys.count == lines.count, keys.allSatisfy({ $0.count == 32 }) else {
            throw Problem(
                "vault.key-file",
                .fault,
                Text(id: "Berkas kunci induk rusak: \(keyFile.path)", en: "The master key file is malformed: \(keyFile.path)")
            )
        }
        masters = keys.map {
            Master(identifier: Array(SHA256.hash(data: $0).prefix(6)).hex, key: SymmetricKey(data: $0))
        }
        let root = masters[masters.count - 1].key
        self.root = root
        let pairs = Purpose.allCases.map { purpose in
            let info = Data("balai/\(purpose.rawValue)".utf8)
            return (purpose, HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: info, outputByteCount: 32))
        }
        derived = Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    /// Makes a key file where there is none, readable by its owner only.
    public static func createKeyFile(at url: URL) throws {
        guard !FileManager.default.fileExists(atPath: url.path) else { return }
        try write([[UInt8].random(count: 32).base64], to: url)
    }

    /// Puts a new master key in front of the old ones; keys are wrapped anew by ``rewrap(in:)``.
    public static func rotateKeyFile(at url: URL) throws {
        let old = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
        try write([[UInt8].random(count: 32).base64] + old, to: url)
    }

    private static func write(_ lines: [String], to url: URL) throws {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let temporary = url.appendingPathExtension("new")
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        let content = Data((lines.joined(separator: "\n") + "\n").utf8)
        guard FileManager.default.createFile(atPath: temporary.path, contents: content, attributes: attributes),
            rename(temporary.path, url.path) == 0
        else { throw CocoaError(.fileWriteUnknown) }
    }

    /// A key for one purpose.
    public func key(for purpose: Purpose) -> SymmetricKey { derived[purpose] ?? root }

    /// For each master key, by its name, what only its owner can work out.
    var proofs: [String: [UInt8]] {
        Dictionary(
            masters.map { ($0.identifier, Array(HMAC<SHA256>.authenticationCode(for: Data("balai/master".utf8), using: $0.key))) },
            uniquingKeysWith: { $1 }
        )
    }

    /// The keyed hash under which a contact can be found again. Normalise first: the same person, the same bytes.
    public func blindIndex(_ text: String) -> String {
        Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key(for: .blindIndex))).base64URL
    }

    /// The keyed hash of a token, so that the database never holds the token itself.
    public func tokenHash(_ token: String) -> String { tokenHash(token, of: []) }

    /// The keyed hash of several parts under a name. Each counts with its length, so that what ends one never begins the next.
    public func tokenHash(_ name: String, parts: [String]) -> String {
        tokenHash("\(name):" + parts.map { "\($0.utf8.count):\($0)" }.joined())
    }

    /// The same for a name and some content.
    func tokenHash(_ name: String, of content: [UInt8]) -> String {
        var hash = HMAC<SHA256>(key: key(for: .tokens))
        hash.update(data: Array(name.utf8))
        hash.update(data: content)
        return Array(hash.finalize()).base64URL
    }

    /// Closes something passing, such as a draft.
    public func sealPassing(_ bytes: [UInt8]) throws -> [UInt8] {
        try Self.seal(bytes, key(for: .passing), about: "passing")
    }

    /// Opens something passing.
    public func openPassing(_ sealed: [UInt8]) throws -> [UInt8] {
        try Self.open(sealed, key(for: .passing), about: "passing")
    }

    static func seal(_ bytes: [UInt8], _ key: SymmetricKey, about: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(bytes, using: key, authenticating: Array(about.utf8))
        return Array(box.combined ?? Data())
    }

    static func open(_ sealed: [UInt8], _ key: SymmetricKey, about: String) throws -> [UInt8] {
        Array(try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Array(about.utf8)))
    }
}

/// A person's key, unwrapped: seals and opens what is about that person.
public struct PersonKey: Sendable {
    let key: SymmetricKey

    /// Closes bytes; `about` ties them to their place, so that they cannot be moved to another.
    public func seal(_ bytes: [UInt8], about: String) throws -> [UInt8] { try Vault.seal(bytes, key, about: about) }

    /// Opens bytes.
    public func open(_ sealed: [UInt8], about: String) throws -> [UInt8] { try Vault.open(sealed, key, about: about) }
}

extension Vault {
    /// The key of a person; nil when there never was one, or it has been destroyed.
    public func personKey(_ person: Identifier, in snapshot: Snapshot) throws -> PersonKey? {
        let found = try snapshot.find("SELECT wrapped, master FROM person_key WHERE person = \(person.description)") { row in
            (wrapped: try row.optional(0, as: [UInt8].self), master: try row.optional(1, as: String.self))
        }
        guard let found, let wrapped = found.wrapped, let master = masters.first(where: { $0.identifier == found.master }) else {
            return nil
        }
        return PersonKey(key: SymmetricKey(data: try Self.open(wrapped, master.key, about: person.description)))
    }

    /// The key of a person, made where there is none. Throws when it has been destroyed: the erased stay erased.
    public func requirePersonKey(_ person: Identifier, in transaction: Transaction) throws -> PersonKey {
        if let key = try personKey(person, in: transaction) { return key }
        let bytes = [UInt8].random(count: 32)
        let wrapped = try Self.seal(bytes, masters[0].key, about: person.description)
        let added = try transaction.execute(
            """
            INSERT INTO person_key (person, wrapped, master) VALUES (\(person.description), \(wrapped), \(masters[0].identifier))
            ON CONFLICT (person) DO NOTHING
            """
        )
        guard added == 1 else {
            throw Problem("person.erased", .gone, Text(id: "Data orang ini sudah dihapus", en: "This person’s data has been erased"))
        }
        return PersonKey(key: SymmetricKey(data: bytes))
    }

    /// Destroys a person's key. The row stays, so that nobody is given a new one under the old name.
    func destroyPersonKey(_ person: Identifier, in transaction: Transaction) throws {
        try transaction.execute("UPDATE person_key SET wrapped = NULL, master = NULL WHERE person = \(person.description)")
    }

    /// Wraps every person's key with the newest master key; returns how many were changed.
    public func rewrap(in database: any Database) async throws -> Int {
        let current = masters[0]
        return try await database.write { transaction in
            let old = try transaction.rows(
                "SELECT person, wrapped, master FROM person_key WHERE wrapped IS NOT NULL AND master <> \(current.identifier)"
            ) {
                (person: try $0(0, as: String.self), wrapped: try $0(1, as: [UInt8].self), master: try $0(2, as: String.self))
            }
            for row in old {
                guard let master = masters.first(where: { $0.identifier == row.master }) else { continue }
                let key = try Self.open(row.wrapped, master.key, about: row.person)
                let wrapped = try Self.seal(key, current.key, about: row.person)
                try transaction.execute(
                    "UPDATE person_key SET wrapped = \(wrapped), master = \(current.identifier) WHERE person = \(row.person)"
                )
            }
            return old.count
        }
    }
}
