// The events of libyaml. No logic and no stable API.
#ifndef PINFI_CYAML_SHIM_H
#define PINFI_CYAML_SHIM_H
#include <yaml.h>
#endif
