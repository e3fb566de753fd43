import Foundation
import NumericalMethods
import TestSupport
import Testing

/// Flows across surfaces and along them, against closed forms.
@Suite struct PiecewiseIntegratorTests {
    /// x′ = drift − sign(x).
    private static func relay(_ drift: Double) -> PiecewiseTestSystem {
        PiecewiseTestSystem(dimension: 1, surfaces: [.plane([1])]) { sides, _, _ in [drift - (sides[0] ? 1 : -1)] }
    }

    // MARK: - Crossing

    @Test(arguments: ODEMethod.allCases)
    func aSurfaceThatBothSidesCrossIsCrossed(_ method: ODEMethod) throws {
        // x′ = 2 below 1, 1/2 above: crossing at t = 1/2.
        let system = PiecewiseTestSystem(dimension: 1, surfaces: [.plane([1], level: 1)]) { sides, _, _ in
            [sides[0] ? 0.5 : 2]
        }
        let run = try PiecewiseRun(system, to: 3, state: [0], method: method, times: [0.25, 0.5, 1, 3])
        #expect(run.ending == .reachedEnd)
        #expect(run.changes.map(\.kind) == ["smooth→smooth"])
        #expect(run.changes.map(\.surfaces) == [[0]])
        // Some roundings of bdf's iteration, see the events.
        #expect(abs(run.changes[0].time - 0.5) <= (method == .bdf ? 64 : 4) * 0.5.ulp)
        for (state, exact) in zip(run.states, [0.5, 1, 1.25, 2.25]) { #expect(abs(state[0] - exact) < 1e-13) }
        #expect(run.states.count == 4)
    }

    /// x″ = −x left of 0 and −4x right of it: half periods of π and π/2.
    @Test(arguments: ODEMethod.allCases)
    func twoHalfOscillatorsTakeTurns(_ method: ODEMethod) throws {
        var system = PiecewiseTestSystem(dimension: 2, surfaces: [.plane([1, 0])]) { sides, _, y in
            [y[1], -(sides[0] ? 4 : 1) * y[0]]
        }
        system.slopes = { sides, _, _ in [[0, 1], [sides[0] ? -4 : -1, 0]] }
        let run = try PiecewiseRun(system, to: 14, state: [1, 0], method: method, tolerance: 1e-11)
        #expect(run.ending == .reachedEnd)
        // A quarter of the period π, a half of the period 2π, and then by turns.
        let expected = [0.25, 1.25, 1.75, 2.75, 3.25, 4.25].map { $0 * Double.pi }
        #expect(run.changes.count == expected.count)
        // 1e−11 times the methods' factors, up to 4000.
        for (change, time) in zip(run.changes, expected) { #expect(abs(change.time - time) < 4e-8) }
        #expect(run.changes.allSatisfy { !$0.after.isSliding })
    }

    /// The same flow without a surface: crossing one costs no accuracy.
    @Test(arguments: ODEMethod.allCases)
    func aSurfaceAcrossWhichNothingChangesIsNotFelt(_ method: ODEMethod) throws {
        var system = PiecewiseTestSystem(
            dimension: 2, surfaces: [.plane([1, 0]), .plane([0.3, 1], time: -0.05, level: 0.2)]
        ) { _, _, y in [y[1], -y[0]] }
        system.slopes = { _, _, _ in [[0, 1], [-1, 0]] }
        let times = (0...40).map { Double($0) / 4 }
        let run = try PiecewiseRun(system, to: 10, state: [1, 0], method: method, tolerance: 1e-9, times: times)
        #expect(run.changes.count >= 6)
        #expect(run.times == times)
        // Ten starts of the multistep methods at order 1 are worth another factor of ten.
        for (time, state) in zip(run.times, run.states) { #expect(abs(state[0] - cos(time)) < 4e-5) }
    }

    // MARK: - Sliding

    @Test(arguments: ODEMethod.allCases)
    func aRelaySlidesFromBothSides(_ method: ODEMethod) throws {
        for (drift, start) in [(0.0, 1.0), (0.5, 1), (-0.3, 1), (0.5, -1), (0, -2)] {
            // |x| falls at 1 ∓ drift, then stays 0.
            let arrival = abs(start) / (1 - (start > 0 ? drift : -drift))
            let run = try PiecewiseRun(
                Self.relay(drift), to: 10, state: [start], method: method, times: [arrival / 2, arrival + 1, 9])
            #expect(run.ending == .reachedEnd)
            #expect(run.changes.map(\.kind) == ["smooth→sliding"])
            #expect(abs(run.changes[0].time - arrival) <= (method == .bdf ? 64 : 4) * arrival.ulp)
            #expect(abs(run.states[0][0] - start / 2) < 1e-13)
            // On the surface to the rounding of the time of arrival.
            #expect(abs(run.states[1][0]) < 1e-14)
            #expect(abs(run.states[2][0]) < 1e-14)
            #expect(run.motion.isSliding)
        }
    }

    @Test func theWeightOfASlidingMotionIsFilippovs() throws {
        var integrator = try PiecewiseIntegrator(
            Self.relay(0.5), from: 0, to: 10, state: [0], algorithm: ODEAlgorithm(method: .rkf45))
        while integrator.step() {}
        // f⁻ = 1.5 and f⁺ = −0.5: λ = 0.75.
        #expect(integrator.slidingWeight(of: integrator.motion, at: 10, integrator.state) == 0.75)
        #expect(integrator.slidingWeight(of: .smooth(SurfaceSides()), at: 10, integrator.state) == nil)
        #expect(integrator.slidingWeight(of: integrator.motion, at: 10, []) == nil)
    }

    /// x′ = a(t) − sign(x), a = t/2: it slides while |a| < 1, and leaves upwards at t = 2.
    @Test(arguments: ODEMethod.allCases)
    func slidingEndsWhereOneSideStopsPushing(_ method: ODEMethod) throws {
        let system = PiecewiseTestSystem(dimension: 1, surfaces: [.plane([1])]) { sides, t, _ in
            [t / 2 - (sides[0] ? 1 : -1)]
        }
        let run = try PiecewiseRun(system, to: 4, state: [1], method: method, times: [3, 4])
        // 1 − t + t²/4 = (1 − t/2)² touches 0 at t = 2 without crossing it. From 1/2 it arrives at 2 − √2.
        #expect(run.changes.isEmpty)
        #expect(abs(run.states[1][0] - 1) < 1e-6)
        let early = try PiecewiseRun(system, to: 4, state: [0.5], method: method, times: [3, 4])
        #expect(early.changes.map(\.kind) == ["smooth→sliding", "sliding→smooth"])
        #expect(abs(early.changes[0].time - (2 - 2.0.squareRoot())) < 1e-8)
        #expect(abs(early.changes[1].time - 2) < 1e-14)
        // Afterwards x = (t − 2)²/4.
        for (time, state) in zip(early.times, early.states) {
            #expect(abs(state[0] - (time - 2) * (time - 2) / 4) < 1e-6)
        }
        #expect(early.motion == .smooth(SurfaceSides().crossing([0])))
    }

    /// Dry friction on a belt: x″ = −x + F·sign(1 − x′), F = 1/2. It sticks while |x| ≤ F, and slips in between.
    @Test(arguments: ODEMethod.allCases)
    func stickAndSlip(_ method: ODEMethod) throws {
        let force = 0.5
        var system = PiecewiseTestSystem(dimension: 2, surfaces: [.plane([0, 1], level: 1)]) { sides, _, y in
            [y[1], -y[0] + (sides[0] ? -force : force)]
        }
        system.slopes = { _, _, _ in [[0, 1], [-1, 0]] }
        // From rest on the belt, at x = −0.2: it sticks and moves at 1 to x = F, at t = 0.7; then it slips with
        // x = F + sin(t − 0.7), v = cos(t − 0.7), and is as fast as the belt again after a whole turn, at x = F, where the
        // friction that is needed is F still: it slips on, for ever. With a friction of F at rest and 0.3 in motion it would stick.
        let run = try PiecewiseRun(
            system, to: 0.7 + 1.5 * .pi, state: [-0.2, 1], method: method, tolerance: 1e-10, times: [0.5, 0.7 + .pi])
        #expect(run.changes.first?.kind == "sliding→smooth")
        #expect(abs((run.changes.first?.time ?? 0) - 0.7) < 1e-8)
        #expect(run.states.count == 2)
        #expect(abs(run.states[0][0] - 0.3) < 1e-9)
        #expect(abs(run.states[0][1] - 1) < 1e-12)
        #expect(abs(run.states[1][0] - 0.5) < 4e-6)
        #expect(abs(run.states[1][1] + 1) < 4e-6)
        // From the other side of the belt's speed: v > 1 is braked until it sticks.
        let fast = try PiecewiseRun(system, to: 0.6, state: [0, 1.1], method: method, tolerance: 1e-10)
        // x = −F + F cos t + 1.1 sin t, v = −F sin t + 1.1 cos t = 1: R cos(t + φ) = 1.
        let (size, phase) = (hypot(1.1, force), atan2(force, 1.1))
        let arrival = acos(1 / size) - phase
        #expect(fast.changes.first?.kind == "smooth→sliding")
        #expect(abs((fast.changes.first?.time ?? 0) - arrival) < 1e-8)
        let place = -force + force * cos(arrival) + 1.1 * sin(arrival)
        // Then it sticks up to x = F.
        #expect(fast.changes.count == 2)
        #expect(abs((fast.changes.last?.time ?? 0) - (arrival + force - place)) < 1e-7)
    }

    /// Friction that is weaker in motion than at rest makes a cycle of sticking and slipping.
    @Test(arguments: [ODEMethod.rkf45, .rk8pd])
    func stickSlipCycles(_ method: ODEMethod) throws {
        // Weaker by how fast it slips: F/(1 + |v − 1|).
        let system = PiecewiseTestSystem(dimension: 2, surfaces: [.plane([0, 1], level: 1)]) { sides, _, y in
            let friction = 0.5 / (1 + abs(y[1] - 1))
            return [y[1], -y[0] + (sides[0] ? -friction : friction)]
        }
        let run = try PiecewiseRun(system, to: 100, state: [0, 1], method: method, tolerance: 1e-9)
        #expect(run.ending == .reachedEnd)
        #expect(run.changes.count > 20)
        #expect(zip(run.changes, run.changes.dropFirst()).allSatisfy { $0.time < $1.time })
        // It breaks loose, comes back with the spring drawn too far for sticking, overtakes the belt, and sticks; each cycle
        // is like the one before.
        let kinds = ["sliding→smooth", "smooth→smooth", "smooth→sliding"]
        for (place, change) in run.changes.enumerated() { #expect(change.kind == kinds[place % 3]) }
        let slips = run.changes.filter { $0.kind == "sliding→smooth" }.map(\.time)
        let periods = zip(slips.dropFirst(), slips).map { $0 - $1 }
        for period in periods.dropFirst() { #expect(abs(period - periods[1]) < 1e-6) }
        // It breaks loose where the spring has the largest friction.
        for change in run.changes where change.kind == "sliding→smooth" { #expect(abs(change.state[0] - 0.5) < 1e-8) }
    }

    /// On a circle: inside it is pushed out, outside it is pushed in, and it runs around at speed 1.
    @Test(arguments: ODEMethod.allCases)
    func projectionKeepsAMotionOnACurvedSurface(_ method: ODEMethod) throws {
        let circle = PiecewiseTestSystem.Surface { _, y in
            y[0] * y[0] + y[1] * y[1] - 1
        } gradient: { _, y in
            [2 * y[0], 2 * y[1], 0]
        }
        var system = PiecewiseTestSystem(dimension: 2, surfaces: [circle]) { sides, _, y in
            let push = sides[0] ? -0.5 : 0.5
            return [-y[1] + push * y[0], y[0] + push * y[1]]
        }
        system.slopes = { sides, _, _ in
            let push = sides[0] ? -0.5 : 0.5
            return [[push, -1], [1, push]]
        }
        let times = (0...50).map { Double($0) }
        for start in [[0.5, 0], [2, 0]] {
            let tolerance = 1e-8
            let run = try PiecewiseRun(
                system, to: 50, state: start, method: method, tolerance: tolerance, times: times)
            #expect(run.ending == .reachedEnd)
            #expect(run.changes.map(\.kind) == ["smooth→sliding"])
            // r = r₀ e^(±t/2) until r = 1.
            #expect(abs(run.changes[0].time - 2 * log(2)) < 1e-5)
            var (drift, error) = (0.0, 0.0)
            for (time, state) in zip(run.times, run.states) where time >= 2 {
                drift = max(drift, abs(state[0] * state[0] + state[1] * state[1] - 1))
                error = max(error, abs(state[0] - cos(time)))
            }
            // Off the circle by one tolerance, 1e−8·(1 + |y|), or 128 with a multistep method, as a gradient of 2 in each
            // component sees it (5.7e−8), and what the last step adds.
            #expect(drift < (method.order == nil ? 128 : 2) * 6e-8)
            #expect(error < 1e-4)
        }
    }

    /// A surface that moves: x is carried along by it.
    @Test(arguments: ODEMethod.allCases)
    func aMovingSurfaceCarriesAlong(_ method: ODEMethod) throws {
        // h = x − t/2; x′ = ∓1.
        let system = PiecewiseTestSystem(dimension: 1, surfaces: [.plane([1], time: -0.5)]) { sides, _, _ in
            [sides[0] ? -1 : 1]
        }
        let run = try PiecewiseRun(system, to: 10, state: [3], method: method, times: [1, 5, 10])
        #expect(run.changes.map(\.kind) == ["smooth→sliding"])
        #expect(abs(run.changes[0].time - 2) < 1e-13)
        for (state, exact) in zip(run.states, [2, 2.5, 5]) { #expect(abs(state[0] - exact) < 1e-9) }
    }

    // MARK: - Starts

    @Test func aStartOnASurfaceIsDecided() throws {
        // Pushed together: it slides at once.
        let slides = try PiecewiseRun(Self.relay(0.2), to: 1, state: [0])
        #expect(slides.motion.isSliding)
        #expect(slides.changes.isEmpty)
        #expect(slides.state == [0])
        // Across: to the side that it leads to.
        let rises = try PiecewiseRun(Self.relay(2), to: 1, state: [0])
        #expect(rises.motion == .smooth(SurfaceSides().crossing([0])))
        #expect(abs(rises.state[0] - 1) < 1e-14)
        let falls = try PiecewiseRun(Self.relay(-2), to: 1, state: [0])
        #expect(falls.motion == .smooth(SurfaceSides()))
        #expect(falls.changes.isEmpty)
        // Apart: either way would do, and neither is taken.
        let apart = PiecewiseTestSystem(dimension: 1, surfaces: [.plane([1])]) { sides, _, _ in [sides[0] ? 1 : -1] }
        let undecided = try PiecewiseRun(apart, to: 1, state: [0])
        #expect(undecided.ending == .notUnique(surface: 0, time: 0))
        #expect(undecided.time == 0)
        #expect(undecided.state == [0])
        // Beside it there is no question.
        let beside = try PiecewiseRun(apart, to: 1, state: [1e-300])
        #expect(abs(beside.state[0] - 1) < 1e-14)
    }

    /// Where both sides stop pushing at once it is left by neither.
    @Test func slidingThatBothSidesEndIsNotUnique() throws {
        // x′ = ∓(1 − t): they push together before 1 and apart afterwards.
        let system = PiecewiseTestSystem(dimension: 1, surfaces: [.plane([1])]) { sides, t, _ in
            [(1 - t) * (sides[0] ? -1 : 1)]
        }
        let run = try PiecewiseRun(system, to: 2, state: [0.1])
        guard case .notUnique(0, let time) = run.ending else {
            Issue.record("ended otherwise: \(String(describing: run.ending))")
            return
        }
        #expect(abs(time - 1) < 1e-14)
    }

    // MARK: - Several surfaces

    /// Two surfaces in one place, in two orientations: crossed together, or slid along together.
    @Test(arguments: [1.0, -1, 3, -0.2])
    func coincidingSurfacesAreMetTogether(_ scale: Double) throws {
        func system(_ drift: Double) -> PiecewiseTestSystem {
            PiecewiseTestSystem(dimension: 1, surfaces: [.plane([1]), .plane([scale])]) { sides, _, _ in
                let second = sides[1] == (scale > 0)
                return [drift - (sides[0] ? 0.5 : -0.5) - (second ? 0.5 : -0.5)]
            }
        }
        let slides = try PiecewiseRun(system(0.25), to: 5, state: [1], times: [1, 4])
        #expect(slides.ending == .reachedEnd)
        #expect(slides.changes.map(\.kind) == ["smooth→sliding"])
        #expect(slides.changes[0].surfaces == [0, 1])
        #expect(abs(slides.changes[0].time - 1 / 0.75) < 1e-14)
        #expect(abs(slides.states[1][0]) < 1e-14)
        let crosses = try PiecewiseRun(system(-2), to: 5, state: [1], times: [5])
        #expect(crosses.changes.map(\.kind) == ["smooth→smooth"])
        #expect(crosses.changes[0].surfaces == [0, 1])
        // x′ = −3, and then −1 from t = 1/3 on.
        #expect(abs(crosses.states[0][0] + (5 - 1 / 3.0)) < 1e-13)
    }

    /// What is pushed from below by one and from above by the other, and by neither in between, stays between them.
    @Test(arguments: [0, 1e-15, 1e-9, 1e-3])
    func betweenTwoSurfacesItMayStay(_ gap: Double) throws {
        let system = PiecewiseTestSystem(
            dimension: 1, surfaces: [.plane([1], level: 1), .plane([1], level: 1 + gap)]
        ) { sides, _, _ in [sides[1] ? -1 : sides[0] ? 0 : 1] }
        for (start, place) in [(0.5, 1), (1.5, 1 + gap), (1, 1)] {
            let run = try PiecewiseRun(system, to: 3, state: [start])
            #expect(run.ending == .reachedEnd)
            #expect(run.motion == .smooth(SurfaceSides().crossing([0])))
            #expect(abs(run.state[0] - place) <= 4 * 1.0.ulp)
        }
    }

    /// Nearer than roundings, and farther apart.
    @Test(arguments: [0, 1e-17, 1e-16, 1e-15, 3e-15, 1e-14, 1e-12, 1e-9, 1e-3])
    func surfacesNextToOneAnother(_ gap: Double) throws {
        // Slower and slower: 1, then 1/2, then 1/4; met at x = 1, which has roundings.
        let system = PiecewiseTestSystem(
            dimension: 1, surfaces: [.plane([1], level: 1), .plane([1], level: 1 + gap)]
        ) { sides, _, _ in [sides[1] ? 0.25 : sides[0] ? 0.5 : 1] }
        let run = try PiecewiseRun(system, to: 3, state: [0.1])
        #expect(run.ending == .reachedEnd)
        #expect(run.changes.count <= 2)
        #expect(run.motion == .smooth(SurfaceSides().crossing([0, 1])))
        let arrival = 0.9 + 2 * gap
        #expect(abs(run.state[0] - (1 + gap + (3 - arrival) / 4)) < 1e-13)
        // Between them it would slide on the second, x′ = 1/2 against −1/4.
        let held = PiecewiseTestSystem(
            dimension: 1, surfaces: [.plane([1], level: 1), .plane([1], level: 1 + gap)]
        ) { sides, _, _ in [sides[1] ? -0.25 : sides[0] ? 0.5 : 1] }
        let stays = try PiecewiseRun(held, to: 3, state: [0.1])
        #expect(stays.ending == .reachedEnd)
        #expect(stays.motion.isSliding)
        #expect(abs(stays.state[0] - (1 + gap)) < 4e-15)
    }

    /// Sliding along y = 0 across x = 1, behind which it goes on, changes its speed, or ends.
    @Test(arguments: ODEMethod.allCases)
    func aSlidingMotionMeetsAnotherSurface(_ method: ODEMethod) throws {
        func system(_ behind: @escaping @Sendable (Bool) -> [Double]) -> PiecewiseTestSystem {
            PiecewiseTestSystem(dimension: 2, surfaces: [.plane([0, 1]), .plane([1, 0], level: 1)]) { sides, _, _ in
                sides[1] ? behind(sides[0]) : [1, sides[0] ? -1 : 1]
            }
        }
        let on = try PiecewiseRun(
            system { [0.5, $0 ? -2 : 1] }, to: 4, state: [0, 0.5], method: method, times: [0.25, 1, 3, 4])
        #expect(on.ending == .reachedEnd)
        #expect(on.changes.map(\.kind) == ["smooth→sliding", "sliding→sliding"])
        #expect(abs(on.changes[1].time - 1) < 1e-13)
        for (state, exact) in zip(on.states, [[0.25, 0.25], [1, 0], [2, 0], [2.5, 0]]) {
            #expect(abs(state[0] - exact[0]) < 1e-12)
            #expect(abs(state[1] - exact[1]) < 1e-13)
        }
        // Behind it both push up: it leaves there.
        let off = try PiecewiseRun(system { _ in [1, 0.5] }, to: 3, state: [0, 0.5], method: method)
        #expect(off.changes.map(\.kind) == ["smooth→sliding", "sliding→smooth"])
        #expect(off.motion == .smooth(SurfaceSides().crossing([0, 1])))
        #expect(abs(off.state[1] - 1) < 1e-12)
        // Behind it all is pushed back: along both surfaces Filippov's convention says nothing.
        let held = try PiecewiseRun(system { [-1, $0 ? -1 : 1] }, to: 3, state: [0, 0.5], method: method)
        guard case .notUnique(_, let time) = held.ending else {
            Issue.record("ended otherwise: \(String(describing: held.ending))")
            return
        }
        #expect(abs(time - 1) < 1e-13)
        // Behind it, above and below are pushed apart.
        let apart = try PiecewiseRun(system { [1, $0 ? 1 : -1] }, to: 3, state: [0, 0.5], method: method)
        guard case .notUnique = apart.ending else {
            Issue.record("ended otherwise: \(String(describing: apart.ending))")
            return
        }
    }

    /// From the corner between two surfaces on it slides along the one of them that holds it.
    @Test func aCornerLeadsOnAlongASurface() throws {
        // Towards the corner from below left; to the right of x = 0 it slides on y = 0.
        let system = PiecewiseTestSystem(dimension: 2, surfaces: [.plane([1, 0]), .plane([0, 1])]) { sides, _, _ in
            switch (sides[0], sides[1]) {
            case (false, false): [1, 1]
            case (false, true): [1, -1]
            case (true, false): [2, 0.5]
            case (true, true): [2, -0.5]
            }
        }
        let run = try PiecewiseRun(system, to: 3, state: [-1, -1])
        #expect(run.ending == .reachedEnd)
        #expect(run.motion.isSliding)
        #expect(abs(run.state[0] - 4) < 1e-12)
        #expect(abs(run.state[1]) < 1e-14)
    }

    // MARK: - Chattering

    /// z″ = −sign z − z′/2: crossings that come ever faster.
    private static let spiral = PiecewiseTestSystem(dimension: 2, surfaces: [.plane([1, 0])]) { sides, _, y in
        [y[1], (sides[0] ? -1 : 1) - y[1] / 2]
    }

    @Test(arguments: [ODEMethod.rkf45, .rkck, .rk8pd])
    func aSpiralIsFollowedUntilItIsResolvedNoMore(_ method: ODEMethod) throws {
        let run = try PiecewiseRun(Self.spiral, to: 1e3, state: [1, 0], method: method, chatterTolerance: 1e-3)
        guard case .chattering(0, let time) = run.ending else {
            Issue.record("ended otherwise: \(String(describing: run.ending))")
            return
        }
        #expect(run.changes.allSatisfy { $0.kind == "smooth→smooth" })
        #expect(run.changes.last?.time == time)
        // At a crossing the speed is what is left, and each is less than the one before.
        let speeds = run.changes.map { abs($0.state[1]) }
        #expect(zip(speeds, speeds.dropFirst()).allSatisfy { $0 > $1 })
        // From one to the next it changes its sign, so that it moves by the sum of both: 1e−3 at last.
        let last = speeds.suffix(2).reduce(0, +)
        #expect(last <= 1e-3)
        #expect(last > 0.99e-3)
        // v falls by the factor 1 − (2/3)(v/2) or so from one to the next: 1/v grows by 1/3 each time.
        let count = 3 / 5e-4
        #expect(abs(Double(run.changes.count) - count) < 0.05 * count)
    }

    /// Without a tolerance the limits end it.
    @Test func withoutAToleranceTheLimitOfSwitchesEndsIt() throws {
        let run = try PiecewiseRun(Self.spiral, to: 1e3, state: [1, 0], maximumSwitches: 50)
        guard case .switchLimit(let time) = run.ending else {
            Issue.record("ended otherwise: \(String(describing: run.ending))")
            return
        }
        #expect(run.changes.count == 50)
        #expect(run.changes.last?.time == time)
    }

    /// Crossings in geometric progression pile up at a time (Zeno): it ends there.
    @Test func crossingsThatPileUpEndTheIntegration() throws {
        let system = PiecewiseTestSystem(dimension: 2, surfaces: [.plane([1, 0]), .plane([0, 1])]) { sides, _, y in
            // Braked on the way out by 2, driven back by 1: v² halves each half turn.
            let isOut = sides[0] == sides[1]
            return [y[1], (sides[0] ? -1 : 1) * (isOut ? 2 : 1)]
        }
        // Out: from v, for v/2, to v²/4; back: v²/4 = t²/2, t = v/√2, arriving with v/√2. Each half turn takes
        // v(1/2 + 1/√2), and their sum is that over 1 − 1/√2.
        let total = (0.5 + 0.5.squareRoot()) / (1 - 0.5.squareRoot())
        let run = try PiecewiseRun(system, to: 100, state: [0, 1], tolerance: 1e-12)
        switch run.ending {
        case .chattering(_, let time), .notUnique(_, let time): #expect(abs(time - total) < 1e-9)
        default: Issue.record("ended otherwise: \(String(describing: run.ending)), at \(run.time)")
        }
        #expect(run.changes.count > 40)
        #expect(run.changes.count < 1000)
        let resolved = try PiecewiseRun(system, to: 100, state: [0, 1], tolerance: 1e-12, chatterTolerance: 1e-3)
        guard case .chattering = resolved.ending else {
            Issue.record("ended otherwise: \(String(describing: resolved.ending))")
            return
        }
    }

    // MARK: - Output and events

    /// States at any times, also within steps that a surface cuts.
    @Test(arguments: ODEMethod.allCases)
    func theStateIsHadAtAnyTime(_ method: ODEMethod) throws {
        var generator = SeededGenerator(seed: 11)
        var system = PiecewiseTestSystem(dimension: 2, surfaces: [.plane([0, 1], level: 1)]) { sides, _, y in
            let friction = 0.5 / (1 + abs(y[1] - 1))
            return [y[1], -y[0] + (sides[0] ? -friction : friction)]
        }
        system.slopes = { sides, _, y in
            let distance = abs(y[1] - 1)
            // d/dv of ∓F/(1 + |v − 1|): −sign(v − 1)F/(1 + |v − 1|)² times the same sign.
            let slope = 0.5 / ((1 + distance) * (1 + distance))
            return [[0, 1], [-1, slope]]
        }
        let times = (0..<100).map { _ in generator.uniform(0...30) }.sorted()
        let run = try PiecewiseRun(system, to: 30, state: [0, 1], method: method, tolerance: 1e-8, times: times)
        #expect(run.times == times)
        let reference = try PiecewiseRun(system, to: 30, state: [0, 1], method: .rk8pd, tolerance: 1e-12, times: times)
        // 1e−8 times the methods' factors and a tenfold loss over some changes of motion.
        for (state, exact) in zip(run.states, reference.states) { #expect(abs(state[0] - exact[0]) < 1e-4) }
    }

    @Test func eventsAreFoundAmongTheChanges() throws {
        let events = [
            ODEEvent("half way") { _, y in y[0] - 0.5 }, ODEEvent("clock") { t, _ in t - 5 },
            ODEEvent("never", endsIntegration: true) { _, y in y[0] + 1e-3 },
        ]
        let run = try PiecewiseRun(Self.relay(0.5), to: 10, state: [1], events: events)
        #expect(run.occurrences.map(\.event) == [0, 1])
        #expect(abs(run.occurrences[0].time - 1) < 1e-14)
        #expect(abs(run.occurrences[1].time - 5) < 2e-15)
        // One that ends the integration, before the surface and behind it.
        for (level, time) in [(0.75, 0.5), (-0.5, 3.0)] {
            let system = PiecewiseTestSystem(dimension: 1, surfaces: [.plane([1])]) { sides, _, _ in
                [sides[0] ? -0.5 : -0.5]
            }
            let ended = try PiecewiseRun(
                system, to: 10, state: [1], events: [ODEEvent("level", endsIntegration: true) { _, y in y[0] - level }])
            guard case .event(0, let found) = ended.ending else {
                Issue.record("ended otherwise: \(String(describing: ended.ending))")
                return
            }
            #expect(abs(found - time) < 1e-14)
            #expect(ended.time == found)
            #expect(ended.changes.count == (time > 2 ? 1 : 0))
        }
    }

    /// What lies on the surface that is slid along makes no flood.
    @Test(arguments: ODEMethod.allCases)
    func anEventOnTheSurfaceIsFoundOnceAtMost(_ method: ODEMethod) throws {
        let run = try PiecewiseRun(
            Self.relay(0.5), to: 100, state: [1], method: method, events: [ODEEvent("zero") { _, y in y[0] }])
        #expect(run.occurrences.count <= 1)
    }
}
