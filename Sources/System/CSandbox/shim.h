// What Swift cannot say: prctl takes its arguments by "...", and a filter of system calls is written in macros.
#include <linux/audit.h>
#include <linux/errno.h>
#include <linux/filter.h>
#include <linux/memfd.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

// Of glibc, for programs that ask for GNU's own; Swift's module of it does not.
extern int memfd_create(const char *name, unsigned int flags);
extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addclosefrom_np(void *actions, int from);

#if defined(__x86_64__)
#define SANDBOX_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SANDBOX_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/// Sends this process a signal when the one that started it ends. Zero when it is so.
static inline int sandbox_end_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }

#define SANDBOX_ALLOW(name) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/// From here on this process can compute, take memory, use threads of its own, and read and write what is open; every other
/// system call is refused: no file, no network, no other process. Zero when it is so.
static inline int sandbox_close(void) {
#ifdef SANDBOX_ARCHITECTURE
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SANDBOX_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        SANDBOX_ALLOW(read),
        SANDBOX_ALLOW(write),
        SANDBOX_ALLOW(mmap),
        SANDBOX_ALLOW(munmap),
        SANDBOX_ALLOW(mremap),
        SANDBOX_ALLOW(mprotect),
        SANDBOX_ALLOW(madvise),
        SANDBOX_ALLOW(brk),
        SANDBOX_ALLOW(futex),
        SANDBOX_ALLOW(set_robust_list),
        SANDBOX_ALLOW(rseq),
        SANDBOX_ALLOW(rt_sigprocmask),
        SANDBOX_ALLOW(rt_sigreturn),
        SANDBOX_ALLOW(sched_yield),
        SANDBOX_ALLOW(sched_getaffinity),
        SANDBOX_ALLOW(clock_gettime),
        SANDBOX_ALLOW(clock_nanosleep),
        SANDBOX_ALLOW(getrandom),
        SANDBOX_ALLOW(exit),
        SANDBOX_ALLOW(exit_group),
        // A library that asks for the newer call is told that there is none, since its flags lie where no filter can look.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone3, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        // Threads of this process, never another process.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    struct sock_fprog program = { sizeof(rules) / sizeof(rules[0]), rules };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
#else
    return -1;
#endif
}
