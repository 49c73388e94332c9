// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// What somebody who wants to sign in brings.
public struct SignInAttempt: Sendable {
    /// The sign-in name, as typed.
    public var login: String
    /// The password.
    public var password: String
    /// The one-time code shown now, or a recovery code.
    public var code: String
    /// The code that came after it, where two are asked for.
    public var next: String
    /// The network that it comes from; for limits only, kept as a hash.
    public var network: String
    /// The name of the device, where it has one from an earlier time.
    public var device: String?

    /// What somebody brings.
    public init(login: String, password: String, code: String, next: String = "", network: String, device: String? = nil) {
        self.login = login
        self.password = password
        self.code = code
        self.next = next
        self.network = network
        self.device = device
    }
}

/// Somebody who has just signed in.
public struct SignedIn: Sendable {
    /// The token of the session.
    public let session: String
    /// The name of the device, to be shown again next time.
    public let device: String

    init(keeping device: String?) {
        session = [UInt8].random(count: 24).base64URL
        self.device = device ?? [UInt8].random(count: 18).base64URL
    }
}

/// Signing in: name, password and one-time code, all at once, and one answer for whatever is wrong.
///
/// Nobody is ever shut out by what others try. Where there has been too much guessing, two codes that follow each other are asked
/// for, and looked at before the password is: the owner waits half a minute, and whoever guesses meets 1 in 3·10¹¹.
///
/// What guessing comes to. Without password and authenticator a guess tells nothing about either: both must be right at once.
/// Somebody who *has* the password gets ten guesses a day and account at a single code (three steps hold, so 3 in 10⁶ each): 1 in
/// 90 after a whole year, and then pairs. Somebody who has the *authenticator* gets twenty guesses of the password a day. From a
/// device that its owner has signed in with it is ten in a quarter of an hour, then pairs. All of it is counted in the database, so
/// that a restart forgives nothing, and before the password is looked at, so that many at once are no way round.
///
/// The cost: Argon2 takes 19 MiB and some 25 ms. Half of the processors do it; when eight are waiting, and from a network with 300
/// failures in a quarter of an hour (an office of hundreds behind one address mistypes less), pairs are asked for as well, which
/// cost a guesser his turn and the city nothing.
extension Accounts {
    /// Failures of an account at devices that it does not know, in a day, beyond which two codes are asked for.
    static let accountLimit = 10
    /// Failures at a device that the account knows, in a quarter of an hour.
    static let deviceLimit = 10
    /// Failures of a network in a quarter of an hour.
    static let networkLimit = 300
    /// Wrong passwords with a right code, in a day: from anywhere, and from devices that the account knows.
    static let passwordLimit = (anywhere: 20, device: 100)

    private static let quarterHour: Int64 = 900
    private static let day: Int64 = 86_400
    /// Seconds for which a device stays known.
    public static let deviceLifetime: Int64 = 180 * 86_400

    private static let refused = Problem(
        "sign-in.refused",
        .unacceptable,
        Text(id: "Nama, kata sandi, atau kode tidak cocok", en: "Name, password or code does not match"),
        remedy: Text(
            id: "Periksa ketiganya. Kode berganti setiap 30 detik, dan yang sudah dipakai tidak berlaku lagi.",
            en: "Check all three. The code changes every 30 seconds, and one that was used is good no more."
        )
    )

    private static let pairWanted = Problem(
        "sign-in.two-codes",
        .unacceptable,
        Text(id: "Perlu dua kode berurutan", en: "Two codes in a row are needed"),
        remedy: Text(
            id:
                "Ada banyak percobaan masuk yang gagal. Tulis lagi kata sandi dan kode yang tampil sekarang, tunggu sampai kodenya berganti, lalu tulis kode berikutnya juga.",
            en:
                "There have been many failed attempts. Write the password and the code shown now again, wait for it to change, then write the next code too."
        ),
        fields: [Problem.Field("next", Text(id: "Tulis juga kode berikutnya", en: "Write the next code too"))]
    )

    private static let passwordGuessed = Problem(
        "sign-in.stopped",
        .tooMany,
        Text(
            id: "Kata sandi akun ini terlalu sering salah hari ini",
            en: "The password of this account was wrong too often today"
        ),
        remedy: Text(
            id: "Masuk dari perangkat yang biasa Anda pakai, atau minta administrator menyetel ulang akun.",
            en: "Sign in from a device that you usually use, or have an administrator reset the account."
        ),
        retryAfter: 3600
    )

    /// What is known before anything is checked.
    private struct Standing {
        /// Whether the account has been used on this device.
        let isKnownDevice: Bool
        /// Under which names this attempt was counted as a failure, until it succeeds.
        let counted: [String]
        /// Whether two codes are asked for.
        let needsPair: Bool
        /// Whether the password was wrong too often with a right code.
        let isStopped: Bool
        let account: Identifier?
        let credentials: Credentials?
        let lastStep: Int64
    }

    /// How somebody showed that they have the authenticator.
    private enum Evidence {
        case step(Int64)
        case recovery(String)
    }

    /// Signs somebody in.
    public func signIn(_ attempt: SignInAttempt) async throws -> SignedIn {
        let index = journal.vault.blindIndex("login:\(Self.normalised(attempt.login))")
        let standing = try await count(attempt, index)
        // Said before the password is looked at, so that the answer tells nothing of it.
        guard !standing.isStopped else { throw Self.passwordGuessed }
        let evidence: Evidence?
        if standing.needsPair {
            // Codes first: a guesser gets no further than this, and learns nothing of the password.
            evidence = self.evidence(attempt, standing)
            guard evidence != nil else { throw attempt.next.isEmpty ? Self.pairWanted : Self.refused }
            guard try await passwords.verify(attempt.password, against: standing.credentials?.password) else {
                try await countWrongPassword(index)
                throw Self.refused
            }
        } else {
            let isRight = try await passwords.verify(attempt.password, against: standing.credentials?.password)
            evidence = self.evidence(attempt, standing)
            guard isRight else {
                if evidence != nil { try await countWrongPassword(index) }
                throw Self.refused
            }
        }
        guard let evidence, let account = standing.account else { throw Self.refused }
        let signedIn = SignedIn(keeping: attempt.device)
        try await journal.commit { act in
            switch evidence {
            case .step(let step): try act.operate { try Self.spend(step, of: account, in: $0) }
            case .recovery(let hash): try spend(recovery: hash, of: account, in: act)
            }
            try act.operate { transaction in
                for name in standing.counted {
                    try transaction.execute("UPDATE sign_in_failure SET count = count - 1 WHERE name = \(name)")
                }
                try open(signedIn, of: account, at: act.now, in: transaction)
            }
        }
        return signedIn
    }

    private func count(_ attempt: SignInAttempt, _ index: String) async throws -> Standing {
        let vault = journal.vault
        let now = journal.clock.now
        let device = attempt.device.map { vault.tokenHash("device:\($0)") }
        let isPressed = passwords.isPressed
        return try await journal.operate { transaction in
            let row = try transaction.find(
                "SELECT id, COALESCE(step, 0) FROM account LEFT JOIN totp_step ON account = id WHERE login_index = \(index) AND is_disabled = 0"
            ) { (account: try $0(0, as: String.self), step: try $0(1, as: Int64.self)) }
            let isKnown =
                try transaction.count(
                    """
                    SELECT count(*) FROM account_device WHERE device_hash = \(device ?? "") AND account = \(row?.account ?? "")
                        AND seen_at > \(now.adding(seconds: -Self.deviceLifetime))
                    """
                ) > 0
            try transaction.execute("DELETE FROM sign_in_failure WHERE since <= \(now.adding(seconds: -Self.day))")
            var counted: [String] = []
            var needsPair = false
            if !isKnown {
                let network = "network:\(vault.tokenHash("network:\(attempt.network)"))"
                counted.append(network)
                let fromThere = try Self.bump(network, within: Self.quarterHour, at: now, in: transaction)
                needsPair = fromThere > Self.networkLimit || isPressed
            }
            // A network that guesses on and on fills no table with names that are nobody's.
            if row != nil || !needsPair {
                let own = isKnown ? "device:\(index):\(device ?? "")" : "account:\(index)"
                counted.append(own)
                let failures = try Self.bump(own, within: isKnown ? Self.quarterHour : Self.day, at: now, in: transaction)
                needsPair = needsPair || failures > (isKnown ? Self.deviceLimit : Self.accountLimit)
            }
            let wrong = try transaction.count("SELECT count FROM sign_in_failure WHERE name = \("password:\(index)")")
            return Standing(
                isKnownDevice: isKnown,
                counted: counted,
                needsPair: needsPair,
                isStopped: wrong >= (isKnown ? Self.passwordLimit.device : Self.passwordLimit.anywhere),
                account: row.flatMap { Identifier($0.account) },
                credentials: try row.flatMap { try credentials(of: $0.account, in: transaction) },
                lastStep: row?.step ?? 0
            )
        }
    }

    /// Counts one more within a window, which begins with the first.
    private static func bump(_ name: String, within seconds: Int64, at now: Instant, in transaction: Transaction) throws -> Int {
        let oldest = now.adding(seconds: -seconds)
        return try transaction.count(
            """
            INSERT INTO sign_in_failure (name, since, count) VALUES (\(name), \(now), 1)
            ON CONFLICT (name) DO UPDATE SET
                count = CASE WHEN sign_in_failure.since <= \(oldest) THEN 1 ELSE sign_in_failure.count + 1 END,
                since = CASE WHEN sign_in_failure.since <= \(oldest) THEN excluded.since ELSE sign_in_failure.since END
            RETURNING count
            """
        )
    }

    private func countWrongPassword(_ index: String) async throws {
        let now = journal.clock.now
        try await journal.operate { _ = try Self.bump("password:\(index)", within: Self.day, at: now, in: $0) }
    }

    private func evidence(_ attempt: SignInAttempt, _ standing: Standing) -> Evidence? {
        guard let credentials = standing.credentials, let account = standing.account else { return nil }
        if let hash = recoveryHash(attempt.code, of: account) { return credentials.recovery.contains(hash) ? .recovery(hash) : nil }
        let now = journal.clock.now
        let step =
            standing.needsPair
            ? TOTP.verify(attempt.code, then: attempt.next, secret: credentials.secret, now: now, lastStep: standing.lastStep)
            : TOTP.verify(attempt.code, secret: credentials.secret, now: now, lastStep: standing.lastStep)
        return step.map(Evidence.step)
    }

    /// Uses a code up: it serves once, also when two requests carry it at the same moment.
    static func spend(_ step: Int64, of account: Identifier, in transaction: Transaction) throws {
        let used = try transaction.execute(
            """
            INSERT INTO totp_step (account, step) VALUES (\(account.description), \(step))
            ON CONFLICT (account) DO UPDATE SET step = excluded.step WHERE totp_step.step < excluded.step
            """
        )
        guard used == 1 else { throw refused }
    }

    func spend(recovery hash: String, of account: Identifier, in act: Act) throws {
        guard try credentials(of: account.description, in: act.snapshot)?.recovery.contains(hash) == true else { throw Self.refused }
        try act.append(
            "account.recovery-used",
            to: "account/\(account)",
            by: Actor(role: "officer", account: account),
            inner: ["code": .string(hash)]
        )
    }
}
