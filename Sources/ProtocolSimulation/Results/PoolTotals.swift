/// What has happened in a pool, or in the order book of a device type, since the start; sums of which differences are
/// taken between moments.
public struct PoolTotals: Sendable {
    /// Units that genuine clients bought.
    public var consumed = 0.0
    /// Units that speculating buyers bought.
    public var resold = 0.0
    /// Units that expired unsold.
    public var expired = 0.0
    /// Units that were created.
    public var created = 0.0
    /// Tokens minted for the pool's people, the foundation's and the team's part of the emission by weight.
    public var minted = 0.0
    /// Tokens burned in the pool.
    public var burned = 0.0
    /// Events refused because somebody could not pay.
    public var refused = 0.0
    /// Clients lost because the price was above the one that they pay.
    public var lostPrice = 0.0
    /// Clients lost because there was too little.
    public var lostEmpty = 0.0

    /// ∫ LPs dt, ∫ sellers dt, ∫ external dt: device-periods in each role.
    public var liquidityTime = 0.0
    public var sellerTime = 0.0
    public var externalTime = 0.0
    /// Tokens that LPs got as rewards, and the stakes they were for.
    public var rewards = 0.0
    public var liquidityStakes = 0.0
    /// Tokens that LPs burned for certificates.
    public var liquidityBurned = 0.0
    /// Refunds minus deposits.
    public var refundGain = 0.0
    /// Tokens that sellers received, less what they burned or forfeited, and the stakes they were for.
    public var sales = 0.0
    public var sellerStakes = 0.0
    /// Stakes begun by LPs.
    public var liquidityStarts = 0.0
    /// Σ (v − cost/u_c + a_c)u_c over the purchases of genuine clients.
    public var surplus = 0.0
    /// Device-periods in which a device of the order book was busy for a genuine client, for any, and listed.
    public var busyGenuine = 0.0
    public var busy = 0.0
    public var listed = 0.0
    /// Jobs begun in the order book.
    public var jobs = 0.0
}
