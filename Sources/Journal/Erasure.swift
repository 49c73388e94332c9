// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Logging
import ServiceLifecycle
import Storage

/// Somebody whose key is being destroyed: by what their passing traces are found, such as drafts and waiting messages.
public struct Erased: Sendable {
    /// Who.
    public let person: Identifier
    /// Addresses and numbers that are known to be theirs: of an account as it is now, or of somebody who asked for news and agreed. What a
    /// report or an application says is not among them: it may be a stranger's, who must lose nothing.
    public let contacts: Set<String>
    /// Numbers of the cases that they began.
    public let own: Set<String>
    /// Numbers of all cases in which something of theirs was sealed, such as those that they followed.
    public let touched: Set<String>

    init(_ person: Identifier, entries: [Entry]) {
        self.person = person
        // A merge makes a reporter a follower, whose contact is no better known by it.
        let proven = entries.filter { entry in
            entry.kind == "complaint.followed" && entry.isAgreed || ["resident/", "area/"].contains { entry.stream.hasPrefix($0) }
        }
        var contacts: Set<String> = []
        for entry in proven {
            guard let contact = entry.personal?["contact"]?.string else { continue }
            // What was taken off an account may be somebody else's by now.
            if entry.kind == "resident.contact-removed" { contacts.remove(contact) } else { contacts.insert(contact) }
        }
        self.contacts = contacts
        func cases(_ entries: [Entry]) -> Set<String> {
            Set(
                entries.compactMap { entry in
                    ["complaint/", "case/"].first { entry.stream.hasPrefix($0) }.map { String(entry.stream.dropFirst($0.count)) }
                }
            )
        }
        own = cases(entries.filter { $0.version == 1 })
        touched = cases(entries)
    }
}

/// What an erasure has yet to take away outside of the tables.
public struct Trace: Sendable {
    /// Numbers of the cases of the person.
    public let dockets: Set<String>
    /// When they were erased. What was written from then on is not theirs who were: somebody who comes back begins anew.
    public let at: Instant
    fileprivate let person: String
    fileprivate let contactIndexes: Set<String>
    fileprivate let vault: Vault

    /// Whether an address or number is one of the person's.
    public func isContact(_ text: String) -> Bool { contactIndexes.contains(vault.blindIndex(text)) }
}

/// A place outside of the database that may hold people's words in clear, such as a folder of messages.
public protocol Leftovers: Sendable {
    /// Takes away what is of these people; what is gone already is no fault.
    func remove(_ traces: [Trace]) throws
}

extension Act {
    /// Destroys a person's key, so that everything sealed under it is gone, and records that it was done. What is left of
    /// them in free pages, logs and folders is overwritten by ``Journal/finishErasures(isQuiet:in:)`` as soon as it can be.
    public func erase(_ person: Identifier, by actor: Actor, basis: String) throws {
        // Whoever is erased already stays so; nothing more happens.
        let isGone: SQL = "SELECT count(*) FROM person_key WHERE person = \(person.description) AND wrapped IS NULL"
        guard try snapshot.count(isGone) == 0 else { return }
        let erased = Erased(person, entries: try journal.entries(about: person, in: snapshot))
        try operate { transaction in
            try journal.vault.destroyPersonKey(person, in: transaction)
            for projection in journal.projections { try projection.forget(erased, in: transaction) }
            try transaction.execute(
                """
                INSERT INTO erasure (person, contacts, dockets, at)
                VALUES (\(person.description), \(erased.contacts.map(vault.blindIndex).sorted().joined(separator: ",")),
                    \(erased.own.sorted().joined(separator: ",")), \(now)) ON CONFLICT (person) DO NOTHING
                """
            )
        }
        try append(
            "person.erased",
            to: "person/\(person)",
            by: actor,
            facts: ["basis": .string(basis), "person": .string(person.description)]
        )
    }
}

extension Journal {
    /// The table of erasures of which traces may be left; a row goes once none is.
    static let erasureMigrations = [
        Migration(
            "20261128-a-erasure",
            """
            CREATE TABLE erasure (
                person TEXT NOT NULL PRIMARY KEY,
                contacts TEXT NOT NULL,
                dockets TEXT NOT NULL,
                at INTEGER NOT NULL
            );
            """
        )
    ]

    /// Tables in which nothing of a person's can be read without their key: they are never written anew.
    private static let sealed: [SchemaName] = ["entry"]

    /// People who are erased and of whom bytes may still lie in a file.
    public func unfinishedErasures() async throws -> Int { try await read { try $0.count("SELECT count(*) FROM erasure") } }

    /// Whether bytes of a person who is erased may still lie in a file.
    public func isErasureUnfinished(of person: Identifier) async throws -> Bool {
        try await read { try $0.count("SELECT count(*) FROM erasure WHERE person = \(person.description)") } > 0
    }

    /// Takes away what erasures have left: in folders, in free pages, in logs. May be stopped and done again at any time.
    ///
    /// - Parameters:
    ///   - isQuiet: whether acts may wait for it a while.
    ///   - leftovers: places outside of the database.
    /// - Returns: whether nothing is left of anybody who was erased before.
    @discardableResult
    public func finishErasures(isQuiet: Bool, in leftovers: [any Leftovers]) async throws -> Bool {
        let traces = try await read { snapshot in
            try snapshot.rows("SELECT person, contacts, dockets, at FROM erasure ORDER BY at, person") { row in
                func list(_ column: Int) throws -> Set<String> {
                    Set(try row(column, as: String.self).split(separator: ",").map(String.init))
                }
                return Trace(dockets: try list(2), at: try row(3), person: try row(0), contactIndexes: try list(1), vault: vault)
            }
        }
        guard !traces.isEmpty else { return true }
        for place in leftovers { try place.remove(traces) }
        guard try await scrub(isQuiet: isQuiet) else { return false }
        try await operate { transaction in
            for trace in traces { try transaction.execute("DELETE FROM erasure WHERE person = \(trace.person)") }
        }
        return true
    }

    /// Overwrites what was deleted from the tables, also drafts and codes whose time was over.
    @discardableResult
    public func scrub(isQuiet: Bool) async throws -> Bool {
        do {
            return try await database.scrub(sealed: Self.sealed, isQuiet: isQuiet)
        } catch let error as StorageError {
            throw Problem.unavailable(cause: error)
        }
    }
}

/// The duty that finishes erasures within seconds, and once in the night overwrites whatever else was deleted.
public struct ErasureDuty: ServiceLifecycle.Service {
    /// Hours of the night in which acts may wait a while.
    private static let night = 2..<4

    private let journal: Journal
    private let zone: TimeZoneOffset
    private let leftovers: [any Leftovers]
    private let logger: Logger

    /// Finishes the erasures of a journal.
    public init(journal: Journal, zone: TimeZoneOffset, leftovers: [any Leftovers], logger: Logger) {
        self.journal = journal
        self.zone = zone
        self.leftovers = leftovers
        self.logger = logger
    }

    /// Looks every two seconds until the program stops.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var lastNight: CivilDate?
            while !Task.isCancelled {
                let start = ContinuousClock.now
                let now = journal.clock.now
                let today = now.date(in: zone)
                let isNight = Self.night.contains(now.minuteOfDay(in: zone) / 60)
                do {
                    try await journal.finishErasures(isQuiet: isNight, in: leftovers)
                    if isNight, lastNight != today, try await journal.scrub(isQuiet: true) { lastNight = today }
                } catch let error where !Task.isCancelled {
                    logger.error("erasures not finished", metadata: ["error": "\(error)"])
                }
                // At most a tenth of the time is spent on it, however much is erased.
                try await Task.sleep(for: max(.seconds(2), start.duration(to: .now) * 10))
            }
        }
    }
}
