import Testing

@testable import DissipativeMarket

@Suite struct MarketRatioTests {
    @Test func prices() {
        #expect(MarketRatio.allCases.map(\.parameter) == [.alpha, .gamma, .beta, .delta])
        #expect(MarketRatio.allCases.map(\.rawValue) == ["x", "y", "b", "d"])
        for ratio in MarketRatio.allCases { #expect(MarketRatio(of: ratio.parameter) == ratio) }
        for parameter in [MarketParameter.p, .theta, .fee, .period] { #expect(MarketRatio(of: parameter) == nil) }
    }

    /// A ratio may be what its price may be; b at most 1 besides, since c = β + pθ.
    @Test func domains() {
        for ratio in [MarketRatio.x, .y, .d] { #expect(ratio.domain == ratio.parameter.domain) }
        #expect(MarketRatio.b.allows(1))
        #expect(!MarketRatio.b.allows(1.0.nextUp))
        #expect(MarketRatio.b.title == "external price over seller's cost")
    }
}
