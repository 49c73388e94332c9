// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Forms
import Identity
import Journal
import Notifications
import Residents
import Storage

/// Whether the contact of an application is its applicant's. Until it is proven nothing that opens the case goes there: a number
/// mistyped by one digit belongs to a stranger.
extension Services {
    /// Seconds for which the code of a new application is good.
    static let contactCodeLifetime: Int64 = 7 * 86_400

    /// Whether a code may go to a contact that somebody wrote into a form: else anybody could have a stranger's telephone ring. Where
    /// it may not, the applicant asks for one on the page of the case.
    func mayAsk(_ contact: String?, from network: String?) -> Bool {
        guard let known = contact.flatMap({ Contact($0) })?.address else { return false }
        return ContactCodes.allows(known, from: network, vault: journal.vault, now: journal.clock.now)
    }

    /// Sends a code to the contact of a case.
    func sendContactCode(_ docket: String, _ name: Text, to contact: Contact, _ language: Language, in act: Act) throws {
        let code = try ContactCodes.issue(
            for: "case:\(docket)",
            keeping: contact.address ?? "",
            seconds: Self.contactCodeLifetime,
            in: act,
            vault: journal.vault
        )
        let letter = city.messages(.applicationCode, ["docket": Text(same: docket), "service": name, "code": Text(same: code)])
        try Written(letter, language).send(to: contact, about: docket, isUrgent: true, in: act, vault: journal.vault)
    }

    /// Takes the code that went to the contact of a case, or to the one that is to take its place.
    public func proveContact(_ code: String, of docket: String, by hand: Hand) async throws {
        let isTaken = try await journal.commit { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            var story = try story(of: serviceCase, in: act.snapshot)
            try require(hand, reaches: serviceCase, story)
            if story.isContactConfirmed, story.nextContact == nil { return true }
            // A code that went to an earlier contact proves nothing about this one.
            let known = try ContactCodes.take(code, for: "case:\(docket)", in: act, vault: journal.vault)
            if let known, known == story.nextContact?.address {
                try act.append("case.contact-change-proven", to: serviceCase.stream, by: hand.actor, facts: ["docket": .string(docket)])
                story.nextContact?.isProven = true
                try exchangeContact(serviceCase, story, in: act)
                return true
            }
            guard known == story.contact, !story.isContactConfirmed else { return false }
            try act.append("case.contact-confirmed", to: serviceCase.stream, by: hand.actor, facts: ["docket": .string(docket)])
            return true
        }
        guard isTaken else { throw ContactCodes.refused() }
    }

    /// Puts another contact in the place of one that was never proven, or sends a new code to the same. One that is proven is
    /// exchanged only with its owner told, and able to stop it.
    ///
    /// - Parameters:
    ///   - hasCheckedIdentity: an officer looked at the applicant's card; needed of an officer where the contact is proven.
    ///   - network: whence an applicant asks.
    public func changeContact(
        _ text: String,
        of docket: String,
        hasCheckedIdentity: Bool = false,
        from network: String? = nil,
        by hand: Hand
    ) async throws {
        let contact = try Contact(required: text)
        let known = contact.address ?? ""
        try await journal.commit { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            let service = try definition(serviceCase, in: act.snapshot)
            let story = try story(of: serviceCase, in: act.snapshot)
            try require(hand, reaches: serviceCase, story)
            // After the question who may: nobody uses up the codes of a contact whose case is not theirs.
            try ContactCodes.requireFew(for: known, from: network, vault: journal.vault, now: act.now)
            if story.isContactConfirmed {
                guard known != story.contact else { return }
                if hand.account != nil, !hasCheckedIdentity { throw Self.identityFirst }
                // The owner of the old one is written to each time, with a code that agrees: nobody floods or guesses by asking anew.
                try ContactCodes.requireFew(for: story.contact, from: network, vault: journal.vault, now: act.now)
                try askToExchange(serviceCase, service, story, for: contact, isProven: false, by: hand, in: act)
                return
            }
            try sendContactCode(docket, service.name, to: contact, serviceCase.language, in: act)
            guard known != story.contact else { return }
            try act.append(
                "case.contact-changed",
                to: serviceCase.stream,
                by: hand.actor,
                facts: ["docket": .string(docket)],
                personal: Personal(of: serviceCase.person, ["contact": .string(known)])
            )
        }
    }

    /// Refuses an officer who has no part in the case. The clerk who filed it stays with it until its contact is proven, at whatever
    /// counter they sit.
    private func require(_ hand: Hand, reaches serviceCase: Case, _ story: Story) throws {
        guard case .officer(let officer) = hand else { return }
        let isOfAgency = !officer.performers(for: serviceCase).isDisjoint(with: [.clerk, .officer])
        guard isOfAgency || isFiler(officer, story) else { throw Self.notYours }
    }

    /// Whether an officer filed a case at the counter whose contact is still to be proven.
    public func isFiler(_ officer: Officer, _ story: Story) -> Bool {
        !story.isContactConfirmed && officer.roles.contains(.clerk) && story.events.first?.account == officer.account.description
    }

    private static let identityFirst = Problem.fields([
        Problem.Field(
            "checked",
            Text(
                id: "Kontak ini sudah terbukti. Cocokkan dulu KTP pemohon, lalu centang di sini",
                en: "This contact is proven. First compare the applicant’s card, then tick this"
            )
        )
    ])

    /// Sets of what the applicant is told.
    public func setNotices(_ notices: Story.Notices, of docket: String) async throws {
        try await journal.commit { act in
            let serviceCase = try Self.require(docket, in: act.snapshot)
            guard try story(of: serviceCase, in: act.snapshot).notices != notices else { return }
            try act.append(
                "case.notices-set",
                to: serviceCase.stream,
                by: .resident,
                facts: ["docket": .string(docket), "notices": .string(notices.rawValue)]
            )
        }
    }
}
