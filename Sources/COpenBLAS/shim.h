// OpenBLAS's own interface. No logic and no stable API.
#ifndef PINFI_COPENBLAS_SHIM_H
#define PINFI_COPENBLAS_SHIM_H
#include <cblas.h>
#endif
