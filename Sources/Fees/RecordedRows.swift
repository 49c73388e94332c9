// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// What was recorded from rows of statements beside what banks tell of: the same money is booked once.
extension Fees {
    /// What was recorded of a bill from statements, with the entry that says so; oldest first.
    func recorded(_ number: String, in snapshot: Snapshot) throws -> [(entry: Entry, payment: Payment)] {
        try recorded(number, by: try journal.entries(of: "bill/\(number)", in: snapshot), in: snapshot)
    }

    private func recorded(_ number: String, by entries: [Entry], in snapshot: Snapshot) throws -> [(entry: Entry, payment: Payment)] {
        let entries = entries.filter { $0.inner?["statement"] != nil }
        guard !entries.isEmpty else { return [] }
        let payments = try Self.payments(of: number, in: snapshot)
        return entries.compactMap { entry in
            payments.first { $0.receipt == entry.facts["receipt"]?.string }.map { (entry, $0) }
        }
    }

    /// What was recorded from a statement of which a bank tells now: the row names what the bank calls it. Where it does not, it is
    /// other money: nothing that came in is lost, and whoever gives back sees both.
    func noted(_ reference: String, amount: Int?, for number: String, in snapshot: Snapshot) throws -> Payment? {
        try recorded(number, in: snapshot).first { entry, payment in
            payment.reference.hasPrefix(Self.statement) && !payment.isReversed && amount ?? payment.amount == payment.amount
                && isNamed(reference, in: entry)
        }?.payment
    }

    /// What a row of a statement may be called by, as keyed hashes: its words tell who paid, and are kept
    /// with the proposal alone, sealed.
    func names(in finding: BankStatement.Finding) -> [String] {
        Reconciliation.words(of: finding.text).filter { $0.utf8.count > 3 }.sorted().map { journal.vault.blindIndex("row:\($0)") }
    }

    /// Whether the row that an entry was recorded from names what a bank calls so.
    private func isNamed(_ reference: String, in entry: Entry) -> Bool {
        let names = Set((entry.inner?["names"]?.array ?? []).compactMap(\.string))
        return Reconciliation.names(ofReference: reference).contains {
            $0.utf8.count > 3 && names.contains(journal.vault.blindIndex("row:\($0)"))
        }
    }

    /// Whether money of a bill may be booked twice: from one statement and from another, or from a statement and by a bank's notice, of
    /// the same amount, or, where the row names it, of any.
    func mayBeTwice(_ bill: Bill, by entries: [Entry], in snapshot: Snapshot) throws -> Bool {
        let told = try Self.payments(of: bill.number, in: snapshot).filter { $0.isNamedByBank && !$0.isReversed }
        let recorded = try recorded(bill.number, by: entries, in: snapshot).filter { !$0.payment.isNamedByBank && !$0.payment.isReversed }
        return recorded.contains { entry, payment in
            told.contains { $0.amount == payment.amount || isNamed($0.reference, in: entry) }
                || recorded.contains {
                    $0.payment.amount == payment.amount && $0.entry.inner?["statement"] != entry.inner?["statement"]
                }
        }
    }

    func identify(_ payment: Payment, as reference: String, by actor: Actor, in act: Act) throws {
        try act.append(
            "payment.identified",
            to: "bill/\(payment.bill)",
            by: actor,
            facts: ["docket": .string(payment.docket), "receipt": .string(payment.receipt)],
            inner: ["reference": .string(reference)]
        )
    }

    /// What was recorded from each of some rows and stands; nil where nothing was.
    public func recorded(_ rows: [BankStatement.Finding]) async throws -> [Payment?] {
        try await journal.read { snapshot in try rows.map { try recorded($0, in: snapshot) } }
    }

    /// What was recorded from a row and stands, also where the bank's name has taken the place of the row's own since.
    func recorded(_ finding: BankStatement.Finding, in snapshot: Snapshot) throws -> Payment? {
        let own = reference(of: finding.name)
        if let known = try Self.payment(reference: own, in: snapshot), !known.isReversed { return known }
        // What is recorded counts from the day of its row, or later where its bill is younger; and the row bears the bank's name.
        let words = Reconciliation.words(of: finding.text)
        let payments = try snapshot.rows(
            """
            SELECT \(Payment.columns) FROM payment
            WHERE taken >= \(finding.day) AND method = 'transfer' AND amount = \(finding.amount) AND is_reversed = 0 ORDER BY at, receipt
            """
        ) { try Payment($0) }
        return try payments.first { payment in
            guard !Reconciliation.Booked.payment(payment).names.isDisjoint(with: words) else { return false }
            return try journal.entries(of: "bill/\(payment.bill)", in: snapshot).contains {
                $0.kind == "payment.received" && $0.facts["receipt"]?.string == payment.receipt && $0.inner?["reference"]?.string == own
            }
        }
    }

    /// The receipt of money that came for a bill since a statement was compared: a bank's notice, or a row of another statement, which
    /// may be the same money. Nil where none did.
    func told(since finding: BankStatement.Finding, of number: String, in snapshot: Snapshot) throws -> String? {
        // Also for a bill that the row names and that it is not recorded for.
        for number in Set(Reconciliation.codes(in: finding.text) + [number]).sorted() {
            let told = try journal.entries(of: "bill/\(number)", in: snapshot).first {
                $0.kind == "payment.received" && $0.sequence >= finding.compared
                    && $0.facts["method"]?.string != Payment.Method.cash.rawValue
                    && $0.inner?["statement"]?.string != finding.fingerprint
            }
            if let told { return told.facts["receipt"]?.string ?? "" }
        }
        return nil
    }
}
