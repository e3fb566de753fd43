import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct RoleFieldTests {
    struct Row: Sendable {
        let revisionProtocol: RevisionProtocol
        let depth: Bool
        let lag: Bool
    }

    static let rows: [Row] = [RevisionProtocol.logit, .replicator, .smith, .bnn, .bestResponse].flatMap { kind in
        [(false, false), (true, false), (false, true), (true, true)].map {
            Row(revisionProtocol: kind, depth: $0.0, lag: $0.1)
        }
    }

    /// A random game with a state at which the roles' payoffs are of one order.
    private static func sample(_ row: Row, _ generator: inout SeededGenerator) throws -> (RoleField, [Double]) {
        let game = try RoleGame.random(&generator, row.revisionProtocol, depth: row.depth, lag: row.lag)
        let shares = RoleShares.random(&generator)
        var y = [generator.uniform(-1...1)]
        if row.lag { y.append(generator.uniform(-1...1)) }
        return (RoleField(game), y + [shares.liquidityProviders, shares.sellers, shares.external])
    }

    /// The field as the model writes it, with π̄ and sums, from the payoffs themselves.
    private static func plain(_ game: RoleGame, _ y: [Double]) -> [Double] {
        let lag = game.parameters.observationLag
        let (z, q, shares) = lag > 0 ? (y[0], y[1], [y[2], y[3], y[4]]) : (y[0], y[0], [y[1], y[2], y[3]])
        let kept = 1 - game.market.swapFee
        let (x, seen) = (exp(z), kept * exp(q))
        let b = game.market.externalPrice / game.market.sellerCost
        let d = game.market.reservationPrice / game.market.sellerCost
        let payoffs = [game.blockReward / game.market.sellerCost, (seen - 1) / log(seen) - (1 - b), b]
        let mean = zip(payoffs, shares).map(*).reduce(0, +)
        func logistic(_ u: Double) -> Double { 1 / (1 + exp(-u)) }
        let kappa = game.intensities
        let w = game.parameters.demandWidth
        var dz = kappa.genuineBuyers * logistic((kept * d - x) / w)
        dz += kappa.speculatingBuyers * logistic((kept * b - x) / w)
        dz -= kappa.sellers * shares[1]
        dz /= pow(shares[0], game.parameters.depthExponent)
        let velocity: [Double] = (0..<3).map { i in
            switch game.revisionProtocol {
            case .logit:
                let weights = payoffs.map { exp(game.parameters.rationality * ($0 - payoffs[i])) }
                return 1 / weights.reduce(0, +) - shares[i]
            case .replicator: return shares[i] * (payoffs[i] - mean)
            case .smith:
                return (0..<3).map { j in
                    shares[j] * max(payoffs[i] - payoffs[j], 0) - shares[i] * max(payoffs[j] - payoffs[i], 0)
                }.reduce(0, +)
            case .bnn:
                return max(payoffs[i] - mean, 0) - shares[i] * payoffs.map { max($0 - mean, 0) }.reduce(0, +)
            case .bestResponse: return (payoffs[i] == payoffs.max() ? 1 : 0) - shares[i]
            }
        }
        return [dz] + (lag > 0 ? [(z - q) / lag] : []) + velocity.map { game.parameters.revisionRate * $0 }
    }

    /// Tolerance: payoffs and shares are of order one, ρ is at most 10, λ at most 100, 1/w at most 100, 1/ℓ^η as it is;
    /// the plain way's cancellation as seen → 1 costs 1/ln(seen), the few samples nearer than 1e−3 are left out.
    @Test(arguments: rows) func isTheModels(_ row: Row) throws {
        var generator = SeededGenerator(seed: 20)
        var seen = 0
        for _ in 0..<500 {
            let (field, y) = try Self.sample(row, &generator)
            let q = y[row.lag ? 1 : 0] + log1p(-field.game.market.swapFee)
            guard abs(q) > 1e-3 else { continue }
            seen += 1
            let ours = try #require(derivative(field, y))
            let theirs = Self.plain(field.game, y)
            #expect(ours.count == theirs.count)
            let factor = pow(y[row.lag ? 2 : 1], -field.game.parameters.depthExponent)
            for (i, (a, b)) in zip(ours, theirs).enumerated() {
                #expect(abs(a - b) <= 1e-10 * (i == 0 ? factor : 1) + 1e-14 * abs(b), "component \(i)")
            }
        }
        #expect(seen > 450)
    }

    /// The shares' derivatives add up to 0: eight roundings of terms that are below 20 ρ.
    @Test(arguments: rows) func staysOnTheSimplex(_ row: Row) throws {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<2000 {
            let (field, y) = try Self.sample(row, &generator)
            let f = try #require(derivative(field, y))
            let scale = 20 * field.game.parameters.revisionRate
            let first = field.firstShare
            #expect(abs(f[first] + f[first + 1] + f[first + 2]) <= 8 * Double.ulpOfOne * scale)
        }
    }

    /// On a face the share that is 0 does not fall, and the replicator's does not move at all.
    @Test(arguments: rows.filter { !$0.depth }) func facesAreNotCrossed(_ row: Row) throws {
        var generator = SeededGenerator(seed: 22)
        for round in 0..<900 {
            var (field, y) = try Self.sample(row, &generator)
            let first = field.firstShare
            let missing = first + round % 3
            let sum = y[first] + y[first + 1] + y[first + 2] - y[missing]
            for i in first...(first + 2) { y[i] = i == missing ? 0 : y[i] / sum }
            let f = try #require(derivative(field, y))
            #expect(f[missing] >= 0)
            if row.revisionProtocol == .replicator { #expect(f[missing] == 0) }
        }
    }

    /// Every element against central differences, whose error they estimate themselves. A sample is left out where a kink
    /// or jump of the field is within the step (the difference and its estimate are then of different functions).
    @Test(arguments: rows) func jacobianIsTheDerivative(_ row: Row) throws {
        var generator = SeededGenerator(seed: 23)
        var seen = 0
        for _ in 0..<300 {
            let (field, y) = try Self.sample(row, &generator)
            // Steps into an empty pool are no differences either.
            guard y[field.firstShare] > 0.05 else { continue }
            let h = 1e-4
            guard Self.activity(field, y, reach: h) else { continue }
            seen += 1
            let n = field.dimension
            let matrix = try #require(jacobian(field, y))
            let f = try #require(derivative(field, y))
            for column in 0..<n {
                for i in 0..<n {
                    let quotient = centralDifference(
                        at: y[column], step: h, noise: 1e-14 * (1 + abs(f[i]) + field.game.parameters.revisionRate)
                    ) { value in
                        var moved = y
                        moved[column] = value
                        return derivative(field, moved)?[i] ?? .nan
                    }
                    let element = matrix[i * n + column]
                    #expect(
                        abs(element - quotient.value) <= quotient.error + 1e-12 * abs(element),
                        "∂f\(i)/∂y\(column): \(element), \(quotient) for \(field.game)")
                }
            }
        }
        #expect(seen > 200)
    }

    /// Whether the same terms [·]₊ are active everywhere within `reach` of y in one coordinate.
    private static func activity(_ field: RoleField, _ y: [Double], reach: Double) -> Bool {
        func pattern(_ y: [Double]) -> [Bool] {
            let first = field.firstShare
            let u = field.game.sellerExcess(logPrice: y[first - 1])
            let a = field.game.rewardExcess
            let (l, s, e) = (y[first], y[first + 1], y[first + 2])
            return switch field.game.revisionProtocol {
            case .logit, .replicator: []
            case .smith: [u > a, u > 0]
            case .bestResponse: [u > max(a, 0)]
            case .bnn: [s * (a - u) + e * a > 0, e * u - l * (a - u) > 0, l * a + s * u < 0]
            }
        }
        let here = pattern(y)
        return y.indices.allSatisfy { i in
            [-reach, reach].allSatisfy { step in
                var moved = y
                moved[i] += step
                return pattern(moved) == here
            }
        }
    }

    // MARK: - Where it is not defined

    @Test func emptyPoolWithDepth() throws {
        let parameters = try RevisionParameters(depthExponent: 1)
        for kind in RevisionProtocol.allCases {
            let deep = RoleField(try .baseline(0.79, kind, parameters: parameters))
            #expect(derivative(deep, [0.1, 0, 0.5, 0.5]) == nil)
            #expect(derivative(deep, [0.1, -0.1, 0.6, 0.5]) == nil)
            #expect(jacobian(deep, [0.1, 0, 0.5, 0.5]) == nil)
            #expect(derivative(deep, [0.1, .leastNonzeroMagnitude, 0.5, 0.5]) == nil)
            #expect(derivative(deep, [0.1, 1e-300, 0.5, 0.5]) != nil)
            #expect(derivative(RoleField(try .baseline(0.79, kind)), [0.1, 0, 0.5, 0.5]) != nil)
        }
    }

    @Test(arguments: RevisionProtocol.allCases) func pricesBeyondTheDoubles(_ kind: RevisionProtocol) throws {
        let field = RoleField(try .baseline(0.79, kind))
        for z in [710, 1e300, .infinity, .nan] {
            #expect(derivative(field, [z, 0.3, 0.3, 0.4]) == nil)
            #expect(jacobian(field, [z, 0.3, 0.3, 0.4]) == nil)
        }
        // Where x underflows everything is still defined.
        let low = try #require(derivative(field, [-1e4, 0.3, 0.3, 0.4]))
        #expect(low.allSatisfy { $0.isFinite })
    }

    /// A span that is too short is no trap.
    @Test func shortSpans() throws {
        let field = RoleField(try .baseline(0.79))
        var output = [0.0]
        var span = output.mutableSpan
        #expect(!field.derivative(0, [0.1, 0.3, 0.3, 0.4].span, &span))
        var enough = [0.0, 0, 0, 0]
        var room = enough.mutableSpan
        #expect(!field.derivative(0, [0.1].span, &room))
    }

    /// Rationality and width at their extremes: the field is defined and bounded by ρ and the intensities.
    @Test(arguments: [1e-300, 1e-6, 1e6, 1e9, 1e300], [1e-300, 1e-9, 1e9, 1e300])
    func extremes(_ rationality: Double, _ width: Double) throws {
        let parameters = try RevisionParameters(demandWidth: width, rationality: rationality)
        let field = RoleField(try .baseline(0.79, parameters: parameters))
        for z in [-1e4, -1, 0, 0.17, 1, 700] {
            let f = try #require(derivative(field, [z, 0.3, 0.3, 0.4]))
            #expect(f.allSatisfy { abs($0) <= 2 })
        }
    }
}
