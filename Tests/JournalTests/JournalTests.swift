// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Journal
import Storage
import StorageSQLite
import TestSupport
import Testing

/// A projection that counts, so that the journal is tested without any capability.
struct Tally: Projection {
    static let migration = Migration(
        "20990101-tally",
        "CREATE TABLE tally (\n    stream TEXT NOT NULL PRIMARY KEY,\n    total INTEGER NOT NULL\n);"
    )
    let tables: [SchemaName] = ["tally"]
    func apply(_ entry: Entry, in transaction: Transaction) throws {
        try transaction.execute(
            "INSERT INTO tally (stream, total) VALUES (\(entry.stream), \(entry.facts["add"]?.integer ?? 0)) ON CONFLICT (stream) DO UPDATE SET total = tally.total + excluded.total"
        )
    }
}

@Suite struct JournalTests {
    func journal(_ engine: Engine) async throws -> Journal {
        let file = try TestDatabase.temporaryFolder().appendingPathComponent("master.key")
        try Vault.createKeyFile(at: file)
        let database = try await TestDatabase.make(engine)
        try await database.migrate(Journal.migrations + [Tally.migration])
        return Journal(database: database, vault: try Vault(keyFile: file), projections: [Tally()])
    }

    func tally(_ journal: Journal) async throws -> [String: Int] {
        try await journal.read {
            Dictionary(try $0.rows("SELECT stream, total FROM tally ORDER BY stream") { (try $0(0), try $0(1)) }, uniquingKeysWith: { $1 })
        }
    }

    @Test("SQLite makes every commit durable: synchronous is FULL")
    func durable() async throws {
        let database = try SQLiteDatabase(path: TestDatabase.temporaryFolder().appendingPathComponent("a.sqlite").path)
        #expect(try await database.synchronousMode() == 2)
    }

    @Test("An act that throws appends nothing", arguments: TestDatabase.engines)
    func refusal(engine: Engine) async throws {
        let journal = try await journal(engine)
        await #expect(throws: Problem.self) {
            try await journal.commit { act in
                try act.append("test.added", to: "a", by: .system, facts: ["add": 1])
                throw Problem.notFound
            }
        }
        #expect(try await journal.leaves(from: 0, limit: 10).isEmpty)
    }

    @Test("Acts that meet are all kept, in one order without gaps", arguments: TestDatabase.engines)
    func concurrent(engine: Engine) async throws {
        let journal = try await journal(engine)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try await journal.commit { try $0.append("test.added", to: "s\(number % 8)", by: .system, facts: ["add": 1]) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await tally(journal).values.reduce(0, +) == 40)
        let sequences = try await journal.read { try $0.rows("SELECT seq FROM entry ORDER BY seq") { try $0(0, as: Int.self) } }
        #expect(sequences == Array(0..<40))
        let versions = try await journal.read { try journal.entries(of: "s0", in: $0) }.map(\.version)
        #expect(versions == Array(1...5))
    }

    @Test("A key that no index holds is refused in words", arguments: TestDatabase.engines)
    func longKey(engine: Engine) async throws {
        let journal = try await journal(engine)
        let key = (0..<4_000).map { String($0 &* 2_654_435_761 & 0xFFFF_FFFF, radix: 16) }.joined()
        let problem = await #expect(throws: Problem.self) { try await journal.commit(once: key, of: .null) { _ in "" } }
        #expect(problem?.status == .badRequest)
    }

    @Test("A key that comes again with another content is refused, and nothing of it is kept", arguments: TestDatabase.engines)
    func otherContent(engine: Engine) async throws {
        let journal = try await journal(engine)
        @Sendable func send(_ words: String) async throws -> (result: String, isRepeat: Bool) {
            try await journal.commit(once: "k", of: ["words": .string(words)]) { act in
                try act.append("test.added", to: "a", by: .system, facts: ["add": 1])
                return words
            }
        }
        #expect(try await send("satu").isRepeat == false)
        let problem = await #expect(throws: Problem.self) { try await send("dua") }
        #expect(problem?.code == "idempotency.other-content" && problem?.status == .conflict)
        #expect(try await send("satu").isRepeat)
        let kept = try await journal.read { try $0.find("SELECT content FROM idempotency WHERE key = 'k'") { try $0(0, as: String.self) } }
        #expect(kept?.contains("satu") == false && kept?.isEmpty == false, "the words are known by a keyed hash only")
    }

    @Test("A key that is used again, even at the same moment, finds the first result", arguments: TestDatabase.engines)
    func idempotent(engine: Engine) async throws {
        let journal = try await journal(engine)
        let results = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<12 {
                group.addTask {
                    try await journal.commit(once: "k", of: ["words": "same"]) { act in
                        try act.append("test.added", to: "a", by: .system, facts: ["add": 1])
                        return "result-\(number)"
                    }.result
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(results.count == 1)
        #expect(try await tally(journal) == ["a": 1])
    }

    @Test("Replay gives the tables that the acts gave", arguments: TestDatabase.engines)
    func rebuild(engine: Engine) async throws {
        let journal = try await journal(engine)
        for number in 0..<25 {
            try await journal.commit { try $0.append("test.added", to: "s\(number % 3)", by: .system, facts: ["add": JSON(number)]) }
        }
        let live = try await tally(journal)
        try await journal.operate { try $0.execute("UPDATE tally SET total = 0") }
        try await journal.rebuild()
        #expect(try await tally(journal) == live)
    }

    @Test("Personal data is sealed, stays out of the public leaf, and dies with its key", arguments: TestDatabase.engines)
    func erasure(engine: Engine) async throws {
        let journal = try await journal(engine)
        let person = Identifier(at: journal.clock.now)
        try await journal.commit {
            try $0.append(
                "test.added",
                to: "a",
                by: .resident,
                facts: ["add": 1],
                personal: Personal(of: person, ["name": "Rahasia Besar"])
            )
        }
        let raw = try await journal.read {
            try $0.rows("SELECT leaf, sealed FROM entry") { (try $0(0, as: [UInt8].self), try $0(1, as: [UInt8].self)) }
        }
        #expect(raw.allSatisfy { !String(decoding: $0.0 + $0.1, as: UTF8.self).contains("Rahasia") })
        #expect(try await journal.read { try journal.entries(of: "a", in: $0) }.first?.personal?["name"]?.string == "Rahasia Besar")
        try await journal.commit { try $0.erase(person, by: .system, basis: "UU 27/2022") }
        #expect(try await journal.read { try journal.entries(of: "a", in: $0) }.first?.personal == nil)
        await #expect(throws: Problem.self) {
            try await journal.commit { try $0.append("test.added", to: "a", by: .resident, personal: Personal(of: person, ["x": 1])) }
        }
    }

    @Test("The same low-entropy value leaves another commitment each time", arguments: TestDatabase.engines)
    func salted(engine: Engine) async throws {
        let journal = try await journal(engine)
        for _ in 0..<2 { try await journal.commit { try $0.append("test.added", to: "a", by: .system, inner: ["sex": "f"]) } }
        let commitments = try await journal.leaves(from: 0, limit: 2).map { try JSON(parsing: $0)["inner"] }
        #expect(commitments[0] != nil && commitments[0] != commitments[1])
    }

    @Test("A city moves to the other engine with its keys", arguments: TestDatabase.engines)
    func move(engine: Engine) async throws {
        let journal = try await journal(engine)
        let person = Identifier(at: journal.clock.now)
        for number in 0..<5 {
            try await journal.commit {
                try $0.append(
                    "test.added",
                    to: "s\(number)",
                    by: .system,
                    facts: ["add": 2],
                    personal: Personal(of: person, ["n": JSON(number)])
                )
            }
        }
        let other = try await TestDatabase.make(engine == .sqlite ? TestDatabase.engines.last ?? .sqlite : .sqlite)
        try await other.migrate(Journal.migrations + [Tally.migration])
        let target = Journal(database: other, vault: journal.vault, projections: journal.projections)
        try await journal.move(to: target)
        #expect(try await tally(target) == tally(journal))
        #expect(try await target.leaves(from: 0, limit: 10) == journal.leaves(from: 0, limit: 10))
        #expect(try await target.read { try target.entries(of: "s3", in: $0) }.first?.personal?["n"]?.integer == 3)
        try await target.commit { try $0.append("test.added", to: "s0", by: .system, facts: ["add": 1]) }
    }

    @Test("After the master key is rotated everything still opens", arguments: TestDatabase.engines)
    func rotation(engine: Engine) async throws {
        let folder = try TestDatabase.temporaryFolder()
        let file = folder.appendingPathComponent("master.key")
        try Vault.createKeyFile(at: file)
        let database = try await TestDatabase.make(engine)
        try await database.migrate(Journal.migrations + [Tally.migration])
        let before = Journal(database: database, vault: try Vault(keyFile: file), projections: [Tally()])
        let person = Identifier(at: before.clock.now)
        try await before.commit { try $0.append("test.added", to: "a", by: .system, personal: Personal(of: person, ["n": 1])) }
        try Vault.rotateKeyFile(at: file)
        let after = Journal(database: database, vault: try Vault(keyFile: file), projections: [Tally()])
        #expect(try await after.vault.rewrap(in: database) == 1)
        #expect(try await after.read { try after.entries(of: "a", in: $0) }.first?.personal?["n"]?.integer == 1)
        #expect(before.vault.blindIndex("+62812") == after.vault.blindIndex("+62812"))
    }
}
