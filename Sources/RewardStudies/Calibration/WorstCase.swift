import DissipativeMarket
import RoleDynamics

/// The band of all markets in a box of parameters: the γ that keep each of them balanced.
///
/// γ_min = β is largest at the largest β. γ_max = β + L(u, c) − c, u = (1 − φ)²δ, c = β + pθ, is smallest in a corner: it
/// increases in δ and decreases in φ (through u), and increases in β where pθ stays, since ∂γ_max/∂β = ∂L/∂c > 0. In pθ it is
/// concave, since L is, so that its minimum over an interval of pθ is at an end of it: at the smaller end where the band
/// is wide (u > 6c or so), else at the larger one. So the minimum is the smaller one of two markets, and they are computed: no
/// search is needed, and nothing is assumed of what lies between. A box whose band can be empty has none; α_g − α_s is smallest
/// where u is smallest and c largest.
public struct WorstCase: Equatable, Sendable {
    /// The largest γ_min in the box.
    public let lower: Double
    /// The smallest γ_max in the box; nil where a band in it is empty.
    public let upper: Double?

    /// The γ that keep every market of the box balanced; nil where there is none.
    public var range: ClosedRange<Double>? { upper.flatMap { lower <= $0 ? lower...$0 : nil } }

    /// A box, by the ends of each parameter.
    ///
    /// - Throws: `ParameterError` where a corner is no market.
    public init(
        externalPrice: ClosedRange<Double>, failureProbability: ClosedRange<Double>, collateral: ClosedRange<Double>,
        reservationPrice: ClosedRange<Double>, swapFee: ClosedRange<Double>
    ) throws(ParameterError) {
        lower = externalPrice.upperBound
        func market(_ beta: Double, _ p: Double, _ theta: Double) throws(ParameterError) -> Market {
            try Market(
                externalPrice: beta, failureProbability: p, collateral: theta,
                reservationPrice: reservationPrice.lowerBound, swapFee: swapFee.upperBound)
        }
        let dearest = try market(
            externalPrice.upperBound, failureProbability.upperBound, collateral.upperBound)
        let few = try market(externalPrice.lowerBound, failureProbability.lowerBound, collateral.lowerBound)
        let many = try market(externalPrice.lowerBound, failureProbability.upperBound, collateral.upperBound)
        guard dearest.rewardBounds != nil, let a = few.rewardBounds, let b = many.rewardBounds else {
            upper = nil
            return
        }
        upper = min(a.upper, b.upper)
    }

    /// A box of ratios, c = 1: γ_max = L((1 − φ)²d, 1) − (1 − b) increases in b and d and decreases in φ.
    ///
    /// - Throws: `ParameterError` where a corner is no market.
    public init(
        externalRatio: ClosedRange<Double>, reservationRatio: ClosedRange<Double>, swapFee: ClosedRange<Double>
    ) throws(ParameterError) {
        lower = externalRatio.upperBound
        upper = try Market(
            externalRatio: externalRatio.lowerBound, reservationRatio: reservationRatio.lowerBound,
            swapFee: swapFee.upperBound
        ).rewardBounds?.upper
    }

    /// The box of the supports of distributions and of the values that do not vary; nil where it has no end, or a corner is no
    /// market.
    public init?(_ varied: [(name: ParameterName, distribution: Distribution)], fixed: ParameterPoint) {
        func box(_ names: ParameterName...) -> ClosedRange<Double>? {
            guard let found = varied.first(where: { names.contains($0.name) }) else {
                return fixed[names[0]].flatMap { $0.isFinite ? $0...$0 : nil }
            }
            let (lower, upper) = found.distribution.support
            return lower.isFinite && upper.isFinite ? lower...upper : nil
        }
        guard let fee = box(.market(.fee)), let delta = box(.market(.delta), .d) else { return nil }
        do throws(ParameterError) {
            if varied.contains(where: { $0.name == .b }) {
                guard let b = box(.b) else { return nil }
                try self.init(externalRatio: b, reservationRatio: delta, swapFee: fee)
            } else {
                guard let beta = box(.market(.beta)), let p = box(.market(.p)), let theta = box(.market(.theta)) else {
                    return nil
                }
                try self.init(
                    externalPrice: beta, failureProbability: p, collateral: theta, reservationPrice: delta, swapFee: fee
                )
            }
        } catch {
            return nil
        }
    }
}
