import ComplexModule
import NumericalMethods
import RealModule

/// A curve of Hopf points, or of folds of cycles, in two parameters.
public struct BifurcationCurve: Sendable {
    /// A point of the curve.
    public struct Point: Sendable {
        /// From 1 on along the curve.
        public internal(set) var number = 0
        /// What the point is; nil for one between.
        public internal(set) var label: BranchLabel?
        /// The first parameter.
        public let first: Double
        /// The second parameter.
        public let second: Double
        /// x, of a cycle its mean over time.
        public let price: Double
        /// The shares of LPs, sellers and external sellers, of a cycle their means over time.
        public let shares: [Double]
        /// The period of the cycles born, or of the cycle.
        public let period: Double
        /// l₁; nil of cycles.
        public let firstLyapunov: Double?
        /// Whether the cycles born are stable; nil of cycles.
        public let criticality: Criticality?
        /// The eigenvalues, of a cycle none.
        public let eigenvalues: [Complex<Double>]
        /// Why, in words, of an end.
        public internal(set) var reason: String?
    }

    /// The second parameter.
    public let second: BranchParameter
    /// The points in order.
    public internal(set) var points: [Point]

    /// A curve without a point, where there is no event to start one from.
    public init(in second: BranchParameter) { self.init(second: second, points: []) }

    init(second: BranchParameter, points: [Point]) {
        self.second = second
        self.points = points
    }
}

extension RoleContinuation {
    private enum CurveMark {
        case end(String)
        case bautin
        case bogdanovTakens
        case zeroHopf
        case turning
        case share(String)
    }

    /// The curve of Hopf points in this continuation's parameter and a second one, through one of its Hopf points, as far as both
    /// ranges go.
    ///
    /// - Parameter event: a Hopf point of the diagram of this continuation.
    /// - Throws: ``ContinuationError`` where the second parameter's own value is outside of its range, or the curve does not start.
    public func hopfCurve(
        from event: BranchEvent, in second: BranchParameter
    ) throws(ContinuationError) -> BifurcationCurve {
        let own = ParameterPoint(game)[second.name] ?? .nan
        guard second.range.contains(own) else {
            throw .noStart(
                reason: "\(second.name.short) is \(own), outside of the range of the curve, "
                    + "\(second.range.lowerBound) to \(second.range.upperBound)")
        }
        let system = RoleSystem(game, [parameter, second])
        let n = system.dimension
        let z = Double.log(event.price)
        let guess =
            [z, event.shares[0], event.shares[1]] + (system.hasLag ? [z] : [])
            + [parameter.coordinate(event.parameter), second.coordinate(own)]
        var marks: [(CurveMark, CurveMonitor<SingularCurve.Details>)] = [
            (.end(parameter.name.short), .reaching(coordinates.lowerBound, at: n, ends: true)),
            (.end(parameter.name.short), .reaching(coordinates.upperBound, at: n, ends: true)),
            (.end(second.name.short), .reaching(second.coordinate(second.range.lowerBound), at: n + 1, ends: true)),
            (.end(second.name.short), .reaching(second.coordinate(second.range.upperBound), at: n + 1, ends: true)),
            (.bautin, .zero { $0.details.normalForm?.firstLyapunov ?? .nan }),
            (.bogdanovTakens, .zero(ends: true) { $0.details.pairTest }),
            (.turning, .zero { $0.details.parameterTangents.0 }), (.turning, .zero { $0.details.parameterTangents.1 }),
        ]
        if game.revisionProtocol == .replicator {
            marks.append((.zeroHopf, .zero { $0.details.determinant }))
            if event.shares[0] > 0 {
                marks.append((.share("share of LPs"), .zero(ends: true) { $0.x[1] }))
            }
        }
        let ends = [second.range.lowerBound, second.range.upperBound].map(second.coordinate)
        let span = max(coordinates.upperBound - coordinates.lowerBound, ends[1] - ends[0])
        var limits = self.limits
        if settings.largestStep == nil { limits.largestStep = 0.01 * span }
        if settings.firstStep == nil { limits.firstStep = 0.002 * span }
        var tracer = ArclengthTracer(
            SingularCurve(system, .hopfPoints, near: guess), monitors: marks.map(\.1), limits: limits,
            isInterrupted: isInterrupted)
        guard let start = tracer.point(near: guess, holding: n + 1), start.details.pairTest > 0 else {
            throw .noStart(reason: "Newton's method does not converge to the Hopf point in two parameters")
        }
        let ahead = tracer.trace(from: start)
        var points = told(ahead, marks.map(\.0), second)
        if ahead.ending != .closed, let reversed = tracer.reversed(start) {
            let behind = told(tracer.trace(from: reversed), marks.map(\.0), second)
            points = behind.dropFirst().reversed() + points
        }
        for k in points.indices { points[k].number = k + 1 }
        return BifurcationCurve(second: second, points: points)
    }

    private func told(
        _ curve: TracedCurve<SingularCurve.Details>, _ marks: [CurveMark], _ second: BranchParameter
    ) -> [BifurcationCurve.Point] {
        let n = system.dimension
        var result: [BifurcationCurve.Point] = []
        for traced in curve.points {
            var (label, reason): (BranchLabel?, String?) = (nil, nil)
            if let monitor = traced.monitor {
                switch marks[monitor] {
                case .end(let name):
                    label = .end
                    reason = "\(name) reaches the end of its range"
                case .bautin: label = .bautin
                case .bogdanovTakens: label = .bogdanovTakens
                case .zeroHopf: label = .zeroHopf
                case .turning: label = .turningPoint
                case .share(let name):
                    label = .bound
                    reason = "the \(name) reaches 0"
                }
            }
            let x = traced.point.x
            let form = traced.point.details.normalForm
            func value(_ parameter: BranchParameter, _ coordinate: Double) -> Double {
                let value = parameter.value(coordinate)
                // An end of a range is that very number.
                for end in [parameter.range.lowerBound, parameter.range.upperBound]
                where label == .end && abs(value - end) <= 4 * end.ulp { return end }
                return value
            }
            result.append(
                BifurcationCurve.Point(
                    label: label, first: value(parameter, x[n]), second: value(second, x[n + 1]),
                    price: Double.exp(x[0]), shares: [x[1], x[2], max(1 - x[1] - x[2], 0)],
                    period: form?.period ?? .nan, firstLyapunov: form?.firstLyapunov,
                    criticality: form.map(Criticality.init), eigenvalues: traced.point.details.eigenvalues,
                    reason: reason))
        }
        guard let last = result.indices.last, result[last].label == nil else { return result }
        switch curve.ending {
        case .gaveUp(let reason):
            result[last].label = .gaveUp
            result[last].reason = reason
        case .pointsUsed:
            result[last].label = .end
            result[last].reason = "\(settings.mostPoints) points, as many as were allowed"
        case .closed:
            result[last].label = .end
            result[last].reason = "the curve comes back to its start"
        case .interrupted:
            result[last].label = .end
            result[last].reason = "interrupted"
        case .monitor: break
        }
        return result
    }
}
