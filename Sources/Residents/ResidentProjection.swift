// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// How residents are found: by a contact's blind index, by an identity number's, by a passkey. What they said is not here.
public struct ResidentProjection: Projection {
    /// The tables of residents.
    public static let migrations =
        ContactCodes.migrations + [
            Migration(
                "20261126-b-residents",
                """
                CREATE TABLE resident_contact (
                    contact_index TEXT NOT NULL PRIMARY KEY,
                    resident TEXT NOT NULL
                );
                CREATE INDEX resident_contact_resident ON resident_contact (resident);
                CREATE TABLE resident_contact_leaving (
                    contact_index TEXT NOT NULL PRIMARY KEY,
                    resident TEXT NOT NULL,
                    until INTEGER NOT NULL
                );
                CREATE TABLE resident_number (
                    number_index TEXT NOT NULL PRIMARY KEY,
                    resident TEXT NOT NULL UNIQUE
                );
                CREATE TABLE resident_leaving (
                    resident TEXT NOT NULL PRIMARY KEY,
                    since INTEGER NOT NULL
                );
                CREATE TABLE resident_passkey (
                    entry TEXT NOT NULL PRIMARY KEY,
                    credential TEXT NOT NULL UNIQUE,
                    resident TEXT NOT NULL,
                    public_key TEXT NOT NULL
                );
                CREATE INDEX resident_passkey_resident ON resident_passkey (resident);
                CREATE TABLE passkey_use (
                    credential TEXT NOT NULL PRIMARY KEY,
                    count INTEGER NOT NULL,
                    used_at INTEGER NOT NULL
                );
                CREATE TABLE passkey_challenge (
                    hash TEXT NOT NULL PRIMARY KEY,
                    used_at INTEGER NOT NULL
                );
                CREATE TABLE resident_session (
                    token_hash TEXT NOT NULL PRIMARY KEY,
                    resident TEXT NOT NULL,
                    started_at INTEGER NOT NULL,
                    seen_at INTEGER NOT NULL,
                    proven_at INTEGER NOT NULL
                );
                CREATE INDEX resident_session_resident ON resident_session (resident);
                """
            ),
            // Since when the contact or passkey that opened a session is on its account; nothing is known of sessions from before.
            Migration("20261130-m-session-doors", "ALTER TABLE resident_session ADD COLUMN door_since INTEGER;"),
        ]

    /// The tables that replay fills.
    public let tables: [SchemaName] = [
        "resident_contact", "resident_contact_leaving", "resident_number", "resident_passkey", "resident_leaving",
    ]

    private let vault: Vault

    /// The projection; the vault is needed for blind indexes.
    public init(vault: Vault) { self.vault = vault }

    /// Takes away sessions, and codes that are out for an account, for a case, or to a contact that is known to be theirs.
    public func forget(_ erased: Erased, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM resident_session WHERE resident = \(erased.person.description)")
        let purposes =
            ["add:\(erased.person)", "counter:\(erased.person)", "proof:\(erased.person)"]
            + erased.own.flatMap { ["case:\($0)", "exchange:\($0)"] }
        // A further contact to which a code is out was never proven: it may be a stranger's, who must lose nothing.
        try ContactCodes.forget(purposes, erased.contacts, vault: vault, in: transaction)
    }

    /// Brings the tables up to date with one entry.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {
        if entry.kind == "person.erased", let person = entry.facts["person"]?.string {
            for table in tables { try transaction.execute("DELETE FROM \(name: table) WHERE resident = \(person)") }
            return
        }
        guard entry.stream.hasPrefix("resident/") else { return }
        let resident = String(entry.stream.dropFirst("resident/".count))
        let contact = entry.personal?["contact"]?.string
        switch entry.kind {
        case "resident.registered", "resident.contact-added":
            guard let contact else { return }
            try transaction.execute(
                "INSERT INTO resident_contact (contact_index, resident) VALUES (\(vault.blindIndex(contact)), \(resident))"
            )
        case "resident.erasure-wished":
            try transaction.execute(
                "INSERT INTO resident_leaving (resident, since) VALUES (\(resident), \(entry.at)) ON CONFLICT DO NOTHING"
            )
        case "resident.erasure-withdrawn": try transaction.execute("DELETE FROM resident_leaving WHERE resident = \(resident)")
        case "resident.contact-removed":
            guard let contact else { return }
            for table: SchemaName in ["resident_contact", "resident_contact_leaving"] {
                try transaction.execute("DELETE FROM \(name: table) WHERE contact_index = \(vault.blindIndex(contact))")
            }
        case "resident.contact-removal-asked":
            guard let contact else { return }
            try transaction.execute(
                """
                INSERT INTO resident_contact_leaving (contact_index, resident, until)
                VALUES (\(vault.blindIndex(contact)), \(resident), \(entry.facts["until"]?.integer ?? 0))
                """
            )
        case "resident.contact-removal-stopped":
            try transaction.execute("DELETE FROM resident_contact_leaving WHERE resident = \(resident)")
        case "resident.identified":
            guard let number = entry.personal?["details"]?["resident-number"]?.string else { return }
            try transaction.execute("DELETE FROM resident_number WHERE resident = \(resident)")
            try transaction.execute(
                "INSERT INTO resident_number (number_index, resident) VALUES (\(vault.blindIndex("nik:\(number)")), \(resident))"
            )
        case "resident.passkey-added":
            guard let credential = entry.personal?["credential"]?.string, let key = entry.personal?["key"]?.string else { return }
            try transaction.execute(
                """
                INSERT INTO resident_passkey (entry, credential, resident, public_key)
                VALUES (\(entry.id), \(credential), \(resident), \(key))
                """
            )
        case "resident.passkey-removed":
            try transaction.execute("DELETE FROM resident_passkey WHERE entry = \(entry.inner?["passkey"]?.string ?? "")")
        default: break
        }
    }
}
