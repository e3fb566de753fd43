import Foundation

/// What is kept of a run of a mechanism: the quantities of every pool at the times asked for, and its metrics.
public struct RunOutcome: Sendable {
    /// The quantities: by time, then pool, then quantity; NaN where a mechanism has none.
    public let values: [Double]
    /// The metrics from the burn-in to the end: by pool, then metric; NaN where there is none.
    public let metrics: [Double]
    /// The same metrics in each of twenty equal parts of that time.
    public let batches: [[Double]]
    /// The events that took place.
    public let events: Int
    /// Of every pool, where it was asked for: the share of the time in which the price was from α_s to α_g, and the moment
    /// at which it was first outside, nil for never.
    public internal(set) var band: [(share: Double, firstExit: Double?)] = []

    /// The parts of the time from the burn-in to the end.
    static let parts = 20
    /// Changes of the price are taken over this part of T.
    static let volatilityStep = 1.0 / 24
}

/// Follows a run, collecting what is kept of it.
struct RunCollector {
    let parameters: ProtocolParameters
    let mechanism: Mechanism
    private(set) var values: [Double] = []
    /// The totals of every pool at the ends of the parts.
    private var marks: [[PoolTotals]] = []
    /// Of every pool: the last log price, and the moments of its changes in each part.
    private var lastLogPrices: [Double]
    private var changes: [[ChangeMoments]]

    /// Count, mean and sum of squares about it (Welford).
    struct ChangeMoments {
        var count = 0.0
        var mean = 0.0
        var squares = 0.0

        mutating func add(_ x: Double) {
            count += 1
            let difference = x - mean
            mean += difference / count
            squares += difference * (x - mean)
        }

        /// The moments of two sets together (Chan).
        mutating func add(_ other: ChangeMoments) {
            guard other.count > 0 else { return }
            let sum = count + other.count
            let difference = other.mean - mean
            squares += other.squares + difference * difference * count * other.count / sum
            mean += difference * other.count / sum
            count = sum
        }

        /// The standard deviation a square root of T.
        var volatility: Double? {
            count > 1 ? (squares / (count - 1) / RunOutcome.volatilityStep).squareRoot() : nil
        }
    }

    init(_ parameters: ProtocolParameters, _ mechanism: Mechanism) {
        self.parameters = parameters
        self.mechanism = mechanism
        lastLogPrices = [Double](repeating: .nan, count: parameters.pools.count)
        changes = Array(
            repeating: Array(repeating: ChangeMoments(), count: parameters.pools.count), count: RunOutcome.parts)
    }

    /// A moment at which a run stops to be looked at.
    struct Moment {
        var time: Double
        var isSample = false
        var isMark = false
        var isPrice = false
    }

    /// The moments, in order, those of one instant together.
    var moments: [Moment] {
        let (start, end) = (parameters.burnIn, parameters.end)
        var moments = parameters.times.map { Moment(time: $0, isSample: true) }
        for part in 0...RunOutcome.parts {
            let time = part == RunOutcome.parts ? end : start + (end - start) * Double(part) / Double(RunOutcome.parts)
            moments.append(Moment(time: time, isMark: true))
        }
        let step = RunOutcome.volatilityStep
        var k = (start / step).rounded(.up)
        while k * step <= end {
            moments.append(Moment(time: k * step, isPrice: true))
            k += 1
        }
        moments.sort { $0.time < $1.time }
        var together: [Moment] = []
        for moment in moments {
            if let last = together.last, last.time == moment.time {
                together[together.count - 1].isSample = last.isSample || moment.isSample
                together[together.count - 1].isMark = last.isMark || moment.isMark
                together[together.count - 1].isPrice = last.isPrice || moment.isPrice
            } else {
                together.append(moment)
            }
        }
        return together
    }

    /// Looks at the pools at a moment.
    ///
    /// - Parameters:
    ///   - totals: of every pool.
    ///   - state: a quantity of a pool that is no sum.
    mutating func look(at moment: Moment, totals: [PoolTotals], state: (Int, ProtocolQuantity) -> Double) {
        if moment.isSample {
            for pool in totals.indices {
                for quantity in ProtocolQuantity.allCases {
                    values.append(totals[pool].sum(quantity) ?? state(pool, quantity))
                }
            }
        }
        if moment.isPrice {
            let part = max(min(marks.count, RunOutcome.parts), 1) - 1
            for pool in totals.indices {
                let logPrice = log(state(pool, .price))
                if lastLogPrices[pool].isFinite { changes[part][pool].add(logPrice - lastLogPrices[pool]) }
                lastLogPrices[pool] = logPrice
            }
        }
        if moment.isMark { marks.append(totals) }
    }

    /// What is kept of the run.
    func outcome(events: Int) -> RunOutcome {
        let length = parameters.end - parameters.burnIn
        func metrics(from: Int, to: Int) -> [Double] {
            parameters.pools.indices.flatMap { pool in
                var moments = ChangeMoments()
                for part in from..<to { moments.add(changes[part][pool]) }
                let span = PoolSpan(
                    parameters: parameters.pools[pool], mechanism: mechanism, from: marks[from][pool],
                    to: marks[to][pool], length: length * Double(to - from) / Double(RunOutcome.parts),
                    volatility: moments.volatility)
                return ProtocolMetric.allCases.map { span.value($0) ?? .nan }
            }
        }
        // A run of no length has all its marks at one moment.
        guard marks.count == RunOutcome.parts + 1 else {
            let none = [Double](repeating: .nan, count: parameters.pools.count * ProtocolMetric.allCases.count)
            return RunOutcome(values: values, metrics: none, batches: [], events: events)
        }
        return RunOutcome(
            values: values, metrics: metrics(from: 0, to: RunOutcome.parts),
            batches: (0..<RunOutcome.parts).map { metrics(from: $0, to: $0 + 1) }, events: events)
    }
}

extension ProtocolParameters {
    /// A run of the pool mechanism.
    ///
    /// - Parameters:
    ///   - seed: any number.
    ///   - run: the number of the run.
    /// - Throws: `ParameterError` for what cannot be simulated, ``ProtocolFailure`` for an event that broke a rule.
    public func runPool(seed: UInt64, run: UInt64) throws -> RunOutcome {
        var simulation = try ProtocolRun(self, seed: seed, run: run)
        var collector = RunCollector(self, .pool)
        for moment in collector.moments {
            _ = try simulation.advance(to: moment.time)
            if moment.isSample { try simulation.auditSample() }
            let totals = pools.indices.map { simulation.totals(ofPool: $0) }
            collector.look(at: moment, totals: totals) { pool, quantity in simulation.state(ofPool: pool, quantity) }
        }
        var outcome = collector.outcome(events: simulation.events)
        if tracksBand { outcome.band = simulation.pools.compactMap { $0.band?.ended(at: end) } }
        return outcome
    }

    /// A run of the order book, the device types one beside the other.
    ///
    /// - Parameters:
    ///   - books: the order book of every pool's devices.
    ///   - seed: any number.
    ///   - run: the number of the run.
    /// - Throws: `ParameterError` for what cannot be simulated, ``ProtocolFailure`` where the books do not add up.
    public func runOrderBooks(_ books: [OrderBookParameters], seed: UInt64, run: UInt64) throws -> RunOutcome {
        try validate()
        for book in books { try book.validate() }
        var simulations = pools.indices.map { orderBook(books[$0], pool: $0, seed: seed, run: run, keepsRows: false) }
        var collector = RunCollector(self, .posted)
        for moment in collector.moments {
            for pool in pools.indices {
                _ = simulations[pool].advance(to: moment.time)
                guard moment.isSample, audit != .off else { continue }
                simulations[pool].audit()
                if let invariant = simulations[pool].ledger.broken {
                    throw ProtocolFailure(
                        run: run, event: simulations[pool].events, kind: "sample", time: moment.time,
                        pool: pools[pool].name, invariant: invariant)
                }
            }
            collector.look(at: moment, totals: simulations.map(\.totals)) { pool, quantity in
                switch quantity {
                case .price: books[pool].listPrice
                case .lp: 0
                case .seller: simulations[pool].presentShare
                case .external: 1 - simulations[pool].presentShare
                default: .nan
                }
            }
        }
        return collector.outcome(events: simulations.reduce(0) { $0 + $1.events })
    }

    func orderBook(_ book: OrderBookParameters, pool: Int, seed: UInt64, run: UInt64, keepsRows: Bool) -> OrderBook {
        let cost = pools[pool].market.sellerCost * Double(pools[pool].providers) * pools[pool].unitSize
        let all = pools.reduce(0) { $0 + $1.market.sellerCost * Double($1.providers) * $1.unitSize }
        return OrderBook(
            pools[pool], book: book, number: pool, key: (seed, run), circulating: initialCirculating * (cost / all),
            keepsRows: keepsRows)
    }
}

extension ProtocolRun {
    /// A quantity of a pool that is no sum.
    func state(ofPool index: Int, _ quantity: ProtocolQuantity) -> Double {
        let pool = pools[index]
        let providers = Double(pool.parameters.providers)
        return switch quantity {
        case .price: pool.reserves.price
        case .reserveAsset: pool.reserves.assets.value
        case .reserveToken: pool.reserves.tokens.value
        case .lp: Double(pool.counts[0]) / providers
        case .seller: Double(pool.counts[1]) / providers
        case .external: Double(pool.counts[2]) / providers
        default: .nan
        }
    }
}
