// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Identity
import Journal
import Notifications
import Storage

/// Accounts of residents. Nobody needs one to report, apply or follow; with one, a resident finds everything of theirs on any
/// device. They sign in with a code that goes to their contact, or with a passkey; there is no password to steal.
public struct Residents: Sendable {
    /// The one door for writes.
    public let journal: Journal
    /// The city: its words, its zone, its counters.
    let city: City
    /// Where pages are found from outside, without a slash at the end.
    let origin: String
    /// The site that passkeys belong to.
    let site: PasskeySite
    /// Whoever keeps cases of accounts.
    let keepers: [any CaseKeeper]

    /// Seconds for which a code to sign in with is good.
    public static let codeLifetime: Int64 = 600
    /// Seconds for which somebody stays signed in without coming back.
    public static let sessionLifetime: Int64 = 30 * 86_400
    /// Seconds after which somebody signs in again however often they come.
    public static let sessionLimit: Int64 = 90 * 86_400
    /// Seconds for which a code or a passkey lets somebody change how the account is opened.
    public static let proofLifetime: Int64 = 15 * 60

    /// Accounts of a city.
    ///
    /// - Parameters:
    ///   - origin: the public origin, without a slash at the end.
    ///   - keepers: whoever keeps cases of accounts.
    public init(journal: Journal, city: City, origin: String, keepers: [any CaseKeeper]) {
        self.journal = journal
        self.city = city
        self.origin = origin
        self.keepers = keepers
        site = PasskeySite(origin: origin, name: city.name.id)
    }

    // MARK: Signing in by a code

    /// Sends a code to a contact. What the asker is told is the same whether there is an account or not.
    ///
    /// - Parameters:
    ///   - visitor: the browser, to which the code is bound.
    ///   - address: the peer's, for limits only.
    public func sendCode(to text: String, visitor: String, address: String, language: Language) async throws {
        try await sendCode(to: text, for: "sign-in:\(visitor)", address: address, language: language)
    }

    func sendCode(
        to text: String,
        for purpose: String,
        saying letter: Messages.Letter = .signIn,
        address: String,
        language: Language
    ) async throws {
        let contact = try Contact(required: text)
        let known = contact.address ?? ""
        let now = journal.clock.now
        if let later = MessageBudget.take(for: contact, from: address, vault: journal.vault, now: now) {
            throw MessageBudget.refused(until: later, zone: city.zone)
        }
        try await journal.commit { act in
            let code = try ContactCodes.issue(for: purpose, keeping: known, seconds: Self.codeLifetime, in: act, vault: journal.vault)
            let words = city.messages(letter, ["code": Text(same: code)])
            try Written(words, language).send(to: contact, isUrgent: true, in: act, vault: journal.vault)
        }
    }

    /// Signs in with the code that went out to this browser's contact. The first time there is an account from then on.
    ///
    /// - Returns: the session's token.
    public func signIn(code: String, visitor: String) async throws -> String {
        let token = [UInt8].random(count: 24).base64URL
        let isIn = try await journal.commit { act in
            guard let known = try ContactCodes.take(code, for: "sign-in:\(visitor)", in: act, vault: journal.vault) else { return false }
            let index = journal.vault.blindIndex(known)
            var resident = try act.snapshot.find("SELECT resident FROM resident_contact WHERE contact_index = \(index)") {
                try $0(0, as: String.self)
            }
            if resident == nil {
                let new = Identifier(at: act.now)
                try act.append(
                    "resident.registered",
                    to: "resident/\(new)",
                    by: .resident,
                    personal: Personal(of: new, ["contact": .string(known)])
                )
                resident = new.description
            }
            // An account that begins now is as old as its contact.
            let opened = try resident.flatMap { Identifier($0) }.flatMap { try self.resident($0, in: act.snapshot) }
            let since = opened.map { opened in Contact(known).flatMap { opened.since($0) } } ?? Instant(milliseconds: 0)
            try act.operate { try startSession(token, of: resident ?? "", by: since, at: act.now, in: $0) }
            return true
        }
        guard isIn else { throw ContactCodes.refused() }
        return token
    }

    /// - Parameter since: since when the contact or passkey that opens it is on the account.
    func startSession(_ token: String, of resident: String, by since: Instant?, at now: Instant, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM resident_session WHERE seen_at < \(now.adding(seconds: -Self.sessionLifetime))")
        try transaction.execute("DELETE FROM resident_session WHERE started_at < \(now.adding(seconds: -Self.sessionLimit))")
        try transaction.execute(
            """
            INSERT INTO resident_session (token_hash, resident, started_at, seen_at, proven_at, door_since)
            VALUES (\(journal.vault.tokenHash(token)), \(resident), \(now), \(now), \(now), \(since))
            """
        )
    }

    // MARK: Being signed in

    /// Whose session a token is; nil when it has ended.
    public func resident(session token: String) async throws -> Resident? {
        let hash = journal.vault.tokenHash(token)
        let now = journal.clock.now
        let found = try await journal.read { snapshot -> (resident: Resident?, seen: Instant)? in
            let row = try snapshot.find(
                """
                SELECT resident, seen_at FROM resident_session WHERE token_hash = \(hash)
                    AND seen_at > \(now.adding(seconds: -Self.sessionLifetime)) AND started_at > \(now.adding(seconds: -Self.sessionLimit))
                """
            ) { (id: try $0(0, as: String.self), seen: try $0(1, as: Instant.self)) }
            return try row.map { (try Identifier($0.id).flatMap { try resident($0, in: snapshot) }, $0.seen) }
        }
        if let found, found.seen.adding(seconds: 3600) < now {
            try await journal.operate { try $0.execute("UPDATE resident_session SET seen_at = \(now) WHERE token_hash = \(hash)") }
        }
        return found?.resident
    }

    /// A resident as they are now, opened; nil when there is none, or they have been erased.
    public func resident(_ id: Identifier, in snapshot: Snapshot) throws -> Resident? {
        Resident(id, try journal.entries(of: "resident/\(id)", in: snapshot))
    }

    /// Whose account a contact belongs to; nil where it is nobody's.
    public func resident(with contact: Contact, in snapshot: Snapshot) throws -> Resident? {
        guard let known = contact.address else { return nil }
        return try snapshot.find("SELECT resident FROM resident_contact WHERE contact_index = \(journal.vault.blindIndex(known))") {
            try $0(0, as: String.self)
        }.flatMap { try Identifier($0).flatMap { try resident($0, in: snapshot) } }
    }

    /// How many devices a resident is signed in on.
    public func sessionCount(of resident: Resident) async throws -> Int {
        let now = journal.clock.now
        return try await journal.read {
            try $0.count(
                """
                SELECT count(*) FROM resident_session WHERE resident = \(resident.id.description)
                    AND seen_at > \(now.adding(seconds: -Self.sessionLifetime)) AND started_at > \(now.adding(seconds: -Self.sessionLimit))
                """
            )
        }
    }

    // MARK: Proving it once more

    /// Whether a session was proven so lately that the account’s own doors may be changed with it.
    ///
    /// - Parameter byOwner: whether by a contact or passkey, too, that is no newcomer to the account: for what ends or destroys
    ///   something of its owner’s, or changes where their money goes.
    public func isProven(session token: String, byOwner: Bool = false) async throws -> Bool {
        let hash = journal.vault.tokenHash(token)
        let now = journal.clock.now
        let oldest = now.adding(seconds: -Self.proofLifetime)
        let since = try await journal.read {
            try $0.find("SELECT door_since FROM resident_session WHERE token_hash = \(hash) AND proven_at > \(oldest)") {
                try $0.optional(0, as: Instant.self)
            }
        }
        guard let since else { return false }
        return !byOwner || since.map { $0.adding(seconds: Self.newness) <= now } ?? false
    }

    /// Since when the contact or passkey that opened a session is on the account; nil where that is not known.
    func doorSince(session token: String?, in snapshot: Snapshot) throws -> Instant? {
        guard let token else { return nil }
        return try snapshot.find("SELECT door_since FROM resident_session WHERE token_hash = \(journal.vault.tokenHash(token))") {
            try $0.optional(0, as: Instant.self)
        } ?? nil
    }

    /// Sends a code to a contact of a resident who is signed in.
    ///
    /// - Parameters:
    ///   - chosen: where to, of ``Resident/proofContacts(at:)``; nil for the one by which the session was opened, else the oldest.
    ///   - session: the session.
    public func sendProofCode(
        to resident: Resident,
        at chosen: Contact? = nil,
        session: String? = nil,
        network: String,
        language: Language
    ) async throws {
        let possible = resident.proofContacts(at: journal.clock.now)
        let door = try await journal.read { try doorSince(session: session, in: $0) }
        let known = chosen ?? possible.first { door != nil && resident.since($0) == door } ?? possible.first
        guard let contact = known, possible.contains(contact), let address = contact.address else { throw Problem.notFound }
        try await sendCode(to: address, for: "proof:\(resident.id)", address: network, language: language)
    }

    /// The contact to which such a code went that can still be written; nil where none did.
    public func proofSent(to resident: Resident) async throws -> Contact? {
        let now = journal.clock.now
        return try await journal.read {
            try ContactCodes.pending(for: "proof:\(resident.id)", at: now, vault: journal.vault, in: $0).flatMap { Contact($0) }
        }
    }

    /// Takes the code. The session is opened by the contact that it went to from then on.
    public func prove(code: String, of resident: Resident, session token: String) async throws {
        let hash = journal.vault.tokenHash(token)
        let isTaken = try await journal.commit { act in
            guard let known = try ContactCodes.take(code, for: "proof:\(resident.id)", in: act, vault: journal.vault) else { return false }
            let since = try Contact(known).flatMap { try self.resident(resident.id, in: act.snapshot)?.since($0) }
            try act.operate {
                try $0.execute("UPDATE resident_session SET proven_at = \(act.now), door_since = \(since) WHERE token_hash = \(hash)")
            }
            return true
        }
        guard isTaken else { throw ContactCodes.refused() }
    }

    /// Ends a session, or every other one of the same resident.
    public func signOut(session token: String, elsewhere: Bool = false) async throws {
        let hash = journal.vault.tokenHash(token)
        try await journal.operate { transaction in
            guard elsewhere else { return try transaction.execute("DELETE FROM resident_session WHERE token_hash = \(hash)") }
            return try transaction.execute(
                """
                DELETE FROM resident_session WHERE token_hash <> \(hash)
                    AND resident IN (SELECT resident FROM resident_session WHERE token_hash = \(hash))
                """
            )
        }
    }
}
