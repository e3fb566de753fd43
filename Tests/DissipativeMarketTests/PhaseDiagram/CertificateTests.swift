import Foundation
import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct CertificateTests {
    struct Row: Sendable {
        let alpha, gamma: Double
        let region: Region
        let binding: Certificate.Binding
        let margin: Double
        let nearest: Boundary.Kind
        let poolPriceMargin: Double
    }

    static let star = 1.1852444979557  // α*(0.79)
    static let payoff = 0.796962989549415  // S(1.2)
    static let payoffAtTwo = 1.142695040888963  // S(2)

    /// c = 1, b = 0.7, d = 1.3: by hand, S and α* by mpmath. Tolerance 1e−13: half a unit of their last digit is 5e−14.
    @Test(arguments: [
        Row(
            alpha: 0.6, gamma: 0.5, region: .aB, binding: .belowExternal, margin: -0.2, nearest: .speculatingBuyerLimit,
            poolPriceMargin: -0.1),
        // α_b is no boundary for γ ≥ β.
        Row(
            alpha: 0.6, gamma: 0.7, region: .aA, binding: .atLeastExternal, margin: 0, nearest: .sellerLimit,
            poolPriceMargin: -0.4),
        Row(
            alpha: 0.8, gamma: 0.5, region: .aC, binding: .belowExternal, margin: -0.2, nearest: .speculatingBuyerLimit,
            poolPriceMargin: 0.1),
        Row(
            alpha: 0.9, gamma: 0.9, region: .aA, binding: .atLeastExternal, margin: 0.2, nearest: .sellerLimit,
            poolPriceMargin: -0.1),
        // At α_s it is β that decides still.
        Row(
            alpha: 1, gamma: 0.9, region: .aA, binding: .atLeastExternal, margin: 0.2, nearest: .sellerLimit,
            poolPriceMargin: 0),
        Row(
            alpha: 1.2, gamma: 0.79, region: .aD, binding: .belowSeller, margin: 0.79 - payoff,
            nearest: .liquidityProviderSeller, poolPriceMargin: 1.2 - star),
        Row(
            alpha: 1.2, gamma: 0.9, region: .aG, binding: .atLeastSeller, margin: 0.9 - payoff,
            nearest: .genuineBuyerLimit, poolPriceMargin: -0.1),
        Row(
            alpha: 1.3, gamma: 0.2, region: .aE, binding: .belowSeller, margin: 0.2 - 0.8434484060125204,
            nearest: .genuineBuyerLimit, poolPriceMargin: 0),
        Row(
            alpha: 2, gamma: 0.5, region: .aE, binding: .belowSeller, margin: 0.5 - payoffAtTwo,
            nearest: .genuineBuyerLimit, poolPriceMargin: 0.7),
    ])
    func cases(_ row: Row) throws {
        let certificate = try Certificate(market: .panel(1.3), poolPrice: row.alpha, blockReward: row.gamma)
        #expect(certificate.region == row.region)
        #expect(certificate.binding == row.binding)
        #expect(abs(certificate.margin - row.margin) < 1e-13)
        #expect(certificate.nearestBoundary == row.nearest)
        #expect(abs(certificate.poolPriceMargin - row.poolPriceMargin) < 1e-13)
    }

    @Test func bindingsHaveTheContractsNames() {
        #expect(Certificate.Binding.allCases.map(\.rawValue) == ["gamma<beta", "gamma>=beta", "gamma<S", "gamma>=S"])
    }

    /// The margin is γ less its threshold, β up to α_s and S beyond, and its sign is the inequality's; the payoffs and
    /// regrets are the point's.
    @Test func marginAndBindingOnRandomPoints() throws {
        var generator = SeededGenerator(seed: 170)
        var bindings: [Certificate.Binding: Int] = [:]
        for market in try randomMarkets(5000, seed: 171) {
            let (alpha, gamma) = market.randomPoint(&generator)
            let certificate = try Certificate(market: market, poolPrice: alpha, blockReward: gamma)
            bindings[certificate.binding, default: 0] += 1
            let sells = alpha > market.limits.seller
            let threshold = sells ? market.sellerPayoff(at: alpha) : market.externalPrice
            #expect(certificate.margin == gamma - threshold)  // the same two doubles, subtracted
            let isBelow = certificate.margin < 0
            let expected: Certificate.Binding =
                sells ? (isBelow ? .belowSeller : .atLeastSeller) : (isBelow ? .belowExternal : .atLeastExternal)
            #expect(certificate.binding == expected)
            #expect(certificate.payoffs == Payoffs(market: market, poolPrice: alpha, blockReward: gamma))
            let payoffs = certificate.payoffs
            let regrets = [payoffs.regretLiquidityProvider, payoffs.regretSeller, payoffs.regretExternal]
            #expect(regrets.min() == 0)
            // The dominant role has no regret; LPs may, for γ < β, where nobody in the pool does better.
            switch certificate.region.role {
            case .seller: #expect(payoffs.regretSeller == 0)
            case .liquidityProvider: #expect(payoffs.regretLiquidityProvider == 0 || gamma < market.externalPrice)
            case .speculatingBuyer: #expect(payoffs.regretExternal == 0)
            }
            #expect(certificate.region == PlainMarket(market).region(alpha, gamma) || abs(certificate.margin) < 1e-9)
        }
        for binding in Certificate.Binding.allCases { #expect(bindings[binding, default: 0] > 100, "\(binding)") }
    }

    /// Under this reward the region is the same all the way to within 1e−9 of the nearest boundary on either side, and
    /// just across it is another: scanned by the definitions. The plain S is good to 1e−12.
    @Test func nothingChangesWithinThePoolPriceMargin() throws {
        var generator = SeededGenerator(seed: 172)
        var nearest: [Boundary.Kind: Int] = [:]
        for market in try randomMarkets(3000, seed: 173) {
            let plain = PlainMarket(market)
            let (alpha, gamma) = market.randomPoint(&generator)
            guard !plain.isNearBoundary(alpha, gamma, share: 1e-6) else { continue }
            let certificate = try Certificate(market: market, poolPrice: alpha, blockReward: gamma)
            nearest[certificate.nearestBoundary, default: 0] += 1
            let reach = abs(certificate.poolPriceMargin)
            let slack = 1e-9 * (alpha + reach)
            let comment: Comment = "(\(alpha), \(gamma)) of \(market)"
            let region = plain.region(alpha, gamma)
            for step in 0...40 {
                let distance = Double(step) / 40 * (reach - slack)
                #expect(plain.region(alpha + distance, gamma) == region, comment)
                if alpha > distance { #expect(plain.region(alpha - distance, gamma) == region, comment) }
            }
            let across = alpha - certificate.poolPriceMargin
            let beyond = across + (across > alpha ? slack : -slack)
            #expect(plain.region(beyond, gamma) != region, comment)
            // It is the boundary that it says it is.
            let place =
                switch certificate.nearestBoundary {
                case .sellerLimit: plain.alphaS
                case .genuineBuyerLimit: plain.alphaG
                case .speculatingBuyerLimit: plain.alphaB
                case .liquidityProviderSeller: plain.equilibriumPrice(gamma)
                case .externalPrice: Double.nan
                }
            #expect(abs(place - across) <= slack, comment)
        }
        for kind in Boundary.Kind.allCases where kind != .externalPrice {
            #expect(nearest[kind, default: 0] > 50, "\(kind)")
        }
    }

    // MARK: - In words

    struct Sentence: Sendable {
        let alpha, gamma: Double
        let parts: [String]
    }

    @Test(arguments: [
        Sentence(
            alpha: 1.2, gamma: 0.79,
            parts: [
                "α = 1.2", "γ = 0.79", "region aD", "sellers dominate", "genuine buyers are active", "S(α) = 0.796963",
                "0.00696299 below", "lp-seller", "0.0147555 above it",
            ]),
        Sentence(
            alpha: 0.6, gamma: 0.5,
            parts: [
                "region aB", "speculating buyers dominate", "0.2 below", "β = 0.7", "alpha-b", "0.1 below it",
            ]),
        Sentence(alpha: 0.6, gamma: 0.7, parts: ["region aA", "LPs dominate", "exactly at", "β = 0.7"]),
        Sentence(alpha: 1.3, gamma: 0.9, parts: ["region aF", "genuine buyers are absent", "exactly on", "alpha-g"]),
        Sentence(alpha: 0.8, gamma: 0.5, parts: ["region aC", "LPs dominate", "neither", "0.1 above it"]),
    ])
    func sentenceHasTheNumbers(_ row: Sentence) throws {
        let sentence = try Certificate(market: .panel(1.3), poolPrice: row.alpha, blockReward: row.gamma).sentence
        for part in row.parts { #expect(sentence.contains(part), "\(part) in: \(sentence)") }
    }

    /// Over points from tiny to huge: region, margin and prices are there, with six digits, and no "nan" or "inf".
    @Test func sentenceHoldsEverywhere() throws {
        var generator = SeededGenerator(seed: 174)
        for market in try randomMarkets(500, seed: 175) {
            let alpha = market.limits.seller * generator.logUniform(-9...9)
            let gamma = [0, market.externalPrice, market.externalPrice * generator.logUniform(-9...9), 1e308][
                Int.random(in: 0..<4, using: &generator)]
            let certificate = try Certificate(market: market, poolPrice: alpha, blockReward: gamma)
            let sentence = certificate.sentence
            #expect(!sentence.contains("nan"), "\(sentence)")
            #expect(!sentence.contains("inf"), "\(sentence)")
            #expect(sentence.contains("region \(certificate.region.rawValue):"))
            for number in [alpha, gamma] { #expect(sentence.contains(String(format: "%.6g", number)), "\(sentence)") }
            if certificate.margin != 0 {
                #expect(sentence.contains(String(format: "%.6g", abs(certificate.margin))), "\(sentence)")
            }
            if certificate.poolPriceMargin != 0 {
                #expect(sentence.contains(String(format: "%.6g", abs(certificate.poolPriceMargin))), "\(sentence)")
            }
            #expect(sentence.contains(certificate.nearestBoundary.rawValue))
        }
    }

    // MARK: - Validation

    @Test func refusesPricesAndRewardsOutsideTheirDomain() throws {
        let market = try Market.panel(1.3)
        for alpha in [0, -0.0, -1, .nan, .infinity] {
            let error = try #require(throws: ParameterError.self) {
                try Certificate(market: market, poolPrice: alpha, blockReward: 1)
            }
            #expect(error.name == "alpha")
            #expect(error.value.bitPattern == alpha.bitPattern)
        }
        for gamma in [-Double.leastNonzeroMagnitude, -1, .nan, .infinity] {
            let error = try #require(throws: ParameterError.self) {
                try Certificate(market: market, poolPrice: 1, blockReward: gamma)
            }
            #expect(error.name == "gamma")
            #expect(error.value.bitPattern == gamma.bitPattern)
        }
    }
}
