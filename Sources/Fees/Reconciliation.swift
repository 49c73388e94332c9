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
    public init(_ statement: BankStatement, _ payments: [Payment], zone: TimeZoneOffset, days: ClosedRange<CivilDate>) {
        self.days = days
        var rest = payments
        var matched: [(BankStatement.Row, Payment)] = []
        var rows: [BankStatement.Row] = []
        for row in statement.rows {
            let words = Set(row.text.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init))
            let found = rest.firstIndex { payment in
                let reference = String(payment.reference.drop { $0 != ":" }.dropFirst())
                return payment.amount == row.amount && (words.contains(reference) || words.contains(payment.bill))
            }
            if let found { matched.append((row, rest.remove(at: found))) } else { rows.append(row) }
        }
        var left: [BankStatement.Row] = []
        for row in rows {
            func fits(_ payment: Payment) -> Bool {
                let day = payment.at.date(in: zone)
                return payment.amount == row.amount && day <= row.day && row.day.days - day.days <= Self.lag
            }
            // A row that names another bill is not this one.
            let isUnnamed = !row.text.split { !$0.isNumber }.contains { Bill.isNumber(String($0)) }
            let candidates = rest.indices.filter { fits(rest[$0]) }
            let rivals = rows.count { $0.amount == row.amount && $0.day == row.day }
            if isUnnamed, candidates.count == 1, rivals == 1 {
                matched.append((row, rest.remove(at: candidates[0])))
            } else {
                left.append(row)
            }
        }
        self.matched = matched
        onlyAtBank = left
        // What was paid on the last days may be booked after the statement ends.
        onlyHere = rest.filter {
            $0.at.date(in: zone) <= days.upperBound.adding(days: -Self.lag) && $0.at.date(in: zone) >= days.lowerBound
        }
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
        // What was recorded by hand from an earlier look at this statement is younger than it.
        let until = max(last, journal.clock.now.date(in: zone))
        let payments = try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT \(Payment.columns) FROM payment WHERE day >= \(from) AND day <= \(until) AND method <> 'cash' ORDER BY at, receipt
                """
            ) { try Payment($0) }
        }
        let result = Reconciliation(statement, payments, zone: zone, days: first...last)
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
