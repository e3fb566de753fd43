import Foundation
import NumericalMethods
import TestSupport
import Testing

/// What cannot be integrated: a clear outcome each, and never a number that is none.
@Suite struct ODEFaultTests {
    private static let decay = TestSystem.linear([[-1]])

    private func solution(
        of system: TestSystem, from start: Double = 0, to end: Double, state: [Double] = [1],
        _ algorithm: ODEAlgorithm
    ) throws -> ODESolution {
        let solution = try ODESolution(of: system, from: start, to: end, state: state, algorithm: algorithm)
        // Whatever happens, what is given out is finite, begins with the start and keeps to the direction.
        #expect(solution.states.allSatisfy { $0.allSatisfy(\.isFinite) })
        #expect(solution.times.first == start)
        #expect(zip(solution.times, solution.times.dropFirst()).allSatisfy { start < end ? $0 < $1 : $0 > $1 })
        #expect(solution.ending == .reachedEnd ? solution.times.last == end : !solution.ending.isExpected)
        return solution
    }

    // MARK: - Settings

    @Test func settingsOutsideTheirDomainAreNamed() {
        func name(_ make: () throws(ODEError) -> ODEAlgorithm) -> String? {
            do { _ = try make() } catch {
                if case .setting(let name, _, let allowed) = error {
                    #expect(error.description.contains(name))
                    #expect(error.description.contains(allowed))
                    return name
                }
            }
            return nil
        }
        for value in [-1e-3, 1e-16, 5e-324, 1, 2, .infinity, .nan] {
            #expect(name { () throws(ODEError) in try ODEAlgorithm(relativeTolerance: value) } == "rtol")
        }
        for value in [-5e-324, .infinity, .nan] {
            #expect(name { () throws(ODEError) in try ODEAlgorithm(absoluteTolerance: value) } == "atol")
        }
        #expect(
            name { () throws(ODEError) in try ODEAlgorithm(relativeTolerance: 0, absoluteTolerance: 0) } == "rtol")
        for value in [0, -1, .infinity, .nan] {
            #expect(name { () throws(ODEError) in try ODEAlgorithm(initialStep: value) } == "initial step")
            #expect(name { () throws(ODEError) in try ODEAlgorithm(fixedStep: value) } == "fixed step")
        }
        #expect(name { () throws(ODEError) in try ODEAlgorithm(maximumSteps: 0) } == "step limit")
        #expect(name { () throws(ODEError) in try ODEAlgorithm(maximumEvaluations: -1) } == "evaluation limit")
        for method in ODEMethod.allCases where method.order == nil {
            #expect(throws: ODEError.fixedStepUnsupported(method)) { try ODEAlgorithm(method: method, fixedStep: 1) }
        }
    }

    @Test func problemsThatAreNoneAreNamed() throws {
        let settings = try ODEAlgorithm()
        func thrown(
            _ start: Double, _ end: Double, _ state: [Double], of system: TestSystem = Self.decay
        ) -> ODEError? {
            do {
                _ = try ODESolution(of: system, from: start, to: end, state: state, algorithm: settings)
                return nil
            } catch {
                #expect(!error.description.isEmpty)
                return error
            }
        }
        #expect(thrown(0, 1, []) == .dimension(system: 1, state: 0))
        #expect(thrown(0, 1, [1, 2]) == .dimension(system: 1, state: 2))
        #expect(thrown(0, 1, [], of: .linear([])) == .dimension(system: 0, state: 0))
        #expect(thrown(0, 1, [.infinity]) == .initialState(component: 0, value: .infinity))
        #expect(thrown(0, 1, [0, .nan], of: .oscillator)?.description.contains("component 1") == true)
        #expect(thrown(.infinity, 1, [1]) == .time(name: "start", value: .infinity))
        #expect(thrown(0, -.infinity, [1]) == .time(name: "end", value: -.infinity))
        #expect(thrown(.nan, 1, [1])?.description.contains("start") == true)
        // The interval's length is not a double.
        #expect(thrown(-1e308, 1e308, [1]) == .time(name: "end", value: 1e308))
    }

    @Test func aMissingJacobianIsTold() throws {
        struct Plain: ODESystem {
            var dimension: Int { 1 }
            func derivative(_ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
                dydt[0] = -y[0]
                return true
            }
        }
        let error = #expect(throws: ODEError.self) {
            try ODESolution(of: Plain(), from: 0, to: 1, state: [1], algorithm: ODEAlgorithm(method: .bdf))
        }
        #expect(error == .jacobianMissing(.bdf))
        #expect(error?.description.contains("rkf45, rkck, rk8pd, adams") == true)
        for method in ODEMethod.allCases where !method.needsJacobian {
            let solution = try ODESolution(
                of: Plain(), from: 0, to: 1, state: [1], algorithm: ODEAlgorithm(method: method))
            #expect(abs(solution.last[0] - exp(-1)) < 1e-8)
        }
    }

    @Test func timesThatAreAskedForMustBeInOrder() throws {
        let settings = try ODEAlgorithm()
        for times in [[0.5, 0.4], [-0.1], [1.1], [.nan], [0.2, .infinity]] {
            #expect(throws: ODEError.self) {
                try ODESolution(of: Self.decay, from: 0, to: 1, state: [1], algorithm: settings, times: times)
            }
        }
        let back = try ODESolution(
            of: Self.decay, from: 1, to: 0, state: [1], algorithm: settings, times: [1, 0.5, 0.5, 0])
        #expect(back.times == [1, 0.5, 0.5, 0])
        #expect(back.states[1] == back.states[2])
        let none = try ODESolution(of: Self.decay, from: 0, to: 1, state: [1], algorithm: settings, times: [])
        #expect(none.times.isEmpty)
        #expect(none.ending == .reachedEnd)
    }

    // MARK: - Intervals

    @Test(arguments: ODEMethod.allCases)
    func anIntervalOfNoLengthHasEnded(_ method: ODEMethod) throws {
        let solution = try ODESolution(
            of: Self.decay, from: 3, to: 3, state: [1], algorithm: algorithm(method, 1e-8), times: [3, 3],
            events: [ODEEvent("g") { _, y in y[0] }])
        #expect(solution.ending == .reachedEnd)
        #expect(solution.states == [[1], [1]])
        #expect(solution.statistics.acceptedSteps == 0)
    }

    /// From the shortest intervals to the longest, with events and states in between.
    @Test(arguments: ODEMethod.allCases, [5e-324, 1e-300, 1e-100, 1e-16, 1e9, 1e15, 1e300])
    func intervalsOfAnyLengthAreIntegrated(_ method: ODEMethod, _ length: Double) throws {
        // The dense output of bdf squares the lengths of steps.
        if method == .bdf, length > 1e150 { return }
        for sign in [1.0, -1] {
            // The rate fits the interval, so that the solution is exp(1) at its end.
            let solution = try ODESolution(
                of: TestSystem.linear([[min(1 / length, 1e300) * sign]]), from: 0, to: sign * length, state: [1],
                algorithm: algorithm(method, 1e-8),
                times: [0, 0.3 * sign * length, 0.6 * sign * length, sign * length],
                events: [ODEEvent("g") { _, y in y[0] - 1.5 }])
            #expect(solution.ending == .reachedEnd)
            // Below 1e−300 the rate is the largest there is.
            let end = length < 1e-300 ? 1 : exp(1.0)
            // The tolerance times the largest of the methods' factors is 4e−5.
            #expect(abs((solution.last.first ?? .nan) - end) < 1e-5)
            #expect(solution.states.count == 4)
            #expect(solution.occurrences.count == (length < 1e-300 ? 0 : 1))
        }
    }

    /// start + (end − start) rounds to either side of the end.
    @Test(arguments: ODEMethod.allCases)
    func theEndIsMetWhateverTheSumsRoundTo(_ method: ODEMethod) throws {
        var generator = SeededGenerator(seed: 12)
        let settings = try algorithm(method, 1e-6)
        for _ in 0..<200 {
            let start = generator.uniform(-1...1)
            let end = start + generator.uniform(-1...1) * generator.logUniform(-3...0)
            let solution = try ODESolution(
                of: TestSystem.oscillator, from: start, to: end, state: [1, 0], algorithm: settings,
                events: [ODEEvent("g") { _, y in y[0] - 2 }])
            #expect(solution.ending == .reachedEnd)
            #expect(solution.times.last == end)
            #expect(abs(solution.last[0] - cos(end - start)) < 1e-3)
        }
    }

    /// 1e9 periods' worth of time at an equilibrium take a handful of steps.
    @Test(arguments: ODEMethod.allCases)
    func alongAnEquilibriumTheStepsGrow(_ method: ODEMethod) throws {
        let solution = try solution(
            of: .oscillator, to: 1e9, state: [0, 0], algorithm(method, 1e-8, initialStep: 1e-3))
        #expect(solution.ending == .reachedEnd)
        #expect(solution.last == [0, 0])
        #expect(solution.statistics.acceptedSteps < 2000)
    }

    @Test(arguments: ODEMethod.allCases)
    func farFromTheOriginOfTimeTheStepsAreWholeTicks(_ method: ODEMethod) throws {
        // A tick of the time is 0.125 at 1e15, and as long as the solution needs it is not there.
        let late = try solution(of: Self.decay, from: 1e15, to: 1e15 + 4, algorithm(method, 1e-3, maximumSteps: 5000))
        #expect([.reachedEnd, .stepTooSmall(time: late.times.last ?? 0)].contains(late.ending))
        let slow = try solution(of: .linear([[-1e-3]]), from: 1e15, to: 1e15 + 1000, algorithm(method, 1e-4))
        #expect(slow.ending == .reachedEnd)
        // Times within a tick: exp(−1) to 1e−3 · 0.125 and the tolerance's errors.
        #expect(abs(slow.last[0] - exp(-1)) < 3e-3)
        let tooFar = try solution(
            of: Self.decay, from: 1e17, to: 1e17 + 64, algorithm(method, 1e-8, maximumSteps: 5000))
        #expect(!tooFar.ending.isExpected)
    }

    @Test(arguments: ODEMethod.allCases)
    func anInitialStepLongerThanTheIntervalIsCut(_ method: ODEMethod) throws {
        for end in [0.5, -0.5] {
            let solution = try solution(of: Self.decay, to: end, algorithm(method, 1e-8, initialStep: 1e6))
            #expect(solution.ending == .reachedEnd)
            #expect(abs(solution.last[0] - exp(-end)) < 1e-6)
        }
    }

    // MARK: - Limits

    @Test func aStiffRunWithAnExplicitMethodMeetsTheStepLimit() throws {
        let stiff = TestSystem.protheroRobinson(1e6)
        for method in [ODEMethod.rkf45, .rkck, .rk8pd, .adams] {
            let solution = try solution(of: stiff, to: 10, algorithm(method, 1e-6, maximumSteps: 2000))
            guard case .stepLimit(let time) = solution.ending else {
                Issue.record("ended otherwise: \(solution.ending)")
                return
            }
            #expect(solution.times.last == time)
            let statistics = solution.statistics
            // One attempt more than the limit where the last step was tried twice.
            #expect(statistics.acceptedSteps + statistics.rejectedSteps >= 2000)
            #expect(statistics.acceptedSteps + statistics.rejectedSteps < 2100)
        }
        // And what was reached of the times that were asked for is there.
        let partial = try ODESolution(
            of: stiff, from: 0, to: 10, state: [1], algorithm: algorithm(.rkf45, 1e-6, maximumSteps: 2000),
            times: [0, 1e-4, 5])
        #expect(partial.times == [0, 1e-4])
        #expect(!partial.ending.isExpected)
    }

    @Test(arguments: ODEMethod.allCases)
    func theLimitOfEvaluationsIsKept(_ method: ODEMethod) throws {
        let solution = try solution(
            of: .oscillator, to: 1000, state: [1, 0],
            ODEAlgorithm(method: method, relativeTolerance: 1e-10, maximumEvaluations: 1000))
        guard case .evaluationLimit = solution.ending else {
            Issue.record("ended otherwise: \(solution.ending)")
            return
        }
        // A step's evaluations may come on top.
        #expect(solution.statistics.evaluations >= 1000)
        #expect(solution.statistics.evaluations < 1100)
    }

    // MARK: - Where there is no solution

    @Test(arguments: ODEMethod.allCases)
    func aRightHandSideThatIsNotDefinedBeyondATimeEndsThere(_ method: ODEMethod) throws {
        let system = TestSystem(dimension: 1) { t, _ in
            t > 1 ? nil : [-(1 - t).squareRoot()]
        } slopes: { t, _ in
            ([[0]], [0.5 / max(1 - t, 1e-300).squareRoot()])
        }
        let solution = try solution(of: system, to: 2, algorithm(method, 1e-8, maximumSteps: 20_000))
        // Either the steps get as near as doubles can, or the tolerances cannot be met before.
        switch solution.ending {
        case .derivativeUndefined(let time), .stepTooSmall(let time):
            #expect(time <= 1)
            #expect(time > 0.99)
            #expect(solution.times.last == time)
            // y = 1 − (2/3)(1 − (1 − t)^(3/2))
            #expect(abs(solution.last[0] - (1 - 2 / 3.0 * (1 - pow(1 - time, 1.5)))) < 1e-5)
        default: Issue.record("ended otherwise: \(solution.ending)")
        }
    }

    @Test(arguments: ODEMethod.allCases)
    func aRightHandSideThatIsNowhereDefinedTakesNoStep(_ method: ODEMethod) throws {
        let nowhere = TestSystem(dimension: 1) { _, _ in
            nil
        } slopes: { _, _ in
            ([[0]], [0])
        }
        let undefined = try solution(of: nowhere, to: 1, algorithm(method, 1e-8))
        #expect(undefined.ending == .derivativeUndefined(time: 0))
        for value in [Double.nan, .infinity] {
            let system = TestSystem(dimension: 1) { _, _ in
                [value]
            } slopes: { _, _ in
                ([[0]], [0])
            }
            let solution = try solution(of: system, to: 1, algorithm(method, 1e-8))
            #expect([.notFinite(time: 0), .stepTooSmall(time: 0)].contains(solution.ending))
            #expect(solution.states == [[1]])
        }
    }

    /// y′ = y², y = 1/(1 − t).
    @Test(arguments: ODEMethod.allCases)
    func aBlowUpEndsBeforeIt(_ method: ODEMethod) throws {
        let system = TestSystem(dimension: 1) { _, y in
            [y[0] * y[0]]
        } slopes: { _, y in
            ([[2 * y[0]]], [0])
        }
        let solution = try solution(of: system, to: 2, algorithm(method, 1e-8, maximumSteps: 50_000))
        switch solution.ending {
        case .notFinite(let time), .stepTooSmall(let time), .stepLimit(let time):
            // The time of the blow-up is off by what the steps have added up to.
            #expect(abs(time - 1) < 1e-4)
        default: Issue.record("ended otherwise: \(solution.ending)")
        }
    }

    /// y′ = y reaches the largest double at t = 709.8.
    @Test(arguments: ODEMethod.allCases)
    func anOverflowEndsBeforeIt(_ method: ODEMethod) throws {
        let solution = try solution(of: .linear([[1]]), to: 1000, algorithm(method, 1e-6, maximumSteps: 50_000))
        #expect(!solution.ending.isExpected)
        let time = try #require(solution.times.last)
        #expect(time > 690)
        #expect(time < 710)
    }

    @Test(arguments: ODEMethod.allCases)
    func aRelativeToleranceAloneAndAComponentAtZero(_ method: ODEMethod) throws {
        // A component that starts at 0 and leaves it, one that stays there.
        let system = TestSystem.linear([[0, 1, 0], [-1, 0, 0], [0, 0, -1]])
        let solution = try solution(
            of: system, to: 5, state: [1, 0, 0],
            ODEAlgorithm(method: method, relativeTolerance: 1e-8, absoluteTolerance: 0, maximumSteps: 50_000))
        // With no absolute tolerance a component at 0 may have no error at all: it is integrated, or told that it cannot be.
        if solution.ending == .reachedEnd {
            #expect(abs(solution.last[0] - cos(5)) < 1e-4)
            #expect(solution.last[2] == 0)
        } else {
            guard case .stepTooSmall = solution.ending else {
                Issue.record("ended otherwise: \(solution.ending)")
                return
            }
        }
    }

    @Test(arguments: ODEMethod.allCases)
    func theTightestTolerancesEndOneWayOrAnother(_ method: ODEMethod) throws {
        for (relative, absolute) in [(1e-15, 0.0), (0, 1e-16), (0, 5e-324), (1e-15, 1e-300)] {
            let solution = try solution(
                of: .oscillator, to: 3, state: [1, 0.5],
                ODEAlgorithm(
                    method: method, relativeTolerance: relative, absoluteTolerance: absolute, maximumSteps: 20_000))
            switch solution.ending {
            case .reachedEnd: #expect(abs(solution.last[0] - (cos(3) + 0.5 * sin(3))) < 1e-11)
            case .stepTooSmall, .stepLimit: break
            default: Issue.record("ended otherwise: \(solution.ending)")
            }
        }
    }

    @Test func endingsAreSaidInWords() {
        let endings: [ODEEnding] = [
            .reachedEnd, .event(0, time: 1), .stepLimit(time: 1), .evaluationLimit(time: 1), .stepTooSmall(time: 1),
            .derivativeUndefined(time: 1), .notFinite(time: 1), .eventNotFinite(0, time: 1),
            .eventUnresolved(0, time: 1), .switchLimit(time: 1), .chattering(surface: 0, time: 1),
            .notUnique(surface: 0, time: 1),
        ]
        #expect(Set(endings.map(\.description)).count == endings.count)
        #expect(endings.filter(\.isExpected).count == 2)
    }
}
