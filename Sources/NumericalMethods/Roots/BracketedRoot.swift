import CGSL

/// A root of a function of one variable, by a bracket that holds it.
public struct BracketedRoot: Equatable, Sendable {
    /// The end of the bracket where the function is smaller in modulus.
    public let value: Double
    /// Where the sign changes: the function was evaluated at both ends and has opposite signs there, or the bracket is
    /// one point and the function exactly 0 in it.
    public let bracket: ClosedRange<Double>
    /// The function at ``value``.
    public let residual: Double
    /// How often the function was evaluated.
    public let evaluations: Int
}

/// A root of a continuous function between two points where its signs differ.
///
/// The search ends when the bracket is at most max(`absoluteTolerance`, `relativeTolerance`·|x|, 2 ulp of x) wide, x
/// being
/// the end with the smaller |f|, or where f is exactly 0. With the tolerances at 0 the sign change is thus known to 2
/// ulp.
/// What changes sign by a jump has its jump found, and a pole is found like a root: ``BracketedRoot/residual`` tells
/// them apart. f is evaluated in the interval only, and twice nowhere.
///
/// Method: Brent's, by GSL (`gsl_root_fsolver_brent`), while it gets ahead. It is not let finish: alone it takes 167
/// evaluations for (x − 1)³ from −3 to 8, 1,090 for x³ and 1,077 for a jump at 0 from −1 to 2, 105 for (x − 1) − 2⁻⁶⁰
/// from 0.5 to 1.7 (its shortest step, ε|x|/2, rounds to none at a power of two), and from −1.7e308 to 1.7e308, where
/// the difference of the ends overflows, it leaves for −∞. So steps of the tolerance's size, growing, look for the
/// other side of the root, and then bisection halves the *number of doubles* in the bracket, which takes at most 64
/// steps from any bracket to one of neighbours. All in all no function takes more than 110 evaluations.
///
/// - Parameters:
///   - interval: two finite numbers at which f has different signs, or is 0 at one.
///   - absoluteTolerance: 0 or more.
///   - relativeTolerance: 0 or more.
///   - maximumEvaluations: at least 2. Below 110 it may be what ends the search, with an error.
///   - f: a function that is finite in the interval.
/// - Throws: ``RootError``: no sign change, f not finite where it was needed, an infinite end, a tolerance that is
///   negative or not a finite number, the limit on evaluations met.
public func bracketedRoot(
    in interval: ClosedRange<Double>, absoluteTolerance: Double = 0, relativeTolerance: Double = 0,
    maximumEvaluations: Int = 200, of f: (Double) -> Double
) throws(RootError) -> BracketedRoot {
    for (name, value) in [("absolute tolerance", absoluteTolerance), ("relative tolerance", relativeTolerance)]
    where !(value >= 0 && value < .infinity) {
        throw .outOfRange(name: name, value: value, allowed: "a finite number, 0 or more")
    }
    guard maximumEvaluations >= 2 else {
        throw .outOfRange(name: "maximum of evaluations", value: Double(maximumEvaluations), allowed: "2 or more")
    }
    let lower = interval.lowerBound
    let upper = interval.upperBound
    guard lower.isFinite, upper.isFinite else { throw .infiniteInterval(lower: lower, upper: upper) }

    let atLower = f(lower)
    guard atLower.isFinite else { throw .notFinite(at: lower) }
    if atLower == 0 { return BracketedRoot(value: lower, bracket: lower...lower, residual: atLower, evaluations: 1) }
    let atUpper = f(upper)
    guard atUpper.isFinite else { throw .notFinite(at: upper) }
    if atUpper == 0 { return BracketedRoot(value: upper, bracket: upper...upper, residual: atUpper, evaluations: 2) }
    guard (atLower < 0) != (atUpper < 0) else {
        throw .noSignChange(lower: lower, upper: upper, atLower: atLower, atUpper: atUpper)
    }
    let result = withoutActuallyEscaping(f) { f in
        var search = BracketSearch(
            f: f, low: lower, high: upper, atLow: atLower, atHigh: atUpper, absoluteTolerance: absoluteTolerance,
            relativeTolerance: relativeTolerance, maximumEvaluations: maximumEvaluations)
        search.followBrent()
        search.lookBehindTheRoot()
        search.halve()
        return search.result
    }
    return try result.get()
}

/// The bracket, with everything that was learnt of the function: each evaluation moves an end.
private struct BracketSearch {
    let f: (Double) -> Double
    var low: Double
    var high: Double
    var atLow: Double
    var atHigh: Double
    let absoluteTolerance: Double
    let relativeTolerance: Double
    let maximumEvaluations: Int
    var evaluations = 2
    /// The point where f was not finite.
    var undefinedAt: Double?

    /// Brent's method needs some 10 evaluations where it does well; bisection is better where it needs this many.
    private static let evaluationsOfBrent = 32
    /// Each is twice the one before: with the eighth, at 128 times the tolerance, bisection would have been quicker.
    private static let stepsBehindTheRoot = 8

    var best: Double { abs(atLow) <= abs(atHigh) ? low : high }

    var tolerance: Double { max(absoluteTolerance, relativeTolerance * abs(best), 2 * best.ulp) }

    /// Whether there is nothing left to do, or nothing that may still be done.
    var isOver: Bool { isShort || undefinedAt != nil || evaluations >= maximumEvaluations }

    private var isShort: Bool { high - low <= tolerance }

    var result: Result<BracketedRoot, RootError> {
        if let undefinedAt { return .failure(.notFinite(at: undefinedAt)) }
        guard isShort else { return .failure(.notConverged(lower: low, upper: high, evaluations: evaluations)) }
        let residual = abs(atLow) <= abs(atHigh) ? atLow : atHigh
        return .success(
            BracketedRoot(value: best, bracket: low...high, residual: residual, evaluations: evaluations))
    }

    /// Evaluates f at a point inside of the bracket and moves the end of the same sign there.
    mutating func evaluate(_ x: Double) -> Double {
        let value = f(x)
        evaluations += 1
        if !value.isFinite {
            undefinedAt = x
        } else if value == 0 {
            (low, high, atLow, atHigh) = (x, x, value, value)
        } else if (value < 0) == (atLow < 0) {
            (low, atLow) = (x, value)
        } else {
            (high, atHigh) = (x, value)
        }
        return value
    }

    // MARK: - Brent's method

    /// Brent's method, for as long as it moves, by more than half of the tolerance, within the bracket.
    mutating func followBrent() {
        guard !isOver else { return }
        _ = GSLErrors.silenced
        // Without memory for it bisection does the whole of the work.
        guard let solver = gsl_root_fsolver_alloc(pinfi_gsl_root_brent()) else { return }
        defer { gsl_root_fsolver_free(solver) }
        let lower = low
        let upper = high
        withUnsafeMutablePointer(to: &self) { search in
            var function = gsl_function(
                function: { x, parameters in
                    guard let search = parameters?.assumingMemoryBound(to: BracketSearch.self) else { return .nan }
                    return search.pointee.answer(x)
                }, params: UnsafeMutableRawPointer(search))
            withUnsafeMutablePointer(to: &function) { function in
                guard gsl_root_fsolver_set(solver, function, lower, upper) == GSL_SUCCESS else { return }
                // GSL's estimate is the middle at first, which is no step's start.
                var last = Double.infinity
                while !search.pointee.isOver && search.pointee.evaluations < BracketSearch.evaluationsOfBrent {
                    let before = search.pointee.evaluations
                    let code = gsl_root_fsolver_iterate(solver)
                    let root = gsl_root_fsolver_root(solver)
                    guard code == GSL_SUCCESS, search.pointee.evaluations > before else { return }
                    if abs(root - last) <= search.pointee.tolerance / 2 { return }
                    last = root
                }
            }
        }
    }

    /// The answer to GSL, which may ask again for what is known, and where a difference of two doubles overflows for a
    /// point outside of the bracket: there it is told NaN, and gives up.
    private mutating func answer(_ x: Double) -> Double {
        if x == low { return atLow }
        if x == high { return atHigh }
        guard x > low, x < high else { return .nan }
        return evaluate(x)
    }

    // MARK: - The end of the search

    /// Steps from the better end to the other, from the tolerance's size on: one of them is all that is left to do
    /// where Brent's method has converged from one side.
    mutating func lookBehindTheRoot() {
        var step = tolerance
        for _ in 0..<BracketSearch.stepsBehindTheRoot {
            guard !isOver else { return }
            let fromLow = best == low
            let x = fromLow ? low + step : high - step
            guard x > low, x < high else { return }
            _ = evaluate(x)
            guard (best == low) == fromLow, best == x else { return }
            step *= 2
        }
    }

    /// Bisection of the number of doubles in the bracket.
    mutating func halve() {
        while !isOver { _ = evaluate(middle(low, high)) }
    }
}

/// The double with as many doubles between it and `low` as between it and `high`, or one more.
private func middle(_ low: Double, _ high: Double) -> Double {
    let a = place(low)
    let b = place(high)
    // The floor of the mean without the overflow of the sum.
    let place = (a >> 1) + (b >> 1) + (a & b & 1)
    let magnitude = Double(bitPattern: place.magnitude)
    return place < 0 ? -magnitude : magnitude
}

/// The place of a double among all of them, 0 for 0.
private func place(_ x: Double) -> Int64 {
    let magnitude = Int64(x.magnitude.bitPattern)
    return x < 0 ? -magnitude : magnitude
}
