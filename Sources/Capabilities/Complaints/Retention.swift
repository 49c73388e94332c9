// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal
import Storage

/// Personal data is kept no longer than the city's pack says (UU 27/2022 art. 42(1)(a), 44(1)(a)): when its time is over the key of the
/// person is destroyed, and the record that it was done stays. Where the pack does not say, nothing goes by time.
extension Complaints {
    /// Erases the reporters and followers of cases that ended long enough ago, and those who challenged their end.
    func eraseAged() async throws {
        guard let retention = city.complaints.retention else { return }
        let now = journal.clock.now
        let handled = now.adding(seconds: -Int64(retention.handledDays) * 86_400)
        let other = now.adding(seconds: -Int64(retention.otherDays) * 86_400)
        let isOver: SQL = """
            is_open = 0 AND stage = 'closed'
            AND ended_at < CASE WHEN outcome IN ('fixed', 'not-fixed', 'duplicate') THEN \(handled) ELSE \(other) END
            """
        // What is matter of a legal case stays, with the words of whoever challenged it; whoever only follows it goes at their time.
        let isFree: SQL = "(\(isOver)) AND complaint.docket NOT IN (\(evidence))"
        let aged = try await journal.read { snapshot in
            // A person stays while any of their cases does: the parts of a split case share one.
            try snapshot.rows(
                """
                SELECT DISTINCT complaint.person FROM complaint JOIN person_key ON person_key.person = complaint.person
                WHERE \(isFree) AND wrapped IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM complaint AS other WHERE other.person = complaint.person
                        AND (NOT (\(isOver)) OR other.docket IN (\(evidence)))
                ) LIMIT 1000
                """
            ) { try $0(0, as: String.self) }
                + snapshot.rows(
                    """
                    SELECT DISTINCT complaint_follower.person FROM complaint_follower
                    JOIN complaint ON complaint.docket = complaint_follower.docket
                    JOIN person_key ON person_key.person = complaint_follower.person
                    WHERE \(isOver) AND wrapped IS NOT NULL AND complaint_follower.person NOT IN (
                        SELECT person FROM complaint WHERE docket IN (\(evidence))
                    ) LIMIT 1000
                    """
                ) { try $0(0, as: String.self) }
                + snapshot.rows(
                    """
                    SELECT DISTINCT entry.person FROM complaint JOIN entry ON entry.stream = 'complaint/' || complaint.docket
                    JOIN person_key ON person_key.person = entry.person
                    WHERE complaint.challenges > 0 AND entry.kind = 'complaint.challenged' AND \(isFree) AND wrapped IS NOT NULL LIMIT 1000
                    """
                ) { try $0(0, as: String.self) }
        }
        // One that fails keeps no other from it.
        var failure: (any Error)?
        for person in aged.compactMap({ Identifier($0) }) {
            do {
                try await journal.commit { act in
                    try erase(person, by: .system, ground: ErasureGround(timeIsOver: retention.basis), in: act)
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
