// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// Access for programs: a key that reads with an officer's rights, for a time, until it is revoked (RFC 6750).
extension Accounts {
    /// A key, without the key.
    public struct Access: Sendable {
        /// The entry that made it.
        public let entry: String
        /// What it is for, in its owner's words.
        public let name: String
        /// Until when it is good.
        public let until: Instant
    }

    /// How long a key may be good, in days.
    public static let accessDays = 1...366

    /// Makes a key for a program of an officer.
    ///
    /// - Returns: the key, which is kept nowhere.
    public func issueAccess(name: String, days: Int, by officer: Officer) async throws -> String {
        var faults: [Problem.Field] = []
        if name.isEmpty || name.count > 80 {
            faults.append(
                Problem.Field(
                    "name",
                    Text(id: "Tulis untuk apa, paling panjang 80 huruf", en: "Say what it is for, in at most 80 characters")
                )
            )
        }
        if !Self.accessDays.contains(days) {
            faults.append(Problem.Field("days", Text(id: "Tulis angka dari 1 sampai 366", en: "Write a number from 1 to 366")))
        }
        guard faults.isEmpty else { throw Problem.fields(faults) }
        let token = [UInt8].random(count: 24).base64URL
        try await journal.commit { act in
            try act.append(
                "account.access-issued",
                to: "account/\(officer.account)",
                by: officer.actor,
                inner: [
                    "hash": .string(journal.vault.tokenHash(token)), "name": .string(name),
                    "until": .integer(act.now.adding(seconds: Int64(days) * 86_400).milliseconds),
                ]
            )
        }
        return token
    }

    /// Ends a key of an officer's own.
    public func revokeAccess(_ entry: String, by officer: Officer) async throws {
        try await journal.commit { act in
            let isOwn = try act.snapshot.count(
                "SELECT count(*) FROM account_access WHERE entry = \(entry) AND account = \(officer.account.description)"
            )
            guard isOwn == 1 else { return }
            try act.append("account.access-revoked", to: "account/\(officer.account)", by: officer.actor, inner: ["access": .string(entry)])
        }
    }

    /// The keys of an account that are still good, newest first.
    public func accesses(of account: Identifier) async throws -> [Access] {
        let now = journal.clock.now
        return try await journal.read { snapshot in
            try snapshot.rows(
                "SELECT entry, name, until FROM account_access WHERE account = \(account.description) AND until > \(now) ORDER BY entry DESC"
            ) { Access(entry: try $0(0), name: try $0(1), until: try $0(2)) }
        }
    }

    /// The officer with whose rights a key reads; nil when it is not good, or its owner may no longer sign in.
    public func officer(access token: String) async throws -> Officer? {
        let hash = journal.vault.tokenHash(token)
        let now = journal.clock.now
        return try await journal.read { snapshot in
            let account = try snapshot.find("SELECT account FROM account_access WHERE token_hash = \(hash) AND until > \(now)") {
                try $0(0, as: String.self)
            }
            return try account.flatMap { try Self.officer($0, in: snapshot) }
        }
    }
}
