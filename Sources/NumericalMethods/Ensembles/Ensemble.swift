import Parallelism
import Synchronization

/// Many trajectories of one system, each with its own start and its own parameters, from one time to another.
///
/// Eight advance together, in the lanes of a vector, each with its own step; a lane whose trajectory has ended takes the
/// next one. A trajectory's result depends on its start and its parameters alone: not on the lane that it is in, nor on its
/// neighbours, on the number of trajectories or of threads. One that diverges or meets its limit leaves the others as
/// they are.
///
/// Time runs forward; an ensemble that is to run backward has a system with the sign changed.
public struct Ensemble: Sendable {
    /// Where a trajectory starts, and its parameters.
    public struct Start: Equatable, Sendable {
        /// The state at the start: n numbers.
        public var state: [Double]
        /// The parameters: as many numbers as the system has parameters.
        public var parameters: [Double]

        /// A start.
        public init(state: [Double], parameters: [Double] = []) {
            self.state = state
            self.parameters = parameters
        }
    }

    /// The equations.
    public let system: any LaneSystem
    /// The number of trajectories.
    public let count: Int
    /// The time of the initial states.
    public let start: Double
    /// How far the trajectories go.
    public let end: Double
    /// The method, its tolerances and its limit.
    public let algorithm: EnsembleAlgorithm
    /// The times at which states are kept, ascending.
    public let sampleTimes: [Double]
    /// When a trajectory counts as settled, where that is of interest.
    public let settling: Settling?
    /// When a trajectory counts as being on a cycle, where that is of interest.
    public let recurrence: Recurrence?
    let load: @Sendable (_ trajectory: Int) -> Start

    /// An ensemble.
    ///
    /// - Parameters:
    ///   - system: the equations; for ``EnsembleMethod/rodas5p`` a ``DifferentiableLaneSystem``.
    ///   - count: the number of trajectories, ≥ 0.
    ///   - start: the time of the initial states, finite.
    ///   - end: the end of the interval, finite and at or after the start.
    ///   - algorithm: the method, its tolerances and its limit.
    ///   - sampleTimes: times within the interval, none before the one in front of it.
    ///   - settling: when a trajectory counts as settled.
    ///   - recurrence: when a trajectory counts as being on a cycle.
    ///   - load: the start of a trajectory, asked for from several threads. A state that is not finite, or has another number
    ///     of components, is no error but the ending of that trajectory.
    /// - Throws: ``EnsembleError``.
    public init(
        _ system: any LaneSystem, count: Int, from start: Double = 0, to end: Double, algorithm: EnsembleAlgorithm,
        sampleTimes: [Double] = [], settling: Settling? = nil, recurrence: Recurrence? = nil,
        load: @escaping @Sendable (_ trajectory: Int) -> Start
    ) throws(EnsembleError) {
        guard system.dimension >= 1, system.parameterCount >= 0 else {
            throw EnsembleError.dimension(system.dimension, parameters: system.parameterCount)
        }
        guard count >= 0 else {
            throw EnsembleError.trajectories("the ensemble has \(count) trajectories; allowed: at least 0")
        }
        guard start.isFinite else {
            throw EnsembleError.time(name: "start of the ensemble", value: start, allowed: "a finite number")
        }
        guard end.isFinite, end >= start, (end - start).isFinite else {
            throw EnsembleError.time(
                name: "end of the ensemble", value: end,
                allowed: "a finite number of at least \(start), the start: time runs forward")
        }
        var last = start
        for time in sampleTimes {
            guard time >= last, time <= end else {
                throw EnsembleError.time(
                    name: "time of a sample", value: time,
                    allowed: "a number from \(last) (the start, or the time before) to \(end), the end")
            }
            last = time
        }
        if algorithm.method.needsJacobian, !(system is any DifferentiableLaneSystem) {
            throw EnsembleError.jacobianMissing(algorithm.method)
        }
        if let recurrence, recurrence.component >= system.dimension {
            throw EnsembleError.setting(
                name: "component that is watched", value: Double(recurrence.component),
                allowed: "less than \(system.dimension), the number of components")
        }
        self.system = system
        self.count = count
        self.start = start
        self.end = end
        self.algorithm = algorithm
        self.sampleTimes = sampleTimes
        self.settling = settling
        self.recurrence = recurrence
        self.load = load
    }

    /// The trajectories that a thread takes at a time. Enough that the lanes which run out of trajectories at the end of a
    /// block cost little, few enough that many threads have work.
    public static let blockSize = 512

    /// The trajectories of a range, on this thread.
    ///
    /// - Parameters:
    ///   - range: numbers of trajectories.
    ///   - cancellation: looked at every few steps; trajectories that had not ended by then are ``TrajectoryEnding/cancelled``.
    /// - Throws: ``EnsembleError/trajectories(_:)`` where the range leaves the ensemble.
    public func solve(_ range: Range<Int>, cancellation: Cancellation? = nil) throws(EnsembleError) -> EnsembleSolution
    {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw EnsembleError.trajectories("trajectories \(range) were asked for; allowed: within 0..<\(count)")
        }
        var trajectories: [EnsembleTrajectory] = []
        trajectories.reserveCapacity(range.count)
        var first = range.lowerBound
        // Blocks, so that the memory for the starts of a long range is bounded.
        var integrator = LaneIntegrator(self, cancellation)
        while first < range.upperBound {
            let last = min(first + Self.blockSize, range.upperBound)
            trajectories += integrator.solve(first..<last)
            first = last
        }
        return EnsembleSolution(algorithm: algorithm, range: range, trajectories: trajectories)
    }

    /// All trajectories, in blocks of ``blockSize`` on up to `threads` threads.
    ///
    /// - Parameters:
    ///   - threads: the most threads; the result does not depend on it.
    ///   - cancellation: what ends the work early: trajectories that had not ended by then are
    ///     ``TrajectoryEnding/cancelled``, and the others are what they would have been.
    ///   - progress: called after each block with the number of trajectories that have ended, from one thread at a time.
    public func solve(
        threads: Int = availableProcessors, cancellation: Cancellation? = nil,
        progress: (@Sendable (_ ended: Int) -> Void)? = nil
    ) -> EnsembleSolution {
        let blocks = Mutex<[Int: [EnsembleTrajectory]]>([:])
        let ended = Mutex(0)
        forEachIndex(count: (count + Self.blockSize - 1) / Self.blockSize, threads: threads) { index in
            let first = index * Self.blockSize
            let range = first..<min(first + Self.blockSize, count)
            var integrator = LaneIntegrator(self, cancellation)
            let trajectories = integrator.solve(range)
            blocks.withLock { $0[index] = trajectories }
            guard let progress else { return }
            ended.withLock { ended in
                ended += trajectories.reduce(0) { $0 + ($1.ending == .cancelled ? 0 : 1) }
                progress(ended)
            }
        }
        let found = blocks.withLock { $0 }
        var trajectories: [EnsembleTrajectory] = []
        trajectories.reserveCapacity(count)
        for index in found.keys.sorted() { trajectories += found[index] ?? [] }
        return EnsembleSolution(algorithm: algorithm, range: 0..<count, trajectories: trajectories)
    }
}

/// A flag by which whoever has started an ensemble ends it early.
public final class Cancellation: Sendable {
    private let flag = Atomic(false)

    /// Not cancelled.
    public init() {}

    /// Whether it has been cancelled.
    public var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// Cancels, for good. May be called from any thread.
    public func cancel() { flag.store(true, ordering: .relaxed) }
}
