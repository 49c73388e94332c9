// SPDX-License-Identifier: EUPL-1.2

import Bookings
import Definitions
import Essentials
import Fees
import Forms
import Foundation
import Identity
import Journal
import Notifications
import Services
import Storage
import TestSupport
import Testing

@Suite("Times that are booked")
struct BookingTests {
    /// The clock of the test city stands at Monday, 2 November 2026, 09:00.
    private static func file(_ city: TestCity, _ slot: String, service code: String = "sewa-gelanggang") async throws -> String {
        let service = try #require(city.city.services[code])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: ["waktu": .string(slot), "nama": "Warga", "kontak": "+6281200000001"])
        return try await city.services.file(draft, service, token: token, clerk: nil).docket
    }

    private static func refusal(_ city: TestCity, _ slot: String) async -> String? {
        do {
            _ = try await file(city, slot)
            return nil
        } catch let problem as Problem {
            return problem.fields.first?.message.en
        } catch {
            return "\(error)"
        }
    }

    private static func venue(_ city: TestCity, _ code: String = "gelanggang") throws -> Venue {
        try #require(city.city.venues.first { $0.code == code })
    }

    private static func free(
        _ city: TestCity,
        _ resource: String,
        _ day: String,
        minutes: Int = 60,
        weeks: Int = 1
    ) async throws -> [String] {
        let venue = try venue(city)
        let choices = try await city.bookings.choices(
            try #require(venue.resource(resource)),
            of: venue,
            on: try #require(CivilDate(day)),
            minutes: minutes,
            weeks: weeks
        )
        return choices.map { $0.slot.description }
    }

    @Test("A time is billed and kept at once, and is nobody else's from then on", arguments: TestDatabase.engines)
    func booked(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.file(city, "lapangan_a@2026-11-03T08:00/60")
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        #expect(found.progress.stage == "menunggu_bayar")
        #expect(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.map(\.amount) == [40_000])
        #expect(await Self.refusal(city, "lapangan_a@2026-11-03T08:00/60")?.contains("3 Nov 08:00–09:00: booked already") == true)
        #expect(await Self.refusal(city, "lapangan_b@2026-11-03T08:00/60") == nil, "the other court is free")
    }

    @Test("Whoever has a part keeps others out of the whole, and the other way round", arguments: TestDatabase.engines)
    func hierarchy(engine: Engine) async throws {
        let city = try await TestCity(engine)
        _ = try await Self.file(city, "lapangan_a@2026-11-03T10:00/60")
        #expect(await Self.refusal(city, "aula@2026-11-03T10:00/60") != nil)
        #expect(await Self.refusal(city, "aula@2026-11-03T12:00/120") == nil)
        #expect(await Self.refusal(city, "lapangan_b@2026-11-03T13:00/60") != nil)
    }

    @Test("What is kept free for cleaning is kept free, also for whoever comes before", arguments: TestDatabase.engines)
    func buffer(engine: Engine) async throws {
        let city = try await TestCity(engine)
        _ = try await Self.file(city, "lapangan_a@2026-11-03T10:00/60")
        let free = try await Self.free(city, "lapangan_a", "2026-11-03")
        #expect(!free.contains("lapangan_a@2026-11-03T11:00/60") && free.contains("lapangan_a@2026-11-03T12:00/60"))
        #expect(!free.contains("lapangan_a@2026-11-03T09:00/60"), "its own quarter of an hour would run into the next booking")
        #expect(free.contains("lapangan_a@2026-11-03T08:00/60"))
    }

    @Test("A crowd that wants one time: one has it, the others are told", arguments: TestDatabase.engines)
    func crowd(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let slots = ["aula@2026-11-04T08:00/120", "lapangan_a@2026-11-04T09:00/60", "lapangan_b@2026-11-04T08:00/120"]
        let refusals = await withTaskGroup(of: String?.self) { group in
            for index in 0..<48 { group.addTask { await Self.refusal(city, slots[index % 3]) } }
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        let won = refusals.count { $0 == nil }
        #expect(refusals.allSatisfy { $0 == nil || $0?.contains("booked already") == true }, "\(refusals.compactMap { $0 })")
        let cells = try await city.journal.read {
            try $0.rows("SELECT unit, starts_at, docket FROM booking_cell") { "\(try $0(0, as: String.self)) \(try $0(1, as: Int.self))" }
        }
        #expect(Set(cells).count == cells.count && (1...2).contains(won), "the hall once, or each of its courts once")
    }

    @Test("One contact holds five bookings ahead that are not paid for; what is paid counts no more", arguments: TestDatabase.engines)
    func hoarding(engine: Engine) async throws {
        let city = try await TestCity(engine)
        var dockets: [String] = []
        for place in ["a@2026-11-03", "a@2026-11-04", "a@2026-11-05", "a@2026-11-06", "b@2026-11-03"] {
            dockets.append(try await Self.file(city, "lapangan_\(place)T10:00/60"))
        }
        #expect(await Self.refusal(city, "lapangan_b@2026-11-04T10:00/60")?.contains("holds 5 bookings") == true)
        let first = dockets[0]
        let bill = try #require(try await city.journal.read { try Fees.bills(of: first, in: $0) }.first)
        try await city.fees.take(bill.amount, for: bill.number, by: .qris, reference: "uji-1", actor: .system)
        #expect(await Self.refusal(city, "lapangan_b@2026-11-04T10:00/60") == nil)
    }

    @Test("A series leaves out what is taken and says why", arguments: TestDatabase.engines)
    func series(engine: Engine) async throws {
        let city = try await TestCity(engine)
        _ = try await Self.file(city, "lapangan_a@2026-11-10T08:00/60")
        let venue = try Self.venue(city)
        let choices = try await city.bookings.choices(
            try #require(venue.resource("lapangan_a")),
            of: venue,
            on: try #require(CivilDate("2026-11-03")),
            minutes: 60,
            weeks: 8
        )
        let first = try #require(choices.first)
        #expect(
            first.slot.starts.map { $0.day.description } == [
                "2026-11-03", "2026-11-17", "2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22",
            ]
        )
        #expect(first.leftOut.map { $0.reason.en } == ["booked already"])
        let docket = try await Self.file(city, first.slot.description)
        #expect(try await city.journal.read { try BookingOffice.bookings(of: docket, in: $0) }.count == 7)
        #expect(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.map(\.amount) == [280_000])
    }

    @Test(
        "A time outside the rules is refused, however it was sent",
        arguments: [
            ("lapangan_a@2026-11-02T09:00/60", "too soon"), ("lapangan_a@2026-11-08T08:00/60", "closed"),
            ("lapangan_a@2026-11-06T11:00/60", "closed"), ("lapangan_a@2026-11-03T19:00/120", "closed"),
            ("lapangan_a@2027-03-01T08:00/60", "not open yet"), ("lapangan_a@2026-11-03T08:30/60", "closed"),
            ("lapangan_a@2026-12-25T08:00/60", "Christmas"),
        ]
    )
    func outside(slot: String, reason: String) async throws {
        let city = try await TestCity(.sqlite)
        let said = await Self.refusal(city, slot)
        #expect(said?.contains(reason) == true, "\(said ?? "taken")")
    }

    @Test(
        "An answer that is no time of this venue is refused by the form",
        arguments: ["", "x", "ruang_konsultasi@2026-11-03T08:00/30", "lapangan_a@2026-11-03T08:00/45", "lapangan_a@2026-11-01T08:00/60"]
    )
    func malformed(slot: String) async throws {
        let city = try await TestCity(.sqlite)
        #expect(await Self.refusal(city, slot) != nil)
    }

    @Test("Not paid within its day, the time goes back; paid and cancelled in time, the money too", arguments: TestDatabase.engines)
    func givenBack(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let unpaid = try await Self.file(city, "lapangan_a@2026-11-05T08:00/60")
        let paid = try await Self.file(city, "lapangan_b@2026-11-10T08:00/60")
        let bill = try #require(try await city.journal.read { try Fees.bills(of: paid, in: $0) }.first)
        try await city.fees.take(40_000, for: bill.number, by: .qris, reference: "R", actor: .system)
        city.clock.set("2026-11-04T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await city.services.find(unpaid)?.serviceCase.progress.stage == "gugur")
        #expect(try await Self.free(city, "lapangan_a", "2026-11-05").contains("lapangan_a@2026-11-05T08:00/60"))
        try await city.services.act("batalkan", on: paid, key: "1", by: .applicant)
        let cancelled = try #require(try await city.journal.read { try Fees.bills(of: paid, in: $0) }.first)
        #expect(cancelled.isCancelled && cancelled.excess == 40_000)
        #expect(try await Self.free(city, "lapangan_b", "2026-11-10").contains("lapangan_b@2026-11-10T08:00/60"))
    }

    @Test(
        "Paid in time and told late: the case goes on and the time is booked again, unless somebody else has it by now",
        arguments: TestDatabase.engines
    )
    func toldLate(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let kept = try await Self.file(city, "lapangan_a@2026-11-10T08:00/60")
        let lost = try await Self.file(city, "lapangan_a@2026-11-10T11:00/60")
        let late = try await Self.file(city, "lapangan_a@2026-11-10T14:00/60")
        func bill(_ docket: String) async throws -> Bill {
            let bills = try await city.journal.read { try Fees.bills(of: docket, in: $0) }
            guard let first = bills.first else { throw Problem.notFound }
            return first
        }
        city.clock.set("2026-11-05T09:00:00+07:00")
        try await city.services.doDuties()
        _ = try await Self.file(city, "lapangan_a@2026-11-10T11:00/60")
        for (docket, day) in [(kept, "2026-11-02"), (lost, "2026-11-02"), (late, "2026-11-05")] {
            let fallen = try await bill(docket)
            #expect(fallen.isCancelled)
            try await city.fees.take(40_000, for: fallen.number, by: .transfer, reference: docket, on: CivilDate(day), actor: .system)
        }
        let paid = try await bill(kept)
        #expect(paid.isSettled && paid.excess == 0)
        #expect(try await city.services.find(kept)?.serviceCase.progress.status != .closed)
        #expect(try await !Self.free(city, "lapangan_a", "2026-11-10").contains("lapangan_a@2026-11-10T08:00/60"))
        for docket in [lost, late] {
            #expect(try await city.services.find(docket)?.serviceCase.progress.stage == "gugur")
            #expect(try await bill(docket).excess == 40_000, "it is given back")
        }
        #expect(try await city.journal.read { try Fees.balances(in: $0) }.reduce(0) { $0 + $1.amount } == 0)
    }

    @Test("Moving takes the new time and gives the old one back, in one go", arguments: TestDatabase.engines)
    func moved(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("dewi", agency: "pu", roles: [.officer])
        let docket = try await Self.file(city, "lapangan_a@2026-11-05T08:00/60")
        let bill = try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
        try await city.fees.take(40_000, for: bill.number, by: .qris, reference: "R", actor: .system)
        _ = try await Self.file(city, "lapangan_a@2026-11-05T15:00/60")
        func move(_ slot: String, key: String) async throws {
            let answers = Answers(json: ["waktu_baru": .string(slot)])
            try await city.services.act("pindah", on: docket, answers: answers, note: "Lampu diperbaiki", key: key, by: .officer(officer))
        }
        await #expect(throws: Problem.self) { try await move("lapangan_a@2026-11-05T15:00/60", key: "1") }
        #expect(
            try await !Self.free(city, "lapangan_a", "2026-11-05").contains("lapangan_a@2026-11-05T08:00/60"),
            "a refused move gives nothing back"
        )
        // An hour later: its own earlier time is not in its way.
        try await move("lapangan_a@2026-11-05T09:00/60", key: "2")
        let now = try await city.journal.read { try BookingOffice.bookings(of: docket, in: $0) }
        #expect(now.map { $0.starts.rfc3339(in: city.city.zone) } == ["2026-11-05T09:00:00+07:00"])
        // Two days before its new time, not its old one.
        city.clock.set("2026-11-04T09:00:00+07:00")
        await #expect(throws: Problem.self) { try await city.services.act("batalkan", on: docket, key: "3", by: .applicant) }
    }

    @Test("What is closed cannot be booked; what was booked there is told to the officer", arguments: TestDatabase.engines)
    func closed(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("dewi", agency: "pu", roles: [.officer])
        let stranger = try await city.officer("asing", agency: "kominfo", roles: [.officer])
        let venue = try Self.venue(city)
        let docket = try await Self.file(city, "lapangan_a@2026-11-05T08:00/60")
        let (start, end) = try (#require(Slot("a@2026-11-05T07:00/15")?.starts[0]), #require(Slot("a@2026-11-05T12:00/15")?.starts[0]))
        let hall = try #require(venue.resource("aula"))
        await #expect(throws: Problem.self) {
            try await city.bookings.close(hall, of: venue, from: start, until: end, reason: "x", by: stranger)
        }
        let hit = try await city.bookings.close(hall, of: venue, from: start, until: end, reason: "Atap bocor", by: officer)
        #expect(hit.map(\.docket) == [docket])
        #expect(await Self.refusal(city, "lapangan_b@2026-11-05T09:00/60")?.contains("Atap bocor") == true)
        #expect(await Self.refusal(city, "lapangan_b@2026-11-05T14:00/60") == nil)
        let closure = try #require(try await city.bookings.closures(of: venue).first)
        try await city.bookings.reopen(closure.id, of: venue, by: officer)
        #expect(await Self.refusal(city, "lapangan_b@2026-11-05T09:00/60") == nil)
    }

    @Test("A reminder goes out once, the day before", arguments: TestDatabase.engines)
    func reminded(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.file(city, "lapangan_a@2026-11-05T08:00/60")
        let bill = try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
        try await city.fees.take(40_000, for: bill.number, by: .qris, reference: "R", actor: .system)
        _ = try await city.sentMessages()
        for (time, count) in [("2026-11-04T07:59:00", 0), ("2026-11-04T08:01:00", 1), ("2026-11-04T08:02:00", 0)] {
            city.clock.set("\(time)+07:00")
            try await city.services.doDuties()
            #expect(
                try await city.sentMessages().count { $0.body.contains("pengingat: Lapangan A, Kamis, 5 November 2026 08.00") } == count
            )
        }
    }

    @Test("Replaying the journal marks the same cells", arguments: TestDatabase.engines)
    func replay(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let docket = try await Self.file(city, "aula@2026-11-05T08:00,2026-11-12T08:00/120")
        _ = try await Self.file(city, "lapangan_a@2026-11-10T08:00/60")
        try await city.services.act("batal", on: docket, key: "1", by: .applicant)
        _ = try await Self.file(city, "lapangan_b@2026-11-05T08:00/60")
        func tables() async throws -> [String] {
            try await city.journal.read { snapshot in
                try snapshot.rows("SELECT unit, starts_at, place, docket FROM booking_cell") { "\($0.values)" }.sorted()
                    + snapshot.rows("SELECT docket, resource, starts_at, is_released FROM booking") { "\($0.values)" }.sorted()
            }
        }
        let before = try await tables()
        try await city.journal.rebuild()
        #expect(try await tables() == before && before.count == 14)
    }

    @Test(
        "Of a confidential venue nothing about time and place stands in the public log, and its rooms are shared",
        arguments: TestDatabase.engines
    )
    func confidential(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let venue = try Self.venue(city, "konsultasi")
        let slot = try #require(Slot("ruang_konsultasi@2026-11-03T08:00/30"))
        func reserve(_ docket: String) async throws {
            try await city.journal.commit {
                try city.bookings.reserve(slot, of: venue, for: docket, question: "waktu", by: .resident, in: $0)
            }
        }
        try await reserve("A")
        try await reserve("B")
        await #expect(throws: Problem.self) { try await reserve("C") }
        let leaves = try await city.journal.read { snapshot in
            try snapshot.rows("SELECT leaf FROM entry WHERE kind = 'booking.made'") {
                String(decoding: try $0(0, as: [UInt8].self), as: UTF8.self)
            }
        }
        #expect(
            leaves.count == 2
                && leaves.allSatisfy {
                    !$0.contains("ruang_konsultasi") && !$0.contains("\(slot.starts[0].instant(in: city.city.zone).milliseconds)")
                }
        )
        try await city.journal.rebuild()
        #expect(try await city.journal.read { try $0.count("SELECT count(*) FROM booking_cell") } == 4)
    }
}

@Suite("Slots as text")
struct SlotTests {
    @Test("A slot is written and read back")
    func roundTrip() throws {
        let text = "gor_a@2026-12-01T08:00,2026-12-08T08:00/120"
        let slot = try #require(Slot(text))
        #expect(slot.description == text && slot.starts.count == 2 && slot.hours.weekday == 4 && slot.hours.weekend == 0)
        #expect(slot.times(.indonesian)[0] == "Selasa, 1 Desember 2026, 08.00–10.00")
        #expect(Slot("gor_a@2026-12-05T08:00/30")?.hours.weekend == Decimal(string: "0.5"))
    }

    @Test(
        "What is none is none",
        arguments: [
            "", "@", "a@/60", "a@2026-12-01T08:00/", "a@2026-12-01T08:00/0", "a@2026-12-01T25:00/60", "a@2026-12-01T24:00/60",
            "a@2026-12-08T08:00,2026-12-01T08:00/60", "a@2026-12-01T08:00,2026-12-01T08:00/60", "a@2026-12-01T08:00,/60",
            "A@2026-12-01T08:00/60",
            "a@2026-02-30T08:00/60", "a@2026-12-01T8:00/60",
        ]
    )
    func refused(text: String) { #expect(Slot(text) == nil) }

    @Test("No text makes the reader trap")
    func fuzz() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("ab_@T:,-/0123456789")
        for _ in 0..<20_000 {
            let text = String((0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
            if let slot = Slot(text) { #expect(Slot(slot.description) == slot) }
        }
    }
}
