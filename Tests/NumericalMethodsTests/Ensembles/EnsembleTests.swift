import Foundation
import Synchronization
import TestSupport
import Testing

@testable import NumericalMethods

@Suite struct EnsembleTests {
    private static func algorithm(_ method: EnsembleMethod, steps: Int = 1_000_000) throws -> EnsembleAlgorithm {
        try EnsembleAlgorithm(method: method, maximumSteps: steps)
    }

    /// Starts and rates over orders of magnitude, so that some trajectories take a few steps and others hundreds.
    private static func starts(_ count: Int, seed: UInt64) -> [Ensemble.Start] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            Ensemble.Start(
                state: [generator.uniform(0.01...0.99), generator.uniform(-3...3), generator.uniform(-1...1), 0],
                parameters: [generator.logUniform(-3...2)])
        }
    }

    private static func solve(
        _ starts: [Ensemble.Start], _ method: EnsembleMethod, threads: Int = 1, to end: Double = 10
    ) throws -> [EnsembleTrajectory] {
        try Ensemble(
            LogisticAndPendulum(), count: starts.count, to: end, algorithm: algorithm(method),
            sampleTimes: [0, end / 3, end], settling: .slope(below: 0.1, hold: 0.5, endsTrajectory: false)
        ) { starts[$0] }.solve(threads: threads).trajectories
    }

    // MARK: - Independence

    /// Alone, among others, behind others, in another lane: the same to the bit. `==` on doubles says so, since nothing is
    /// NaN; the numbers of trajectories are no multiples of eight, one is below it.
    @Test(arguments: EnsembleMethod.allCases) func neighboursDoNotMatter(_ method: EnsembleMethod) throws {
        let starts = Self.starts(53, seed: 1)
        let all = try Self.solve(starts, method)
        #expect(Set(all.map(\.acceptedSteps)).count > 10, "lengths differ, so that lanes are refilled out of step")
        for (start, together) in zip(starts, all) {
            #expect(try Self.solve([start], method) == [together])
        }
        #expect(try Self.solve(starts.reversed(), method) == all.reversed())
        #expect(try Self.solve(Array(starts[5..<8]), method) == Array(all[5..<8]))
    }

    /// More trajectories than a block has, on 1 to 3 threads.
    @Test(arguments: EnsembleMethod.allCases) func threadsDoNotMatter(_ method: EnsembleMethod) throws {
        let starts = Self.starts(2 * Ensemble.blockSize + 77, seed: 2)
        let one = try Self.solve(starts, method, to: 2)
        #expect(one.count == starts.count)
        #expect(one.allSatisfy { $0.ending == .reachedEnd && $0.time == 2 })
        for threads in 2...3 { #expect(try Self.solve(starts, method, threads: threads, to: 2) == one) }
    }

    /// A range is the same trajectories.
    @Test func ranges() throws {
        let starts = Self.starts(40, seed: 3)
        let ensemble = try Ensemble(
            LogisticAndPendulum(), count: 40, to: 3, algorithm: Self.algorithm(.dormandPrince8)
        ) { starts[$0] }
        let all = ensemble.solve(threads: 1)
        let some = try ensemble.solve(13..<29)
        #expect(some.range == 13..<29)
        #expect(some.trajectories == Array(all.trajectories[13..<29]))
        #expect(try ensemble.solve(7..<7).trajectories.isEmpty)
        #expect(throws: EnsembleError.self) { try ensemble.solve(-1..<3) }
        #expect(throws: EnsembleError.self) { try ensemble.solve(3..<41) }
    }

    @Test(arguments: [0, 1, 7, 8, 9]) func counts(_ count: Int) throws {
        let starts = Self.starts(count, seed: 4)
        let solution = try Self.solve(starts, .dormandPrince8)
        #expect(solution.count == count)
        for (start, trajectory) in zip(starts, solution) {
            let exact = LogisticAndPendulum.logistic(start.state[0], start.parameters[0], 10)
            // Global error over the local tolerance of 1e−8: a handful.
            #expect(abs(trajectory.state[0] - exact) < 1e-7)
            // A clock, summed step by step.
            #expect(abs(trajectory.state[3] - 10) < 1e-13)
        }
    }

    // MARK: - Ends

    /// One lane of each kind among seven that are well: the well ones are those of an ensemble of their own.
    @Test func divergence() throws {
        func start(_ y: Double, _ p: [Double]) -> Ensemble.Start { Ensemble.Start(state: [y], parameters: p) }
        let well = (1...7).map { start(Double($0), [1, -1, -1]) }
        let blowsUp = start(1, [2, 1, -1])
        let overflows = start(1, [1, 500, -1])
        let leavesDomain = start(1, [1, -1, 0.5])
        let badStart = start(.infinity, [1, -1, -1])
        let undefinedStart = start(0.25, [1, -1, 0.5])
        let wrongShape = Ensemble.Start(state: [1, 2], parameters: [1, -1, -1])
        let starts =
            [well[0], blowsUp, well[1], overflows, leavesDomain, badStart, undefinedStart, wrongShape] + well[2...]
        func solve(_ starts: [Ensemble.Start]) throws -> [EnsembleTrajectory] {
            try Ensemble(PowerGrowth(), count: starts.count, to: 2, algorithm: Self.algorithm(.dormandPrince8)) {
                starts[$0]
            }.solve(threads: 1).trajectories
        }
        let all = try solve(starts)
        #expect(all[1].ending == .stepTooSmall)
        // The error of the place of a pole, at a relative tolerance of 1e−8.
        #expect(abs(all[1].time - 1) < 1e-6)
        #expect(all[3].ending == .notFinite)
        // ln(1.8e308)/500 = 1.4196, less what the slope of 500y and the stages' coefficients of up to 43 take of the range:
        // ln(500 · 43)/500 = 0.02.
        #expect(abs(all[3].time - 1.4) < 0.003)
        #expect(all[4].ending == .undefined)
        #expect(abs(all[4].time - log(2)) < 1e-6)
        #expect(abs(all[4].state[0] - 0.5) < 1e-6)
        #expect(all[5].ending == .notFinite)
        #expect(all[5].time == 0)
        #expect(all[5].acceptedSteps == 0)
        #expect(all[6].ending == .undefined)
        #expect(all[6].time == 0)
        #expect(all[6].state == [0.25])
        #expect(all[7].ending == .notFinite)
        #expect(all.enumerated().allSatisfy { $0 == 5 || $1.state.allSatisfy(\.isFinite) })
        #expect(try solve(well) == [all[0], all[2]] + all[8...])
    }

    @Test(arguments: EnsembleMethod.allCases) func stepLimit(_ method: EnsembleMethod) throws {
        let starts = Self.starts(20, seed: 6)
        let free = try Self.solve(starts, method)
        let limit = free.map { $0.acceptedSteps + $0.rejectedSteps }.sorted()[10]
        let limited = try Ensemble(
            LogisticAndPendulum(), count: 20, to: 10, algorithm: Self.algorithm(method, steps: limit),
            sampleTimes: [0, 10.0 / 3, 10], settling: .slope(below: 0.1, hold: 0.5, endsTrajectory: false)
        ) { starts[$0] }.solve(threads: 1).trajectories
        for (whole, part) in zip(free, limited) {
            if whole.acceptedSteps + whole.rejectedSteps <= limit {
                #expect(part == whole)
            } else {
                #expect(part.ending == .stepLimit)
                #expect(part.time < 10)
                #expect(part.acceptedSteps + part.rejectedSteps == limit)
            }
        }
        #expect(limited.contains { $0.ending == .stepLimit })
        #expect(limited.contains { $0.ending == .reachedEnd })
    }

    @Test func zeroLength() throws {
        let solution = try Self.solve(Self.starts(11, seed: 7), .dormandPrince8, to: 0)
        #expect(solution.map(\.state) == Self.starts(11, seed: 7).map(\.state))
        #expect(solution.allSatisfy { $0.ending == .reachedEnd && $0.acceptedSteps == 0 && $0.samples.count == 12 })
    }

    /// The clock of an ensemble that begins elsewhere, at 1000 as well as at −3.
    @Test(arguments: [-3.0, 1000]) func otherStarts(_ start: Double) throws {
        let solution = try Ensemble(
            ProtheroRobinson(), count: 3, from: start, to: start + 2, algorithm: Self.algorithm(.dormandPrince8)
        ) { _ in Ensemble.Start(state: [cos(start)], parameters: [1, 1]) }.solve(threads: 1)
        for trajectory in solution.trajectories {
            #expect(trajectory.time == start + 2)
            #expect(abs(trajectory.state[0] - cos(start + 2)) < 1e-7)
        }
    }

    // MARK: - Samples

    /// At times between the steps, at their ends, twice the same. Tolerance: the errors of ten steps of 1e−8, grown tenfold
    /// while the logistic equation spreads.
    @Test(arguments: EnsembleMethod.allCases) func samples(_ method: EnsembleMethod) throws {
        let times = (0...200).map { Double($0) * 0.05 } + [10]
        let starts = Self.starts(19, seed: 8)
        let solution = try Ensemble(
            LogisticAndPendulum(), count: 19, to: 10, algorithm: Self.algorithm(method), sampleTimes: times
        ) { starts[$0] }.solve(threads: 1)
        for (start, trajectory) in zip(starts, solution.trajectories) {
            #expect(trajectory.samples.count == 4 * times.count)
            for (index, time) in times.enumerated() {
                let exact = LogisticAndPendulum.logistic(start.state[0], start.parameters[0], time)
                #expect(abs(trajectory.samples[4 * index] - exact) < 1e-6)
                #expect(abs(trajectory.samples[4 * index + 3] - time) < 1e-12)
            }
            #expect(Array(trajectory.samples.prefix(4)) == start.state)
            #expect(Array(trajectory.samples.suffix(4)) == trajectory.state)
        }
    }

    // MARK: - Settling

    /// y = e^{−kt} comes below 1e−3 at ln(1000)/k, and within the hold if that is early enough.
    @Test func settlesWhenItShould() throws {
        let rates = [1.0, 2, 5, 10, 1e-3, 1.5]
        let settling = try Settling(hold: 2, endsTrajectory: false) { _, _, y, _ in
            Settling.Reading(target: 3, distance: abs(y[0]) / 1e-3)
        }
        func solve(_ settling: Settling) throws -> [EnsembleTrajectory] {
            try Ensemble(
                PowerGrowth(), count: rates.count, to: 6, algorithm: Self.algorithm(.dormandPrince8), settling: settling
            ) { Ensemble.Start(state: [1], parameters: [1, -rates[$0], -1]) }.solve(threads: 1).trajectories
        }
        for (rate, trajectory) in zip(rates, try solve(settling)) {
            let since = log(1000) / rate
            #expect(trajectory.ending == .reachedEnd)
            if since <= 4 {
                // The relative error of y is some 1e−7 at 1e−3 (rtol 1e−8, atol 1e−10), which is that of kt.
                #expect(abs((trajectory.settledSince ?? .nan) - since) < 1e-6)
                #expect(trajectory.target == 3)
            } else {
                #expect(trajectory.settledSince == nil)
                #expect(trajectory.target == nil)
            }
        }
        // Ended at the first step that is late enough.
        let ending = try Settling(hold: 2, endsTrajectory: true, measure: settling.measure)
        for (rate, trajectory) in zip(rates, try solve(ending)) {
            let since = log(1000) / rate
            #expect(trajectory.ending == (since <= 4 ? .settled : .reachedEnd))
            if trajectory.ending == .settled { #expect(trajectory.time >= since + 2 && trajectory.time <= 6) }
        }
        // By the slope ke^{−kt}.
        let slope = try Settling.slope(below: 1e-3, hold: 1, endsTrajectory: false)
        for (rate, trajectory) in zip(rates, try solve(slope)) where rate >= 1.5 {
            #expect(abs((trajectory.settledSince ?? .nan) - log(1000 * rate) / rate) < 1e-6)
        }
        // A rate of 1e−3 has a small slope from the start, and no rest point near: what the documentation warns of.
        #expect(try solve(.slope(below: 1e-2, hold: 1, endsTrajectory: false))[4].settledSince == 0)
    }

    /// cos t is within 0.1 of 0 again and again, and never stays.
    @Test func leavesAgain() throws {
        let settling = try Settling(hold: 1, endsTrajectory: true) { _, _, y, _ in
            Settling.Reading(distance: abs(y[0]) / 0.1)
        }
        let solution = try Ensemble(
            ProtheroRobinson(), count: 1, to: 50, algorithm: Self.algorithm(.dormandPrince8), settling: settling
        ) { _ in Ensemble.Start(state: [1], parameters: [1, 1]) }.solve(threads: 1)
        #expect(solution.trajectories[0].ending == .reachedEnd)
        #expect(solution.trajectories[0].settledSince == nil)
    }

    /// The Stuart–Landau oscillator: a cycle of radius √μ is found with its period; a slow spiral, which shrinks by 0.06 % a
    /// turn, is none, nor is the rest at 0.
    @Test(arguments: EnsembleMethod.allCases) func cycles(_ method: EnsembleMethod) throws {
        let parameters: [[Double]] = [[0.25, 2], [1, 1], [-1e-4, 1], [-1, 1], [0.25, 3]]
        let starts: [[Double]] = [[0.1, 0], [2, 0], [1e-3, 0], [0.5, 0], [0, 0]]
        let recurrence = try Recurrence(component: 1, smallestExtent: 1e-5, endsTrajectory: true) { _ in 0 }
        let solution = try Ensemble(
            StuartLandau(), count: 5, to: 60,
            algorithm: EnsembleAlgorithm(method: method, relativeTolerance: 1e-9, absoluteTolerance: 1e-12),
            recurrence: recurrence
        ) { Ensemble.Start(state: starts[$0], parameters: parameters[$0]) }.solve(threads: 1)
        for index in [0, 1] {
            let trajectory = solution.trajectories[index]
            let cycle = try #require(trajectory.cycle)
            #expect(trajectory.ending == .settled)
            #expect(trajectory.time < 60)
            // The phase is exact up to the integration's error over a turn.
            #expect(abs(cycle.period - 2 * .pi / parameters[index][1]) < 1e-6)
            // From (√μ, 0) a component moves by 2√μ at most; the ends of steps do not see all of it.
            let radius = parameters[index][0].squareRoot()
            #expect(cycle.extent > 1.5 * radius)
            #expect(cycle.extent < 2.0001 * radius)
            #expect(cycle.since < trajectory.time)
        }
        for index in 2..<5 {
            #expect(solution.trajectories[index].cycle == nil)
            #expect(solution.trajectories[index].ending == .reachedEnd)
        }
    }

    // MARK: - Interruption

    @Test func cancelledBefore() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        let starts = Self.starts(700, seed: 9)
        let solution = try Ensemble(
            LogisticAndPendulum(), count: 700, to: 10, algorithm: Self.algorithm(.dormandPrince8)
        ) { starts[$0] }
        .solve(threads: 2, cancellation: cancellation)
        #expect(solution.trajectories.count == 700)
        #expect(solution.count(of: .cancelled) >= 600)
    }

    /// What had ended is what it would have been, and the rest says that it was cancelled.
    @Test func cancelledOnTheWay() throws {
        let starts = Self.starts(6 * Ensemble.blockSize, seed: 10)
        let ensemble = try Ensemble(
            LogisticAndPendulum(), count: starts.count, to: 3, algorithm: Self.algorithm(.dormandPrince8)
        ) { starts[$0] }
        let whole = ensemble.solve(threads: 2).trajectories
        let cancellation = Cancellation()
        let told = Mutex<[Int]>([])
        let part = ensemble.solve(threads: 1, cancellation: cancellation) { ended in
            told.withLock { $0.append(ended) }
            if ended >= 2 * Ensemble.blockSize { cancellation.cancel() }
        }
        for (one, other) in zip(whole, part.trajectories) where other.ending != .cancelled { #expect(one == other) }
        #expect(part.trajectories.count == whole.count)
        #expect(part.count(of: .reachedEnd) >= 2 * Ensemble.blockSize)
        #expect(part.count(of: .cancelled) >= 3 * Ensemble.blockSize)
        let counts = told.withLock { $0 }
        #expect(counts == counts.sorted())
        #expect(counts.first == Ensemble.blockSize)
    }

    // MARK: - What is refused

    @Test func settings() throws {
        for tolerance in [0, 1e-16, 1, -1, .nan, .infinity] {
            #expect(throws: EnsembleError.self) { try EnsembleAlgorithm(relativeTolerance: tolerance) }
        }
        for tolerance in [0, -1, .nan, .infinity] {
            #expect(throws: EnsembleError.self) { try EnsembleAlgorithm(absoluteTolerance: tolerance) }
        }
        for limit in [0, -1, Int.max] {
            #expect(throws: EnsembleError.self) { try EnsembleAlgorithm(maximumSteps: limit) }
        }
        #expect(throws: EnsembleError.self) { try Settling.slope(below: 0, hold: 1, endsTrajectory: true) }
        #expect(throws: EnsembleError.self) { try Settling.slope(below: 1, hold: -1, endsTrajectory: true) }
        #expect(throws: EnsembleError.self) {
            try Recurrence(component: -1, smallestExtent: 0, endsTrajectory: true) { _ in 0 }
        }
        #expect(throws: EnsembleError.self) {
            try Recurrence(component: 0, tolerance: 0, smallestExtent: 0, endsTrajectory: true) { _ in 0 }
        }
    }

    @Test func problems() throws {
        let algorithm = try EnsembleAlgorithm()
        func make(
            _ system: any LaneSystem = StuartLandau(), count: Int = 1, from start: Double = 0, to end: Double = 1,
            method: EnsembleMethod = .dormandPrince8, times: [Double] = [], component: Int? = nil
        ) throws -> Ensemble {
            try Ensemble(
                system, count: count, from: start, to: end, algorithm: EnsembleAlgorithm(method: method),
                sampleTimes: times,
                recurrence: component.map {
                    try Recurrence(component: $0, smallestExtent: 0, endsTrajectory: true) { _ in 0 }
                }
            ) { _ in Ensemble.Start(state: [0, 0], parameters: [1, 1]) }
        }
        _ = algorithm
        _ = try make(times: [0, 0.5, 0.5, 1], component: 1)
        #expect(throws: EnsembleError.trajectories("the ensemble has -1 trajectories; allowed: at least 0")) {
            try make(count: -1)
        }
        // Backward, endless and NaN.
        for end in [-1, .infinity, .nan] { #expect(throws: EnsembleError.self) { try make(to: end) } }
        #expect(throws: EnsembleError.self) { try make(from: -1e308, to: 1e308) }
        for start in [Double.infinity, .nan] { #expect(throws: EnsembleError.self) { try make(from: start) } }
        for times in [[-1.0], [0.5, 0.4], [1.1], [.nan]] {
            #expect(throws: EnsembleError.self) { try make(times: times) }
        }
        #expect(throws: EnsembleError.jacobianMissing(.rodas5p)) { try make(PowerGrowth(), method: .rodas5p) }
        #expect(throws: EnsembleError.self) { try make(component: 2) }
    }
}
