// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// The day of money and the tills of the counters, as whoever may see them sees them.
extension Fees {
    /// The agency whose money somebody sees; nil for everybody's.
    ///
    /// - Throws: a problem where they see none.
    public static func scope(of officer: Officer) throws -> String? {
        if !officer.roles.isDisjoint(with: [.auditor, .supervisor]) { return nil }
        // The head answers for the agency’s money (PP 12/2019 art. 139).
        guard !officer.roles.isDisjoint(with: [.treasurer, .head]) else { throw treasurerOnly }
        return officer.agency
    }

    /// Whether somebody sees money: an agency's or everybody's.
    public static func seesMoney(_ officer: Officer) -> Bool {
        // `try?` would make one of “everybody’s” and “none”.
        do { _ = try scope(of: officer) } catch { return false }
        return true
    }

    /// Lines of a page of a list.
    static let pageSize = 100

    /// Where the page of a list begins, and how many pages the longest has.
    private struct Pages {
        let wanted: Int
        var most = 1

        mutating func offset(of total: Int) -> Int {
            let last = max(1, (total + Fees.pageSize - 1) / Fees.pageSize)
            most = max(most, last)
            return (min(wanted, last) - 1) * Fees.pageSize
        }
    }

    /// The entries of bills, each bill read once: lists name a bill more than once.
    private final class BillEntries {
        private let read: (String) throws -> [Entry]
        private var known: [String: [Entry]] = [:]

        init(_ read: @escaping (String) throws -> [Entry]) { self.read = read }

        func callAsFunction(_ bill: String) throws -> [Entry] {
            if let entries = known[bill] { return entries }
            let entries = try read(bill)
            known[bill] = entries
            return entries
        }
    }

    /// A day as somebody may see it.
    ///
    /// - Parameter page: which page of the lists that have several.
    public func day(_ date: CivilDate, of officer: Officer, page: PageNumber = .first) async throws -> Day {
        let agency = try Self.scope(of: officer)
        let own: SQL = agency.map { "AND agency = \($0)" } ?? ""
        let since = journal.clock.now.adding(seconds: -90 * 86_400)
        // Where money goes is for those who give it, not for those who look on.
        let givers = officer.roles.isDisjoint(with: [.head, .treasurer]) ? nil : officer.agency
        @Sendable func sees(_ agency: String) -> Bool { agency == givers }
        return try await journal.read { snapshot in
            let closings = try Self.closings(date...date, of: agency, in: snapshot)
            let today = journal.clock.now.date(in: zone)
            let ownMovements: SQL = agency.map { "AND m.agency = \($0)" } ?? ""
            let entries = BillEntries { try journal.entries(of: "bill/\($0)", in: snapshot) }
            var pages = Pages(wanted: page.number)
            let late = try lateTills(of: agency, on: today, in: snapshot)
            let lateOffset = pages.offset(of: late.count)
            let strayOffset = pages.offset(of: try Self.strayCount(of: agency, in: snapshot))
            let settledOffset = pages.offset(of: try Self.settledStrayCount(of: agency, since: since, in: snapshot))
            let doubtOffset = pages.offset(of: try Self.doubtCount(of: agency, in: snapshot))
            let proposalOffset = pages.offset(of: try Self.proposalCount(of: agency, in: snapshot))
            let againOffset = pages.offset(of: try Self.toldAgainCount(of: agency, in: snapshot))
            let excess: SQL = "FROM bill WHERE excess <> pending \(own)"
            let excessOffset = pages.offset(of: try snapshot.count("SELECT count(*) \(excess)"))
            let open: SQL = "FROM refund WHERE state = 'ordered' \(own)"
            let openOffset = pages.offset(of: try snapshot.count("SELECT count(*) \(open)"))
            let ended: SQL = "FROM refund WHERE state <> 'ordered' AND ordered_at > \(since) \(own)"
            let endedCount = try snapshot.count("SELECT count(*) \(ended)")
            let endedOffset = pages.offset(of: endedCount)
            return Day(
                date: date,
                movements: try snapshot.rows(
                    """
                    SELECT \(Movement.columns) FROM \(Movement.source)
                    WHERE m.day = \(date) \(ownMovements) ORDER BY m.at, m.entry LIMIT 1000
                    """
                ) { try Movement($0) },
                movementCount: try snapshot.count("SELECT count(*) FROM movement m WHERE m.day = \(date) \(ownMovements)"),
                totals: try Self.totals(of: agency, on: date, in: snapshot),
                page: (number: min(page.number, pages.most), of: pages.most),
                till: try Self.till(of: officer.account, on: date, in: snapshot),
                undeposited: try Self.undeposited(of: officer.account, on: today, in: snapshot),
                closings: closings,
                witnesses: late.contains { $0.left != nil } ? try Self.witnesses(for: officer, in: snapshot) : [],
                closing: closings.first { $0.account == officer.account.description },
                differences: try Self.closings(today.adding(days: -90)...today, of: agency, onlyDiffering: true, in: snapshot),
                late: Array(late.dropFirst(lateOffset).prefix(Self.pageSize)),
                balances: try Self.balances(of: agency, in: snapshot),
                excesses: try snapshot.rows(
                    "SELECT \(Bill.columns) \(excess) ORDER BY issued_at, number LIMIT \(Self.pageSize) OFFSET \(excessOffset)"
                ) { try Bill($0) }.map { bill in
                    Excess(
                        bill: bill,
                        since: Self.excess(in: try entries(bill.number))?.date(in: zone),
                        account: sees(bill.agency) ? Self.wish(in: try entries(bill.number)) : nil,
                        mayBeTwice: try mayBeTwice(bill, by: try entries(bill.number), in: snapshot)
                    )
                },
                strays: try Self.strays(of: agency, from: strayOffset, in: snapshot),
                settledStrays: try Self.settledStrays(of: agency, since: since, from: settledOffset, in: snapshot),
                doubts: try Self.doubts(of: agency, from: doubtOffset, in: snapshot),
                proposals: try proposals(of: agency, from: proposalOffset, in: snapshot),
                toldAgain: try Self.toldAgain(of: agency, from: againOffset, in: snapshot),
                orders: try snapshot.rows(
                    "SELECT \(Refund.columns) \(open) ORDER BY ordered_at, id LIMIT \(Self.pageSize) OFFSET \(openOffset)"
                ) { try Refund($0) }.map { refund in
                    (
                        refund: refund, account: sees(refund.agency) ? Self.account(of: refund, in: try entries(refund.bill)) : nil,
                        isCovered: try (Self.find(refund.bill, in: snapshot)?.returnable ?? 0) >= 0
                    )
                },
                ended: try snapshot.rows(
                    "SELECT \(Refund.columns) \(ended) ORDER BY ordered_at DESC, id LIMIT \(Self.pageSize) OFFSET \(endedOffset)"
                ) { try Refund($0) }.map { refund in
                    (refund: refund, account: sees(refund.agency) ? Self.account(of: refund, in: try entries(refund.bill)) : nil)
                },
                endedCount: endedCount
            )
        }
    }

    /// How many bills wait for the head, since an order is missing, goes beyond the money or a recording is doubted or proposed, how many
    /// orders for the treasury, how many tills for their deposit, what banks took back that is in no book, and what they told of again, as
    /// somebody may see them; whoever has to act on bills and orders, of their own agency.
    public func waiting(for officer: Officer) async throws -> (bills: Int, orders: Int, tills: Int, strays: Int, again: Int) {
        let agency = try Self.scope(of: officer)
        let acts = !officer.roles.isDisjoint(with: [.head, .treasurer])
        let own: SQL = (acts ? officer.agency : agency).map { "AND agency = \($0)" } ?? ""
        return try await journal.read {
            (
                bills: try $0.count("SELECT count(*) FROM bill WHERE excess <> pending AND (excess > pending OR pending > 0) \(own)")
                    + Self.doubtCount(of: acts ? officer.agency : agency, in: $0)
                    + Self.proposalCount(of: acts ? officer.agency : agency, in: $0),
                orders: try $0.count("SELECT count(*) FROM refund WHERE state = 'ordered' \(own)"),
                tills: try lateTills(of: agency, on: journal.clock.now.date(in: zone), in: $0).count,
                strays: try Self.strayCount(of: agency, in: $0),
                again: try Self.toldAgainCount(of: agency, in: $0)
            )
        }
    }

    /// The balance of every account, in rupiah, of an agency or of all. Together they are nought; anything else is a fault of the
    /// program.
    public static func balances(of agency: String? = nil, in snapshot: Snapshot) throws -> [(account: String, amount: Int)] {
        let own: SQL = agency.map { "WHERE agency = \($0)" } ?? ""
        return try snapshot.rows("SELECT account, CAST(SUM(amount) AS BIGINT) FROM money_balance \(own) GROUP BY account ORDER BY account")
        {
            (account: try $0(0, as: String.self), amount: try $0(1, as: Int.self))
        }
    }

    static func till(of account: Identifier, on date: CivilDate, in snapshot: Snapshot) throws -> Till {
        let closed = try lastClosing(of: account, in: snapshot)
        var till = Till()
        // What lies before a closing was counted by it.
        let rows = try snapshot.rows(
            """
            SELECT kind, CASE WHEN day < \(date) THEN 1 ELSE 0 END, CAST(SUM(cash) AS BIGINT) FROM movement
            WHERE cashier = \(account.description) AND cash <> 0 AND day <= \(date) AND kind <> 'closed'
                AND day > \(closed?.description ?? "") GROUP BY 1, 2
            """
        ) { (kind: try $0(0, as: String.self), isEarlier: try $0(1, as: Int.self) == 1, cash: try $0(2, as: Int.self)) }
        for row in rows {
            if row.isEarlier {
                till.opening += row.cash
            } else if row.kind == Movement.Kind.received.rawValue {
                till.taken += row.cash
            } else if row.kind == Movement.Kind.handedOver.rawValue {
                till.handedOver -= row.cash
            } else {
                till.givenBack -= row.cash
            }
        }
        return till
    }

    private static func totals(of agency: String?, on date: CivilDate, in snapshot: Snapshot) throws -> [Payment.Method: Int] {
        let own: SQL = agency.map { "AND agency = \($0)" } ?? ""
        let sums = try snapshot.rows(
            """
            SELECT method, CAST(SUM(cash + bank) AS BIGINT) FROM movement
            WHERE day = \(date) AND kind NOT IN ('handed-over', 'closed') \(own) GROUP BY method
            """
        ) { (Payment.Method(rawValue: try $0(0)) ?? .cash, try $0(1, as: Int.self)) }
        return Dictionary(sums, uniquingKeysWith: +)
    }

    /// When money of a bill came to be ordered back, or to be asked for again; nil where none of its entries says.
    private static func excess(in entries: [Entry]) -> Instant? {
        entries.last {
            switch $0.kind {
            case "bill.cancelled", "payment.reversed", "payment.corrected", "refund.withdrawn", "refund.returned": true
            case "payment.received": ($0.facts["beyond"]?.integer ?? 0) > 0
            default: false
            }
        }?.at
    }

    /// Cash since the last closing, by till and day, oldest day first: what came, and what went out.
    private static func openCash(_ whose: SQL, in snapshot: Snapshot) throws -> [OpenCash] {
        try snapshot.rows(
            """
            SELECT account.id, number, name, movement.agency, is_disabled, day,
                CAST(SUM(CASE WHEN cash > 0 THEN cash ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN cash < 0 THEN -cash ELSE 0 END) AS BIGINT)
            FROM movement JOIN account ON account.id = movement.cashier
            WHERE is_open = 1 AND \(whose) GROUP BY account.id, number, name, movement.agency, is_disabled, day ORDER BY day, number
            """
        ) {
            OpenCash(
                till: .init(account: try $0(0), number: try $0(1), name: try $0(2), agency: try $0(3), isLeft: try $0(4)),
                day: try $0(5),
                came: try $0(6),
                went: try $0(7)
            )
        }
    }

    private struct OpenCash {
        struct Till: Hashable {
            let account: String
            let number: Int
            let name: String
            let agency: String
            let isLeft: Bool
        }

        let till: Till
        let day: CivilDate
        let came: Int
        let went: Int

        /// What of the cash of days before one still lies there, and since when: what goes out is taken from the oldest.
        static func left(of rows: [OpenCash], before day: CivilDate) -> (amount: Int, since: CivilDate)? {
            let went = rows.reduce(0) { $0 + $1.went }
            var amount = -went
            var since: CivilDate?
            for row in rows where row.day < day {
                amount += row.came
                if amount > 0, since == nil { since = row.day }
            }
            return since.map { (amount, $0) }
        }
    }

    /// Tills with cash of the day before yesterday or older that was neither closed nor handed over since, and those that somebody left.
    private func lateTills(of agency: String?, on today: CivilDate, in snapshot: Snapshot) throws -> [LateTill] {
        let rows = try Self.openCash(agency.map { "movement.agency = \($0)" } ?? "1 = 1", in: snapshot)
        let late = try Dictionary(grouping: rows, by: \.till).compactMap { till, rows in
            // What somebody left is not waited for.
            try OpenCash.left(of: rows, before: today.adding(days: till.isLeft ? 1 : -1)).map {
                LateTill(
                    number: till.number,
                    name: till.name,
                    agency: till.agency,
                    amount: $0.amount,
                    since: $0.since,
                    left: till.isLeft ? try reasonLeft(till.account, in: snapshot) : nil
                )
            }
        }
        return late.sorted { ($0.since, $0.number, $0.agency) < ($1.since, $1.number, $1.agency) }
    }

    private static func undeposited(of account: Identifier, on today: CivilDate, in snapshot: Snapshot) throws -> Undeposited? {
        let rows = try openCash("account.id = \(account.description)", in: snapshot)
        guard let since = OpenCash.left(of: rows, before: today)?.since else { return nil }
        let handOver = try snapshot.find(
            "SELECT MAX(day) FROM movement WHERE cashier = \(account.description) AND kind = 'handed-over'"
        ) { CivilDate(try $0.optional(0) ?? "") }
        return Undeposited(since: since, closable: max(since, (handOver ?? nil) ?? since))
    }

    private static func closings(
        _ days: ClosedRange<CivilDate>,
        of agency: String?,
        onlyDiffering: Bool = false,
        in snapshot: Snapshot
    ) throws -> [Closing] {
        let own: SQL = agency.map { "AND cash_closing.agency = \($0)" } ?? ""
        let differing: SQL = onlyDiffering ? "AND counted <> opening + taken - given_back - handed_over" : ""
        return try snapshot.rows(
            """
            SELECT cash_closing.cashier, account.number, account.name, opening, taken, given_back, handed_over, counted, reason, reference, slip_day,
                cash_closing.day, cash_closing.agency, counter.number, witness.number, left_because
            FROM cash_closing LEFT JOIN account counter ON counter.id = cash_closing.counted_by
                LEFT JOIN account witness ON witness.id = cash_closing.witness
                LEFT JOIN account ON account.id = cash_closing.cashier
                LEFT JOIN movement ON kind = 'closed' AND movement.cashier = cash_closing.cashier AND movement.at = cash_closing.at
            WHERE cash_closing.day >= \(days.lowerBound) AND cash_closing.day <= \(days.upperBound) \(own) \(differing)
            ORDER BY cash_closing.day DESC, account.number, cash_closing.cashier LIMIT 1000
            """
        ) {
            Closing(
                day: try $0(11),
                account: try $0(0),
                number: try $0.optional(1),
                name: try $0.optional(2) ?? "",
                agency: try $0(12),
                till: Till(opening: try $0(3), taken: try $0(4), givenBack: try $0(5), handedOver: try $0(6)),
                counted: try $0(7),
                reason: try $0(8),
                slip: try $0.optional(9) ?? "",
                slipDay: CivilDate(try $0.optional(10) ?? ""),
                counter: try $0.optional(13),
                witness: try $0.optional(14),
                leftBecause: try $0(15)
            )
        }
    }
}
