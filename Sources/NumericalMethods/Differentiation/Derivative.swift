import CGSL

/// A derivative by differences.
public struct Derivative: Equatable, Sendable {
    /// The side of the point from which the differences were taken.
    public enum Side: String, Sendable {
        /// Differences from both sides.
        case central
        /// Differences from above only.
        case forward
        /// Differences from below only.
        case backward
    }

    /// The derivative.
    public let value: Double
    /// An estimate of its absolute error, by truncation and by rounding.
    public let error: Double
    /// The side of the differences: only one at the edge of the domain, or where f is not finite on the other side.
    public let side: Side
}

/// The derivative of a function at a point, with an estimate of its error.
///
/// GSL's `gsl_deriv_central`: the rule of five points x ± h, x ± h/2, which is Richardson's extrapolation of two central
/// differences with an error of order h⁴, the difference to the rule of three points as its error; where rounding is the
/// smaller part, it is repeated with the shorter step that balances both. Where the domain ends within a tenth of the
/// step, and where f is not finite on one side, `gsl_deriv_forward` or `gsl_deriv_backward`, four points on one side.
///
/// The estimate takes the function to be smooth within the step: a kink or a jump there it may not tell.
///
/// - Parameters:
///   - x: a finite point of the domain.
///   - domain: where f is defined; infinite ends are allowed.
///   - step: h at first; by default 1e−3 |x|, or of the domain's width or of 1, whichever is smaller, at x = 0.
///   - f: the function; what is not finite is taken as undefined.
/// - Throws: ``DerivativeError``.
public func derivative(
    at x: Double, in domain: ClosedRange<Double> = -Double.infinity...Double.infinity, step: Double? = nil,
    of f: (Double) -> Double
) throws(DerivativeError) -> Derivative {
    guard x.isFinite, domain.contains(x) else { throw .outsideOfDomain(x: x, domain: domain) }
    let width = domain.upperBound - domain.lowerBound
    let wanted = step ?? 1e-3 * (x != 0 ? abs(x) : min(width, 1))
    guard wanted > 0, wanted.isFinite else { throw .step(wanted) }
    let (below, above) = (x - domain.lowerBound, domain.upperBound - x)
    // As short as half of that, the points would round to a few different ones.
    let shortest = 64 * max(abs(x).ulp, .leastNormalMagnitude)
    var undefinedAt: Double?
    for side in [Derivative.Side.central, above >= below ? .forward : .backward, above >= below ? .backward : .forward]
    {
        let room =
            switch side {
            case .central: min(below, above)
            case .forward: above
            case .backward: below
            }
        let h = min(wanted, room)
        guard h >= shortest, side != .central || h >= wanted / 10 else { continue }
        let result = withoutActuallyEscaping(f) { difference(DifferenceContext(f: $0), x, h, side) }
        if result.undefinedAt == nil {
            return Derivative(value: result.value, error: result.error, side: side)
        }
        undefinedAt = undefinedAt ?? result.undefinedAt
    }
    if let undefinedAt { throw .notFinite(at: undefinedAt) }
    throw .noRoom(x: x, domain: domain)
}

private struct DifferenceContext {
    let f: (Double) -> Double
    var undefinedAt: Double?
}

private func difference(
    _ context: DifferenceContext, _ x: Double, _ h: Double, _ side: Derivative.Side
) -> (value: Double, error: Double, undefinedAt: Double?) {
    _ = GSLErrors.silenced
    var context = context
    var value = 0.0
    var error = 0.0
    withUnsafeMutablePointer(to: &context) { context in
        var function = gsl_function(
            function: { x, parameters in
                guard let context = parameters?.assumingMemoryBound(to: DifferenceContext.self) else { return .nan }
                let value = context.pointee.f(x)
                if !value.isFinite && context.pointee.undefinedAt == nil { context.pointee.undefinedAt = x }
                return value
            }, params: UnsafeMutableRawPointer(context))
        switch side {
        case .central: _ = gsl_deriv_central(&function, x, h, &value, &error)
        case .forward: _ = gsl_deriv_forward(&function, x, h, &value, &error)
        case .backward: _ = gsl_deriv_backward(&function, x, h, &value, &error)
        }
    }
    // Finite values whose differences overflow.
    if context.undefinedAt == nil, !value.isFinite || !error.isFinite { context.undefinedAt = x }
    return (value, error, context.undefinedAt)
}

/// What keeps a function from having a derivative by differences.
public enum DerivativeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The point is not in the domain, or not finite.
    case outsideOfDomain(x: Double, domain: ClosedRange<Double>)
    /// A step that is not positive and finite.
    case step(Double)
    /// The function is not finite there, nor on the other side, or its differences overflow.
    case notFinite(at: Double)
    /// The domain is too narrow for differences.
    case noRoom(x: Double, domain: ClosedRange<Double>)

    /// The error in a line.
    public var description: String {
        switch self {
        case .outsideOfDomain(let x, let domain):
            "the point is \(x); allowed: a finite number from \(domain.lowerBound) to \(domain.upperBound)"
        case .step(let step): "the step is \(step); allowed: a finite number greater than 0"
        case .notFinite(let x): "the function is not finite at \(x)"
        case .noRoom(let x, let domain):
            "the domain from \(domain.lowerBound) to \(domain.upperBound) is too narrow for differences at \(x)"
        }
    }
}
