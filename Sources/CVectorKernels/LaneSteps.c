// Steps of eight trajectories at a time, whatever their system: the method of Dormand and Prince with its dense output, and
// the choice of the next step's length.

#include "DormandPrince8.h"

#pragma STDC FP_CONTRACT ON

INLINE void called_slopes(const struct pinfi_lanes *lanes, Lanes time, const Lanes *y, Lanes *dydt) {
    lanes->slopes(lanes, (const double *)&time, (const double *)y, (double *)dydt);
}

PINFI_CLONES
void pinfi_dormand_prince(struct pinfi_lanes *lanes) {
    *(Lanes *)lanes->error = dormand_prince_step(lanes, lanes->dimension, called_slopes);
}

// The interpolant of order 7 of Hairer, Nørsett and Wanner, section II.6.
PINFI_CLONES
void pinfi_dormand_prince_dense(struct pinfi_lanes *lanes, double *coefficients) {
    const size_t n = lanes->dimension;
    const Lanes t = *(const Lanes *)lanes->time, h = *(const Lanes *)lanes->step;
    const Lanes *const state = (const Lanes *)lanes->state, *const new_state = (const Lanes *)lanes->new_state;
    Lanes *const k = (Lanes *)lanes->stages;
    Lanes *const c = (Lanes *)coefficients;
    Lanes *const y = c; // Filled last, free until then.
    right_hand_side *const f = called_slopes;
    STAGE(14, 0.1, 0.056167502283047952339 * K(1) + 0.25350021021662481109 * K(7) - 0.24623903747080248992 * K(8)
        - 0.12419142326381636047 * K(9) + 0.15329179827876569731 * K(10) + 0.0082010522956346898849 * K(11)
        + 0.0075678976605456997614 * K(12) - 0.008298 * K(13));
    STAGE(15, 0.2, 0.031834648163502140506 * K(1) + 0.028300909672366775529 * K(6) + 0.053541988307438567622 * K(7)
        - 0.054923748571390988465 * K(8) - 0.00010834732869724932286 * K(11) + 0.00038257109083565841295 * K(12)
        - 0.0003404650086874045608 * K(13) + 0.14131244367463250028 * K(14));
    STAGE(16, 0.77777777777777777778, -0.42889630158379192341 * K(1) - 4.6976214153611638431 * K(6)
        + 7.6834211960625990418 * K(7) + 4.0689898183971100797 * K(8) + 0.35672718745528110927 * K(9)
        - 0.0013990241651590146213 * K(13) + 2.947514789152772339 * K(14) - 9.1509584721798700108 * K(15));
    for (size_t i = 0; i < n; i++) {
        const Lanes rise = new_state[i] - state[i];
        const Lanes bend = h * K(1) - rise;
        c[i] = rise;
        c[n + i] = bend;
        c[2 * n + i] = rise - h * K(13) - bend;
        c[3 * n + i] = h * (-8.4289382761090128651 * K(1) + 0.56671495351937776963 * K(6)
            - 3.0689499459498916913 * K(7) + 2.3846676565120698288 * K(8) + 2.1170345824450282767 * K(9)
            - 0.87139158377797299207 * K(10) + 2.2404374302607882759 * K(11) + 0.63157877876946881816 * K(12)
            - 0.088990336451333310821 * K(13) + 18.148505520854727257 * K(14) - 9.1946323924783554 * K(15)
            - 4.4360363875948939664 * K(16));
        c[4 * n + i] = h * (10.427508642579134603 * K(1) + 242.28349177525818288 * K(6)
            + 165.20045171727028199 * K(7) - 374.5467547226902028 * K(8) - 22.113666853125306036 * K(9)
            + 7.733432668472263839 * K(10) - 30.674084731089398182 * K(11) - 9.332130526430227873 * K(12)
            + 15.697238121770843886 * K(13) - 31.139403219565177677 * K(14) - 9.3529243588444783866 * K(15)
            + 35.816841486394083752 * K(16));
        c[5 * n + i] = h * (19.985053242002433821 * K(1) - 387.03730874935176555 * K(6)
            - 189.17813819516756883 * K(7) + 527.80815920542364901 * K(8) - 11.573902539959630126 * K(9)
            + 6.881232694696300017 * K(10) - 1.0006050966910838403 * K(11) + 0.77771377980534432093 * K(12)
            - 2.7782057523535084066 * K(13) - 60.196695231264120758 * K(14) + 84.320405506677161018 * K(15)
            + 11.992291136182789328 * K(16));
        c[6 * n + i] = h * (-25.693933462703749003 * K(1) - 154.18974869023643374 * K(6)
            - 231.52937917604549568 * K(7) + 357.63911791061412378 * K(8) + 93.405324183624310004 * K(9)
            - 37.458323136451633157 * K(10) + 104.09964950896230045 * K(11) + 29.840293426660503123 * K(12)
            - 43.533456590011143754 * K(13) + 96.324553959188282948 * K(14) - 39.177261675615439165 * K(15)
            - 149.72683625798562581 * K(16));
    }
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
unsigned pinfi_advance_lanes(struct pinfi_lanes *lanes, size_t last, double alpha, double beta) {
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
    const Lanes *const new_slope = (const Lanes *)lanes->stages + (last - 1) * n;
    for (size_t i = 0; i < n; i++) {
        state[i] = choose(passes, new_state[i], state[i]);
        slope[i] = choose(passes, new_slope[i], slope[i]);
    }
    const Masks ended = now >= lanes->end;
    const Masks stands = ~(next > 0x1p-50 * magnitude(now));
    const Masks exhausted = *(const Lanes *)lanes->attempts >= lanes->maximum_steps;
    return bits(ended | stands | exhausted);
}
