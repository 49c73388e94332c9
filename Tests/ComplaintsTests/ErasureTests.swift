// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Foundation
import Journal
import Logging
import Notifications
import Storage
import TestSupport
import Testing

/// What an erasure takes along besides the key. Monday 2 November 2026, 09.00.
@Suite("Erased with the reporter")
struct ErasureTests {
    private static func count(_ staffed: ComplaintTests.Staffed, _ sql: SQL) async throws -> Int {
        try await staffed.city.journal.read { try $0.count(sql) }
    }

    @Test("What an officer left of somebody's words is as sealed as the words themselves", arguments: TestDatabase.engines)
    func redacted(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.city.file().docket
        try await staffed.complaints.redact(docket, story: "Lubang di depan rumah Sinaga.", keeping: [], by: staffed.screener)
        #expect(try await staffed.find(docket).story == "Lubang di depan rumah Sinaga.")
        #expect(try await Self.count(staffed, "SELECT count(*) FROM entry WHERE inner_part LIKE '%Sinaga%'") == 0)
        try await staffed.complaints.withdraw(docket)
        try await staffed.complaints.erase(docket, by: .resident, basis: "x")
        let live = try await staffed.dump()
        #expect(!live.contains("Sinaga"))
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
    }

    @Test(
        "Drafts and messages about the case go in the same act; whose contact was merely written into it loses nothing",
        arguments: TestDatabase.engines
    )
    func passing(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var report = staffed.city.report()
        report.contact = try #require(Report.Contact("siti@contoh.example"))
        let person = Identifier(at: staffed.city.clock.now)
        let docket = try await staffed.complaints.file(report, person: person, key: "satu").docket
        try await staffed.complaints.save(Complaints.Draft(person: person, report: report), token: "satu")
        try await staffed.complaints.askToSubscribe(to: .area("99.01.01"), contact: "siti@contoh.example", language: .english)
        _ = try await staffed.complaints.newDraft(language: .english)
        #expect(try await Self.count(staffed, "SELECT count(*) FROM outbox WHERE sealed IS NOT NULL") == 2)
        try await staffed.complaints.withdraw(docket)
        try await staffed.complaints.erase(docket, by: .resident, basis: "x")
        let left = try await staffed.sentMessages()
        #expect(left.map(\.recipient) == ["siti@contoh.example"] && left.allSatisfy { !$0.body.contains(docket) })
        #expect(try await Self.count(staffed, "SELECT count(*) FROM complaint_draft") == 1)
        #expect(try await Self.count(staffed, "SELECT count(*) FROM subscription_request") == 1)
        #expect(try await staffed.city.journal.unfinishedErasures() == 1, "its bytes are still to be overwritten")
        #expect(try await staffed.city.journal.finishErasures(isQuiet: true, in: []))
        #expect(try await staffed.city.journal.unfinishedErasures() == 0)
    }

    @Test("Whoever agreed to news and stops takes along what else was asked for from there", arguments: TestDatabase.engines)
    func watchers(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.forwarded().docket
        try await staffed.complaints.follow(docket, contact: "siti@contoh.example", language: .english)
        for contact in ["siti@contoh.example", "lain@contoh.example"] {
            try await staffed.complaints.askToSubscribe(to: .area("99.01.01"), contact: contact, language: .english)
        }
        try await staffed.complaints.reply(docket, text: "Besok.", by: staffed.worker)
        #expect(try await staffed.complaints.stopAll(contact: "siti@contoh.example") == 1)
        #expect(try await staffed.sentMessages().map(\.recipient) == ["lain@contoh.example"])
        #expect(try await Self.count(staffed, "SELECT count(*) FROM subscription_request") == 1)
    }

    @Test("Whoever is erased is told, of what and on what ground; a contact that nobody confirmed is not", arguments: TestDatabase.engines)
    func told(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var report = staffed.city.report()
        report.contact = .mail("pelapor@contoh.example")
        let proven = try await staffed.proven(report).docket
        let unproven = try await staffed.city.file(report, isTrusted: false).docket
        try await staffed.complaints.withdraw(proven)
        try await staffed.complaints.withdraw(unproven)
        _ = try await staffed.sentMessages()
        for docket in [proven, unproven] { try await staffed.complaints.erase(docket, by: .resident, basis: "UU 27/2022 ps. 8") }
        let told = try await staffed.sentMessages()
        #expect(told.map(\.recipient) == ["pelapor@contoh.example"])
        #expect(told.first?.body.contains("laporan \(proven)") == true && told.first?.body.contains("UU 27/2022 ps. 8") == true)
    }

    @Test("With everything of a resident’s go the reports that have ended; those that are handled stay", arguments: TestDatabase.engines)
    func ended(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var report = staffed.city.report()
        report.contact = .mail("pelapor@contoh.example")
        let ended = try await staffed.proven(report).docket
        let open = try await staffed.proven(report).docket
        let unproven = try await staffed.city.file(report, isTrusted: false).docket
        report.contact = .mail("lain@contoh.example")
        let another = try await staffed.proven(report).docket
        for docket in [ended, unproven, another] { try await staffed.complaints.withdraw(docket) }
        // However long ago it ended.
        staffed.city.clock.set("2028-01-10T09:00:00+07:00")
        for _ in 0..<2 { try await staffed.complaints.eraseEnded(of: [.mail("pelapor@contoh.example")], basis: "UU 27/2022 ps. 8") }
        var left: [String] = []
        for docket in [ended, open, unproven, another] {
            let entries = try await staffed.city.journal.read { try staffed.city.journal.entries(of: "complaint/\(docket)", in: $0) }
            if entries.first?.personal != nil { left.append(docket) }
        }
        #expect(left == [open, unproven, another])
    }

    @Test("One letter for a contact and an erasure says all that was erased; an SMS stays one", arguments: TestDatabase.engines)
    func toldOnce(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        for contact in ["pelapor@contoh.example", "0812-0000-0001"] {
            var report = staffed.city.report()
            report.contact = try #require(Report.Contact(contact))
            let docket = try await staffed.proven(report).docket
            try await staffed.complaints.verify(docket, by: staffed.screener)
            try await staffed.complaints.split(docket, agency: "pu", text: "Bagian lain.", by: staffed.worker)
            let part = try await staffed.city.journal.read {
                try $0.find("SELECT docket FROM complaint WHERE parent = \(docket)") { try $0(0, as: String.self) }
            }
            for docket in [docket, part ?? ""] { try await staffed.complaints.withdraw(docket) }
            _ = try await staffed.sentMessages()
            try await staffed.complaints.erase(docket, by: .resident, basis: "UU 27/2022 ps. 8")
            let told = try await staffed.sentMessages()
            #expect(told.map(\.recipient) == [report.contact.address])
            let body = try #require(told.first?.body)
            if told[0].channel == .sms {
                #expect(body.contains("laporan \(docket) dan 1 lainnya") && body.contains("0800-000-200") && body.count <= 160)
            } else {
                #expect(body.contains(docket) && body.contains(part ?? "-") && body.contains("kami hancurkan"))
            }
        }
    }

    @Test(
        "A contact that another program or an officer wrote down is a stranger's: it is told nothing and loses nothing, also after a merge",
        arguments: TestDatabase.engines
    )
    func strangers(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let target = try await staffed.forwarded().docket
        var dockets: [String] = []
        for channel in ["open311", "counter", "telephone"] {
            var report = staffed.city.report()
            report.contact = .mail("orang-lain@contoh.example")
            report.channel = channel
            dockets.append(try await staffed.city.file(report, isTrusted: true).docket)
            try await staffed.complaints.verify(dockets[dockets.count - 1], by: staffed.screener)
        }
        try await staffed.complaints.merge(dockets[0], into: target, by: staffed.worker)
        for docket in dockets.dropFirst() { try await staffed.complaints.withdraw(docket) }
        _ = try await staffed.sentMessages()
        try await staffed.complaints.askToSubscribe(to: .area("99.01.01"), contact: "orang-lain@contoh.example", language: .english)
        for docket in dockets { try await staffed.complaints.erase(docket, by: .resident, basis: "UU 27/2022 ps. 8") }
        #expect(try await Self.count(staffed, "SELECT count(*) FROM subscription_request") == 1)
        let left = try await staffed.sentMessages()
        #expect(left.count == 1 && left[0].body.contains("/ikuti/"), "only what the stranger asked for")
    }

    @Test("The letter waits through the next erasure of its reader, and names the law in their language", arguments: TestDatabase.engines)
    func letterStays(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        for _ in 0..<2 {
            let docket = try await staffed.done().docket
            try await staffed.complaints.follow(docket, contact: "siti@contoh.example", language: .english)
            try await staffed.complaints.rate(docket, rating: 3, text: "")
        }
        _ = try await staffed.sentMessages()
        staffed.city.clock.set("2031-11-10T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        let letters = try await staffed.sentMessages().filter { $0.body.contains("erased your personal data") }
        #expect(letters.map(\.recipient) == ["siti@contoh.example", "siti@contoh.example"])
        for letter in letters {
            #expect(letter.body.contains("The ground: Law 27/2022 art. 42(1)(a) and 44(1)(a). ") && !letter.body.contains("onfirm"))
            #expect(letter.body.contains("The time for which it is kept is over; the city sets how long that is."))
        }
        let journal = staffed.city.journal
        let recorded = try await journal.read { snapshot in
            try snapshot.rows("SELECT stream FROM entry WHERE kind = 'person.erased'") { try $0(0, as: String.self) }
                .compactMap { try journal.entries(of: $0, in: snapshot).last?.facts["basis"]?.string }
        }
        #expect(Set(recorded) == [try #require(staffed.city.city.complaints.retention).basis.id], "the journal keeps the ground whole")
    }

    @Test("An SMS says that the time is over and whose time it is, and stays one", arguments: TestDatabase.engines, Language.allCases)
    func timeBySMS(engine: Engine, language: Language) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var report = staffed.city.report()
        report.contact = try #require(Report.Contact("0812-0000-0001"))
        report.language = language
        let docket = try await staffed.proven(report).docket
        try await staffed.complaints.verify(docket, by: staffed.screener)
        try await staffed.complaints.split(docket, agency: "pu", text: "Bagian lain.", by: staffed.worker)
        for docket in [docket, try #require(try await staffed.complaints.parts(of: docket).first).docket] {
            try await staffed.complaints.withdraw(docket)
        }
        _ = try await staffed.sentMessages()
        staffed.city.clock.set("2028-11-10T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        let told = try await staffed.sentMessages()
        let words = Text(id: "masa simpan yang ditetapkan kota habis", en: "the time set by the city for keeping it is over")
        #expect(told.count == 1 && told[0].body.contains(words(language)) && told[0].body.contains(docket))
        #expect(told[0].body.count <= 160)
    }

    @Test("Whoever comes back gets their messages, though their traces are not yet taken away", arguments: TestDatabase.engines)
    func comesBack(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("balai-outbox-\(Identifier(at: staffed.city.clock.now))")
        defer { try? FileManager.default.removeItem(at: folder) }
        let carrier = FolderCarrier(folder: folder)
        let outbox = Outbox(journal: staffed.city.journal)
        let docket = try await staffed.forwarded().docket
        func askForNews(_ time: String) async throws {
            staffed.city.clock.set(time)
            try await staffed.complaints.askToSubscribe(to: .area("99.01.01"), contact: "siti@contoh.example", language: .english)
            try await outbox.sendDue(by: [.mail: carrier], logger: Logger(label: "test"))
        }
        try await staffed.complaints.follow(docket, contact: "siti@contoh.example", language: .english)
        try await askForNews("2026-11-02T10:00:00+07:00")
        let before = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        staffed.city.clock.set("2026-11-02T10:00:01+07:00")
        #expect(try await staffed.complaints.stopAll(contact: "siti@contoh.example") == 1)
        try await askForNews("2026-11-02T10:00:02+07:00")
        #expect(try await staffed.city.journal.finishErasures(isQuiet: true, in: [carrier]))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!before.isEmpty && !left.isEmpty && Set(left).isDisjoint(with: before))
    }

    @Test("A message that could not be sent for a day is no longer kept", arguments: TestDatabase.engines)
    func givenUp(engine: Engine) async throws {
        struct Broken: Carrier {
            struct Fault: Error {}
            func deliver(_ message: Message, id: String) async throws { throw Fault() }
        }
        let staffed = try await ComplaintTests.Staffed(engine)
        try await staffed.complaints.askToSubscribe(to: .area("99.01.01"), contact: "siti@contoh.example", language: .english)
        let outbox = Outbox(journal: staffed.city.journal)
        for day in 1...Outbox.attempts {
            staffed.city.clock.set("2026-12-\(day.padded(2))T09:00:00+07:00")
            try await outbox.sendDue(by: [.mail: Broken()], logger: Logger(label: "test"))
        }
        #expect(try await Self.count(staffed, "SELECT count(*) FROM outbox WHERE state = 'failed' AND sealed IS NULL") == 1)
    }

    @Test("The contact of a block is erased when the block ends, by time or by hand", arguments: TestDatabase.engines)
    func blocks(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var report = staffed.city.report()
        report.contact = try #require(Report.Contact("siti@contoh.example"))
        for _ in 0..<2 {
            let docket = try await staffed.city.file(report).docket
            try await staffed.complaints.blockContact(docket, reason: "Ancaman", by: staffed.screener)
        }
        let index = staffed.city.journal.vault.blindIndex("siti@contoh.example")
        #expect(try await Self.count(staffed, "SELECT count(*) FROM entry WHERE inner_part LIKE \("%\(index)%")") == 0)
        let block = try #require(try await staffed.complaints.blocks().first)
        try await staffed.complaints.unblock(block.entry, by: staffed.screener)
        #expect(try await Self.count(staffed, "SELECT count(*) FROM contact_block") == 1)
        staffed.city.clock.set("2026-12-03T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        #expect(try await Self.count(staffed, "SELECT count(*) FROM contact_block") == 0)
        let sealed: SQL = """
            SELECT count(*) FROM entry JOIN person_key ON person_key.person = entry.person
            WHERE entry.kind = 'contact.blocked' AND wrapped IS NOT NULL
            """
        #expect(try await Self.count(staffed, sealed) == 0)
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
    }

    @Test("A report that was split waits for its other part, and names it", arguments: TestDatabase.engines)
    func parts(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.forwarded().docket
        try await staffed.complaints.split(docket, agency: "pu", text: "Bagian lain.", by: staffed.worker)
        let part = try await staffed.city.journal.read {
            try $0.find("SELECT docket FROM complaint WHERE parent = \(docket)") { try $0(0, as: String.self) }
        }
        try await staffed.complaints.withdraw(docket)
        let refused = await #expect(throws: Problem.self) { try await staffed.complaints.erase(docket, by: .resident, basis: "x") }
        #expect(refused?.title.en == "Another part of your report is still open: \(try #require(part))")
        try await staffed.complaints.withdraw(try #require(part))
        try await staffed.complaints.erase(docket, by: .resident, basis: "x")
        #expect(try await staffed.find(docket).story == nil)
    }

    @Test("Whoever challenged the end of a case goes when the time of the case is over", arguments: TestDatabase.engines)
    func challengers(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.done().docket
        try await staffed.complaints.challenge(docket, text: "Kata Butet lubangnya masih ada.")
        try await staffed.complaints.rate(docket, rating: 3, text: "")
        staffed.city.clock.set("2031-11-10T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        let living: SQL = """
            SELECT count(*) FROM entry JOIN person_key ON person_key.person = entry.person
            WHERE entry.stream = \("complaint/\(docket)") AND wrapped IS NOT NULL
            """
        #expect(try await Self.count(staffed, living) == 0)
        #expect(!(try await staffed.dump()).contains("Kata Butet"))
    }

    @Test("The letter that tells of an erasure stays when more of its reader's data is erased", arguments: TestDatabase.engines)
    func letterInFolder(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("balai-letters-\([UInt8].random(count: 8).base64URL)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let carrier = FolderCarrier(folder: folder)
        let outbox = Outbox(journal: staffed.city.journal)
        func letters() async throws -> [String] {
            try await outbox.sendDue(by: [.mail: carrier, .sms: carrier], logger: Logger(label: "test"))
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
                try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8).contains("dihapus selamanya")
            }
        }
        var report = staffed.city.report()
        report.contact = .mail("siti@contoh.example")
        let docket = try await staffed.proven(report).docket
        let other = try await staffed.forwarded().docket
        try await staffed.complaints.withdraw(docket)
        try await staffed.complaints.erase(docket, by: .resident, basis: "UU 27/2022 ps. 8")
        let before = try await letters()
        #expect(before.count == 1)
        staffed.city.clock.set("2026-11-02T10:00:00+07:00")
        try await staffed.complaints.follow(other, contact: "siti@contoh.example", language: .indonesian)
        #expect(try await staffed.complaints.stopAll(contact: "siti@contoh.example") == 1)
        #expect(try await staffed.city.journal.finishErasures(isQuiet: true, in: [carrier]))
        #expect(try await Set(letters()).isSuperset(of: before))
    }
}
