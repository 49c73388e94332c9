// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// Reports as the one who made them finds them again.
extension Complaints {
    /// Seconds back to which a resident is shown their reports.
    static let linkReach: Int64 = 366 * 86_400

    /// Reports that were made with any of these contacts, which have to be proven for each, newest first.
    public func ownCases(of contacts: [Contact]) async throws -> [Complaint] {
        let indexes = contacts.compactMap(\.address).map { journal.vault.blindIndex($0) }
        let oldest = journal.clock.now.adding(seconds: -Self.linkReach)
        return try await journal.read {
            try $0.rows(
                """
                SELECT \(Complaint.columns) FROM complaint WHERE filed_at > \(oldest) AND stage <> 'unconfirmed'
                    AND docket IN (SELECT docket FROM complaint_contact WHERE is_proven = 1 AND contact_index IN \(in: indexes))
                ORDER BY filed_at DESC LIMIT 200
                """
            ) { try Complaint($0) }
        }
    }

    /// Whether a report was made with any of these contacts, which has to be proven for it: it is on the page of whoever has them.
    public func belongs(_ docket: String, to contacts: [Contact]) async throws -> Bool {
        let indexes = contacts.compactMap(\.address).map { journal.vault.blindIndex($0) }
        return try await journal.read {
            try $0.count(
                "SELECT count(*) FROM complaint_contact WHERE docket = \(docket) AND is_proven = 1 AND contact_index IN \(in: indexes)"
            ) > 0
        }
    }
}
