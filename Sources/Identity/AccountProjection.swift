// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// Accounts and acting officials, worked out from entries.
public struct AccountProjection: Projection {
    /// The tables of accounts.
    public static let migrations = [
        Migration(
            "20261124-b-identity",
            """
            CREATE TABLE account (
                id TEXT NOT NULL PRIMARY KEY,
                number INTEGER NOT NULL,
                login_index TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                agency TEXT NOT NULL,
                roles TEXT NOT NULL,
                districts TEXT NOT NULL,
                is_disabled INTEGER NOT NULL
            );
            CREATE INDEX account_agency ON account (agency);
            CREATE TABLE acting_official (
                agency TEXT NOT NULL,
                account TEXT NOT NULL,
                from_date TEXT NOT NULL,
                until_date TEXT NOT NULL,
                standing TEXT NOT NULL,
                order_number TEXT NOT NULL,
                PRIMARY KEY (agency, account, from_date)
            );
            CREATE TABLE account_claim (
                token_hash TEXT NOT NULL PRIMARY KEY,
                account TEXT NOT NULL,
                expires_at INTEGER NOT NULL
            );
            CREATE TABLE session (
                token_hash TEXT NOT NULL PRIMARY KEY,
                account TEXT NOT NULL,
                started_at INTEGER NOT NULL,
                seen_at INTEGER NOT NULL,
                proven_at INTEGER NOT NULL,
                misses INTEGER NOT NULL
            );
            CREATE INDEX session_account ON session (account);
            CREATE TABLE account_device (
                device_hash TEXT NOT NULL,
                account TEXT NOT NULL,
                seen_at INTEGER NOT NULL,
                PRIMARY KEY (device_hash, account)
            );
            CREATE INDEX account_device_account ON account_device (account);
            CREATE TABLE sign_in_failure (
                name TEXT NOT NULL PRIMARY KEY,
                since INTEGER NOT NULL,
                count INTEGER NOT NULL
            );
            CREATE INDEX sign_in_failure_since ON sign_in_failure (since);
            CREATE TABLE account_access (
                entry TEXT NOT NULL PRIMARY KEY,
                token_hash TEXT NOT NULL UNIQUE,
                account TEXT NOT NULL,
                name TEXT NOT NULL,
                until INTEGER NOT NULL
            );
            CREATE INDEX account_access_account ON account_access (account);
            CREATE TABLE totp_step (
                account TEXT NOT NULL PRIMARY KEY,
                step INTEGER NOT NULL
            );
            """
        ),
        // What was ended stays on the record with its moment: one row for each appointment, which ending one does not rewrite.
        Migration(
            "20261130-m-appointments",
            """
            DROP TABLE acting_official;
            CREATE TABLE acting_official (
                entry TEXT NOT NULL PRIMARY KEY,
                agency TEXT NOT NULL,
                account TEXT NOT NULL,
                from_date TEXT NOT NULL,
                until_date TEXT NOT NULL,
                standing TEXT NOT NULL,
                order_number TEXT NOT NULL,
                appointed_at INTEGER NOT NULL,
                ended_at INTEGER
            );
            CREATE INDEX acting_official_agency ON acting_official (agency, from_date);
            INSERT INTO stale_tables (why) VALUES ('appointments');
            """
        ),
    ]

    /// The tables that replay fills.
    public let tables: [SchemaName] = ["account", "acting_official", "account_access"]

    /// The projection.
    public init() {}

    /// Brings accounts up to date.
    public func apply(_ entry: Entry, in transaction: Transaction) throws {
        guard entry.stream.hasPrefix("account/") || entry.stream.hasPrefix("position/") else { return }
        let account = String(entry.stream.split(separator: "/").last ?? "")
        func list(_ json: JSON?) -> String { (json?.array ?? []).compactMap(\.string).joined(separator: ",") }
        switch entry.kind {
        case "account.created":
            try transaction.execute(
                """
                INSERT INTO account (id, number, login_index, name, agency, roles, districts, is_disabled)
                VALUES (\(account), \(entry.facts["number"]?.integer ?? 0), \(entry.inner?["login"]?.string ?? account),
                    \(entry.personal?["name"]?.string ?? ""), \(entry.facts["agency"]?.string ?? ""),
                    \(list(entry.facts["roles"])), \(list(entry.inner?["districts"])), 0)
                """
            )
        case "account.access-issued":
            try transaction.execute(
                """
                INSERT INTO account_access (entry, token_hash, account, name, until)
                VALUES (\(entry.id), \(entry.inner?["hash"]?.string ?? entry.id), \(account), \(entry.inner?["name"]?.string ?? ""),
                    \(entry.inner?["until"]?.integer ?? 0))
                """
            )
        case "account.access-revoked":
            try transaction.execute("DELETE FROM account_access WHERE entry = \(entry.inner?["access"]?.string ?? "")")
        // Whoever lost the authenticator may have lost the rest too: keys for programs end with it.
        case "account.reset": try transaction.execute("DELETE FROM account_access WHERE account = \(account)")
        case "account.disabled": try transaction.execute("UPDATE account SET is_disabled = 1 WHERE id = \(account)")
        case "position.acting-appointed":
            try transaction.execute(
                """
                INSERT INTO acting_official (entry, agency, account, from_date, until_date, standing, order_number, appointed_at)
                VALUES (\(entry.id), \(entry.facts["agency"]?.string ?? ""), \(entry.inner?["appointed"]?.string ?? ""),
                    \(entry.facts["from"]?.string ?? ""), \(entry.facts["until"]?.string ?? ""),
                    \(entry.facts["standing"]?.string ?? ""), \(entry.inner?["order"]?.string ?? ""), \(entry.at))
                """
            )
        case "position.acting-ended":
            try transaction.execute(
                """
                UPDATE acting_official SET ended_at = \(entry.at)
                WHERE ended_at IS NULL AND agency = \(entry.facts["agency"]?.string ?? "") AND account = \(entry.inner?["appointed"]?.string ?? "")
                    AND from_date = \(entry.facts["from"]?.string ?? "")
                """
            )
        default: break
        }
    }
}
