import ComplexModule
import RealModule

/// The folds or the Hopf points of a system in two parameters, as a curve in (u, p₁, p₂).
///
/// Beside f = 0 it has one equation, g = 0, where M = ∂f/∂u (folds) or 2∂f/∂u ⊙ I (Hopf points and neutral saddles) is
/// singular:
///
///     ⎛M  b⎞⎛v⎞   ⎛0⎞            ⎛Mᵀ c⎞⎛w⎞   ⎛0⎞            ∂g = −wᵀ(∂M)v
///     ⎝cᵀ 0⎠⎝g⎠ = ⎝1⎠,           ⎝bᵀ 0⎠⎝g⎠ = ⎝1⎠,
///
/// b and c being the w and v of the last point. A determinant in the place of g would have a gradient of another size at
/// every point.
public struct SingularCurve: CurveProblem {
    /// Which points the curve is of.
    public enum Kind: Sendable {
        case folds
        case hopfPoints
    }

    /// What is known of a point beside its place.
    public struct Details: Sendable {
        /// The eigenvalues of ∂f/∂u, by falling real part, of a pair the positive imaginary part first.
        public let eigenvalues: [Complex<Double>]
        /// The normal form, of Hopf points where the pair is imaginary; nil elsewhere.
        public let normalForm: HopfNormalForm?
        /// The determinant of ∂f/∂u.
        public let determinant: Double
        /// Of Hopf points λ_iλ_j of the pair whose sum is 0: ω², and negative for a neutral saddle. Of folds ⟨w, v⟩ of the null
        /// vectors, 0 with a second eigenvalue 0.
        public let pairTest: Double
        /// Of folds ½⟨w, B(v, v)⟩, which vanishes at a cusp; NaN of Hopf points.
        public let quadratic: Double
        /// The tangent's components in the two parameters.
        public let parameterTangents: (Double, Double)
    }

    public let system: any SmoothSystem
    public let kind: Kind
    public let weights: [Double]
    private var column: [Double]
    private var row: [Double]

    /// - Parameters:
    ///   - system: a system with two parameters.
    ///   - kind: the points that the curve is of.
    ///   - x: a point on it, or near it.
    public init(_ system: any SmoothSystem, _ kind: Kind, near x: [Double]) {
        precondition(system.parameterCount == 2, "a curve of bifurcations has two parameters")
        self.system = system
        self.kind = kind
        let n = system.dimension
        weights = [Double](repeating: 1 / Double(n), count: n) + [1, 1]
        let order = kind == .folds ? n : n * (n - 1) / 2
        // Nothing in particular, which as a rule is not orthogonal to a null vector; then the null vectors themselves.
        column = (0..<order).map { 1 / Double(1 + $0).squareRoot() }
        row = column
        for _ in 0..<4 { renewBorders(at: x) }
    }

    private mutating func renewBorders(at x: [Double]) {
        guard let (_, derivative) = system.linearised(at: x), let null = try? borders(singular(derivative)) else {
            return
        }
        row = Self.normalised(null.right)
        column = Self.normalised(null.left)
    }

    private static func normalised(_ v: [Double]) -> [Double] {
        let length = euclideanNorm(v)
        return v.map { $0 / length }
    }

    private func jacobian(_ derivative: Matrix) -> Matrix {
        let n = system.dimension
        var jacobian = Matrix.zero(rows: n, columns: n)
        for i in 0..<n {
            for j in 0..<n { jacobian[i, j] = derivative[i, j] }
        }
        return jacobian
    }

    private func singular(_ jacobian: Matrix) -> Matrix {
        let square = jacobian.columns == jacobian.rows ? jacobian : self.jacobian(jacobian)
        return kind == .folds ? square : bialternateSum(square)
    }

    private func borders(_ m: Matrix) throws(LinearAlgebraError) -> (right: [Double], left: [Double], value: Double) {
        let n = m.rows
        var bordered = Matrix.zero(rows: n + 1, columns: n + 1)
        for i in 0..<n {
            for j in 0..<n { bordered[i, j] = m[i, j] }
            bordered[i, n] = column[i]
            bordered[n, i] = row[i]
        }
        let factors = try LUFactors(bordered)
        let last = unit(n, of: n + 1)
        let right = try factors.solve(last)
        let left = try factors.solve(last, transposed: true)
        return (Array(right[..<n]), Array(left[..<n]), right[n])
    }

    public func linearised(at x: [Double]) -> DenseBorderedSystem? {
        guard let (value, derivative) = system.linearised(at: x), let changes = system.jacobianDerivatives(at: x),
            let null = try? borders(singular(derivative))
        else { return nil }
        var last: [Double] = []
        for change in changes {
            let m = singular(change)
            var sum = 0.0
            for i in 0..<m.rows {
                for j in 0..<m.columns { sum -= null.left[i] * m[i, j] * null.right[j] }
            }
            last.append(sum)
        }
        return DenseBorderedSystem(
            value: value + [null.value],
            derivative: Matrix(
                unchecked: derivative.elements + last, rows: derivative.rows + 1, columns: derivative.columns))
    }

    public func details(
        at x: [Double], tangent: [Double], _ linear: DenseBorderedSystem
    ) throws(LinearAlgebraError) -> Details {
        let n = system.dimension
        let a = jacobian(linear.derivative)
        let values = try RestCurve.ordered(eigenvalues(of: a))
        let null = try borders(singular(a))
        let tangents = (tangent[n], tangent[n + 1])
        let determinant = try LUFactors(a).determinant
        switch kind {
        case .hopfPoints:
            let rest = RestCurve.Details(eigenvalues: values, pairTest: 0, branchTest: 0, parameterTangent: 0)
            let product = rest.criticalProduct
            let form = product > 0 ? try HopfNormalForm(system, at: x) : nil
            return Details(
                eigenvalues: values, normalForm: form, determinant: determinant, pairTest: product, quadratic: .nan,
                parameterTangents: tangents)
        case .folds:
            let (v, w) = (Self.normalised(null.right), Self.normalised(null.left))
            let second = system.trilinear(at: x, v, v)?.map { $0.coefficients[3] } ?? []
            return Details(
                eigenvalues: values, normalForm: nil, determinant: determinant,
                pairTest: zip(v, w).reduce(0) { $0 + $1.0 * $1.1 },
                quadratic: 0.5 * zip(w, second).reduce(0) { $0 + $1.0 * $1.1 }, parameterTangents: tangents)
        }
    }

    public mutating func prepare(for point: CurvePoint<Details>, stepNumber: Int) -> CurvePoint<Details> {
        renewBorders(at: point.x)
        return point
    }
}
