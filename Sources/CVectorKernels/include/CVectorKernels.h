// Array kernels that have to be C for speed: they vectorise for the processor at hand. No stable API, no market.
#ifndef PINFI_CVECTORKERNELS_H
#define PINFI_CVECTORKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The level of the x86-64 instruction set that this processor has, as far as the kernels here tell them apart: 4 with
/// AVX-512, 3 with AVX2 and FMA, 1 below; 0 elsewhere.
int pinfi_processor_level(void);

/// The open range of excesses m − 1 in which pinfi_inverse_log_mean is accurate; others are the caller's.
#define PINFI_INVERSE_LOG_MEAN_LOW 0x1p-1000
#define PINFI_INVERSE_LOG_MEAN_HIGH 0x1p29

/// The x > 1 with (x − 1)/ln x = m, for each of an array. With shift 1, in[i] = m and out[i] = x; with shift 0,
/// in[i] = m − 1 and out[i] = x − 1. The arrays may not overlap.
/// Where m − 1 lies outside the range above out[i] is unspecified. Returns the number of such values.
size_t pinfi_inverse_log_mean(const double *in, double *out, double shift, size_t count);

/// One row of a phase diagram, γ the same all along it. For each column i, with s = seller[i] the seller's payoff:
///   best[i] = max(s, floor),
///   code[i] = s > gamma ? sells[i] : stays[i].
/// `floor` is the larger of the payoffs that are the same along the row.
void pinfi_classify_row(
    const double *seller, const uint8_t *sells, const uint8_t *stays, double gamma, double floor,
    uint8_t *code, double *best, size_t count);

/// The most sets of weights at once; a multiple of 4.
#define PINFI_WEIGHT_SETS 8

/// Sums of columns under several sets of weights: sums[s · column_count + c] = Σ_i weights[s][i] · columns[c · stride + i],
/// i < count, for s < sets ≤ PINFI_WEIGHT_SETS. The order of the additions depends on nothing but count.
void pinfi_weighted_sums(
    const uint16_t *const *weights, size_t sets, const double *columns, size_t stride, size_t column_count, size_t count,
    double *sums);

/// How many bytes pinfi_find_bytes looks for; one of them may be given twice.
#define PINFI_WANTED_BYTES 5

/// Writes the places of the bytes that are one of those wanted, ascending, and returns how many there are; `places` has room
/// for count. all_bits gets 0x80 where a byte is not ASCII, else 0.
size_t pinfi_find_bytes(const uint8_t *bytes, size_t count, const uint8_t wanted[PINFI_WANTED_BYTES], uint32_t *places,
    uint8_t *all_bits);

/// How many of the bytes are this one.
size_t pinfi_count_byte(const uint8_t *bytes, size_t count, uint8_t wanted);

/// Eight trajectories that advance together, each at its own time and with its own step. Every array holds eight doubles
/// an element, one a lane, and is aligned to 64 bytes. What is computed of a lane depends on that lane alone, to the bit.
struct pinfi_lanes {
    /// n, the number of components.
    size_t dimension;
    /// A step's error in component i is held against absolute_tolerance + relative_tolerance · |y_i|.
    double relative_tolerance, absolute_tolerance;
    /// Where the trajectories end.
    double end;
    /// The steps, accepted or not, after which a lane asks for attention.
    double maximum_steps;
    /// As many elements as the system takes.
    double *parameters;
    /// One element each; the counts are whole numbers.
    double *time, *step, *error, *previous_error, *attempts, *rejections;
    /// n elements each.
    double *state, *new_state;
    /// n elements a stage. The first stage is the slope at `state`.
    double *stages;
    /// f, unless a step has one built in; writes NaN where f is not defined.
    void (*slopes)(const struct pinfi_lanes *lanes, const double *time, const double *y, double *dydt);
    /// For `slopes`.
    void *context;
};

/// The parameters of logit dynamics, in the order of pinfi_lanes.parameters: ln(1 − φ), 1/(1 − φ), d′, b′, 1/w, κ_g, κ_b,
/// κ_s, λ, max(y − b, 0), ln(1 + e^(−λ|y − b|)), P_ℓ and P_e over their sum, ρ.
enum {
    PINFI_LOGIT_LOG_KEPT, PINFI_LOGIT_INVERSE_KEPT, PINFI_LOGIT_GENUINE_LIMIT, PINFI_LOGIT_SPECULATING_LIMIT,
    PINFI_LOGIT_INVERSE_WIDTH, PINFI_LOGIT_KAPPA_G, PINFI_LOGIT_KAPPA_B, PINFI_LOGIT_KAPPA_S, PINFI_LOGIT_RATIONALITY,
    PINFI_LOGIT_BEST_OF_OTHERS, PINFI_LOGIT_WEIGHT_OF_WORSE, PINFI_LOGIT_LPS_AMONG_OTHERS,
    PINFI_LOGIT_EXTERNAL_AMONG_OTHERS, PINFI_LOGIT_RATE, PINFI_LOGIT_PARAMETERS
};

/// The largest ln((1 − φ)x) at which pinfi_logit_slopes is defined.
#define PINFI_LOGIT_LARGEST 709.0

/// dy/dt of logit dynamics, y = (z, ℓ, s, e); NaN in dz/dt where it is not defined. For pinfi_lanes.slopes.
void pinfi_logit_slopes(const struct pinfi_lanes *lanes, const double *time, const double *y, double *dydt);

/// e^x of eight numbers, within 2 ulp, +∞ and 0 where it leaves the range of doubles.
void pinfi_exp_lanes(const double *x, double *result);

/// Fills the slope at `state` (the first stage) and the length of the first step of a method of that order. Writes over
/// new_state and the second stage.
void pinfi_first_steps(struct pinfi_lanes *lanes, double order);

/// Tries a step of Dormand and Prince's method of order 8 in every lane: fills new_state, stages 2 to 13 (the last is the
/// slope at new_state) and error, which is over what is allowed. `logit` has its right-hand side built in, n = 4.
void pinfi_dormand_prince(struct pinfi_lanes *lanes);
void pinfi_logit_dormand_prince(struct pinfi_lanes *lanes);

/// Accepts the steps whose error is at most 1 and chooses the next steps' lengths: h err^(−alpha) previous_err^beta within
/// a third and six times the last, and no longer than to the end. After it the accepted lanes have moved: the slope at the
/// new state is taken from that stage, counted from 0. Returns the lanes that need attention, a bit each, for one of the reasons: the end
/// is reached; the step is too short to move the time; maximum_steps is met.
unsigned pinfi_advance_lanes(struct pinfi_lanes *lanes, size_t new_slope_stage, double alpha, double beta);

#ifdef __cplusplus
}
#endif
#endif
