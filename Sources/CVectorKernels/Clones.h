// Versions of a kernel for newer processors, of which the loader takes one. Private to this target.
#ifndef PINFI_CLONES_H
#define PINFI_CLONES_H

// With PINFI_WITHOUT_AVX512 processors that have it take the version of those that have AVX2 alone, to measure that.
#if defined(__x86_64__) && defined(__linux__) && defined(PINFI_WITHOUT_AVX512)
#define PINFI_CLONES __attribute__((target_clones("default", "arch=x86-64-v3")))
#elif defined(__x86_64__) && defined(__linux__)
#define PINFI_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define PINFI_CLONES
#endif

#define INLINE static inline __attribute__((always_inline))

#endif
