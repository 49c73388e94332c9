// SPDX-License-Identifier: EUPL-1.2

import CSandbox
import Glibc

/// A process that waits for pictures, one after the other, at the other end of a socket.
struct PictureDesk: Sendable {
    /// The process, which leads a group of its own: what it starts ends with it.
    let process: pid_t
    private let socket: Int32

    /// Starts one, with nothing open but its socket, no signal held back, and no environment but where libraries lie.
    init(program: String, arguments: [String]) throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw PictureDesks.unavailable(errno) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
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
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        let environment = getenv("LD_LIBRARY_PATH").map { ["LD_LIBRARY_PATH=" + String(cString: $0)] } ?? []
        var started: pid_t = 0
        let code = Self.withStrings(arguments) { arguments in
            Self.withStrings(environment) { posix_spawn(&started, program, &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else {
            close(ends[0])
            throw PictureDesks.unavailable(code)
        }
        process = started
        socket = ends[0]
    }

    /// Hands it a picture, and where the photo goes.
    ///
    /// - Returns: false where it is no longer there.
    func take(_ files: [Int32]) -> Bool { sandbox_hand(socket, files) == 0 }

    /// How the process that read the picture ended, as `waitpid` gives it; nil where that is not said in time.
    ///
    /// - Throws: ``Problem`` where the one that waited fell itself, and with it the picture.
    func status(within seconds: Double) throws -> Int32? {
        guard PictureDesks.waited(for: socket, seconds: seconds) else { return nil }
        var status: Int32 = 0
        let size = MemoryLayout.size(ofValue: status)
        guard recv(socket, &status, size, 0) == size else { throw PictureDesks.unavailable(ECONNRESET) }
        return status
    }

    /// Ends it, with whatever it started. It is of no use afterwards.
    func end() {
        close(socket)
        kill(-process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    private static func withStrings<T>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
