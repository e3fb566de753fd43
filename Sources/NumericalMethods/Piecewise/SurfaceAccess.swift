/// What the integrator asks of the surfaces, behind closures.
@usableFromInline
struct SurfaceAccess {
    @usableFromInline let count: Int
    @usableFromInline let value: (Int, Double, UnsafeBufferPointer<Double>) -> Double
    /// dh/dt with the right-hand side of some sides; nil where that is not defined.
    @usableFromInline let rate: (Int, SurfaceSides, Double, UnsafeBufferPointer<Double>) -> Double?
    /// ∇h, and ∂h/∂t as its last element.
    @usableFromInline let gradient: (Int, Double, UnsafeBufferPointer<Double>) -> [Double]
    /// dh/dt along a motion; nil where that is not defined.
    @usableFromInline let rateAlong: (Int, PiecewiseMotion, Double, UnsafeBufferPointer<Double>) -> Double?

    @inlinable
    init<System: PiecewiseSmoothSystem>(_ filippov: FilippovSystem<System>) {
        let system = filippov.system
        count = system.surfaceCount
        value = { system.surface($0, $1, $2.span) }
        rate = { filippov.rate($0, $1, $2, $3.span) }
        gradient = { filippov.gradient($0, $1, $2.span) }
        rateAlong = { index, motion, time, y in
            let moving = FilippovSystem(system, MotionBox(motion))
            var velocity = [Double](repeating: 0, count: system.dimension)
            var out = velocity.mutableSpan
            guard moving.derivative(time, y.span, &out) else { return nil }
            let rate = system.surfaceRate(index, time, y.span, velocity.span)
            return rate.isFinite ? rate : nil
        }
    }

    /// What is watched for a change of sign: the surfaces, but for those that are slid along, and then n⁺ and −n⁻ of a
    /// sliding motion, which are negative while it lasts.
    func monitor(_ index: Int, _ motion: PiecewiseMotion, _ time: Double, _ y: UnsafeBufferPointer<Double>) -> Double {
        switch motion {
        case .smooth: return index < count ? value(index, time, y) : -1
        case .sliding(let surface, let below, let above):
            if index < count { return below[index] == above[index] ? value(index, time, y) : 0 }
            let isAbove = index == count
            guard let rate = rate(surface, isAbove ? above : below, time, y) else { return .nan }
            return isAbove ? rate : -rate
        }
    }

    func slidingWeight(_ motion: PiecewiseMotion, _ time: Double, _ state: [Double]) -> Double? {
        guard case .sliding(let surface, let below, let above) = motion, !state.isEmpty else { return nil }
        return state.withUnsafeBufferPointer { y in
            guard let low = rate(surface, below, time, y), let high = rate(surface, above, time, y) else { return nil }
            return low == high ? 0.5 : min(max(low / (low - high), 0), 1)
        }
    }

    /// The surfaces that a state lies on, to rounding, when a motion has just met some of them.
    func group(of surfaces: [Int], after motion: PiecewiseMotion, at time: Double, _ state: [Double]) -> [Int] {
        state.withUnsafeBufferPointer { y in
            /// How far above a surface the state is.
            func height(_ index: Int) -> Double {
                let slope = gradient(index, time, y).dropLast().reduce(0) { $0 + $1 * $1 }.squareRoot()
                return value(index, time, y) / slope
            }
            // Between its steps a multistep method's state is off by more than rounding; a surface that coincides with the
            // one that is met is as far off as that.
            let rounding = 4 * 2.3e-16 * y.reduce(0) { max($0, abs($1)) }
            let met = surfaces.map(height)
            return (0..<count).filter { index in
                if surfaces.contains(index) || isOn(index, after: motion, at: time, y) { return true }
                let height = height(index)
                return met.contains { abs($0 - height) <= rounding }
            }
        }
    }

    /// Whether |h| is what roundings of the state and of the time of a crossing leave of 0.
    private func isOn(
        _ index: Int, after motion: PiecewiseMotion, at time: Double, _ y: UnsafeBufferPointer<Double>
    ) -> Bool {
        let h = value(index, time, y)
        if h == 0 { return true }
        var size = abs(rateAlong(index, motion, time, y) ?? 0) * abs(time)
        for (slope, component) in zip(gradient(index, time, y), y) { size += abs(slope * component) }
        return abs(h) <= 4 * 2.3e-16 * size
    }

    /// A state moved on to a surface along the gradient, by two of Newton's steps.
    func projected(_ state: [Double], on surface: Int, at time: Double) -> [Double] {
        var state = state
        for _ in 0..<2 {
            let moved = state.withUnsafeBufferPointer { y -> [Double]? in
                let h = value(surface, time, y)
                let gradient = gradient(surface, time, y).dropLast()
                let square = gradient.reduce(0) { $0 + $1 * $1 }
                guard h != 0, h.isFinite, square > 0, square < .infinity else { return nil }
                return zip(y, gradient).map { $0 - h * $1 / square }
            }
            guard let moved, moved.allSatisfy(\.isFinite) else { break }
            state = moved
        }
        return state
    }

    /// Whether a state is off a surface by more than errors of the size of so many tolerances make it.
    func isOff(
        _ surface: Int, at time: Double, _ state: [Double], _ algorithm: ODEAlgorithm, tolerances: Double
    ) -> Bool {
        state.withUnsafeBufferPointer { y in
            var allowed = 0.0
            for (slope, component) in zip(gradient(surface, time, y), y) {
                allowed += abs(slope) * (algorithm.absoluteTolerance + algorithm.relativeTolerance * abs(component))
            }
            return abs(value(surface, time, y)) > tolerances * allowed
        }
    }
}
