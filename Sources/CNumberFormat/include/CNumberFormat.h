// Shortest decimals that read back to the same double. No stable API.
#ifndef PINFI_CNUMBERFORMAT_H
#define PINFI_CNUMBERFORMAT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The most characters that pinfi_write_double writes.
#define PINFI_DOUBLE_CHARACTERS 32

/// Writes the shortest decimal that reads back to `value` (which must be finite) and returns one past its last character.
char *pinfi_write_double(char *out, double value);

#ifdef __cplusplus
}
#endif
#endif
