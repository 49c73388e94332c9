// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// What somebody on the staff signs in with, folded from the entries of the account and kept nowhere else.
struct Credentials {
    /// The password's hash.
    let password: String
    /// The authenticator's secret.
    let secret: [UInt8]
    /// Hashes of the recovery codes that have not been used.
    let recovery: [String]

    /// Nil where none were set, or they were reset since.
    init?(_ entries: [Entry]) {
        var found: (password: String, secret: [UInt8], recovery: [String])?
        for entry in entries {
            switch entry.kind {
            case "account.credentials-set":
                guard let password = entry.personal?["password"]?.string,
                    let secret = entry.personal?["totp"]?.string.flatMap({ [UInt8](base64: $0) })
                else { continue }
                found = (password, secret, (entry.personal?["recovery"]?.array ?? []).compactMap(\.string))
            case "account.recovery-used": found?.recovery.removeAll { $0 == entry.inner?["code"]?.string }
            case "account.reset": found = nil
            default: break
            }
        }
        guard let found else { return nil }
        (password, secret, recovery) = found
    }
}

/// The codes for the day on which the telephone with the authenticator is gone. Each stands for a one-time code once.
enum RecoveryCode {
    /// Without the letters that are taken for digits (Crockford’s base 32).
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// How many there are.
    static let count = 8

    /// A new one: 60 bits, which nobody guesses, in three groups that can be read out.
    static func make() -> String {
        let letters = [UInt8].random(count: 12).map { String(alphabet[Int($0 & 31)]) }
        return [letters[0..<4], letters[4..<8], letters[8..<12]].map { $0.joined() }.joined(separator: "-")
    }

    /// What is hashed of what was typed; nil where it can be no recovery code.
    static func normalised(_ text: String) -> String? {
        let letters = text.lowercased().filter { $0 != "-" && $0 != " " }.map { ["o": "0", "i": "1", "l": "1"][$0] ?? $0 }
        return letters.count == 12 && letters.allSatisfy(alphabet.contains) ? String(letters) : nil
    }
}

/// Setting, changing and resetting what somebody signs in with.
extension Accounts {
    func credentials(of account: String, in snapshot: Snapshot) throws -> Credentials? {
        Credentials(try journal.entries(of: "account/\(account)", in: snapshot))
    }

    func recoveryHash(_ code: String, of account: Identifier) -> String? {
        RecoveryCode.normalised(code).map { journal.vault.tokenHash("recovery:\(account):\($0)") }
    }

    // MARK: Claiming

    /// A secret for a new authenticator, kept the same while a claim link is open so that a reload shows the same code.
    public func authenticatorSecret(token: String) -> [UInt8] {
        Array(([UInt8](base64URL: journal.vault.tokenHash("totp:\(token)")) ?? []).prefix(20))
    }

    /// What whoever claimed an account is given: they are signed in, and hold the codes for the day the telephone is lost.
    public struct Claimed: Sendable {
        /// The session that begins.
        public let signedIn: SignedIn
        /// Shown this once; only their hashes are kept.
        public let recoveryCodes: [String]
    }

    /// Sets the password and the authenticator of a claimed account, and uses the link up. Whoever did so has shown all there is
    /// to show, and is signed in: the code just used would not be taken a second time.
    public func claim(token: String, password: String, code: String, device: String? = nil) async throws -> Claimed {
        if let fault = Passwords.fault(in: password) { throw Problem.fields([Problem.Field("password", fault)]) }
        let secret = authenticatorSecret(token: token)
        guard let step = TOTP.verify(code, secret: secret, now: journal.clock.now, lastStep: 0) else { throw Self.codeRefused }
        let hash = try await passwords.hash(password)
        let vault = journal.vault
        let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode.make() }
        let signedIn = SignedIn(keeping: device)
        try await journal.commit { act in
            let tokenHash = vault.tokenHash(token)
            guard
                let account = try act.snapshot.find(
                    "SELECT account FROM account_claim WHERE token_hash = \(tokenHash) AND expires_at > \(act.now)",
                    { try $0(0, as: String.self) }
                ).flatMap({ Identifier($0) })
            else {
                throw Problem(
                    "claim.used",
                    .gone,
                    Text(id: "Tautan ini sudah dipakai atau kedaluwarsa", en: "This link has been used or is too old")
                )
            }
            let recovery = codes.compactMap { recoveryHash($0, of: account) }
            try set(password: hash, secret: secret, recovery: recovery, of: account, in: act)
            try act.operate { transaction in
                try transaction.execute("DELETE FROM account_claim WHERE account = \(account.description)")
                try Self.forget(account.description, in: transaction)
                try transaction.execute(
                    "INSERT INTO totp_step (account, step) VALUES (\(account.description), \(step)) ON CONFLICT (account) DO UPDATE SET step = excluded.step"
                )
                try open(signedIn, of: account, at: act.now, in: transaction)
            }
        }
        return Claimed(signedIn: signedIn, recoveryCodes: codes)
    }

    private func set(password: String, secret: [UInt8], recovery: [String], of account: Identifier, in act: Act) throws {
        try act.append(
            "account.credentials-set",
            to: "account/\(account)",
            by: Actor(role: "officer", account: account),
            personal: Personal(
                of: account,
                ["password": .string(password), "totp": .string(secret.base64), "recovery": .array(recovery.map(JSON.string))]
            )
        )
    }

    /// Ends every session of an account, and lets no device be known that was.
    static func forget(_ account: String, except session: String? = nil, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM session WHERE account = \(account) AND token_hash <> \(session ?? "")")
        try transaction.execute("DELETE FROM account_device WHERE account = \(account)")
    }

    // MARK: Changing

    /// Changes the password of somebody who is signed in. Every other session ends, and every device has to show itself anew.
    public func changePassword(of officer: Officer, from current: String, to new: String, session: String) async throws {
        if let fault = Passwords.fault(in: new) { throw Problem.fields([Problem.Field("new-password", fault)]) }
        let account = officer.account.description
        let known = try await journal.read { try credentials(of: account, in: $0) }
        guard let known, try await passwords.verify(current, against: known.password) else {
            // A session that guesses is no session of its owner’s.
            try await countMiss(in: session)
            throw Problem.fields([
                Problem.Field("password", Text(id: "Kata sandi sekarang tidak cocok", en: "This is not the present password"))
            ])
        }
        let hash = try await passwords.hash(new)
        let token = journal.vault.tokenHash(session)
        try await journal.commit { act in
            guard let now = try credentials(of: account, in: act.snapshot), now.password == known.password else { throw Self.overtaken }
            try set(password: hash, secret: now.secret, recovery: now.recovery, of: officer.account, in: act)
            try act.operate { try Self.forget(account, except: token, in: $0) }
        }
    }

    private static let overtaken = Problem(
        "account.changed-meanwhile",
        .conflict,
        Text(id: "Akun ini baru saja diubah di tempat lain", en: "This account has just been changed elsewhere"),
        remedy: Text(id: "Muat ulang halaman, lalu coba lagi.", en: "Reload the page and try again.")
    )

    /// How many recovery codes of an officer have not been used.
    public func recoveryCodesLeft(of officer: Officer) async throws -> Int {
        try await journal.read { try credentials(of: officer.account.description, in: $0)?.recovery.count ?? 0 }
    }

    /// A link with which somebody who is signed in sets up another authenticator, with a new password and new recovery codes. Until
    /// it is used, the old ones hold.
    public func renewAuthenticator(of officer: Officer) async throws -> String {
        let token = [UInt8].random(count: 18).base64URL
        let vault = journal.vault
        let now = journal.clock.now
        try await journal.operate { transaction in
            try transaction.execute("DELETE FROM account_claim WHERE account = \(officer.account.description)")
            try Self.storeClaim(token, account: officer.account, at: now, vault: vault, in: transaction)
        }
        return token
    }

    // MARK: Resetting

    /// Refuses a reason that says nothing.
    public static func requireReason(_ reason: String) throws {
        guard !reason.isEmpty, reason.count <= 200 else {
            throw Problem.fields([
                Problem.Field("reason", Text(id: "Tulis sebabnya, paling panjang 200 huruf", en: "Say why, in at most 200 characters"))
            ])
        }
    }

    /// Takes password, authenticator, sessions and keys of somebody away who has lost them, and makes a link for new ones. On
    /// record, with who did it and why; its owner reads it on the page of the link, and on their account.
    ///
    /// - Returns: the token of the link; nil where there is no such officer.
    public func reset(number: Int, reason: String, by actor: Actor) async throws -> String? {
        try Self.requireReason(reason)
        let token = [UInt8].random(count: 18).base64URL
        let vault = journal.vault
        return try await journal.commit { act in
            let found = try act.snapshot.find("SELECT id FROM account WHERE number = \(number) AND is_disabled = 0") {
                try $0(0, as: String.self)
            }
            guard let account = found.flatMap({ Identifier($0) }) else { return nil }
            try act.append(
                "account.reset",
                to: "account/\(account)",
                by: actor,
                facts: ["number": JSON(number)],
                inner: ["reason": .string(reason)]
            )
            try act.operate { transaction in
                try Self.forget(account.description, in: transaction)
                try transaction.execute("DELETE FROM account_claim WHERE account = \(account.description)")
                try Self.storeClaim(token, account: account, at: act.now, vault: vault, in: transaction)
            }
            return token
        }
    }

    /// What happened to an account that its owner should know of.
    public struct Event: Sendable {
        /// When.
        public let at: Instant
        /// What, as the entry’s kind says it: `account.reset`.
        public let kind: String
        /// Why, where somebody else did it.
        public let reason: String?
    }

    /// The newest twenty of them, newest first.
    public func events(of account: Identifier) async throws -> [Event] {
        let told: Set<String> = ["account.created", "account.credentials-set", "account.recovery-used", "account.reset"]
        return try await journal.read { snapshot in
            try journal.entries(of: "account/\(account)", in: snapshot).filter { told.contains($0.kind) }.suffix(20).reversed()
                .map { Event(at: $0.at, kind: $0.kind, reason: $0.inner?["reason"]?.string) }
        }
    }

    /// What is said where a one-time code is not taken.
    static let codeRefused = Problem.fields([
        Problem.Field(
            "code",
            Text(
                id:
                    "Kode tidak cocok. Tulis enam angka yang tampil sekarang; kode yang baru dipakai tidak berlaku lagi, tunggu yang berikutnya",
                en: "The code does not match. Write the six digits shown now; one that was just used is good no more, so wait for the next"
            )
        )
    ])
}
