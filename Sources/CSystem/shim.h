// What Swift's own module of the C library leaves out. No logic and no stable API.
#ifndef PINFI_CSYSTEM_SHIM_H
#define PINFI_CSYSTEM_SHIM_H
#include <sys/syscall.h>
#include <unistd.h>

// The next entries of a directory, as the kernel writes them; 0 at its end. Allocates nothing, so a signal handler may call it.
static inline long pinfi_next_entries(int directory, void *buffer, unsigned long size) {
    return syscall(SYS_getdents64, directory, buffer, size);
}
#endif
