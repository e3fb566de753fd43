/// A way in which the price never comes to rest: the limit of a motion, where a search by small residuals would report
/// a rest point.
public struct PriceEscape: Equatable, Sendable, CustomStringConvertible {
    /// Where the price goes.
    public enum Direction: String, CaseIterable, Sendable {
        /// x → 0.
        case toZero = "to-zero"
        /// x → ∞.
        case toInfinity = "to-infinity"
    }

    /// The part of the simplex on which it goes there.
    public enum Face: String, CaseIterable, Sendable {
        /// Everywhere.
        case all
        /// s = 0: nobody sells, and under imitation nobody will.
        case noSellers = "no-sellers"
        /// s = 1: everybody sells, and under imitation everybody will.
        case sellersOnly = "sellers-only"
    }

    /// Where the price goes.
    public let direction: Direction
    /// On which part of the simplex.
    public let face: Face
    /// The limit of dz/dt on the way, in 1/T; nil where the price equation is not defined (an empty pool with a depth
    /// exponent).
    public let limitRate: Double?
    /// Whether it is decided by less than rounding that there is an escape and no rest point.
    public let isMarginal: Bool

    /// The escape in a sentence.
    public var description: String { sentence { "\($0)" } }

    /// The escape in a sentence, with the rate as `number` writes it.
    public func sentence(number: (Double) -> String) -> String {
        let place =
            switch face {
            case .all: "from every start"
            case .noSellers: "where nobody sells"
            case .sellersOnly: "where everybody sells"
            }
        // What is below rounding beside the trade intensities is none.
        let speed = limitRate.map { rate in
            abs(rate) < 1e-12
                ? ", ever more slowly" : ", in the end by \(number(abs(rate))) in ln x per staking period"
        }
        return "\(place) the price \(direction == .toZero ? "falls" : "rises") for ever\(speed ?? "")"
            + (isMarginal ? " (within rounding of coming to rest)" : "")
    }
}
