/// The two reserves of a constant-product pool: X units of the asset, Y tokens, and the spot price α = Y/X.
///
/// A swap's pool part leaves XY as it was, a deposit leaves α. The fee is not the pool's: it is taken from what the seller
/// receives and added to what the buyer pays, and burned.
struct Reserves: Sendable {
    /// X > 0, in units.
    var assets: CompensatedSum
    /// Y > 0, in tokens.
    var tokens: CompensatedSum

    init(assets: Double, price: Double) {
        self.assets = CompensatedSum(assets)
        tokens = CompensatedSum(assets * price)
    }

    /// α, in tokens per unit.
    @inline(__always)
    var price: Double { tokens.value / assets.value }

    /// Yq/(X + q), what the pool pays for q units.
    @inline(__always)
    func payout(for units: Double) -> Double { tokens.value * (units / (assets.value + units)) }

    /// Yq/(X − q), what the pool takes for q < X units.
    @inline(__always)
    func cost(of units: Double) -> Double { tokens.value * (units / (assets.value - units)) }

    /// Y/(X + u − a)·u: the tokens that come back to the LP of u units of which a are unsold, at the price that there is
    /// once they have come back and the a units are gone. Less than Y whenever X > a.
    @inline(__always)
    func refund(of units: Double, unsold: Double) -> Double {
        tokens.value * (units / (assets.value + (units - unsold)))
    }

    /// Moves units and tokens into the pool, or, if negative, out of it.
    @inline(__always)
    mutating func add(units: Double, tokens amount: Double) {
        assets.add(units)
        tokens.add(amount)
    }
}
