// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// What a bank tells of again after it was booked out: that a payment failed or went back, and then that it came. Nobody can know from
/// here which of the two holds; a repeat of the first notice says it, too. The bank is not asked to wait: somebody looks for the money in
/// the statement, records it from there by two people, or closes the question with what they found.
extension Fees {
    /// A payment that a bank told of again after it was booked out.
    public struct ToldAgain: Sendable {
        /// The entry that tells of it.
        public let entry: String
        /// The bank's name for it.
        public let reference: String
        /// The receipt of the payment that is booked out.
        public let receipt: String
        /// The bill.
        public let bill: String
        /// The case.
        public let docket: String
        /// The agency whose bill it is.
        public let agency: String
        /// In rupiah.
        public let amount: Int
        /// When the bank told of it again.
        public let at: Instant
        /// What was found out; the receipt under which it was recorded, where it was; empty while nobody has looked.
        public let note: String
        /// The number of the officer who looked into it; nil where nobody has.
        public let closer: Int?
        /// When they did; nil where nobody has.
        public let closedAt: Instant?

        static let columns: SQL = """
            a.entry, a.reference, a.receipt, a.bill, a.docket, a.agency, a.amount, a.at, a.note, account.number, a.closed_at
            """

        init(_ row: Row) throws {
            entry = try row(0)
            reference = try row(1)
            receipt = try row(2)
            bill = try row(3)
            docket = try row(4)
            agency = try row(5)
            amount = try row(6)
            at = try row(7)
            note = try row(8)
            closer = try row.optional(9)
            let closedAt: Instant = try row(10)
            self.closedAt = closedAt.milliseconds > 0 ? closedAt : nil
        }
    }

    private static func toldAgain(_ rest: SQL, in snapshot: Snapshot) throws -> [ToldAgain] {
        try snapshot.rows(
            "SELECT \(ToldAgain.columns) FROM told_again a LEFT JOIN account ON account.id = a.closed_by WHERE \(rest)"
        ) { try ToldAgain($0) }
    }

    /// Keeps that a bank tells of a payment that is booked out, once while it is open, and once for the same words.
    ///
    /// - Returns: what was recorded since from a row that names it, where anything was: it is the same money; else what is booked out.
    func told(_ coming: Coming, again known: Payment, in act: Act) throws -> Payment {
        guard coming.actor.account == nil, known.method != .cash else { return known }
        if let noted = try noted(coming.reference, amount: known.amount, for: known.bill, in: act.snapshot) { return noted }
        let asked: SQL = "receipt = \(known.receipt) AND (closed_at = 0 OR told = \(coming.told))"
        guard try act.snapshot.count("SELECT count(*) FROM told_again WHERE \(asked)") == 0 else { return known }
        let bill = try Self.require(known.bill, in: act.snapshot)
        try act.append(
            "payment.told-again",
            to: "bill/\(bill.number)",
            by: coming.actor,
            facts: [
                "docket": .string(bill.docket), "agency": .string(bill.agency), "receipt": .string(known.receipt),
                "amount": JSON(known.amount), "day": .string(act.now.date(in: zone).description),
            ],
            inner: ["reference": .string(coming.reference), "told": .string(coming.told)]
        )
        return known
    }

    /// Says what was found out of money that a bank told of again: by a treasurer of the agency. Where it is in the statement it is
    /// proposed from there, and this closes by itself.
    public func closeToldAgain(_ entry: String, note: String, key: String? = nil, by officer: Officer) async throws {
        let note = note.plain(isOneLine: true)
        try await journal.commit(once: once("told-again:\(entry)", key), of: .string(note)) { act in
            guard let asked = try Self.toldAgain("a.entry = \(entry)", in: act.snapshot).first else { throw Problem.notFound }
            try Self.requireTreasurer(officer, of: asked.agency)
            guard asked.closedAt == nil else { throw Self.closedBefore }
            try Self.requireReason(note, field: "sebab")
            try act.append(
                "payment.told-again-closed",
                to: "bill/\(asked.bill)",
                by: officer.actor,
                facts: ["docket": .string(asked.docket), "agency": .string(asked.agency), "closes": .string(entry)],
                personal: Self.sealed(note, at: act.now)
            )
            return entry
        }
    }

    /// What a recording of a bill answers: money of the same amount that a bank told of again.
    static func askedAgain(of number: String, amount: Int, in snapshot: Snapshot) throws -> [String] {
        try snapshot.rows("SELECT entry FROM told_again WHERE bill = \(number) AND amount = \(amount) AND closed_at = 0 ORDER BY entry") {
            try $0(0, as: String.self)
        }
    }

    /// What banks told of again and nobody has looked into, oldest first, a page of it.
    static func toldAgain(of agency: String?, from offset: Int, in snapshot: Snapshot) throws -> [ToldAgain] {
        let own: SQL = agency.map { "AND a.agency = \($0)" } ?? ""
        return try toldAgain("a.closed_at = 0 \(own) ORDER BY a.at, a.entry LIMIT \(pageSize) OFFSET \(offset)", in: snapshot)
    }

    /// How many there are.
    static func toldAgainCount(of agency: String?, in snapshot: Snapshot) throws -> Int {
        let own: SQL = agency.map { "AND agency = \($0)" } ?? ""
        return try snapshot.count("SELECT count(*) FROM told_again WHERE closed_at = 0 \(own)")
    }

    /// What was found out of such money lately, newest first.
    public func toldAgainLately(for officer: Officer) async throws -> [ToldAgain] {
        let own: SQL = try Self.scope(of: officer).map { "AND a.agency = \($0)" } ?? ""
        let since = journal.clock.now.adding(seconds: -Int64(Self.decisionDays) * 86_400)
        return try await journal.read {
            try Self.toldAgain("a.closed_at > \(since) \(own) ORDER BY a.closed_at DESC, a.entry LIMIT 20", in: $0)
        }
    }

    private static let closedBefore = Problem(
        "payment.told-again-closed",
        .conflict,
        Text(id: "Ini sudah diperiksa, atau uangnya sudah tercatat", en: "This was looked into already, or the money is recorded")
    )
}
