import CVectorKernels
import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

/// The right-hand sides in lanes, written in Swift and in C, against ``RoleField``, which is the reference.
@Suite struct LaneFieldTests {
    /// Eight games with a state each.
    private struct Batch {
        var games: [RoleGame] = []
        var states: [[Double]] = []
        var starts: [RoleShares] = []
        var times: [Double] = []

        func vectors(_ columns: [[Double]]) -> [SIMD8<Double>] {
            (0..<columns[0].count).map { i in SIMD8(columns.map { $0[i] }) }
        }
    }

    private static func batch(
        _ kind: RevisionProtocol, depth: Bool, lag: Bool, _ generator: inout SeededGenerator
    ) throws -> Batch {
        var batch = Batch()
        for _ in 0..<8 {
            batch.games.append(try RoleGame.random(&generator, kind, depth: depth, lag: lag))
            // Prices from e^−4 to e^2.5, a quarter of them near that of the tie of L(x) = 1, where L is a series.
            func price() -> Double {
                Int.random(in: 0..<4, using: &generator) == 0
                    ? generator.logUniform(-9 ... -1) * (Bool.random(using: &generator) ? 1 : -1)
                    : generator.uniform(-4...2.5)
            }
            let shares = RoleShares.random(&generator)
            batch.starts.append(shares)
            batch.times.append(generator.uniform(0...2))
            let prices = lag ? [price(), price()] : [price()]
            batch.states.append(
                kind == .replicator
                    ? prices + [generator.uniform(-5...5)]
                    : prices + [shares.liquidityProviders, shares.sellers, shares.external])
        }
        return batch
    }

    /// What the components may differ by: `ulps` roundings of each term, grown by the conditions of what they go through.
    ///
    /// - dz/dt: x is off by 3 + |z| + |ln(1 − φ)| ulp (its exponential, and its argument), times x/w in the demand's argument,
    ///   where F′ ≤ ¼ and F′ ≤ F; the argument (d′ − x)/w itself by an ulp or two.
    /// - ds/dt of logit: u = L − 1 is off by some ulp of max(L, 1), times λ in the log odds, where P′ ≤ ¼.
    private static func allowance(_ game: RoleGame, _ y: [Double], lag: Bool, _ ulps: Double) -> [Double] {
        let z = y[0]
        let q = lag ? y[1] : z
        let first = lag ? 2 : 1
        let e = Double.ulpOfOne
        let parameters = game.parameters
        let kept = abs(log1p(-game.market.swapFee))
        let x = exp(z)
        func slope(_ limit: Double) -> Double {
            let u = (limit - x) / parameters.demandWidth
            let f = 1 / (1 + exp(abs(u)))
            return f * ((x * (1 + abs(z) + kept) + abs(limit - x)) / parameters.demandWidth + 1)
        }
        let kappa = game.intensities
        let demand =
            kappa.genuineBuyers * (1 + slope(game.genuineBuyersLimit))
            + kappa.speculatingBuyers * (1 + slope(game.speculatingBuyersLimit))
        let depth = parameters.depthExponent
        let factor = depth > 0 ? pow(y[first], -depth) * (1 + depth * abs(log(y[first]))) : 1
        let dz = ulps * e * (demand + kappa.sellers) * factor
        let mean = max(MeanSellingPrice(q + log1p(-game.market.swapFee)).mean, 1) * (1 + abs(q) + kept)
        let payoff = mean + abs(game.rewardExcess)
        let sensitivity = game.revisionProtocol == .logit ? 1 + 0.25 * parameters.rationality * payoff : payoff
        let shares = ulps * e * parameters.revisionRate * (1 + sensitivity)
        return [dz] + (lag ? [ulps * e * abs(z - q) / parameters.observationLag] : []) + [shares, shares, shares]
    }

    /// The C kernel over 1e5 random states and games: within 2 roundings of the terms, each
    /// grown by its condition.
    @Test func kernelIsTheField() throws {
        var generator = SeededGenerator(seed: 50)
        var worst = 0.0
        for _ in 0..<12_500 {
            let batch = try Self.batch(.logit, depth: false, lag: false, &generator)
            let found = Self.kernel(batch)
            for lane in 0..<8 {
                let game = batch.games[lane]
                let exact = try #require(derivative(RoleField(game), batch.states[lane]))
                let allowed = Self.allowance(game, batch.states[lane], lag: false, 1)
                for i in 0..<4 { worst = max(worst, abs(found[i][lane] - exact[i]) / allowed[i]) }
            }
        }
        #expect(worst <= 2, "\(worst)")
        // Less than an ulp would mean that the allowance says nothing.
        #expect(worst > 0.5, "\(worst)")
    }

    /// f by the C kernel, element by element.
    private static func kernel(_ batch: Batch) -> [SIMD8<Double>] {
        let parameters = batch.vectors(batch.games.map(LaneGame.parameters))
        let state = batch.vectors(batch.states)
        let n = state.count
        var result: [SIMD8<Double>] = []
        withUnsafeTemporaryAllocation(byteCount: 64 * (parameters.count + 2 * n + 1), alignment: 64) { memory in
            let numbers = memory.initializeMemory(as: Double.self, repeating: 0)
            guard let base = numbers.baseAddress else { return }
            for (i, vector) in (parameters + state).enumerated() {
                for lane in 0..<8 { base[8 * i + lane] = vector[lane] }
            }
            var lanes = pinfi_lanes()
            lanes.dimension = n
            lanes.parameters = base
            let y = base + 8 * parameters.count
            pinfi_logit_slopes(&lanes, y + 16 * n, y, y + 8 * n)
            result = (0..<n).map { i in SIMD8((0..<8).map { y[8 * (n + i) + $0] }) }
        }
        return result
    }

    struct Row: Sendable {
        let kind: RevisionProtocol
        let depth: Bool
        let lag: Bool

        /// The lanes in shares; nil for replicator dynamics.
        var lanes: RoleLanes? {
            let found: LaneProtocol? =
                switch kind {
                case .logit: .logit
                case .smith: .smith
                case .bnn: .bnn
                case .replicator, .bestResponse: nil
                }
            return found.map { RoleLanes($0, hasLag: lag, hasDepth: depth) }
        }
    }

    static let rows: [Row] = [RevisionProtocol.logit, .smith, .bnn, .replicator].flatMap { kind in
        [(false, false), (true, false), (false, true), (true, true)].map { Row(kind: kind, depth: $0.0, lag: $0.1) }
    }

    private static func derivative8(_ system: some LaneSystem, _ batch: Batch, _ parameters: [[Double]]) -> [SIMD8<
        Double
    >] {
        var result = [SIMD8<Double>](repeating: SIMD8(repeating: .nan), count: system.dimension)
        var output = result.mutableSpan
        let (p, y) = (batch.vectors(parameters), batch.vectors(batch.states))
        system.derivative(SIMD8(batch.times), y.span, p.span, &output)
        return result
    }

    /// The lanes in Swift, every protocol: within 4 roundings of the terms, of the replicator in log odds as well.
    @Test(arguments: rows) func lanesAreTheField(_ row: Row) throws {
        var generator = SeededGenerator(seed: 51)
        for _ in 0..<1500 {
            let batch = try Self.batch(row.kind, depth: row.depth, lag: row.lag, &generator)
            let isReplicator = row.lanes == nil
            let found =
                row.lanes.map { Self.derivative8($0, batch, batch.games.map(LaneGame.parameters)) }
                ?? Self.derivative8(
                    ReplicatorLanes(hasLag: row.lag, hasDepth: row.depth), batch,
                    zip(batch.games, batch.starts).map(ReplicatorLanes.parameters))
            for lane in 0..<8 {
                let (game, y) = (batch.games[lane], batch.states[lane])
                let exact: [Double]
                var allowed: [Double]
                if isReplicator {
                    let field = ReplicatorField(game, start: batch.starts[lane])
                    exact = try #require(Self.slopes(field, batch.times[lane], y))
                    let shares = field.shares(batch.times[lane], y[y.count - 1])
                    let prices = Array(y.dropLast())
                    allowed = Self.allowance(
                        game, prices + [shares.liquidityProviders, shares.sellers, shares.external], lag: row.lag, 4)
                    // Shares from exponents up to 40, each off by so many ulp; and J's slope is that of a payoff.
                    allowed[0] *= 40
                    allowed = Array(allowed.dropLast(2))
                } else {
                    exact = try #require(derivative(RoleField(game), y))
                    allowed = Self.allowance(game, y, lag: row.lag, 4)
                }
                for i in exact.indices {
                    #expect(
                        abs(found[i][lane] - exact[i]) <= allowed[i],
                        "component \(i): \(found[i][lane]), \(exact[i]), \(allowed[i]) at \(y) of \(game)")
                }
            }
        }
    }

    private static func slopes(_ field: some ODESystem, _ t: Double, _ y: [Double]) -> [Double]? {
        var result = [Double](repeating: .nan, count: field.dimension)
        var output = result.mutableSpan
        return field.derivative(t, y.span, &output) ? result : nil
    }

    /// Jacobians. Tolerance relative to the largest element of the matrix: 1e−12, which is λ, 1/w and the shares' powers at
    /// their most times some ulp; elements are held against their row's, since the rows have their own units.
    @Test(arguments: rows) func jacobians(_ row: Row) throws {
        var generator = SeededGenerator(seed: 52)
        for _ in 0..<300 {
            let batch = try Self.batch(row.kind, depth: row.depth, lag: row.lag, &generator)
            let isReplicator = row.lanes == nil
            let system: any DifferentiableLaneSystem =
                row.lanes ?? ReplicatorLanes(hasLag: row.lag, hasDepth: row.depth)
            let n = system.dimension
            var found = [SIMD8<Double>](repeating: SIMD8(repeating: .nan), count: n * n)
            var foundTime = [SIMD8<Double>](repeating: SIMD8(repeating: .nan), count: n)
            var output = found.mutableSpan
            var timeOutput = foundTime.mutableSpan
            let parameters =
                isReplicator
                ? zip(batch.games, batch.starts).map(ReplicatorLanes.parameters) : batch.games.map(LaneGame.parameters)
            let (p, y) = (batch.vectors(parameters), batch.vectors(batch.states))
            system.jacobian(SIMD8(batch.times), y.span, p.span, &output, &timeOutput)
            for lane in 0..<8 {
                var exact = [Double](repeating: .nan, count: n * n)
                var exactTime = [Double](repeating: .nan, count: n)
                var exactOutput = exact.mutableSpan
                var exactTimeOutput = exactTime.mutableSpan
                let state = batch.states[lane]
                let isDefined =
                    isReplicator
                    ? ReplicatorField(batch.games[lane], start: batch.starts[lane]).jacobian(
                        batch.times[lane], state.span, &exactOutput, &exactTimeOutput)
                    : RoleField(batch.games[lane]).jacobian(0, state.span, &exactOutput, &exactTimeOutput)
                try #require(isDefined)
                for i in 0..<n {
                    let scale = (0..<n).map { abs(exact[i * n + $0]) }.max() ?? 0
                    for j in 0..<n {
                        #expect(abs(found[i * n + j][lane] - exact[i * n + j]) <= 1e-11 * scale, "∂f\(i)/∂y\(j)")
                    }
                    #expect(abs(foundTime[i][lane] - exactTime[i]) <= 1e-11 * (scale + abs(exactTime[i])))
                }
            }
        }
    }

    /// Where `RoleField` is not defined a lane is NaN or infinite, and its neighbours are as ever.
    @Test(arguments: rows.filter { $0.kind != .replicator }) func undefined(_ row: Row) throws {
        var generator = SeededGenerator(seed: 53)
        let batch = try Self.batch(row.kind, depth: row.depth, lag: row.lag, &generator)
        let system = try #require(row.lanes)
        let parameters = batch.games.map(LaneGame.parameters)
        let well = Self.derivative8(system, batch, parameters)
        let first = row.lag ? 2 : 1
        var bad = batch
        bad.states[1][first - 1] = 800
        bad.states[3][0] = .nan
        bad.states[5][first] = row.depth ? 0 : .nan
        let found = Self.derivative8(system, bad, parameters)
        for lane in 0..<8 {
            let isFinite = found.allSatisfy { $0[lane].isFinite }
            let isDefined = derivative(RoleField(bad.games[lane]), bad.states[lane]) != nil
            // Smith's flows between two roles take the share of one alone, and may not see that the other is NaN.
            #expect(isFinite == isDefined)
            #expect((isFinite || [1, 3, 5].contains(lane)))
            #expect(!isFinite || ![1, 3].contains(lane))
            if isFinite { for i in found.indices { #expect(found[i][lane] == well[i][lane]) } }
        }
    }

    @Test func kernelUndefined() throws {
        var generator = SeededGenerator(seed: 54)
        var batch = try Self.batch(.logit, depth: false, lag: false, &generator)
        let well = Self.kernel(batch)
        batch.states[2][0] = 800
        batch.states[4][0] = .nan
        batch.states[6][0] = -1e4
        let found = Self.kernel(batch)
        for lane in 0..<8 {
            #expect(found.allSatisfy { $0[lane].isFinite } == ![2, 4].contains(lane))
            if lane % 2 == 1 || lane == 0 { #expect((0..<4).allSatisfy { found[$0][lane] == well[$0][lane] }) }
        }
        // At a price of e^−10000 the field is that of a price of 0.
        let low = try #require(derivative(RoleField(batch.games[6]), batch.states[6]))
        let allowed = Self.allowance(batch.games[6], batch.states[6], lag: false, 8)
        // L = 1e−4 there, where the kernel stops at e^−708: 1.4e−3.
        for i in 0..<4 {
            #expect(abs(found[i][6] - low[i]) <= allowed[i] + 2e-3 * batch.games[6].parameters.rationality)
        }
    }

    /// The extremes of w and λ of ``RoleFieldTests``: finite and bounded, as there.
    @Test(arguments: [1e-300, 1e-6, 1e6, 1e300], [1e-310, 1e-300, 1e-9, 1e9, 1e300])
    func extremes(_ rationality: Double, _ width: Double) throws {
        let parameters = try RevisionParameters(demandWidth: width, rationality: rationality)
        var batch = Batch()
        for z in [-1e4, -700, -1, 0, 0.17, 1, 10, 700] {
            batch.games.append(try .baseline(0.79, parameters: parameters))
            batch.states.append([z, 0.3, 0.3, 0.4])
            batch.times.append(0)
        }
        let inSwift = Self.derivative8(
            RoleLanes(.logit, hasLag: false, hasDepth: false), batch,
            batch.games.map(LaneGame.parameters))
        for found in [Self.kernel(batch), inSwift] {
            for i in 0..<4 {
                for lane in 0..<8 { #expect(abs(found[i][lane]) <= 2) }
            }
        }
    }

    /// e^x within 2 ulp of the C library's over the whole range (itself off by less than one), and beyond it.
    @Test func exponential() {
        var generator = SeededGenerator(seed: 55)
        for _ in 0..<50_000 {
            let range = Bool.random(using: &generator) ? -745.0...709.5 : -2.0...2
            let x = SIMD8((0..<8).map { _ in generator.uniform(range) })
            let found = x.exponential
            for lane in 0..<8 {
                let exact = exp(x[lane])
                #expect(abs(found[lane] - exact) <= 2 * exact.ulp, "\(x[lane])")
            }
        }
        let ends = SIMD8<Double>(710, 1e308, .infinity, -746, -1e308, -.infinity, .nan, 0).exponential
        #expect(ends[0] == .infinity)
        #expect(ends[1] == .infinity)
        #expect(ends[2] == .infinity)
        #expect(ends[3] == 0)
        #expect(ends[4] == 0)
        #expect(ends[5] == 0)
        #expect(ends[6].isNaN)
        #expect(ends[7] == 1)
        let edge = SIMD8<Double>(709.78, -745.1, 690, -690, 690.0001, -690.0001, 709.7827, -708).exponential
        #expect(abs(edge[0] / exp(709.78) - 1) < 1e-15)
        #expect(edge[1] == exp(-745.1))
    }
}
