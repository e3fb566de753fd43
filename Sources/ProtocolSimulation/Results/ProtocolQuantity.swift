/// What is told of a pool, or of the order book of a device type, at a moment; sums are since the start.
public enum ProtocolQuantity: String, CaseIterable, Sendable {
    case price
    case reserveAsset = "reserve_asset"
    case reserveToken = "reserve_token"
    case lp, seller, external
    case consumed, resold, expired, minted, burned, refused
    case lostPrice = "lost_price"
    case lostEmpty = "lost_empty"

    /// What it is, in a phrase.
    public var summary: String {
        switch self {
        case .price: "price, tokens per unit"
        case .reserveAsset: "units in the pool"
        case .reserveToken: "tokens in the pool"
        case .lp: "share of LPs"
        case .seller: "share of sellers, or of those in the order book"
        case .external: "share of external sellers"
        case .consumed: "units that genuine clients bought"
        case .resold: "units that speculating buyers bought"
        case .expired: "units that nobody bought in their time"
        case .minted: "tokens minted"
        case .burned: "tokens burned"
        case .refused: "events refused because somebody could not pay"
        case .lostPrice: "clients lost to the price"
        case .lostEmpty: "clients lost because there was too little"
        }
    }
}

extension PoolTotals {
    /// A quantity that is a sum; nil for the others.
    func sum(_ quantity: ProtocolQuantity) -> Double? {
        switch quantity {
        case .price, .reserveAsset, .reserveToken, .lp, .seller, .external: nil
        case .consumed: consumed
        case .resold: resold
        case .expired: expired
        case .minted: minted
        case .burned: burned
        case .refused: refused
        case .lostPrice: lostPrice
        case .lostEmpty: lostEmpty
        }
    }
}
