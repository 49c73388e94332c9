// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal

/// A resident with an account: what they told and proved, folded from the entries each time, and kept nowhere else.
public struct Resident: Sendable {
    /// The account, and whose key seals it.
    public let id: Identifier
    /// Contacts that were proven, oldest first.
    public internal(set) var contacts: [Contact] = []
    /// When each was; that which the account began with, before all others.
    private var added: [Contact: Instant] = [:]
    /// When something new was last taken off by somebody who was no older: it may have been to hide that they came.
    var disturbedAt: Instant?

    /// A contact that is to be taken off.
    public struct Leaving: Sendable {
        /// Which.
        public let contact: Contact
        /// When, unless its owner stops it.
        public let until: Instant
        /// In which language that was asked.
        let language: Language
    }

    /// Contacts that are to be taken off.
    public internal(set) var leaving: [Leaving] = []
    /// The others.
    public var staying: [Contact] { contacts.filter { contact in !leaving.contains { $0.contact == contact } } }
    /// What the resident said about themselves, or an officer read off their card: asked once.
    public internal(set) var details: [Questionnaire.Known: String] = [:]
    /// A check of the identity card.
    public struct Check: Sendable {
        /// When.
        public let at: Instant
        /// The agency whose counter it was.
        public let agency: String
        /// The account of the officer.
        public let officer: String?
    }

    /// The check that holds; nil where there was none.
    public internal(set) var identified: Check?
    /// The last check that did not count, since another account has the NIK on the card; nil where there was none.
    public internal(set) var contested: Check?
    /// Every check of a card for this account, oldest first.
    public internal(set) var checks: [Check] = []
    /// Keys to sign in with.
    public internal(set) var passkeys: [Passkey] = []
    /// Since when there is an account.
    public internal(set) var since: Instant?

    /// How sure the city is.
    public var assurance: Assurance { identified != nil ? .identified : contacts.isEmpty ? .anonymous : .contact }

    /// What only an officer may change once it was read off the card.
    public static let checkedDetails: Set<Questionnaire.Known> = [.name, .residentNumber]

    /// A key of a phone or computer.
    public struct Passkey: Sendable {
        /// The entry that added it.
        public let entry: String
        /// The credential's name, in base64url.
        public let credential: String
        /// What its owner calls it.
        public let name: String
        /// When it was added.
        public let addedAt: Instant
    }

    var stream: String { "resident/\(id)" }

    init?(_ id: Identifier, _ entries: [Entry]) {
        self.id = id
        guard !entries.isEmpty else { return nil }
        for entry in entries { take(entry) }
        // Erased: nothing can be opened any more.
        guard !contacts.isEmpty else { return nil }
    }

    private mutating func take(_ entry: Entry) {
        let contact = entry.personal?["contact"]?.string.flatMap { Contact($0) }
        switch entry.kind {
        case "resident.registered":
            since = entry.at
            add(contact, at: Instant(milliseconds: 0))
        case "resident.contact-added": add(contact, at: entry.at)
        case "resident.contact-removal-asked":
            guard let contact else { return }
            let language = entry.facts["language"]?.string.flatMap(Language.init) ?? .indonesian
            let until = Instant(milliseconds: entry.facts["until"]?.integer ?? 0)
            leaving.append(Leaving(contact: contact, until: until, language: language))
        case "resident.contact-removal-stopped": leaving = []
        case "resident.contact-removed":
            contacts.removeAll { $0 == contact }
            leaving.removeAll { $0.contact == contact }
            disturb(entry)
        case "resident.details-set": merge(entry.personal?["details"], isChecked: false)
        case "resident.identified":
            identified = check(entry)
            contested = nil
            merge(entry.personal?["details"], isChecked: true)
        case "resident.number-contested": contested = check(entry)
        case "resident.passkey-added":
            guard let credential = entry.personal?["credential"]?.string else { return }
            let name = entry.personal?["name"]?.string ?? ""
            passkeys.append(Passkey(entry: entry.id, credential: credential, name: name, addedAt: entry.at))
        case "resident.passkey-removed":
            passkeys.removeAll { $0.entry == entry.inner?["passkey"]?.string }
            disturb(entry)
        default: break
        }
    }

    private mutating func disturb(_ entry: Entry) {
        if entry.facts["disturbs"]?.bool == true { disturbedAt = entry.at }
    }

    /// Since when a contact is on the account; that which the account began with has always been.
    func since(_ contact: Contact) -> Instant? { added[contact] }

    private mutating func add(_ contact: Contact?, at moment: Instant) {
        guard let contact else { return }
        contacts.append(contact)
        added[contact] = moment
    }

    private mutating func check(_ entry: Entry) -> Check {
        let check = Check(at: entry.at, agency: entry.actor.unit ?? "", officer: entry.actor.account?.description)
        checks.append(check)
        return check
    }

    private mutating func merge(_ json: JSON?, isChecked: Bool) {
        for (name, value) in json?.object ?? [:] {
            guard let known = Questionnaire.Known(rawValue: name), isChecked || identified == nil || !Self.checkedDetails.contains(known)
            else { continue }
            details[known] = value.string?.isEmpty == false ? value.string : nil
        }
    }
}
