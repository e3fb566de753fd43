// e^x of eight numbers.

#include "CVectorKernels.h"
#include "Lanes.h"

#pragma STDC FP_CONTRACT ON

// Swift aligns its vectors to less than their length.
typedef double UnalignedLanes __attribute__((vector_size(64), aligned(8)));

PINFI_CLONES
void pinfi_exp_lanes(const double *x, double *result) {
    Lanes v = *(const UnalignedLanes *)x;
    // Near the ends of the range e^x = e^(x ∓ 64) e^(±64): the exponential itself ends before e^x does.
    v = choose(v > 772, all(772), v);
    v = choose(v < -772, all(-772), v);
    const Masks high = v > 690, low = v < -690;
    const Lanes inner = v + choose(high, all(-64), choose(low, all(64), all(0)));
    const struct exponential e = exponential(inner);
    const Lanes scale = choose(high, all(0x1.425982cf597cdp92), choose(low, all(0x1.969d47321e4ccp-93), all(1)));
    *(UnalignedLanes *)result = (e.power + e.power * e.minus_one) * scale;
}
