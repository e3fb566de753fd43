// Weighted sums of several columns under several sets of weights, as a bootstrap needs them: a product of a matrix of small
// integers and a matrix of doubles.
//
// A column is longer than a cache, so a block of rows is kept in the first level and used under all weights before the next
// one. dgemm was not taken: the weights would have to be turned to doubles in memory, eight bytes each instead of two.

#include "CVectorKernels.h"
#include "Clones.h"

#pragma STDC FP_CONTRACT ON

enum { BLOCK = 256, SETS = PINFI_WEIGHT_SETS, LANES = 8 };

PINFI_CLONES
void pinfi_weighted_sums(
    const uint16_t *const *weights, size_t sets, const double *columns, size_t stride, size_t column_count, size_t count,
    double *sums) {
    double w[SETS][BLOCK];
    for (size_t i = 0; i < sets * column_count; i++) sums[i] = 0;
    for (size_t start = 0; start < count; start += BLOCK) {
        size_t length = count - start < BLOCK ? count - start : BLOCK;
        for (size_t s = 0; s < SETS; s++)
            for (size_t i = 0; i < BLOCK; i++) w[s][i] = s < sets && i < length ? weights[s][start + i] : 0;
        for (size_t c = 0; c < column_count; c++) {
            const double *column = columns + c * stride + start;
            double tail[BLOCK];
            if (length < BLOCK) {
                for (size_t i = 0; i < BLOCK; i++) tail[i] = i < length ? column[i] : 0;
                column = tail;
            }
            for (size_t s = 0; s < sets; s += 4) {
                double a[LANES] = {0}, b[LANES] = {0}, d[LANES] = {0}, e[LANES] = {0};
                for (size_t i = 0; i < BLOCK; i += LANES) {
                    for (size_t l = 0; l < LANES; l++) {
                        double x = column[i + l];
                        a[l] += w[s][i + l] * x;
                        b[l] += w[s + 1][i + l] * x;
                        d[l] += w[s + 2][i + l] * x;
                        e[l] += w[s + 3][i + l] * x;
                    }
                }
                double *totals[4] = {a, b, d, e};
                for (size_t k = 0; k < 4 && s + k < sets; k++) {
                    double *t = totals[k];
                    sums[(s + k) * column_count + c] +=
                        ((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]));
                }
            }
        }
    }
}
