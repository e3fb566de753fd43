// Leaps of finitely many holders under logit, as a C programmer would write them by hand for this one case: the baseline,
// a price that flows, xoshiro256+ for random numbers, a stream a run, and Hörmann's BTRS with a table of Stirling's
// remainders.

#include "CPeers.h"
#include <math.h>

struct generator { uint64_t s[4]; };

static uint64_t split_mix(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline double uniform(struct generator *g) {
    const uint64_t result = g->s[0] + g->s[3], t = g->s[1] << 17;
    g->s[2] ^= g->s[0];
    g->s[3] ^= g->s[1];
    g->s[1] ^= g->s[2];
    g->s[0] ^= g->s[3];
    g->s[2] ^= t;
    g->s[3] = rotate(g->s[3], 45);
    return ((double)(result >> 12) + 0.5) * 0x1p-52;
}

static double remainder_of_stirling(double k) {
    static const double table[10] = {
        0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
        0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871};
    if (k < 10) return table[(int)k];
    const double r = 1 / (k + 1), q = r * r;
    return r * (1.0 / 12 - q * (1.0 / 360 - q / 1260));
}

static long binomial(long n, double p, struct generator *g) {
    if (n == 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - binomial(n, 1 - p, g);
    if (n * p < 10) {
        const double odds = p / (1 - p);
        double probability = exp(n * log1p(-p)), u = uniform(g);
        long k = 0;
        while (u > probability && k < n && k < 110) {
            u -= probability;
            probability *= odds * ((double)(n - k) / (double)(k + 1));
            k++;
        }
        return k;
    }
    const double deviation = sqrt(n * p * (1 - p)), b = 1.15 + 2.53 * deviation;
    const double a = -0.0873 + 0.0248 * b + 0.01 * p, c = n * p + 0.5, inner = 0.92 - 4.2 / b;
    for (;;) {
        const double u = uniform(g) - 0.5, edge = 0.5 - fabs(u), k = floor((2 * a / edge + b) * u + c);
        double v = uniform(g);
        if (edge >= 0.07 && v <= inner) return (long)k;
        if (k < 0 || k > n) continue;
        const double m = floor((n + 1) * p), odds = p / (1 - p);
        v = log(v * (2.83 + 5.1 / b) * deviation / (a / (edge * edge) + b));
        const double bound = (m + 0.5) * log((m + 1) / (odds * (n - m + 1))) + (n + 1) * log((n - m + 1) / (n - k + 1))
            + (k + 0.5) * log(odds * (n - k + 1) / (k + 1)) + remainder_of_stirling(m) + remainder_of_stirling(n - m)
            - remainder_of_stirling(k) - remainder_of_stirling(n - k);
        if (v <= bound) return (long)k;
    }
}

static inline double logistic(double u) { return 1 / (1 + exp(-u)); }

static inline double slope(double z, double s) {
    const double x = exp(z);
    return 0.5 * logistic((1.3 - x) / 0.02) + 0.5 * logistic((0.7 - x) / 0.02) - s;
}

static inline double runge_kutta(double z, double s, double h) {
    const double k1 = slope(z, s), k2 = slope(z + 0.5 * h * k1, s), k3 = slope(z + 0.5 * h * k2, s);
    return z + h / 6 * (k1 + 2 * (k2 + k3) + slope(z + h * k3, s));
}

void peer_population_leaps(
    uint64_t seed, size_t first, size_t runs, long holders, double log_price, size_t leaps, double step, double *states) {
    const double revise = -expm1(-2 * step), per_holder = 1.0 / (double)holders;
    for (size_t run = 0; run < runs; run++) {
        struct generator g;
        uint64_t state = seed + 0x5851f42d4c957f2du * (first + run);
        for (int i = 0; i < 4; i++) g.s[i] = split_mix(&state);
        long l = holders / 2, s = holders / 10, e = holders - l - s;
        double z = log_price;
        for (size_t leap = 0; leap < leaps; leap++) {
            double share = s * per_holder;
            z = runge_kutta(z, share, 0.5 * step);
            const long from_l = binomial(l, revise, &g), from_s = binomial(s, revise, &g), from_e = binomial(e, revise, &g);
            const long all = from_l + from_s + from_e;
            const double x = exp(z), mean = fabs(z) < 1e-5 ? 1 + z / 2 + z * z / 6 : (x - 1) / z;
            // λ = 50, y = 0.79, b = 0.7: the seller's payoff is the mean less 0.3.
            const double weight_l = 90.017131300521811, weight_s = exp(50 * (mean - 1));
            const double sum = weight_l + weight_s + 1;
            const long to_s = binomial(all, weight_s / sum, &g);
            const long to_l = binomial(all - to_s, weight_l / (weight_l + 1), &g);
            l += to_l - from_l;
            s += to_s - from_s;
            e += all - to_s - to_l - from_e;
            share = s * per_holder;
            z = runge_kutta(z, share, 0.5 * step);
        }
        states[3 * run] = z;
        states[3 * run + 1] = l * per_holder;
        states[3 * run + 2] = s * per_holder;
    }
}
