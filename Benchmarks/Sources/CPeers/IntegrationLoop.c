// Role dynamics under logit with GSL's driver, by the formulas of pinfi's own vector field: (z, ℓ, s, e), the logistic from
// e^{−|u|}, the mean selling price by its series near the tie, the log odds of the choice. What is left between the two
// is what calling GSL from Swift costs.

#include "CPeers.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <string.h>

enum protocol { LOGIT, REPLICATOR };

struct field {
    int has_lag;
    enum protocol protocol;
    double lag, reward_excess;
    double genuine_limit, speculating_limit, width, kappa_g, kappa_b, kappa_s, depth_exponent;
    double rationality, best_of_others, weight_of_worse, lps_among_others, external_among_others;
    double rate, log_kept;
};

static double logistic(double u, double *complement) {
    const double small = exp(-fabs(u));
    const double large = 1 / (1 + small);
    *complement = u >= 0 ? small * large : large;
    return u >= 0 ? large : small * large;
}

static double second_phi(double v) {
    const double v2 = v * v, v4 = v2 * v2, v8 = v4 * v4;
    const double p0 = (0.5 + v * (1.0 / 6)) + v2 * ((1.0 / 24) + v * (1.0 / 120));
    const double p1 = ((1.0 / 720) + v * (1.0 / 5040)) + v2 * ((1.0 / 40320) + v * (1.0 / 362880));
    const double p2 = ((1.0 / 3628800) + v * (1.0 / 39916800)) + v2 * ((1.0 / 479001600) + v * (1.0 / 6227020800));
    const double p3 = ((1.0 / 87178291200) + v * (1.0 / 1307674368000)) + v2 * (1.0 / 20922789888000);
    return (p0 + v4 * p1) + v8 * (p2 + v4 * p3);
}

/// (e^v − 1)/v − 1.
static double excess(double v) {
    if (fabs(v) <= 0.5) return v * second_phi(v);
    if (v <= 709.78) return expm1(v) / v - 1;
    return v + INFINITY;
}

static int slopes(double t, const double *y, double *dydt, void *parameters) {
    (void)t;
    const struct field *f = parameters;
    const int first = f->has_lag ? 2 : 1;
    const double z = y[0], q = y[first - 1], l = y[first], s = y[first + 1], e = y[first + 2];
    if (f->depth_exponent > 0 && l <= 0) return GSL_EDOM;
    const double u = excess(q + f->log_kept);
    double lps, sellers, external, unused;
    switch (f->protocol) {
    case LOGIT: {
        double rest;
        sellers = logistic(f->rationality * (u - f->best_of_others) - f->weight_of_worse, &rest) - s;
        lps = rest * f->lps_among_others - l;
        external = rest * f->external_among_others - e;
        break;
    }
    default: {
        const double a = f->reward_excess;
        const double to_lps = l * s * (a - u), from_external = l * e * a, to_sellers = s * e * u;
        lps = to_lps + from_external;
        sellers = to_sellers - to_lps;
        external = -from_external - to_sellers;
    }
    }
    const double x = exp(z);
    const double demand = f->kappa_g * logistic((f->genuine_limit - x) / f->width, &unused)
        + f->kappa_b * logistic((f->speculating_limit - x) / f->width, &unused);
    const double factor =
        f->depth_exponent == 0 ? 1 : f->depth_exponent == 1 ? 1 / l : pow(l, -f->depth_exponent);
    const double dz = (demand - f->kappa_s * s) * factor;
    dydt[0] = dz;
    dydt[first] = f->rate * lps;
    dydt[first + 1] = f->rate * sellers;
    dydt[first + 2] = f->rate * external;
    double finite = 0 * dz + 0 * dydt[first] + (0 * dydt[first + 1] + 0 * dydt[first + 2]);
    if (f->has_lag) {
        dydt[1] = (z - q) / f->lag;
        finite += 0 * dydt[1];
    }
    return u < INFINITY && finite == 0 ? GSL_SUCCESS : GSL_EDOM;
}

int peer_logit_path(
    const char *method, double reward, double log_price, double end, double relative, double absolute, double first_step,
    double *state, size_t *steps) {
    const double excess_of_reward = reward - 0.7, odds = 50 * excess_of_reward;
    struct field field = {0, LOGIT, 0, excess_of_reward, 1.3, 0.7, 0.02, 0.5, 0.5, 1, 0, 50, fmax(excess_of_reward, 0), log1p(exp(-fabs(odds))), 0, 0, 2, 0};
    field.lps_among_others = logistic(odds, &field.external_among_others);
    const gsl_odeiv2_step_type *type = !strcmp(method, "rkf45") ? gsl_odeiv2_step_rkf45
        : !strcmp(method, "rkck") ? gsl_odeiv2_step_rkck
        : !strcmp(method, "rk8pd") ? gsl_odeiv2_step_rk8pd : gsl_odeiv2_step_msadams;
    gsl_odeiv2_system system = {slopes, NULL, 4, &field};
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_standard_new(&system, type, first_step, absolute, relative, 1, 0);
    if (!driver) return GSL_ENOMEM;
    double t = 0;
    state[0] = log_price;
    state[1] = 0.5;
    state[2] = 0.1;
    state[3] = 0.4;
    const int status = gsl_odeiv2_driver_apply(driver, &t, end, state);
    *steps = driver->e->count;
    gsl_odeiv2_driver_free(driver);
    return status;
}
