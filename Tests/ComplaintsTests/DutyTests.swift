// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import Foundation
import Journal
import Storage
import Synchronization
import TestSupport
import Testing

/// What time does is done to each item alone, and to every one of them.
@Suite struct DutyTests {
    private final class Visits: Sendable {
        private let list = Mutex<[String]>([])
        func note(_ item: String) { list.withLock { $0.append(item) } }
        var taken: [String] {
            list.withLock { visited in
                defer { visited = [] }
                return visited
            }
        }
    }

    private let everything = DutyBook.Items("area_digest", key: "entry", where: "1 = 1")

    private func city(_ engine: Engine, items: Int) async throws -> TestCity {
        let city = try await TestCity(engine)
        try await city.journal.operate { transaction in
            for item in 0..<items {
                try transaction.execute("INSERT INTO area_digest (entry, sent_at) VALUES (\(String(format: "i%05d", item)), 0)")
            }
        }
        return city
    }

    @Test("However many there are, each has its turn in one round, and none a second one for nothing", arguments: TestDatabase.engines)
    func all(engine: Engine) async throws {
        let city = try await city(engine, items: 1_201)
        let book = DutyBook(journal: city.journal)
        let visits = Visits()
        for expected in [1_201, 0] {
            try await book.each("count", everything) { item in
                visits.note(item)
                return nil
            }
            let taken = visits.taken
            #expect(taken.count == expected && Set(taken).count == expected)
        }
    }

    @Test("One that fails stops no other, and is tried again after growing pauses", arguments: TestDatabase.engines)
    func alone(engine: Engine) async throws {
        let city = try await city(engine, items: 3)
        let book = DutyBook(journal: city.journal)
        let visits = Visits()
        func round() async throws -> Int {
            try await book.each("fail", everything) { item in
                visits.note(item)
                if item == "i00000" { throw Problem.notFound }
                return nil
            }
        }
        #expect(try await round() == 1)
        #expect(visits.taken == ["i00000", "i00001", "i00002"])
        #expect(try await round() == 1)
        #expect(visits.taken.isEmpty)
        city.clock.set("2026-11-02T09:03:00+07:00")
        #expect(try await round() == 1)
        #expect(visits.taken == ["i00000"])
        city.clock.set("2026-11-02T09:06:00+07:00")
        _ = try await round()
        #expect(visits.taken.isEmpty)
    }

    @Test("What is to be looked at again is, on its time and not before", arguments: TestDatabase.engines)
    func again(engine: Engine) async throws {
        let city = try await city(engine, items: 1)
        let book = DutyBook(journal: city.journal)
        let visits = Visits()
        let tomorrow = city.clock.now.adding(seconds: 86_400)
        func round() async throws {
            try await book.each("again", everything) { item in
                visits.note(item)
                return tomorrow
            }
        }
        try await round()
        try await round()
        #expect(visits.taken.count == 1)
        city.clock.set("2026-11-03T09:00:00+07:00")
        try await round()
        #expect(visits.taken.count == 1)
    }

    @Test("A dossier that cannot be read stops no clock of the others", arguments: TestDatabase.engines)
    func unreadable(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let (first, second) = (try await staffed.forwarded().docket, try await staffed.forwarded().docket)
        let broken = min(first, second)
        try await staffed.city.journal.operate { try $0.execute("UPDATE complaint SET clock = 'torn' WHERE docket = \(broken)") }
        staffed.city.clock.set("2026-12-20T09:00:00+07:00")
        try await staffed.complaints.keepTime()
        let rungs = try await staffed.city.journal.read {
            try $0.rows("SELECT DISTINCT docket FROM escalation") { try $0(0, as: String.self) }
        }
        #expect(rungs == [max(first, second)])
    }

    @Test("A case that is not touched climbs the ladder day by day", arguments: TestDatabase.engines)
    func ladder(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.forwarded().docket
        func rungs() async throws -> Int {
            try await staffed.city.journal.read { try $0.count("SELECT count(*) FROM escalation WHERE docket = \(docket)") }
        }
        staffed.city.clock.set("2026-11-23T09:00:00+07:00")
        try await staffed.complaints.keepTime()
        let first = try await rungs()
        staffed.city.clock.set("2026-12-23T09:00:00+07:00")
        try await staffed.complaints.keepTime()
        #expect(first > 0)
        #expect(try await rungs() > first)
    }
}
