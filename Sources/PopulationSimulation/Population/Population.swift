import DissipativeMarket
import RoleDynamics

/// A market with N holders as a Markov chain: each changes his role at rates that depend on the roles of all and on the
/// price, and the price moves by what buyers demand and sellers offer.
///
/// As N grows its path tends to the role dynamics of the game: sup |(s, z)_N − ODE| = O(N^{−1/2}) over a finite time where
/// the rates are Lipschitz continuous (Kurtz). An extension of this project's.
public struct Population: Equatable, Sendable {
    /// The most holders, 2⁵³: a share is then a ratio of exact doubles.
    public static let mostHolders = 1 << 53

    /// The game: payoffs, prices, rates and lag. Its own protocol plays no part.
    public let game: RoleGame
    /// How a holder revises his role.
    public let revisionProtocol: PopulationProtocol
    /// N, from 1 to 2⁵³.
    public let holders: Int
    /// How the price moves.
    public let price: PriceProcess
    /// Whether the price stays where it is.
    public let isPriceFrozen: Bool
    /// μ ≥ 0: a holder changes to each of the other roles at the rate μ/3 besides.
    public let mutation: Double

    /// A population.
    ///
    /// - Throws: `ParameterError` naming `holders` or `mutation`.
    public init(
        _ game: RoleGame, revisionProtocol: PopulationProtocol? = nil, holders: Int, price: PriceProcess = .flow,
        isPriceFrozen: Bool = false, mutation: Double = 0
    ) throws(ParameterError) {
        guard holders >= 1, holders <= Self.mostHolders else {
            throw ParameterError(
                name: "holders", title: "number of holders", value: Double(holders),
                allowed: "a whole number from 1 to 2^53")
        }
        guard mutation >= 0, mutation < .infinity else {
            throw ParameterError(
                name: "mutation", title: "rate of mutation", value: mutation, allowed: "a finite number of at least 0")
        }
        self.game = game
        self.revisionProtocol = revisionProtocol ?? PopulationProtocol(game.revisionProtocol)
        self.holders = holders
        self.price = price
        self.isPriceFrozen = isPriceFrozen
        self.mutation = mutation
    }

    /// Whether a role is lost for good once nobody plays it.
    public var hasAbsorbingFaces: Bool { revisionProtocol.imitates && mutation == 0 }
}
