import Foundation
import NumericalMethods

/// The two kinds of clients.
public enum ClientKind: UInt64, CaseIterable, Sendable {
    /// Uses what it buys.
    case genuine
    /// Sells what it buys in the external market.
    case speculating
}

/// The uses of a run's random numbers: the second word of a counter, which tells them apart.
enum RandomPurpose: UInt64 {
    case client = 0xc11e
    case decision = 0xdec1
}

/// The clients of a kind that come to a pool, as a Poisson process.
///
/// The n-th client of a pool and a kind has the random numbers of that name whatever is simulated: gaps are drawn at unit
/// rate and then scaled, so that two mechanisms, and a market with other parameters, see the same people.
struct ClientStream: Sendable {
    private let kind: ClientKind
    private let pool: UInt64
    private let key: (UInt64, UInt64)
    /// Arrivals per T; 0 for none.
    private let rate: Double
    private var number: UInt64 = 0
    private var unitTime = CompensatedSum()
    private var words: Philox.Block = (0, 0, 0, 0)
    /// When the next client comes, in units of T.
    private(set) var time = Double.infinity

    init(kind: ClientKind, pool: Int, rate: Double, key: (UInt64, UInt64)) {
        self.kind = kind
        self.pool = UInt64(pool)
        self.rate = rate
        self.key = key
        draw()
    }

    /// Goes on to the next client.
    @inline(__always)
    mutating func advance() {
        number &+= 1
        draw()
    }

    @inline(__always)
    private mutating func draw() {
        guard rate > 0 else { return }
        words = Philox.block((number, RandomPurpose.client.rawValue, pool, kind.rawValue), key: key)
        unitTime.add(-log(openUniform(words.0)))
        time = unitTime.value / rate
    }

    /// The number of the next client, from 0 on.
    var clientNumber: Int { Int(truncatingIfNeeded: number) }

    /// The next client's reservation price, logistic about a price; at scale 0 that price.
    @inline(__always)
    func reservationPrice(about price: Double, scale: Double) -> Double {
        guard scale > 0 else { return price }
        let u = openUniform(words.1)
        return price + scale * log(u / (1 - u))
    }

    /// A uniform number of (0, 1) that decides whether the next client's job fails, where clients run jobs.
    var jobUniform: Double { openUniform(words.2) }
}
