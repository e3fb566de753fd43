import DissipativeMarket
import TestSupport
import Testing

@Suite struct EmissionScheduleTests {
    private static let day: UInt64 = 86_400_000_000_000

    /// LooPIN's documentation: 100,000 tokens a day, halved yearly, 70 % to GPU providers.
    private static func loopin(capacity: Double = 2000, price: Double = 0.5) throws -> EmissionSchedule {
        try EmissionSchedule(
            tokens: 100_000, period: day, start: 1_712_620_800_000_000_000, halving: 365 * day, share: 0.7,
            capacity: capacity, tokenPrice: price, unit: day / 24)
    }

    /// The documentation's maximum supply is what the halvings come to.
    @Test func givesOutTheMaximumSupply() throws {
        let schedule = try Self.loopin()
        #expect(schedule.supply == 73_000_000)
        #expect(schedule.emitted(untilHalving: 0) == 0)
        #expect(schedule.emitted(untilHalving: 1) == 36_500_000)
        #expect(schedule.emitted(untilHalving: 2) == 54_750_000)
        #expect(schedule.emitted(untilHalving: 3000) == 73_000_000)
    }

    @Test func rewardsAreHalvedExactly() throws {
        let schedule = try Self.loopin()
        // 100,000/24 tokens an hour, 70 % of them, at 0.5, for 2000 units.
        #expect(abs(schedule.firstReward - 100_000 / 24 * 0.7 * 0.5 / 2000) < 1e-15)
        for count in 0..<1000 {
            #expect(schedule.reward(afterHalvings: count) == 2 * schedule.reward(afterHalvings: count + 1))
        }
        #expect(schedule.reward(afterHalvings: 5000) == 0)
        #expect(schedule.time(ofHalving: 1) == 1_712_620_800_000_000_000 + Int64(365 * Self.day))
        #expect(schedule.time(ofHalving: 0) == schedule.start)
        #expect(schedule.time(ofHalving: 500) == nil)
        #expect(schedule.time(ofHalving: -1) == nil)
    }

    /// Each epoch by the model's own outcome.
    @Test func theCourseIsThatOfTheOutcomes() throws {
        var generator = SeededGenerator(seed: 51)
        var (jumped, inside) = (0, 0)
        for _ in 0..<500 {
            let beta = generator.logUniform(-2...1)
            let market = try Market(
                externalPrice: beta, failureProbability: 0.1, collateral: beta * generator.uniform(0...1),
                reservationPrice: beta * generator.uniform(0.9...6))
            guard let band = market.rewardBounds else { continue }
            let schedule = try Self.loopin(capacity: generator.logUniform(1...5), price: generator.logUniform(-2...1))
            let course = schedule.course(in: band)
            let outcomes = (0...60).map {
                Equilibrium(market: market, blockReward: schedule.reward(afterHalvings: $0)).outcome
            }
            #expect(outcomes.firstIndex { $0 != .scarcity } == course.halvingsAbove)
            #expect(outcomes.firstIndex(of: .exodus) == course.halvingsUntilBelow)
            #expect(outcomes.contains(.balanced) == course.isEverBalanced)
            if !course.isEverBalanced, course.halvingsUntilBelow > 0 { jumped += 1 }
            if course.isEverBalanced { inside += 1 }
            // What keeps an epoch inside does, and a little more or less does not.
            let capacities = schedule.capacities(afterHalvings: 1, inside: band)
            let prices = schedule.tokenPrices(afterHalvings: 1, inside: band)
            let slack = 1e-12
            func outcome(_ capacity: Double, _ price: Double) throws -> Outcome {
                let other = try EmissionSchedule(
                    tokens: schedule.tokens, period: schedule.period, start: 0, halving: schedule.halving,
                    share: schedule.share, capacity: capacity, tokenPrice: price, unit: schedule.unit)
                return Equilibrium(market: market, blockReward: other.reward(afterHalvings: 1)).outcome
            }
            #expect(try outcome(capacities.lowerBound * (1 - slack), schedule.tokenPrice) == .scarcity)
            #expect(try outcome(capacities.upperBound * (1 + slack), schedule.tokenPrice) == .exodus)
            #expect(try outcome(schedule.capacity, prices.lowerBound * (1 - slack)) == .exodus)
            #expect(try outcome(schedule.capacity, prices.upperBound * (1 + slack)) == .scarcity)
            guard band.relativeWidth > 1e-9 else { continue }
            #expect(try outcome(capacities.lowerBound * (1 + slack), schedule.tokenPrice) == .balanced)
            #expect(try outcome(capacities.upperBound * (1 - slack), schedule.tokenPrice) == .balanced)
        }
        #expect(jumped > 20)
        #expect(inside > 20)
    }

    @Test func refusesWhatIsNoSchedule() {
        func make(
            tokens: Double = 1, period: UInt64 = 1, halving: UInt64 = 1, share: Double = 1, capacity: Double = 1,
            price: Double = 1
        ) -> String {
            do throws(ParameterError) {
                _ = try EmissionSchedule(
                    tokens: tokens, period: period, start: 0, halving: halving, share: share, capacity: capacity,
                    tokenPrice: price, unit: 1)
                return ""
            } catch { return error.name }
        }
        #expect(make() == "")
        #expect(make(tokens: 0) == "tokens")
        #expect(make(tokens: .nan) == "tokens")
        #expect(make(tokens: .infinity) == "tokens")
        #expect(make(share: 1.1) == "share")
        #expect(make(share: 0) == "share")
        #expect(make(capacity: -1) == "capacity")
        #expect(make(price: 0) == "token-price")
        #expect(make(period: 0) == "every")
        #expect(make(halving: 0) == "halving")
        #expect(make(tokens: 1e300, price: 1e300) == "tokens")
        #expect(make(tokens: 1e-300, price: 1e-300) == "tokens")
    }
}
