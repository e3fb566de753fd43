import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct RegionTests {
    // MARK: - The labels

    struct Label: Sendable {
        let region: Region
        let text: String
        let role: Role
        let buyers: Bool
    }

    static let labels = [
        Label(region: .aA, text: "aA", role: .liquidityProvider, buyers: true),
        Label(region: .aB, text: "aB", role: .speculatingBuyer, buyers: true),
        Label(region: .aC, text: "aC", role: .liquidityProvider, buyers: true),
        Label(region: .aD, text: "aD", role: .seller, buyers: true),
        Label(region: .aE, text: "aE", role: .seller, buyers: false),
        Label(region: .aF, text: "aF", role: .liquidityProvider, buyers: false),
        Label(region: .aG, text: "aG", role: .liquidityProvider, buyers: true),
        Label(region: .lpIdle, text: "lp-idle", role: .liquidityProvider, buyers: false),
        Label(region: .speculationOnly, text: "speculation-only", role: .speculatingBuyer, buyers: false),
    ]

    @Test(arguments: labels)
    func labelRoleAndBuyers(_ row: Label) {
        #expect(row.region.rawValue == row.text)
        #expect(row.region.role == row.role)
        #expect(row.region.hasGenuineBuyers == row.buyers)
    }

    @Test func codeIsThePlaceAmongAllCases() {
        #expect(Region.allCases == Self.labels.map(\.region))
        for (place, region) in Region.allCases.enumerated() { #expect(Int(region.code) == place) }
    }

    @Test func rolesHaveTheContractsNames() {
        #expect(Role.allCases.map(\.rawValue) == ["lp", "seller", "speculating-buyer"])
        #expect(Role.allCases.map(\.title) == ["liquidity provider", "seller", "speculating buyer"])
    }

    // MARK: - The table of section 3

    struct Row: Sendable {
        let region: Region
        let d: Double
        let points: [(alpha: Double, gamma: Double)]
    }

    /// c = 1, b = 0.7, no fee, so that α_b = 0.7, α_s = 1 and α_g = d exactly. S(1.2) = 0.79696…, S(1.5) = 0.93315….
    ///
    /// Ties go to LPs and to no trade. Each point by both routes.
    @Test(arguments: [
        Row(
            region: .aA, d: 1.3,
            points: [(0.5, 0.9), (0.7, 0.7), (0.5, 0.7), (0.9, 0.7), (1, 0.7), (1, 0.7.nextUp), (1, 5)]),
        Row(region: .aB, d: 1.3, points: [(0.5, 0.3), (0.7.nextDown, 0.7.nextDown), (0.1, 0)]),
        Row(region: .aC, d: 1.3, points: [(0.7, 0.3), (0.7, 0.7.nextDown), (0.9, 0), (1, 0), (1, 0.7.nextDown)]),
        Row(region: .aD, d: 1.3, points: [(1.2, 0.79), (1.2, 0.7), (1.2, 0), (1.0.nextUp, 0.5), (1.3.nextDown, 0)]),
        Row(region: .aE, d: 1.3, points: [(1.3, 0), (1.5, 0.93), (1.3, 0.84), (9, 0.7)]),
        Row(region: .aF, d: 1.3, points: [(1.3, 0.85), (1.5, 0.94), (1.3.nextUp, 9)]),
        Row(region: .aG, d: 1.3, points: [(1.2, 0.80), (1.0.nextUp, 0.71), (1.3.nextDown, 0.85)]),
        // α_g below α_b, at it, between α_b and α_s, and at α_s.
        Row(region: .aB, d: 0.5, points: [(0.4, 0.3), (0.5.nextDown, 0)]),
        Row(region: .aA, d: 0.5, points: [(0.4, 0.7), (0.5.nextDown, 2)]),
        Row(region: .speculationOnly, d: 0.5, points: [(0.5, 0.3), (0.6, 0.3), (0.7.nextDown, 0.7.nextDown)]),
        Row(region: .lpIdle, d: 0.5, points: [(0.5, 0.7), (0.6, 0.8), (0.7, 0.3), (0.9, 0.3), (1, 0), (1, 2)]),
        Row(region: .aE, d: 0.5, points: [(1.0.nextUp, 0.5), (1.2, 0.79)]),
        Row(region: .aF, d: 0.5, points: [(1.2, 0.80)]),
        Row(region: .lpIdle, d: 0.7, points: [(0.7, 0.3), (0.7, 0.7)]),
        Row(region: .aC, d: 0.85, points: [(0.8, 0.3), (0.85.nextDown, 0.7.nextDown)]),
        Row(region: .aA, d: 0.85, points: [(0.8, 0.7)]),
        Row(region: .lpIdle, d: 0.85, points: [(0.85, 0.3), (0.85, 0.7), (0.9, 0.9)]),
        Row(region: .lpIdle, d: 1, points: [(1, 0.3), (1, 0.7), (1, 2)]),
        Row(region: .aE, d: 1, points: [(1.0.nextUp, 0.5)]),
    ])
    func table(_ row: Row) throws {
        let market = try Market.panel(row.d)
        for (alpha, gamma) in row.points {
            let payoff = market.sellerPayoff(at: alpha)
            let direct = Region(market: market, poolPrice: alpha, blockReward: gamma, sellerPayoff: payoff)
            #expect(direct == row.region, "at (\(alpha), \(gamma)), d = \(row.d)")
            let byPayoffs = Region(byPayoffsAt: alpha, blockReward: gamma, market: market)
            #expect(byPayoffs == row.region, "by payoffs at (\(alpha), \(gamma)), d = \(row.d)")
        }
    }

    /// γ = S(α), to the bit: LPs; and one double less: sellers.
    @Test func tieWithTheSellersGoesToTheProviders() throws {
        var generator = SeededGenerator(seed: 160)
        for market in try randomMarkets(1000, seed: 161) {
            let alpha = market.limits.seller * generator.uniform(1.01...3)
            let payoff = market.sellerPayoff(at: alpha)
            let buys = alpha < market.limits.genuineBuyer
            let tie = Region(market: market, poolPrice: alpha, blockReward: payoff, sellerPayoff: payoff)
            #expect(tie == (buys ? .aG : .aF))
            #expect(Region(byPayoffsAt: alpha, blockReward: payoff, market: market) == tie)
            let below = Region(market: market, poolPrice: alpha, blockReward: payoff.nextDown, sellerPayoff: payoff)
            #expect(below == (buys ? .aD : .aE))
            #expect(Region(byPayoffsAt: alpha, blockReward: payoff.nextDown, market: market) == below)
        }
    }

    /// At the limits' own doubles both routes agree, with a fee too: a price at the limit is a tie.
    @Test func routesAgreeOnTheLimits() throws {
        var generator = SeededGenerator(seed: 162)
        var different: [String] = []
        var count = 0
        for market in try randomMarkets(1000, seed: 163) {
            for group in OneSidedTrade.allCases {
                let alpha = group.limit(in: market)
                let gamma = market.externalPrice * generator.uniform(0...2)
                // Away from S itself, where rounding may decide: 16 ulp of its largest term.
                let payoff = market.sellerPayoff(at: alpha)
                guard abs(gamma - payoff) > 16 * max(market.sellerCost, alpha).ulp else { continue }
                count += 1
                let direct = Region(market: market, poolPrice: alpha, blockReward: gamma, sellerPayoff: payoff)
                let other = Region(byPayoffsAt: alpha, blockReward: gamma, market: market)
                if direct != other { different.append("\(direct) and \(other) at (\(alpha), \(gamma)) of \(market)") }
            }
        }
        #expect(count > 2900)
        #expect(different.count == 0, "\(different.count) of \(count), the first: \(different.first ?? "")")
    }

    /// Three routes on random points that are not within 1e−9 of a boundary, which is more than any route's rounding:
    /// the definition, the library's and the one by payoffs. The points hit all nine labels.
    @Test func routesAgree() throws {
        var generator = SeededGenerator(seed: 164)
        var counts = [Int](repeating: 0, count: Region.allCases.count)
        for market in try randomMarkets(2000, seed: 165) {
            let plain = PlainMarket(market)
            for _ in 0..<20 {
                let (alpha, gamma) = market.randomPoint(&generator)
                guard !plain.isNearBoundary(alpha, gamma, share: 1e-9) else { continue }
                let expected = plain.region(alpha, gamma)
                let payoff = market.sellerPayoff(at: alpha)
                let comment: Comment = "at (\(alpha), \(gamma)) of \(market)"
                #expect(
                    Region(market: market, poolPrice: alpha, blockReward: gamma, sellerPayoff: payoff) == expected,
                    comment)
                #expect(Region(byPayoffsAt: alpha, blockReward: gamma, market: market) == expected, comment)
                counts[Int(expected.code)] += 1
            }
        }
        #expect(counts.allSatisfy { $0 >= 100 }, "\(counts)")
    }
}
