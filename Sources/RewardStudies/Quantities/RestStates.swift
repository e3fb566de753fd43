import DissipativeMarket
import RoleDynamics

/// The rest point of role dynamics at one point of a study, as far as it is asked for.
struct RestState {
    /// Why there is none; ok where there is.
    var status = QuantityStatus.ok
    /// α, in tokens per unit.
    var price = Double.nan
    var shares = RoleShares.even
    /// The largest real part of the eigenvalues, in 1/T; nil without any.
    var slowestEigenvalue: Double?
    /// In T.
    var criticalLag: Double?
    var criticalLagStatus = QuantityStatus.noCriticalLag
    var regime = RestRegime.balanced

    /// The Nash rest point of a game.
    ///
    /// - Parameter quantities: what is of interest, since eigenvalues take most of the time.
    init(_ game: RoleGame, quantities: [Quantity]) {
        let found: BriefRestPoint?
        do throws(RestPointError) { found = try game.briefRestPoint() } catch {
            status = .restPointNotFound
            return
        }
        guard let point = found else {
            status = .noRestPoint
            return
        }
        price = point.poolPrice
        shares = point.shares
        if quantities.contains(.slowestEigenvalue) { slowestEigenvalue = point.stability.slowest }
        if quantities.contains(.regime) { regime = point.regime }
        guard quantities.contains(.criticalLag) else { return }
        switch point.criticalLag {
        case .lag(let lag):
            criticalLag = lag
            criticalLagStatus = .ok
        case .none: criticalLagStatus = .noCriticalLag
        case .noLinearisation: criticalLagStatus = .noEigenvalues
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
                return RestState(try game(index, rules.revisionProtocol), quantities: quantities)
            } catch {
                return RestState()
            }
        }
    }

    /// A quantity of role dynamics at every point.
    func rolesColumn(_ quantity: Quantity, _ rests: [RestState]) -> QuantityColumn {
        column { index in
            let rest = rests[index]
            guard rest.status == .ok else { return (.nan, rest.status) }
            switch quantity {
            case .restPrice: return (rest.price, .ok)
            case .shareLP: return (rest.shares.liquidityProviders, .ok)
            case .shareSeller: return (rest.shares.sellers, .ok)
            case .shareExternal: return (rest.shares.external, .ok)
            case .slowestEigenvalue: return rest.slowestEigenvalue.map { ($0, .ok) } ?? (.nan, .noEigenvalues)
            case .criticalLag:
                return rest.criticalLag.map { ($0, .ok) } ?? (.nan, rest.criticalLagStatus)
            case .regime: return (Double(RestRegime.allCases.firstIndex(of: rest.regime) ?? 0), .ok)
            default: return (.nan, .noRestPoint)
            }
        }
    }
}
