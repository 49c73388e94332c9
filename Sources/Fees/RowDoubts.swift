// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// What speaks against recording a row of a statement: that the bank took its money back, or the city an earlier recording of it.
extension Fees {
    /// What speaks against recording a row for a bill.
    public struct RowDoubt: Sendable {
        /// Whether the bank took back the very payment that the row names: then it is not recorded at all.
        public let isUndone: Bool
        /// What was taken back of the bill, of the same amount, by the bank or by the city.
        public let takenBack: [Reconciliation.Booked]
        /// What this row was recorded as before the recording was taken back, the newest last: for whom only that agency is told.
        public let corrected: [(payment: Payment, agency: String)]
        /// Orders by which the city gave back as much of the bill: it may be that money, come back.
        public let orders: [String]
        /// Whether whoever records it has to say that it is other money.
        public let isAsked: Bool
    }

    /// What speaks against recording rows, each for a bill or for none.
    public func doubts(of rows: [(finding: BankStatement.Finding, bill: String?)]) async throws -> [RowDoubt] {
        guard let first = rows.map(\.finding.day).min(), let last = rows.map(\.finding.day).max() else { return [] }
        return try await journal.read { snapshot in
            let takenBack = try takenBack(first...last, in: snapshot)
            return try rows.map { try doubt(of: $0.finding, for: $0.bill, takenBack, in: snapshot) }
        }
    }

    private func doubt(
        of finding: BankStatement.Finding,
        for bill: String?,
        _ takenBack: [Reconciliation.Booked],
        in snapshot: Snapshot
    ) throws -> RowDoubt {
        let own = reference(of: finding.name)
        let row = Reconciliation.Sought(
            day: finding.day,
            amount: finding.amount,
            text: finding.text,
            // Also a bill that the row names and that it is not recorded for.
            bills: Array(Set(Reconciliation.codes(in: finding.text) + [bill].compactMap { $0 })),
            own: Reconciliation.nameOnly(own)
        )
        let alike = takenBack.filter { booked in
            // What was recorded for another bill by mistake is no objection to this one.
            if booked.payment?.isCorrected == true, booked.bill != bill { return false }
            // A part of another name, or as much of no bill that is known: it may be of this one.
            if case .undoing(let undoing) = booked, !booked.isNamed(by: row) {
                let isOther = Bill.isNumber(undoing.bill) && !row.bills.contains(undoing.bill)
                if !isOther, row.bills.contains(undoing.bill) || undoing.amount ?? row.amount == row.amount { return true }
            }
            // A payment that it names of another amount is no proof, but worth a look.
            return booked.isMeant(by: row, on: .bill)
                || (booked.payment != nil && booked.isPossible(on: row.day) && booked.isNamed(by: row))
        }
        let corrected = try snapshot.rows("SELECT \(Payment.columns), agency FROM payment WHERE freed = \(own) ORDER BY at, receipt") {
            (payment: try Payment($0), agency: try $0(11, as: String.self))
        }
        let orders = try snapshot.rows(
            """
            SELECT id FROM refund
            WHERE bill IN \(in: row.bills) AND amount = \(row.amount) AND method = 'transfer' AND state IN ('carried', 'returned') ORDER BY id
            """
        ) { try $0(0, as: String.self) }
        // The bank’s name for what is in the books, on a day that does not fit.
        let isNamed = try snapshot.rows(
            "SELECT \(Payment.columns) FROM payment WHERE bill IN \(in: row.bills) AND is_reversed = 0 AND method <> 'cash'"
        ) { Reconciliation.Booked.payment(try Payment($0)) }.contains { $0.amount == row.amount && $0.isNamed(by: row) }
        return RowDoubt(
            isUndone: takenBack.contains { $0.isMeant(by: row, on: .name) },
            takenBack: alike,
            corrected: corrected,
            orders: orders,
            isAsked: finding.isMirrored || !alike.isEmpty || !orders.isEmpty || isNamed || corrected.contains { $0.payment.bill == bill }
        )
    }

    /// Refuses to record a row that was taken back, that was compared before its recording was taken back, or that may be money taken back
    /// where nobody has said that it is not.
    func requireRecordable(_ finding: BankStatement.Finding, for number: String, in snapshot: Snapshot) throws {
        let doubt = try doubt(of: finding, for: number, takenBack(finding.day...finding.day, in: snapshot), in: snapshot)
        if doubt.isUndone { throw Self.undonePayment }
        for (payment, _) in doubt.corrected {
            let entries = try journal.entries(of: "bill/\(payment.bill)", in: snapshot)
            let isSince = entries.contains {
                $0.kind == "payment.corrected" && $0.sequence >= finding.compared && $0.facts["receipt"]?.string == payment.receipt
            }
            if isSince { throw Self.correctedSince }
        }
        guard finding.isSure || !doubt.isAsked else { throw Self.unsure }
    }

    /// What was taken back that rows of some days may be: payments, and what banks say of none that is known; of whatever agency.
    private func takenBack(_ days: ClosedRange<CivilDate>, in snapshot: Snapshot) throws -> [Reconciliation.Booked] {
        let first = days.lowerBound.adding(days: -Reconciliation.namedLag)
        let last = days.upperBound.adding(days: Reconciliation.namedLag)
        let payments = try snapshot.rows(
            """
            SELECT \(Payment.columns) FROM payment
            WHERE taken >= \(first) AND taken <= \(last) AND method <> 'cash' AND is_reversed = 1 ORDER BY at, receipt
            """
        ) { Reconciliation.Booked.payment(try Payment($0)) }
        return try payments + undoings(in: snapshot).map { .undoing($0.undoing) }
    }

    /// What banks say they took back though no book knows it, and whose money nobody has found in the account: each of their names once,
    /// since several of its notices may take back a part each.
    func undoings(in snapshot: Snapshot) throws -> [(agency: String, undoing: Reconciliation.Undoing)] {
        Dictionary(grouping: try Self.standing(in: snapshot).filter(\.receipt.isEmpty), by: \.reference).sorted { $0.key < $1.key }.map {
            let parts = $0.value
            let amounts = parts.compactMap(\.amount)
            return (
                agency: parts.first { !$0.agency.isEmpty }?.agency ?? "",
                undoing: Reconciliation.Undoing(
                    reference: $0.key,
                    bill: parts.first { !$0.bill.isEmpty }?.bill ?? "",
                    amount: amounts.count == parts.count ? amounts.reduce(0, +) : nil,
                    day: parts.map { $0.at.date(in: zone) }.max() ?? CivilDate(days: 0)
                )
            )
        }
    }

    private static let correctedSince = Problem(
        "statement.corrected-since",
        .conflict,
        Text(
            id: "Catatan dari baris ini dibatalkan setelah rekening koran dicocokkan",
            en: "What was recorded from this row was taken back after the statement was compared"
        ),
        remedy: Text(
            id: "Cocokkan rekening korannya lagi, lalu catat dari sana.",
            en: "Compare the statement again, and record it from there."
        )
    )

    /// A row may be money that was taken back, and nobody has said that it is not.
    public static let unsure = Problem(
        "statement.unsure",
        .unacceptable,
        Text(
            id: "Sebesar ini pernah ditarik kembali: pastikan dulu, lalu centang bahwa ini uang lain",
            en: "As much was taken back: make sure first, then tick that this is other money"
        )
    )
}
