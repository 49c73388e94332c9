// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import Essentials
import Synchronization
import Testing

/// A few threads for work that takes long.
@Suite struct WorkerPoolTests {
    private final class Log: Sendable {
        let done = Mutex<[Int]>([])
        let running = Mutex((now: 0, most: 0))

        func work(_ number: Int, until gate: DispatchSemaphore) {
            running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            gate.wait()
            done.withLock { $0.append(number) }
            running.withLock { $0.now -= 1 }
        }
    }

    @Test("No more is done at once than its width, and what waits is done in the order in which it came")
    func order() async throws {
        let pool = WorkerPool(name: "test", width: 1)
        let gate = DispatchSemaphore(value: 0)
        let log = Log()
        try await withThrowingTaskGroup { group in
            for number in 0..<5 {
                group.addTask { try await pool.run { log.work(number, until: gate) } }
                while pool.load < number + 1 { await Task.yield() }
            }
            for _ in 0..<5 { gate.signal() }
            try await group.waitForAll()
        }
        #expect(log.done.withLock { $0 } == [0, 1, 2, 3, 4])
        #expect(log.running.withLock { $0.most } == 1)
    }

    @Test("Beyond its bound it tells to come back, and takes more once there is room")
    func bound() async throws {
        let pool = WorkerPool(name: "test", width: 1, backlog: 1)
        let gate = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup { group in
            for number in 1...2 {
                group.addTask { try await pool.run { gate.wait() } }
                while pool.load < number { await Task.yield() }
            }
            let refused = await #expect(throws: Problem.self) { try await pool.run {} }
            #expect(refused?.status == .unavailable && refused?.retryAfter != nil)
            for _ in 0..<2 { gate.signal() }
            try await group.waitForAll()
        }
        #expect(try await pool.run { 7 } == 7)
    }

    @Test("What waits counts by its weight")
    func weight() async throws {
        let pool = WorkerPool(name: "test", width: 1, backlog: 5)
        let gate = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup { group in
            for number in 1...2 {
                group.addTask { try await pool.run(weight: 3) { gate.wait() } }
                while pool.load < number { await Task.yield() }
            }
            await #expect(throws: Problem.self) { try await pool.run(weight: 3) {} }
            group.addTask { try await pool.run(weight: 2) { gate.wait() } }
            while pool.load < 3 { await Task.yield() }
            for _ in 0..<3 { gate.signal() }
            try await group.waitForAll()
        }
        #expect(try await pool.run(weight: 5) { 7 } == 7)
    }
}
