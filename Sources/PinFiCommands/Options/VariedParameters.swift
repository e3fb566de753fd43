import DissipativeMarket
import RoleDynamics

extension ParameterValues {
    /// The parameters that the cells of a family have in common, with the first value of what is varied in the place of
    /// what is missing.
    ///
    /// - Parameter varied: each range with the option that gave it.
    /// - Throws: `CommandFailure` with 64 where a parameter is given and varied, or the market or the reward is missing.
    init(
        market: MarketOptions, reward: RewardOptions, role: RoleOptions,
        varied: [(option: String, range: VaryOption)]
    ) throws {
        var (market, reward) = (market, reward)
        for (option, range) in varied {
            let name = range.quantity.name
            func refuse(_ given: Double?) throws {
                guard given == nil else {
                    throw CommandFailure(
                        .usage, "--\(name) and \(option) \(name)=… both give \(name); keep one of them.")
                }
            }
            func put(_ place: inout Double?) throws {
                try refuse(place)
                place = range.axis.start
            }
            switch range.quantity {
            case .parameter(.market(.beta)): try put(&market.beta)
            case .parameter(.market(.p)): try put(&market.p)
            case .parameter(.market(.theta)): try put(&market.theta)
            case .parameter(.market(.delta)): try put(&market.delta)
            case .parameter(.market(.fee)): try put(&market.fee)
            case .parameter(.market(.gamma)): try put(&reward.gamma)
            case .parameter(.y): try put(&reward.y)
            case .parameter(.b): try put(&market.b)
            case .parameter(.d): try put(&market.d)
            case .parameter(.kappaG): try refuse(market.kappaG)
            case .parameter(.kappaB): try refuse(market.kappaB)
            case .parameter(.kappaS): try refuse(market.kappaS)
            case .parameter(let parameter): try refuse(role.given[parameter] ?? nil)
            case .liquidityProviders, .sellers: break
            }
        }
        try self.init(market: market, reward: reward, role: role)
        try requireMarket()
        _ = try requireReward()
    }

    /// What makes a game, unchecked; NaN for what is missing.
    func gameValues(_ revisionProtocol: RevisionProtocol) -> GameValues {
        func value(_ parameter: MarketParameter) -> Double { self[parameter] ?? parameter.defaultValue ?? .nan }
        return GameValues(
            externalPrice: value(.beta), failureProbability: value(.p), collateral: value(.theta),
            reservationPrice: value(.delta), swapFee: value(.fee), stakingPeriod: value(.period),
            blockReward: value(.gamma), intensities: intensities, parameters: revision,
            revisionProtocol: revisionProtocol,
            unit: isRatioForm ? 1 : value(.beta).addingProduct(value(.p), value(.theta)))
    }
}
