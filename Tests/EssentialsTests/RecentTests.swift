// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Synchronization
import Testing

/// A value that is worked out once for many.
@Suite struct RecentTests {
    private final class Work: Sendable {
        let times = Mutex(0)
        func run() async throws -> Int {
            let number = times.withLock { times in
                times += 1
                return times
            }
            try await Task.sleep(for: .milliseconds(50))
            if number == 1 { throw Problem.unavailable(cause: nil) }
            return number
        }
    }

    @Test("A crowd that comes first waits for one of them; a failure is told to each, and the next try holds for all")
    func crowd() async throws {
        let recent = Recent<Int>(seconds: 30)
        let work = Work()
        let now = Instant(milliseconds: 0)
        func ask(_ count: Int, at moment: Instant) async -> [Int?] {
            await withTaskGroup { group in
                for _ in 0..<count { group.addTask { try? await recent.value(now: moment) { try await work.run() } } }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        _ = await ask(20, at: now)
        #expect(work.times.withLock { $0 } <= 2)
        let second = await ask(20, at: now)
        #expect(Set(second) == [2] && work.times.withLock { $0 } == 2)
        let later = await ask(20, at: now.adding(seconds: 31))
        #expect(Set(later).isSubset(of: [2, 3]) && work.times.withLock { $0 } == 3, "one works, the others see the last")
    }
}
