// What Swift cannot import from GSL as it stands. No logic and no stable API.
#ifndef PINFI_CGSL_SHIM_H
#define PINFI_CGSL_SHIM_H

// gsl_cblas.h repeats the enumerations of cblas.h, and the importer refuses the pair; OpenBLAS's are the ones in use.
#include <cblas.h>
#define __GSL_CBLAS_H__
#include <gsl/gsl_version.h>

// `gsl_version` is a mutable global and so "not concurrency-safe"; nothing ever writes to it.
static inline const char *pinfi_gsl_version(void) { return gsl_version; }

#endif
