// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import Foundation
import Identity
import Notifications
import Storage
import TestSupport
import Testing

/// Acts of the desk, one by one. Monday 2 November 2026, 09.00.
@Suite struct DeskActTests {
    @Test("A head extends the deadline once, with a reason that the reporter is told", arguments: TestDatabase.engines)
    func extending(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var report = staffed.city.report()
        report.contact = .mail("a@contoh.example")
        let docket = try await staffed.city.file(report).docket
        try await staffed.complaints.verify(docket, by: staffed.screener)
        let before = try #require(try await staffed.find(docket).resolutionDue)
        await #expect(throws: Problem.self) {
            try await staffed.complaints.extend(docket, days: 5, reason: "Menunggu aspal", by: staffed.worker)
        }
        try await staffed.complaints.extend(docket, days: 5, reason: "Menunggu aspal", by: staffed.head)
        let after = try #require(try await staffed.find(docket).resolutionDue)
        let calendar = staffed.city.city.calendar
        #expect(calendar.workingDays(from: before.date(in: calendar.zone), to: after.date(in: calendar.zone)) == 5)
        #expect(try await staffed.sentMessages().last?.body.contains("diperpanjang 5 hari") == true)
        await #expect(throws: Problem.self) {
            try await staffed.complaints.extend(docket, days: 5, reason: "Lagi", by: staffed.head)
        }
    }

    @Test("A deadline that has passed is not extended any more", arguments: TestDatabase.engines)
    func extendingTooLate(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.forwarded().docket
        let due = try #require(try await staffed.find(docket).resolutionDue)
        staffed.city.clock.set("2027-01-04T09:00:00+07:00")
        let problem = await #expect(throws: Problem.self) {
            try await staffed.complaints.extend(docket, days: 5, reason: "Menunggu aspal", by: staffed.head)
        }
        #expect(problem?.code == "complaint.overdue")
        #expect(try await staffed.find(docket).resolutionDue == due)
    }

    @Test("An agency sends back what is not its own; it is read again, and the clock keeps running", arguments: TestDatabase.engines)
    func sendingBack(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.forwarded().docket
        let due = try await staffed.find(docket).resolutionDue
        try await staffed.complaints.sendBack(docket, reason: "Jalan nasional", by: staffed.worker)
        let complaint = try await staffed.find(docket)
        #expect(complaint.stage == .received)
        #expect(complaint.agency == "kominfo")
        #expect(complaint.resolutionDue == due)
    }

    @Test("Another kind is routed anew and names its rule; what has run of the clock stays", arguments: TestDatabase.engines)
    func recategorising(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.city.file().docket
        staffed.city.clock.set("2026-11-03T09:00:00+07:00")
        try await staffed.complaints.recategorise(docket, to: "sampah", by: staffed.screener)
        let complaint = try await staffed.find(docket)
        #expect(complaint.category == "sampah")
        #expect(complaint.agency == "kebersihan")
        #expect(complaint.rule == 1)
        #expect(complaint.clock.promises["resolution"]?.start == complaint.filedAt)
        await #expect(throws: Problem.self) { try await staffed.complaints.recategorise(docket, to: "tidak-ada", by: staffed.screener) }
    }

    @Test("A reporter withdraws; the case is closed as withdrawn and nothing more is due", arguments: TestDatabase.engines)
    func withdrawing(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.forwarded().docket
        try await staffed.complaints.withdraw(docket)
        let complaint = try await staffed.find(docket)
        #expect(complaint.stage == .closed)
        #expect(complaint.outcome == .withdrawn)
        #expect(complaint.nextDue == nil)
        await #expect(throws: Problem.self) { try await staffed.complaints.reply(docket, text: "Baik", by: staffed.screener) }
    }

    @Test("Two who edit the public text do not overwrite each other", arguments: TestDatabase.engines)
    func conflict(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.city.file().docket
        let seen = try #require(try await staffed.find(docket).story)
        try await staffed.complaints.redact(docket, story: "Suntingan pertama.", seen: seen, keeping: [], by: staffed.screener)
        await #expect(throws: Problem.self) {
            try await staffed.complaints.redact(docket, story: "Suntingan kedua.", seen: seen, keeping: [], by: staffed.screener)
        }
        #expect(try await staffed.find(docket).story == "Suntingan pertama.")
    }

    @Test("Only those who are three times overdue are in that list", arguments: TestDatabase.engines)
    func thrice(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let old = try await staffed.forwarded().docket
        staffed.city.clock.set("2026-12-10T09:00:00+07:00")
        _ = try await staffed.forwarded()
        func found(_ time: String) async throws -> [String] {
            var filter = ComplaintFilter(.desk(agency: nil, districts: []))
            filter.isOpen = true
            filter.thriceOverdueAt = Instant(rfc3339: time)
            return try await staffed.complaints.list(filter).map(\.docket)
        }
        #expect(try await found("2026-12-10T09:00:00+07:00").isEmpty)
        #expect(try await found("2027-01-06T09:00:00+07:00") == [old])
    }

    @Test("Who stands in for a head is told of what is late, and listed with the dates", arguments: TestDatabase.engines)
    func acting(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let today = try #require(CivilDate("2026-11-02"))
        let dates = today...today.adding(days: 3)
        let appointment = Accounts.Appointment(staffed.worker.account, at: "pu", as: .plh, order: "800/1", on: dates)
        try await staffed.city.accounts.appointActing(appointment, by: staffed.head.actor)
        #expect(try await staffed.city.accounts.heads(on: today)["pu"]?.account == staffed.worker.account)
        #expect(try await staffed.city.accounts.heads(on: today.adding(days: 4))["pu"]?.account == staffed.head.account)
        #expect(try await staffed.city.accounts.actingOfficials(from: today).map(\.agency) == ["pu"])
        #expect(try await staffed.city.accounts.actingOfficials(from: today.adding(days: 4)).isEmpty)
    }
}
