import ComplexModule
import Foundation

/// Where a trajectory of role dynamics goes in the end.
public enum Attractor: Equatable, Hashable, Sendable {
    /// The rest point of this number, from 1 by rising price, has been reached and not left again.
    case restPoint(Int)
    /// A point of a segment of rest points, which differ in how many of those who do not sell provide liquidity.
    case segment
    /// Two turns around the first rest point agreed.
    case cycle
    /// The price falls for ever.
    case escapeToZero
    /// The trajectory has reached none of these within the time.
    case notSettled

    /// `rest-1`, `rest-segment`, `cycle`, `escape-to-zero` or `none`.
    public var name: String {
        switch self {
        case .restPoint(let number): "rest-\(number)"
        case .segment: "rest-segment"
        case .cycle: "cycle"
        case .escapeToZero: "escape-to-zero"
        case .notSettled: "none"
        }
    }

    /// Whether price and shares are at rest there.
    public var isRest: Bool {
        switch self {
        case .restPoint, .segment: true
        case .cycle, .escapeToZero, .notSettled: false
        }
    }

    /// All attractors that a game can have, the one of a trajectory that has not settled first: no game has more isolated
    /// rest points than faces.
    public static let all = [.notSettled, .cycle, .escapeToZero, .segment] + (1...8).map { Attractor.restPoint($0) }
}

/// A place where a trajectory may settle.
public struct AttractorTarget: Equatable, Sendable {
    /// What it is.
    public let attractor: Attractor
    /// z = ln x, below which every price counts where it is an escape.
    public let logPrice: Double
    /// The shares; of a segment of rest points those of its end, and of an escape without meaning.
    public let shares: RoleShares

    /// How far the market is from it: the largest difference of ln x, of what holders see of it, and of the shares, of a
    /// segment of s alone; of an escape how far ln x is above its level, less than 0 below.
    public func distance(of sample: MarketSample) -> Double {
        let prices = max(abs(sample.logPrice - logPrice), abs(sample.observedLogPrice - logPrice))
        let sellers = abs(sample.shares.sellers - shares.sellers)
        switch attractor {
        case .segment: return max(prices, sellers)
        case .escapeToZero: return sample.logPrice - logPrice
        case .restPoint, .cycle, .notSettled:
            return max(
                prices, sellers, abs(sample.shares.liquidityProviders - shares.liquidityProviders),
                abs(sample.shares.external - shares.external))
        }
    }

    /// The distance in units of what counts as there, up to 1; continuous along a trajectory.
    func reading(of sample: MarketSample, radius: Double) -> Double {
        let distance = distance(of: sample)
        return attractor == .escapeToZero ? max(1 + distance, 0) : distance / radius
    }
}

extension RestPointSolution {
    /// By how much, in ln x, an escaping price has to be below all prices that mean something to it.
    private static let escapeDepth = log(1000.0)

    /// A trajectory from a start with the places where it may settle.
    ///
    /// The places are the rest points that are not known to repel it, so that distance and dwell decide where the first
    /// order does not; a segment of them as a whole; a cycle around the first rest point; and the way on which the
    /// price falls for ever, where the equations leave it nothing else to do (an escape on a face that holds the
    /// start): a price counts as one that does when it has fallen below a thousandth of every limit of trade and of
    /// every rest point, for as long as a settled trajectory has to stay.
    ///
    /// - Parameters:
    ///   - logPrice: z = ln x at the start.
    ///   - shares: at the start.
    ///   - observedLogPrice: what holders see of it, where there is a lag; nil for z itself.
    public func trajectory(
        logPrice: Double, shares: RoleShares, observedLogPrice: Double? = nil
    ) -> RoleEnsemble.Cell {
        var targets: [AttractorTarget] = []
        for (index, point) in points.enumerated() {
            let isSegment = point.degeneracies.contains(.segmentEnd)
            // Both ends of a segment stand for the whole of it.
            if isSegment ? targets.contains(where: { $0.attractor == .segment }) : point.repels(from: shares) {
                continue
            }
            targets.append(
                AttractorTarget(
                    attractor: isSegment ? .segment : .restPoint(index + 1), logPrice: point.logPrice,
                    shares: point.shares))
        }
        let escapes = escapes.contains { escape in
            escape.direction == .toZero
                && (escape.face == .all || (escape.face == .sellersOnly && shares.sellers == 1))
        }
        if escapes {
            let prices =
                [game.speculatingBuyersLimit, game.genuineBuyersLimit].map { log($0) } + [-game.logarithmOfKept]
                + points.map(\.logPrice)
            targets.append(
                AttractorTarget(
                    attractor: .escapeToZero, logPrice: (prices.min() ?? 0) - Self.escapeDepth, shares: shares))
        }
        return RoleEnsemble.Cell(
            game: game, logPrice: logPrice, shares: shares, targets: targets,
            cycleLogPrice: points.first?.logPrice, observedLogPrice: observedLogPrice)
    }
}

extension RestPoint {
    /// Whether the point is known to be unstable for what starts from these shares.
    ///
    /// Under replicator dynamics, where a role that is absent stays absent, the roles that are played at the point must be
    /// there at the start, and a role that is absent at the start cannot make the point unstable: its eigenvalue
    /// ρ(π_i − π̄) is left out.
    fileprivate func repels(from start: RoleShares) -> Bool {
        guard game.revisionProtocol == .replicator else { return stability.isStable == false }
        let here = [shares.liquidityProviders, shares.sellers, shares.external]
        let there = [start.liquidityProviders, start.sellers, start.external]
        if zip(here, there).contains(where: { $0 > 0 && $1 == 0 }) { return true }
        guard var remaining = stability.eigenvalues else { return false }
        let earned = [payoffs.liquidityProvider, payoffs.seller, payoffs.external]
        let mean = zip(here, earned).reduce(0) { $0 + $1.0 * $1.1 }
        for i in 0..<3 where here[i] == 0 && there[i] == 0 {
            let rate = Complex(game.parameters.revisionRate * (earned[i] - mean))
            let distances = remaining.map { ($0 - rate).length }
            if let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }) {
                remaining.remove(at: nearest)
            }
        }
        return Spectrum(computed: remaining).type?.stability == false
    }
}
