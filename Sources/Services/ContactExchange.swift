// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Residents
import Storage

/// Exchanging a proven contact. Whoever has it opens the case, so that the owner of the old one is told, can stop it, and is waited
/// for; until then everything goes to the old one, and nothing but a code to the new one.
extension Services {
    /// Begins the exchange.
    ///
    /// - Parameter isProven: the new contact is known to be the asker's.
    func askToExchange(
        _ serviceCase: Case,
        _ service: Service,
        _ story: Story,
        for contact: Contact,
        isProven: Bool,
        by hand: Hand,
        in act: Act
    ) throws {
        let docket = serviceCase.docket
        let until = act.now.adding(seconds: ContactStop.seconds)
        try act.append(
            "case.contact-change-asked",
            to: serviceCase.stream,
            by: hand.actor,
            facts: .compact([
                "docket": .string(docket), "until": .integer(until.milliseconds), "proven": isProven ? true : .null,
            ]),
            personal: Personal(of: serviceCase.person, ["next": JSON(contact.address)])
        )
        if !isProven { try sendContactCode(docket, service.name, to: contact, serviceCase.language, in: act) }
        guard let old = Contact(story.contact) else { return }
        let code = try ContactCodes.issue(
            for: "exchange:\(docket)",
            keeping: story.contact,
            seconds: ContactStop.seconds,
            in: act,
            vault: journal.vault
        )
        let date = until.date(in: city.zone)
        let letter = city.messages(
            .contactChange,
            [
                // A dot that telephones have no sign for would halve what fits into an SMS.
                "docket": Text(same: docket), "contact": Text(same: contact.masked.replacing("•", with: "*")), "code": Text(same: code),
                "date": Text(id: date.long(.indonesian), en: date.long(.english)),
                "link": Text(same: "\(origin)/kontak/\(docket)/\(ContactStop.tag(docket, until: until, vault: journal.vault))"),
            ]
        )
        try Written(letter, serviceCase.language).send(to: old, about: docket, isUrgent: true, in: act, vault: journal.vault)
    }

    /// The owner of the old contact agrees at once, by the code that went there. Nobody does it for them.
    public func agreeToContact(_ code: String, of docket: String, by hand: Hand) async throws {
        guard case .applicant = hand else { throw Self.notYours }
        let isTaken = try await journal.commit { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            var story = try story(of: serviceCase, in: act.snapshot)
            guard story.nextContact != nil,
                try ContactCodes.take(code, for: "exchange:\(docket)", in: act, vault: journal.vault) == story.contact
            else { return false }
            try act.append("case.contact-change-agreed", to: serviceCase.stream, by: hand.actor, facts: ["docket": .string(docket)])
            story.nextContact?.isAgreed = true
            try exchangeContact(serviceCase, story, in: act)
            return true
        }
        guard isTaken else { throw ContactCodes.refused(field: "old-code") }
    }

    /// What a link to stop an exchange is about: the contact that was to come, with most of it hidden; nil when the link is made up or
    /// there is nothing to stop any more.
    public func exchange(of docket: String, tag: String) async throws -> String? {
        try await journal.read { snapshot in
            guard let serviceCase = try Self.find(docket, in: snapshot) else { return nil }
            return try next(serviceCase, tag, in: snapshot).flatMap { Contact($0.address)?.masked }
        }
    }

    /// The owner of the old contact stops it; the old one stays.
    ///
    /// - Returns: false where there was nothing to stop.
    @discardableResult
    public func stopExchange(of docket: String, tag: String) async throws -> Bool {
        try await journal.commit { act in
            guard let serviceCase = try Self.find(docket, in: act.snapshot), try next(serviceCase, tag, in: act.snapshot) != nil else {
                return false
            }
            try act.append("case.contact-change-stopped", to: serviceCase.stream, by: .resident, facts: ["docket": .string(docket)])
            return true
        }
    }

    /// Whoever holds a case takes an exchange back that waits; the contact stays.
    public func takeExchangeBack(of docket: String, by hand: Hand) async throws {
        guard case .applicant = hand else { throw Self.notYours }
        try await journal.commit { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            guard try story(of: serviceCase, in: act.snapshot).nextContact != nil else { return }
            let facts: JSON = ["docket": .string(docket), "taken-back": true]
            try act.append("case.contact-change-stopped", to: serviceCase.stream, by: hand.actor, facts: facts)
        }
    }

    /// Exchanges what was proven and not stopped in time.
    func exchangeContact(of docket: String) async throws -> Instant? {
        try await journal.commit { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            try exchangeContact(serviceCase, try story(of: serviceCase, in: act.snapshot), in: act)
        }
        return nil
    }

    /// Exchanges the contact where the new one is proven and the old one's owner has agreed, or had time enough to stop it.
    func exchangeContact(_ serviceCase: Case, _ story: Story, in act: Act) throws {
        guard let next = story.nextContact, next.isProven, next.isAgreed || next.until <= act.now else { return }
        try act.append(
            "case.contact-changed",
            to: serviceCase.stream,
            by: .system,
            facts: ["docket": .string(serviceCase.docket), "confirmed": true],
            personal: Personal(of: serviceCase.person, ["contact": .string(next.address)])
        )
    }

    private func next(_ serviceCase: Case, _ tag: String, in snapshot: Snapshot) throws -> Story.NextContact? {
        guard let next = try story(of: serviceCase, in: snapshot).nextContact,
            ContactStop.isTag(tag, serviceCase.docket, until: next.until, vault: journal.vault)
        else { return nil }
        return next
    }
}
