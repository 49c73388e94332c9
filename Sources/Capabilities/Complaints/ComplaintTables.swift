// SPDX-License-Identifier: EUPL-1.2

import Storage

/// The tables of complaints.
public enum ComplaintTables {
    /// The words of cases, for search.
    static let words = TextIndex(table: "complaint", key: "docket", column: "search", moment: "filed_at")

    /// Steps of the schema.
    public static let migrations = [
        words.migration("20261124-f-words"),
        .withoutSamples(
            "20261124-g-samples",
            of: [
                ("complaint", "story"), ("complaint", "address"), ("complaint", "title"), ("complaint", "public_name"),
                ("complaint_event", "text"),
            ]
        ),
        Migration(
            "20261124-d-complaints",
            """
            CREATE TABLE complaint (
                docket TEXT NOT NULL PRIMARY KEY,
                version INTEGER NOT NULL,
                stage TEXT NOT NULL,
                is_open INTEGER NOT NULL,
                is_public INTEGER NOT NULL,
                outcome TEXT,
                reason TEXT,
                category TEXT NOT NULL,
                classification TEXT NOT NULL,
                agency TEXT NOT NULL,
                rule INTEGER NOT NULL,
                officer TEXT,
                district TEXT,
                subdistrict TEXT,
                latitude REAL,
                longitude REAL,
                address TEXT NOT NULL,
                title TEXT NOT NULL,
                story TEXT,
                is_confidential INTEGER NOT NULL,
                is_name_hidden INTEGER NOT NULL,
                public_name TEXT,
                person TEXT NOT NULL,
                channel TEXT NOT NULL,
                filed_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                ended_at INTEGER,
                next_due INTEGER,
                resolution_due INTEGER,
                scheduled_for TEXT,
                followers INTEGER NOT NULL,
                challenges INTEGER NOT NULL,
                parent TEXT,
                rating INTEGER,
                reported_by TEXT,
                access_hash TEXT NOT NULL,
                clock TEXT NOT NULL,
                language TEXT NOT NULL,
                photos TEXT NOT NULL,
                search TEXT NOT NULL
            );
            CREATE INDEX complaint_public ON complaint (is_public, filed_at);
            CREATE INDEX complaint_public_open ON complaint (is_public, is_open, filed_at);
            CREATE INDEX complaint_area ON complaint (district, is_public, filed_at);
            CREATE INDEX complaint_category ON complaint (category, is_public, filed_at);
            CREATE INDEX complaint_desk ON complaint (agency, is_open, next_due);
            CREATE INDEX complaint_officer ON complaint (officer, is_open, next_due);
            CREATE INDEX complaint_due ON complaint (is_open, next_due);
            CREATE INDEX complaint_updated ON complaint (updated_at);
            CREATE INDEX complaint_near ON complaint (category, latitude) WHERE is_open = 1;
            CREATE INDEX complaint_person ON complaint (person);
            CREATE INDEX complaint_parent ON complaint (parent) WHERE parent IS NOT NULL;
            CREATE TABLE complaint_event (
                docket TEXT NOT NULL,
                version INTEGER NOT NULL,
                entry TEXT NOT NULL,
                seq INTEGER NOT NULL,
                kind TEXT NOT NULL,
                at INTEGER NOT NULL,
                role TEXT NOT NULL,
                agency TEXT,
                account TEXT,
                facts TEXT NOT NULL,
                text TEXT,
                is_internal INTEGER NOT NULL,
                is_private INTEGER NOT NULL,
                PRIMARY KEY (docket, version)
            );
            CREATE TABLE complaint_follower (
                docket TEXT NOT NULL,
                contact_index TEXT NOT NULL,
                person TEXT NOT NULL,
                entry TEXT NOT NULL,
                PRIMARY KEY (docket, contact_index)
            );
            CREATE INDEX complaint_follower_person ON complaint_follower (person);
            CREATE TABLE complaint_contact (
                contact_index TEXT NOT NULL,
                docket TEXT NOT NULL,
                is_proven INTEGER NOT NULL,
                PRIMARY KEY (contact_index, docket)
            );
            CREATE TABLE complaint_photo (
                name TEXT NOT NULL PRIMARY KEY,
                thumbnail TEXT NOT NULL,
                person TEXT NOT NULL,
                docket TEXT,
                added_at INTEGER NOT NULL
            );
            CREATE TABLE personal_view (
                entry TEXT NOT NULL PRIMARY KEY,
                person TEXT NOT NULL,
                docket TEXT NOT NULL,
                at INTEGER NOT NULL,
                account TEXT,
                agency TEXT,
                purpose TEXT NOT NULL
            );
            CREATE INDEX personal_view_person ON personal_view (person, at);
            CREATE TABLE escalation (
                docket TEXT NOT NULL,
                promise TEXT NOT NULL,
                rung INTEGER NOT NULL,
                at INTEGER NOT NULL,
                told TEXT,
                PRIMARY KEY (docket, promise, rung)
            );
            CREATE TABLE complaint_draft (
                token_hash TEXT NOT NULL PRIMARY KEY,
                person TEXT NOT NULL,
                sealed BLOB NOT NULL,
                updated_at INTEGER NOT NULL
            );
            CREATE TABLE complaint_code (
                docket TEXT NOT NULL PRIMARY KEY,
                code_hash TEXT NOT NULL,
                expires_at INTEGER NOT NULL,
                attempts INTEGER NOT NULL,
                held_until INTEGER
            );
            """
        ),
        Migration(
            "20261124-e-subscriptions",
            """
            CREATE TABLE area_watch (
                region TEXT NOT NULL,
                contact_index TEXT NOT NULL,
                person TEXT NOT NULL,
                entry TEXT NOT NULL,
                since INTEGER NOT NULL,
                PRIMARY KEY (region, contact_index)
            );
            CREATE INDEX area_watch_person ON area_watch (person);
            CREATE TABLE complaint_news (
                id TEXT NOT NULL PRIMARY KEY,
                docket TEXT NOT NULL,
                name TEXT NOT NULL,
                content TEXT NOT NULL,
                after TEXT NOT NULL
            );
            CREATE TABLE area_digest (entry TEXT NOT NULL PRIMARY KEY, sent_at INTEGER NOT NULL);
            CREATE TABLE subscription_request (
                token_hash TEXT NOT NULL PRIMARY KEY,
                sealed BLOB NOT NULL,
                expires_at INTEGER NOT NULL
            );
            CREATE INDEX complaint_follower_contact ON complaint_follower (contact_index);
            CREATE INDEX area_watch_contact ON area_watch (contact_index);
            CREATE TABLE contact_block (
                entry TEXT NOT NULL PRIMARY KEY,
                person TEXT NOT NULL,
                contact_index TEXT NOT NULL,
                docket TEXT NOT NULL,
                reason TEXT NOT NULL,
                until INTEGER NOT NULL
            );
            CREATE INDEX contact_block_index ON contact_block (contact_index);
            ALTER TABLE complaint ADD COLUMN reference TEXT;
            CREATE TABLE promise (fingerprint TEXT NOT NULL PRIMARY KEY, basis_id TEXT NOT NULL, basis_en TEXT NOT NULL);
            """
        ),
        Migration("20261130-c-reasons", "CREATE INDEX complaint_reason ON complaint (reason) WHERE reason IS NOT NULL;"),
    ]
}
