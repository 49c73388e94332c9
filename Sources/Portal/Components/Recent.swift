// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Synchronization

/// A value that costs much to work out and may be some seconds old.
final class Recent<Value: Sendable>: Sendable {
    private struct State {
        var kept: (value: Value, at: Instant)?
        var isRenewing = false
    }

    private let state = Mutex(State())
    private let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    /// The value. Once it is older than allowed, one caller works it out anew, and the others are given the old one meanwhile.
    func value(now: Instant, _ work: () async throws -> Value) async throws -> Value {
        let kept = state.withLock { state -> Value? in
            guard let kept = state.kept else { return nil }
            if state.isRenewing || kept.at.adding(seconds: seconds) > now { return kept.value }
            state.isRenewing = true
            return nil
        }
        if let kept { return kept }
        defer { state.withLock { $0.isRenewing = false } }
        let value = try await work()
        state.withLock { $0.kept = (value, now) }
        return value
    }
}
