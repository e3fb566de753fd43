import DissipativeMarket
import Foundation

/// Where one market comes to rest by every route that this project has, side by side.
///
/// The routes are independent: the sharp equilibrium is a closed form (the inverse of the logarithmic mean), the rest points
/// are roots found by brackets, and the logit ones tend to the sharp equilibrium only as w, 1/λ → 0. With wλ held fixed
/// their limit does not depend on the way taken, in seller scarcity and the empty band either, where it is the point of the
/// frozen interval that wλ selects.
public struct Agreement: Equatable, Sendable {
    /// The game whose market, reward, intensities and parameters are compared; its protocol does not matter.
    public let game: RoleGame
    /// The sharp equilibrium.
    public let equilibrium: Equilibrium
    /// The prices in units of c at which the sharp price can rest: one where U ≥ D, the frozen interval U … D where not. The
    /// upper end is +∞ where α* exceeds the largest double.
    public let sharpRestPrices: ClosedRange<Double>
    /// One row a route, two where a route leads to a segment of rest points.
    public let rows: [AgreementRow]

    /// The comparison for a game, without a trajectory: see ``adding(_:)``.
    ///
    /// A route that does not come to rest, or fails, is a row that says so.
    public init(of game: RoleGame) {
        let equilibrium = Equilibrium(
            market: game.market, speculates: game.intensities.speculatingBuyers > 0, blockReward: game.blockReward)
        let c = game.market.sellerCost
        let low = equilibrium.restPrice / c
        let high = max(equilibrium.sellersStop / c, low)
        let sharp = equilibrium.buyersStop >= equilibrium.sellersStop ? low...low : low...high
        self.game = game
        self.equilibrium = equilibrium
        sharpRestPrices = sharp

        var rows = [
            AgreementRow(
                route: .sharp, parameters: nil, price: low, shares: nil, regret: nil, sharpRestPrices: sharp)
        ]
        for power in [1.0, 10, 100, 1000] {
            let parameters = game.parameters
            do throws(ParameterError) {
                let sharper = try RevisionParameters(
                    demandWidth: parameters.demandWidth / power, rationality: parameters.rationality * power,
                    revisionRate: parameters.revisionRate, depthExponent: parameters.depthExponent,
                    observationLag: parameters.observationLag)
                rows += Self.rows(
                    .logit, game.with(parameters: sharper).with(revisionProtocol: .logit), sharp)
            } catch {
                rows.append(AgreementRow(route: .logit, parameters: nil, note: error.description))
            }
        }
        for (route, kind) in [
            (AgreementRoute.replicator, RevisionProtocol.replicator), (.smith, .smith), (.bnn, .bnn),
            (.bestResponse, .bestResponse),
        ] {
            rows += Self.rows(route, game.with(revisionProtocol: kind), sharp)
        }
        self.rows = rows
    }

    private init(_ agreement: Agreement, rows: [AgreementRow]) {
        game = agreement.game
        equilibrium = agreement.equilibrium
        sharpRestPrices = agreement.sharpRestPrices
        self.rows = rows
    }

    /// The comparison with another row, such as the long-run end of a trajectory.
    public func adding(_ row: AgreementRow) -> Agreement { Agreement(self, rows: rows + [row]) }

    private static func rows(
        _ route: AgreementRoute, _ game: RoleGame, _ sharp: ClosedRange<Double>
    ) -> [AgreementRow] {
        let parameters = route == .logit ? game.parameters : nil
        do throws(RestPointError) {
            let solution = try game.restPoints()
            // Of the replicator's points the Nash ones; logit's point is none but in the limit.
            let points = route == .logit ? solution.points : solution.nashPoints
            if points.isEmpty {
                let note = solution.escapes.map(\.description).joined(separator: "; ")
                return [AgreementRow(route: route, parameters: parameters, note: note)]
            }
            return points.map { point in
                AgreementRow(
                    route: route, parameters: parameters, price: point.price, shares: point.shares,
                    regret: point.regret, sharpRestPrices: sharp)
            }
        } catch {
            return [AgreementRow(route: route, parameters: parameters, note: error.description)]
        }
    }
}

/// A way to where a market comes to rest.
public enum AgreementRoute: String, CaseIterable, Sendable {
    /// The closed form of section 4.
    case sharp
    /// The logit rest point, at the game's own λ and w and at sharper ones.
    case logit
    /// The replicator's rest point that is a Nash point.
    case replicator
    case smith
    case bnn
    case bestResponse = "best-response"
    /// The long-run end of a trajectory.
    case trajectory
}

/// One route's rest point, and how far it is from the sharp equilibrium.
public struct AgreementRow: Equatable, Sendable {
    /// The route.
    public let route: AgreementRoute
    /// The parameters of a logit row.
    public let parameters: RevisionParameters?
    /// x, in units of c; nil where the route does not come to rest.
    public let price: Double?
    /// The shares; nil for the sharp equilibrium, which has none.
    public let shares: RoleShares?
    /// |x − x_sharp| with x_sharp the sharp rest price from a low start, in units of c.
    public let distance: Double?
    /// The distance to the nearest price at which the sharp flow can rest: 0 within the frozen interval.
    public let distanceToRestPrices: Double?
    /// The holders' mean regret, in units of c; nil without shares.
    public let regret: Double?
    /// Why there is no price; nil where there is one.
    public let note: String?

    /// A route that comes to rest.
    public init(
        route: AgreementRoute, parameters: RevisionParameters?, price: Double, shares: RoleShares?, regret: Double?,
        sharpRestPrices: ClosedRange<Double>
    ) {
        self.route = route
        self.parameters = parameters
        self.price = price
        self.shares = shares
        self.regret = regret
        distance = abs(price - sharpRestPrices.lowerBound)
        distanceToRestPrices = max(sharpRestPrices.lowerBound - price, price - sharpRestPrices.upperBound, 0)
        note = nil
    }

    /// A route that does not, and why.
    public init(route: AgreementRoute, parameters: RevisionParameters?, note: String) {
        self.route = route
        self.parameters = parameters
        price = nil
        shares = nil
        regret = nil
        distance = nil
        distanceToRestPrices = nil
        self.note = note
    }
}
