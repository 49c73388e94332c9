// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// “My reports” without an account: a link sent to the contact that the reports were made with.
extension Complaints {
    /// Seconds for which a link to one's own reports works.
    public static let linkLifetime: Int64 = 2 * 3600
    /// Seconds back to which a link shows reports.
    static let linkReach: Int64 = 366 * 86_400

    /// Sends the link to a contact, if any report was made with it. What the asker is told is the same either way, so that
    /// nobody learns who has reported.
    ///
    /// - Parameter isKnownElsewhere: whether something other than reports was sent in with it, by its blind index.
    public func sendOwnCasesLink(
        to text: String,
        language: Language,
        isKnownElsewhere: @escaping @Sendable (Snapshot, String) throws -> Bool = { _, _ in false }
    ) async throws {
        let contact = try self.contact(text)
        let index = journal.vault.blindIndex(contact.address ?? "")
        guard Self.linkThrottle.allows(index, limit: 5, now: journal.clock.now) else {
            throw Problem(
                "link.too-many",
                .tooMany,
                Text(id: "Terlalu sering meminta tautan", en: "Too many links were asked for"),
                remedy: Text(
                    id: "Tautan terakhir masih berlaku 2 jam. Coba lagi 15 menit lagi.",
                    en: "The last link still works for 2 hours. Try again in 15 minutes."
                ),
                retryAfter: 900
            )
        }
        try await journal.commit { act in
            let isKnown = try act.snapshot.count("SELECT count(*) FROM complaint_contact WHERE contact_index = \(index)") > 0
            guard try isKnown || isKnownElsewhere(act.snapshot, index) else { return }
            let link = "\(origin)/saya/\(ownCasesLink(index, until: act.now.adding(seconds: Self.linkLifetime)))"
            try tell(contact, .ownCases, ["link": Text(same: link)], language, in: act)
        }
    }

    /// The blind index of the contact that a link was sent to; nil when the link is old or made up.
    public func contact(ofLink link: String) -> String? {
        let parts = link.split(separator: ".")
        guard parts.count == 3, let until = Int64(parts[0], radix: 36).map({ Instant(milliseconds: $0 * 1000) }),
            until > journal.clock.now, constantTimeEqual(Array(link.utf8), Array(ownCasesLink(String(parts[1]), until: until).utf8))
        else { return nil }
        return String(parts[1])
    }

    /// Reports made with the contact that a link was sent to, newest first; nil when the link is old or made up.
    public func ownCases(link: String) async throws -> [Complaint]? {
        guard let index = contact(ofLink: link) else { return nil }
        let oldest = journal.clock.now.adding(seconds: -Self.linkReach)
        return try await journal.read {
            try $0.rows(
                """
                SELECT \(Complaint.columns) FROM complaint WHERE filed_at > \(oldest)
                    AND docket IN (SELECT docket FROM complaint_contact WHERE contact_index = \(index))
                ORDER BY filed_at DESC LIMIT 200
                """
            ) { try Complaint($0) }
        }
    }

    /// A key to the private part of a case that ends by itself, for whoever came by such a link.
    public func passingKey(to docket: String) -> String {
        passingKey(docket, until: journal.clock.now.adding(seconds: Self.linkLifetime))
    }

    func isPassingKey(_ key: String, of complaint: Complaint) -> Bool { isPassingKey(key, of: complaint.docket) }

    /// Whether a key opens a case for as long as it lasts.
    public func isPassingKey(_ key: String, of docket: String) -> Bool {
        let parts = key.split(separator: ".")
        guard parts.count == 2, let until = Int64(parts[0], radix: 36).map({ Instant(milliseconds: $0 * 1000) }),
            until > journal.clock.now
        else { return false }
        return constantTimeEqual(Array(key.utf8), Array(passingKey(docket, until: until).utf8))
    }

    private static let linkThrottle = Throttle()

    private func ownCasesLink(_ index: String, until: Instant) -> String {
        let end = String(until.milliseconds / 1000, radix: 36)
        return "\(end).\(index).\(journal.vault.tokenHash("own:\(end):\(index)").prefix(22))"
    }

    private func passingKey(_ docket: String, until: Instant) -> String {
        let end = String(until.milliseconds / 1000, radix: 36)
        return "\(end).\(journal.vault.tokenHash("passing:\(end):\(docket)").prefix(22))"
    }

    /// A contact that must be one, or the fault that says how to write it.
    public func contact(_ text: String) throws -> Report.Contact {
        guard let contact = Report.Contact(text), contact.address != nil else {
            throw Problem.fields([
                Problem.Field(
                    "contact",
                    Text(
                        id: "Tulis nomor HP seperti 0812-3456-7890, atau alamat email",
                        en: "Write a mobile number such as 0812-3456-7890, or an e-mail address"
                    )
                )
            ])
        }
        return contact
    }
}
