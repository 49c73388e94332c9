// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Storage

/// What somebody owes the city for a case: itemised, so that whoever pays can check it and contest it.
public struct Bill: Sendable {
    /// One line.
    public struct Line: Sendable, Hashable {
        /// What it is for.
        public let label: Text
        /// How it was worked out, with its figures; nil for a fixed amount.
        public let shown: Text?
        /// The rule.
        public let basis: Text
        /// In rupiah; nil for a step that is only on the way to the sum.
        public let amount: Int?

        /// A line.
        public init(label: Text, shown: Text?, basis: Text, amount: Int?) {
            self.label = label
            self.shown = shown
            self.basis = basis
            self.amount = amount
        }
    }

    /// Its number (kode bayar): twelve digits, the last of which checks the others.
    public let number: String
    /// The case.
    public let docket: String
    /// The agency whose money it is.
    public let agency: String
    /// What is owed, in rupiah.
    public let amount: Int
    /// What has been paid toward it, in rupiah.
    public let paid: Int
    /// What was paid beyond it and not given back yet, in rupiah.
    public let excess: Int
    /// What of the excess is ordered to be given back, in rupiah.
    public let pending: Int
    /// Whether it is no longer asked for.
    public let isCancelled: Bool
    /// When it was made out.
    public let issuedAt: Instant
    /// The day by which it is to be paid.
    public let due: CivilDate
    /// Its lines.
    public let lines: [Line]

    /// What has still to be paid, in rupiah.
    public var outstanding: Int { isCancelled ? 0 : max(0, amount - paid) }
    /// What can still be ordered to be given back, in rupiah.
    public var returnable: Int { excess - pending }
    /// What was given back though a bank took the payment back since, in rupiah: the applicant owes it.
    public var overpaid: Int { max(0, -excess) }
    /// Whether nothing is owed any more.
    public var isSettled: Bool { !isCancelled && paid >= amount }

    static let columns: SQL = "number, docket, amount, paid, excess, is_cancelled, issued_at, due, lines, agency, pending"

    init(_ row: Row) throws {
        number = try row(0)
        docket = try row(1)
        amount = try row(2)
        paid = try row(3)
        excess = try row(4)
        isCancelled = try row(5)
        issuedAt = try row(6)
        due = try row(7)
        let json = try JSON(parsing: try row(8, as: String.self).utf8)
        lines = (json.array ?? []).map { Line(json: $0) }
        agency = try row(9)
        pending = try row(10)
    }

    /// Whether twelve digits can be the number of a bill (Luhn).
    public static func isNumber(_ text: String) -> Bool {
        let digits = text.utf8.map { Int($0) - 0x30 }
        guard digits.count == 12, digits.allSatisfy((0...9).contains) else { return false }
        return luhn(Array(digits.dropLast())) == digits[11]
    }

    static func luhn(_ digits: [Int]) -> Int {
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            let doubled = item.offset.isMultiple(of: 2) ? item.element * 2 : item.element
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return (10 - sum % 10) % 10
    }

    static func newNumber(year: Int, using generator: inout some RandomNumberGenerator) -> String {
        let digits = [year / 10 % 10, year % 10] + (0..<9).map { _ in Int.random(in: 0...9, using: &generator) }
        return (digits + [luhn(digits)]).map(String.init).joined()
    }
}

extension Bill.Line {
    var json: JSON {
        JSON.compact([
            "label": ["id": .string(label.id), "en": .string(label.en)], "basis": ["id": .string(basis.id), "en": .string(basis.en)],
            "shown": shown.map { ["id": .string($0.id), "en": .string($0.en)] } ?? .null, "amount": amount.map { JSON($0) } ?? .null,
        ])
    }

    init(json: JSON) {
        func text(_ json: JSON?) -> Text { Text(id: json?["id"]?.string ?? "", en: json?["en"]?.string ?? "") }
        self.init(
            label: text(json["label"]),
            shown: json["shown"].map { text($0) },
            basis: text(json["basis"]),
            amount: json["amount"]?.integer.map { Int($0) }
        )
    }
}

/// Money that came in for a bill.
public struct Payment: Sendable {
    /// How it came.
    public enum Method: String, Sendable, CaseIterable {
        case cash, qris, transfer

        /// The way in words.
        public var name: Text {
            switch self {
            case .cash: Text(id: "Tunai di loket", en: "Cash at the counter")
            case .qris: Text(same: "QRIS")
            case .transfer: Text(id: "Transfer bank", en: "Bank transfer")
            }
        }

        /// The account that it comes into.
        var account: String { self == .cash ? "cash" : "bank" }
    }

    /// The number of its receipt.
    public let receipt: String
    /// The bill.
    public let bill: String
    /// The case.
    public let docket: String
    /// In rupiah.
    public let amount: Int
    /// How it came.
    public let method: Method
    /// When it was recorded.
    public let at: Instant
    /// The payer's bank’s name for it; for cash the counter's own.
    public let reference: String
    /// The day on which the bank or the counter took it, from which it counts.
    public let taken: CivilDate
    /// Whether the bank took it back, or the city its recording.
    public let isReversed: Bool
    /// Why a treasurer says that it was recorded by mistake, as the applicant reads it; empty where nobody does.
    public let doubt: String
    /// Whether the city took back that it was recorded, so that its row of the statement is free again.
    public let isCorrected: Bool
    /// Whether the bank had told of it and two people found that its money is not in the account: the city booked it out itself.
    public let isNotThere: Bool

    /// Whether the city recorded it from a statement, and no bank has told of it.
    public var isFromStatement: Bool { method != .cash && reference.hasPrefix(Fees.statement) }

    /// Whether a treasurer can say that it is to be booked out: it stands, and is no cash.
    public var mayBeDoubted: Bool { method != .cash && !isReversed }

    /// Whether its reference is a bank's, and not the city's own.
    public var isNamedByBank: Bool { method != .cash && !reference.hasPrefix(Fees.statement) }

    static let columns: SQL = "receipt, bill, docket, amount, method, at, reference, taken, is_reversed, doubt, freed, is_not_there"

    init(_ row: Row) throws {
        receipt = try row(0)
        bill = try row(1)
        docket = try row(2)
        amount = try row(3)
        method = Method(rawValue: try row(4)) ?? .cash
        at = try row(5)
        reference = try row(6)
        taken = try row(7)
        isReversed = try row(8)
        doubt = try row(9)
        isCorrected = try row(10, as: String.self) != ""
        isNotThere = try row(11)
    }
}
