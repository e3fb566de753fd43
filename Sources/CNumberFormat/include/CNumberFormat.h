// Shortest decimals that read back to the same double, and the way back. No stable API.
#ifndef PINFI_CNUMBERFORMAT_H
#define PINFI_CNUMBERFORMAT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The characters that each of the functions below needs room for; none of them writes a terminating NUL.
#define PINFI_NUMBER_CHARACTERS 32

/// Writes the shortest decimal that reads back to `value` and returns one past its last character. What lies behind that,
/// within the room, may be written over.
char *pinfi_write_double(char *out, double value);

/// The same bytes by the C++ standard library, more slowly.
char *pinfi_write_double_standard(char *out, double value);

/// Writes `value` to `digits` significant digits (at most 17) as printf's %g does; returns one past the last character.
char *pinfi_write_rounded(char *out, double value, int digits);

/// Writes `value` and returns one past its last character.
char *pinfi_write_integer(char *out, long long value);

enum pinfi_read_result { PINFI_READ_OK, PINFI_READ_NOT_A_NUMBER, PINFI_READ_TOO_LARGE };

/// Reads all of the characters from `begin` to `end` as one decimal number, correctly rounded, in no locale but C's.
/// A number too small for a double reads as zero. Words ("nan", "inf") and hexadecimal are no numbers.
enum pinfi_read_result pinfi_read_double(const char *begin, const char *end, double *value);

#ifdef __cplusplus
}
#endif
#endif
