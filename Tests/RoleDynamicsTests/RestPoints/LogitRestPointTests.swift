import DissipativeMarket
import Foundation
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct LogitRestPointTests {
    struct Row: Sendable {
        let name: String
        let game: RoleGame
        let price: String
        let shares: [String]
        /// Real and imaginary part, of a pair the upper one.
        let eigenvalues: [(String, String)]
        let type: RestPointType
    }

    /// The model's check values, at the baseline and off it.
    static func rows() throws -> [Row] {
        [
            Row(
                name: "exodus", game: try .baseline(0.5), price: "1.00000181595",
                shares: ["2.26989e-5", "0.5", "0.4999773"],
                eigenvalues: [("-2", "0"), ("-1.0000076", "3.3911695")], type: .stableFocus),
            Row(
                name: "balanced", game: try .baseline(0.79), price: "1.18543748559",
                shares: ["0.4961100", "0.4983787", "0.0055113"],
                eigenvalues: [("-2", "0"), ("-1.0478932", "3.6201696")], type: .stableFocus),
            Row(
                name: "scarcity", game: try .baseline(1.0), price: "1.39810675837",
                shares: ["0.9963235", "0.0036762", "3.05e-7"],
                eigenvalues: [("-2", "0"), ("-1.8565785", "0"), ("-0.3985208", "0")], type: .stableNode),
            Row(
                name: "off", game: try .offBaseline(), price: "1.351489426045973",
                shares: ["0.7281538", "0.2700413", "0.0018049"],
                eigenvalues: [("-3", "0"), ("-2.0805632", "3.6449444")], type: .stableFocus),
            Row(
                name: "off, η = 1", game: try .offBaseline(depthExponent: 1), price: "1.351489426045973",
                shares: ["0.7281538", "0.2700413", "0.0018049"],
                eigenvalues: [("-3", "0"), ("-2.2973085", "4.3488870")], type: .stableFocus),
            Row(
                name: "off, φ = 0.1", game: try .offBaseline(fee: 0.1), price: "1.369248481854589",
                shares: ["0.9310136", "0.0666786", "0.0023078"],
                eigenvalues: [("-3", "0"), ("-2.4296886", "1.9658083")], type: .stableFocus),
        ]
    }

    /// Tolerance: half a unit of the last digit given, and 1e−14 where that is of a double's own size.
    @Test func checkValues() throws {
        for row in try Self.rows() {
            let solution = try row.game.restPoints()
            #expect(solution.escapes.isEmpty)
            #expect(solution.points.count == 1)
            let point = try #require(solution.points.first)
            func expect(_ value: Double, _ text: String) {
                let (expected, half) = digits(text)
                #expect(abs(value - expected) <= half + 1e-14, "\(row.name): \(value) against \(text)")
            }
            expect(point.price, row.price)
            expect(point.shares.liquidityProviders, row.shares[0])
            expect(point.shares.sellers, row.shares[1])
            expect(point.shares.external, row.shares[2])
            let values = try #require(point.stability.eigenvalues)
            for (real, imaginary) in row.eigenvalues {
                let (re, halfRe) = digits(real)
                let (im, halfIm) = digits(imaginary)
                // "-2" and "0" are exact, so their half units are not the bound.
                let bounds = (min(halfRe, 1e-7), min(halfIm, 1e-7))
                #expect(
                    values.contains {
                        abs($0.real - re) <= bounds.0 + 1e-13 && abs(abs($0.imaginary) - im) <= bounds.1 + 1e-13
                    },
                    "\(row.name): \(values)")
            }
            #expect(values.count == 3)
            #expect(point.type == row.type)
            #expect(point.stability.eigenvaluesBelow == nil)
            #expect(point.degeneracies.isEmpty)
            #expect(point.isNash == nil)
            #expect(point.face == .interior)
        }
    }

    /// The equation in x and in the payoffs themselves, without a logarithm, by scanning for sign changes: the roots with
    /// their relative errors, which are those of f, some λ ulp of the largest κ, over its slope.
    private static func plainRoots(
        _ game: RoleGame, from low: Double, to high: Double
    ) -> [(value: Double, error: Double)] {
        let market = game.market
        let c = market.sellerCost
        let kept = 1 - market.swapFee
        func f(_ x: Double) -> Double {
            let seller = logarithmicMean(kept * x, 1) - (1 - market.externalPrice / c)
            let payoffs = [game.blockReward / c, seller, market.externalPrice / c]
            let share = 1 / payoffs.map { exp(game.parameters.rationality * ($0 - seller)) }.reduce(0, +)
            func buyers(_ limit: Double) -> Double {
                0.5 - 0.5 * tanh((x - kept * limit / c) / game.parameters.demandWidth / 2)
            }
            return game.intensities.genuineBuyers * buyers(market.reservationPrice) + game.intensities.speculatingBuyers
                * buyers(market.externalPrice) - game.intensities.sellers * share
        }
        let kappa = game.intensities
        let noise =
            4e-16 * (10 + game.parameters.rationality) * (kappa.genuineBuyers + kappa.speculatingBuyers + kappa.sellers)
        var roots: [(value: Double, error: Double)] = []
        var (left, atLeft) = (low, f(low))
        let count = 2000
        for i in 1...count {
            let right = low * pow(high / low, Double(i) / Double(count))
            let atRight = f(right)
            if (atLeft > 0) != (atRight > 0) {
                var (a, b) = (left, right)
                for _ in 0..<60 {
                    let middle = 0.5 * (a + b)
                    if (f(middle) > 0) == (atLeft > 0) { a = middle } else { b = middle }
                }
                let slope = (f(a * (1 + 1e-6)) - f(a * (1 - 1e-6))) / 2e-6
                roots.append((0.5 * (a + b), noise / abs(slope) + 1e-12))
            }
            (left, atLeft) = (right, atRight)
        }
        return roots
    }

    /// Residual and distance apart: the residual to what rounding leaves, the distance to a root found by scanning, which
    /// finds one wherever there is one and none where there is an escape.
    @Test func isTheOnlyOne() throws {
        var generator = SeededGenerator(seed: 40)
        var escapes = 0
        for round in 0..<400 {
            // Little demand and rationality, in every fourth game, so that there are escapes.
            var game = try RoleGame.random(&generator, .logit, depth: round % 2 == 0, lag: round % 3 == 0)
            if round % 4 == 0 {
                game = try RoleGame(
                    market: game.market, blockReward: game.blockReward,
                    intensities: TradeIntensities(
                        genuineBuyers: generator.uniform(0.05...0.3), speculatingBuyers: generator.uniform(0...0.3),
                        sellers: 1),
                    parameters: RevisionParameters(
                        demandWidth: generator.logUniform(-2...0), rationality: generator.logUniform(-1...1)))
            }
            let solution = try game.restPoints()
            let plain = Self.plainRoots(game, from: 1e-9, to: 50)
            if let point = solution.points.first {
                #expect(solution.points.count == 1)
                #expect(solution.escapes.isEmpty)
                // The scan starts at 1e−9.
                guard point.price > 1e-8 else { continue }
                #expect(plain.count == 1, "\(game)")
                let root = try #require(plain.first)
                #expect(abs(root.value / point.price - 1) <= root.error, "\(game)")
                // Roundings of 1/w, λ ≤ 100 times numbers of order one, times ρ or the depth's factor.
                let factor = pow(point.shares.liquidityProviders, -game.parameters.depthExponent)
                let scale = max(game.parameters.revisionRate, game.intensities.sellers * factor)
                #expect(try #require(point.residual) <= 400 * Double.ulpOfOne * scale, "\(game)")
                #expect(point.bracket.contains(point.logPrice))
                #expect(point.bracket.upperBound - point.bracket.lowerBound <= 4 * point.logPrice.ulp)
                let sum = point.shares.liquidityProviders + point.shares.sellers + point.shares.external
                #expect(abs(sum - 1) <= 4 * Double.ulpOfOne)
                // Without lag it is always stable.
                if !(game.parameters.observationLag > 0) { #expect(point.type?.isStable == true) }
            } else {
                escapes += 1
                #expect(plain.isEmpty, "\(game)")
                let escape = try #require(solution.escapes.first)
                #expect(solution.escapes.count == 1)
                #expect(escape.direction == .toZero)
                #expect(escape.face == .all)
                #expect(!escape.isMarginal)
                if let rate = escape.limitRate { #expect(rate < 0) }
            }
        }
        #expect(escapes > 10)
    }

    /// The model's example of none.
    @Test func noRestPoint() throws {
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: 0.1, speculatingBuyers: 0.1, sellers: 1),
            parameters: RevisionParameters(rationality: 0.1))
        let solution = try game.restPoints()
        #expect(solution.points.isEmpty)
        #expect(
            solution.escapes == [
                PriceEscape(
                    direction: .toZero, face: .all, limitRate: try #require(solution.escapes.first?.limitRate),
                    isMarginal: false)
            ])
        // 0.2 − P_s with P_s = 1/(1 + e^{0.1} + e^{0.109}).
        let rate = 0.2 - 1 / (1 + exp(0.1) + exp(0.109))
        #expect(abs(try #require(solution.escapes.first?.limitRate) - rate) < 1e-15)
        #expect(try #require(solution.escapes.first).description.contains("the price falls for ever"))
    }

    /// Where G(0+) is κ_s P_s(0+) up to a little, the root is where φ₁ = −1/z makes up for it, far below where x
    /// underflows: with μ = 1 + ε the factor, φ₁ = ln(1 + ε)/(λ(1 − P_s)) to first order.
    @Test func restBelowTheSmallestDouble() throws {
        let parameters = try RevisionParameters(rationality: 0.1)
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        let p = 1 / (1 + exp(0.1) + exp(0.109))
        let epsilon = 1e-6
        let demand = p * (1 + epsilon)
        let game = try RoleGame(
            market: market, blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: demand / 2, speculatingBuyers: demand / 2, sellers: 1),
            parameters: parameters)
        let point = try #require(try game.restPoints().points.first)
        let expected = -0.1 * (1 - p) / epsilon
        #expect(abs(point.logPrice / expected - 1) < 1e-5)
        #expect(point.price == 0)
        #expect(point.degeneracies.contains(.priceUnderflows(logPrice: point.logPrice)))
        #expect(point.type?.isStable == true)
        #expect(try #require(point.residual) < 1e-15)
    }

    /// Exactly at the edge of existence: that rounding decides is said, whatever it decides.
    @Test func existenceWithinRounding() throws {
        let p = 1 / (1 + exp(0.1) + exp(0.109))
        for demand in [p.nextDown, p, p.nextUp] {
            let game = try RoleGame(
                market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
                intensities: TradeIntensities(genuineBuyers: demand / 2, speculatingBuyers: demand / 2, sellers: 1),
                parameters: RevisionParameters(rationality: 0.1))
            let solution = try game.restPoints()
            let points = solution.points.filter { $0.degeneracies.contains(.existenceWithinRounding) }
            let escapes = solution.escapes.filter(\.isMarginal)
            #expect(points.count + escapes.count == 1)
        }
    }

    // MARK: - Limits

    /// As w, 1/λ → 0 the price tends to the sharp one for exodus and balanced, at first order in 1/λ: on the band's inside
    /// all three eigenvalues of log odds are O(1), so L(x*) − L(α*) is below (|ln of shares' ratio| ≤ 10)/λ, and L′ ≥ ½.
    @Test(arguments: [0.3, 0.5, 0.69, 0.72, 0.79, 0.84]) func tendsToTheSharpPrice(_ y: Double) throws {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        let sharp = Equilibrium(market: market, blockReward: y).restPrice
        for power in [1e2, 1e3, 1e4, 1e5, 1e6] {
            let parameters = try RevisionParameters(demandWidth: 1 / power, rationality: power)
            let point = try #require(
                try RoleGame(market: market, blockReward: y, parameters: parameters).restPoints().points.first)
            #expect(abs(point.price - sharp) <= 20 / power, "λ = \(power)")
        }
    }

    /// In scarcity wλ selects the point: the model's values, to their digits, at w → 0.
    @Test(arguments: [(0.01, "1.3016"), (0.1, "1.3150"), (1, "1.40773"), (10, "1.5876")])
    func scarcityDependsOnTheProduct(_ product: Double, _ text: String) throws {
        let (expected, half) = digits(text)
        for width in [1e-6, 1e-8] {
            let parameters = try RevisionParameters(demandWidth: width, rationality: product / width)
            let point = try #require(try RoleGame.baseline(1.0, parameters: parameters).restPoints().points.first)
            #expect(abs(point.price - expected) <= half + 10 * width)
            // e^{−10⁴} and less.
            #expect(point.shares.sellers == 0)
            let isSaid = point.degeneracies.contains {
                if case .sellersUnderflow(let log) = $0 { log < -745 } else { false }
            }
            #expect(isSaid)
        }
    }

    /// Where an ulp of z is worth many in the choice, the shares are those that the demand leaves, and where the demand is the
    /// steeper one, those of the choice; the other equation holds as well as a double's price lets it, and it is said if that
    /// is not well.
    @Test(arguments: [(1e9, 1.0), (1e13, 1), (1e300, 1), (1, 1e-9), (1, 1e-13), (1, 1e-300)])
    func steepness(_ rationality: Double, _ width: Double) throws {
        let parameters = try RevisionParameters(demandWidth: width, rationality: rationality)
        let game = try RoleGame.baseline(0.79, parameters: parameters)
        let point = try #require(try game.restPoints().points.first)
        let u = point.payoffs.seller - point.payoffs.external
        let s = point.shares.sellers
        if rationality > 1 {
            #expect(abs(game.demand(logPrice: point.logPrice) - s) <= 4 * Double.ulpOfOne)
        } else {
            let choice = 1 / (1 + exp(0.09 - u) + exp(-u))
            #expect(abs(choice - s) <= 8 * Double.ulpOfOne)
        }
        // At the others the rounding is 1e−16 times a slope of 1e13.
        #expect(point.degeneracies.contains(.notResolved) == (rationality == 1e300 || width == 1e-300))
        #expect(point.type?.isStable == true)
        #expect(point.shares.external <= (rationality > 1 ? 0 : 1))
    }

    // MARK: - Extremes

    /// All parameters at their extremes: a point, an escape or a typed error, and no number that is none.
    @Test(arguments: [1e-300, 1e-6, 1e6, 1e9, 1e300], [0, 1e-300, 0.7, 1e3, 1e300])
    func extremes(_ rationality: Double, _ y: Double) throws {
        for width in [1e-300, 1e-9, 1e9, 1e300] {
            for kappa in [1e-12, 1, 1e12] {
                for rate in [1e-9, 1e9] {
                    for eta in [0.0, 5] {
                        let game = try RoleGame(
                            market: Market(externalRatio: 0.7, reservationRatio: 1.3, swapFee: 0.99), blockReward: y,
                            intensities: TradeIntensities(genuineBuyers: kappa, speculatingBuyers: 0, sellers: 1),
                            parameters: RevisionParameters(
                                demandWidth: width, rationality: rationality, revisionRate: rate,
                                depthExponent: eta))
                        try expectCleanAnswer(game)
                    }
                }
            }
        }
    }
}

/// Expects an answer without a NaN: points with finite log prices, shares on the simplex and finite eigenvalues, escapes, or
/// a typed error.
func expectCleanAnswer(_ game: RoleGame) throws {
    let solution: RestPointSolution
    do throws(RestPointError) {
        solution = try game.restPoints()
    } catch {
        #expect(!error.description.isEmpty)
        return
    }
    #expect(!(solution.points.isEmpty && solution.escapes.isEmpty), "\(game)")
    for point in solution.points {
        #expect(point.logPrice.isFinite, "\(game)")
        #expect(point.bracket.contains(point.logPrice), "\(game)")
        let shares = [point.shares.liquidityProviders, point.shares.sellers, point.shares.external]
        #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(game)")
        #expect(abs(shares.reduce(0, +) - 1) <= 4 * Double.ulpOfOne, "\(game)")
        #expect(point.regret >= 0, "\(game)")
        #expect(point.regret.isFinite, "\(game)")
        if let residual = point.residual { #expect(residual.isFinite, "\(game)") }
        for value in (point.stability.eigenvalues ?? []) + (point.stability.eigenvaluesBelow ?? []) {
            #expect(value.isFinite, "\(game)")
        }
        for vector in (point.stability.eigenvectors ?? []) + (point.stability.eigenvectorsBelow ?? []) {
            #expect(vector.allSatisfy { $0.isFinite }, "\(game)")
        }
        if point.stability.eigenvalues == nil {
            #expect(point.type == .sliding || !point.degeneracies.isEmpty, "\(game)")
        }
        if let critical = point.criticalLag.found {
            #expect(critical.lag > 0, "\(game)")
            #expect(critical.lag.isFinite, "\(game)")
            #expect(critical.period > 0, "\(game)")
        }
        for degeneracy in point.degeneracies { #expect(!degeneracy.description.isEmpty) }
    }
    for escape in solution.escapes { #expect(!escape.description.contains("nan"), "\(game)") }
}
