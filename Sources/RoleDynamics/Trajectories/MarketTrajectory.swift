import DissipativeMarket
import NumericalMethods

/// The market at a time on a trajectory.
public struct MarketSample: Equatable, Sendable {
    /// When, in units of T.
    public let time: Double
    /// z = ln x, x = α/c.
    public let logPrice: Double
    /// The log price that holders see: z, or what lags behind it.
    public let observedLogPrice: Double
    /// The shares of the roles. In a model without shares those of the sharp diagram: 1 for the role that dominates, and
    /// where sellers and buyers hold the price between them, the share of the time that sellers sell.
    public let shares: RoleShares
    /// The reserves of a transient pool, X/X̄ and Y; nil where there is none.
    public let reserves: PoolReserves?
}

/// The reserves of a pool.
public struct PoolReserves: Equatable, Sendable {
    /// X in units of X̄, the reserve to which it is renewed.
    public let asset: Double
    /// Y = αX, in tokens per X̄.
    public let token: Double
}

/// Something that happened on a trajectory.
public struct TrajectoryEvent: Equatable, Sendable {
    /// What: `genuine-buyers-stop`, `sliding-start`, or the name of a watch.
    public let name: String
    /// Whether the watched quantity rose; nil for what has no direction.
    public let isRising: Bool?
    /// The market then.
    public let sample: MarketSample
}

/// A level of a quantity, of which every crossing is an event.
public struct TrajectoryWatch: Equatable, Sendable {
    /// What can be watched.
    public enum Quantity: String, CaseIterable, Sendable {
        /// z = ln x.
        case logPrice
        /// ℓ, of models with shares.
        case liquidityProviders
        /// s, of models with shares.
        case sellers
        /// e, of models with shares.
        case external
    }

    /// What its crossings are called.
    public let name: String
    /// What is watched.
    public let quantity: Quantity
    /// The level.
    public let level: Double

    /// A level of a quantity.
    public init(_ name: String, _ quantity: Quantity, at level: Double) {
        self.name = name
        self.quantity = quantity
        self.level = level
    }
}

/// A path of the market that is followed as far as it is asked for.
///
/// What conformers owe: `advance` takes times that do not fall and gives nil only where the integration ended before the
/// time, ``ending`` saying how; samples and events do not depend on which times were asked for; times are in units of T.
public protocol MarketTrajectory: AnyObject {
    /// The time to which it goes.
    var end: Double { get }
    /// How the trajectory ended; nil before it has.
    var ending: ODEEnding? { get }
    /// The steps and evaluations so far.
    var statistics: ODEStatistics { get }
    /// What has happened so far, in order.
    var events: [TrajectoryEvent] { get }
    /// The market at a time; nil where the integration ended before it.
    ///
    /// - Throws: `ODEError` for a time before the last one.
    func advance(to time: Double) throws(ODEError) -> MarketSample?
}

/// Why a trajectory cannot begin.
enum TrajectoryCheck {
    /// The length of a trajectory: it runs forward.
    static func length(_ end: Double) throws(ParameterError) {
        guard end >= 0, end < .infinity else {
            throw ParameterError(
                name: "until", title: "end of the trajectory", value: end,
                allowed: "a finite number of at least 0: time runs forward from 0")
        }
    }

    /// A start's log price.
    static func logPrice(_ z: Double) throws(ParameterError) {
        guard z.isFinite else {
            throw ParameterError(
                name: "x", title: "pool price over seller's cost at the start", value: z,
                allowed: "a number whose logarithm is finite")
        }
    }
}
