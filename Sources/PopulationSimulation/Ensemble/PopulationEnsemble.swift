import DissipativeMarket
import Foundation
import Parallelism
import RoleDynamics

/// Runs of one population from one start, sampled at the same times.
///
/// Run r draws from the stream (seed, r) and from nothing else: it is the same alone, in any company and at any number of
/// threads.
public struct PopulationEnsemble: Sendable {
    /// The most events and steps of all runs together.
    public static let mostWork = 1e10

    /// The population.
    public let population: Population
    /// z = ln x at the start.
    public let logPrice: Double
    /// The roles at the start.
    public let start: RoleCounts
    /// When runs are sampled, rising, in units of T; the last time is the end.
    public let times: [Double]
    /// How the chain is followed.
    public let method: PopulationMethod
    /// The number of runs.
    public let runs: Int
    /// The number of the first of them.
    public let firstRun: Int
    /// The seed of all of them.
    public let seed: UInt64
    /// The log prices between which the price is watched; nil for none.
    public let band: ClosedRange<Double>?

    /// Runs of a population.
    ///
    /// - Throws: `ParameterError` naming `runs`, `step`, `x` or `until`, ``PopulationError``.
    public init(
        _ population: Population, logPrice: Double, shares: RoleShares, times: [Double], method: PopulationMethod,
        runs: Int, firstRun: Int = 0, seed: UInt64, band: ClosedRange<Double>? = nil
    ) throws {
        guard runs >= 1 else {
            throw ParameterError(
                name: "runs", title: "number of runs", value: Double(runs), allowed: "a whole number of at least 1")
        }
        guard abs(logPrice) <= ChainState.largestLogPrice else {
            throw ParameterError(
                name: "x", title: "pool price over seller's cost at the start", value: exp(logPrice),
                allowed: "a number whose logarithm is from -700 to 700")
        }
        guard let last = times.last, times[0] >= 0, last > 0, last < .infinity,
            zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
        else {
            throw ParameterError(
                name: "until", title: "end of the runs", value: times.last ?? .nan,
                allowed: "a finite number greater than 0, with times that rise to it")
        }
        if case .leap(let step) = method {
            guard step > 0, step <= last else {
                throw ParameterError(
                    name: "step", title: "step of the leap", value: step,
                    allowed: "a number greater than 0 and no greater than the time, \(last)")
            }
            guard population.revisionProtocol != .bestResponse else { throw PopulationError.leapNeedsRates }
        }
        self.population = population
        self.logPrice = logPrice
        start = RoleCounts(shares, of: population.holders)
        self.times = times
        self.method = method
        self.runs = runs
        self.firstRun = firstRun
        self.seed = seed
        self.band = band
        guard expectedWork <= Self.mostWork else {
            throw PopulationError.tooMuchWork(expectedWork, method: method)
        }
    }

    /// The events, or steps, that all runs are expected to take: of `exact` one for each revision at the rate ρ + μ, each
    /// trade at the rates' bounds, and each step that the price between events needs.
    public var expectedWork: Double {
        let rules = ChainRules(population)
        let end = times[times.count - 1]
        let perRun: Double
        switch method {
        case .leap(let step): perRun = end / step + Double(times.count)
        case .exact:
            let velocity = rules.velocity
            let depth = rules.depthFactor(Double(start.liquidityProviders) / rules.holders)
            var rate = rules.clockRate * rules.holders
            if rules.isPriceFrozen {
            } else if rules.tradeSize > 0 {
                let trades = velocity.kappaG + velocity.kappaB + velocity.kappaS
                rate += rules.holders / rules.tradeSize * trades * depth
            } else {
                rate += 10 * rules.priceRelaxation * depth
            }
            perRun = rate * end
        }
        return perRun * Double(runs)
    }

    /// By how much the step of a leap is too long for the rates: the largest product of the step and a rate of the price,
    /// of the lag or of the protocol's clock. Up to about ½ the step resolves the motion.
    public var stepResolution: Double {
        guard case .leap(let step) = method else { return 0 }
        let rules = ChainRules(population)
        let depth = rules.depthFactor(Double(start.liquidityProviders) / rules.holders)
        let relaxation = rules.isPriceFrozen ? 0 : rules.priceRelaxation * depth
        return step * max(relaxation, rules.clockRate, rules.lag > 0 ? 1 / rules.lag : 0)
    }

    /// The run of a number, from 0.
    public func run(_ index: Int) -> PopulationRun {
        let rules = ChainRules(population)
        let state = ChainState(counts: start, logPrice: logPrice, seenLogPrice: logPrice)
        let record = PathRecord(band: band, watchesRoles: population.hasAbsorbingFaces, start: state)
        let stream = UInt64(firstRun + index)
        // Rates may rise far beyond those of the start; what is expected to be little may then take long.
        let limit = max(Self.mostWork / Double(runs), 1e6)
        switch method {
        case .exact:
            var chain = ExactChain(
                rules, start: state, record: record, seed: seed, run: stream, workLimit: limit)
            return follow(index, &chain)
        case .leap(let step):
            var chain = LeapChain(
                rules, start: state, record: record, seed: seed, run: stream, step: step, workLimit: limit)
            return follow(index, &chain)
        }
    }

    private func follow(_ index: Int, _ chain: inout some FollowedChain) -> PopulationRun {
        var samples: [Double] = []
        samples.reserveCapacity(PopulationRun.width * times.count)
        var ending = RunEnding.reachedEnd
        for time in times {
            if let stop = chain.advance(to: time) {
                ending = stop
                break
            }
            let state = chain.state
            samples.append(state.logPrice)
            samples.append(Double(state.counts.liquidityProviders))
            samples.append(Double(state.counts.sellers))
        }
        let record = chain.record
        return PopulationRun(
            number: firstRun + index, ending: ending, samples: samples,
            shareInBand: record.shareInBand, firstExit: record.firstExit,
            firstLoss: record.firstLoss, work: chain.work)
    }
}

/// A chain as an ensemble follows it.
protocol FollowedChain {
    var state: ChainState { get }
    var record: PathRecord { get }
    var work: Double { get }
    /// Follows the chain to a time; how it ended before, or nil.
    mutating func advance(to end: Double) -> RunEnding?
}

extension ExactChain: FollowedChain {}
extension LeapChain: FollowedChain {}

/// Why runs are refused.
public enum PopulationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A leap takes rates that are continuous; the best response jumps, and would chatter about a sliding point.
    case leapNeedsRates
    /// The runs would take too many events or steps.
    case tooMuchWork(Double, method: PopulationMethod)

    /// The error in a line.
    public var description: String {
        switch self {
        case .leapNeedsRates:
            "the leap is not for the best response, which jumps: at a sliding point it would chatter with the step; "
                + "use the method exact"
        case .tooMuchWork(let work, .exact):
            "the runs would take about \(work) events, more than \(PopulationEnsemble.mostWork); use the method leap, whose "
                + "work does not depend on the number of holders, or fewer runs or a shorter time"
        case .tooMuchWork(let work, .leap):
            "the runs would take about \(work) steps, more than \(PopulationEnsemble.mostWork); use fewer runs, a shorter time "
                + "or a longer step"
        }
    }
}
