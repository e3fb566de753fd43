// What happens before main, and before the constructors of the libraries: see Startup.c. Linking it is all.
#pragma once
