/// A lot: the units that one device brought into the pool for one staking period.
struct Lot: Sendable {
    /// The way in which the units came in.
    enum Kind: UInt8, Sendable {
        /// Staked by a liquidity provider.
        case liquidity
        /// Sold by a seller.
        case sold
        /// The protocol's own liquidity.
        case seed
    }

    /// The provider's number, or, of a seed lot, the seed's.
    var owner: Int
    var kind: Kind
    /// u, the units at the start.
    var units: Double
    /// `expiry`: a, the units that are still unsold. `linear`: idle devices, over the queue's factor at the start.
    var remainder: Double
    /// When the lot ends, in units of T.
    var expiry: Double
    /// The tokens staked beside the units.
    var deposit: Double
    /// J at the start: tokens per unit that dissipation had released by then (`linear`).
    var dissipationIndex: Double
    /// I at the start: reward per unit that the emission had paid by then.
    var rewardIndex: Double
}

/// The lots of a pool that are alive, in the order in which they expire, which is the order in which they were made: a
/// ring, so that what is remembered is as much as what is alive.
struct LotQueue: Sendable {
    private var ring: [Lot]
    private var head = 0
    private(set) var count = 0
    /// How many lots from the head on are sold out.
    private var soldOut = 0
    /// Σa, kept by itself, for the audit (`expiry`).
    private(set) var unsold = CompensatedSum()
    /// w over the factor: the idle devices of all lots (`linear`).
    private var idle = CompensatedSum()
    /// Π(1 − q/X) over the purchases so far: a purchase takes from all lots alike, by this one number (`linear`).
    private(set) var factor = 1.0

    /// A queue for so many lots at a time: one of each provider, and the seed's.
    init(capacity: Int) {
        let none = Lot(
            owner: 0, kind: .seed, units: 0, remainder: 0, expiry: 0, deposit: 0, dissipationIndex: 0, rewardIndex: 0)
        ring = [Lot](repeating: none, count: capacity)
    }

    /// w, the idle devices of all lots together: what the asset reserve loses a unit of time (`linear`).
    var idleDevices: Double { idle.value * factor }

    /// The lots, the first to expire first.
    var lots: [Lot] { (0..<count).map { ring[slot($0)] } }

    @inline(__always)
    private func slot(_ place: Int) -> Int {
        let index = head + place
        return index < ring.count ? index : index - ring.count
    }

    /// Adds a lot that expires after all others.
    @inline(__always)
    mutating func append(_ lot: Lot) {
        ring[slot(count)] = lot
        count += 1
    }

    /// Adds a lot whose units stay whole until it expires.
    @inline(__always)
    mutating func appendWhole(_ lot: Lot) {
        append(lot)
        unsold.add(lot.remainder)
    }

    /// Adds a lot that dissipates linearly, with so many idle devices.
    @inline(__always)
    mutating func appendDissipating(_ lot: Lot, devices: Double) {
        var lot = lot
        lot.remainder = devices / factor
        append(lot)
        idle.add(lot.remainder)
    }

    /// Takes out the lot that expires next.
    @inline(__always)
    mutating func removeFirst(dissipating: Bool) -> Lot {
        let lot = ring[head]
        head = head + 1 == ring.count ? 0 : head + 1
        count -= 1
        if dissipating {
            idle.add(-lot.remainder)
        } else {
            unsold.add(-lot.remainder)
            if soldOut > 0 { soldOut -= 1 }
        }
        return lot
    }

    /// Takes units from the lots that expire soonest.
    @inline(__always)
    mutating func takeSoonest(_ units: Double) {
        var left = units
        while left > 0, soldOut < count {
            let index = slot(soldOut)
            let remainder = ring[index].remainder
            if remainder > left {
                ring[index].remainder = remainder - left
                unsold.add(-left)
                return
            }
            ring[index].remainder = 0
            unsold.add(-remainder)
            left -= remainder
            soldOut += 1
        }
    }

    /// Leaves every lot the same share of its units: (X − q)/X > 0.
    @inline(__always)
    mutating func keepShare(_ share: Double) {
        factor *= share
        if factor < 1e-60 { rescale() }
    }

    /// Puts the factor into the lots, long before it underflows.
    private mutating func rescale() {
        var sum = CompensatedSum()
        for place in 0..<count {
            ring[slot(place)].remainder *= factor
            sum.add(ring[slot(place)].remainder)
        }
        idle = sum
        factor = 1
    }

    /// Σa, counted anew.
    func countUnsold() -> Double {
        var sum = CompensatedSum()
        for place in 0..<count { sum.add(ring[slot(place)].remainder) }
        return sum.value
    }

    /// Σ w_i(e_i − t), the units that the idle devices still have before them, counted anew (`linear`).
    func countDissipating(at time: Double) -> Double {
        var sum = CompensatedSum()
        for place in 0..<count {
            let lot = ring[slot(place)]
            sum.add(lot.remainder * factor * max(lot.expiry - time, 0))
        }
        return sum.value
    }
}
