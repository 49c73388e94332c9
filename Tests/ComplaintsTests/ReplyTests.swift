// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Essentials
import Identity
import Journal
import Storage
import TestSupport
import Testing

extension ComplaintTests.Staffed {
    /// The entry of the last thing that happened of a kind.
    func last(_ kind: String, of docket: String) async throws -> String {
        let timeline = try await complaints.timeline(of: find(docket), isPrivate: true, isStaff: true)
        return try #require(timeline.last { $0.kind == kind }?.entry)
    }

    /// Shows every reply of a case to everybody.
    func publishReplies(of docket: String) async throws {
        for event in try await complaints.timeline(of: find(docket), isPrivate: true, isStaff: true) where event.isPrivate {
            try await complaints.publishReply(event.entry, of: docket, by: screener)
        }
    }

    /// What everybody reads of a case.
    func published(_ docket: String) async throws -> [String] {
        try await complaints.timeline(of: find(docket), isPrivate: false, isStaff: false).compactMap(\.text)
    }

    /// A supervisor of the city.
    func supervisor() async throws -> Officer { try await city.officer("setda", agency: "setda", roles: [.supervisor]) }
}

@Suite("Replies of residents")
struct ReplyTests {
    @Test("What residents write stays with the staff and the reporter, text and photos, and in no table", arguments: TestDatabase.engines)
    func isPrivate(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let receipt = try await staffed.done()
        let docket = receipt.docket
        let complaint = try await staffed.find(docket)
        let photo = try await staffed.complaints.addPhoto(Pictures.png, person: complaint.person)
        try await staffed.complaints.write(docket, text: "NIK saya 1271014101900002", photos: [photo])
        try await staffed.complaints.challenge(docket, text: "HP saya 081234567890")
        try await staffed.complaints.rate(docket, rating: 1, text: "Pak Anu malas")
        try await staffed.complaints.dispute(docket, text: "Rumah saya nomor 7")
        let words = ["1271014101900002", "081234567890", "Pak Anu malas", "Rumah saya nomor 7"]
        let shown = try await staffed.published(docket).joined()
        #expect(words.allSatisfy { !shown.contains($0) })
        let dump = try await staffed.dump()
        #expect(words.allSatisfy { !dump.contains($0) }, "private words lie in no table in clear")
        let read = try await staffed.complaints.timeline(of: complaint, isPrivate: true, isStaff: false).compactMap(\.text).joined()
        #expect(words.allSatisfy { read.contains($0) })
        #expect(try await staffed.complaints.photo(photo, of: staffed.find(docket), isThumbnail: false, mayReadPrivate: false) == nil)
        #expect(try await staffed.complaints.photo(photo, of: staffed.find(docket), isThumbnail: false, mayReadPrivate: true) != nil)
        #expect(
            try await staffed.complaints.timeline(of: complaint, isPrivate: false, isStaff: false).allSatisfy {
                $0.facts["attached"] == nil || $0.kind == "complaint.work-reported"
            }
        )
    }

    @Test("An officer publishes a reply with its photos, and hides it again; live and replay agree", arguments: TestDatabase.engines)
    func publishing(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await staffed.forwarded().docket
        let photo = try await staffed.complaints.addPhoto(Pictures.png, person: try await staffed.find(docket).person)
        try await staffed.complaints.write(docket, text: "Sudah makin lebar", photos: [photo])
        let reply = try await staffed.last("complaint.written", of: docket)
        let stranger = try await staffed.city.officer("jauh", agency: "kebersihan", roles: [.head, .officer])
        let problem = await #expect(throws: Problem.self) { try await staffed.complaints.publishReply(reply, of: docket, by: stranger) }
        #expect(problem?.status == .forbidden)
        try await staffed.complaints.publishReply(reply, of: docket, by: staffed.worker)
        #expect(try await staffed.published(docket).contains("Sudah makin lebar"))
        #expect(try await staffed.complaints.photo(photo, of: staffed.find(docket), isThumbnail: true, mayReadPrivate: false) != nil)
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
        try await staffed.complaints.hideReply(reply, of: docket, by: staffed.worker)
        #expect(try await !staffed.published(docket).contains("Sudah makin lebar"))
        #expect(try await staffed.complaints.photo(photo, of: staffed.find(docket), isThumbnail: true, mayReadPrivate: false) == nil)
        #expect(try await !staffed.dump().contains("makin lebar"))
        await #expect(throws: Problem.self) { try await staffed.complaints.hideReply(reply, of: docket, by: staffed.worker) }
    }

    @Test("An SMS to a case says that only officers read it, and the report that everybody does")
    func words() async throws {
        let staffed = try await ComplaintTests.Staffed(.sqlite)
        let first = try #require(
            try await staffed.complaints.receive("LAPOR lubang besar Jl Thamrin, Melati", from: "081200000001", id: "1")
        )
        #expect(first.contains("Laporan tampil untuk umum; balasan SMS ini hanya dibaca petugas") && first.utf8.count <= 160)
        let second = try await staffed.complaints.receive("nama saya Budi", from: "081200000001", id: "2")
        #expect(second?.contains("hanya dibaca petugas") == true)
        let docket = try #require(try await staffed.complaints.ownCases(of: [.phone("+6281200000001")]).first?.docket)
        #expect(try await staffed.published(docket).allSatisfy { !$0.contains("Budi") })
    }
}
