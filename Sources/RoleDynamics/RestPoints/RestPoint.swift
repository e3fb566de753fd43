import ComplexModule
import Foundation

/// The roles that are played at a rest point: the face of the simplex in whose interior it is.
public enum RestFace: String, CaseIterable, Sendable {
    /// All three.
    case interior
    /// LPs and sellers.
    case liquidityProvidersAndSellers = "lp-seller"
    /// Sellers and external sellers.
    case sellersAndExternal = "seller-external"
    /// Sellers only: the vertex s = 1.
    case sellers = "seller"
}

/// A point at which price and shares are at rest, with how it was found and what it is like.
///
/// Its price is bracketed by a change of sign of the equation that defines it. That the field is small there
/// (``residual``) is a check and no proof: at the baseline |dz/dt| < 1e−11 at every x < 0.2 with s = 1, where nothing rests.
public struct RestPoint: Equatable, Sendable {
    /// The game.
    public let game: RoleGame
    /// z = ln x.
    public let logPrice: Double
    /// The log prices between which the defining equation changes sign; one point where it is exactly 0.
    public let bracket: ClosedRange<Double>
    /// Which roles are played.
    public let face: RestFace
    /// The shares.
    public let shares: RoleShares
    /// The payoffs at the point, in units of c.
    public let payoffs: RolePayoffs
    /// The holders' mean regret Σ s_i(max π − π_i), in units of c; 0 at a Nash point but for rounding.
    public let regret: Double
    /// The largest modulus among the components of the field at the point, times in units of T; for the best response at a
    /// tie that of the member of the inclusion that is nearest to 0. nil where the field is not defined or exceeds the
    /// largest double.
    public let residual: Double?
    /// Whether every role that is played is a best response. Known from the face, not from comparing rounded payoffs; nil
    /// for logit, whose noise keeps all roles alive whatever they earn, so that the question tells nothing of the point.
    public let isNash: Bool?
    /// The linearisation, eigenvalues and type.
    public let stability: LocalStability
    /// What is not generic about the point, each in a sentence; none as a rule.
    public let degeneracies: [Degeneracy]

    /// x = e^z, the price in units of c; 0 where that is below the smallest double.
    public var price: Double { exp(logPrice) }

    /// α = xc, in tokens per unit.
    public var poolPrice: Double { price * game.market.sellerCost }

    /// What kind of point it is; nil where that is not known from eigenvalues, which a degeneracy then explains.
    public var type: RestPointType? { stability.type }

    /// The state vector of ``RoleField`` at the point.
    public var state: [Double] { RoleField(game).state(logPrice: logPrice, shares: shares) }
}

/// What is not generic about a rest point.
public enum Degeneracy: Equatable, Sendable, CustomStringConvertible {
    /// One end of a segment of rest points.
    case segmentEnd
    /// The vertex s = 1 and the point at which sellers tie with the better other role are one within rounding.
    case vertexAtTie
    /// So many eigenvalues are 0, or below the smallest double, and the field's higher orders decide.
    case zeroEigenvalues(count: Int)
    /// A role that nobody plays dies out like 1/t: its payoff's shortfall acts at second order only.
    case idleRoleDiesSlowly
    /// On the two sides of the kink the linearisations say different things.
    case sidesDiffer
    /// The growth over a turn about a kinked point, which decides its stability where there is a lag, was not found.
    case growthNotFound
    /// Nobody provides liquidity, and the price equation is divided by ℓ^η.
    case emptyPool
    /// x = e^z is below the smallest double.
    case priceUnderflows(logPrice: Double)
    /// α = xc is beyond the largest double, or below the smallest.
    case poolPriceNotRepresentable(logPrice: Double)
    /// The sellers' share is below the smallest double.
    case sellersUnderflow(logShare: Double)
    /// That there is a rest point at all is decided by less than rounding.
    case existenceWithinRounding
    /// The demand or the choice is so steep that the rounding of a price decides it, and the residual cannot be small.
    case notResolved
    /// The linearisation exceeds the largest double, or its eigenvalues were not found.
    case noEigenvalues(reason: String)

    /// The sentence.
    public var description: String {
        switch self {
        case .segmentEnd:
            "an end of a segment of rest points: the reward is the external price, so the rest of the holders may be LPs or "
                + "external sellers in any mixture"
        case .vertexAtTie: "the vertex s = 1 and the point where sellers tie with the better other role coincide"
        case .zeroEigenvalues(let count):
            count == 1
                ? "an eigenvalue is zero; the type is that of the others"
                : "\(count) eigenvalues are zero; the type is that of the others"
        case .idleRoleDiesSlowly:
            "the idle role dies out like 1/t: its eigenvalue is zero, and the point is stable at second order"
        case .sidesDiffer: "the field has a kink here, and its two sides are of different types"
        case .growthNotFound:
            "the field has a kink here, and the growth over a turn about it, which decides the stability, was not found"
        case .emptyPool: "nobody provides liquidity, so the price equation, divided by ℓ^η, is not defined"
        case .priceUnderflows(let z): "the price is below the smallest double: ln x = \(z)"
        case .poolPriceNotRepresentable(let z): "the price in tokens is outside the range of doubles: ln x = \(z)"
        case .sellersUnderflow(let log): "the share of sellers is below the smallest double: its logarithm is \(log)"
        case .existenceWithinRounding: "whether the price comes to rest or falls for ever is within rounding"
        case .notResolved:
            "demand or choice is so steep that the rounding of a double's price decides it: the residual cannot be small"
        case .noEigenvalues(let reason): "no eigenvalues: \(reason)"
        }
    }
}
