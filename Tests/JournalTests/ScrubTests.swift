// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Storage
import StorageSQLite
import TestSupport
import Testing

/// What is deleted is nowhere in the files of the database any more.
@Suite struct ScrubTests {
    static let words = TextIndex(table: "told", key: "name", column: "search", moment: "at")
    static let migrations = [
        Migration(
            "1-told",
            """
            CREATE TABLE told (
                name TEXT NOT NULL PRIMARY KEY,
                at INTEGER NOT NULL,
                story TEXT,
                state TEXT NOT NULL,
                search TEXT NOT NULL
            );
            """
        ),
        words.migration("2-words"),
    ]

    /// A word that shares its beginning with no other, so that no index shortens it.
    static func word(_ number: Int) -> String { String(String(number * 7_919 + 1_000_003, radix: 36).reversed()) + "qzv\(number)x" }

    static func count(of texts: [String], in file: String) throws -> Int {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        return texts.count { bytes.range(of: Data($0.utf8)) != nil }
    }

    @Test("Rows that grow and move leave copies in free pages, and words stay in the index: afterwards none is there", arguments: 0..<4)
    func residue(seed: Int) async throws {
        let path = try TestDatabase.temporaryFolder().appendingPathComponent("a.sqlite").path
        let database = try SQLiteDatabase(path: path)
        try await database.migrate(Self.migrations)
        var chance = Seeded(UInt64(seed) &+ 41)
        var living: [Int] = []
        var gone: [Int] = []
        for step in 0..<1500 {
            let pick = chance.next() % 10
            let text = String(repeating: "y", count: Int(chance.next() % 700))
            if pick < 4 || living.isEmpty {
                living.append(step)
                let story = String(repeating: Self.word(step) + " ", count: 1 + Int(chance.next() % 60))
                try await database.write {
                    try $0.execute(
                        "INSERT INTO told (name, at, story, state, search) VALUES (\("d\(step)"), \(step * 1000), \(story), \(text), \(story))"
                    )
                }
            } else {
                let index = Int(chance.next() % UInt64(living.count))
                let name = "d\(living[index])"
                if pick < 8 {
                    try await database.write { try $0.execute("UPDATE told SET state = \(text) WHERE name = \(name)") }
                } else {
                    gone.append(living.remove(at: index))
                    try await database.write { try $0.execute("UPDATE told SET story = NULL, search = '' WHERE name = \(name)") }
                }
            }
        }
        let left = try Self.count(of: gone.map(Self.word), in: path) + Self.count(of: gone.map(Self.word), in: path + "-wal")
        #expect(left > 0, "without it they are there")
        #expect(try await database.scrub(sealed: [], isQuiet: false))
        #expect(try Self.count(of: gone.map(Self.word), in: path) == 0)
        #expect(try Self.count(of: gone.map(Self.word), in: path + "-wal") == 0)
        #expect(try Self.count(of: living.map(Self.word), in: path) == living.count, "what is not deleted is all there")
        let rows = try await database.read { try $0.count("SELECT count(*) FROM told") }
        #expect(rows == living.count + gone.count)
        for number in living.prefix(50) {
            let found = try await database.read { try Self.words.count([Self.word(number)], as: .whole, upTo: 9, in: $0) }
            #expect(found == 1)
        }
        let soundness = try await database.read { try $0.rows("PRAGMA integrity_check") { try $0(0, as: String.self) } }
        #expect(soundness == ["ok"])
        await database.close()
    }

    @Test("While somebody reads what was there before it says that it is not done")
    func reader() async throws {
        let path = try TestDatabase.temporaryFolder().appendingPathComponent("a.sqlite").path
        let database = try SQLiteDatabase(path: path)
        try await database.migrate(Self.migrations)
        try await database.write {
            try $0.execute("INSERT INTO told (name, at, story, state, search) VALUES ('a', 1, \(Self.word(1)), '', '')")
        }
        let gate = DispatchSemaphore(value: 0)
        let (begun, tell) = AsyncStream.makeStream(of: Void.self)
        async let reading: Int = database.read { snapshot in
            let count = try snapshot.count("SELECT count(*) FROM told")
            tell.finish()
            gate.wait()
            return count
        }
        for await _ in begun {}
        try await database.write { try $0.execute("DELETE FROM told") }
        #expect(try await database.scrub(sealed: [], isQuiet: false) == false)
        gate.signal()
        _ = try await reading
        #expect(try await database.scrub(sealed: [], isQuiet: false))
        #expect(try Self.count(of: [Self.word(1)], in: path) == 0)
        await database.close()
    }

    @Test("Acts go on while it works")
    func alongside() async throws {
        let path = try TestDatabase.temporaryFolder().appendingPathComponent("a.sqlite").path
        let database = try SQLiteDatabase(path: path)
        try await database.migrate(Self.migrations)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for step in 0..<200 {
                        let name = "w\(writer)-\(step)"
                        let story = Self.word(writer * 1000 + step)
                        try await database.write {
                            try $0.execute(
                                "INSERT INTO told (name, at, story, state, search) VALUES (\(name), \(step * 1000), \(story), '', \(story))"
                            )
                        }
                        if step % 2 == 1 {
                            try await database.write {
                                try $0.execute("UPDATE told SET story = NULL, search = '' WHERE name = \(name)")
                            }
                        }
                    }
                }
            }
            group.addTask { for _ in 0..<10 { _ = try await database.scrub(sealed: [], isQuiet: false) } }
            try await group.waitForAll()
        }
        #expect(try await database.scrub(sealed: [], isQuiet: false))
        let gone = (0..<4).flatMap { writer in (0..<200).filter { $0 % 2 == 1 }.map { Self.word(writer * 1000 + $0) } }
        #expect(try Self.count(of: gone, in: path) == 0)
        #expect(try await database.read { try $0.count("SELECT count(*) FROM told WHERE story IS NOT NULL") } == 400)
        let soundness = try await database.read { try $0.rows("PRAGMA integrity_check") { try $0(0, as: String.self) } }
        #expect(soundness == ["ok"])
        await database.close()
    }
}
