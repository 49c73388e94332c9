// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal
import Notifications
import Storage

/// Taking a contact off an account: whoever has it opens the account until its owner has had time to stop it, as with the contact
/// of a case. What came to the account lately has no such say, so that whoever held somebody's telephone for an hour and added a
/// contact of their own neither throws the owner out nor stays.
extension Residents {
    /// Seconds for which a further contact or a passkey is new. Twice the days to stop: what was added shortly before somebody asked
    /// to have an older contact taken off is new as long as that can be stopped.
    static let newness = 2 * ContactStop.seconds

    /// Whether something that happened to an account then is new.
    static func isNew(_ then: Instant?, at now: Instant) -> Bool { then.map { $0.adding(seconds: newness) > now } ?? false }

    /// Days of that, for people.
    public static let newDays = Int(newness / 86_400)

    /// Takes a contact off an account that has another: one that is new at once, any other after the days in which it can be stopped.
    ///
    /// - Parameter session: of whoever takes it off.
    public func removeContact(_ text: String, from resident: Resident, session: String? = nil, language: Language) async throws {
        try await journal.commit { act in
            guard let current = try self.resident(resident.id, in: act.snapshot), let contact = Contact(text), let known = contact.address,
                current.staying.contains(contact)
            else { return }
            guard current.staying.count > 1 else {
                throw Problem(
                    "resident.last-contact",
                    .conflict,
                    Text(id: "Kontak terakhir tidak bisa dilepas", en: "The last contact cannot be taken off"),
                    remedy: current.leaving.isEmpty
                        ? Text(
                            id: "Tambahkan kontak lain lebih dulu, atau hapus akunnya.",
                            en: "Add another first, or erase the account."
                        )
                        : Text(
                            id: "Kontak yang lain sedang menunggu dilepas: batalkan itu dulu.",
                            en: "The other waits to be taken off: stop that first."
                        )
                )
            }
            guard !current.isNew(contact, at: act.now) else {
                let door = try doorSince(session: session, in: act.snapshot)
                let isOlder = current.isOlder(door, than: contact)
                // Whoever it was may have made a passkey, too: what came to the account since goes with them.
                let since = current.since(contact)
                for passkey in current.passkeys where isOlder && since.map({ passkey.addedAt >= $0 }) ?? false {
                    try takeOff(passkey, current, by: door, in: act)
                }
                return try takeOff(contact, current, by: .resident, disturbs: !isOlder, language, in: act)
            }
            let until = act.now.adding(seconds: ContactStop.seconds)
            try act.append(
                "resident.contact-removal-asked",
                to: resident.stream,
                by: .resident,
                facts: ["until": .integer(until.milliseconds), "language": .string(language.rawValue)],
                personal: Personal(of: resident.id, ["contact": .string(known)])
            )
            let tag = ContactStop.tag(current.purpose(contact), until: until, vault: journal.vault)
            let letters = current.contacts.map { ($0, $0 == contact ? "\(origin)/kontak/\(resident.id)/\(tag)" : "\(origin)/saya") }
            for (one, link) in letters { try tell(.contactLeaving, about: contact, until, link: link, to: [one], language, in: act) }
        }
    }

    /// Takes off what nobody stopped in time.
    ///
    /// - Parameter index: the contact's.
    public func removeContact(due index: String) async throws {
        try await journal.commit { act in
            let owner = try act.snapshot.find(
                "SELECT resident FROM resident_contact_leaving WHERE contact_index = \(index) AND until <= \(act.now)"
            ) { try $0(0, as: String.self) }
            guard let current = try owner.flatMap({ Identifier($0) }).flatMap({ try self.resident($0, in: act.snapshot) }),
                let leaving = current.leaving.first(where: { journal.vault.blindIndex($0.contact.address ?? "") == index })
            else { return }
            try takeOff(leaving.contact, current, by: .system, leaving.language, in: act)
        }
    }

    /// Refuses to erase what belongs to the account that has a contact, where it is not settled.
    ///
    /// - Parameter index: the contact's blind index.
    public func requireSettled(withContact index: String, in snapshot: Snapshot) throws {
        let owner = try snapshot.find("SELECT resident FROM resident_contact WHERE contact_index = \(index)") { try $0(0, as: String.self) }
        try owner.flatMap { Identifier($0) }.flatMap { try resident($0, in: snapshot) }?.requireSettled(at: journal.clock.now)
    }

    /// What a link to stop it is about: the contact that is to go, and when; nil when the link is made up or there is nothing to stop
    /// any more.
    public func leaving(from id: Identifier, tag: String) async throws -> Resident.Leaving? {
        try await journal.read { try resident(id, in: $0).flatMap { leaving($0, tag) } }
    }

    /// The owner of a contact keeps it: it stays, what is new on the account goes, and everybody signs in again.
    ///
    /// - Returns: false where there was nothing to stop.
    public func stopRemoval(from id: Identifier, tag: String) async throws -> Bool {
        try await journal.commit { act in
            guard let current = try resident(id, in: act.snapshot), let kept = leaving(current, tag) else { return false }
            try act.append("resident.contact-removal-stopped", to: current.stream, by: .resident)
            for contact in current.contacts where contact != kept.contact && current.isNew(contact, at: act.now) {
                try takeOff(contact, current, by: .resident, kept.language, in: act)
            }
            for passkey in current.passkeys where passkey.isNew(at: act.now) {
                try takeOff(passkey, current, by: current.since(kept.contact), in: act)
                for keeper in keepers {
                    try keeper.stopExchanges(of: current.contacts, to: nil, since: passkey.addedAt, in: act)
                }
            }
            try signOutEverybody(of: current, in: act)
            return true
        }
    }

    /// Whoever is signed in takes it back that contacts are to go.
    public func keepContacts(of resident: Resident) async throws {
        guard !resident.leaving.isEmpty else { return }
        try await journal.commit { act in
            try act.append("resident.contact-removal-stopped", to: resident.stream, by: .resident)
        }
    }

    private func leaving(_ resident: Resident, _ tag: String) -> Resident.Leaving? {
        resident.leaving.first { ContactStop.isTag(tag, resident.purpose($0.contact), until: $0.until, vault: journal.vault) }
    }

    /// - Parameter disturbs: whether it is new, and taken off by somebody who is no older.
    private func takeOff(
        _ contact: Contact,
        _ resident: Resident,
        by actor: Actor,
        disturbs: Bool = false,
        _ language: Language,
        in act: Act
    ) throws {
        try act.append(
            "resident.contact-removed",
            to: resident.stream,
            by: actor,
            facts: .compact(["disturbs": disturbs ? true : .null]),
            personal: Personal(of: resident.id, ["contact": .string(contact.address ?? "")])
        )
        try settleCases(of: resident, without: contact, in: act)
        // Whoever signed in with it elsewhere has to do so again.
        try signOutEverybody(of: resident, in: act)
        try tell(.contactRemoved, about: contact, to: resident.contacts, language, in: act)
    }

    /// - Parameter door: since when that is on the account by which whoever takes it off came in; nil where that is not known.
    func takeOff(_ passkey: Resident.Passkey, _ resident: Resident, by door: Instant?, in act: Act) throws {
        let disturbs = passkey.isNew(at: act.now) && !(door.map { $0 < passkey.addedAt } ?? false)
        try act.append(
            "resident.passkey-removed",
            to: resident.stream,
            by: .resident,
            facts: .compact(["disturbs": disturbs ? true : .null]),
            inner: ["passkey": .string(passkey.entry)]
        )
    }

    private func signOutEverybody(of resident: Resident, in act: Act) throws {
        try act.operate {
            try $0.execute("DELETE FROM resident_session WHERE resident = \(resident.id.description) AND started_at < \(act.now)")
        }
    }
}

extension Resident {
    /// Refuses to erase what belongs to the account while something in it is new, or somebody took something new off who was no older
    /// themselves: somebody who came to it lately, or who is about to take a contact off, could destroy what is its owner's.
    public func requireSettled(at now: Instant) throws {
        let isNew = contacts.contains { self.isNew($0, at: now) } || passkeys.contains { $0.isNew(at: now) }
        guard isNew || !leaving.isEmpty || Residents.isNew(disturbedAt, at: now) else { return }
        throw Problem(
            "resident.unsettled",
            .conflict,
            Text(
                id: "Belum bisa dihapus: ada kontak atau kunci sandi yang baru, atau yang baru atau sedang dilepas",
                en: "It cannot be erased yet: a contact or a passkey is new, or was or is being taken off"
            ),
            remedy: Text(
                id: "Lepas yang baru itu setelah masuk dengan kontak lama, batalkan pelepasan, atau tunggu \(Residents.newDays) hari.",
                en:
                    "Sign in with an older contact and take off what is new, keep what is being taken off, or wait \(Residents.newDays) days."
            )
        )
    }

    /// Whether a further contact came to the account so lately that it has no say in what becomes of it.
    func isNew(_ contact: Contact, at now: Instant) -> Bool { Residents.isNew(since(contact), at: now) }

    /// Whether somebody came in by what was on the account before a contact.
    fileprivate func isOlder(_ door: Instant?, than contact: Contact) -> Bool {
        guard let door, let added = since(contact) else { return false }
        return door < added
    }

    /// What a link of its owner stops.
    fileprivate func purpose(_ contact: Contact) -> String { "\(stream):\(contact.address ?? "")" }
}

extension Resident.Passkey {
    /// Whether it came to the account so lately that it has no say in what becomes of it.
    func isNew(at now: Instant) -> Bool { Residents.isNew(addedAt, at: now) }
}
