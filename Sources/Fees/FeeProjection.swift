// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// Bills, payments, movements of money, orders to give back and the ledger, worked out from entries.
public struct FeeProjection: Projection {
    /// The tables that replay fills.
    public let tables: [SchemaName] = [
        "bill", "payment", "refund", "movement", "money", "money_balance", "cash_closing", "stray_reversal", "recording_proposal",
        "told_again", "undoing_saying",
    ]

    /// What stands where a reason was that is erased: that there was one stays.
    private static let erased = "–"

    /// The projection.
    public init() {}

    /// Brings the tables up to date with one entry.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {
        if entry.kind == "person.erased" {
            let key = entry.facts["person"]?.string ?? ""
            let own: SQL = "doubt_key = \(key) AND doubt_key <> '' AND doubt <> ''"
            try transaction.execute("UPDATE payment SET doubt = \(Self.erased) WHERE \(own)")
            try transaction.execute(
                "UPDATE recording_proposal SET reason = \(Self.erased), text = \(Self.erased) WHERE reason_key = \(key) AND reason_key <> ''"
            )
            try transaction.execute("UPDATE recording_proposal SET note = \(Self.erased) WHERE note_key = \(key) AND note_key <> ''")
            for table: SQL in ["told_again", "stray_reversal", "undoing_saying"] {
                try transaction.execute("UPDATE \(table) SET note = \(Self.erased) WHERE note_key = \(key) AND note_key <> ''")
            }
            try transaction.execute("UPDATE refund SET undone = \(Self.erased) WHERE undone_key = \(key) AND undone_key <> ''")
            return
        }
        guard ["bill/", "cash/", "bank/"].contains(where: entry.stream.hasPrefix) else { return }
        let facts = entry.facts
        let number = entry.stream.hasPrefix("bill/") ? String(entry.stream.dropFirst("bill/".count)) : ""
        func text(_ name: String) -> String { facts[name]?.string ?? "" }
        func inner(_ name: String) -> String { entry.inner?[name]?.string ?? "" }
        func amount(_ name: String) -> Int64 { facts[name]?.integer ?? 0 }
        // Before 2026-12 reasons were not sealed.
        func reason() -> String { entry.personal?["reason"]?.string ?? entry.inner?["reason"]?.string ?? Self.erased }
        let key = entry.person?.description ?? ""
        // Whose till it is: of whoever acts, unless they close one that somebody left.
        let cashier = entry.inner?["cashier"]?.string ?? entry.actor.account?.description
        switch entry.kind {
        case "bill.issued":
            try transaction.execute(
                """
                INSERT INTO bill (number, docket, agency, amount, paid, excess, pending, is_cancelled, issued_at, due, lines)
                VALUES (\(number), \(text("docket")), \(text("agency")), \(amount("amount")), 0, 0, 0, 0, \(entry.at), \(text("due")),
                    \(String(decoding: (facts["lines"] ?? []).canonical, as: UTF8.self)))
                """
            )
        case "bill.cancelled":
            try transaction.execute("UPDATE bill SET is_cancelled = 1, excess = excess + paid, paid = 0 WHERE number = \(number)")
        case "payment.received":
            try transaction.execute(
                """
                INSERT INTO payment (reference, receipt, bill, docket, agency, amount, method, at, taken, is_reversed)
                VALUES (\(entry.inner?["reference"]?.string ?? entry.id), \(text("receipt")), \(number), \(text("docket")),
                    \(text("agency")), \(amount("amount")), \(text("method")), \(entry.at), \(text("taken")), 0)
                """
            )
            try transaction.execute(
                """
                UPDATE bill SET paid = paid + \(amount("toward")), excess = excess + \(amount("beyond")),
                    is_cancelled = CASE WHEN \(facts["reinstates"]?.bool == true ? 1 : 0) = 1 THEN 0 ELSE is_cancelled END
                WHERE number = \(number)
                """
            )
            // What a bank took back of it before it was known.
            for undoing in (facts["undoings"]?.array ?? []).compactMap(\.string) {
                try transaction.execute(
                    """
                    UPDATE stray_reversal SET receipt = \(text("receipt")), bill = \(number), docket = \(text("docket")),
                        agency = \(text("agency")) WHERE entry = \(undoing)
                    """
                )
            }
            if facts["proposal"] != nil { try decide(entry, in: transaction) }
            try move(.received, entry, in: transaction)
        case "payment.proposed":
            try transaction.execute(
                """
                INSERT INTO recording_proposal (entry, seq, bill, docket, agency, amount, day, own, statement, ordinal, said, text, reason,
                    reason_key, proposed_by, at, state, decided_by, decided_at, note, note_key)
                VALUES (\(entry.id), \(entry.sequence), \(number), \(text("docket")), \(text("agency")), \(amount("amount")), \(text("day")),
                    \(inner("reference")), \(inner("row-of")), \(entry.inner?["ordinal"]?.integer ?? 1),
                    \(String(decoding: (entry.inner?["said"] ?? [:]).canonical, as: UTF8.self)), \(entry.personal?["text"]?.string ?? Self.erased),
                    \(reason()), \(key),
                    \(entry.actor.account?.description ?? ""), \(entry.at), 'open', '', 0, '', '')
                """
            )
        case "payment.proposal-declined":
            try transaction.execute(
                """
                UPDATE recording_proposal SET state = 'declined', decided_by = \(entry.actor.account?.description ?? ""), decided_at = \(entry.at),
                    note = \(reason()), note_key = \(key)
                WHERE entry = \(text("proposal"))
                """
            )
        case "payment.proposal-retracted":
            try transaction.execute(
                """
                UPDATE recording_proposal SET state = 'retracted', decided_by = \(entry.actor.account?.description ?? ""), decided_at = \(entry.at)
                WHERE entry = \(text("proposal"))
                """
            )
        case "payment.told-again":
            try transaction.execute(
                """
                INSERT INTO told_again (entry, reference, receipt, bill, docket, agency, amount, at, told, note, note_key, closed_by, closed_at)
                VALUES (\(entry.id), \(inner("reference")), \(text("receipt")), \(number), \(text("docket")), \(text("agency")),
                    \(amount("amount")), \(entry.at), \(inner("told")), '', '', '', 0)
                """
            )
        case "payment.told-again-closed":
            try transaction.execute(
                """
                UPDATE told_again SET note = \(reason()), note_key = \(key), closed_by = \(entry.actor.account?.description ?? ""), closed_at = \(entry.at)
                WHERE entry = \(text("closes"))
                """
            )
        case "payment.identified":
            // The bank has told of it: nobody doubts any more that the money came for this bill.
            try transaction.execute("UPDATE payment SET reference = \(inner("reference")), doubt = '' WHERE receipt = \(text("receipt"))")
        case "payment.doubted":
            try transaction.execute(
                """
                UPDATE payment SET doubt = \(reason()), doubt_key = \(key), doubted_by = \(entry.actor.account?.description ?? ""),
                    doubted_at = \(entry.at)
                WHERE receipt = \(text("receipt"))
                """
            )
        case "payment.doubt-declined": try transaction.execute("UPDATE payment SET doubt = '' WHERE receipt = \(text("receipt"))")
        case "payment.reversed", "payment.corrected":
            let isCorrected = entry.kind == "payment.corrected"
            try transaction.execute("UPDATE payment SET is_reversed = 1 WHERE receipt = \(text("receipt"))")
            if facts["not-there"]?.bool == true {
                // It keeps the bank's name. Who said that its money is there was wrong.
                try transaction.execute("UPDATE payment SET is_not_there = 1 WHERE receipt = \(text("receipt"))")
                try transaction.execute("UPDATE stray_reversal SET state = 'booked' WHERE receipt = \(text("receipt"))")
            } else if !isCorrected {
                try transaction.execute("UPDATE stray_reversal SET state = 'booked' WHERE receipt = \(text("receipt")) AND state <> 'here'")
            } else {
                // That two people said its money is there falls with it.
                try transaction.execute(
                    """
                    UPDATE stray_reversal SET state = 'open', note = '', note_key = '', settled_by = '', settled_at = 0
                    WHERE receipt = \(text("receipt")) AND state = 'here' AND note = \(Self.recordedAs(text("receipt")))
                    """
                )
                try transaction.execute(
                    """
                    UPDATE told_again SET note = '', closed_by = '', closed_at = 0
                    WHERE bill = \(number) AND note = \(Self.recordedAs(text("receipt")))
                    """
                )
                // Its row of the statement is free to be recorded elsewhere, and what the bank took back of it goes with the row.
                try transaction.execute("UPDATE stray_reversal SET receipt = '' WHERE receipt = \(text("receipt"))")
                try transaction.execute(
                    """
                    UPDATE payment SET freed = reference, reference = \(Fees.statement + text("receipt")) WHERE receipt = \(text("receipt"))
                    """
                )
            }
            try transaction.execute(
                "UPDATE bill SET paid = paid - \(amount("toward")), excess = excess - \(amount("beyond")) WHERE number = \(number)"
            )
            try move(isCorrected ? .corrected : .reversed, entry, in: transaction)
        case "refund.ordered":
            try transaction.execute(
                """
                INSERT INTO refund (id, bill, docket, agency, amount, method, ground, ordered_by, ordered_at, state, reference)
                VALUES (\(text("order")), \(number), \(text("docket")), \(text("agency")), \(amount("amount")), \(text("method")),
                    \(inner("ground")), \(entry.actor.account?.description ?? ""), \(entry.at), 'ordered', '')
                """
            )
            try transaction.execute("UPDATE bill SET pending = pending + \(amount("amount")) WHERE number = \(number)")
        case "refund.withdrawn":
            try transaction.execute(
                "UPDATE refund SET state = 'withdrawn', undone = \(reason()), undone_key = \(key) WHERE id = \(text("order"))"
            )
            try transaction.execute("UPDATE bill SET pending = pending - \(amount("amount")) WHERE number = \(number)")
        case "refund.carried":
            try transaction.execute(
                """
                UPDATE refund SET state = 'carried', receipt = \(text("receipt")), carried_at = \(entry.at),
                    reference = \(inner("reference")), slip_day = \(text("slip-day"))
                WHERE id = \(text("order"))
                """
            )
            let pending = facts["was-withdrawn"]?.bool == true ? 0 : amount("amount")
            try transaction.execute(
                "UPDATE bill SET pending = pending - \(pending), excess = excess - \(amount("amount")) WHERE number = \(number)"
            )
            try move(.refunded, entry, in: transaction)
        case "refund.returned":
            try transaction.execute(
                "UPDATE refund SET state = 'returned', undone = \(reason()), undone_key = \(key) WHERE id = \(text("order"))"
            )
            try transaction.execute("UPDATE bill SET excess = excess + \(amount("amount")) WHERE number = \(number)")
            try move(.returned, entry, in: transaction)
        case "bank.reversal-unknown":
            try transaction.execute(
                """
                INSERT INTO stray_reversal (entry, reference, receipt, bill, docket, agency, amount, at, note, told, state)
                VALUES (\(entry.id), \(inner("reference")), \(text("receipt")), \(inner("bill")), \(text("docket")), \(text("agency")), \(amount("amount")),
                    \(entry.at), '', \(inner("told")), \(facts["booked"]?.bool == true ? "booked" : "open"))
                """
            )
        case "bank.reversal-settled":
            // Before 2026-12 nobody said whether the money is there: it was taken for gone.
            let state = facts["here"]?.bool == true ? "here" : "gone"
            try transaction.execute(
                """
                UPDATE stray_reversal SET note = \(reason()), note_key = \(key), state = CASE WHEN state = 'booked' THEN state ELSE \(state) END
                WHERE entry = \(text("settles"))
                """
            )
            try transaction.execute(
                """
                INSERT INTO undoing_saying (entry, seq, settles, is_here, note, note_key, said_by, at)
                VALUES (\(entry.id), \(entry.sequence), \(text("settles")), \(state == "here" ? 1 : 0), \(reason()), \(key),
                    \(entry.actor.account?.description ?? ""), \(entry.at))
                """
            )
            guard facts["here"] != nil else { break }
            try transaction.execute(
                """
                UPDATE stray_reversal SET settled_by = \(entry.actor.account?.description ?? ""), settled_at = \(entry.at)
                WHERE entry = \(text("settles"))
                """
            )
        case "cash.handed-over": try move(.handedOver, entry, in: transaction)
        case "cash.closed":
            try transaction.execute(
                """
                INSERT INTO cash_closing (day, cashier, agency, opening, taken, given_back, handed_over, counted, reason, at,
                    counted_by, witness, left_because)
                VALUES (\(facts["closes"]?.string ?? text("day")), \(cashier ?? ""), \(text("agency")), \(amount("opening")),
                    \(amount("taken")), \(amount("given_back")), \(amount("handed_over")), \(amount("counted")),
                    \(inner("reason")), \(entry.at), \(inner("witness").isEmpty ? "" : entry.actor.account?.description ?? ""),
                    \(inner("witness")), \(inner("left")))
                """
            )
            try move(.closed, entry, in: transaction)
            try transaction.execute(
                """
                UPDATE movement SET is_open = 0 WHERE is_open = 1
                    AND day <= (SELECT MAX(cash_closing.day) FROM cash_closing WHERE cash_closing.cashier = movement.cashier)
                """
            )
        default: return
        }
        try post(entry, number, in: transaction)
    }

    /// What is said of a question that a recording answers.
    private static func recordedAs(_ receipt: String) -> String { "tercatat \(receipt)" }

    /// What the recording of a proposal decides: that its money is there, whatever the bank said.
    private func decide(_ entry: Entry, in transaction: Transaction) throws {
        let head = entry.actor.account?.description ?? ""
        let note = Self.recordedAs(entry.facts["receipt"]?.string ?? "")
        func entries(_ name: String) -> [String] { (entry.facts[name]?.array ?? []).compactMap(\.string) }
        try transaction.execute(
            """
            UPDATE recording_proposal SET state = 'recorded', decided_by = \(head), decided_at = \(entry.at)
            WHERE entry = \(entry.facts["proposal"]?.string ?? "")
            """
        )
        for overruled in entries("overruled") {
            try transaction.execute(
                """
                UPDATE stray_reversal SET state = 'here', note = \(note), note_key = '', settled_by = \(head), settled_at = \(entry.at)
                WHERE entry = \(overruled)
                """
            )
        }
        for answered in entries("answers") {
            try transaction.execute(
                "UPDATE told_again SET note = \(note), closed_by = \(head), closed_at = \(entry.at) WHERE entry = \(answered)"
            )
        }
    }

    /// What an entry did to the tills and to the city's account.
    private func move(_ kind: Movement.Kind, _ entry: Entry, in transaction: Transaction) throws {
        let facts = entry.facts
        func sum(_ account: String) -> Int64 {
            (facts["money"]?.array ?? []).reduce(0) { $1["account"]?.string == account ? $0 + ($1["amount"]?.integer ?? 0) : $0 }
        }
        let number = entry.stream.hasPrefix("bill/") ? String(entry.stream.dropFirst("bill/".count)) : ""
        // Cash that no closing has counted.
        let cashier = entry.inner?["cashier"]?.string ?? entry.actor.account?.description
        let isOpen = kind != .closed && sum("cash") != 0 && cashier != nil
        try transaction.execute(
            """
            INSERT INTO movement (entry, day, at, kind, method, agency, cashier, cash, bank, receipt, bill, docket, reference,
                slip_day, is_open)
            VALUES (\(entry.id), \(facts["day"]?.string ?? ""), \(entry.at), \(kind.rawValue), \(facts["method"]?.string ?? "cash"),
                \(facts["agency"]?.string ?? ""), \(cashier), \(sum("cash")), \(sum("bank")),
                \(facts["receipt"]?.string ?? ""), \(number), \(facts["docket"]?.string ?? ""), \(entry.inner?["reference"]?.string ?? ""),
                \(facts["slip-day"]?.string ?? ""), \(isOpen ? 1 : 0))
            """
        )
    }

    private func post(_ entry: Entry, _ number: String, in transaction: Transaction) throws {
        let agency = entry.facts["agency"]?.string ?? ""
        for (line, posting) in (entry.facts["money"]?.array ?? []).enumerated() {
            let (account, amount) = (posting["account"]?.string ?? "", posting["amount"]?.integer ?? 0)
            try transaction.execute(
                """
                INSERT INTO money (entry, line, account, agency, bill, day, amount)
                VALUES (\(entry.id), \(line), \(account), \(agency), \(number.isEmpty ? String?.none : number),
                    \(entry.facts["day"]?.string ?? ""), \(amount))
                """
            )
            try transaction.execute(
                """
                INSERT INTO money_balance (agency, account, amount) VALUES (\(agency), \(account), \(amount))
                ON CONFLICT (agency, account) DO UPDATE SET amount = money_balance.amount + excluded.amount
                """
            )
        }
    }
}
