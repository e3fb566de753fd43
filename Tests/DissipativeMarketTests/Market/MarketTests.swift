import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct MarketTests {
    // MARK: - What is derived

    struct Derived: Sendable {
        let market: @Sendable () throws -> Market
        let cost, alphaB, alphaS, alphaG, b, d: String
    }

    /// The decimals are the model's, or follow from its formulas by hand; 2 ulp for at most three roundings.
    @Test(arguments: [
        Derived(
            market: Market.withFee, cost: "1.0", alphaB: "0.665", alphaS: "1.052631578947368", alphaG: "1.52", b: "0.7",
            d: "1.6"),
        Derived(
            market: { try .panel(1.3) }, cost: "1.0", alphaB: "0.7", alphaS: "1.0", alphaG: "1.3", b: "0.7", d: "1.3"),
        Derived(
            market: {
                try Market(
                    externalPrice: 2, failureProbability: 0.25, collateral: 4, reservationPrice: 9, swapFee: 0.5)
            }, cost: "3.0", alphaB: "1.0", alphaS: "6.0", alphaG: "4.5", b: "0.6666666666666666667", d: "3.0"),
    ])
    func derivedQuantities(_ row: Derived) throws {
        let market = try row.market()
        expectDigits(market.sellerCost, row.cost, ulps: 2)
        expectDigits(market.limits.speculatingBuyer, row.alphaB, ulps: 2)
        expectDigits(market.limits.seller, row.alphaS, ulps: 2)
        expectDigits(market.limits.genuineBuyer, row.alphaG, ulps: 2)
        expectDigits(market.externalRatio, row.b, ulps: 2)
        expectDigits(market.reservationRatio, row.d, ulps: 2)
    }

    /// Without a fee and a forfeit all three limits are parameters themselves, exactly.
    @Test func simplestMarketIsExact() throws {
        let market = try Market(externalPrice: 0.7, reservationPrice: 1.3)
        #expect(market.limits == PriceLimits(speculatingBuyer: 0.7, seller: 0.7, genuineBuyer: 1.3))
        #expect(market.sellerCost == 0.7)
        #expect(market.expectedForfeit == 0)
        #expect(market.stakingPeriod == 1)
    }

    /// α_b ≤ α_s, whatever the parameters: b ≤ 1, and a fee only separates them.
    @Test func sellersNeverStartBelowSpeculators() throws {
        for market in try randomMarkets(10_000, seed: 100) {
            #expect(market.limits.speculatingBuyer <= market.limits.seller)
            #expect(market.externalRatio > 0)
            #expect(market.externalRatio <= 1)
        }
    }

    // MARK: - The ratio form

    /// c = 1 and pθ = 1 − b to the bit, for every b: 1 − b is off by at most 2⁻⁵⁴, and 1 is the nearest double to the
    /// sum.
    @Test func ratioFormHasUnitCost() throws {
        var generator = SeededGenerator(seed: 101)
        let given = [1, 0.7, 0.5, Double.leastNonzeroMagnitude, 1.0.nextDown, 0.1, 0.3]
        for b in given + (0..<10_000).map({ _ in generator.uniform(1e-9...1) }) {
            let market = try Market(externalRatio: b, reservationRatio: 1.3, stakingPeriod: 2)
            #expect(market.sellerCost == 1, "b = \(b)")
            #expect(market.externalPrice == b)
            #expect(market.expectedForfeit == 1 - b)
            #expect(market.failureProbability == 1)
            #expect(market.reservationPrice == 1.3)
            #expect(market.stakingPeriod == 2)
        }
    }

    // MARK: - Validation

    struct Refused: Sendable {
        let name: String
        let title: String
        let values: [Double]
        let make: @Sendable (Double) throws(ParameterError) -> Market
    }

    static let smallest = Double.leastNonzeroMagnitude
    static let notNumbers = [Double.nan, .infinity, -.infinity]

    @Test(arguments: [
        Refused(name: "beta", title: "external price", values: notNumbers + [0, -0.0, -1, -smallest]) {
            value throws(ParameterError) in try Market(externalPrice: value, reservationPrice: 1)
        },
        Refused(name: "p", title: "failure probability", values: notNumbers + [-smallest, -1, 1.0000000000000002, 2]) {
            value throws(ParameterError) in
            try Market(externalPrice: 1, failureProbability: value, reservationPrice: 1)
        },
        Refused(name: "theta", title: "collateral", values: notNumbers + [-smallest, -1]) {
            value throws(ParameterError) in
            try Market(externalPrice: 1, failureProbability: 0.5, collateral: value, reservationPrice: 1)
        },
        Refused(name: "delta", title: "reservation price", values: notNumbers + [0, -0.0, -1]) {
            value throws(ParameterError) in try Market(externalPrice: 1, reservationPrice: value)
        },
        Refused(name: "fee", title: "swap fee", values: notNumbers + [1, 1.5, -smallest, -0.1]) {
            value throws(ParameterError) in try Market(externalPrice: 1, reservationPrice: 1, swapFee: value)
        },
        Refused(name: "period", title: "staking period", values: notNumbers + [0, -0.0, -1]) {
            value throws(ParameterError) in try Market(externalPrice: 1, reservationPrice: 1, stakingPeriod: value)
        },
        Refused(
            name: "b", title: "external price over seller's cost",
            values: notNumbers + [0, -0.0, -0.7, 1.0000000000000002]
        ) { value throws(ParameterError) in try Market(externalRatio: value, reservationRatio: 1) },
        Refused(name: "d", title: "reservation price over seller's cost", values: notNumbers + [0, -0.0, -1]) {
            value throws(ParameterError) in try Market(externalRatio: 0.7, reservationRatio: value)
        },
    ])
    func refusesWhatTheModelDoesNotAllow(_ row: Refused) throws {
        for value in row.values {
            let error = try #require(throws: ParameterError.self, "\(row.name) = \(value)") { try row.make(value) }
            #expect(error.name == row.name)
            #expect(error.title == row.title)
            #expect(error.value.bitPattern == value.bitPattern, "the error must carry \(value)")
            #expect(!error.allowed.isEmpty)
            if let parameter = MarketParameter(rawValue: row.name) { #expect(error.allowed == parameter.allowed) }
            #expect(error.description.contains(error.name))
            #expect(error.description.contains(error.allowed))
            #expect(error.description.contains("\(value)"))
        }
    }

    struct Accepted: Sendable {
        let beta, p, theta, delta, fee, period: Double
    }

    /// The edges of every domain, and as near to the open ends as doubles go.
    @Test(arguments: [
        Accepted(beta: 1, p: 0, theta: 0, delta: 1, fee: 0, period: 1),
        Accepted(beta: 1, p: -0.0, theta: -0.0, delta: 1, fee: -0.0, period: 1),
        Accepted(beta: 1, p: 1, theta: 3, delta: 1, fee: 1.0.nextDown, period: 1),
        Accepted(beta: smallest, p: 1, theta: 0, delta: smallest, fee: 0, period: smallest),
        Accepted(
            beta: .greatestFiniteMagnitude, p: 1, theta: 0, delta: .greatestFiniteMagnitude, fee: 0,
            period: .greatestFiniteMagnitude),
        Accepted(beta: 1, p: 0, theta: .greatestFiniteMagnitude, delta: 1, fee: 0, period: 1),
        Accepted(beta: 1, p: 0.5, theta: .greatestFiniteMagnitude, delta: 1, fee: 0, period: 1),
    ])
    func acceptsTheEdges(_ row: Accepted) throws {
        let market = try Market(
            externalPrice: row.beta, failureProbability: row.p, collateral: row.theta, reservationPrice: row.delta,
            swapFee: row.fee, stakingPeriod: row.period)
        for price in [
            market.sellerCost, market.limits.seller, market.limits.speculatingBuyer, market.limits.genuineBuyer,
        ] {
            #expect(price > 0)
            #expect(price < .infinity)
        }
    }

    /// A zero of the other sign is the same market.
    @Test func negativeZeroIsZero() throws {
        let plain = try Market(externalPrice: 1, reservationPrice: 2)
        let negative = try Market(
            externalPrice: 1, failureProbability: -0.0, collateral: -0.0, reservationPrice: 2, swapFee: -0.0)
        #expect(plain == negative)
        #expect(plain.hashValue == negative.hashValue)
        #expect(plain.limits == negative.limits)
    }

    struct OutOfRange: Sendable {
        /// The parameters of which a smaller value would do.
        let atFault: [String]
        let beta, p, theta, delta, fee: Double
        let limit: String
    }

    /// Every parameter is in its domain, but c or a limit is no positive finite double.
    @Test(arguments: [
        OutOfRange(atFault: ["theta"], beta: 1e308, p: 1, theta: 1e308, delta: 1, fee: 0, limit: "largest double"),
        OutOfRange(
            atFault: ["theta", "fee"], beta: 1, p: 1, theta: 1e308, delta: 1, fee: 0.9, limit: "largest double"),
        OutOfRange(atFault: ["fee"], beta: smallest, p: 0, theta: 0, delta: 1, fee: 0.9, limit: "smallest double"),
        OutOfRange(atFault: ["fee"], beta: 1, p: 0, theta: 0, delta: smallest, fee: 0.9, limit: "smallest double"),
        // The buyers' limit is positive, but what sellers receive there is not.
        OutOfRange(atFault: ["fee"], beta: 1, p: 0, theta: 0, delta: 2 * smallest, fee: 0.6, limit: "smallest double"),
    ])
    func refusesWhatOverflowsOrUnderflows(_ row: OutOfRange) throws {
        let error = try #require(throws: ParameterError.self) {
            try Market(
                externalPrice: row.beta, failureProbability: row.p, collateral: row.theta, reservationPrice: row.delta,
                swapFee: row.fee)
        }
        #expect(row.atFault.contains(error.name))
        #expect(error.value == (error.name == "theta" ? row.theta : row.fee))
        #expect(error.allowed.contains(row.limit))
    }

    /// The parameter named must be one whose value is at fault: a collateral of 0 cannot be lowered.
    @Test func overflowNamesAParameterThatCanBeChanged() throws {
        let error = try #require(throws: ParameterError.self) {
            try Market(externalPrice: .greatestFiniteMagnitude, reservationPrice: 1, swapFee: 0.5)
        }
        #expect(error.name != "theta", "theta is 0, its smallest value: \(error)")
    }

    /// Over the whole range of doubles: either refused, or everything that follows is a number.
    @Test func acceptedMarketsHaveFiniteAnswers() throws {
        var generator = SeededGenerator(seed: 102)
        var accepted = 0
        for _ in 0..<20_000 {
            let made = Result {
                try Market(
                    externalPrice: generator.logUniform(-320...308),
                    failureProbability: generator.uniform(0...1),
                    collateral: generator.logUniform(-320...308),
                    reservationPrice: generator.logUniform(-320...308),
                    swapFee: 1 - generator.logUniform(-16...(-1)))
            }
            guard case .success(let market) = made else { continue }
            accepted += 1
            let limits = market.limits
            for price in [limits.speculatingBuyer, limits.seller, limits.genuineBuyer, market.sellerCost] {
                #expect(price > 0, "\(market)")
                #expect(price < .infinity, "\(market)")
            }
            let payoff = market.sellerPayoff(at: limits.genuineBuyer)
            #expect(payoff.isFinite, "\(market)")
            if let bounds = market.rewardBounds {
                #expect(bounds.upper.isFinite, "\(market)")
                #expect(bounds.width >= 0, "\(market)")
                #expect(bounds.upper >= bounds.lower, "\(market)")
            }
            let price = market.equilibriumPrice(blockReward: market.externalPrice)
            #expect(price.map { $0 >= limits.seller } == true, "\(market)")
        }
        #expect(accepted > 10_000)
    }
}
