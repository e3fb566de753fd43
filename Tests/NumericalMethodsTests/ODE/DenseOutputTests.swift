import Foundation
import NumericalMethods
import TestSupport
import Testing

/// The state between the ends of the steps.
@Suite struct DenseOutputTests {
    /// Like the test of the steps, and with the same factors, in between.
    @Test(arguments: ClosedForm.smooth, ODEMethod.allCases)
    func itIsAsAccurateAsTheSteps(_ problem: ClosedForm, _ method: ODEMethod) throws {
        for exponent in [4, 6, 8, 10, 12] {
            let settings = try algorithm(method, pow(10, -Double(exponent)))
            let steps = try ODESolution(
                of: problem.system, from: 0, to: problem.end, state: problem.solution(0), algorithm: settings)
            let between = try ODESolution(
                of: problem.system, from: 0, to: problem.end, state: problem.solution(0), algorithm: settings,
                times: (0...300).map { problem.end * Double($0) / 300 })
            #expect(between.times.count == 301)
            // A solution's error in between may be larger than at the few ends of long steps; a third was found.
            #expect(problem.error(between) < 1.5 * problem.error(steps) + 1e-15)
        }
    }

    @Test(arguments: ODEMethod.allCases)
    func askingDoesNotChangeTheSteps(_ method: ODEMethod) throws {
        func ends(asking: Bool) throws -> [[Double]] {
            var integrator = try ODEIntegrator(
                TestSystem.lotkaVolterra, from: 0, to: 12, state: [2, 0.5], algorithm: algorithm(method, 1e-8))
            var ends: [[Double]] = []
            while integrator.step() {
                ends.append([integrator.time] + integrator.state)
                guard asking else { continue }
                for share in [0.9, 0.1, 0.5] {
                    _ = try integrator.state(
                        at: integrator.stepStart + share * (integrator.time - integrator.stepStart))
                }
            }
            return ends
        }
        // To the bit.
        #expect(try ends(asking: true) == ends(asking: false))
    }

    /// The same state whatever was asked for before: the search for events relies on it.
    @Test(arguments: ODEMethod.allCases)
    func itIsAFunctionOfTheTime(_ method: ODEMethod) throws {
        var integrator = try ODEIntegrator(
            TestSystem.pendulum, from: 0, to: 12, state: [2, 0.5], algorithm: algorithm(method, 1e-6))
        while integrator.step() {
            let (start, end) = (integrator.stepStart, integrator.time)
            let times = (0...4).map { start + Double($0) / 4 * (end - start) }.map { min($0, end) }
            let forwards = try times.map { try integrator.state(at: $0) }
            let backwards = try times.reversed().map { try integrator.state(at: $0) }
            #expect(forwards == backwards.reversed())
        }
    }

    /// It goes through both ends of the step, and the times next to them are next to them.
    @Test(arguments: ODEMethod.allCases)
    func itMeetsTheEndsOfTheSteps(_ method: ODEMethod) throws {
        var integrator = try ODEIntegrator(
            TestSystem.oscillator, from: 0, to: 12, state: [1, 0], algorithm: algorithm(method, 1e-5))
        var last = integrator.state
        while integrator.step() {
            let (start, end) = (integrator.stepStart, integrator.time)
            let (atStart, atEnd) = (try integrator.state(at: start), try integrator.state(at: end))
            #expect(atStart == last)
            last = integrator.state
            #expect(atEnd == last)
            // The speed is 1 at most, so that the state moves by less than an ulp of the time, and by its own roundings.
            let allowed = end.ulp + 16 * 1.0.ulp
            for (near, there) in zip(try integrator.state(at: start.nextUp), try integrator.state(at: start)) {
                #expect(abs(near - there) < allowed)
            }
            for (near, there) in zip(try integrator.state(at: end.nextDown), last) {
                #expect(abs(near - there) < allowed)
            }
        }
    }

    /// The error within one step of the length h is of order h^(p + 1).
    @Test(arguments: ClosedForm.smooth, [ODEMethod.rkf45, .rkck, .rk8pd])
    func itsErrorHasTheOrderOfAStep(_ problem: ClosedForm, _ method: ODEMethod) throws {
        let order = Double(try #require(method.order)) + 1
        var errors: [Double] = []
        for halving in 0..<6 {
            let step = 2 * pow(0.5, Double(halving))
            var integrator = try ODEIntegrator(
                problem.system, from: 0, to: problem.end, state: problem.solution(0),
                algorithm: ODEAlgorithm(method: method, fixedStep: step))
            integrator.step()
            var error = 0.0
            for part in 1..<10 {
                let time = step * Double(part) / 10
                for (value, exact) in zip(try integrator.state(at: time), problem.solution(time)) {
                    error = max(error, abs(value - exact))
                }
            }
            // Below, rounding is a tenth of it.
            if error > 1e-14 { errors.append(error) }
        }
        #expect(errors.count >= 3)
        // Over all halvings, since the first terms of these errors nearly cancel at some steps.
        let observed = log2(errors[0] / errors[errors.count - 1]) / Double(errors.count - 1)
        #expect(observed > order - 0.5)
    }

    @Test(arguments: ODEMethod.allCases)
    func backwardsInTimeItIsAsGood(_ method: ODEMethod) throws {
        let times = (0...50).map { -Double($0) / 10 }
        let solution = try ODESolution(
            of: TestSystem.oscillator, from: 0, to: -5, state: [1, 0], algorithm: algorithm(method, 1e-9), times: times)
        // What the methods come to at most within ten units of time, as found for the steps.
        for (time, state) in zip(solution.times, solution.states) { #expect(abs(state[0] - cos(time)) < 1e-6) }
        #expect(solution.times == times)
    }

    @Test func timesAreTakenInOrder() throws {
        var integrator = try ODEIntegrator(
            TestSystem.oscillator, from: 0, to: 10, state: [1, 0], algorithm: algorithm(.rkf45, 1e-8))
        let first = try integrator.advance(to: 0)
        #expect(first == [1, 0])
        let five = try integrator.advance(to: 5)
        let again = try integrator.advance(to: 5)
        #expect(again == five)
        let start = integrator.stepStart
        // Within the last step one may still ask for what lies before.
        let before = try integrator.advance(to: start.nextUp)
        #expect(before != nil)
        #expect(throws: ODEError.self) { try integrator.advance(to: 1) }
        #expect(throws: ODEError.self) { try integrator.advance(to: .nan) }
        #expect(throws: ODEError.self) { try integrator.state(at: 9) }
        // Beyond the end there is no state, and what there is stays.
        let beyond = try integrator.advance(to: 11)
        #expect(beyond == nil)
        #expect(integrator.ending == .reachedEnd)
        #expect(integrator.time == 10)
        let last = try integrator.advance(to: 10)
        #expect(last == integrator.state)
        let steps = integrator.step()
        #expect(!steps)
    }

    /// At random times, all of them as from the same solution.
    @Test(arguments: ODEMethod.allCases)
    func anyTimesGiveTheSameSolution(_ method: ODEMethod) throws {
        var generator = SeededGenerator(seed: 4)
        let settings = try algorithm(method, 1e-7)
        let times = (0..<40).map { _ in generator.uniform(0...10) }.sorted()
        let all = try ODESolution(
            of: TestSystem.lotkaVolterra, from: 0, to: 10, state: [2, 0.5], algorithm: settings, times: times)
        for place in stride(from: 0, to: 40, by: 7) {
            let one = try ODESolution(
                of: TestSystem.lotkaVolterra, from: 0, to: 10, state: [2, 0.5], algorithm: settings,
                times: [times[place]])
            #expect(one.last == all.states[place])
            #expect(one.statistics.acceptedSteps == all.statistics.acceptedSteps)
        }
    }
}
