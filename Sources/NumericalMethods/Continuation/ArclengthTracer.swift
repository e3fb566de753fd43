import RealModule

/// A function along a curve, whose zeros are located.
public struct CurveMonitor<Details: Sendable>: Sendable {
    /// What a zero means.
    public enum Meaning: Equatable, Sendable {
        /// An unknown, given by its index, has this value. Ends the curve or marks it.
        case value(index: Int, target: Double, ends: Bool)
        /// The function passes through 0. Ends the curve or marks it.
        case zero(ends: Bool)
        /// The function changes its sign where the equations are singular, and curves cross. Marks the curve.
        case crossing
        /// A change of the function's sign ends the curve with the last point before it; nothing is located, where the equations
        /// are singular.
        case vanishing
    }

    let meaning: Meaning
    /// The function; NaN where it has no sign.
    let value: @Sendable (CurvePoint<Details>) -> Double

    /// A monitor of an unknown that reaches a value; such a point has that very value.
    public static func reaching(_ target: Double, at index: Int, ends: Bool) -> CurveMonitor {
        CurveMonitor(meaning: .value(index: index, target: target, ends: ends)) { $0.x[index] - target }
    }

    /// A monitor of a function.
    public static func zero(
        ends: Bool = false, of value: @escaping @Sendable (CurvePoint<Details>) -> Double
    ) -> CurveMonitor {
        CurveMonitor(meaning: .zero(ends: ends), value: value)
    }

    /// A monitor of a function whose change of sign tells that curves cross. On the way there Newton's method has two curves to
    /// choose from, so the point is found by ``CurveProblem/singularPoint(near:)`` instead.
    public static func crossing(of value: @escaping @Sendable (CurvePoint<Details>) -> Double) -> CurveMonitor {
        CurveMonitor(meaning: .crossing, value: value)
    }

    /// A monitor of a function whose change of sign ends the curve without being located.
    public static func vanishing(of value: @escaping @Sendable (CurvePoint<Details>) -> Double) -> CurveMonitor {
        CurveMonitor(meaning: .vanishing, value: value)
    }

    var ends: Bool {
        switch meaning {
        case .value(_, _, let ends), .zero(let ends): ends
        case .vanishing: true
        case .crossing: false
        }
    }
}

/// How far and with what steps a curve is followed.
public struct CurveLimits: Equatable, Sendable {
    public var firstStep: Double
    public var smallestStep: Double
    public var largestStep: Double
    /// The points in each direction, the start not counted.
    public var mostPoints: Int

    public init(firstStep: Double, smallestStep: Double, largestStep: Double, mostPoints: Int) {
        self.firstStep = firstStep
        self.smallestStep = smallestStep
        self.largestStep = largestStep
        self.mostPoints = mostPoints
    }
}

/// A point of a traced curve and which monitors vanish there.
public struct TracedPoint<Details: Sendable>: Sendable {
    public var point: CurvePoint<Details>
    /// The index of the monitor whose zero was located here; nil for a point between.
    public var monitor: Int?
    /// What is left of the monitor's function.
    public var testValue: Double?
    /// The arclength within which the zero is known.
    public var locationError: Double?
}

/// Why a curve was not followed further.
public enum CurveEnding: Equatable, Sendable {
    /// A monitor that ends it.
    case monitor(Int)
    /// As many points as were asked for.
    case pointsUsed
    /// It came back to its start.
    case closed
    /// The smallest step failed: the step, the residual of the last attempt and the pivot ratio of the bordered derivative
    /// are in the text.
    case gaveUp(reason: String)
    /// The caller's wish.
    case interrupted
}

/// A part of a curve, from its start on.
public struct TracedCurve<Details: Sendable>: Sendable {
    /// The start and what follows, in order.
    public var points: [TracedPoint<Details>]
    public var ending: CurveEnding
}

/// Follows a curve by pseudo-arclength: a step along the tangent, then Newton's method in the plane across it.
///
/// The step grows by one half after a correction of at most two Newton steps, and is halved after a failure or where the
/// tangent turns by more than 15°. A sign change of a monitor is located on the curve by Brent's method, each trial point
/// being corrected to the curve.
public struct ArclengthTracer<Problem: CurveProblem> {
    public typealias Details = Problem.Details

    public private(set) var problem: Problem
    private let monitors: [CurveMonitor<Details>]
    private let limits: CurveLimits
    /// The norm of a Newton step after which the next would be below rounding.
    private let newtonTolerance: Double
    private let isInterrupted: () -> Bool

    public init(
        _ problem: Problem, monitors: [CurveMonitor<Details>], limits: CurveLimits, newtonTolerance: Double = 1e-9,
        isInterrupted: @escaping () -> Bool = { false }
    ) {
        self.problem = problem
        self.monitors = monitors
        self.limits = limits
        self.newtonTolerance = newtonTolerance
        self.isInterrupted = isInterrupted
    }

    // MARK: - Correction

    /// What came of a correction.
    enum Correction {
        case point(CurvePoint<Details>)
        case failed(residual: Double, reason: String)
    }

    /// Newton's method from a guess, with ⟨row, x⟩ held at the guess's; then the tangent in the sense of `orientation`.
    func corrected(
        _ guess: [Double], row: [Double], orientation: [Double], tolerance: Double
    ) -> Correction {
        var x = guess
        var previous = Double.infinity
        var residual = Double.infinity
        do throws(LinearAlgebraError) {
            for iteration in 1...10 {
                guard let linear = problem.linearised(at: x) else {
                    return .failed(residual: residual, reason: "the equations are not defined there")
                }
                residual = linear.residual
                var last = 0.0
                for k in x.indices { last += row[k] * (guess[k] - x[k]) }
                let step = try linear.newtonStep(row: row, last: last)
                for k in x.indices { x[k] += step[k] }
                let length = problem.inner(step, step).squareRoot()
                guard length < .infinity, iteration < 3 || length < previous || length <= tolerance else {
                    // Where the derivative is singular but for rounding no step can be small; the equations themselves say that
                    // they are solved.
                    if residual <= Self.roundingResidual {
                        return try finished(x, orientation: orientation, iterations: iteration)
                    }
                    return .failed(residual: residual, reason: "Newton's method does not converge")
                }
                previous = length
                let size = 1 + problem.inner(x, x).squareRoot()
                guard length <= tolerance * size || (iteration == 10 && residual <= Self.roundingResidual) else {
                    continue
                }
                return try finished(x, orientation: orientation, iterations: iteration)
            }
        } catch {
            return .failed(residual: residual, reason: error.description)
        }
        return .failed(residual: residual, reason: "Newton's method does not converge")
    }

    /// A residual that is nothing but rounding where the terms of the equations are about 1.
    private static var roundingResidual: Double { 1e-15 }

    private func finished(
        _ x: [Double], orientation: [Double], iterations: Int
    ) throws(LinearAlgebraError) -> Correction {
        guard let linear = problem.linearised(at: x) else {
            return .failed(residual: .infinity, reason: "the equations are not defined there")
        }
        let tangent = normalised(try linear.kernel(row: weighted(orientation)), along: orientation)
        let details = try problem.details(at: x, tangent: tangent, linear)
        return .point(
            CurvePoint(x: x, tangent: tangent, details: details, iterations: iterations, residual: linear.residual))
    }

    private func weighted(_ v: [Double]) -> [Double] { zip(problem.weights, v).map { $0 * $1 } }

    private func normalised(_ v: [Double], along w: [Double]) -> [Double] {
        let length = problem.inner(v, v).squareRoot()
        let factor = (problem.inner(v, w) < 0 ? -1 : 1) / length
        return v.map { factor * $0 }
    }

    /// The point of the curve near a guess at which an unknown has the guess's value.
    ///
    /// - Parameter orientation: the sense of the tangent; rising in that unknown where nil.
    public func point(near guess: [Double], holding index: Int, orientation: [Double]? = nil) -> CurvePoint<Details>? {
        let row = unit(index, of: guess.count)
        guard
            case .point(var point) = corrected(
                guess, row: row, orientation: orientation ?? row, tolerance: newtonTolerance * 1e-2)
        else { return nil }
        // Exactly, where the last step left an ulp.
        point.x[index] = guess[index]
        return point
    }

    /// The direction of the curve at a point where the last unknown turns: the null vector of the equations with that unknown
    /// held, by inverse iteration; nil where the equations are not defined.
    public func direction(at x: [Double]) -> [Double]? {
        guard let linear = problem.linearised(at: x) else { return nil }
        var v = [Double](repeating: 0, count: x.count)
        // A row that no direction of interest is orthogonal to, then the last direction itself.
        for k in v.indices { v[k] = 1 + 0.3 * Double.sin(Double(k)) }
        for _ in 0..<3 {
            guard let next = try? linear.kernel(row: weighted(v)) else { return nil }
            v = normalised(next, along: next)
        }
        return v
    }

    /// The same point with the curve run through in the other sense.
    public func reversed(_ point: CurvePoint<Details>) -> CurvePoint<Details>? {
        let orientation = point.tangent.map { -$0 }
        guard
            case .point(var reversed)? = try? finished(point.x, orientation: orientation, iterations: point.iterations)
        else { return nil }
        reversed.step = point.step
        return reversed
    }

    /// The point of the curve in the plane through a guess across a direction.
    public func point(near guess: [Double], across direction: [Double]) -> CurvePoint<Details>? {
        guard
            case .point(let point) = corrected(
                guess, row: weighted(direction), orientation: direction, tolerance: newtonTolerance)
        else { return nil }
        return point
    }

    // MARK: - Steps

    /// Follows the curve from a point in the sense of its tangent.
    public mutating func trace(from start: CurvePoint<Details>) -> TracedCurve<Details> {
        var result = TracedCurve(points: [TracedPoint(point: start)], ending: .pointsUsed)
        var current = start
        var step = min(limits.firstStep, limits.largestStep)
        var count = 0
        while count < limits.mostPoints {
            if isInterrupted() {
                result.ending = .interrupted
                return result
            }
            current = problem.prepare(for: current, stepNumber: count)
            let next: CurvePoint<Details>
            switch attempt(from: current, &step) {
            case .point(let point): next = point
            case .failed(let residual, let reason):
                result.ending = .gaveUp(
                    reason: "the step fell below \(limits.smallestStep): \(reason); residual \(residual)"
                        + (conditionNote(at: current)))
                return result
            }
            if let monitor = vanished(at: next) {
                result.ending = .monitor(monitor)
                return result
            }
            let found = events(between: current, next)
            for event in found {
                result.points.append(event.located)
                count += 1
                if monitors[event.monitor].ends {
                    result.ending = .monitor(event.monitor)
                    return result
                }
            }
            if count > 8, let start = result.points.first?.point, returns(to: start, from: current, next) {
                result.points.append(TracedPoint(point: start))
                result.ending = .closed
                return result
            }
            result.points.append(TracedPoint(point: next))
            count += 1
            if next.iterations <= 2 { step = min(step * 1.5, limits.largestStep) }
            current = next
        }
        return result
    }

    private func conditionNote(at point: CurvePoint<Details>) -> String {
        guard let linear = problem.linearised(at: point.x) as? DenseBorderedSystem,
            let factors = try? linear.bordered(by: weighted(point.tangent))
        else { return "" }
        return ", pivot ratio of the bordered derivative \(factors.pivotRatio)"
    }

    /// The next point, with a step that is halved until it serves.
    private func attempt(from current: CurvePoint<Details>, _ step: inout Double) -> Correction {
        while true {
            let guess = zip(current.x, current.tangent).map { $0 + step * $1 }
            let correction = corrected(
                guess, row: weighted(current.tangent), orientation: current.tangent, tolerance: newtonTolerance)
            if case .point(var point) = correction {
                let cosine = problem.inner(point.tangent, current.tangent)
                // cos 15°.
                if cosine > 0.9659 {
                    point.step = step
                    return .point(point)
                }
                if step <= limits.smallestStep {
                    return .failed(residual: point.residual, reason: "the curve turns too sharply")
                }
            } else if step <= limits.smallestStep {
                return correction
            }
            step = max(0.5 * step, limits.smallestStep)
        }
    }

    /// Whether the start lies between two points of the curve that runs as it does there.
    private func returns(
        to start: CurvePoint<Details>, from a: CurvePoint<Details>, _ b: CurvePoint<Details>
    ) -> Bool {
        guard start.x.count == b.x.count, problem.inner(start.tangent, b.tangent) > 0.9 else { return false }
        let chord = zip(b.x, a.x).map { $0 - $1 }
        let offset = zip(start.x, a.x).map { $0 - $1 }
        let length = problem.inner(chord, chord)
        let along = problem.inner(offset, chord) / length
        guard along > 0, along <= 1 else { return false }
        let distance = problem.inner(offset, offset) - along * along * length
        return distance <= 0.04 * length
    }

    // MARK: - Events

    private func vanished(at point: CurvePoint<Details>) -> Int? {
        monitors.firstIndex { $0.meaning == .vanishing && !($0.value(point) > 0) }
    }

    private struct Event {
        let monitor: Int
        let along: Double
        let located: TracedPoint<Details>
    }

    /// The zeros of the monitors on a step, in order, none after the first that ends the curve.
    private func events(between a: CurvePoint<Details>, _ b: CurvePoint<Details>) -> [Event] {
        var found: [Event] = []
        for (index, monitor) in monitors.enumerated() where monitor.meaning != .vanishing {
            let (before, after) = (monitor.value(a), monitor.value(b))
            guard !before.isNaN, !after.isNaN, before != 0, after == 0 || (before < 0) != (after < 0) else { continue }
            let event =
                switch monitor.meaning {
                case .value(let unknown, let target, _):
                    reached(target, unknown, index, a, b)
                        ?? located(monitor, index, a, b, before: before, after: after)
                case .crossing: crossed(monitor, index, a, b, share: before / (before - after))
                case .zero, .vanishing: located(monitor, index, a, b, before: before, after: after)
                }
            if let event { found.append(event) }
        }
        found.sort { ($0.along, $0.monitor) < ($1.along, $1.monitor) }
        guard let end = found.first(where: { monitors[$0.monitor].ends }) else { return found }
        // What happens at the very end comes before it.
        return found.filter { !monitors[$0.monitor].ends && $0.along <= end.along + 1e-6 * b.step } + [end]
    }

    /// The point between at which an unknown has a value, held by Newton's method itself.
    private func reached(
        _ target: Double, _ unknown: Int, _ index: Int, _ a: CurvePoint<Details>, _ b: CurvePoint<Details>
    ) -> Event? {
        let share = (target - a.x[unknown]) / (b.x[unknown] - a.x[unknown])
        guard share.isFinite else { return nil }
        var guess = zip(a.x, b.x).map { $0 + share * ($1 - $0) }
        guess[unknown] = target
        guard var point = point(near: guess, holding: unknown, orientation: a.tangent),
            problem.inner(point.tangent, a.tangent) > 0.9
        else { return nil }
        point.step = share * b.step
        return Event(
            monitor: index, along: share * b.step,
            located: TracedPoint(point: point, monitor: index, testValue: 0, locationError: 0))
    }

    /// The point between by interpolation, for where Newton's method fails on the way, as it does where another curve crosses at
    /// the very point; nil where it does not solve the equations, which it does on a straight line.
    private func interpolated(
        _ monitor: CurveMonitor<Details>, _ index: Int, _ a: CurvePoint<Details>, _ b: CurvePoint<Details>,
        share: Double
    ) -> Event? {
        let x = zip(a.x, b.x).map { $0 + share * ($1 - $0) }
        guard let linear = problem.linearised(at: x), linear.residual <= 1e-9,
            let details = try? problem.details(at: x, tangent: a.tangent, linear)
        else { return nil }
        var point = CurvePoint(x: x, tangent: a.tangent, details: details, iterations: 0, residual: linear.residual)
        point.step = share * b.step
        return Event(
            monitor: index, along: point.step,
            located: TracedPoint(
                point: point, monitor: index, testValue: monitor.value(point), locationError: linear.residual))
    }

    /// The point between at which curves cross, near a share of the step.
    private func crossed(
        _ monitor: CurveMonitor<Details>, _ index: Int, _ a: CurvePoint<Details>, _ b: CurvePoint<Details>,
        share: Double
    ) -> Event? {
        let guess = zip(a.x, b.x).map { $0 + share * ($1 - $0) }
        guard let x = problem.singularPoint(near: guess), let linear = problem.linearised(at: x) else { return nil }
        let chord = zip(b.x, a.x).map { $0 - $1 }
        let along = problem.inner(zip(x, a.x).map { $0 - $1 }, chord) / problem.inner(chord, chord)
        guard along > -0.1, along < 1.1 else { return nil }
        // Of the two directions there the one between those before and after.
        let tangent = normalised(
            zip(a.tangent, b.tangent).map { $0 + along * ($1 - $0) }, along: a.tangent)
        guard let details = try? problem.details(at: x, tangent: tangent, linear) else { return nil }
        let step = min(max(along, 0), 1) * b.step
        var point = CurvePoint(x: x, tangent: tangent, details: details, iterations: 0, residual: linear.residual)
        point.step = step
        return Event(
            monitor: index, along: step,
            located: TracedPoint(
                point: point, monitor: index, testValue: monitor.value(point), locationError: 16 * Double.ulpOfOne))
    }

    private func located(
        _ monitor: CurveMonitor<Details>, _ index: Int, _ a: CurvePoint<Details>, _ b: CurvePoint<Details>,
        before: Double, after: Double
    ) -> Event? {
        let row = weighted(a.tangent)
        func point(at s: Double) -> CurvePoint<Details>? {
            // From the chord of the two ends, which the curve is near.
            let share = s / b.step
            var guess = zip(a.x, b.x).map { $0 + share * ($1 - $0) }
            let along = problem.inner(guess, a.tangent) - problem.inner(a.x, a.tangent)
            for k in guess.indices { guess[k] += (s - along) * a.tangent[k] }
            guard
                case .point(let point) = corrected(
                    guess, row: row, orientation: a.tangent, tolerance: newtonTolerance * 1e-3)
            else { return nil }
            return point
        }
        var best: (point: CurvePoint<Details>, s: Double, value: Double)?
        func value(_ s: Double) -> Double {
            if s == 0 { return before }
            if s == b.step, after != 0 { return after }
            guard let candidate = point(at: s) else { return .nan }
            let value = monitor.value(candidate)
            if let known = best, abs(known.value) <= abs(value) { return value }
            best = (candidate, s, value)
            return value
        }
        guard
            let root = try? bracketedRoot(
                in: 0...b.step, absoluteTolerance: 1e-14 * b.step, relativeTolerance: 4e-16, of: value),
            let best
        else { return interpolated(monitor, index, a, b, share: before / (before - after)) }
        if root.value == 0 { return nil }
        var located = best.point
        located.step = best.s
        return Event(
            monitor: index, along: best.s,
            located: TracedPoint(
                point: located, monitor: index, testValue: best.value,
                locationError: max(root.bracket.upperBound - root.bracket.lowerBound, best.s.ulp)))
    }
}
