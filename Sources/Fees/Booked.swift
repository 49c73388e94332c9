// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Storage

extension Reconciliation {
    /// What a row of the bank may be: money that the books say came in, or that the bank says it took back.
    public enum Booked: Sendable {
        /// What somebody paid, also where the bank took it back since.
        case payment(Payment)
        /// Cash that was deposited, with its slip.
        case deposit(Movement)
        /// What had been given back and came back from the bank, with the name of its order.
        case returned(Movement, order: String)
        /// What the bank says it took back though no book knows it.
        case undoing(Undoing)

        /// What somebody paid; nil for all else.
        public var payment: Payment? { if case .payment(let payment) = self { payment } else { nil } }

        /// The bill that it is of; empty where it is of none.
        public var bill: String {
            switch self {
            case .payment(let payment): payment.bill
            case .deposit: ""
            case .returned(let movement, _): movement.bill
            case .undoing(let undoing): undoing.bill
            }
        }

        /// What people call it: its receipt, its slip, its order or the bank’s name.
        public var label: String {
            switch self {
            case .payment(let payment): payment.receipt
            case .deposit(let movement): movement.reference
            case .returned(let movement, let order): order.isEmpty ? movement.reference : order
            case .undoing(let undoing): undoing.name
            }
        }

        /// In rupiah.
        public var amount: Int {
            switch self {
            case .payment(let payment): payment.amount
            case .deposit(let movement), .returned(let movement, _): movement.bank
            case .undoing(let undoing): undoing.amount ?? 0
            }
        }

        /// Whether it is no money that the city has.
        var isTakenBack: Bool {
            switch self {
            case .payment(let payment): payment.isReversed
            case .deposit, .returned: false
            case .undoing: true
            }
        }

        var isDeposit: Bool { if case .deposit = self { true } else { false } }

        /// The day from which it counts.
        var day: CivilDate {
            switch self {
            case .payment(let payment): payment.taken
            case .deposit(let movement), .returned(let movement, _): CivilDate(movement.valueDay) ?? movement.day
            case .undoing(let undoing): undoing.day
            }
        }

        /// By what a row of the bank may call it.
        var names: Set<String> {
            switch self {
            // What was recorded by mistake was never what its row says.
            case .payment(let payment): payment.isCorrected ? [] : Reconciliation.names(ofReference: payment.reference).filter(Self.isLong)
            // A slip’s number, however the bank sets it apart.
            case .deposit(let movement): Set([letters(of: movement.reference)].filter { $0.utf8.count > 2 })
            case .returned(let movement, let order): Set([order, letters(of: order), letters(of: movement.reference)].filter(Self.isLong))
            case .undoing(let undoing): Reconciliation.names(ofReference: undoing.reference).filter(Self.isLong)
            }
        }

        private static func isLong(_ name: String) -> Bool { name.utf8.count > 3 }

        /// Whether something says that a row is this.
        func isMeant(by row: Sought, on ground: Ground) -> Bool {
            switch ground {
            case .row: amount == row.amount && names.contains(row.own)
            case .name: isAmount(row.amount) && isPossible(on: row.day) && isNamed(by: row) && !(isDeposit && !row.bills.isEmpty)
            case .bill: isSameAmount(row.amount) && isPossible(on: row.day) && !bill.isEmpty && row.bills.contains(bill)
            case .amount: isSameAmount(row.amount) && (0...Reconciliation.lag).contains(row.day.days - day.days)
            }
        }

        /// Whether the words of a row name it, whatever its amount and day.
        func isNamed(by row: Sought) -> Bool { !names.isDisjoint(with: row.words) }

        /// Whether a bank may have booked it on a day: not before it was made, give or take, and not weeks later. What is taken back came
        /// before, however long.
        func isPossible(on day: CivilDate) -> Bool {
            let late = day.days - self.day.days
            if case .undoing = self { return late <= Reconciliation.namedLag }
            // A notice that names no time counts from the day on which it was told.
            if isTakenBack { return abs(late) <= Reconciliation.namedLag }
            return (-Reconciliation.lag...Reconciliation.namedLag).contains(late)
        }

        private func isSameAmount(_ amount: Int) -> Bool {
            if case .undoing(let undoing) = self, undoing.amount == nil { return true }
            return self.amount == amount
        }

        /// Whether all of a row can be it: less than was taken back has been taken back, too.
        private func isAmount(_ amount: Int) -> Bool {
            if case .undoing(let undoing) = self, let told = undoing.amount { return told >= amount }
            return isSameAmount(amount)
        }
    }

    /// What a bank says it took back under one name though no book knows it.
    public struct Undoing: Sendable {
        /// The bank’s name for it.
        public let reference: String
        /// The code that the bank named with it; empty where it named none.
        public let bill: String
        /// All of it, in rupiah; nil where the bank did not say.
        public let amount: Int?
        /// The day on which the bank told of it last.
        public let day: CivilDate

        /// Its reference without who told of it.
        public var name: String { Reconciliation.nameOnly(reference) }
    }

    /// What says what a row is, the strongest first.
    public enum Ground: Sendable {
        /// That it was recorded from this very row.
        case row
        /// The bank's name for it, or a slip.
        case name
        /// The bill and the amount, to be looked at: it may be a second payment.
        case bill
        /// Day and amount, to be looked at: it may be somebody else's.
        case amount
    }

    /// A row as something of the books is looked up by it.
    struct Sought: Sendable {
        let day: CivilDate
        let amount: Int
        let text: String
        /// Bills that it names, or that it is to be recorded for.
        let bills: [String]
        /// The city's own name for what is recorded from it.
        let own: String

        var words: Set<String> { Reconciliation.words(of: text) }
    }

    /// By what a row may call a payment whose reference begins with who told of it.
    static func names(ofReference reference: String) -> Set<String> {
        let name = nameOnly(reference)
        return [name, letters(of: name)]
    }

    /// A reference without who told of it.
    static func nameOnly(_ reference: String) -> String { String(reference.drop { $0 != ":" }.dropFirst()) }

    /// The words of a row, however its bank sets them apart.
    static func words(of text: String) -> Set<String> {
        Set(
            text.split(whereSeparator: \.isWhitespace).flatMap { word in
                word.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init) + [letters(of: String(word))]
            }
        )
    }

    static func letters(of word: String) -> String { String(word.uppercased().filter { $0.isLetter || $0.isNumber }) }

    /// Twelve digits of a row that may be the number of a bill: they stand alone, or end the number of a virtual account.
    static func codes(in text: String) -> [String] {
        text.split { !$0.isASCII || !$0.isNumber }.map { String($0.suffix(12)) }.filter(Bill.isNumber)
    }

    /// The orders to give back that a row names: each begins with the number of its bill, which is no payment code there.
    static func orders(in text: String, of known: Set<String>) -> [String] {
        known.isEmpty ? [] : words(of: text).filter(known.contains).sorted()
    }
}
