// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal
import Residents
import Storage

/// What the city knows of whoever applies on their own.
public struct Applicant: Sendable {
    /// How sure it is.
    let assurance: Assurance
    /// Contacts that are theirs.
    let contacts: [Contact]
    /// The account that they are signed in to; nil where they are not.
    private let account: Identifier?
    /// The way they came: `web` or `sms`.
    let channel: String
    /// The identity number that an officer read off their card; nil where none did.
    let checkedNumber: String?
    /// The network that they came from, for the bound on messages to strangers; nil where that is not known.
    public var network: String?

    private init(
        _ assurance: Assurance,
        _ contacts: [Contact],
        _ channel: String,
        of account: Resident? = nil,
        checkedNumber: String? = nil
    ) {
        self.assurance = assurance
        self.account = account?.id
        self.contacts = contacts
        self.channel = channel
        self.checkedNumber = checkedNumber
    }

    /// Somebody of whom nothing is known.
    public static let unknown = Applicant(.anonymous, [], "web")

    /// A resident who is signed in.
    public init(_ resident: Resident) {
        let number = resident.identified == nil ? nil : resident.details[.residentNumber]
        self.init(resident.assurance, resident.contacts, "web", of: resident, checkedNumber: number)
    }

    /// The holder of a telephone, for whose number the operator vouches.
    init(telephone: Contact) { self.init(.contact, [telephone], "sms") }

    /// Whether a contact is one of theirs.
    func owns(_ contact: String?) -> Bool { contact.flatMap { Contact($0) }.map(contacts.contains) ?? false }

    /// Whether it still is: their account may have been erased, or the contact taken off, since they were let in.
    func owns(_ contact: String?, _ residents: Residents, in snapshot: Snapshot) throws -> Bool {
        guard owns(contact) else { return false }
        guard let account else { return true }
        let now = try residents.resident(account, in: snapshot)?.contacts ?? []
        return contact.flatMap { Contact($0) }.map(now.contains) ?? false
    }
}
