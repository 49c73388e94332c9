// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// The city's books beside its bank's: what both know, and what only one does.
public struct Reconciliation: Sendable {
    /// A row of the bank and what it is in the books.
    public struct Match: Sendable {
        /// The row.
        public let row: BankStatement.Row
        /// What it is.
        public let booked: Booked
        /// What says so.
        public let ground: Ground
    }

    /// A row of money that the city does not have any more.
    public struct TakenBack: Sendable {
        /// The row.
        public let row: BankStatement.Row
        /// What it is in the books, or what the bank told of it; nil where neither.
        public let booked: Booked?
        /// The row of the same statement by which it went out again; nil where there is none.
        public let debit: BankStatement.Row?
    }

    /// A row that can be recorded: money in no book (a notice that was lost, a transfer without a code), or that may be other money than
    /// what it was taken for.
    public struct Recordable: Sendable {
        /// The row.
        public let row: BankStatement.Row
        /// The bill of the agency that the row names; nil where it names none.
        public let bill: Bill?
        /// The order to give back that the row names, whose money may have come back; nil where it names none.
        public let order: String?
        /// What the books have of the same amount for the bill, or under the same name on another day: it may be the same money.
        public let alike: [Booked]
        /// Whether a row of the same statement says that as much of the bill was taken back.
        public let isMirrored: Bool
    }

    /// Money that went out again though no row of the statement brought it: that is in an earlier file.
    public struct LoneDebit: Sendable {
        /// The row by which it went out.
        public let row: BankStatement.Row
        /// What it names in the books; nothing where it only says of itself that it takes something back.
        public let booked: [Booked]
    }

    /// A payment that stands, and of which the bank says that it took something back.
    public struct Covered: Sendable {
        /// The payment.
        public let payment: Payment
        /// How much of it was taken back, in rupiah.
        public let amount: Int
    }

    /// What the books hold that rows of a statement may be.
    struct Books: Sendable {
        /// What came in, also what was taken back.
        var booked: [Booked] = []
        /// What the city gave back, by amount.
        var refunds: [Int: [Refund]] = [:]
        /// Bills that rows name, by number.
        var bills: [String: Bill] = [:]
        /// Names of orders to give back of those bills.
        var orders: Set<String> = []
        /// Payments of a year before the days that are compared, as much as what went out.
        var older: [Payment] = []
        /// What of the payments of those days the bank says it took back.
        var covered: [Covered] = []
        /// Whose money is compared.
        let agency: String
        /// How many things that the bank took back nobody has looked into.
        var open = 0
    }

    /// Days that the statement covers.
    public let days: ClosedRange<CivilDate>
    /// Rows of the bank with what each is in the books.
    public let matched: [Match]
    /// Money that came in and is in no book.
    public let onlyAtBank: [Recordable]
    /// Rows of money that was taken back: never to be recorded.
    public let takenBack: [TakenBack]
    /// What was recorded and did not come in.
    public let onlyHere: [Booked]
    /// Debits whose credit is in another file.
    public let loneDebits: [LoneDebit]
    /// Payments that stand, and of which the bank says that it took something back.
    public let covered: [Covered]
    /// How many things that the bank took back, or told of again afterwards, nobody has looked into.
    public let open: Int
    /// Which statement it was.
    public let fingerprint: String
    /// How many entries the journal had when the books were read.
    public let compared: Int

    /// Days by which a bank may book a payment later than it was made, where nothing but day and amount says which it is; and by which
    /// it may earlier, where the row names it.
    static let lag = 2
    /// Days by which it may later, where the row names it: a bank is closed for more than a week at the end of Ramadan.
    static let namedLag = 21

    /// Puts books and rows together, by what says most first: that it was recorded from the row; the slip, the reference or the order
    /// that the bank wrote; the bill and the amount; then, where only one of each is left, day and amount.
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
        open = books.open
        let things = books.booked
        let rows = statement.rows.map { Self.sought($0, books, own: own($0)) }
        let (mirrored, alone) = Self.mirrors(of: rows, in: statement, books)
        loneDebits = alone
        covered = books.covered
        var free = Set(things.indices.filter { !things[$0].isTakenBack })
        var placed: [Int: (thing: Int, ground: Ground)] = [:]
        func place(_ ground: Ground, _ isPlaced: (Int) -> Bool = { _ in true }, among candidates: (Sought) -> [Int]) {
            for index in rows.indices where placed[index] == nil && isPlaced(index) {
                let meant = candidates(rows[index]).filter {
                    (free.contains($0) || things[$0].isTakenBack) && things[$0].isMeant(by: rows[index], on: ground)
                }
                // What is there comes before what was taken back.
                guard let thing = meant.filter(free.contains).min() ?? meant.min() else { continue }
                free.remove(thing)
                placed[index] = (thing, ground)
            }
        }
        var byName: [String: [Int]] = [:]
        for (index, thing) in things.enumerated() { for name in thing.names { byName[name, default: []].append(index) } }
        place(.row) { byName[$0.own] ?? [] }
        place(.name) { $0.words.flatMap { byName[$0] ?? [] } }
        // What was taken back is no row for its bill alone: it may have been paid again.
        let byBill = Dictionary(grouping: free.sorted()) { things[$0].bill }
        place(.bill, { mirrored[$0] == nil }, among: { $0.bills.flatMap { byBill[$0] ?? [] } })
        place(.bill, { mirrored[$0]?.isNamed == false }, among: { $0.bills.flatMap { byBill[$0] ?? [] } })
        // A row that names a bill or an order is not another's, and one of two that may be meant is not guessed.
        let byAmount = Dictionary(grouping: things.indices.filter { free.contains($0) || things[$0].isTakenBack }) { things[$0].amount }
        let unnamed = rows.indices.filter { placed[$0] == nil }
        let rivals = Dictionary(grouping: unnamed) { Booking(day: rows[$0].day, amount: rows[$0].amount) }.mapValues(\.count)
        for index in unnamed where rows[index].bills.isEmpty && mirrored[index] == nil {
            let row = rows[index]
            guard rivals[Booking(day: row.day, amount: row.amount)] == 1, Self.order(row, books) == nil else { continue }
            let meant = (byAmount[row.amount] ?? []).filter {
                (free.contains($0) || things[$0].isTakenBack) && things[$0].isMeant(by: row, on: .amount)
            }
            guard meant.count == 1, free.remove(meant[0]) != nil else { continue }
            placed[index] = (meant[0], .amount)
        }
        var (matched, takenBack, left): ([Match], [TakenBack], [Recordable]) = ([], [], [])
        let standing = things.indices.filter { !things[$0].isTakenBack }
        let ofBill = Dictionary(grouping: standing) { things[$0].bill }
        let fromRows = Dictionary(grouping: free.filter { things[$0].payment?.isFromStatement == true }) {
            Booking(day: things[$0].day, amount: things[$0].amount)
        }
        for (index, row) in statement.rows.enumerated() {
            let (place, mirror) = (placed[index], mirrored[index])
            if let place, mirror == nil, !things[place.thing].isTakenBack {
                matched.append(Match(row: row, booked: things[place.thing], ground: place.ground))
            } else if place != nil || mirror?.isNamed == true {
                takenBack.append(TakenBack(row: row, booked: place.map { things[$0.thing] }, debit: mirror?.debit))
            } else {
                let bill = rows[index].bills.first.flatMap { books.bills[$0] }
                let own = bill?.agency == books.agency ? bill : nil
                // Also what was recorded from a row of that day for another bill, or bears the same name on another day.
                let named = rows[index].words.flatMap { byName[$0] ?? [] }.filter { !things[$0].isTakenBack }
                let alike = Set(
                    (own.flatMap { ofBill[$0.number] } ?? []) + (fromRows[Booking(day: row.day, amount: row.amount)] ?? []) + named
                ).sorted().map { things[$0] }.filter { $0.amount == row.amount }
                left.append(
                    Recordable(row: row, bill: own, order: Self.order(rows[index], books), alike: alike, isMirrored: mirror != nil)
                )
            }
        }
        self.matched = matched
        self.takenBack = takenBack
        onlyAtBank = left
        // What was paid on the last days may be booked after the statement ends.
        onlyHere = free.sorted().map { things[$0] }.filter {
            $0.day <= days.upperBound.adding(days: -Self.lag) && $0.day >= days.lowerBound
        }
    }

    private static func sought(_ row: BankStatement.Row, _ books: Books, own: String) -> Sought {
        let orders = orders(in: row.text, of: books.orders)
        let bill = codes(in: row.text).first { code in books.bills[code] != nil && !orders.contains { $0.hasPrefix(code) } }
        return Sought(day: row.day, amount: row.amount, text: row.text, bills: bill.map { [$0] } ?? [], own: nameOnly(own))
    }

    /// The order whose money may have come back by a row.
    private static func order(_ row: Sought, _ books: Books) -> String? {
        guard let refunds = books.refunds[row.amount] else { return nil }
        let words = row.words
        return refunds.first { $0.state == .carried && $0.isNamed(by: words) }?.id
    }

    private struct Booking: Hashable {
        let day: CivilDate
        let amount: Int
    }
}

extension Fees {
    /// Rows that are taken for something of their bill, as rows to be recorded.
    public func recordable(_ matches: [Reconciliation.Match]) async throws -> [Reconciliation.Recordable] {
        let bills = try await find(matches.map(\.booked.bill))
        return matches.map {
            Reconciliation.Recordable(row: $0.row, bill: bills[$0.booked.bill], order: nil, alike: [$0.booked], isMirrored: false)
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
            let books = try books(of: agency, first.adding(days: -Reconciliation.namedLag)...today, statement, in: snapshot)
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
                    "only_here_amount": sum(result.onlyHere.map(\.amount)), "taken_back": JSON(result.takenBack.count),
                    "taken_back_amount": sum(result.takenBack.map(\.row.amount)), "lone_debits": JSON(result.loneDebits.count),
                    "covered": JSON(result.covered.count),
                ],
                // A statement of few rows could be guessed from it, and with it who paid.
                inner: ["statement": .string(statement.fingerprint)]
            )
        }
        return result
    }

    /// What rows of a statement may be in the books of an agency.
    private func books(
        of agency: String,
        _ days: ClosedRange<CivilDate>,
        _ statement: BankStatement,
        in snapshot: Snapshot
    ) throws -> Reconciliation.Books {
        var books = Reconciliation.Books(agency: agency)
        // What was recorded by mistake was never this bill's money: its row is to be recorded anew.
        books.booked = try snapshot.rows(
            """
            SELECT \(Payment.columns) FROM payment
            WHERE taken >= \(days.lowerBound) AND taken <= \(days.upperBound) AND method <> 'cash' AND agency = \(agency) AND freed = ''
            ORDER BY at, receipt
            """
        ) { .payment(try Payment($0)) }
        // A deposit is noted on the day of its slip or after it.
        books.booked += try snapshot.rows(
            """
            SELECT \(Movement.columns) FROM \(Movement.source)
            WHERE m.day >= \(days.lowerBound) AND m.kind IN ('handed-over', 'closed') AND m.bank > 0 AND m.agency = \(agency)
            ORDER BY m.at, m.entry
            """
        ) { Reconciliation.Booked.deposit(try Movement($0)) }.filter { days.contains($0.day) }
        books.booked += try undoings(in: snapshot).filter { ["", agency].contains($0.agency) }.map { .undoing($0.undoing) }
        let refunds = try snapshot.rows(
            """
            SELECT \(Refund.columns) FROM refund
            WHERE agency = \(agency) AND state IN ('carried', 'returned') AND method = 'transfer' ORDER BY carried_at, id
            """
        ) { try Refund($0) }
        books.refunds = Dictionary(grouping: refunds, by: \.amount)
        books.booked += try snapshot.rows(
            """
            SELECT \(Movement.columns) FROM \(Movement.source)
            WHERE m.day >= \(days.lowerBound) AND m.kind = 'returned' AND m.bank > 0 AND m.agency = \(agency) ORDER BY m.at, m.entry
            """
        ) { row in
            let movement = try Movement(row)
            let order = books.refunds[movement.bank]?.first {
                $0.state == .returned && $0.bill == movement.bill && $0.reference == movement.reference
            }
            return Reconciliation.Booked.returned(movement, order: order?.id ?? "")
        }.filter { days.contains($0.day) }
        let texts = statement.rows.map(\.text) + statement.debits.map(\.text)
        let codes = Set(texts.flatMap { Reconciliation.codes(in: $0) }).sorted()
        for start in stride(from: 0, to: codes.count, by: 500) {
            let some = Array(codes[start..<min(start + 500, codes.count)])
            let found = try snapshot.rows("SELECT \(Bill.columns) FROM bill WHERE number IN \(in: some)") { try Bill($0) }
            for bill in found { books.bills[bill.number] = bill }
            books.orders.formUnion(try snapshot.rows("SELECT id FROM refund WHERE bill IN \(in: some)") { try $0(0, as: String.self) })
        }
        let amounts = Set(statement.debits.map(\.amount)).sorted()
        for start in stride(from: 0, to: amounts.count, by: 500) {
            books.older += try snapshot.rows(
                """
                SELECT \(Payment.columns) FROM payment
                WHERE taken >= \(days.lowerBound.adding(days: -366)) AND taken < \(days.lowerBound) AND method <> 'cash'
                    AND agency = \(agency) AND freed = '' AND amount IN \(in: Array(amounts[start..<min(start + 500, amounts.count)]))
                ORDER BY at, receipt
                """
            ) { try Payment($0) }
        }
        let parts = Dictionary(grouping: try Self.standing(in: snapshot).filter { $0.agency == agency }, by: \.receipt)
        books.covered = (books.booked.compactMap(\.payment) + books.older).compactMap { payment in
            guard !payment.isReversed, let parts = parts[payment.receipt] else { return nil }
            return Reconciliation.Covered(payment: payment, amount: StrayReversal.sum(parts, of: payment.amount))
        }
        books.open = try Self.strayCount(of: agency, in: snapshot) + Self.toldAgainCount(of: agency, in: snapshot)
        return books
    }
}
