// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Foundation
import Journal
import Notifications
import Storage
import TestSupport
import Testing

/// Reports that come by counter, letter and SMS. Monday 2 November 2026, 09.00.
@Suite struct IntakeTests {
    @Test("A letter counts from the day on which it was received, under its agenda number", arguments: TestDatabase.engines)
    func letter(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var report = staffed.city.report()
        report.channel = "letter"
        report.contact = .phone("+6281234567890")
        let friday = try #require(CivilDate("2026-10-30"))
        let person = Identifier(at: staffed.city.clock.now)
        let problem = await #expect(throws: Problem.self) {
            try await staffed.complaints.file(report, person: person, received: friday, key: "a", by: staffed.screener)
        }
        #expect(problem?.fields.map(\.name) == ["reference"])
        report.reference = "005/1234/2026"
        let receipt = try await staffed.complaints.file(report, person: person, received: friday, key: "a", by: staffed.screener)
        let again = try await staffed.complaints.file(
            report,
            person: Identifier(at: staffed.city.clock.now),
            received: friday,
            key: "a",
            by: staffed.screener
        )
        #expect(again == receipt, "sent twice is one case with one key")
        let complaint = try await staffed.find(receipt.docket)
        #expect(complaint.stage == .received, "an officer vouches for the contact")
        #expect(complaint.filedAt.date(in: staffed.city.city.zone) == friday)
        #expect(complaint.resolutionDue?.date(in: staffed.city.city.zone).description == "2026-11-19")
        #expect(complaint.reference == "005/1234/2026")
        #expect(staffed.complaints.holds(receipt.key, of: complaint))
        var filter = ComplaintFilter(.desk(agency: nil, districts: []))
        filter.words = "005 1234"
        #expect(try await staffed.complaints.list(filter).map(\.docket) == [receipt.docket], "found by its agenda number")
    }

    @Test("A day of receipt in the future or long ago is refused", arguments: ["2026-11-03", "2026-08-01"])
    func wrongDay(day: String) async throws {
        let staffed = try await ComplaintTests.Staffed(.sqlite)
        var report = staffed.city.report()
        report.channel = "counter"
        let problem = await #expect(throws: Problem.self) {
            try await staffed.complaints.file(
                report,
                person: Identifier(at: staffed.city.clock.now),
                received: try #require(CivilDate(day)),
                key: "a",
                by: staffed.screener
            )
        }
        #expect(problem?.fields.map(\.name) == ["received"])
    }

    @Test("A report by SMS becomes a case once, and what follows belongs to it", arguments: TestDatabase.engines)
    func shortMessages(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let sms = { (text: String, id: String) in try await staffed.complaints.receive(text, from: "081234567890", id: id) ?? "" }
        let answer = try await sms("Lapor lubang besar di Jl Merdeka, Melati", "1")
        let docket = try #require(answer.split(whereSeparator: { " ,.".contains($0) }).first { $0.hasPrefix("LPR-") }).description
        #expect(try await sms("Lapor lubang besar di Jl Merdeka, Melati", "1").contains(docket), "the same message is taken once")
        let complaint = try await staffed.find(docket)
        #expect(complaint.category == "lubang")
        #expect(complaint.subdistrict.map { staffed.city.city.regions[$0]?.name } == "Melati")
        #expect(complaint.stage == .received)
        #expect(try await sms("di depan SD 3", "2") == "Ditambahkan ke \(docket), hanya dibaca petugas. Terima kasih.")
        let told = try await staffed.complaints.timeline(of: complaint, isPrivate: true, isStaff: true).compactMap(\.text)
        #expect(told == ["di depan SD 3"])
        #expect(try await sms("cek \(docket.lowercased().replacing("-", with: " "))", "3").hasPrefix("\(docket): Diterima. Dinas PU."))
        #expect(try await sms("STOP", "4") == "0 langganan dihentikan.")
        #expect(try await sms("IKUT LPR-26-AAAA-AAA", "5").contains("tidak ditemukan"))
        #expect(try await sms("LAPOR hai", "6").contains("paling sedikit 10 huruf"))
        #expect(answer.utf8.count <= 160)
    }

    @Test("Who writes without any open case is told how; a number that is none gets no answer")
    func strangers() async throws {
        let staffed = try await ComplaintTests.Staffed(.sqlite)
        #expect(try await staffed.complaints.receive("halo", from: "081200000001", id: "1")?.hasPrefix("LAPOR masalah") == true)
        #expect(try await staffed.complaints.receive("HELP", from: "081200000001", id: "2")?.hasPrefix("REPORT problem") == true)
        #expect(try await staffed.complaints.receive("halo", from: "PROMO", id: "3") == nil)
    }

    @Test(
        "My reports: those made and confirmed with a contact of mine",
        arguments: TestDatabase.engines
    )
    func ownCases(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var report = staffed.city.report()
        report.contact = .mail("a@contoh.example")
        let docket = try await staffed.proven(report).docket
        _ = try await staffed.city.file()
        // Confirmed by whoever reads the mail, who need not be the reporter.
        let stranger = try await staffed.city.file(report, isTrusted: false)
        try await staffed.complaints.confirm(stranger.docket, code: try await staffed.code(for: stranger.docket))
        #expect(try await staffed.complaints.ownCases(of: [.mail("lain@contoh.example")]).isEmpty)
        let found = try await staffed.complaints.ownCases(of: [.phone("+6281200000001"), .mail("a@contoh.example")])
        #expect(found.map(\.docket) == [docket], "anybody can write somebody else's contact; only what was confirmed is shown")
        #expect(try await staffed.complaints.belongs(docket, to: [.mail("a@contoh.example")]))
        for (docket, contact) in [(docket, "lain@contoh.example"), (stranger.docket, "a@contoh.example")] {
            #expect(try await staffed.complaints.belongs(docket, to: [.mail(contact)]) == false)
        }
    }

    @Test("A blocked contact cannot file online for a while; the counter can still file for it", arguments: TestDatabase.engines)
    func blocked(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var report = staffed.city.report()
        report.contact = .phone("+6281234567890")
        let docket = try await staffed.city.file(report, isTrusted: false).docket
        await #expect(throws: Problem.self) { try await staffed.complaints.blockContact(docket, reason: "x", by: staffed.worker) }
        try await staffed.complaints.blockContact(docket, reason: "Ancaman berulang", by: staffed.screener)
        let problem = await #expect(throws: Problem.self) { try await staffed.city.file(report, isTrusted: false) }
        #expect(problem?.code == "contact.blocked")
        _ = try await staffed.city.file(report, isTrusted: true)
        let block = try #require(try await staffed.complaints.blocks().first)
        try await staffed.complaints.unblock(block.entry, by: staffed.screener)
        _ = try await staffed.city.file(report, isTrusted: false)
    }

    @Test("An office outside answers by its link, in the open, without an account", arguments: TestDatabase.engines)
    func outside(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.forwarded().docket
        try await staffed.complaints.forwardOutside(
            docket,
            to: "PLN UP3",
            mail: "pln@contoh.example",
            text: "Mohon dicek",
            by: staffed.worker
        )
        let tag = try SubscriptionTests.link("jawab", in: try #require(try await staffed.sentMessages().first).body)[1].split(
            separator: "?"
        )[0]
        await #expect(throws: Problem.self) {
            try await staffed.complaints.answerFromOutside(docket, office: "PLN UP4", tag: String(tag), text: "Sudah")
        }
        try await staffed.complaints.answerFromOutside(docket, office: "PLN UP3", tag: String(tag), text: "Tiang diganti besok.")
        let complaint = try await staffed.find(docket)
        let event = try await staffed.complaints.timeline(of: complaint, isPrivate: false, isStaff: false).last
        #expect(event?.text == "Tiang diganti besok.")
        #expect(event?.facts["office"]?.string == "PLN UP3")
    }

    @Test("Personal data goes when its time is over, and not a day before; the record stays", arguments: TestDatabase.engines)
    func retention(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let withdrawn = try await staffed.city.file().docket
        let open = try await staffed.city.file().docket
        try await staffed.complaints.withdraw(withdrawn)
        staffed.city.clock.set("2027-11-02T08:00:00+07:00")
        try await staffed.complaints.doDuties()
        #expect(try await staffed.find(withdrawn).story != nil)
        staffed.city.clock.set("2027-11-02T09:00:01+07:00")
        try await staffed.complaints.doDuties()
        try await staffed.complaints.doDuties()
        #expect(try await staffed.find(withdrawn).story == nil)
        #expect(try await staffed.find(open).story != nil)
        let erased = try await staffed.city.journal.read { try $0.count("SELECT count(*) FROM entry WHERE kind = 'person.erased'") }
        #expect(erased == 1)
    }

    @Test("Where the city has not said for how long, nothing goes by time; who wishes it gone has it gone", arguments: TestDatabase.engines)
    func noRetention(engine: Engine) async throws {
        let city = try await TestCity(engine, pack: "medan")
        #expect(city.city.complaints.retention == nil)
        var report = Report()
        report.category = "jalan-berlubang"
        report.answers = ["ukuran": "besar"]
        report.story = "Lubang besar di tengah jalan, dua orang jatuh minggu ini."
        report.district = "12.71.01"
        report.subdistrict = "12.71.01.1001"
        report.address = "Jalan Merdeka, depan halte"
        report.contact = .phone("+6281200000001")
        let docket = try await city.file(report).docket
        try await city.complaints.withdraw(docket)
        city.clock.set("2066-11-02T09:00:01+07:00")
        try await city.complaints.doDuties()
        #expect(try await city.complaints.find(docket)?.story != nil)
        try await city.complaints.erase(docket, by: .resident, basis: "UU 27/2022 ps. 8")
        #expect(try await city.complaints.find(docket)?.story == nil)
    }
}
