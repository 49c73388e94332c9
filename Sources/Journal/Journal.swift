// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Storage

/// Tables that are worked out from entries, and can be worked out again.
public protocol Projection: Sendable {
    /// The tables that this projection owns, in an order in which they can be emptied.
    var tables: [SchemaName] { get }
    /// Brings the tables up to date with one entry. Only what the entry and the tables say may be used: no clock, no
    /// chance, no outside world.
    func apply(_ entry: Entry, in transaction: Transaction) throws
    /// Empties the tables, before they are worked out again.
    func empty(in transaction: Transaction) throws
    /// Finishes what is quicker done once, after they have been worked out again.
    func finish(in transaction: Transaction) throws
    /// Takes away what of somebody who is being erased lies in tables that are not worked out from entries: drafts, codes,
    /// messages that wait. What is found out about their contacts on the way is added for those that come after.
    func forget(_ erased: Erased, in transaction: Transaction) throws
}

extension Projection {
    /// Empties the tables one after another.
    public func empty(in transaction: Transaction) throws {
        for table in tables { try transaction.execute("DELETE FROM \(name: table)") }
    }

    /// Nothing is left to do.
    public func finish(in transaction: Transaction) throws {}

    /// Nothing passing is kept.
    public func forget(_ erased: Erased, in transaction: Transaction) throws {}
}

/// The one door for writes. Everything that happens in the city is appended here, and every table that pages read is
/// brought up to date in the same transaction.
public struct Journal: Sendable {
    /// Where the entries lie.
    public let database: any Database
    /// Keys of personal data.
    public let vault: Vault
    /// What is worked out from entries.
    public let projections: [any Projection]
    /// The time.
    public let clock: Clock

    /// The journal of a city.
    public init(database: any Database, vault: Vault, projections: [any Projection], clock: Clock = .machine) {
        self.database = database
        self.vault = vault
        self.projections = projections
        self.clock = clock
    }

    /// Runs an act: reads, decides, appends. When this returns, what was appended is durable and visible; when it
    /// throws, nothing was appended.
    ///
    /// The act may run more than once, when two meet on the same stream: it must not touch the outside world.
    @discardableResult
    public func commit<T: Sendable>(_ body: @escaping @Sendable (Act) throws -> T) async throws -> T {
        for _ in 0..<8 {
            do {
                return try await database.write { transaction in
                    let act = Act(transaction: transaction, journal: self, now: clock.now)
                    let result = try body(act)
                    try record(act, in: transaction)
                    return result
                }
            } catch StorageError.unique {
                // Two acts met on one stream or one key: the second looks again at what the first left.
                continue
            } catch let error as StorageError {
                throw Self.problem(error)
            }
        }
        throw Problem.unavailable(cause: StorageError.conflict)
    }

    /// Runs an act at most once for a key: a repeated key finds the first result. With another content it is refused: nothing is
    /// ever answered as taken that was not.
    ///
    /// - Parameters:
    ///   - key: the same whenever the same thing is sent again.
    ///   - content: what is sent, as far as its sender wrote it; kept as a keyed hash only.
    ///   - stands: whether the first result, of a moment, still holds for what is sent now, as the act's snapshot shows it; if not,
    ///     the same is something new. Without it the first result holds for as long as the key is kept: 90 days, then a duty sweeps it.
    /// - Returns: what the act gave the first time, and whether this call is a repeat.
    @discardableResult
    public func commit(
        once key: String,
        of content: JSON,
        while stands: (@Sendable (_ act: Act, _ result: String, _ at: Instant) throws -> Bool)? = nil,
        _ body: @escaping @Sendable (Act) throws -> String
    ) async throws -> (result: String, isRepeat: Bool) {
        // A key is a column of an index; what is longer is none of ours.
        guard key.utf8.count <= 400 else { throw Problem.badKey }
        let hash = vault.tokenHash("content:\(key):", of: content.canonical)
        return try await commit { act in
            let first = try act.snapshot.find("SELECT result, content, at FROM idempotency WHERE key = \(key)") {
                (result: try $0(0, as: String.self), content: try $0.optional(1, as: String.self), at: try $0(2, as: Instant.self))
            }
            if let first, try stands?(act, first.result, first.at) ?? true {
                guard first.content ?? hash == hash else { throw Problem.otherContent }
                return (first.result, true)
            }
            let result = try body(act)
            try act.operate {
                if first != nil { try $0.execute("DELETE FROM idempotency WHERE key = \(key)") }
                try $0.execute("INSERT INTO idempotency (key, result, at, content) VALUES (\(key), \(result), \(act.now), \(hash))")
            }
            return (result, false)
        }
    }

    /// Reads a consistent snapshot.
    public func read<T: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> T) async throws -> T {
        do {
            return try await database.read(body)
        } catch let error as StorageError {
            throw Self.problem(error)
        }
    }

    /// Changes state that is no record of the city: sessions, drafts, the outbox.
    @discardableResult
    public func operate<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        do {
            return try await database.write(body)
        } catch let error as StorageError {
            throw Self.problem(error)
        }
    }

    private static func problem(_ error: StorageError) -> Problem {
        guard case .busy = error else { return .unavailable(cause: error) }
        return Problem(
            "storage.busy",
            .unavailable,
            Text(id: "Sedang terlalu ramai", en: "Too many requests at once"),
            remedy: Text(id: "Isian Anda masih ada. Coba lagi sebentar lagi.", en: "What you typed is still there. Try again shortly."),
            retryAfter: 2
        )
    }

    /// Gives the act's entries their places, stores them, and brings every projection up to date.
    private func record(_ act: Act, in transaction: Transaction) throws {
        guard !act.appended.isEmpty else { return }
        // Taken last and held to the commit: this row is what makes the order of entries total on PostgreSQL.
        let size = try transaction.count("UPDATE journal_head SET size = size + \(act.appended.count) WHERE id = 1 RETURNING size")
        for (offset, draft) in act.appended.enumerated() {
            let entry = try draft.stored(at: size - act.appended.count + offset, in: transaction)
            for projection in projections { try projection.apply(entry, in: transaction) }
        }
    }
}

extension Problem {
    /// A key that no form of ours carries.
    public static let badKey = Problem(
        "idempotency.bad-key",
        .badRequest,
        Text(id: "Formulirnya rusak di jalan", en: "The form was damaged on its way"),
        remedy: Text(id: "Muat ulang halamannya, lalu kirim lagi.", en: "Reload the page, and send it again.")
    )

    /// The same key came with something else before.
    public static let otherContent = Problem(
        "idempotency.other-content",
        .conflict,
        Text(id: "Kiriman ini sudah diterima dengan isi lain", en: "This was taken before, with other content"),
        remedy: Text(
            id: "Yang tertulis sekarang belum terkirim. Periksa, lalu kirim sekali lagi sebagai kiriman baru.",
            en: "What stands here now has not been sent. Look at it, then send once more as something new."
        )
    )
}
