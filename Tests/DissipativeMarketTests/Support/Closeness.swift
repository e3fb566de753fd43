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
