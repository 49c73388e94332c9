// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// The city's books beside its bank's: what both know, and what only one does.
public struct Reconciliation: Sendable {
    /// What the books say came into the bank.
    public enum Booked: Sendable {
        /// What somebody paid.
        case payment(Payment)
        /// Cash that was deposited, with its slip.
        case deposit(Movement)

        /// What somebody paid; nil for a deposit.
        var payment: Payment? {
            if case .payment(let payment) = self { payment } else { nil }
        }

        /// Whether it is cash that was deposited.
        var isDeposit: Bool {
            if case .deposit = self { true } else { false }
        }

        /// In rupiah.
        public var amount: Int {
            switch self {
            case .payment(let payment): payment.amount
            case .deposit(let deposit): deposit.bank
            }
        }

        /// The day from which it counts.
        var day: CivilDate {
            switch self {
            case .payment(let payment): payment.taken
            case .deposit(let deposit): CivilDate(deposit.valueDay) ?? deposit.day
            }
        }
    }

    /// A row of the bank and what it is in the books.
    public struct Match: Sendable {
        /// The row.
        public let row: BankStatement.Row
        /// What it is.
        public let booked: Booked
        /// What says so.
        public let ground: Ground
    }

    /// What says what a row is.
    public enum Ground: Sendable {
        /// The bank's name for it, a slip, or that it was recorded from this row.
        case name
        /// The bill and the amount, to be looked at: it may be a second payment.
        case bill
        /// Day and amount, to be looked at: it may be somebody else's.
        case amount
    }

    /// Money that came in and is in no book: a notice that was lost, a transfer without a code.
    public struct Missing: Sendable {
        /// The row.
        public let row: BankStatement.Row
        /// The bill of the agency that the row names; nil where it names none.
        public let bill: Bill?
        /// What was paid for the bill already, of the same amount and not in cash: it may be the same money.
        public let alike: [Payment]
    }

    /// What the books hold that rows of a statement may be.
    struct Books: Sendable {
        /// What came in, but for what the bank took back.
        var booked: [Booked] = []
        /// What the bank took back.
        var reversed: [Payment] = []
        /// Bills that rows name, by number.
        var bills: [String: Bill] = [:]
        /// Whose money is compared.
        let agency: String
    }

    /// Days that the statement covers.
    public let days: ClosedRange<CivilDate>
    /// Rows of the bank with what each is in the books.
    public let matched: [Match]
    /// Money that came in and is in no book.
    public let onlyAtBank: [Missing]
    /// Rows of money that the bank told it took back afterwards: they are no money that the city has.
    public let takenBack: [(row: BankStatement.Row, payment: Payment)]
    /// What was recorded and did not come in.
    public let onlyHere: [Booked]
    /// Which statement it was.
    public let fingerprint: String
    /// How many entries the journal had when the books were read.
    public let compared: Int

    /// Days by which a bank may book a payment later than it was made, where nothing but day and amount says which it is.
    static let lag = 2
    /// Days by which it may, where the row names it: a bank is closed for more than a week at the end of Ramadan.
    static let namedLag = 21

    /// Puts books and rows together: first by what was recorded from a row, the slip, the reference or the payment code that the bank
    /// wrote, then, where only one of each is left, by day and amount.
    ///
    /// - Parameter own: the city's own name for what is recorded from a row, whatever bill it was recorded for.
    init(
        _ statement: BankStatement,
        _ books: Books,
        days: ClosedRange<CivilDate>,
        compared: Int,
        own: (BankStatement.Row) -> String
    ) {
        self.days = days
        self.compared = compared
        fingerprint = statement.fingerprint
        let booked = books.booked
        var open = Set(booked.indices)
        var matched: [Match] = []
        let named = Self.byName(booked)
        let reversed = books.reversed.map(Booked.payment)
        let namedReversed = Self.byName(reversed)
        var openReversed = Set(reversed.indices)
        var takenBack: [(BankStatement.Row, Payment)] = []
        var rows: [(row: BankStatement.Row, bill: Bill?)] = []
        for row in statement.rows {
            let words = Self.words(of: row.text)
            // A row that names a bill is what somebody paid, whatever a slip is called.
            let bill = Self.codes(in: row.text).lazy.compactMap { books.bills[$0] }.first
            let ownName = String(own(row).drop { $0 != ":" }.dropFirst())
            func first(_ names: Set<String>, _ named: [String: [Int]], of things: [Booked], _ open: Set<Int>) -> Int? {
                let names = named[ownName] == nil ? names : [ownName]
                return names.lazy.flatMap { named[$0] ?? [] }.filter { index in
                    open.contains(index) && things[index].amount == row.amount && !(bill != nil && things[index].isDeposit)
                        && row.day.days - things[index].day.days <= Self.namedLag
                }.min()
            }
            if let found = first(words, named, of: booked, open) {
                open.remove(found)
                matched.append(Match(row: row, booked: booked[found], ground: .name))
            } else if let found = first(words, namedReversed, of: reversed, openReversed) {
                openReversed.remove(found)
                takenBack.append((row, books.reversed[found]))
            } else {
                rows.append((row, bill))
            }
        }
        // What only its bill names comes after all that is named itself.
        let byBill = Dictionary(grouping: open.sorted()) { booked[$0].payment?.bill ?? "" }
        rows = rows.filter { row, bill in
            let candidates = bill.flatMap { byBill[$0.number] } ?? []
            guard
                let found = candidates.first(where: { index in
                    open.contains(index) && booked[index].amount == row.amount
                        && row.day.days - booked[index].day.days <= Self.namedLag
                })
            else { return true }
            open.remove(found)
            matched.append(Match(row: row, booked: booked[found], ground: .bill))
            return false
        }
        let byAmount = Dictionary(grouping: open.sorted()) { booked[$0].amount }
        let rivals = Dictionary(grouping: rows) { Booking(day: $0.row.day, amount: $0.row.amount) }.mapValues(\.count)
        let paid = Dictionary(grouping: booked.compactMap(\.payment), by: \.bill)
        let fromRows = Dictionary(grouping: open.compactMap { booked[$0].payment }.filter(\.isFromStatement)) {
            Booking(day: $0.taken, amount: $0.amount)
        }.mapValues { $0.sorted { $0.receipt < $1.receipt } }
        var left: [Missing] = []
        for (row, bill) in rows {
            let candidates = (byAmount[row.amount] ?? []).filter { index in
                let day = booked[index].day
                return open.contains(index) && day <= row.day && row.day.days - day.days <= Self.lag
            }
            // A row that names another bill is not this one.
            if bill == nil, candidates.count == 1, rivals[Booking(day: row.day, amount: row.amount)] == 1 {
                open.remove(candidates[0])
                matched.append(Match(row: row, booked: booked[candidates[0]], ground: .amount))
            } else {
                let own = bill?.agency == books.agency ? bill : nil
                // Also what was recorded from a row of that day for another bill: it may be this row, written otherwise.
                let alike = paid[own?.number ?? "", default: []] + fromRows[Booking(day: row.day, amount: row.amount), default: []]
                left.append(Missing(row: row, bill: own, alike: alike.filter { $0.amount == row.amount }))
            }
        }
        self.matched = matched.sorted { $0.row.line < $1.row.line }
        self.takenBack = takenBack
        onlyAtBank = left
        // What was paid on the last days may be booked after the statement ends.
        onlyHere = open.sorted().map { booked[$0] }.filter {
            $0.day <= days.upperBound.adding(days: -Self.lag) && $0.day >= days.lowerBound
        }
    }

    private static func byName(_ things: [Booked]) -> [String: [Int]] {
        var named: [String: [Int]] = [:]
        for (index, thing) in things.enumerated() { for name in names(of: thing) { named[name, default: []].append(index) } }
        return named
    }

    /// By what a row of the bank may call something of the books.
    private static func names(of booked: Booked) -> Set<String> {
        switch booked {
        case .payment(let payment): names(ofReference: payment.reference)
        // A slip’s number, however the bank sets it apart.
        case .deposit(let deposit): Set([letters(of: deposit.reference)].filter { $0.utf8.count > 2 })
        }
    }

    /// By what a row may call a payment whose reference begins with who told of it.
    static func names(ofReference reference: String) -> Set<String> {
        let name = String(reference.drop { $0 != ":" }.dropFirst())
        return [name, letters(of: name)]
    }

    /// The words of a row, however its bank sets them apart.
    static func words(of text: String) -> Set<String> {
        Set(
            text.split(whereSeparator: \.isWhitespace).flatMap { word in
                word.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init) + [letters(of: String(word))]
            }
        )
    }

    static func letters(of word: String) -> String { String(word.uppercased().filter { $0.isLetter || $0.isNumber }) }

    private struct Booking: Hashable {
        let day: CivilDate
        let amount: Int
    }

    /// Twelve digits of a row that may be the number of a bill: they stand alone, or end the number of a virtual account.
    static func codes(in text: String) -> [String] {
        text.split { !$0.isASCII || !$0.isNumber }.map { String($0.suffix(12)) }.filter(Bill.isNumber)
    }
}

extension Fees {
    /// Rows that are taken for what somebody paid of their bill, as rows to be recorded.
    public func missing(_ matches: [Reconciliation.Match]) async throws -> [Reconciliation.Missing] {
        let bills = try await journal.read { snapshot in
            try matches.map { try $0.booked.payment.flatMap { try Self.find($0.bill, in: snapshot) } }
        }
        return zip(matches, bills).map { match, bill in
            Reconciliation.Missing(row: match.row, bill: bill, alike: match.booked.payment.map { [$0] } ?? [])
        }
    }

    /// Compares a bank's statement with what was recorded, and records that it was done.
    public func reconcile(_ statement: BankStatement, by officer: Officer) async throws -> Reconciliation {
        guard officer.roles.contains(.treasurer) else { throw Self.treasurerOnly }
        guard let first = statement.rows.map(\.day).min(), let last = statement.rows.map(\.day).max() else {
            throw BankStatement.refuse(Text(id: "Tidak ada uang masuk di berkas ini", en: "No money comes in by this file"))
        }
        let today = journal.clock.now.date(in: zone)
        if let row = statement.rows.first(where: { $0.day > today }) {
            let (id, en) = (row.day.long(.indonesian), row.day.long(.english))
            throw BankStatement.refuse(
                Text(id: "Baris \(row.line): \(id) belum tiba", en: "Line \(row.line): \(en) has not come yet")
            )
        }
        let agency = officer.agency
        // Worked out on the thread that reads: a statement may hold tens of thousands of rows.
        let result = try await journal.read { snapshot in
            let compared = try snapshot.count("SELECT size FROM journal_head WHERE id = 1")
            // What was recorded by hand from an earlier look at this statement may be younger than it.
            let books = try Self.books(of: agency, first.adding(days: -Reconciliation.namedLag)...today, statement, in: snapshot)
            return Reconciliation(statement, books, days: first...last, compared: compared) { reference(of: $0.name) }
        }
        @Sendable func sum(_ amounts: [Int]) -> JSON { JSON(amounts.reduce(0, +)) }
        try await journal.commit { act in
            try act.append(
                "bank.reconciled",
                to: "bank/\(officer.agency)",
                by: officer.actor,
                facts: [
                    "from": .string(first.description), "until": .string(last.description), "matched": JSON(result.matched.count),
                    "matched_amount": sum(result.matched.map(\.booked.amount)), "only_at_bank": JSON(result.onlyAtBank.count),
                    "only_at_bank_amount": sum(result.onlyAtBank.map(\.row.amount)), "only_here": JSON(result.onlyHere.count),
                    "only_here_amount": sum(result.onlyHere.map(\.amount)),
                ],
                // A statement of few rows could be guessed from it, and with it who paid.
                inner: ["statement": .string(statement.fingerprint)]
            )
        }
        return result
    }

    /// What rows of a statement may be in the books of an agency.
    private static func books(
        of agency: String,
        _ days: ClosedRange<CivilDate>,
        _ statement: BankStatement,
        in snapshot: Snapshot
    ) throws -> Reconciliation.Books {
        var books = Reconciliation.Books(agency: agency)
        for payment in try snapshot.rows(
            """
            SELECT \(Payment.columns) FROM payment
            WHERE taken >= \(days.lowerBound) AND taken <= \(days.upperBound) AND method <> 'cash' AND agency = \(agency)
            ORDER BY at, receipt
            """,
            { try Payment($0) }
        ) {
            // What was recorded by mistake was never this bill's money: its row is to be recorded anew.
            if payment.isCorrected { continue }
            if payment.isReversed { books.reversed.append(payment) } else { books.booked.append(.payment(payment)) }
        }
        // A deposit is noted on the day of its slip or after it.
        books.booked += try snapshot.rows(
            """
            SELECT \(Movement.columns) FROM \(Movement.source)
            WHERE m.day >= \(days.lowerBound) AND m.kind IN ('handed-over', 'closed') AND m.bank > 0 AND m.agency = \(agency)
            ORDER BY m.at, m.entry
            """
        ) { Reconciliation.Booked.deposit(try Movement($0)) }.filter { days.contains($0.day) }
        let codes = Set(statement.rows.flatMap { Reconciliation.codes(in: $0.text) }).sorted()
        for start in stride(from: 0, to: codes.count, by: 500) {
            let some = Array(codes[start..<min(start + 500, codes.count)])
            let found = try snapshot.rows("SELECT \(Bill.columns) FROM bill WHERE number IN \(in: some)") { try Bill($0) }
            for bill in found { books.bills[bill.number] = bill }
        }
        return books
    }
}
