import Foundation
import NumericalMethods

/// y′ = −k(y − cos ωt) − ω sin ωt with y(0) = 1, so that y = cos ωt whatever k: stiff for a large one (Prothero and
/// Robinson). Parameters k and ω.
struct ProtheroRobinson: DifferentiableLaneSystem {
    var dimension: Int { 1 }
    var parameterCount: Int { 2 }

    private func cosine(_ x: SIMD8<Double>) -> SIMD8<Double> {
        var result = x
        for lane in 0..<8 { result[lane] = cos(x[lane]) }
        return result
    }

    private func sine(_ x: SIMD8<Double>) -> SIMD8<Double> {
        var result = x
        for lane in 0..<8 { result[lane] = sin(x[lane]) }
        return result
    }

    func derivative(
        _ t: SIMD8<Double>, _ y: Span<SIMD8<Double>>, _ p: Span<SIMD8<Double>>, _ dydt: inout MutableSpan<SIMD8<Double>>
    ) {
        dydt[0] = -p[0] * (y[0] - cosine(p[1] * t)) - p[1] * sine(p[1] * t)
    }

    func jacobian(
        _ t: SIMD8<Double>, _ y: Span<SIMD8<Double>>, _ p: Span<SIMD8<Double>>,
        _ dfdy: inout MutableSpan<SIMD8<Double>>,
        _ dfdt: inout MutableSpan<SIMD8<Double>>
    ) {
        dfdy[0] = -p[0]
        dfdt[0] = -p[0] * p[1] * sine(p[1] * t) - p[1] * p[1] * cosine(p[1] * t)
    }
}

/// The logistic equation y′ = ky(1 − y), y = 1/(1 + (1/y₀ − 1)e^{−kt}), beside a pendulum without a closed form and a clock
/// u′ = 1. Not linear, and of three components. Parameter k.
struct LogisticAndPendulum: DifferentiableLaneSystem {
    var dimension: Int { 4 }
    var parameterCount: Int { 1 }

    func derivative(
        _ t: SIMD8<Double>, _ y: Span<SIMD8<Double>>, _ p: Span<SIMD8<Double>>, _ dydt: inout MutableSpan<SIMD8<Double>>
    ) {
        dydt[0] = p[0] * y[0] * (1 - y[0])
        dydt[1] = y[2]
        var sine = y[1]
        for lane in 0..<8 { sine[lane] = sin(y[1][lane]) }
        dydt[2] = -sine
        dydt[3] = SIMD8(repeating: 1)
    }

    func jacobian(
        _ t: SIMD8<Double>, _ y: Span<SIMD8<Double>>, _ p: Span<SIMD8<Double>>,
        _ dfdy: inout MutableSpan<SIMD8<Double>>,
        _ dfdt: inout MutableSpan<SIMD8<Double>>
    ) {
        for i in 0..<16 { dfdy[i] = SIMD8(repeating: 0) }
        for i in 0..<4 { dfdt[i] = SIMD8(repeating: 0) }
        dfdy[0] = p[0] * (1 - 2 * y[0])
        dfdy[6] = SIMD8(repeating: 1)
        for lane in 0..<8 { dfdy[9][lane] = -cos(y[1][lane]) }
    }

    static func logistic(_ start: Double, _ k: Double, _ t: Double) -> Double {
        1 / (1 + (1 / start - 1) * exp(-k * t))
    }
}

/// y′ = ±y^p, by lanes what the parameters say: the exponent p and the sign, and c, below which it is not defined.
///
/// With p = 2 it reaches infinity at t = 1/y₀, with p = 1 the largest double at ln(1.8e308/y₀).
struct PowerGrowth: LaneSystem {
    var dimension: Int { 1 }
    var parameterCount: Int { 3 }

    func derivative(
        _ t: SIMD8<Double>, _ y: Span<SIMD8<Double>>, _ p: Span<SIMD8<Double>>, _ dydt: inout MutableSpan<SIMD8<Double>>
    ) {
        let linear = y[0]
        let power = linear.replacing(with: linear * linear, where: p[0] .== 2)
        dydt[0] = (p[1] * power).replacing(with: .nan, where: y[0] .< p[2])
    }
}

/// The Stuart–Landau oscillator in the plane, r′ = μr − r³, φ′ = ω: for μ > 0 a cycle of the radius √μ and the period 2π/ω,
/// for μ < 0 a focus at 0. Parameters μ and ω.
struct StuartLandau: DifferentiableLaneSystem {
    var dimension: Int { 2 }
    var parameterCount: Int { 2 }

    func derivative(
        _ t: SIMD8<Double>, _ y: Span<SIMD8<Double>>, _ p: Span<SIMD8<Double>>, _ dydt: inout MutableSpan<SIMD8<Double>>
    ) {
        let growth = p[0] - (y[0] * y[0] + y[1] * y[1])
        dydt[0] = growth * y[0] - p[1] * y[1]
        dydt[1] = growth * y[1] + p[1] * y[0]
    }

    func jacobian(
        _ t: SIMD8<Double>, _ y: Span<SIMD8<Double>>, _ p: Span<SIMD8<Double>>,
        _ dfdy: inout MutableSpan<SIMD8<Double>>,
        _ dfdt: inout MutableSpan<SIMD8<Double>>
    ) {
        let growth = p[0] - (y[0] * y[0] + y[1] * y[1])
        dfdy[0] = growth - 2 * y[0] * y[0]
        dfdy[1] = -2 * y[0] * y[1] - p[1]
        dfdy[2] = -2 * y[0] * y[1] + p[1]
        dfdy[3] = growth - 2 * y[1] * y[1]
        dfdt[0] = SIMD8(repeating: 0)
        dfdt[1] = SIMD8(repeating: 0)
    }
}
