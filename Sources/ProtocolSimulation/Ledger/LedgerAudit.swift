/// A rule of the ledger that does not hold.
public enum BrokenInvariant: Equatable, Sendable, CustomStringConvertible {
    /// The accounts do not add up to what was minted minus what was burned; the difference in tokens.
    case tokens(Double)
    /// The units of a pool do not add up to those that were created; the difference in units.
    case units(Double)
    /// The unsold units of the lots are not the asset reserve; the difference in units.
    case lots(Double)
    /// XY was not what it had been after the pool's part of a swap; the relative difference.
    case product(Double)
    /// A deposit, or dissipation, moved the price; the relative difference.
    case price(Double)
    /// An account or a reserve is not positive where it has to be.
    case negative(String, Double)

    public var description: String {
        switch self {
        case .tokens(let x): "the token accounts differ by \(x) from what was minted minus what was burned"
        case .units(let x): "the units of the pool differ by \(x) from those that were created"
        case .lots(let x): "the unsold units of the lots differ by \(x) from the asset reserve"
        case .product(let x): "a swap changed the product of the reserves by \(x) of it"
        case .price(let x): "a deposit or dissipation changed the price by \(x) of it"
        case .negative(let what, let x): "\(what) is \(x)"
        }
    }
}

/// The checks of the books.
///
/// Sums are compared to 1e−12 of what went into them: of all that was minted and moved, and of all units created. A swap
/// is held to 1e−12 of the product of the reserves.
enum LedgerAudit {
    /// What rounding may leave, relative.
    static let tolerance = 1e-12

    /// Accounts and reserves minus what was minted and not burned.
    static func imbalance(_ accounts: TokenAccounts, reserves: Double) -> Double {
        reserves + accounts.held - (accounts.minted.value - accounts.burned.value)
    }

    /// Checks the token accounts.
    static func tokens(_ accounts: TokenAccounts, reserves: Double) -> BrokenInvariant? {
        let difference = imbalance(accounts, reserves: reserves)
        if !(abs(difference) <= tolerance * (accounts.minted.value + accounts.turnover)) { return .tokens(difference) }
        // What has come in and gone out leaves rounding, which is no debt.
        let rounding = -tolerance * (accounts.minted.value + accounts.turnover)
        if !(accounts.circulating.value >= rounding) { return .negative("circulating", accounts.circulating.value) }
        if !(accounts.collateral.value >= rounding) { return .negative("collateral", accounts.collateral.value) }
        if !(accounts.escrow.value >= rounding) { return .negative("escrow", accounts.escrow.value) }
        return nil
    }

    /// Checks a pool's units; its lots by their running sum.
    static func units(_ units: UnitAccounts, _ reserves: Reserves, _ lots: LotQueue, _ dissipation: Dissipation)
        -> BrokenInvariant?
    {
        let most = tolerance * units.created.value
        let imbalance = units.imbalance(inPool: reserves.assets)
        if !(abs(imbalance) <= most) { return .units(imbalance) }
        if dissipation == .expiry {
            let difference = lots.unsold.value - reserves.assets.value
            if !(abs(difference) <= most) { return .lots(difference) }
        }
        return positive(reserves)
    }

    /// Checks that a pool's reserves are positive and finite.
    @inline(__always)
    static func positive(_ reserves: Reserves) -> BrokenInvariant? {
        if !(reserves.assets.value > 0 && reserves.assets.value < .infinity) {
            return .negative("the asset reserve", reserves.assets.value)
        }
        if !(reserves.tokens.value > 0 && reserves.tokens.value < .infinity) {
            return .negative("the token reserve", reserves.tokens.value)
        }
        return nil
    }

    /// Counts a pool's lots one by one.
    static func countedLots(
        _ units: UnitAccounts, _ reserves: Reserves, _ lots: LotQueue, _ dissipation: Dissipation, at time: Double
    )
        -> BrokenInvariant?
    {
        let counted = dissipation == .expiry ? lots.countUnsold() : lots.countDissipating(at: time)
        let difference = counted - reserves.assets.value
        // Each purchase rounds a lot once.
        return abs(difference) <= 10 * tolerance * units.created.value ? nil : .lots(difference)
    }

    /// Checks that the pool's part of a swap left the product of the reserves as it was.
    @inline(__always)
    static func product(_ before: Reserves, _ after: Reserves) -> BrokenInvariant? {
        let change =
            (after.assets.value / before.assets.value) * (after.tokens.value / before.tokens.value) - 1
        return abs(change) <= tolerance ? nil : .product(change)
    }

    /// Checks that the price is what it was.
    @inline(__always)
    static func price(_ before: Reserves, _ after: Reserves) -> BrokenInvariant? {
        let change = after.price / before.price - 1
        return abs(change) <= tolerance ? nil : .price(change)
    }
}
