// SPDX-License-Identifier: EUPL-1.2

#include "CSandbox.h"
#include <linux/audit.h>
#include <linux/errno.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define SANDBOX_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SANDBOX_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

int sandbox_end_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }

int sandbox_fork(void) { return fork(); }

/// A message that hands over two open files.
struct sandbox_message {
    struct msghdr head;
    struct iovec part;
    char byte;
    _Alignas(struct cmsghdr) char files[CMSG_SPACE(2 * sizeof(int))];
};

static inline void sandbox_prepare(struct sandbox_message *message) {
    memset(message, 0, sizeof *message);
    message->part = (struct iovec){ &message->byte, 1 };
    message->head.msg_iov = &message->part;
    message->head.msg_iovlen = 1;
    message->head.msg_control = message->files;
    message->head.msg_controllen = sizeof message->files;
}

int sandbox_hand(int socket, const int files[2]) {
    struct sandbox_message message;
    sandbox_prepare(&message);
    struct cmsghdr *control = CMSG_FIRSTHDR(&message.head);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(control), files, 2 * sizeof(int));
    return sendmsg(socket, &message.head, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

int sandbox_take(int socket, int files[2]) {
    struct sandbox_message message;
    sandbox_prepare(&message);
    if (recvmsg(socket, &message.head, 0) != 1) return -1;
    struct cmsghdr *control = CMSG_FIRSTHDR(&message.head);
    if (control == NULL || control->cmsg_type != SCM_RIGHTS || control->cmsg_len != CMSG_LEN(2 * sizeof(int))) return -1;
    memcpy(files, CMSG_DATA(control), 2 * sizeof(int));
    return 0;
}

#define SANDBOX_ALLOW(name) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

int sandbox_close(void) {
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
