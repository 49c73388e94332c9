// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// What a bank says came into the city's account: the rows of its statement that are credits.
public struct BankStatement: Sendable {
    /// Money that came in.
    public struct Row: Sendable, Hashable {
        /// The line of the file.
        public let line: Int
        /// The day on which it was booked.
        public let day: CivilDate
        /// In rupiah.
        public let amount: Int
        /// What the bank wrote: references, names, payment codes.
        public let text: String
    }

    /// Credits in the order of the file.
    public let rows: [Row]

    /// The most bytes of a file.
    public static let limit = 4 << 20

    private static let dayNames: Set<String> = ["tanggal", "tgl", "date", "posting date", "tanggal transaksi", "transaction date"]
    private static let amountNames: Set<String> = ["kredit", "credit", "jumlah", "amount", "nominal", "mutasi kredit"]
    private static let textNames: Set<String> = ["keterangan", "uraian", "description", "berita", "referensi", "reference", "no referensi"]

    /// Reads a statement as CSV, with commas or semicolons: columns for the day, for the credit, and one or more with words.
    ///
    /// - Throws: a problem that names the line and what is wrong with it, for the field `statement`.
    public init(csv bytes: [UInt8]) throws {
        func refuse(_ id: String, _ en: String) -> Problem { .fields([Problem.Field("statement", Text(id: id, en: en))]) }
        guard bytes.count <= Self.limit else { throw refuse("Paling besar 4 MB", "At most 4 MB") }
        let text = String(decoding: bytes, as: UTF8.self)
        let head = text.prefix { !$0.isNewline }
        let separator: Character = head.count { $0 == ";" } > head.count { $0 == "," } ? ";" : ","
        let records: [(line: Int, fields: [String])]
        do {
            records = try CSVReader.records(text, separator: separator).map { ($0.line, $0.fields) }
        } catch let fault as CSVReader.Fault {
            throw refuse("Baris \(fault.line): \(fault.message.id)", "Line \(fault.line): \(fault.message.en)")
        }
        let names = records.first?.fields.map { $0.lowercased().trimming() } ?? []
        guard let day = names.firstIndex(where: Self.dayNames.contains), let amount = names.firstIndex(where: Self.amountNames.contains)
        else {
            throw refuse(
                "Baris pertama harus menyebut kolom: tanggal, kredit, keterangan",
                "The first line has to name the columns: date, credit, description"
            )
        }
        let texts = names.indices.filter { Self.textNames.contains(names[$0]) }
        rows = try records.dropFirst().compactMap { record in
            guard record.fields.count > max(day, amount) else {
                throw refuse("Baris \(record.line): kolomnya kurang", "Line \(record.line): columns are missing")
            }
            let written = record.fields[amount].trimming()
            // A debit leaves the credit empty.
            if written.isEmpty || written == "-" { return nil }
            guard let date = Self.day(record.fields[day].trimming()) else {
                throw refuse(
                    "Baris \(record.line): “\(record.fields[day])” bukan tanggal",
                    "Line \(record.line): “\(record.fields[day])” is no date"
                )
            }
            guard let rupiah = Self.rupiah(written) else {
                throw refuse(
                    "Baris \(record.line): “\(written)” bukan jumlah rupiah",
                    "Line \(record.line): “\(written)” is no amount in rupiah"
                )
            }
            if rupiah <= 0 { return nil }
            let words = texts.filter { $0 < record.fields.count }.map { record.fields[$0] }.joined(separator: " ")
            return Row(line: record.line, day: date, amount: rupiah, text: String(words.prefix(300)))
        }
    }

    /// `2026-11-24`, `24/11/2026`, `24-11-2026`.
    static func day(_ text: String) -> CivilDate? {
        let text = String(text.prefix(10))
        if let date = CivilDate(text) { return date }
        let parts = text.split { "-/.".contains($0) }.compactMap { Int(digits: $0.utf8) }
        return parts.count == 3 ? CivilDate(year: parts[2], month: parts[1], day: parts[0]) : nil
    }

    /// `162000`, `162.000`, `162.000,00`, `162,000.00`, `Rp 162.000,00`; nil where there are sen, or it is no amount.
    static func rupiah(_ text: String) -> Int? {
        var text = text.replacing("Rp", with: "").filter { $0 != " " }
        let isNegative = text.hasPrefix("-")
        if isNegative { text.removeFirst() }
        if let match = text.wholeMatch(of: /(.*)[.,]([0-9]{2})/) {
            guard match.2 == "00" else { return nil }
            text = String(match.1)
        }
        let groups = text.split(omittingEmptySubsequences: false) { ".,".contains($0) }
        guard groups.count == 1 || (groups.dropFirst().allSatisfy { $0.count == 3 } && (1...3).contains(groups[0].count)),
            let value = Int(digits: groups.joined().utf8), value <= 1_000_000_000_000_000
        else { return nil }
        return isNegative ? -value : value
    }
}

extension String {
    fileprivate func trimming() -> String {
        String(trimmingPrefix { $0.isWhitespace }.reversed().trimmingPrefix { $0.isWhitespace }.reversed())
    }
}
