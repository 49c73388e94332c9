// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Identity
import Journal
import Storage
import TestSupport
import Testing

/// The money drill: every two acts that move money run against each other, many at once, and the books agree to the rupiah. What it
/// is under a program that is killed is tried in Tests/Drills.
@Suite("Money drill")
struct MoneyDrillTests {
    enum Act: String, CaseIterable, Sendable {
        case bill, cash, notice, order, carryOut, takeBack, withdraw, handOver, close, cancel, reversal, doubt, correct, stand, propose,
            record,
            decline, retract

        /// The kind of entry that an act leaves once for each time that it was acknowledged.
        var entry: String {
            switch self {
            case .bill: "bill.issued"
            case .cash, .notice, .record: "payment.received"
            case .order: "refund.ordered"
            case .carryOut: "refund.carried"
            case .takeBack: "refund.returned"
            case .withdraw: "refund.withdrawn"
            case .handOver: "cash.handed-over"
            case .close: "cash.closed"
            case .cancel: "bill.cancelled"
            case .reversal: "payment.reversed"
            case .doubt: "payment.doubted"
            case .correct: "payment.corrected"
            case .stand: "payment.doubt-declined"
            case .propose: "payment.proposed"
            case .decline: "payment.proposal-declined"
            case .retract: "payment.proposal-retracted"
            }
        }
    }

    /// A city with a bill that was overpaid, a head, two treasurers with cash, orders that wait and payments of the bank.
    struct Scene: Sendable {
        static let many = 5
        let city: TestCity
        let rosa: Officer
        let dewi: Officer
        let head: Officer
        let account: Refund.Account
        let bill: String
        let docket: String
        var orders: [String] = []
        /// Receipts of what was recorded from a statement; the second half is doubted.
        var recorded: [String] = []
        /// Rows that are proposed to be recorded.
        var proposed: [String] = []

        init(_ city: TestCity, rosa: Officer, dewi: Officer, head: Officer, round: Int) async throws {
            self.city = city
            self.head = head
            account = try Refund.Account(bank: "Bank Uji", number: "1234567890", name: "Siti")
            self.rosa = rosa
            self.dewi = dewi
            docket = "UJI-\(round)"
            bill = try await Self.issue(docket, in: city)
            for index in 0..<2 * Self.many {
                let receipt = try await city.record(row(300 + index, bill), for: bill, by: rosa, and: head)
                if index >= Self.many { try await city.fees.doubt(receipt, reason: "Kode salah", by: rosa) }
                recorded.append(receipt)
            }
            try await city.fees.takeCash(1_300_000, for: bill, reference: "cash-\(round)", officer: rosa)
            try await city.fees.takeCash(50_000, for: bill, reference: "cash-d-\(round)", officer: dewi)
            for index in 0..<Self.many {
                try await city.fees.take(500, for: bill, by: .qris, reference: "bank-\(round)-\(index)", actor: .system)
                try await order(100, key: "order-\(round)-\(index)")
            }
            for index in 0..<Self.many {
                try await city.fees.propose(row(400 + index, "X"), for: bill, reason: "Tanpa kode", by: rosa)
            }
            let (number, many) = (bill, Self.many)
            orders = try await city.journal.read { try Fees.refunds(of: number, in: $0).map(\.id) }
            proposed = try await city.journal.read { snapshot in
                try snapshot.rows("SELECT entry FROM recording_proposal WHERE bill = \(number) AND state = 'open'") {
                    try $0(0, as: String.self)
                }
            }
            #expect(orders.count == many && proposed.count == many)
        }

        static func issue(_ docket: String, in city: TestCity) async throws -> String {
            let line = Bill.Line(label: Text(same: "Uji"), shown: nil, basis: Text(same: "Uji"), amount: 1_000_000)
            let (due, zone) = (CivilDate(days: 21_000), city.city.zone)
            return try await city.journal.commit {
                try Fees.issue(docket: docket, agency: "pu", lines: [line], due: due, zone: zone, by: .system, in: $0)
            }
        }

        /// A row of a statement.
        func row(_ amount: Int, _ text: String) -> BankStatement.Finding {
            let day = city.clock.now.date(in: city.city.zone)
            return BankStatement.Finding(
                text: "\(docket) \(text)",
                amount: amount,
                day: day,
                ordinal: 1,
                fingerprint: "x",
                compared: .max
            )
        }

        func order(_ amount: Int, key: String) async throws {
            try await city.fees.order(amount, of: bill, ground: "Lebih bayar", to: (account, proof: "Buku tabungan"), key: key, by: head)
        }

        func run(_ act: Act, _ index: Int) async throws {
            let fees = city.fees
            let name = "\(docket)-\(act)-\(index)"
            switch act {
            case .bill: _ = try await Self.issue(docket, in: city)
            case .cash: try await fees.takeCash(1_000 + index, for: bill, reference: name, officer: rosa)
            case .notice: try await fees.take(2_000 + index, for: bill, by: .qris, reference: name, name: name, actor: .system)
            case .order: try await order(70_000 + index, key: name)
            case .carryOut: try await fees.carryOut(orders[index], slip: name, by: dewi)
            case .takeBack: try await fees.takeBack(orders[index], reason: "Rekening ditutup", by: dewi)
            case .withdraw: try await fees.withdraw(orders[index], reason: "Salah rekening", by: head)
            case .handOver: try await fees.handOver(400_000 + index, slip: name, key: name, by: rosa)
            case .close: try await fees.closeCash(counted: 1_000 * index, slip: name, reason: "uji", by: rosa)
            case .cancel:
                let (docket, zone) = (self.docket, city.city.zone)
                try await city.journal.commit { try Fees.cancel(docket: docket, zone: zone, by: .system, in: $0) }
            case .reversal:
                let round = docket.dropFirst("UJI-".count)
                try await fees.reverse(reference: "bank-\(round)-\(index)", reason: "refunded", actor: .system)
            case .doubt: try await fees.doubt(recorded[index], reason: "Kode salah", by: dewi)
            case .correct: try await fees.correct(recorded[Self.many + index], by: head)
            case .propose: try await fees.propose(row(500 + index, "Y"), for: bill, reason: "Tanpa kode", by: dewi)
            case .record: try await fees.record(proposal: proposed[index], by: head)
            case .decline: try await fees.decline(proposal: proposed[index], reason: "Bukan uang ini", by: head)
            case .retract: try await fees.retract(proposal: proposed[index], by: rosa)
            case .stand: try await fees.letStand(recorded[Self.many + index], reason: "Sudah benar", by: head)
            }
        }
    }

    private static func counts(_ city: TestCity) async throws -> [String: Int] {
        try await city.journal.read { snapshot in
            Dictionary(
                try snapshot.rows("SELECT kind, count(*) FROM entry GROUP BY kind") {
                    (try $0(0, as: String.self), try $0(1, as: Int.self))
                },
                uniquingKeysWith: { $1 }
            )
        }
    }

    /// What has to be true of the books at any moment.
    private static func audit(_ scene: Scene, from start: CivilDate, _ note: String) async throws {
        let (city, rosa, dewi) = (scene.city, scene.rosa, scene.dewi)
        let today = city.clock.now.date(in: city.city.zone)
        let lines = try await city.journal.read { snapshot in
            try snapshot.rows("SELECT account, CAST(SUM(amount) AS BIGINT) FROM money GROUP BY account ORDER BY account") {
                "\(try $0(0, as: String.self)) \(try $0(1, as: Int.self))"
            }
        }
        let balances = try await city.journal.read { try Fees.balances(in: $0) }
        #expect(balances.map { "\($0.account) \($0.amount)" } == lines, "\(note)")
        let known = Dictionary(balances.map { ($0.account, $0.amount) }, uniquingKeysWith: { $1 })
        #expect(balances.reduce(0) { $0 + $1.amount } == 0, "\(note)")
        let uneven = try await city.journal.read {
            try $0.count("SELECT count(*) FROM (SELECT entry FROM money GROUP BY entry HAVING SUM(amount) <> 0) AS uneven")
        }
        #expect(uneven == 0, "\(note)")
        let bills = try await city.journal.read {
            try $0.find(
                "SELECT CAST(SUM(CASE WHEN is_cancelled = 1 THEN 0 ELSE amount - paid END) AS BIGINT), CAST(SUM(excess) AS BIGINT), MIN(excess - pending) FROM bill"
            ) {
                [try $0(0, as: Int.self), try $0(1, as: Int.self), try $0(2, as: Int.self)]
            }
        }
        #expect(bills?[0] == known["receivable"] && bills?[1] == -(known["excess"] ?? 0), "\(note)")
        var cash = 0
        for officer in [rosa, dewi] {
            let day = try await city.fees.day(today, of: officer)
            #expect(day.till.recorded >= 0, "\(note)")
            cash += day.till.recorded
        }
        #expect(cash == known["cash"] ?? 0, "tills, \(note)")
        // What is marked as open is what no closing has counted, as the step that marked what was there before said it.
        let mismarked = try await city.journal.read {
            try $0.count(
                """
                SELECT count(*) FROM movement WHERE is_open <> CASE WHEN cash <> 0 AND kind <> 'closed' AND cashier IS NOT NULL AND day >
                    COALESCE((SELECT MAX(cash_closing.day) FROM cash_closing WHERE cash_closing.cashier = movement.cashier), '') THEN 1 ELSE 0 END
                """
            )
        }
        #expect(mismarked == 0, "open cash, \(note)")
        var text = ""
        for try await page in try city.fees.export(start...today, for: rosa) { text += page }
        let rows = try CSVReader.records(text).map(\.fields)
        for account in ["cash", "bank"] {
            let column = try #require(rows.first?.firstIndex(of: account))
            #expect(rows.dropFirst().reduce(0) { $0 + (Int($1[column]) ?? 0) } == known[account] ?? 0, "\(account) of the file, \(note)")
        }
        for table: SQL in ["payment", "refund"] {
            let receipts = try await city.journal.read { snapshot in
                try snapshot.rows("SELECT receipt FROM \(table) WHERE receipt IS NOT NULL ORDER BY receipt") { try $0(0, as: String.self) }
            }
            #expect(receipts.map { Int($0.suffix(6)) } == (0..<receipts.count).map { $0 + 1 }, "receipts without gap or double, \(note)")
        }
    }

    @Test(
        "Every two acts, many at once: each that was acknowledged is there once, and the books agree",
        arguments: TestDatabase.engines,
        Act.allCases
    )
    func pairs(engine: Engine, first: Act) async throws {
        let later = Act.allCases.drop { $0 != first }
        let city = try await TestCity(engine)
        let start = city.clock.now.date(in: city.city.zone)
        let rosa = try await city.officer("rosa", agency: "pu", roles: [.treasurer])
        let dewi = try await city.officer("dewi", agency: "pu", roles: [.treasurer])
        let head = try await city.officer("kepala", agency: "pu", roles: [.head])
        for (round, second) in later.enumerated() {
            // A day of its own for each pair, because a till is closed once a day.
            city.clock.set("\(start.adding(days: round))T09:00:00+07:00")
            let scene = try await Scene(city, rosa: rosa, dewi: dewi, head: head, round: round)
            let before = try await Self.counts(city)
            let acts = first == second ? [first] : [first, second]
            let acknowledged = try await withThrowingTaskGroup(of: String?.self) { group in
                for index in 0..<Scene.many {
                    for act in acts {
                        group.addTask {
                            do {
                                try await scene.run(act, index)
                                return act.entry
                            } catch is Problem {
                                return nil
                            }
                        }
                    }
                }
                return try await group.reduce(into: [String: Int]()) { if let entry = $1 { $0[entry, default: 0] += 1 } }
            }
            let after = try await Self.counts(city)
            // A bill that is cancelled again, or a payment that was taken back already, leaves nothing and is no refusal.
            for (entry, count) in acknowledged where entry != "bill.cancelled" {
                #expect((after[entry] ?? 0) - (before[entry] ?? 0) == count, "\(first) against \(second): \(entry)")
            }
            try await Self.audit(scene, from: start, "\(first) against \(second)")
        }
    }
}
