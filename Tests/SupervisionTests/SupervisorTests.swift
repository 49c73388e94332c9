// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Synchronization
import Testing

@testable import Supervision

/// The parent of a city, over small programs in its place.
@Suite(.serialized) struct SupervisorTests {
    private func run(_ script: String) -> (code: Int32, lines: [String]) {
        let lines = Mutex<[String]>([])
        let supervisor = Supervisor(program: "/bin/sh", arguments: ["sh", "-c", script]) { line in lines.withLock { $0.append(line) } }
        return (supervisor.run(), lines.withLock { $0 })
    }

    @Test("A program that ends by itself ends the parent with the same code, without a word", arguments: [0, 1, 3])
    func exitCodes(code: Int32) {
        let result = run("exit \(code)")
        #expect(result.code == code && result.lines.isEmpty)
    }

    @Test("A program that is ended by a signal before it opened is tried three times, and then given up in words")
    func givesUp() throws {
        let counter = FileManager.default.temporaryDirectory.appendingPathComponent("balai-runs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: counter) }
        let result = run("echo run >> '\(counter.path)'; kill -SEGV $$")
        #expect(result.code == Supervisor.gaveUp)
        #expect(try String(contentsOf: counter, encoding: .utf8).split(separator: "\n").count == Supervisor.attempts)
        #expect(result.lines.last?.contains("cannot start") == true)
    }

    @Test("A program that is not there is said so")
    func missing() {
        let lines = Mutex<[String]>([])
        let supervisor = Supervisor(program: "/nowhere/balai", arguments: ["balai"]) { line in lines.withLock { $0.append(line) } }
        #expect(supervisor.run() == Supervisor.gaveUp)
        #expect(lines.withLock { $0 }.last?.contains("/nowhere/balai") == true)
    }

    @Test("The request in whose task it happened is the cause; else the only one; else one that was there twice")
    func causes() {
        func request(_ digest: UInt64) -> FlightTable.Request { .init(method: "GET", route: "/\(digest)", digest: digest, length: 0) }
        var history = History()
        #expect(history.note(culprit: request(1), underWay: [request(1), request(2)], now: 0)?.digest == 1)
        #expect(history.note(culprit: nil, underWay: [request(3)], now: 1)?.digest == 3)
        #expect(history.note(culprit: nil, underWay: [request(4), request(5)], now: 2) == nil)
        #expect(history.note(culprit: nil, underWay: [request(5), request(6)], now: 3)?.digest == 5)
        #expect(Set(history.refused.map(\.digest)) == [1, 3, 5])
        _ = history.note(culprit: nil, underWay: [], now: 61)
        #expect(Set(history.refused.map(\.digest)) == [5], "a minute later")
        #expect(history.restarts.map(\.count).reduce(0, +) == 5)
    }
}
