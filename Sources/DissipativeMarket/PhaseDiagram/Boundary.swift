import Foundation

/// A boundary of the sharp phase diagram as a polyline, in the coordinates of a window.
public struct Boundary: Equatable, Sendable {
    /// The kind of a boundary: the condition on it.
    public enum Kind: String, CaseIterable, Sendable {
        /// γ = S(α), α ≥ α_s: between LPs and sellers; the equilibria up to α_g.
        case liquidityProviderSeller = "lp-seller"
        /// γ = β, up to α_s.
        case externalPrice = "gamma-equals-beta"
        /// α = α_b, up to γ = β.
        case speculatingBuyerLimit = "alpha-b"
        /// α = α_s.
        case sellerLimit = "alpha-s"
        /// α = α_g.
        case genuineBuyerLimit = "alpha-g"
    }

    /// The kind.
    public let kind: Kind
    /// The vertices in order, from low to high α, or γ on a vertical line; at least two.
    public let points: [PhasePoint]
}

/// A point of the phase diagram, in the coordinates of the diagram that it belongs to.
public struct PhasePoint: Equatable, Sendable {
    /// α, or x = α/c.
    public var x: Double
    /// γ, or y = γ/c.
    public var y: Double

    /// A point.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// The coordinates in which a phase diagram is drawn.
public enum PhaseCoordinates: String, CaseIterable, Sendable {
    /// (α, γ), in tokens per unit.
    case raw
    /// (x, y) = (α/c, γ/c), the published figure's.
    case ratio

    /// One unit of a coordinate, in tokens per unit.
    public func unit(in market: Market) -> Double { self == .raw ? 1 : market.sellerCost }
}

/// A point where several regions meet, solved exactly.
public struct JunctionPoint: Equatable, Sendable {
    /// Coordinates (α, γ), in tokens per unit.
    public let point: PhasePoint
    /// The boundaries that meet there.
    public let boundaries: [Boundary.Kind]
}

extension Market {
    /// The points of the diagram where three regions or more meet, by increasing α: the limits on the line γ = β, as far
    /// as that is a boundary, and (α_g, γ_max) where the band is not empty. Limits that coincide make one point.
    public var junctions: [JunctionPoint] {
        var found: [JunctionPoint] = []
        func add(_ x: Double, _ y: Double, _ kinds: [Boundary.Kind]) {
            if let i = found.firstIndex(where: { $0.point == PhasePoint(x: x, y: y) }) {
                let merged = found[i].boundaries + kinds.filter { !found[i].boundaries.contains($0) }
                found[i] = JunctionPoint(point: found[i].point, boundaries: merged)
            } else {
                found.append(JunctionPoint(point: PhasePoint(x: x, y: y), boundaries: kinds))
            }
        }
        let (b, s, g) = (limits.speculatingBuyer, limits.seller, limits.genuineBuyer)
        // Where genuine buyers have stopped before α_b, (α_b, β) is but the corner of one region in another.
        if b <= g || b == s { add(b, externalPrice, [.externalPrice, .speculatingBuyerLimit]) }
        if g <= s { add(g, externalPrice, [.externalPrice, .genuineBuyerLimit]) }
        add(
            s, externalPrice,
            (externalLineEnd == s ? [.externalPrice] : []) + [.sellerLimit, .liquidityProviderSeller])
        if let bounds = rewardBounds { add(g, bounds.upper, [.genuineBuyerLimit, .liquidityProviderSeller]) }
        return found.sorted { ($0.point.x, $0.point.y) < ($1.point.x, $1.point.y) }
    }

    /// How far along α the line γ = β separates regions: up to α_s, but between α_b and α_s, where LPs dominate on both
    /// sides of it, only as far as genuine buyers tell aA from aC.
    var externalLineEnd: Double {
        min(limits.seller, max(limits.speculatingBuyer, limits.genuineBuyer))
    }
}
