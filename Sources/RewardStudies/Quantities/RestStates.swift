import DissipativeMarket
import RoleDynamics

/// The rest point of role dynamics at one point of a study, as far as it is asked for.
struct RestState {
    /// Why there is none; ok where there is.
    var status = QuantityStatus.ok
    /// α, in tokens per unit.
    var price = Double.nan
    var shares = RoleShares.even
    /// Whether it is one end of a segment of rest points, which have price and sellers in common and not the other shares.
    var isSegment = false
    /// The rate of the slowest disturbance, in 1/T; nil where it is not known, which the status explains.
    var slowestEigenvalue: Double?
    /// The critical lag, in T; nil where there is none, which the status explains.
    var criticalLag: Double?
    var criticalLagStatus = QuantityStatus.stableAtEveryLag
    var regime = RestRegime.balanced
    /// Whether it is stable, at the lag of the game; nil where that is not known, which the status explains.
    var isStable: Bool?
    var stabilityStatus = QuantityStatus.ok
    /// The linear noise; nil where there is none.
    var noise: LinearNoise?

    /// The Nash rest point of a game.
    ///
    /// - Parameters:
    ///   - quantities: what is of interest, since eigenvalues take most of the time.
    ///   - noisePrice: how the price of a finite market moves.
    init(_ game: RoleGame, quantities: [Quantity], noisePrice: PriceProcess) {
        let found: BriefRestPoint?
        do throws(RestPointError) { found = try game.briefRestPoint() } catch {
            status = .restPointNotFound
            return
        }
        guard let point = found else {
            status = .noRestPoint
            return
        }
        isSegment = point.isSegmentEnd
        price = point.poolPrice
        shares = point.shares
        if quantities.contains(.slowestEigenvalue) || quantities.contains(.stable) {
            let stability = point.stability
            slowestEigenvalue = stability.slowest
            isStable = stability.isStable
            stabilityStatus =
                stability.eigenvalues == nil
                ? .noEigenvalues : stability.slowest == nil ? .growthNotFound : .stabilityUndecided
        }
        if quantities.contains(where: \.isOfFiniteMarket) { noise = try? point.linearNoise(price: noisePrice) }
        if quantities.contains(.regime) { regime = point.regime }
        guard quantities.contains(.criticalLag) else { return }
        switch point.criticalLag {
        case .found(let critical):
            criticalLag = critical.lag
            criticalLagStatus = .ok
        case .stableAtEveryLag: criticalLagStatus = .stableAtEveryLag
        case .unstableWithoutLag: criticalLagStatus = .unstableWithoutLag
        case .noLinearisation: criticalLagStatus = .noEigenvalues
        case .growthNotFound: criticalLagStatus = .growthNotFound
        }
    }

    /// Outside of a domain.
    init() { status = .outOfDomain }
}

/// The quantities of role dynamics over a run of points.
extension PointColumns {
    /// The rest points, one for each point.
    func restStates(rules: QuantityRules, for quantities: [Quantity]) -> [RestState] {
        var isOutside = outside.makeIterator()
        var next = isOutside.next()
        return (0..<count).map { index in
            if index == next {
                next = isOutside.next()
                return RestState()
            }
            do throws(ParameterError) {
                return RestState(
                    try game(index, rules.revisionProtocol), quantities: quantities, noisePrice: rules.price)
            } catch {
                return RestState()
            }
        }
    }

    /// A quantity of role dynamics at every point.
    func rolesColumn(_ quantity: Quantity, _ rests: [RestState], holders: Double) -> QuantityColumn {
        column { index in
            let rest = rests[index]
            guard rest.status == .ok else { return (.nan, rest.status) }
            if rest.isSegment, [.shareLP, .shareExternal, .regime].contains(quantity) { return (.nan, .segment) }
            switch quantity {
            case .restPrice: return (rest.price, .ok)
            case .shareLP: return (rest.shares.liquidityProviders, .ok)
            case .shareSeller: return (rest.shares.sellers, .ok)
            case .shareExternal: return (rest.shares.external, .ok)
            case .slowestEigenvalue: return rest.slowestEigenvalue.map { ($0, .ok) } ?? (.nan, rest.stabilityStatus)
            case .criticalLag:
                return rest.criticalLag.map { ($0, .ok) } ?? (.nan, rest.criticalLagStatus)
            case .stable: return rest.isStable.map { ($0 ? 0 : 1, .ok) } ?? (.nan, rest.stabilityStatus)
            case .regime: return (Double(RestRegime.allCases.firstIndex(of: rest.regime) ?? 0), .ok)
            case .deviationPrice:
                // x sd(z) in tokens: α sd(z).
                return rest.noise.map { (rest.price * $0.standardDeviation(.logPrice, holders: holders), .ok) }
                    ?? (.nan, .noLinearNoise)
            case .deviationLP: return deviation(rest, .liquidityProviders, holders)
            case .deviationSeller: return deviation(rest, .sellers, holders)
            case .deviationExternal: return deviation(rest, .external, holders)
            default: return (.nan, .noRestPoint)
            }
        }
    }

    private func deviation(
        _ rest: RestState, _ variable: NoiseVariable, _ holders: Double
    ) -> (Double, QuantityStatus) {
        rest.noise.map { ($0.standardDeviation(variable, holders: holders), .ok) } ?? (.nan, .noLinearNoise)
    }
}
