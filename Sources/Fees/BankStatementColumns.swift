// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Which columns of a bank's statement say what, and how it tells money that came in from money that went out.
struct BankStatementColumns {
    /// The column of the day.
    let day: Int
    /// Columns with words of the bank.
    let texts: [Int]
    /// The last column that every row has to have.
    let last: Int
    private let amount: Int
    private let direction: Direction

    /// How a file says which way money went.
    private enum Direction {
        /// The column holds what came in and nothing else; another may hold what went out.
        case creditsOnly(debit: Int?)
        /// Another column says it of each row.
        case column(Int)
        /// Each amount says it itself, by a mark or by a word after it; where only what went out is marked, the others came in.
        case sign(isInMarked: Bool)
    }

    private static let dayNames: Set<String> = ["tanggal", "tgl", "date", "posting date", "tanggal transaksi", "transaction date"]
    private static let creditNames: Set<String> = ["kredit", "credit", "mutasi kredit"]
    private static let debitNames: Set<String> = ["debit", "debet", "mutasi debit", "mutasi debet"]
    /// Columns that may hold what came in and what went out.
    private static let bothNames: Set<String> = ["jumlah", "amount", "nominal"]
    private static let textNames: Set<String> = ["keterangan", "uraian", "description", "berita", "referensi", "reference", "no referensi"]
    /// Columns that say which way money went; some banks leave its name empty.
    private static let directionNames: Set<String> = [
        "", "db/cr", "cr/db", "dbcr", "db cr", "d/k", "k/d", "dk", "d/c", "c/d", "dc", "debit/kredit", "debet/kredit", "debit/credit",
        "tipe", "jenis", "type", "jenis transaksi", "transaction type",
    ]
    private static let inWords: Set<String> = ["cr", "c", "k", "kr", "kredit", "credit", "+", "masuk"]
    private static let outWords: Set<String> = ["db", "d", "dr", "debit", "debet", "-", "keluar"]
    /// How many lines a bank may write above the names of the columns.
    private static let mostAbove = 30

    /// Finds the columns, and takes the lines up to their names off the records.
    ///
    /// - Throws: a problem where a column is missing, or nothing says which way money went: what was paid out is never taken for what
    ///   came in.
    init(_ records: inout [CSVReader.Record]) throws {
        func named(_ fields: [String]) -> [String] { fields.map { $0.trimming().lowercased() } }
        func isHead(_ names: [String]) -> Bool {
            names.contains(where: Self.dayNames.contains) && names.contains(where: Self.creditNames.union(Self.bothNames).contains)
        }
        guard let head = records.prefix(Self.mostAbove).firstIndex(where: { isHead(named($0.fields)) }) else { throw Self.noColumns }
        let names = named(records[head].fields)
        records.removeFirst(head + 1)
        guard let day = names.firstIndex(where: Self.dayNames.contains) else { throw Self.noColumns }
        self.day = day
        texts = names.indices.filter { Self.textNames.contains(names[$0]) }
        if let credit = names.firstIndex(where: Self.creditNames.contains) {
            amount = credit
            direction = .creditsOnly(debit: names.firstIndex(where: Self.debitNames.contains))
        } else if let both = names.firstIndex(where: Self.bothNames.contains) {
            amount = both
            let rows = records
            func tells(_ column: Int) -> Bool {
                let words = rows.compactMap { $0.fields.count > column ? $0.fields[column].trimming() : nil }.filter { !$0.isEmpty }
                return !words.isEmpty && words.allSatisfy { Self.isIn($0) != nil }
            }
            if let column = names.indices.first(where: { Self.directionNames.contains(names[$0]) && tells($0) }) {
                direction = .column(column)
            } else {
                let marks = Set(rows.compactMap { $0.fields.count > both ? Self.signed($0.fields[both]).isIn : nil })
                guard !marks.isEmpty else { throw Self.noDirection(names[both]) }
                direction = .sign(isInMarked: marks.contains(true))
            }
        } else {
            throw Self.noColumns
        }
        last = if case .column(let column) = direction { max(day, amount, column) } else { max(day, amount) }
    }

    /// What a row says came in or went out, as the bank wrote it; nil where it says neither.
    func money(in fields: [String], _ refuse: (Text) -> Problem) throws -> (text: String, isIn: Bool)? {
        let written = fields[amount].trimming()
        // What lay there before and after, and a sum under the rows, is no money that came in.
        if fields.contains(where: { Self.isBalance($0) }) { return nil }
        if fields[day].trimming().isEmpty, fields.contains(where: { Self.isSum($0) }) { return nil }
        // A debit leaves the credit empty.
        let isNothing = written.isEmpty || written == "-"
        switch direction {
        case .creditsOnly(let debit):
            guard isNothing || Rupiah.typed(written).value == 0 else { return (written, true) }
            return debit.flatMap { $0 < fields.count ? (Self.signed(fields[$0]).text, false) : nil }
        case .sign(let isInMarked):
            if isNothing { return nil }
            let (text, isIn) = Self.signed(written)
            guard let isIn = isIn ?? (isInMarked ? nil : true) else { throw refuse(Self.unmarked) }
            return (text, isIn)
        case .column(let column):
            if isNothing { return nil }
            guard let isIn = Self.isIn(fields[column].trimming()) else { throw refuse(Self.unmarked) }
            return (written, isIn)
        }
    }

    private static func isSum(_ field: String) -> Bool {
        ["total", "jumlah", "saldo"].contains { field.trimming().lowercased().hasPrefix($0) }
    }

    /// Whether a field says nothing but what lay there, perhaps with a day: who writes so with their money says more.
    private static func isBalance(_ field: String) -> Bool {
        let words = field.lowercased().split { !$0.isLetter }.map(String.init)
        guard words.contains(where: balanceWords.contains), Reconciliation.codes(in: field).isEmpty else { return false }
        return words.allSatisfy {
            balanceWords.contains($0) || besideBalance.contains($0) || CivilDate.typed("1 \($0) 2026").value != nil
        }
    }

    private static let balanceWords: Set<String> = ["saldo", "balance"]
    private static let besideBalance: Set<String> = [
        "awal", "akhir", "lalu", "pindahan", "sebelumnya", "pembukaan", "penutupan", "opening", "closing", "beginning", "ending", "initial",
        "previous", "final", "brought", "carried", "forward", "b", "f", "c", "d", "rekening", "account", "rp", "idr", "per", "tgl",
        "tanggal", "bulan", "periode", "as", "at", "of", "on", "the",
    ]

    private static func isIn(_ word: String) -> Bool? {
        let word = word.lowercased().filter { $0 != "." }
        return inWords.contains(word) ? true : outWords.contains(word) ? false : nil
    }

    /// An amount without what it says of its way, and that; nil where it says nothing.
    private static func signed(_ written: String) -> (text: String, isIn: Bool?) {
        var text = written.trimming()
        if let first = text.first, let isIn = "+-".contains(first) ? isIn(String(first)) : nil {
            text.removeFirst()
            return (text.trimming(), isIn)
        }
        let word = String(text.reversed().prefix { $0.isLetter || $0 == "." || $0 == "-" || $0 == "+" }.reversed())
        guard let isIn = isIn(word) else { return (text, nil) }
        return (String(text.dropLast(word.count)).trimming(), isIn)
    }

    private static let unmarked = Text(
        id: "tidak dikatakan masuk (CR) atau keluar (DB)",
        en: "it does not say whether in (CR) or out (DB)"
    )

    private static let noColumns = BankStatement.refuse(
        Text(
            id: "Salah satu baris di atas harus menyebut kolom: tanggal, kredit, keterangan",
            en: "One of the first lines has to name the columns: date, credit, description"
        )
    )

    private static func noDirection(_ name: String) -> Problem {
        BankStatement.refuse(
            Text(
                id: "Kolom “\(name)” tidak mengatakan uang masuk atau keluar. Namai kolomnya “kredit”, atau tambahkan kolom “DB/CR”",
                en: "Column “\(name)” does not say whether money came in or went out. Name it “credit”, or add a column “DB/CR”"
            )
        )
    }
}
