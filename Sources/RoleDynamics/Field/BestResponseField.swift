import Foundation

/// The best response as a field that jumps: on either side of the surface h = 0 it is smooth, with
///
///     h = π_s(q) − max(y, b),     ds/dt = ρ(B − s),     B = sellers for h > 0, the better of the other two for h < 0.
///
/// Which of the other two is better is a constant of the game; at y = b, where any mixture of them is a best response, it
/// is LPs, to whom ties go in the sharp diagram too. On the surface the motion is Filippov's: it slides where both
/// sides point to it. The state is that of ``RoleField``.
public struct BestResponseField: Sendable {
    /// The field, from which the price equation and the lag are taken.
    public let field: RoleField
    private let rewardExcess: Double
    private let logarithmOfKept: Double
    private let revisionRate: Double
    private let lag: Double

    /// The best-response field of a game, whatever the protocol that the game names.
    public init(_ game: RoleGame) {
        field = RoleField(game.with(revisionProtocol: .bestResponse))
        rewardExcess = game.rewardExcess
        logarithmOfKept = game.logarithmOfKept
        revisionRate = game.parameters.revisionRate
        lag = game.parameters.observationLag
    }

    /// 4, or 5 with an observation lag.
    public var dimension: Int { field.dimension }

    /// The index of the price that holders see in the state: 0, or 1 with an observation lag.
    public var seenPrice: Int { field.hasLag ? 1 : 0 }

    /// h = π_s(q) − max(y, b), in units of c; +∞ where it exceeds the largest double. The only derivative that is not 0 is
    /// the one by q, see ``switchingSlope(_:)``.
    public func switching(_ y: Span<Double>) -> Double {
        guard y.count > seenPrice else { return .nan }
        return MeanSellingPrice(y[seenPrice] + logarithmOfKept).excess - max(rewardExcess, 0)
    }

    /// dh/dq > 0.
    public func switchingSlope(_ y: Span<Double>) -> Double {
        guard y.count > seenPrice else { return .nan }
        return MeanSellingPrice(y[seenPrice] + logarithmOfKept).slope
    }

    /// Writes the field of one side of the surface, which is smooth beyond it as well.
    ///
    /// - Parameters:
    ///   - favoured: whether selling in the pool is the best response.
    ///   - y: the state.
    ///   - dydt: where the derivative is written.
    /// - Returns: false where it is not defined, as ``RoleField`` does.
    public func derivative(
        sellersFavoured favoured: Bool, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>
    ) -> Bool {
        let first = field.firstShare
        guard y.count >= first + 3, dydt.count >= first + 3 else { return false }
        let (l, s, e) = (y[first], y[first + 1], y[first + 2])
        if field.price.depthExponent > 0, l <= 0 { return false }
        let dz = field.price.excessDemand(at: exp(y[0]), sellers: s) * field.price.depthFactor(l)
        dydt[0] = dz
        if field.hasLag { dydt[1] = (y[0] - y[1]) / lag }
        dydt[first] = revisionRate * ((!favoured && rewardExcess >= 0 ? 1 : 0) - l)
        dydt[first + 1] = revisionRate * ((favoured ? 1 : 0) - s)
        dydt[first + 2] = revisionRate * ((!favoured && rewardExcess < 0 ? 1 : 0) - e)
        return dz.isFinite && dydt[1].isFinite
    }
}
