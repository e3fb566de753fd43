/// A root of F: ℝⁿ → ℝⁿ by Newton's method, damped.
///
/// From x the step δ = −J(x)⁻¹F(x) is taken in full if that makes ‖F‖₂ fall, else in part: the fraction t is accepted
/// when ‖F(x + tδ)‖² ≤ (1 − 2·10⁻⁴t)‖F(x)‖² (Armijo's rule for ½‖F‖², whose slope along δ is −‖F‖²), and shortened
/// otherwise to the smallest point of the parabola through what is known, between a tenth and a half of t. Where F is
/// not finite t is divided by ten, so the start alone has to lie in F's domain. Near a root with a regular Jacobian the
/// steps are full ones, and the error is squared by each. After Dennis and Schnabel, *Numerical Methods for
/// Unconstrained Optimization and Nonlinear Equations*, sections 6.3 and 6.5.
///
/// A small residual is no proof of a root: e^x goes to 0 and has none. So a root has to have ‖F‖ ≤ `tolerance` *and* a
/// next step ‖J⁻¹F‖ ≤ `stepTolerance`·max(1, ‖x‖), which of e^x is 1 everywhere. With the default of √ε that last step,
/// which is taken as well where it does not enlarge ‖F‖, leaves an error of about ε. A root whose Jacobian is singular
/// is approached linearly; a point at which the elimination finds it singular ends the run, even with F = 0, for x² at
/// 0 and an e^x that underflowed look the same. For one unknown a bracket proves more:
/// ``bracketedRoot(in:absoluteTolerance:relativeTolerance:maximumEvaluations:of:)``.
///
/// - Parameters:
///   - start: n finite numbers where F is finite.
///   - tolerance: 0 or more, in the units of F. With 0 the run ends where rounding ends it.
///   - stepTolerance: 0 or more.
///   - maximumIterations: 0 or more.
///   - residual: F, n numbers; where it is not defined, any of them infinite or NaN, or another number of them.
///   - jacobian: J, n × n: row i has the derivatives of F_i.
/// - Returns: a run that ended at a root: ``NewtonEnding/withinTolerance`` or ``NewtonEnding/roundingLimited``.
/// - Throws: ``RootError``: any other ending as ``RootError/newtonStopped(_:)``, with the run; a start that is no such
///   point, shapes that do not fit, a parameter out of range.
public func newtonRoot(
    from start: [Double], tolerance: Double, stepTolerance: Double = 0x1p-26, maximumIterations: Int = 50,
    residual: ([Double]) -> [Double], jacobian: ([Double]) -> Matrix
) throws(RootError) -> NewtonSolution {
    for (name, value) in [("tolerance", tolerance), ("step tolerance", stepTolerance)] where !(value >= 0) {
        throw .outOfRange(name: name, value: value, allowed: "a number, 0 or more")
    }
    guard maximumIterations >= 0 else {
        throw .outOfRange(name: "maximum of iterations", value: Double(maximumIterations), allowed: "0 or more")
    }
    if let i = start.firstIndex(where: { !$0.isFinite }) {
        throw .outOfRange(name: "element \(i) of the start", value: start[i], allowed: "a finite number")
    }
    let n = start.count
    var run = NewtonRun(x: start, residual: residual(start))
    guard run.residual.count == n else { throw .wrongShape(name: "residual", count: run.residual.count, expected: n) }
    guard run.norm.isFinite else { throw .residualNotFinite(at: start) }
    var ending: NewtonEnding?
    while ending == nil {
        let matrix = jacobian(run.x)
        run.jacobianEvaluations += 1
        guard matrix.rows == n, matrix.columns == n, matrix.elements.count == n * n else {
            throw .wrongShape(name: "elements of the Jacobian", count: matrix.elements.count, expected: n * n)
        }
        let step: [Double]
        do {
            step = try solve(matrix, run.residual.map { -$0 })
        } catch {
            ending = NewtonEnding(error)
            break
        }
        run.stepNorms.append(euclideanNorm(step))
        let isLast = run.stepFractions.count == maximumIterations
        if run.isRoot(tolerance: tolerance, stepTolerance: stepTolerance) {
            ending = .withinTolerance
            if !isLast { run.polish(step, residual) }
        } else if zip(run.x, step).allSatisfy({ abs($1) <= 2 * $0.ulp }) {
            ending = .roundingLimited
        } else if isLast {
            ending = .maximumIterations
        } else if !run.descend(step, residual) {
            ending = .noDescent
        }
    }
    let solution = NewtonSolution(
        x: run.x, residual: run.residual, residualNorms: run.residualNorms, stepFractions: run.stepFractions,
        stepNorms: run.stepNorms, residualEvaluations: run.residualEvaluations,
        jacobianEvaluations: run.jacobianEvaluations, tolerance: tolerance, stepTolerance: stepTolerance,
        maximumIterations: maximumIterations, ending: ending ?? .maximumIterations)
    guard solution.ending.isRoot else { throw .newtonStopped(solution) }
    return solution
}

extension NewtonEnding {
    /// The ending of a run whose step could not be computed.
    fileprivate init(_ error: LinearAlgebraError) {
        switch error {
        case .singular(let pivot): self = .singularJacobian(pivot: pivot)
        case .notFinite: self = .jacobianNotFinite
        default: self = .singularJacobian(pivot: nil)  // the step overflowed; shapes were checked
        }
    }
}

/// Where a run is, and how it came there.
private struct NewtonRun {
    var x: [Double]
    var residual: [Double]
    var norm: Double
    var residualNorms: [Double]
    var stepNorms: [Double] = []
    var stepFractions: [Double] = []
    var residualEvaluations = 1
    var jacobianEvaluations = 0

    /// The slope of ½‖F‖² along the step that an accepted fraction keeps, as a share of what it is at first.
    private static let keptSlope = 1e-4
    /// Enough for fractions down to 0, though only of steps near the largest double so small ones are tried.
    private static let attempts = 320

    init(x: [Double], residual: [Double]) {
        self.x = x
        self.residual = residual
        norm = euclideanNorm(residual)
        residualNorms = [norm]
    }

    /// Whether residual and step are within tolerance; an F of 0 makes the step 0.
    func isRoot(tolerance: Double, stepTolerance: Double) -> Bool {
        guard let step = stepNorms.last else { return false }
        return norm <= tolerance && step <= stepTolerance * max(1, euclideanNorm(x))
    }

    /// Takes the step in full if that does not enlarge ‖F‖.
    mutating func polish(_ step: [Double], _ f: ([Double]) -> [Double]) {
        guard norm > 0, let trial = evaluate(step, fraction: 1, f), trial.norm <= norm else { return }
        take(trial, fraction: 1)
    }

    /// Takes as much of the step as makes ‖F‖ fall enough; false where there is no such fraction.
    mutating func descend(_ step: [Double], _ f: ([Double]) -> [Double]) -> Bool {
        var fraction = 1.0
        for _ in 0..<NewtonRun.attempts {
            guard let trial = evaluate(step, fraction: fraction, f) else { return false }
            let ratio = trial.norm / norm
            let square = ratio * ratio
            // In doubles the bound is 1 for the smallest fractions, where no fall would do.
            if square <= 1 - 2 * NewtonRun.keptSlope * fraction && ratio < 1 {
                take(trial, fraction: fraction)
                return true
            }
            // The smallest point of the parabola with the value 1 and the slope −2 at 0, in units of ‖F‖². NaN or an
            // infinity of the square make it the tenth.
            let lowest = fraction * fraction / (square - 1 + 2 * fraction)
            fraction = lowest > fraction / 10 ? min(lowest, fraction / 2) : fraction / 10
        }
        return false
    }

    private typealias Trial = (x: [Double], residual: [Double], norm: Double)

    /// F at a fraction of the step; nil where that is so short that no component changes.
    private mutating func evaluate(_ step: [Double], fraction: Double, _ f: ([Double]) -> [Double]) -> Trial? {
        let trial = zip(x, step).map { $0 + fraction * $1 }
        guard trial != x else { return nil }
        let value = f(trial)
        residualEvaluations += 1
        return (trial, value, value.count == x.count ? euclideanNorm(value) : .nan)
    }

    private mutating func take(_ trial: Trial, fraction: Double) {
        (x, residual, norm) = trial
        residualNorms.append(norm)
        stepFractions.append(fraction)
    }
}
