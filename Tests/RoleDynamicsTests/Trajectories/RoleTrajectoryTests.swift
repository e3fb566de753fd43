import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct RoleTrajectoryTests {
    private let market: Market
    init() throws { market = try Market(externalRatio: 0.7, reservationRatio: 1.3) }

    /// The game of a row of references, which begins with it, and how many columns that took.
    static func game(_ row: [ReferenceValue]) throws -> RoleGame {
        let v = row.map(\.double)
        let market = try Market(externalRatio: v[1], reservationRatio: v[2], swapFee: v[4])
        return try RoleGame(
            market: market, blockReward: v[3],
            intensities: TradeIntensities(genuineBuyers: v[5], speculatingBuyers: v[6], sellers: v[7]),
            parameters: RevisionParameters(
                demandWidth: v[8], rationality: v[9], revisionRate: v[10], depthExponent: v[11], observationLag: v[12]),
            revisionProtocol: RevisionProtocol.allCases[Int(v[0])])
    }

    private static func trajectory(
        _ row: [ReferenceValue], until end: Double, _ algorithm: ODEAlgorithm, watches: [TrajectoryWatch] = []
    ) throws -> any MarketTrajectory {
        let v = row.map(\.double)
        let shares = try RoleShares(liquidityProviders: v[14], sellers: v[15], external: v[16])
        return try game(row).trajectory(
            logPrice: v[13], shares: shares, until: end, algorithm: algorithm, watches: watches)
    }

    /// Each method at tolerances of 1e−11 and 1e−13 against 30-digit runs over at most 5 T, whose motions contract or turn:
    /// a step's error is not magnified by more than the few steps in a relaxation time. The best response is left to its own
    /// tests where it chatters; the references of it end before.
    @Test(arguments: ODEMethod.allCases)
    func agreesWithReferences(_ method: ODEMethod) throws {
        let algorithm = try ODEAlgorithm(method: method, relativeTolerance: 1e-11, absoluteTolerance: 1e-13)
        // The multistep methods hold the error of a step less strictly.
        // A method of lower order takes more steps, whose errors add up.
        let allowed = method == .adams || method == .bdf ? 1e-6 : method == .rk8pd ? 2e-9 : 5e-8
        var worst = 0.0
        for row in trajectoryReferences.rows {
            let v = row.map(\.double)
            let trajectory = try Self.trajectory(row, until: v[17], algorithm)
            let sample = try #require(try trajectory.advance(to: v[17]), "\(row) \(trajectory.ending as Any)")
            let found = [
                sample.logPrice, sample.observedLogPrice, sample.shares.liquidityProviders, sample.shares.sellers,
                sample.shares.external,
            ]
            for (value, reference) in zip(found, v[18...22]) {
                worst = max(worst, abs(value - reference))
                #expect(abs(value - reference) <= allowed, "\(row)")
            }
        }
        // The comparison is of computed numbers: none is so exact.
        #expect(worst > 1e-16)
    }

    @Test func crossingsAgreeWithReferences() throws {
        let algorithm = try ODEAlgorithm(relativeTolerance: 1e-12, absoluteTolerance: 1e-14)
        var groups: [String: [[ReferenceValue]]] = [:]
        for row in crossingReferences.rows {
            groups[row.prefix(18).map(\.description).joined(separator: " "), default: []].append(row)
        }
        #expect(groups.count >= 5)
        for rows in groups.values {
            let v = rows[0].map(\.double)
            let last = rows.map { $0[18].double }.max() ?? 0
            let trajectory = try Self.trajectory(
                rows[0], until: last + 0.01, algorithm, watches: [TrajectoryWatch("x", .logPrice, at: log(v[17]))])
            _ = try trajectory.advance(to: last + 0.01)
            let events = trajectory.events.filter { $0.name == "x" }
            #expect(events.count == rows.count)
            for (event, row) in zip(events, rows) {
                // The price passes at a speed of 0.01 and more; its error is 1e−11.
                #expect(abs(event.sample.time - row[18].double) <= 2e-9, "\(row)")
                #expect(event.isRising == (row[19].double > 0))
            }
        }
    }

    /// No share below 0 and no drift off the simplex, from everywhere on it, its edges and corners too.
    @Test(arguments: RevisionProtocol.allCases)
    func simplexIsKept(_ kind: RevisionProtocol) throws {
        var generator = SeededGenerator(seed: 31)
        let corners: [(Double, Double)] = [
            (1, 0), (0, 1), (0, 0), (0.5, 0.5), (0, 0.5), (0.5, 0), (1e-300, 0), (1e-17, 1),
        ]
        for round in 0..<16 {
            let (l, s) =
                round < corners.count
                ? corners[round]
                : { (l: Double) in (l, (1 - l) * generator.uniform(0...1)) }(generator.uniform(0...1))
            let game = try RoleGame(
                market: market, blockReward: generator.uniform(0.4...1.1),
                parameters: RevisionParameters(
                    demandWidth: generator.logUniform(-2...(-1)), rationality: generator.logUniform(0...2),
                    revisionRate: generator.logUniform(-1...0), observationLag: round % 3 == 0 ? 0.3 : 0),
                revisionProtocol: kind)
            for method in [ODEMethod.rkf45, .rk8pd, .bdf] {
                // Loose tolerances, at which a method would leave the simplex if it could.
                let trajectory = try game.trajectory(
                    logPrice: generator.uniform(-2...1), shares: RoleShares(liquidityProviders: l, sellers: s),
                    until: 5,
                    algorithm: ODEAlgorithm(
                        method: method, relativeTolerance: 1e-4, absoluteTolerance: 1e-5, maximumSteps: 20_000))
                for step in 0...10 {
                    guard let sample = try trajectory.advance(to: 0.5 * Double(step)) else {
                        // Best responses with a lag may switch until the limit; that is said.
                        #expect(kind == .bestResponse, "\(trajectory.ending as Any)")
                        break
                    }
                    let shares = [sample.shares.liquidityProviders, sample.shares.sellers, sample.shares.external]
                    #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
                    // Three roundings of numbers up to 1.
                    #expect(abs(shares.reduce(0, +) - 1) <= 4e-16)
                    #expect(sample.logPrice.isFinite)
                }
            }
        }
    }

    /// Replicator dynamics keeps a role that is absent absent, and brings back one that is nearly so with all its digits.
    @Test func replicatorKeepsFacesAndDigits() throws {
        let game = try RoleGame(market: market, blockReward: 0.79, revisionProtocol: .replicator)
        let algorithm = try ODEAlgorithm(relativeTolerance: 1e-8, absoluteTolerance: 1e-10)
        let onFace = try game.trajectory(
            logPrice: 0.2, shares: RoleShares(liquidityProviders: 0, sellers: 0.4), until: 50, algorithm: algorithm)
        let end = try #require(try onFace.advance(to: 50))
        #expect(end.shares.liquidityProviders == 0)
        // ln(ℓ/e) grows by ρ(y − b)t exactly.
        let small = try RoleShares(liquidityProviders: 1e-40, sellers: 0.5, external: 0.5)
        let trajectory = try game.trajectory(logPrice: 0, shares: small, until: 400, algorithm: algorithm)
        for time in [100.0, 300, 400] {
            let sample = try #require(try trajectory.advance(to: time))
            let ratio = log(sample.shares.liquidityProviders / sample.shares.external) - log(1e-40 / 0.5)
            // ρ(y − b) is rounded in its last places, and the exponential magnifies them by the exponent.
            #expect(abs(ratio - 2 * 0.09 * time) <= 1e-13 * time)
        }
    }

    /// In shares and in log odds the same motion.
    @Test func logOddsAgreeWithShares() throws {
        for lag in [0, 0.4] {
            let game = try RoleGame(
                market: market, blockReward: 0.79,
                parameters: RevisionParameters(depthExponent: 0.5, observationLag: lag), revisionProtocol: .replicator)
            let shares = try RoleShares(liquidityProviders: 0.3, sellers: 0.3)
            let algorithm = try ODEAlgorithm(relativeTolerance: 1e-12, absoluteTolerance: 1e-14)
            let field = RoleField(game)
            let direct = try ODESolution(
                of: field, from: 0, to: 8, state: field.state(logPrice: 0.4, shares: shares), algorithm: algorithm,
                times: [3, 8])
            for method in ODEMethod.allCases {
                let trajectory = try game.trajectory(
                    logPrice: 0.4, shares: shares, until: 8,
                    algorithm: ODEAlgorithm(method: method, relativeTolerance: 1e-11, absoluteTolerance: 1e-13))
                for (time, y) in zip(direct.times, direct.states) {
                    let sample = try #require(try trajectory.advance(to: time))
                    // The tolerance times a few hundred steps.
                    #expect(abs(sample.logPrice - y[0]) < 3e-8, "\(method)")
                    #expect(abs(sample.shares.sellers - y[y.count - 2]) < 3e-8, "\(method)")
                }
            }
        }
    }

    /// The Jacobian in log odds against differences of the field.
    @Test func jacobianOfLogOdds() throws {
        var generator = SeededGenerator(seed: 33)
        for lag in [0, 0.3] {
            for _ in 0..<40 {
                let game = try RoleGame(
                    market: market, blockReward: generator.uniform(0.4...1.1),
                    parameters: RevisionParameters(
                        demandWidth: 0.2, depthExponent: generator.uniform(0...2), observationLag: lag),
                    revisionProtocol: .replicator)
                let field = ReplicatorField(game, start: .even)
                let n = field.dimension
                let state = (0..<n).map { _ in generator.uniform(-0.5...0.5) }
                let t = generator.uniform(0...2)
                var dfdy = [Double](repeating: .nan, count: n * n)
                var dfdt = [Double](repeating: .nan, count: n)
                var rows = dfdy.mutableSpan
                var column = dfdt.mutableSpan
                #expect(field.jacobian(t, state.span, &rows, &column))
                func value(_ t: Double, _ y: [Double]) -> [Double] {
                    var out = [Double](repeating: .nan, count: n)
                    var span = out.mutableSpan
                    _ = field.derivative(t, y.span, &span)
                    return out
                }
                let h = 1e-5
                for j in 0...n {
                    var (up, down) = (state, state)
                    if j < n { (up[j], down[j]) = (state[j] + h, state[j] - h) }
                    let (high, low) =
                        j < n ? (value(t, up), value(t, down)) : (value(t + h, state), value(t - h, state))
                    for i in 0..<n {
                        let exact = j < n ? dfdy[i * n + j] : dfdt[i]
                        // h²/6 of a third derivative of up to 1/w³ = 125, times ℓ^−η, and 1e−16/h of rounding.
                        #expect(abs((high[i] - low[i]) / (2 * h) - exact) <= 1e-7 * max(1, abs(exact)), "\(i) \(j)")
                    }
                }
            }
        }
    }

    @Test func limitCycle() throws {
        for row in limitCycleReferences.rows {
            let v = row.map(\.double)
            let game = try Self.game(row)
            let trajectory = try game.trajectory(
                logPrice: log(1.2), shares: .even, until: 120, algorithm: ODEAlgorithm(),
                watches: [TrajectoryWatch("mean", .logPrice, at: log(1.18))])
            var (low, high) = (Double.infinity, 0.0)
            for step in 0...20_000 {
                let time = 100 + 20 * Double(step) / 20_000
                let sample = try #require(try trajectory.advance(to: time))
                (low, high) = (min(low, exp(sample.logPrice)), max(high, exp(sample.logPrice)))
            }
            // Samples a thousandth of a T apart miss an extremum by (ω·dt)²/8 of the amplitude.
            #expect(abs(low - v[13]) < 1e-6, "\(low) \(high)")
            #expect(abs(high - v[14]) < 1e-6, "\(low) \(high)")
            let rises = trajectory.events.filter { $0.isRising == true && $0.sample.time > 100 }.map(\.sample.time)
            try #require(rises.count >= 3)
            for (first, second) in zip(rises, rises.dropFirst()) {
                #expect(abs(second - first - v[15]) < 1e-7)
            }
        }
    }

    /// Where there is no rest point the price falls for ever, and is followed below the smallest double.
    @Test func escapesOfThePrice() throws {
        let game = try RoleGame(
            market: market, blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: 0.1, speculatingBuyers: 0.1),
            parameters: RevisionParameters(rationality: 0.1))
        let trajectory = try game.trajectory(logPrice: 0, shares: .even, until: 20_000, algorithm: ODEAlgorithm())
        let sample = try #require(try trajectory.advance(to: 20_000))
        #expect(sample.logPrice < -745)
        #expect(sample.logPrice.isFinite)
    }

    @Test func stiffnessIsMetByBDFAndTold() throws {
        let game = try RoleGame(
            market: market, blockReward: 0.79,
            parameters: RevisionParameters(demandWidth: 1e-4, rationality: 1e6, revisionRate: 2))
        let limited = try game.trajectory(
            logPrice: 0.5, shares: .even, until: 50, algorithm: ODEAlgorithm(method: .rkf45, maximumSteps: 2000))
        #expect(try limited.advance(to: 50) == nil)
        guard case .stepLimit? = limited.ending else {
            Issue.record("\(limited.ending as Any)")
            return
        }
    }

    @Test func faults() throws {
        let game = try RoleGame(
            market: market, blockReward: 0.79, parameters: RevisionParameters(depthExponent: 1))
        let algorithm = try ODEAlgorithm()
        let empty = try #require(throws: ParameterError.self) {
            try game.trajectory(
                logPrice: 0, shares: RoleShares(liquidityProviders: 0, sellers: 1), until: 1, algorithm: algorithm)
        }
        #expect(empty.name == "lp")
        let backwards = try #require(throws: ParameterError.self) {
            try game.trajectory(logPrice: 0, shares: .even, until: -1, algorithm: algorithm)
        }
        #expect(backwards.name == "until")
        #expect(throws: ParameterError.self) {
            try game.trajectory(logPrice: .nan, shares: .even, until: 1, algorithm: algorithm)
        }
        // Lags of almost nothing are stiff; bdf takes them, and they are as no lag at all.
        for lag in [1e-9, 1e-300] {
            let shaped = try RoleGame(
                market: market, blockReward: 0.79, parameters: RevisionParameters(observationLag: lag))
            let lagged = try shaped.trajectory(
                logPrice: 0.3, shares: .even, until: 3, algorithm: ODEAlgorithm(method: .bdf))
            let plain = try RoleGame(market: market, blockReward: 0.79).trajectory(
                logPrice: 0.3, shares: .even, until: 3, algorithm: algorithm)
            let (a, b) = (try lagged.advance(to: 3), try plain.advance(to: 3))
            if let a, let b {
                #expect(abs(a.logPrice - b.logPrice) < 1e-6, "\(lag)")
            } else {
                #expect(lagged.ending != nil)
            }
        }
        // ℓ → 0 with a depth exponent of 1: an exodus under imitation. An answer, or an ending that says why not.
        let drying = try RoleGame(
            market: market, blockReward: 0.4, parameters: RevisionParameters(depthExponent: 1),
            revisionProtocol: .replicator)
        let trajectory = try drying.trajectory(
            logPrice: 0.3, shares: .even, until: 200, algorithm: ODEAlgorithm(maximumSteps: 20_000))
        if try trajectory.advance(to: 200) == nil {
            #expect(trajectory.ending?.isExpected == false)
        }
    }
}
