// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Notifications
import Residents
import Storage

/// Reports go with the account that they belong to.
extension Complaints: CaseKeeper {
    /// What becomes of the contact of a report with its account: nothing that anybody reads, nor that makes it newly changed.
    static let accountKinds: Set<String> = [contactChanged, contactReleased]
    static let contactChanged = "complaint.contact-changed"
    static let contactReleased = "complaint.contact-released"

    /// How many reports have this as their proven contact.
    public func caseCount(of contact: Contact, in snapshot: Snapshot) throws -> Int { try cases(with: [contact], in: snapshot).count }

    /// Carries every report from a contact that leaves its account to one that stays. Where it was merged into another, its reporter
    /// follows that one by the new contact; what somebody subscribed to themselves stays a subscription of the number.
    public func carryCases(from contact: Contact, to heir: Contact, in act: Act) throws {
        for (docket, person) in try cases(with: [contact], in: act.snapshot) {
            try act.append(
                Self.contactChanged,
                to: "complaint/\(docket)",
                by: .system,
                facts: ["docket": .string(docket)],
                personal: Personal(of: person, ["contact": JSON(heir.address)])
            )
            try Outbox.redirect(docket, from: contact, to: heir, link: "\(origin)/berkas/\(docket)", in: act, vault: journal.vault)
            try carryFollower(person, from: contact, to: heir, in: act)
        }
    }

    /// Lets what is not erased with an account go.
    public func releaseCases(of contacts: [Contact], in act: Act) throws {
        for (docket, _) in try cases(with: contacts, in: act.snapshot) {
            try act.append(Self.contactReleased, to: "complaint/\(docket)", by: .system, facts: ["docket": .string(docket)])
        }
    }

    /// A reporter follows what their report was merged into by no wish of their own.
    private func carryFollower(_ person: Identifier, from contact: Contact, to heir: Contact, in act: Act) throws {
        let index = journal.vault.blindIndex(contact.address ?? "")
        let followed = try act.snapshot.rows(
            """
            SELECT docket, entry FROM complaint_follower WHERE person = \(person.description) AND contact_index = \(index)
                AND person IN (SELECT person FROM complaint) ORDER BY entry
            """
        ) { (docket: try $0(0, as: String.self), entry: try $0(1, as: String.self)) }
        for (docket, entry) in followed {
            let language = try journal.entries(about: person, in: act.snapshot).first { $0.id == entry }?.personal?["language"]
            let facts: JSON = ["docket": .string(docket)]
            try act.append(
                "complaint.unfollowed",
                to: "complaint/\(docket)",
                by: .system,
                facts: ["docket": .string(docket), "follower": .string(entry)]
            )
            try act.append(
                "complaint.followed",
                to: "complaint/\(docket)",
                by: .system,
                facts: facts,
                personal: Personal(of: person, .compact(["contact": JSON(heir.address), "language": language ?? .null]))
            )
        }
    }

    private func cases(with contacts: [Contact], in snapshot: Snapshot) throws -> [(docket: String, person: Identifier)] {
        let indexes = contacts.compactMap(\.address).map { journal.vault.blindIndex($0) }
        return try snapshot.rows(
            """
            SELECT docket, person FROM complaint
            WHERE docket IN (SELECT docket FROM complaint_contact WHERE is_proven = 1 AND contact_index IN \(in: indexes))
            ORDER BY filed_at, docket
            """
        ) { (docket: try $0(0, as: String.self), person: try $0(1, as: String.self)) }.compactMap { row in
            Identifier(row.person).map { (row.docket, $0) }
        }
    }

    /// Whether a report was let go by an account that was erased.
    func isReleased(_ docket: String, in snapshot: Snapshot) throws -> Bool {
        try snapshot.count("SELECT count(*) FROM complaint_contact WHERE docket = \(docket) AND contact_index = \("released-\(docket)")")
            > 0
    }
}
