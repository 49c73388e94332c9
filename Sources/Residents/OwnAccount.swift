// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Journal
import Storage

/// What residents do with their own account.
extension Residents {
    // MARK: Contacts

    /// Sends a code to a further contact.
    public func sendCode(adding text: String, to resident: Resident, address: String, language: Language) async throws {
        try await sendCode(to: text, for: "add:\(resident.id)", address: address, language: language)
    }

    /// Adds the contact that the code went to.
    public func addContact(code: String, to resident: Resident) async throws {
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
            return true
        }
        guard isAdded else { throw ContactCodes.refused() }
    }

    /// Takes a contact off an account that has another.
    public func removeContact(_ text: String, from resident: Resident) async throws {
        try await journal.commit { act in
            guard let current = try self.resident(resident.id, in: act.snapshot), let contact = Contact(text), let known = contact.address,
                current.contacts.contains(contact)
            else { return }
            guard current.contacts.count > 1 else {
                throw Problem(
                    "resident.last-contact",
                    .conflict,
                    Text(id: "Kontak terakhir tidak bisa dilepas", en: "The last contact cannot be taken off"),
                    remedy: Text(
                        id: "Tambahkan kontak lain lebih dulu, atau hapus akunnya.",
                        en: "Add another first, or erase the account."
                    )
                )
            }
            try remove(known, from: resident.id, in: act)
        }
    }

    private func remove(_ known: String, from resident: Identifier, in act: Act) throws {
        try act.append(
            "resident.contact-removed",
            to: "resident/\(resident)",
            by: .resident,
            personal: Personal(of: resident, ["contact": .string(known)])
        )
        // Whoever signed in with it elsewhere has to do so again.
        try act.operate {
            try $0.execute("DELETE FROM resident_session WHERE resident = \(resident.description) AND started_at < \(act.now)")
        }
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

    /// Keeps the wish of a resident to have their account erased, until it can be.
    public func wishErasure(_ resident: Resident) async throws {
        guard try await isLeaving(resident) == nil else { return }
        try await journal.commit { act in try act.append("resident.erasure-wished", to: resident.stream, by: .resident) }
    }

    /// Since when an account waits to be erased; nil where nobody wished it.
    public func isLeaving(_ resident: Resident) async throws -> Instant? {
        try await journal.read {
            try $0.find("SELECT since FROM resident_leaving WHERE resident = \(resident.id.description)") { try $0(0, as: Instant.self) }
        }
    }

    /// Erases the account; what was filed stays under its own rules.
    public func erase(_ resident: Resident) async throws {
        try await journal.commit { act in
            try act.erase(resident.id, by: .resident, basis: "UU 27/2022 ps. 8")
        }
    }
}
