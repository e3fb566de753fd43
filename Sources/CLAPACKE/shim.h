// LAPACK's C interface. No logic and no stable API.
#ifndef PINFI_CLAPACKE_SHIM_H
#define PINFI_CLAPACKE_SHIM_H

// C's complex types reach Swift as opaque; plain structures of the same layout do not.
typedef struct { float real, imaginary; } pinfi_lapack_complex_float;
typedef struct { double real, imaginary; } pinfi_lapack_complex_double;
#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_float pinfi_lapack_complex_float
#define lapack_complex_double pinfi_lapack_complex_double
#include <lapacke.h>

#endif
