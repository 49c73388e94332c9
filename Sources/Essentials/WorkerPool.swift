// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import Synchronization

/// A few threads for work that takes long and would stand in everybody's way: passwords, pictures.
public final class WorkerPool: Sendable {
    private let queue: DispatchQueue
    private let slots: DispatchSemaphore
    private let waiting = Mutex(0)
    private let backlog: Int

    /// A pool.
    ///
    /// - Parameters:
    ///   - name: for the debugger.
    ///   - width: how much is done at once.
    ///   - backlog: how much may wait before more is refused.
    public init(name: String, width: Int, backlog: Int = 64) {
        queue = DispatchQueue(label: name, attributes: .concurrent)
        slots = DispatchSemaphore(value: width)
        self.backlog = backlog
    }

    /// Does work on one of the pool's threads.
    public func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        let isAccepted = waiting.withLock { waiting in
            guard waiting < backlog else { return false }
            waiting += 1
            return true
        }
        guard isAccepted else {
            throw Problem("pool.busy", .unavailable, Text(id: "Sedang terlalu ramai", en: "Too many requests at once"), retryAfter: 5)
        }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                self.slots.wait()
                let result = Result { try body() }
                self.slots.signal()
                self.waiting.withLock { $0 -= 1 }
                continuation.resume(with: result)
            }
        }
    }
}
