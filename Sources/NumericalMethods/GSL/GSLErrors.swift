import CGSL

/// The error handling of the GNU Scientific Library: its own handler, which ends the process, is switched off, and the
/// codes that its functions return become typed errors.
enum GSLErrors {
    /// Touched before any call of the library that can fail.
    static let silenced: Void = { _ = gsl_set_error_handler_off() }()

    /// What the library says about a code.
    static func text(_ code: Int32) -> String { gsl_strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}
