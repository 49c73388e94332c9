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

/// What a case hears of a payment that was recorded for it by mistake.
@Suite("Money recorded by mistake")
struct MistakenMoneyTests {
    /// A booking that was recorded as paid from a statement, and the receipt.
    private static func recorded(_ city: TestCity) async throws -> (docket: String, bill: Bill, receipt: String) {
        let service = try #require(city.city.services["sewa-gelanggang"])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: ["waktu": "lapangan_a@2026-11-10T08:00/60", "nama": "Warga", "kontak": "+6281200000001"])
        let docket = try await city.services.file(draft, service, token: token, clerk: nil).docket
        let bill = try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first)
        let rosa = try await city.officer("rosa", agency: bill.agency, roles: [.treasurer])
        let finding = BankStatement.Finding(
            text: "TRF \(bill.number)",
            amount: bill.amount,
            day: city.clock.now.date(in: city.city.zone),
            ordinal: 1,
            fingerprint: "a",
            compared: .max
        )
        let receipt = try await city.record(finding, for: bill.number, by: rosa)
        try await city.fees.doubt(receipt, reason: "Kode orang lain", by: rosa)
        return (docket, bill, receipt)
    }

    @Test("A case that has gone on stays as it is, its bill is a claim again, and the applicant is told", arguments: TestDatabase.engines)
    func goneOn(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, bill, receipt) = try await Self.recorded(city)
        let head = try await city.officer("kepala", agency: bill.agency, roles: [.head])
        #expect(try await city.services.find(docket)?.serviceCase.progress.stage == "dipesan")
        #expect(try await !city.services.waitsAgain(docket), "the head reads that before they decide")
        _ = try await city.sentMessages()
        try await city.fees.correct(receipt, by: head)
        #expect(try await city.services.find(docket)?.serviceCase.progress.stage == "dipesan")
        #expect(try await city.fees.find(bill.number)?.outstanding == bill.amount)
        let told = try await city.sentMessages().map(\.body)
        #expect(told.count == 1)
        #expect(
            told.first?.contains(
                "Rp40.000 keliru dicatat untuk berkas ini, catatannya dibatalkan; tagihannya masih harus dibayar, berkasnya tidak berubah"
            ) == true
        )
        #expect(told.first?.contains("Kode orang lain") == false, "the reason goes to no contact that nobody has proven")
        let entries = try await city.journal.read { try city.journal.entries(of: "case/\(docket)", in: $0).map(\.kind) }
        #expect(entries.last == "case.payment-corrected")
        try await city.fees.take(bill.amount, for: bill.number, by: .qris, reference: "b", actor: .system)
        #expect(try await city.services.find(docket)?.serviceCase.progress.stage == "dipesan")
    }

    @Test("A case that has ended stays as it is, and what falls with it is no money to give back", arguments: TestDatabase.engines)
    func ended(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, bill, receipt) = try await Self.recorded(city)
        let head = try await city.officer("kepala", agency: bill.agency, roles: [.head])
        try await city.services.act("batalkan", on: docket, key: "1", by: .applicant)
        #expect(try await city.fees.find(bill.number)?.returnable == bill.amount)
        let stage = try await city.services.find(docket)?.serviceCase.progress.stage
        _ = try await city.sentMessages()
        try await city.fees.correct(receipt, by: head)
        #expect(try await city.services.find(docket)?.serviceCase.progress.stage == stage)
        #expect(try await city.fees.find(bill.number)?.excess == 0)
        #expect(
            try await city.sentMessages().map(\.body).first?.contains(
                "catatannya dibatalkan; uang itu tidak jadi dikembalikan kepada Anda. Sebabnya"
            ) == true
        )
    }

    @Test("Why a recording was a mistake goes with the applicant: it may tell who paid", arguments: TestDatabase.engines)
    func erased(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, bill, receipt) = try await Self.recorded(city)
        let head = try await city.officer("kepala", agency: bill.agency, roles: [.head])
        try await city.services.act("batalkan", on: docket, key: "1", by: .applicant)
        try await city.fees.correct(receipt, by: head)
        func doubt() async throws -> String? { try await city.fees.payment(receipt: receipt)?.doubt }
        #expect(try await doubt() == "Kode orang lain")
        try await city.journal.rebuild()
        #expect(try await doubt() == "Kode orang lain")
        guard case .done = try await city.services.erase(docket) else {
            Issue.record("it waits")
            return
        }
        #expect(try await doubt() == "–", "that there was a reason stays")
        let clear = try await city.journal.read { try $0.count("SELECT count(*) FROM entry WHERE inner_part LIKE '%Kode orang lain%'") }
        #expect(clear == 0)
        try await city.journal.rebuild()
        #expect(try await doubt() == "–")
    }

    @Test("The row and the reasons of a proposal go with the applicant, who is not erased while it waits", arguments: TestDatabase.engines)
    func erasedProposal(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, bill, receipt) = try await Self.recorded(city)
        let head = try await city.officer("kepala", agency: bill.agency, roles: [.head])
        let tiur = try await city.officer("tiur", agency: bill.agency, roles: [.treasurer])
        try await city.fees.correct(receipt, by: head)
        let row = BankStatement.Finding(
            text: "TRF ZEBRA SIREGAR",
            amount: bill.amount,
            day: city.clock.now.date(in: city.city.zone),
            ordinal: 1,
            fingerprint: "b",
            compared: .max
        )
        try await city.fees.propose(row, for: bill.number, reason: "Dibayar pamannya", by: tiur)
        for isUndone in [false, true, false] {
            if isUndone {
                try await city.fees.reverse(reference: "bank:REF00001", reason: "failed", actor: .system)
            } else {
                try await city.fees.take(bill.amount, for: bill.number, by: .qris, reference: "bank:REF00001", actor: .system)
            }
        }
        let now = city.clock.now.date(in: city.city.zone)
        let asked = try #require(try await city.fees.day(now, of: tiur).toldAgain.first)
        try await city.fees.closeToldAgain(asked.entry, note: "Pamannya tidak jadi membayar", by: tiur)
        try await city.services.act("batalkan", on: docket, key: "1", by: .applicant)
        guard case .waits(let reasons) = try await city.services.erase(docket), reasons.contains(where: { $0.en.contains("looking into") })
        else {
            Issue.record("a proposal waits")
            return
        }
        let today = city.clock.now.date(in: city.city.zone)
        let id = try #require(try await city.fees.day(today, of: head).proposals.first?.id)
        try await city.fees.decline(proposal: id, reason: "Bukan uang pemohon", by: head)
        func texts() async throws -> [String] {
            try await city.fees.declinedLately(for: head).flatMap { [$0.text, $0.reason, $0.note] }
                + city.fees.toldAgainLately(for: head).map(\.note)
        }
        #expect(try await texts() == ["TRF ZEBRA SIREGAR", "Dibayar pamannya", "Bukan uang pemohon", "Pamannya tidak jadi membayar"])
        try await city.journal.rebuild()
        #expect(try await texts() == ["TRF ZEBRA SIREGAR", "Dibayar pamannya", "Bukan uang pemohon", "Pamannya tidak jadi membayar"])
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        let taken = String(decoding: try await city.services.everything(about: found).canonical, as: UTF8.self)
        for words in ["ZEBRA", "amannya", "Bukan uang pemohon"] {
            #expect(!taken.contains(words), "rows of a bank, and what was found of them, may be others'")
        }
        #expect(taken.contains("Kode orang lain"), "what the applicant is told is theirs")
        try await city.services.doDuties()
        if case .waits = try await city.services.erase(docket) { Issue.record("it waits") }
        #expect(try await texts() == ["–", "–", "–", "–"])
        let clear = try await city.journal.read {
            try $0.count("SELECT count(*) FROM entry WHERE inner_part LIKE '%ZEBRA%' OR inner_part LIKE '%pamannya%'")
        }
        #expect(clear == 0)
        try await city.journal.rebuild()
        #expect(try await texts() == ["–", "–", "–", "–"])
    }
}
