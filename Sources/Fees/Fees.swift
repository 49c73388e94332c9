// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// Money that the city asks for, takes and gives back. Every entry posts lines to a ledger that add up to nought, so that at any
/// moment what came in is accounted for to the rupiah. Whoever is on the staff sees and moves only their own agency's money.
public struct Fees: Sendable {
    /// What money did to a case, told to whoever keeps the case within the same act.
    public enum Happening: Sendable {
        /// Nothing is owed for the bill any more.
        case settled(Bill)
        /// More came than is owed, to be given back, in rupiah.
        case excess(Bill, amount: Int)
        /// A bill that fell with its case was paid on a day when it could still be. Told before it is booked: whoever keeps the case
        /// says whether it goes on.
        case paidInTime(Bill)
        /// A payment of the bill, as that was before, was taken back by the bank.
        case reversed(Bill, amount: Int, isOwedAgain: Bool)
        /// A payment of the bill, as both were before, is booked out by the city, for the reason that is its doubt: it was recorded by
        /// mistake, or its money is not in the account.
        case corrected(Bill, Payment, isOwedAgain: Bool)
        /// Money will be given back to an account: the one that the applicant gave, or another.
        case ordered(Refund, to: Refund.Account, isOwn: Bool)
        /// An order was taken back, for a reason.
        case withdrawn(Refund, reason: String, isAccountWrong: Bool)
        /// Money was given back.
        case refunded(Refund)
        /// Money that was given back came back from the bank, for a reason.
        case returned(Refund, reason: String)
    }

    /// The one door for writes.
    public let journal: Journal
    let zone: TimeZoneOffset
    /// What else happens, in the same act; gives whether the case goes on with it.
    let happened: @Sendable (Act, Happening) throws -> Bool

    /// Fees of a city.
    public init(journal: Journal, zone: TimeZoneOffset, happened: @escaping @Sendable (Act, Happening) throws -> Bool) {
        self.journal = journal
        self.zone = zone
        self.happened = happened
    }

    /// A line of the ledger: an account and rupiah, plus or minus.
    static func posting(_ account: String, _ amount: Int) -> JSON { ["account": .string(account), "amount": JSON(amount)] }

    static func postings(_ lines: [(String, Int)]) -> JSON { .array(lines.filter { $0.1 != 0 }.map { posting($0.0, $0.1) }) }

    /// The name under which an act is done once: by the key of whoever sends it, or each time anew where there is none.
    func once(_ act: String, _ key: String?) -> String { "\(act):\(key ?? Identifier(at: journal.clock.now).description)" }

    /// Makes out a bill for a case, within the act that asks for it.
    ///
    /// - Returns: its number.
    public static func issue(
        docket: String,
        agency: String,
        lines: [Bill.Line],
        due: CivilDate,
        zone: TimeZoneOffset,
        by actor: Actor,
        in act: Act
    ) throws -> String {
        let amount = lines.compactMap(\.amount).reduce(0, +)
        let today = act.now.date(in: zone)
        var generator = SystemRandomNumberGenerator()
        var number = ""
        for _ in 0..<20 {
            number = Bill.newNumber(year: today.parts.year, using: &generator)
            if try act.snapshot.count("SELECT count(*) FROM bill WHERE number = \(number)") == 0 { break }
        }
        try act.append(
            "bill.issued",
            to: "bill/\(number)",
            by: actor,
            facts: [
                "docket": .string(docket), "agency": .string(agency), "amount": JSON(amount), "due": .string(due.description),
                "day": .string(today.description), "lines": .array(lines.map(\.json)),
                "money": postings([("receivable", amount), ("revenue", -amount)]),
            ]
        )
        return number
    }

    /// Takes a case's bills back, within the act that ends the case. What was paid becomes excess, to be given back.
    ///
    /// - Returns: how much that is, in rupiah.
    public static func cancel(docket: String, zone: TimeZoneOffset, by actor: Actor, in act: Act) throws -> Int {
        let bills = try bills(of: docket, in: act.snapshot).filter { !$0.isCancelled }
        for bill in bills {
            try act.append(
                "bill.cancelled",
                to: "bill/\(bill.number)",
                by: actor,
                facts: [
                    "docket": .string(docket), "agency": .string(bill.agency), "day": .string(act.now.date(in: zone).description),
                    "money": postings([("receivable", -bill.outstanding), ("revenue", bill.amount), ("excess", -bill.paid)]),
                ]
            )
        }
        return bills.reduce(0) { $0 + $1.paid }
    }

    /// Whether anything is owed for a case, by the applicant or by the city: a bill not paid, money to be given back.
    public static func isOwed(_ docket: String, in snapshot: Snapshot) throws -> Bool {
        try bills(of: docket, in: snapshot).contains { $0.outstanding > 0 || $0.excess != 0 || $0.pending != 0 }
    }

    /// A bill by its number; nil when there is none.
    public func find(_ number: String) async throws -> Bill? { try await journal.read { try Self.find(number, in: $0) } }

    static func find(_ number: String, in snapshot: Snapshot) throws -> Bill? {
        try snapshot.find("SELECT \(Bill.columns) FROM bill WHERE number = \(number)") { try Bill($0) }
    }

    static func require(_ number: String, in snapshot: Snapshot) throws -> Bill {
        guard let bill = try find(number, in: snapshot) else { throw noSuchBill }
        return bill
    }

    /// The bills of a case, oldest first.
    public static func bills(of docket: String, in snapshot: Snapshot) throws -> [Bill] {
        try snapshot.rows("SELECT \(Bill.columns) FROM bill WHERE docket = \(docket) ORDER BY issued_at, number") { try Bill($0) }
    }

    /// Payments of a bill, oldest first.
    public static func payments(of number: String, in snapshot: Snapshot) throws -> [Payment] {
        try snapshot.rows("SELECT \(Payment.columns) FROM payment WHERE bill = \(number) ORDER BY at, receipt") { try Payment($0) }
    }

    /// Bills by their numbers; what is none is left out.
    public func find(_ numbers: [String]) async throws -> [String: Bill] {
        guard !numbers.isEmpty else { return [:] }
        return try await journal.read { snapshot in
            let bills = try snapshot.rows("SELECT \(Bill.columns) FROM bill WHERE number IN \(in: numbers)") { try Bill($0) }
            return Dictionary(bills.map { ($0.number, $0) }, uniquingKeysWith: { one, _ in one })
        }
    }

    /// A payment by the number of its receipt.
    public func payment(receipt: String) async throws -> Payment? {
        try await journal.read { snapshot in
            try snapshot.find("SELECT \(Payment.columns) FROM payment WHERE receipt = \(receipt)") { try Payment($0) }
        }
    }

    /// The next number of a series of a year, without gaps: numbers are given within the act that uses them.
    static func nextNumber(_ series: String, _ year: Int, table: SchemaName, in snapshot: Snapshot) throws -> String {
        func text(_ number: Int) -> String { "\(series)-\(year)-\(number.padded(6))" }
        func isGiven(_ number: Int) throws -> Bool {
            try snapshot.count("SELECT count(*) FROM \(name: table) WHERE receipt = \(text(number))") > 0
        }
        // As long as all have six digits, text is sorted as numbers are.
        let last = try snapshot.find(
            "SELECT receipt FROM \(name: table) WHERE receipt >= \(text(0)) AND receipt <= \(text(999_999)) ORDER BY receipt DESC LIMIT 1"
        ) { Int(digits: try $0(0, as: String.self).suffix(6).utf8) ?? 0 }
        var given = last ?? 0
        guard given == 999_999 else { return text(given + 1) }
        // Beyond them it is not; but there are no gaps, so that the first that was not given is found by halves.
        var step = 1
        while try isGiven(given + step) {
            given += step
            step *= 2
        }
        while step > 1 {
            step /= 2
            if try isGiven(given + step) { given += step }
        }
        return text(given + 1)
    }

    /// Refuses an officer who is no treasurer of the agency whose money it is.
    static func requireTreasurer(_ officer: Officer, of agency: String) throws {
        guard officer.roles.contains(.treasurer) else { throw treasurerOnly }
        guard officer.agency == agency else { throw otherAgency }
    }

    /// Refuses an officer who is not head of the agency whose money it is.
    static func requireHead(_ officer: Officer, of agency: String) throws {
        guard officer.roles.contains(.head) else { throw headOnly }
        guard officer.agency == agency else { throw otherAgency }
    }

    /// There is no such bill.
    public static let noSuchBill = Problem(
        "bill.not-found",
        .notFound,
        Text(id: "Tagihan ini tidak ada", en: "There is no such bill"),
        remedy: Text(id: "Periksa 12 angkanya di halaman tagihan.", en: "Check its 12 digits on the page of the bill.")
    )

    /// Only a treasurer may do this.
    public static let treasurerOnly = Problem(
        "fees.treasurer-only",
        .forbidden,
        Text(id: "Hanya bendahara yang bisa melakukan ini", en: "Only the treasurer can do this")
    )

    /// Only the head of the agency may do this.
    public static let headOnly = Problem(
        "fees.head-only",
        .forbidden,
        Text(
            id: "Hanya kepala instansi, sebagai pengguna anggaran, yang memerintahkan pengembalian",
            en: "Only the head of the agency, who answers for its budget, orders money to be given back"
        ),
        remedy: Text(
            id: "Beri tahu kepala instansi; kelebihan bayarnya ada di halaman kas.",
            en: "Tell the head of the agency; what was paid too much stands on the cash page."
        )
    )

    /// The money is another agency’s.
    public static let otherAgency = Problem(
        "fees.other-agency",
        .forbidden,
        Text(id: "Tagihan ini milik instansi lain", en: "This bill is another agency’s"),
        remedy: Text(
            id: "Minta pembayar ke loket instansi itu, atau membayar lewat QRIS.",
            en: "Send the payer to that agency’s counter, or let them pay by QRIS."
        )
    )
}
