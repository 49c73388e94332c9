// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Foundation
import Identity

extension TestCity {
    /// Records a row of a statement: a treasurer proposes it, and a head of their agency records it.
    ///
    /// - Parameter reason: why, which is asked where something speaks against the row.
    /// - Returns: the receipt.
    @discardableResult
    public func record(
        _ finding: BankStatement.Finding,
        for bill: String,
        because reason: String = "",
        by treasurer: Officer
    ) async throws -> String {
        try await fees.propose(finding, for: bill, reason: reason, by: treasurer)
        let head = try await officer("kepala-\(UUID().uuidString.prefix(8).lowercased())", agency: treasurer.agency, roles: [.head])
        let proposals = try await fees.day(clock.now.date(in: city.zone), of: head).proposals
        guard let proposal = proposals.first(where: { $0.bill == bill && $0.amount == finding.amount && $0.text == finding.text }) else {
            throw Problem.notFound
        }
        return try await fees.record(proposal: proposal.id, by: head)
    }
}
