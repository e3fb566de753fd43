/// A piecewise-smooth system as one system of differential equations: in one mode, or along a surface.
///
/// Filippov's convention: where the right-hand sides f⁻ below and f⁺ above a surface both push towards it, with
/// n⁻ = dh/dt along f⁻ > 0 and n⁺ < 0, the motion is along the surface with the convex combination
/// (1 − λ)f⁻ + λf⁺, λ = n⁻/(n⁻ − n⁺), of which dh/dt = 0. It ends where one of the two stops pushing.
@usableFromInline
struct FilippovSystem<System: PiecewiseSmoothSystem>: ODESystem {
    @usableFromInline let system: System
    @usableFromInline let motion: MotionBox
    @usableFromInline let dimension: Int

    @inlinable
    init(_ system: System, _ motion: MotionBox) {
        self.system = system
        self.motion = motion
        dimension = system.dimension
    }

    @inlinable
    func derivative(_ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        switch motion.value {
        case .smooth(let sides): return system.derivative(sides, t, y, &dydt)
        case .sliding(let surface, let below, let above):
            guard let weight = slidingWeight(surface, below, above, t, y) else { return false }
            let n = dimension
            return withUnsafeTemporaryAllocation(of: Double.self, capacity: n) { other in
                other.initialize(repeating: 0)
                guard system.derivative(below, t, y, &dydt) else { return false }
                var rest = other.mutableSpan
                guard system.derivative(above, t, y, &rest) else { return false }
                for index in 0..<n { dydt[index] += weight * (rest[index] - dydt[index]) }
                return true
            }
        }
    }

    /// λ, within 0 … 1.
    @inlinable
    func slidingWeight(
        _ surface: Int, _ below: SurfaceSides, _ above: SurfaceSides, _ t: Double, _ y: Span<Double>
    ) -> Double? {
        guard let low = rate(surface, below, t, y), let high = rate(surface, above, t, y) else { return nil }
        let difference = low - high
        return difference == 0 ? 0.5 : min(max(low / difference, 0), 1)
    }

    /// dh/dt with the right-hand side of some sides.
    @inlinable
    func rate(_ surface: Int, _ sides: SurfaceSides, _ t: Double, _ y: Span<Double>) -> Double? {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: dimension) { velocity in
            velocity.initialize(repeating: 0)
            var out = velocity.mutableSpan
            guard system.derivative(sides, t, y, &out) else { return nil }
            let value = system.surfaceRate(surface, t, y, velocity.span)
            return value.isFinite ? value : nil
        }
    }

    /// The gradient ∇h, from the rates of the unit vectors, and ∂h/∂t behind it.
    @inlinable
    func gradient(_ surface: Int, _ t: Double, _ y: Span<Double>) -> [Double] {
        var unit = [Double](repeating: 0, count: dimension)
        let still = system.surfaceRate(surface, t, y, unit.span)
        var gradient: [Double] = []
        for index in 0..<dimension {
            unit[index] = 1
            gradient.append(system.surfaceRate(surface, t, y, unit.span) - still)
            unit[index] = 0
        }
        gradient.append(still)
        return gradient
    }
}

/// The Jacobian is the system's own in a mode; along a surface it comes from differences: it only steers Newton's
/// iteration, whose result it does not change.
@usableFromInline
struct DifferentiableFilippovSystem<System: DifferentiablePiecewiseSmoothSystem>: DifferentiableODESystem {
    @usableFromInline let base: FilippovSystem<System>
    @usableFromInline var dimension: Int { base.dimension }

    @inlinable
    init(_ base: FilippovSystem<System>) { self.base = base }

    @inlinable
    func derivative(_ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        base.derivative(t, y, &dydt)
    }

    @inlinable
    func jacobian(
        _ t: Double, _ y: Span<Double>, _ dfdy: inout MutableSpan<Double>, _ dfdt: inout MutableSpan<Double>
    ) -> Bool {
        if case .smooth(let sides) = base.motion.value { return base.system.jacobian(sides, t, y, &dfdy, &dfdt) }
        let n = dimension
        var state = (0..<n).map { y[$0] }
        var values = [Double](repeating: 0, count: n)
        var moved = [Double](repeating: 0, count: n)
        var out = values.mutableSpan
        guard base.derivative(t, y, &out) else { return false }
        for column in 0..<n {
            // The square root of the precision balances truncation against rounding.
            let step = 1.5e-8 * max(abs(y[column]), 1)
            state[column] = y[column] + step
            var movedOut = moved.mutableSpan
            guard base.derivative(t, state.span, &movedOut) else { return false }
            for row in 0..<n { dfdy[row * n + column] = (moved[row] - values[row]) / (state[column] - y[column]) }
            state[column] = y[column]
        }
        for row in 0..<n { dfdt[row] = 0 }
        return true
    }
}

/// The motion of the moment, which the integrator changes and the right-hand side reads.
@usableFromInline
final class MotionBox {
    @exclusivity(unchecked) @usableFromInline var value: PiecewiseMotion

    @usableFromInline
    init(_ value: PiecewiseMotion) { self.value = value }
}
