import CGSL
import Testing

@testable import NumericalMethods

@Suite struct GSLErrorsTests {
    /// With GSL's own handler this would abort the process.
    @Test func anErrorIsACode() throws {
        _ = GSLErrors.silenced
        let solver = try #require(gsl_root_fsolver_alloc(pinfi_gsl_root_brent()))
        defer { gsl_root_fsolver_free(solver) }
        var function = gsl_function(function: { x, _ in x * x + 1 }, params: nil)
        // No change of sign, and then an interval that is reversed.
        #expect(gsl_root_fsolver_set(solver, &function, -1, 1) == Int32(GSL_EINVAL))
        #expect(gsl_root_fsolver_set(solver, &function, 1, -1) == Int32(GSL_EINVAL))
    }

    @Test func codesHaveWords() {
        #expect(GSLErrors.text(Int32(GSL_EINVAL)) == "invalid argument supplied by user")
        #expect(!GSLErrors.text(12345).isEmpty)
    }
}
