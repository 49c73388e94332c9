// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// Reports as the one who made them finds them again.
extension Complaints {
    /// Seconds for which a key to one's own case works.
    public static let keyLifetime: Int64 = 2 * 3600
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

    /// A key to the private part of a case that ends by itself, for a resident who is signed in.
    public func passingKey(to docket: String) -> String {
        passingKey(docket, until: journal.clock.now.adding(seconds: Self.keyLifetime))
    }

    func isPassingKey(_ key: String, of complaint: Complaint) -> Bool { isPassingKey(key, of: complaint.docket) }

    /// Whether a key opens a case for as long as it lasts.
    public func isPassingKey(_ key: String, of docket: String) -> Bool {
        let parts = key.split(separator: ".")
        guard parts.count == 2, let until = Instant(outsideSeconds: parts[0], radix: 36),
            until > journal.clock.now
        else { return false }
        return constantTimeEqual(Array(key.utf8), Array(passingKey(docket, until: until).utf8))
    }

    private func passingKey(_ docket: String, until: Instant) -> String {
        let end = String(until.milliseconds / 1000, radix: 36)
        return "\(end).\(journal.vault.tokenHash("passing:\(end):\(docket)").prefix(22))"
    }
}
