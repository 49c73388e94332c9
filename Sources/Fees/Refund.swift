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
        case ordered, carried, withdrawn
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

    static let columns: SQL =
        "id, bill, docket, agency, amount, method, ground, ordered_by, ordered_at, state, receipt, carried_at, reference"

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
    }

    /// Where money is given back to: personal data, sealed under the applicant's key.
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
            self.bank = bank
            self.name = name
            self.number = number.filter { !" -.".contains($0) }
            var faults: [Problem.Field] = []
            if bank.isEmpty || bank.count > 60 {
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
            if name.isEmpty || name.count > 100 {
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

        var json: JSON { ["bank": .string(bank), "number": .string(number), "name": .string(name)] }
    }
}

/// Giving money back.
extension Fees {
    /// Keeps the account to which an applicant wants money back.
    public func giveAccount(_ account: Refund.Account, for number: String, of person: Identifier, by actor: Actor) async throws {
        try await journal.commit { act in
            let bill = try Self.require(number, in: act.snapshot)
            try act.append(
                "refund.account-given",
                to: "bill/\(bill.number)",
                by: actor,
                facts: ["docket": .string(bill.docket)],
                personal: Personal(of: person, ["account": account.json])
            )
        }
    }

    /// The account to which an applicant wants money of a bill back; nil where none was given.
    public func account(for number: String, in snapshot: Snapshot) throws -> Refund.Account? {
        try wishedAccount(for: number, in: snapshot)?.0
    }

    private func wishedAccount(for number: String, in snapshot: Snapshot) throws -> (Refund.Account, person: Identifier)? {
        guard let entry = try journal.entries(of: "bill/\(number)", in: snapshot).last(where: { $0.kind == "refund.account-given" }),
            let account = Refund.Account(json: entry.personal?["account"]), let person = entry.person
        else { return nil }
        return (account, person: person)
    }

    /// The account that an order names. It stays what it was when the order was given, whatever anybody writes later: who carries the
    /// order out gives the money where the one who ordered it said.
    public func account(of refund: Refund, in snapshot: Snapshot) throws -> Refund.Account? {
        try journal.entries(of: "bill/\(refund.bill)", in: snapshot)
            .first { $0.kind == "refund.ordered" && $0.facts["order"]?.string == refund.id }
            .flatMap { Refund.Account(json: $0.personal?["account"]) }
    }

    /// Orders that what was paid beyond a bill is given back: by the head of its agency.
    ///
    /// - Parameter account: an account told at the counter, with whose it is; nil for the one that the applicant gave. The order keeps
    ///   it, and the applicant is told of it.
    public func order(
        _ amount: Int,
        of number: String,
        ground: String,
        to account: (Refund.Account, person: Identifier)? = nil,
        key: String?,
        by officer: Officer
    ) async throws {
        guard officer.roles.contains(.head) else { throw Self.headOnly }
        guard (10...300).contains(ground.count) else {
            throw Problem.fields([
                Problem.Field(
                    "reason",
                    Text(
                        id: "Tulis alasannya dengan dasar hukumnya, 10 sampai 300 huruf",
                        en: "Write the ground with the rule that it rests on, 10 to 300 letters"
                    )
                )
            ])
        }
        let once = "refund:\(number):\(key ?? Identifier(at: journal.clock.now).description)"
        let content: JSON = [
            "amount": JSON(amount), "ground": .string(ground), "account": .string(account.map { "\($0.0)" } ?? ""),
        ]
        try await journal.commit(once: once, of: content) { act in
            let bill = try Self.require(number, in: act.snapshot)
            try Self.requireHead(officer, of: bill.agency)
            guard bill.returnable > 0, (1...bill.returnable).contains(amount) else { throw Self.tooMuch(bill) }
            guard let target = try account ?? wishedAccount(for: number, in: act.snapshot) else {
                throw Problem.fields([
                    Problem.Field(
                        "rekening",
                        Text(
                            id: "Pemohon belum memberi rekening: tulis di sini, atau tunggu pemohon mengisinya di halaman berkasnya",
                            en:
                                "The applicant has given no account yet: write it here, or wait until they give it on the page of their case"
                        )
                    )
                ])
            }
            let count = try act.snapshot.count("SELECT count(*) FROM refund WHERE bill = \(number)") + 1
            let id = "\(number)-\(count)"
            try act.append(
                "refund.ordered",
                to: "bill/\(number)",
                by: officer.actor,
                facts: [
                    "docket": .string(bill.docket), "agency": .string(bill.agency), "order": .string(id), "amount": JSON(amount),
                    "method": .string(Payment.Method.transfer.rawValue),
                ],
                inner: ["ground": .string(ground)],
                personal: Personal(of: target.person, ["account": target.0.json])
            )
            let refund = try Self.refund(id, bill, amount, ground, officer, at: act.now)
            _ = try happened(act, .ordered(refund, to: target.0))
            return id
        }
    }

    private static func refund(
        _ id: String,
        _ bill: Bill,
        _ amount: Int,
        _ ground: String,
        _ officer: Officer,
        at now: Instant
    ) throws -> Refund {
        try Refund(
            Row(values: [
                .text(id), .text(bill.number), .text(bill.docket), .text(bill.agency), .integer(Int64(amount)),
                .text(Payment.Method.transfer.rawValue), .text(ground), .text(officer.account.description), .integer(now.milliseconds),
                .text("ordered"), .null, .null, .text(""),
            ])
        )
    }

    /// Notes that the treasury has paid an order, and gives its receipt: by a treasurer of the agency who did not order it.
    ///
    /// - Parameter slip: the number of the treasury’s payment order (SP2D) or of its transfer.
    @discardableResult
    public func carryOut(_ id: String, slip: String, by officer: Officer) async throws -> String {
        try await journal.commit { act in
            let refund = try Self.requireRefund(id, in: act.snapshot)
            try Self.requireTreasurer(officer, of: refund.agency)
            if refund.state == .carried, let receipt = refund.receipt { return receipt }
            guard refund.state == .ordered else { throw Self.notOpen }
            guard refund.orderedBy != officer.account.description else { throw Self.fourEyes }
            guard refund.method == .transfer else { throw Self.noCash }
            guard (1...60).contains(slip.count) else {
                throw Problem.fields([
                    Problem.Field(
                        "slip",
                        Text(
                            id: "Tulis nomor SP2D atau transfernya, paling panjang 60 huruf",
                            en: "Write the number of the payment order (SP2D) or transfer, at most 60 letters"
                        )
                    )
                ])
            }
            let bill = try Self.require(refund.bill, in: act.snapshot)
            // A payment may have been taken back by the bank since.
            guard bill.excess >= refund.amount else { throw Self.tooMuch(bill) }
            let today = act.now.date(in: zone)
            let receipt = try Self.nextNumber("KB", today.parts.year, table: "refund", in: act.snapshot)
            try act.append(
                "refund.carried",
                to: "bill/\(bill.number)",
                by: officer.actor,
                facts: [
                    "docket": .string(bill.docket), "agency": .string(bill.agency), "order": .string(id), "amount": JSON(refund.amount),
                    "method": .string(refund.method.rawValue), "receipt": .string(receipt), "day": .string(today.description),
                    "money": Self.postings([(refund.method.account, -refund.amount), ("excess", refund.amount)]),
                ],
                inner: ["reference": .string(slip)]
            )
            _ = try happened(act, .refunded(refund))
            return receipt
        }
    }

    /// An order with the whole account that it names, for whoever carries it out: a treasurer of its agency.
    public func openAccount(of id: String, by officer: Officer) async throws -> (refund: Refund, account: Refund.Account?) {
        try await journal.read { snapshot in
            let refund = try Self.requireRefund(id, in: snapshot)
            try Self.requireTreasurer(officer, of: refund.agency)
            return (refund: refund, account: try account(of: refund, in: snapshot))
        }
    }

    /// Takes an order back that has not been carried out: by the head of the agency.
    public func withdraw(_ id: String, by officer: Officer) async throws {
        try await journal.commit { act in
            let refund = try Self.requireRefund(id, in: act.snapshot)
            try Self.requireHead(officer, of: refund.agency)
            guard refund.state == .ordered else { throw Self.notOpen }
            try act.append(
                "refund.withdrawn",
                to: "bill/\(refund.bill)",
                by: officer.actor,
                facts: [
                    "docket": .string(refund.docket), "agency": .string(refund.agency), "order": .string(id), "amount": JSON(refund.amount),
                ]
            )
        }
    }

    /// Orders of a bill, oldest first.
    public static func refunds(of number: String, in snapshot: Snapshot) throws -> [Refund] {
        try snapshot.rows("SELECT \(Refund.columns) FROM refund WHERE bill = \(number) ORDER BY ordered_at, id") { try Refund($0) }
    }

    /// A refund by the number of its receipt.
    public func refund(receipt: String) async throws -> Refund? {
        try await journal.read { snapshot in
            try snapshot.find("SELECT \(Refund.columns) FROM refund WHERE receipt = \(receipt)") { try Refund($0) }
        }
    }

    private static func requireRefund(_ id: String, in snapshot: Snapshot) throws -> Refund {
        guard let refund = try snapshot.find("SELECT \(Refund.columns) FROM refund WHERE id = \(id)", { try Refund($0) }) else {
            throw Problem.notFound
        }
        return refund
    }

    private static func tooMuch(_ bill: Bill) -> Problem {
        .fields([
            Problem.Field(
                "amount",
                Text(
                    id: "Paling banyak Rp\(Language.indonesian.number(bill.returnable)), yaitu kelebihan bayarnya",
                    en: "At most Rp\(Language.english.number(bill.returnable)), which is what was paid too much"
                )
            )
        ])
    }

    private static let notOpen = Problem(
        "refund.not-open",
        .conflict,
        Text(id: "Perintah ini sudah dilaksanakan atau ditarik", en: "This order has been carried out or taken back")
    )

    private static let fourEyes = Problem(
        "refund.four-eyes",
        .conflict,
        Text(id: "Anda sendiri yang memerintahkannya", en: "You ordered it yourself"),
        remedy: Text(id: "Bendahara lain dari instansi ini yang melaksanakannya.", en: "Another treasurer of this agency carries it out.")
    )

    private static let noCash = Problem(
        "refund.no-cash",
        .conflict,
        Text(id: "Uang tidak dikembalikan dari kas loket", en: "Money is not given back out of a till"),
        remedy: Text(
            id: "Kepala instansi menarik perintah ini dan memerintahkan transfer ke rekening pemohon (PP 12/2019 ps. 120, 123).",
            en: "The head of the agency takes this order back and orders a transfer to the applicant’s account (PP 12/2019 art. 120, 123)."
        )
    )
}
