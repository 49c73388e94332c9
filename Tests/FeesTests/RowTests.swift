// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Journal
import Storage
import TestSupport
import Testing

/// Rows of a statement beside what was taken back, given back, or is of another time.
@Suite("Rows that are no money to record")
struct RowTests {
    private let amount = 194_400

    private func bill(_ city: TestCity) async throws -> String {
        let line = Bill.Line(label: Text(same: "x"), shown: nil, basis: Text(same: "y"), amount: amount)
        let due = try #require(CivilDate("2026-12-22"))
        return try await city.journal.commit {
            try Fees.issue(docket: "A", agency: "pu", lines: [line], due: due, zone: city.city.zone, by: .system, in: $0)
        }
    }

    private func scene(_ engine: Engine) async throws -> (city: TestCity, rosa: Officer, bill: String) {
        let city = try await TestCity(engine)
        return (city, try await city.officer("rosa", agency: "pu", roles: [.treasurer]), try await bill(city))
    }

    private func compare(_ rows: String, _ city: TestCity, _ officer: Officer) async throws -> Reconciliation {
        let text = "tanggal,keterangan,debit,kredit\n" + rows
        return try await city.fees.reconcile(try BankStatement(csv: Array(text.utf8)), by: officer)
    }

    /// A row of a result as it is recorded, with a reason or without, and why it is refused; nil where it is recorded.
    private func record(
        _ row: BankStatement.Row,
        for bill: String,
        hasReason: Bool = false,
        isMirrored: Bool = false,
        isTakenBack: Bool = false,
        _ city: TestCity,
        _ officer: Officer
    ) async throws -> String? {
        var finding = BankStatement.Finding(
            text: row.text,
            amount: row.amount,
            day: row.day,
            ordinal: row.ordinal,
            fingerprint: "a",
            compared: .max
        )
        finding.isMirrored = isMirrored
        finding.isTakenBack = isTakenBack
        do {
            try await city.record(finding, for: bill, because: hasReason ? "Ada di rekening koran" : "", by: officer)
        } catch let problem as Problem {
            return problem.code
        }
        return nil
    }

    @Test(
        "What the bank took back is warned of where a row names but its bill, and recorded only with a reason",
        arguments: TestDatabase.engines
    )
    func byBill(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        let other = try await self.bill(city)
        try await city.fees.take(amount, for: bill, by: .qris, reference: "bank:REF0001", actor: .system)
        try await city.fees.reverse(reference: "bank:REF0001", of: bill, amount: amount, reason: "refunded", actor: .system)
        try await city.fees.reverse(reference: "bank:REF0002", of: other, amount: amount, reason: "refunded", actor: .system)
        let result = try await compare("2026-11-02,QRIS \(bill),,194400\n2026-11-02,QRIS \(other),,194400\n", city, rosa)
        #expect(result.onlyAtBank.map { $0.bill?.number } == [bill, other] && result.open == 1)
        for missing in result.onlyAtBank {
            let number = try #require(missing.bill?.number)
            #expect(try await record(missing.row, for: number, city, rosa) == "form.incomplete")
            #expect(try await city.fees.find(number)?.outstanding == amount)
            #expect(try await record(missing.row, for: number, hasReason: true, city, rosa) == nil)
        }
    }

    @Test(
        "What names the payment that the bank took back is recorded only by two people, whatever bill either names",
        arguments: TestDatabase.engines
    )
    func byName(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        let other = try await self.bill(city)
        try await city.fees.take(amount, for: other, by: .qris, reference: "bank:REFONE11", actor: .system)
        try await city.fees.reverse(reference: "bank:REFONE11", of: other, amount: amount, reason: "refunded", actor: .system)
        try await city.fees.reverse(reference: "bank:REFTWO22", of: "INV-2026-9", amount: amount, reason: "refunded", actor: .system)
        let result = try await compare("2026-11-02,QRIS REFONE11 \(bill),,194400\n2026-11-02,QRIS REFTWO22 \(bill),,194400\n", city, rosa)
        #expect(result.takenBack.count == 2 && result.onlyAtBank.isEmpty && result.matched.isEmpty)
        for taken in result.takenBack {
            #expect(try await record(taken.row, for: bill, city, rosa) == "form.incomplete")
            #expect(try await record(taken.row, for: bill, hasReason: true, isTakenBack: true, city, rosa) == nil)
        }
    }

    @Test("A credit whose debit stands in the same statement is taken back, also where the books have it", arguments: TestDatabase.engines)
    func mirrored(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        let other = try await self.bill(city)
        try await city.fees.take(amount, for: bill, by: .qris, reference: "bank:REFONE11", actor: .system)
        let result = try await compare(
            """
            2026-11-02,QRIS REFONE11 \(bill),,194400
            2026-11-02,REVERSAL QRIS REFONE11 \(bill),194400,
            2026-11-02,TRF BUDI,,5000
            2026-11-02,TRF BUDI REVERSAL,5000,
            2026-11-02,VA \(other),,194400
            2026-11-02,KOREKSI TELLER 7 \(other),194400,
            2026-11-02,TRF SITI,,6000
            2026-11-02,PAJAK,6000,
            """,
            city,
            rosa
        )
        #expect(result.takenBack.map(\.row.amount) == [amount, 5_000] && result.takenBack.map { $0.debit?.line } == [3, 5])
        #expect(result.takenBack.map { $0.booked?.bill } == [bill, nil] && result.matched.isEmpty && result.onlyHere.isEmpty)
        #expect(result.onlyAtBank.map(\.row.amount) == [amount, 6_000] && result.onlyAtBank.map(\.isMirrored) == [true, false])
        // A word that several rows bear, as a branch or a day, names none of them.
        let branch = try await compare(
            "2026-11-02,TRF A KC0421,,8000\n2026-11-02,TRF B KC0421,,9000\n2026-11-02,KC0421,8000,\n",
            city,
            rosa
        )
        #expect(branch.takenBack.isEmpty && branch.onlyAtBank.count == 2)
        let row = try #require(result.onlyAtBank.first?.row)
        #expect(try await record(row, for: other, isMirrored: true, city, rosa) == "form.incomplete")
        #expect(try await record(row, for: other, hasReason: true, isMirrored: true, city, rosa) == nil)
    }

    @Test("What came back from the bank is in the books; its order is no payment code", arguments: TestDatabase.engines)
    func returned(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        try await city.fees.take(amount + 305_600, for: bill, by: .qris, reference: "bank:REFONE11", actor: .system)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.order(305_600, of: bill, ground: "Lebih bayar", to: (account, proof: "Buku tabungan"), key: "k", by: head)
        try await city.fees.carryOut("\(bill)-1", slip: "SP2D-77", by: rosa)
        let text = "2026-11-02,SP2D-77,305600,\n2026-11-02,RETUR SP2D-77 PERINTAH \(bill)-1,,305600\n"
        let before = try await compare(text, city, rosa)
        #expect(before.onlyAtBank.map { $0.bill?.number } == [nil] && before.onlyAtBank.map(\.order) == ["\(bill)-1"])
        try await city.fees.takeBack("\(bill)-1", reason: "Rekening tutup", by: rosa)
        for text in [text, "2026-11-02,RETUR \(bill)-1,,305600\n", "2026-11-02,RETUR SP2D-77 REKENING TUTUP,,305600\n"] {
            let result = try await compare(text, city, rosa)
            #expect(result.matched.map(\.ground) == [.name] && result.onlyAtBank.isEmpty)
        }
        #expect(try await compare("2026-11-02,RETUR \(bill),,305600\n", city, rosa).matched.map(\.ground) == [.bill])
        #expect(try await compare("2026-11-02,RETUR,,305600\n", city, rosa).matched.map(\.ground) == [.amount])
    }

    @Test("Money that came back and was recorded from a statement meanwhile is not booked again unseen", arguments: TestDatabase.engines)
    func returnedTwice(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        try await city.fees.take(amount + 305_600, for: bill, by: .qris, reference: "bank:REFONE11", actor: .system)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.order(305_600, of: bill, ground: "Lebih bayar", to: (account, proof: "Buku tabungan"), key: "k", by: head)
        let row = try #require(try await compare("2026-11-02,RETUR \(bill),,305600\n", city, rosa).onlyAtBank.first?.row)
        #expect(try await record(row, for: bill, city, rosa) == "form.incomplete", "an order of as much waits")
        #expect(try await record(row, for: bill, hasReason: true, city, rosa) == nil)
        // Noted late: the row was recorded while the order waited.
        try await city.fees.carryOut("\(bill)-1", slip: "SP2D-77", by: rosa)
        let problem = await #expect(throws: Problem.self) {
            try await city.fees.takeBack("\(bill)-1", reason: "Rekening tutup", by: rosa)
        }
        #expect(problem?.fields.map(\.name) == [Fees.isOtherMoney] && problem?.fields.first?.message.id.contains("KW-") == true)
        try await city.fees.takeBack("\(bill)-1", reason: "Rekening tutup", isOther: true, by: rosa)
    }

    @Test(
        "A row that bears the slip of a deposit, or is as much on its day, is not recorded by one person",
        arguments: TestDatabase.engines
    )
    func mayBeDeposit(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        let other = try await self.bill(city)
        try await city.fees.takeCash(amount, for: other, reference: "A", officer: rosa)
        try await city.fees.handOver(amount, slip: "STS-555", key: "k", by: rosa)
        for text in ["TRF \(bill) STS-555", "TRF \(bill)"] {
            let row = try #require(try await compare("2026-11-02,\(text),,\(amount)\n", city, rosa).onlyAtBank.first?.row)
            #expect(try await record(row, for: bill, city, rosa) == "form.incomplete")
        }
    }

    @Test("A row that was booked before the payment was made is another’s, whatever it names", arguments: TestDatabase.engines)
    func before(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        try await city.fees.take(amount, for: bill, by: .qris, reference: "bank:1234", actor: .system)
        for (day, isMatched) in [("2026-05-10", false), ("2026-10-30", false), ("2026-10-31", true), ("2026-11-02", true)] {
            for text in ["TRF 1234 SIPOLAN", "TRF \(bill)"] {
                let result = try await compare("\(day),\(text),,194400\n", city, rosa)
                #expect(result.matched.count == (isMatched ? 1 : 0), "\(day) \(text)")
                if !isMatched, let row = result.onlyAtBank.first { #expect(row.alike.count == 1, "but whoever records it is warned") }
            }
        }
        // What was recorded from the row is that row, whenever it was booked.
        let early = try await compare("2026-09-01,TRF LAMA \(bill),,5000\n", city, rosa)
        let row = try #require(early.onlyAtBank.first?.row)
        #expect(try await record(row, for: bill, city, rosa) == "form.incomplete", "before there was a bill")
        #expect(try await record(row, for: bill, hasReason: true, city, rosa) == nil)
        #expect(try await compare("2026-09-01,TRF LAMA \(bill),,5000\n", city, rosa).matched.map(\.ground) == [.row])
    }

    @Test("What may be money given back that came back is recorded only by two people, noted or not", arguments: TestDatabase.engines)
    func returnOfBill(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        try await city.fees.take(amount + 305_600, for: bill, by: .qris, reference: "bank:REFONE11", actor: .system)
        let account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
        try await city.fees.order(305_600, of: bill, ground: "Lebih bayar", to: (account, proof: "Buku tabungan"), key: "k", by: head)
        try await city.fees.carryOut("\(bill)-1", slip: "SP2D-77", by: rosa)
        let row = try #require(try await compare("2026-11-02,RETUR \(bill),,305600\n", city, rosa).onlyAtBank.first?.row)
        #expect(try await record(row, for: bill, city, rosa) == "form.incomplete")
        try await city.fees.takeBack("\(bill)-1", reason: "Rekening tutup", by: rosa)
        #expect(try await record(row, for: bill, city, rosa) == "form.incomplete", "by a form from before, too")
        #expect(try await record(row, for: bill, hasReason: true, city, rosa) == nil)
    }

    @Test("What was told late and taken back, or stands, is recorded only by two people", arguments: TestDatabase.engines)
    func late(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        let other = try await self.bill(city)
        for (number, reference) in [(bill, "LATE00001"), (other, "LATE00002")] {
            try await city.fees.take(amount, for: number, by: .qris, reference: "bank:\(reference)", actor: .system)
        }
        try await city.fees.reverse(reference: "bank:LATE00001", of: bill, amount: amount, reason: "refunded", actor: .system)
        let text = "2026-10-29,QRIS LATE00001 \(bill),,194400\n2026-10-29,QRIS LATE00002 \(other),,194400\n"
        let result = try await compare(text, city, rosa)
        #expect(result.takenBack.count == 1 && result.onlyAtBank.count == 1)
        let undone = try #require(result.takenBack.first?.row)
        #expect(try await record(undone, for: bill, isTakenBack: true, city, rosa) == "form.incomplete")
        #expect(try await record(try #require(result.onlyAtBank.first?.row), for: other, city, rosa) == "form.incomplete")
    }

    @Test("A part that the bank took back of a bill, or as much of none, is asked about", arguments: TestDatabase.engines)
    func partsOfBill(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        let row = try #require(try await compare("2026-11-02,QRIS \(bill),,194400\n", city, rosa).onlyAtBank.first?.row)
        try await city.fees.reverse(reference: "bank:QQQ000006", of: bill, amount: 100_000, reason: "refunded", actor: .system)
        #expect(try await record(row, for: bill, city, rosa) == "form.incomplete")
        let other = try await self.bill(city)
        try await city.fees.reverse(reference: "bank:RRR000007", of: "INV-2026-9", amount: amount, reason: "refunded", actor: .system)
        let another = try #require(try await compare("2026-11-02,QRIS \(other),,194400\n", city, rosa).onlyAtBank.first?.row)
        #expect(try await record(another, for: other, city, rosa) == "form.incomplete")
    }

    @Test(
        "What is moved on to another account of the city takes nothing back, whatever day or slip it bears",
        arguments: TestDatabase.engines
    )
    func movedOn(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        let other = try await self.bill(city)
        try await city.fees.take(amount, for: bill, by: .qris, reference: "bank:SWP00001", actor: .system)
        let result = try await compare(
            """
            2026-11-02,QRIS SWP00001 \(bill) 2026-11-02,,194400
            2026-11-02,PEMINDAHBUKUAN KE RKUD 2026-11-02,194400,
            2026-11-02,QRIS \(other) KC0421,,194401
            2026-11-02,PB KE RKUD KC0421,194401,
            2026-11-02,TRSF E-BANKING CR BUDI,,5000
            2026-11-02,TRSF E-BANKING DB BUDI,5000,
            """,
            city,
            rosa
        )
        #expect(result.matched.map(\.ground) == [.name] && result.takenBack.isEmpty)
        #expect(result.onlyAtBank.map(\.isMirrored) == [false, false])
    }

    @Test("Nothing agrees while nobody has looked into what the bank took back of a payment", arguments: TestDatabase.engines)
    func partTakenBack(engine: Engine) async throws {
        let (city, rosa, bill) = try await scene(engine)
        try await city.fees.take(amount, for: bill, by: .qris, reference: "bank:REFONE11", actor: .system)
        try await city.fees.reverse(reference: "bank:REFONE11", of: bill, amount: 100_000, reason: "refunded", actor: .system)
        let result = try await compare("2026-11-02,QRIS REFONE11 \(bill),,194400\n", city, rosa)
        #expect(result.matched.count == 1 && result.open == 1)
    }
}
