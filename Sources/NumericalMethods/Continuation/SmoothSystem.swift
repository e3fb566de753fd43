/// A family of vector fields f(u, p), three times differentiable, as continuation takes it.
///
/// A conforming type writes its formula once, generic over ``SmoothNumber``, and calls it from both requirements; they are
/// two so that the compiler specialises the formula for each kind of number where it stands.
public protocol SmoothSystem: Sendable {
    /// The number n of components of u.
    var dimension: Int { get }
    /// The number of parameters p that follow u.
    var parameterCount: Int { get }
    /// Writes f(u, p) with first derivatives; false where it is not defined.
    func evaluate(_ x: Span<GradientNumber>, _ f: inout MutableSpan<GradientNumber>) -> Bool
    /// Writes f(u, p) with derivatives along three directions; false where it is not defined.
    func evaluate(_ x: Span<TrilinearNumber>, _ f: inout MutableSpan<TrilinearNumber>) -> Bool
}

extension SmoothSystem {
    /// The length of (u, p).
    var variableCount: Int { dimension + parameterCount }

    /// f and its derivative by (u, p), n rows and a column a variable; nil where not defined or not finite.
    func linearised(at x: [Double]) -> (value: [Double], derivative: Matrix)? {
        let (n, m) = (dimension, variableCount)
        var value = [Double](repeating: 0, count: n)
        var derivative = Matrix.zero(rows: n, columns: m)
        var input = x.map { GradientNumber($0) }
        var output = [GradientNumber](repeating: GradientNumber(0), count: n)
        // Eight variables at a time.
        for first in stride(from: 0, to: m, by: 8) {
            let block = first..<min(first + 8, m)
            for k in 0..<m {
                input[k] = block.contains(k) ? GradientNumber(x[k], variable: k - first) : GradientNumber(x[k])
            }
            var span = output.mutableSpan
            guard evaluate(input.span, &span) else { return nil }
            for i in 0..<n {
                value[i] = output[i].value
                for k in block { derivative[i, k] = output[i].gradient[k - first] }
            }
        }
        guard value.allSatisfy({ $0.isFinite }), derivative.elements.allSatisfy({ $0.isFinite }) else { return nil }
        return (value, derivative)
    }

    /// f along three directions in (u, p); a direction that is shorter than (u, p) is 0 in the rest of it.
    func trilinear(at x: [Double], _ u: [Double], _ v: [Double], _ w: [Double] = []) -> [TrilinearNumber]? {
        func element(_ a: [Double], _ k: Int) -> Double { k < a.count ? a[k] : 0 }
        let input = x.indices.map { TrilinearNumber(x[$0], element(u, $0), element(v, $0), element(w, $0)) }
        var output = [TrilinearNumber](repeating: TrilinearNumber(0), count: dimension)
        var span = output.mutableSpan
        return evaluate(input.span, &span) ? output : nil
    }

    /// The derivatives of the Jacobian ∂f/∂u by each of (u, p): `result[k][i, j]` = ∂²f_i/∂u_j∂x_k.
    func jacobianDerivatives(at x: [Double]) -> [Matrix]? {
        let (n, m) = (dimension, variableCount)
        var result = [Matrix](repeating: .zero(rows: n, columns: n), count: m)
        for j in 0..<n {
            // The Hessian is symmetric, so of the pairs of components of u half do.
            for k in stride(from: j, to: m, by: 2) {
                let other = k + 1 < m ? k + 1 : k
                guard let f = trilinear(at: x, unit(j, of: m), unit(k, of: m), unit(other, of: m)) else { return nil }
                for i in 0..<n {
                    let (first, second) = (f[i].coefficients[3], f[i].coefficients[5])
                    result[k][i, j] = first
                    result[other][i, j] = second
                    if k < n { result[j][i, k] = first }
                    if other < n { result[j][i, other] = second }
                }
            }
        }
        return result
    }
}

/// The k-th unit vector.
func unit(_ k: Int, of count: Int) -> [Double] {
    var vector = [Double](repeating: 0, count: count)
    vector[k] = 1
    return vector
}
