// Eight doubles at a time: what the lane kernels share. Private to this target.
#ifndef PINFI_LANES_H
#define PINFI_LANES_H

#include "Clones.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef double Lanes __attribute__((vector_size(64)));
typedef int64_t Masks __attribute__((vector_size(64)));

// Vectors are passed by value between functions that are always inlined, so that no calling convention is asked for.
#pragma clang diagnostic ignored "-Wpsabi"

INLINE Lanes all(double x) { return (Lanes){x, x, x, x, x, x, x, x}; }

// chosen where the mask is set, else other.
INLINE Lanes choose(Masks mask, Lanes chosen, Lanes other) {
    return (Lanes)(((Masks)chosen & mask) | ((Masks)other & ~mask));
}

// The larger; the second where one is NaN.
INLINE Lanes larger(Lanes a, Lanes b) { return choose(a > b, a, b); }
INLINE Lanes smaller(Lanes a, Lanes b) { return choose(a < b, a, b); }
INLINE Lanes magnitude(Lanes a) { return (Lanes)((Masks)a & INT64_MAX); }

// One bit a lane.
INLINE unsigned bits(Masks mask) {
    unsigned result = 0;
    for (int lane = 0; lane < 8; lane++) result |= (unsigned)(mask[lane] & 1) << lane;
    return result;
}

// The pieces of e^x = 2^j(1 + r + r²φ₂(r)), |r| ≤ ½ ln 2. With them e^x costs 1.1 ulp, and e^x − 1 where j = 0 as well.
struct exponential {
    Lanes power;       // 2^j
    Lanes j;
    Lanes phi2;        // φ₂(r) = (e^r − 1 − r)/r²
    Lanes minus_one;   // e^r − 1
};

// For −708 ≤ x ≤ 709; beyond, the powers are wrong. NaN gives NaN. The constants come from scripts/fit-kernels.py.
INLINE struct exponential exponential(Lanes x) {
    const Lanes magic = all(0x1.8p52);
    const Lanes shifted = x * 1.44269504088896341 + magic;
    const Lanes j = shifted - magic;
    // The 33 low bits of the first part of ln 2 are zero, so that j times it is exact.
    const Lanes r = (x - j * 0x1.62e42feep-1) - j * 0x1.a39ef35793c76p-33;
    const Lanes r2 = r * r, r4 = r2 * r2;
    const Lanes p0 = (0.5 + r * 0.16666666666666671) + r2 * (0.0416666666666666698 + r * 0.00833333333332613513);
    const Lanes p1 = (0.00138888888888837483 + r * 0.000198412698748206253)
        + r2 * (0.0000248015873255477412 + r * 2.75572554002064244e-6);
    const Lanes p2 = (2.75572736431102953e-7 + r * 2.51052170047207452e-8) + r2 * 2.09146869680868772e-9;
    const Lanes phi2 = (p0 + r4 * p1) + (r4 * r4) * p2;
    // j stands in the low bits of the shifted number.
    const Lanes power = (Lanes)(((Masks)shifted << 52) + 0x3ff0000000000000);
    return (struct exponential){power, j, phi2, r + r2 * phi2};
}

// e^x of |x| ≤ 700, and e^±700 beyond, which no sum with 1 tells from 0 or from infinity.
INLINE Lanes clamped_exp(Lanes x) {
    x = choose(x > 700, all(700), x);
    x = choose(x < -700, all(-700), x);
    const struct exponential e = exponential(x);
    return e.power + e.power * e.minus_one;
}

#endif
