import NumericalMethods
import RealModule

extension RoleContinuation {
    /// The curve of folds of cycles in this continuation's parameter and a second one, through one of its folds, as far as both
    /// ranges go, or to the generalised Hopf points at which the folding cycles shrink to a point.
    ///
    /// At each value of the second parameter the fold is where the tangent of the branch of cycles has no component in the
    /// first, found by the secant method along the branch; so a curve that turns in the second parameter ends where it turns.
    ///
    /// - Parameter event: a fold of cycles of the diagram.
    /// - Throws: ``ContinuationError`` where the second parameter's own value is outside of its range, or the curve does not start.
    public func foldCurve(
        from event: BranchEvent, of diagram: BranchDiagram, in second: BranchParameter
    ) throws(ContinuationError) -> BifurcationCurve {
        let own = ParameterPoint(game)[second.name] ?? .nan
        guard second.range.contains(own) else {
            throw .noStart(
                reason: "\(second.name.short) is \(own), outside of the range of the curve, "
                    + "\(second.range.lowerBound) to \(second.range.upperBound)")
        }
        let cycles = diagram.branches.first { $0.number == event.branch }?.cycles ?? []
        guard let cycle = cycles.first(where: { $0.number == event.point }),
            let start = CycleFold(self, cycle).located()
        else {
            throw .noStart(reason: "the fold of cycles was not found again")
        }
        // The Hopf curve has the points at which a curve of folds ends.
        var ends: [BifurcationCurve.Point] = []
        if let hopf = diagram.events.first(where: { $0.label == .hopf && !$0.isOnCycle }),
            let curve = try? hopfCurve(from: hopf, in: second)
        {
            ends = curve.points.filter { $0.label == .bautin }
        }
        let ahead = follow(start, from: own, to: second.range.upperBound, second, ends)
        let behind = follow(start, from: own, to: second.range.lowerBound, second, ends)
        var points = behind.reversed() + [told(start, own)] + ahead
        for k in points.indices { points[k].number = k + 1 }
        return BifurcationCurve(second: second, points: points)
    }

    /// The folds from one value of the second parameter towards another.
    private func follow(
        _ start: CycleFold, from own: Double, to end: Double, _ second: BranchParameter,
        _ bautin: [BifurcationCurve.Point]
    ) -> [BifurcationCurve.Point] {
        var result: [BifurcationCurve.Point] = []
        var current = start
        var at = second.coordinate(own)
        let goal = second.coordinate(end)
        let span = abs(second.coordinate(second.range.upperBound) - second.coordinate(second.range.lowerBound))
        var step = 0.02 * span
        // Beyond a generalised Hopf point there is no fold, and what Newton's method finds is none.
        let sense: Double = goal > at ? 1 : -1
        let barrier = bautin.map { second.coordinate($0.second) }.filter { sense * ($0 - at) > 0 }
            .min { abs($0 - at) < abs($1 - at) }
        while at != goal, result.count < settings.mostPoints, !isInterrupted() {
            if let barrier {
                guard abs(barrier - at) > 1e-4 * span else { break }
                step = min(step, 0.5 * abs(barrier - at))
            }
            let next = abs(goal - at) <= step ? goal : at + sense * step
            let value = next == goal ? end : second.value(next)
            var moved = ParameterPoint(game)
            if (try? moved.set(second.name, to: value)) != nil, let game = try? moved.makeGame(),
                let fold = current.moved(to: game).located(), coordinates.contains(fold.parameter)
            {
                current = fold
                at = next
                result.append(told(fold, value))
                step = min(step * 1.3, 0.02 * span)
            } else {
                step *= 0.5
                if step < 1e-7 * span { break }
            }
        }
        let reached = second.value(at)
        let nearest = bautin.min { abs($0.second - reached) < abs($1.second - reached) }
        if at != goal, let nearest, abs(second.coordinate(nearest.second) - at) <= 1e-4 * span {
            var point = nearest
            point.reason = "the folding cycles shrink to a generalised Hopf point"
            result.append(point)
        } else if let last = result.indices.last {
            result[last].label = at == goal ? .end : .gaveUp
            result[last].reason =
                at == goal
                ? "\(second.name.short) reaches the end of its range"
                : "no fold was found beyond; the curve may turn there or leave the range of \(parameter.name.short)"
        }
        return result
    }

    private func told(_ fold: CycleFold, _ second: Double) -> BifurcationCurve.Point {
        let profile = fold.profile
        let (held, sold) = (profile.mean { $0[1] }, profile.mean { $0[2] })
        return BifurcationCurve.Point(
            label: nil, first: parameter.value(fold.parameter), second: second,
            price: profile.mean { Double.exp($0[0]) }, shares: [held, sold, max(1 - held - sold, 0)],
            period: profile.period, firstLyapunov: nil, criticality: nil, eigenvalues: [])
    }
}

/// A fold of a branch of cycles, or a cycle near one.
private struct CycleFold {
    private let continuation: RoleContinuation
    private let game: RoleGame
    /// The unknowns, T and p last, on the mesh.
    private let x: [Double]
    private let mesh: [Double]
    /// The direction of the branch.
    private let direction: [Double]?

    private init(
        _ continuation: RoleContinuation, _ game: RoleGame, _ x: [Double], mesh: [Double], direction: [Double]?
    ) {
        self.continuation = continuation
        self.game = game
        self.x = x
        self.mesh = mesh
        self.direction = direction
    }

    init(_ continuation: RoleContinuation, _ cycle: CycleBranchPoint) {
        let n = continuation.system.dimension
        let degree = continuation.settings.degree
        let states = cycle.profile.flatMap { $0.state.prefix(n) }
        self.init(
            continuation, continuation.game,
            states + [cycle.period, continuation.parameter.coordinate(cycle.parameter)],
            mesh: stride(from: 0, to: cycle.profile.count, by: degree).map { cycle.profile[$0].time }, direction: nil)
    }

    /// The coordinate of the first parameter.
    var parameter: Double { x[x.count - 1] }

    var profile: CycleProfile { CycleProfile(system, x, mesh: mesh, degree: continuation.settings.degree) }

    private var system: RoleSystem { RoleSystem(game, [continuation.parameter]) }

    /// The same cycle as a guess for another game.
    func moved(to game: RoleGame) -> CycleFold {
        CycleFold(continuation, game, x, mesh: mesh, direction: direction)
    }

    /// The fold near this cycle; nil where it is not found.
    func located() -> CycleFold? {
        var curve = CycleCurve(system, mesh: mesh, degree: continuation.settings.degree, reference: x)
        let tracer = ArclengthTracer(curve, monitors: [], limits: continuation.limits, newtonTolerance: 1e-10)
        var along = direction
        if along == nil {
            // The direction at a fold is the one in which p is held, to first order.
            along = tracer.direction(at: x)
        }
        guard let along else { return nil }
        func point(at s: Double) -> CurvePoint<CycleCurve.Details>? {
            tracer.point(near: zip(x, along).map { $0 + s * $1 }, across: along)
        }
        guard var (last, current) = point(at: 0).flatMap({ a in point(at: 1e-3).map { (a, $0) } }) else { return nil }
        var (s0, s1) = (0.0, 1e-3)
        for _ in 0..<12 {
            let (f0, f1) = (last.details.parameterTangent, current.details.parameterTangent)
            guard f1 != f0 else { break }
            let step = max(min(-f1 * (s1 - s0) / (f1 - f0), 0.05), -0.05)
            guard abs(step) > 1e-9 else { break }
            (s0, last) = (s1, current)
            s1 += step
            guard let next = point(at: s1) else { return nil }
            current = next
        }
        // Of second order in what is left.
        guard abs(current.details.parameterTangent) < 1e-6, current.details.alignment > 0.2 else { return nil }
        let prepared = curve.prepare(for: current, stepNumber: 0)
        return CycleFold(continuation, game, prepared.x, mesh: curve.mesh, direction: prepared.tangent)
    }
}
