// The phase diagram as a C programmer would write it by hand: all that depends on the pool price alone is hoisted out
// of the column, so that a cell is two comparisons, two selects and the memory that they fill.
//
// Written apart from Sources/CVectorKernels, with the boundary rather than the seller's payoff in the middle. The
// region codes are those of `Region.allCases`.

#include "CPeers.h"
#include <math.h>

enum { A, B, C, D, E, F, G, LP_IDLE, SPECULATION_ONLY };

void peer_hoist_columns(
    struct peer_market market, const double *alpha, double *boundary, double *payoff, uint8_t *below, uint8_t *above,
    size_t count) {
    for (size_t i = 0; i < count; i++) {
        const int buys = alpha[i] < market.genuine_buyer_limit;
        if (alpha[i] > market.seller_limit) {
            const double rise = alpha[i] - market.seller_cost;
            boundary[i] = payoff[i] = rise / log1p(rise / market.seller_cost) - market.expected_forfeit;
            below[i] = buys ? D : E;
            above[i] = buys ? G : F;
        } else {
            boundary[i] = payoff[i] = market.external_price;
            if (alpha[i] < market.speculating_buyer_limit) {
                below[i] = buys ? B : SPECULATION_ONLY;
            } else {
                below[i] = buys ? C : LP_IDLE;
            }
            above[i] = buys ? A : LP_IDLE;
        }
    }
}

void peer_classify_rows(
    const double *gamma, size_t rows, const double *restrict boundary, const double *restrict payoff,
    const uint8_t *restrict below, const uint8_t *restrict above, size_t width, uint8_t *restrict code,
    double *restrict best) {
    for (size_t j = 0; j < rows; j++) {
        const double reward = gamma[j];
        for (size_t i = 0; i < width; i++) {
            code[j * width + i] = reward < boundary[i] ? below[i] : above[i];
            best[j * width + i] = reward > payoff[i] ? reward : payoff[i];
        }
    }
}
