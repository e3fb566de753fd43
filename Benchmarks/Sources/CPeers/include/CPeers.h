// What pinfi is measured against, in plain C, and a reference for its accuracy.
#ifndef PINFI_BENCHMARKS_CPEERS_H
#define PINFI_BENCHMARKS_CPEERS_H

#include <stddef.h>
#include <stdint.h>

/// A market, and the prices at which one-sided trade stops.
struct peer_market {
    double external_price, seller_cost, expected_forfeit;
    double speculating_buyer_limit, seller_limit, genuine_buyer_limit;
};

/// What depends on the column of a phase diagram alone, for each of `count` pool prices: the reward at the boundary,
/// the best payoff but for the reward, and the region's code below and above the boundary.
void peer_hoist_columns(
    struct peer_market market, const double *alpha, double *boundary, double *payoff, uint8_t *below, uint8_t *above,
    size_t count);

/// Classifies rows of `width` cells, one for each of `rows` rewards.
void peer_classify_rows(
    const double *gamma, size_t rows, const double *boundary, const double *payoff, const uint8_t *below,
    const uint8_t *above, size_t width, uint8_t *code, double *best);

struct peer_accuracy {
    /// The worst error of a finite value, in units in the last place of the exact one; -1 where `long double` is no
    /// longer than `double`.
    double worst_ulps;
    /// The m where that is.
    double worst_at;
    size_t not_finite;
};

/// The error of x[i] as the root of (x − 1)/ln x = m[i] > 1, against a solution in long double.
struct peer_accuracy peer_inverse_accuracy(const double *m, const double *x, size_t count);

/// Final states (z, ℓ, s, e) of `count` trajectories of the baseline logit system from (z, 0.5, 0.1, 0.4), each with its
/// own reward y, by GSL's rk8pd. Returns 0, or GSL's code for what went wrong.
int peer_logit_paths(
    const double *rewards, const double *log_prices, size_t count, double end, double relative, double absolute,
    double *states);

/// One trajectory of role dynamics under logit at the baseline of the model, from (ln x, 0.5, 0.1, 0.4), by a method of
/// GSL's odeiv2: rkf45, rkck, rk8pd, or else Adams. Returns GSL's code.
int peer_logit_path(
    const char *method, double reward, double log_price, double end, double relative, double absolute, double first_step,
    double *state, size_t *steps);

/// Final states (z, ℓ, s) of `runs` runs of `holders` holders under logit at the baseline with y = 0.79, from
/// (log_price, 0.5, 0.1, 0.4), in leaps of a step.
void peer_population_leaps(
    uint64_t seed, size_t first, size_t runs, long holders, double log_price, size_t leaps, double step, double *states);

#endif
