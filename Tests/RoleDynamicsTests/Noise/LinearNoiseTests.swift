import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct LinearNoiseTests {
    /// A rest point with N·Cov in the order ℓℓ, ss, zz, ℓs, ℓz, sz, in the digits of the model's table.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let reward: Double?
        let trades: Bool
        let covariances: [Double]
        let digit: Double
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "y = 0.79, flow", reward: 0.79, trades: false,
            covariances: [0.23895934, 0.23872552, 0.01679642, -0.23610266, 0.00159119, -0.00160887], digit: 1e-8),
        Case(
            name: "y = 0.79, trades", reward: 0.79, trades: true,
            covariances: [3.45427325, 3.52587405, 0.32156525, -3.48713548, -0.46243984, 0.46757709], digit: 1e-8),
        Case(
            name: "y = 0.5, flow", reward: 0.5, trades: false,
            covariances: [2.270e-5, 0.24999809, 0.01999977, -1.135e-5, 0, -3.1e-7], digit: 1e-8),
        Case(
            name: "y = 1, flow", reward: 1, trades: false,
            covariances: [0.00353440, 0.00353410, 0.00439040, -0.00353410, 0.00111999, -0.00111999], digit: 1e-8),
        Case(
            name: "off the baseline, flow", reward: nil, trades: false,
            covariances: [0.15403700, 0.15299220, 0.01363511, -0.15261391, 0.01214841, -0.01217853], digit: 1e-8),
        Case(
            name: "off the baseline, trades", reward: nil, trades: true,
            covariances: [0.71716031, 0.71891065, 0.14110624, -0.71713306, -0.14365282, 0.14400890], digit: 1e-8),
    ]

    private static func point(_ game: RoleGame) throws -> RestPoint {
        try #require(try game.restPoints().points.first)
    }

    private static func values(_ covariance: (NoiseVariable, NoiseVariable) -> Double) -> [Double] {
        [
            covariance(.liquidityProviders, .liquidityProviders), covariance(.sellers, .sellers),
            covariance(.logPrice, .logPrice), covariance(.liquidityProviders, .sellers),
            covariance(.liquidityProviders, .logPrice), covariance(.sellers, .logPrice),
        ]
    }

    @Test(arguments: cases)
    func table(_ row: Case) throws {
        let game = try row.reward.map { try RoleGame.baseline($0) } ?? RoleGame.offBaseline()
        let noise = try Self.point(game).linearNoise(price: row.trades ? .trades(size: 1) : .flow)
        for (value, expected) in zip(Self.values(noise.covariance), row.covariances) {
            // The last digit of the table is rounded.
            #expect(abs(value - expected) <= 0.51 * row.digit)
        }
    }

    /// The closed form of a logit rest point, from its own derivatives of P and of the demand.
    @Test(arguments: [0.5, 0.79, 0.83, 1.0], [0.0, 0.3, 1, 4])
    func closedForm(_ y: Double, _ size: Double) throws {
        let game = try RoleGame.baseline(y)
        let point = try Self.point(game)
        let price = size == 0 ? PriceProcess.flow : try .trades(size: size)
        let noise = try point.linearNoise(price: price)
        let (rate, k) = (game.parameters.revisionRate, game.intensities.sellers)
        let (s, z) = (point.shares.sellers, point.logPrice)
        let x = exp(z)
        // L′(x)·x with L = (x − 1)/ln x, and F′ from F(1 − F).
        let slope = abs(z) < 1e-3 ? 0.5 + z / 3 + z * z / 8 : (x * z - (x - 1)) / (z * z)
        let q = rate * game.parameters.rationality * s * (1 - s) * slope
        func density(_ limit: Double) -> Double {
            let f = 1 / (1 + exp(-(limit - x) / game.parameters.demandWidth))
            return f * (1 - f) * x / game.parameters.demandWidth
        }
        let g =
            game.intensities.genuineBuyers * density(1.3) + game.intensities.speculatingBuyers * density(0.7)
        let dss = 2 * rate * s * (1 - s)
        let dzz = 2 * size * k * s
        let numerator: Double = q * dzz / (2 * g) - k * dss / (2 * rate)
        let denominator: Double = (rate + g) + q * k / g + k * q / rate
        let v = numerator / denominator
        // The difference x z − (x − 1) loses 1/z² ulp, up to 1e−10; the series leaves z³/30.
        #expect(abs(noise.covariance(.sellers, .logPrice) - v) <= 1e-9 * max(abs(v), 1))
        let css = (dss / 2 + q * v) / rate
        #expect(abs(noise.covariance(.sellers, .sellers) - css) <= 1e-9 * max(css, 1))
        let czz = (dzz / 2 - k * v) / g
        #expect(abs(noise.covariance(.logPrice, .logPrice) - czz) <= 1e-9 * max(czz, 1))
    }

    /// Shares add up to 1, so their covariances with anything add up to 0.
    @Test func externalIsTheRest() throws {
        let noise = try Self.point(.offBaseline()).linearNoise()
        for variable in NoiseVariable.allCases {
            let sum =
                noise.covariance(.liquidityProviders, variable) + noise.covariance(.sellers, variable)
                + noise.covariance(.external, variable)
            // Roundings of terms up to 0.2.
            #expect(abs(sum) < 1e-15)
        }
    }

    @Test func shift() throws {
        let point = try Self.point(.baseline(0.79))
        let expected = [
            (PriceProcess.flow, [0.04640, -0.04692, -0.01314]), (try .trades(size: 1), [0.88836, -0.89822, -0.25151]),
        ]
        for (price, values) in expected {
            let noise = try point.linearNoise(price: price)
            for (variable, value) in zip([NoiseVariable.liquidityProviders, .sellers, .logPrice], values) {
                let found = try #require(noise.shift(variable))
                // The last digit of the table is rounded.
                #expect(abs(found - value) <= 0.51e-5)
            }
        }
    }

    /// The shift of a game with fee, depth and lag against second derivatives of the field by differences of its Jacobian.
    @Test func shiftAgainstDifferences() throws {
        let base = try RoleGame.offBaseline(fee: 0.1, depthExponent: 0.7)
        let game = base.with(parameters: try base.parameters.with(observationLag: 0.05))
        let point = try Self.point(game)
        let noise = try point.linearNoise(price: .trades(size: 1))
        let field = RoleField(game)
        let y = point.state
        // C in (z, q, ℓ, s): the Lyapunov equation again, with the field's own Jacobian.
        func reduced(_ y: [Double]) throws -> [[Double]] {
            let full = try #require(jacobian(field, y))
            var rows: [[Double]] = []
            for i in 0..<4 {
                let last = full[i * 5 + 4]
                rows.append([full[i * 5], full[i * 5 + 1], full[i * 5 + 2] - last, full[i * 5 + 3] - last])
            }
            return rows
        }
        let (l, s) = (point.shares.liquidityProviders, point.shares.sellers)
        let offer = game.intensities.sellers * s / pow(l, 0.7)
        let rate = game.parameters.revisionRate
        var d = Matrix.zero(rows: 4, columns: 4)
        d[0, 0] = 2 * offer
        d[2, 2] = 2 * rate * l * (1 - l)
        d[3, 3] = 2 * rate * s * (1 - s)
        d[2, 3] = -2 * rate * l * s
        d[3, 2] = d[2, 3]
        let a = try Matrix(try reduced(y))
        let c = try lyapunovSolution(a, d)
        var right = [Double](repeating: 0, count: 4)
        let h = 1e-5
        for j in 0..<4 {
            var (up, down) = (y, y)
            up[j] += h
            down[j] -= h
            if j >= 2 {
                up[4] -= h
                down[4] += h
            }
            let (above, below) = (try reduced(up), try reduced(down))
            for i in 0..<4 {
                for k in 0..<4 { right[i] -= 0.5 * (above[i][k] - below[i][k]) / (2 * h) * c[j, k] }
            }
        }
        let m = try solve(a, right)
        // Differences of h = 1e−5 are off by h² times a fourth derivative, of some λ³ = 3e4.
        #expect(abs((noise.shift(.logPrice) ?? .nan) - m[0]) < 1e-4 * abs(m[0]))
        #expect(abs((noise.shift(.liquidityProviders) ?? .nan) - m[2]) < 1e-4 * abs(m[2]))
        #expect(abs((noise.shift(.sellers) ?? .nan) - m[3]) < 1e-4 * abs(m[3]))
    }

    @Test(arguments: [(0.05, 0.0248425), (0.1, 0.0418161), (0.15, 0.0869050), (0.2, 0.3723401), (0.215, 1.60952)])
    func growsTowardsTheCriticalLag(_ lag: Double, _ expected: Double) throws {
        let game = try RoleGame.baseline(0.79, parameters: .init(observationLag: lag))
        let noise = try Self.point(game).linearNoise()
        // The digits of the table.
        #expect(abs(noise.covariance(.logPrice, .logPrice) - expected) < 6e-6 * expected)
        if lag == 0.1 { #expect(abs(noise.covariance(.sellers, .sellers) - 0.5327533) < 6e-8) }
    }

    @Test func deviations() throws {
        let noise = try Self.point(.baseline(0.79)).linearNoise()
        #expect(abs(noise.standardDeviation(.liquidityProviders, holders: 1e3) - 0.01546) < 5e-6)
        #expect(abs(noise.standardDeviation(.logPrice, holders: 1e4) - 0.001296) < 5e-7)
        #expect(abs(noise.priceDeviation(holders: 1e4) - 1.185437 * 0.001296) < 1e-6)
    }

    /// Along the path of the model's example, at t = 1.
    @Test func alongAPath() throws {
        let game = try RoleGame.baseline(0.79)
        let result = try game.linearNoise(
            logPrice: log(2), shares: RoleShares(liquidityProviders: 0.5, sellers: 0.1), times: [0, 1],
            algorithm: ODEAlgorithm())
        #expect(result.samples[0].covariance(.sellers, .sellers) == 0)
        let sample = try #require(result.samples.last)
        #expect(abs(sample.logPrice - 0.18622791) < 1e-8)
        let expected = [0.109168, 0.103756, 0.0169728]
        for (value, expected) in zip(Self.values(sample.covariance), expected) {
            // The digits of the model's example.
            #expect(abs(value - expected) < 6e-7)
        }
        #expect(abs(sample.covariance(.sellers, .logPrice) + 0.0069242) < 6e-8)
    }

    /// From the rest point on, C tends to that at rest, with depth and lag, and whichever route it takes.
    @Test func pathsTendToTheRestPoint() throws {
        let base = try RoleGame.offBaseline(depthExponent: 1)
        let game = base.with(parameters: try base.parameters.with(observationLag: 0.05))
        let point = try Self.point(game)
        let price = try PriceProcess.trades(size: 0.5)
        let noise = try point.linearNoise(price: price)
        let path = try game.linearNoise(
            logPrice: point.logPrice, shares: point.shares, price: price, times: [40], algorithm: ODEAlgorithm())
        let sample = try #require(path.samples.last)
        for (value, expected) in zip(Self.values(sample.covariance), Self.values(noise.covariance)) {
            // A hundred times the tolerance of a step.
            #expect(abs(value - expected) < 1e-8 * max(abs(expected), 1))
        }
    }

    @Test func whereThereIsNone() throws {
        #expect(throws: LinearNoiseError.notSmooth) { try Self.point(.baseline(0.79, .smith)).linearNoise() }
        #expect(throws: LinearNoiseError.notSmooth) { try Self.point(.baseline(0.79, .bestResponse)).linearNoise() }
        let lagged = try RoleGame.baseline(0.79, parameters: .init(observationLag: 0.5))
        #expect(throws: LinearNoiseError.notStable) { try Self.point(lagged).linearNoise() }
        #expect(throws: LinearNoiseError.bestResponse) {
            try RoleGame.baseline(0.79, .bestResponse).linearNoise(
                logPrice: 0, shares: .even, times: [1], algorithm: ODEAlgorithm())
        }
        #expect(throws: ParameterError.self) { try PriceProcess.trades(size: 0) }
        #expect(throws: ParameterError.self) { try PriceProcess.trades(size: .nan) }
    }

    /// Imitators at a tie do not move; only trades do.
    @Test func replicatorMovesByTradesAlone() throws {
        let points = try RoleGame.baseline(0.79, .replicator).restPoints().points
        let point = try #require(points.first { $0.face == .liquidityProvidersAndSellers })
        #expect(try point.linearNoise().covariance(.sellers, .sellers) == 0)
        let noise = try point.linearNoise(price: .trades(size: 1))
        #expect(noise.covariance(.logPrice, .logPrice) > 0.1)
        #expect(noise.shift(.sellers) == nil)
    }
}
