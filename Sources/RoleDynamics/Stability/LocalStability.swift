import ComplexModule
import Foundation
import NumericalMethods
import RealModule

/// The eigenvalues of a rest point, with what they make of it.
///
/// Eigenvalues are those of the Jacobian with the external sellers' share eliminated: three, in closed form, or four with an
/// observation lag, by LAPACK; in 1/T, sorted by real part. Eigenvectors are given in all components of the state, (z, ℓ, s, e) or
/// (z, q, ℓ, s, e), of 2-norm 1, with δe = −δℓ − δs.
///
/// Smith's and BNN's fields have a kink where two roles tie. Then `eigenvalues` is the side on which sellers earn more
/// (higher prices), and `eigenvaluesBelow` the other; elsewhere `eigenvaluesBelow` is nil.
public struct LocalStability: Equatable, Sendable {
    /// The eigenvalues; nil at a sliding point and where there is no linearisation.
    public let eigenvalues: [Complex<Double>]?
    /// `eigenvectors[k]` belongs to `eigenvalues[k]`.
    public let eigenvectors: [[Complex<Double>]]?
    /// The eigenvalues of the side below a kink.
    public let eigenvaluesBelow: [Complex<Double>]?
    /// The eigenvectors of the side below a kink.
    public let eigenvectorsBelow: [[Complex<Double>]]?
    /// The type. At a kink the plane of price and sellers is turned through by halves, one on each side: without a lag a
    /// focus is stable if Re/|Im| adds up to less than 0 over both sides, with one if a full turn falls off (``KinkTurn``).
    public let type: RestPointType?
    /// Whether the point is stable to first order; nil where that is not known: at a centre, a sliding point, or a point
    /// without a type.
    public var isStable: Bool? { type?.stability }

    /// The linearisations, above a kink or where there is none, and below a kink.
    let linearisation: Linearisation?
    let linearisationBelow: Linearisation?

    /// - Parameter degeneracies: what is found out is added.
    init(
        _ candidate: RestCandidate, field: RoleField, isAtTie: Bool, degeneracies: inout [Degeneracy]
    ) {
        // Eigenvectors are found with the eigenvalues, and kept on the way.
        var vectors: [[[Complex<Double>]]] = []
        let verdict = StabilityVerdict(candidate, field: field, isAtTie: isAtTie, degeneracies: &degeneracies) {
            part, lag throws(LinearAlgebraError) in
            let pairs = try Eigenpairs(part, lag: lag)
            vectors.append(pairs.vectors)
            return pairs.values
        }
        eigenvalues = verdict.eigenvalues
        eigenvaluesBelow = verdict.eigenvaluesBelow
        eigenvectors = verdict.eigenvalues == nil ? nil : vectors.first
        eigenvectorsBelow = verdict.eigenvaluesBelow == nil ? nil : vectors.last
        type = verdict.type
        linearisation = verdict.linearisation
        linearisationBelow = verdict.linearisationBelow
    }
}

/// The eigenvalues of a rest point and what they make of it, however the eigenvalues are found.
struct StabilityVerdict {
    private(set) var eigenvalues: [Complex<Double>]?
    private(set) var eigenvaluesBelow: [Complex<Double>]?
    private(set) var type: RestPointType?
    /// The growth over a turn about a kink at the game's lag, which is what decides there; nil elsewhere, and where it was
    /// not found.
    private(set) var turn: KinkTurn.Growth?
    let linearisation: Linearisation?
    let linearisationBelow: Linearisation?

    /// - Parameters:
    ///   - degeneracies: what is found out is added.
    ///   - find: the eigenvalues of a linearisation at a lag.
    init(
        _ candidate: RestCandidate, field: RoleField, isAtTie: Bool, degeneracies: inout [Degeneracy],
        find: (Linearisation, Double) throws(LinearAlgebraError) -> [Complex<Double>]
    ) {
        let game = field.game
        let protocolKind = game.revisionProtocol
        let lag = game.parameters.observationLag
        let isSliding = isAtTie && protocolKind == .bestResponse
        let isKinked = isAtTie && (protocolKind == .smith || protocolKind == .bnn)
        let x = exp(candidate.logPrice)
        let slope = MeanSellingPrice(candidate.logPrice + game.logarithmOfKept).slope

        func linearised(_ side: TieSide) -> Linearisation? {
            Linearisation(candidate, field: field, price: x, meanSlope: slope, side: side)
        }
        let above = isSliding ? nil : linearised(.above)
        let below = isKinked ? linearised(.below) : nil
        linearisation = above
        linearisationBelow = below

        var reason: String?
        func values(_ part: Linearisation?) -> [Complex<Double>]? {
            guard let part else { return nil }
            do throws(LinearAlgebraError) {
                return try find(part, lag)
            } catch {
                reason = reason ?? error.description
                return nil
            }
        }
        let first = values(above)
        let second = values(below)
        eigenvalues = first
        eigenvaluesBelow = second

        if isSliding {
            type = .sliding
            return
        }
        guard let above, let first, !isKinked || second != nil else {
            if game.parameters.depthExponent > 0, candidate.shares.liquidityProviders <= 0 {
                degeneracies.append(.emptyPool)
            } else {
                degeneracies.append(
                    .noEigenvalues(reason: reason ?? "an element of the Jacobian exceeds the largest double"))
            }
            return
        }
        // What is 0 without a lag is 0 at every lag.
        func spectrum(_ part: Linearisation, _ found: [Complex<Double>]) -> Spectrum {
            Spectrum(lag > 0 ? part.eigenvaluesWithoutLag : found, tolerance: 0)
        }
        let spectrumAbove = spectrum(above, first)
        let spectrumBelow = below.flatMap { part in second.map { spectrum(part, $0) } }
        let zeros = max(spectrumAbove.zeros, spectrumBelow?.zeros ?? 0)
        if zeros > 0 {
            degeneracies.append(
                protocolKind == .bnn && zeros <= Self.idleRoles(candidate, game)
                    ? .idleRoleDiesSlowly : .zeroEigenvalues(count: zeros))
        }
        guard let below, let spectrumBelow else {
            type = lag > 0 ? above.type(lag: lag, computed: first) : spectrumAbove.type
            return
        }
        if lag > 0 {
            turn = KinkTurn(above: above, below: below)?.growth(lag: lag)
            type = turn.map(Self.laggedKinkedType)
            if type == nil { degeneracies.append(.growthNotFound) }
        } else {
            type = Self.kinkedType(spectrumAbove, spectrumBelow)
            if type == nil, spectrumAbove.type != spectrumBelow.type { degeneracies.append(.sidesDiffer) }
        }
    }

    /// The type of a kinked point at a lag, by the growth over a full turn: a focus or a node, as it turns or not, where
    /// that falls off; a saddle where it grows, for the rest falls off.
    private static func laggedKinkedType(_ growth: KinkTurn.Growth) -> RestPointType {
        if growth.period == .infinity { return .stableNode }
        // A few roundings of each of the half turns, in which the logarithm is no smaller than the terms that it sums.
        if abs(growth.logarithm) <= 1e-13 { return .centre }
        return growth.logarithm < 0 ? .stableFocus : .saddle
    }

    /// How many roles are not played and earn less than those that are.
    private static func idleRoles(_ candidate: RestCandidate, _ game: RoleGame) -> Int {
        let payoffs = [game.rewardExcess, candidate.sellerExcess, 0]
        let shares = [candidate.shares.liquidityProviders, candidate.shares.sellers, candidate.shares.external]
        let best = payoffs.max() ?? 0
        return zip(payoffs, shares).filter { $0 < best && $1 == 0 }.count
    }

    /// The type of a point in whose plane of motion the two half planes have different linear fields, continuous across
    /// the line between them.
    static func kinkedType(_ above: Spectrum, _ below: Spectrum) -> RestPointType? {
        if let p = above.pair, let q = below.pair {
            // Half a turn at each side: the growth over a turn is e^{π(Re₊/Im₊ + Re₋/Im₋)}.
            let (up, down) = (p.real / p.imaginary, q.real / q.imaginary)
            let growth = up + down
            if abs(growth) <= 1e-13 * max(1, abs(up), abs(down)) { return .centre }
            let others = above.values.filter { $0.imaginary == 0 && $0.real > above.tolerance }
            if !others.isEmpty { return growth > 0 ? nil : .saddle }
            return growth < 0 ? .stableFocus : .unstableFocus
        }
        if above.type == below.type { return above.type }
        // One turn at most on the side of the focus; then along an eigenvector of the other.
        if let one = above.type, let other = below.type, one.isStable, other.isStable { return .stableNode }
        return nil
    }
}

/// Eigenvalues with eigenvectors in all components of the state.
private struct Eigenpairs {
    let values: [Complex<Double>]
    let vectors: [[Complex<Double>]]

    init(_ linearisation: Linearisation, lag: Double) throws(LinearAlgebraError) {
        let decomposition = try Eigendecomposition(Matrix(linearisation.matrix(lag: lag)))
        var pairs = Array(zip(decomposition.values, decomposition.vectors))
        if lag > 0 {
            values = decomposition.values
        } else {
            // The closed form's values, each with the vector of the nearest of LAPACK's.
            values = linearisation.eigenvaluesWithoutLag
            var rest = pairs
            pairs = values.map { value in
                let nearest = rest.indices.min { (rest[$0].0 - value).length < (rest[$1].0 - value).length } ?? 0
                return rest.remove(at: nearest)
            }
        }
        vectors = pairs.map { pair in
            let vector = pair.1
            let n = vector.count
            let full = vector + [-(vector[n - 2] + vector[n - 1])]
            // At least 1, so no division by 0.
            let norm = full.reduce(0) { $0 + $1.lengthSquared }.squareRoot()
            return full.map { Complex($0.real / norm, $0.imaginary / norm) }
        }
    }
}
