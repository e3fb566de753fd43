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

    /// The one Nash rest point of a game.
    ///
    /// - Parameter wantsLag: whether the critical lag is of interest.
    init(_ game: RoleGame, wantsLag: Bool) {
        let solution: RestPointSolution
        do throws(RestPointError) { solution = try game.restPoints() } catch {
            status = .restPointNotFound
            return
        }
        // Logit's one point is Nash only within its noise.
        let points = game.revisionProtocol == .logit ? solution.points : solution.nashPoints
        guard let point = points.first else {
            status = .noRestPoint
            return
        }
        guard points.count == 1 else {
            status = .restSegment
            return
        }
        price = point.poolPrice
        shares = point.shares
        let values = (point.stability.eigenvalues ?? []) + (point.stability.eigenvaluesBelow ?? [])
        slowestEigenvalue = values.map(\.real).max()
        guard wantsLag else { return }
        do throws(CriticalLagError) {
            var lags = [try point.criticalLag(side: .above)]
            // At a kink the side that comes first.
            if point.stability.eigenvaluesBelow != nil { lags.append(try point.criticalLag(side: .below)) }
            criticalLag = lags.compactMap { $0?.lag }.min()
            if criticalLag != nil { criticalLagStatus = .ok }
        } catch {
            criticalLagStatus = .noEigenvalues
        }
    }

    /// Outside of a domain.
    init() { status = .outOfDomain }
}

/// The quantities of role dynamics over a run of points.
extension PointColumns {
    /// The rest points, one for each point.
    func restStates(rules: QuantityRules, for quantities: [Quantity]) -> [RestState] {
        let wantsLag = quantities.contains(.criticalLag)
        var isOutside = outside.makeIterator()
        var next = isOutside.next()
        return (0..<count).map { index in
            if index == next {
                next = isOutside.next()
                return RestState()
            }
            do throws(ParameterError) {
                return RestState(try game(index, rules.revisionProtocol), wantsLag: wantsLag)
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
            default: return (.nan, .noRestPoint)
            }
        }
    }
}
