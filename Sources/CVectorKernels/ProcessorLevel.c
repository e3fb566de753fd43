// Which version of a kernel this processor takes.

#include "CVectorKernels.h"

int pinfi_processor_level(void) {
#if defined(__x86_64__) && defined(__linux__)
    __builtin_cpu_init();
#if !defined(PINFI_WITHOUT_AVX512)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return 4;
#endif
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 3 : 1;
#else
    return 0;
#endif
}
