import NumericalMethods
import Parallelism

/// Policies of the block reward on trial over a history: how long each keeps the market inside its band, how far outside it
/// is when it is not, and what it pays.
///
/// Rows count whose market is known and before which the history is as long as the longest window of all policies, so that all
/// are judged on the same time.
public struct RewardBacktest: Sendable {
    /// The history.
    public let history: PriceHistory
    /// The policies.
    public let policies: [RewardPolicy]
    /// The rows with a known market that do not count, since a window before them is not full.
    public let rowsWithoutWindow: Int
    /// How long they last, in nanoseconds.
    public let durationWithoutWindow: UInt64

    /// γ of each policy, a row each.
    private let rewards: [[Double]]
    /// The first row that counts.
    private let firstRow: Int

    /// Sets the rewards.
    public init(_ history: PriceHistory, policies: [RewardPolicy]) {
        self.history = history
        self.policies = policies
        rewards = policies.map { $0.rewards(history) }
        let window = policies.map(\.window).max() ?? 0
        let rows = history.rows
        let first =
            rows.firstIndex { UInt64(bitPattern: $0.time &- rows[0].time) >= window } ?? rows.count
        firstRow = first
        let before = (0..<first).filter { rows[$0].isKnown && history.durations[$0] > 0 }
        rowsWithoutWindow = before.count
        durationWithoutWindow = before.reduce(0) { $0 + history.durations[$1] }
    }

    /// A stretch of the history.
    public struct Period: Equatable, Sendable {
        /// When it begins, in nanoseconds.
        public let start: Int64
        /// When it ends.
        public let end: Int64

        /// A stretch of time.
        public init(start: Int64, end: Int64) {
            self.start = start
            self.end = end
        }
    }

    /// All of the history.
    public var wholePeriod: Period { Period(start: history.rows[0].time, end: history.end) }

    /// What came of a policy in a period.
    public struct Score: Equatable, Sendable {
        /// The shares of the time that counts.
        public let shares: OutcomeShares
        /// γ_min − γ, averaged over the time in which γ is below the band; 0 where it never is.
        public let meanShortfall: Double
        /// The largest γ_min − γ.
        public let largestShortfall: Double
        /// γ − γ_max, averaged over the time in which γ is above the band; 0 where it never is.
        public let meanExcess: Double
        /// The largest γ − γ_max.
        public let largestExcess: Double
        /// How many times the market was outside of its band, or had none; time that does not count ends a spell.
        public let spells: Int
        /// How long the longest of these lasted, in nanoseconds.
        public let longestSpell: UInt64
        /// γ, averaged over the time that counts.
        public let meanReward: Double
    }

    /// The rows of a period that count, and how long each lasts in it.
    private func parts(of period: Period) -> [(row: Int, duration: UInt64)] {
        history.parts(from: period.start, to: period.end).filter { $0.row >= firstRow }
    }

    /// How much of a period counts, in nanoseconds.
    public func duration(of period: Period) -> UInt64 { parts(of: period).reduce(0) { $0 + $1.duration } }

    private enum Place { case inside, below, above, noBand }

    private func place(_ row: Int, _ gamma: Double) -> Place {
        let market = history.rows[row]
        guard market.upperBound >= market.externalPrice else { return .noBand }
        return gamma < market.externalPrice ? .below : gamma > market.upperBound ? .above : .inside
    }

    /// What came of a policy, by its place, in a period; nil where nothing of it counts.
    public func score(_ policy: Int, in period: Period) -> Score? {
        let parts = parts(of: period)
        let total = parts.reduce(UInt64(0)) { $0 + $1.duration }
        guard total > 0 else { return nil }
        var step = CoverageStep(start: 0, covered: 0, above: 0, below: 0)
        var empty: UInt64 = 0
        var (shortfall, excess, paid) = (0.0, 0.0, 0.0)
        var (largestShortfall, largestExcess) = (0.0, 0.0)
        var (spells, spell, longest): (Int, UInt64, UInt64) = (0, 0, 0)
        var lastOutside: Int?
        for (row, duration) in parts {
            let gamma = rewards[policy][row]
            let market = history.rows[row]
            paid += gamma * Double(duration)
            let place = place(row, gamma)
            switch place {
            case .inside: step.covered += duration
            case .below:
                step.above += duration
                shortfall += (market.externalPrice - gamma) * Double(duration)
                largestShortfall = max(largestShortfall, market.externalPrice - gamma)
            case .above:
                step.below += duration
                excess += (gamma - market.upperBound) * Double(duration)
                largestExcess = max(largestExcess, gamma - market.upperBound)
            case .noBand: empty += duration
            }
            guard place != .inside else { continue }
            let follows = lastOutside.map { isNext(row, after: $0) } ?? false
            if !follows { (spells, spell) = (spells + 1, 0) }
            spell += duration
            longest = max(longest, spell)
            lastOutside = row
        }
        return Score(
            shares: OutcomeShares(step, empty: empty, of: total),
            meanShortfall: step.above > 0 ? shortfall / Double(step.above) : 0, largestShortfall: largestShortfall,
            meanExcess: step.below > 0 ? excess / Double(step.below) : 0, largestExcess: largestExcess, spells: spells,
            longestSpell: longest, meanReward: paid / Double(total))
    }

    /// Whether no time lies between two rows: those between them last none.
    private func isNext(_ row: Int, after other: Int) -> Bool {
        (other + 1..<max(row, other + 1)).allSatisfy { history.durations[$0] == 0 }
    }

    // MARK: - Differences

    /// The lengths of blocks, in nanoseconds, that the rule of ``BlockLength`` gives for the time in which each policy is
    /// balanced: the longest of them. Nil where none of these ever changes.
    public func blockLength(in period: Period) -> UInt64? {
        let parts = parts(of: period)
        return policies.indices.compactMap { policy in
            BlockLength.ofSteps(
                parts.map { place($0.row, rewards[policy][$0.row]) == .inside ? 1 : 0 },
                durations: parts.map(\.duration))
        }.max()
    }

    /// Percentile intervals of how much more of the time each policy but the first is balanced than the first one; all are
    /// drawn by the same blocks, so that what befalls all of them alike is no difference.
    ///
    /// The circular block bootstrap over the time that counts, see ``BlockBootstrap``; the result depends on the seed, not on
    /// `threads`.
    public func differences(
        in period: Period, resamples: Int, block: UInt64, confidence: Double, seed: UInt64,
        threads: Int = availableProcessors
    ) -> [ClosedRange<Double>?] {
        let parts = parts(of: period)
        guard block > 0, resamples > 0, !parts.isEmpty else { return policies.map { _ in nil } }
        let gains = policies.indices.map { policy in
            parts.map { part in
                let own = place(part.row, rewards[policy][part.row]) == .inside
                let first = place(part.row, rewards[0][part.row]) == .inside
                return own == first ? 0 : own ? 1 : -1
            }
        }
        let circle = GainCircle(durations: parts.map(\.duration), gains: gains)
        let count = policies.count
        var drawn = [Double](repeating: 0, count: resamples * count)
        drawn.withUnsafeMutableBufferPointer { buffer in
            forEachChunk(of: buffer, chunkSize: count, threads: threads) { index, chunk in
                var generator = Philox(seed: seed, stream: UInt64(index), purpose: Self.purpose)
                for (policy, sum) in circle.draw(block: block, using: &generator).enumerated() {
                    chunk[policy] = Double(sum) / Double(circle.length)
                }
            }
        }
        let tail = (1 - confidence) / 2
        return policies.indices.map { policy in
            guard policy > 0 else { return nil }
            let own = (0..<resamples).map { drawn[$0 * count + policy] }.sorted()
            return quantile(own, tail)...quantile(own, 1 - tail)
        }
    }

    /// Tells these numbers from others of the same seed: "backt".
    private static let purpose: UInt64 = 0x62_6163_6b74
}
