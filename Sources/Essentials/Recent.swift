// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// A value that costs much to work out and may be some seconds old.
public final class Recent<Value: Sendable>: Sendable {
    private typealias Waiting = CheckedContinuation<Value?, any Error>

    private struct State {
        var kept: (value: Value, at: Instant)?
        var isRenewing = false
        var waiting: [Waiting] = []
    }

    private enum Turn {
        case give(Value)
        case work
        case wait
    }

    private let state = Mutex(State())
    private let seconds: Int64

    /// A value that may be so many seconds old.
    public init(seconds: Int64) { self.seconds = seconds }

    /// The value. Once it is older than allowed, one caller works it out anew, and the others are given the old one meanwhile;
    /// the first time they wait for that one.
    public func value(now: Instant, _ work: () async throws -> Value) async throws -> Value {
        while true {
            let turn = state.withLock { state -> Turn in
                if let kept = state.kept, state.isRenewing || kept.at.adding(seconds: seconds) > now { return .give(kept.value) }
                if state.isRenewing { return .wait }
                state.isRenewing = true
                return .work
            }
            switch turn {
            case .give(let value): return value
            case .work: return try await renew(now, work)
            case .wait: if let value = try await other() { return value }
            }
        }
    }

    private func renew(_ now: Instant, _ work: () async throws -> Value) async throws -> Value {
        do {
            let value = try await work()
            for waiting in end(kept: value, at: now) { waiting.resume(returning: value) }
            return value
        } catch {
            for waiting in end(kept: nil, at: now) { waiting.resume(throwing: error) }
            throw error
        }
    }

    private func end(kept value: Value?, at now: Instant) -> [Waiting] {
        state.withLock { state in
            defer { state.waiting = [] }
            state.isRenewing = false
            if let value { state.kept = (value, now) }
            return state.waiting
        }
    }

    /// What the caller who is at work finds; nil when that one has finished meanwhile.
    private func other() async throws -> Value? {
        try await withCheckedThrowingContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isRenewing { state.waiting.append(continuation) }
                return !state.isRenewing
            }
            if isOver { continuation.resume(returning: nil) }
        }
    }
}
