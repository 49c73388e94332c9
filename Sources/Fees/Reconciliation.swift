// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// The city's books beside its bank's: what both know, and what only one does.
public struct Reconciliation: Sendable {
    /// Days that the statement covers.
    public let days: ClosedRange<CivilDate>
    /// Rows of the bank with the payment that each is.
    public let matched: [(row: BankStatement.Row, payment: Payment)]
    /// Money that came in and is in no book: notices that were lost, transfers without a code.
    public let onlyAtBank: [BankStatement.Row]
    /// Payments that were recorded and did not come in.
    public let onlyHere: [Payment]

    /// Days by which a bank may book a payment later than it was made.
    static let lag = 2

    /// Puts payments and rows together: first by the reference or the payment code that the bank wrote, then, where only one of
    /// each is left, by day and amount.
    public init(_ statement: BankStatement, _ payments: [Payment], days: ClosedRange<CivilDate>) {
        self.days = days
        var open = Set(payments.indices)
        var matched: [(BankStatement.Row, Payment)] = []
        var named: [String: [Int]] = [:]
        for (index, payment) in payments.enumerated() {
            for name in [String(payment.reference.drop { $0 != ":" }.dropFirst()), payment.bill] { named[name, default: []].append(index) }
        }
        var rows: [BankStatement.Row] = []
        for row in statement.rows {
            let words = Set(row.text.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init))
            let found = words.lazy.flatMap { named[$0] ?? [] }.filter { open.contains($0) && payments[$0].amount == row.amount }.min()
            if let found {
                open.remove(found)
                matched.append((row, payments[found]))
            } else {
                rows.append(row)
            }
        }
        let byAmount = Dictionary(grouping: open.sorted()) { payments[$0].amount }
        let rivals = Dictionary(grouping: rows) { Booking(day: $0.day, amount: $0.amount) }.mapValues(\.count)
        var left: [BankStatement.Row] = []
        for row in rows {
            // A row that names another bill is not this one.
            let isUnnamed = !row.text.split { !$0.isNumber }.contains { Bill.isNumber(String($0)) }
            let candidates = (byAmount[row.amount] ?? []).filter { index in
                let day = payments[index].taken
                return open.contains(index) && day <= row.day && row.day.days - day.days <= Self.lag
            }
            if isUnnamed, candidates.count == 1, rivals[Booking(day: row.day, amount: row.amount)] == 1 {
                open.remove(candidates[0])
                matched.append((row, payments[candidates[0]]))
            } else {
                left.append(row)
            }
        }
        self.matched = matched
        onlyAtBank = left
        // What was paid on the last days may be booked after the statement ends.
        onlyHere = open.sorted().map { payments[$0] }.filter {
            $0.taken <= days.upperBound.adding(days: -Self.lag) && $0.taken >= days.lowerBound
        }
    }

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
            ) { try Payment($0) }
            return Reconciliation(statement, payments, days: first...last)
        }
        @Sendable func sum(_ amounts: [Int]) -> JSON { JSON(amounts.reduce(0, +)) }
        try await journal.commit { act in
            try act.append(
                "bank.reconciled",
                to: "bank/\(officer.agency)",
                by: officer.actor,
                facts: [
                    "from": .string(first.description), "until": .string(last.description), "matched": JSON(result.matched.count),
                    "matched_amount": sum(result.matched.map(\.payment.amount)), "only_at_bank": JSON(result.onlyAtBank.count),
                    "only_at_bank_amount": sum(result.onlyAtBank.map(\.amount)), "only_here": JSON(result.onlyHere.count),
                    "only_here_amount": sum(result.onlyHere.map(\.amount)),
                ]
            )
        }
        return result
    }
}
