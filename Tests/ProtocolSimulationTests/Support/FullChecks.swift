#if canImport(Glibc)
    import Glibc
#endif

/// Whether the checks run at full size, which takes minutes: where PINFI_PROTOCOL_CHECKS is `full`, as
/// `scripts/check-protocol` sets it.
let fullChecks = getenv("PINFI_PROTOCOL_CHECKS").map { String(cString: $0) } == "full"
