// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// Payments whose money the city does not have for their bill: recorded from a row of a statement by mistake, or told by a bank and not in
/// the account. A treasurer says so, and the head of the agency, who is somebody else, books it out. What a bank has told of keeps the
/// bank's name, so that whatever it tells of it later finds it.
extension Fees {
    /// A payment that a treasurer doubts, and that waits for the head.
    public struct Doubt: Sendable {
        /// What is doubted; its reason is `Payment.doubt`.
        public let payment: Payment
        /// The agency whose money it is.
        public let agency: String
        /// The number of the treasurer who says so.
        public let number: Int?
        /// When.
        public let at: Instant
        /// Whether the bill would be owed again.
        public let isOwedAgain: Bool
    }

    /// Says that a payment was recorded by mistake, or that its money is not in the account: by a treasurer of the agency.
    public func doubt(_ receipt: String, reason: String, key: String? = nil, by officer: Officer) async throws {
        let reason = reason.plain(isOneLine: true)
        try await journal.commit(once: once("doubt:\(receipt)", key), of: .string(reason)) { act in
            let (payment, bill) = try Self.recording(receipt, in: act.snapshot)
            try Self.requireTreasurer(officer, of: bill.agency)
            guard payment.mayBeDoubted else { throw Self.notStanding }
            guard payment.doubt.isEmpty else { throw Self.doubtedBefore }
            try Self.requireReason(reason, field: "sebab")
            try act.append(
                "payment.doubted",
                to: "bill/\(bill.number)",
                by: officer.actor,
                facts: ["docket": .string(bill.docket), "agency": .string(bill.agency), "receipt": .string(receipt)],
                personal: Self.sealed(reason, at: act.now)
            )
            return receipt
        }
    }

    /// Books a payment out that is doubted: by the head of the agency. The bill is owed again, the row of a mistaken recording can be
    /// recorded elsewhere, and the applicant is told. What the case has come to since stays: a paper that was issued leaves a claim.
    public func correct(_ receipt: String, key: String? = nil, by officer: Officer) async throws {
        try await journal.commit(once: once("correction:\(receipt)", key), of: .string(receipt)) { act in
            let (payment, bill) = try Self.doubted(receipt, by: officer, in: act.snapshot)
            let isNotThere = payment.isNamedByBank
            let (toward, beyond) = Self.booked(payment, bill)
            guard beyond == 0 || bill.returnable >= beyond || bill.pending == 0 else { throw Self.orderedBack(bill) }
            try act.append(
                "payment.corrected",
                to: "bill/\(bill.number)",
                by: officer.actor,
                facts: .compact([
                    "docket": .string(bill.docket), "agency": .string(bill.agency), "amount": JSON(payment.amount),
                    "toward": JSON(toward), "beyond": JSON(beyond), "method": .string(payment.method.rawValue),
                    "receipt": .string(receipt), "day": .string(act.now.date(in: zone).description),
                    "not-there": isNotThere ? true : .null,
                    "money": Self.postings([(payment.method.account, -payment.amount), ("receivable", toward), ("excess", beyond)]),
                ]),
                inner: ["reference": .string(payment.reference)]
            )
            let isOwedAgain = bill.isSettled && toward > 0
            _ = try happened(act, .corrected(bill, payment, isOwedAgain: isOwedAgain))
            return receipt
        }
    }

    /// Lets a payment stand that is doubted: by the head of the agency.
    public func letStand(_ receipt: String, reason: String, key: String? = nil, by officer: Officer) async throws {
        let reason = reason.plain(isOneLine: true)
        try await journal.commit(once: once("doubt-declined:\(receipt)", key), of: .string(reason)) { act in
            let (_, bill) = try Self.doubted(receipt, by: officer, in: act.snapshot)
            try Self.requireReason(reason, field: "sebab")
            try act.append(
                "payment.doubt-declined",
                to: "bill/\(bill.number)",
                by: officer.actor,
                facts: ["docket": .string(bill.docket), "agency": .string(bill.agency), "receipt": .string(receipt)],
                personal: Self.sealed(reason, at: act.now)
            )
            return receipt
        }
    }

    /// Why somebody decided something about money may tell of the applicant and of others: sealed under a key of its own, as the account
    /// of an order is, and gone with the applicant.
    static func sealed(_ reason: String, at now: Instant) -> Personal {
        Personal(of: Identifier(at: now), ["reason": .string(reason)])
    }

    /// Erases why payments of a case were doubted or recordings proposed, the rows that were, what was found of money that a bank took
    /// back or told again, and why money given back came back or was not given.
    public static func eraseReasons(of docket: String, by actor: Actor, basis: String, from journal: Journal, in act: Act) throws {
        for bill in try bills(of: docket, in: act.snapshot) {
            for entry in try journal.entries(of: "bill/\(bill.number)", in: act.snapshot)
            where kindsWithReasons.contains(where: entry.kind.hasPrefix) {
                if let person = entry.person { try act.erase(person, by: actor, basis: basis) }
            }
        }
        let ofUndoings = try act.snapshot.rows(
            """
            SELECT said.note_key FROM undoing_saying said JOIN stray_reversal ON stray_reversal.entry = said.settles
            WHERE stray_reversal.docket = \(docket) AND said.note_key <> '' ORDER BY said.seq
            """
        ) { Identifier(try $0(0, as: String.self)) }
        for person in ofUndoings.compactMap({ $0 }) { try act.erase(person, by: actor, basis: basis) }
    }

    /// How the kinds of entries begin whose reason is sealed under a key of its own.
    private static let kindsWithReasons = [
        "payment.doubt", "payment.propos", "payment.told-again", "refund.returned", "refund.withdrawn",
    ]

    /// Whether an entry's sealed words are the office's own, and may tell of others than the applicant: rows of statements, and what was
    /// found of them.
    public static func isInside(_ kind: String) -> Bool {
        ["payment.propos", "payment.told-again", "payment.doubt-declined"].contains(where: kind.hasPrefix)
    }

    /// What of a payment is taken off what was paid toward its bill, and off what was paid beyond it.
    static func booked(_ payment: Payment, _ bill: Bill) -> (toward: Int, beyond: Int) {
        let beyond = bill.isCancelled ? payment.amount : min(payment.amount, max(0, bill.excess))
        return (payment.amount - beyond, beyond)
    }

    /// Payments that wait for the head, oldest first, a page of them.
    static func doubts(of agency: String?, from offset: Int, in snapshot: Snapshot) throws -> [Doubt] {
        let own: SQL = agency.map { "AND payment.agency = \($0)" } ?? ""
        return try snapshot.rows(
            """
            SELECT \(Payment.columns), agency, (SELECT number FROM account WHERE account.id = doubted_by), doubted_at FROM payment
            WHERE doubt <> '' AND is_reversed = 0 \(own) ORDER BY doubted_at, receipt LIMIT \(pageSize) OFFSET \(offset)
            """
        ) { row in
            let payment = try Payment(row)
            let bill = try Self.require(payment.bill, in: snapshot)
            return Doubt(
                payment: payment,
                agency: try row(12),
                number: try row.optional(13),
                at: try row(14),
                isOwedAgain: bill.isSettled && Self.booked(payment, bill).toward > 0
            )
        }
    }

    /// How many there are.
    static func doubtCount(of agency: String?, in snapshot: Snapshot) throws -> Int {
        let own: SQL = agency.map { "AND agency = \($0)" } ?? ""
        return try snapshot.count("SELECT count(*) FROM payment WHERE doubt <> '' AND is_reversed = 0 \(own)")
    }

    private static func recording(_ receipt: String, in snapshot: Snapshot) throws -> (payment: Payment, bill: Bill) {
        let payment = try snapshot.find("SELECT \(Payment.columns) FROM payment WHERE receipt = \(receipt)") { try Payment($0) }
        guard let payment else { throw Problem.notFound }
        return (payment, try require(payment.bill, in: snapshot))
    }

    private static func doubted(_ receipt: String, by officer: Officer, in snapshot: Snapshot) throws -> (payment: Payment, bill: Bill) {
        let (payment, bill) = try recording(receipt, in: snapshot)
        try requireHead(officer, of: bill.agency)
        guard !payment.doubt.isEmpty, !payment.isReversed else { throw notDoubted }
        let own = try snapshot.count(
            "SELECT count(*) FROM payment WHERE receipt = \(receipt) AND doubted_by = \(officer.account.description)"
        )
        guard own == 0 else { throw ownDoubt }
        return (payment, bill)
    }

    private static let notStanding = Problem(
        "payment.not-standing",
        .conflict,
        Text(id: "Pembayaran ini tunai, atau tidak tercatat lagi", en: "This payment is cash, or is booked out already"),
        remedy: Text(
            id: "Tunai dikembalikan dengan perintah kepala instansi.",
            en: "Cash goes back by an order of the head of the agency."
        )
    )

    private static let doubtedBefore = Problem(
        "payment.doubted-before",
        .conflict,
        Text(id: "Ini sudah diusulkan, dan menunggu kepala instansi", en: "This is proposed already, and waits for the head of the agency")
    )

    private static let notDoubted = Problem(
        "payment.not-doubted",
        .conflict,
        Text(id: "Usul ini sudah diputuskan, atau bank menarik pembayarannya", en: "This is decided, or the bank took the payment back")
    )

    private static let ownDoubt = Problem(
        "payment.own-doubt",
        .conflict,
        Text(id: "Anda sendiri yang mengusulkannya; orang lain yang memutuskan", en: "You proposed it yourself; somebody else decides")
    )

    private static func orderedBack(_ bill: Bill) -> Problem {
        Problem(
            "payment.ordered-back",
            .conflict,
            Text(
                id: "Uang ini sudah diperintahkan dikembalikan: Rp\(Language.indonesian.number(bill.pending))",
                en: "This money is ordered to be given back: Rp\(Language.english.number(bill.pending))"
            ),
            remedy: Text(
                id: "Tarik dulu perintahnya, di bawah “Uang untuk dikembalikan”.",
                en: "Take that order back first, under “Money to give back”."
            )
        )
    }
}
