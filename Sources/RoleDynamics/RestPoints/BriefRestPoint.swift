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
        /// The eigenvalues of the side below a kink; nil elsewhere.
        public let eigenvaluesBelow: [Complex<Double>]?
        /// The type to first order; nil where that is not known.
        public let type: RestPointType?

        /// Whether the point is stable to first order; nil where that is not known.
        public var isStable: Bool? { type?.stability }

        /// The rate at which the slowest disturbance dies out (negative) or the fastest grows, in 1/T: the largest real part of
        /// an eigenvalue; at a kink with a lag, where eigenvalues do not decide, the logarithm of the growth over a turn over
        /// the turn's period, or the idle role's eigenvalue. nil where it is not known.
        public let slowest: Double?
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
            eigenvalues: verdict.eigenvalues, eigenvaluesBelow: verdict.eigenvaluesBelow, type: verdict.type,
            slowest: slowest(verdict))
    }

    private func slowest(_ verdict: StabilityVerdict) -> Double? {
        guard isKinked, game.parameters.observationLag > 0 else {
            return [verdict.eigenvalues, verdict.eigenvaluesBelow].compactMap { $0 }.joined().map(\.real).max()
        }
        guard let turn = verdict.turn, let idle = verdict.linearisation?.idleRate else { return nil }
        return max(turn.rate, idle)
    }

    /// The critical lag, whatever lag the game has, as ``RestPoint/criticalLag`` gives it.
    public var criticalLag: CriticalLagAnswer {
        CriticalLagAnswer(linearisation(.above), isKinked ? linearisation(.below) : nil)
    }

    /// The linear noise at the point, as ``RestPoint/linearNoise(price:)`` gives it.
    public func linearNoise(price: PriceProcess = .flow) throws(LinearNoiseError) -> LinearNoise {
        guard !isKinked, let linearisation = linearisation(.above) else { throw .notSmooth }
        guard stability.isStable == true else { throw .notStable }
        return try LinearNoise(linearisation, logPrice: logPrice, shares: shares, of: game, price: price)
    }

    /// Whether the point is one end of a segment of rest points.
    public var isSegmentEnd: Bool { candidate.degeneracies.contains(.segmentEnd) }

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
