// SPDX-License-Identifier: EUPL-1.2

import Essentials

extension Reconciliation {
    /// A row of which another of the same statement says that it was taken back.
    struct Mirror {
        /// The row by which it went out again.
        let debit: BankStatement.Row
        /// Whether it names the same payment; else only the same bill.
        let isNamed: Bool
    }

    /// Credits that a debit of the same statement takes back, by their index: as much went out again, on that day or later, under the
    /// same reference, in the same words, or for the same bill. What the city gave back itself takes nothing back.
    ///
    /// - Returns: those, and the debits that take something back which is in another file.
    static func mirrors(
        of rows: [Sought],
        in statement: BankStatement,
        _ books: Books
    ) -> (mirrored: [Int: Mirror], alone: [LoneDebit]) {
        var refunds = books.refunds
        func isGivenBack(_ debit: BankStatement.Row, _ isMeant: (Refund) -> Bool) -> Bool {
            guard let own = refunds[debit.amount]?.firstIndex(where: isMeant) else { return false }
            refunds[debit.amount]?.remove(at: own)
            return true
        }
        let debits = statement.debits.filter { debit in
            let words = words(of: debit.text)
            return !isGivenBack(debit) { $0.isNamed(by: words) }
        }
        guard !debits.isEmpty else { return ([:], []) }
        let amounts = Set(debits.map(\.amount))
        let known = Set(books.booked.filter { !$0.isDeposit }.flatMap(\.names))
        var named: [Key: [Int]] = [:]
        var uses: [String: Int] = [:]
        let wanted = Set(debits.flatMap { references(in: $0.text, books) })
        for (index, row) in rows.enumerated() {
            let references = references(in: row.text, books).intersection(wanted)
            for word in references { uses[word, default: 0] += 1 }
            guard amounts.contains(row.amount) else { continue }
            for word in references { named[.reference(row.amount, word), default: []].append(index) }
            named[.text(row.amount, plain(row.text)), default: []].append(index)
            for bill in row.bills { named[.bill(row.amount, bill), default: []].append(index) }
        }
        for key in named.keys { named[key]?.sort { (rows[$0].day, $0) < (rows[$1].day, $1) } }
        var mirrored: [Int: Mirror] = [:]
        /// The last of some rows that is free, until a day.
        func last(_ key: Key, until day: CivilDate) -> Int? {
            guard let some = named[key] else { return nil }
            var (low, high) = (0, some.count)
            while low < high {
                let middle = (low + high) / 2
                if rows[some[middle]].day <= day { low = middle + 1 } else { high = middle }
            }
            while low > 0, let found = named[key]?.remove(at: low - 1) {
                if mirrored[found] == nil { return found }
                low -= 1
            }
            return nil
        }
        var left = debits
        func pair(isNamed: Bool, _ keys: (BankStatement.Row) -> [Key]) {
            left = left.filter { debit in
                for key in keys(debit) {
                    guard let found = last(key, until: debit.day) else { continue }
                    mirrored[found] = Mirror(debit: debit, isNamed: isNamed)
                    return false
                }
                return true
            }
        }
        // A word that several rows bear is a branch or a day, and names none of them. What is moved on to another account of the city
        // bears the day or the slip, too, and takes nothing back: a debit has to say that it does, or to name what is in the books.
        pair(isNamed: true) { debit in
            let isUndoing = isUndoing(debit.text)
            return references(in: debit.text, books).filter { uses[$0] == 1 && (known.contains($0) || isUndoing) }.sorted().map {
                .reference(debit.amount, $0)
            }
        }
        pair(isNamed: true) { debit in
            let text = plain(debit.text)
            return text.isEmpty || !isUndoing(debit.text) ? [] : [.text(debit.amount, text)]
        }
        left = left.filter { debit in
            let codes = codes(in: debit.text)
            return !isGivenBack(debit) { codes.contains($0.bill) && $0.isPossible(on: debit.day) }
        }
        pair(isNamed: false) { debit in codes(in: debit.text).filter { books.bills[$0] != nil }.map { .bill(debit.amount, $0) } }
        return (mirrored, alone(left, books))
    }

    /// Debits that say that they take something back, or name what is in the books; not those by which went out what is booked out.
    private static func alone(_ debits: [BankStatement.Row], _ books: Books) -> [LoneDebit] {
        let things = books.booked.filter { !$0.isDeposit } + books.older.map { .payment($0) }
        let byName = Dictionary(
            grouping: things.indices.flatMap { index in things[index].names.map { (name: $0, index: index) } },
            by: \.name
        )
        let byBill = Dictionary(grouping: things.indices.filter { !things[$0].bill.isEmpty }) { things[$0].bill }
        // What is booked out went out once.
        var bookedOut = Set(things.indices.filter { things[$0].payment?.isReversed == true })
        return debits.compactMap { debit in
            let named = references(in: debit.text, books).flatMap { byName[$0]?.map(\.index) ?? [] }
            // The bank's name says more than the bill.
            let meant = Set(named.isEmpty ? codes(in: debit.text).flatMap { byBill[$0] ?? [] } : named).sorted()
            guard isUndoing(debit.text) || !meant.isEmpty else { return nil }
            if let out = meant.first(where: { bookedOut.contains($0) && things[$0].amount == debit.amount }) {
                bookedOut.remove(out)
                return nil
            }
            return LoneDebit(row: debit, booked: meant.map { things[$0] })
        }
    }

    private enum Key: Hashable {
        case reference(Int, String)
        case text(Int, String)
        case bill(Int, String)
    }

    /// Words of a row that may be a bank's name for a payment; the number of a bill is none.
    private static func references(in text: String, _ books: Books) -> Set<String> {
        words(of: text).filter { word in
            word.utf8.count > 3 && word.contains(where: \.isNumber) && books.bills[String(word.suffix(12))] == nil && !isDay(word)
        }
    }

    /// Whether a word may be a date: eight digits with a year of four before or after, however they are set apart.
    private static func isDay(_ word: String) -> Bool {
        let digits = word.filter { $0 != "-" }
        guard digits.utf8.count == 8, digits.allSatisfy(\.isNumber) else { return false }
        return ["19", "20"].contains { digits.hasPrefix($0) || digits.dropFirst(4).hasPrefix($0) }
    }

    /// Whether a row says of itself that it takes something back.
    private static func isUndoing(_ text: String) -> Bool {
        text.split(whereSeparator: \.isWhitespace).contains { ofUndoing.contains(letters(of: String($0))) }
    }

    /// The words of a row without those by which banks say that it is one taken back.
    private static func plain(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).map { letters(of: String($0)) }.filter {
            !$0.isEmpty && !ofUndoing.contains($0) && !ofDirection.contains($0)
        }.joined(separator: " ")
    }

    private static let ofUndoing: Set<String> = [
        "REVERSAL", "REVERSE", "REVERSED", "REV", "RETUR", "KOREKSI", "BATAL", "PEMBATALAN", "DIBATALKAN", "REFUND", "VOID", "CANCEL",
        "CANCELLED", "CORRECTION", "DITARIK", "PENARIKAN", "KEMBALI", "PENGEMBALIAN",
    ]
    private static let ofDirection: Set<String> = ["DB", "CR", "DR", "DEBIT", "DEBET", "KREDIT", "CREDIT", "MASUK", "KELUAR"]
}

extension Refund {
    /// Whether a bank may have booked it on a day: about the one that its payment order bears, or that it was noted on.
    func isPossible(on day: CivilDate) -> Bool {
        guard let paid = slipDay ?? carriedAt?.date(in: .utc) else { return false }
        return abs(day.days - paid.days) <= Reconciliation.namedLag
    }

    /// Whether the words of a row are its name, or the number under which it was paid.
    func isNamed(by words: Set<String>) -> Bool {
        words.contains(id) || words.contains(Reconciliation.letters(of: id))
            || (reference.utf8.count > 3 && words.contains(Reconciliation.letters(of: reference)))
    }
}
