import CommandRun
import DissipativeMarket
import Foundation
import NumericalMethods
import RoleDynamics

/// What moves the market in a simulation.
enum SimulationModel: String, CaseIterable {
    /// The sharp price flow, integrated event by event.
    case sharp
    /// Role dynamics.
    case role
    /// The sharp activities in a pool whose reserves have to move.
    case transient
}

/// A run of one of the models, set up and not yet begun; times here are in the unit of the staking period.
struct Simulation {
    let model: SimulationModel
    let game: RoleGame
    let start: RunStart
    let algorithm: ODEAlgorithm
    /// r, of the transient pool, in the unit of the staking period.
    let renewalTime: Double?
    let watches: [WatchOption]
    let end: Double

    var market: Market { game.market }
    private var period: Double { market.stakingPeriod }

    /// A trajectory from the start on.
    ///
    /// - Parameter withLimits: whether crossings of α_b, α_s, α_g and α* are events of role dynamics. The other models'
    ///   own events are at these limits.
    func trajectory(withLimits: Bool) throws -> any MarketTrajectory {
        let given = watches.map { $0.watch(in: market) }
        switch model {
        case .role:
            guard game.revisionProtocol != .bestResponse || algorithm.method != .bdf else {
                throw CommandFailure(
                    .usage,
                    "--method bdf takes a thousand evaluations a step where the field jumps, as --protocol best-response "
                        + "does; allowed: rk8pd, rkf45, rkck or adams, which take a few.")
            }
            return try game.trajectory(
                logPrice: start.logPrice, shares: start.shares, until: end / period, algorithm: algorithm,
                watches: (withLimits ? game.priceLevels : []) + given)
        case .sharp:
            return try SharpTrajectory(
                market, intensities: game.intensities, poolPrice: start.poolPrice, blockReward: game.blockReward,
                until: end / period, algorithm: algorithm, watches: given)
        case .transient:
            return try TransientTrajectory(
                market, intensities: game.intensities, poolPrice: start.poolPrice, blockReward: game.blockReward,
                renewalTime: (renewalTime ?? 0) / period, until: end / period, algorithm: algorithm, watches: given)
        }
    }

    /// The market at a time of the trajectory; nil where the integration ended before it.
    func row(at time: Double, of trajectory: any MarketTrajectory) throws -> SimulationRow? {
        // The end is the same quotient as the trajectory's own.
        guard let sample = try trajectory.advance(to: time / period) else { return nil }
        return SimulationRow(time: time, sample: sample, simulation: self)
    }

    /// An event's row.
    func row(_ event: TrajectoryEvent) -> SimulationRow {
        SimulationRow(time: event.sample.time * period, sample: event.sample, simulation: self)
    }
}

/// The market at a time, in the units of the output.
struct SimulationRow {
    /// The time in the unit of the staking period.
    let time: Double
    let sample: MarketSample
    /// x = α/c.
    let ratio: Double
    /// α, in tokens per unit.
    let poolPrice: Double
    /// The price that holders see, in units of c; at the start that of the market.
    var observedRatio: Double { time == 0 ? ratio : exp(sample.observedLogPrice) }

    init(time: Double, sample: MarketSample, simulation: Simulation) {
        self.time = time
        self.sample = sample
        if time == 0 {
            // As it was given: the logarithm and back is an ulp away at times.
            ratio = simulation.start.priceRatio
            poolPrice = simulation.start.poolPrice
        } else {
            ratio = exp(sample.logPrice)
            poolPrice = ratio * simulation.market.sellerCost
        }
    }
}
