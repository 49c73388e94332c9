// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation
import Journal
import Storage

/// Who heads an agency, and who stands in for its head on some days.
extension Accounts {
    /// Why somebody stands in for a head (UU 30/2014 art. 14(2)).
    public enum ActingStanding: String, Sendable, CaseIterable {
        /// The office is vacant for good: pelaksana tugas.
        case plt
        /// Its holder is away for a time: pelaksana harian.
        case plh

        /// As it stands before the name of the office: “Plt.”.
        public var mark: String {
            switch self {
            case .plt: "Plt."
            case .plh: "Plh."
            }
        }
    }

    /// Who shall stand in for the head of an agency: by which order, why, and when.
    public struct Appointment: Sendable {
        /// Whose account it is.
        public let account: Identifier
        /// The agency.
        public let agency: String
        /// Why its head does not act.
        public let standing: ActingStanding
        /// The number of the order (surat perintah), in one line.
        public let order: String
        /// On which days.
        public let dates: ClosedRange<CivilDate>

        /// An appointment of somebody.
        public init(_ account: Identifier, at agency: String, as standing: ActingStanding, order: String, on dates: ClosedRange<CivilDate>)
        {
            self.account = account
            self.agency = agency
            self.standing = standing
            self.order = order.plain(isOneLine: true)
            self.dates = dates
        }

        /// What is wrong with the number of an order; nil where it is one.
        public static func fault(ofOrder order: String) -> Problem.Field? {
            guard !(1...100).contains(order.plain(isOneLine: true).unicodeScalars.count) else { return nil }
            return Problem.Field(
                "order",
                Text(
                    id: "Tulis nomor surat perintahnya, paling panjang 100 huruf",
                    en: "Write the number of the order, in at most 100 characters"
                )
            )
        }
    }

    /// Somebody who stands in for a head on some days.
    public struct ActingOfficial: Sendable {
        /// The agency.
        public let agency: String
        /// Whose account it is.
        public let account: String
        /// Their name, for colleagues.
        public let name: String
        /// Why the head does not act.
        public let standing: ActingStanding
        /// The number of the order.
        public let order: String
        /// On which days they were to.
        public let dates: ClosedRange<CivilDate>
        /// When it was ended before its time; nil where it was not. Until then it held.
        public let endedAt: Instant?
    }

    // MARK: Who heads

    /// Who heads an agency on a day: an acting official (Plt/Plh) appointed for that day, else its head.
    public static func head(of agency: String, on date: CivilDate, in snapshot: Snapshot) throws -> Officer? {
        if let acting = try acting(at: agency, date...date, in: snapshot), let officer = try officer(acting.account, on: date, in: snapshot)
        {
            return officer
        }
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

    /// An officer as they act on a day: an acting official (Plt/Plh) has the powers of the head of their agency on the days that
    /// they are appointed for, to sign as well (UU 30/2014 art. 14, 34(3)), and holds no money on those (PP 12/2019 art. 4(5)).
    public static func officer(_ account: String, on date: CivilDate, in snapshot: Snapshot) throws -> Officer? {
        guard let officer = try officer(account, in: snapshot), !officer.roles.contains(.head),
            try acting(at: officer.agency, date...date, in: snapshot)?.account == account
        else { return try officer(account, in: snapshot) }
        return Officer(
            account: officer.account,
            number: officer.number,
            name: officer.name,
            agency: officer.agency,
            roles: officer.roles.union([.head, .signer]).subtracting([.treasurer]),
            // The head of an agency has all of its districts.
            districts: []
        )
    }

    /// What stands before the name of an office on a paper that somebody signs on a day; nil where its head signs, or somebody
    /// else for them. What time does is signed by whoever stands in.
    public static func standing(of actor: Actor, at agency: String, on date: CivilDate, in snapshot: Snapshot) throws -> ActingStanding? {
        guard let acting = try acting(at: agency, date...date, in: snapshot),
            actor == .system || actor.account?.description == acting.account
        else { return nil }
        return acting.standing
    }

    /// Acting officials whose time has not ended before a day, in its order.
    public func actingOfficials(from date: CivilDate) async throws -> [ActingOfficial] {
        try await journal.read { try Self.acting("ended_at IS NULL AND until_date >= \(date)", in: $0) }
    }

    /// Appointments that are over on a day, the newest first: what was signed under them has to be explained for as long as it holds.
    public func pastActingOfficials(
        on date: CivilDate,
        page: PageNumber,
        size: Int
    ) async throws -> (rows: [ActingOfficial], total: Int) {
        let over: SQL = "(ended_at IS NOT NULL OR until_date < \(date))"
        return try await journal.read { snapshot in
            let rows = try Self.acting(
                over,
                ordered: "from_date DESC, appointed_at DESC LIMIT \(size) OFFSET \(page.offset(of: size))",
                in: snapshot
            )
            return (rows, try snapshot.count("SELECT count(*) FROM acting_official WHERE \(over)"))
        }
    }

    /// Whether an appointment that began on a day is over, or was ended before it began.
    public func isOver(at agency: String, from: CivilDate, on date: CivilDate) async throws -> Bool {
        try await journal.read {
            try $0.count(
                """
                SELECT count(*) FROM acting_official
                WHERE agency = \(agency) AND from_date = \(from) AND (ended_at IS NOT NULL OR until_date < \(date))
                """
            ) > 0
        }
    }

    /// As what somebody acted at a moment: nil where they did not stand in for the head of that agency then.
    public func standing(of account: String, at agency: String, at moment: Instant) async throws -> ActingStanding? {
        let day = moment.date(in: zone)
        return try await journal.read { snapshot in
            try Self.acting(
                """
                acting_official.agency = \(agency) AND account = \(account) AND from_date <= \(day) AND until_date >= \(day)
                AND appointed_at <= \(moment) AND (ended_at IS NULL OR ended_at > \(moment))
                """,
                in: snapshot
            ).first?.standing
        }
    }

    /// As whom an officer stands in for their head on a day; nil where they do not.
    public func standsIn(_ officer: Officer, on date: CivilDate) async throws -> ActingOfficial? {
        let acting = try await journal.read { try Self.acting(at: officer.agency, date...date, in: $0) }
        return acting?.account == officer.account.description ? acting : nil
    }

    /// Who stands in at an agency on any of these days, from now on: what was ended holds no more, on no part of its last day.
    private static func acting(at agency: String, _ dates: ClosedRange<CivilDate>, in snapshot: Snapshot) throws -> ActingOfficial? {
        try acting(
            """
            acting_official.agency = \(agency) AND ended_at IS NULL AND from_date <= \(dates.upperBound) AND until_date >= \(dates.lowerBound)
            """,
            in: snapshot
        ).first
    }

    private static func acting(_ condition: SQL, ordered order: SQL = "from_date", in snapshot: Snapshot) throws -> [ActingOfficial] {
        try snapshot.rows(
            """
            SELECT acting_official.agency, account, name, standing, order_number, from_date, until_date, ended_at FROM acting_official
            JOIN account ON account.id = account WHERE \(condition) ORDER BY \(order)
            """
        ) { row in
            let from: CivilDate = try row(5)
            return ActingOfficial(
                agency: try row(0),
                account: try row(1),
                name: try row(2),
                standing: ActingStanding(rawValue: try row(3)) ?? .plh,
                order: try row(4),
                dates: from...max(from, try row(6)),
                endedAt: try row.optional(7)
            )
        }
    }

    // MARK: Appointing

    /// Appoints an acting official as an officer may: the head of the agency above, or a supervisor. The superior appoints, never
    /// who is stood in for (UU 30/2014 art. 34(2)), and nobody appoints themselves.
    ///
    /// - Parameters:
    ///   - superior: the agency above; nil where there is none.
    ///   - vacancy: how long one person may stand in for nobody.
    public func appointActing(
        _ appointment: Appointment,
        under superior: String?,
        within vacancy: City.Vacancy? = nil,
        by officer: Officer
    ) async throws {
        try await requireSuperior(officer, superior)
        guard appointment.account != officer.account else {
            throw Self.refused(Text(id: "Tidak ada yang menunjuk dirinya sendiri", en: "Nobody appoints themselves"))
        }
        try await appointActing(appointment, within: vacancy, by: officer.actor)
    }

    /// Appoints an acting official of an agency for some days, on which nobody else stands in there.
    public func appointActing(_ appointment: Appointment, within vacancy: City.Vacancy? = nil, by actor: Actor) async throws {
        let (agency, dates) = (appointment.agency, appointment.dates)
        if let fault = Appointment.fault(ofOrder: appointment.order) { throw Problem.fields([fault]) }
        try await journal.commit { act in
            let today = act.now.date(in: zone)
            // What was done on days that are over was not done by whoever is appointed afterwards.
            guard dates.lowerBound >= today, dates.upperBound <= today.adding(days: 2 * 366) else {
                throw Problem.fields([
                    Problem.Field(
                        "from",
                        Text(
                            id: "Paling awal hari ini, paling lambat berakhir dua tahun lagi",
                            en: "From today at the earliest, and within two years at the latest"
                        )
                    )
                ])
            }
            guard let appointed = try Self.officer(appointment.account.description, in: act.snapshot) else { throw Problem.notFound }
            if let hindrance = Self.hindrance(of: appointed, at: agency) { throw Self.refused(hindrance) }
            if appointment.standing == .plt { try Self.requireVacant(agency, in: act.snapshot) }
            if let other = try Self.acting(at: agency, dates, in: act.snapshot) {
                // The same form again.
                if other.account == appointment.account.description, other.dates == dates, other.order == appointment.order,
                    other.standing == appointment.standing
                {
                    return
                }
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
            if appointment.standing == .plt, let vacancy { try Self.require(appointment, within: vacancy, zone: zone, in: act.snapshot) }
            // The number is written freely by hand: what everybody reads has none of it.
            try act.append(
                "position.acting-appointed",
                to: "position/\(agency)",
                by: actor,
                facts: [
                    "agency": .string(agency), "standing": .string(appointment.standing.rawValue),
                    "from": .string(dates.lowerBound.description), "until": .string(dates.upperBound.description),
                ],
                inner: ["appointed": .string(appointment.account.description), "order": .string(appointment.order)]
            )
        }
    }

    /// Refuses a Plt where the office is not vacant: its holder would sign on the same day (UU 30/2014 art. 14(2)b).
    private static func requireVacant(_ agency: String, in snapshot: Snapshot) throws {
        guard let head = try colleagues(agency, in: snapshot).first(where: { $0.roles.contains(.head) }) else { return }
        throw Problem.fields([
            Problem.Field(
                "standing",
                Text(
                    id: "Jabatannya tidak kosong: akun \(head.name), petugas \(head.number), masih kepala. "
                        + "Kalau ia berhalangan sementara, pilih Plh.; kalau ia sudah tidak menjabat, akhiri akunnya dulu",
                    en: "The office is not vacant: the account of \(head.name), officer \(head.number), heads it still. "
                        + "Where they are away for a time, choose Plh.; where they left the office, end their account first"
                )
            )
        ])
    }

    /// Whether somebody is appointed where the office is vacant, on a day or later.
    static func isPltAppointed(at agency: String, from date: CivilDate, in snapshot: Snapshot) throws -> Bool {
        try !acting("acting_official.agency = \(agency) AND standing = 'plt' AND ended_at IS NULL AND until_date >= \(date)", in: snapshot)
            .isEmpty
    }

    /// Refuses a Plt for longer than the city's rule has it, also by one appointment after the other.
    private static func require(
        _ appointment: Appointment,
        within vacancy: City.Vacancy,
        zone: TimeZoneOffset,
        in snapshot: Snapshot
    ) throws {
        let (from, until) = (appointment.dates.lowerBound, appointment.dates.upperBound)
        let others = try acting(
            "acting_official.agency = \(appointment.agency) AND account = \(appointment.account.description) AND standing = 'plt'",
            in: snapshot
        )
        // What ended before it began was none.
        let held = others.compactMap { one -> ClosedRange<CivilDate>? in
            let last = one.endedAt.map { min($0.date(in: zone), one.dates.upperBound) } ?? one.dates.upperBound
            return last < one.dates.lowerBound ? nil : one.dates.lowerBound...last
        }
        // One that begins within a month of the last goes on with it, whichever was appointed first.
        var row: [ClosedRange<CivilDate>] = []
        for dates in (held + [appointment.dates]).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = row.last, dates.lowerBound > last.upperBound.adding(days: 31) {
                if row.contains(appointment.dates) { break }
                row = []
            }
            row.append(dates)
        }
        guard until >= from.adding(months: vacancy.months) || row.count - 1 > vacancy.renewals else { return }
        throw Problem.fields([
            Problem.Field(
                "until",
                Text(
                    id: "Plt. paling lama \(vacancy.months) bulan, diperpanjang paling banyak \(vacancy.renewals) kali "
                        + "untuk orang yang sama (\(vacancy.basis.id))",
                    en: "Plt. for at most \(vacancy.months) months, renewed at most \(vacancy.renewals) times "
                        + "for the same person (\(vacancy.basis.en))"
                )
            )
        ])
    }

    /// Ends an appointment from now on, as whoever may appoint may (UU 30/2014 art. 14(6)). Until now it held, and what was signed
    /// under it stands (art. 15(2), 19).
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
            let found = try Self.acting(
                "acting_official.agency = \(agency) AND account = \(account) AND from_date = \(from)",
                in: act.snapshot
            )
            guard !found.isEmpty else { throw Problem.notFound }
            // It is over already: the same form again, or its time has come.
            guard found.contains(where: { $0.endedAt == nil && $0.dates.upperBound >= today }) else { return }
            try act.append(
                "position.acting-ended",
                to: "position/\(agency)",
                by: officer.actor,
                facts: ["agency": .string(agency), "from": .string(from.description)],
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

    /// Why somebody cannot stand in for the head of an agency; nil where they can.
    public static func hindrance(of officer: Officer, at agency: String) -> Text? {
        if officer.roles.contains(.auditor) { return Text(id: "Auditor tidak bisa ditunjuk", en: "An auditor cannot be appointed") }
        if officer.roles.contains(.supervisor) {
            return Text(
                id: "Pengawas tidak bisa ditunjuk: ia mengawasi instansi itu",
                en: "A supervisor cannot be appointed: they oversee it"
            )
        }
        // The powers of an account hold at its own agency: anybody else would be called head and could do nothing.
        if officer.agency != agency {
            return Text(id: "Pilih petugas dari instansi itu", en: "Choose an officer of that agency")
        }
        if officer.roles.contains(.head) {
            return Text(id: "Ia sudah kepala instansi itu: pilih orang lain", en: "They head that agency already: choose somebody else")
        }
        // They would come to their own till no more, with the day's cash in it.
        if officer.roles.contains(.treasurer) {
            return Text(
                id: "Bendahara tidak bisa ditunjuk: yang memerintahkan uang keluar tidak juga memegangnya (PP 12/2019 ps. 4)",
                en: "A treasurer cannot be appointed: whoever orders money out does not hold it, too (PP 12/2019 art. 4)"
            )
        }
        return nil
    }

    private static func refused(_ why: Text) -> Problem { Problem.fields([Problem.Field("officer", why)]) }

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
}
