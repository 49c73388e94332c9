// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// A promise: how long one step may take, and by which rule.
public struct Promise: Sendable, Hashable {
    /// Its name: `verification`, `answer`, `resolution`, `reaction`.
    public let name: String
    /// How long.
    public let limit: Limit
    /// The rule: law and article, or the city's own standard.
    public let basis: Text
    /// A name that follows from what it says: cases and the public log refer to it by this.
    public let fingerprint: String

    init(name: String, limit: Limit, basis: Text) {
        self.name = name
        self.limit = limit
        self.basis = basis
        fingerprint = Definitions.fingerprint(Array("\(name) \(limit.days) \(limit.unit.rawValue) \(basis.id) \(basis.en)".utf8))
    }
}
