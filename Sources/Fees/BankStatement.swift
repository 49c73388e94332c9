// SPDX-License-Identifier: EUPL-1.2

import Crypto
import Essentials

/// What a bank says came into the city's account, and what went out of it.
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
        /// How many entries the journal had when the statement was compared with the books; what was recorded since may be the same
        /// money. No time of the clock would say it: an act under way has begun before it can be seen.
        public let compared: Int
        /// Which of equal rows it is, from 1.
        let ordinal: Int
        /// Whether a row of the same statement says that as much of the same bill was taken back.
        public var isMirrored = false
        /// Whether the comparison lists it as money that came in and was taken back.
        public var isTakenBack = false
        /// What the books had of the same amount when the statement was compared: receipts, slips, orders.
        public var alike: [String] = []
        /// The order to give back whose money may have come back by it; nil where there is none.
        public var order: String?

        /// A row of a statement.
        ///
        /// - Parameter ordinal: which of equal rows it is, from 1.
        public init(text: String, amount: Int, day: CivilDate, ordinal: Int, fingerprint: String, compared: Int) {
            name = BankStatement.name(day, amount, text, ordinal)
            self.text = text
            self.amount = amount
            self.day = day
            self.ordinal = ordinal
            self.fingerprint = fingerprint
            self.compared = compared
        }
    }

    /// Credits in the order of the file.
    public let rows: [Row]
    /// What went out, as far as it can be read: it says what the bank took back at once.
    public let debits: [Row]
    /// SHA-256 of the file, in hexadecimal: which statement it was, as whoever has the file can work out again.
    public let fingerprint: String

    /// The most bytes of a file.
    public static let limit = 4 << 20

    private static let pool = WorkerPool(name: "balai.statements", width: 1)

    /// Reads a statement on a thread of its own: four megabytes take a while.
    public static func read(_ bytes: [UInt8]) async throws -> BankStatement { try await pool.run { try BankStatement(csv: bytes) } }

    /// Reads a statement as CSV: columns for the day, for the money, and one or more with words. Lines above the columns are passed over.
    ///
    /// - Throws: a problem that names the line and what is wrong with it, for the field `statement`.
    public init(csv bytes: [UInt8]) throws {
        guard bytes.count <= Self.limit else { throw Self.refuse(Text(id: "Paling besar 4 MB", en: "At most 4 MB")) }
        fingerprint = Array(SHA256.hash(data: bytes)).hex
        var records = try Self.records(bytes)
        let columns = try BankStatementColumns(&records)
        var equal: [String: Int] = [:]
        var (rows, debits): ([Row], [Row]) = ([], [])
        for record in records {
            func refuse(_ why: Text) -> Problem {
                Self.refuse(Text(id: "Baris \(record.line): \(why.id)", en: "Line \(record.line): \(why.en)"))
            }
            guard record.fields.count > columns.last else { throw refuse(Text(id: "kolomnya kurang", en: "columns are missing")) }
            guard let (written, isIn) = try columns.money(in: record.fields, refuse) else { continue }
            let words = columns.texts.filter { $0 < record.fields.count }.map { record.fields[$0] }.joined(separator: " ")
            let text = String(words.prefix(300))
            let typedDay = Self.day(record.fields[columns.day].trimming())
            let typedAmount = Rupiah.typed(written)
            func debit(_ amount: Int) {
                guard let day = typedDay.value, amount > 0 else { return }
                debits.append(Row(line: record.line, day: day, amount: amount, text: text, ordinal: 1))
            }
            guard isIn else {
                // What went out in sen, as a bank’s fee, mirrors nothing that came in.
                debit(typedAmount.value ?? 0)
                continue
            }
            guard let date = typedDay.value else { throw refuse(typedDay.fault ?? Text(id: "tanggalnya kosong", en: "the date is empty")) }
            guard let rupiah = typedAmount.value else {
                throw refuse(typedAmount.fault ?? Text(id: "jumlahnya kosong", en: "the amount is empty"))
            }
            guard rupiah > 0 else {
                debit(-rupiah)
                continue
            }
            let ordinal = equal["\(date)|\(rupiah)|\(text)", default: 0] + 1
            equal["\(date)|\(rupiah)|\(text)"] = ordinal
            rows.append(Row(line: record.line, day: date, amount: rupiah, text: text, ordinal: ordinal))
        }
        self.rows = rows
        self.debits = debits
    }

    static func refuse(_ why: Text) -> Problem { .fields([Problem.Field("statement", why)]) }

    /// The lines of a file, whichever of the usual marks sets its columns apart, and whichever ends its lines.
    private static func records(_ bytes: [UInt8]) throws -> [CSVReader.Record] {
        let lineEnd = UInt8(ascii: "\n")
        let lines = bytes.contains(lineEnd) ? bytes : bytes.map { $0 == UInt8(ascii: "\r") ? lineEnd : $0 }
        let head = lines.prefix(4096)
        let separator = [",", ";", "\t"].max { one, other in
            head.count { $0 == one.utf8.first } < head.count { $0 == other.utf8.first }
        }
        do {
            return try CSVReader.records(lines, separator: separator?.first ?? ",")
        } catch let fault as CSVReader.Fault {
            throw refuse(Text(id: "Baris \(fault.line): \(fault.message.id)", en: "Line \(fault.line): \(fault.message.en)"))
        }
    }

    /// The day of a row, which some banks follow with the time.
    private static func day(_ text: String) -> Typed<CivilDate> {
        let whole = CivilDate.typed(text)
        return whole.value == nil ? CivilDate.typed(String(text.prefix { $0 != " " && $0 != "T" })) : whole
    }
}

extension String {
    func trimming() -> String {
        String(trimmingPrefix { $0.isWhitespace }.reversed().trimmingPrefix { $0.isWhitespace }.reversed())
    }
}
