import NumericalMethods

/// A system whose formula is written once, for tests.
protocol FormulaSystem: SmoothSystem {
    func formula<S: SmoothNumber>(_ x: Span<S>, _ f: inout MutableSpan<S>)
}

extension FormulaSystem {
    func evaluate(_ x: Span<GradientNumber>, _ f: inout MutableSpan<GradientNumber>) -> Bool {
        formula(x, &f)
        return true
    }

    func evaluate(_ x: Span<TrilinearNumber>, _ f: inout MutableSpan<TrilinearNumber>) -> Bool {
        formula(x, &f)
        return true
    }
}

/// x′ = h + rx − x³, in h, or in h and r: folds at h = ±2(r/3)^{3/2}, a cusp at 0.
struct CubicFold: FormulaSystem {
    var fixedR: Double?
    var dimension: Int { 1 }
    var parameterCount: Int { fixedR == nil ? 2 : 1 }
    func formula<S: SmoothNumber>(_ x: Span<S>, _ f: inout MutableSpan<S>) {
        var r = S(fixedR ?? 0)
        if fixedR == nil { r = x[2] }
        f[0] = x[1] + r * x[0] - x[0] * x[0] * x[0]
    }
}

/// x′ = rx − x² or rx − x³: branches cross at 0.
struct Crossing: FormulaSystem {
    let isPitchfork: Bool
    var dimension: Int { 1 }
    var parameterCount: Int { 1 }
    func formula<S: SmoothNumber>(_ x: Span<S>, _ f: inout MutableSpan<S>) {
        f[0] = x[1] * x[0] - (isPitchfork ? x[0] * x[0] * x[0] : x[0] * x[0])
    }
}

/// x′ = y, y′ = β₁ + β₂x + x² + xy: folds at β₁ = β₂²/4, Hopf points at β₁ = 0 > β₂, Bogdanov's and Takens' point at 0.
struct BogdanovTakens: FormulaSystem {
    var fixedSecond: Double?
    var dimension: Int { 2 }
    var parameterCount: Int { fixedSecond == nil ? 2 : 1 }
    func formula<S: SmoothNumber>(_ x: Span<S>, _ f: inout MutableSpan<S>) {
        var second = S(fixedSecond ?? 0)
        if fixedSecond == nil { second = x[3] }
        f[0] = x[1]
        f[1] = x[2] + second * x[0] + x[0] * x[0] + x[0] * x[1]
    }
}

/// ṙ = r(μ + ar² − r⁴), θ̇ = 1 in Cartesian coordinates: Hopf points at μ = 0, folds of cycles at μ = −a²/4 with r² = a/2.
struct Bautin: FormulaSystem {
    var fixedA: Double?
    var dimension: Int { 2 }
    var parameterCount: Int { fixedA == nil ? 2 : 1 }
    func formula<S: SmoothNumber>(_ x: Span<S>, _ f: inout MutableSpan<S>) {
        var a = S(fixedA ?? 0)
        if fixedA == nil { a = x[3] }
        let square = x[0] * x[0] + x[1] * x[1]
        let growth = x[2] + a * square - square * square
        f[0] = growth * x[0] - x[1]
        f[1] = growth * x[1] + x[0]
    }
}

/// The unit circle of (x, y) with two more components about it, of which the cycle doubles its period at μ = 0.
struct PeriodDoubling: FormulaSystem {
    var dimension: Int { 4 }
    var parameterCount: Int { 1 }
    func formula<S: SmoothNumber>(_ state: Span<S>, _ f: inout MutableSpan<S>) {
        let (x, y, u, v, mu) = (state[0], state[1], state[2], state[3], state[4])
        let square = x * x + y * y
        let inner = u * u + v * v
        f[0] = x - y - x * square
        f[1] = x + y - y * square
        f[2] = 0.5 * (mu - 1) * u + 0.5 * (mu + 1) * (x * u + y * v) - 0.5 * v - u * inner
        f[3] = 0.5 * (mu - 1) * v + 0.5 * (mu + 1) * (y * u - x * v) + 0.5 * u - v * inner
    }
}

/// The unit circle with a pair of multipliers e^{2π(ν ± iΩ)}: a torus is born at ν = 0.
struct TorusBirth: FormulaSystem {
    let omega: Double
    var dimension: Int { 4 }
    var parameterCount: Int { 1 }
    func formula<S: SmoothNumber>(_ state: Span<S>, _ f: inout MutableSpan<S>) {
        let (x, y, p, q, nu) = (state[0], state[1], state[2], state[3], state[4])
        let square = x * x + y * y
        let inner = p * p + q * q
        f[0] = x - y - x * square
        f[1] = x + y - y * square
        f[2] = nu * p - omega * q - p * inner
        f[3] = nu * q + omega * p - q * inner
    }
}
