// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Notifications
import Residents
import Storage
import TestSupport
import Testing

/// The life of a complaint in the fictional city. Monday 2 November 2026, 09.00, unless the test says otherwise.
@Suite struct ComplaintTests {
    struct Staffed {
        let city: TestCity
        let screener: Officer
        let worker: Officer
        let head: Officer
        var complaints: Complaints { city.complaints }

        init(_ engine: Engine) async throws {
            city = try await TestCity(engine)
            screener = try await city.officer("rani", agency: "kominfo", roles: [.screener])
            worker = try await city.officer("ucok", agency: "pu", roles: [.officer])
            head = try await city.officer("butet", agency: "pu", roles: [.head, .officer])
        }

        func find(_ docket: String) async throws -> Complaint { try #require(try await complaints.find(docket)) }

        /// The code that went to the contact of a report.
        func code(for docket: String, in messages: [Message]? = nil) async throws -> String {
            var sent = messages ?? []
            if messages == nil { sent = try await sentMessages() }
            let body = sent.last { $0.docket == docket && $0.body.contains("kode=") }?.body
            return try #require(body?.firstMatch(of: /kode=(\d{6})/).map { String($0.1) })
        }

        /// A report whose reporter wrote the code on the page of the case.
        func proven(_ report: Report) async throws -> Complaints.Receipt {
            let receipt = try await city.file(report, isTrusted: false)
            try await complaints.confirm(receipt.docket, code: try await code(for: receipt.docket), holder: receipt.key)
            return receipt
        }

        /// A report that has been forwarded.
        func forwarded() async throws -> Complaints.Receipt {
            let receipt = try await city.file()
            try await complaints.verify(receipt.docket, by: screener)
            return receipt
        }

        /// A report that has been confirmed as done.
        func done() async throws -> Complaints.Receipt {
            let receipt = try await forwarded()
            let photo = try await complaints.addPhoto(Pictures.png, person: worker.account)
            try await complaints.reportDone(receipt.docket, text: "Ditambal", photos: [photo], by: worker)
            try await complaints.confirmDone(receipt.docket, by: head)
            return receipt
        }
    }

    @Test("A report is routed by its kind and place, and every clock begins", arguments: TestDatabase.engines)
    func filing(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let complaint = try await staffed.find(staffed.city.file().docket)
        #expect(complaint.stage == .received)
        #expect(complaint.agency == "pu")
        #expect(complaint.rule == 1)
        #expect(complaint.nextDue?.rfc3339(in: staffed.city.city.zone) == "2026-11-05T16:00:00+07:00")
        #expect(complaint.resolutionDue?.rfc3339(in: staffed.city.city.zone) == "2026-11-20T15:00:00+07:00")
    }

    @Test("Sending twice makes one case and gives the same key", arguments: TestDatabase.engines)
    func sentTwice(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let person = Identifier(at: staffed.city.clock.now)
        let report = staffed.city.report()
        let complaints = staffed.complaints
        let receipts = try await withThrowingTaskGroup(of: Complaints.Receipt.self) { group in
            for _ in 0..<6 { group.addTask { try await complaints.file(report, person: person, key: "draf-1") } }
            return try await group.reduce(into: Set<Complaints.Receipt>()) { $0.insert($1) }
        }
        #expect(receipts.count == 1)
        #expect(try await complaints.count(ComplaintFilter(.everyone)) == 1)
    }

    @Test("The same key with other words is refused, and takes nothing", arguments: TestDatabase.engines)
    func otherWords(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        var report = staffed.city.report()
        _ = try await staffed.city.file(report, key: "kunci")
        report.story = "Pohon tumbang menutup jalan sejak pagi."
        let problem = await #expect(throws: Problem.self) { try await staffed.city.file(report, key: "kunci") }
        #expect(problem?.code == "idempotency.other-content")
        #expect(try await staffed.city.journal.read { try $0.count("SELECT count(*) FROM complaint") } == 1)
    }

    @Test("A draft that was sent keeps no words; begun anew it becomes another case under another key", arguments: TestDatabase.engines)
    func draftAfterSending(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let token = try await city.complaints.newDraft(language: .indonesian)
        var draft = try #require(try await city.complaints.draft(token))
        draft.report = city.report()
        try await city.complaints.save(draft, token: token)
        let first = try await city.complaints.file(draft, token: token)
        let spent = try #require(try await city.complaints.draft(token))
        #expect(spent.sent == first.docket && spent.report.story.isEmpty && spent.report.address.isEmpty)
        #expect(try await city.complaints.file(spent, token: token) == first, "the same receipt, with the same key")
        #expect(city.complaints.isRepeat(city.report(), of: spent))
        var next = city.complaints.begunAnew(spent)
        next.report = city.report()
        next.report.story = "Lampu jalan padam semalam suntuk di sini."
        #expect(next.person != draft.person, "erasing the one leaves the other")
        #expect(city.complaints.isRepeat(next.report, of: spent) == false)
        let second = try await city.complaints.file(next, token: token)
        #expect(second.docket != first.docket && second.key != first.key)
    }

    @Test(
        "A stranger's telephone rings five times a quarter of an hour at most, by every way in together; nothing is lost",
        arguments: TestDatabase.engines
    )
    func budget(engine: Engine) async throws {
        let city = try await TestCity(engine)
        var report = city.report()
        report.contact = .phone("+6281299990001")
        var receipts: [Complaints.Receipt] = []
        for number in 0..<8 {
            report.story = "Lubang nomor \(number) di jalan ini."
            receipts.append(try await city.file(report, isTrusted: false))
        }
        let sent = try await city.sentMessages().filter { $0.recipient == "+6281299990001" }
        #expect(sent.count == 5 && receipts.count == 8)
        #expect(try await city.complaints.codeHeldUntil(receipts[4].docket) == nil)
        let later = try #require(try await city.complaints.codeHeldUntil(receipts[7].docket))
        let refused = await #expect(throws: Problem.self) {
            try await city.complaints.askToSubscribe(to: .area("99.01.01"), contact: "081299990001", language: .indonesian)
        }
        #expect(refused?.status == .tooMany)
        await #expect(throws: Problem.self) {
            try await city.residents.sendCode(to: "081299990001", visitor: "a", address: "", language: .indonesian)
        }
        city.clock.set(later.rfc3339(in: city.city.zone))
        try await city.complaints.sendCodeAgain(receipts[7].docket, network: nil)
        #expect(try await city.complaints.codeHeldUntil(receipts[7].docket) == nil)
        #expect(try await city.sentMessages().filter { $0.recipient == "+6281299990001" }.count == 1)
    }

    @Test("What is missing is told field by field")
    func incomplete() async throws {
        let staffed = try await Staffed(.sqlite)
        var report = Report()
        report.category = "lubang"
        report.story = "pendek"
        let problem = await #expect(throws: Problem.self) { try await staffed.city.file(report) }
        #expect(problem?.fields.map(\.name) == ["story", "answer-ukuran", "subdistrict", "address"])
    }

    @Test("An answer that means another door stops the form with the way there")
    func stop() async throws {
        let staffed = try await Staffed(.sqlite)
        var report = staffed.city.report()
        report.answers["ukuran"] = "tol"
        let problem = await #expect(throws: Problem.self) { try await staffed.city.file(report) }
        #expect(problem?.fields.first?.message.id == "Hubungi pengelola tol, 14080.")
    }

    @Test("With a contact the clock begins once the code that was sent is written back", arguments: TestDatabase.engines)
    func confirmation(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        var report = staffed.city.report()
        report.contact = try #require(Report.Contact("0812-3456-7890"))
        let receipt = try await staffed.city.file(report, isTrusted: false)
        #expect(receipt.needsConfirmation)
        #expect(try await staffed.find(receipt.docket).isPublic == false)
        let wrong = await #expect(throws: Problem.self) { try await staffed.complaints.confirm(receipt.docket, code: "000") }
        #expect(wrong?.fields.first?.name == "code")
        let sent = try await staffed.sentMessages()
        let code = try #require(sent.first?.body.split(separator: " ").first { $0.count == 7 && $0.hasSuffix(".") }?.dropLast())
        try await staffed.complaints.confirm(receipt.docket, code: String(code))
        #expect(try await staffed.find(receipt.docket).stage == .received)
    }

    @Test("A confidential report is nowhere in the tables, and only those who may can read it", arguments: TestDatabase.engines)
    func confidential(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        var report = staffed.city.report("pungli")
        report.story = "Petugas bernama Anu meminta seratus ribu."
        let receipt = try await staffed.city.file(report)
        let complaint = try await staffed.find(receipt.docket)
        #expect(complaint.story == nil && complaint.address.isEmpty && !complaint.isPublic)
        #expect(try await staffed.complaints.timeline(of: complaint, isPrivate: false, isStaff: false).allSatisfy { $0.text == nil })
        #expect(try await staffed.complaints.timeline(of: complaint, isPrivate: true, isStaff: false).first?.text?.contains("Anu") == true)
        #expect(try await staffed.complaints.list(ComplaintFilter(.everyone)).isEmpty)
        let leaves = try await staffed.city.journal.leaves(from: 0, limit: 100)
        #expect(leaves.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("Anu") })
    }

    @Test("Asking the reporter stops the clocks; the answer lets them run, a day later for each day", arguments: TestDatabase.engines)
    func asking(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let docket = try await staffed.forwarded().docket
        #expect(try await staffed.find(docket).resolutionDue?.date(in: staffed.city.city.zone).description == "2026-11-20")
        try await staffed.complaints.ask(docket, text: "Di mana tepatnya?", by: staffed.worker)
        #expect(try await staffed.find(docket).nextDue == nil)
        staffed.city.clock.set("2026-11-04T17:00:00+07:00")
        try await staffed.complaints.write(docket, text: "Depan halte.")
        let complaint = try await staffed.find(docket)
        #expect(complaint.stage == .working)
        // Monday was the day of receipt and did not count anyway; Tuesday and Wednesday stood still.
        #expect(complaint.resolutionDue?.date(in: staffed.city.city.zone).description == "2026-11-24")
    }

    @Test("A question that nobody answers lapses, and the clocks run again", arguments: TestDatabase.engines)
    func lapsed(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let docket = try await staffed.forwarded().docket
        try await staffed.complaints.ask(docket, text: "?", by: staffed.worker)
        staffed.city.clock.set("2026-11-11T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        #expect(try await staffed.find(docket).stage == .waiting)
        staffed.city.clock.set("2026-11-13T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        #expect(try await staffed.find(docket).stage == .working)
    }

    @Test("Done counts only once a second person has said so, and needs a photo", arguments: TestDatabase.engines)
    func secondPerson(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let docket = try await staffed.forwarded().docket
        await #expect(throws: Problem.self) {
            try await staffed.complaints.reportDone(docket, text: "Selesai", photos: [], by: staffed.worker)
        }
        let photo = try await staffed.complaints.addPhoto(Pictures.png, person: staffed.worker.account)
        try await staffed.complaints.reportDone(docket, text: "Selesai", photos: [photo], by: staffed.worker)
        let problem = await #expect(throws: Problem.self) { try await staffed.complaints.confirmDone(docket, by: staffed.worker) }
        #expect(problem?.code == "complaint.same-person")
        #expect(try await staffed.find(docket).outcome == nil)
        try await staffed.complaints.confirmDone(docket, by: staffed.head)
        #expect(try await staffed.find(docket).outcome == .fixed)
    }

    @Test("The reporter reopens within the window, and not after it", arguments: TestDatabase.engines)
    func dispute(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let first = try await staffed.done().docket
        staffed.city.clock.set("2026-11-12T15:00:00+07:00")
        try await staffed.complaints.dispute(first, text: "Rusak lagi")
        #expect(try await staffed.find(first).stage == .working)
        #expect(try await staffed.find(first).outcome == nil)
        let second = try await staffed.done().docket
        staffed.city.clock.set("2026-11-24T09:00:00+07:00")
        let problem = await #expect(throws: Problem.self) { try await staffed.complaints.dispute(second, text: "Terlambat") }
        #expect(problem?.code == "complaint.window-closed")
        try await staffed.complaints.doDuties()
        #expect(try await staffed.find(second).stage == .closed)
    }

    @Test(
        "A missed promise climbs the ladder, each rung once, and a rung that finds no one raises an alarm",
        arguments: TestDatabase.engines
    )
    func escalation(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let docket = try await staffed.city.file().docket
        staffed.city.clock.set("2026-11-06T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        try await staffed.complaints.doDuties()
        let rungs = try await staffed.city.journal.read {
            try $0.rows("SELECT rung, told FROM escalation WHERE docket = \(docket) ORDER BY rung") {
                (try $0(0, as: Int.self), try $0.optional(1, as: String.self))
            }
        }
        #expect(rungs.map(\.0) == [0])
        #expect(rungs.first?.1 == staffed.head.account.description)
        staffed.city.clock.set("2026-11-10T17:00:00+07:00")
        try await staffed.complaints.doDuties()
        #expect(try await staffed.complaints.alarms().map(\.docket) == [docket])
    }

    @Test("Merging moves those who follow", arguments: TestDatabase.engines)
    func merging(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let (first, second) = (try await staffed.forwarded().docket, try await staffed.forwarded().docket)
        try await staffed.complaints.follow(first, contact: "a@contoh.example", language: .indonesian)
        try await staffed.complaints.follow(first, contact: "a@contoh.example", language: .indonesian)
        try await staffed.complaints.follow(second, contact: "a@contoh.example", language: .indonesian)
        try await staffed.complaints.follow(first, contact: "b@contoh.example", language: .indonesian)
        #expect(try await staffed.find(first).followers == 2)
        try await staffed.complaints.merge(first, into: second, by: staffed.worker)
        #expect(try await staffed.find(first).outcome == .duplicate)
        #expect(try await staffed.find(second).followers == 3, "two people, and the reporter of the other")
    }

    @Test(
        "A part that is split off goes to its agency, knows its whole, and opens with the reporter's key",
        arguments: TestDatabase.engines
    )
    func splitting(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let receipt = try await staffed.forwarded()
        try await staffed.complaints.split(receipt.docket, agency: "kebersihan", text: "Sampah di sekitar lubang.", by: staffed.worker)
        let part = try #require(try await staffed.complaints.parts(of: receipt.docket).first)
        #expect(part.agency == "kebersihan" && part.parent == receipt.docket && part.stage == .received)
        #expect(staffed.complaints.holds(receipt.key, of: part))
    }

    @Test("An officer of another agency may neither see nor touch a case", arguments: TestDatabase.engines)
    func scope(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let docket = try await staffed.forwarded().docket
        let stranger = try await staffed.city.officer("lain", agency: "kebersihan", roles: [.officer, .head])
        for act in [
            { try await staffed.complaints.reply(docket, text: "x", by: stranger) },
            { try await staffed.complaints.closeUnfixed(docket, reason: "not-city", text: "x", by: stranger) },
            { _ = try await staffed.complaints.openPersonalData(docket, purpose: "contact", by: stranger) },
            { try await staffed.complaints.assign(docket, to: stranger.account.description, by: stranger) },
        ] as [@Sendable () async throws -> Void] {
            let problem = await #expect(throws: Problem.self) { try await act() }
            #expect(problem?.status == .forbidden)
        }
    }

    @Test("Every look at personal data is an entry that its owner sees", arguments: TestDatabase.engines)
    func looks(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        var report = staffed.city.report()
        report.name = "Siti"
        let docket = try await staffed.city.file(report).docket
        #expect(try await staffed.complaints.openPersonalData(docket, purpose: "contact", by: staffed.worker)?.name == "Siti")
        let views = try await staffed.complaints.views(of: try await staffed.find(docket))
        #expect(views.map(\.number) == [staffed.worker.number])
    }

    @Test("An erased reporter is gone from every table, and replay leaves it so", arguments: TestDatabase.engines)
    func erasure(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let docket = try await staffed.done().docket
        await #expect(throws: Problem.self) {
            try await staffed.complaints.erase(try await staffed.forwarded().docket, by: .resident, basis: "x")
        }
        try await staffed.complaints.erase(docket, by: .resident, basis: "UU 27/2022 ps. 8")
        #expect(try await staffed.find(docket).story == nil)
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
        #expect(!live.contains("dua orang jatuh minggu ini") || live.contains("LPR"))
    }

    @Test("Replay gives exactly the tables that the acts gave, after a busy month of random acts", arguments: TestDatabase.engines)
    func replay(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        try await staffed.liveThroughRandomActs(count: 60)
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
    }

    @Test("When the calendar changes, open clocks are worked out again, once, and people are told")
    func reprojection() async throws {
        let staffed = try await Staffed(.sqlite)
        var report = staffed.city.report()
        report.contact = try #require(Report.Contact("a@contoh.example"))
        let docket = try await staffed.city.file(report).docket
        try await staffed.complaints.doDuties()
        let before = try #require(try await staffed.find(docket).resolutionDue)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pack-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: TestCity.repository.appendingPathComponent("City/contoh"), to: folder)
        let file = folder.appendingPathComponent("calendar/holidays.csv")
        try (String(contentsOf: file, encoding: .utf8) + "2026-11-09,holiday,Pilkada,Election,Keppres 1/2026\n").write(
            to: file,
            atomically: true,
            encoding: .utf8
        )
        let changed = Complaints(
            journal: staffed.city.journal,
            city: try City(folder: folder, nations: TestCity.repository.appendingPathComponent("National")),
            files: staffed.complaints.files,
            uploads: TestCity.uploads,
            origin: "http://balai.test"
        )
        try await changed.doDuties()
        try await changed.doDuties()
        let after = try #require(try await staffed.find(docket).resolutionDue)
        #expect(after > before)
        let entries = try await staffed.city.journal.read { try staffed.city.journal.entries(of: "complaint/\(docket)", in: $0) }
        #expect(entries.count { $0.kind == "complaint.clock-reprojected" } == 1)
        #expect(try await staffed.sentMessages().contains { $0.body.contains("tenggat pindah") })
    }

    @Test("A photo loses what the camera wrote into it", arguments: ["jpeg", "png"])
    func photos(kind: String) async throws {
        let staffed = try await Staffed(.sqlite)
        let upload = kind == "png" ? Pictures.png : Pictures.jpegWithLocation
        let receipt = try await staffed.city.file()
        let complaint = try await staffed.find(receipt.docket)
        let name = try await staffed.complaints.addPhoto(upload, person: complaint.person)
        try await staffed.complaints.write(receipt.docket, text: "Ini fotonya", photos: [name])
        try await staffed.publishReplies(of: receipt.docket)
        let replied = try await staffed.find(receipt.docket)
        let shown = try #require(
            try await staffed.complaints.photo(name, of: replied, isThumbnail: false, mayReadPrivate: false)
        )
        #expect(shown.starts(with: [0xFF, 0xD8]))
        #expect(!String(decoding: shown, as: UTF8.self).contains("Exif"))
    }

    @Test(
        "A photo that no report took goes with its draft; one that a report took, or a draft still holds, stays",
        arguments: TestDatabase.engines
    )
    func strayPhotos(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        let complaints = staffed.complaints
        let kept = try await staffed.city.file()
        let complaint = try await staffed.find(kept.docket)
        let attached = try await complaints.addPhoto(Pictures.png, person: complaint.person)
        try await complaints.write(kept.docket, text: "Ini", photos: [attached])
        var drafts: [(token: String, draft: Complaints.Draft, photo: String)] = []
        for _ in 0..<2 {
            let token = try await complaints.newDraft(language: .indonesian)
            var draft = try #require(try await complaints.draft(token))
            let photo = try await complaints.addPhoto(Pictures.png, person: draft.person)
            draft.report.photos = [photo]
            try await complaints.save(draft, token: token)
            drafts.append((token, draft, photo))
        }
        let removed = try await complaints.addPhoto(Pictures.png, person: drafts[0].draft.person)
        try await complaints.discardPhoto(removed, person: drafts[0].draft.person)
        #expect(try await complaints.draftPhoto(removed, person: drafts[0].draft.person) == nil)
        staffed.city.clock.set("2026-11-25T09:00:00+07:00")
        try await complaints.save(drafts[0].draft, token: drafts[0].token)
        staffed.city.clock.set("2026-12-04T09:00:00+07:00")
        try await complaints.doDuties()
        #expect(try await complaints.draftPhoto(drafts[0].photo, person: drafts[0].draft.person) != nil)
        #expect(try await complaints.draftPhoto(drafts[1].photo, person: drafts[1].draft.person) == nil)
        let shown = try await complaints.photo(
            attached,
            of: try await staffed.find(kept.docket),
            isThumbnail: true,
            mayReadPrivate: true
        )
        #expect(shown != nil)
        let count = try await staffed.city.journal.read { try $0.count("SELECT count(*) FROM complaint_photo") }
        #expect(count == 2)
    }

    @Test(
        "What is no photo is refused in words",
        arguments: [[], Array("<svg onload=alert(1)>".utf8), [0xFF, 0xD8, 0xFF, 0xE0], Pictures.bomb]
    )
    func badPhotos(bytes: [UInt8]) async throws {
        let staffed = try await Staffed(.sqlite)
        let problem = await #expect(throws: Problem.self) { try await staffed.complaints.addPhoto(bytes, person: staffed.worker.account) }
        #expect(problem?.fields.first?.name == "photo")
    }

    @Test("Contacts are brought into one form, and what is none is refused")
    func contacts() {
        #expect(Report.Contact("0812-3456-7890") == .phone("+6281234567890"))
        #expect(Report.Contact("+62 812 3456 7890") == .phone("+6281234567890"))
        #expect(Report.Contact("Siti@Contoh.Example") == .mail("siti@contoh.example"))
        for text in ["", "siti", "a@b", "021-555", "a@b.c\nBcc: x@y.z", "0812345678901234", "<a@b.c>"] {
            #expect(Report.Contact(text) == nil)
        }
        #expect(Report.Contact.phone("+6281234567890").masked == "08••-••••-••90")
    }

    @Test("What is taken out of public view is nowhere to be read or found", arguments: TestDatabase.engines)
    func redaction(engine: Engine) async throws {
        let staffed = try await Staffed(engine)
        var report = staffed.city.report()
        report.story = "Tetangga saya Fulan bin Anu menggali jalan ini."
        let docket = try await staffed.city.file(report).docket
        try await staffed.complaints.redact(docket, story: "Seseorang menggali jalan ini.", keeping: [], by: staffed.screener)
        let complaint = try await staffed.find(docket)
        #expect(complaint.story == "Seseorang menggali jalan ini.")
        #expect(
            try await staffed.complaints.timeline(of: complaint, isPrivate: false, isStaff: false).allSatisfy {
                $0.text?.contains("Fulan") != true
            }
        )
        #expect(try await !staffed.dump().lowercased().contains("fulan"))
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
    }
}
