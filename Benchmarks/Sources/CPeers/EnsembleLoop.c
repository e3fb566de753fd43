// Logit dynamics one trajectory after another with GSL's rk8pd, as a C programmer would write it by hand: three unknowns,
// since the shares add up to 1, and the softmax with its largest payoff taken out.

#include "CPeers.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>

struct game {
    double reward, external, reservation, kappa_g, kappa_b, kappa_s, width, rationality, rate;
};

static double logistic(double u) { return 1 / (1 + exp(-u)); }

static int slopes(double t, const double *s, double *dsdt, void *parameters) {
    (void)t;
    const struct game *g = parameters;
    const double z = s[0], x = exp(z);
    const double mean = fabs(z) < 1e-5 ? 1 + z / 2 + z * z / 6 : (x - 1) / z;
    const double seller = mean - (1 - g->external);
    const double best = fmax(g->reward, fmax(seller, g->external));
    const double l = exp(g->rationality * (g->reward - best));
    const double p = exp(g->rationality * (seller - best));
    const double sum = l + p + exp(g->rationality * (g->external - best));
    dsdt[0] = g->kappa_g * logistic((g->reservation - x) / g->width)
        + g->kappa_b * logistic((g->external - x) / g->width) - g->kappa_s * s[2];
    dsdt[1] = g->rate * (l / sum - s[1]);
    dsdt[2] = g->rate * (p / sum - s[2]);
    return GSL_SUCCESS;
}

int peer_logit_paths(
    const double *rewards, const double *log_prices, size_t count, double end, double relative, double absolute,
    double *states) {
    struct game game = {0, 0.7, 1.3, 0.5, 0.5, 1, 0.02, 50, 2};
    gsl_odeiv2_system system = {slopes, NULL, 3, &game};
    gsl_odeiv2_driver *driver =
        gsl_odeiv2_driver_alloc_standard_new(&system, gsl_odeiv2_step_rk8pd, 1e-3, absolute, relative, 1, 0);
    if (!driver) return GSL_ENOMEM;
    int status = GSL_SUCCESS;
    for (size_t i = 0; i < count && status == GSL_SUCCESS; i++) {
        game.reward = rewards[i];
        double t = 0, s[3] = {log_prices[i], 0.5, 0.1};
        gsl_odeiv2_driver_reset_hstart(driver, 1e-3);
        status = gsl_odeiv2_driver_apply(driver, &t, end, s);
        states[4 * i] = s[0];
        states[4 * i + 1] = s[1];
        states[4 * i + 2] = s[2];
        states[4 * i + 3] = 1 - s[1] - s[2];
    }
    gsl_odeiv2_driver_free(driver);
    return status;
}
