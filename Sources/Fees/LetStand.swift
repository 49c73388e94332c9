// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// What a head decided of recordings that a treasurer doubted. It stays readable: whoever looks at the recording later sees that it
/// was looked at, and why it stands.
extension Fees {
    /// That a recording was left as it is.
    public struct LetStand: Sendable {
        /// The number of the recording's receipt.
        public let receipt: String
        /// Why the treasurer doubted it.
        public let doubt: String
        /// The account of the treasurer; nil where no entry says.
        public let doubtedBy: String?
        /// Why the head let it stand.
        public let reason: String
        /// The account of the head; nil where no entry says.
        public let by: String?
        /// When.
        public let at: Instant
    }

    /// What became of recordings from statements.
    public struct Looked: Sendable {
        /// Receipts of those that were taken back.
        public var undone: Set<String> = []
        /// What was decided of the others, by their receipts, oldest first.
        public var letStand: [String: [LetStand]] = [:]
    }

    /// Days for which a decision stands on the cash page.
    public static let decisionDays = 30

    /// What became of recordings, by their receipts.
    public func looked(at receipts: [String]) async throws -> Looked {
        guard !receipts.isEmpty else { return Looked() }
        return try await journal.read { snapshot in
            let rows = try snapshot.rows(
                "SELECT receipt, bill, is_reversed, doubted_at FROM payment WHERE receipt IN \(in: receipts)"
            ) {
                (
                    receipt: try $0(0, as: String.self), bill: try $0(1, as: String.self), isReversed: try $0(2, as: Bool.self),
                    doubted: try $0(3, as: Int.self)
                )
            }
            var looked = Looked(undone: Set(rows.filter(\.isReversed).map(\.receipt)))
            for row in rows where row.doubted > 0 {
                let decisions = Self.letStand(in: try journal.entries(of: "bill/\(row.bill)", in: snapshot))
                looked.letStand[row.receipt] = decisions.filter { $0.receipt == row.receipt }
            }
            return looked
        }
    }

    /// What was decided lately of money that somebody sees, newest first.
    public func letStandLately(for officer: Officer) async throws -> [LetStand] {
        let own: SQL = try Self.scope(of: officer).map { "AND agency = \($0)" } ?? ""
        let now = journal.clock.now
        let since = now.adding(seconds: -Int64(Self.decisionDays) * 86_400)
        // By the index of days: a row is doubted within weeks of the day on which its money came.
        let day = now.date(in: zone).adding(days: -120)
        return try await journal.read { snapshot in
            let bills = try snapshot.rows(
                """
                SELECT DISTINCT bill FROM payment WHERE taken >= \(day) AND method <> 'cash' AND doubted_at > 0 AND doubt = '' \(own)
                """
            ) { try $0(0, as: String.self) }
            return try bills.flatMap { Self.letStand(in: try journal.entries(of: "bill/\($0)", in: snapshot)) }
                .filter { $0.at > since }.sorted { $0.at > $1.at }
        }
    }

    private static func letStand(in entries: [Entry]) -> [LetStand] {
        var doubts: [String: Entry] = [:]
        return entries.compactMap { entry in
            guard let receipt = entry.facts["receipt"]?.string else { return nil }
            if entry.kind == "payment.doubted" { doubts[receipt] = entry }
            guard entry.kind == "payment.doubt-declined" else { return nil }
            let doubt = doubts[receipt]
            return LetStand(
                receipt: receipt,
                doubt: doubt.map(Self.reason) ?? "",
                doubtedBy: doubt?.actor.account?.description,
                reason: Self.reason(entry),
                by: entry.actor.account?.description,
                at: entry.at
            )
        }
    }

    /// What somebody wrote; nothing once it is erased. Before 2026-12 it lay beside the facts.
    private static func reason(_ entry: Entry) -> String {
        entry.personal?["reason"]?.string ?? entry.inner?["reason"]?.string ?? ""
    }
}
