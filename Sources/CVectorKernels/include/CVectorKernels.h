// Array kernels that have to be C for speed: they vectorise for the processor at hand. No stable API, no market.
#ifndef PINFI_CVECTORKERNELS_H
#define PINFI_CVECTORKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif
#endif
