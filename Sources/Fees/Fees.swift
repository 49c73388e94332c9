// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// Money that the city asks for and takes. Every entry posts lines to a ledger that add up to nought, so that at any moment
/// what came in is accounted for to the rupiah.
public struct Fees: Sendable {
    /// The one door for writes.
    public let journal: Journal
    let zone: TimeZoneOffset
    /// What else happens, in the same act, once a bill is settled.
    private let settled: @Sendable (Act, Bill) throws -> Void

    /// Fees of a city.
    public init(journal: Journal, zone: TimeZoneOffset, settled: @escaping @Sendable (Act, Bill) throws -> Void) {
        self.journal = journal
        self.zone = zone
        self.settled = settled
    }

    /// A line of the ledger: an account and rupiah, plus or minus.
    static func posting(_ account: String, _ amount: Int) -> JSON { ["account": .string(account), "amount": JSON(amount)] }

    static func postings(_ lines: [(String, Int)]) -> JSON { .array(lines.filter { $0.1 != 0 }.map { posting($0.0, $0.1) }) }

    /// Makes out a bill for a case, within the act that asks for it.
    ///
    /// - Returns: its number.
    public static func issue(
        docket: String,
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
                "docket": .string(docket), "amount": JSON(amount), "due": .string(due.description), "day": .string(today.description),
                "lines": .array(lines.map(\.json)), "money": postings([("receivable", amount), ("revenue", -amount)]),
            ]
        )
        return number
    }

    /// Takes a case's bills back, within the act that ends the case. What was paid becomes excess, to be given back.
    public static func cancel(docket: String, zone: TimeZoneOffset, by actor: Actor, in act: Act) throws {
        for bill in try bills(of: docket, in: act.snapshot) where !bill.isCancelled {
            try act.append(
                "bill.cancelled",
                to: "bill/\(bill.number)",
                by: actor,
                facts: [
                    "docket": .string(docket), "day": .string(act.now.date(in: zone).description),
                    "money": postings([("receivable", -bill.outstanding), ("revenue", bill.amount), ("excess", -bill.paid)]),
                ]
            )
        }
    }

    /// A bill by its number; nil when there is none.
    public func find(_ number: String) async throws -> Bill? { try await journal.read { try Self.find(number, in: $0) } }

    static func find(_ number: String, in snapshot: Snapshot) throws -> Bill? {
        try snapshot.find("SELECT \(Bill.columns) FROM bill WHERE number = \(number)") { try Bill($0) }
    }

    /// The bills of a case, oldest first.
    public static func bills(of docket: String, in snapshot: Snapshot) throws -> [Bill] {
        try snapshot.rows("SELECT \(Bill.columns) FROM bill WHERE docket = \(docket) ORDER BY issued_at, number") { try Bill($0) }
    }

    /// Payments of a bill, oldest first.
    public static func payments(of number: String, in snapshot: Snapshot) throws -> [Payment] {
        try snapshot.rows("SELECT \(Payment.columns) FROM payment WHERE bill = \(number) ORDER BY at, receipt") { try Payment($0) }
    }

    /// A payment by the number of its receipt.
    public func payment(receipt: String) async throws -> Payment? {
        try await journal.read { snapshot in
            try snapshot.find("SELECT \(Payment.columns) FROM payment WHERE receipt = \(receipt)") { try Payment($0) }
        }
    }

    /// Takes money for a bill: all of it, a part, more than is owed, late, for a bill that was paid or taken back: nothing that
    /// came in is ever refused or lost. The same reference is taken once, however often it is told.
    ///
    /// - Returns: the payment, and whether it was known already.
    @discardableResult
    public func take(
        _ amount: Int,
        for number: String,
        by method: Payment.Method,
        reference: String,
        actor: Actor
    ) async throws -> (payment: Payment, isRepeat: Bool) {
        guard (1...1_000_000_000_000).contains(amount) else {
            throw Problem.fields([Problem.Field("amount", Text(id: "Tulis jumlah uang dalam rupiah", en: "Write an amount in rupiah"))])
        }
        let result = try await journal.commit { act -> (Payment, Bool) in
            if let known = try Self.payment(reference: reference, in: act.snapshot) {
                guard known.bill == number, known.amount == amount else { throw Self.otherPayment }
                return (known, true)
            }
            guard let bill = try Self.find(number, in: act.snapshot) else { throw Self.noSuchBill }
            if method == .cash { try requireOpenCash(of: actor, in: act) }
            let toward = min(amount, bill.outstanding)
            let beyond = amount - toward
            let today = act.now.date(in: zone)
            let year = today.parts.year
            let last = try act.snapshot.find(
                """
                SELECT receipt FROM payment WHERE receipt >= \("KW-\(year)-000000") AND receipt <= \("KW-\(year)-999999")
                ORDER BY receipt DESC LIMIT 1
                """
            ) { Int(try $0(0, as: String.self).suffix(6)) ?? 0 }
            let receipt = "KW-\(year)-\(((last ?? 0) + 1).padded(6))"
            try act.append(
                "payment.received",
                to: "bill/\(number)",
                by: actor,
                facts: .compact([
                    "docket": .string(bill.docket), "amount": JSON(amount), "toward": JSON(toward), "beyond": JSON(beyond),
                    "method": .string(method.rawValue), "receipt": .string(receipt),
                    "day": .string(today.description), "late": today > bill.due ? true : .null,
                    "money": Self.postings([(method.account, amount), ("receivable", -toward), ("excess", -beyond)]),
                ]),
                // The bank's name for a payment leads to who paid: it stays inside.
                inner: ["reference": .string(reference)]
            )
            if toward > 0, toward == bill.outstanding { try settled(act, bill) }
            let values: [Value] = [
                .text(receipt), .text(number), .text(bill.docket), .integer(Int64(amount)), .text(method.rawValue),
                .integer(act.now.milliseconds), .text(reference),
            ]
            return (try Payment(Row(values: values)), false)
        }
        return (payment: result.0, isRepeat: result.1)
    }

    private static func payment(reference: String, in snapshot: Snapshot) throws -> Payment? {
        try snapshot.find("SELECT \(Payment.columns) FROM payment WHERE reference = \(reference)") { try Payment($0) }
    }

    /// There is no such bill.
    public static let noSuchBill = Problem(
        "bill.not-found",
        .notFound,
        Text(id: "Tagihan ini tidak ada", en: "There is no such bill"),
        remedy: Text(id: "Periksa 12 angkanya di halaman tagihan.", en: "Check its 12 digits on the page of the bill.")
    )

    static let otherPayment = Problem(
        "payment.other",
        .conflict,
        Text(id: "Rujukan ini sudah dipakai untuk pembayaran lain", en: "This reference belongs to another payment")
    )

    /// Gives back what was paid beyond a bill, with a reason: an act of the treasurer.
    public func refund(
        _ number: String,
        amount: Int,
        method: Payment.Method,
        reason: String,
        key: String?,
        by officer: Officer
    ) async throws {
        guard officer.roles.contains(.treasurer) else { throw Self.treasurerOnly }
        guard !reason.isEmpty, reason.count <= 300 else {
            throw Problem.fields([Problem.Field("reason", Text(id: "Tulis alasannya", en: "Write the reason"))])
        }
        let content: JSON = ["amount": JSON(amount), "method": .string(method.rawValue), "reason": .string(reason)]
        try await journal.commit(once: "refund:\(number):\(key ?? Identifier(at: journal.clock.now).description)", of: content) { act in
            guard let bill = try Self.find(number, in: act.snapshot) else { throw Self.noSuchBill }
            guard (1...max(1, bill.excess)).contains(amount), bill.excess > 0 else {
                throw Problem.fields([
                    Problem.Field(
                        "amount",
                        Text(
                            id: "Paling banyak Rp\(Language.indonesian.number(bill.excess)), yaitu kelebihan bayarnya",
                            en: "At most Rp\(Language.english.number(bill.excess)), which is what was paid too much"
                        )
                    )
                ])
            }
            try act.append(
                "payment.refunded",
                to: "bill/\(number)",
                by: officer.actor,
                facts: [
                    "docket": .string(bill.docket), "amount": JSON(amount), "method": .string(method.rawValue),
                    "day": .string(act.now.date(in: zone).description),
                    "money": Self.postings([(method.account, -amount), ("excess", amount)]),
                ],
                inner: ["reason": .string(reason)]
            )
            return number
        }
    }

    static let treasurerOnly = Problem(
        "fees.treasurer-only",
        .forbidden,
        Text(id: "Hanya bendahara yang bisa melakukan ini", en: "Only the treasurer can do this")
    )
}
