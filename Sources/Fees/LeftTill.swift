// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// Tills of people who are gone: nobody leaves with the city's cash unseen.
extension Fees {
    /// Refuses to end an account in whose till cash lies, within the act that ends it. Where its holder cannot hand it over any more,
    /// it is told why, and the till stays open, seen by everybody who sees the agency's money, until a treasurer has counted it.
    public func leaveTill(of officer: Officer, because reason: String?, by actor: Actor, in act: Act) throws {
        let today = act.now.date(in: zone)
        let cash = try Self.till(of: officer.account, on: today, in: act.snapshot).recorded
        guard cash != 0 else { return }
        guard let reason = reason?.plain(isOneLine: true) else { throw Self.cashLies(cash, with: officer) }
        try Self.requireReason(reason, field: "with-cash-left")
        try act.append(
            "cash.left",
            to: "cash/\(officer.account)",
            by: actor,
            facts: ["agency": .string(officer.agency), "day": .string(today.description), "amount": JSON(cash)],
            inner: ["reason": .string(reason)]
        )
    }

    private static func cashLies(_ cash: Int, with officer: Officer) -> Problem {
        Problem(
            "account.cash-left",
            .conflict,
            Text(
                id: "Di kas Petugas \(officer.number) masih ada Rp\(Language.indonesian.number(cash)) yang belum disetor",
                en: "Rp\(Language.english.number(cash)) lies in the till of officer \(officer.number) and is not deposited"
            ),
            remedy: Text(
                id: "Ia menyetor atau menutup kasnya dulu, di halaman Kas. Kalau tidak bisa lagi: --with-cash-left \"sebabnya\".",
                en: "They hand it over or close the till first, on the page “Kas”. Where they no longer can: --with-cash-left \"why\"."
            )
        )
    }

    /// Counts and closes the till of somebody whose account has ended, as a treasurer of their agency and before a witness: whoever is
    /// gone cannot say what lay there.
    ///
    /// - Parameter witness: the number of another active account of the agency.
    public func closeLeftTill(
        of number: Int,
        counted: Int,
        slip: String,
        dated slipDay: CivilDate? = nil,
        reason: String,
        witness: Int?,
        by officer: Officer
    ) async throws {
        guard officer.roles.contains(.treasurer) else { throw Self.treasurerOnly }
        let left = try await journal.read {
            try $0.find("SELECT id, agency FROM account WHERE number = \(number) AND is_disabled = 1") {
                (account: Identifier(try $0(0, as: String.self)), agency: try $0(1, as: String.self))
            }
        }
        guard let account = left?.account else { throw Problem.notFound }
        guard left?.agency == officer.agency else { throw Self.otherAgency }
        try await closeCash(
            of: account,
            day: nil,
            counted: counted,
            slip: slip,
            dated: slipDay,
            reason: reason,
            before: .some(witness),
            by: officer
        )
    }

    /// Who may witness that somebody counts the till of somebody else.
    static func witnesses(for officer: Officer, in snapshot: Snapshot) throws -> [Officer] {
        try Accounts.colleagues(officer.agency, in: snapshot).filter { $0.account != officer.account }
    }

    static let witnessMissing = Problem.Field(
        "saksi",
        Text(
            id: "Pilih rekan seinstansi yang ikut menyaksikan penghitungannya",
            en: "Choose a colleague of the agency who was there when it was counted"
        )
    )

    /// Why cash was left in a till; empty where nobody said.
    func reasonLeft(_ account: String, in snapshot: Snapshot) throws -> String {
        try journal.entries(of: "cash/\(account)", in: snapshot).last { $0.kind == "cash.left" }?.inner?["reason"]?.string ?? ""
    }
}
