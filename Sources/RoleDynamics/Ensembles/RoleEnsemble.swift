import DissipativeMarket
import NumericalMethods
import Parallelism

/// Trajectories of role dynamics, each of its own game and from its own start, eight at a time.
///
/// Logit, Smith and BNN are integrated in the shares, replicator dynamics in log odds, as ``RoleTrajectory`` does; logit
/// without lag and depth by the C kernel. Games of all kinds may stand beside each other. Whatever else is integrated with
/// it, a trajectory is the same to the bit.
public struct RoleEnsemble: Sendable {
    /// A trajectory that is to be computed.
    public struct Cell: Sendable {
        /// The game; any protocol but the best response.
        public var game: RoleGame
        /// z = ln x at the start.
        public var logPrice: Double
        /// The shares at the start.
        public var shares: RoleShares
        /// Where the trajectory may settle.
        public var targets: [Place]
        /// A log price through which a cycle would rise: that of a rest point around which it goes. nil where none is
        /// looked for.
        public var cycleLogPrice: Double?
        /// The log price q that holders see at the start, where there is a lag; nil for z itself.
        public var observedLogPrice: Double?
        /// A log price below which a trajectory counts as one whose price falls for ever, after as long as it has to stay at a
        /// target; nil where it cannot.
        public var escapeLogPrice: Double?

        /// A trajectory that is to be computed.
        public init(
            game: RoleGame, logPrice: Double, shares: RoleShares, targets: [Place] = [], cycleLogPrice: Double? = nil,
            observedLogPrice: Double? = nil, escapeLogPrice: Double? = nil
        ) {
            self.game = game
            self.logPrice = logPrice
            self.shares = shares
            self.targets = targets
            self.cycleLogPrice = cycleLogPrice
            self.observedLogPrice = observedLogPrice
            self.escapeLogPrice = escapeLogPrice
        }
    }

    /// A price and shares.
    public struct Place: Equatable, Sendable {
        /// z = ln x.
        public var logPrice: Double
        /// The shares.
        public var shares: RoleShares

        /// A price and shares.
        public init(logPrice: Double, shares: RoleShares) {
            self.logPrice = logPrice
            self.shares = shares
        }
    }

    /// When a trajectory counts as settled.
    public struct SettlingRule: Equatable, Sendable {
        /// How near a target it has to be: the largest difference of ln x, of the log price that holders see, and of the
        /// three shares; > 0.
        public let radius: Double
        /// How long it has to stay there, ≥ 0, in units of T.
        public let hold: Double
        /// Whether a trajectory ends when it has settled, or is found to be on a cycle.
        public let endsTrajectory: Bool

        /// A rule.
        ///
        /// - Throws: `ParameterError` naming `settle-radius` or `settle-time`.
        public init(radius: Double = 1e-6, hold: Double = 1, endsTrajectory: Bool = false) throws(ParameterError) {
            guard radius > 0, radius < .infinity else {
                throw ParameterError(
                    name: "settle-radius", title: "distance from a rest point that counts as settled", value: radius,
                    allowed: "a finite number greater than 0")
            }
            guard hold >= 0, hold < .infinity else {
                throw ParameterError(
                    name: "settle-time", title: "time for which a trajectory has to stay there", value: hold,
                    allowed: "a finite number of at least 0")
            }
            self.radius = radius
            self.hold = hold
            self.endsTrajectory = endsTrajectory
        }
    }

    /// One trajectory.
    public struct Outcome: Equatable, Sendable {
        /// How it ended.
        public let ending: TrajectoryEnding
        /// The market when it ended.
        public let last: MarketSample
        /// The number of the target near which it has settled; nil where it has not.
        public let target: Int?
        /// From when on it has been near it.
        public let settledSince: Double?
        /// From when on its price has been below that of an escape; nil where it has not.
        public let escapedSince: Double?
        /// The cycle on which it has been found; nil where it has not.
        public let cycle: TrajectoryCycle?
        /// Steps that were accepted, and steps that were taken back.
        public let acceptedSteps: Int
        /// Steps that were tried and taken back.
        public let rejectedSteps: Int
        /// The market at the times that were asked for, as far as it went.
        public let samples: [MarketSample]
    }

    /// How far the trajectories go, in units of T.
    public let end: Double
    /// The method, its tolerances and its limit.
    public let algorithm: EnsembleAlgorithm
    /// The times at which the market is kept, ascending, in units of T.
    public let sampleTimes: [Double]
    /// When a trajectory counts as settled; nil where that is not looked at.
    public let settling: SettlingRule?

    /// Trajectories from time 0.
    ///
    /// - Parameters:
    ///   - end: how far they go, ≥ 0, in units of T.
    ///   - algorithm: the method, its tolerances and its limit.
    ///   - sampleTimes: times from 0 to the end, ascending.
    ///   - settling: when a trajectory counts as settled.
    /// - Throws: `ParameterError` for the end, `EnsembleError` for the times.
    public init(
        until end: Double, algorithm: EnsembleAlgorithm, sampleTimes: [Double] = [], settling: SettlingRule? = nil
    ) throws {
        try TrajectoryCheck.length(end)
        self.end = end
        self.algorithm = algorithm
        self.sampleTimes = sampleTimes
        self.settling = settling
        // What the times have to be is checked where they are used; an ensemble without trajectories does it.
        _ = try ensemble(of: [], kind: Kind(.logit, hasLag: false, hasDepth: false))
    }

    /// The trajectories of the cells, in their order, on this thread.
    ///
    /// - Throws: `ParameterError` for a start; `BestResponseNeedsItsOwn` for that protocol.
    public func solve(_ cells: [Cell], cancellation: Cancellation? = nil) throws -> [Outcome] {
        try solve(cells, threads: 1, cancellation: cancellation)
    }

    /// The trajectories of the cells, in their order.
    ///
    /// - Parameters:
    ///   - cells: games and starts.
    ///   - threads: the most threads; the result does not depend on it.
    ///   - cancellation: what ends the work early, see `Ensemble.solve`.
    ///   - progress: called now and then with the number of trajectories that have ended, from one thread at a time.
    /// - Throws: `ParameterError` for a start; `BestResponseNeedsItsOwn` for that protocol.
    public func solve(
        _ cells: [Cell], threads: Int, cancellation: Cancellation? = nil,
        progress: (@Sendable (_ ended: Int) -> Void)? = nil
    ) throws -> [Outcome] {
        var members: [Kind: [Int]] = [:]
        for (index, cell) in cells.enumerated() {
            try TrajectoryCheck.logPrice(cell.logPrice)
            try TrajectoryCheck.logPrice(cell.observedLogPrice ?? cell.logPrice)
            try cell.game.checkDepth(cell.shares)
            guard cell.game.revisionProtocol != .bestResponse else { throw BestResponseNeedsItsOwn() }
            members[Kind(cell.game), default: []].append(index)
        }
        var outcomes = [Outcome?](repeating: nil, count: cells.count)
        var ended = 0
        for kind in members.keys.sorted() {
            guard let indices = members[kind] else { continue }
            let some = indices.count == cells.count ? cells : indices.map { cells[$0] }
            let before = ended
            var tell: (@Sendable (Int) -> Void)?
            if let progress { tell = { progress(before + $0) } }
            let solution = try ensemble(of: some, kind: kind)
                .solve(threads: threads, cancellation: cancellation, progress: tell)
            for (index, (cell, trajectory)) in zip(indices, zip(some, solution.trajectories)) {
                outcomes[index] = outcome(trajectory, cell, kind)
            }
            ended += indices.count
        }
        return outcomes.compactMap { $0 }
    }

    /// What lanes have to have in common.
    private struct Kind: Hashable, Comparable {
        let revisionProtocol: RevisionProtocol
        let hasLag: Bool
        let hasDepth: Bool

        init(_ revisionProtocol: RevisionProtocol, hasLag: Bool, hasDepth: Bool) {
            self.revisionProtocol = revisionProtocol
            self.hasLag = hasLag
            self.hasDepth = hasDepth
        }

        init(_ game: RoleGame) {
            self.init(
                game.revisionProtocol, hasLag: game.parameters.observationLag > 0,
                hasDepth: game.parameters.depthExponent > 0)
        }

        var isReplicator: Bool { revisionProtocol == .replicator }

        var system: any LaneSystem {
            if isReplicator { return ReplicatorLanes(hasLag: hasLag, hasDepth: hasDepth) }
            if revisionProtocol == .logit, !hasLag, !hasDepth { return LogitKernelLanes() }
            return RoleLanes(revisionProtocol: revisionProtocol, hasLag: hasLag, hasDepth: hasDepth)
        }

        static func < (a: Kind, b: Kind) -> Bool {
            (a.revisionProtocol.rawValue, a.hasLag ? 1 : 0, a.hasDepth ? 1 : 0)
                < (b.revisionProtocol.rawValue, b.hasLag ? 1 : 0, b.hasDepth ? 1 : 0)
        }
    }

    private func ensemble(of cells: [Cell], kind: Kind) throws(EnsembleError) -> Ensemble {
        let (end, settling) = (end, settling)
        let rule: Settling? =
            if let settling {
                try Settling(hold: settling.hold, endsTrajectory: settling.endsTrajectory) { index, time, state, _ in
                    let place = Self.place(time, state, cells[index], kind)
                    var nearest = Settling.Reading(distance: .infinity)
                    for (number, target) in cells[index].targets.enumerated() {
                        let distance = place.distance(from: target) / settling.radius
                        if distance < nearest.distance {
                            nearest = Settling.Reading(target: number, distance: distance)
                        }
                    }
                    if let escape = cells[index].escapeLogPrice {
                        let distance = max(1 + (place.logPrice - escape), 0)
                        if distance < nearest.distance {
                            nearest = Settling.Reading(target: cells[index].targets.count, distance: distance)
                        }
                    }
                    return nearest
                }
            } else {
                nil
            }
        let recurrence: Recurrence? =
            if let settling, cells.contains(where: { $0.cycleLogPrice != nil }) {
                try Recurrence(
                    component: 0, smallestExtent: 10 * settling.radius, endsTrajectory: settling.endsTrajectory
                ) { cells[$0].cycleLogPrice ?? .nan }
            } else {
                nil
            }
        return try Ensemble(
            kind.system, count: cells.count, to: end, algorithm: algorithm, sampleTimes: sampleTimes, settling: rule,
            recurrence: recurrence
        ) { index in
            let cell = cells[index]
            let prices = kind.hasLag ? [cell.logPrice, cell.observedLogPrice ?? cell.logPrice] : [cell.logPrice]
            if kind.isReplicator {
                return Ensemble.Start(
                    state: prices + [0], parameters: ReplicatorLanes.parameters(cell.game, start: cell.shares))
            }
            return Ensemble.Start(
                state: prices + [cell.shares.liquidityProviders, cell.shares.sellers, cell.shares.external],
                parameters: LaneGame.parameters(cell.game))
        }
    }

    private static func place(_ time: Double, _ y: Span<Double>, _ cell: Cell, _ kind: Kind) -> MarketSample {
        let first = kind.hasLag ? 2 : 1
        let shares =
            kind.isReplicator
            ? ReplicatorField(cell.game, start: cell.shares).shares(time, y[first])
            : RoleShares(clipping: y[first], y[first + 1], y[first + 2])
        return MarketSample(
            time: time, logPrice: y[0], observedLogPrice: y[first - 1], shares: shares, reserves: nil)
    }

    private func outcome(_ trajectory: EnsembleTrajectory, _ cell: Cell, _ kind: Kind) -> Outcome {
        let n = kind.system.dimension
        // The escape is the target behind the others.
        let isEscape = trajectory.target == cell.targets.count
        return Outcome(
            ending: trajectory.ending, last: Self.place(trajectory.time, trajectory.state.span, cell, kind),
            target: isEscape ? nil : trajectory.target, settledSince: isEscape ? nil : trajectory.settledSince,
            escapedSince: isEscape ? trajectory.settledSince : nil, cycle: trajectory.cycle,
            acceptedSteps: trajectory.acceptedSteps, rejectedSteps: trajectory.rejectedSteps,
            samples: zip(sampleTimes, 0..<(trajectory.samples.count / n)).map { time, index in
                Self.place(time, trajectory.samples.span.extracting((index * n)..<((index + 1) * n)), cell, kind)
            })
    }
}

extension MarketSample {
    /// The largest difference of the log prices, of what holders see of them, and of the shares.
    func distance(from place: RoleEnsemble.Place) -> Double {
        max(
            abs(logPrice - place.logPrice), abs(observedLogPrice - place.logPrice),
            abs(shares.liquidityProviders - place.shares.liquidityProviders),
            abs(shares.sellers - place.shares.sellers), abs(shares.external - place.shares.external))
    }
}
