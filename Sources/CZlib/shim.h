// Inflation by zlib. No logic and no stable API.
#ifndef PINFI_CZLIB_SHIM_H
#define PINFI_CZLIB_SHIM_H
#include <zlib.h>

// inflateInit2 is a macro; 16 more than the window's bits means the gzip format.
static inline int pinfi_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 16 + MAX_WBITS); }
#endif
