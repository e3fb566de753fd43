import DissipativeMarket
import Foundation
import NumericalMethods

/// A plane of the state space: two variables as coordinates, the others held.
///
/// - A price that is no axis is held at a value. The log price q that holders see, where it is no axis, is the pool price
///   itself, as at the start of a trajectory.
/// - With two shares as axes the third is what they leave.
/// - With one share as an axis, either another one is held at its value and the third is the rest, or both others divide what
///   is left in a given proportion. Under logit without a lag, and with it, the plane on which ℓ : e is P_ℓ : P_e is invariant;
///   so are under replicator dynamics those of the faces, ℓ = 0 or e = 0.
/// - With no share as an axis all three are held.
public struct PortraitSection: Equatable, Sendable {
    /// What the shares that are no axes are.
    public enum HeldShares: Equatable, Sendable {
        /// The shares that are no axes divide what the axes leave in the proportion that they have here.
        case proportion(RoleShares)
        /// One share that is no axis is held at a value from 0 to 1, and the third is the rest.
        case value(PortraitVariable, Double)
    }

    /// The variable along the first coordinate.
    public let x: PortraitVariable
    /// The variable along the second coordinate.
    public let y: PortraitVariable
    /// ln x where the price is no axis.
    public let heldLogPrice: Double

    /// Each share as c + a·u + b·v of the coordinates u and v.
    private let affine: [Affine]

    private struct Affine: Equatable {
        var constant = 0.0
        var byX = 0.0
        var byY = 0.0
    }

    /// A section of the state space of a game.
    ///
    /// - Parameters:
    ///   - x: the variable along the first coordinate.
    ///   - y: the variable along the second coordinate, of another quantity.
    ///   - game: whose state space it is; it has a q only with an observation lag.
    ///   - heldLogPrice: ln x where the price is no axis; finite.
    ///   - heldShares: what the shares that are no axes are.
    /// - Throws: ``PortraitError`` for axes that do not make a plane, or a share that is held and is an axis.
    public init(
        x: PortraitVariable, y: PortraitVariable, of game: RoleGame, heldLogPrice: Double, heldShares: HeldShares
    ) throws(PortraitError) {
        guard x != y, !(x.isPoolPrice && y.isPoolPrice) else { throw .sameAxis(x, y) }
        if x == .observedLogPrice || y == .observedLogPrice, game.parameters.observationLag == 0 { throw .noLag }
        self.x = x
        self.y = y
        guard x.isPoolPrice || y.isPoolPrice || heldLogPrice.isFinite else { throw .heldPrice(heldLogPrice) }
        self.heldLogPrice = heldLogPrice

        var affine = [Affine](repeating: Affine(), count: 3)
        let axes = [x, y].compactMap(\.share)
        if let share = x.share { affine[share].byX = 1 }
        if let share = y.share { affine[share].byY = 1 }
        let others = (0..<3).filter { !axes.contains($0) }
        // What the axes leave: 1 − u − v of those that are shares.
        func rest(_ part: Double, less constant: Double = 0) -> Affine {
            Affine(
                constant: part - constant, byX: x.share == nil ? 0 : -part, byY: y.share == nil ? 0 : -part)
        }
        switch heldShares {
        case .value(let variable, let value):
            guard let held = variable.share, others.contains(held), others.count == 2, value >= 0, value <= 1 else {
                throw .heldShare(variable, value)
            }
            affine[held].constant = value
            for other in others where other != held { affine[other] = rest(1, less: value) }
        case .proportion(let shares):
            let weights = [shares.liquidityProviders, shares.sellers, shares.external]
            let sum = others.reduce(0) { $0 + weights[$1] }
            // Of two that are both absent each has a half.
            for other in others { affine[other] = rest(sum > 0 ? weights[other] / sum : 1 / Double(others.count)) }
        }
        self.affine = affine
    }

    /// The plane of the simplex at a price: LPs along the first coordinate, sellers along the second.
    ///
    /// - Throws: ``PortraitError/heldPrice(_:)``.
    public static func simplex(of game: RoleGame, logPrice: Double) throws(PortraitError) -> PortraitSection {
        try PortraitSection(
            x: .liquidityProviders, y: .sellers, of: game, heldLogPrice: logPrice, heldShares: .proportion(.even))
    }

    /// The state at a point of the plane.
    public func state(at point: PlanePoint) -> PortraitState {
        func value(_ variable: PortraitVariable) -> Double? {
            variable == x ? point.x : variable == y ? point.y : nil
        }
        let z = value(.logPrice) ?? value(.price).map { log($0) } ?? heldLogPrice
        return PortraitState(
            price: value(.price) ?? exp(z), logPrice: z, observedLogPrice: value(.observedLogPrice) ?? z,
            shares: affine.map { $0.constant + $0.byX * point.x + $0.byY * point.y })
    }

    /// How far below 0 a share may be by the rounding of decimals, as in ``RoleShares``.
    static let slack = 1e-12

    /// The smallest share at a point: below 0 outside of the simplex.
    func smallestShare(at point: PlanePoint) -> Double {
        affine.lazy.map { $0.constant + $0.byX * point.x + $0.byY * point.y }.min() ?? 0
    }

    /// The point of the plane to which a state of the market is projected.
    public func point(of sample: MarketSample) -> PlanePoint { PlanePoint(sample[x], sample[y]) }

    /// The points of a window at which a share is 0, as the two ends of a segment; nil where there are none but a point.
    func face(_ share: Int, in window: PhaseWindow) -> (PlanePoint, PlanePoint)? {
        let line = affine[share]
        guard line.byX != 0 || line.byY != 0 else { return nil }
        // Along the side on which the line is a graph.
        let isGraphOverX = abs(line.byY) >= abs(line.byX)
        func on(_ t: Double) -> PlanePoint {
            isGraphOverX
                ? PlanePoint(t, -(line.constant + line.byX * t) / line.byY)
                : PlanePoint(-(line.constant + line.byY * t) / line.byX, t)
        }
        var (low, high) =
            isGraphOverX ? (window.x.lowerBound, window.x.upperBound) : (window.y.lowerBound, window.y.upperBound)
        // Cut by the other side of the window and by the other two shares, all of them linear along the line.
        func cut(_ value: (PlanePoint) -> Double) {
            let (a, b) = (value(on(low)), value(on(high)))
            if a < 0, b < 0 { high = -.infinity }
            guard high > low, a < 0 || b < 0 else { return }
            let t = low + (high - low) * (a / (a - b))
            if a < 0 { low = t } else { high = t }
        }
        if isGraphOverX {
            cut { $0.y - window.y.lowerBound }
            cut { window.y.upperBound - $0.y }
        } else {
            cut { $0.x - window.x.lowerBound }
            cut { window.x.upperBound - $0.x }
        }
        for other in affine.indices where other != share {
            cut { affine[other].constant + affine[other].byX * $0.x + affine[other].byY * $0.y }
        }
        guard high > low else { return nil }
        return (on(low), on(high))
    }
}

/// A portrait that cannot be made as it was asked for.
public enum PortraitError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Two axes that are one quantity.
    case sameAxis(PortraitVariable, PortraitVariable)
    /// q as an axis of a game without a lag.
    case noLag
    /// The price at which a section is held.
    case heldPrice(Double)
    /// A share that is held and cannot be.
    case heldShare(PortraitVariable, Double)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .sameAxis(let a, let b):
            "the axes \(a.rawValue) and \(b.rawValue) are one quantity; allowed: two that differ"
        case .noLag: "q is what holders see with an observation lag, and there is none; allowed: a lag greater than 0"
        case .heldPrice(let z): "the price is held at ln x = \(z); allowed: a finite number"
        case .heldShare(let variable, let value):
            "\(variable.rawValue) is held at \(value); allowed: a share that is no axis, beside one that is, from 0 to 1"
        }
    }
}
