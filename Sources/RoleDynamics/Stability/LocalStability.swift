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
    /// Their eigenvectors.
    public let eigenvectorsBelow: [[Complex<Double>]]?
    /// The type. At a kink without a lag, whose plane of price and sellers is turned through by halves, one on each side, a
    /// focus is stable if Re/|Im| adds up to less than 0 over both sides.
    public let type: RestPointType?
    /// The linearisations, above a kink or where there is none, and below a kink.
    let linearisation: Linearisation?
    let linearisationBelow: Linearisation?

    /// - Parameter degeneracies: what is found out is added.
    init(
        _ candidate: RestCandidate, field: RoleField, isAtTie: Bool, degeneracies: inout [Degeneracy]
    ) {
        let game = field.game
        let protocolKind = game.revisionProtocol
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

        var found: [Eigenpairs?] = []
        var reasons: [String] = []
        for part in [above, below] {
            guard let part else {
                found.append(nil)
                continue
            }
            do throws(LinearAlgebraError) {
                found.append(try Eigenpairs(part, lag: game.parameters.observationLag))
            } catch {
                found.append(nil)
                reasons.append(error.description)
            }
        }
        let (first, second) = (found[0], isKinked ? found[1] : nil)
        eigenvalues = first?.values
        eigenvectors = first?.vectors
        eigenvaluesBelow = second?.values
        eigenvectorsBelow = second?.vectors

        if isSliding {
            type = .sliding
            return
        }
        guard let first, !isKinked || second != nil else {
            if game.parameters.depthExponent > 0, candidate.shares.liquidityProviders <= 0 {
                degeneracies.append(.emptyPool)
            } else {
                degeneracies.append(
                    .noEigenvalues(reason: reasons.first ?? "an element of the Jacobian exceeds the largest double"))
            }
            type = nil
            return
        }
        // What is 0 without a lag is 0 at every lag.
        let spectra = [above, below].compactMap { $0.map { Spectrum($0.eigenvaluesWithoutLag, tolerance: 0) } }
        let zeros = spectra.map(\.zeros).max() ?? 0
        if zeros > 0 {
            degeneracies.append(
                protocolKind == .bnn && zeros <= Self.idleRoles(candidate, game)
                    ? .idleRoleDiesSlowly : .zeroEigenvalues(count: zeros))
        }
        guard let second else {
            type = first.type
            return
        }
        if game.parameters.observationLag > 0 {
            degeneracies.append(.kinkWithLag)
            type = first.type == second.type ? first.type : nil
        } else {
            type = Self.kinkedType(spectra[0], spectra[1])
        }
        if type == nil, first.type != second.type { degeneracies.append(.sidesDiffer) }
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
    let type: RestPointType?

    init(_ linearisation: Linearisation, lag: Double) throws(LinearAlgebraError) {
        let decomposition = try Eigendecomposition(Matrix(linearisation.matrix(lag: lag)))
        var pairs = Array(zip(decomposition.values, decomposition.vectors))
        if lag > 0 {
            values = decomposition.values
            type = linearisation.type(lag: lag, computed: values)
        } else {
            // The closed form's values, each with the vector of the nearest of LAPACK's.
            values = linearisation.eigenvaluesWithoutLag
            type = Spectrum(values, tolerance: 0).type
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
