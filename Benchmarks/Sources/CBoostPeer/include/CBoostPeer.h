// Boost's Lambert function, where Boost was there when this was built.
#ifndef PINFI_BENCHMARKS_CBOOSTPEER_H
#define PINFI_BENCHMARKS_CBOOSTPEER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Boost's version as in "1.74"; empty where this was built without Boost.
const char *peer_boost_version(void);

/// Λ(m) = −m·W₋₁(−e^(−1/m)/m) as it stands, with boost::math::lambert_wm1.
void peer_boost_inverse(const double *m, double *x, size_t count);

#ifdef __cplusplus
}
#endif
#endif
