// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Synchronization

/// A value that costs much to work out and may be some seconds old.
final class Recent<Value: Sendable>: Sendable {
    private let kept = Mutex<(value: Value, at: Instant)?>(nil)
    private let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    /// The value, worked out anew when the last is older than allowed.
    func value(now: Instant, _ work: () async throws -> Value) async throws -> Value {
        if let kept = kept.withLock({ $0 }), kept.at.adding(seconds: seconds) > now { return kept.value }
        let value = try await work()
        kept.withLock { $0 = (value, now) }
        return value
    }
}
