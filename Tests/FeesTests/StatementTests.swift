// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Foundation
import Identity
import Journal
import Storage
import TestSupport
import Testing

@Suite("A bank's statement beside the books")
struct StatementTests {
    private static func statement(_ text: String) throws -> BankStatement { try BankStatement(csv: Array(text.utf8)) }

    /// A city with three bills, each paid as asked.
    private static func paid(_ engine: Engine) async throws -> (city: TestCity, treasurer: Officer, bills: [String]) {
        let city = try await TestCity(engine)
        let treasurer = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        var bills: [String] = []
        for amount in [100_000, 100_000, 70_000] {
            let line = Bill.Line(label: Text(same: "x"), shown: nil, basis: Text(same: "y"), amount: amount)
            let due = try #require(CivilDate("2026-12-02"))
            bills.append(
                try await city.journal.commit {
                    try Fees.issue(docket: "A", agency: "pu", lines: [line], due: due, zone: city.city.zone, by: .system, in: $0)
                }
            )
        }
        return (city, treasurer, bills)
    }

    @Test(
        "What went out is shown where its credit is in another file, unless it is booked out or the city's own",
        arguments: TestDatabase.engines
    )
    func loneDebits(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(100_000, for: bills[0], by: .qris, reference: "bank:REF-1", actor: .system)
        try await city.fees.take(100_000, for: bills[1], by: .qris, reference: "bank:REF-2", actor: .system)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-3", actor: .system)
        try await city.fees.reverse(reference: "bank:REF-2", reason: "refunded", actor: .system)
        city.clock.set("2026-12-06T09:00:00+07:00")
        let statement = try Self.statement(
            """
            Tanggal;Keterangan;Debet;Kredit
            04/12/2026;TITIPAN;;1.000
            05/12/2026;REVERSAL REF-1;100.000;
            05/12/2026;REVERSAL REF-2;100.000;
            05/12/2026;DANA \(bills[2]);70.000;
            05/12/2026;KOREKSI 99;55.000;
            05/12/2026;SP2D-9 ALAT TULIS;44.000;
            """
        )
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.loneDebits.map(\.row.amount) == [100_000, 70_000, 55_000])
        #expect(result.loneDebits.map { $0.booked.compactMap { Self.payment($0)?.reference } } == [["bank:REF-1"], ["bank:REF-3"], []])
    }

    @Test("What is booked out excuses the debit that names it, once, and no other of its bill", arguments: TestDatabase.engines)
    func oneDebitEach(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        for name in ["REF-1", "REF-2"] {
            try await city.fees.take(100_000, for: bills[0], by: .qris, reference: "bank:\(name)", actor: .system)
        }
        try await city.fees.reverse(reference: "bank:REF-1", reason: "refunded", actor: .system)
        let statement = try Self.statement(
            """
            Tanggal;Keterangan;Debet;Kredit
            02/11/2026;TITIPAN;;1.000
            02/11/2026;REVERSAL REF-2 \(bills[0]);100.000;
            02/11/2026;REVERSAL REF-1 \(bills[0]);100.000;
            02/11/2026;REVERSAL REF-1 \(bills[0]);100.000;
            """
        )
        let alone = try await city.fees.reconcile(statement, by: treasurer).loneDebits
        #expect(alone.map { $0.booked.compactMap { Self.payment($0)?.reference } } == [["bank:REF-2"], ["bank:REF-1"]])
    }

    @Test("A payment of which the bank took a part back is listed until it is booked out", arguments: TestDatabase.engines)
    func covered(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(100_000, for: bills[0], by: .qris, reference: "bank:REF-1", actor: .system)
        try await city.fees.reverse(reference: "bank:REF-1", amount: 30_000, reason: "refunded", actor: .system)
        let statement = try Self.statement("tanggal,kredit,keterangan\n02/11/2026,100000,QRIS REF-1\n")
        let first = try await city.fees.reconcile(statement, by: treasurer)
        #expect(first.matched.count == 1 && first.covered.map(\.amount) == [30_000])
        try await city.fees.reverse(reference: "bank:REF-1", amount: 70_000, reason: "refunded", actor: .system)
        #expect(try await city.fees.reconcile(statement, by: treasurer).covered.isEmpty)
    }

    @Test("Payments are found by reference, by code, or by day and amount where nothing else can be meant", arguments: TestDatabase.engines)
    func matched(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(100_000, for: bills[0], by: .qris, reference: "bank:REF-1", actor: .system)
        try await city.fees.take(100_000, for: bills[1], by: .transfer, reference: "bank:REF-2", actor: .system)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-3", actor: .system)
        let statement = try Self.statement(
            """
            Tanggal;Keterangan;Debet;Kredit
            02/11/2026;QRIS REF-1;;100.000,00
            02/11/2026;TRF \(bills[1]) BUDI;;100.000,00
            03/11/2026;BIAYA ADMIN;5.000,00;
            03/11/2026;SETORAN;;Rp 70.000
            03/11/2026;TIDAK JELAS;;25.000
            """
        )
        city.clock.set("2026-11-06T09:00:00+07:00")
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.matched.map { Self.payment($0.booked)?.reference } == ["bank:REF-1", "bank:REF-2", "bank:REF-3"])
        #expect(result.onlyAtBank.map(\.row.amount) == [25_000] && result.onlyHere.isEmpty)
        let entry = try await city.journal.read { snapshot in
            try snapshot.rows("SELECT leaf FROM entry WHERE kind = 'bank.reconciled'") {
                String(decoding: try $0(0, as: [UInt8].self), as: UTF8.self)
            }
        }
        #expect(entry.count == 1 && entry[0].contains("\"matched_amount\":270000") && !entry[0].contains("BUDI"))
    }

    private static func payment(_ booked: Reconciliation.Booked) -> Payment? {
        guard case .payment(let payment) = booked else { return nil }
        return payment
    }

    @Test("A deposit is found by its slip, and never taken for a payment of the same day and amount", arguments: TestDatabase.engines)
    func deposits(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.takeCash(70_000, for: bills[2], reference: "A", officer: treasurer)
        try await city.fees.closeCash(counted: 70_000, slip: "STS/77-2026", reason: "", by: treasurer)
        let invented = try await city.fees.take(70_000, for: bills[0], by: .transfer, reference: "bank:x", actor: .system).payment
        let named = try Self.statement("date,credit,description\n2026-11-02,70000,SETORAN sts/77-2026 PU\n2026-11-05,1,x\n")
        city.clock.set("2026-11-06T09:00:00+07:00")
        let result = try await city.fees.reconcile(named, by: treasurer)
        #expect(result.matched.count == 1 && Self.payment(result.matched[0].booked) == nil)
        #expect(result.onlyHere.compactMap(Self.payment).map(\.receipt) == [invented.receipt], "what never came in is named")
        let unnamed = try Self.statement("date,credit,description\n2026-11-02,70000,SETORAN\n2026-11-05,1,x\n")
        let doubtful = try await city.fees.reconcile(unnamed, by: treasurer)
        #expect(doubtful.matched.isEmpty && doubtful.onlyHere.count == 2)
    }

    @Test("Two that could be meant are not guessed, and what never came in is named", arguments: TestDatabase.engines)
    func doubtful(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(100_000, for: bills[0], by: .qris, reference: "bank:REF-1", actor: .system)
        try await city.fees.take(100_000, for: bills[1], by: .qris, reference: "bank:REF-2", actor: .system)
        let statement = try Self.statement("date,credit,description\n2026-11-02,100000,QRIS\n2026-11-05,1,x\n")
        city.clock.set("2026-11-06T09:00:00+07:00")
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.matched.isEmpty && result.onlyAtBank.map(\.row.amount) == [100_000, 1] && result.onlyHere.count == 2)
    }

    @Test("What is recorded from a statement is found by it the next time, and is recorded once", arguments: TestDatabase.engines)
    func recorded(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        let statement = try Self.statement("date,credit,description\n2026-11-02,70000,TRF \(bills[2])\n")
        let first = try await city.fees.reconcile(statement, by: treasurer)
        #expect(first.onlyAtBank.map { $0.bill?.number } == [bills[2]])
        city.clock.set("2026-11-20T09:00:00+07:00")
        let row = try #require(first.onlyAtBank.first?.row)
        for isAgain in [false, true] {
            let finding = BankStatement.Finding(
                text: row.text,
                amount: row.amount,
                day: row.day,
                ordinal: row.ordinal,
                fingerprint: statement.fingerprint,
                compared: first.compared
            )
            if isAgain {
                await #expect(throws: Problem.self) { try await city.record(finding, for: bills[2], by: treasurer) }
            } else {
                try await city.record(finding, for: bills[2], by: treasurer)
            }
        }
        let second = try await city.fees.reconcile(statement, by: treasurer)
        #expect(second.matched.map { Self.payment($0.booked)?.bill } == [bills[2]] && second.onlyAtBank.isEmpty && second.onlyHere.isEmpty)
        #expect(try await city.journal.read { try Fees.balances(in: $0) }.reduce(0) { $0 + $1.amount } == 0)
    }

    private static func finding(
        _ text: String,
        _ city: TestCity,
        ordinal: Int = 1,
        statement: String = "a",
        compared: Int = .max
    ) -> BankStatement.Finding {
        BankStatement.Finding(
            text: text,
            amount: 70_000,
            day: city.clock.now.date(in: city.city.zone),
            ordinal: ordinal,
            fingerprint: statement,
            compared: compared
        )
    }

    @Test("What the bank tells of late is the money of the row that names it, once, and can be taken back", arguments: TestDatabase.engines)
    func toldLate(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        let row = Self.finding("QRIS REF-1 X \(bills[2])", city)
        try await city.record(row, for: bills[2], by: treasurer)
        let told = try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system)
        #expect(told.isRepeat)
        #expect(try await city.fees.find(bills[2])?.excess == 0, "the same money is booked once")
        let again = await #expect(throws: Problem.self) { try await city.record(row, for: bills[2], by: treasurer) }
        #expect(again?.code == "statement.recorded-before", "the row is known under its own name, too")
        try await city.fees.reverse(reference: "bank:REF-1", of: bills[2], reason: "refunded", actor: .system)
        #expect(try await city.fees.find(bills[2])?.outstanding == 70_000)
        #expect(try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system).isRepeat)
        #expect(try await city.fees.find(bills[2])?.outstanding == 70_000, "told late, after it was taken back")
        #expect(try await city.journal.read { try Fees.balances(in: $0) }.reduce(0) { $0 + $1.amount } == 0)
    }

    @Test("The bank takes back what a row names that it never told of; a late notice of it is not taken", arguments: TestDatabase.engines)
    func undoneUntold(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.record(Self.finding("QRIS REF-1 \(bills[2])", city), for: bills[2], by: treasurer)
        try await city.fees.reverse(reference: "bank:REF-9", of: bills[2], reason: "failed", actor: .system)
        #expect(try await city.fees.find(bills[2])?.paid == 70_000, "another attempt failed, not this one")
        for _ in 0..<2 { try await city.fees.reverse(reference: "bank:REF-1", of: bills[2], reason: "refunded", actor: .system) }
        #expect(try await city.fees.find(bills[2])?.outstanding == 70_000)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system)
        #expect(try await city.fees.find(bills[2])?.outstanding == 70_000)
    }

    @Test("A second payment of the same amount is money of its own", arguments: TestDatabase.engines)
    func secondPayment(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.record(Self.finding("TRF TELLER \(bills[2])", city), for: bills[2], by: treasurer)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-2", actor: .system)
        #expect(try await city.fees.find(bills[2])?.excess == 70_000)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let today = city.clock.now.date(in: city.city.zone)
        #expect(try await city.fees.day(today, of: head).excesses.map(\.mayBeTwice) == [true], "but whoever gives back is warned")
    }

    @Test("A row compared before other money was recorded is compared again first", arguments: TestDatabase.engines)
    func comparedBefore(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        let rows = try Self.statement("date,credit,description\n2026-11-02,70000,TRF \(bills[2])\n")
        let compared = try await city.fees.reconcile(rows, by: treasurer).compared
        let text = "TRF TELLER \(bills[2])"
        try await city.record(Self.finding(text, city, compared: compared), for: bills[2], by: treasurer)
        let twin = Self.finding(text, city, ordinal: 2, compared: compared)
        try await city.record(twin, for: bills[2], because: "Ada di rekening koran", by: treasurer)
        #expect(try await city.fees.find(bills[2])?.excess == 70_000, "of the same statement")
        let other = Self.finding("TRF TELLER CABANG MEDAN", city, statement: "b", compared: compared)
        let refused = await #expect(throws: Problem.self) { try await city.record(other, for: bills[2], by: treasurer) }
        #expect(refused?.code == "statement.compared-before")
    }

    @Test("A row that names a bill is no deposit, whatever its slip is called", arguments: TestDatabase.engines)
    func slipLikeACode(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.takeCash(70_000, for: bills[2], reference: "A", officer: treasurer)
        await #expect(throws: Problem.self) { try await city.fees.handOver(70_000, slip: bills[0], key: "a", by: treasurer) }
        try await city.fees.handOver(70_000, slip: "001/692", key: "b", by: treasurer)
        let statement = try Self.statement("date,credit,description\n2026-11-02,70000,QRIS 001/692 \(bills[0])\n2026-11-05,1,x\n")
        city.clock.set("2026-11-06T09:00:00+07:00")
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.matched.isEmpty && result.onlyHere.count == 1)
    }

    @Test("Equal rows of a statement are told apart")
    func equalRows() throws {
        let statement = try Self.statement("date,credit,description\n2026-11-02,7000,QRIS\n2026-11-02,7000,QRIS\n2026-11-02,7000,X\n")
        #expect(statement.rows.map(\.ordinal) == [1, 2, 1])
    }

    @Test("Only the treasurer compares")
    func roles() async throws {
        let (city, _, _) = try await Self.paid(.sqlite)
        let officer = try await city.officer("dewi", agency: "pu", roles: [.officer, .head])
        let statement = try Self.statement("tanggal,kredit\n2026-11-02,1\n")
        await #expect(throws: Problem.self) { try await city.fees.reconcile(statement, by: officer) }
    }

    @Test(
        "Amounts are read as banks write them",
        arguments: [
            ("162000", 162_000), ("162.000", 162_000), ("162.000,00", 162_000), ("162,000.00", 162_000), ("Rp 1.162.000,00", 1_162_000),
            ("5", 5), ("162.00", 162), ("162.50", nil), ("1.62.000", nil), ("seratus", nil), ("", nil), ("12..000", nil),
        ] as [(String, Int?)]
    )
    func amounts(text: String, rupiah: Int?) throws {
        guard let rupiah else {
            if text.isEmpty { return #expect(try Self.statement("tanggal,kredit\n2026-11-02,\"\"\n").rows.isEmpty) }
            let problem = #expect(throws: Problem.self) { try Self.statement("tanggal,kredit\n2026-11-02,\"\(text)\"\n") }
            #expect(problem?.fields.first?.message.en.hasPrefix("Line 2:") == true)
            return
        }
        #expect(try Self.statement("tanggal,kredit\n2026-11-02,\"\(text)\"\n").rows.map(\.amount) == [rupiah])
    }

    @Test(
        "A file that is no statement is refused with its line",
        arguments: ["", "a,b\n1,2\n", "tanggal,kredit\n31/02/2026,5\n", "tanggal,kredit\n2026-11-02\n", "tanggal,kredit\n\"2026"]
    )
    func refused(text: String) { #expect(throws: Problem.self) { try Self.statement(text) } }

    @Test("No clock says what was recorded since: an act under way has begun before it can be seen", arguments: TestDatabase.engines)
    func comparedWhileTold(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        let rows = try Self.statement("date,credit,description\n2026-11-02,70000,TRF \(bills[2])\n")
        let compared = try await city.fees.reconcile(rows, by: treasurer).compared
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system)
        let finding = Self.finding("TRF \(bills[2])", city, compared: compared)
        let refused = await #expect(throws: Problem.self) { try await city.record(finding, for: bills[2], by: treasurer) }
        #expect(refused?.code == "statement.compared-before", "in the same millisecond")
    }

    @Test("Who paid, as the bank writes it, is kept nowhere", arguments: TestDatabase.engines)
    func names(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.record(Self.finding("TRF DARI ZEBRA SIREGAR REF-1 \(bills[2])", city), for: bills[2], by: treasurer)
        let entries = try await city.journal.read { try city.journal.entries(of: "bill/\(bills[2])", in: $0) }
        #expect(entries.allSatisfy { !String(decoding: ($0.inner ?? .null).canonical, as: UTF8.self).contains("ZEBRA") })
        #expect(try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system).isRepeat)
        let compared = try await city.journal.read { snapshot in
            try snapshot.rows("SELECT leaf FROM entry WHERE kind = 'bank.reconciled'") {
                String(decoding: try $0(0, as: [UInt8].self), as: UTF8.self)
            }
        }
        #expect(compared.allSatisfy { !$0.contains("\"statement\"") }, "nor can a small file be guessed from the public log")
    }

    @Test("A bank that was closed for days books late: a row that names the payment is that payment", arguments: TestDatabase.engines)
    func settledLate(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(100_000, for: bills[0], by: .qris, reference: "bank:REF-1", actor: .system)
        try await city.fees.take(100_000, for: bills[1], by: .transfer, reference: "bank:REF-2", actor: .system)
        city.clock.set("2026-12-20T09:00:00+07:00")
        let statement = try Self.statement(
            "date,credit,description\n2026-11-13,100000,QRIS REF-1\n2026-11-13,100000,TRF \(bills[1])\n2026-12-15,100000,TRF \(bills[1])\n"
        )
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.matched.map { Self.payment($0.booked)?.bill } == [bills[0], bills[1]])
        #expect(result.onlyAtBank.map(\.row.day.description) == ["2026-12-15"], "weeks later it is money of its own")
        #expect(result.onlyAtBank.first?.alike.count == 1, "but whoever records it is told what is there already")
    }

    @Test("What the bank took back is not recorded from a row that names it", arguments: TestDatabase.engines)
    func takenBack(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system)
        try await city.fees.reverse(reference: "bank:REF-1", of: bills[2], reason: "refunded", actor: .system)
        let statement = try Self.statement("date,credit,description\n2026-11-02,70000,\(bills[2]) REF-1\n")
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.takenBack.map(\.booked?.bill) == [bills[2]] && result.onlyAtBank.isEmpty && result.matched.isEmpty)
    }

    @Test("What only day and amount say is shown to be looked at", arguments: TestDatabase.engines)
    func byAmount(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(100_000, for: bills[0], by: .qris, reference: "bank:REF-1", actor: .system)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-3", actor: .system)
        let statement = try Self.statement("date,credit,description\n2026-11-02,100000,QRIS REF-1\n2026-11-02,70000,TRSF PT LAIN 99887\n")
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.matched.map(\.ground) == [.name, .amount])
    }

    @Test(
        "A bill is found at the end of a virtual account, and after a telephone number that looks like one",
        arguments: TestDatabase.engines
    )
    func virtualAccount(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        let telephone = try #require((0...9).map { "08123456789\($0)" }.first(where: Bill.isNumber))
        let statement = try Self.statement(
            "date,credit,description\n2026-11-02,100000,BYR VA 12345\(bills[0])\n2026-11-02,70000,TRSF DARI \(telephone) KODE \(bills[2])\n"
        )
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.onlyAtBank.map { $0.bill?.number } == [bills[0], bills[2]])
    }

    @Test(
        "Two rows that bear one reference: what the bank takes back is booked once, and does not stop it",
        arguments: TestDatabase.engines
    )
    func oneReferenceTwice(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.record(Self.finding("A REF-1 \(bills[2])", city), for: bills[2], by: treasurer)
        try await city.record(Self.finding("B REF-1", city), for: bills[2], because: "Ada di rekening koran", by: treasurer)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system)
        try await city.fees.reverse(reference: "bank:REF-1", of: bills[2], reason: "refunded", actor: .system)
        let bill = try #require(try await city.fees.find(bills[2]))
        #expect(bill.paid == 70_000 && bill.excess == 0)
        #expect(try await city.journal.read { try Fees.balances(in: $0) }.reduce(0) { $0 + $1.amount } == 0)
    }

    @Test("One name, two amounts: both are booked, and whoever gives back is warned", arguments: TestDatabase.engines)
    func oneNameTwoAmounts(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        try await city.record(Self.finding("NET REF-1 \(bills[2])", city), for: bills[2], by: treasurer)
        try await city.fees.take(70_500, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system)
        let today = city.clock.now.date(in: city.city.zone)
        #expect(try await city.fees.day(today, of: head).excesses.map(\.mayBeTwice) == [true])
        try await city.fees.reverse(reference: "bank:REF-1", of: bills[2], reason: "refunded", actor: .system)
        #expect(try await city.fees.find(bills[2])?.excess == 0)
    }

    @Test("Rows of two statements with one amount may be one payment: whoever gives back is warned", arguments: TestDatabase.engines)
    func twoStatements(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        try await city.record(Self.finding("TELLER \(bills[2])", city, statement: "a"), for: bills[2], by: treasurer)
        try await city.record(
            Self.finding("TELLER MEDAN", city, statement: "b"),
            for: bills[2],
            because: "Ada di rekening koran",
            by: treasurer
        )
        let today = city.clock.now.date(in: city.city.zone)
        #expect(try await city.fees.day(today, of: head).excesses.map(\.mayBeTwice) == [true])
    }

    @Test("An attempt that failed leaves no mark: the payer tries again under the same name", arguments: TestDatabase.engines)
    func failedFirst(engine: Engine) async throws {
        let (city, _, bills) = try await Self.paid(engine)
        try await city.fees.reverse(reference: "bank:REF-1", of: bills[2], reason: "failed", hadCome: false, actor: .system)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system)
        #expect(try await city.fees.find(bills[2])?.outstanding == 0)
    }

    @Test("A row of a day that has not come is refused with its line")
    func future() async throws {
        let (city, treasurer, _) = try await Self.paid(.sqlite)
        let statement = try Self.statement("tanggal,kredit\n2026-11-02,5\n2206-11-02,5\n")
        let refused = await #expect(throws: Problem.self) { try await city.fees.reconcile(statement, by: treasurer) }
        #expect(refused?.fields.first?.message.en == "Line 3: 2 November 2206 has not come yet")
    }

    @Test(
        "Money that went out is never taken for what came in, however the bank says so",
        arguments: [
            "tanggal,keterangan,jumlah,db/cr\n2026-11-02,KELUAR,7000,DB\n2026-11-02,MASUK,5000,CR\n",
            "Tanggal,Keterangan,Cabang,Jumlah,,Saldo\n2026-11-02,KELUAR,0,\"7,000.00\",DB,1\n2026-11-02,MASUK,0,\"5,000.00\",CR,2\n",
            "tanggal;keterangan;nominal;D/K\n2026-11-02;KELUAR;7.000;D\n2026-11-02;MASUK;5.000;K\n",
            "date,amount,description\n2026-11-02,-7000,OUT\n2026-11-02,5000,IN\n",
            "date,amount,description\n2026-11-02,7000 DB,OUT\n2026-11-02,5000,IN\n",
            "date\tamount\ttype\n2026-11-02\t7000\tDebit\n2026-11-02\t5000\tCredit\n",
            "REKENING KORAN\nPeriode,1-30 November\ntanggal,debet,kredit\n2026-11-02,7000,\n2026-11-02,,5000\n,TOTAL,5000\n",
            "tanggal,kredit\r2026-11-02,5000\r",
        ]
    )
    func directions(text: String) throws {
        let statement = try Self.statement(text)
        #expect(statement.rows.map(\.amount) == [5_000])
        #expect(statement.debits.map(\.amount) == (text.contains("7") ? [7_000] : []), "and what went out is known, too")
    }

    @Test(
        "What lay there before and after is no money that came in; a payer who writes so is not lost",
        arguments: [
            "SALDO AWAL", "Saldo Akhir per 30/11/2026", "saldo awal bulan November 2026", "OPENING BALANCE", "Balance brought forward",
        ]
    )
    func balances(text: String) throws {
        let statement = try Self.statement(
            "tanggal,keterangan,debit,kredit\n2026-11-02,\(text),,1000000\n2026-11-02,\(text) BUDI,,5000\n2026-11-02,TRF,,6000\n"
        )
        #expect(statement.rows.map(\.amount) == [5_000, 6_000])
    }

    @Test(
        "A file that does not say which way money went is refused, as is a row",
        arguments: [
            "tanggal,jumlah\n2026-11-02,7000\n", "tanggal,jumlah,db/cr\n2026-11-02,7000,DB\n2026-11-02,7000,?\n",
            "tanggal,jumlah,db/cr\n2026-11-02,7000,DB\n2026-11-02,7000,\n",
        ]
    )
    func noDirection(text: String) { #expect(throws: Problem.self) { try Self.statement(text) } }

    @Test("Letters that are not UTF-8 are refused in words, not guessed")
    func encodings() {
        for bytes in [[0xFF, 0xFE] + Array("t\0a\0".utf8), Array("tanggal,kredit,keterangan\n2026-11-02,5,caf".utf8) + [0xE9, 0x0A]] {
            let refused = #expect(throws: Problem.self) { try BankStatement(csv: bytes) }
            #expect(refused?.fields.first?.message.en.contains("UTF-8") == true)
        }
    }

    @Test(
        "What the bank took back before it told of it is recorded from a row that names it only by two people",
        arguments: TestDatabase.engines
    )
    func strayRow(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.reverse(reference: "bank:REF-8", of: bills[2], reason: "refunded", actor: .system)
        let row = Self.finding("\(bills[2]) REF-8", city)
        let refused = await #expect(throws: Problem.self) { try await city.record(row, for: bills[2], by: treasurer) }
        #expect(refused?.code == "form.incomplete")
        // Another payment of the bill, too.
        let other = Self.finding("\(bills[2]) REF-9", city)
        try await city.record(other, for: bills[2], because: "Ada di rekening koran", by: treasurer)
    }

    @Test("A part that the bank took back is for somebody to look into: the payment stands", arguments: TestDatabase.engines)
    func partTakenBack(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system)
        for _ in 0..<2 {
            try await city.fees.reverse(reference: "bank:REF-1", of: bills[2], amount: 1_000, reason: "refunded", actor: .system)
        }
        #expect(try await city.fees.find(bills[2])?.outstanding == 0)
        let today = city.clock.now.date(in: city.city.zone)
        let strays = try await city.fees.day(today, of: treasurer).strays
        #expect(strays.map(\.amount) == [1_000] && strays.allSatisfy { $0.receipt.hasPrefix("KW-") }, "told twice it is one")
        try await city.fees.reverse(reference: "bank:REF-1", of: bills[2], amount: 70_000, reason: "refunded", actor: .system)
        #expect(try await city.fees.find(bills[2])?.outstanding == 70_000)
    }

    @Test(
        "A row that names the bill and another payment of it is shown, not swallowed; nor by what the bank took back",
        arguments: TestDatabase.engines
    )
    func secondAttempt(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(100_000, for: bills[0], by: .qris, reference: "bank:FIRST003", actor: .system)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:FIRST001", actor: .system)
        try await city.fees.reverse(reference: "bank:FIRST001", of: bills[2], reason: "refunded", actor: .system)
        let statement = try Self.statement(
            "date,credit,description\n2026-11-02,100000,TRF \(bills[0]) SECOND004\n2026-11-02,70000,TRF \(bills[2]) SECOND002\n"
        )
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.matched.map(\.ground) == [.bill] && result.takenBack.isEmpty)
        #expect(result.onlyAtBank.map { $0.bill?.number } == [bills[2]])
        let again = try await city.fees.recordable(result.matched)
        #expect(again.map { $0.bill?.number } == [bills[0]] && again[0].alike.count == 1)
    }

    @Test("Where what came in is marked, an amount without a mark is refused: it may have gone out")
    func unmarked() throws {
        let text = "tanggal,jumlah,keterangan\n2026-11-02,194400 CR,TRF\n2026-11-02,150000,SP2D-88\n"
        let refused = #expect(throws: Problem.self) { try Self.statement(text) }
        #expect(refused?.fields.first?.message.en.hasPrefix("Line 3:") == true)
    }

    @Test("A row that was recorded for another bill is seen when it comes in other words", arguments: TestDatabase.engines)
    func otherWords(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.record(Self.finding("TRF \(bills[0]) X", city), for: bills[2], because: "Ada di rekening koran", by: treasurer)
        let statement = try Self.statement("date,credit,description\n2026-11-02,70000,TRF \(bills[0]) X 0001\n")
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.onlyAtBank.map { $0.alike.map(\.bill) } == [[bills[2]]])
    }
}
