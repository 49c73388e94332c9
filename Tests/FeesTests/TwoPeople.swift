// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Fees
import Foundation
import Identity
import TestSupport

extension TestCity {
    /// Records a row by two people: whoever proposes it, and a head of their agency.
    @discardableResult
    func recordByTwo(_ finding: BankStatement.Finding, for bill: String, by treasurer: Officer) async throws -> String {
        try await fees.propose(finding, for: bill, reason: "Ada di rekening koran", by: treasurer)
        let head = try await officer("kepala-\(UUID().uuidString.prefix(8).lowercased())", agency: treasurer.agency, roles: [.head])
        let today = clock.now.date(in: city.zone)
        guard let id = try await fees.day(today, of: head).proposals.first(where: { $0.bill == bill && $0.amount == finding.amount })?.id
        else { throw Problem.notFound }
        return try await fees.record(proposal: id, by: head)
    }
}
