// SPDX-License-Identifier: EUPL-1.2

import Crypto
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
        /// Which of equal rows it is, from 1.
        public let ordinal: Int

        /// What names it once and for all, in whatever statement it stands.
        var name: String { BankStatement.name(day, amount, text, ordinal) }
    }

    private static func name(_ day: CivilDate, _ amount: Int, _ text: String, _ ordinal: Int) -> String {
        "\(day)|\(amount)|\(text)" + (ordinal > 1 ? "\u{1F}\(ordinal)" : "")
    }

    /// A row that is in no book, as whoever records it brings it back.
    public struct Finding: Sendable {
        /// What names it once and for all, in whatever statement it stands.
        public let name: String
        /// What the bank wrote.
        public let text: String
        /// In rupiah.
        public let amount: Int
        /// The day on which it was booked.
        public let day: CivilDate
        /// Which statement it stood in.
        public let fingerprint: String
        /// When the statement was compared with the books; what was recorded since may be the same money.
        public let compared: Instant

        /// A row of a statement.
        ///
        /// - Parameter ordinal: which of equal rows it is, from 1.
        public init(text: String, amount: Int, day: CivilDate, ordinal: Int, fingerprint: String, compared: Instant) {
            name = BankStatement.name(day, amount, text, ordinal)
            self.text = text
            self.amount = amount
            self.day = day
            self.fingerprint = fingerprint
            self.compared = compared
        }
    }

    /// Credits in the order of the file.
    public let rows: [Row]
    /// SHA-256 of the file, in hexadecimal: which statement it was, as whoever has the file can work out again.
    public let fingerprint: String

    /// The most bytes of a file.
    public static let limit = 4 << 20

    private static let dayNames: Set<String> = ["tanggal", "tgl", "date", "posting date", "tanggal transaksi", "transaction date"]
    private static let amountNames: Set<String> = ["kredit", "credit", "jumlah", "amount", "nominal", "mutasi kredit"]
    private static let textNames: Set<String> = ["keterangan", "uraian", "description", "berita", "referensi", "reference", "no referensi"]

    private static let pool = WorkerPool(name: "balai.statements", width: 1)

    /// Reads a statement on a thread of its own: four megabytes take a while.
    public static func read(_ bytes: [UInt8]) async throws -> BankStatement { try await pool.run { try BankStatement(csv: bytes) } }

    /// Reads a statement as CSV, with commas or semicolons: columns for the day, for the credit, and one or more with words.
    ///
    /// - Throws: a problem that names the line and what is wrong with it, for the field `statement`.
    public init(csv bytes: [UInt8]) throws {
        func refuse(_ id: String, _ en: String) -> Problem { .fields([Problem.Field("statement", Text(id: id, en: en))]) }
        guard bytes.count <= Self.limit else { throw refuse("Paling besar 4 MB", "At most 4 MB") }
        fingerprint = Array(SHA256.hash(data: bytes)).hex
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
        var equal: [String: Int] = [:]
        rows = try records.dropFirst().compactMap { record in
            guard record.fields.count > max(day, amount) else {
                throw refuse("Baris \(record.line): kolomnya kurang", "Line \(record.line): columns are missing")
            }
            let written = record.fields[amount].trimming()
            // A debit leaves the credit empty.
            if written.isEmpty || written == "-" { return nil }
            let typedDay = Self.day(record.fields[day].trimming())
            guard let date = typedDay.value else {
                let why = typedDay.fault ?? Text(id: "tanggalnya kosong", en: "the date is empty")
                throw refuse("Baris \(record.line): \(why.id)", "Line \(record.line): \(why.en)")
            }
            let typedAmount = Rupiah.typed(written)
            guard let rupiah = typedAmount.value else {
                let why = typedAmount.fault ?? Text(id: "jumlahnya kosong", en: "the amount is empty")
                throw refuse("Baris \(record.line): \(why.id)", "Line \(record.line): \(why.en)")
            }
            if rupiah <= 0 { return nil }
            let words = texts.filter { $0 < record.fields.count }.map { record.fields[$0] }.joined(separator: " ")
            let text = String(words.prefix(300))
            let ordinal = equal["\(date)|\(rupiah)|\(text)", default: 0] + 1
            equal["\(date)|\(rupiah)|\(text)"] = ordinal
            return Row(line: record.line, day: date, amount: rupiah, text: text, ordinal: ordinal)
        }
    }

    /// The day of a row, which some banks follow with the time.
    private static func day(_ text: String) -> Typed<CivilDate> {
        let whole = CivilDate.typed(text)
        return whole.value == nil ? CivilDate.typed(String(text.prefix { $0 != " " && $0 != "T" })) : whole
    }
}

extension String {
    fileprivate func trimming() -> String {
        String(trimmingPrefix { $0.isWhitespace }.reversed().trimmingPrefix { $0.isWhitespace }.reversed())
    }
}
