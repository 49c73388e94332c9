// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import Synchronization

/// A few threads for work that takes long and would stand in everybody's way: passwords, pictures. What waits takes none.
public final class WorkerPool: Sendable {
    private typealias Work = @Sendable () -> Void

    private struct State {
        var running = 0
        var waiting: [(work: Work, weight: Int)] = []
        var weight = 0
    }

    private let queue: DispatchQueue
    private let state = Mutex(State())
    private let width: Int
    private let backlog: Int

    /// A pool.
    ///
    /// - Parameters:
    ///   - name: for the debugger.
    ///   - width: how much is done at once.
    ///   - backlog: how much may wait, in the order in which it came, before more is refused: the sum of its weights.
    public init(name: String, width: Int, backlog: Int = 64) {
        queue = DispatchQueue(label: name, attributes: .concurrent)
        self.width = width
        self.backlog = backlog
    }

    /// How much is being done or waits.
    public var load: Int { state.withLock { $0.running + $0.waiting.count } }

    /// Does work on one of the pool's threads.
    ///
    /// - Parameter weight: what it takes of the backlog while it waits.
    public func run<T: Sendable>(weight: Int = 1, _ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let isAccepted = accept(weight) { continuation.resume(with: Result { try body() }) }
            if isAccepted { return }
            continuation.resume(
                throwing: Problem(
                    "pool.busy",
                    .unavailable,
                    Text(id: "Sedang terlalu ramai", en: "Too many requests at once"),
                    retryAfter: 5
                )
            )
        }
    }

    private func accept(_ weight: Int, _ work: @escaping Work) -> Bool {
        let isFree = state.withLock { state -> Bool? in
            if state.running < width {
                state.running += 1
                return true
            }
            guard state.weight + weight <= backlog else { return nil }
            state.waiting.append((work, weight))
            state.weight += weight
            return false
        }
        guard let isFree else { return false }
        if isFree { queue.async { self.work(on: work) } }
        return true
    }

    /// Does a piece of work, then what waits, until nothing does.
    private func work(on first: @escaping Work) {
        var next: Work? = first
        while let work = next {
            work()
            next = state.withLock { state in
                guard !state.waiting.isEmpty else {
                    state.running -= 1
                    return nil
                }
                let next = state.waiting.removeFirst()
                state.weight -= next.weight
                return next.work
            }
        }
    }
}
