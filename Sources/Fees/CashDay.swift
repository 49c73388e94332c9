// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Identity
import Journal
import Storage

/// What the cash page shows of a day.
extension Fees {
    /// An officer's cash of a day, in rupiah: what lay there from before, and what came and went.
    public struct Till: Sendable, Hashable {
        /// What lay there from days that were not closed.
        public var opening: Int
        /// Taken from payers.
        public var taken: Int
        /// Given back to payers, before 2026-12; since then money goes back through the city’s treasury alone.
        public var givenBack: Int
        /// Handed over to the city's account (setoran).
        public var handedOver: Int

        /// Cash of a day, in rupiah.
        public init(opening: Int = 0, taken: Int = 0, givenBack: Int = 0, handedOver: Int = 0) {
            self.opening = opening
            self.taken = taken
            self.givenBack = givenBack
            self.handedOver = handedOver
        }

        /// What has to lie there now.
        public var recorded: Int { opening + taken - givenBack - handedOver }
    }

    /// A till that was counted and closed.
    public struct Closing: Sendable {
        /// The day that was closed.
        public let day: CivilDate
        /// The account whose till it was.
        public let account: String
        /// Their number.
        public let number: Int?
        /// Their name, for colleagues.
        public let name: String
        /// The agency whose money it was.
        public let agency: String
        /// What was recorded.
        public let till: Till
        /// What was counted, and went to the city's account.
        public let counted: Int
        /// Why it differs.
        public let reason: String
        /// The number of its deposit slip.
        public let slip: String
        /// The day that it bears; nil where there is none.
        public let slipDay: CivilDate?
        /// Who counted it for somebody who had left it, and before whom: their numbers; nil of every other.
        public let counter: Int?
        /// The number of the witness; nil of every other.
        public let witness: Int?
        /// Why it was left; empty of every other.
        public let leftBecause: String
        /// What was counted beyond what was recorded, in rupiah; minus for what was missing.
        public var difference: Int { counted - till.recorded }
    }

    /// Cash that lies in a till for more than a day: to be deposited within one day (PP 12/2019 art. 137), what was taken yesterday is
    /// still in time today.
    public struct LateTill: Sendable {
        /// The number of the officer whose till it is.
        public let number: Int
        /// Their name, for colleagues.
        public let name: String
        /// The agency whose money it is.
        public let agency: String
        /// In rupiah.
        public let amount: Int
        /// The day of the oldest of it.
        public let since: CivilDate
        /// Why it was left there, of a till whose holder's account has ended: a treasurer of the agency counts and closes it. Nil of
        /// every other, empty where nobody said.
        public let left: String?
    }

    /// A bill with money to be given back, or of which too much was ordered or given.
    public struct Excess: Sendable {
        /// The bill.
        public let bill: Bill
        /// Since when; nil where no entry says.
        public let since: CivilDate?
        /// The account that the applicant gave; nil where there is none, or for whoever does not give the money.
        public let account: Refund.Account?
        /// Whether the same money may be booked twice: from a statement, and by a bank's notice that the statement does not name.
        public let mayBeTwice: Bool
    }

    /// An officer's cash of days before today that was neither closed nor handed over.
    public struct Undeposited: Sendable {
        /// The day of the oldest of it: what is handed over is taken from the oldest.
        public let since: CivilDate
        /// The first day that can be closed for it: none before a hand-over.
        public let closable: CivilDate
    }

    /// A day of money as somebody may see it.
    public struct Day: Sendable {
        /// The day.
        public let date: CivilDate
        /// What came and went on the day, oldest first; at most a thousand. The export has all.
        public let movements: [Movement]
        /// How many there are.
        public let movementCount: Int
        /// What came and went by each way, in rupiah, without what only went from a till to the bank.
        public let totals: [Payment.Method: Int]
        /// Which page of the lists below is shown, of how many; a list that ends before shows its last.
        public let page: (number: Int, of: Int)
        /// The officer's own cash.
        public let till: Till
        /// The officer's own cash of days before today, whatever the day looked at; nil where there is none.
        public let undeposited: Undeposited?
        /// Closings of the day, in the order of the officers' numbers.
        public let closings: [Closing]
        /// Who may witness that the officer counts a till that somebody left: colleagues with their numbers.
        public let witnesses: [Officer]
        /// The officer's closing of the day.
        public let closing: Closing?
        /// Closings of the last ninety days that counted something else than was recorded, newest first.
        public let differences: [Closing]
        /// Tills with cash that is late to be deposited, whatever the day looked at; the oldest first, a page of them.
        public let late: [LateTill]
        /// The balance of every account of the ledger, in rupiah; together nought.
        public let balances: [(account: String, amount: Int)]
        /// Bills with money to be given back for which no order was given yet, or of which too much was; a page of them.
        public let excesses: [Excess]
        /// What banks took back that is in no book, oldest first, a page of them.
        public let strays: [StrayReversal]
        /// What banks took back in the last ninety days that somebody has looked into, newest first, a page of it.
        public let settledStrays: [StrayReversal]
        /// Payments that a treasurer says were recorded by mistake, oldest first, a page of them.
        public let doubts: [Doubt]
        /// Rows of statements that a treasurer proposes to record, with what speaks against each; oldest first, a page of them.
        public let proposals: [Proposal]
        /// What banks told of again after it was booked out, oldest first, a page of them.
        public let toldAgain: [ToldAgain]
        /// Orders that the treasury has not paid yet, the account that each names, and whether the bank took the payment back
        /// since; a page of them.
        public let orders: [(refund: Refund, account: Refund.Account?, isCovered: Bool)]
        /// Orders of the last ninety days that were paid, taken back or came back, newest first, a page of them.
        public let ended: [(refund: Refund, account: Refund.Account?)]
        /// How many there are.
        public let endedCount: Int
    }
}
