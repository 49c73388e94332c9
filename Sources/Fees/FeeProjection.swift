// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// Bills, payments and the ledger of money, worked out from entries.
public struct FeeProjection: Projection {
    /// The tables of money.
    public static let migrations = [
        Migration(
            "20261125-a-fees",
            """
            CREATE TABLE bill (
                number TEXT NOT NULL PRIMARY KEY,
                docket TEXT NOT NULL,
                amount INTEGER NOT NULL,
                paid INTEGER NOT NULL,
                excess INTEGER NOT NULL,
                is_cancelled INTEGER NOT NULL,
                issued_at INTEGER NOT NULL,
                due TEXT NOT NULL,
                lines TEXT NOT NULL
            );
            CREATE INDEX bill_docket ON bill (docket);
            CREATE INDEX bill_excess ON bill (excess) WHERE excess > 0;
            CREATE TABLE payment (
                reference TEXT NOT NULL PRIMARY KEY,
                receipt TEXT NOT NULL UNIQUE,
                bill TEXT NOT NULL,
                docket TEXT NOT NULL,
                amount INTEGER NOT NULL,
                method TEXT NOT NULL,
                at INTEGER NOT NULL,
                day TEXT NOT NULL,
                cashier TEXT
            );
            CREATE INDEX payment_day ON payment (day, method);
            CREATE INDEX payment_bill ON payment (bill);
            CREATE TABLE money (
                entry TEXT NOT NULL,
                line INTEGER NOT NULL,
                account TEXT NOT NULL,
                bill TEXT,
                day TEXT NOT NULL,
                amount INTEGER NOT NULL,
                PRIMARY KEY (entry, line)
            );
            CREATE INDEX money_account ON money (account, day);
            CREATE TABLE cash_closing (
                day TEXT NOT NULL,
                cashier TEXT NOT NULL,
                counted INTEGER NOT NULL,
                recorded INTEGER NOT NULL,
                reason TEXT NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (day, cashier)
            );
            """
        )
    ]

    /// The tables that replay fills.
    public let tables: [SchemaName] = ["bill", "payment", "money", "cash_closing"]

    /// The projection.
    public init() {}

    /// Brings the tables up to date with one entry.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {
        guard entry.stream.hasPrefix("bill/") || entry.stream.hasPrefix("cash/") else { return }
        let facts = entry.facts
        let number = String(entry.stream.dropFirst("bill/".count))
        switch entry.kind {
        case "bill.issued":
            try transaction.execute(
                """
                INSERT INTO bill (number, docket, amount, paid, excess, is_cancelled, issued_at, due, lines)
                VALUES (\(number), \(facts["docket"]?.string ?? ""), \(facts["amount"]?.integer ?? 0), 0, 0, 0, \(entry.at),
                    \(facts["due"]?.string ?? ""), \(String(decoding: (facts["lines"] ?? []).canonical, as: UTF8.self)))
                """
            )
        case "payment.received":
            try transaction.execute(
                """
                INSERT INTO payment (reference, receipt, bill, docket, amount, method, at, day, cashier)
                VALUES (\(entry.inner?["reference"]?.string ?? entry.id), \(facts["receipt"]?.string ?? entry.id), \(number),
                    \(facts["docket"]?.string ?? ""), \(facts["amount"]?.integer ?? 0), \(facts["method"]?.string ?? ""), \(entry.at),
                    \(facts["day"]?.string ?? ""), \(entry.actor.account?.description))
                """
            )
            try transaction.execute(
                """
                UPDATE bill SET paid = paid + \(facts["toward"]?.integer ?? 0), excess = excess + \(facts["beyond"]?.integer ?? 0)
                WHERE number = \(number)
                """
            )
        case "payment.refunded":
            try transaction.execute("UPDATE bill SET excess = excess - \(facts["amount"]?.integer ?? 0) WHERE number = \(number)")
        case "bill.cancelled":
            try transaction.execute("UPDATE bill SET is_cancelled = 1, excess = excess + paid, paid = 0 WHERE number = \(number)")
        case "cash.closed":
            try transaction.execute(
                """
                INSERT INTO cash_closing (day, cashier, counted, recorded, reason, at)
                VALUES (\(facts["day"]?.string ?? ""), \(entry.actor.account?.description ?? ""), \(facts["counted"]?.integer ?? 0),
                    \(facts["recorded"]?.integer ?? 0), \(entry.inner?["reason"]?.string ?? ""), \(entry.at))
                """
            )
        default: return
        }
        for (line, posting) in (facts["money"]?.array ?? []).enumerated() {
            try transaction.execute(
                """
                INSERT INTO money (entry, line, account, bill, day, amount)
                VALUES (\(entry.id), \(line), \(posting["account"]?.string ?? ""),
                    \(entry.stream.hasPrefix("bill/") ? number : String?.none), \(facts["day"]?.string ?? ""), \(posting["amount"]?.integer ?? 0))
                """
            )
        }
    }
}
