// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal
import Notifications
import Storage

/// What residents do with their own account.
extension Residents {
    // MARK: Contacts

    /// Sends a code to a further contact.
    public func sendCode(adding text: String, to resident: Resident, address: String, language: Language) async throws {
        // Its owner alone asks: that it is there gives nothing away.
        if let contact = Contact(text), resident.contacts.contains(contact) {
            let said = Text(id: "Kontak ini sudah ada pada akun Anda", en: "Your account has this contact already")
            throw Problem.fields([Problem.Field("contact", said)])
        }
        try await sendCode(to: text, for: "add:\(resident.id)", saying: .addContact, address: address, language: language)
    }

    /// The contact to which a code went that can still be written; nil where none did.
    public func adding(to resident: Resident) async throws -> Contact? {
        let now = journal.clock.now
        return try await journal.read {
            try ContactCodes.pending(for: "add:\(resident.id)", at: now, vault: journal.vault, in: $0).flatMap { Contact($0) }
        }
    }

    /// Adds the contact that the code went to, and tells those that the account had: whoever has the new one opens the account.
    public func addContact(code: String, to resident: Resident, language: Language) async throws {
        let isAdded = try await journal.commit { act in
            guard let known = try ContactCodes.take(code, for: "add:\(resident.id)", in: act, vault: journal.vault) else { return false }
            let index = journal.vault.blindIndex(known)
            let owner = try act.snapshot.find("SELECT resident FROM resident_contact WHERE contact_index = \(index)") {
                try $0(0, as: String.self)
            }
            if owner == resident.id.description { return true }
            guard owner == nil else {
                throw Problem(
                    "resident.contact-taken",
                    .conflict,
                    Text(id: "Kontak ini sudah dipakai akun lain", en: "Another account has this contact already"),
                    remedy: Text(
                        id: "Masuk dengan kontak itu, lalu lepaskan atau hapus akunnya.",
                        en: "Sign in with it and take it off there, or erase that account."
                    )
                )
            }
            try act.append(
                "resident.contact-added",
                to: resident.stream,
                by: .resident,
                personal: Personal(of: resident.id, ["contact": .string(known)])
            )
            let current = try self.resident(resident.id, in: act.snapshot)?.contacts ?? resident.contacts
            try tell(.contactAdded, about: Contact(known), to: current.filter { $0 != Contact(known) }, language, in: act)
            return true
        }
        guard isAdded else { throw ContactCodes.refused() }
    }

    /// Tells contacts of an account how the ways into it changed, so that an owner who did not do it can undo it.
    func tell(
        _ letter: Messages.Letter,
        about contact: Contact? = nil,
        of what: Text? = nil,
        _ until: Instant? = nil,
        link: String? = nil,
        to known: [Contact],
        _ language: Language,
        in act: Act
    ) throws {
        let date = until?.date(in: city.zone)
        let values = [
            // A dot that telephones have no sign for would halve what fits into an SMS.
            "contact": Text(same: (contact?.masked ?? "").replacing("•", with: "*")), "link": Text(same: link ?? "\(origin)/saya"),
            "what": what ?? Text(same: ""),
            "date": Text(id: date?.long(.indonesian) ?? "", en: date?.long(.english) ?? ""),
        ]
        let words = city.messages(letter, values)
        for one in known { try Written(words, language).send(to: one, isUrgent: true, in: act, vault: journal.vault) }
    }

    // MARK: Details

    /// Sets what forms are filled in with beforehand. What was read off the identity card stays.
    public func setDetails(_ details: [Questionnaire.Known: String], of resident: Resident) async throws {
        let changed = details.filter { known, value in
            value != resident.details[known] ?? "" && (resident.identified == nil || !Resident.checkedDetails.contains(known))
        }
        guard !changed.isEmpty else { return }
        let json = JSON.object(Dictionary(changed.map { ($0.rawValue, .string($1)) }, uniquingKeysWith: { $1 }))
        try await journal.commit { act in
            try act.append(
                "resident.details-set",
                to: resident.stream,
                by: .resident,
                personal: Personal(of: resident.id, ["details": json])
            )
        }
    }

    // MARK: Leaving

    /// Everything that the account holds, for its owner to take away (UU 27/2022 art 7 and 13).
    public func everything(about resident: Resident) async throws -> JSON {
        try await journal.read { snapshot in
            let entries = try journal.entries(of: resident.stream, in: snapshot).map { entry in
                JSON.compact([
                    "at": .string(entry.at.rfc3339(in: city.zone)), "kind": .string(entry.kind), "role": .string(entry.actor.role),
                    "unit": JSON(entry.actor.unit), "personal": entry.personal ?? .null,
                ])
            }
            return ["entries": .array(entries)]
        }
    }

    /// Keeps the wish of a resident to have their account erased, until it can be, and tells its contacts.
    ///
    /// - Parameter language: the one that they are to be told in once it is done.
    public func wishErasure(_ resident: Resident, language: Language) async throws {
        guard try await wish(of: resident) == nil else { return }
        let facts: JSON = ["language": .string(language.rawValue)]
        try await journal.commit { act in
            try act.append("resident.erasure-wished", to: resident.stream, by: .resident, facts: facts)
            let what = Text(id: "akun Anda dan semua yang boleh dihapus", en: "your account and all that may be erased")
            try tell(.erasureWished, of: what, to: resident.contacts, language, in: act)
        }
    }

    /// Takes back the wish of a resident to have their account erased.
    ///
    /// - Returns: whether there was one.
    @discardableResult public func withdrawErasure(_ resident: Resident) async throws -> Bool {
        guard try await wish(of: resident) != nil else { return false }
        try await journal.commit { act in try act.append("resident.erasure-withdrawn", to: resident.stream, by: .resident) }
        return true
    }

    /// Since when an account waits to be erased, and in which language its owner wished it; nil where nobody did.
    public func wish(of resident: Resident) async throws -> (since: Instant, language: Language)? {
        try await journal.read { snapshot in
            let since = try snapshot.find("SELECT since FROM resident_leaving WHERE resident = \(resident.id.description)") {
                try $0(0, as: Instant.self)
            }
            guard let since else { return nil }
            let entry = try journal.entries(of: resident.stream, in: snapshot).last { $0.kind == "resident.erasure-wished" }
            return (since, entry?.facts["language"]?.string.flatMap(Language.init) ?? .indonesian)
        }
    }

    /// Erases the account, and tells its contacts (UU 27/2022 art. 45); what was filed stays under its own rules.
    ///
    /// - Parameter staying: what is not erased with it.
    public func erase(_ resident: Resident, language: Language, but staying: Staying = Staying()) async throws {
        let basis = "UU 27/2022 ps. 8"
        try await journal.commit { act in
            let contacts = try self.resident(resident.id, in: act.snapshot)?.contacts ?? []
            for keeper in keepers { try keeper.releaseCases(of: contacts, in: act) }
            try act.erase(resident.id, by: .resident, basis: basis)
            // Written after what waited for them was taken away.
            for contact in contacts {
                let isShort = if case .phone = contact { true } else { false }
                let exceptions = staying.exceptions(isShort: isShort)
                let what = Text(
                    id: (["akun Anda"] + exceptions.map(\.id)).joined(separator: ", kecuali "),
                    en: (["your account"] + exceptions.map(\.en)).joined(separator: ", but for ")
                )
                let letter = Written(city.erasedLetter(of: what, ground: ErasureGround(basis)), language)
                try letter.send(to: contact, outlivesErasure: true, in: act, vault: journal.vault)
            }
        }
    }
}
