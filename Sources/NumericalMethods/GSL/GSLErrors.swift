import CGSL

/// GSL's error handler and error codes.
enum GSLErrors {
    /// Switches GSL's error handler off, once: as it comes it aborts the process.
    ///
    /// Every wrapper touches this before it calls GSL, and turns the codes that GSL then returns into typed errors.
    static let silenced: Void = { _ = gsl_set_error_handler_off() }()

    /// GSL's words for one of its codes: "singularity" for `GSL_ESING`.
    static func text(_ code: Int32) -> String {
        guard let text = gsl_strerror(code) else { return "GSL's error \(code)" }
        return String(cString: text)
    }
}
