import Foundation
import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct RewardBoundsTests {
    // MARK: - The model's check values

    struct Panel: Sendable {
        let letter: String
        let d: Double
        /// γ_max, where the band is an interval.
        let upper: String?
        let isEmpty: Bool
    }

    /// Section 4's values, and for d = 1.32, which it does not give, L(1.32, 1) − 0.3 from 36 digits. 6 ulp: L's four,
    /// the sum's one, and the decimal's own half.
    @Test(arguments: [
        Panel(letter: "a", d: 0.7, upper: nil, isEmpty: true),
        Panel(letter: "b", d: 1, upper: nil, isEmpty: false),
        Panel(letter: "c", d: 4 / 3.0, upper: "0.8586864989274023", isEmpty: false),
        Panel(letter: "d", d: 1.32, upper: "0.8526059805728387", isEmpty: false),
        Panel(letter: "e", d: 1.3, upper: "0.8434484060125204", isEmpty: false),
    ])
    func bandOfThePanels(_ panel: Panel) throws {
        let market = try Market.panel(panel.d)
        if panel.isEmpty {
            #expect(market.rewardBounds == nil)
            return
        }
        let bounds = try #require(market.rewardBounds)
        #expect(bounds.lower == 0.7)
        if let upper = panel.upper {
            expectDigits(bounds.upper, upper, ulps: 6)
            #expect(bounds.width > 0)
        } else {
            // A point, exactly: α_g = α_s = c.
            #expect(bounds == RewardBounds(lower: 0.7, upper: 0.7, width: 0))
        }
    }

    @Test func upperBoundWithFee() throws {
        let bounds = try #require(try Market.withFee().rewardBounds)
        expectDigits(bounds.upper, "0.9084360579228125", ulps: 6)
    }

    struct Price: Sendable {
        let gamma: Double
        let price: String
        let withFee: Bool
    }

    /// 8 ulp, what the 36-digit references allow: Λ within 4, c/(1 − φ), the sum.
    @Test(arguments: [
        Price(gamma: 0.79, price: "1.1852444979557", withFee: false),
        Price(gamma: 0.85, price: "1.3142986815493", withFee: false),
        Price(gamma: 0.85, price: "1.3834722963676637", withFee: true),
    ])
    func equilibriumPrices(_ row: Price) throws {
        let market = try row.withFee ? Market.withFee() : Market.panel(1.3)
        expectDigits(try #require(market.equilibriumPrice(blockReward: row.gamma)), row.price, ulps: 8)
    }

    /// 4 ulp, the documented error.
    @Test(arguments: [
        (1.1, "1.2064542991630"), (2, "3.512862417252339"), (100, "648.4600379589"), (1e6, "16626509.96536629"),
    ])
    func inverseOfTheMean(m: Double, value: String) {
        expectDigits(InverseLogarithmicMean.value(m), value, ulps: 4)
    }

    // MARK: - α* and S are each other's inverse

    /// S(α*(γ)) = γ. α* is within 8 ulp of itself, which S passes on with α*S′(α*), less than L = γ + pθ since L is
    /// concave; S itself is within 8 ulp of L: 16 ulp of γ + pθ, which may be 32 of the binade's lowest.
    @Test func sellingAtTheEquilibriumPriceEarnsTheReward() throws {
        var generator = SeededGenerator(seed: 130)
        for market in try randomMarkets(5000, seed: 131) {
            let gamma = market.externalPrice * (1 + generator.logUniform(-12...3))
            let price = try #require(market.equilibriumPrice(blockReward: gamma))
            let mean = gamma + market.expectedForfeit
            #expect(
                abs(market.sellerPayoff(at: price) - gamma) <= 16 * Double.ulpOfOne * mean, "\(market), γ = \(gamma)")
        }
    }

    /// The other way round: α*(S(α)) = α. S is within 8 ulp of L and α* multiplies that by the condition number
    /// L/(αS′), which is 2 near α_s and tends to 1.
    @Test func equilibriumPriceOfASellersPayoff() throws {
        var generator = SeededGenerator(seed: 132)
        for market in try randomMarkets(5000, seed: 133) {
            let alpha = market.limits.seller * (1 + generator.logUniform(-6...3))
            let payoff = market.sellerPayoff(at: alpha)
            let price = try #require(market.equilibriumPrice(blockReward: payoff))
            let condition = (payoff + market.expectedForfeit) / (alpha * market.sellerPayoffSlope(at: alpha))
            #expect(condition < 2.001)
            #expect(abs(price - alpha) <= (8 * condition + 8) * Double.ulpOfOne * alpha, "\(market), α = \(alpha)")
        }
    }

    /// nil one double below β, α_s exactly at β, increasing from there.
    @Test func equilibriumPriceStartsAtTheSellersLimit() throws {
        for market in try randomMarkets(1000, seed: 134) {
            let beta = market.externalPrice
            #expect(market.equilibriumPrice(blockReward: beta) == market.limits.seller)
            #expect(market.equilibriumPrice(blockReward: beta.nextDown) == nil)
            #expect(market.equilibriumPrice(blockReward: 0) == nil)
            let prices = [0, 1e-12, 1e-6, 0.1, 1, 10, 1e3].compactMap {
                market.equilibriumPrice(blockReward: beta * (1 + $0))
            }
            #expect(zip(prices, prices.dropFirst()).allSatisfy { $0 < $1 })
            #expect(prices.count == 7)
        }
    }

    /// Infinite where it exceeds the largest double, a number as long as it does not.
    @Test func equilibriumPriceAtTheEndOfTheDoubles() throws {
        let market = try Market.panel(1.3)
        #expect(market.equilibriumPrice(blockReward: .greatestFiniteMagnitude) == .infinity)
        let large = try #require(market.equilibriumPrice(blockReward: 1e305))
        #expect(large.isFinite)
        #expect(abs(market.sellerPayoff(at: large) / 1e305 - 1) <= 16 * Double.ulpOfOne)
    }

    struct FarPrice: Sendable {
        let beta, gamma: Double
        var p = 0.0, theta = 0.0, fee = 0.0
        let price, slope: Double
    }

    /// (γ − β)/c beyond the largest double, where α* and its slope by γ are none: by mpmath, 40 digits. An ulp of
    /// ln m = 720 is 1.6e−16 of ℓ, and three roundings follow.
    @Test(arguments: [
        FarPrice(beta: 1e-6, gamma: 1e305, price: 7.2268694004821835478e+307, slope: 723.68832569058561845),
        FarPrice(
            beta: 1e-6, gamma: 1e305, p: 0.5, theta: 1e-7, fee: 0.25, price: 9.6351744303472241266e+307,
            slope: 964.85262401629677319),
        FarPrice(
            beta: .leastNonzeroMagnitude, gamma: 1e300, price: 1.4424897256953837408e+303, slope: 1443.4904194221457601),
        FarPrice(beta: 1e-10, gamma: 2.4e305, price: 1.758687906228726738e+308, slope: 733.78799411385114262),
    ])
    func equilibriumPriceBeyondTheRatiosOfDoubles(_ far: FarPrice) throws {
        let market = try Market(
            externalPrice: far.beta, failureProbability: far.p, collateral: far.theta, reservationPrice: 1,
            swapFee: far.fee)
        let price = try #require(market.equilibriumPrice(blockReward: far.gamma))
        #expect(abs(price / far.price - 1) <= 4 * Double.ulpOfOne)
        let gradient = try #require(market.equilibriumPriceGradient(blockReward: far.gamma))
        #expect(abs(gradient.gamma / far.slope - 1) <= 8 * Double.ulpOfOne)
    }

    // MARK: - The band

    /// γ_max = S(α_g) and width γ_max − γ_min, both within the 8 ulp that S may be off by; nil just where α_g < α_s.
    @Test func boundsAreTheDefinition() throws {
        var empty = 0
        for market in try randomMarkets(2000, seed: 135) {
            guard let bounds = market.rewardBounds else {
                #expect(market.limits.genuineBuyer < market.limits.seller)
                empty += 1
                continue
            }
            #expect(market.limits.genuineBuyer >= market.limits.seller)
            let scale = Double.ulpOfOne * (bounds.upper + market.expectedForfeit)
            #expect(bounds.lower == market.externalPrice)
            #expect(abs(bounds.upper - market.sellerPayoff(at: market.limits.genuineBuyer)) <= 8 * scale)
            #expect(abs(bounds.width - (bounds.upper - bounds.lower)) <= 8 * scale)
            #expect(bounds.upper >= bounds.lower)
            #expect(bounds.relativeWidth == bounds.width / bounds.lower)
        }
        #expect(empty > 200)
        #expect(empty < 1800)
    }

    /// One double of δ about α_g = α_s, without a fee: empty below, a point at it, an interval above, whose width has
    /// the digits of (δ − c)/2 though γ_max − γ_min has none left.
    @Test func narrowestBands() throws {
        #expect(try Market.panel(1.0.nextDown).rewardBounds == nil)
        let width = try #require(try Market.panel(1.0.nextUp).rewardBounds).width
        // L(1 + ε, 1) − 1 = ε/2 − ε²/12 …
        #expect(abs(width / (Double.ulpOfOne / 2) - 1) < 1e-15)
    }

    /// Where α_g and α_s are the same double, with a fee too, the band is a point.
    @Test func coincidingLimitsMakeAPoint() throws {
        let coinciding = try marketsWithCoincidingLimits()
        #expect(coinciding.count > 500)
        let wider = coinciding.filter { $0.rewardBounds?.width != 0 || $0.rewardBounds?.upper != $0.externalPrice }
        #expect(
            wider.count == 0, "\(wider.count) of \(coinciding.count), the first: \(String(describing: wider.first))")
    }

    @Test func marginIsTheDistanceToTheNearerBound() {
        let bounds = RewardBounds(lower: 1, upper: 3, width: 2)
        for (gamma, margin) in [(0.5, -0.5), (1, 0), (1.5, 0.5), (2, 1), (2.5, 0.5), (3, 0), (4, -1)] {
            #expect(bounds.margin(of: gamma) == margin)  // sums of small dyadic numbers are exact
        }
    }
}
