// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Storage
import TransparencyLog

/// One act under way: reads the present, decides, appends what happened.
public final class Act {
    private let transaction: Transaction
    let journal: Journal
    var vault: Vault { journal.vault }
    /// The moment of the act; every entry of it carries the same.
    public let now: Instant
    private(set) var appended: [DraftEntry] = []
    private var versions: [String: Int] = [:]

    init(transaction: Transaction, journal: Journal, now: Instant) {
        self.transaction = transaction
        self.journal = journal
        self.now = now
    }

    /// What is known before the act.
    public var snapshot: Snapshot { transaction }

    /// Changes state that is no record of the city, such as the outbox, in the same transaction.
    public func operate(_ body: (Transaction) throws -> Void) throws { try body(transaction) }

    /// Appends an entry.
    ///
    /// - Parameters:
    ///   - kind: what happened, in the past: `complaint.filed`.
    ///   - stream: what it is about.
    ///   - actor: who did it.
    ///   - facts: what everybody may know; no personal data.
    ///   - inner: what stays inside the city; no personal data of residents.
    ///   - personal: personal data, sealed under the key of its person.
    ///   - at: when it happened; the moment of the act unless it is brought in from elsewhere.
    public func append(
        _ kind: String,
        to stream: String,
        by actor: Actor,
        facts: JSON = [:],
        inner: JSON? = nil,
        personal: Personal? = nil,
        at: Instant? = nil
    ) throws {
        let version =
            try (versions[stream] ?? transaction.count("SELECT COALESCE(MAX(version), 0) FROM entry WHERE stream = \(stream)")) + 1
        versions[stream] = version
        var inside = inner?.object ?? [:]
        if let account = actor.account { inside["account"] = .string(account.description) }
        appended.append(
            DraftEntry(
                id: Identifier(at: at ?? now).description,
                stream: stream,
                version: version,
                kind: kind,
                at: at ?? now,
                actor: actor,
                facts: facts,
                inner: inside.isEmpty ? nil : .object(inside),
                personal: personal,
                vault: vault
            )
        )
    }

    /// The key of a person, made where there is none.
    public func personKey(_ person: Identifier) throws -> PersonKey { try vault.requirePersonKey(person, in: transaction) }
}

/// An entry before it has its place.
struct DraftEntry {
    let id: String
    let stream: String
    let version: Int
    let kind: String
    let at: Instant
    let actor: Actor
    let facts: JSON
    let inner: JSON?
    let personal: Personal?
    let vault: Vault

    private static let tooLarge = Problem(
        "entry.too-large",
        .tooLarge,
        Text(id: "Catatan ini terlalu panjang untuk buku besar", en: "This record is too long for the ledger"),
        remedy: Text(
            id: "Tidak ada yang tercatat. Persingkat tulisannya, lalu coba lagi.",
            en: "Nothing was recorded. Shorten what you wrote, then try again."
        )
    )

    /// Stores the entry at its place.
    func stored(at sequence: Int, in transaction: Transaction) throws -> Entry {
        let innerSalt = inner.map { _ in [UInt8].random(count: 16) }
        let personalSalt = [UInt8].random(count: 16)
        var sealed: [UInt8]?
        if let personal {
            let content: JSON = ["data": personal.data, "salt": .string(personalSalt.base64)]
            sealed = try vault.requirePersonKey(personal.person, in: transaction).seal(content.canonical, about: id)
        }
        let leaf = Leaf.bytes(
            id: id,
            stream: stream,
            version: version,
            kind: kind,
            at: at,
            actor: actor,
            facts: facts,
            inner: inner.map { Leaf.commitment(to: $0, salt: innerSalt ?? []) },
            personal: personal.map { Leaf.commitment(to: $0.data, salt: personalSalt) },
            sealed: sealed.map(Leaf.commitment(toSealed:))
        )
        guard leaf.count <= Tile.entryLimit else { throw Self.tooLarge }
        try transaction.execute(
            """
            INSERT INTO entry (seq, id, stream, version, kind, at, leaf, inner_part, inner_salt, person, sealed)
            VALUES (\(sequence), \(id), \(stream), \(version), \(kind), \(at), \(leaf),
                \(inner.map { String(decoding: $0.canonical, as: UTF8.self) }), \(innerSalt),
                \(personal?.person.description), \(sealed))
            """
        )
        return Entry(
            sequence: sequence,
            id: id,
            stream: stream,
            version: version,
            kind: kind,
            at: at,
            actor: actor,
            facts: facts,
            inner: inner,
            person: personal?.person,
            personal: personal?.data
        )
    }
}
