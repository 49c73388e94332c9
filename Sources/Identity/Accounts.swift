// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Journal
import Storage

/// Staff accounts: who they are, how they sign in, what they may do.
public struct Accounts: Sendable {
    let journal: Journal
    let zone: TimeZoneOffset
    let passwords = Passwords()

    /// How long a claim link holds.
    public static let claimLifetime: Int64 = 7 * 86_400

    /// Accounts of a city.
    public init(journal: Journal, zone: TimeZoneOffset) {
        self.journal = journal
        self.zone = zone
    }

    /// Creates an account without a password and gives the token of a link with which its owner sets one.
    public func create(
        login: String,
        name: String,
        agency: String,
        roles: Set<Role>,
        districts: Set<String> = [],
        by actor: Actor
    ) async throws -> String {
        guard !roles.contains(.auditor) || roles == [.auditor] else {
            throw Problem(
                "account.auditor-only",
                .conflict,
                Text(id: "Auditor tidak memegang peran lain", en: "An auditor holds no other role"),
                remedy: Text(
                    id: "Yang memeriksa tidak ikut bertindak. Buat akun lain untuk orang lain.",
                    en: "Whoever audits does not act. Make another account for somebody else."
                )
            )
        }
        guard !roles.isSuperset(of: [.head, .treasurer]) else {
            throw Problem(
                "account.head-and-treasurer",
                .conflict,
                Text(
                    id: "Yang memerintahkan uang keluar tidak juga memegangnya (PP 12/2019 ps. 4)",
                    en: "Whoever orders money out does not hold it, too (PP 12/2019 art. 4)"
                ),
                remedy: Text(id: "Buat akun lain untuk orang lain.", en: "Make another account for somebody else.")
            )
        }
        let token = [UInt8].random(count: 18).base64URL
        let vault = journal.vault
        try await journal.commit { act in
            let account = Identifier(at: act.now)
            let index = vault.blindIndex("login:\(Self.normalised(login))")
            guard try act.snapshot.count("SELECT count(*) FROM account WHERE login_index = \(index)") == 0 else {
                throw Problem("account.exists", .conflict, Text(id: "Nama masuk sudah dipakai", en: "That sign-in name is taken"))
            }
            let today = act.now.date(in: zone)
            if roles.contains(.head), try Self.isPltAppointed(at: agency, from: today, in: act.snapshot) {
                throw Problem(
                    "account.head-is-stood-in-for",
                    .conflict,
                    Text(
                        id: "Instansi itu punya Plt.: jabatannya tercatat kosong",
                        en: "That agency has a Plt.: its office is on record as vacant"
                    ),
                    remedy: Text(
                        id: "Akhiri dulu penunjukan itu di halaman Pejabat, lalu buat akun kepalanya.",
                        en: "End that appointment on the page of officials first, then make the account of its head."
                    )
                )
            }
            let number = try act.snapshot.count("SELECT COALESCE(MAX(number), 100) FROM account") + 1
            try act.append(
                "account.created",
                to: "account/\(account)",
                by: actor,
                facts: [
                    "number": JSON(number), "agency": .string(agency), "roles": .array(roles.map(\.rawValue).sorted().map(JSON.string)),
                ],
                inner: ["login": .string(index), "districts": .array(districts.sorted().map(JSON.string))],
                personal: Personal(of: account, ["name": .string(name), "login": .string(login)])
            )
            try act.operate { try Self.storeClaim(token, account: account, at: act.now, vault: vault, in: $0) }
        }
        return token
    }

    static func storeClaim(_ token: String, account: Identifier, at now: Instant, vault: Vault, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO account_claim (token_hash, account, expires_at)
            VALUES (\(vault.tokenHash(token)), \(account.description), \(now.adding(seconds: claimLifetime)))
            """
        )
    }

    /// A new claim link for an account that has never been claimed, in place of the old one; nil once it has.
    public func renewClaim(login: String) async throws -> String? {
        let token = [UInt8].random(count: 18).base64URL
        let vault = journal.vault
        let index = vault.blindIndex("login:\(Self.normalised(login))")
        let now = journal.clock.now
        return try await journal.operate { transaction in
            let account = try transaction.find("SELECT id FROM account WHERE login_index = \(index)") { try $0(0, as: String.self) }
            guard let account, let identifier = Identifier(account),
                try transaction.count(
                    "SELECT count(*) FROM entry WHERE stream = \("account/\(account)") AND kind = 'account.credentials-set'"
                ) == 0
            else { return nil }
            try transaction.execute("DELETE FROM account_claim WHERE account = \(account)")
            try Self.storeClaim(token, account: identifier, at: now, vault: vault, in: transaction)
            return token
        }
    }

    /// The officer who signs in under a name; nil when there is none.
    public func officer(login: String) async throws -> Officer? {
        let index = journal.vault.blindIndex("login:\(Self.normalised(login))")
        return try await journal.read { snapshot in
            try snapshot.find("SELECT id FROM account WHERE login_index = \(index)") { try $0(0, as: String.self) }
                .flatMap { try Self.officer($0, in: snapshot) }
        }
    }

    /// Who a claim link is for; nil when it has been used or is too old.
    public func claimant(token: String) async throws -> Officer? {
        let hash = journal.vault.tokenHash(token)
        let now = journal.clock.now
        return try await journal.read { snapshot in
            try snapshot.find("SELECT account FROM account_claim WHERE token_hash = \(hash) AND expires_at > \(now)") {
                try $0(0, as: String.self)
            }
            .flatMap { try Self.officer($0, in: snapshot) }
        }
    }

    /// The numbers of all officers, by account.
    public func numbers() async throws -> [String: Int] {
        try await journal.read { snapshot in
            Dictionary(try snapshot.rows("SELECT id, number FROM account") { (try $0(0), try $0(1)) }, uniquingKeysWith: { $1 })
        }
    }

    /// Those of some accounts that are disabled.
    public func ended(among accounts: [String]) async throws -> Set<String> {
        guard !accounts.isEmpty else { return [] }
        return try await journal.read {
            Set(try $0.rows("SELECT id FROM account WHERE is_disabled = 1 AND id IN \(in: accounts)") { try $0(0, as: String.self) })
        }
    }

    /// Colleagues of an agency to whom a case can be assigned.
    public func colleagues(in agency: String) async throws -> [Officer] {
        try await journal.read { snapshot in
            try Self.colleagues(agency, in: snapshot).filter { !$0.roles.isDisjoint(with: [.officer, .head, .screener, .supervisor]) }
        }
    }

    /// Colleagues of an agency, as of a snapshot.
    public static func colleagues(_ agency: String, in snapshot: Snapshot) throws -> [Officer] {
        try snapshot.rows(
            "SELECT id, number, name, agency, roles, districts FROM account WHERE agency = \(agency) AND is_disabled = 0 ORDER BY number",
            decode
        )
    }

    /// An officer by number; nil where nobody has it, or whose account is closed.
    public func officer(number: Int) async throws -> Officer? {
        try await journal.read { snapshot in
            try snapshot.find(
                "SELECT id, number, name, agency, roles, districts FROM account WHERE number = \(number) AND is_disabled = 0",
                Self.decode
            )
        }
    }

    /// An officer by account, as of a snapshot; nil when there is none or it is disabled.
    public static func officer(_ account: String, in snapshot: Snapshot) throws -> Officer? {
        try snapshot.find(
            "SELECT id, number, name, agency, roles, districts FROM account WHERE id = \(account) AND is_disabled = 0",
            decode
        )
    }

    /// Disables an account: nobody signs in with it again, and its sessions and keys are good no more.
    ///
    /// - Parameter settled: refuses, within the same act, whoever still holds what only they can hand over, such as cash.
    /// - Returns: whether there was such an account to disable.
    public func disable(
        number: Int,
        by actor: Actor,
        settled: @escaping @Sendable (_ officer: Officer, _ act: Act) throws -> Void
    ) async throws -> Bool {
        try await journal.commit { act in
            let officer = try act.snapshot.find(
                "SELECT id, number, name, agency, roles, districts FROM account WHERE number = \(number) AND is_disabled = 0",
                Self.decode
            )
            guard let officer else { return false }
            try settled(officer, act)
            try act.append("account.disabled", to: "account/\(officer.account)", by: actor, facts: ["number": JSON(number)])
            try act.operate { try Self.forget(officer.account.description, in: $0) }
            return true
        }
    }

    private static func decode(_ row: Row) throws -> Officer {
        func list(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }
        guard let account = Identifier(try row(0, as: String.self)) else { throw StorageError.statement("account id") }
        return Officer(
            account: account,
            number: try row(1),
            name: try row(2),
            agency: try row(3),
            roles: Set(list(try row(4)).compactMap(Role.init)),
            districts: Set(list(try row(5)))
        )
    }

    static func normalised(_ login: String) -> String { login.lowercased().trimmingCharacters(in: .whitespaces) }
}
