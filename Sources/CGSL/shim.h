// What Swift cannot import from GSL as it stands. No logic and no stable API.
#ifndef PINFI_CGSL_SHIM_H
#define PINFI_CGSL_SHIM_H

// gsl_cblas.h repeats the enumerations of cblas.h, and the importer refuses the pair; OpenBLAS's are the ones in use.
#include <cblas.h>
#define __GSL_CBLAS_H__
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_deriv.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_version.h>

// Globals of the library are "not concurrency-safe" to Swift; nothing ever writes to these.
static inline const char *pinfi_gsl_version(void) { return gsl_version; }

static inline const gsl_odeiv2_step_type *pinfi_gsl_step_rkf45(void) { return gsl_odeiv2_step_rkf45; }
static inline const gsl_odeiv2_step_type *pinfi_gsl_step_rkck(void) { return gsl_odeiv2_step_rkck; }
static inline const gsl_odeiv2_step_type *pinfi_gsl_step_rk8pd(void) { return gsl_odeiv2_step_rk8pd; }
static inline const gsl_odeiv2_step_type *pinfi_gsl_step_msadams(void) { return gsl_odeiv2_step_msadams; }
static inline const gsl_odeiv2_step_type *pinfi_gsl_step_msbdf(void) { return gsl_odeiv2_step_msbdf; }
static inline const gsl_odeiv2_step_type *pinfi_gsl_step_bsimp(void) { return gsl_odeiv2_step_bsimp; }

static inline const gsl_root_fsolver_type *pinfi_gsl_root_brent(void) { return gsl_root_fsolver_brent; }

#endif
