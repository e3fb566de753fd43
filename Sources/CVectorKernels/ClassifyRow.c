// A row of the sharp phase diagram: comparisons and selects only, bound by the memory that it fills.

#include "CVectorKernels.h"
#include "Clones.h"

PINFI_CLONES
void pinfi_classify_row(
    const double *restrict seller, const uint8_t *restrict sells, const uint8_t *restrict stays, double gamma,
    double floor, uint8_t *restrict code, double *restrict best, size_t count) {
    for (size_t i = 0; i < count; i++) {
        code[i] = seller[i] > gamma ? sells[i] : stays[i];
        best[i] = seller[i] > floor ? seller[i] : floor;
    }
}
