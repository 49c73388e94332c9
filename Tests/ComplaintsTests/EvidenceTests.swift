// SPDX-License-Identifier: EUPL-1.2

import Cases
import Complaints
import Definitions
import Essentials
import Identity
import Journal
import Storage
import TestSupport
import Testing

/// What police or a court look into is not destroyed. Monday 2 November 2026, 09.00.
@Suite("Matter of a legal case")
struct EvidenceTests {
    /// A report that was closed because police or a court look into it.
    private static func inCourt(_ staffed: ComplaintTests.Staffed, _ report: Report? = nil) async throws -> String {
        let docket = try await staffed.proven(report ?? Self.report(staffed)).docket
        try await staffed.complaints.verify(docket, by: staffed.screener)
        try await staffed.complaints.closeUnfixed(docket, reason: "in-court", text: "Polisi memeriksanya.", by: staffed.worker)
        return docket
    }

    private static func report(_ staffed: ComplaintTests.Staffed) -> Report {
        var report = staffed.city.report()
        report.contact = .mail("pelapor@contoh.example")
        return report
    }

    private static func isErased(_ docket: String, _ staffed: ComplaintTests.Staffed) async throws -> Bool {
        try await staffed.complaints.isErased(staffed.find(docket))
    }

    @Test("Whoever asks is told why it stays, by which law, and until when", arguments: TestDatabase.engines)
    func asked(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await Self.inCourt(staffed)
        for actor in [Actor.resident, .system] {
            let refused = await #expect(throws: Problem.self) { try await staffed.complaints.erase(docket, by: actor, basis: "x") }
            #expect(refused?.code == "erase.evidence" && refused?.title.id.contains("UU 27/2022 ps. 15 ayat (1) huruf b") == true)
            #expect(
                refused?.title.en.contains("before the police or a court") == true && refused?.remedy?.id.contains("sebab lain") == true
            )
        }
        #expect(try await staffed.complaints.evidenceNotice(on: staffed.find(docket))?.id.contains(docket) == true)
        let other = try await staffed.proven(Self.report(staffed)).docket
        try await staffed.complaints.withdraw(other)
        try await staffed.complaints.eraseEnded(of: [.mail("pelapor@contoh.example")], basis: "x")
        #expect(try await Self.isErased(other, staffed), "what else ended goes")
        #expect(try await !Self.isErased(docket, staffed))
    }

    @Test("Time does not erase it, nor what was merged into it, nor who challenged it", arguments: TestDatabase.engines)
    func aged(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let target = try await staffed.forwarded().docket
        let between = try await staffed.forwarded().docket
        let same = try await staffed.proven(Self.report(staffed)).docket
        try await staffed.complaints.verify(same, by: staffed.screener)
        try await staffed.complaints.merge(same, into: between, by: staffed.worker)
        try await staffed.complaints.merge(between, into: target, by: staffed.worker)
        try await staffed.complaints.closeUnfixed(target, reason: "in-court", text: "Polisi memeriksanya.", by: staffed.worker)
        try await staffed.complaints.challenge(target, text: "Saya melihat truknya.")
        let free = try await staffed.forwarded().docket
        try await staffed.complaints.closeUnfixed(free, reason: "no-budget", text: "Tahun depan.", by: staffed.worker)
        for time in ["2026-11-20T09:00:00+07:00", "2036-11-20T09:00:00+07:00"] {
            staffed.city.clock.set(time)
            try await staffed.complaints.doDuties()
        }
        for docket in [target, between, same] { #expect(try await !Self.isErased(docket, staffed)) }
        #expect(try await Self.isErased(free, staffed))
        let journal = staffed.city.journal
        let challenge = try await journal.read { try journal.entries(of: "complaint/\(target)", in: $0) }
            .first { $0.kind == "complaint.challenged" }
        #expect(challenge?.personal != nil)
    }

    @Test("Once closed for another reason it may be erased; its reporter may react to that first", arguments: TestDatabase.engines)
    func over(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await Self.inCourt(staffed)
        staffed.city.clock.set("2033-11-20T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        #expect(try await staffed.find(docket).stage == .closed)
        await #expect(throws: Problem.self) {
            try await staffed.complaints.closeUnfixed(docket, reason: "in-court", text: "Masih.", by: staffed.worker)
        }
        try await staffed.complaints.closeUnfixed(docket, reason: "case-over", text: "Perkaranya sudah putus.", by: staffed.worker)
        let after = try await staffed.find(docket)
        #expect(after.stage == .resolved && after.reason == "case-over" && staffed.complaints.disputableUntil(after) != nil)
        #expect(try await staffed.complaints.evidenceNotice(on: after) == nil)
        let again = await #expect(throws: Problem.self) {
            try await staffed.complaints.closeUnfixed(docket, reason: "not-found", text: "Lagi.", by: staffed.worker)
        }
        #expect(again?.code == "complaint.act-not-possible")
        try await staffed.complaints.erase(docket, by: .resident, basis: "x")
        #expect(try await Self.isErased(docket, staffed))
        let live = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == live)
    }

    @Test("Nobody frees it by disputing the end and taking the report back", arguments: TestDatabase.engines)
    func withdrawn(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let docket = try await Self.inCourt(staffed)
        try await staffed.complaints.dispute(docket, text: "Belum selesai.")
        try await staffed.complaints.reply(docket, text: "Kami lihat lagi.", by: staffed.worker)
        try await staffed.complaints.withdraw(docket)
        let refused = await #expect(throws: Problem.self) { try await staffed.complaints.erase(docket, by: .resident, basis: "x") }
        #expect(refused?.code == "erase.evidence")
        let before = try await staffed.find(docket)
        try await staffed.complaints.closeUnfixed(docket, reason: "case-over", text: "Sudah putus.", by: staffed.worker)
        let after = try await staffed.find(docket)
        #expect(after.outcome == .withdrawn && after.stage == .closed && after.reason == "case-over", "nor does it count as not fixed")
        #expect(after.clock.promises["reaction"]?.start == before.clock.promises["reaction"]?.start, "there is nothing to react to")
        try await staffed.complaints.erase(docket, by: .resident, basis: "x")
    }

    /// A report that a court looks into and whose reporter disputes its end, and another that was merged into it.
    private static func disputed(_ staffed: ComplaintTests.Staffed) async throws -> (case: String, merged: String) {
        let docket = try await inCourt(staffed)
        let merged = try await staffed.proven(report(staffed)).docket
        try await staffed.complaints.verify(merged, by: staffed.screener)
        try await staffed.complaints.merge(merged, into: docket, by: staffed.worker)
        try await staffed.complaints.dispute(docket, text: "Belum selesai.")
        return (docket, merged)
    }

    private static func requireKept(_ docket: String, _ staffed: ComplaintTests.Staffed) async throws {
        let refused = await #expect(throws: Problem.self) { try await staffed.complaints.erase(docket, by: .resident, basis: "x") }
        #expect(refused?.code == "erase.evidence")
    }

    @Test("Open again it keeps what was merged into it, until it is found fixed", arguments: TestDatabase.engines)
    func reopened(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let (docket, merged) = try await Self.disputed(staffed)
        try await Self.requireKept(merged, staffed)
        try await staffed.complaints.ask(docket, text: "Di mana?", by: staffed.worker)
        staffed.city.clock.set("2026-12-01T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        #expect(try await staffed.find(docket).stage == .working, "the question has lapsed")
        try await Self.requireKept(merged, staffed)
        let photo = try await staffed.complaints.addPhoto(Pictures.png, person: staffed.worker.account)
        try await staffed.complaints.reportDone(docket, text: "Selesai.", photos: [photo], by: staffed.worker)
        try await staffed.complaints.rejectDone(docket, reason: "Belum.", by: staffed.head)
        try await Self.requireKept(merged, staffed)
        staffed.city.clock.set("2033-12-01T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        #expect(try await !Self.isErased(merged, staffed), "nor does time take it")
        try await staffed.complaints.reportDone(docket, text: "Selesai.", photos: [photo], by: staffed.worker)
        try await Self.requireKept(merged, staffed)
        try await staffed.complaints.confirmDone(docket, by: staffed.head)
        #expect(try await staffed.find(docket).reason == nil)
        try await staffed.complaints.erase(merged, by: .resident, basis: "x")
        #expect(try await Self.isErased(merged, staffed))
    }

    @Test("Merged into another it stays, until it is closed for another reason, merged all the same", arguments: TestDatabase.engines)
    func mergedAway(engine: Engine) async throws {
        let staffed = try await ComplaintTests.Staffed(engine)
        let (docket, merged) = try await Self.disputed(staffed)
        let other = try await staffed.forwarded().docket
        try await staffed.complaints.merge(docket, into: other, by: staffed.worker)
        for kept in [docket, merged] { try await Self.requireKept(kept, staffed) }
        staffed.city.clock.set("2033-12-01T09:00:00+07:00")
        try await staffed.complaints.doDuties()
        for kept in [docket, merged] { #expect(try await !Self.isErased(kept, staffed)) }
        let before = try await staffed.dump()
        try await staffed.city.journal.rebuild()
        #expect(try await staffed.dump() == before)
        let asMerged = try await staffed.find(docket)
        #expect(staffed.complaints.isEvidence(asMerged))
        try await staffed.complaints.closeUnfixed(docket, reason: "case-over", text: "Sudah putus.", by: staffed.worker)
        let after = try await staffed.find(docket)
        #expect(after.clock.promises["reaction"]?.start == asMerged.clock.promises["reaction"]?.start)
        #expect(after.stage == .closed && after.outcome == .duplicate && staffed.complaints.disputableUntil(after) == nil)
        for freed in [docket, merged] { try await staffed.complaints.erase(freed, by: .resident, basis: "x") }
        for freed in [docket, merged] { #expect(try await Self.isErased(freed, staffed)) }
    }
}
