// What Linux offers to processes and Swift cannot call, because C takes any number of arguments there.
#ifndef BALAI_CPROCESS_H
#define BALAI_CPROCESS_H
#include <signal.h>
#include <sys/prctl.h>

/// Lets the system kill this process as soon as the one that started it is gone; 0 where it will.
static inline int die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

/// Memory without a name that a child inherits by its descriptor; -1 where the system gives none. Declared here because the
/// system's header shows it only to programs that ask for everything of GNU's.
extern int memfd_create(const char *name, unsigned int flags);
static inline int shared_memory(void) { return memfd_create("balai-requests", 0); }
#endif
