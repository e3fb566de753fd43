// Λ in long double, by a route of its own: Newton's method to the end, whatever it costs.

#include "CPeers.h"
#include <float.h>
#include <math.h>

// ln x, of relative error about 1e-18 in the 64 bits of x86's long double. e = m − 1 is exact.
static long double reference_logarithm(long double e) {
    if (e < 2) {
        // ℓφ₂(ℓ) = e with φ₂ by its series; from 2e, right of the root, Newton's steps fall monotonically.
        long double l = 2 * e;
        for (int step = 0; step < 60; step++) {
            long double phi2 = 0;
            for (int k = 60; k >= 0; k--) phi2 = (1 + l * phi2) / (k + 2);
            const long double product = l * phi2;
            const long double change = (product - e) / (1 + product - phi2);
            l -= change;
            if (fabsl(change) < 1e-20L * l) break;
        }
        return l;
    }
    // ln((e^ℓ − 1)/ℓ) = ln m, whose slope is between ½ and 1.
    const long double target = log1pl(e);
    long double l = target + log1pl(target) + 1;
    for (int step = 0; step < 60; step++) {
        const long double fall = expm1l(-l); // (e^ℓ − 1)/e^ℓ = −fall
        const long double change = (l + logl(-fall / l) - target) / (-1 / fall - 1 / l);
        l -= change;
        if (fabsl(change) < 1e-19L * l) break;
    }
    return l;
}

struct peer_accuracy peer_inverse_accuracy(const double *m, const double *x, size_t count) {
    struct peer_accuracy accuracy = {0, 0, 0};
    if (LDBL_MANT_DIG < 64) {
        accuracy.worst_ulps = -1;
        return accuracy;
    }
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(x[i])) {
            accuracy.not_finite++;
            continue;
        }
        const long double e = (long double)m[i] - 1;
        const long double l = reference_logarithm(e);
        const long double exact_excess = l + e * l; // x − 1 = mℓ
        int exponent;
        frexpl(1 + exact_excess, &exponent);
        const double ulps = (double)fabsl(ldexpl((x[i] - 1) - exact_excess, DBL_MANT_DIG - exponent));
        if (ulps > accuracy.worst_ulps) {
            accuracy.worst_ulps = ulps;
            accuracy.worst_at = m[i];
        }
    }
    return accuracy;
}
