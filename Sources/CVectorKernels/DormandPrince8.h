// A step of Dormand and Prince's method of order 8 with error estimates of orders 5 and 3, for eight trajectories.
// Private to this target. Coefficients: Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, second
// edition, section II.10; they are those of the authors' DOP853, to twenty digits.
#ifndef PINFI_DORMAND_PRINCE_8_H
#define PINFI_DORMAND_PRINCE_8_H

#include "CVectorKernels.h"
#include "Lanes.h"

// The right-hand side f of n components, called with the time and y, and to write dy/dt.
typedef void right_hand_side(const struct pinfi_lanes *lanes, Lanes time, const Lanes *y, Lanes *dydt);

// k_j of component i.
#define K(j) k[((j) - 1) * n + i]

// k_s = f(t + c h, y + h Σ a_j k_j)
#define STAGE(s, c, sum) \
    for (size_t i = 0; i < n; i++) y[i] = state[i] + h * (sum); \
    f(lanes, t + (c) * h, y, k + ((s) - 1) * n)

// Fills stages 2 to 13 and new_state, and returns the error over what is allowed: the step passes where it is ≤ 1. Where
// a number on the way is not finite neither is it.
INLINE Lanes dormand_prince_step(const struct pinfi_lanes *lanes, const size_t n, right_hand_side *f) {
    const Lanes t = *(const Lanes *)lanes->time, h = *(const Lanes *)lanes->step;
    const Lanes *const state = (const Lanes *)lanes->state;
    Lanes *const y = (Lanes *)lanes->new_state;
    Lanes *const k = (Lanes *)lanes->stages;
    STAGE(2, 0.052600151958767731879, 0.052600151958767731879 * K(1));
    STAGE(3, 0.078900227938151597818, 0.019725056984537899454 * K(1) + 0.059175170953613698363 * K(2));
    STAGE(4, 0.1183503419072273967, 0.029587585476806849182 * K(1) + 0.088762756430420547545 * K(3));
    STAGE(5, 0.28164965809277260327, 0.2413651341592666855 * K(1) - 0.88454947932828608534 * K(3)
        + 0.92483400326179200312 * K(4));
    STAGE(6, 0.33333333333333333333, 0.037037037037037037037 * K(1) + 0.17082860872947387128 * K(4)
        + 0.12546768756682242502 * K(5));
    STAGE(7, 0.25, 0.037109375 * K(1) + 0.17025221101954403931 * K(4) + 0.060216538980455960685 * K(5)
        - 0.017578125 * K(6));
    STAGE(8, 0.30769230769230769231, 0.037092000118504792711 * K(1) + 0.17038392571223999381 * K(4)
        + 0.10726203044637328465 * K(5) - 0.015319437748624401753 * K(6) + 0.0082737891638140228876 * K(7));
    STAGE(9, 0.65128205128205128205, 0.62411095871607571711 * K(1) - 3.3608926294469412941 * K(4)
        - 0.86821934684172600682 * K(5) + 27.592099699446708305 * K(6) + 20.154067550477893409 * K(7)
        - 43.489884181069958848 * K(8));
    STAGE(10, 0.6, 0.47766253643826436589 * K(1) - 2.4881146199716676419 * K(4) - 0.59029082683684299637 * K(5)
        + 21.230051448181194235 * K(6) + 15.279233632882423583 * K(7) - 33.288210968984862919 * K(8)
        - 0.020331201708508626136 * K(9));
    STAGE(11, 0.85714285714285714286, -0.93714243008598732572 * K(1) + 5.1863724288440637083 * K(4)
        + 1.0914373489967295782 * K(5) - 8.1497870107469261251 * K(6) - 18.520065659996959864 * K(7)
        + 22.739487099350504282 * K(8) + 2.4936055526796523899 * K(9) - 3.0467644718982195004 * K(10));
    STAGE(12, 1.0, 2.2733101475165382079 * K(1) - 10.534495466737250198 * K(4) - 2.0008720582248624991 * K(5)
        - 17.958931863118798917 * K(6) + 27.948884529419960051 * K(7) - 2.8589982771350236947 * K(8)
        - 8.8728569335306295443 * K(9) + 12.360567175794303065 * K(10) + 0.64339274601576353036 * K(11));
    // The new state, of order 8; its slope is the next step's first stage. The sum waits in the place of stage 14.
    for (size_t i = 0; i < n; i++) {
        K(14) = 0.054293734116568762238 * K(1) + 4.4503128927524088814 * K(6) + 1.891517899314500383 * K(7)
            - 5.8012039600105847815 * K(8) + 0.31116436695781989441 * K(9) - 0.15216094966251607856 * K(10)
            + 0.20136540080403034837 * K(11) + 0.044710615727772590518 * K(12);
        y[i] = state[i] + h * K(14);
    }
    f(lanes, t + h, y, k + 12 * n);

    Lanes fifth = all(0), third = all(0);
    for (size_t i = 0; i < n; i++) {
        const Lanes scale =
            lanes->absolute_tolerance + lanes->relative_tolerance * larger(magnitude(state[i]), magnitude(y[i]));
        const Lanes e5 = (0.013120044994194880733 * K(1) - 1.2251564463762044407 * K(6) - 0.49575894965725019152 * K(7)
            + 1.664377182454986537 * K(8) - 0.35032884874997368169 * K(9) + 0.33417911871301747903 * K(10)
            + 0.081923206485115712466 * K(11) - 0.022355307863886295259 * K(12)) / scale;
        // Less the formula of order 3, which takes k_1, k_9 and k_12.
        const Lanes e3 = (K(14) - 0.24409448818897637795 * K(1) - 0.73384668828161185734 * K(9)
            - 0.022058823529411764706 * K(12)) / scale;
        fifth += e5 * e5;
        third += e3 * e3;
    }
    // Err = h Σe5²/√(n(Σe5² + Σe3²/100)): the estimate of order 5, made one of order 8 by that of order 3.
    const Lanes sum = fifth + 0.01 * third;
    const Lanes divisor = choose(sum > 0, (double)n * sum, all(1));
    // A sum that is not a number has been left out of the divisor, not of the dividend; nor may a stage that no estimate
    // looks at, the new slope.
    Lanes error = h * fifth / __builtin_elementwise_sqrt(divisor);
    for (size_t i = 0; i < n; i++) error += 0 * K(13);
    return error;
}

#endif
