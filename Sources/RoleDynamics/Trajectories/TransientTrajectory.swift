import DissipativeMarket
import Foundation
import NumericalMethods

/// The sharp flow in a pool whose reserves have to move first, an extension of ours.
///
/// With the net sell flow f = (κ_s − κ_u)X/T of those who are active in the sharp diagram at α = Y/X, and the renewal time r
/// after which the asset reserve is back at X̄:
///
///     dX/dt = f − (X − X̄)/r,    dY/dt = −fY/X,    X(0) = X̄,  Y(0) = α₀X̄.
///
/// As r/T → 0 the price tends to the sharp flow's, at first order: the relative error is −κ_s r/T for sellers and
/// +κ_u r/T for buyers. Integrated in u = ln(X/X̄) and a = ln(α/α₀), in which nothing is negative and the sides of a surface
/// are exact; in units of T with k = f T/X:
///
///     du/dt = k + (e^{−u} − 1)/r,    da/dt = −2k − (e^{−u} − 1)/r.
///
/// While the reserve recovers the price moves although nobody trades, so that it also slides along limits at which the
/// sharp flow rests. With a swap fee the flows are the same (the fee never enters the pool) and the limits move.
public final class TransientTrajectory: MarketTrajectory {
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
    ///   - renewalTime: r > 0 in units of T, with κ_s r < 1, else the reserve would grow without end.
    ///   - end: how far it goes, ≥ 0, in units of T.
    ///   - algorithm: any method; with a small r the system is stiff.
    ///   - watches: levels of the log price whose crossings are events.
    /// - Throws: `ParameterError` for what lies outside of its domain, `ODEError` for the algorithm.
    public init(
        _ market: Market, intensities: TradeIntensities = .baseline, poolPrice alpha: Double, blockReward gamma: Double,
        renewalTime: Double, until end: Double, algorithm: ODEAlgorithm, watches: [TrajectoryWatch] = []
    ) throws {
        try TrajectoryCheck.length(end)
        guard renewalTime > 0, renewalTime < .infinity, intensities.sellers * renewalTime < 1 else {
            throw ParameterError(
                name: "renewal-time", title: "renewal time over the staking period", value: renewalTime,
                allowed: "a number greater than 0 and less than 1/κ_s = \(1 / intensities.sellers)")
        }
        activities = try SharpActivities(
            checking: market, intensities, startPrice: alpha, blockReward: gamma, watches: watches, isQuasiStatic: false
        )
        self.end = end
        self.watches = watches
        let start = logarithmOfRatio(alpha, market.sellerCost)
        integrator = try PiecewiseIntegrator(
            TransientSystem(activities: activities, renewalTime: renewalTime), from: 0, to: end, state: [0, 0],
            algorithm: algorithm,
            events: watches.map { watch in ODEEvent(watch.name) { _, y in start + y[1] - watch.level } })
    }

    public var ending: ODEEnding? { integrator.ending }
    public var statistics: ODEStatistics { integrator.statistics }

    public var events: [TrajectoryEvent] {
        sortedEvents(activities.events(of: integrator, watches: watches, sample: sample))
    }

    public func advance(to time: Double) throws(ODEError) -> MarketSample? {
        try integrator.advance(to: time).map { sample(time, $0, integrator.motion) }
    }

    private func sample(_ time: Double, _ y: [Double], _ motion: PiecewiseMotion) -> MarketSample {
        let z = logarithmOfRatio(activities.startPrice, activities.market.sellerCost) + y[1]
        let asset = exp(y[0])
        return MarketSample(
            time: time, logPrice: z, observedLogPrice: z,
            shares: activities.shares(motion, weightAbove: integrator.slidingWeight(of: motion, at: time, y)),
            reserves: PoolReserves(asset: asset, token: activities.poolPrice(y[1]) * asset))
    }
}

private struct TransientSystem: DifferentiablePiecewiseSmoothSystem {
    let activities: SharpActivities
    let renewalTime: Double
    var dimension: Int { 2 }
    var surfaceCount: Int { activities.surfaces.count }

    func surface(_ index: Int, _ t: Double, _ y: Span<Double>) -> Double { activities.value(index, y[1]) }

    func surfaceRate(_ index: Int, _ t: Double, _ y: Span<Double>, _ velocity: Span<Double>) -> Double {
        activities.slope(index, y[1]) * velocity[1]
    }

    func derivative(_ sides: SurfaceSides, _ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        let k = activities.netSales(sides)
        let renewal = expm1(-y[0]) / renewalTime
        dydt[0] = k + renewal
        dydt[1] = -2 * k - renewal
        return true
    }

    func jacobian(
        _ sides: SurfaceSides, _ t: Double, _ y: Span<Double>, _ dfdy: inout MutableSpan<Double>,
        _ dfdt: inout MutableSpan<Double>
    ) -> Bool {
        let slope = -exp(-y[0]) / renewalTime
        dfdy[0] = slope
        dfdy[1] = 0
        dfdy[2] = -slope
        dfdy[3] = 0
        dfdt[0] = 0
        dfdt[1] = 0
        return true
    }
}
