import ComplexModule
import RealModule

/// Rest points f(u, p) = 0 of a system with one parameter, as a curve in (u, p).
public struct RestCurve: CurveProblem {
    /// What is known of a rest point beside its place.
    public struct Details: Sendable {
        /// The eigenvalues of ∂f/∂u, by falling real part, of a pair the positive imaginary part first.
        public let eigenvalues: [Complex<Double>]
        /// det(2J ⊙ I) = Π_{i<j}(λ_i + λ_j), which vanishes with a pair ±iω or ±μ; NaN for one component.
        public let pairTest: Double
        /// The determinant of ∂f/∂(u, p) bordered by the tangent, which changes sign where branches cross and only there.
        public let branchTest: Double
        /// The parameter's component of the tangent, 0 at a fold.
        public let parameterTangent: Double

        /// How many eigenvalues are on the right.
        public var unstableCount: Int { eigenvalues.count { $0.real > 0 } }

        /// The product of the two eigenvalues whose sum is nearest to 0: ω² of a pair ±iω, and negative of a pair ±μ.
        public var criticalProduct: Double {
            criticalPair.map { ($0 * $1).real } ?? .nan
        }

        /// The two eigenvalues whose sum is nearest to 0.
        public var criticalPair: (Complex<Double>, Complex<Double>)? {
            var best: (Complex<Double>, Complex<Double>)?
            for i in eigenvalues.indices {
                for j in 0..<i {
                    let pair = (eigenvalues[j], eigenvalues[i])
                    // A sum of two values from different pairs is not real.
                    guard abs((pair.0 + pair.1).imaginary) <= 1e-9 * pair.0.length else { continue }
                    if let best, (best.0 + best.1).length <= (pair.0 + pair.1).length { continue }
                    best = pair
                }
            }
            return best
        }
    }

    public let system: any SmoothSystem
    public private(set) var weights: [Double]

    /// - Precondition: the system has one parameter.
    public init(_ system: any SmoothSystem) {
        precondition(system.parameterCount == 1, "a branch of rest points has one parameter")
        self.system = system
        weights = [Double](repeating: 1 / Double(system.dimension), count: system.dimension) + [1]
    }

    public func linearised(at x: [Double]) -> DenseBorderedSystem? {
        guard let (value, derivative) = system.linearised(at: x) else { return nil }
        return DenseBorderedSystem(value: value, derivative: derivative)
    }

    /// Components are measured in proportion where they are large, so that one that tends to infinity is followed in steps that
    /// grow.
    public mutating func prepare(for point: CurvePoint<Details>, stepNumber: Int) -> CurvePoint<Details> {
        var point = point
        for k in 0..<system.dimension { weights[k] = 1 / Double(system.dimension) / max(1, point.x[k] * point.x[k]) }
        let length = inner(point.tangent, point.tangent).squareRoot()
        point.tangent = point.tangent.map { $0 / length }
        return point
    }

    public func details(
        at x: [Double], tangent: [Double], _ linear: DenseBorderedSystem
    ) throws(LinearAlgebraError) -> Details {
        let n = system.dimension
        var jacobian = Matrix.zero(rows: n, columns: n)
        for i in 0..<n {
            for j in 0..<n { jacobian[i, j] = linear.derivative[i, j] }
        }
        return Details(
            eigenvalues: try Self.ordered(eigenvalues(of: jacobian)),
            pairTest: n > 1 ? try LUFactors(bialternateSum(jacobian)).determinant : .nan,
            branchTest: try linear.bordered(by: tangent).determinant, parameterTangent: tangent[n])
    }

    /// Eigenvalues by falling real part, of a pair the positive imaginary part first.
    static func ordered(_ values: [Complex<Double>]) -> [Complex<Double>] {
        values.sorted { ($1.real, abs($0.imaginary), $1.imaginary) < ($0.real, abs($1.imaginary), $0.imaginary) }
    }

    /// The multipliers e^{λT} of the linear flow at a rest point over a time, by falling modulus.
    public func multipliers(at x: [Double], period: Double) throws(LinearAlgebraError) -> [Complex<Double>] {
        guard let linear = linearised(at: x) else { return [] }
        let n = system.dimension
        var jacobian = Matrix.zero(rows: n, columns: n)
        for i in 0..<n {
            for j in 0..<n { jacobian[i, j] = linear.derivative[i, j] }
        }
        return try Self.ordered(eigenvalues(of: jacobian)).map {
            Complex.exp(Complex($0.real * period, $0.imaginary * period))
        }
    }

    /// The direction of the other branch at a point where two cross, of norm 1 in the curve's weights; nil where the field is
    /// not defined or the two touch to higher order.
    ///
    /// With the null vectors t (the branch's own tangent) and φ of ∂f/∂(u, p) and w of its transpose, directions αt + βφ of
    /// branches solve 2⟨w, D²f(t, φ)⟩αβ + ⟨w, D²f(φ, φ)⟩β² = 0.
    public func otherTangent(at point: CurvePoint<Details>) throws(LinearAlgebraError) -> [Double]? {
        guard let linear = linearised(at: point.x) else { return nil }
        let n = weights.count
        let t = point.tangent
        var bordered = Matrix(unchecked: linear.derivative.elements + t, rows: n, columns: n)
        // Singular but for rounding; to the bit it may not be for inverse iteration.
        let size = euclideanNorm(bordered.elements)
        for k in 0..<n { bordered[k, k] += 1e-14 * size }
        let factors = try LUFactors(bordered)
        func null(transposed: Bool) throws(LinearAlgebraError) -> [Double] {
            var v = (0..<n).map { 1 / Double(1 + $0) }
            for _ in 0..<3 {
                v = try factors.solve(v, transposed: transposed)
                let length = euclideanNorm(v)
                v = v.map { $0 / length }
            }
            return v
        }
        let phi = try null(transposed: false)
        let w = try null(transposed: true)
        guard let f = system.trilinear(at: point.x, t, phi, phi) else { return nil }
        var (mixed, square) = (0.0, 0.0)
        for i in f.indices {
            mixed += w[i] * f[i].coefficients[3]
            square += w[i] * f[i].coefficients[6]
        }
        guard abs(mixed) > 1e-9 * max(abs(square), 1e-300) else { return nil }
        let other = zip(t, phi).map { -square / (2 * mixed) * $0 + $1 }
        let length = inner(other, other).squareRoot()
        return other.map { $0 / length }
    }
}
