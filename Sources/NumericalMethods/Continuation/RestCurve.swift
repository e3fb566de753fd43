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

    /// By Newton's method on F + μw = 0, ∂Fᵀw = 0, ⟨w, w⟩ = 1 in (u, p), μ and w, which is regular where two branches cross
    /// (Moore's system).
    public func singularPoint(near guess: [Double]) -> [Double]? {
        let n = system.dimension
        var x = guess
        guard let (_, first) = system.linearised(at: x), var w = try? Self.leastNullVectors(first.rowProducts)[0] else {
            return nil
        }
        var mu = 0.0
        let order = 2 * n + 2
        for _ in 0..<12 {
            guard let (value, derivative) = system.linearised(at: x), let hessians = hessians(at: x) else { return nil }
            var matrix = Matrix.zero(rows: order, columns: order)
            var right = [Double](repeating: 0, count: order)
            for i in 0..<n {
                right[i] = -(value[i] + mu * w[i])
                for k in 0...n { matrix[i, k] = derivative[i, k] }
                matrix[i, n + 1] = w[i]
                matrix[i, n + 2 + i] = mu
            }
            for k in 0...n {
                for i in 0..<n {
                    right[n + k] -= w[i] * derivative[i, k]
                    matrix[n + k, n + 2 + i] = derivative[i, k]
                    for l in 0...n { matrix[n + k, l] += w[i] * hessians[i][k, l] }
                }
            }
            right[order - 1] = 1
            for i in 0..<n {
                right[order - 1] -= w[i] * w[i]
                matrix[order - 1, n + 2 + i] = 2 * w[i]
            }
            guard let step = try? LUFactors(matrix).solve(right) else { return nil }
            for k in 0...n { x[k] += step[k] }
            mu += step[n + 1]
            for i in 0..<n { w[i] += step[n + 2 + i] }
            let length = euclideanNorm(step)
            // An unfolding that is not 0 means that the branches pass each other.
            if length <= 1e-12 * (1 + euclideanNorm(x)) { return abs(mu) <= 1e-9 ? x : nil }
        }
        return nil
    }

    /// The second derivatives of each component by (u, p).
    private func hessians(at x: [Double]) -> [Matrix]? {
        let (n, m) = (system.dimension, x.count)
        var result = [Matrix](repeating: .zero(rows: m, columns: m), count: n)
        for k in 0..<m {
            for l in 0...k {
                guard let f = system.trilinear(at: x, unit(k, of: m), unit(l, of: m)) else { return nil }
                for i in 0..<n {
                    result[i][k, l] = f[i].coefficients[3]
                    result[i][l, k] = f[i].coefficients[3]
                }
            }
        }
        return result
    }

    /// The eigenvectors of a symmetric matrix of squares, the smallest eigenvalue's first.
    private static func leastNullVectors(_ square: Matrix) throws(LinearAlgebraError) -> [[Double]] {
        try Eigendecomposition(square).vectors.map { $0.map(\.real) }
    }

    /// The direction of the other branch at a point where two cross, of norm 1 in the curve's weights; nil where the field is
    /// not defined or they have no two directions.
    ///
    /// With two null vectors φ₁, φ₂ of ∂f/∂(u, p) and one, w, of its transpose, the directions αφ₁ + βφ₂ of branches solve
    /// a₁₁α² + 2a₁₂αβ + a₂₂β² = 0, a_ij = ⟨w, D²f(φ_i, φ_j)⟩. The one that is not the point's tangent is the other branch's.
    public func otherTangent(at point: CurvePoint<Details>) throws(LinearAlgebraError) -> [Double]? {
        guard let (_, derivative) = system.linearised(at: point.x) else { return nil }
        let null = try Self.leastNullVectors(derivative.columnProducts)
        let w = try Self.leastNullVectors(derivative.rowProducts)[0]
        let (p, q) = (null[0], null[1])
        guard let f = system.trilinear(at: point.x, p, q, p), let g = system.trilinear(at: point.x, q, q) else {
            return nil
        }
        var (pp, pq, qq) = (0.0, 0.0, 0.0)
        for i in f.indices {
            pq += w[i] * f[i].coefficients[3]
            pp += w[i] * f[i].coefficients[5]
            qq += w[i] * g[i].coefficients[3]
        }
        let discriminant = pq * pq - pp * qq
        guard discriminant > 0 else { return nil }
        let root = discriminant.squareRoot()
        // Both roots without cancellation: t and the product of the roots over it.
        let t = -(pq + (pq < 0 ? -root : root))
        let directions = [(t, pp), (qq, t)].map { alpha, beta in zip(p, q).map { alpha * $0 + beta * $1 } }
            .map { direction in
                let length = inner(direction, direction).squareRoot()
                return direction.map { $0 / length }
            }
        return directions.min { abs(inner($0, point.tangent)) < abs(inner($1, point.tangent)) }
    }
}

extension Matrix {
    /// A·Aᵀ.
    fileprivate var rowProducts: Matrix {
        var result = Matrix.zero(rows: rows, columns: rows)
        for i in 0..<rows {
            for j in 0..<rows {
                for k in 0..<columns { result[i, j] += self[i, k] * self[j, k] }
            }
        }
        return result
    }

    /// Aᵀ·A.
    fileprivate var columnProducts: Matrix {
        var result = Matrix.zero(rows: columns, columns: columns)
        for i in 0..<columns {
            for j in 0..<columns {
                for k in 0..<rows { result[i, j] += self[k, i] * self[k, j] }
            }
        }
        return result
    }
}
