// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Definitions
import Essentials
import Foundation
import Identity
import Journal
import Notifications
import Storage
import TestSupport
import Testing

/// A case that becomes confidential is nowhere to be read by the public, however it became so.
@Suite("Confidential cases")
struct ConfidentialityTests {
    private static let story = "Petugas bernama Anu meminta seratus ribu di depan halte Mawar."

    private static func filed(_ staffed: ComplaintTests.Staffed, named: Bool = true) async throws -> String {
        var report = staffed.city.report()
        report.story = story
        report.name = "Fulan"
        report.isNameHidden = !named
        let docket = try await staffed.city.file(report).docket
        try await staffed.complaints.verify(docket, by: staffed.screener)
        try await staffed.complaints.reply(docket, text: "Kami periksa si Anu.", by: staffed.worker)
        return docket
    }

    /// What the public could read anywhere is gone: row, timeline, lists, search, map, table of events.
    private static func expectHidden(_ docket: String, _ staffed: ComplaintTests.Staffed) async throws {
        let complaint = try await staffed.find(docket)
        #expect(complaint.isConfidential && !complaint.isPublic && complaint.story == nil && complaint.address.isEmpty)
        #expect(complaint.place == nil && complaint.publicName == nil)
        #expect(complaint.title == staffed.city.city.complaints.category(complaint.category)?.name.id)
        #expect(try await staffed.published(docket).isEmpty)
        #expect(try await staffed.complaints.list(ComplaintFilter(.everyone)).allSatisfy { $0.docket != docket })
        for words in ["anu", "mawar", "fulan", "merdeka"] {
            var filter = ComplaintFilter(.desk(agency: nil, districts: []))
            filter.words = words
            #expect(try await staffed.complaints.list(filter).isEmpty, "\(words) is found")
        }
        let dump = try await staffed.dump().lowercased()
        #expect(!dump.contains("anu meminta") && !dump.contains("fulan") && !dump.contains("si anu"))
        let read = try await staffed.complaints.timeline(of: complaint, isPrivate: true, isStaff: false).compactMap(\.text).joined()
        #expect(read.contains("Anu meminta") && read.contains("Kami periksa"), "the reporter and the officers read all of it")
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
    }

    @Test("A kind that is always confidential takes the case out of public view", arguments: TestDatabase.engines)
    func recategorised(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await Self.filed(staffed)
        try await staffed.complaints.recategorise(docket, to: "pungli", by: staffed.screener)
        try await Self.expectHidden(docket, staffed)
        try await staffed.complaints.recategorise(docket, to: "lubang", by: staffed.screener)
        #expect(try await staffed.find(docket).isConfidential, "another kind opens nothing by itself")
    }

    @Test("What was merged into it or split from it goes with it", arguments: TestDatabase.engines)
    func belonging(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let (docket, same) = (try await Self.filed(staffed), try await Self.filed(staffed))
        try await staffed.complaints.split(docket, agency: "kebersihan", text: "Si Anu juga menumpuk sampah.", by: staffed.worker)
        let part = try #require(try await staffed.complaints.parts(of: docket).first?.docket)
        try await staffed.complaints.merge(same, into: docket, by: staffed.screener)
        try await staffed.complaints.recategorise(docket, to: "pungli", by: staffed.screener)
        for docket in [docket, same] { try await Self.expectHidden(docket, staffed) }
        #expect(try await staffed.find(part).isConfidential)
    }

    @Test("A part of a confidential case is confidential, and of the kind that the case is now", arguments: TestDatabase.engines)
    func splitting(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await Self.filed(staffed)
        try await staffed.complaints.recategorise(docket, to: "pungli", by: staffed.screener)
        try await staffed.complaints.split(docket, agency: "kebersihan", text: "Si Anu juga menumpuk sampah.", by: staffed.screener)
        let part = try #require(try await staffed.complaints.parts(of: docket).first)
        #expect(part.isConfidential && part.category == "pungli" && part.story == nil)
    }

    @Test(
        "Staff make a case confidential with a reason; a supervisor alone opens it again, and it is as it was",
        arguments: TestDatabase.engines
    )
    func byStaff(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await Self.filed(staffed)
        try await staffed.complaints.write(docket, text: "Nomor saya 081234567890")
        let before = try await staffed.find(docket)
        await #expect(throws: Problem.self) { try await staffed.complaints.makeConfidential(docket, reason: " ", by: staffed.worker) }
        try await staffed.complaints.makeConfidential(docket, reason: "Menyebut nama orang.", by: staffed.worker)
        try await Self.expectHidden(docket, staffed)
        let refused = await #expect(throws: Problem.self) {
            try await staffed.complaints.makePublic(docket, reason: "Tidak perlu", by: staffed.head)
        }
        #expect(refused?.status == .forbidden)
        let supervisor = try await staffed.supervisor()
        try await staffed.complaints.makePublic(docket, reason: "Nama sudah tidak ada.", by: supervisor)
        let after = try await staffed.find(docket)
        #expect(after.isPublic && after.story == before.story && after.address == before.address && after.title == before.title)
        #expect(after.place == before.place && after.publicName == before.publicName)
        let shown = try await staffed.published(docket)
        #expect(shown.contains("Kami periksa si Anu.") && shown.allSatisfy { !$0.contains("081234567890") })
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
    }

    @Test(
        "What was taken out of a story stays out when the case is hidden and opened again, and what was said meanwhile stays private",
        arguments: TestDatabase.engines
    )
    func editedStaysEdited(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await Self.filed(staffed)
        let supervisor = try await staffed.supervisor()
        try await staffed.complaints.redact(docket, story: "Seseorang meminta uang.", keeping: [], by: staffed.screener)
        try await staffed.complaints.makeConfidential(docket, reason: "Saksi Tuti menelepon.", by: staffed.worker)
        try await staffed.complaints.reply(docket, text: "Tim kami datang malam ini.", by: staffed.worker)
        try await staffed.complaints.makePublic(docket, reason: "Aman.", by: supervisor)
        let after = try await staffed.find(docket)
        #expect(after.story == "Seseorang meminta uang.")
        let shown = try await staffed.published(docket)
        #expect(shown.contains("Kami periksa si Anu."))
        #expect(shown.allSatisfy { !$0.contains("Tuti") && !$0.contains("malam ini") })
        var filter = ComplaintFilter(.everyone)
        filter.words = "anu"
        #expect(try await staffed.complaints.list(filter).isEmpty, "nor is it found by what was taken out")
        let read = try await staffed.complaints.timeline(of: after, isPrivate: true, isStaff: false).compactMap(\.text).joined()
        #expect(read.contains("malam ini"), "the reporter goes on reading what was said to them")
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
    }

    @Test("What its kind or its reporter wants confidential nobody opens", arguments: TestDatabase.engines)
    func stays(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let supervisor = try await staffed.supervisor()
        let kind = try await Self.filed(staffed)
        try await staffed.complaints.recategorise(kind, to: "pungli", by: staffed.screener)
        var report = staffed.city.report()
        report.isConfidential = true
        let asked = try await staffed.city.file(report).docket
        for docket in [kind, asked] {
            let problem = await #expect(throws: Problem.self) {
                try await staffed.complaints.makePublic(docket, reason: "Coba", by: supervisor)
            }
            #expect(problem?.code == "complaint.must-be-confidential")
        }
    }

    @Test("A kind that a city makes confidential later hides what was filed before", arguments: TestDatabase.engines)
    func packChanges(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await Self.filed(staffed)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pack-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: TestCity.repository.appendingPathComponent("City/contoh"), to: folder)
        let file = folder.appendingPathComponent("complaints/categories.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("code: lubang"))
        try text.replacing("code: lubang\n", with: "code: lubang\n    confidential: true\n").write(
            to: file,
            atomically: true,
            encoding: .utf8
        )
        let city = try City(folder: folder, nations: TestCity.repository.appendingPathComponent("National"))
        let changed = Complaints(
            journal: staffed.city.journal,
            city: city,
            files: staffed.complaints.files,
            uploads: TestCity.uploads,
            origin: staffed.complaints.origin
        )
        try await changed.doDuties()
        try await Self.expectHidden(docket, staffed)
    }

    @Test("Who opens a confidential report is on its reporter's list, once a day each", arguments: TestDatabase.engines)
    func views(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let open = try await staffed.forwarded().docket
        try await staffed.complaints.recordView(open, by: staffed.worker)
        #expect(try await staffed.complaints.views(of: staffed.find(open)).isEmpty, "what everybody may read")
        let docket = try await Self.filed(staffed)
        try await staffed.complaints.makeConfidential(docket, reason: "Menyebut nama orang.", by: staffed.worker)
        for officer in [staffed.worker, staffed.worker, staffed.head] { try await staffed.complaints.recordView(docket, by: officer) }
        staffed.city.clock.set("2026-11-03T09:00:00+07:00")
        try await staffed.complaints.recordView(docket, by: staffed.worker)
        let views = try await staffed.complaints.views(of: staffed.find(docket))
        #expect(views.compactMap(\.number).sorted() == [staffed.worker.number, staffed.worker.number, staffed.head.number].sorted())
        #expect(Complaints.purposeName(views[0].purpose)?.en == "Opened this confidential report")
        let stranger = try await staffed.city.officer("orang", agency: "kebersihan", roles: [.officer])
        await #expect(throws: Problem.self) { try await staffed.complaints.recordView(docket, by: stranger) }
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
    }

    @Test("Those who follow a case hear no more of it once it is confidential; its reporter does", arguments: TestDatabase.engines)
    func followers(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        var report = staffed.city.report()
        report.contact = .mail("pelapor@contoh.example")
        let docket = try await staffed.proven(report).docket
        try await staffed.complaints.follow(docket, contact: "pengikut@contoh.example", language: .indonesian)
        try await staffed.complaints.verify(docket, by: staffed.screener)
        try await staffed.complaints.makeConfidential(docket, reason: "Menyebut nama.", by: staffed.worker)
        _ = try await staffed.sentMessages()
        try await staffed.complaints.reply(docket, text: "Sedang diperiksa.", by: staffed.worker)
        #expect(try await staffed.sentMessages().map(\.recipient) == ["pelapor@contoh.example"])
    }
}
