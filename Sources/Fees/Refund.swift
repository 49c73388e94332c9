// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// An order to give money back: the head of the agency orders it as the one who answers for its budget (pengguna anggaran), and the
/// city’s treasury pays it into the payer’s account. Never out of a till: what an agency takes may not be spent (PP 12/2019 art. 120,
/// 123, 138).
public struct Refund: Sendable {
    /// How far it has come.
    public enum State: String, Sendable {
        case ordered, carried, withdrawn, returned
    }

    /// Its name: the bill's number and which order of it.
    public let id: String
    /// The bill.
    public let bill: String
    /// The case.
    public let docket: String
    /// The agency whose money it is.
    public let agency: String
    /// In rupiah.
    public let amount: Int
    /// How it is given back: by transfer; orders of before 2026-12 may say in cash.
    public let method: Payment.Method
    /// Why, with the article.
    public let ground: String
    /// The account of whoever ordered it.
    public let orderedBy: String
    /// When.
    public let orderedAt: Instant
    /// How far it has come.
    public let state: State
    /// The number of its receipt, once it is carried out.
    public let receipt: String?
    /// When it was carried out.
    public let carriedAt: Instant?
    /// The number of the treasury’s payment order (SP2D) or transfer; empty where there is none.
    public let reference: String

    /// The day that it bears; nil where there is none.
    public let slipDay: CivilDate?

    /// Why it was taken back or came back from the bank, as the applicant reads it; empty where neither.
    public let undone: String
    /// The number of the officer who ordered it.
    public let orderedByNumber: Int?

    static let columns: SQL = """
        id, bill, docket, agency, amount, method, ground, ordered_by, ordered_at, state, receipt, carried_at, reference, slip_day, undone,
        (SELECT number FROM account WHERE account.id = refund.ordered_by)
        """

    init(_ row: Row) throws {
        id = try row(0)
        bill = try row(1)
        docket = try row(2)
        agency = try row(3)
        amount = try row(4)
        method = Payment.Method(rawValue: try row(5)) ?? .transfer
        ground = try row(6)
        orderedBy = try row(7)
        orderedAt = try row(8)
        state = State(rawValue: try row(9)) ?? .ordered
        receipt = try row.optional(10)
        carriedAt = try row.optional(11)
        reference = try row(12)
        slipDay = CivilDate(try row(13, as: String.self))
        undone = try row(14)
        orderedByNumber = try row.optional(15)
    }

    /// Where money is given back to: personal data. What an applicant wishes is sealed under their key and goes with them; what an
    /// order names is kept under a key of its own, as evidence of whom public money was paid to (PP 12/2019 art. 121, UU 27/2022
    /// art. 15).
    public struct Account: Sendable, Hashable {
        /// The bank.
        public let bank: String
        /// The number, digits only.
        public let number: String
        /// Its holder.
        public let name: String

        /// Reads what was typed.
        ///
        /// - Throws: a problem with every field that is wrong.
        public init(bank: String, number: String, name: String) throws {
            let (bank, name) = (bank.plain(isOneLine: true), name.plain(isOneLine: true))
            self.bank = bank
            self.name = name
            self.number = number.filter { !" -.".contains($0) }
            var faults: [Problem.Field] = []
            if bank.isEmpty || bank.unicodeScalars.count > 60 {
                faults.append(Problem.Field("bank", Text(id: "Tulis nama banknya", en: "Write the name of the bank")))
            }
            if !(5...20).contains(self.number.utf8.count) || !self.number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                faults.append(
                    Problem.Field(
                        "rekening",
                        Text(id: "Tulis nomor rekening, 5 sampai 20 angka", en: "Write the account number, 5 to 20 digits")
                    )
                )
            }
            if name.isEmpty || name.unicodeScalars.count > 100 {
                faults.append(Problem.Field("atasnama", Text(id: "Tulis nama pemilik rekening", en: "Write the holder of the account")))
            }
            if !faults.isEmpty { throw Problem.fields(faults) }
        }

        init?(json: JSON?) {
            guard let json, let bank = json["bank"]?.string, let number = json["number"]?.string, let name = json["name"]?.string else {
                return nil
            }
            self.bank = bank
            self.number = number
            self.name = name
        }

        /// What can be written into a message: the bank, and the last digits.
        public var masked: String { "\(bank) *\(number.suffix(4))" }

        /// Whether another is the same, however its words are cased and set apart, and whatever stands around the name of its bank.
        func isSame(as other: Account) -> Bool {
            number == other.number && Self.bare(bank) == Self.bare(other.bank) && Self.bare(name) == Self.bare(other.name)
        }

        private static func bare(_ text: String) -> String {
            let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.filter { !["pt", "bank", "persero", "tbk"].contains($0) }
            return words.joined()
        }

        var json: JSON { ["bank": .string(bank), "number": .string(number), "name": .string(name)] }
    }
}
