// Steps of eight trajectories at a time, whatever their system: the method of Dormand and Prince, the first step's length, and
// the choice of the next one's.

#include "DormandPrince8.h"

#pragma STDC FP_CONTRACT ON

INLINE void called_slopes(const struct pinfi_lanes *lanes, Lanes time, const Lanes *y, Lanes *dydt) {
    lanes->slopes(lanes, (const double *)&time, (const double *)y, (double *)dydt);
}

PINFI_CLONES
void pinfi_dormand_prince(struct pinfi_lanes *lanes) {
    *(Lanes *)lanes->error = dormand_prince_step(lanes, lanes->dimension, called_slopes);
}

// 2^x of |x| < 1000 to 2e-4, enough for the length of a step.
INLINE Lanes rough_exp2(Lanes x) {
    const Lanes magic = all(0x1.8p52);
    const Lanes shifted = x + magic;
    const Lanes r = x - (shifted - magic);
    const Lanes power = (Lanes)(((Masks)shifted << 52) + 0x3ff0000000000000);
    return power * (1 + r * (0.69314718 + r * (0.24022651 + r * 0.0555041)));
}

// The binary logarithm of a positive normal number to 1e-3.
INLINE Lanes rough_log2(Lanes x) {
    // x = 2^k f with f in √½ … √2; see InverseLogMean.c.
    const Masks shifted = (Masks)x + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
    const Lanes k = (Lanes)((Masks)((__attribute__((vector_size(64))) uint64_t)shifted >> 52) | 0x4330000000000000) - (0x1p52 + 1023.0);
    const Lanes f = (Lanes)((shifted & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd);
    const Lanes g = f - 1;
    return k + g * (1.44269504 + g * (-0.72134752 + g * (0.4808983 + g * (-0.3606738 + g * 0.2))));
}

// Hairer's guess: an explicit Euler step shows how fast the slope changes.
PINFI_CLONES
void pinfi_first_steps(struct pinfi_lanes *lanes, double order) {
    const size_t n = lanes->dimension;
    const Lanes t = *(const Lanes *)lanes->time;
    const Lanes *const state = (const Lanes *)lanes->state;
    Lanes *const y = (Lanes *)lanes->new_state, *const slope = (Lanes *)lanes->stages, *const later = slope + n;
    called_slopes(lanes, t, state, slope);
    Lanes size = all(0), speed = all(0), change = all(0);
    for (size_t i = 0; i < n; i++) {
        const Lanes scale = lanes->absolute_tolerance + lanes->relative_tolerance * magnitude(state[i]);
        const Lanes relative = state[i] / scale, rate = slope[i] / scale;
        size += relative * relative;
        speed += rate * rate;
    }
    const Lanes length = lanes->end - t;
    Lanes h = choose((size <= 1e-10) | (speed <= 1e-10), all(1e-6), 0.01 * __builtin_elementwise_sqrt(size / speed));
    h = smaller(h, length);
    for (size_t i = 0; i < n; i++) y[i] = state[i] + h * slope[i];
    called_slopes(lanes, t + h, y, later);
    for (size_t i = 0; i < n; i++) {
        const Lanes scale = lanes->absolute_tolerance + lanes->relative_tolerance * magnitude(state[i]);
        const Lanes rate = (later[i] - slope[i]) / scale;
        change += rate * rate;
    }
    const Lanes second = larger(__builtin_elementwise_sqrt(change) / h, __builtin_elementwise_sqrt(speed));
    const Lanes bounded = smaller(larger(second, all(1e-30)), all(1e30));
    const Lanes other = choose(
        second <= 1e-15, larger(all(1e-6), 0.001 * h), rough_exp2((-6.6438562 - rough_log2(bounded)) / order));
    // Where the slope beyond is not defined a hundredth of the first guess has to do.
    h = choose(change < __builtin_inf(), smaller(100 * h, other), 0.01 * h);
    *(Lanes *)lanes->step = choose(1.01 * h >= length, length, h);
}

PINFI_CLONES
unsigned pinfi_advance_lanes(struct pinfi_lanes *lanes, size_t new_slope_stage, double alpha, double beta) {
    const size_t n = lanes->dimension;
    Lanes *const time = (Lanes *)lanes->time, *const step = (Lanes *)lanes->step;
    Lanes *const previous = (Lanes *)lanes->previous_error;
    const Lanes error = *(const Lanes *)lanes->error;
    const Masks passes = error <= 1;
    const Lanes t = *time, h = *step;

    // Hairer's bounds: a step grows at most sixfold and shrinks at most to a third, and 0.9 is for safety. Where the error
    // is not finite, to a tenth.
    const Lanes bounded = smaller(larger(error, all(1e-30)), all(1e30));
    const Lanes shrinkage = alpha * rough_log2(bounded) + 0.152; // −log₂ 0.9
    const Lanes growth = rough_exp2(beta * rough_log2(magnitude(*previous)) - shrinkage);
    // previous_error is negative where the last step was rejected: then this one does not grow.
    const Lanes most = choose(*previous < 0, all(1), all(6));
    const Lanes after_success = smaller(larger(growth, all(1.0 / 3)), most);
    const Lanes after_failure = larger(rough_exp2(-shrinkage), all(1.0 / 3));
    const Masks finite = error < __builtin_inf();
    const Lanes factor = choose(passes, after_success, choose(finite, after_failure, all(0.1)));

    const Lanes left = lanes->end - t;
    const Lanes moved = choose(h >= left, all(lanes->end), t + h);
    const Lanes now = choose(passes, moved, t);
    Lanes next = h * factor;
    // The last step goes to the end exactly, and is not left to be a sliver.
    const Lanes rest = lanes->end - now;
    next = choose(1.01 * next >= rest, rest, next);
    *time = now;
    *step = next;
    *previous = choose(passes, larger(error, all(1e-4)), -larger(magnitude(*previous), all(1e-4)));
    *(Lanes *)lanes->attempts += 1;
    *(Lanes *)lanes->rejections += choose(passes, all(0), all(1));

    Lanes *const state = (Lanes *)lanes->state, *const slope = (Lanes *)lanes->stages;
    const Lanes *const new_state = (const Lanes *)lanes->new_state;
    const Lanes *const new_slope = (const Lanes *)lanes->stages + new_slope_stage * n;
    for (size_t i = 0; i < n; i++) {
        state[i] = choose(passes, new_state[i], state[i]);
        slope[i] = choose(passes, new_slope[i], slope[i]);
    }
    const Masks ended = now >= lanes->end;
    const Masks stands = ~(next > 0x1p-50 * magnitude(now));
    const Masks exhausted = *(const Lanes *)lanes->attempts >= lanes->maximum_steps;
    return bits(ended | stands | exhausted);
}
