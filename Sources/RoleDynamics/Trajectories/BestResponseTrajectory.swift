import DissipativeMarket
import Foundation
import NumericalMethods

/// A trajectory of best-response dynamics, a differential inclusion: the field jumps where selling in the pool earns what
/// the better of the other two roles does.
///
/// dz/dt is the same on both sides of that surface, so that the path crosses it wherever dz/dt ≠ 0, and spirals about the
/// one place where both vanish, ever faster: the number of crossings grows like the inverse of the amplitude. Once a crossing
/// changes no component by more than 1e−4 since the last one, the rest of the spiral is replaced by its centre, where the
/// price stays, sellers are as many as hold it (κ_s s = demand), and the idle role dies out like e^{−ρt}. From then on the
/// shares are off by at most that amount, and the price by its square. With an observation lag there is no such end:
/// the path is then followed as far as the limits allow.
public final class BestResponseTrajectory: MarketTrajectory {
    /// The amplitude below which the spiral is replaced by its centre.
    public static let chatterTolerance = 1e-4

    /// The game, whatever protocol it names.
    public let game: RoleGame
    public let end: Double

    private let field: BestResponseField
    private var integrator: PiecewiseIntegrator
    private let watches: [TrajectoryWatch]
    /// The state from which on the spiral's centre is followed.
    private var centre: MarketSample?

    /// A trajectory from a start at time 0; the parameters are those of ``RoleTrajectory``.
    public init(
        _ game: RoleGame, logPrice: Double, shares: RoleShares, until end: Double, algorithm: ODEAlgorithm,
        watches: [TrajectoryWatch] = []
    ) throws {
        try TrajectoryCheck.length(end)
        try TrajectoryCheck.logPrice(logPrice)
        try game.checkDepth(shares)
        self.game = game
        self.end = end
        self.watches = watches
        let field = BestResponseField(game)
        self.field = field
        integrator = try PiecewiseIntegrator(
            BestResponseSystem(field: field), from: 0, to: end,
            state: field.field.state(logPrice: logPrice, shares: shares), algorithm: algorithm,
            events: watches.map { $0.event(firstShare: field.field.firstShare) },
            chatterTolerance: field.field.hasLag ? nil : Self.chatterTolerance)
    }

    public var ending: ODEEnding? {
        guard let ending = integrator.ending else { return nil }
        if case .chattering = ending { return .reachedEnd }
        return ending
    }

    public var statistics: ODEStatistics { integrator.statistics }

    public var events: [TrajectoryEvent] {
        var events = integrator.occurrences.map {
            TrajectoryEvent(name: watches[$0.event].name, isRising: $0.isRising, sample: sample($0.time, $0.state))
        }
        for change in integrator.changes {
            guard case .smooth(let sides) = change.after else { continue }
            // What the best response becomes.
            let isSelling = sides[0]
            let name =
                isSelling
                ? "selling-becomes-best" : game.rewardExcess >= 0 ? "lp-becomes-best" : "external-becomes-best"
            events.append(
                TrajectoryEvent(name: name, isRising: isSelling, sample: sample(change.time, change.state)))
        }
        events.sort { $0.sample.time < $1.sample.time }
        if let centre { events.append(TrajectoryEvent(name: "sliding-start", isRising: nil, sample: centre)) }
        return events
    }

    public func advance(to time: Double) throws(ODEError) -> MarketSample? {
        if let sample = try integrator.advance(to: time) { return self.sample(time, sample) }
        guard case .chattering? = integrator.ending else { return nil }
        let start = centre ?? chatteringStart()
        centre = start
        return atCentre(time, from: start)
    }

    private func sample(_ time: Double, _ y: [Double]) -> MarketSample {
        let first = field.field.firstShare
        return MarketSample(
            time: time, logPrice: y[0], observedLogPrice: y[first - 1],
            shares: RoleShares(clipping: y[first], y[first + 1], y[first + 2]), reserves: nil)
    }

    /// The state at the last crossing, moved on to the centre of the spiral.
    private func chatteringStart() -> MarketSample {
        atCentre(integrator.time, from: sample(integrator.time, integrator.state))
    }

    private func atCentre(_ time: Double, from start: MarketSample) -> MarketSample {
        let sellers = min(max(game.demand(logPrice: start.logPrice) / game.intensities.sellers, 0), 1)
        let isExternalIdle = game.rewardExcess >= 0
        let idleAtStart = isExternalIdle ? start.shares.external : start.shares.liquidityProviders
        let idle = min(idleAtStart * exp(-game.parameters.revisionRate * (time - start.time)), 1 - sellers)
        let rest = (1 - sellers) - idle
        return MarketSample(
            time: time, logPrice: start.logPrice, observedLogPrice: start.logPrice,
            shares: RoleShares(unchecked: isExternalIdle ? rest : idle, sellers, isExternalIdle ? idle : rest),
            reserves: nil)
    }
}

/// The field with its one surface h = 0, selling in the pool being best where h > 0.
private struct BestResponseSystem: DifferentiablePiecewiseSmoothSystem {
    let field: BestResponseField
    var dimension: Int { field.dimension }
    var surfaceCount: Int { 1 }

    func surface(_ index: Int, _ t: Double, _ y: Span<Double>) -> Double { field.switching(y) }

    func surfaceRate(_ index: Int, _ t: Double, _ y: Span<Double>, _ velocity: Span<Double>) -> Double {
        field.switchingSlope(y) * velocity[field.seenPrice]
    }

    func derivative(_ sides: SurfaceSides, _ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        field.derivative(sellersFavoured: sides[0], y, &dydt)
    }

    func jacobian(
        _ sides: SurfaceSides, _ t: Double, _ y: Span<Double>, _ dfdy: inout MutableSpan<Double>,
        _ dfdt: inout MutableSpan<Double>
    ) -> Bool {
        let (n, first) = (dimension, field.field.firstShare)
        let price = field.field.price
        guard y.count >= n, dfdt.count >= n, dfdy.count >= n * n else { return false }
        if price.depthExponent > 0, y[first] <= 0 { return false }
        let x = exp(y[0])
        let factor = price.depthFactor(y[first])
        for i in 0..<n { dfdt[i] = 0 }
        for i in 0..<(n * n) { dfdy[i] = 0 }
        dfdy[0] = price.demandSlope(at: x) * factor
        if price.depthExponent > 0 {
            dfdy[first] =
                -price.depthExponent * (price.excessDemand(at: x, sellers: y[first + 1]) * factor / y[first])
        }
        dfdy[first + 1] = -price.kappaS * factor
        if field.field.hasLag {
            dfdy[n] = 1 / field.field.game.parameters.observationLag
            dfdy[n + 1] = -dfdy[n]
        }
        for share in first..<(first + 3) { dfdy[share * n + share] = -field.field.game.parameters.revisionRate }
        for i in 0..<(n * n) where !dfdy[i].isFinite { return false }
        return true
    }
}
