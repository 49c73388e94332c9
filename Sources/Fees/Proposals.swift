// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// Rows of statements, which anybody can write who has a text editor: a treasurer proposes to record one, with a reason where something
/// speaks against it, and the head of the agency, who is somebody else, records or declines it. Only what would surely be booked twice
/// is refused.
extension Fees {
    /// A row of a statement that a treasurer proposes to record.
    public struct Proposal: Sendable {
        /// What became of it.
        public enum State: String, Sendable {
            /// It waits for the head.
            case open
            /// It is recorded.
            case recorded
            /// The head declined it.
            case declined
            /// Whoever proposed it took it back.
            case retracted
        }

        /// The entry that tells of it.
        public let id: String
        /// The bill for which it is proposed.
        public let bill: String
        /// The case.
        public let docket: String
        /// The agency whose bill it is.
        public let agency: String
        /// What the bank wrote; a dash once it is erased.
        public let text: String
        /// In rupiah.
        public let amount: Int
        /// The day on which the bank booked it.
        public let day: CivilDate
        /// Why it is to be recorded all the same; empty where nothing spoke against it, a dash once it is erased.
        public let reason: String
        /// The account of the treasurer.
        public let proposer: String
        /// When.
        public let at: Instant
        /// What became of it.
        public let state: State
        /// The account of the head who decided, or of whoever took it back; empty where nobody has.
        public let decider: String
        /// When they did; nil where nobody has.
        public let decidedAt: Instant?
        /// Why the head declined it; empty of every other.
        public let note: String
        /// What speaks against it now, and what of its bill is in the books; nil of what is decided.
        public internal(set) var doubt: RowDoubt?
        /// Payments of its bill.
        public internal(set) var payments: [Payment] = []
        let finding: BankStatement.Finding

        static let columns: SQL = """
            entry, bill, docket, agency, text, amount, day, reason, proposed_by, at, state, decided_by, decided_at, note, statement, ordinal, seq,
                said
            """

        init(_ row: Row) throws {
            id = try row(0)
            bill = try row(1)
            docket = try row(2)
            agency = try row(3)
            text = try row(4)
            amount = try row(5)
            day = try row(6)
            reason = try row(7)
            proposer = try row(8)
            at = try row(9)
            state = State(rawValue: try row(10)) ?? .open
            decider = try row(11)
            let decidedAt: Instant = try row(12)
            self.decidedAt = decidedAt.milliseconds > 0 ? decidedAt : nil
            note = try row(13)
            // What came since it was proposed was seen by nobody who proposed it.
            var finding = BankStatement.Finding(
                text: text,
                amount: amount,
                day: day,
                ordinal: try row(15),
                fingerprint: try row(14),
                compared: try row(16)
            )
            let said = try JSON(parsing: try row(17, as: String.self).utf8)
            finding.isMirrored = said["mirrored"]?.bool ?? false
            finding.isTakenBack = said["taken-back"]?.bool ?? false
            finding.alike = (said["alike"]?.array ?? []).compactMap(\.string)
            finding.order = said["order"]?.string
            self.finding = finding
        }
    }

    /// Proposes to record a row for a bill: by a treasurer of the agency.
    ///
    /// - Parameter reason: why, which is asked where something speaks against the row.
    public func propose(
        _ finding: BankStatement.Finding,
        for number: String,
        reason: String,
        key: String? = nil,
        by officer: Officer
    ) async throws {
        let reason = reason.plain(isOneLine: true)
        let own = reference(of: finding.name)
        // Sent again it is the same while it waits; once it is decided, somebody proposes it anew.
        @Sendable func isWaiting(_ act: Act, _ result: String, _ at: Instant) throws -> Bool { try isProposed(own, in: act.snapshot) }
        let content: JSON = ["bill": .string(number), "reason": .string(reason)]
        try await journal.commit(once: once("proposal:\(own)", key), of: content, while: isWaiting) { act in
            let bill = try Self.require(number, in: act.snapshot)
            try Self.requireTreasurer(officer, of: bill.agency)
            if let known = try recorded(finding, in: act.snapshot) {
                throw try Self.recordedBefore(known, for: bill.agency, in: act.snapshot)
            }
            guard try !isProposed(own, in: act.snapshot) else { throw Self.proposedBefore }
            try requireCompared(finding, for: number, in: act.snapshot)
            if try !reason.isEmpty || doubt(of: finding, for: number, in: act.snapshot).speaks {
                try Self.requireReason(reason, field: "alasan")
            }
            try act.append(
                "payment.proposed",
                to: "bill/\(number)",
                by: officer.actor,
                facts: [
                    "docket": .string(bill.docket), "agency": .string(bill.agency), "amount": JSON(finding.amount),
                    "day": .string(finding.day.description),
                ],
                inner: [
                    "reference": .string(own), "row-of": .string(finding.fingerprint), "ordinal": JSON(finding.ordinal),
                    "said": .compact([
                        "mirrored": finding.isMirrored ? true : .null, "taken-back": finding.isTakenBack ? true : .null,
                        "alike": finding.alike.isEmpty ? .null : .array(finding.alike.map { .string($0) }), "order": JSON(finding.order),
                    ]),
                ],
                personal: Personal(of: Identifier(at: act.now), ["reason": .string(reason), "text": .string(finding.text)])
            )
            return own
        }
    }

    /// Records a row that was proposed: by the head of the agency, who is not who proposed it.
    ///
    /// - Parameter mark: what the head was shown that speaks against it (``RowDoubt/mark``), so that nobody decides by a page from before
    ///   the bank took it back; nil where that is not known.
    /// - Returns: the receipt.
    @discardableResult
    public func record(proposal id: String, seen mark: String? = nil, key: String? = nil, by officer: Officer) async throws -> String {
        try await journal.commit(once: once("proposal-recorded:\(id)", key), of: .string(id)) { act in
            let proposal = try Self.waiting(id, for: officer, in: act.snapshot)
            let finding = proposal.finding
            if let known = try recorded(finding, in: act.snapshot) {
                throw try Self.recordedBefore(known, for: proposal.agency, in: act.snapshot)
            }
            if let receipt = try told(since: finding, of: proposal.bill, in: act.snapshot) { throw Self.recordedSince(receipt) }
            if let mark, try doubt(of: finding, for: proposal.bill, in: act.snapshot).mark != mark { throw Self.otherSince }
            // What was recorded from the row once and is booked out leaves the row's name to what is recorded now.
            if let old = try Self.payment(reference: reference(of: finding.name), in: act.snapshot) {
                try identify(old, as: Self.statement + old.receipt, by: officer.actor, in: act)
            }
            return try receive(coming(proposal, by: officer), in: act) { _ in }.payment.receipt
        }.result
    }

    /// Declines to record a row that was proposed: by the head of the agency, who is not who proposed it.
    public func decline(proposal id: String, reason: String, key: String? = nil, by officer: Officer) async throws {
        let reason = reason.plain(isOneLine: true)
        try await journal.commit(once: once("proposal-declined:\(id)", key), of: .string(reason)) { act in
            let proposal = try Self.waiting(id, for: officer, in: act.snapshot)
            try Self.requireReason(reason, field: "sebab")
            try act.append(
                "payment.proposal-declined",
                to: "bill/\(proposal.bill)",
                by: officer.actor,
                facts: ["docket": .string(proposal.docket), "agency": .string(proposal.agency), "proposal": .string(id)],
                personal: Self.sealed(reason, at: act.now)
            )
            return id
        }
    }

    /// Takes back a proposal that nobody has decided on: by whoever made it.
    public func retract(proposal id: String, key: String? = nil, by officer: Officer) async throws {
        try await journal.commit(once: once("proposal-retracted:\(id)", key), of: .string(id)) { act in
            guard let proposal = try Self.proposals("entry = \(id)", in: act.snapshot).first else { throw Problem.notFound }
            try Self.requireTreasurer(officer, of: proposal.agency)
            guard proposal.state == .open else { throw Self.decided }
            guard proposal.proposer == officer.account.description else { throw Self.othersProposal }
            try act.append(
                "payment.proposal-retracted",
                to: "bill/\(proposal.bill)",
                by: officer.actor,
                facts: ["docket": .string(proposal.docket), "agency": .string(proposal.agency), "proposal": .string(id)]
            )
            return id
        }
    }

    /// Rows that a comparison lists as taken back, as rows to be proposed: for the bill of the agency that each names.
    public func recordable(_ taken: [Reconciliation.TakenBack], of agency: String) async throws -> [Reconciliation.Recordable] {
        let codes = taken.map { Reconciliation.codes(in: $0.row.text) }
        let bills = try await find(codes.flatMap { $0 } + taken.compactMap { $0.booked?.bill })
        return zip(taken, codes).map { taken, codes in
            let named = (codes + [taken.booked?.bill].compactMap { $0 }).lazy.compactMap { bills[$0] }.first
            let alike = taken.booked.flatMap { $0.isTakenBack ? nil : $0 }
            return Reconciliation.Recordable(
                row: taken.row,
                bill: named?.agency == agency ? named : nil,
                order: nil,
                alike: alike.map { [$0] } ?? [],
                isMirrored: taken.debit != nil
            )
        }
    }

    private static func proposals(_ rest: SQL, in snapshot: Snapshot) throws -> [Proposal] {
        try snapshot.rows("SELECT \(Proposal.columns) FROM recording_proposal WHERE \(rest)") { try Proposal($0) }
    }

    /// Whether a row is proposed and waits.
    func isProposed(_ own: String, in snapshot: Snapshot) throws -> Bool {
        try snapshot.count("SELECT count(*) FROM recording_proposal WHERE own = \(own) AND state = 'open'") > 0
    }

    private static func waiting(_ id: String, for officer: Officer, in snapshot: Snapshot) throws -> Proposal {
        guard let proposal = try proposals("entry = \(id)", in: snapshot).first else { throw Problem.notFound }
        try requireHead(officer, of: proposal.agency)
        guard proposal.state == .open else { throw decided }
        guard proposal.proposer != officer.account.description else { throw ownProposal }
        return proposal
    }

    /// Proposals that wait for the head, oldest first, a page of them.
    func proposals(of agency: String?, from offset: Int, in snapshot: Snapshot) throws -> [Proposal] {
        let own: SQL = agency.map { "AND agency = \($0)" } ?? ""
        let page: SQL = "state = 'open' \(own) ORDER BY at, entry LIMIT \(Self.pageSize) OFFSET \(offset)"
        return try Self.proposals(page, in: snapshot).map { proposal in
            var proposal = proposal
            proposal.doubt = try doubt(of: proposal.finding, for: proposal.bill, in: snapshot)
            proposal.payments = try Self.payments(of: proposal.bill, in: snapshot)
            return proposal
        }
    }

    /// How many there are.
    static func proposalCount(of agency: String?, in snapshot: Snapshot) throws -> Int {
        let own: SQL = agency.map { "AND agency = \($0)" } ?? ""
        return try snapshot.count("SELECT count(*) FROM recording_proposal WHERE state = 'open' \(own)")
    }

    /// What heads declined lately, newest first.
    public func declinedLately(for officer: Officer) async throws -> [Proposal] {
        let own: SQL = try Self.scope(of: officer).map { "AND agency = \($0)" } ?? ""
        let since = journal.clock.now.adding(seconds: -Int64(Self.decisionDays) * 86_400)
        return try await journal.read {
            try Self.proposals("state = 'declined' AND decided_at > \(since) \(own) ORDER BY decided_at DESC, entry LIMIT 20", in: $0)
        }
    }

    private static func recordedBefore(_ payment: Payment, for agency: String, in snapshot: Snapshot) throws -> Problem {
        // Whose it is elsewhere nobody reads here.
        let isOwn = try require(payment.bill, in: snapshot).agency == agency
        return Problem(
            "statement.recorded-before",
            .conflict,
            isOwn
                ? Text(
                    id: "Baris ini sudah tercatat: \(payment.receipt) untuk \(payment.docket)",
                    en: "This row is recorded already: \(payment.receipt) for \(payment.docket)"
                ) : Text(id: "Baris ini sudah dicatat kantor lain", en: "Another office has recorded this row already")
        )
    }

    private static func recordedSince(_ receipt: String) -> Problem {
        Problem(
            "statement.recorded-since",
            .conflict,
            Text(
                id: "Sejak diusulkan, \(receipt) tercatat: mungkin itu uang yang sama",
                en: "Since it was proposed, \(receipt) was recorded: it may be the same money"
            ),
            remedy: Text(
                id: "Tolak usulnya, lalu minta bendahara mencocokkan lagi.",
                en: "Decline it, and have the treasurer compare again."
            )
        )
    }

    private static let otherSince = Problem(
        "statement.other-since",
        .conflict,
        Text(
            id: "Sejak halaman ini dibuka, ada yang berubah pada usul ini",
            en: "Since this page was opened something about this proposal has changed"
        ),
        remedy: Text(id: "Baca lagi di bawah, lalu putuskan.", en: "Read it again below, then decide.")
    )

    private static let proposedBefore = Problem(
        "statement.proposed-before",
        .conflict,
        Text(
            id: "Baris ini sudah diusulkan, dan menunggu kepala instansi",
            en: "This row is proposed already, and waits for the head of an agency"
        )
    )

    private static let decided = Problem(
        "statement.proposal-decided",
        .conflict,
        Text(id: "Usul ini sudah diputuskan atau ditarik", en: "This proposal is decided or taken back already")
    )

    private static let othersProposal = Problem(
        "statement.others-proposal",
        .conflict,
        Text(id: "Rekan lain yang mengusulkannya", en: "A colleague proposed it"),
        remedy: Text(id: "Minta kepala instansi menolaknya.", en: "Ask the head of the agency to decline it.")
    )

    private static let ownProposal = Problem(
        "statement.own-proposal",
        .conflict,
        Text(id: "Anda sendiri yang mengusulkannya; orang lain yang memutuskan", en: "You proposed it yourself; somebody else decides")
    )
}
