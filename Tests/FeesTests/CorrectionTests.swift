// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Journal
import Storage
import TestSupport
import Testing

@Suite("Recordings taken back")
struct CorrectionTests {
    private static func bill(_ city: TestCity, _ amount: Int) async throws -> String {
        let line = Bill.Line(label: Text(same: "Uji"), shown: nil, basis: Text(same: "Uji"), amount: amount)
        let zone = city.city.zone
        return try await city.journal.commit {
            try Fees.issue(docket: "UJI-1", agency: "pu", lines: [line], due: CivilDate(days: 21_000), zone: zone, by: .system, in: $0)
        }
    }

    private static func refusal(_ act: () async throws -> Void) async -> String? {
        do { try await act() } catch { return (error as? Problem)?.code }
        return nil
    }

    /// A city with a bill that was recorded as paid from a statement.
    private struct Scene {
        let city: TestCity
        let rosa: Officer
        let head: Officer
        let bill: String
        let statement: BankStatement
        let finding: BankStatement.Finding
        let receipt: String

        init(_ engine: Engine) async throws {
            city = try await TestCity(engine)
            rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
            head = try await city.officer("kepala", agency: "pu", roles: [.head])
            bill = try await CorrectionTests.bill(city, 70_000)
            let text = "date,credit,description\n\(city.clock.now.date(in: city.city.zone)),70000,QRIS REF-1 \(bill)\n"
            statement = try BankStatement(csv: Array(text.utf8))
            let row = try #require(try await city.fees.reconcile(statement, by: rosa).onlyAtBank.first).row
            finding = BankStatement.Finding(
                text: row.text,
                amount: row.amount,
                day: row.day,
                ordinal: row.ordinal,
                fingerprint: statement.fingerprint,
                compared: .max
            )
            receipt = try await city.record(finding, for: bill, by: rosa)
        }

        func balances() async throws -> [String] {
            try await city.journal.read { try Fees.balances(in: $0).map { "\($0.account) \($0.amount)" } }
        }
    }

    @Test("A treasurer doubts, the head takes back; the bill is owed again and the books agree", arguments: TestDatabase.engines)
    func twoPairsOfEyes(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let (city, rosa, head, receipt) = (scene.city, scene.rosa, scene.head, scene.receipt)
        let auditor = try await city.officer("audit", agency: "setda", roles: [.auditor])
        let others = [
            try await city.officer("lain", agency: "kebersihan", roles: [.treasurer]),
            try await city.officer("kepala-lain", agency: "kebersihan", roles: [.head]),
        ]
        for officer in others {
            #expect(await Self.refusal { try await city.fees.doubt(receipt, reason: "Kode salah", by: officer) } != nil)
        }
        #expect(await Self.refusal { try await city.fees.correct(receipt, by: head) } == "payment.not-doubted")
        for _ in 0..<2 { try await city.fees.doubt(receipt, reason: "Kode orang lain", key: "a", by: rosa) }
        #expect(
            await Self.refusal { try await city.fees.doubt(receipt, reason: "Kode lain", key: "b", by: rosa) } == "payment.doubted-before"
        )
        #expect(try await city.fees.find(scene.bill)?.isSettled == true, "until it is decided it counts")
        let today = city.clock.now.date(in: city.city.zone)
        for looker in [rosa, head, auditor] {
            let seen = try await city.fees.day(today, of: looker).doubts
            #expect(
                seen.map { "\($0.payment.receipt) \($0.number ?? 0) \($0.payment.doubt)" } == ["\(receipt) \(rosa.number) Kode orang lain"]
            )
            #expect(seen.first?.isOwedAgain == true)
        }
        #expect(try await city.fees.waiting(for: head).bills == 1)
        #expect(await Self.refusal { try await city.fees.correct(receipt, by: others[1]) } == "fees.other-agency")
        #expect(await Self.refusal { try await city.fees.correct(receipt, by: rosa) } == "fees.head-only")
        // The same person with another role is no second pair of eyes.
        let both = Officer(account: rosa.account, number: rosa.number, name: rosa.name, agency: "pu", roles: [.head], districts: [])
        #expect(await Self.refusal { try await city.fees.correct(receipt, by: both) } == "payment.own-doubt")
        try await city.fees.letStand(receipt, reason: "Sudah benar", by: head)
        #expect(try await city.fees.waiting(for: head).bills == 0)
        try await city.fees.doubt(receipt, reason: "Kode orang lain", by: rosa)
        for _ in 0..<2 { try await city.fees.correct(receipt, key: "c", by: head) }
        #expect(await Self.refusal { try await city.fees.correct(receipt, key: "d", by: head) } == "payment.not-doubted")
        #expect(try await city.fees.find(scene.bill)?.outstanding == 70_000)
        #expect(try await scene.balances() == ["bank 0", "receivable 70000", "revenue -70000"])
        let kinds = try await city.journal.read { try city.journal.entries(of: "bill/\(scene.bill)", in: $0).map(\.kind) }
        #expect(kinds.suffix(2) == ["payment.doubted", "payment.corrected"] && kinds.filter { $0 == "payment.corrected" }.count == 1)
        var text = ""
        for try await page in try city.fees.export(today...today, for: rosa) { text += page }
        let rows = try CSVReader.records(text).map(\.fields).filter { $0.contains(receipt) }
        #expect(
            Set(rows.map { $0[2] }) == ["received", "corrected"] && rows.count == 2 && rows.compactMap { Int($0[6]) }.reduce(0, +) == 0
        )
    }

    @Test("The row of a recording that was taken back is free, for another bill as for the same", arguments: TestDatabase.engines)
    func freeRow(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let (city, rosa, head) = (scene.city, scene.rosa, scene.head)
        let other = try await Self.bill(city, 70_000)
        #expect(await Self.refusal { try await city.record(scene.finding, for: other, by: rosa) } == "statement.recorded-before")
        try await city.fees.doubt(scene.receipt, reason: "Kode orang lain", by: rosa)
        try await city.fees.correct(scene.receipt, by: head)
        #expect(try await city.fees.reconcile(scene.statement, by: rosa).onlyAtBank.count == 1, "only the bank knows of it again")
        let doubt = try #require(try await city.fees.doubts(of: [(scene.finding, scene.bill)]).first)
        #expect(doubt.corrected.map(\.payment.receipt) == [scene.receipt] && doubt.corrected.map(\.agency) == ["pu"] && doubt.speaks)
        #expect(await Self.refusal { try await city.record(scene.finding, for: other, by: rosa) } == "form.incomplete")
        let receipt = try await city.record(scene.finding, for: other, because: "Ada di rekening koran", by: rosa)
        #expect(receipt != scene.receipt)
        #expect(await Self.refusal { try await city.record(scene.finding, for: other, by: rosa) } == "statement.recorded-before")
        let result = try await city.fees.reconcile(scene.statement, by: rosa)
        #expect(result.onlyAtBank.isEmpty && result.onlyHere.isEmpty, "whatever bill the row names")
        #expect(try await city.fees.find(scene.bill)?.outstanding == 70_000)
        #expect(try await city.fees.find(other)?.isSettled == true)
        try await city.fees.doubt(receipt, reason: "Ternyata benar", by: rosa)
        try await city.fees.correct(receipt, by: head)
        #expect(await Self.refusal { try await city.record(scene.finding, for: scene.bill, by: rosa) } == "form.incomplete")
        try await city.record(scene.finding, for: scene.bill, because: "Ada di rekening koran", by: rosa)
        #expect(try await scene.balances() == ["bank 70000", "receivable 70000", "revenue -140000"])
    }

    @Test("A row compared before its recording was taken back is compared again first", arguments: TestDatabase.engines)
    func oldForm(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let compared = try await scene.city.fees.reconcile(scene.statement, by: scene.rosa).compared
        try await scene.city.fees.doubt(scene.receipt, reason: "Kode orang lain", by: scene.rosa)
        try await scene.city.fees.correct(scene.receipt, by: scene.head)
        let old = BankStatement.Finding(
            text: scene.finding.text,
            amount: 70_000,
            day: scene.finding.day,
            ordinal: 1,
            fingerprint: scene.statement.fingerprint,
            compared: compared
        )
        let (fees, rosa) = (scene.city.fees, scene.rosa)
        #expect(
            await Self.refusal { try await fees.propose(old, for: scene.bill, reason: "Uang lain", by: rosa) }
                == "statement.corrected-since"
        )
        #expect(try await scene.city.fees.find(scene.bill)?.outstanding == 70_000)
    }

    @Test("What the bank tells of meanwhile is in doubt no more, until somebody doubts that it is there", arguments: TestDatabase.engines)
    func toldMeanwhile(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let (city, rosa, head) = (scene.city, scene.rosa, scene.head)
        try await city.fees.doubt(scene.receipt, reason: "Kode orang lain", by: rosa)
        #expect(try await city.fees.take(70_000, for: scene.bill, by: .qris, reference: "bank:REF-1", actor: .system).isRepeat)
        #expect(await Self.refusal { try await city.fees.correct(scene.receipt, by: head) } == "payment.not-doubted")
        try await city.fees.doubt(scene.receipt, reason: "Tidak ada di rekening", by: rosa)
        try await city.fees.correct(scene.receipt, by: head)
        #expect(try await city.fees.find(scene.bill)?.outstanding == 70_000)
    }

    @Test("Money that is ordered back is not taken off before the order is", arguments: TestDatabase.engines)
    func orderedBack(engine: Engine) async throws {
        let scene = try await Scene(engine)
        let (city, rosa, head) = (scene.city, scene.rosa, scene.head)
        // The bank tells of the same money under a name that its row does not say: it is booked twice.
        try await city.fees.take(70_000, for: scene.bill, by: .qris, reference: "bank:XYZ-9", actor: .system)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.order(
            70_000,
            of: scene.bill,
            ground: "Dibayar dua kali",
            to: (account, proof: "Buku tabungan"),
            key: "k",
            by: head
        )
        try await city.fees.doubt(scene.receipt, reason: "Dua kali tercatat", by: rosa)
        #expect(await Self.refusal { try await city.fees.correct(scene.receipt, by: head) } == "payment.ordered-back")
        try await city.fees.withdraw("\(scene.bill)-1", reason: "Tercatat dua kali", by: head)
        try await city.fees.correct(scene.receipt, by: head)
        let bill = try #require(try await city.fees.find(scene.bill))
        #expect(bill.isSettled && bill.excess == 0, "the other stands")
        #expect(try await scene.balances() == ["bank 70000", "excess 0", "receivable 0", "revenue -70000"])
    }
}
