/// What a row of the ledger tells: one movement of units or tokens, of which an event has one or more.
public enum LedgerKind: String, CaseIterable, Sendable {
    /// The emission of the time since the last event: tokens minted.
    case emission
    /// The rate of the emission changes.
    case emissionChange = "emission-change"
    /// What idle devices lost in the time since the last event, and the tokens released beside it (`linear`).
    case dissipation
    /// Units of a lot that nobody bought expire.
    case expiry
    /// The tokens that come back to an LP.
    case refund
    /// Tokens that the foundation gives to the seed of a pool, or, if negative, receives from it.
    case seedTransfer = "seed-transfer"
    /// Collateral that is given back.
    case collateralReturned = "collateral-returned"
    /// Collateral that is burned.
    case collateralForfeited = "collateral-forfeited"
    /// The reward of an LP.
    case reward
    /// Tokens burned for a certificate.
    case burnCertificate = "burn-certificate"
    /// Units and tokens that are staked.
    case deposit
    /// Collateral that a seller locks.
    case collateral
    /// A seller's units: the tokens that he receives, and the fee that is burned.
    case sale
    /// A genuine client's units: the tokens that he pays, the fee among them.
    case purchase
    /// A speculating buyer's units: the same.
    case resale
    /// The reward of a genuine client.
    case clientReward = "client-reward"
    /// A provider goes, or stays, outside.
    case external
    /// A client did not buy: the price was above the one that he pays.
    case lostPrice = "lost-price"
    /// A client did not buy: the pool, or the list, had too little.
    case lostEmpty = "lost-empty"
    /// Somebody could not pay.
    case noTokens = "no-tokens"
    /// A device is offered in the order book.
    case listing
    /// A listing ends without a client.
    case listingEnd = "listing-end"
    /// A job ends, and its device is free.
    case jobEnd = "job-end"
}

/// A row of the ledger.
public struct LedgerRow: Equatable, Sendable {
    /// The number of the event, from 1 on; the rows of an event share it.
    public let event: Int
    /// In units of T.
    public let time: Double
    public let kind: LedgerKind
    /// The number of the pool, from 0 on.
    public let pool: Int
    /// The number of the provider, client or seed lot; −1 for none.
    public let actor: Int
    public let units: Double
    public let tokens: Double
    /// The part of the tokens that is burned as a fee.
    public let fee: Double
    /// X and Y after the movement.
    public let reserveAsset: Double
    public let reserveToken: Double
    /// The tokens that were ever minted and burned, after the movement.
    public let minted: Double
    public let burned: Double
    /// Accounts and reserves minus what was minted and not burned, after the event, in tokens: 0 but for rounding.
    public internal(set) var auditError = 0.0
}

/// The rows of the events since they were last taken, if anybody wants them.
struct Journal: Sendable {
    let isKept: Bool
    var rows: [LedgerRow] = []
    var event = 0
    var time = 0.0
    private var settled = 0

    init(isKept: Bool) { self.isKept = isKept }

    /// The rows so far, which are forgotten here.
    mutating func take() -> [LedgerRow] {
        defer {
            rows.removeAll(keepingCapacity: true)
            settled = 0
        }
        return rows
    }

    /// Tells the rows since the last call what the event left of a difference in the books.
    mutating func settle(auditError: Double) {
        for place in settled..<rows.count { rows[place].auditError = auditError }
        settled = rows.count
    }

    /// Notes a movement, after it.
    @inline(__always)
    mutating func note(
        _ kind: LedgerKind, pool: Int, actor: Int = -1, units: Double = 0, tokens: Double = 0, fee: Double = 0,
        reserves: Reserves, accounts: TokenAccounts
    ) {
        guard isKept else { return }
        rows.append(
            LedgerRow(
                event: event, time: time, kind: kind, pool: pool, actor: actor, units: units, tokens: tokens, fee: fee,
                reserveAsset: reserves.assets.value, reserveToken: reserves.tokens.value,
                minted: accounts.minted.value, burned: accounts.burned.value))
    }
}
