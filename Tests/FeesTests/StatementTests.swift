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
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.matched.map { Self.payment($0.booked)?.reference } == ["bank:REF-1", "bank:REF-2", "bank:REF-3"])
        #expect(result.onlyAtBank.map(\.amount) == [25_000] && result.onlyHere.isEmpty)
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
        try await city.fees.take(70_000, for: bills[2], by: .cash, reference: "A", officer: treasurer)
        try await city.fees.closeCash(counted: 70_000, slip: "STS/77-2026", reason: "", by: treasurer)
        let invented = try await city.fees.take(70_000, for: bills[0], by: .transfer, reference: "rekening:x", officer: treasurer).payment
        let named = try Self.statement("date,credit,description\n2026-11-02,70000,SETORAN sts/77-2026 PU\n2026-11-05,1,x\n")
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
        let result = try await city.fees.reconcile(statement, by: treasurer)
        #expect(result.matched.isEmpty && result.onlyAtBank.map(\.amount) == [100_000, 1] && result.onlyHere.count == 2)
    }

    @Test("What is recorded from a statement is found by it the next time, and is recorded once", arguments: TestDatabase.engines)
    func recorded(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        let statement = try Self.statement("date,credit,description\n2026-11-02,70000,TRF \(bills[2])\n")
        let first = try await city.fees.reconcile(statement, by: treasurer)
        #expect(first.onlyAtBank.compactMap { Reconciliation.code(in: $0) } == [bills[2]])
        city.clock.set("2026-11-20T09:00:00+07:00")
        for _ in 0..<2 {
            try await city.fees.take(Self.finding("x", city), for: bills[2], officer: treasurer)
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
        compared: Instant? = nil
    ) -> BankStatement.Finding {
        BankStatement.Finding(
            text: text,
            amount: 70_000,
            day: city.clock.now.date(in: city.city.zone),
            ordinal: ordinal,
            fingerprint: statement,
            compared: compared ?? city.clock.now
        )
    }

    @Test("What the bank tells of late is the money of the row that names it, once, and can be taken back", arguments: TestDatabase.engines)
    func toldLate(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        let row = Self.finding("QRIS REF-1 X", city)
        try await city.fees.take(row, for: bills[2], officer: treasurer)
        let told = try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system)
        #expect(told.isRepeat)
        #expect(try await city.fees.find(bills[2])?.excess == 0, "the same money is booked once")
        #expect(try await city.fees.take(row, for: bills[2], officer: treasurer).isRepeat, "the row is known under its own name, too")
        try await city.fees.reverse(reference: "bank:REF-1", of: bills[2], reason: "refunded", actor: .system)
        #expect(try await city.fees.find(bills[2])?.outstanding == 70_000)
        #expect(try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-1", actor: .system).isRepeat)
        #expect(try await city.fees.find(bills[2])?.outstanding == 70_000, "told late, after it was taken back")
        #expect(try await city.journal.read { try Fees.balances(in: $0) }.reduce(0) { $0 + $1.amount } == 0)
    }

    @Test("The bank takes back what a row names that it never told of; a late notice of it is not taken", arguments: TestDatabase.engines)
    func undoneUntold(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(Self.finding("QRIS REF-1", city), for: bills[2], officer: treasurer)
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
        try await city.fees.take(Self.finding("TRF TELLER", city), for: bills[2], officer: treasurer)
        try await city.fees.take(70_000, for: bills[2], by: .qris, reference: "bank:REF-2", actor: .system)
        #expect(try await city.fees.find(bills[2])?.excess == 70_000)
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        let today = city.clock.now.date(in: city.city.zone)
        #expect(try await city.fees.day(today, of: head).excesses.map(\.mayBeTwice) == [true], "but whoever gives back is warned")
    }

    @Test("A row compared before other money was recorded is compared again first", arguments: TestDatabase.engines)
    func comparedBefore(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        let compared = city.clock.now
        city.clock.set("2026-11-02T10:00:00+07:00")
        try await city.fees.take(Self.finding("TRF TELLER", city, compared: compared), for: bills[2], officer: treasurer)
        let twin = Self.finding("TRF TELLER", city, ordinal: 2, compared: compared)
        #expect(try await city.fees.take(twin, for: bills[2], officer: treasurer).isRepeat == false, "of the same statement")
        let other = Self.finding("TRF TELLER CABANG MEDAN", city, statement: "b", compared: compared)
        await #expect(throws: Problem.self) { try await city.fees.take(other, for: bills[2], officer: treasurer) }
    }

    @Test("A row that names a bill is no deposit, whatever its slip is called", arguments: TestDatabase.engines)
    func slipLikeACode(engine: Engine) async throws {
        let (city, treasurer, bills) = try await Self.paid(engine)
        try await city.fees.take(70_000, for: bills[2], by: .cash, reference: "A", officer: treasurer)
        await #expect(throws: Problem.self) { try await city.fees.handOver(70_000, slip: bills[0], key: "a", by: treasurer) }
        try await city.fees.handOver(70_000, slip: "001/692", key: "b", by: treasurer)
        let statement = try Self.statement("date,credit,description\n2026-11-02,70000,QRIS 001/692 \(bills[0])\n2026-11-05,1,x\n")
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
}
