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
        public var targets: [AttractorTarget]
        /// A log price through which a cycle would rise: that of a rest point around which it goes. nil where none is
        /// looked for.
        public var cycleLogPrice: Double?
        /// The log price q that holders see at the start, where there is a lag; nil for z itself.
        public var observedLogPrice: Double?

        /// A trajectory that is to be computed.
        public init(
            game: RoleGame, logPrice: Double, shares: RoleShares, targets: [AttractorTarget] = [],
            cycleLogPrice: Double? = nil, observedLogPrice: Double? = nil
        ) {
            self.game = game
            self.logPrice = logPrice
            self.shares = shares
            self.targets = targets
            self.cycleLogPrice = cycleLogPrice
            self.observedLogPrice = observedLogPrice
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
        /// How the trajectory ended.
        public let ending: TrajectoryEnding
        /// The market when it ended.
        public let last: MarketSample
        /// Where it has gone; ``Attractor/notSettled`` of one that has met a limit or left a domain.
        public let attractor: Attractor
        /// The time from which on it has been there, or at which the first of the turns that agree began, in units of
        /// T; nil where it has not settled.
        public let settledSince: Double?
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
        _ = try ensemble(of: [], kind: Kind(.shares(.logit), hasLag: false, hasDepth: false))
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
            guard let kind = Kind(cell.game) else { throw BestResponseNeedsItsOwn() }
            members[kind, default: []].append(index)
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
        /// The variables that are integrated, and by which protocol they move.
        enum Variables: Hashable {
            case shares(LaneProtocol)
            /// Replicator dynamics.
            case logOdds
        }

        let variables: Variables
        let hasLag: Bool
        let hasDepth: Bool

        init(_ variables: Variables, hasLag: Bool, hasDepth: Bool) {
            self.variables = variables
            self.hasLag = hasLag
            self.hasDepth = hasDepth
        }

        /// nil for best responses, which have no lanes.
        init?(_ game: RoleGame) {
            let variables: Variables
            switch game.revisionProtocol {
            case .logit: variables = .shares(.logit)
            case .smith: variables = .shares(.smith)
            case .bnn: variables = .shares(.bnn)
            case .replicator: variables = .logOdds
            case .bestResponse: return nil
            }
            self.init(
                variables, hasLag: game.parameters.observationLag > 0, hasDepth: game.parameters.depthExponent > 0)
        }

        var isReplicator: Bool { variables == .logOdds }

        var system: any LaneSystem {
            switch variables {
            case .logOdds: ReplicatorLanes(hasLag: hasLag, hasDepth: hasDepth)
            case .shares(.logit) where !hasLag && !hasDepth: LogitKernelLanes()
            case .shares(let laneProtocol): RoleLanes(laneProtocol, hasLag: hasLag, hasDepth: hasDepth)
            }
        }

        private var order: (Int, Int, Int) {
            let first =
                switch variables {
                case .shares(let laneProtocol): LaneProtocol.allCases.firstIndex(of: laneProtocol) ?? 0
                case .logOdds: LaneProtocol.allCases.count
                }
            return (first, hasLag ? 1 : 0, hasDepth ? 1 : 0)
        }

        static func < (a: Kind, b: Kind) -> Bool { a.order < b.order }
    }

    private func ensemble(of cells: [Cell], kind: Kind) throws(EnsembleError) -> Ensemble {
        let (end, settling) = (end, settling)
        let rule: Settling? =
            if let settling {
                try Settling(
                    hold: settling.hold, endsTrajectory: settling.endsTrajectory,
                    measure: Self.measure(cells, kind, radius: settling.radius))
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

    /// The distance from the nearest target. What it looks at at every step stands in arrays without references: a cell is
    /// copied with all that it holds.
    private static func measure(_ cells: [Cell], _ kind: Kind, radius: Double) -> Settling.Measure {
        let targets = cells.flatMap(\.targets)
        var firsts = [0]
        for cell in cells { firsts.append(firsts[firsts.count - 1] + cell.targets.count) }
        let fields = kind.isReplicator ? cells.map { ReplicatorField($0.game, start: $0.shares) } : []
        return { [firsts] index, time, state, _ in
            let market = place(time, state, kind, kind.isReplicator ? fields[index] : nil)
            let first = firsts[index]
            var nearest = Settling.Reading(distance: .infinity)
            for number in first..<firsts[index + 1] {
                let distance = targets[number].reading(of: market, radius: radius)
                if distance < nearest.distance {
                    nearest = Settling.Reading(target: number - first, distance: distance)
                }
            }
            return nearest
        }
    }

    /// - Parameter field: of replicator dynamics, whose shares are not part of the state.
    private static func place(_ time: Double, _ y: Span<Double>, _ kind: Kind, _ field: ReplicatorField?)
        -> MarketSample
    {
        let first = kind.hasLag ? 2 : 1
        let shares =
            field.map { $0.shares(time, y[first]) } ?? RoleShares(clipping: y[first], y[first + 1], y[first + 2])
        return MarketSample(
            time: time, logPrice: y[0], observedLogPrice: y[first - 1], shares: shares, reserves: nil)
    }

    private func outcome(_ trajectory: EnsembleTrajectory, _ cell: Cell, _ kind: Kind) -> Outcome {
        let n = kind.system.dimension
        let field = kind.isReplicator ? ReplicatorField(cell.game, start: cell.shares) : nil
        var attractor = Attractor.notSettled
        if trajectory.ending.isExpected {
            if let target = trajectory.target {
                attractor = cell.targets[target].attractor
            } else if trajectory.cycle != nil {
                attractor = .cycle
            }
        }
        return Outcome(
            ending: trajectory.ending, last: Self.place(trajectory.time, trajectory.state.span, kind, field),
            attractor: attractor,
            settledSince: attractor == .notSettled ? nil : trajectory.settledSince ?? trajectory.cycle?.since,
            cycle: trajectory.cycle,
            acceptedSteps: trajectory.acceptedSteps, rejectedSteps: trajectory.rejectedSteps,
            samples: zip(sampleTimes, 0..<(trajectory.samples.count / n)).map { time, index in
                Self.place(time, trajectory.samples.span.extracting((index * n)..<((index + 1) * n)), kind, field)
            })
    }
}
