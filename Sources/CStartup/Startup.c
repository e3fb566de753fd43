// OpenBLAS starts its threads in its constructor, before main. Where none can be had (ulimit -u) it raises SIGINT there,
// and where address space is short (ulimit -v) the threads spin for ever; pinfi uses one thread of it anyway.
// OPENBLAS_NUM_THREADS is read once, then. A function of .preinit_array runs before all constructors, but setenv there is
// undone by libc's own; an entry of envp that is replaced in place stands. So one entry is lent to the variable until the
// executable's constructors run, which is after those of the libraries.
#include <stddef.h>
#include <unistd.h>

static char one_thread[] = "OPENBLAS_NUM_THREADS=1";
static char **lent = NULL;
static char *owner = NULL;

static int names_threads(const char *entry) {
    const char *name = one_thread;
    while (*name && *name == *entry && *name != '=') name++, entry++;
    return *name == '=' && *entry == '=';
}

static void lend(int count, char **arguments, char **environment) {
    (void)count;
    for (char **entry = environment; *entry; entry++) {
        lent = entry;
        if (names_threads(*entry)) break;
    }
    if (!lent) {
        // An empty environment has no entry to lend: the program starts once more, with one.
        char *one[] = {one_thread, NULL};
        execve("/proc/self/exe", arguments, one);
        return;
    }
    owner = *lent;
    *lent = one_thread;
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) = lend;

__attribute__((constructor(101))) static void give_back(void) {
    if (lent && owner) *lent = owner;
}
