/// How a trajectory of an ensemble ended. The state that is kept is the last one that was accepted, and is always finite
/// but where the start is not.
public enum TrajectoryEnding: String, CaseIterable, Sendable {
    /// The end of the interval was reached.
    case reachedEnd = "reached-end"
    /// The trajectory has settled, or is on a cycle, and was to end then.
    case settled
    /// The limit of steps was met.
    case stepLimit = "step-limit"
    /// No step is short enough for the tolerances: the error does not fall below them before the time stands still.
    case stepTooSmall = "step-too-small"
    /// The right-hand side is not defined beyond, however short the step.
    case undefined
    /// The state, or its slope, would exceed the largest double beyond, however short the step; or the start is not finite.
    case notFinite = "not-finite"
    /// The ensemble was cancelled before.
    case cancelled

    /// Whether the trajectory ended as it was asked to.
    public var isExpected: Bool { self == .reachedEnd || self == .settled }
}

/// A cycle on which a trajectory has been found.
public struct TrajectoryCycle: Equatable, Sendable {
    /// When the first turn began of those that repeat.
    public let since: Double
    /// How long a turn takes.
    public let period: Double
    /// The most that a component moves from where the turn begins.
    public let extent: Double
}

/// One trajectory of a solved ensemble.
public struct EnsembleTrajectory: Equatable, Sendable {
    /// How the trajectory ended.
    public internal(set) var ending: TrajectoryEnding = .cancelled
    /// When.
    public internal(set) var time: Double
    /// The state at that time.
    public internal(set) var state: [Double]
    /// The time from which on it has been near the target, if it has settled.
    public internal(set) var settledSince: Double?
    /// The number of the target near which it has settled.
    public internal(set) var target: Int?
    /// The cycle that it is on, if it has been found to be on one.
    public internal(set) var cycle: TrajectoryCycle?
    /// Steps that were accepted.
    public internal(set) var acceptedSteps = 0
    /// Steps that were tried and taken back.
    public internal(set) var rejectedSteps = 0
    /// The states at the times that were asked for, as far as it went: n numbers each, one after another.
    public internal(set) var samples: [Double] = []
}

/// The trajectories of an ensemble, in order.
public struct EnsembleSolution: Sendable {
    /// The method, its tolerances and its limit.
    public let algorithm: EnsembleAlgorithm
    /// The numbers of the trajectories that it has.
    public let range: Range<Int>
    /// One a trajectory of the range.
    public let trajectories: [EnsembleTrajectory]

    /// How many ended in some way.
    public func count(of ending: TrajectoryEnding) -> Int {
        trajectories.reduce(0) { $0 + ($1.ending == ending ? 1 : 0) }
    }
}
