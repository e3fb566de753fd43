// Thin C faces of std::to_chars and std::from_chars, which Swift cannot call by itself.
#include "CNumberFormat.h"
#include <charconv>
#include <cmath>
#include <locale.h>
#include <stdlib.h>
#include <string>

char *pinfi_write_rounded(char *out, double value, int digits) {
    return std::to_chars(out, out + PINFI_NUMBER_CHARACTERS, value, std::chars_format::general, digits).ptr;
}

char *pinfi_write_integer(char *out, long long value) {
    return std::to_chars(out, out + PINFI_NUMBER_CHARACTERS, value).ptr;
}

// from_chars says "out of range" of 1e400 and of 1e-400 alike; strtod tells them apart.
static double read_out_of_range(const char *begin, const char *end) {
    static const locale_t c_locale = newlocale(LC_ALL_MASK, "C", nullptr);
    return strtod_l(std::string(begin, end).c_str(), nullptr, c_locale);
}

enum pinfi_read_result pinfi_read_double(const char *begin, const char *end, double *value) {
    // from_chars takes no plus sign.
    if (end - begin > 1 && *begin == '+' && begin[1] != '-') ++begin;
    const auto result = std::from_chars(begin, end, *value);
    if (result.ec == std::errc::invalid_argument || result.ptr != end) return PINFI_READ_NOT_A_NUMBER;
    if (result.ec == std::errc::result_out_of_range) {
        *value = read_out_of_range(begin, end);
        return std::isfinite(*value) ? PINFI_READ_OK : PINFI_READ_TOO_LARGE;
    }
    return std::isfinite(*value) ? PINFI_READ_OK : PINFI_READ_NOT_A_NUMBER;
}
