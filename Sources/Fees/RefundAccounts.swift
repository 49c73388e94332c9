// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// Accounts to which money goes back: what the applicant wants, what an order names, what proved wrong.
extension Fees {
    /// Keeps the account to which an applicant wants money back.
    ///
    /// - Parameter tell: tells them where it is another than before: somebody else may have written it.
    public func giveAccount(
        _ account: Refund.Account,
        for number: String,
        of person: Identifier,
        by actor: Actor,
        telling tell: @escaping @Sendable (Act) throws -> Void = { _ in }
    ) async throws {
        try await journal.commit { act in
            let bill = try Self.require(number, in: act.snapshot)
            guard bill.returnable > 0 else { throw Self.allOrdered }
            if try self.account(for: number, in: act.snapshot) != account { try tell(act) }
            try act.append(
                "refund.account-given",
                to: "bill/\(bill.number)",
                by: actor,
                facts: ["docket": .string(bill.docket)],
                personal: Personal(of: person, ["account": account.json])
            )
        }
    }

    /// The account to which an applicant wants money of a bill back; nil where none was given, or where money came back from it since.
    public func account(for number: String, in snapshot: Snapshot) throws -> Refund.Account? {
        Self.wish(in: try journal.entries(of: "bill/\(number)", in: snapshot))
    }

    /// The same by the entries of the bill.
    static func wish(in entries: [Entry]) -> Refund.Account? { accounts(in: entries).wish }

    /// What is known of accounts to which money of a bill may go.
    struct KnownAccounts {
        /// The one that the applicant wants it to.
        var wish: Refund.Account?
        /// Those that proved wrong and that the applicant did not give anew since.
        var wrong: [Refund.Account] = []
        /// Those that ever proved wrong.
        var everWrong: [Refund.Account] = []
        /// Whether the applicant ever gave one.
        var wasGiven = false

        /// Not given again before the applicant has looked at it, and sent it anew even if it is right.
        mutating func proveWrong(_ account: Refund.Account) {
            wrong.append(account)
            everWrong.append(account)
            if wish?.isSame(as: account) == true { wish = nil }
        }
    }

    static func accounts(in entries: [Entry]) -> KnownAccounts {
        var accounts = KnownAccounts()
        var orders: [String: Refund.Account] = [:]
        for entry in entries {
            let order = entry.facts["order"]?.string ?? ""
            let account = Refund.Account(json: entry.personal?["account"])
            switch entry.kind {
            case "refund.account-given":
                accounts.wish = account
                accounts.wasGiven = true
                accounts.wrong.removeAll { account?.isSame(as: $0) == true }
            case "refund.ordered": orders[order] = account
            case "refund.returned": if let account = orders[order] { accounts.proveWrong(account) }
            case "refund.withdrawn" where entry.facts["is-account-wrong"]?.bool == true:
                if let account = orders[order] { accounts.proveWrong(account) }
            default: break
            }
        }
        return accounts
    }

    /// What tells an account from every other without saying it; empty for none.
    public func tag(of account: Refund.Account?) -> String {
        account.map { journal.vault.blindIndex("account:" + String(decoding: $0.json.canonical, as: UTF8.self)) } ?? ""
    }

    /// The account that an order names. It stays what it was when the order was given, whatever anybody writes later: who carries the
    /// order out gives the money where the one who ordered it said.
    public func account(of refund: Refund, in snapshot: Snapshot) throws -> Refund.Account? {
        Self.account(of: refund, in: try journal.entries(of: "bill/\(refund.bill)", in: snapshot))
    }

    /// The same by the entries of its bill.
    static func account(of refund: Refund, in entries: [Entry]) -> Refund.Account? {
        Refund.Account(json: ordering(of: refund, in: entries)?.personal?["account"])
    }

    private static func ordering(of refund: Refund, in entries: [Entry]) -> Entry? {
        entries.first { $0.kind == "refund.ordered" && $0.facts["order"]?.string == refund.id }
    }

    /// An order with the whole account that it names, and by what an account told at the counter was shown to be the applicant's, for
    /// whoever carries it out: a treasurer of its agency.
    public func openAccount(
        of id: String,
        by officer: Officer
    ) async throws -> (
        refund: Refund, account: Refund.Account?, proof: String?
    ) {
        try await journal.read { snapshot in
            let refund = try Self.requireRefund(id, in: snapshot)
            try Self.requireTreasurer(officer, of: refund.agency)
            let order = Self.ordering(of: refund, in: try journal.entries(of: "bill/\(refund.bill)", in: snapshot))?.personal
            return (refund: refund, account: Refund.Account(json: order?["account"]), proof: order?["proof"]?.string)
        }
    }

    /// When an order of a case was taken back last: the treasury may have paid it meanwhile. Nil where none was that was not paid.
    public static func lastWithdrawal(of docket: String, from journal: Journal, in snapshot: Snapshot) throws -> Instant? {
        try bills(of: docket, in: snapshot).flatMap { bill in
            let open = Set(try refunds(of: bill.number, in: snapshot).filter { $0.state == .withdrawn }.map(\.id))
            return try journal.entries(of: "bill/\(bill.number)", in: snapshot).filter {
                $0.kind == "refund.withdrawn" && open.contains($0.facts["order"]?.string ?? "")
            }.map(\.at)
        }.max()
    }

    /// Erases the accounts of orders of a case that were never paid: what the city paid stays known, what it only meant to pay does not.
    public static func eraseUnpaidOrders(
        of docket: String,
        by actor: Actor,
        basis: String,
        from journal: Journal,
        in act: Act
    ) throws {
        for bill in try bills(of: docket, in: act.snapshot) {
            let entries = try journal.entries(of: "bill/\(bill.number)", in: act.snapshot)
            let paid = Set(entries.filter { $0.kind == "refund.carried" }.compactMap { $0.facts["order"]?.string })
            for entry in entries where entry.kind == "refund.ordered" {
                guard let person = entry.person, let order = entry.facts["order"]?.string, !paid.contains(order) else { continue }
                try act.erase(person, by: actor, basis: basis)
            }
        }
    }
}
