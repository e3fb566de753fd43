import DissipativeMarket
import Foundation
import NumericalMethods

/// The sharp price flow found by integration, event by event: the other route to `SharpFlow`'s closed form.
///
/// The activities of the sharp diagram are a piecewise-smooth system in ln α; where sellers and buyers hold the price
/// between them the path slides along the surface (Filippov). The shares of a sample are 1 for the role that dominates;
/// speculating buyers count as external sellers.
public final class SharpTrajectory: MarketTrajectory {
    public let end: Double

    private let activities: SharpActivities
    private var integrator: PiecewiseIntegrator
    private let watches: [TrajectoryWatch]

    /// A trajectory from a pool price at time 0.
    ///
    /// - Parameters:
    ///   - market: gives the limits and the seller's payoff.
    ///   - intensities: with κ_s > κ_g, as the sharp flow asks.
    ///   - alpha: the pool price at the start, > 0, in tokens per unit.
    ///   - gamma: the block reward, ≥ 0, in tokens per unit.
    ///   - end: how far it goes, ≥ 0, in units of T.
    ///   - algorithm: any method.
    ///   - watches: levels of the log price whose crossings are events.
    /// - Throws: `ParameterError` for α, γ, κ_s ≤ κ_g, the end and watches of shares; `ODEError` for the algorithm.
    public init(
        _ market: Market, intensities: TradeIntensities = .baseline, poolPrice alpha: Double, blockReward gamma: Double,
        until end: Double, algorithm: ODEAlgorithm, watches: [TrajectoryWatch] = []
    ) throws {
        try TrajectoryCheck.length(end)
        activities = try SharpActivities(
            checking: market, intensities, startPrice: alpha, blockReward: gamma, watches: watches, isQuasiStatic: true)
        self.end = end
        self.watches = watches
        let start = logarithmOfRatio(alpha, market.sellerCost)
        integrator = try PiecewiseIntegrator(
            SharpSystem(activities: activities), from: 0, to: end, state: [0], algorithm: algorithm,
            events: watches.map { watch in ODEEvent(watch.name) { _, y in start + y[0] - watch.level } })
    }

    public var ending: ODEEnding? { integrator.ending }
    public var statistics: ODEStatistics { integrator.statistics }

    public var events: [TrajectoryEvent] {
        let events = activities.events(of: integrator, watches: watches, sample: sample)
        return sortedEvents(events + (restEvent.map { [$0] } ?? []))
    }

    public func advance(to time: Double) throws(ODEError) -> MarketSample? {
        try integrator.advance(to: time).map { sample(time, $0, integrator.motion) }
    }

    /// The moment from which the price stays: the last change, if it moves no more behind it.
    private var restEvent: TrajectoryEvent? {
        let motion = integrator.motionAhead
        switch motion {
        case .smooth(let sides): guard activities.netSales(sides) == 0 else { return nil }
        case .sliding: break
        }
        let last = integrator.changes.last
        return TrajectoryEvent(name: "rest", isRising: nil, sample: sample(last?.time ?? 0, last?.state ?? [0], motion))
    }

    private func sample(_ time: Double, _ y: [Double], _ motion: PiecewiseMotion) -> MarketSample {
        let z = logarithmOfRatio(activities.startPrice, activities.market.sellerCost) + y[0]
        return MarketSample(
            time: time, logPrice: z, observedLogPrice: z,
            shares: activities.shares(motion, weightAbove: integrator.slidingWeight(of: motion, at: time, y)),
            reserves: nil)
    }
}

/// Events in the order of time; where times agree, in the order in which they were found.
func sortedEvents(_ events: [TrajectoryEvent]) -> [TrajectoryEvent] {
    events.enumerated().sorted {
        ($0.element.sample.time, $0.offset) < ($1.element.sample.time, $1.offset)
    }.map(\.element)
}

extension SharpActivities {
    /// The activities of what has been checked.
    init(
        checking market: Market, _ intensities: TradeIntensities, startPrice alpha: Double, blockReward gamma: Double,
        watches: [TrajectoryWatch], isQuasiStatic: Bool
    ) throws(ParameterError) {
        // The sharp flow's own checks: α, γ, κ_s > κ_g.
        _ = try SharpFlow(market: market, intensities: intensities, poolPrice: alpha, blockReward: gamma)
        if let watch = watches.first(where: { $0.quantity != .logPrice }) {
            throw ParameterError(
                name: "level", title: "watched level \(watch.name)", value: watch.level,
                allowed: "a level of the price: the sharp model has no shares that move")
        }
        self.init(
            market, intensities, startPrice: alpha, blockReward: gamma, isQuasiStatic: isQuasiStatic)
    }
}

/// da/dt = −(net sales), a = ln(α/α₀), in units of T.
private struct SharpSystem: DifferentiablePiecewiseSmoothSystem {
    let activities: SharpActivities
    var dimension: Int { 1 }
    var surfaceCount: Int { activities.surfaces.count }

    func surface(_ index: Int, _ t: Double, _ y: Span<Double>) -> Double { activities.value(index, y[0]) }

    func surfaceRate(_ index: Int, _ t: Double, _ y: Span<Double>, _ velocity: Span<Double>) -> Double {
        activities.slope(index, y[0]) * velocity[0]
    }

    func derivative(_ sides: SurfaceSides, _ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        dydt[0] = -activities.netSales(sides)
        return true
    }

    func jacobian(
        _ sides: SurfaceSides, _ t: Double, _ y: Span<Double>, _ dfdy: inout MutableSpan<Double>,
        _ dfdt: inout MutableSpan<Double>
    ) -> Bool {
        dfdy[0] = 0
        dfdt[0] = 0
        return true
    }
}
