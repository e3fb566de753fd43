/// The state of a chain.
struct ChainState {
    var time = 0.0
    var counts: RoleCounts
    /// z = ln x.
    var logPrice: Double
    /// q, the log price that holders see.
    var seenLogPrice: Double

    /// |z| beyond which a price counts as one that falls or rises for ever.
    static let largestLogPrice = 700.0

    var hasEscaped: Bool { !(abs(logPrice) <= Self.largestLogPrice) }
}

/// How a run ended.
public enum RunEnding: Equatable, Sendable {
    /// It was followed for all of its time.
    case reachedEnd
    /// |ln x| exceeded 700: the price falls or rises for ever.
    case priceEscaped(time: Double)
    /// It took more events or steps than a run may.
    case workLimit(time: Double)

    /// The ending as the `status` of a table: `ok`, or a reason.
    public var status: String {
        switch self {
        case .reachedEnd: "ok"
        case .priceEscaped: "price-escaped"
        case .workLimit: "event-limit"
        }
    }
}
