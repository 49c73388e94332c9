// SPDX-License-Identifier: EUPL-1.2

import CSandbox
import Essentials
import Glibc

/// Has pictures that somebody sent read by a process of their own (``PictureProcess``), bounded in memory, time and files: a
/// bomb, or a hole in a decoder, ends that process and reaches nothing.
public struct PictureReader: Sendable {
    /// The most that a picture may say it holds; telephones take up to 200.
    static let megapixels = 200
    /// Bytes that may come back.
    private static let answerLimit = 8 << 20
    /// Seconds that a process is given before it is ended.
    private let patience: Int

    private let program: String
    private let arguments: [String]
    private let pool: WorkerPool

    /// A reader.
    ///
    /// - Parameters:
    ///   - program: the file of the program to run; the one that runs unless another is given.
    ///   - arguments: what it is told, its name first.
    ///   - width: how many are read at once; each may take half a gigabyte.
    ///   - backlog: how many may wait.
    ///   - patience: seconds that a process is given.
    public init(
        program: String = "/proc/self/exe",
        arguments: [String] = ["balai", "picture"],
        width: Int = 2,
        backlog: Int = 32,
        patience: Int = 20
    ) {
        self.program = program
        self.arguments = arguments
        self.patience = patience
        pool = WorkerPool(name: "balai.pictures", width: width, backlog: backlog)
    }

    /// Reads a picture: JPEG, PNG, WebP or HEIC, known by its content and not its name.
    ///
    /// - Parameter field: the field that a refusal names.
    /// - Throws: ``Problem`` for anything else, for one too large, for one that cannot be read, and where too many wait.
    public func photo(_ upload: [UInt8], field: String) async throws -> Photo { try await read(upload, field: field).photo }

    /// Reads a picture of our own, so that a machine on which nobody's could be read is known when the city opens.
    ///
    /// - Returns: whether the kernel filters what such a process may ask of it; its bounds hold in either case.
    /// - Throws: ``Problem`` that says what is missing.
    public func check() async throws -> Bool {
        do {
            return try await read(Self.sample, field: "photo").isFiltered
        } catch let problem as Problem {
            throw Problem(
                "photo.reader",
                .fault,
                Text(id: "Foto tidak bisa dibaca dengan aman di mesin ini", en: "Pictures cannot be read safely on this machine"),
                remedy: Text(
                    id: "Proses pembaca foto (`balai picture`) harus bisa dijalankan dan dibatasi: /proc, setrlimit, dan pustaka gambar.",
                    en:
                        "The process that reads them (`balai picture`) has to start and be bounded: /proc, setrlimit and the picture libraries (\(problem.code))."
                ),
                cause: problem.cause
            )
        }
    }

    /// Two by two pixels, grey (PNG).
    private static let sample: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0,
        0x57, 0xDD, 0x52, 0xF8, 0x00, 0x00, 0x00, 0x0E, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x68, 0x68, 0x60, 0x68, 0x68,
        0x00, 0x00, 0x06, 0x06, 0x02, 0x01, 0x2C, 0xC1, 0x50, 0xD7, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42,
        0x60, 0x82,
    ]

    private func read(_ upload: [UInt8], field: String) async throws -> (photo: Photo, isFiltered: Bool) {
        let ended: (ending: Ending, answer: [UInt8])
        do {
            ended = try await pool.run { try run(upload) }
        } catch let problem as Problem {
            throw Self.later(problem.code, problem.title, field: field, cause: problem.cause)
        }
        switch ended.ending {
        case .exit(0):
            guard let flag = ended.answer.first, let photo = Photo(sent: ended.answer.dropFirst()) else {
                throw PictureVerdict.damaged.problem(field: field, cause: ended.ending)
            }
            return (photo, flag == 1)
        case .exit(let status):
            throw (PictureVerdict(rawValue: status) ?? .unbounded).problem(field: field, cause: ended.ending)
        case .signal(SIGALRM):
            // Its time by the clock was over before its time on the processor: the machine is busy, the photo may be a good one.
            let title = Text(id: "Terlalu banyak foto sedang dibaca", en: "Too many photos are being read")
            throw Self.later("photo.busy", title, field: field, cause: ended.ending)
        case .signal(SIGSEGV), .signal(SIGBUS): throw PictureVerdict.damaged.problem(field: field, cause: ended.ending)
        case .signal: throw PictureVerdict.tooCostly.problem(field: field, cause: ended.ending)
        }
    }

    private static func later(_ code: String, _ title: Text, field: String, cause: (any Error)?) -> Problem {
        let later = Text(
            id: "Foto ini belum disimpan; kirim lagi sebentar lagi",
            en: "This photo was not kept yet; send it again shortly"
        )
        return Problem(code, .unavailable, title, fields: [Problem.Field(field, later)], retryAfter: 5, cause: cause)
    }

    // MARK: The process

    /// How a process ended.
    private enum Ending: Error {
        case exit(Int32)
        case signal(Int32)
    }

    private struct NotStarted: Error {
        let code: Int32
    }

    private static func unavailable(_ code: Int32) -> Problem {
        Problem(
            "photo.reader",
            .unavailable,
            Text(id: "Foto belum bisa dibaca", en: "Photos cannot be read at the moment"),
            retryAfter: 5,
            cause: NotStarted(code: code)
        )
    }

    /// Starts a process, gives it the picture, and takes what it answers until it ends or its time is up. Blocks.
    private func run(_ upload: [UInt8]) throws -> (ending: Ending, answer: [UInt8]) {
        let input = try Self.file(of: upload)
        defer { close(input) }
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Self.unavailable(errno) }
        defer { close(ends[0]) }
        let process: pid_t
        do {
            defer { close(ends[1]) }
            process = try start(input: input, output: ends[1])
        }
        let deadline = Self.seconds() + Double(patience)
        let answer = Self.answer(of: ends[0], until: deadline)
        return (try Self.end(of: process, until: answer == nil ? 0 : deadline), answer ?? [])
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

    /// A process with nothing open but its two ends, no signal held back, and no environment but where libraries lie.
    private func start(input: Int32, output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let environment = getenv("LD_LIBRARY_PATH").map { ["LD_LIBRARY_PATH=" + String(cString: $0)] } ?? []
        var process: pid_t = 0
        let code = Self.withStrings(arguments) { arguments in
            Self.withStrings(environment) { posix_spawn(&process, program, &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else { throw Self.unavailable(code) }
        return process
    }

    private static func withStrings<T>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }

    /// What it says until it closes its end; nil where it says too much, or nothing more in time.
    private static func answer(of output: Int32, until deadline: Double) -> [UInt8]? {
        var answer: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while answer.count <= answerLimit {
            var waited = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let rest = Int32(max(0, (deadline - seconds()) * 1000))
            let ready = poll(&waited, 1, rest)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { break }
            let count = Glibc.read(output, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return answer }
            answer += part[..<count]
        }
        return nil
    }

    /// Waits for its end, and brings it about when the time is up.
    private static func end(of process: pid_t, until deadline: Double) throws -> Ending {
        var status: Int32 = 0
        while true {
            let isLate = seconds() >= deadline
            if isLate { kill(process, SIGKILL) }
            let found = waitpid(process, &status, isLate ? 0 : WNOHANG)
            if found == process { break }
            if found < 0, errno != EINTR { throw unavailable(errno) }
            // It has said all it will say, and is ending: a moment more.
            if found == 0 { usleep(500) }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }
}
