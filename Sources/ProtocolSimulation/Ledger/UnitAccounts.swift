/// The units of a pool that were ever created, and what became of them:
///
///     created = consumed + resold + expired + X.
struct UnitAccounts: Sendable {
    /// Units staked or sold, those that the pool began with among them.
    var created = CompensatedSum()
    /// Units that genuine buyers bought.
    var consumed = CompensatedSum()
    /// Units that speculating buyers bought.
    var resold = CompensatedSum()
    /// Units that nobody bought in their time.
    var expired = CompensatedSum()

    /// created − consumed − resold − expired − X, 0 but for rounding.
    func imbalance(inPool assets: CompensatedSum) -> Double {
        let high = created.high - consumed.high - resold.high - expired.high - assets.high
        return high + (created.low - consumed.low - resold.low - expired.low - assets.low)
    }
}
