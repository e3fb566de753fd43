#include "CNumberFormat.h"
#include <charconv>

char *pinfi_write_double(char *out, double value) {
    return std::to_chars(out, out + PINFI_DOUBLE_CHARACTERS, value).ptr;
}
