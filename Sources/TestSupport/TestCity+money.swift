// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Foundation
import Identity
import Journal
import Storage

extension TestCity {
    /// Records a row of a statement: a treasurer proposes it, and a head of their agency records it.
    ///
    /// - Parameters:
    ///   - reason: why, which is asked where something speaks against the row.
    ///   - head: who records it; somebody new where nobody is named.
    /// - Returns: the receipt.
    @discardableResult
    public func record(
        _ finding: BankStatement.Finding,
        for bill: String,
        because reason: String = "",
        by treasurer: Officer,
        and head: Officer? = nil
    ) async throws -> String {
        try await fees.propose(finding, for: bill, reason: reason, by: treasurer)
        let head =
            if let head { head } else {
                try await officer("kepala-\(UUID().uuidString.prefix(8).lowercased())", agency: treasurer.agency, roles: [.head])
            }
        let (amount, text) = (finding.amount, finding.text)
        let proposal = try await journal.read { snapshot in
            try snapshot.find(
                "SELECT entry FROM recording_proposal WHERE bill = \(bill) AND amount = \(amount) AND text = \(text) AND state = 'open'"
            ) { try $0(0, as: String.self) }
        }
        guard let proposal else { throw Problem.notFound }
        return try await fees.record(proposal: proposal, by: head)
    }
}
