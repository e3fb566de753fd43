/// What the integrator asks of the surfaces, behind closures, and how a motion goes on from one of them.
@usableFromInline
struct SurfaceAccess {
    /// That a motion is not determined.
    struct Undecided: Error {
        let ending: ODEEnding
    }

    @usableFromInline let count: Int
    @usableFromInline let value: (Int, Double, UnsafeBufferPointer<Double>) -> Double
    /// dh/dt with the right-hand side of some sides; nil where that is not defined.
    @usableFromInline let rate: (Int, SurfaceSides, Double, UnsafeBufferPointer<Double>) -> Double?
    @usableFromInline let gradient: (Int, Double, UnsafeBufferPointer<Double>) -> [Double]
    /// dh/dt of a surface along a sliding motion.
    @usableFromInline let rateWhileSliding: (Int, PiecewiseMotion, Double, UnsafeBufferPointer<Double>) -> Double?

    @inlinable
    init<System: PiecewiseSmoothSystem>(_ filippov: FilippovSystem<System>) {
        let system = filippov.system
        count = system.surfaceCount
        value = { system.surface($0, $1, $2.span) }
        rate = { filippov.rate($0, $1, $2, $3.span) }
        gradient = { filippov.gradient($0, $1, $2.span) }
        rateWhileSliding = { index, motion, time, y in
            let moving = FilippovSystem(system, MotionBox(motion))
            var velocity = [Double](repeating: 0, count: system.dimension)
            var out = velocity.mutableSpan
            guard moving.derivative(time, y.span, &out) else { return nil }
            return system.surfaceRate(index, time, y.span, velocity.span)
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
        guard case .sliding(let surface, let below, let above) = motion else { return nil }
        return state.withUnsafeBufferPointer { y in
            guard let low = rate(surface, below, time, y), let high = rate(surface, above, time, y) else { return nil }
            return low == high ? 0.5 : min(max(low / (low - high), 0), 1)
        }
    }

    /// The surfaces that a state lies on, to rounding, when it has just met one of them. A multistep method's states
    /// between its steps are as good as its tolerance only.
    func group(of surface: Int, at time: Double, _ state: [Double], algorithm: ODEAlgorithm) -> [Int] {
        (0..<count).filter { $0 == surface || isOn($0, at: time, state, algorithm) }
    }

    /// Whether |h| is what roundings of the state and of the time of a crossing leave of 0.
    private func isOn(_ index: Int, at time: Double, _ state: [Double], _ algorithm: ODEAlgorithm) -> Bool {
        state.withUnsafeBufferPointer { y in
            let h = value(index, time, y)
            if h == 0 { return true }
            let gradient = gradient(index, time, y)
            var allowed = 8 * abs(time).ulp
            for (slope, component) in zip(gradient, state) {
                allowed += 8 * abs(slope * component).ulp
                if algorithm.method.isMultistep {
                    allowed += abs(slope) * (algorithm.absoluteTolerance + algorithm.relativeTolerance * abs(component))
                }
            }
            return abs(h) <= allowed
        }
    }

    /// The motion from the initial state on.
    func motion(atStart time: Double, _ state: [Double]) -> Result<PiecewiseMotion, Undecided> {
        let known = state.withUnsafeBufferPointer { y in (0..<count).map { value($0, time, y) } }
        var sides = SurfaceSides()
        for (index, value) in known.enumerated() { sides[index] = value > 0 }
        let on = known.indices.filter { known[$0] == 0 }
        guard let surface = on.first else { return .success(.smooth(sides)) }
        return motion(across: surface, on, from: sides, at: time, state, isStart: true)
    }

    /// The motion across a surface, or along it.
    ///
    /// - Parameters:
    ///   - surface: the one that is met.
    ///   - group: the ones that are met with it.
    ///   - sides: where the motion comes from.
    func motion(
        across surface: Int, _ group: [Int], from sides: SurfaceSides, at time: Double, _ state: [Double],
        isStart: Bool = false
    ) -> Result<PiecewiseMotion, Undecided> {
        state.withUnsafeBufferPointer { y in
            let undecided = Undecided(ending: .notUnique(surface: surface, time: time))
            // A handful of surfaces meet at most.
            guard group.count <= 8 else { return .failure(undecided) }
            let undefined = Undecided(ending: .derivativeUndefined(time: time))
            /// Whether the right-hand side of some sides leads into them, or at least not out of them.
            func leadsOn(_ candidate: SurfaceSides) -> (isConsistent: Bool, isStrict: Bool)? {
                var result = (isConsistent: true, isStrict: true)
                for index in group {
                    guard let rate = rate(index, candidate, time, y) else { return nil }
                    let inward = candidate[index] ? rate : -rate
                    if inward < 0 { result.isConsistent = false }
                    if inward <= 0 { result.isStrict = false }
                }
                return result
            }
            // The other side of the one surface, of all of them, and then whatever else there is.
            var candidates = [sides.crossing([surface]), sides.crossing(group)]
            if isStart { candidates.insert(sides, at: 0) }
            for pattern in 0..<(1 << group.count) {
                let crossed = group.indices.filter { pattern & (1 << $0) != 0 }.map { group[$0] }
                candidates.append(sides.crossing(crossed))
            }
            var consistent: [SurfaceSides] = []
            var strict = Set<SurfaceSides>()
            for candidate in candidates {
                guard let answer = leadsOn(candidate) else { return .failure(undefined) }
                if answer.isConsistent { consistent.append(candidate) }
                if answer.isStrict { strict.insert(candidate) }
            }
            // Two ways that both lead away from where it is: a surface that repels.
            if strict.count > 1 { return .failure(undecided) }
            if let next = strict.first ?? consistent.first { return .success(.smooth(next)) }
            // All sides lead back: along the surface, all of the group together or the one alone.
            for crossed in group.count > 1 ? [group, [surface]] : [group] {
                let other = sides.crossing(crossed)
                let (below, above) = sides[surface] ? (other, sides) : (sides, other)
                guard let low = rate(surface, below, time, y), let high = rate(surface, above, time, y) else {
                    return .failure(undefined)
                }
                guard low > 0, high < 0 else { continue }
                let sliding = PiecewiseMotion.sliding(surface: surface, below: below, above: above)
                let stays = group.allSatisfy { index in
                    guard !crossed.contains(index) else { return true }
                    guard let rate = rateWhileSliding(index, sliding, time, y) else { return false }
                    return sides[index] ? rate >= 0 : rate <= 0
                }
                if stays { return .success(sliding) }
            }
            return .failure(undecided)
        }
    }

    /// The motion along one surface where it meets another one.
    func sliding(
        _ surface: Int, _ below: SurfaceSides, _ above: SurfaceSides, across other: Int, at time: Double, _ state: [Double]
    ) -> Result<PiecewiseMotion, Undecided> {
        let next = PiecewiseMotion.sliding(
            surface: surface, below: below.crossing([other]), above: above.crossing([other]))
        return state.withUnsafeBufferPointer { y in
            let undecided = Undecided(ending: .notUnique(surface: other, time: time))
            guard case .sliding(_, let newBelow, let newAbove) = next,
                let low = rate(surface, newBelow, time, y), let high = rate(surface, newAbove, time, y),
                let across = rateWhileSliding(other, next, time, y)
            else { return .failure(Undecided(ending: .derivativeUndefined(time: time))) }
            // Behind the other surface it must slide on, away from there; sliding along both is not determined in general.
            guard newBelow[other] ? across >= 0 : across <= 0 else { return .failure(undecided) }
            if low > 0, high < 0 { return .success(next) }
            if low >= 0, high >= 0 { return .success(.smooth(newAbove)) }
            if low <= 0, high <= 0 { return .success(.smooth(newBelow)) }
            return .failure(undecided)
        }
    }

    /// A state moved on to a surface along the gradient, however near it is.
    func placed(_ state: [Double], on surface: Int, at time: Double) -> [Double]? {
        state.withUnsafeBufferPointer { y in
            let h = value(surface, time, y)
            let gradient = gradient(surface, time, y)
            let square = gradient.reduce(0) { $0 + $1 * $1 }
            guard square > 0, square < .infinity, h.isFinite else { return nil }
            return zip(state, gradient).map { $0 - h * $1 / square }
        }
    }

    /// A state moved on to a surface along the gradient; nil where it lies on it within the tolerance of a step.
    func projected(_ state: [Double], on surface: Int, at time: Double, algorithm: ODEAlgorithm) -> [Double]? {
        state.withUnsafeBufferPointer { y in
            let h = value(surface, time, y)
            let gradient = gradient(surface, time, y)
            var allowed = 0.0
            for (slope, component) in zip(gradient, state) {
                allowed += abs(slope) * (algorithm.absoluteTolerance + algorithm.relativeTolerance * abs(component))
            }
            return abs(h) > allowed ? placed(state, on: surface, at: time) : nil
        }
    }
}
