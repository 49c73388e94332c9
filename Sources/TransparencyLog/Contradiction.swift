// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Something that does not hold: an entry that is not what was signed, a table that does not follow from the entries.
public struct Contradiction: Error, Hashable, Sendable {
    /// Where: `entry 17`, `table payment`, `ledger`.
    public let place: String
    /// What does not hold.
    public let finding: Text

    /// Something that does not hold.
    public init(_ place: String, _ finding: Text) {
        self.place = place
        self.finding = finding
    }

    /// Whether it is about a table, not about the entries themselves.
    public var isOfTable: Bool { place.hasPrefix("table ") }
}
