// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// The counter's cash and its daily closing.
extension Fees {
    /// A day of money: what came in by each way, and what the ledger says.
    public struct Day: Sendable {
        /// The day.
        public let date: CivilDate
        /// Payments of the day, oldest first.
        public let payments: [Payment]
        /// Cash that an officer took and has not closed, in rupiah.
        public let openCash: Int
        /// The officer's closing of the day.
        public let closing: (counted: Int, recorded: Int, reason: String)?
        /// The balance of every account of the ledger, in rupiah; together nought.
        public let balances: [(account: String, amount: Int)]
        /// Bills with money to be given back.
        public let excesses: [Bill]
    }

    /// A day as a treasurer sees it.
    public func day(_ date: CivilDate, of officer: Officer) async throws -> Day {
        try await journal.read { snapshot in
            Day(
                date: date,
                payments: try snapshot.rows("SELECT \(Payment.columns) FROM payment WHERE day = \(date) ORDER BY at, receipt") {
                    try Payment($0)
                },
                openCash: try Self.cash(of: officer, on: date, in: snapshot),
                closing: try snapshot.find(
                    "SELECT counted, recorded, reason FROM cash_closing WHERE day = \(date) AND cashier = \(officer.account.description)"
                ) { (try $0(0), try $0(1), try $0(2)) },
                balances: try Self.balances(in: snapshot),
                excesses: try snapshot.rows("SELECT \(Bill.columns) FROM bill WHERE excess > 0 ORDER BY issued_at LIMIT 100") {
                    try Bill($0)
                }
            )
        }
    }

    /// The balance of every account, in rupiah. Together they are nought; anything else is a fault of the program.
    public static func balances(in snapshot: Snapshot) throws -> [(account: String, amount: Int)] {
        try snapshot.rows("SELECT account, CAST(SUM(amount) AS INTEGER) FROM money GROUP BY account ORDER BY account") {
            (account: try $0(0, as: String.self), amount: try $0(1, as: Int.self))
        }
    }

    private static func cash(of officer: Officer, on date: CivilDate, in snapshot: Snapshot) throws -> Int {
        try snapshot.count(
            """
            SELECT CAST(COALESCE(SUM(amount), 0) AS INTEGER) FROM payment
            WHERE day = \(date) AND method = 'cash' AND cashier = \(officer.account.description)
            """
        )
    }

    /// Whether an account's cash of a day is closed.
    private static func isClosed(_ account: Identifier, on day: CivilDate, in snapshot: Snapshot) throws -> Bool {
        try snapshot.count("SELECT count(*) FROM cash_closing WHERE day = \(day) AND cashier = \(account.description)") > 0
    }

    /// Refuses cash from somebody who has closed the day: it would be in no closing.
    func requireOpenCash(of actor: Actor, in act: Act) throws {
        guard let account = actor.account, try Self.isClosed(account, on: act.now.date(in: zone), in: act.snapshot) else { return }
        throw Problem(
            "cash.closed",
            .conflict,
            Text(id: "Kas Anda hari ini sudah ditutup", en: "Your cash of today is closed"),
            remedy: Text(id: "Minta rekan menerimanya, atau terima besok.", en: "Ask a colleague to take it, or take it tomorrow.")
        )
    }

    /// Closes an officer's cash of a day: what was counted goes to the bank, and what is missing or too much is recorded with its
    /// reason. Once for each day, on the day or later.
    public func closeCash(of day: CivilDate? = nil, counted: Int, reason: String, by officer: Officer) async throws {
        guard officer.roles.contains(.treasurer) else { throw Self.treasurerOnly }
        try await journal.commit { act in
            let now = act.now.date(in: zone)
            let today = min(day ?? now, now)
            let recorded = try Self.cash(of: officer, on: today, in: act.snapshot)
            guard try !Self.isClosed(officer.account, on: today, in: act.snapshot) else {
                throw Problem(
                    "cash.closed-before",
                    .conflict,
                    Text(id: "Kas hari itu sudah ditutup", en: "That day’s cash is closed already")
                )
            }
            guard counted >= 0, counted <= 1_000_000_000_000 else {
                throw Problem.fields([Problem.Field("counted", Text(id: "Tulis jumlah uang yang dihitung", en: "Write the amount counted"))]
                )
            }
            guard counted == recorded || !reason.isEmpty else {
                throw Problem.fields([
                    Problem.Field(
                        "reason",
                        Text(
                            id: "Selisih Rp\(Language.indonesian.number(abs(counted - recorded))): tulis sebabnya",
                            en: "A difference of Rp\(Language.english.number(abs(counted - recorded))): write why"
                        )
                    )
                ])
            }
            try act.append(
                "cash.closed",
                to: "cash/\(officer.account)",
                by: officer.actor,
                facts: [
                    "day": .string(today.description), "counted": JSON(counted), "recorded": JSON(recorded),
                    "money": Self.postings([("cash", -recorded), ("bank", counted), ("difference", recorded - counted)]),
                ],
                inner: ["reason": .string(String(reason.prefix(300)))]
            )
        }
    }

    /// Payments of a span of days as CSV rows, for the books and for comparing with the bank's statement.
    public func csv(from: CivilDate, until: CivilDate) async throws -> String {
        let payments = try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT \(Payment.columns) FROM payment WHERE day >= \(from) AND day <= \(until) ORDER BY at, receipt"
            ) { try Payment($0) }
        }
        let rows = payments.map {
            [$0.receipt, $0.bill, $0.docket, String($0.amount), $0.method.rawValue, $0.at.rfc3339(in: zone), $0.reference]
        }
        return ([["receipt", "bill", "docket", "amount", "method", "at", "reference"]] + rows).map(CSVWriter.record).joined()
    }
}
