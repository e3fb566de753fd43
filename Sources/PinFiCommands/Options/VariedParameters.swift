import DissipativeMarket
import RewardStudies
import RoleDynamics

extension ParameterValues {
    /// The parameters that the cells of a family have in common, with the first value of what is varied in the place of
    /// what is missing.
    ///
    /// - Parameter varied: each range with the option that gave it.
    /// - Throws: `CommandFailure` with 64 where a parameter is given and varied, or the market or the reward is missing.
    init(
        market: MarketOptions, reward: RewardOptions, role: RoleOptions,
        varied: [(option: String, range: VaryOption)], files: RunFiles
    ) throws {
        try self.init(
            market: market, reward: reward, role: role,
            varied: varied.compactMap { option, range in
                guard case .parameter(let name) = range.quantity else { return nil }
                // Cells outside of the domain say so one by one; ½ is in every one.
                return Varied(option: option, name: name, value: name.allows(range.axis.start) ? range.axis.start : 0.5)
            },
            files: files)
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
