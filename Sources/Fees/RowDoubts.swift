// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials
import Journal
import Storage

/// What speaks against recording a row of a statement. The program may be wrong about it either way: it says so to the treasurer who
/// proposes the row, who says why it is to be recorded all the same, and to the head who decides (``Proposal``).
extension Fees {
    /// What speaks against recording a row for a bill.
    public struct RowDoubt: Sendable {
        /// Whether the bank says that it took back the very payment that the row names, also where somebody said since that it is there.
        public let isUndone: Bool
        /// What was taken back of the bill, or under a name that the row bears, by the bank or by the city.
        public let takenBack: [Reconciliation.Booked]
        /// What this row was recorded as before the recording was taken back, the newest last: for whom only that agency is told.
        public let corrected: [(payment: Payment, agency: String)]
        /// Orders by which the city gives or gave back as much of the bill: it may be that money, come back.
        public let orders: [String]
        /// What the books have of the same amount for the bill or under a name that the row bears: receipts, slips, orders.
        public let alike: [String]
        /// Whether as much of the bill went out again by the same statement.
        public let isMirrored: Bool
        /// Whether the comparison lists it as money that came in and was taken back.
        public let isListed: Bool
        /// Whether the row names no such bill.
        public let isUnnamed: Bool
        /// Whether somebody has proposed it, and the head has not decided.
        public let isProposed: Bool
        /// Whether nothing is owed for the bill.
        public let isSettled: Bool
        /// Whether the money came before there was a bill.
        public let isEarly: Bool

        /// Whether anything of this speaks against it; that it is proposed already does not.
        public var speaks: Bool {
            let isAny = isUndone || isMirrored || isListed || isUnnamed || isSettled || isEarly
            return isAny || !takenBack.isEmpty || !corrected.isEmpty || !orders.isEmpty || !alike.isEmpty
        }

        /// What somebody was shown of it, in a word: another one as soon as anything of it is another.
        public var mark: String {
            let flags = [isUndone, isMirrored, isListed, isUnnamed, isSettled, isEarly].map { "\($0)" }
            let names = takenBack.map { "\($0.label) \($0.amount)" } + corrected.map(\.payment.receipt) + orders + alike
            return String(Array(SHA256.hash(data: Array((flags + names).joined(separator: "\n").utf8))).hex.prefix(16))
        }
    }

    /// What banks and the city took back, read once for many rows.
    struct TakenBackOnce {
        let booked: [Reconciliation.Booked]
        /// What banks say they took back of no payment that is known, whatever became of it.
        let loose: [StrayReversal]
    }

    /// What speaks against recording rows, each for a bill or for none.
    public func doubts(of rows: [(finding: BankStatement.Finding, bill: String?)]) async throws -> [RowDoubt] {
        guard let first = rows.map(\.finding.day).min(), let last = rows.map(\.finding.day).max() else { return [] }
        return try await journal.read { snapshot in
            let once = try takenBack(first...last, in: snapshot)
            return try rows.map { try doubt(of: $0.finding, for: $0.bill, once, in: snapshot) }
        }
    }

    func doubt(of finding: BankStatement.Finding, for number: String, in snapshot: Snapshot) throws -> RowDoubt {
        try doubt(of: finding, for: number, takenBack(finding.day...finding.day, in: snapshot), in: snapshot)
    }

    private func doubt(
        of finding: BankStatement.Finding,
        for number: String?,
        _ once: TakenBackOnce,
        in snapshot: Snapshot
    ) throws -> RowDoubt {
        let own = reference(of: finding.name)
        let codes = Reconciliation.codes(in: finding.text)
        let row = Reconciliation.Sought(
            day: finding.day,
            amount: finding.amount,
            text: finding.text,
            // Also a bill that the row names and that it is not recorded for.
            bills: Set(codes + [number].compactMap { $0 }).sorted(),
            own: Reconciliation.nameOnly(own)
        )
        let bill = try number.flatMap { try Self.find($0, in: snapshot) }
        let corrected = try snapshot.rows("SELECT \(Payment.columns), agency FROM payment WHERE freed = \(own) ORDER BY at, receipt") {
            (payment: try Payment($0), agency: try $0(12, as: String.self))
        }
        let orders = try snapshot.rows(
            """
            SELECT id FROM refund
            WHERE bill IN \(in: row.bills) AND amount = \(row.amount) AND method = 'transfer'
                AND state IN ('ordered', 'carried', 'returned')
            ORDER BY id
            """
        ) { try $0(0, as: String.self) }
        let words = row.words
        // Somebody said alone that it is there: that is no second pair of eyes.
        let overruled = once.loose.filter { $0.state == .here }
        let named = once.loose.filter { $0.isNamed(by: words) }
        let ofBill = overruled.filter { row.bills.contains($0.bill) && $0.amount ?? row.amount == row.amount }
        let spoken = once.booked.filter { Self.speaks($0, against: row, for: number) } + ofBill.map { .undoing(undoing([$0])) }
        // Also less than the row, and of another bill: whoever made the transfer wrote its words.
        let known = Set(spoken.compactMap { if case .undoing(let undoing) = $0 { undoing.reference } else { nil } })
        let ofName = named.filter { !known.contains($0.reference) }
        var alike = finding.alike
        if let bill {
            let booked = try self.alike(row, finding, bill.agency, in: snapshot).map(\.receipt) + deposits(row, bill.agency, in: snapshot)
            alike += booked.filter { !alike.contains($0) }
        }
        return RowDoubt(
            isUndone: once.booked.contains { $0.isMeant(by: row, on: .name) } || StrayReversal.sum(named, of: row.amount) >= row.amount,
            takenBack: spoken + ofName.map { .undoing(undoing([$0])) },
            corrected: corrected,
            orders: orders + [finding.order].compactMap { $0 }.filter { !orders.contains($0) },
            alike: alike,
            isMirrored: finding.isMirrored,
            isListed: finding.isTakenBack,
            isUnnamed: number.map { !codes.contains($0) } ?? true,
            isProposed: try isProposed(own, in: snapshot),
            isSettled: bill?.outstanding == 0,
            isEarly: bill.map { finding.day < $0.issuedAt.date(in: zone) } ?? false
        )
    }

    /// Whether something that was taken back may be the money of a row.
    private static func speaks(_ booked: Reconciliation.Booked, against row: Reconciliation.Sought, for number: String?) -> Bool {
        // What was recorded for another bill by mistake is no objection to this one.
        if booked.payment?.isCorrected == true, booked.bill != number { return false }
        // A part of another name, or as much of no bill that is known: it may be of this one.
        if case .undoing(let undoing) = booked, !booked.isNamed(by: row) {
            let isOther = Bill.isNumber(undoing.bill) && !row.bills.contains(undoing.bill)
            if !isOther, row.bills.contains(undoing.bill) || undoing.amount ?? row.amount == row.amount { return true }
        }
        // A payment that it names of another amount is no proof, but worth a look.
        return booked.isMeant(by: row, on: .bill) || (booked.payment != nil && booked.isPossible(on: row.day) && booked.isNamed(by: row))
    }

    /// Payments of the same amount that stand: of a bill that is meant, on whatever day, or under a name that the row bears.
    private func alike(
        _ row: Reconciliation.Sought,
        _ finding: BankStatement.Finding,
        _ agency: String,
        in snapshot: Snapshot
    ) throws -> [Payment] {
        let (first, last) = (row.day.adding(days: -Reconciliation.namedLag), row.day.adding(days: Reconciliation.namedLag))
        let payments = try snapshot.rows(
            """
            SELECT \(Payment.columns) FROM payment
            WHERE agency = \(agency) AND amount = \(row.amount) AND is_reversed = 0 AND method <> 'cash'
                AND (bill IN \(in: row.bills) OR taken >= \(first) AND taken <= \(last)) ORDER BY at, receipt
            """
        ) { try Payment($0) }
        return try payments.filter { payment in
            if Reconciliation.Booked.payment(payment).isNamed(by: row) { return true }
            guard row.bills.contains(payment.bill) else { return false }
            // Rows of one statement are money twice.
            return try !recorded(payment.bill, in: snapshot).contains {
                $0.payment.receipt == payment.receipt && $0.entry.inner?["statement"]?.string == finding.fingerprint
            }
        }
    }

    /// Slips of as much cash that the row may be: it bears their number, or is of about their day.
    private func deposits(_ row: Reconciliation.Sought, _ agency: String, in snapshot: Snapshot) throws -> [String] {
        let (first, last) = (row.day.adding(days: -Reconciliation.namedLag), row.day.adding(days: Reconciliation.namedLag))
        let deposits = try snapshot.rows(
            """
            SELECT \(Movement.columns) FROM \(Movement.source)
            WHERE m.day >= \(first) AND m.day <= \(last) AND m.kind IN ('handed-over', 'closed') AND m.bank = \(row.amount)
                AND m.agency = \(agency)
            ORDER BY m.at, m.entry
            """
        ) { Reconciliation.Booked.deposit(try Movement($0)) }
        return deposits.filter { $0.isNamed(by: row) || abs($0.day.days - row.day.days) <= Reconciliation.lag }.map(\.label)
    }

    /// Refuses a row that was compared before something was recorded that may be the same money, or before its own recording was taken
    /// back: who compares again sees it.
    func requireCompared(_ finding: BankStatement.Finding, for number: String, in snapshot: Snapshot) throws {
        let own = reference(of: finding.name)
        let corrected = try snapshot.rows("SELECT receipt, bill FROM payment WHERE freed = \(own)") {
            (receipt: try $0(0, as: String.self), bill: try $0(1, as: String.self))
        }
        for (receipt, bill) in corrected {
            let isSince = try journal.entries(of: "bill/\(bill)", in: snapshot).contains {
                $0.kind == "payment.corrected" && $0.sequence >= finding.compared && $0.facts["receipt"]?.string == receipt
            }
            if isSince { throw Self.correctedSince }
        }
        guard try told(since: finding, of: number, in: snapshot) == nil else { throw Self.comparedBefore }
    }

    /// What was taken back that rows of some days may be: payments, and what banks say of none that is known; of whatever agency.
    private func takenBack(_ days: ClosedRange<CivilDate>, in snapshot: Snapshot) throws -> TakenBackOnce {
        let first = days.lowerBound.adding(days: -Reconciliation.namedLag)
        let last = days.upperBound.adding(days: Reconciliation.namedLag)
        let payments = try snapshot.rows(
            """
            SELECT \(Payment.columns) FROM payment
            WHERE taken >= \(first) AND taken <= \(last) AND method <> 'cash' AND is_reversed = 1 ORDER BY at, receipt
            """
        ) { Reconciliation.Booked.payment(try Payment($0)) }
        return TakenBackOnce(
            booked: try payments + undoings(in: snapshot).map { .undoing($0.undoing) },
            loose: try Self.reversals("s.receipt = ''", in: snapshot)
        )
    }

    /// What banks say they took back though no book knows it, and whose money nobody has found in the account: each of their names once,
    /// since several of its notices may take back a part each.
    func undoings(in snapshot: Snapshot) throws -> [(agency: String, undoing: Reconciliation.Undoing)] {
        Dictionary(grouping: try Self.standing(in: snapshot).filter(\.receipt.isEmpty), by: \.reference).sorted { $0.key < $1.key }.map {
            (agency: $0.value.first { !$0.agency.isEmpty }?.agency ?? "", undoing: undoing($0.value))
        }
    }

    /// What a bank took back under one name, in however many parts.
    private func undoing(_ parts: [StrayReversal]) -> Reconciliation.Undoing {
        let amounts = parts.compactMap(\.amount)
        return Reconciliation.Undoing(
            reference: parts.first?.reference ?? "",
            bill: parts.first { !$0.bill.isEmpty }?.bill ?? "",
            amount: amounts.count == parts.count ? amounts.reduce(0, +) : nil,
            day: parts.map { $0.at.date(in: zone) }.max() ?? CivilDate(days: 0)
        )
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

    private static let comparedBefore = Problem(
        "statement.compared-before",
        .conflict,
        Text(
            id: "Sejak rekening koran dicocokkan, sudah tercatat pembayaran lain untuk tagihan ini",
            en: "Since the statement was compared another payment of this bill has been recorded"
        ),
        remedy: Text(id: "Cocokkan lagi: mungkin itu uang yang sama.", en: "Compare again: it may be the same money.")
    )
}
