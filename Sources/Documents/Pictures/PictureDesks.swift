// SPDX-License-Identifier: EUPL-1.2

import CSandbox
import Essentials
import Glibc
import Synchronization

/// The processes that wait for pictures (``PictureProcess/wait()``), as many as are read at once. One that has read a picture waits
/// for the next, since starting the program costs more than most pictures do; one that fell, or took too long, is replaced.
final class PictureDesks: Sendable {
    /// Bytes that may come back.
    private static let answerLimit = 8 << 20

    private let program: String
    private let arguments: [String]
    private let patience: Double
    private let idle = Mutex<[PictureDesk]>([])

    /// - Parameters:
    ///   - program: the file of the program to run.
    ///   - arguments: what it is told, its name first.
    ///   - patience: seconds that a picture is given.
    init(program: String, arguments: [String], patience: Double) {
        self.program = program
        self.arguments = arguments
        self.patience = patience
    }

    /// Those that wait now.
    var waiting: [pid_t] { idle.withLock { $0.map(\.process) } }

    deinit { idle.withLock { for desk in $0 { desk.end() } } }

    /// How the process that read a picture ended, and what it sent.
    struct Reading {
        let ending: Ending
        let answer: [UInt8]
    }

    /// How a process ended.
    enum Ending: Error, Equatable {
        case exit(Int32)
        case signal(Int32)

        /// - Parameter status: as `waitpid` gives it.
        init(status: Int32) {
            let signal = status & 0x7F
            self = signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
        }
    }

    /// Gives a picture to a process, and takes what it answers until it ends or its time is up. Blocks.
    ///
    /// - Throws: ``Problem`` where no process could be started, or the one that waited fell with its picture.
    func read(_ upload: [UInt8]) throws -> Reading {
        let input = try Self.file(of: upload)
        defer { close(input) }
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Self.unavailable(errno) }
        defer { close(ends[0]) }
        let desk: PictureDesk
        do {
            defer { close(ends[1]) }
            desk = try give([input, ends[1]])
        }
        let deadline = Self.seconds() + patience
        do {
            if let answer = Self.answer(of: ends[0], until: deadline), let status = try desk.status(within: deadline - Self.seconds()) {
                idle.withLock { $0.append(desk) }
                return Reading(ending: Ending(status: status), answer: answer)
            }
        } catch {
            desk.end()
            throw error
        }
        // It says too much, or takes too long, and is ended with whatever it started.
        desk.end()
        return Reading(ending: .signal(SIGKILL), answer: [])
    }

    /// Hands two files to a process that waits, or to a new one where none does any more.
    private func give(_ files: [Int32]) throws -> PictureDesk {
        while let desk = idle.withLock({ $0.popLast() }) {
            if desk.take(files) { return desk }
            desk.end()
        }
        let desk = try PictureDesk(program: program, arguments: arguments)
        if desk.take(files) { return desk }
        desk.end()
        throw Self.unavailable(EPIPE)
    }

    /// The upload as a file that lies in memory only, and from which the process reads as it likes.
    private static func file(of bytes: [UInt8]) throws -> Int32 {
        let file = memfd_create("picture", MFD_CLOEXEC)
        guard file >= 0 else { throw unavailable(errno) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let code = errno
                close(file)
                throw unavailable(code)
            }
            sent += count
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    /// What it says until it closes its end; nil where it says too much, or nothing more in time.
    private static func answer(of output: Int32, until deadline: Double) -> [UInt8]? {
        var answer: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while answer.count <= answerLimit {
            guard waited(for: output, seconds: deadline - seconds()) else { break }
            let count = Glibc.read(output, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return answer }
            answer += part[..<count]
        }
        return nil
    }

    /// Whether something can be read, or will never come, within some seconds.
    static func waited(for file: Int32, seconds span: Double) -> Bool {
        let deadline = seconds() + span
        var waited = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        while true {
            let ready = poll(&waited, 1, Int32(max(0, (deadline - seconds()) * 1000)))
            if ready >= 0 || errno != EINTR { return ready > 0 }
        }
    }

    /// The error where no picture can be read, with the code of the system's.
    static func unavailable(_ code: Int32) -> Problem {
        Problem(
            "photo.reader",
            .unavailable,
            Text(id: "Foto belum bisa dibaca", en: "Photos cannot be read at the moment"),
            retryAfter: 5,
            cause: NotStarted(code: code)
        )
    }

    private struct NotStarted: Error {
        let code: Int32
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }
}
