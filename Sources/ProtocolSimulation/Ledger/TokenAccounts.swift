/// The token accounts that all pools share, in tokens.
///
/// Together with the pools' token reserves they are what was minted minus what was burned:
///
///     ΣY + C + E + O + foundation + team = minted − burned.
struct TokenAccounts: Sendable {
    /// C, the sellers' collateral.
    var collateral = CompensatedSum()
    /// E, what LPs have earned and not yet been paid.
    var escrow = CompensatedSum()
    /// O, all wallets together.
    var circulating = CompensatedSum()
    /// The foundation's account, which may be negative: it makes good what the seed of a pool loses.
    var foundation = CompensatedSum()
    /// The team's account.
    var team = CompensatedSum()
    /// The tokens that were ever minted, those that were there at the start among them.
    var minted = CompensatedSum()
    /// The tokens that were ever burned.
    var burned = CompensatedSum()
    /// The sum of all movements since the start, to which rounding is compared.
    var turnover = 0.0

    /// Tokens are minted into the wallets.
    @inline(__always)
    mutating func mint(_ tokens: Double) {
        circulating.add(tokens)
        minted.add(tokens)
        turnover += tokens
    }

    /// Tokens of the wallets are burned.
    @inline(__always)
    mutating func burn(_ tokens: Double) {
        circulating.add(-tokens)
        burned.add(tokens)
        turnover += tokens
    }

    /// Tokens go from a pool's reserve to the wallets, or, if negative, from the wallets to the reserve; the reserve's own
    /// side is the pool's to book.
    @inline(__always)
    mutating func receive(_ tokens: Double) {
        circulating.add(tokens)
        turnover += abs(tokens)
    }

    /// A seller's collateral is locked, or, if negative, given back.
    @inline(__always)
    mutating func lockCollateral(_ tokens: Double) {
        circulating.add(-tokens)
        collateral.add(tokens)
        turnover += abs(tokens)
    }

    /// Locked collateral is burned.
    @inline(__always)
    mutating func forfeitCollateral(_ tokens: Double) {
        collateral.add(-tokens)
        burned.add(tokens)
        turnover += tokens
    }

    /// What an LP has earned is paid out of the escrow.
    @inline(__always)
    mutating func payFromEscrow(_ tokens: Double) {
        escrow.add(-tokens)
        circulating.add(tokens)
        turnover += tokens
    }

    /// All accounts but the pools' reserves.
    var held: Double { collateral.value + escrow.value + circulating.value + foundation.value + team.value }
}
