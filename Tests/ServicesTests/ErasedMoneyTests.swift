// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Forms
import Identity
import Journal
import Notifications
import Residents
import Services
import Storage
import TestSupport
import Testing

/// Money of those who wish to be erased, or were. Monday 2 November 2026, 09.00.
@Suite("Money and erasure")
struct ErasedMoneyTests {
    private static func book(_ city: TestCity) async throws -> (docket: String, bill: Bill) {
        let service = try #require(city.city.services["sewa-gelanggang"])
        let token = try await city.services.newDraft(service, language: .indonesian)
        var (draft, _) = try #require(try await city.services.draft(token))
        draft.answers = Answers(json: ["waktu": "lapangan_a@2026-11-10T08:00/60", "nama": "Warga", "kontak": "+6281200000001"])
        let docket = try await city.services.file(draft, service, token: token, clerk: nil).docket
        return (docket, try #require(try await city.journal.read { try Fees.bills(of: docket, in: $0) }.first))
    }

    @Test(
        "A bill that fell is not revived by a late notice once its applicant is erased: the money goes back",
        arguments: TestDatabase.engines
    )
    func lateNotice(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, bill) = try await Self.book(city)
        city.clock.set("2026-11-05T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await city.services.find(docket)?.serviceCase.progress.status == .closed)
        guard case .done = try await city.services.erase(docket) else {
            Issue.record("it was not erased")
            return
        }
        let day = bill.issuedAt.date(in: city.city.zone)
        try await city.fees.take(bill.amount, for: bill.number, by: .qris, reference: "a", on: day, actor: .system)
        #expect(try await city.services.find(docket)?.serviceCase.progress.status == .closed)
        #expect(try await city.fees.find(bill.number)?.returnable == bill.amount)
    }

    @Test(
        "Nobody is erased while an order to pay them stands, also where the bank took their money back since",
        arguments: TestDatabase.engines
    )
    func orderStands(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let (docket, bill) = try await Self.book(city)
        try await city.fees.take(bill.amount, for: bill.number, by: .qris, reference: "a", actor: .system)
        try await city.services.act("batalkan", on: docket, key: "1", by: .applicant)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.order(
            bill.amount,
            of: bill.number,
            ground: "Sewa dibatalkan pemohon",
            to: (account, proof: "Buku tabungan"),
            key: "1",
            by: head
        )
        try await city.fees.reverse(reference: "a", reason: "refunded", actor: .system)
        city.clock.set("2027-02-01T09:00:00+07:00")
        for _ in 0..<2 {
            guard case .waits(let reasons) = try await city.services.erase(docket) else {
                Issue.record("it was erased")
                return
            }
            #expect(reasons.map(\.en).contains { $0.hasPrefix("the city is giving money back to you") })
            try await city.services.doDuties()
        }
        try await city.fees.withdraw("\(bill.number)-1", reason: "Bank menarik kembali uangnya", by: head)
        guard case .waits(let reasons) = try await city.services.erase(docket) else {
            Issue.record("it was erased the day the order was taken back")
            return
        }
        #expect(reasons.map(\.en).contains { $0.hasPrefix("an order to give money back was taken back lately") })
        city.clock.set("2027-04-01T09:00:00+07:00")
        try await city.services.doDuties()
        #expect(try await ErasingTests.isErased(city, docket))
    }

    @Test(
        "Nobody is erased while it is open what they paid: a recording that is doubted, an undoing that nobody looked into",
        arguments: TestDatabase.engines
    )
    func openQuestions(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let (docket, bill) = try await Self.book(city)
        let row = BankStatement.Finding(
            text: "TRF \(bill.number)",
            amount: bill.amount,
            day: bill.issuedAt.date(in: city.city.zone),
            ordinal: 1,
            fingerprint: "a",
            compared: .max
        )
        let receipt = try await city.record(row, for: bill.number, by: rosa)
        try await city.fees.doubt(receipt, reason: "Salah tagihan", by: rosa)
        city.clock.set("2027-02-01T09:00:00+07:00")
        func reasons() async throws -> [String] {
            guard case .waits(let reasons) = try await city.services.erase(docket) else { return [] }
            return reasons.map(\.en).filter { $0.contains("looking into") }
        }
        #expect(try await reasons().count == 1)
        try await city.fees.letStand(receipt, reason: "Benar", by: head)
        #expect(try await reasons().isEmpty)
    }

    @Test("Whoever was given back too much is not erased before it is paid back", arguments: TestDatabase.engines)
    func givenTooMuch(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let (docket, bill) = try await Self.book(city)
        try await city.fees.take(bill.amount + 1_000, for: bill.number, by: .qris, reference: "a", actor: .system)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        for key in ["1", "2"] {
            try await city.fees.order(
                1_000,
                of: bill.number,
                ground: "Lebih bayar",
                to: (account, proof: "Buku tabungan"),
                key: key,
                by: head
            )
            if key == "1" { try await city.fees.withdraw("\(bill.number)-1", reason: "Salah hitung", by: head) }
        }
        for order in ["\(bill.number)-1", "\(bill.number)-2"] { try await city.fees.carryOut(order, slip: "SP2D-1", by: rosa) }
        try await city.services.act("batalkan", on: docket, key: "1", by: .applicant)
        city.clock.set("2027-02-01T09:00:00+07:00")
        // What was paid for the booking goes back as well, less what went too far.
        #expect(try await city.fees.find(bill.number)?.excess == bill.amount - 1_000)
        try await city.fees.reverse(reference: "a", reason: "refunded", actor: .system)
        #expect(try await city.fees.find(bill.number)?.overpaid == 2_000)
        guard case .waits(let reasons) = try await city.services.erase(docket) else {
            Issue.record("it was erased")
            return
        }
        #expect(reasons.map(\.en) == ["too much was given back to you: once Rp2,000 has been paid back"])
    }

    @Test("What money waits is told with what is needed for it", arguments: TestDatabase.engines)
    func told(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, bill) = try await Self.book(city)
        _ = try await city.sentMessages()
        try await city.fees.take(bill.amount + 1_000, for: bill.number, by: .qris, reference: "a", actor: .system)
        let told = try await city.sentMessages().map(\.body).joined(separator: "\n")
        #expect(told.contains("tagihan Rp40.000 sudah lunas") && told.contains("Rp1.000 akan dikembalikan kepada Anda. Tulis rekeningnya"))
        try await city.services.act("batalkan", on: docket, key: "1", by: .applicant)
        let then = try await city.sentMessages().map(\.body).joined(separator: "\n")
        #expect(then.contains("Rp40.000 akan dikembalikan kepada Anda. Tulis rekeningnya"))
        try await city.journal.commit { act in
            try act.append("case.contact-confirmed", to: "case/\(docket)", by: .system, facts: ["docket": .string(docket)])
        }
        let person = try #require(try await city.services.find(docket)?.serviceCase.person)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.giveAccount(account, for: bill.number, of: person, by: .resident)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        try await city.fees.order(40_000, of: bill.number, ground: "Batal tepat waktu", key: "1", by: head)
        let ordered = try await city.sentMessages().map(\.body).joined(separator: "\n")
        #expect(ordered.contains("Salah? Segera telepon 0800-000-200."), "whoever has to be quick need not look for the number")
    }

    @Test("An erasure by another rule stands, though the applicant takes their own wish back", arguments: TestDatabase.engines)
    func anotherRule(engine: Engine) async throws {
        let city = try await TestCity(engine)
        let (docket, _) = try await Self.book(city)
        _ = try await city.services.erase(docket)
        _ = try await city.services.erase(docket, by: .system, ground: ErasureGround("Putusan 12/2026", endsReasons: true))
        try await city.services.withdrawErasure(of: docket)
        let found = try #require(try await city.services.find(docket)?.serviceCase)
        #expect(try await city.services.waitingErasure(of: found)?.isOwn == false)
        try await city.services.act("batal", on: docket, key: "1", by: .applicant)
        city.clock.set("2026-11-02T09:05:00+07:00")
        try await city.services.doDuties()
        let erasure = try await city.journal.read { try city.journal.entries(of: "person/\(found.person)", in: $0).last }
        #expect(erasure?.facts["basis"]?.string == "Putusan 12/2026")
    }
}
