import Foundation
import NumericalMethods
import Testing

/// The methods against closed forms: how accurate they are, and of what order.
@Suite struct ODEMethodTests {
    /// How many tolerances the error may come to. The tolerance bounds the error of a step, and not what the steps of
    /// the interval add up to: the factors are three times what was found. The two multistep methods take smaller tolerances
    /// worse, since they take more steps of a higher order's error.
    private static func factor(_ method: ODEMethod) -> Double {
        switch method {
        case .rkf45, .rkck: 12
        case .rk8pd: 2
        case .adams: 1000
        case .bdf: 4000
        }
    }

    @Test(arguments: ClosedForm.smooth, ODEMethod.allCases)
    func theErrorFollowsTheTolerance(_ problem: ClosedForm, _ method: ODEMethod) throws {
        for exponent in 4...12 {
            let tolerance = pow(10, -Double(exponent))
            let solution = try ODESolution(
                of: problem.system, from: 0, to: problem.end, state: problem.solution(0),
                algorithm: algorithm(method, tolerance))
            #expect(solution.ending == .reachedEnd)
            #expect(solution.times.last == problem.end)
            #expect(problem.error(solution) < Self.factor(method) * tolerance, "at 1e-\(exponent)")
        }
    }

    /// A test that could not tell a tolerance from another one would pass above: the steps must follow it too.
    @Test(arguments: ODEMethod.allCases)
    func aSmallerToleranceTakesMoreSteps(_ method: ODEMethod) throws {
        func steps(_ tolerance: Double) throws -> Int {
            try ODESolution(
                of: TestSystem.oscillator, from: 0, to: 50, state: [1, 0], algorithm: algorithm(method, tolerance)
            ).statistics.acceptedSteps
        }
        // Six orders of magnitude are a factor of 10^(6/9) = 4.6 in the steps at order 8; the multistep methods raise the order.
        #expect(Double(try steps(1e-10)) > 1.7 * Double(try steps(1e-4)))
    }

    /// Against a solution by another method at a tolerance of 1e−13, of a system without one in closed form.
    @Test(arguments: ODEMethod.allCases)
    func theMethodsAgreeOnAReference(_ method: ODEMethod) throws {
        func end(_ method: ODEMethod, _ tolerance: Double) throws -> [Double] {
            try ODESolution(
                of: TestSystem.lotkaVolterra, from: 0, to: 10, state: [2, 0.5], algorithm: algorithm(method, tolerance)
            ).last
        }
        let reference = try end(method == .rk8pd ? .rkck : .rk8pd, 1e-13)
        // The reference's own error is 1e−12 at most, by the factors above.
        for (value, expected) in zip(try end(method, 1e-9), reference) {
            #expect(abs(value - expected) < Self.factor(method) * 1e-9)
        }
    }

    // MARK: - Order

    /// The interval is halved until the error is near rounding; what the last two of the larger errors differ by is the order.
    @Test(arguments: ClosedForm.smooth, [ODEMethod.rkf45, .rkck, .rk8pd])
    func fixedStepsShowTheNominalOrder(_ problem: ClosedForm, _ method: ODEMethod) throws {
        let order = Double(try #require(method.order))
        var errors: [Double] = []
        for halving in 0..<8 {
            let count = 4 << halving
            let solution = try ODESolution(
                of: problem.system, from: 0, to: problem.end, state: problem.solution(0),
                algorithm: ODEAlgorithm(method: method, fixedStep: problem.end / Double(count)))
            #expect(solution.statistics.acceptedSteps == count)
            let error = zip(solution.last, problem.solution(problem.end)).reduce(0) { max($0, abs($1.0 - $1.1)) }
            // Below, rounding is a tenth of the error.
            guard error > 1e-14 else { break }
            errors.append(error)
        }
        #expect(errors.count >= 3)
        let observed = log2(errors[errors.count - 2] / errors[errors.count - 1])
        // An error may decrease faster, where its first term vanishes: rk8pd's does for linear systems.
        #expect(observed > order - 0.45)
        #expect(observed < order + 2.5)
    }

    @Test func aFixedStepLeavesTheRestToTheLast() throws {
        let solution = try ODESolution(
            of: TestSystem.oscillator, from: 0, to: 1, state: [1, 0],
            algorithm: ODEAlgorithm(method: .rkf45, fixedStep: 0.3))
        #expect(solution.times.count == 5)
        #expect(solution.times.last == 1)
        #expect(solution.times[1] == 0.3)
        let back = try ODESolution(
            of: TestSystem.oscillator, from: 1, to: 0, state: [1, 0],
            algorithm: ODEAlgorithm(method: .rkf45, fixedStep: 0.25))
        #expect(back.times == [1, 0.75, 0.5, 0.25, 0])
    }

    // MARK: - Conservation

    /// What is kept by each step exactly in exact arithmetic is kept to rounding: linear invariants.
    @Test(arguments: ODEMethod.allCases)
    func linearInvariantsAreKeptToRounding(_ method: ODEMethod) throws {
        // A chain of reactions a → b → c and back from c to a.
        let system = TestSystem.linear([[-1, 0, 0.25], [1, -2, 0], [0, 2, -0.25]])
        let solution = try ODESolution(
            of: system, from: 0, to: 20, state: [0.5, 0.3, 0.2], algorithm: algorithm(method, 1e-8))
        for state in solution.states {
            // Each step rounds the sum by some ulp: 64 for 1 ulp in each of the stages of hundreds of steps, at random.
            #expect(abs(state.reduce(0, +) - 1) < 64 * 1.0.ulp)
        }
    }

    @Test(arguments: ODEMethod.allCases)
    func energyAndTheLikeDriftByTheTolerance(_ method: ODEMethod) throws {
        // The quantity, its gradient at most 4 here, and the factors above: ten times what was found.
        let allowed = 4 * Self.factor(method) * 1e-10 * 10
        func check(_ system: TestSystem, _ start: [Double], _ end: Double, _ invariant: ([Double]) -> Double) throws {
            let solution = try ODESolution(
                of: system, from: 0, to: end, state: start, algorithm: algorithm(method, 1e-10))
            #expect(solution.ending == .reachedEnd)
            for state in solution.states { #expect(abs(invariant(state) - invariant(start)) < allowed) }
        }
        try check(.pendulum, [2, 0], 30) { y in y[1] * y[1] / 2 - cos(y[0]) }
        try check(.lotkaVolterra, [2, 1], 20) { y in y[0] - log(y[0]) + y[1] - log(y[1]) }
        // An ellipse of eccentricity 0.3, from its pericentre on.
        let kepler = [0.7, 0, 0, (1.3 / 0.7).squareRoot()]
        try check(.kepler, kepler, 20) { s in (s[2] * s[2] + s[3] * s[3]) / 2 - 1 / hypot(s[0], s[1]) }
        try check(.kepler, kepler, 20) { s in s[0] * s[3] - s[1] * s[2] }
    }

    /// After a whole period of 2π, whatever the eccentricity, the bodies are back.
    @Test(arguments: ODEMethod.allCases)
    func keplersEllipseCloses(_ method: ODEMethod) throws {
        let start = [0.7, 0, 0, (1.3 / 0.7).squareRoot()]
        let solution = try ODESolution(
            of: TestSystem.kepler, from: 0, to: 2 * .pi, state: start, algorithm: algorithm(method, 1e-10))
        for (value, expected) in zip(solution.last, start) {
            #expect(abs(value - expected) < 10 * Self.factor(method) * 1e-10)
        }
    }

    @Test(arguments: ODEMethod.allCases)
    func thereAndBackAgain(_ method: ODEMethod) throws {
        let settings = try algorithm(method, 1e-10)
        let there = try ODESolution(
            of: TestSystem.lotkaVolterra, from: 1, to: -6, state: [2, 0.5], algorithm: settings)
        #expect(there.ending == .reachedEnd)
        #expect(zip(there.times, there.times.dropFirst()).allSatisfy { $0 > $1 })
        let back = try ODESolution(
            of: TestSystem.lotkaVolterra, from: -6, to: 1, state: there.last, algorithm: settings)
        // Both ways' errors, and what the flow makes of the first one's: less than a factor of 5.
        for (value, expected) in zip(back.last, [2, 0.5]) {
            #expect(abs(value - expected) < 5 * Self.factor(method) * 1e-10)
        }
    }

    // MARK: - Stiff systems

    /// Eigenvalues −1 and −1000.
    @Test func aStiffLinearSystemIsSolvedInFewSteps() throws {
        let system = TestSystem.linear([[998, 1998], [-999, -1999]])
        for exponent in 4...11 {
            let tolerance = pow(10, -Double(exponent))
            let times = (0...100).map { Double($0) / 10 }
            for wanted in [nil, times] {
                let solution = try ODESolution(
                    of: system, from: 0, to: 10, state: [1, 0], algorithm: algorithm(.bdf, tolerance), times: wanted)
                #expect(solution.ending == .reachedEnd)
                #expect(solution.statistics.jacobianEvaluations > 0)
                // An explicit method takes 10·1000/3 steps at least, its limit of stability.
                #expect(solution.statistics.acceptedSteps < 1000)
                for (t, y) in zip(solution.times, solution.states) {
                    let (slow, fast) = (exp(-t), exp(-1000 * t))
                    // Three times what was found.
                    #expect(abs(y[0] - (2 * slow - fast)) < 300 * tolerance)
                    #expect(abs(y[1] - (fast - slow)) < 300 * tolerance)
                }
            }
        }
        let explicit = try ODESolution(
            of: system, from: 0, to: 10, state: [1, 0], algorithm: algorithm(.rkf45, 1e-4))
        #expect(explicit.statistics.acceptedSteps > 2000)
    }

    /// However stiff, the solution is followed: between the ends of the steps as well.
    @Test(arguments: [1e3, 1e6, 1e9])
    func protheroAndRobinsonsProblemLosesNoAccuracy(_ rate: Double) throws {
        for exponent in 4...11 {
            let tolerance = pow(10, -Double(exponent))
            for wanted in [nil, (0...100).map { Double($0) / 10 }] {
                let solution = try ODESolution(
                    of: TestSystem.protheroRobinson(rate), from: 0, to: 10, state: [1],
                    algorithm: algorithm(.bdf, tolerance), times: wanted)
                #expect(solution.ending == .reachedEnd)
                #expect(solution.statistics.acceptedSteps < 3000)
                // Three times what was found.
                for (t, y) in zip(solution.times, solution.states) { #expect(abs(y[0] - cos(t)) < 30 * tolerance) }
            }
        }
    }

    /// The mass, and the concentrations at 0.4 and 40 as Hairer and Wanner's book and the CVODE manual have them.
    @Test func robertsonsReactionsKeepTheirMass() throws {
        let solution = try ODESolution(
            of: TestSystem.robertson, from: 0, to: 1e9, state: [1, 0, 0],
            algorithm: ODEAlgorithm(method: .bdf, relativeTolerance: 1e-9, absoluteTolerance: 1e-14),
            times: [0.4, 40, 1e9])
        #expect(solution.ending == .reachedEnd)
        #expect(solution.states.count == 3)
        for state in solution.states { #expect(abs(state.reduce(0, +) - 1) < 1e-14) }
        // The digits that are printed there.
        #expect(abs(solution.states[0][0] - 0.98517) < 1e-5)
        #expect(abs(solution.states[0][1] - 3.3864e-5) < 1e-9)
        #expect(abs(solution.states[1][0] - 0.7158) < 1e-4)
        #expect(solution.states.allSatisfy { $0.allSatisfy { $0 >= 0 } })
    }
}
