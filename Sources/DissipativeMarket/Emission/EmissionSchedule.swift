/// Tokens that a protocol gives out, so many a period and half as many after each halving, and the block reward that they are.
///
/// In the currency of β, per unit of the asset staked for one unit of time (that of β's price),
///
///     γ_j = E s P/K · u/e · 2^{−j}   from start + jH to start + (j + 1)H,
///
/// with E tokens a period e, of which the share s goes to providers, K units staked, a token's price P, the time u that β is the
/// price of, and the time H between halvings. Halving a double is exact: γ_j is compared with the band without rounding.
/// All of a unit's reward is taken as that of an LP.
public struct EmissionSchedule: Equatable, Sendable {
    /// E > 0, tokens a period before the first halving.
    public let tokens: Double
    /// e, in nanoseconds.
    public let period: UInt64
    /// When it begins, in nanoseconds since any moment.
    public let start: Int64
    /// H, in nanoseconds.
    public let halving: UInt64
    /// s in 0 <… 1.
    public let share: Double
    /// K > 0, units staked.
    public let capacity: Double
    /// P > 0, in the currency of β.
    public let tokenPrice: Double
    /// u, in nanoseconds.
    public let unit: UInt64

    /// A schedule.
    ///
    /// - Throws: `ParameterError` for a number that is not positive and finite, a share above 1, or a reward that is no positive
    ///   finite double.
    public init(
        tokens: Double, period: UInt64, start: Int64, halving: UInt64, share: Double, capacity: Double,
        tokenPrice: Double,
        unit: UInt64
    ) throws(ParameterError) {
        let positive = "a finite number greater than 0"
        for (name, title, value) in [
            ("tokens", "tokens a period", tokens), ("capacity", "staked capacity", capacity),
            ("token-price", "price of a token", tokenPrice), ("share", "share of the providers", share),
        ] where !(value > 0 && value.isFinite) {
            throw ParameterError(name: name, title: title, value: value, allowed: positive)
        }
        guard share <= 1 else {
            throw ParameterError(
                name: "share", title: "share of the providers", value: share,
                allowed: "a number greater than 0 and at most 1")
        }
        for (name, title, value) in [
            ("every", "period of the tokens", period), ("halving", "time between halvings", halving),
            ("unit", "unit of time of the price", unit),
        ] where value == 0 {
            throw ParameterError(name: name, title: title, value: 0, allowed: positive)
        }
        self.tokens = tokens
        self.period = period
        self.start = start
        self.halving = halving
        self.share = share
        self.capacity = capacity
        self.tokenPrice = tokenPrice
        self.unit = unit
        guard firstReward > 0, firstReward < .infinity else {
            throw ParameterError(
                name: "tokens", title: "tokens a period", value: tokens,
                allowed: "a number that makes the reward a positive finite double, not \(firstReward)")
        }
    }

    /// The currency of β that all providers together get for one unit of time, before the first halving.
    private var firstPay: Double { tokens * share * tokenPrice * (Double(unit) / Double(period)) }

    /// γ_0.
    public var firstReward: Double { firstPay / capacity }

    /// γ_j.
    public func reward(afterHalvings count: Int) -> Double { Self.halved(firstReward, count) }

    /// Tokens a period after j halvings.
    public func tokens(afterHalvings count: Int) -> Double { Self.halved(tokens, count) }

    /// All tokens until the j-th halving: E H/e · 2(1 − 2^{−j}).
    public func emitted(untilHalving count: Int) -> Double {
        tokens * (Double(halving) / Double(period)) * (2 - Self.halved(2, count))
    }

    /// What all tokens come to in the end, 2EH/e.
    public var supply: Double { 2 * tokens * (Double(halving) / Double(period)) }

    /// The staked capacities between which the reward of an epoch is inside a band: as many units as it can pay.
    public func capacities(afterHalvings count: Int, inside band: RewardBounds) -> ClosedRange<Double> {
        let pay = Self.halved(firstPay, count)
        return pay / band.upper...pay / band.lower
    }

    /// The token prices between which the reward of an epoch is inside a band.
    public func tokenPrices(afterHalvings count: Int, inside band: RewardBounds) -> ClosedRange<Double> {
        let perPrice = reward(afterHalvings: count) / tokenPrice
        return band.lower / perPrice...band.upper / perPrice
    }

    /// When the j-th halving is; nil beyond the range of times. The 0-th is the start.
    public func time(ofHalving count: Int) -> Int64? {
        guard let count = UInt64(exactly: count) else { return nil }
        let (elapsed, overflow) = halving.multipliedReportingOverflow(by: count)
        guard !overflow, elapsed <= UInt64(bitPattern: Int64.max &- start) else { return nil }
        return start &+ Int64(bitPattern: elapsed)
    }

    private static func halved(_ x: Double, _ count: Int) -> Double {
        // In two steps: 2^{−count} alone would underflow before x·2^{−count} does.
        let first = min(max(count, 0), 1000)
        let rest = min(max(count, 0) - first, 1200)
        return x * Double(sign: .plus, exponent: -first, significand: 1)
            * (rest > 1000 ? 0 : Double(sign: .plus, exponent: -rest, significand: 1))
    }

    /// What becomes of a market under the schedule, which only ever pays less.
    public struct Course: Equatable, Sendable {
        /// How many halvings it takes until the reward is no longer above the band; 0 where it never is.
        public let halvingsAbove: Int
        /// How many it takes until it is below the band.
        public let halvingsUntilBelow: Int

        /// Whether it is ever inside: a band less than twice as wide as high may be jumped over.
        public var isEverBalanced: Bool { halvingsAbove < halvingsUntilBelow }
    }

    /// The course in a band.
    public func course(in band: RewardBounds) -> Course {
        func firstHalving(_ holds: (Double) -> Bool) -> Int {
            // 2^{−2200} of any double is 0.
            (0...2200).first { holds(reward(afterHalvings: $0)) } ?? 2200
        }
        return Course(
            halvingsAbove: firstHalving { $0 <= band.upper }, halvingsUntilBelow: firstHalving { $0 < band.lower })
    }
}
