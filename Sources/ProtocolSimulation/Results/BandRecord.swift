import DissipativeMarket

/// How long a price has been from α_s to α_g, and when it was first outside. Prices change in events only.
struct BandRecord: Sendable {
    private let limits: PriceLimits
    private var isInside: Bool
    private var since = 0.0
    private var timeInside = 0.0
    /// nil for a price that was never outside.
    private(set) var firstExit: Double?

    init(_ limits: PriceLimits, price: Double) {
        self.limits = limits
        isInside = price >= limits.seller && price <= limits.genuineBuyer
        if !isInside { firstExit = 0 }
    }

    /// The price after an event.
    mutating func note(_ price: Double, at time: Double) {
        let inside = price >= limits.seller && price <= limits.genuineBuyer
        guard inside != isInside else { return }
        if isInside {
            timeInside += time - since
            if firstExit == nil { firstExit = time }
        }
        since = time
        isInside = inside
    }

    /// The share of the time up to an end, and the first exit.
    func ended(at end: Double) -> (share: Double, firstExit: Double?) {
        let inside = timeInside + (isInside ? end - since : 0)
        return (end > 0 ? inside / end : isInside ? 1 : 0, firstExit)
    }
}
