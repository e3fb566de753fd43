#if canImport(Glibc)
    import Glibc
#endif

/// Whether the checks run at full size, which takes minutes: where the environment has PINFI_FULL_CHECKS.
let fullChecks = getenv("PINFI_FULL_CHECKS") != nil
