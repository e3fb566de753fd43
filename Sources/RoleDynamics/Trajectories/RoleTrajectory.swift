import DissipativeMarket
import Foundation
import NumericalMethods

/// A trajectory of role dynamics under logit, replicator, Smith or BNN.
///
/// Integrated in the shares themselves, whose sum the field keeps to rounding; what rounding and the tolerance leave below
/// 0 or of a sum other than 1 is taken away from what is given out, not from the state. Replicator dynamics is integrated in
/// log odds, where no share can become negative.
public final class RoleTrajectory: MarketTrajectory {
    /// The game.
    public let game: RoleGame
    public let end: Double

    private var integrator: ODEIntegrator
    private let watches: [TrajectoryWatch]
    private let sampling: Sampling

    /// How a state becomes a sample.
    private enum Sampling {
        case shares(first: Int)
        case logOdds(ReplicatorField)

        func sample(_ time: Double, _ y: [Double]) -> MarketSample {
            switch self {
            case .shares(let first):
                MarketSample(
                    time: time, logPrice: y[0], observedLogPrice: y[first - 1],
                    shares: RoleShares(clipping: y[first], y[first + 1], y[first + 2]), reserves: nil)
            case .logOdds(let field):
                MarketSample(
                    time: time, logPrice: y[0], observedLogPrice: y[field.hasLag ? 1 : 0],
                    shares: field.shares(time, y[y.count - 1]), reserves: nil)
            }
        }
    }

    /// A trajectory from a start at time 0.
    ///
    /// - Parameters:
    ///   - game: any protocol but the best response, which is a ``BestResponseTrajectory``.
    ///   - logPrice: z = ln x at the start, finite.
    ///   - shares: at the start. With a depth exponent η > 0 there must be LPs.
    ///   - end: how far it goes, ≥ 0, in units of T.
    ///   - algorithm: the method, its tolerances and limits; the absolute tolerance is of z and of the shares (of the log
    ///     odds with replicator dynamics).
    ///   - watches: levels whose crossings are events.
    /// - Throws: `ParameterError` for the start or the end, `ODEError` for the algorithm.
    public init(
        _ game: RoleGame, logPrice: Double, shares: RoleShares, until end: Double, algorithm: ODEAlgorithm,
        watches: [TrajectoryWatch] = []
    ) throws {
        try TrajectoryCheck.length(end)
        try TrajectoryCheck.logPrice(logPrice)
        try game.checkDepth(shares)
        guard game.revisionProtocol != .bestResponse else { throw BestResponseNeedsItsOwn() }
        self.game = game
        self.end = end
        self.watches = watches
        if game.revisionProtocol == .replicator {
            let field = ReplicatorField(game, start: shares)
            sampling = .logOdds(field)
            let state = (field.hasLag ? [logPrice, logPrice] : [logPrice]) + [0]
            integrator = try ODEIntegrator(
                field, from: 0, to: end, state: state, algorithm: algorithm,
                events: watches.map { watch in
                    switch watch.quantity {
                    case .logPrice: ODEEvent(watch.name) { _, y in y[0] - watch.level }
                    case .liquidityProviders, .sellers, .external:
                        ODEEvent(watch.name) { t, y in
                            field.shares(t, y[y.count - 1])[watch.quantity] - watch.level
                        }
                    }
                })
        } else {
            let field = RoleField(game)
            sampling = .shares(first: field.firstShare)
            integrator = try ODEIntegrator(
                field, from: 0, to: end, state: field.state(logPrice: logPrice, shares: shares), algorithm: algorithm,
                events: watches.map { $0.event(firstShare: field.firstShare) })
        }
    }

    public var ending: ODEEnding? { integrator.ending }
    public var statistics: ODEStatistics { integrator.statistics }

    public var events: [TrajectoryEvent] {
        integrator.occurrences.map {
            TrajectoryEvent(
                name: watches[$0.event].name, isRising: $0.isRising, sample: sampling.sample($0.time, $0.state))
        }
    }

    public func advance(to time: Double) throws(ODEError) -> MarketSample? {
        try integrator.advance(to: time).map { sampling.sample(time, $0) }
    }
}

/// A best response is no smooth field; see ``BestResponseTrajectory``.
struct BestResponseNeedsItsOwn: Error, CustomStringConvertible {
    var description: String {
        "best-response dynamics is a differential inclusion: follow it by BestResponseTrajectory"
    }
}

extension RoleGame {
    /// A pool whose depth counts needs LPs at the start.
    func checkDepth(_ shares: RoleShares) throws(ParameterError) {
        guard parameters.depthExponent == 0 || shares.liquidityProviders > 0 else {
            throw ParameterError(
                name: "lp", title: "share of LPs at the start", value: shares.liquidityProviders,
                allowed: "a number greater than 0 with a depth exponent of \(parameters.depthExponent)")
        }
    }

    /// A trajectory of the game by its protocol.
    ///
    /// - Throws: as ``RoleTrajectory`` and ``BestResponseTrajectory`` do.
    public func trajectory(
        logPrice: Double, shares: RoleShares, until end: Double, algorithm: ODEAlgorithm,
        watches: [TrajectoryWatch] = []
    ) throws -> any MarketTrajectory {
        if revisionProtocol == .bestResponse {
            return try BestResponseTrajectory(
                self, logPrice: logPrice, shares: shares, until: end, algorithm: algorithm, watches: watches)
        }
        return try RoleTrajectory(
            self, logPrice: logPrice, shares: shares, until: end, algorithm: algorithm, watches: watches)
    }
}

extension RoleShares {
    /// What is left of a state near the simplex, off by roundings or by the tolerance: no share below 0, and a sum of 1.
    init(clipping liquidityProviders: Double, _ sellers: Double, _ external: Double) {
        let (l, s, e) = (max(liquidityProviders, 0), max(sellers, 0), max(external, 0))
        let sum = l + s + e
        self.init(unchecked: l / sum, s / sum, e / sum)
    }

    /// A share, or NaN for the price.
    subscript(quantity: TrajectoryWatch.Quantity) -> Double {
        switch quantity {
        case .liquidityProviders: liquidityProviders
        case .sellers: sellers
        case .external: external
        case .logPrice: .nan
        }
    }
}

extension TrajectoryWatch {
    /// The event function on a state (z, …, ℓ, s, e).
    func event(firstShare: Int) -> ODEEvent {
        let level = level
        let index =
            switch quantity {
            case .logPrice: 0
            case .liquidityProviders: firstShare
            case .sellers: firstShare + 1
            case .external: firstShare + 2
            }
        return ODEEvent(name) { _, y in y[index] - level }
    }
}
