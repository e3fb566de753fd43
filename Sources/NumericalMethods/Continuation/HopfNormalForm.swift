import ComplexModule
import RealModule

/// The normal form of a Hopf point: whether the cycles born there are stable, how they grow and how their period changes.
///
/// With A = ∂f/∂u, Aq = iωq, Aᵀp = −iωp, ⟨q, q⟩ = ⟨p, q⟩ = 1, the second and third differentials B and C,
///
///     c₁ = ½⟨p, C(q, q, q̄) − 2B(q, A⁻¹B(q, q̄)) + B(q̄, (2iω − A)⁻¹B(q, q))⟩,     l₁ = Re c₁/ω
///
/// (Kuznetsov, *Elements of Applied Bifurcation Theory*). l₁ depends on the coordinates; what follows from it does not.
public struct HopfNormalForm: Equatable, Sendable {
    /// ω > 0.
    public let frequency: Double
    /// l₁: negative where the cycles are stable (supercritical).
    public let firstLyapunov: Double
    /// What rounding may have done to l₁.
    public let firstLyapunovError: Double
    /// c₁.
    public let cubic: Complex<Double>
    /// q.
    public let vector: [Complex<Double>]
    /// dλ/dp of the pair along the branch of rest points; NaN where the branch is not a function of the parameter.
    public let eigenvalueSlope: Complex<Double>

    /// d(u_max − u_min)²/dp of a component at the onset, −16|q_k|² Re λ′/Re c₁.
    public func amplitudeSlope(of component: Int) -> Double {
        -16 * vector[component].lengthSquared * eigenvalueSlope.real / cubic.real
    }

    /// dT/dp at the onset, −(2π/ω²)(Im λ′ − Im c₁ Re λ′/Re c₁).
    public var periodSlope: Double {
        -2 * .pi / (frequency * frequency)
            * (eigenvalueSlope.imaginary - cubic.imaginary * eigenvalueSlope.real / cubic.real)
    }

    /// The period at the onset.
    public var period: Double { 2 * .pi / frequency }

    /// The normal form at a point (u, p) that has a pair ±iω; nil where it has none or the field is not defined.
    ///
    /// - Parameter parameter: the index, among the parameters, of the one by which `eigenvalueSlope` is.
    public init?(_ system: some SmoothSystem, at x: [Double], parameter: Int = 0) throws(LinearAlgebraError) {
        let (n, m) = (system.dimension, system.variableCount)
        guard let (_, derivative) = system.linearised(at: x) else { return nil }
        var a = Matrix.zero(rows: n, columns: n)
        var transposed = a
        for i in 0..<n {
            for j in 0..<n {
                a[i, j] = derivative[i, j]
                transposed[j, i] = derivative[i, j]
            }
        }
        let right = try Eigendecomposition(a)
        // The pair nearest to the imaginary axis.
        let candidates = right.values.indices.filter { right.values[$0].imaginary > 0 }
        guard let k = candidates.min(by: { abs(right.values[$0].real) < abs(right.values[$1].real) }) else {
            return nil
        }
        let omega = right.values[k].imaginary
        let left = try Eigendecomposition(transposed)
        // Aᵀp̄ = iωp̄, the conjugate of which is wanted.
        let leftIndex = left.values.indices.min {
            (left.values[$0] - right.values[k]).length < (left.values[$1] - right.values[k]).length
        }
        guard let leftIndex else { return nil }
        let q = right.vectors[k]
        // ⟨p, v⟩ = Σ p̄_i v_i, and p̄ is the eigenvector of Aᵀ to iω.
        var pBar = left.vectors[leftIndex]
        let product = zip(pBar, q).reduce(Complex<Double>(0)) { $0 + $1.0 * $1.1 }
        guard product.length > 0 else { return nil }
        pBar = pBar.map { $0 / product }

        let (re, im) = (q.map(\.real), q.map(\.imaginary))
        guard let one = system.trilinear(at: x, re, re, re), let two = system.trilinear(at: x, re, im, im),
            let three = system.trilinear(at: x, re, re, im), let four = system.trilinear(at: x, im, im, im)
        else { return nil }
        func second(_ f: TrilinearNumber, _ index: Int) -> Double { f.coefficients[index] }
        // C(q, q, q̄) = C(a,a,a) + C(a,b,b) + i(C(a,a,b) + C(b,b,b)).
        let cubicForm = (0..<n).map {
            Complex(second(one[$0], 7) + second(two[$0], 7), second(three[$0], 7) + second(four[$0], 7))
        }
        // B(a, a), B(b, b) and B(a, b).
        let (aa, bb, ab) = (one.map { second($0, 3) }, four.map { second($0, 3) }, two.map { second($0, 3) })
        let constant = (0..<n).map { aa[$0] + bb[$0] }
        let doubled = (0..<n).map { Complex(aa[$0] - bb[$0], 2 * ab[$0]) }

        let factors = try LUFactors(a)
        let h11 = try factors.solve(constant)
        // (2iω − A)h = B(q, q), as a real system of twice the order.
        var real = Matrix.zero(rows: 2 * n, columns: 2 * n)
        for i in 0..<n {
            for j in 0..<n {
                real[i, j] = -a[i, j]
                real[n + i, n + j] = -a[i, j]
            }
            real[i, n + i] = -2 * omega
            real[n + i, i] = 2 * omega
        }
        let stacked = try LUFactors(real).solve(doubled.map(\.real) + doubled.map(\.imaginary))
        let (hr, hi) = (Array(stacked[..<n]), Array(stacked[n...]))
        guard let q11 = system.trilinear(at: x, re, h11, im), let q20 = system.trilinear(at: x, hr, re, im),
            let q21 = system.trilinear(at: x, hi, re, im)
        else { return nil }
        // B(q, h11) and B(q̄, h20) = B(a, hr) + B(b, hi) + i(B(a, hi) − B(b, hr)).
        let mixed = (0..<n).map { Complex(second(q11[$0], 3), second(q11[$0], 6)) }
        let conjugated = (0..<n).map {
            Complex(second(q20[$0], 3) + second(q21[$0], 5), second(q21[$0], 3) - second(q20[$0], 5))
        }
        var (sum, size) = (Complex<Double>(0), 0.0)
        for i in 0..<n {
            sum += pBar[i] * (cubicForm[i] - (mixed[i] + mixed[i]) + conjugated[i])
            size += pBar[i].length * (cubicForm[i].length + 2 * mixed[i].length + conjugated[i].length)
        }
        frequency = omega
        cubic = Complex(0.5 * sum.real, 0.5 * sum.imaginary)
        firstLyapunov = cubic.real / omega
        // The vectors are off by some ε over the distance to the other eigenvalues, which the solutions are as well.
        firstLyapunovError = 64 * Double.ulpOfOne * size / omega * max(1, min(factors.pivotRatio, 1e8))
        vector = q

        // Along the branch u′ = −A⁻¹∂f/∂p, and A′ = D(∂f/∂u)(u′, 1).
        var along = try factors.solve((0..<n).map { -derivative[$0, n + parameter] })
        along += unit(parameter, of: m - n)
        guard let slopeReal = system.trilinear(at: x, along, re, im) else { return nil }
        var slope = Complex<Double>(0)
        for i in 0..<n { slope += pBar[i] * Complex(second(slopeReal[i], 3), second(slopeReal[i], 5)) }
        eigenvalueSlope = slope
    }
}
