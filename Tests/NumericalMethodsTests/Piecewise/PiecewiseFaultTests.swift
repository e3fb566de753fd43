import Foundation
import NumericalMethods
import Testing

@Suite struct PiecewiseFaultTests {
    private static let relay = PiecewiseTestSystem(dimension: 1, surfaces: [.plane([1])]) { sides, _, _ in
        [sides[0] ? -1 : 1]
    }

    private func error(
        _ system: PiecewiseTestSystem, from start: Double = 0, to end: Double = 1, state: [Double] = [1],
        method: ODEMethod = .rk8pd
    ) -> ODEError? {
        do {
            _ = try PiecewiseIntegrator(
                system, from: start, to: end, state: state, algorithm: algorithm(method, 1e-8))
            return nil
        } catch {
            return error as? ODEError
        }
    }

    @Test func problemsThatAreNoneAreNamed() {
        #expect(error(Self.relay, to: -1)?.description.contains("no unique past") == true)
        #expect(error(Self.relay, state: []) == .dimension(system: 1, state: 0))
        #expect(error(Self.relay, state: [1, 1]) == .dimension(system: 1, state: 2))
        #expect(error(Self.relay, state: [.infinity]) == .initialState(component: 0, value: .infinity))
        #expect(error(Self.relay, from: .infinity, to: .infinity) == .time(name: "start", value: .infinity))
        #expect(error(Self.relay, to: .infinity) == .time(name: "end", value: .infinity))
        #expect(error(Self.relay, from: .nan) != nil)
        #expect(error(PiecewiseTestSystem(dimension: 0, surfaces: []) { _, _, _ in [] }, state: []) != nil)
        #expect(error(PiecewiseTestSystem(dimension: -1, surfaces: []) { _, _, _ in [] }, state: []) != nil)
        let many = PiecewiseTestSystem(
            dimension: 1, surfaces: Array(repeating: .plane([1]), count: 65)
        ) { _, _, _ in [1] }
        #expect(error(many)?.description.contains("number of surfaces") == true)
    }

    @Test func noSurfacesAreNoDifficulty() throws {
        let system = PiecewiseTestSystem(dimension: 1, surfaces: []) { _, _, y in [-y[0]] }
        let run = try PiecewiseRun(system, to: 1, state: [1])
        #expect(run.ending == .reachedEnd)
        #expect(abs(run.state[0] - exp(-1)) < 1e-9)
    }

    @Test func anIntervalOfNoLengthHasEnded() throws {
        let run = try PiecewiseRun(Self.relay, from: 2, to: 2, state: [1])
        #expect(run.ending == .reachedEnd)
        #expect(run.state == [1])
    }

    @Test func aSurfaceThatIsNotFiniteIsTold() throws {
        let nan = PiecewiseTestSystem.Surface { t, y in
            t < 0.5 ? y[0] : .nan
        } gradient: { _, _ in
            [1, 0]
        }
        let system = PiecewiseTestSystem(dimension: 1, surfaces: [nan]) { _, _, _ in [1] }
        let run = try PiecewiseRun(system, to: 1, state: [1])
        guard case .eventNotFinite(0, let time) = run.ending else {
            Issue.record("ended otherwise: \(String(describing: run.ending))")
            return
        }
        #expect(time < 0.5)
        #expect(run.time == time)
        let start = try PiecewiseRun(system, from: 0.6, to: 1, state: [1])
        #expect(start.ending == .eventNotFinite(0, time: 0.6))
    }

    @Test func aSideThatIsNotDefinedIsTold() throws {
        // Nothing is known of what lies above; and at the surface it must be.
        let system = PiecewiseTestSystem(dimension: 1, surfaces: [.plane([1])]) { sides, _, _ in sides[0] ? nil : [1] }
        let run = try PiecewiseRun(system, to: 2, state: [-1])
        #expect(run.ending.map { !$0.isExpected } == true)
        #expect(abs(run.time - 1) < 1e-12)
        let start = try PiecewiseRun(system, to: 2, state: [0])
        #expect(start.ending == .derivativeUndefined(time: 0))
    }

    @Test func limitsAreKept() throws {
        var integrator = try PiecewiseIntegrator(
            Self.relay, from: 0, to: 10, state: [1],
            algorithm: ODEAlgorithm(method: .rkf45, initialStep: 1e-6, maximumSteps: 5))
        while integrator.step() {}
        guard case .stepLimit(let time)? = integrator.ending else {
            Issue.record("ended otherwise")
            return
        }
        #expect(time == integrator.time)
        #expect(time < 1)
        let none = try PiecewiseRun(Self.relay, to: 10, state: [1], maximumSwitches: 1)
        guard case .switchLimit? = none.ending else {
            Issue.record("ended otherwise")
            return
        }
    }

    @Test func timesAreTakenInOrder() throws {
        var integrator = try PiecewiseIntegrator(
            Self.relay, from: 0, to: 10, state: [1], algorithm: ODEAlgorithm(method: .rkf45))
        let five = try integrator.advance(to: 5)
        #expect(five != nil)
        #expect(throws: ODEError.self) { try integrator.advance(to: 0.5) }
        #expect(throws: ODEError.self) { try integrator.advance(to: .nan) }
        let beyond = try integrator.advance(to: 11)
        #expect(beyond == nil)
        #expect(integrator.ending == .reachedEnd)
    }

    /// Gradients of 0, and of the size of the largest doubles: no projection, and no number that is none.
    @Test(arguments: [0, 1e200, 1e-200])
    func anyGradientIsSurvived(_ scale: Double) throws {
        let surface = PiecewiseTestSystem.Surface { _, y in
            scale * y[0]
        } gradient: { _, _ in
            [scale, 0]
        }
        let system = PiecewiseTestSystem(dimension: 1, surfaces: [surface]) { sides, _, _ in [sides[0] ? -1 : 1] }
        let run = try PiecewiseRun(system, to: 3, state: [1])
        #expect(run.state.filter(\.isFinite).count == 1)
        #expect(run.ending != nil)
        if scale > 0 { #expect(abs(run.state[0]) < 1e-14) }
    }

    @Test func theSidesOfSurfacesAreBits() {
        var sides = SurfaceSides()
        #expect(sides.description == "-")
        sides[2] = true
        #expect(sides.description == "--+")
        sides[63] = true
        #expect(sides[63])
        #expect(!sides[64])
        sides[64] = true
        sides[-1] = true
        #expect(!sides[-1])
        #expect(sides.crossing([2, 63]) == SurfaceSides())
    }
}
