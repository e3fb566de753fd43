import DissipativeMarket
import RoleDynamics

/// Which dynamics the quantities of a study are of.
public struct QuantityRules: Equatable, Sendable {
    /// What ``Quantity/restPrice`` is of.
    public let dynamics: PriceDynamics
    /// How holders revise their role, where role dynamics is asked.
    public let revisionProtocol: RevisionProtocol
    /// N, of which the quantities of a finite market are.
    public let holders: Double
    /// How the price of a finite market moves.
    public let price: PriceProcess

    /// - Parameter holders: N ≥ 1; for 1 the deviations are those of one holder, √N times those of N.
    public init(
        dynamics: PriceDynamics = .sharp, revisionProtocol: RevisionProtocol = .logit, holders: Double = 1,
        price: PriceProcess = .flow
    ) {
        self.dynamics = dynamics
        self.revisionProtocol = revisionProtocol
        self.holders = holders
        self.price = price
    }

    /// Whether a quantity is that of the rest point of role dynamics.
    public func isOfRoles(_ quantity: Quantity) -> Bool {
        quantity.isOfRoles || (quantity == .restPrice && dynamics == .role)
    }

    /// Whether a quantity depends on a parameter at all; where it does not its sensitivity is exactly 0, and the
    /// parameter need not be given.
    public func does(_ quantity: Quantity, dependOn name: ParameterName) -> Bool {
        switch name {
        // With c = 1 neither c nor α_s depends on b.
        case .ratio(.b): parameters(quantity).contains(.market(.beta)) && !Self.ofCostAlone.contains(quantity)
        case .ratio(let ratio): parameters(quantity).contains(.market(ratio.parameter))
        default: parameters(quantity).contains(name)
        }
    }

    /// Whether a parameter helps to decide whether a quantity has a value.
    public func doesExistence(of quantity: Quantity, dependOn name: ParameterName) -> Bool {
        // γ_min is β, but there is none where the band is empty.
        does(quantity == .gammaMin ? .gammaMax : quantity, dependOn: name)
    }

    /// The parameters without a default that have to be known for a quantity.
    public func required(_ quantity: Quantity) -> [MarketParameter] {
        MarketParameter.allCases.filter { parameter in
            guard parameter.defaultValue == nil else { return false }
            // There is no γ_min where the band is empty, which δ decides.
            return parameters(quantity).contains(.market(parameter)) || (quantity == .gammaMin && parameter == .delta)
        }
    }

    private static let ofCostAlone: Set<Quantity> = [.sellerCost, .alphaS, .cessationTimeSeller]

    /// The raw parameters that a quantity depends on.
    func parameters(_ quantity: Quantity) -> Set<ParameterName> {
        func market(_ parameters: MarketParameter...) -> Set<ParameterName> {
            Set(parameters.map(ParameterName.market))
        }
        let cost = market(.beta, .p, .theta)
        if isOfRoles(quantity) {
            var names = cost.union(market(.gamma, .delta, .fee)).union([.kappaG, .kappaB, .kappaS, .demandWidth])
            if revisionProtocol == .logit { names.insert(.rationality) }
            switch quantity {
            case .slowestEigenvalue, .stable, .deviationPrice, .deviationLP, .deviationSeller, .deviationExternal:
                names.formUnion([.revisionRate, .depthExponent, .lag])
            case .criticalLag: names.formUnion([.revisionRate, .depthExponent])
            default: break
            }
            return names
        }
        return switch quantity {
        case .gammaMin, .payoffExternal: market(.beta)
        case .gammaMax, .bandWidth, .relativeBandWidth: cost.union(market(.delta, .fee))
        case .bandMargin, .outcome: cost.union(market(.gamma, .delta, .fee))
        // Speculating buyers matter by being there, κ_b > 0.
        case .restPrice: cost.union(market(.gamma, .delta, .fee)).union([.kappaB])
        case .restPriceFromAlpha: cost.union(market(.alpha, .gamma, .delta, .fee)).union([.kappaB])
        case .alphaStar: cost.union(market(.gamma, .fee))
        case .alphaB: market(.beta, .fee)
        case .alphaS: cost.union(market(.fee))
        case .alphaG: market(.delta, .fee)
        case .sellerCost: cost
        case .payoffLP: market(.gamma)
        case .payoffSeller: cost.union(market(.alpha, .fee))
        case .regretLP, .regretSeller, .regretExternal: cost.union(market(.alpha, .gamma, .fee))
        case .cessationTimeSeller: cost.union(market(.alpha, .fee, .period)).union([.kappaS])
        case .cessationTimeSpeculatingBuyer: market(.alpha, .beta, .fee, .period).union([.kappaB])
        case .cessationTimeGenuineBuyer: market(.alpha, .delta, .fee, .period).union([.kappaG])
        case .shareLP, .shareSeller, .shareExternal, .slowestEigenvalue, .criticalLag, .regime, .stable,
            .deviationPrice,
            .deviationLP, .deviationSeller, .deviationExternal:
            []
        }
    }
}
