// SPDX-License-Identifier: EUPL-1.2

import CProcess
import Foundation
import Glibc

/// The child's side: it says what it is doing, and knows what ended the runs before it.
public final class Watch: Sendable {
    /// Where requests are noted.
    public let table: FlightTable
    /// What ended earlier runs.
    public let history: History

    /// The name under which a parent tells its child where its memory is, and who it is.
    static let mark = "BALAI_SUPERVISED"
    static let historyMark = "BALAI_RUNS"

    /// The watch that a parent keeps over this process; nil where it has none. Called once, before anything else is done.
    ///
    /// From here on this process ends as soon as its parent has gone, whatever it was doing: a city that nobody could stop or
    /// start again would keep the address and the data folder.
    public static func begin() -> Watch? {
        let environment = ProcessInfo.processInfo.environment
        guard let parts = environment[mark]?.split(separator: ":"), parts.count == 2, let descriptor = Int32(parts[0]),
            let parent = Int32(parts[1]), die_with_parent() == 0
        else { return nil }
        // The parent may have gone before the line above.
        guard getppid() == parent else { exit(1) }
        guard let table = FlightTable(descriptor: descriptor) else { return nil }
        // What we start ourselves must not inherit it.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unsetenv(mark)
        let history = environment[historyMark].flatMap { try? JSONDecoder().decode(History.self, from: Data($0.utf8)) } ?? History()
        unsetenv(historyMark)
        let watch = Watch(table: table, history: history)
        FaultHandler.install(table)
        return watch
    }

    private init(table: FlightTable, history: History) {
        self.table = table
        self.history = history
    }

    /// Says that the door is open: from now on whatever ends this process is a reason to start it again.
    public func listens() { table.isListening = true }

    /// Whether a request ended a run less than a minute ago.
    public func refuses(_ digest: UInt64) -> Bool {
        guard let refusal = history.refused.first(where: { $0.digest == digest }) else { return false }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) < refusal.until
    }
}

/// Notes in whose task a fault happened, and lets it take its course.
private enum FaultHandler {
    private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]
    // Written once, before any handler can run, and only read afterwards: a signal handler may take no lock.
    nonisolated(unsafe) private static var table: Unmanaged<FlightTable>?
    nonisolated(unsafe) private static var former = Array(repeating: Glibc.sigaction(), count: 32)

    static func install(_ shared: FlightTable) {
        table = Unmanaged.passRetained(shared)
        for signal in signals {
            var action = Glibc.sigaction()
            action.__sigaction_handler.sa_handler = handle
            action.sa_flags = SA_ONSTACK
            sigaction(signal, &action, &former[Int(signal)])
        }
    }

    private static let handle: @convention(c) (Int32) -> Void = { signal in
        FaultHandler.table?._withUnsafeGuaranteedRef { $0.culprit = FlightTable.current }
        // As if we had not been there: the runtime's own report, then the end.
        sigaction(signal, &FaultHandler.former[Int(signal)], nil)
        raise(signal)
    }
}
