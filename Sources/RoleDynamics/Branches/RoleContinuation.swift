import ComplexModule
import DissipativeMarket
import NumericalMethods
import RealModule

/// The continuation of a game's rest points, and of the cycles born of them, in one parameter.
///
/// Smooth fields only, logit and the replicator; for fields with a kink there is ``KinkedContinuation``. Rest points are
/// followed by pseudo-arclength in (z, ℓ, s), with a lag (z, ℓ, s, q), and the parameter's coordinate; what is told of a
/// point, eigenvalues included, comes from ``RoleGame/restPoints()`` at its parameter value where that has it, the second
/// route to the same point.
///
/// For logit (−1)ⁿ det J > 0, so that there is neither a fold nor a branch point, and none is looked for.
public struct RoleContinuation: Sendable {
    /// Which branches are followed from the first.
    public enum Switching: String, CaseIterable, Sendable {
        /// None.
        case none
        /// Cycles, at each Hopf point.
        case hopf
        /// Cycles at Hopf points, and what crosses at branch points.
        case all
    }

    /// How a continuation goes.
    public struct Settings: Sendable {
        /// The number of the rest point to start from, by rising price, from 1 on.
        public var start = 1
        public var switching = Switching.none
        /// The first, smallest and largest arclength of a step; nil for shares of the range.
        public var firstStep: Double?
        public var smallestStep: Double?
        public var largestStep: Double?
        /// The points in each direction.
        public var mostPoints = 1000
        /// Whether the branch ends at its first Hopf point.
        public var stopsAtHopf = false
        /// Whether real pairs ±μ are reported.
        public var reportsNeutralSaddles = false
        /// Parameter values to pass exactly.
        public var requested: [Double] = []
        /// The intervals of the mesh of cycles, and the degree on each.
        public var intervals = 40
        public var degree = 4

        public init() {}
    }

    let game: RoleGame
    let parameter: BranchParameter
    let settings: Settings
    let system: RoleSystem
    let isInterrupted: @Sendable () -> Bool

    /// - Parameters:
    ///   - game: the game; its own value of the parameter is the start if it lies in the range, else the nearer end.
    ///   - parameter: what is varied.
    ///   - isInterrupted: asked before each step.
    /// - Throws: ``ContinuationError`` for a protocol without derivatives.
    public init(
        _ game: RoleGame, _ parameter: BranchParameter, _ settings: Settings = Settings(),
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) throws(ContinuationError) {
        guard game.revisionProtocol == .logit || game.revisionProtocol == .replicator else {
            throw game.revisionProtocol == .bestResponse
                ? .noDerivatives(game.revisionProtocol) : .kinked(game.revisionProtocol)
        }
        self.game = game
        self.parameter = parameter
        self.settings = settings
        self.isInterrupted = isInterrupted
        system = RoleSystem(game, [parameter])
    }

    /// Follows the branches.
    ///
    /// - Throws: ``ContinuationError`` where there is no start.
    public func run() throws(ContinuationError) -> BranchDiagram {
        var diagram = BranchDiagram(game: game, parameter: parameter)
        let rest = try restBranch()
        diagram.notes += rest.notes
        append(rest, to: &diagram)
        guard settings.switching != .none else { return diagram }
        try followCycles(rest, &diagram)
        if settings.switching == .all { try followCrossings(rest, &diagram) }
        return diagram
    }

    /// Adds a branch of rest points with its events.
    private func append(_ traced: TracedRest, to diagram: inout BranchDiagram) {
        let number = diagram.branches.count + 1
        diagram.branches.append(RoleBranch(number: number, points: .rest(traced.points.map(\.told))))
        for point in traced.points {
            guard let label = point.told.label else { continue }
            diagram.events.append(event(label, at: point, branch: number, number: diagram.events.count + 1))
        }
    }

    // MARK: - Rest points

    /// A point of a traced branch with what is told of it.
    struct TracedRestPoint {
        var told: RestBranchPoint
        let traced: TracedPoint<RestCurve.Details>
        var form: HopfNormalForm?
        var reason: String?
    }

    struct TracedRest {
        var points: [TracedRestPoint] = []
        var notes: [String] = []
    }

    /// The parameter's index among the unknowns.
    var last: Int { system.dimension }

    /// The value at which the branch starts.
    var startValue: Double {
        let own = ParameterPoint(game)[parameter.name] ?? parameter.range.lowerBound
        let value = min(max(own, parameter.range.lowerBound), parameter.range.upperBound)
        // Without a lag the state has no observed price, and the continuation in the lag begins a little above.
        return parameter.name == .lag ? max(value, smallestLag) : value
    }

    /// The lag that stands for 0 at the end of a range: 1e−9 of the range's other end.
    private var smallestLag: Double {
        parameter.range.lowerBound > 0 ? parameter.range.lowerBound : 1e-9 * parameter.range.upperBound
    }

    private var lowerCoordinate: Double {
        parameter.name == .lag ? parameter.coordinate(smallestLag) : parameter.coordinate(parameter.range.lowerBound)
    }

    private var upperCoordinate: Double { parameter.coordinate(parameter.range.upperBound) }

    /// The range in the coordinate.
    var coordinates: ClosedRange<Double> { lowerCoordinate...upperCoordinate }

    /// The length of the range in the coordinate.
    private var span: Double { upperCoordinate - lowerCoordinate }

    /// The game at another value of the parameter; nil outside of the domain.
    func game(at value: Double) -> RoleGame? {
        var point = ParameterPoint(game)
        guard (try? point.set(parameter.name, to: value)) != nil else { return nil }
        return try? point.makeGame()
    }

    var limits: CurveLimits {
        let largest = settings.largestStep ?? 0.02 * span
        return CurveLimits(
            firstStep: settings.firstStep ?? min(0.005 * span, largest),
            smallestStep: settings.smallestStep ?? min(1e-8 * span, largest), largestStep: largest,
            mostPoints: settings.mostPoints)
    }

    /// What a monitor of the rest points stands for.
    private enum Mark {
        case rangeEnd(Double)
        case requested(Double)
        case hopf
        case fold
        case branchPoint
        case share(RevisionRole)
        case priceEscape
    }

    private enum RevisionRole: String {
        case liquidityProviders = "share of LPs"
        case sellers = "share of sellers"
        case external = "share of external sellers"
    }

    private func marks(on face: RestFace) -> [(Mark, CurveMonitor<RestCurve.Details>)] {
        var marks: [(Mark, CurveMonitor<RestCurve.Details>)] = [
            (.rangeEnd(parameter.range.lowerBound), .reaching(lowerCoordinate, at: last, ends: true)),
            (.rangeEnd(parameter.range.upperBound), .reaching(upperCoordinate, at: last, ends: true)),
            (.priceEscape, .zero(ends: true) { $0.x[0] + 700 }),
            (.hopf, .zero(ends: settings.stopsAtHopf) { $0.details.pairTest }),
        ]
        for value in settings.requested {
            marks.append((.requested(value), .reaching(parameter.coordinate(value), at: last, ends: false)))
        }
        guard game.revisionProtocol == .replicator else { return marks }
        marks.append((.fold, .zero { abs($0.details.parameterTangent) > 1e-9 ? $0.details.parameterTangent : .nan }))
        marks.append((.branchPoint, .crossing { $0.details.branchTest }))
        // A share that the face does not have is 0 all along.
        if face == .interior || face == .liquidityProvidersAndSellers {
            marks.append((.share(.liquidityProviders), .zero(ends: true) { $0.x[1] }))
        }
        if face == .interior || face == .sellersAndExternal {
            marks.append((.share(.external), .zero(ends: true) { 1 - $0.x[1] - $0.x[2] }))
        }
        marks.append((.share(.sellers), .zero(ends: true) { $0.x[2] }))
        return marks
    }

    /// The rest point that the branch starts from.
    func startingRestPoint() throws(ContinuationError) -> RestPoint {
        guard let game = game(at: startValue) else {
            throw .noStart(reason: "\(parameter.name.short) \(startValue) is outside of its domain")
        }
        let solution: RestPointSolution
        do throws(RestPointError) {
            solution = try game.restPoints()
        } catch {
            throw .restPoints(error)
        }
        guard !solution.points.isEmpty else {
            throw .noRestPoint(
                parameter: startValue, escape: solution.escapes.map(\.description).joined(separator: "; "))
        }
        guard solution.points.indices.contains(settings.start - 1) else {
            throw .noSuchRestPoint(number: settings.start, count: solution.points.count)
        }
        return solution.points[settings.start - 1]
    }

    private func unknowns(_ point: RestPoint) -> [Double] {
        let shares = point.shares
        return [point.logPrice, shares.liquidityProviders, shares.sellers] + (system.hasLag ? [point.logPrice] : [])
    }

    private func restBranch() throws(ContinuationError) -> TracedRest {
        let start = try startingRestPoint()
        let marks = marks(on: start.face)
        var tracer = ArclengthTracer(
            RestCurve(system), monitors: marks.map(\.1), limits: limits, isInterrupted: isInterrupted)
        let guess = unknowns(start) + [parameter.coordinate(startValue)]
        guard let first = tracer.point(near: guess, holding: last) else {
            throw .noStart(
                reason:
                    "Newton's method does not converge at \(parameter.name.short) \(startValue), where the rest point "
                    + "is not isolated or too steep")
        }
        return traced(from: first, &tracer, marks, face: start.face, startingAt: startValue)
    }

    /// The curve through a point, in both directions, as one branch in the sense of rising parameter at the start.
    private func traced(
        from first: CurvePoint<RestCurve.Details>, _ tracer: inout ArclengthTracer<RestCurve>,
        _ marks: [(Mark, CurveMonitor<RestCurve.Details>)], face: RestFace, startingAt exact: Double?
    ) -> TracedRest {
        var result = TracedRest()
        let coordinate = first.x[last]
        var backward: [TracedRestPoint] = []
        var isClosed = false
        if coordinate < upperCoordinate || first.tangent[last] == 0 {
            let ahead = tracer.trace(from: first)
            isClosed = ahead.ending == .closed
            result.points = told(ahead, marks, face: face, startingAt: exact)
        }
        if !isClosed, coordinate > lowerCoordinate || first.tangent[last] == 0, let reversed = tracer.reversed(first) {
            var behind = tracer.trace(from: reversed)
            for k in behind.points.indices { behind.points[k].point.tangent.negate() }
            backward = told(behind, marks, face: face, startingAt: exact)
            // A step leads to the point after it.
            if !result.points.isEmpty { backward.removeFirst() }
            backward.reverse()
        }
        result.points = backward + result.points
        // A start at an end of the range is an end of the branch.
        for (value, index) in [(lowerCoordinate, 0), (upperCoordinate, result.points.count - 1)]
        where coordinate == value && result.points[index].told.label == nil {
            result.points[index].told.label = .end
            result.points[index].reason =
                parameter.name == .lag && parameter.range.lowerBound == 0 && index == 0
                ? "the lag tends to 0, where the state has no observed price" : "the start, at an end of the range"
        }
        for k in result.points.indices { result.points[k].told.number = k + 1 }
        return result
    }

    private func told(
        _ curve: TracedCurve<RestCurve.Details>, _ marks: [(Mark, CurveMonitor<RestCurve.Details>)], face: RestFace,
        startingAt start: Double?
    ) -> [TracedRestPoint] {
        var result: [TracedRestPoint] = []
        for (index, point) in curve.points.enumerated() {
            var (label, reason, exact): (BranchLabel?, String?, Double?) = (nil, nil, index == 0 ? start : nil)
            if let monitor = point.monitor {
                switch marks[monitor].0 {
                case .rangeEnd(let value):
                    label = .end
                    exact = parameter.name == .lag && value == 0 ? nil : value
                    reason =
                        exact == nil
                        ? "the lag tends to 0, where the state has no observed price"
                        : "\(parameter.name.short) reaches the end of its range"
                case .requested(let value):
                    label = .requested
                    exact = value
                case .hopf:
                    if point.point.details.criticalProduct > 0 {
                        label = .hopf
                    } else if settings.reportsNeutralSaddles {
                        label = .neutralSaddle
                    } else {
                        continue
                    }
                case .fold: label = .fold
                case .branchPoint: label = .branchPoint
                case .share(let role):
                    label = .bound
                    reason = "the \(role.rawValue) reaches 0"
                case .priceEscape:
                    label = .end
                    reason = "the price falls to 0: there is no rest point beyond"
                }
            }
            result.append(told(point, label, reason, exact, face: face))
        }
        switch curve.ending {
        case .gaveUp(let reason):
            if let index = result.indices.last {
                result[index].told.label = .gaveUp
                result[index].reason = reason
            }
        case .pointsUsed, .interrupted, .closed:
            if let index = result.indices.last, result[index].told.label == nil {
                result[index].told.label = .end
                result[index].reason =
                    curve.ending == .pointsUsed
                    ? "\(settings.mostPoints) points, as many as were allowed"
                    : curve.ending == .closed ? "the branch comes back to its start" : "interrupted"
            }
        case .monitor: break
        }
        return result
    }

    private func told(
        _ point: TracedPoint<RestCurve.Details>, _ label: BranchLabel?, _ reason: String?, _ exact: Double?,
        face: RestFace
    ) -> TracedRestPoint {
        let x = point.point.x
        let value = exact ?? parameter.value(x[last])
        let found = restPoint(at: value, near: x)
        // A share that is not played is 0; what rounding leaves of it is not told.
        let (l, s) = (max(x[1], 0), max(x[2], 0))
        let shares = found?.shares ?? RoleShares(unchecked: l, s, max(1 - l - s, 0))
        var form: HopfNormalForm?
        if label == .hopf { form = try? HopfNormalForm(system, at: x) }
        var status = found?.degeneracies.first?.description ?? "ok"
        if let form, abs(form.firstLyapunov) < 100 * form.firstLyapunovError { status = "l1 near its error" }
        let values = found?.stability.eigenvalues.map(Self.byFallingRealPart) ?? point.point.details.eigenvalues
        var isStable = found.map { $0.stability.isStable } ?? (point.point.details.unstableCount == 0)
        if label == .hopf || label == .branchPoint || label == .fold { isStable = nil }
        return TracedRestPoint(
            told: RestBranchPoint(
                label: label, parameter: value, logPrice: found?.logPrice ?? x[0], shares: shares,
                face: found?.face ?? face, eigenvalues: values, isStable: isStable,
                parameterTangent: point.point.tangent[last], step: point.point.step, iterations: point.point.iterations,
                residual: found?.residual ?? point.point.residual, status: status),
            traced: point, form: form, reason: reason)
    }

    /// The rest point at a parameter value that a traced point is; nil where there is none so near.
    private func restPoint(at value: Double, near x: [Double]) -> RestPoint? {
        guard let game = game(at: value), let solution = try? game.restPoints() else { return nil }
        func distance(_ point: RestPoint) -> Double {
            max(
                abs(point.logPrice - x[0]), abs(point.shares.liquidityProviders - x[1]),
                abs(point.shares.sellers - x[2]))
        }
        guard let nearest = solution.points.min(by: { distance($0) < distance($1) }) else { return nil }
        return distance(nearest) < 1e-7 * (1 + abs(x[0])) ? nearest : nil
    }

    static func byFallingRealPart(_ values: [Complex<Double>]) -> [Complex<Double>] {
        values.sorted { ($1.real, abs($0.imaginary), $1.imaginary) < ($0.real, abs($1.imaginary), $0.imaginary) }
    }

    private func event(_ label: BranchLabel, at point: TracedRestPoint, branch: Int, number: Int) -> BranchEvent {
        let told = point.told
        let x = point.traced.point.x
        let slope = parameter.slope(x[last])
        let price = told.price
        let hopf = point.form.map { form in
            BranchEvent.Hopf(
                frequency: form.frequency, firstLyapunov: form.firstLyapunov, criticality: Criticality(form),
                amplitudeSlope: price * price * form.amplitudeSlope(of: 0) / slope,
                periodSlope: form.periodSlope / slope)
        }
        let location = point.traced.locationError.map { error in
            max(error * abs(told.parameterTangent) * slope, told.parameter.ulp)
        }
        return BranchEvent(
            number: number, branch: branch, point: told.number, label: label, isOnCycle: false,
            parameter: told.parameter, price: price,
            shares: [told.shares.liquidityProviders, told.shares.sellers, told.shares.external],
            period: point.form?.period, hopf: hopf, testValue: point.traced.testValue, parameterError: location,
            toBranch: nil, reason: point.reason)
    }

    // MARK: - Other branches

    /// The branches that cross the first at its branch points.
    private func followCrossings(_ rest: TracedRest, _ diagram: inout BranchDiagram) throws(ContinuationError) {
        for point in rest.points where point.told.label == .branchPoint {
            let curve = RestCurve(system)
            guard let direction = try? curve.otherTangent(at: point.traced.point) else { continue }
            let marks = marks(on: .interior)
            var tracer = ArclengthTracer(curve, monitors: marks.map(\.1), limits: limits, isInterrupted: isInterrupted)
            // Both ways from a little beside the crossing, where shares that are 0 at it have a sign; a way that leaves the simplex
            // is none.
            var ways: [[TracedRestPoint]] = []
            for sign in [-1.0, 1] {
                let way = direction.map { sign * $0 }
                let guess = zip(point.traced.point.x, way).map { $0 + 1e-3 * $1 }
                guard let beside = tracer.point(near: guess, across: way),
                    min(beside.x[1], beside.x[2], 1 - beside.x[1] - beside.x[2]) > -1e-12
                else {
                    ways.append([])
                    continue
                }
                ways.append(told(tracer.trace(from: beside), marks, face: .interior, startingAt: nil))
            }
            var other = TracedRest()
            other.points = ways[0].reversed() + [point] + ways[1]
            for k in other.points.indices { other.points[k].told.number = k + 1 }
            guard other.points.count > 1 else { continue }
            let number = diagram.branches.count + 1
            if let index = diagram.events.firstIndex(where: {
                $0.branch == 1 && $0.point == point.told.number && $0.label == .branchPoint
            }) {
                diagram.events[index].toBranch = number
            }
            append(other, to: &diagram)
        }
    }

    /// The families of cycles from the Hopf points; a family that ends at another of them is followed once.
    private func followCycles(_ rest: TracedRest, _ diagram: inout BranchDiagram) throws(ContinuationError) {
        var arrivedAt: Set<Int> = []
        let hopfPoints = rest.points.filter { $0.told.label == .hopf }
        for point in hopfPoints where !arrivedAt.contains(point.told.number) {
            guard let form = point.form else { continue }
            let number = diagram.branches.count + 1
            guard
                let family = CycleFamily(
                    self, from: point.traced.point.x, form: form, branch: number,
                    hopfPoints: hopfPoints.map { ($0.told.number, $0.traced.point.x) })
            else {
                diagram.notes.append(
                    "no cycle was found near the Hopf point at \(parameter.name.short) \(point.told.parameter)")
                continue
            }
            if let index = diagram.events.firstIndex(where: { $0.branch == 1 && $0.point == point.told.number }) {
                diagram.events[index].toBranch = number
            }
            if let end = family.endsAtHopfPoint {
                arrivedAt.insert(end)
                if let index = diagram.events.firstIndex(where: { $0.branch == 1 && $0.point == end }) {
                    diagram.events[index].toBranch = diagram.events[index].toBranch ?? number
                }
            }
            diagram.branches.append(RoleBranch(number: number, points: .cycles(family.points)))
            for event in family.events {
                var event = event
                event.number = diagram.events.count + 1
                diagram.events.append(event)
            }
        }
    }
}

// MARK: - Hopf points by themselves

extension RoleContinuation {
    /// The Hopf point near a guess (u, p), by Newton's method on the equations of a Hopf curve with a second parameter held.
    func hopfPoint(near guess: [Double]) -> (x: [Double], form: HopfNormalForm)? {
        let other = parameter.name == .revisionRate ? ParameterName.demandWidth : .revisionRate
        guard let value = ParameterPoint(game)[other],
            let second = try? BranchParameter(other, range: (0.5 * value)...(2 * value), isLogarithmic: true)
        else { return nil }
        let system = RoleSystem(game, [parameter, second])
        let start = guess + [second.coordinate(value)]
        let curve = SingularCurve(system, .hopfPoints, near: start)
        let tracer = ArclengthTracer(curve, monitors: [], limits: limits)
        guard let point = tracer.point(near: start, holding: start.count - 1), point.details.pairTest > 0 else {
            return nil
        }
        let x = Array(point.x.dropLast())
        guard let form = try? HopfNormalForm(self.system, at: x) else { return nil }
        return (x, form)
    }

    /// A Hopf point as the last point of a family of cycles: a cycle of amplitude 0.
    func told(
        hopfPointAt x: [Double], _ form: HopfNormalForm, branch: Int, number: Int
    ) -> (point: CycleBranchPoint, event: BranchEvent) {
        let value = parameter.value(x[last])
        let slope = parameter.slope(x[last])
        let price = Double.exp(x[0])
        let shares = [x[1], x[2], max(1 - x[1] - x[2], 0)]
        let reason = "the amplitude comes to 0 at a Hopf point"
        // The multipliers are those of the linear flow over a period; two of them are 1.
        let linear = (try? RestCurve(system).multipliers(at: x, period: form.period)) ?? []
        let point = CycleBranchPoint(
            number: number, label: .hopf, parameter: value, period: form.period, prices: price...price,
            meanPrice: price,
            shareRanges: shares.map { $0...$0 }, meanShares: shares, multipliers: linear,
            multiplierError: linear.map { ($0 - 1).length }.min() ?? 0,
            unstableCount: linear.count { $0.length > 1 + 1e-9 }, isStable: nil, parameterTangent: 0, step: 0,
            iterations: 0,
            intervals: 0, residual: 0, profile: [], status: "ok")
        let hopf = BranchEvent.Hopf(
            frequency: form.frequency, firstLyapunov: form.firstLyapunov, criticality: Criticality(form),
            amplitudeSlope: price * price * form.amplitudeSlope(of: 0) / slope, periodSlope: form.periodSlope / slope)
        return (
            point,
            BranchEvent(
                branch: branch, point: number, label: .hopf, isOnCycle: true, parameter: value, price: price,
                shares: shares, period: form.period, hopf: hopf, testValue: nil, parameterError: value.ulp,
                toBranch: nil,
                reason: reason)
        )
    }
}

extension [Double] {
    /// Turns a direction round.
    fileprivate mutating func negate() { for k in indices { self[k] = -self[k] } }
}
