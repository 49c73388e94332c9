// SPDX-License-Identifier: EUPL-1.2

// What Swift cannot say: prctl takes its arguments by "...", open files are handed over and a filter of system calls is written in
// macros, and fork is kept from Swift.
#pragma once
#include <linux/memfd.h>

// Of glibc, for programs that ask for GNU's own; Swift's module of it does not.
extern int memfd_create(const char *name, unsigned int flags);
extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addclosefrom_np(void *actions, int from);

/// Sends this process a signal when the one that started it ends. Zero when it is so.
int sandbox_end_with_parent(int signal);

/// Another process like this one. Zero in the new one, its number in this one, -1 where there is none.
int sandbox_fork(void);

/// Hands two open files to whoever holds the other end of a socket. Zero when it is done.
int sandbox_hand(int socket, const int files[2]);

/// Waits for two open files. Zero when they came; anything else where the other end is closed.
int sandbox_take(int socket, int files[2]);

/// From here on this process can compute, take memory, use threads of its own, and read and write what is open; every other
/// system call is refused: no file, no network, no other process. Zero when it is so.
int sandbox_close(void);
