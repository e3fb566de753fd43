import DissipativeMarket
import Reporting
import RoleDynamics

/// `NAME=start:stop:count`: a parameter, or a share at the start, that takes every value of a range.
extension VariedAxis {
    /// - Parameters:
    ///   - known: what may be varied.
    ///   - price: what is said to those who would vary the pool price, given its range.
    /// - Throws: `ArgumentFault` that says what is allowed.
    package init(
        _ text: String, among known: [VariedQuantity] = VariedQuantity.all,
        price: (String) -> String = { "the pool price at the start has a range of its own: --x0 \($0)" }
    ) throws {
        guard let given = NamedValue(text) else {
            throw ArgumentFault("allowed: NAME=start:stop:count, y=0.5:1.1:25 for example")
        }
        if ["x", "x0", "alpha", "pool-price"].contains(given.name) { throw ArgumentFault(price(given.value)) }
        let found =
            known.first { $0.name == given.name }
            ?? ParameterName(rawValue: given.name).map(VariedQuantity.parameter).flatMap {
                known.contains($0) ? $0 : nil
            }
        guard let found else {
            let names = known.map(\.name)
            let nearest = nearestName(to: given.name, among: names).map { "did you mean \($0)? " } ?? ""
            throw ArgumentFault(
                "there is no \(shownInMessage(given.name)) to vary; \(nearest)allowed: \(names.joined(separator: ", "))"
            )
        }
        self.init(quantity: found, axis: try rangeArgument(given.value))
    }
}

extension ParameterValues {
    /// The parameters that the cells of a family have in common, with the first value of what is varied in the place of
    /// what is missing.
    ///
    /// - Parameter varied: each range with the option that gave it.
    /// - Throws: `CommandFailure` with 64 where a parameter is given and varied, or the market or the reward is missing.
    package init(
        market: MarketOptions, reward: any ParameterOptions, role: RoleOptions,
        varied: [(option: String, range: VariedAxis)], files: RunFiles
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
}
