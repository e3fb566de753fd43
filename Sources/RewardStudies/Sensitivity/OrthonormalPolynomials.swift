import RealModule

/// Polynomials of one variable that are orthonormal under a distribution, by their recurrence
///
///     √b_{k+1} p_{k+1}(ξ) = (ξ − a_k) p_k(ξ) − √b_k p_{k−1}(ξ),     p_0 = 1.
///
/// ξ is a function of the parameter x, the germ:
///
/// | distribution | germ | polynomials |
/// |---|---|---|
/// | uniform | x, scaled to −1 … 1 | Legendre |
/// | loguniform | ln x, scaled to −1 … 1 | Legendre |
/// | normal | (x − mean)/sd | Hermite |
/// | truncated_normal | x, scaled to −1 … 1 | those of its density, by Stieltjes' procedure |
/// | lognormal | (ln x − mean)/sd | Hermite |
/// | beta | x, scaled to −1 … 1 | Jacobi |
/// | triangular | 2F(x) − 1 | Legendre |
/// | empirical | x, scaled to −1 … 1 | those of its values and probabilities, by Stieltjes' procedure |
///
/// All but the triangular distribution's are polynomials in x or ln x: a model that is smooth there needs few.
public struct OrthonormalPolynomials: Equatable, Sendable {
    private enum Germ: Equatable, Sendable {
        case linear(middle: Double, half: Double)
        case logarithmic(middle: Double, half: Double)
        case cumulative(Distribution)
    }
    private let germ: Germ
    /// a_0 … a_{d−1}, d being the highest degree.
    private let shifts: [Double]
    /// √b_1 … √b_d.
    private let roots: [Double]

    /// The highest degree: what was asked for, or less of a distribution of few values.
    public var degree: Int { roots.count }

    /// The polynomials up to a degree.
    public init(_ distribution: Distribution, degree: Int) {
        let degrees = 0..<max(degree, 0)
        func legendre() -> (shifts: [Double], roots: [Double]) {
            (degrees.map { _ in 0 }, degrees.map { Double($0 + 1) / Double(4 * ($0 + 1) * ($0 + 1) - 1).squareRoot() })
        }
        func hermite() -> (shifts: [Double], roots: [Double]) {
            (degrees.map { _ in 0 }, degrees.map { Double($0 + 1).squareRoot() })
        }
        func middle(_ low: Double, _ high: Double) -> (Double, Double) { (low / 2 + high / 2, high / 2 - low / 2) }
        switch distribution.kind {
        case .uniform(let low, let high):
            let (middle, half) = middle(low, high)
            germ = .linear(middle: middle, half: half)
            (shifts, roots) = legendre()
        case .logUniform(let low, let high):
            let (middle, half) = middle(Double.log(low), Double.log(high))
            germ = .logarithmic(middle: middle, half: half)
            (shifts, roots) = legendre()
        case .normal(let mean, let deviation):
            germ = .linear(middle: mean, half: deviation)
            (shifts, roots) = hermite()
        case .truncatedNormal(let truncated):
            let rule = truncated.quadrature()
            let (middle, half) = middle(rule.points[0], rule.points[rule.points.count - 1])
            germ = .linear(middle: middle, half: half)
            (shifts, roots) = Self.stieltjes(
                rule.points.map { ($0 - middle) / half }, rule.weights, degrees.count)
        case .logNormal(let mean, let deviation):
            germ = .logarithmic(middle: mean, half: deviation)
            (shifts, roots) = hermite()
        case .beta(let beta, let low, let high):
            let (middle, half) = middle(low, high)
            germ = .linear(middle: middle, half: half)
            (shifts, roots) = Self.jacobi(beta.a, beta.b, degrees.count)
        case .triangular:
            germ = .cumulative(distribution)
            (shifts, roots) = legendre()
        case .empirical(let empirical):
            let (middle, half) = middle(empirical.values[0], empirical.values[empirical.values.count - 1])
            germ = .linear(middle: middle, half: half)
            let sums = empirical.probabilities
            (shifts, roots) = Self.stieltjes(
                empirical.values.map { ($0 - middle) / half },
                sums.indices.map { sums[$0] - ($0 > 0 ? sums[$0 - 1] : 0) }, degrees.count)
        }
    }

    /// The recurrence of the weight (1 − ξ)^{b−1}(1 + ξ)^{a−1}, which the beta distribution of a and b has on −1 … 1.
    private static func jacobi(_ a: Double, _ b: Double, _ count: Int) -> (shifts: [Double], roots: [Double]) {
        let (alpha, beta) = (b - 1, a - 1)
        let sum = alpha + beta
        let shifts = (0..<count).map { k -> Double in
            // The factor α + β of k = 0 cancels; as it stands it may be 0/0.
            if k == 0 { return (beta - alpha) / (sum + 2) }
            let t = 2 * Double(k) + sum
            return (beta - alpha) * sum / (t * (t + 2))
        }
        let roots = (1...max(count, 1)).prefix(count).map { k -> Double in
            let (n, t) = (Double(k), 2 * Double(k) + sum)
            let square =
                k == 1
                ? 4 * (1 + alpha) * (1 + beta) / (t * t * (t + 1))
                : 4 * n * (n + alpha) * (n + beta) * (n + sum) / (t * t * (t + 1) * (t - 1))
            return square.squareRoot()
        }
        return (shifts, roots)
    }

    /// The recurrence of values with probabilities; up to one degree less than there are values.
    private static func stieltjes(
        _ points: [Double], _ weights: [Double], _ count: Int
    ) -> (shifts: [Double], roots: [Double]) {
        var (shifts, roots): ([Double], [Double]) = ([], [])
        var previous = [Double](repeating: 0, count: points.count)
        var current = [Double](repeating: 1, count: points.count)
        for _ in 0..<min(count, points.count - 1) {
            let shift = points.indices.reduce(0) { $0 + weights[$1] * points[$1] * current[$1] * current[$1] }
            let back = roots.last ?? 0
            var next = points.indices.map { (points[$0] - shift) * current[$0] - back * previous[$0] }
            let root = points.indices.reduce(0) { $0 + weights[$1] * next[$1] * next[$1] }.squareRoot()
            guard root > 1e-12 else { break }
            for index in next.indices { next[index] /= root }
            shifts.append(shift)
            roots.append(root)
            (previous, current) = (current, next)
        }
        return (shifts, roots)
    }

    /// p_0 … p_d at a value of the parameter.
    public func values(at x: Double) -> [Double] {
        let xi =
            switch germ {
            case .linear(let middle, let half): (x - middle) / half
            case .logarithmic(let middle, let half): (Double.log(x) - middle) / half
            case .cumulative(let distribution): 2 * distribution.cumulative(x) - 1
            }
        var values = [1.0]
        values.reserveCapacity(degree + 1)
        for k in 0..<degree {
            let back = k > 0 ? roots[k - 1] * values[k - 1] : 0
            values.append(((xi - shifts[k]) * values[k] - back) / roots[k])
        }
        return values
    }
}
