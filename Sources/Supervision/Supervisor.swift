// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// The parent of a city: a loop that starts the program again when it ends by a fault. It opens nothing and reads nothing from
/// outside, so that no request can reach it.
public struct Supervisor {
    /// Runs that end before they opened their door, after which it gives up.
    public static let attempts = 3
    /// The same after a run that had opened it: the database or the disk may take a moment to come back.
    public static let attemptsAgain = 60
    /// The exit code when it gives up (EX_SOFTWARE).
    public static let gaveUp: Int32 = 70

    private let program: String
    private let arguments: [String]
    private let say: (String) -> Void

    /// Whether this process is one that a supervisor watches.
    public static var isWatched: Bool { getenv(Watch.mark) != nil }

    /// A supervisor of this very program, run with the same arguments.
    public init() {
        let path = realpath("/proc/self/exe", nil)
        defer { Foundation.free(path) }
        self.init(program: path.map { String(cString: $0) } ?? "/proc/self/exe", arguments: CommandLine.arguments) { line in
            FileHandle.standardError.write(Data("balai: \(line)\n".utf8))
        }
    }

    /// A supervisor of a program.
    ///
    /// - Parameters:
    ///   - arguments: its arguments, its own name first.
    ///   - say: takes a line for the log.
    public init(program: String, arguments: [String], say: @escaping (String) -> Void) {
        self.program = program
        self.arguments = arguments
        self.say = say
    }

    /// Runs the program until it ends as it should; SIGTERM and SIGINT are handed on to it.
    ///
    /// - Returns: the exit code: the program's own, or 128 and the signal that ended it, or 70 where it cannot start.
    public func run() -> Int32 {
        guard let table = FlightTable() else {
            say("no memory to share with the city: \(String(cString: strerror(errno)))")
            return Self.gaveUp
        }
        var history = History()
        var failures = 0
        var hasOpened = false
        Child.handOnSignals()
        while true {
            table.clear()
            guard let status = Child.run(program, arguments, environment(table, history)) else {
                say("\(program) cannot be started: \(String(cString: strerror(errno)))")
                return Self.gaveUp
            }
            let signal = status & 0x7F
            let code = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
            if Child.isStopping || code == 0 { return code }
            // What ends by itself before it ever opened has said why; later, what the run before held may not be free yet.
            if signal == 0, !table.isListening, !hasOpened { return code }
            hasOpened = hasOpened || table.isListening
            let how = signal == 0 ? "with code \(code)" : "by signal \(signal) (\(String(cString: strsignal(signal))))"
            let underWay = table.underWay
            let found = history.note(culprit: table.request(table.culprit), underWay: underWay, now: Date().timeIntervalSince1970)
            let cause =
                found.map { "\($0.method) \($0.route), which is refused for a minute" }
                ?? (underWay.isEmpty
                    ? "no request"
                    : "one of \(Set(underWay.map { "\($0.method) \($0.route)" }).sorted().prefix(20).joined(separator: ", "))")
            failures = table.isListening ? 0 : failures + 1
            guard failures < (hasOpened ? Self.attemptsAgain : Self.attempts) else {
                say("the city ended \(how) before it opened, \(failures) times in a row. It cannot start; the lines above say why.")
                return Self.gaveUp
            }
            say("the city ended \(how) during \(cause). It is started again.")
            usleep(failures == 0 ? 100_000 : 900_000)
            if Child.isStopping { return code }
        }
    }

    private func environment(_ table: FlightTable, _ history: History) -> [String] {
        var environment = ProcessInfo.processInfo.environment
        environment[Watch.mark] = "\(table.descriptor):\(getpid())"
        environment[Watch.historyMark] = (try? JSONEncoder().encode(history)).map { String(decoding: $0, as: UTF8.self) }
        // The runtime's own report of a fault takes many seconds in which nobody is served, and shows words of the city's memory.
        environment["SWIFT_BACKTRACE"] = environment["SWIFT_BACKTRACE"] ?? "enable=no"
        return environment.map { "\($0.key)=\($0.value)" }
    }
}

/// The one child.
private enum Child {
    // Read and written by a signal handler, which may take no lock; plain words of the machine, and one process has one child.
    nonisolated(unsafe) private static var process: pid_t = 0
    nonisolated(unsafe) private(set) static var isStopping = false

    static func handOnSignals() {
        isStopping = false
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in
                Child.isStopping = true
                if Child.process > 0 { kill(Child.process, SIGTERM) }
            }
        }
    }

    /// Runs a program to its end.
    ///
    /// - Returns: its status as `wait` tells it; nil where it could not be started.
    static func run(_ program: String, _ arguments: [String], _ environment: [String]) -> Int32? {
        var none = sigset_t()
        var held = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        sigemptyset(&held)
        sigaddset(&held, SIGTERM)
        sigaddset(&held, SIGINT)
        // A signal that comes between the start and the line that notes it would reach nobody.
        pthread_sigmask(SIG_BLOCK, &held, &before)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &held)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer {
            for word in words + settings { free(word) }
            posix_spawnattr_destroy(&attributes)
        }
        var found: pid_t = 0
        let failure = posix_spawn(&found, program, nil, &attributes, &words, &settings)
        process = failure == 0 ? found : 0
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard failure == 0 else {
            errno = failure
            return nil
        }
        var status: Int32 = 0
        while waitpid(found, &status, 0) < 0 { guard errno == EINTR else { return nil } }
        process = 0
        return status
    }
}
