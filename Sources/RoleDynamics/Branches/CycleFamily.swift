import ComplexModule
import NumericalMethods
import RealModule

/// A family of cycles from the Hopf point where it is born to its end.
struct CycleFamily {
    private(set) var points: [CycleBranchPoint] = []
    private(set) var events: [BranchEvent] = []
    /// The number, on the branch of rest points, of the Hopf point at which the family ends.
    private(set) var endsAtHopfPoint: Int?

    private let continuation: RoleContinuation
    private let branch: Int

    private enum Mark {
        case rangeEnd
        case requested(Double)
        case fold
        case periodDoubling
        case torus
        case vanishing
    }

    /// A trivial multiplier that is off by more asks for a finer mesh: prices are then off by some 10 times as much, and 1e−9 is
    /// wanted of them.
    private static let wantedMultiplierError = 1e-10
    /// A trivial multiplier that is off by more tells nothing of stability.
    private static let largestMultiplierError = 1e-6
    private static let mostIntervals = 400

    /// - Parameters:
    ///   - x: the Hopf point, in the unknowns of the continuation.
    ///   - hopfPoints: the Hopf points of the branch of rest points, by number.
    /// - Returns: nil where no cycle is found near the Hopf point.
    init?(
        _ continuation: RoleContinuation, from x: [Double], form: HopfNormalForm, branch: Int,
        hopfPoints: [(number: Int, x: [Double])]
    ) {
        self.continuation = continuation
        self.branch = branch
        let settings = continuation.settings
        var intervals = settings.intervals
        while true {
            let birth = CycleBirth(continuation.system, at: x, form, intervals: intervals, degree: settings.degree)
            let first = [2e-3, 5e-4, 1e-4, 2e-5].lazy.compactMap { birth.firstCycle(at: $0) }.first
            guard let first else { return nil }
            let marks = Self.marks(continuation, unknown: first.x.count - 1)
            var tracer = ArclengthTracer(
                birth.curve, monitors: marks.map(\.1), limits: continuation.limits, newtonTolerance: 1e-8,
                isInterrupted: continuation.isInterrupted)
            let curve = tracer.trace(from: first)
            let worst = curve.points.reduce(0) { max($0, Self.meshError($1.point.details)) }
            if worst > Self.wantedMultiplierError, 2 * intervals <= Self.mostIntervals {
                intervals *= 2
                continue
            }
            tell(curve, marks.map(\.0), hopfPoints)
            return
        }
    }

    /// The error of the trivial multiplier where it tells of the mesh: near another multiplier 1, at a birth or a fold, it is the
    /// root of rounding whatever the mesh is.
    private static func meshError(_ details: CycleCurve.Details) -> Double {
        details.others.contains { ($0 - 1).length < 0.05 } ? 0 : details.multiplierError
    }

    private static func marks(
        _ continuation: RoleContinuation, unknown: Int
    ) -> [(Mark, CurveMonitor<CycleCurve.Details>)] {
        let parameter = continuation.parameter
        var marks: [(Mark, CurveMonitor<CycleCurve.Details>)] = [
            (.vanishing, .vanishing { $0.details.alignment }),
            (
                .rangeEnd,
                .reaching(continuation.coordinates.lowerBound, at: unknown, ends: true)
            ),
            (.rangeEnd, .reaching(continuation.coordinates.upperBound, at: unknown, ends: true)),
            (.fold, .zero { $0.details.parameterTangent }),
            (.periodDoubling, .zero { $0.details.doublingTest }),
            (.torus, .zero { $0.details.torusTest }),
        ]
        for value in continuation.settings.requested {
            marks.append((.requested(value), .reaching(parameter.coordinate(value), at: unknown, ends: false)))
        }
        return marks
    }

    // MARK: - What is told

    private mutating func tell(
        _ curve: TracedCurve<CycleCurve.Details>, _ marks: [Mark], _ hopfPoints: [(number: Int, x: [Double])]
    ) {
        let parameter = continuation.parameter
        for traced in curve.points {
            var (label, reason, exact): (BranchLabel?, String?, Double?) = (nil, nil, nil)
            if let monitor = traced.monitor {
                switch marks[monitor] {
                case .rangeEnd:
                    label = .end
                    reason = "\(parameter.name.short) reaches the end of its range"
                    let value = parameter.value(traced.point.x[traced.point.x.count - 1])
                    let ends = parameter.range
                    exact =
                        abs(value - ends.lowerBound) < abs(value - ends.upperBound) ? ends.lowerBound : ends.upperBound
                case .requested(let value):
                    label = .requested
                    exact = value
                case .fold: label = .fold
                case .periodDoubling: label = .periodDoubling
                case .torus:
                    guard traced.point.details.torusPairIsComplex else { continue }
                    label = .torus
                case .vanishing: break
                }
            }
            add(traced, label: label, reason: reason, exact: exact)
        }
        guard let last = curve.points.last else { return }
        switch curve.ending {
        case .monitor(let index):
            if case .vanishing = marks[index] { endAtHopfPoint(after: last.point, hopfPoints) }
        case .pointsUsed:
            close(.end, "\(continuation.settings.mostPoints) points, as many as were allowed", last)
        case .interrupted: close(.end, "interrupted", last)
        case .closed: close(.end, "the branch comes back to its start", last)
        case .gaveUp(let reason): close(.gaveUp, reason, last)
        }
    }

    private mutating func close(_ label: BranchLabel, _ reason: String, _ last: TracedPoint<CycleCurve.Details>) {
        guard !points.isEmpty, points[points.count - 1].label == nil else { return }
        points.removeLast()
        add(last, label: label, reason: reason, exact: nil)
    }

    private mutating func add(
        _ traced: TracedPoint<CycleCurve.Details>, label: BranchLabel?, reason: String?, exact: Double?
    ) {
        let point = traced.point
        let system = continuation.system
        let n = system.dimension
        let profile = CycleProfile(
            system, point.x, mesh: point.details.mesh, degree: continuation.settings.degree)
        func direction(_ k: Int) -> [Double] { (0..<n).map { $0 == k ? 1 : 0 } }
        let logPrices = profile.extremes(of: direction(0))
        let held = profile.extremes(of: direction(1))
        let sold = profile.extremes(of: direction(2))
        let both = profile.extremes(of: (0..<n).map { $0 == 1 || $0 == 2 ? 1 : 0 })
        let price = profile.mean { Double.exp($0[0]) }
        let (meanHeld, meanSold) = (profile.mean { $0[1] }, profile.mean { $0[2] })
        let details = point.details
        let error = details.multiplierError
        var isStable: Bool? = details.unstableCount == 0
        // Where one is on the circle within the error, or the error is too large to say.
        if error > Self.largestMultiplierError || details.others.contains(where: { abs($0.length - 1) <= error }) {
            isStable = nil
        }
        if label == .fold || label == .periodDoubling || label == .torus { isStable = nil }
        let value = exact ?? continuation.parameter.value(profile.parameter)
        let told = CycleBranchPoint(
            number: points.count + 1, label: label, parameter: value, period: profile.period,
            prices: Double.exp(logPrices.lowerBound)...Double.exp(logPrices.upperBound), meanPrice: price,
            shareRanges: [held, sold, max(1 - both.upperBound, 0)...max(1 - both.lowerBound, 0)],
            meanShares: [meanHeld, meanSold, max(1 - meanHeld - meanSold, 0)], multipliers: details.multipliers,
            multiplierError: error, unstableCount: details.unstableCount, isStable: isStable,
            parameterTangent: details.parameterTangent, step: point.step, iterations: point.iterations,
            intervals: details.mesh.count - 1, residual: point.residual,
            profile: label == nil
                ? []
                : profile.nodes.map { node in
                    (node.time, system.hasLag ? node.state : node.state + [node.state[0]])
                },
            status: error > Self.largestMultiplierError ? "multipliers not resolved" : "ok")
        points.append(told)
        guard let label else { return }
        let slope = continuation.parameter.slope(profile.parameter)
        events.append(
            BranchEvent(
                branch: branch, point: told.number, label: label, isOnCycle: true, parameter: value, price: price,
                shares: told.meanShares, period: told.period, hopf: nil, testValue: traced.testValue,
                parameterError: traced.locationError.map {
                    max($0 * abs(details.parameterTangent) * slope, value.ulp)
                }, toBranch: nil, reason: reason))
    }

    /// The Hopf point at which the amplitude has come to 0, found by Newton's method from the mean of the last cycle.
    private mutating func endAtHopfPoint(
        after last: CurvePoint<CycleCurve.Details>, _ hopfPoints: [(number: Int, x: [Double])]
    ) {
        let n = continuation.system.dimension
        let profile = CycleProfile(
            continuation.system, last.x, mesh: last.details.mesh, degree: continuation.settings.degree)
        let guess = (0..<n).map { k in profile.mean { $0[k] } } + [profile.parameter]
        guard let (x, form) = continuation.hopfPoint(near: guess) else {
            if !points.isEmpty {
                points[points.count - 1].label = .gaveUp
                let point = points[points.count - 1]
                events.append(
                    BranchEvent(
                        branch: branch, point: point.number, label: .gaveUp, isOnCycle: true,
                        parameter: point.parameter,
                        price: point.meanPrice, shares: point.meanShares, period: point.period, hopf: nil,
                        testValue: nil,
                        parameterError: nil, toBranch: nil,
                        reason: "the amplitude tends to 0 and no Hopf point was found there"))
            }
            return
        }
        // The same as one of the branch of rest points to the accuracy of both.
        let known = hopfPoints.first { abs($0.x[n] - x[n]) <= 1e-8 * (1 + abs(x[n])) }
        endsAtHopfPoint = known?.number
        let told = continuation.told(hopfPointAt: x, form, branch: branch, number: points.count + 1)
        points.append(told.point)
        events.append(told.event)
    }
}
