// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// Giving money back.
extension Fees {
    /// Orders that what was paid beyond a bill is given back: by the head of its agency.
    ///
    /// - Parameters:
    ///   - told: an account told at the counter, and by what it was shown to be the applicant’s; nil for the one that the applicant
    ///     gave. The order keeps it, and the applicant is told of it.
    ///   - seen: the tag of the applicant's account as it stood before whoever orders, empty where there was none; nil where nothing
    ///     was shown. Another by now is refused: nobody orders to an account that they have not seen.
    public func order(
        _ amount: Int,
        of number: String,
        ground: String,
        to told: (account: Refund.Account, proof: String)? = nil,
        seeing seen: String? = nil,
        key: String?,
        by officer: Officer
    ) async throws {
        guard officer.roles.contains(.head) else { throw Self.headOnly }
        let ground = ground.plain(isOneLine: true)
        guard (10...300).contains(ground.unicodeScalars.count) else {
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
        let proof = told?.proof.plain(isOneLine: true)
        if let proof {
            let text = Text(
                id: "Tulis buktinya, 5 sampai 300 huruf, misalnya: buku tabungan diperlihatkan",
                en: "Write what shows it, 5 to 300 letters, such as: savings book was shown"
            )
            try Self.requireReason(proof, field: "bukti", text)
        }
        let told = told?.account
        let content: JSON = ["amount": JSON(amount), "ground": .string(ground), "account": told?.json ?? .null, "proof": JSON(proof)]
        // Sent again after it was taken back, it is a new order; after its money came back, its page knows less than there is to know.
        try await journal.commit(once: once("refund:\(number)", key), of: content) { act, id, _ in
            let state = try Self.requireRefund(id, in: act.snapshot).state
            guard state != .returned else { throw Self.cameBack }
            return state != .withdrawn
        } _: { act in
            let bill = try Self.require(number, in: act.snapshot)
            try Self.requireHead(officer, of: bill.agency)
            guard bill.returnable > 0, (1...bill.returnable).contains(amount) else { throw Self.tooMuch(bill) }
            let accounts = Self.accounts(in: try journal.entries(of: "bill/\(number)", in: act.snapshot))
            let wish = accounts.wish
            if told == nil, let seen, seen != tag(of: wish) { throw Self.otherAccount }
            guard let target = told ?? wish else { throw Self.noAccount }
            if let told, accounts.wrong.contains(where: told.isSame) { throw Self.returnedFrom(told) }
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
                // Under a key of its own: whom public money was paid to stays known when the applicant is erased.
                personal: Personal(of: Identifier(at: act.now), .compact(["account": target.json, "proof": JSON(proof)]))
            )
            let refund = try Self.refund(id, bill, amount, ground, officer, at: act.now)
            _ = try happened(act, .ordered(refund, to: target, isOwn: told == nil || told == wish || !accounts.wasGiven))
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
                .text("ordered"), .null, .null, .text(""), .text(""), .text(""), .integer(Int64(officer.number)),
            ])
        )
    }

    /// Notes that the treasury has paid an order, and gives its receipt: by a treasurer of the agency who did not order it. What was
    /// paid is never refused: an order may have been taken back meanwhile, or its payment by the bank.
    ///
    /// - Parameters:
    ///   - slip: the number of the treasury’s payment order (SP2D) or of its transfer.
    ///   - slipDay: the day that it bears; today unless said.
    @discardableResult
    public func carryOut(_ id: String, slip: String, dated slipDay: CivilDate? = nil, by officer: Officer) async throws -> String {
        let slip = slip.plain(isOneLine: true)
        return try await journal.commit { act in
            let refund = try Self.requireRefund(id, in: act.snapshot)
            try Self.requireTreasurer(officer, of: refund.agency)
            if refund.state == .carried, let receipt = refund.receipt {
                guard Reconciliation.letters(of: refund.reference) == Reconciliation.letters(of: slip) else {
                    throw Self.carriedBefore(refund)
                }
                return receipt
            }
            guard refund.state != .returned else { throw Self.notOpen }
            guard refund.orderedBy != officer.account.description else { throw Self.fourEyes }
            guard refund.method == .transfer else { throw Self.noCash }
            guard Self.isSlip(slip) else {
                throw Problem.fields([
                    Problem.Field(
                        "slip",
                        Text(
                            id: "Tulis nomor SP2D atau transfernya: ada angkanya, paling panjang 60 huruf",
                            en: "Write the number of the payment order (SP2D) or transfer: with digits, at most 60 letters"
                        )
                    )
                ])
            }
            let bill = try Self.require(refund.bill, in: act.snapshot)
            let today = act.now.date(in: zone)
            let slipDay = try Self.slipDay(slipDay, from: refund.orderedAt.date(in: zone), through: today)
            let receipt = try Self.nextNumber("KB", today.parts.year, table: "refund", in: act.snapshot)
            try act.append(
                "refund.carried",
                to: "bill/\(bill.number)",
                by: officer.actor,
                facts: .compact([
                    "docket": .string(bill.docket), "agency": .string(bill.agency), "order": .string(id), "amount": JSON(refund.amount),
                    "method": .string(refund.method.rawValue), "receipt": .string(receipt), "day": .string(today.description),
                    "slip-day": .string(slipDay.description), "was-withdrawn": refund.state == .withdrawn ? true : .null,
                    "money": Self.postings([("bank", -refund.amount), ("excess", refund.amount)]),
                ]),
                inner: ["reference": .string(slip)]
            )
            _ = try happened(act, .refunded(refund))
            return receipt
        }
    }

    /// Notes that what was given back came back from the bank (retur SP2D), such as from an account that is closed: by a treasurer of
    /// the agency. It can be ordered again, unless the bank took the payment back meanwhile.
    ///
    /// - Parameters:
    ///   - day: the day on which it came back into the city’s account; today unless said.
    ///   - isOther: whether the treasurer says that it is not the money of a payment that was recorded from a statement since it was
    ///     ordered back, for the same bill and of the same amount: else it would be booked twice.
    /// - Returns: whether money of the bill is left to be ordered back.
    @discardableResult
    public func takeBack(
        _ id: String,
        reason: String,
        dated day: CivilDate? = nil,
        isOther: Bool = false,
        key: String? = nil,
        by officer: Officer
    ) async throws -> Bool {
        let reason = reason.plain(isOneLine: true)
        let content: JSON = .compact([
            "reason": .string(reason), "day": JSON(day?.description), "is-other": isOther ? true : .null,
        ])
        try await journal.commit(once: once("refund-return:\(id)", key), of: content) { act in
            let refund = try Self.requireRefund(id, in: act.snapshot)
            try Self.requireTreasurer(officer, of: refund.agency)
            guard refund.state == .carried, refund.method == .transfer else { throw Self.notOpen }
            try Self.requireReason(reason, field: "sebab")
            let today = act.now.date(in: zone)
            let day = try Self.slipDay(day, from: refund.slipDay ?? refund.carriedAt?.date(in: zone), through: today)
            if !isOther, let since = try recordedSince(refund, in: act.snapshot) { throw Self.mayBeRecorded(since) }
            try act.append(
                "refund.returned",
                to: "bill/\(refund.bill)",
                by: officer.actor,
                facts: [
                    "docket": .string(refund.docket), "agency": .string(refund.agency), "order": .string(id),
                    "amount": JSON(refund.amount), "method": .string(refund.method.rawValue),
                    "day": .string(today.description), "slip-day": .string(day.description),
                    "money": Self.postings([("bank", refund.amount), ("excess", -refund.amount)]),
                ],
                inner: ["reference": .string(refund.reference)],
                personal: Self.sealed(reason, at: act.now)
            )
            _ = try happened(act, .returned(refund, reason: reason))
            return id
        }
        return try await journal.read { snapshot in
            try Self.require(Self.requireRefund(id, in: snapshot).bill, in: snapshot).returnable > 0
        }
    }

    /// What was recorded from a statement since money was ordered back, for the same bill and of the same amount: it may be that money. A
    /// treasurer may note late that it was paid.
    private func recordedSince(_ refund: Refund, in snapshot: Snapshot) throws -> Payment? {
        try recorded(refund.bill, in: snapshot).map(\.payment).last {
            !$0.isReversed && $0.amount == refund.amount && $0.at >= refund.orderedAt
        }
    }

    /// The field of the tick that says that money which came back is not money that was recorded.
    public static let isOtherMoney = "uang-lain"

    private static func mayBeRecorded(_ payment: Payment) -> Problem {
        Problem.fields([
            Problem.Field(
                isOtherMoney,
                Text(
                    id:
                        "Sejak diperintahkan kembali, \(payment.receipt) sejumlah ini tercatat dari rekening koran. Kalau itu uang yang sama, batalkan dulu catatannya (“Salah catat?” di Kas)",
                    en:
                        "Since it was ordered back, \(payment.receipt) of this amount was recorded from a statement. Where it is the same money, have that taken back first (“A mistake?” under Cash)"
                )
            )
        ])
    }

    /// Takes an order back that has not been paid: by the head of the agency. The applicant is told.
    ///
    /// - Parameter isAccountWrong: whether the account was the reason: then the applicant is asked for another.
    public func withdraw(
        _ id: String,
        reason: String,
        isAccountWrong: Bool = false,
        key: String? = nil,
        by officer: Officer
    ) async throws {
        let reason = reason.plain(isOneLine: true)
        let content: JSON = isAccountWrong ? ["reason": .string(reason), "is-account-wrong": true] : .string(reason)
        try await journal.commit(once: once("refund-withdrawal:\(id)", key), of: content) { act in
            let refund = try Self.requireRefund(id, in: act.snapshot)
            try Self.requireHead(officer, of: refund.agency)
            guard refund.state == .ordered else { throw Self.notOpen }
            try Self.requireReason(reason, field: "sebab")
            try act.append(
                "refund.withdrawn",
                to: "bill/\(refund.bill)",
                by: officer.actor,
                facts: .compact([
                    "docket": .string(refund.docket), "agency": .string(refund.agency), "order": .string(id), "amount": JSON(refund.amount),
                    "is-account-wrong": isAccountWrong ? true : .null,
                ]),
                personal: Self.sealed(reason, at: act.now)
            )
            _ = try happened(act, .withdrawn(refund, reason: reason, isAccountWrong: isAccountWrong))
            return id
        }
    }

    static func requireReason(
        _ reason: String,
        field: String,
        _ text: Text = Text(id: "Tulis sebabnya, 5 sampai 300 huruf", en: "Write why, 5 to 300 letters")
    ) throws {
        guard (5...300).contains(reason.unicodeScalars.count) else { throw Problem.fields([Problem.Field(field, text)]) }
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

    static func requireRefund(_ id: String, in snapshot: Snapshot) throws -> Refund {
        guard let refund = try snapshot.find("SELECT \(Refund.columns) FROM refund WHERE id = \(id)", { try Refund($0) }) else {
            throw Problem.notFound
        }
        return refund
    }

    private static func tooMuch(_ bill: Bill) -> Problem {
        let text =
            bill.returnable > 0
            ? Text(
                id: "Paling banyak Rp\(Language.indonesian.number(bill.returnable)), yaitu kelebihan bayarnya",
                en: "At most Rp\(Language.english.number(bill.returnable)), which is what was paid too much"
            )
            : Text(id: "Tidak ada lagi yang bisa diperintahkan kembali", en: "There is nothing left to order back")
        return .fields([Problem.Field("amount", text)])
    }

    private static func carriedBefore(_ refund: Refund) -> Problem {
        .fields([
            Problem.Field(
                "slip",
                Text(
                    id: "Perintah ini sudah dicatat dibayar dengan nomor \(refund.reference). Dibayar dua kali? Beri tahu Kas Daerah",
                    en: "This order is noted as paid already, under number \(refund.reference). Paid twice? Tell the treasury"
                )
            )
        ])
    }

    private static let noAccount = Problem.fields([
        Problem.Field(
            "rekening",
            Text(
                id: "Pemohon belum memberi rekening: tulis di sini, atau tunggu pemohon mengisinya di halaman berkasnya",
                en: "The applicant has given no account yet: write it here, or wait until they give it on the page of their case"
            )
        )
    ])

    private static func returnedFrom(_ account: Refund.Account) -> Problem {
        .fields([
            Problem.Field(
                "rekening",
                Text(
                    id:
                        "Uang baru saja kembali dari rekening ini: \(account.masked). Minta rekening lain, atau minta pemohon menulisnya lagi",
                    en:
                        "Money has just come back from this account: \(account.masked). Ask for another, or for the applicant to write it anew"
                )
            )
        ])
    }

    private static let cameBack = Problem(
        "refund.came-back",
        .conflict,
        Text(
            id: "Perintah ini sudah dibayar, dan uangnya kembali dari bank",
            en: "This order was paid, and its money came back from the bank"
        ),
        remedy: Text(
            id: "Buka lagi halaman kas: periksa rekeningnya, lalu perintahkan dari sana.",
            en: "Open the page of the cash again: look at the account, then order from there."
        )
    )

    private static let otherAccount = Problem.fields([
        Problem.Field(
            "rekening",
            Text(
                id: "Pemohon baru saja mengubah rekeningnya. Periksa rekening yang tertulis sekarang, lalu perintahkan lagi",
                en: "The applicant has just changed the account. Look at the one that stands here now, then order again"
            )
        )
    ])

    static let allOrdered = Problem.fields([
        Problem.Field(
            "rekening",
            Text(
                id: "Semua uang Anda sudah diperintahkan ke rekening yang tertulis di atas. Salah? Segera hubungi instansinya",
                en: "All of your money has been ordered to the bank account written above. Is it wrong? Call the agency at once"
            )
        )
    ])

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
