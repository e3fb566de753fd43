import Foundation
import NumericalMethods
import TestSupport
import Testing

/// Events: which crossings are found, when, and what does not count as one.
@Suite struct EventSearchTests {
    /// A clock: y′ = 0, so that nothing but the interval limits the steps.
    private static let clock = TestSystem.quadrature { _ in 0 }

    /// The solution of the clock with an event of time alone.
    private func times(
        of g: @escaping (Double) -> Double, from start: Double, to end: Double, method: ODEMethod = .rk8pd,
        direction: ODEEvent.Direction = .either
    ) throws -> [Double] {
        let solution = try ODESolution(
            of: Self.clock, from: start, to: end, state: [1], algorithm: algorithm(method, 1e-10),
            events: [ODEEvent("g", direction: direction) { t, _ in g(t) }])
        #expect(solution.ending == .reachedEnd)
        return solution.occurrences.map(\.time)
    }

    // MARK: - When

    /// y = t exactly: the crossing is known to a few units of the last place of the time.
    @Test(arguments: ODEMethod.allCases)
    func aCrossingOfAnExactSolutionIsKnownToFourUlp(_ method: ODEMethod) throws {
        let targets = [0.1, 0.3, 1.0 / 3, 1, 2.7, 9.999]
        let solution = try ODESolution(
            of: TestSystem.quadrature { _ in 1 }, from: 0, to: 10, state: [0], algorithm: algorithm(method, 1e-8),
            events: targets.map { target in ODEEvent("at \(target)") { _, y in y[0] - target } })
        #expect(solution.occurrences.map(\.event) == Array(targets.indices))
        for (occurrence, target) in zip(solution.occurrences, targets) {
            // Newton's iteration of bdf leaves some roundings in the state itself.
            #expect(abs(occurrence.time - target) <= (method == .bdf ? 64 : 4) * target.ulp)
            // The state is the one at that time, on the far side.
            #expect(occurrence.state[0] >= target)
            #expect(occurrence.isRising)
        }
    }

    /// The zeros of cos t. The error of the time is that of the state, 1e−13 times the factor of the method (see
    /// ``ODEMethodTests``), over the slope 1.
    @Test(arguments: zip(ODEMethod.allCases, [12, 12, 2, 1000, 4000] as [Double]))
    func theZerosOfTheOscillatorAreWhereTheyBelong(_ method: ODEMethod, _ factor: Double) throws {
        let solution = try ODESolution(
            of: TestSystem.oscillator, from: 0, to: 20, state: [1, 0], algorithm: algorithm(method, 1e-13),
            events: [ODEEvent("zero") { _, y in y[0] }, ODEEvent("turn", direction: .falling) { _, y in y[1] }])
        #expect(solution.ending == .reachedEnd)
        let zeros = solution.occurrences.filter { $0.event == 0 }
        #expect(zeros.count == 6)
        for (place, zero) in zeros.enumerated() {
            // Errors grow with the time, twice as long here as there.
            #expect(abs(zero.time - (Double(place) + 0.5) * .pi) < 2 * factor * 1e-13)
            #expect(zero.isRising == (place % 2 == 1))
        }
        // −sin t falls at 2π, 4π, 6π; that it starts from 0 is no crossing.
        let turns = solution.occurrences.filter { $0.event == 1 }
        #expect(turns.count == 3)
        for (place, turn) in turns.enumerated() {
            #expect(abs(turn.time - 2 * .pi * Double(place + 1)) < 2 * factor * 1e-13)
        }
        #expect(zip(solution.occurrences, solution.occurrences.dropFirst()).allSatisfy { $0.time < $1.time })
    }

    @Test(arguments: ODEMethod.allCases)
    func timeMayRunBackwards(_ method: ODEMethod) throws {
        let solution = try ODESolution(
            of: TestSystem.oscillator, from: 10, to: 0, state: [cos(10), -sin(10)], algorithm: algorithm(method, 1e-10),
            events: [ODEEvent("zero", direction: .falling) { _, y in y[0] }])
        // Backwards cos falls at 3π/2 only: from positive values after it.
        #expect(solution.occurrences.count == 1)
        let time = try #require(solution.occurrences.first?.time)
        #expect(abs(time - 1.5 * .pi) < 1e-6)
    }

    /// All five methods find the same crossings, in the same order.
    @Test func theMethodsAgree() throws {
        func found(_ method: ODEMethod) throws -> [ODEOccurrence] {
            try ODESolution(
                of: TestSystem.lotkaVolterra, from: 0, to: 30, state: [2, 0.5], algorithm: algorithm(method, 1e-11),
                events: [
                    ODEEvent("x") { _, y in y[0] - 1 }, ODEEvent("y") { _, y in y[1] - 1 },
                    ODEEvent("sum", direction: .rising) { _, y in y[0] + y[1] - 2.3 },
                ]
            ).occurrences
        }
        let reference = try found(.rk8pd)
        #expect(reference.count > 20)
        for method in ODEMethod.allCases {
            let other = try found(method)
            #expect(other.map(\.event) == reference.map(\.event))
            // 1e−11 times 4000, the largest factor, over slopes of 0.1 and more.
            for (one, two) in zip(other, reference) { #expect(abs(one.time - two.time) < 4e-7) }
        }
    }

    // MARK: - Several in one step

    @Test(arguments: [ODEMethod.rkf45, .rkck, .rk8pd])
    func twoCrossingsInOneStepAreBothFound(_ method: ODEMethod) throws {
        // The top of a parabola, which these methods integrate exactly, in one step.
        var integrator = try ODEIntegrator(
            TestSystem.quadrature { t in 1 - 2 * t }, from: 0, to: 1, state: [0],
            algorithm: algorithm(method, 1e-6, initialStep: 1), events: [ODEEvent("height") { _, y in y[0] - 0.2499 }])
        integrator.step()
        #expect(integrator.time == 1)
        #expect(integrator.ending == .reachedEnd)
        #expect(integrator.occurrences.map(\.isRising) == [true, false])
        // t = (1 ± √(1 − 4h))/2; a rounding of the height is one of the time over the slope, 0.02.
        let root = (1 - 4 * 0.2499 as Double).squareRoot()
        for (occurrence, sign) in zip(integrator.occurrences, [-1.0, 1]) {
            #expect(abs(occurrence.time - (1 + sign * root) / 2) < 4 * 0.25.ulp / 0.02)
        }
    }

    /// The same with the multistep methods, whose steps are shorter.
    @Test(arguments: ODEMethod.allCases)
    func bothSidesOfATopAreFound(_ method: ODEMethod) throws {
        let solution = try ODESolution(
            of: TestSystem.quadrature { t in 1 - 2 * t }, from: 0, to: 1, state: [0],
            algorithm: algorithm(method, 1e-9),
            events: [ODEEvent("height") { _, y in y[0] - 0.2499 }])
        #expect(solution.occurrences.map(\.isRising) == [true, false])
    }

    @Test func twoCrossingsInOneStepOfASmoothProblem() throws {
        var integrator = try ODEIntegrator(
            TestSystem.oscillator, from: 0, to: 20, state: [1, 0], algorithm: algorithm(.rk8pd, 1e-3),
            events: [ODEEvent("near the turn") { _, y in y[0] + 0.98 }])
        var most = 0
        var before = 0
        while integrator.step() {
            most = max(most, integrator.occurrences.count - before)
            before = integrator.occurrences.count
        }
        // Around π, 3π, 5π.
        #expect(integrator.occurrences.count == 6)
        #expect(most >= 2, "the steps are not as long as they are meant to be")
    }

    @Test(arguments: ODEMethod.allCases)
    func manyCrossingsInAStepAreAllFound(_ method: ODEMethod) throws {
        // An equilibrium: the steps become as long as the interval.
        let found = try times(of: { sin($0) }, from: 1, to: 1000, method: method)
        #expect(found.count == 318)
        for (place, time) in found.enumerated() {
            // What Brent's method ends with, 2 ulp, and the rounding of the multiple of π.
            #expect(abs(time - Double(place + 1) * .pi) <= 4 * time.ulp)
        }
    }

    /// The first step is the whole interval, odd about its middle: a series that looks at the nodes alone is taken in.
    @Test(arguments: [10, 50, 100, 314.1592653589793, 1000, 5000, 20_000] as [Double])
    func nothingIsMissedInAnInterval(_ reach: Double) throws {
        let found = try times(of: { sin($0) }, from: -reach, to: reach)
        // 314.16 is 100π to rounding: zeros at the start and at the end are no crossings.
        #expect(found.count == (reach > 314 && reach < 315 ? 199 : 2 * Int(reach / .pi) + 1))
        let cosines = try times(of: { cos($0) }, from: -reach, to: reach)
        #expect(cosines.count == 2 * Int(reach / .pi + 0.5))
    }

    @Test func anIntervalOfARandomLengthIsSearchedThrough() throws {
        // Lengths that are no simple multiples of anything: three hundred chances to be taken in.
        for place in 0..<300 {
            let end = 7 + 0.617 * Double(place)
            let count = try times(of: { sin($0) }, from: 0.5, to: end).count
            #expect(count == Int(end / .pi), "to \(end)")
        }
    }

    /// The places where values of a fine grid change their sign; nil where the function comes so near 0 without crossing it,
    /// or twice between two points, that the grid does not tell.
    private func crossings(of values: [Double], nearest: Double) -> Int? {
        for (before, (here, after)) in zip(values, zip(values.dropFirst(), values.dropFirst(2))) {
            let isExtremum = (here - before) * (after - here) <= 0
            if isExtremum, abs(here) < nearest { return nil }
        }
        return zip(values, values.dropFirst()).filter { ($0 > 0) != ($1 > 0) }.count
    }

    @Test func sumsOfWavesLoseNoCrossing() throws {
        var generator = SeededGenerator(seed: 40)
        var checked = 0
        for _ in 0..<200 {
            let waves = (0..<4).map { _ in
                (size: generator.uniform(-1...1), speed: generator.uniform(0...3), phase: generator.uniform(0...7))
            }
            let level = generator.uniform(-1...1)
            let g = { (t: Double) in waves.reduce(level) { $0 + $1.size * sin($1.speed * t + $1.phase) } }
            let end = generator.uniform(5...80)
            // Between two points of the grid, 0.004 apart at most, curvatures of 4·9 make no more than 1e−4.
            let grid = (0...20_000).map { g(end * Double($0) / 20_000) }
            guard let expected = crossings(of: grid, nearest: 1e-4) else { continue }
            checked += 1
            #expect(try times(of: g, from: 0, to: end).count == expected)
        }
        #expect(checked > 150)
    }

    @Test(arguments: ODEMethod.allCases)
    func eventsOfASolutionLoseNoCrossing(_ method: ODEMethod) throws {
        var generator = SeededGenerator(seed: 41)
        let normals = (0..<20).map { _ in (0..<3).map { _ in generator.uniform(-1...1) } }
        let g = { (normal: [Double], y0: Double, y1: Double) in normal[0] * y0 + normal[1] * y1 + normal[2] }
        let settings = try algorithm(method, 1e-5)
        let fine = try ODESolution(
            of: TestSystem.pendulum, from: 0, to: 20, state: [2, 0.5], algorithm: settings,
            times: (0...20_000).map { Double($0) / 1000 })
        let solution = try ODESolution(
            of: TestSystem.pendulum, from: 0, to: 20, state: [2, 0.5], algorithm: settings,
            events: normals.map { normal in ODEEvent("line") { _, y in g(normal, y[0], y[1]) } })
        var checked = 0
        for (index, normal) in normals.enumerated() {
            // Tolerances of 1e−5 make 16 times as much of no meaning, and the grid's points are 0.001 apart.
            let values = fine.states.map { g(normal, $0[0], $0[1]) }
            guard let expected = crossings(of: values, nearest: 1e-3) else { continue }
            checked += 1
            #expect(solution.occurrences.filter { $0.event == index }.count == expected)
        }
        #expect(checked > 15)
    }

    /// Loose tolerances make a rough path, whose crossings are told all the same, where they are: each change of sign between
    /// neighbours of a fine grid of the path's own states, and none that is not one.
    @Test(arguments: ODEMethod.allCases, [1e-3, 3e-2])
    func looseTolerancesHideNoCrossing(_ method: ODEMethod, _ tolerance: Double) throws {
        var generator = SeededGenerator(seed: 43)
        let levels = (0..<12).map { _ in generator.uniform(-1.5...1.5) }
        let settings = try ODEAlgorithm(method: method, relativeTolerance: tolerance, absoluteTolerance: tolerance)
        let times = (0...40_000).map { Double($0) / 2000 }
        let fine = try ODESolution(
            of: TestSystem.pendulum, from: 0, to: 20, state: [2, 0.5], algorithm: settings, times: times)
        let solution = try ODESolution(
            of: TestSystem.pendulum, from: 0, to: 20, state: [2, 0.5], algorithm: settings,
            events: (levels + levels).map { level in ODEEvent("level") { _, y in y[0] - level } })
        // In order, and on the level to the rounding of a crossing's time.
        #expect(solution.occurrences.map(\.time) == solution.occurrences.map(\.time).sorted())
        for (index, level) in levels.enumerated() {
            let found = solution.occurrences.filter { $0.event == index }
            for occurrence in found { #expect(abs(occurrence.state[0] - level) < 1e-13, "\(level)") }
            // The same level watched a second time is told as often, at the same times.
            let again = solution.occurrences.filter { $0.event == levels.count + index }
            #expect(again.map(\.time) == found.map(\.time))
            let values = fine.states.map { $0[0] - level }
            guard let expected = crossings(of: values, nearest: 1e-3) else { continue }
            #expect(found.count == expected, "\(level)")
        }
    }

    @Test func aFunctionThatCannotBeFollowedEndsTheIntegration() throws {
        let solution = try ODESolution(
            of: Self.clock, from: 0, to: 1e9, state: [1], algorithm: algorithm(.rk8pd, 1e-10),
            events: [ODEEvent("other") { t, _ in t - 1e8 }, ODEEvent("sine") { t, _ in sin(t) }])
        #expect(solution.ending == .eventUnresolved(1, time: 0))
        #expect(!solution.ending.isExpected)
        #expect(solution.occurrences.isEmpty)
        #expect(solution.times == [0])
    }

    // MARK: - Near misses

    /// How much a sine must rise above a level to be seen: by the roundings of the function, and by 16 of those of the time
    /// times its slope, 1.4e−14 here.
    @Test(arguments: [1e-3, 1e-6, 1e-9, 1e-12, 1e-13])
    func aShallowDipIsSeen(_ depth: Double) throws {
        // Off the middle of the interval, and of anything else.
        let found = try times(of: { sin($0 - 0.123) + (1 - depth) }, from: 0, to: 7)
        #expect(found.count == 2)
        // Around 3π/2 + 0.123; sin + 1 ≈ u²/2. Rounding, 2e−16, moves the zeros by that over the slope √(2 depth).
        let half = (2 * depth).squareRoot()
        for (time, sign) in zip(found, [-1.0, 1]) {
            #expect(abs(time - (1.5 * .pi + 0.123 + sign * half)) < 1e-3 * half + 4e-16 / half)
        }
    }

    @Test(arguments: [1e-3, 1e-6, 1e-9, 1e-12, 1e-15, 0])
    func whatDoesNotCrossIsNoEvent(_ gap: Double) throws {
        #expect(try times(of: { sin($0 - 0.123) + (1 + gap) }, from: 0, to: 7).isEmpty)
        #expect(try times(of: { abs($0 - 1.234) + gap }, from: 0, to: 7).isEmpty)
        #expect(try times(of: { -pow($0 - 1.234, 4) - gap }, from: 0, to: 7).isEmpty)
    }

    /// Along a solution a dip is seen from the size of the tolerances on.
    @Test(arguments: [ODEMethod.rkf45, .rkck, .rk8pd])
    func aDipOfTheSolutionIsSeen(_ method: ODEMethod) throws {
        let solution = try ODESolution(
            of: TestSystem.oscillator, from: 0, to: 7, state: [1, 0], algorithm: algorithm(method, 1e-12),
            events: [ODEEvent("turn") { _, y in y[0] + 1 - 1e-9 }])
        #expect(solution.occurrences.map(\.isRising) == [false, true])
    }

    /// A flat crossing, of the third order, and three crossings close together.
    @Test func flatCrossingsAreCounted() throws {
        #expect(try times(of: { pow($0 - 1.3, 3) }, from: 0, to: 7).count == 1)
        #expect(try times(of: { pow($0 - 1.3, 5) }, from: 0, to: 7).count == 1)
        for width in [1e-1, 1e-2, 1e-3] {
            let found = try times(of: { t in (t - 1.3) * (t - 1.3 - width) * (t - 1.3 + width) }, from: 0, to: 7)
            #expect(found.count == 3, "\(width) apart")
        }
    }

    /// Functions with corners and jumps.
    @Test func kinksAndJumpsAreLocated() throws {
        let corner = try times(of: { abs($0 - 2.1) - 1e-5 }, from: 0, to: 7)
        #expect(corner.count == 2)
        #expect(abs((corner.first ?? .nan) - (2.1 - 1e-5)) < 1e-14)
        let jump = try times(of: { $0 < 2.1 ? -1 : 1 }, from: 0, to: 7)
        #expect(jump.count == 1)
        #expect(abs((jump.first ?? 0) - 2.1) <= 2 * 2.1.ulp)
        let pulse = try times(of: { $0 > 2.1 && $0 < 2.9 ? 1 : -1 }, from: 0, to: 7)
        #expect(pulse.count == 2)
    }

    // MARK: - At the ends

    @Test func aZeroAtTheStartIsNoEvent() throws {
        #expect(try times(of: { $0 }, from: 0, to: 7).isEmpty)
        #expect(try times(of: { -$0 }, from: 0, to: -7).isEmpty)
        #expect(try times(of: { $0 * $0 }, from: 0, to: 7).isEmpty)
        // But the next one is.
        let found = try times(of: { $0 * (1 - $0) }, from: 0, to: 7)
        #expect(found.count == 1)
        #expect(abs((found.first ?? 0) - 1) <= 2 * 1.0.ulp)
    }

    @Test(arguments: ODEMethod.allCases.filter { $0.order != nil })
    func aZeroAtTheEndOfAStepIsFoundOnce(_ method: ODEMethod) throws {
        let system = TestSystem.quadrature { _ in -1 }
        for direction in ODEEvent.Direction.allCases {
            let solution = try ODESolution(
                of: system, from: 0, to: 2, state: [1], algorithm: ODEAlgorithm(method: method, fixedStep: 0.25),
                events: [ODEEvent("zero", direction: direction) { _, y in y[0] }])
            #expect(solution.times.contains(1))
            #expect(solution.occurrences.count == (direction == .rising ? 0 : 1))
            if let first = solution.occurrences.first { #expect(abs(first.time - 1) <= 4 * 1.0.ulp) }
        }
    }

    @Test func aCrossingAtTheEndNeedsTheOtherSide() throws {
        let target = 0.7
        func count(to end: Double) throws -> Int { try times(of: { $0 - target }, from: 0, to: end).count }
        // A change of sign needs values on both sides, and roundings of the time, 16 of them, tell no side.
        #expect(try count(to: target) == 0)
        #expect(try count(to: target + 100 * target.ulp) == 1)
        #expect(try count(to: target - 100 * target.ulp) == 0)
    }

    // MARK: - Which count

    @Test func directionsAreThoseOfTheIntegration() throws {
        #expect(try times(of: { sin($0) }, from: 1, to: 10, direction: .rising).count == 1)
        #expect(try times(of: { sin($0) }, from: 1, to: 10, direction: .falling).count == 2)
        #expect(try times(of: { sin($0) }, from: 10, to: 1, direction: .rising).count == 2)
    }

    @Test(arguments: ODEMethod.allCases)
    func theFirstThatEndsTheIntegrationIsItsEnd(_ method: ODEMethod) throws {
        let solution = try ODESolution(
            of: TestSystem.oscillator, from: 0, to: 20, state: [1, 0], algorithm: algorithm(method, 1e-10),
            times: (0...40).map { Double($0) / 2 },
            events: [
                ODEEvent("late", endsIntegration: true) { t, _ in t - 15 },
                ODEEvent("half", direction: .rising) { _, y in y[0] - 0.5 },
                ODEEvent("turn", direction: .rising, endsIntegration: true) { _, y in y[1] - 0.5 },
                ODEEvent("later in the same step") { t, _ in t - 3.67 },
            ])
        // −sin t rises to 0.5 at 7π/6 = 3.665, before x rises to 0.5.
        let time = 7 * Double.pi / 6
        guard case .event(2, let found) = solution.ending else {
            Issue.record("ended otherwise: \(solution.ending)")
            return
        }
        #expect(abs(found - time) < 1e-6)
        #expect(solution.occurrences.count == 1)
        #expect(solution.occurrences.last?.time == found)
        #expect(solution.times == (0...7).map { Double($0) / 2 })
        let steps = try ODESolution(
            of: TestSystem.oscillator, from: 0, to: 20, state: [1, 0], algorithm: algorithm(method, 1e-10),
            events: [ODEEvent("turn", direction: .rising, endsIntegration: true) { _, y in y[1] - 0.5 }])
        #expect(steps.times.last == steps.occurrences.last?.time)
        #expect(steps.last == steps.occurrences.last?.state)
    }

    // MARK: - What is noise

    /// The solution settles on the event's level: what changes sign there are errors.
    @Test(arguments: ODEMethod.allCases)
    func anEquilibriumOnTheLevelMakesNoFlood(_ method: ODEMethod) throws {
        // y′ = −(y − 1), by long steps at the limit of stability.
        let system = TestSystem(dimension: 1) { _, y in
            [1 - y[0]]
        } slopes: { _, _ in
            ([[-1]], [0])
        }
        for tolerance in [1e-4, 1e-7, 1e-10] {
            for start in [0.0, 2, 1] {
                let solution = try ODESolution(
                    of: system, from: 0, to: 3000, state: [start], algorithm: algorithm(method, tolerance),
                    events: [ODEEvent("level") { _, y in y[0] - 1 }])
                #expect(solution.ending == .reachedEnd)
                // In truth none; the first change of sign may be one, and a few excursions of 16 tolerances.
                #expect(solution.occurrences.count <= 4, "from \(start) at \(tolerance)")
            }
        }
    }

    /// An oscillation decays on to the level. Its crossings count as long as its amplitude exceeds 16 tolerances.
    @Test(arguments: ODEMethod.allCases)
    func aDecayingOscillationIsCountedDownToTheTolerances(_ method: ODEMethod) throws {
        // x″ = −x − 0.2 x′ about x = 1: amplitude exp(−t/10).
        let system = TestSystem(dimension: 2) { _, y in
            [y[1], 1 - y[0] - 0.2 * y[1]]
        } slopes: { _, _ in
            ([[0, 1], [-1, -0.2]], [0, 0])
        }
        let solution = try ODESolution(
            of: system, from: 0, to: 2000, state: [2, 0], algorithm: algorithm(method, 1e-9),
            events: [ODEEvent("level") { _, y in y[0] - 1 }])
        // exp(−t/10) reaches 16 · 2e−9 at t = 172, after 55 crossings, every π/0.995.
        let spacing = Double.pi / (1 - 0.01 as Double).squareRoot()
        #expect(solution.occurrences.count >= 53)
        #expect(solution.occurrences.count <= 80)
        let first = (0.5 * Double.pi + asin(0.1)) / (0.99 as Double).squareRoot()
        for (place, occurrence) in solution.occurrences.prefix(40).enumerated() {
            // The error of the time is that of the state, 1e−9 times the method's factor, over the amplitude.
            let amplitude = exp(-occurrence.time / 10)
            #expect(abs(occurrence.time - (first + spacing * Double(place))) < 4e-6 / amplitude)
        }
    }

    /// A level far below what the function once was is found all the same, where the tolerance is relative.
    @Test func aLevelFarBelowIsNoNoise() throws {
        let solution = try ODESolution(
            of: TestSystem.linear([[-1]]), from: 0, to: 100, state: [1],
            algorithm: ODEAlgorithm(method: .rk8pd, relativeTolerance: 1e-10, absoluteTolerance: 0),
            events: [ODEEvent("level") { _, y in y[0] - 1e-30 }])
        #expect(solution.occurrences.count == 1)
        // ln 1e30; the relative error of the state is an error of the time: 1e−10 a step at most.
        #expect(abs((solution.occurrences.first?.time ?? 0) - 30 * log(10)) < 1e-8)
    }

    // MARK: - Faults

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func anEventFunctionThatIsNotFiniteIsTold(_ value: Double) throws {
        func solution(_ g: @escaping (Double) -> Double, terminal: Bool = false) throws -> ODESolution {
            try ODESolution(
                of: TestSystem.oscillator, from: 0, to: 10, state: [1, 0], algorithm: algorithm(.rk8pd, 1e-8),
                events: [ODEEvent("fine") { t, _ in t - 100 }, ODEEvent("not") { t, _ in g(t) }])
        }
        #expect(try solution { _ in value }.ending == .eventNotFinite(1, time: 0))
        let later = try solution { $0 < 5 ? 1 : value }
        guard case .eventNotFinite(1, let time) = later.ending else {
            Issue.record("ended otherwise: \(later.ending)")
            return
        }
        #expect(time > 3)
        #expect(time <= 5)
        // What was not searched is not given out.
        #expect(later.times.last == time)
    }

    @Test func noEventsCostNothing() throws {
        func cost(_ events: [ODEEvent]) throws -> Int {
            try ODESolution(
                of: TestSystem.oscillator, from: 0, to: 10, state: [1, 0], algorithm: algorithm(.rk8pd, 1e-8),
                events: events
            ).statistics.evaluations
        }
        let plain = try cost([])
        let searched = try cost([ODEEvent("far") { _, y in y[0] - 10 }])
        // A step is 14 evaluations and a first step 1 more; seven states within it are 12 each, and the derivative at its start.
        #expect(plain < searched)
        #expect(Double(searched) < 9 * Double(plain))
    }
}
