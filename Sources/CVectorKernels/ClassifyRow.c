// A row of the sharp phase diagram: comparisons and selects only, bound by the memory that it fills.

#include "CVectorKernels.h"

#if defined(__x86_64__) && defined(__linux__)
#define PINFI_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define PINFI_CLONES
#endif

PINFI_CLONES
void pinfi_classify_row(
    const double *restrict seller, const uint8_t *restrict sells, const uint8_t *restrict stays, double gamma,
    double floor, uint8_t *restrict code, double *restrict best, size_t count) {
    for (size_t i = 0; i < count; i++) {
        code[i] = seller[i] > gamma ? sells[i] : stays[i];
        best[i] = seller[i] > floor ? seller[i] : floor;
    }
}
