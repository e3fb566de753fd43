/// N equations in N + 1 unknowns, the solutions of which form curves.
public protocol CurveProblem {
    /// What is known of a solution beside its unknowns: eigenvalues, for example.
    associatedtype Details: Sendable
    /// The equations linearised at a point.
    associatedtype Linear: BorderedSystem
    /// The weight of each unknown in the norm by which arclength and angles are measured.
    var weights: [Double] { get }
    /// The equations with their derivative at a point; nil where they are not defined.
    func linearised(at x: [Double]) -> Linear?
    /// What is known of a solution, which is linearised already, beside its unknowns.
    func details(at x: [Double], tangent: [Double], _ linear: Linear) throws(LinearAlgebraError) -> Details
    /// A point near a guess at which the derivative of the equations is singular, so that curves may cross; nil where none is found,
    /// or none is looked for.
    func singularPoint(near guess: [Double]) -> [Double]?
    /// Makes the problem ready for the step that leaves a point: reference solutions, bordering vectors, meshes. The point
    /// comes back in the unknowns of the problem as it is now.
    mutating func prepare(for point: CurvePoint<Details>, stepNumber: Int) -> CurvePoint<Details>
}

extension CurveProblem {
    public mutating func prepare(for point: CurvePoint<Details>, stepNumber: Int) -> CurvePoint<Details> { point }

    public func singularPoint(near guess: [Double]) -> [Double]? { nil }

    /// ⟨a, b⟩ with the weights.
    func inner(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for k in weights.indices { sum += weights[k] * a[k] * b[k] }
        return sum
    }
}

/// N linear equations, which one more row makes square.
public protocol BorderedSystem {
    /// What is left of the equations at the point of linearisation: the largest modulus among its components.
    var residual: Double { get }
    /// The Newton step: the derivative times it is minus the residual, and `row` times it is `last`.
    func newtonStep(row: [Double], last: Double) throws(LinearAlgebraError) -> [Double]
    /// The vector that the derivative takes to 0 and with which `row` makes 1.
    func kernel(row: [Double]) throws(LinearAlgebraError) -> [Double]
}

/// A point of a curve.
public struct CurvePoint<Details: Sendable>: Sendable {
    /// The unknowns.
    public var x: [Double]
    /// The direction of the curve, of norm 1.
    public var tangent: [Double]
    /// What is known of the point beside its unknowns.
    public var details: Details
    /// The arclength of the step that led here; 0 at a start.
    public var step = 0.0
    /// The Newton steps that it took.
    public var iterations: Int
    /// The largest modulus among the components of the equations.
    public var residual: Double
}

/// N equations with a dense derivative of N rows and N + 1 columns.
public struct DenseBorderedSystem: BorderedSystem {
    let value: [Double]
    let derivative: Matrix

    public var residual: Double { value.reduce(0) { max($0, abs($1)) } }

    public func newtonStep(row: [Double], last: Double) throws(LinearAlgebraError) -> [Double] {
        try bordered(by: row).solve(value.map { -$0 } + [last])
    }

    public func kernel(row: [Double]) throws(LinearAlgebraError) -> [Double] {
        try bordered(by: row).solve([Double](repeating: 0, count: value.count) + [1])
    }

    /// The derivative with one more row.
    func bordered(by row: [Double]) throws(LinearAlgebraError) -> LUFactors {
        let n = derivative.columns
        return try LUFactors(
            Matrix(unchecked: derivative.elements + row, rows: n, columns: n), replacesZeroPivots: true)
    }
}
