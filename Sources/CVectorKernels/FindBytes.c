// Where the bytes stand that a parser has to look at.

#include "CVectorKernels.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

size_t pinfi_find_bytes(const uint8_t *bytes, size_t count, const uint8_t wanted[PINFI_WANTED_BYTES], uint32_t *places,
    uint8_t *all_bits) {
    size_t found = 0, i = 0;
    uint8_t bits = 0;
#if defined(__SSE2__)
    __m128i patterns[PINFI_WANTED_BYTES], all = _mm_setzero_si128();
    for (int j = 0; j < PINFI_WANTED_BYTES; j++) patterns[j] = _mm_set1_epi8((char)wanted[j]);
    for (; i + 16 <= count; i += 16) {
        const __m128i some = _mm_loadu_si128((const __m128i *)(bytes + i));
        __m128i equal = _mm_cmpeq_epi8(some, patterns[0]);
        for (int j = 1; j < PINFI_WANTED_BYTES; j++) equal = _mm_or_si128(equal, _mm_cmpeq_epi8(some, patterns[j]));
        all = _mm_or_si128(all, some);
        for (unsigned mask = (unsigned)_mm_movemask_epi8(equal); mask; mask &= mask - 1)
            places[found++] = (uint32_t)(i + (size_t)__builtin_ctz(mask));
    }
    if (_mm_movemask_epi8(all)) bits = 0x80;
#endif
    for (; i < count; i++) {
        bits |= bytes[i];
        for (int j = 0; j < PINFI_WANTED_BYTES; j++) {
            if (bytes[i] != wanted[j]) continue;
            places[found++] = (uint32_t)i;
            break;
        }
    }
    *all_bits = bits & 0x80;
    return found;
}

size_t pinfi_count_byte(const uint8_t *bytes, size_t count, uint8_t wanted) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += bytes[i] == wanted;
    return found;
}
