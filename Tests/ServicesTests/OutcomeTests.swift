// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Forms
import Identity
import Journal
import Notifications
import Services
import Storage
import TestSupport
import Testing

/// Who ends a case, and how: an act does, or time where the pack says so; money never. Monday 2 November 2026, 09.00.
@Suite("How a case ended")
struct OutcomeTests {
    private static func file(_ city: TestCity, _ code: String, _ answers: JSON) async throws -> String {
        let service = try #require(city.city.services[code])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: answers)
        return try await city.services.file(draft, service, token: token, clerk: nil).docket
    }

    private static func find(_ docket: String, _ city: TestCity) async throws -> Case {
        try #require(try await city.services.find(docket)?.serviceCase)
    }

    /// A permit that was paid for, issued and revoked, and its bill.
    private static func revoked(_ city: TestCity) async throws -> (docket: String, bill: Bill) {
        let first = try await city.officer("dewi", agency: "pu", roles: [.officer])
        let second = try await city.officer("hasan", agency: "pu", roles: [.officer, .head, .signer])
        let docket = try await file(city, "pbg", ServiceTests.house)
        try await city.services.act("lengkap", on: docket, key: "1", by: .officer(first))
        let examined = Answers(json: ["tanggal_periksa": "2026-11-02", "luas_sesuai": "ya"])
        try await city.services.act("pernyataan", on: docket, answers: examined, key: "2", by: .officer(second))
        try await city.services.act("tetapkan", on: docket, key: "3", by: .officer(second))
        let bill = try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
        try await city.fees.take(bill.amount, for: bill.number, by: .qris, reference: "R", actor: .system)
        try await city.services.act("terbitkan", on: docket, key: "4", by: .officer(second))
        #expect(try await find(docket, city).outcome == .granted)
        try await city.services.act("cabut", on: docket, note: "Gambar dipalsukan", key: "5", by: .officer(second))
        #expect(try await find(docket, city).outcome == .refused)
        return (docket, bill)
    }

    @Test("What was revoked stays revoked when its payment is taken back", arguments: TestDatabase.engines)
    func takenBack(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, bill) = try await Self.revoked(city)
        try await city.fees.reverse(reference: "R", reason: "refunded", actor: .system)
        #expect(try await city.fees.find(bill.number)?.outstanding == bill.amount)
        let found = try await Self.find(docket, city)
        #expect(found.progress.stage == "dicabut" && found.outcome == .refused)
        let last = try await city.journal.read { try city.journal.entries(of: "case/\(docket)", in: $0) }.last
        #expect(last?.kind == "case.payment-reversed" && last?.facts["outcome"] == nil, "nobody reads in the log that it was granted")
    }

    @Test(
        "Of entries about money from before, the outcome is not believed, and a city that has them is worked out anew",
        arguments: TestDatabase.engines
    )
    func before(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, _) = try await Self.revoked(city)
        for kind in ["case.payment-reversed", "case.payment-corrected"] {
            try await city.journal.commit { act in
                let facts: JSON = ["docket": .string(docket), "stage": "dicabut", "status": "decided", "outcome": "granted"]
                try act.append(kind, to: "case/\(docket)", by: .system, facts: facts)
            }
            #expect(try await Self.find(docket, city).outcome == .refused)
        }
        // As an older program left it.
        try await city.journal.database.write { transaction in
            try transaction.execute("UPDATE service_case SET outcome = 'granted'")
        }
        try await city.journal.rebuildWhereStale()
        #expect(try await Self.find(docket, city).outcome == .refused)
        try await city.journal.database.write { try $0.execute("UPDATE service_case SET outcome = 'granted'") }
        try await city.journal.rebuildWhereStale()
        #expect(try await Self.find(docket, city).outcome == .granted, "once is enough")
    }

    @Test(
        "A booking that turns out to have been paid in time is granted; moved to another time, it stays so",
        arguments: TestDatabase.engines
    )
    func reinstated(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let officer = try await city.officer("tagor", agency: "pu", roles: [.officer])
        let answers: JSON = ["waktu": "lapangan_a@2026-11-10T08:00/60", "nama": "Warga", "kontak": "+6281200000001"]
        let docket = try await Self.file(city, "sewa-gelanggang", answers)
        let bill = try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
        city.clock.set("2026-11-05T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await Self.find(docket, city).outcome == .closed)
        let day = bill.issuedAt.date(in: city.city.zone)
        try await city.fees.take(bill.amount, for: bill.number, by: .qris, reference: "a", on: day, actor: .system)
        #expect(try await Self.find(docket, city).outcome == .granted)
        let moved = Answers(json: ["waktu_baru": "lapangan_a@2026-11-11T08:00/60"])
        try await city.services.act("pindah", on: docket, answers: moved, note: "Perbaikan", key: "1", by: .officer(officer))
        let last = try await city.journal.read { try city.journal.entries(of: "case/\(docket)", in: $0) }.last { $0.kind == "case.acted" }
        #expect(last?.facts["outcome"] == nil, "an act that leaves a case where it is ends nothing")
    }
}
