// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// What a bank says it took back though the city knew of no such payment, or of more: somebody looks into it, and says what became of it.
extension Fees {
    /// A payment that a bank took back and that is in no book, or of which it took back a part.
    public struct StrayReversal: Sendable {
        /// The entry that tells of it.
        public let entry: String
        /// The bank's name for it.
        public let reference: String
        /// The receipt of the payment of which a part was taken back; empty where no payment is known.
        public let receipt: String
        /// The code that the bank named with it; empty where it named none.
        public let bill: String
        /// The case; empty where no bill is known by that code.
        public let docket: String
        /// The agency whose bill it is; empty where none is known.
        public let agency: String
        /// In rupiah; nil where the bank did not say.
        public let amount: Int?
        /// When the bank told of it.
        public let at: Instant

        static let columns: SQL = "entry, reference, receipt, bill, docket, agency, amount, at"

        init(_ row: Row) throws {
            entry = try row(0)
            reference = try row(1)
            receipt = try row(2)
            bill = try row(3)
            docket = try row(4)
            agency = try row(5)
            let amount: Int = try row(6)
            self.amount = amount > 0 ? amount : nil
            at = try row(7)
        }
    }

    /// Keeps that a bank took back what is in no book, once for each of its names; or a part of a payment, once for each notice.
    static func noteStray(
        _ reference: String,
        partOf payment: Payment? = nil,
        naming code: String,
        amount: Int?,
        reason: String,
        day: CivilDate,
        by actor: Actor,
        in act: Act
    ) throws {
        guard try payment != nil || act.snapshot.count("SELECT count(*) FROM stray_reversal WHERE reference = \(reference)") == 0 else {
            return
        }
        let code = payment?.bill ?? code
        let bill = try find(code, in: act.snapshot)
        let agency = bill?.agency ?? ""
        try act.append(
            "bank.reversal-unknown",
            to: "bank/\(agency.isEmpty ? actor.unit ?? "-" : agency)",
            by: actor,
            facts: .compact([
                "docket": JSON(bill?.docket), "agency": .string(agency), "amount": amount.map { JSON($0) } ?? .null,
                "day": .string(day.description), "reason": .string(reason), "receipt": JSON(payment?.receipt),
            ]),
            inner: ["reference": .string(reference), "bill": .string(String(code.plain(isOneLine: true).prefix(64)))]
        )
    }

    /// Whether a bank said that it took back what a row of a statement names, before it told of it.
    static func isStray(_ finding: BankStatement.Finding, of number: String, in snapshot: Snapshot) throws -> Bool {
        let words = Reconciliation.words(of: finding.text)
        return try snapshot.rows("SELECT reference FROM stray_reversal WHERE receipt = '' AND bill IN (\(number), '')") {
            try $0(0, as: String.self)
        }.contains { !Reconciliation.names(ofReference: $0).filter { $0.utf8.count > 3 }.isDisjoint(with: words) }
    }

    /// Says what became of a payment that a bank took back and that is in no book: a treasurer of the agency whose bill it names, or a
    /// supervisor where it names none.
    public func settleStray(_ entry: String, note: String, key: String? = nil, by officer: Officer) async throws {
        let note = note.plain(isOneLine: true)
        try await journal.commit(once: once("stray:\(entry)", key), of: .string(note)) { act in
            let stray = try act.snapshot.find(
                "SELECT \(StrayReversal.columns) FROM stray_reversal WHERE entry = \(entry) AND note = ''"
            ) { try StrayReversal($0) }
            guard let stray else { throw Problem.notFound }
            if stray.agency.isEmpty {
                guard officer.roles.contains(.supervisor) else { throw Self.supervisorOnly }
            } else {
                try Self.requireTreasurer(officer, of: stray.agency)
            }
            try Self.requireReason(note, field: "sebab")
            try act.append(
                "bank.reversal-settled",
                to: "bank/\(stray.agency.isEmpty ? "-" : stray.agency)",
                by: officer.actor,
                facts: ["agency": .string(stray.agency), "settles": .string(entry)],
                inner: ["reason": .string(note)]
            )
            return entry
        }
    }

    /// What banks took back that is in no book and nobody has looked into, oldest first, a page of them.
    static func strays(of agency: String?, from offset: Int, in snapshot: Snapshot) throws -> [StrayReversal] {
        let own: SQL = agency.map { "AND agency = \($0)" } ?? ""
        return try snapshot.rows(
            "SELECT \(StrayReversal.columns) FROM stray_reversal WHERE note = '' \(own) ORDER BY at, entry LIMIT \(pageSize) OFFSET \(offset)"
        ) { try StrayReversal($0) }
    }

    /// How many there are.
    static func strayCount(of agency: String?, in snapshot: Snapshot) throws -> Int {
        let own: SQL = agency.map { "AND agency = \($0)" } ?? ""
        return try snapshot.count("SELECT count(*) FROM stray_reversal WHERE note = '' \(own)")
    }

    private static let supervisorOnly = Problem(
        "fees.supervisor-only",
        .forbidden,
        Text(
            id: "Bank tidak menyebut tagihan yang dikenal: hanya pengawas kota yang menutupnya",
            en: "The bank named no bill that is known: only a supervisor of the city closes this"
        )
    )
}
