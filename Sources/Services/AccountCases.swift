// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Notifications
import Residents
import Storage

/// Applications go with the account that they belong to.
extension Services: CaseKeeper {
    /// How many cases have this as their proven contact.
    public func caseCount(of contact: Contact, in snapshot: Snapshot) throws -> Int {
        try snapshot.count("SELECT count(*) FROM service_case WHERE \(proven([contact]))")
    }

    /// Carries every case from a contact that leaves its account to one that stays. An exchange that waits for it ends with that: whoever
    /// had the old contact has no say any more in what takes its place.
    public func carryCases(from contact: Contact, to heir: Contact, in act: Act) throws {
        for serviceCase in try cases(with: [contact], in: act.snapshot) {
            try act.append(
                "case.contact-changed",
                to: serviceCase.stream,
                by: .system,
                facts: ["docket": .string(serviceCase.docket), "confirmed": true, "with-account": true],
                personal: Personal(of: serviceCase.person, ["contact": JSON(heir.address)])
            )
            let link = "\(origin)/berkas/\(serviceCase.docket)"
            try Outbox.redirect(serviceCase.docket, from: contact, to: heir, link: link, in: act, vault: journal.vault)
        }
    }

    /// Stops exchanges of contacts that wait, unless an officer who looked at the applicant's card asked for them.
    public func stopExchanges(of contacts: [Contact], to next: Contact?, since: Instant?, in act: Act) throws {
        for (serviceCase, story) in try waiting(contacts, in: act.snapshot) {
            guard let waiting = story.nextContact else { continue }
            let asked = story.events.last { $0.kind == "case.contact-change-asked" }
            let isSince = since.map { asked?.role == "resident" && $0 <= asked?.at ?? act.now } ?? false
            guard isSince || next != nil && Contact(waiting.address) == next else { continue }
            let facts: JSON = ["docket": .string(serviceCase.docket), "with-account": true]
            try act.append("case.contact-change-stopped", to: serviceCase.stream, by: .system, facts: facts)
        }
    }

    /// Lets what is not erased with an account go.
    public func releaseCases(of contacts: [Contact], in act: Act) throws {
        for serviceCase in try cases(with: contacts, in: act.snapshot) {
            try act.append("case.contact-released", to: serviceCase.stream, by: .system, facts: ["docket": .string(serviceCase.docket)])
        }
    }

    /// An exchange of the contact of a case that waits.
    public struct PendingExchange: Sendable {
        /// The case.
        public let docket: String
        /// What is to take the place of the contact.
        public let next: Contact
        /// When, unless it is stopped.
        public let until: Instant
    }

    /// Exchanges that wait of cases with any of these contacts, which have to be proven for each.
    public func pendingExchanges(of contacts: [Contact]) async throws -> [PendingExchange] {
        try await journal.read { snapshot in
            try waiting(contacts, in: snapshot).compactMap { serviceCase, story in
                guard let next = story.nextContact, let contact = Contact(next.address) else { return nil }
                return PendingExchange(docket: serviceCase.docket, next: contact, until: next.until)
            }
        }
    }

    private func waiting(_ contacts: [Contact], in snapshot: Snapshot) throws -> [(Case, Story)] {
        let waiting: SQL = "docket IN (SELECT docket FROM service_contact_exchange)"
        return try cases(with: contacts, waiting, in: snapshot).map { ($0, try story(of: $0, in: snapshot)) }
    }

    private func cases(with contacts: [Contact], _ condition: SQL = "1 = 1", in snapshot: Snapshot) throws -> [Case] {
        try snapshot.rows(
            "SELECT \(Case.columns) FROM service_case WHERE \(proven(contacts)) AND \(condition) ORDER BY filed_at, docket"
        ) { try Case($0) }
    }

    private func proven(_ contacts: [Contact]) -> SQL {
        let indexes = contacts.compactMap(\.address).map { journal.vault.blindIndex($0) }
        return "docket IN (SELECT docket FROM service_contact WHERE is_confirmed = 1 AND contact_index IN \(in: indexes))"
    }
}
