// The inverse of the logarithmic mean's ratio form, over arrays.
//
// Given ε = m − 1 > 0, find x > 1 with (x − 1)/ln x = m. In ℓ = ln x the equation is
//
//     (e^ℓ − 1)/ℓ = 1 + ε      ⟺      ℓ φ₂(ℓ) = ε,      φ₂(ℓ) = (e^ℓ − 1 − ℓ)/ℓ² = ½ + ℓ/6 + ℓ²/24 + …
//
// and x − 1 = mℓ = ℓ + εℓ. That last step is why ℓ is the unknown and x is not formed as e^ℓ: a relative error of ℓ
// enters x − 1 once, whereas e^ℓ would multiply it by ℓ (500 ulp at m = 1e300).
//
//  * ℓ ≤ 2 (ε ≤ (e² − 3)/2): a rational guess of relative error 2e−10, then one Newton step on ℓ φ₂(ℓ) − ε with φ₂ a
//    polynomial of positive coefficients (relative error 1e−18), so nothing cancels as ε → 0.
//  * ℓ > 2: a guess of relative error 1e−7 from ln m, then one Halley step on e^ℓ − 1 − mℓ. Used below ℓ = 2 this
//    residual would lose accuracy: an error of 1 ulp in e^ℓ is 1.7 ulp in x at ℓ = 1 and grows without bound as ℓ → 0.
//
// Rejected: −m·W₋₁(−e^{−1/m}/m) as it stands, whose argument loses half the digits near the branch point −1/e (relative
// error 2e−8 with Boost and GSL, NaN with some), and Newton's method in x, which needs two logarithms and an accurate
// ln(1 + t) − t. The constants come from scripts/fit-kernels.py.

#include "CVectorKernels.h"
#include "Clones.h"
#include <string.h>

#pragma STDC FP_CONTRACT ON

INLINE double from_bits(uint64_t bits) { double value; memcpy(&value, &bits, sizeof value); return value; }
INLINE uint64_t to_bits(double value) { uint64_t bits; memcpy(&bits, &value, sizeof bits); return bits; }

// (e² − 3)/2, where ℓ = 2.
#define SMALL_LIMIT 2.1945280494653252

// ℓ(ε) on 0 < ε ≤ SMALL_LIMIT, to about 2 ulp.
INLINE double small_logarithm(double e) {
    double top = 1.99999999965513671 + e * (2.81201225678370335 + e * (1.0835175933884125
        + e * (0.105329938522078959 + e * 0.000532136037823654458)));
    double bottom = 1.0 + e * (2.07267277169460165 + e * (1.36798559844974826
        + e * (0.316869847461509859 + e * 0.0190101890769049573)));
    double l = e * top / bottom;
    double phi2 = 0.5 + l * (0.16666666666666657 + l * (0.0416666666666702683 + l * (0.00833333333328064834
        + l * (0.00138888888929196325 + l * (0.000198412696558439898 + l * (0.0000248015928586202472
        + l * (2.75572053007694088e-6 + l * (2.75589643068500199e-7 + l * (2.50351245233455262e-8
        + l * (2.10023938585785652e-9 + l * (1.54008431253491034e-10 + l * (1.38383700724401645e-11
        + l * (2.17063123774413215e-13 + l * 1.17806114686561851e-13)))))))))))));
    double product = l * phi2;
    return l - (product - e) / (1.0 + product - phi2); // φ₁' = φ₁ − φ₂ = 1 + ℓφ₂ − φ₂
}

// ℓ(m) on SMALL_LIMIT < m − 1 < 2²⁹, to about 1 ulp.
INLINE double large_logarithm(double m) {
    // ln m to 1e-10, enough for a guess: m = 2^k f, f in √½ … √2, ln f = 2 atanh((f − 1)/(f + 1)).
    const uint64_t root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
    uint64_t shifted = to_bits(m) + (one - root_half);
    // An exponent is small and positive: as the low bits of a double near 2⁵² it becomes one without a conversion.
    double k = from_bits((shifted >> 52) | 0x4330000000000000) - (0x1p52 + 1023.0);
    double f = from_bits((shifted & 0x000fffffffffffff) + root_half);
    double s = (f - 1.0) / (f + 1.0), z = s * s;
    double ln = k * 0.693147180559945309 + s * (2.00000000000836799 + z * (0.666666652463338602
        + z * (0.400003849078906645 + z * (0.285350360868921951 + z * 0.236166495560162092))));
    double top = 0.0000432454377000454655 + ln * (2.00009045820535935 + ln * (0.600057041192647736
        + ln * (0.0765300814582249102 + ln * 0.00460966109477281119)));
    double bottom = 1.0 + ln * (0.466993347107277294 + ln * (0.0600082664194339315
        + ln * (0.00449687578392346941 + ln * 6.84222097672040287e-7)));
    double l = top / bottom;
    // e^ℓ = 2^j e^r, |r| ≤ ln 2 / 2; the 33 low bits of ln2_high are zero, so j · ln2_high is exact.
    const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    double shifter = l * 1.44269504088896341 + 0x1.8p52;
    double j = shifter - 0x1.8p52;
    double r = (l - j * ln2_high) - j * ln2_low;
    double phi2 = 0.5 + r * (0.16666666666666671 + r * (0.0416666666666666698 + r * (0.00833333333332613513
        + r * (0.00138888888888837483 + r * (0.000198412698748206253 + r * (0.0000248015873255477412
        + r * (2.75572554002064244e-6 + r * (2.75572736431102953e-7 + r * (2.51052170047207452e-8
        + r * 2.09146869680868772e-9)))))))));
    double power = from_bits((to_bits(shifter) << 52) + one); // 2^j: j stands in shifter's low bits
    double exponential = power + power * (r + r * r * phi2);
    double residual = exponential - 1.0 - m * l;
    double slope = exponential - m;
    return l - residual * slope / (slope * slope - 0.5 * residual * exponential);
}

PINFI_CLONES
size_t pinfi_inverse_log_mean(const double *restrict in, double *restrict out, double shift, size_t count) {
    size_t outside = 0;
    for (size_t i = 0; i < count; i++) {
        double e = in[i] - shift;
        double small = small_logarithm(e < SMALL_LIMIT ? e : SMALL_LIMIT);
        double large = large_logarithm(e < SMALL_LIMIT ? 1.0 + SMALL_LIMIT : 1.0 + e);
        double l = e < SMALL_LIMIT ? small : large;
        out[i] = shift + (l + e * l);
        outside += !(e > PINFI_INVERSE_LOG_MEAN_LOW) | !(e < PINFI_INVERSE_LOG_MEAN_HIGH);
    }
    return outside;
}
