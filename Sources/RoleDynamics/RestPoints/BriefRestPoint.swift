import ComplexModule
import DissipativeMarket
import Foundation
import NumericalMethods
import RealModule

/// The rest point that stands for a game where millions of games are looked at: price and shares, and on demand
/// eigenvalues, type and critical lag, without what a list of rest points tells beside (eigenvectors, residual, regret).
///
/// It is the Nash point of ``RoleGame/restPoints()``, found by the same search: price, bracket, shares, type and, without
/// an observation lag, eigenvalues are the same doubles. With a lag LAPACK's eigenvalues without vectors are those with
/// vectors to some ε times the largest rate, not to the bit. Without a lag nothing of LAPACK is used, which takes most of
/// the time of ``RoleGame/restPoints()``.
public struct BriefRestPoint: Sendable {
    private let candidate: RestCandidate
    private let field: RoleField

    /// - Parameter candidate: of a search in the same field.
    init(_ candidate: RestCandidate, field: RoleField) {
        self.candidate = candidate
        self.field = field
    }

    /// The game.
    public var game: RoleGame { field.game }
    /// z = ln x.
    public var logPrice: Double { candidate.logPrice }
    /// The log prices between which the defining equation changes sign.
    public var bracket: ClosedRange<Double> { candidate.bracket }
    /// x = e^z; 0 where that is below the smallest double.
    public var price: Double { exp(logPrice) }
    /// α = xc, in tokens per unit.
    public var poolPrice: Double { price * game.market.sellerCost }
    /// The shares.
    public var shares: RoleShares { candidate.shares }
    /// Which roles are played.
    public var face: RestFace { candidate.face }

    /// Eigenvalues and type, as of ``LocalStability``.
    public struct Stability: Sendable {
        /// The eigenvalues, above a kink or where there is none; nil where there is no linearisation.
        public let eigenvalues: [Complex<Double>]?
        /// Those of the side below a kink.
        public let eigenvaluesBelow: [Complex<Double>]?
        /// nil where it is not known from eigenvalues.
        public let type: RestPointType?

        /// The largest real part of an eigenvalue, of both sides of a kink, in 1/T.
        public var slowest: Double? {
            guard let largest = eigenvalues?.map(\.real).max() else { return nil }
            return max(largest, eigenvaluesBelow?.map(\.real).max() ?? largest)
        }
    }

    /// The eigenvalues and the type of the point.
    public var stability: Stability {
        var degeneracies: [Degeneracy] = []
        let verdict = StabilityVerdict(
            candidate, field: field, isAtTie: candidate.isAtTie, degeneracies: &degeneracies
        ) { part, lag throws(LinearAlgebraError) in
            lag > 0 ? try eigenvalues(of: Matrix(part.matrix(lag: lag))) : part.eigenvaluesWithoutLag
        }
        return Stability(
            eigenvalues: verdict.eigenvalues, eigenvaluesBelow: verdict.eigenvaluesBelow, type: verdict.type)
    }

    /// What is known of a critical lag.
    public enum LagAnswer: Equatable, Sendable {
        /// The smallest lag at which a pair crosses the imaginary axis, in T.
        case lag(Double)
        /// The point keeps its stability at every lag, or has none without one.
        case none
        /// The point has no linearisation.
        case noLinearisation
    }

    /// The critical lag, whatever lag the game has, as ``RestPoint/criticalLag(side:)`` gives it: in closed form, above a kink.
    public var criticalLag: LagAnswer {
        guard let linearisation = linearisation(.above) else { return .noLinearisation }
        return linearisation.lagCrossings.map { .lag($0.destabilising) } ?? .none
    }

    /// Whether the point is stable without a lag and has lost that to the lag of its game, at a kink on either side.
    public var isDestabilisedByLag: Bool {
        let lag = game.parameters.observationLag
        guard lag > 0 else { return false }
        let sides: [TieSide] = isKinked ? [.above, .below] : [.above]
        return sides.contains { side in
            guard let crossings = linearisation(side)?.lagCrossings else { return false }
            return lag > crossings.destabilising && lag < crossings.stabilising ?? .infinity
        }
    }

    private var isKinked: Bool {
        candidate.isAtTie && (game.revisionProtocol == .smith || game.revisionProtocol == .bnn)
    }

    private func linearisation(_ side: TieSide) -> Linearisation? {
        if candidate.isAtTie, game.revisionProtocol == .bestResponse { return nil }
        return Linearisation(
            candidate, field: field, price: price,
            meanSlope: MeanSellingPrice(logPrice + game.logarithmOfKept).slope, side: side)
    }
}

extension RoleGame {
    /// The game's Nash point, or for logit, whose noise keeps all roles alive, its only rest point; nil where the price
    /// never comes to rest.
    ///
    /// Where there is a segment of rest points (y = b) it is the end with the fewest LPs: all of them have one price.
    ///
    /// - Throws: ``RestPointError``, as ``restPoints()``.
    public func briefRestPoint() throws(RestPointError) -> BriefRestPoint? {
        var search = RestPointSearch(self)
        try search.run()
        var best: RestCandidate?
        for candidate in search.candidates where candidate.isNash ?? true {
            if let found = best,
                (found.logPrice, found.shares.liquidityProviders)
                    <= (candidate.logPrice, candidate.shares.liquidityProviders)
            {
                continue
            }
            best = candidate
        }
        return best.map { BriefRestPoint($0, field: search.field) }
    }
}
