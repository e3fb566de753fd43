import DissipativeMarket
import Foundation
import NumericalMethods

/// The search for the rest points of a game; what it finds collects in it.
struct RestPointSearch {
    let game: RoleGame
    let field: RoleField
    let balance: DemandBalance
    private let logarithmOfKept: Double
    private(set) var candidates: [RestCandidate] = []
    private(set) var escapes: [PriceEscape] = []
    private var evaluations = 0

    init(_ game: RoleGame) {
        self.game = game
        field = RoleField(game)
        balance = DemandBalance(field.price)
        logarithmOfKept = game.logarithmOfKept
    }

    /// Looks for all rest points under the game's protocol.
    mutating func run() throws(RestPointError) {
        switch game.revisionProtocol {
        case .logit: try logit()
        case .replicator: try replicator()
        case .smith, .bnn, .bestResponse: try nash()
        }
    }

    /// What was found.
    var solution: RestPointSolution {
        RestPointSolution(
            game: game,
            points: candidates.map { RestPoint($0, of: game, field: field, balance: balance) }
                .sorted { ($0.logPrice, $0.shares.liquidityProviders) < ($1.logPrice, $1.shares.liquidityProviders) },
            escapes: escapes, evaluations: evaluations)
    }

    // MARK: - Logit

    /// ln G(x) − ln κ_s − ln P_s(x) = 0, in logarithms: far out both sides underflow, at λ = 1e6 a hair beside the band.
    private mutating func logit() throws(RestPointError) {
        let equation = "demand = sellers' offer"
        let (choice, balance, logarithmOfKept) = (field.choice, balance, logarithmOfKept)
        let logarithmOfKappa = log(game.intensities.sellers)
        func logarithms(_ x: Double, _ u: Double) -> (demand: Double, sellers: Double) {
            (balance.logarithmOfDemand(at: x), Logistic.logarithm(choice.logOdds(sellerExcess: u)))
        }
        func logarithms(_ z: Double) -> (demand: Double, sellers: Double) {
            logarithms(exp(z), MeanSellingPrice(z + logarithmOfKept).excess)
        }
        let ratio = DemandRatio(choice, balance, logarithmOfKept: logarithmOfKept)
        var isMarginal = false
        evaluations += 1
        // As a rule there is a rest point by far; what follows rounds to less than 1e−11 where the ratio is defined.
        if !(ratio.logarithm(at: 0, sellerExcess: -1) > 1e-9) {
            let atZero = logarithms(0, -1)
            let surplusAtZero = atZero.demand - logarithmOfKappa - atZero.sellers
            let terms = abs(atZero.demand) + abs(logarithmOfKappa) + abs(atZero.sellers)
            isMarginal = abs(surplusAtZero) <= 8 * Double.ulpOfOne * terms
            guard surplusAtZero > 0 else {
                // ∞ − ∞, where the logarithms of both sides exceed the largest double.
                if surplusAtZero.isNaN { throw .root(equation: equation, error: .notFinite(at: -.infinity)) }
                let offer = choice.sellers(sellerExcess: -1)
                let factor = field.price.depthFactor(offer.complement * choice.liquidityProvidersAmongOthers)
                let rate = (balance.demand(at: 0) - game.intensities.sellers * offer.value) * factor
                escapes.append(
                    PriceEscape(
                        direction: .toZero, face: .all, limitRate: rate.isFinite ? rate : nil, isMarginal: isMarginal))
                return
            }
        }
        let root = try root(equation: equation, from: -logarithmOfKept, withSlope: ratio.logarithm) { z in
            let (demand, sellers) = logarithms(z)
            return demand - logarithmOfKappa - sellers
        }
        let z = root.value
        let x = exp(z)
        let price = MeanSellingPrice(z + logarithmOfKept)
        // Of the two sides of the equation the one that changes less with the price gives the share: at λ = 10⁹ the choice
        // is off by 1e−7 an ulp of z. Where the bracket's ends are far apart in the equation slopes at one of them mislead.
        let isByDemand: Bool
        if abs(root.residual) < 1e-6 {
            isByDemand = ratio.demandIsLessSteep(at: z)
        } else {
            let (low, high) = (logarithms(root.bracket.lowerBound), logarithms(root.bracket.upperBound))
            isByDemand = abs(low.demand - high.demand) < abs(low.sellers - high.sellers)
        }
        let sellers = isByDemand ? shareBought(at: x) : choice.sellers(sellerExcess: price.excess)
        let shares = RoleShares(
            unchecked: sellers.complement * choice.liquidityProvidersAmongOthers, sellers.value,
            sellers.complement * choice.externalAmongOthers)
        var degeneracies: [Degeneracy] = []
        if isMarginal { degeneracies.append(.existenceWithinRounding) }
        if sellers.value == 0 {
            degeneracies.append(
                .sellersUnderflow(
                    logShare: isByDemand
                        ? balance.logarithmOfDemand(at: x) - logarithmOfKappa
                        : Logistic.logarithm(choice.logOdds(sellerExcess: price.excess))))
        }
        // The logarithm of the ratio of demand and offer at the double that is nearest to the root.
        if abs(root.residual) > 0.01 { degeneracies.append(.notResolved) }
        candidates.append(
            RestCandidate(
                logPrice: z, bracket: root.bracket, face: .interior, shares: shares, sellers: sellers,
                sellerExcess: price.excess, isNash: nil, degeneracies: degeneracies))
    }

    /// G(x)/κ_s, the share of sellers whose offer is bought, with its complement; at most 1.
    private func shareBought(at x: Double) -> Logistic {
        let share = min(balance.demand(at: x) / game.intensities.sellers, 1)
        let surplus = min(balance.surplus(at: x) / game.intensities.sellers, 0)
        return Logistic(value: share, complement: share < 0.5 ? 1 - share : -surplus)
    }

    // MARK: - Ties and the vertex

    private mutating func replicator() throws(RestPointError) {
        let others = try edges()
        candidates += others
        // G > 0 at every price; it falls to 0 as x → ∞, and the speed with it.
        escapes.append(PriceEscape(direction: .toInfinity, face: .noSellers, limitRate: 0, isMarginal: false))
        // A tie with s = 1 is the vertex.
        if others.contains(where: { $0.face == .sellers }) { return }
        try vertex(isNash: !others.contains { $0.isNash == true })
    }

    private mutating func nash() throws(RestPointError) {
        let ahead = game.rewardExcess
        let others = try edges().filter { candidate in
            // LPs are the better other role for y > b, external sellers for y < b, and both at y = b.
            ahead == 0 || candidate.tiedWithLPs == (ahead > 0)
        }
        candidates += others
        if others.isEmpty { try vertex(isNash: true) }
    }

    /// The points of ties of sellers with LPs and with external sellers with s = G/κ_s ≤ 1.
    private mutating func edges() throws(RestPointError) -> [RestCandidate] {
        let excess = game.rewardExcess
        var found: [RestCandidate] = []
        // y + 1 − b = 0: sellers are ahead of LPs at every price.
        if game.rewardMean > 0, let edge = try edge(with: .liquidityProvidersAndSellers) { found.append(edge) }
        if let edge = try edge(with: .sellersAndExternal) {
            // At y = b with s = 1 both edges are the same vertex.
            if !(excess == 0 && edge.face == .sellers && !found.isEmpty) { found.append(edge) }
        }
        return found
    }

    private mutating func edge(with face: RestFace) throws(RestPointError) -> RestCandidate? {
        let tiedWithLPs = face == .liquidityProvidersAndSellers
        let excess = tiedWithLPs ? game.rewardExcess : 0
        let root: PriceRoot
        let tie = -logarithmOfKept
        if excess == 0 {
            // L = 1 at x′ = 1, exactly.
            root = PriceRoot(value: tie, bracket: tie...tie, residual: 0)
        } else {
            let (mean, logarithmOfKept) = (game.rewardMean, logarithmOfKept)
            // The difference of the small numbers, L where prices are low and L − 1 elsewhere.
            func difference(_ z: Double) -> SlopedValue {
                let price = MeanSellingPrice(z + logarithmOfKept)
                return SlopedValue(
                    value: mean < 0.5 ? mean - price.mean : excess - price.excess, slope: -price.slope)
            }
            root = try self.root(
                equation: "sellers' payoff = LPs' payoff", from: tie, withSlope: difference
            ) { difference($0).value }
        }
        let x = exp(root.value)
        let surplus = balance.surplus(at: x) / game.intensities.sellers
        let isVertex = balance.surplusIsMarginal(at: x)
        guard surplus < 0 || isVertex else { return nil }
        let sellers = isVertex ? Logistic(value: 1, complement: 0) : shareBought(at: x)
        var degeneracies: [Degeneracy] = []
        if isVertex { degeneracies.append(.vertexAtTie) }
        if game.rewardExcess == 0, !isVertex { degeneracies.append(.segmentEnd) }
        if sellers.value == 0 {
            degeneracies.append(
                .sellersUnderflow(logShare: balance.logarithmOfDemand(at: x) - log(game.intensities.sellers)))
        }
        let others = sellers.complement
        let isBest = tiedWithLPs ? game.rewardExcess >= 0 : game.rewardExcess <= 0
        return RestCandidate(
            logPrice: root.value, bracket: root.bracket, face: isVertex ? .sellers : face,
            shares: RoleShares(unchecked: tiedWithLPs ? others : 0, sellers.value, tiedWithLPs ? 0 : others),
            sellers: sellers, sellerExcess: excess, tiedWithLPs: tiedWithLPs, isNash: isBest,
            degeneracies: degeneracies)
    }

    /// The vertex s = 1 at G(x) = κ_s, or the escape there.
    ///
    /// - Parameter isNash: whether no rest point is at the tie with the better other role: demand exceeds κ_s there, and
    ///   the vertex is at a higher price, where sellers are ahead. Otherwise it is at a lower one.
    private mutating func vertex(isNash: Bool) throws(RestPointError) {
        let surplusAtZero = balance.surplus(at: 0)
        evaluations += 1
        let isMarginal = balance.surplusIsMarginal(at: 0)
        guard surplusAtZero > 0 else {
            escapes.append(
                PriceEscape(
                    direction: .toZero, face: .sellersOnly,
                    limitRate: game.parameters.depthExponent > 0 ? nil : surplusAtZero, isMarginal: isMarginal))
            return
        }
        let balance = balance
        func surplus(_ z: Double) -> SlopedValue {
            let x = exp(z)
            return SlopedValue(value: balance.surplus(at: x), slope: balance.velocity.demandSlope(at: x))
        }
        let root = try root(equation: "demand = the offer of sellers only", from: 0, withSlope: surplus) {
            surplus($0).value
        }
        candidates.append(
            RestCandidate(
                logPrice: root.value, bracket: root.bracket, face: .sellers, shares: RoleShares(unchecked: 0, 1, 0),
                sellers: Logistic(value: 1, complement: 0),
                sellerExcess: MeanSellingPrice(root.value + logarithmOfKept).excess, isNash: isNash,
                degeneracies: isMarginal ? [.existenceWithinRounding] : []))
    }

    @inline(__always)
    private mutating func root(
        equation: String, from start: Double, withSlope sloped: (Double) -> SlopedValue, of f: (Double) -> Double
    ) throws(RestPointError) -> PriceRoot {
        let found: FallingRoot
        do throws(RootError) {
            found = try fallingRoot(
                from: start, in: logPriceLimits, evaluations: &evaluations, withSlope: sloped, of: f)
        } catch {
            throw .root(equation: equation, error: error)
        }
        guard case .root(let root) = found else { throw .priceNotRepresentable(equation: equation) }
        return root
    }
}

/// A rest point before it is looked at more closely.
struct RestCandidate {
    let logPrice: Double
    let bracket: ClosedRange<Double>
    let face: RestFace
    let shares: RoleShares
    /// s with 1 − s, neither a difference of the other.
    let sellers: Logistic
    /// π_s − b; at a tie exactly that of the other role.
    let sellerExcess: Double
    /// Whether it is at the tie of sellers with LPs.
    var tiedWithLPs = false
    /// nil for logit, where it is a matter of the payoffs.
    let isNash: Bool?
    let degeneracies: [Degeneracy]

    /// Whether two roles tie there that are played, or would be but for rounding.
    var isAtTie: Bool {
        face == .liquidityProvidersAndSellers || face == .sellersAndExternal || degeneracies.contains(.vertexAtTie)
    }
}
