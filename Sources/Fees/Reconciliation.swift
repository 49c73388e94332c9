// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// The city's books beside its bank's: what both know, and what only one does.
public struct Reconciliation: Sendable {
    /// What the books say came into the bank.
    public enum Booked: Sendable {
        /// What somebody paid.
        case payment(Payment)
        /// Cash that was deposited, with its slip.
        case deposit(Movement)

        /// Whether it is cash that was deposited.
        var isDeposit: Bool {
            if case .deposit = self { true } else { false }
        }

        /// In rupiah.
        public var amount: Int {
            switch self {
            case .payment(let payment): payment.amount
            case .deposit(let deposit): deposit.bank
            }
        }

        /// The day from which it counts.
        var day: CivilDate {
            switch self {
            case .payment(let payment): payment.taken
            case .deposit(let deposit): CivilDate(deposit.valueDay) ?? deposit.day
            }
        }
    }

    /// Days that the statement covers.
    public let days: ClosedRange<CivilDate>
    /// Rows of the bank with what each is in the books.
    public let matched: [(row: BankStatement.Row, booked: Booked)]
    /// Money that came in and is in no book: notices that were lost, transfers without a code.
    public let onlyAtBank: [BankStatement.Row]
    /// What was recorded and did not come in.
    public let onlyHere: [Booked]
    /// Which statement it was.
    public let fingerprint: String

    /// Days by which a bank may book a payment later than it was made.
    static let lag = 2

    /// Puts books and rows together: first by the slip, the reference or the payment code that the bank wrote, then, where only one
    /// of each is left, by day and amount.
    public init(_ statement: BankStatement, _ booked: [Booked], days: ClosedRange<CivilDate>) {
        self.days = days
        fingerprint = statement.fingerprint
        var open = Set(booked.indices)
        var matched: [(BankStatement.Row, Booked)] = []
        var named: [String: [Int]] = [:]
        for (index, booked) in booked.enumerated() {
            for name in Self.names(of: booked) { named[name, default: []].append(index) }
        }
        var rows: [BankStatement.Row] = []
        for row in statement.rows {
            let words = Set(row.text.split(whereSeparator: \.isWhitespace).flatMap { Self.names(in: String($0)) })
            // A row that names a bill is what somebody paid, whatever a slip is called.
            let isOfBill = Self.code(in: row) != nil
            let found = words.lazy.flatMap { named[$0] ?? [] }.filter {
                open.contains($0) && booked[$0].amount == row.amount && !(isOfBill && booked[$0].isDeposit)
            }.min()
            if let found {
                open.remove(found)
                matched.append((row, booked[found]))
            } else {
                rows.append(row)
            }
        }
        let byAmount = Dictionary(grouping: open.sorted()) { booked[$0].amount }
        let rivals = Dictionary(grouping: rows) { Booking(day: $0.day, amount: $0.amount) }.mapValues(\.count)
        var left: [BankStatement.Row] = []
        for row in rows {
            // A row that names another bill is not this one.
            let isUnnamed = !row.text.split { !$0.isNumber }.contains { Bill.isNumber(String($0)) }
            let candidates = (byAmount[row.amount] ?? []).filter { index in
                let day = booked[index].day
                return open.contains(index) && day <= row.day && row.day.days - day.days <= Self.lag
            }
            if isUnnamed, candidates.count == 1, rivals[Booking(day: row.day, amount: row.amount)] == 1 {
                open.remove(candidates[0])
                matched.append((row, booked[candidates[0]]))
            } else {
                left.append(row)
            }
        }
        self.matched = matched
        onlyAtBank = left
        // What was paid on the last days may be booked after the statement ends.
        onlyHere = open.sorted().map { booked[$0] }.filter {
            $0.day <= days.upperBound.adding(days: -Self.lag) && $0.day >= days.lowerBound
        }
    }

    /// By what a row of the bank may call something of the books.
    private static func names(of booked: Booked) -> [String] {
        switch booked {
        case .payment(let payment): [String(payment.reference.drop { $0 != ":" }.dropFirst()), payment.bill]
        // A slip’s number, however the bank sets it apart.
        case .deposit(let deposit): [letters(of: deposit.reference)].filter { $0.utf8.count > 2 }
        }
    }

    private static func names(in word: String) -> [String] {
        word.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init) + [letters(of: word)]
    }

    static func letters(of word: String) -> String { String(word.uppercased().filter { $0.isLetter || $0.isNumber }) }

    private struct Booking: Hashable {
        let day: CivilDate
        let amount: Int
    }

    /// The payment code that a row of the bank names; nil where it names none.
    public static func code(in row: BankStatement.Row) -> String? {
        row.text.split { !$0.isNumber }.map(String.init).first { Bill.isNumber($0) }
    }
}

extension Fees {
    /// Compares a bank's statement with what was recorded, and records that it was done.
    public func reconcile(_ statement: BankStatement, by officer: Officer) async throws -> Reconciliation {
        guard officer.roles.contains(.treasurer) else { throw Self.treasurerOnly }
        guard let first = statement.rows.map(\.day).min(), let last = statement.rows.map(\.day).max() else {
            throw Problem.fields([
                Problem.Field("statement", Text(id: "Tidak ada uang masuk di berkas ini", en: "No money comes in by this file"))
            ])
        }
        let from = first.adding(days: -Reconciliation.lag)
        // What was recorded by hand from an earlier look at this statement may be younger than it.
        let until = max(last, journal.clock.now.date(in: zone))
        let agency = officer.agency
        // Worked out on the thread that reads: a statement may hold tens of thousands of rows.
        let result = try await journal.read { snapshot in
            let payments = try snapshot.rows(
                """
                SELECT \(Payment.columns) FROM payment
                WHERE taken >= \(from) AND taken <= \(until) AND method <> 'cash' AND is_reversed = 0 AND agency = \(agency)
                ORDER BY at, receipt
                """
            ) { Reconciliation.Booked.payment(try Payment($0)) }
            // A deposit is noted on the day of its slip or after it.
            let deposits = try snapshot.rows(
                """
                SELECT \(Movement.columns) FROM \(Movement.source)
                WHERE m.day >= \(from) AND m.kind IN ('handed-over', 'closed') AND m.bank > 0 AND m.agency = \(agency) ORDER BY m.at, m.entry
                """
            ) { Reconciliation.Booked.deposit(try Movement($0)) }
            return Reconciliation(statement, payments + deposits.filter { (from...until).contains($0.day) }, days: first...last)
        }
        @Sendable func sum(_ amounts: [Int]) -> JSON { JSON(amounts.reduce(0, +)) }
        try await journal.commit { act in
            try act.append(
                "bank.reconciled",
                to: "bank/\(officer.agency)",
                by: officer.actor,
                facts: [
                    "from": .string(first.description), "until": .string(last.description), "matched": JSON(result.matched.count),
                    "matched_amount": sum(result.matched.map(\.booked.amount)), "only_at_bank": JSON(result.onlyAtBank.count),
                    "only_at_bank_amount": sum(result.onlyAtBank.map(\.amount)), "only_here": JSON(result.onlyHere.count),
                    "only_here_amount": sum(result.onlyHere.map(\.amount)), "statement": .string(statement.fingerprint),
                ]
            )
        }
        return result
    }
}
