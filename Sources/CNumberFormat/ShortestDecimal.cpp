// The shortest decimal that reads back to the same double, for the doubles that tables are full of.
//
// Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles", 2021): of the decimals of one length in the
// rounding interval of c·2^q there is at most one of the next shorter length and at most two of its own, all found by three
// multiplications with 128 bits of a power of ten. The bytes are those of std::to_chars, which is called for everything
// outside the table below: zeros, subnormals, magnitudes from 2^53 up and below 1e-25 or so.
//
// std::to_chars alone (libstdc++'s Ryu) was rejected for its time, which is nearly all of writing CSV: 34 ns a number
// against 24 here, and with it writing a table took 1.1 times the processor time of polars' writer.

#include "CNumberFormat.h"
#include <charconv>
#include <cstdint>
#include <cstring>

char *pinfi_write_double_standard(char *out, double value) {
    return std::to_chars(out, out + PINFI_NUMBER_CHARACTERS, value).ptr;
}

#if defined(__SIZEOF_INT128__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include "PowersOfTen.h"

namespace {

typedef unsigned __int128 uint128;

const uint64_t tens[] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
    10000000000000, 100000000000000, 1000000000000000, 10000000000000000,
};

/// The high 64 bits of g·c with a last bit that says whether anything was cut off: enough to compare with.
inline uint64_t round_to_odd(const uint64_t g[2], uint64_t c) {
    const uint128 low = (uint128)g[1] * c, high = (uint128)g[0] * c + (uint64_t)(low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

/// The eight digits of v as characters, the first in the lowest byte.
inline uint64_t eight_digits(uint32_t v) {
    uint64_t x = v / 10000 | (uint64_t)(v % 10000) << 32;
    uint64_t t = ((x * 10486) >> 20) & 0x7f0000007full;
    x = t | (x - 100 * t) << 16;
    t = ((x * 103) >> 10) & 0x000f000f000f000full;
    return (t | (x - 10 * t) << 8) + 0x3030303030303030ull;
}

inline void put(char *out, uint64_t characters) { memcpy(out, &characters, 8); }

/// Writes digits·10^k, 1 <= digits < 10^17 without zeros at its end, as std::to_chars does: fixed, unless the scientific
/// form is shorter. Scratch is written up to 16 characters behind the end.
char *write_decimal(char *out, uint64_t digits, int k) {
    int count = 15 + (digits >= 1000000000000000ull) + (digits >= 10000000000000000ull);
    if (digits < 100000000000000ull) {
        count = 14;
        for (uint64_t limit = 10000000000000ull; digits < limit; limit /= 10) count--;
    }
    // As seventeen digits, zeros behind: one and twice eight.
    const uint64_t padded = digits * tens[17 - count], top = padded / 100000000;
    const char first = (char)('0' + top / 100000000);
    const uint64_t middle = eight_digits((uint32_t)(top % 100000000)), last = eight_digits((uint32_t)(padded % 100000000));

    const int e = k + count - 1;
    const int fixed = k >= 0 ? count + k : -k < count ? count + 1 : 2 - k;
    const int scientific = count + (count > 1) + 4;
    if (fixed > scientific) {
        out[0] = first;
        out[1] = '.';
        put(out + 2, middle);
        put(out + 10, last);
        out += count + (count > 1);
        const int size = e < 0 ? -e : e;
        *out++ = 'e';
        *out++ = e < 0 ? '-' : '+';
        *out++ = (char)('0' + size / 10);
        *out++ = (char)('0' + size % 10);
        return out;
    }
    if (e < 0) { // fixed is the shorter form only down to 1e-4 or so
        memcpy(out, "0.000000", 8);
        out += 1 - e;
    }
    out[0] = first;
    put(out + 1, middle);
    put(out + 9, last);
    if (e < 0 || k >= 0) return out + count + (k > 0 ? k : 0); // a whole number's zeros stand there already
    memmove(out + e + 2, out + e + 1, 16 - e);
    out[e + 1] = '.';
    return out + count + 1;
}

} // namespace

char *pinfi_write_double(char *out, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint64_t fraction = bits & 0xfffffffffffffull;
    const int exponent = (int)(bits >> 52) & 0x7ff, q = exponent - 1075;
    if (exponent == 0 || q > 0 || q < -140) return pinfi_write_double_standard(out, value);

    *out = '-';
    out += bits >> 63;
    const uint64_t c = fraction | 1ull << 52;
    uint64_t digits;
    int k;
    if (-q < 53 && (c & ((1ull << -q) - 1)) == 0) { // a whole number below 2^53
        digits = c >> -q;
        k = 0;
    } else {
        // k = floor(log10 2^q), of three quarters of 2^q where the neighbour below is at half the distance.
        const unsigned is_odd = c & 1;
        const bool is_closer = fraction == 0;
        k = (q * 1262611 - (is_closer ? 524031 : 0)) >> 22;
        const int h = q + ((-k * 1741647) >> 19) + 1;
        const uint64_t *g = powers_of_ten[-k - lowest_power];
        // Four times the value and the ends of its rounding interval, in units of 10^k.
        const uint64_t v = round_to_odd(g, 4 * c << h);
        const uint64_t lower = round_to_odd(g, (4 * c - 2 + is_closer) << h) + is_odd;
        const uint64_t upper = round_to_odd(g, (4 * c + 2) << h) - is_odd;
        const uint64_t s = v / 4, t = s / 10;
        const bool t_is_inside = lower <= 40 * t, t1_is_inside = 40 * t + 40 <= upper;
        if (t_is_inside != t1_is_inside) { // the one decimal that is a digit shorter
            digits = t + t1_is_inside;
            k += 1;
        } else {
            const bool s_is_inside = lower <= 4 * s, s1_is_inside = 4 * s + 4 <= upper;
            const uint64_t middle = 4 * s + 2;
            const bool s1_is_nearer = v > middle || (v == middle && (s & 1));
            digits = s + (s_is_inside != s1_is_inside ? s1_is_inside : s1_is_nearer);
        }
    }
    if (digits % 10 == 0) { // the decimals that people write have many zeros here
        if (digits % 100000000 == 0) { digits /= 100000000; k += 8; }
        if (digits % 10000 == 0) { digits /= 10000; k += 4; }
        if (digits % 100 == 0) { digits /= 100; k += 2; }
        while (digits % 10 == 0) { digits /= 10; k += 1; }
    }
    return write_decimal(out, digits, k);
}

#else

char *pinfi_write_double(char *out, double value) { return pinfi_write_double_standard(out, value); }

#endif
