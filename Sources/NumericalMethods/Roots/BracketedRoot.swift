public enum RootError: Error { case noSignChange, notConverged }
public struct BracketedRoot: Equatable, Sendable { public let value: Double; public let bracket: ClosedRange<Double>; public let residual: Double; public let evaluations: Int }
public func bracketedRoot(in interval: ClosedRange<Double>, absoluteTolerance: Double = 0, relativeTolerance: Double = 0, maximumEvaluations: Int = 200, of f: (Double) -> Double) throws(RootError) -> BracketedRoot {
    var (a, b) = (interval.lowerBound, interval.upperBound)
    let fa = f(a), fb = f(b)
    guard (fa > 0) != (fb > 0) else { throw .noSignChange }
    while b - a > 2 * max(abs(a), abs(b)).ulp { let m = a + (b - a) / 2; let v = f(m); if v.isNaN { throw .notConverged }; if (v > 0) == (fa > 0) { a = m } else { b = m } }
    return BracketedRoot(value: b, bracket: a...b, residual: f(b), evaluations: 0)
}
