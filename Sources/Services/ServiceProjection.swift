// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials
import Journal
import Storage

/// Cases of services as lists read them, worked out from entries.
public struct ServiceProjection: Projection {
    /// The tables of services.
    public static let migrations = [
        Migration(
            "20261125-b-services",
            """
            CREATE TABLE service_case (
                docket TEXT NOT NULL PRIMARY KEY,
                service TEXT NOT NULL,
                definition TEXT NOT NULL,
                stage TEXT NOT NULL,
                status TEXT NOT NULL,
                is_open INTEGER NOT NULL,
                state TEXT NOT NULL,
                outcome TEXT,
                agency TEXT NOT NULL,
                subdistrict TEXT,
                person TEXT NOT NULL,
                access_hash TEXT NOT NULL,
                language TEXT NOT NULL,
                channel TEXT NOT NULL,
                filed_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                ended_at INTEGER,
                due INTEGER,
                next_due INTEGER,
                stage_due INTEGER,
                escalated_at INTEGER,
                erasure_wished_at INTEGER
            );
            CREATE INDEX service_case_wish ON service_case (erasure_wished_at) WHERE erasure_wished_at IS NOT NULL;
            CREATE INDEX service_case_desk ON service_case (agency, is_open, next_due);
            CREATE INDEX service_case_service ON service_case (service, filed_at);
            CREATE INDEX service_case_time ON service_case (is_open, stage_due);
            CREATE INDEX service_case_person ON service_case (person);
            CREATE TABLE service_clearance (
                docket TEXT NOT NULL,
                code TEXT NOT NULL,
                agency TEXT NOT NULL,
                is_given INTEGER NOT NULL,
                due INTEGER NOT NULL,
                PRIMARY KEY (docket, code)
            );
            CREATE INDEX service_clearance_due ON service_clearance (is_given, due);
            CREATE INDEX service_clearance_agency ON service_clearance (agency, is_given);
            CREATE TABLE service_contact (
                docket TEXT NOT NULL PRIMARY KEY,
                contact_index TEXT NOT NULL,
                is_confirmed INTEGER NOT NULL
            );
            CREATE INDEX service_contact_index ON service_contact (contact_index);
            CREATE TABLE service_contact_exchange (
                docket TEXT NOT NULL PRIMARY KEY,
                until INTEGER NOT NULL,
                is_proven INTEGER NOT NULL
            );
            CREATE INDEX service_contact_exchange_due ON service_contact_exchange (is_proven, until);
            CREATE TABLE service_definition (
                fingerprint TEXT NOT NULL PRIMARY KEY,
                code TEXT NOT NULL,
                facts TEXT NOT NULL
            );
            CREATE TABLE service_draft (
                token_hash TEXT NOT NULL PRIMARY KEY,
                person TEXT NOT NULL,
                sealed BLOB NOT NULL,
                updated_at INTEGER NOT NULL,
                clerk TEXT
            );
            CREATE INDEX service_draft_clerk ON service_draft (clerk) WHERE clerk IS NOT NULL;
            CREATE TABLE service_file (
                name TEXT NOT NULL PRIMARY KEY,
                person TEXT NOT NULL,
                type TEXT NOT NULL,
                added_at INTEGER NOT NULL
            );
            """
        ),
        // Cases whose applicant is erased by themselves when their time is over: no document was issued, nobody has erased them.
        Migration(
            "20261130-b-ageing",
            """
            ALTER TABLE service_case ADD COLUMN ages INTEGER NOT NULL DEFAULT 1;
            UPDATE service_case SET ages = 0 WHERE docket IN (SELECT docket FROM issued_document)
                OR person IN (SELECT person FROM person_key WHERE wrapped IS NULL);
            CREATE INDEX service_case_ageing ON service_case (ended_at) WHERE is_open = 0 AND ages = 1;
            """
        ),
        Migration("20261130-d-decisions", "ALTER TABLE service_case ADD COLUMN decision TEXT;"),
        Migration("20261130-k-outcomes", "INSERT INTO stale_tables (why) VALUES ('outcomes');"),
        // When the promise was kept, which is not when the case ended: one that nobody answered has ended, one that is gone on with has not.
        Migration("20261130-l-kept", "ALTER TABLE service_case ADD COLUMN met_at INTEGER;"),
        // Of whom a draft holds data besides its own person: by the names of their keys, with spaces between.
        Migration("20261130-n-draft-sources", "ALTER TABLE service_draft ADD COLUMN sources TEXT NOT NULL DEFAULT '';"),
    ]

    /// The tables that replay fills.
    public let tables: [SchemaName] = [
        "service_case", "service_clearance", "service_contact", "service_contact_exchange", "service_definition",
    ]

    private let vault: Vault

    /// The projection; the vault is needed for the blind indexes of contacts.
    public init(vault: Vault) { self.vault = vault }

    /// Brings the tables up to date with one entry.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {
        if entry.kind == "service.published" { return try publish(entry, in: transaction) }
        if entry.kind == "person.erased" {
            let person = entry.facts["person"]?.string ?? ""
            let cases: SQL = "(SELECT docket FROM service_case WHERE person = \(person))"
            try transaction.execute("DELETE FROM service_contact WHERE docket IN \(cases)")
            try transaction.execute("DELETE FROM service_contact_exchange WHERE docket IN \(cases)")
            // Where the reasons of a decision outlive the applicant, the case ages on until they go, too.
            try transaction.execute(
                "UPDATE service_case SET erasure_wished_at = NULL, ages = CASE WHEN decision IS NULL THEN 0 ELSE ages END WHERE person = \(person)"
            )
            try transaction.execute("UPDATE service_case SET ages = 0 WHERE decision = \(person)")
            return
        }
        if entry.kind == "document.issued" {
            let cases: SQL = "docket = \(entry.facts["docket"]?.string ?? "")"
            try transaction.execute("UPDATE service_case SET ages = 0 WHERE \(cases)")
            // Entries from before do not say that silence was an answer by law; the paper that the program issued on it does.
            if entry.actor == .system {
                try transaction.execute("UPDATE service_case SET outcome = 'deemed' WHERE outcome = 'unanswered' AND \(cases)")
            }
            return
        }
        guard entry.stream.hasPrefix("case/") else { return }
        let docket = String(entry.stream.dropFirst("case/".count))
        if entry.kind == "case.escalated" {
            try transaction.execute("UPDATE service_case SET escalated_at = \(entry.at) WHERE docket = \(docket)")
            return
        }
        if entry.kind == "case.erasure-wished" {
            try transaction.execute("UPDATE service_case SET erasure_wished_at = \(entry.at) WHERE docket = \(docket)")
            return
        }
        if ["case.erasure-refused", "case.erasure-withdrawn"].contains(entry.kind) {
            try transaction.execute("UPDATE service_case SET erasure_wished_at = NULL WHERE docket = \(docket)")
            return
        }
        if entry.kind == "case.filed" { try file(entry, docket, in: transaction) }
        if let contact = entry.personal?["contact"]?.string, !contact.isEmpty { try keep(contact, entry, docket, in: transaction) }
        if entry.kind == "case.contact-confirmed" {
            try transaction.execute("UPDATE service_contact SET is_confirmed = 1 WHERE docket = \(docket)")
        }
        if entry.kind == "case.contact-released" {
            // Letters go there as before; nobody finds the case by it any more.
            try transaction.execute("UPDATE service_contact SET contact_index = \("released-\(docket)") WHERE docket = \(docket)")
        }
        if entry.kind.hasPrefix("case.contact-change") { try exchange(entry, docket, in: transaction) }
        try change(entry, docket, in: transaction)
    }

    /// Takes away drafts, also of answers that were being gone through again, or that were taken over from an account or a case.
    public func forget(_ erased: Erased, in transaction: Transaction) throws {
        let person = erased.person.description
        try transaction.execute("DELETE FROM service_draft WHERE person = \(person) OR sources LIKE \("%\(person)%")")
    }

    /// What waits to take the place of a proven contact.
    private func exchange(_ entry: Entry, _ docket: String, in transaction: Transaction) throws {
        switch entry.kind {
        case "case.contact-change-asked":
            let isProven = entry.facts["proven"]?.bool == true
            try transaction.execute(
                """
                INSERT INTO service_contact_exchange (docket, until, is_proven)
                VALUES (\(docket), \(entry.facts["until"]?.integer ?? 0), \(isProven))
                ON CONFLICT (docket) DO UPDATE SET until = excluded.until, is_proven = excluded.is_proven
                """
            )
        case "case.contact-change-proven":
            try transaction.execute("UPDATE service_contact_exchange SET is_proven = 1 WHERE docket = \(docket)")
        case "case.contact-change-stopped", "case.contact-changed":
            try transaction.execute("DELETE FROM service_contact_exchange WHERE docket = \(docket)")
        default: break
        }
    }

    /// The contact last given; a new one has to be proven again.
    private func keep(_ contact: String, _ entry: Entry, _ docket: String, in transaction: Transaction) throws {
        let isConfirmed = entry.facts["confirmed"]?.bool ?? false
        try transaction.execute(
            """
            INSERT INTO service_contact (docket, contact_index, is_confirmed) VALUES (\(docket), \(vault.blindIndex(contact)), \(isConfirmed))
            ON CONFLICT (docket) DO UPDATE SET contact_index = excluded.contact_index,
                is_confirmed = CASE WHEN service_contact.contact_index = excluded.contact_index AND service_contact.is_confirmed = 1
                    THEN 1 ELSE excluded.is_confirmed END
            """
        )
    }

    private func publish(_ entry: Entry, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO service_definition (fingerprint, code, facts)
            VALUES (\(entry.facts["fingerprint"]?.string ?? ""), \(entry.facts["service"]?.string ?? ""),
                \(String(decoding: entry.facts.canonical, as: UTF8.self)))
            """
        )
    }

    private func file(_ entry: Entry, _ docket: String, in transaction: Transaction) throws {
        let facts = entry.facts
        try transaction.execute(
            """
            INSERT INTO service_case (docket, service, definition, stage, status, is_open, state, agency, subdistrict, person, access_hash,
                language, channel, filed_at, updated_at)
            VALUES (\(docket), \(facts["service"]?.string ?? ""), \(facts["definition"]?.string ?? ""), '', '', 1, '{}',
                \(facts["agency"]?.string ?? ""), \(facts["subdistrict"]?.string), \(entry.person?.description ?? ""),
                \(entry.inner?["access"]?.string ?? ""), \(facts["language"]?.string ?? "id"), \(facts["channel"]?.string ?? "web"),
                \(entry.at), \(entry.at))
            """
        )
    }

    private static let movesNothing: Set = ["case.payment-reversed", "case.payment-corrected"]

    /// Every change says in its facts how far the case has come afterwards; nothing is worked out twice.
    private func change(_ entry: Entry, _ docket: String, in transaction: Transaction) throws {
        let facts = entry.facts
        guard let stage = facts["stage"]?.string else { return }
        var progress = Progress(facts: facts)
        let isOpen = progress.status.isOpen ? 1 : 0
        var outcome = facts["outcome"]?.string
        // Entries from before said that what money left as it was, or time had ended, was granted, and that time and whoever closed a
        // case kept its promise.
        if Self.movesNothing.contains(entry.kind) { outcome = nil }
        if entry.kind == "case.overdue", outcome == "granted" { outcome = "unanswered" }
        if progress.clock.promises["resolution"]?.met == entry.at, entry.kind == "case.overdue" || progress.status == .closed {
            progress.clock.reopen("resolution")
        }
        var state: [String: JSON] = ["stage", "status", "due", "clearances"].reduce(into: [:]) { $0[$1] = facts[$1] }
        state["clock"] = progress.clock.json
        try transaction.execute(
            """
            UPDATE service_case SET stage = \(stage), status = \(progress.status.rawValue), is_open = \(progress.status.isOpen),
                state = \(String(decoding: JSON.object(state).canonical, as: UTF8.self)),
                outcome = CASE WHEN \(isOpen) = 1 THEN NULL ELSE COALESCE(\(outcome), outcome) END, updated_at = \(entry.at),
                ended_at = CASE WHEN \(isOpen) = 1 THEN NULL ELSE COALESCE(ended_at, \(entry.at)) END,
                decision = COALESCE(decision, \(facts["decision"]?.string)),
                due = \(facts["due"]?["whole"]?.integer), next_due = \(facts["due"]?["next"]?.integer), stage_due = \(progress.stageDue),
                met_at = \(progress.clock.promises["resolution"]?.met)
            WHERE docket = \(docket)
            """
        )
        try transaction.execute("DELETE FROM service_clearance WHERE docket = \(docket)")
        for (code, clearance) in progress.clearances.sorted(by: { $0.key < $1.key }) {
            try transaction.execute(
                """
                INSERT INTO service_clearance (docket, code, agency, is_given, due)
                VALUES (\(docket), \(code), \(clearance.agency), \(clearance.isGiven), \(clearance.due))
                """
            )
        }
    }
}
