import DissipativeMarket
import Foundation
import NumericalMethods
import RoleDynamics
import TestSupport
import Testing

@testable import PopulationSimulation

/// Populations so small that the law is known: the master equation, which the test writes and solves by itself.
@Suite struct SmallPopulationTests {
    /// The ten states of three holders, as (ℓ, s, e).
    static let states: [[Int]] = (0...3).flatMap { l in (0...(3 - l)).map { s in [l, s, 3 - l - s] } }

    /// π_ℓ, π_s, π_e at x = 1.2, y = 0.79 of the baseline.
    static let payoffs = [0.79, 0.2 / log(1.2) - 0.3, 0.7]

    /// r_ij of the model's table at ρ = 2 and λ = 50, with μ = 0.3.
    static func rate(_ kind: PopulationProtocol, _ n: [Int], _ i: Int, _ j: Int) -> Double {
        let (pi, s) = (payoffs, n.map { Double($0) / 3 })
        let mean = zip(s, pi).reduce(0) { $0 + $1.0 * $1.1 }
        let change: Double
        switch kind {
        case .logit:
            let weights = pi.map { exp(50 * $0) }
            change = weights[j] / weights.reduce(0, +)
        case .replicator: change = s[j] * max(pi[j] - pi[i], 0)
        case .smith: change = max(pi[j] - pi[i], 0)
        case .bnn: change = max(pi[j] - mean, 0)
        case .bestResponse: change = pi[j] == pi.max() ? 1 : 0
        case .fermi: change = s[j] / (1 + exp(-50 * (pi[j] - pi[i])))
        }
        return 2 * change + 0.1
    }

    static func law(_ kind: PopulationProtocol) throws -> [Double] {
        try stationaryLaw(states.count) { from in
            var rates: [(Int, Double)] = []
            for i in 0..<3 where states[from][i] > 0 {
                for j in 0..<3 where j != i {
                    var next = states[from]
                    next[i] -= 1
                    next[j] += 1
                    if let to = states.firstIndex(of: next) {
                        rates.append((to, Double(states[from][i]) * rate(kind, states[from], i, j)))
                    }
                }
            }
            return rates
        }
    }

    /// The model's table: mean ℓ, s, e, then Pr(1,1,1), Pr(0,3,0), Pr(3,0,0), Pr(0,0,3).
    static let table: [(PopulationProtocol, [Double], Double)] = [
        (
            .replicator,
            [
                0.365475267836, 0.376909808771, 0.257614923392, 0.181400860465, 0.069282154235, 0.062711483430,
                0.025141788892,
            ], 1e-12
        ),
        (
            .smith,
            [
                0.403627521068, 0.447988230363, 0.148384248569, 0.160985376285, 0.089908305546, 0.065757048538,
                0.003267107354,
            ], 1e-12
        ),
        (
            .bnn,
            [
                0.375373605520, 0.411027190554, 0.213599203926, 0.215551827311, 0.064642313242, 0.050414940427,
                0.005584294394,
            ], 1e-12
        ),
        (
            .bestResponse,
            [
                1.0 / 23, 21.0 / 23, 1.0 / 23, 0.010355880661, 0.761157228569, 8.218953e-5, 8.218953e-5,
            ], 1e-11
        ),
        (
            .fermi,
            [0.38414476, 0.54530944, 0.07054581, 0.028505289210, 0.366045890119, 0.231170986217, 0.003709074721], 6e-9
        ),
    ]

    @Test(arguments: table)
    func masterEquationHasTheTable(_ kind: PopulationProtocol, _ expected: [Double], _ digit: Double) throws {
        let law = try Self.law(kind)
        let means = (0..<3).map { role in zip(Self.states, law).reduce(0) { $0 + Double($1.0[role]) / 3 * $1.1 } }
        let single = [[1, 1, 1], [0, 3, 0], [3, 0, 0], [0, 0, 3]].map { state in
            Self.states.firstIndex(of: state).map { law[$0] } ?? .nan
        }
        for (value, expected) in zip(means + single, expected) { #expect(abs(value - expected) <= digit) }
    }

    private static func population(
        _ kind: PopulationProtocol, holders: Int = 3, mutation: Double = 0.3
    ) throws -> Population {
        try Population(
            .baseline(), revisionProtocol: kind, holders: holders, isPriceFrozen: true, mutation: mutation)
    }

    private static func counts(_ ensemble: PopulationEnsemble) -> [Int] {
        var counts = [Int](repeating: 0, count: states.count)
        for run in PopulationSolution(of: ensemble).runs {
            let end = run.counts(run.sampleCount - 1, of: 3)
            if let state = states.firstIndex(of: [end.liquidityProviders, end.sellers, end.external]) {
                counts[state] += 1
            }
        }
        return counts
    }

    /// At t = 60, when e^{−μt} = 1e−8 of the start is left.
    @Test(arguments: PopulationProtocol.allCases)
    func exactAgainstTheMasterEquation(_ kind: PopulationProtocol) throws {
        let ensemble = try PopulationEnsemble(
            Self.population(kind), logPrice: log(1.2), shares: .example(), times: [60], method: .exact,
            runs: SampleSize.choose(20_000, full: 100_000), seed: 1)
        // χ² with 9 degrees of freedom exceeds 44.8 once in 10⁶.
        #expect(chiSquare(Self.counts(ensemble), try Self.law(kind)) < 44.8)
    }

    /// One leap of any length is exact at frozen price: from (2, 0, 1) each holder keeps his role with e^{−ρt}.
    @Test(arguments: [PopulationMethod.leap(step: 0.7), .exact])
    func logitAtFrozenPrice(_ method: PopulationMethod) throws {
        let ensemble = try PopulationEnsemble(
            Self.population(.logit, mutation: 0), logPrice: log(1.2),
            shares: RoleShares(liquidityProviders: 2.0 / 3, sellers: 0), times: [0.7], method: method,
            runs: SampleSize.choose(20_000, full: 200_000), seed: 2)
        let weights = Self.payoffs.map { exp(50 * $0) }
        let p = weights.map { $0 / weights.reduce(0, +) }
        let kept = exp(-2 * 0.7)
        func role(_ from: Int) -> [Double] { (0..<3).map { (from == $0 ? kept : 0) + (1 - kept) * p[$0] } }
        var law = [Double](repeating: 0, count: Self.states.count)
        for (i, first) in role(0).enumerated() {
            for (j, second) in role(0).enumerated() {
                for (k, third) in role(2).enumerated() {
                    var state = [0, 0, 0]
                    for role in [i, j, k] { state[role] += 1 }
                    if let place = Self.states.firstIndex(of: state) { law[place] += first * second * third }
                }
            }
        }
        #expect(fits(Self.counts(ensemble), law))
    }

    /// The model's multinomial of three holders.
    @Test func multinomialOfTheTable() throws {
        let law = try Self.multinomialLaw()
        let expected = [
            ([3, 0, 0], 0.069902685656), ([2, 1, 0], 0.297039710736), ([1, 2, 0], 0.420740104264),
            ([0, 3, 0], 0.198651593191), ([1, 1, 1], 0.006599626237),
        ]
        for (state, value) in expected {
            let place = try #require(Self.states.firstIndex(of: state))
            #expect(abs(law[place] - value) < 1e-12)
        }
        let ensemble = try PopulationEnsemble(
            Self.population(.logit, mutation: 0), logPrice: log(1.2), shares: .example(), times: [20],
            method: .leap(step: 3), runs: SampleSize.choose(20_000, full: 200_000), seed: 3)
        #expect(fits(Self.counts(ensemble), law))
    }

    private static func multinomialLaw() throws -> [Double] {
        let weights = payoffs.map { exp(50 * $0) }
        let p = weights.map { $0 / weights.reduce(0, +) }
        return states.map { n in
            n.reduce(6.0) { $0 / tgamma(Double($1) + 1) } * zip(n, p).reduce(1) { $0 * pow($1.1, Double($1.0)) }
        }
    }

    // MARK: - Coupled to the price

    /// Two holders and a price on the lattice k/2, from the master equation on −8 … 8, beyond which there is less than 1e−9.
    @Test func coupledToThePrice() throws {
        let game = try Self.wide()
        let (a, b, d, w, rationality) = (0.79, 0.7, 1.3, 0.2, 5.0)
        let levels = Array(-16...16)
        let roles: [[Int]] = [[2, 0, 0], [0, 2, 0], [0, 0, 2], [1, 1, 0], [1, 0, 1], [0, 1, 1]]
        func state(_ n: [Int], _ k: Int) -> Int? {
            guard let i = roles.firstIndex(of: n), let j = levels.firstIndex(of: k) else { return nil }
            return i * levels.count + j
        }
        let law = try stationaryLaw(roles.count * levels.count) { from in
            let (n, k) = (roles[from / levels.count], levels[from % levels.count])
            let z = Double(k) / 2
            let x = exp(z)
            let pi = [a, (z == 0 ? 1 : (x - 1) / z) - (1 - b), b]
            let weights = pi.map { exp(rationality * ($0 - pi[1])) }
            let sum = weights.reduce(0, +)
            func f(_ u: Double) -> Double { 1 / (1 + exp(-u)) }
            var rates: [(Int, Double)] = []
            func add(_ to: Int?, _ rate: Double) { if let to { rates.append((to, rate)) } }
            add(state(n, k + 1), 2 * (0.5 * f((d - x) / w) + 0.5 * f((b - x) / w)))
            add(state(n, k - 1), 2 * Double(n[1]) / 2)
            for i in 0..<3 where n[i] > 0 {
                for j in 0..<3 where j != i {
                    var next = n
                    next[i] -= 1
                    next[j] += 1
                    add(state(next, k), Double(n[i]) * 2 * weights[j] / sum)
                }
            }
            return rates
        }
        let ensemble = try PopulationEnsemble(
            Population(game, holders: 2, price: .trades(size: 1)), logPrice: 0, shares: .example(), times: [40],
            method: .exact, runs: SampleSize.choose(20_000, full: 100_000), seed: 4)
        var counts = [Int](repeating: 0, count: law.count)
        for run in PopulationSolution(of: ensemble).runs {
            let n = run.counts(0, of: 2)
            if let place = state(
                [n.liquidityProviders, n.sellers, n.external], Int((2 * run.logPrice(0)).rounded()))
            {
                counts[place] += 1
            }
        }
        #expect(counts.reduce(0, +) == ensemble.runs)
        #expect(fits(counts, law))
    }

    /// The model's ten holders with λ = 5 and w = 0.2, and at the baseline.
    @Test func tenHolders() throws {
        let cases: [(RoleGame, [(StationaryVariable, Double)], [(StationaryVariable, StationaryVariable, Double)])] = [
            (
                try Self.wide(), [(.liquidityProviders, 0.38128034), (.sellers, 0.37560458), (.logPrice, 0.13949386)],
                [
                    (.liquidityProviders, .liquidityProviders, 0.02493707), (.sellers, .sellers, 0.02706367),
                    (.logPrice, .logPrice, 0.03891738), (.sellers, .logPrice, 0.00652654),
                ]
            ),
            (
                try .baseline(), [(.liquidityProviders, 0.590397), (.sellers, 0.403044), (.logPrice, 0.104770)],
                [(.logPrice, .logPrice, 0.027622)]
            ),
        ]
        for (game, means, covariances) in cases {
            let ensemble = try PopulationEnsemble(
                Population(game, holders: 10, price: .trades(size: 1)), logPrice: 0.1, shares: .example(),
                times: times(0.5, until: SampleSize.choose(210, full: 2010)), method: .exact, runs: 64, seed: 5)
            let solution = PopulationSolution(of: ensemble)
            for (variable, expected) in means {
                let found = try #require(solution.stationaryMean(variable))
                #expect(abs(found.mean - expected) < 5 * (found.standardError ?? .nan))
            }
            for (a, b, expected) in covariances {
                let found = try #require(solution.stationaryCovariance(a, b))
                #expect(abs(found.mean / 10 - expected) < 5 * (found.standardError ?? .nan) / 10)
            }
        }
    }

    private static func wide() throws -> RoleGame {
        try .baseline(parameters: RevisionParameters(demandWidth: 0.2, rationality: 5))
    }
}
