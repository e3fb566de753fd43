// Λ by Boost's lambert_wm1, used naively.
#include "CBoostPeer.h"

#if __has_include(<boost/math/special_functions/lambert_w.hpp>)
#include <boost/math/special_functions/lambert_w.hpp>
#include <boost/version.hpp>
#include <cmath>
#include <string>

extern "C" const char *peer_boost_version(void) {
    static const std::string version =
        std::to_string(BOOST_VERSION / 100000) + "." + std::to_string(BOOST_VERSION / 100 % 1000);
    return version.c_str();
}

extern "C" void peer_boost_inverse(const double *m, double *x, size_t count) {
    using namespace boost::math::policies;
    // Near m = 1 the argument may round to below −1/e. NaN instead of an exception, which would cost Boost time.
    const auto quiet = make_policy(domain_error<ignore_error>(), overflow_error<ignore_error>());
    for (size_t i = 0; i < count; i++) {
        x[i] = -m[i] * boost::math::lambert_wm1(-std::exp(-1 / m[i]) / m[i], quiet);
    }
}
#else
extern "C" const char *peer_boost_version(void) { return ""; }
extern "C" void peer_boost_inverse(const double *, double *, size_t) {}
#endif
