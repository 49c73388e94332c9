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

    /// Who heads an agency on a day: an acting official (Plt/Plh) appointed for that day, else its head.
    public static func head(of agency: String, on date: CivilDate, in snapshot: Snapshot) throws -> Officer? {
        let acting = try snapshot.find(
            "SELECT account FROM acting_official WHERE agency = \(agency) AND from_date <= \(date) AND until_date >= \(date) ORDER BY from_date DESC LIMIT 1"
        ) { try $0(0, as: String.self) }
        if let acting, let officer = try officer(acting, in: snapshot) { return officer }
        return try colleagues(agency, in: snapshot).first { !$0.roles.isDisjoint(with: [.head, .supervisor]) }
    }

    /// Who heads each agency on a day; an agency without one is not there.
    public func heads(on date: CivilDate) async throws -> [String: Officer] {
        try await journal.read { snapshot in
            let agencies = try snapshot.rows("SELECT agency FROM account UNION SELECT agency FROM acting_official") {
                try $0(0, as: String.self)
            }
            let pairs = try agencies.compactMap { agency in try Self.head(of: agency, on: date, in: snapshot).map { (agency, $0) } }
            return Dictionary(pairs, uniquingKeysWith: { $1 })
        }
    }

    /// Acting officials whose time has not ended before a day, in its order.
    public func actingOfficials(from date: CivilDate) async throws -> [ActingOfficial] {
        try await journal.read { snapshot in
            try snapshot.rows(
                """
                SELECT acting_official.agency, account, name, from_date, until_date FROM acting_official
                JOIN account ON account.id = account WHERE until_date >= \(date) ORDER BY from_date
                """,
                Self.actingOfficial
            )
        }
    }

    /// Somebody who stands in for a head (Plt/Plh) on some days.
    public struct ActingOfficial: Sendable {
        /// The agency.
        public let agency: String
        /// Whose account it is.
        public let account: String
        /// Their name, for colleagues.
        public let name: String
        /// On which days.
        public let dates: ClosedRange<CivilDate>
    }

    /// Appoints an acting official as an officer may: the head of the agency above, or a supervisor. The superior appoints, never
    /// who is stood in for (UU 30/2014 art. 34(2)).
    ///
    /// - Parameter superior: the agency above; nil where there is none.
    public func appointActing(
        _ account: Identifier,
        agency: String,
        under superior: String?,
        dates: ClosedRange<CivilDate>,
        by officer: Officer
    ) async throws {
        try await requireSuperior(officer, superior)
        try await appointActing(account, agency: agency, dates: dates, by: officer.actor)
    }

    /// Ends an appointment from today on, as whoever may appoint may (UU 30/2014 art. 14(6)).
    public func endActing(
        _ account: String,
        agency: String,
        under superior: String?,
        from: CivilDate,
        by officer: Officer
    ) async throws {
        try await requireSuperior(officer, superior)
        try await journal.commit { act in
            let today = act.now.date(in: zone)
            let known = try act.snapshot.count(
                """
                SELECT count(*) FROM acting_official
                WHERE agency = \(agency) AND account = \(account) AND from_date = \(from) AND until_date >= \(today)
                """
            )
            guard known > 0 else { throw Problem.notFound }
            try act.append(
                "position.acting-ended",
                to: "position/\(agency)",
                by: officer.actor,
                facts: [
                    "agency": .string(agency), "from": .string(from.description), "until": .string(today.adding(days: -1).description),
                ],
                inner: ["appointed": .string(account)]
            )
        }
    }

    /// Whether an officer appoints who stands in at an agency, given the agency above it. Whoever acts for somebody passes that on to
    /// nobody.
    public func appoints(_ officer: Officer) async throws -> @Sendable (_ superior: String?) -> Bool {
        let roles = try await journal.read { try Self.officer(officer.account.description, in: $0)?.roles ?? [] }
        return { roles.contains(.supervisor) || (roles.contains(.head) && $0 == officer.agency) }
    }

    private func requireSuperior(_ officer: Officer, _ superior: String?) async throws {
        guard try await appoints(officer)(superior) else {
            throw Problem(
                "position.not-yours",
                .forbidden,
                Text(
                    id: "Yang menunjuk pelaksana tugas adalah atasan instansi itu (UU 30/2014 ps. 34)",
                    en: "Who stands in for a head is appointed by the agency above (Law 30/2014 art. 34)"
                )
            )
        }
    }

    /// Appoints an acting official of an agency for some days, on which nobody else stands in there.
    public func appointActing(_ account: Identifier, agency: String, dates: ClosedRange<CivilDate>, by actor: Actor) async throws {
        try await journal.commit { act in
            guard let appointed = try Self.officer(account.description, in: act.snapshot) else { throw Problem.notFound }
            guard !appointed.roles.contains(.auditor) else {
                throw Problem.fields([
                    Problem.Field("officer", Text(id: "Auditor tidak bisa ditunjuk", en: "An auditor cannot be appointed"))
                ])
            }
            // The powers of an account hold at its own agency: anybody else would be called head and could do nothing.
            guard appointed.agency == agency else {
                throw Problem.fields([
                    Problem.Field("officer", Text(id: "Pilih petugas dari instansi itu", en: "Choose an officer of that agency"))
                ])
            }
            guard !appointed.roles.contains(.head) else {
                throw Problem.fields([
                    Problem.Field(
                        "officer",
                        Text(
                            id: "Ia sudah kepala instansi itu: pilih orang lain",
                            en: "They head that agency already: choose somebody else"
                        )
                    )
                ])
            }
            // They would come to their own till no more, with the day's cash in it.
            guard !appointed.roles.contains(.treasurer) else {
                throw Problem.fields([
                    Problem.Field(
                        "officer",
                        Text(
                            id: "Bendahara tidak bisa ditunjuk: yang memerintahkan uang keluar tidak juga memegangnya (PP 12/2019 ps. 4)",
                            en: "A treasurer cannot be appointed: whoever orders money out does not hold it, too (PP 12/2019 art. 4)"
                        )
                    )
                ])
            }
            if let other = try Self.acting(at: agency, dates, in: act.snapshot) {
                let (from, until) = (other.dates.lowerBound, other.dates.upperBound)
                throw Problem.fields([
                    Problem.Field(
                        "from",
                        Text(
                            id: "\(other.name) sudah ditunjuk dari \(from.long(.indonesian)) sampai \(until.long(.indonesian)): "
                                + "pilih hari lain, atau akhiri penunjukan itu dulu",
                            en: "\(other.name) is appointed already from \(from.long(.english)) until \(until.long(.english)): "
                                + "choose other days, or end that first"
                        )
                    )
                ])
            }
            try act.append(
                "position.acting-appointed",
                to: "position/\(agency)",
                by: actor,
                facts: [
                    "agency": .string(agency), "from": .string(dates.lowerBound.description),
                    "until": .string(dates.upperBound.description),
                ],
                inner: ["appointed": .string(account.description)]
            )
        }
    }

    /// Who stands in at an agency on any of these days; one that was ended before it began stands in on none.
    private static func acting(at agency: String, _ dates: ClosedRange<CivilDate>, in snapshot: Snapshot) throws -> ActingOfficial? {
        try snapshot.find(
            """
            SELECT acting_official.agency, account, name, from_date, until_date FROM acting_official
            JOIN account ON account.id = account WHERE acting_official.agency = \(agency) AND from_date <= \(dates.upperBound)
                AND until_date >= \(dates.lowerBound) AND until_date >= from_date ORDER BY from_date LIMIT 1
            """,
            actingOfficial
        )
    }

    private static func actingOfficial(_ row: Row) throws -> ActingOfficial {
        let from: CivilDate = try row(3)
        return ActingOfficial(agency: try row(0), account: try row(1), name: try row(2), dates: from...max(from, try row(4)))
    }

    /// An officer by account, as of a snapshot; nil when there is none or it is disabled.
    public static func officer(_ account: String, in snapshot: Snapshot) throws -> Officer? {
        try snapshot.find(
            "SELECT id, number, name, agency, roles, districts FROM account WHERE id = \(account) AND is_disabled = 0",
            decode
        )
    }

    /// The same as they act on a day: an acting official (Plt/Plh) has the powers of the head of their agency on the days that they
    /// are appointed for, to sign as well (UU 30/2014 art. 14, 34(3)), and holds no money on those (PP 12/2019 art. 4(5)).
    public static func officer(_ account: String, on date: CivilDate, in snapshot: Snapshot) throws -> Officer? {
        guard let officer = try officer(account, in: snapshot), !officer.roles.contains(.head) else {
            return try officer(account, in: snapshot)
        }
        let isActing = try snapshot.count(
            """
            SELECT count(*) FROM acting_official WHERE account = \(account) AND agency = \(officer.agency) AND from_date <= \(date)
                AND until_date >= \(date)
            """
        )
        guard isActing > 0 else { return officer }
        return Officer(
            account: officer.account,
            number: officer.number,
            name: officer.name,
            agency: officer.agency,
            roles: officer.roles.union([.head, .signer]).subtracting([.treasurer]),
            districts: officer.districts
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
