// SPDX-License-Identifier: EUPL-1.2

import CSandbox
import Essentials
import Glibc

/// What a process gives up before it reads a picture that somebody sent: a hole in a decoder then reaches nothing.
enum Confinement {
    /// Bytes that decoding may take beyond what the program itself has: a progressive photo of 108 megapixels takes 330 MB.
    private static let memory = 512 << 20
    /// Seconds of the processor.
    private static let processor = 8
    /// Seconds by the clock: the city waits a little longer (`PictureReader.patience`), and then ends it itself.
    private static let patience: UInt32 = 15

    /// Gives everything up.
    ///
    /// - Returns: whether system calls are filtered too; a kernel without that is still bounded in memory, time and files.
    /// - Throws: ``PictureVerdict/unbounded`` where a bound cannot be set.
    static func enter() throws -> Bool {
        // Where memory runs out after all, this goes and the city stays.
        let score = open("/proc/self/oom_score_adj", O_WRONLY)
        if score >= 0 {
            _ = write(score, "1000", 4)
            close(score)
        }
        if geteuid() == 0 {
            guard setgroups(0, nil) == 0, setgid(65_534) == 0, setuid(65_534) == 0 else { throw PictureVerdict.unbounded }
        }
        guard sandbox_end_with_parent(SIGKILL) == 0 else { throw PictureVerdict.unbounded }
        // The thread that this one was forked from holds signals back, as those of a pool do; the alarm has to come. A fault ends the
        // process at once, without the report that the language's runtime would write.
        for fault in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] { signal(fault, SIG_DFL) }
        var none = sigset_t()
        sigemptyset(&none)
        guard sigprocmask(SIG_SETMASK, &none, nil) == 0 else { throw PictureVerdict.unbounded }
        alarm(patience)
        let program = try size()
        for (what, most) in [
            (RLIMIT_AS, program + memory), (RLIMIT_CPU, processor), (RLIMIT_NOFILE, 3), (RLIMIT_FSIZE, 0), (RLIMIT_CORE, 0),
        ] {
            var limit = rlimit(rlim_cur: rlim_t(most), rlim_max: rlim_t(most))
            guard setrlimit(__rlimit_resource_t(what.rawValue), &limit) == 0 else { throw PictureVerdict.unbounded }
        }
        return sandbox_close() == 0
    }

    /// Bytes of address space that the program has now.
    private static func size() throws -> Int {
        let file = open("/proc/self/statm", O_RDONLY)
        guard file >= 0 else { throw PictureVerdict.unbounded }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = read(file, &text, text.count)
        guard count > 0, let pages = Int(digits: text.prefix(count).prefix { $0 != 0x20 }), pages < 1 << 40 else {
            throw PictureVerdict.unbounded
        }
        return pages * Int(getpagesize())
    }
}
