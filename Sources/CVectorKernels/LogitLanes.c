// Logit dynamics of eight games at a time, each with its own parameters: the one right-hand side that is written twice.
// The reference is RoleField of the module RoleDynamics, against which tests hold it; the formulas are explained there.

#include "DormandPrince8.h"

#pragma STDC FP_CONTRACT ON

#define PARAMETER(name) (((const Lanes *)lanes->parameters)[PINFI_LOGIT_##name])

// y = (z, ℓ, s, e).
INLINE void logit_slopes(const struct pinfi_lanes *lanes, Lanes time, const Lanes *y, Lanes *dydt) {
    const Lanes v = y[0] + PARAMETER(LOG_KEPT);
    const struct exponential e = exponential(choose(v < -708, all(-708), v));
    // u = φ₁(v) − 1 = vφ₂(v): where e^v is not reduced (|v| < ½ ln 2) φ₂ is at hand; elsewhere (e^v − 1)/v − 1.
    const Lanes exp_minus_one = e.power * e.minus_one + (e.power - 1);
    const Lanes u = choose(e.j == 0, v * e.phi2, exp_minus_one / v - 1);

    const Lanes x = (e.power + e.power * e.minus_one) * PARAMETER(INVERSE_KEPT);
    const Lanes inverse_width = PARAMETER(INVERSE_WIDTH);
    const Lanes genuine = 1 / (1 + clamped_exp((x - PARAMETER(GENUINE_LIMIT)) * inverse_width));
    const Lanes speculating = 1 / (1 + clamped_exp((x - PARAMETER(SPECULATING_LIMIT)) * inverse_width));
    const Lanes demand = PARAMETER(KAPPA_G) * genuine + PARAMETER(KAPPA_B) * speculating;

    const Lanes odds =
        clamped_exp(PARAMETER(WEIGHT_OF_WORSE) - PARAMETER(RATIONALITY) * (u - PARAMETER(BEST_OF_OTHERS)));
    const Lanes sellers = 1 / (1 + odds);
    const Lanes others = odds * sellers;
    const Lanes rate = PARAMETER(RATE);
    // Beyond e^v's range, which the exponential above does not cover, there is no payoff.
    const Lanes defined = choose(v < PINFI_LOGIT_LARGEST, all(0), all(__builtin_nan("")));
    dydt[0] = (demand - PARAMETER(KAPPA_S) * y[2]) + defined;
    dydt[1] = rate * (others * PARAMETER(LPS_AMONG_OTHERS) - y[1]);
    dydt[2] = rate * (sellers - y[2]);
    dydt[3] = rate * (others * PARAMETER(EXTERNAL_AMONG_OTHERS) - y[3]);
}

PINFI_CLONES
void pinfi_logit_slopes(const struct pinfi_lanes *lanes, const double *time, const double *y, double *dydt) {
    logit_slopes(lanes, *(const Lanes *)time, (const Lanes *)y, (Lanes *)dydt);
}

PINFI_CLONES
void pinfi_logit_dormand_prince(struct pinfi_lanes *lanes) {
    *(Lanes *)lanes->error = dormand_prince_step(lanes, 4, logit_slopes);
}
