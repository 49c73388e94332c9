// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Hummingbird
import NIOCore
import Synchronization
import Testing
import Web

/// How slowly a body may arrive.
@Suite struct PacedBodyTests {
    /// A body whose pieces come one after another, each some seconds after the one before.
    private func read(bytes: Int, pieces: Int, secondsApart: Int) async throws -> Int {
        let start = ContinuousClock.now
        let passed = Mutex(0)
        let base = AsyncStream<ByteBuffer>(unfolding: {
            let piece = passed.withLock { passed in
                passed += 1
                return passed
            }
            return piece <= pieces ? ByteBuffer(repeating: 65, count: bytes) : nil
        })
        var total = 0
        for try await buffer in PacedBody(base, now: { start + .seconds(passed.withLock { $0 } * secondsApart) }) {
            total += buffer.readableBytes
        }
        return total
    }

    @Test("A photo over a slow line arrives, however long it takes, as long as it goes on", arguments: [10, 29])
    func slow(secondsApart: Int) async throws {
        let bytes = secondsApart * 3000
        #expect(try await read(bytes: bytes, pieces: 60, secondsApart: secondsApart) == 60 * bytes)
    }

    @Test("Whoever trickles to hold the city is cut off with 408", arguments: [1, 9, 29, 31])
    func trickle(secondsApart: Int) async throws {
        let problem = await #expect(throws: Problem.self) {
            try await read(bytes: 1, pieces: 1000, secondsApart: secondsApart)
        }
        #expect(problem?.status == .timeout)
    }

    @Test("A line that keeps to the floor but would take for ever is cut off too")
    func forEver() async throws {
        await #expect(throws: Problem.self) { try await read(bytes: 12_000, pieces: 100_000, secondsApart: 10) }
    }
}
