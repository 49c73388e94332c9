// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// Money that came or went. The movements of all days add up to the ledger's accounts of cash and bank, to the rupiah.
public struct Movement: Sendable {
    /// What it was.
    public enum Kind: String, Sendable {
        case received, reversed, corrected, refunded, returned, closed
        case handedOver = "handed-over"

        /// In words.
        public var name: Text {
            switch self {
            case .received: Text(id: "Diterima", en: "Received")
            case .reversed: Text(id: "Ditarik bank", en: "Taken back by the bank")
            case .corrected: Text(id: "Catatan dibatalkan", en: "Recording taken back")
            case .refunded: Text(id: "Dikembalikan", en: "Given back")
            case .returned: Text(id: "Kembali dari bank", en: "Came back from the bank")
            case .handedOver: Text(id: "Disetor", en: "Handed over")
            case .closed: Text(id: "Kas ditutup", en: "Till closed")
            }
        }
    }

    /// The entry that tells of it.
    public let entry: String
    /// The day on whose books it is.
    public let day: CivilDate
    /// When.
    public let at: Instant
    /// What it was.
    public let kind: Kind
    /// How it came or went.
    public let method: Payment.Method
    /// The agency whose money it is.
    public let agency: String
    /// What it did to the tills, in rupiah.
    public let cash: Int
    /// What it did to the city's account, in rupiah.
    public let bank: Int
    /// Its receipt; empty where it has none.
    public let receipt: String
    /// The bill; empty where it is of none.
    public let bill: String
    /// The case; empty where it is of none.
    public let docket: String
    /// The bank's name for it, or the slip's.
    public let reference: String
    /// The day from which it counts: on which the bank took it, or which its slip bears; empty where none was said.
    public let valueDay: String
    /// The number of the officer whose till it went through; nil where it went through none.
    public let cashier: Int?
    /// What was counted beyond what was recorded, in rupiah, of a closing; nil for everything else.
    public let difference: Int?
    /// Why it differs.
    public let reason: String
    /// The number of the officer who counted a till that somebody left; nil for everything else.
    public let counter: Int?
    /// The number of the officer who was there; nil for everything else.
    public let witness: Int?
    /// Why the cash was left there; empty for everything else.
    public let leftBecause: String

    /// Whether the city recorded it from a statement.
    public var isFromStatement: Bool { kind == .received && reference.hasPrefix(Fees.statement) }

    /// Whether it came by a bank: told by it, or from a statement.
    public var isThroughBank: Bool { kind == .received && cash == 0 }

    /// In rupiah, plus for what came in and minus for what left: the city where it went outside, the till where it went to the bank.
    public var amount: Int { kind == .handedOver || kind == .closed ? -bank : cash + bank }

    /// What it was, in words: a closing says whether anything was deposited.
    public var name: Text {
        guard kind == .closed else { return kind.name }
        return bank > 0
            ? Text(id: "Kas ditutup dan disetor", en: "Closed and deposited")
            : Text(id: "Kas ditutup, tidak ada setoran", en: "Closed, nothing deposited")
    }

    static let columns: SQL = """
        m.entry, m.day, m.at, m.kind, m.method, m.agency, m.cash, m.bank, m.receipt, m.bill, m.docket, m.reference, account.number,
        c.counted - (c.opening + c.taken - c.given_back - c.handed_over), c.reason, COALESCE(p.taken, m.slip_day),
        counter.number, witness.number, c.left_because
        """

    static let source: SQL = """
        movement m LEFT JOIN account ON account.id = m.cashier
            LEFT JOIN cash_closing c ON m.kind = 'closed' AND c.cashier = m.cashier AND c.at = m.at
            LEFT JOIN account counter ON counter.id = c.counted_by
            LEFT JOIN account witness ON witness.id = c.witness
            LEFT JOIN payment p ON m.kind IN ('received', 'corrected') AND p.receipt = m.receipt
        """

    init(_ row: Row) throws {
        entry = try row(0)
        day = try row(1)
        at = try row(2)
        kind = Kind(rawValue: try row(3)) ?? .received
        method = Payment.Method(rawValue: try row(4)) ?? .cash
        agency = try row(5)
        cash = try row(6)
        bank = try row(7)
        receipt = try row(8)
        bill = try row(9)
        docket = try row(10)
        reference = try row(11)
        cashier = try row.optional(12)
        difference = try row.optional(13)
        reason = try row.optional(14) ?? ""
        valueDay = try row(15)
        counter = try row.optional(16)
        witness = try row.optional(17)
        leftBecause = try row.optional(18) ?? ""
    }
}

extension Fees {
    /// Days that one file of movements may span.
    public static let exportLimit = 366

    private static let exportPage = 1000

    /// Movements of a span of days as records of CSV, a page at a time so that memory stays flat: each call gives the next.
    public struct Export: AsyncSequence, AsyncIteratorProtocol, Sendable {
        /// A page of text.
        public typealias Element = String

        let fees: Fees
        let days: ClosedRange<CivilDate>
        let agency: String?
        private var last: (day: CivilDate, entry: String)?
        /// Where the undoings are that come after the movements; nil before them.
        private var lastUndoing: String?
        private var hasBegun = false
        private var isOver = false

        init(fees: Fees, days: ClosedRange<CivilDate>, agency: String?) {
            self.fees = fees
            self.days = days
            self.agency = agency
        }

        /// The pages.
        public func makeAsyncIterator() -> Export { self }

        /// The next page of text.
        public mutating func next() async throws -> String? {
            if isOver { return nil }
            if let lastUndoing { return try await undoings(after: lastUndoing) }
            let (days, agency, last) = (self.days, self.agency, self.last)
            let page = try await fees.journal.read { snapshot in
                let own: SQL = agency.map { "AND m.agency = \($0)" } ?? ""
                let after: SQL = last.map { "AND (m.day > \($0.day) OR (m.day = \($0.day) AND m.entry > \($0.entry)))" } ?? ""
                return try snapshot.rows(
                    """
                    SELECT \(Movement.columns) FROM \(Movement.source)
                    WHERE m.day >= \(days.lowerBound) AND m.day <= \(days.upperBound) \(own) \(after) ORDER BY m.day, m.entry LIMIT \(Fees.exportPage)
                    """
                ) { try Movement($0) }
            }
            var text = hasBegun ? "" : CSVWriter.record(Self.head)
            hasBegun = true
            for movement in page { text += CSVWriter.record(movement.fields(zone: fees.zone)) }
            self.last = page.last.map { ($0.day, $0.entry) } ?? last
            if page.count < Fees.exportPage { lastUndoing = "" }
            return text
        }

        /// What banks took back that is booked out by no movement, told or settled on these days.
        private mutating func undoings(after entry: String) async throws -> String? {
            let (days, agency, zone) = (self.days, self.agency, fees.zone)
            let from = Instant(days.lowerBound, minuteOfDay: 0, zone: zone)
            let to = Instant(days.upperBound.adding(days: 1), minuteOfDay: 0, zone: zone)
            let page = try await fees.journal.read { try Fees.strays(of: agency, from: from, to: to, after: entry, in: $0) }
            lastUndoing = page.last?.entry
            isOver = page.count < Fees.pageSize
            return page.flatMap { $0.records(zone: zone) }.filter { days.contains($0.day) }.map { CSVWriter.record($0.fields) }.joined()
        }

        private static let head = [
            "day", "at", "kind", "method", "agency", "cash", "bank", "receipt", "bill", "docket", "reference",
            "cashier", "difference", "reason", "value_day", "by", "witness", "left_because", "taken_back",
        ]
    }

    /// The movements of a span of days that somebody may see, for the books.
    public func export(_ days: ClosedRange<CivilDate>, for officer: Officer) throws -> Export {
        guard days.upperBound.days - days.lowerBound.days < Self.exportLimit else {
            throw Problem(
                "cash.span",
                .unacceptable,
                Text(id: "Paling panjang \(Self.exportLimit) hari sekali unduh", en: "At most \(Self.exportLimit) days at once")
            )
        }
        return Export(fees: self, days: days, agency: try Self.scope(of: officer))
    }
}

extension Movement {
    fileprivate func fields(zone: TimeZoneOffset) -> [String] {
        [
            day.description, at.rfc3339(in: zone), kind.rawValue, method.rawValue, agency, String(cash), String(bank), receipt, bill,
            docket, reference, cashier.map { "\($0)" } ?? "", difference.map { "\($0)" } ?? "", reason,
            valueDay, counter.map { "\($0)" } ?? "", witness.map { "\($0)" } ?? "", leftBecause, "",
        ]
    }
}

extension Fees.StrayReversal {
    /// Its lines of the file: that the bank told of it, and what was found out. Neither moves money.
    fileprivate func records(zone: TimeZoneOffset) -> [(day: CivilDate, fields: [String])] {
        func record(_ kind: String, _ at: Instant, by: Int?, _ note: String) -> (day: CivilDate, fields: [String]) {
            let day = at.date(in: zone)
            return (
                day,
                [
                    day.description, at.rfc3339(in: zone), kind, "", agency, "0", "0", receipt, bill, docket, reference, "", "", note, "",
                    by.map { "\($0)" } ?? "", "", "", amount.map { "\($0)" } ?? "",
                ]
            )
        }
        return [record("undoing", at, by: nil, "")] + (settledAt.map { [record("undoing-\(state)", $0, by: settler, note)] } ?? [])
    }
}
