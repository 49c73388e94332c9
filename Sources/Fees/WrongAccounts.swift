// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Journal
import Storage

/// What is said of accounts that proved wrong, before money goes there again.
extension Fees {
    /// What the head is told of the account for a bill.
    public enum WrongAccount: Sendable {
        /// The last one proved wrong, and its applicant is asked for the right one.
        case awaited
        /// The applicant wrote one again that had proved wrong, and says that it is right.
        case givenAgain
    }

    /// Whether an account proved wrong, and its applicant has not said since that it is right.
    public func provedWrong(_ account: Refund.Account, for number: String) async throws -> Bool {
        try await journal.read { snapshot in
            Self.accounts(in: try journal.entries(of: "bill/\(number)", in: snapshot)).wrong.contains(where: account.isSame)
        }
    }

    /// What is to be said of the accounts for bills, by their numbers; nothing of every other.
    public func wrongAccounts(for numbers: [String]) async throws -> [String: WrongAccount] {
        guard !numbers.isEmpty else { return [:] }
        return try await journal.read { snapshot in
            var found: [String: WrongAccount] = [:]
            for number in numbers {
                let known = Self.accounts(in: try journal.entries(of: "bill/\(number)", in: snapshot))
                if let wish = known.wish {
                    if known.everWrong.contains(where: wish.isSame) { found[number] = .givenAgain }
                } else if !known.wrong.isEmpty {
                    found[number] = .awaited
                }
            }
            return found
        }
    }
}
