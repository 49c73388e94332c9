// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// Being signed in: for one working day at most, and for a quarter of an hour after a code where it matters.
extension Accounts {
    /// Seconds for which a session lasts without being used.
    public static let sessionLifetime: Int64 = 10 * 3600
    /// Seconds after which a session ends however much it is used: one working day, with its overtime.
    public static let sessionLimit: Int64 = 12 * 3600
    /// Seconds for which a one-time code lets somebody do what a session alone does not: move money, sign, change accounts.
    public static let proofLifetime: Int64 = 15 * 60
    /// Wrong codes within a session after which it ends.
    static let missLimit = 10

    /// A session that is open.
    public struct OpenSession: Sendable {
        /// Whose it is.
        public let officer: Officer
        /// Until when what a session alone may not do can be done without another code.
        public let provenUntil: Instant
    }

    /// Begins a session, on a device that is known from now on.
    func open(_ signedIn: SignedIn, of account: Identifier, at now: Instant, in transaction: Transaction) throws {
        let device = journal.vault.tokenHash("device:\(signedIn.device)")
        try transaction.execute("DELETE FROM session WHERE started_at <= \(now.adding(seconds: -Self.sessionLimit))")
        try transaction.execute("DELETE FROM account_device WHERE seen_at <= \(now.adding(seconds: -Self.deviceLifetime))")
        try transaction.execute(
            """
            INSERT INTO session (token_hash, account, started_at, seen_at, proven_at, misses)
            VALUES (\(journal.vault.tokenHash(signedIn.session)), \(account.description), \(now), \(now), \(now), 0)
            """
        )
        try transaction.execute(
            """
            INSERT INTO account_device (device_hash, account, seen_at) VALUES (\(device), \(account.description), \(now))
            ON CONFLICT (device_hash, account) DO UPDATE SET seen_at = excluded.seen_at
            """
        )
    }

    /// An open session; nil when it has ended.
    public func open(session token: String) async throws -> OpenSession? {
        let hash = journal.vault.tokenHash(token)
        let now = journal.clock.now
        let found = try await journal.read { snapshot -> (officer: Officer?, seen: Instant, proven: Instant)? in
            try snapshot.find(
                """
                SELECT account, seen_at, proven_at FROM session WHERE token_hash = \(hash)
                    AND seen_at > \(now.adding(seconds: -Self.sessionLifetime)) AND started_at > \(now.adding(seconds: -Self.sessionLimit))
                """
            ) {
                (
                    officer: try Self.officer(try $0(0, as: String.self), on: now.date(in: zone), in: snapshot),
                    seen: try $0(1, as: Instant.self),
                    proven: try $0(2, as: Instant.self)
                )
            }
        }
        guard let found, let officer = found.officer else { return nil }
        if found.seen.adding(seconds: 300) < now {
            try await journal.operate { try $0.execute("UPDATE session SET seen_at = \(now) WHERE token_hash = \(hash)") }
        }
        return OpenSession(officer: officer, provenUntil: found.proven.adding(seconds: Self.proofLifetime))
    }

    /// Who a session belongs to; nil when it has ended.
    public func officer(session token: String) async throws -> Officer? { try await open(session: token)?.officer }

    /// Takes a one-time code, or a recovery code, of somebody who is signed in already. After ten wrong ones the session ends:
    /// whoever holds it is not its owner, and its owner signs in anew.
    public func prove(_ code: String, session token: String) async throws {
        guard let officer = try await officer(session: token) else { throw Self.codeRefused }
        let account = officer.account
        let hash = journal.vault.tokenHash(token)
        let isTaken = try await journal.commit { act -> Bool in
            guard let credentials = try credentials(of: account.description, in: act.snapshot) else { return false }
            if let recovery = recoveryHash(code, of: account) {
                guard credentials.recovery.contains(recovery) else { return false }
                try spend(recovery: recovery, of: account, in: act)
            } else {
                let last = try act.snapshot.find("SELECT step FROM totp_step WHERE account = \(account.description)") {
                    try $0(0, as: Int64.self)
                }
                guard let step = TOTP.verify(code, secret: credentials.secret, now: act.now, lastStep: last ?? 0) else { return false }
                try act.operate { try Self.spend(step, of: account, in: $0) }
            }
            try act.operate {
                try $0.execute("UPDATE session SET proven_at = \(act.now), misses = 0 WHERE token_hash = \(hash)")
            }
            return true
        }
        guard isTaken else {
            try await countMiss(in: token)
            throw Self.codeRefused
        }
    }

    /// Counts a wrong code or password within a session, which ends after ten.
    func countMiss(in session: String) async throws {
        let hash = journal.vault.tokenHash(session)
        try await journal.operate { transaction in
            try transaction.execute("UPDATE session SET misses = misses + 1 WHERE token_hash = \(hash)")
            try transaction.execute("DELETE FROM session WHERE token_hash = \(hash) AND misses >= \(Self.missLimit)")
        }
    }

    /// One session of an account.
    public struct Session: Sendable {
        /// A name for the session that is no secret.
        public let id: String
        /// When it began.
        public let startedAt: Instant
        /// When it was last used.
        public let seenAt: Instant
        /// Whether it is the one that asks.
        public let isThis: Bool
    }

    /// The open sessions of an account, the last used first.
    public func sessions(of account: Identifier, asking token: String) async throws -> [Session] {
        let now = journal.clock.now
        let own = journal.vault.tokenHash(token)
        return try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT token_hash, started_at, seen_at FROM session WHERE account = \(account.description)
                    AND seen_at > \(now.adding(seconds: -Self.sessionLifetime)) AND started_at > \(now.adding(seconds: -Self.sessionLimit))
                ORDER BY seen_at DESC
                """
            ) {
                let hash = try $0(0, as: String.self)
                return Session(id: String(hash.prefix(16)), startedAt: try $0(1), seenAt: try $0(2), isThis: hash == own)
            }
        }
    }

    /// Ends one session.
    public func signOut(session token: String) async throws {
        let hash = journal.vault.tokenHash(token)
        try await journal.operate { try $0.execute("DELETE FROM session WHERE token_hash = \(hash)") }
    }

    /// Ends one session of an account by its name.
    public func end(_ id: String, of account: Identifier) async throws {
        try await journal.operate {
            try $0.execute("DELETE FROM session WHERE account = \(account.description) AND substr(token_hash, 1, 16) = \(id)")
        }
    }

    /// Ends every session of an account but one; with none to keep, every one, and no device stays known.
    public func signOutEverywhere(account: Identifier, except token: String? = nil) async throws {
        let kept = token.map { journal.vault.tokenHash($0) }
        try await journal.operate { try Self.forget(account.description, except: kept, in: $0) }
    }
}
