import Testing

/// Expects a number to agree with a check value to the digits given: within half a unit of the last one, plus `ulps`
/// units in the last place of a double, which is what the computation may lose and what the decimal, printed from a
/// double itself, may be off by.
func expectDigits(
    _ computed: Double, _ decimal: String, ulps: Double, _ comment: Comment? = nil,
    at location: SourceLocation = #_sourceLocation
) {
    guard let value = Double(decimal) else {
        Issue.record("\(decimal) is no number", sourceLocation: location)
        return
    }
    let decimals = decimal.split(separator: ".").dropFirst().first?.count ?? 0
    var halfUnit = 0.5
    for _ in 0..<decimals { halfUnit /= 10 }
    #expect(
        abs(computed - value) <= halfUnit + ulps * value.ulp, comment ?? "\(computed) against \(decimal)",
        sourceLocation: location)
}

/// A derivative by central differences with an estimate of its error: the steps h and h/2 combined so that the error of
/// order h² cancels; what they differ by, over three, is that order's size and bounds what is left, and `noise` is the
/// absolute error of a value of f.
func centralDifference(
    at x: Double, step h: Double, noise: Double, _ f: (Double) -> Double
) -> (value: Double, error: Double) {
    // The steps as they are taken, after rounding.
    let (right, left) = (x + h, x - h)
    let (nearRight, nearLeft) = (x + h / 2, x - h / 2)
    let coarse = (f(right) - f(left)) / (right - left)
    let fine = (f(nearRight) - f(nearLeft)) / (nearRight - nearLeft)
    return (fine + (fine - coarse) / 3, abs(fine - coarse) / 3 + 5 * noise / h)
}
