import DissipativeMarket
import Reporting
import RewardStudies

/// `NAME=start:stop:count`: a parameter, or a share at the start, that takes every value of a range.
struct VaryOption: Sendable {
    /// What can be varied.
    enum Quantity: Hashable, Sendable {
        case parameter(ParameterName)
        /// The share of LPs at the start.
        case liquidityProviders
        /// The share of sellers at the start.
        case sellers

        /// The parameters: not the pool price, which has a range of its own, nor the unit of time.
        static let parameters = ParameterName.all.filter { $0.gameParameter != nil }.map(Quantity.parameter)
        /// All of them.
        static let all: [Quantity] = parameters + [.liquidityProviders, .sellers]

        /// The name as the option has it.
        var name: String {
            switch self {
            case .parameter(let parameter): parameter.short
            case .liquidityProviders: "lp"
            case .sellers: "seller"
            }
        }

        /// The column's name: that of a share at the start is not that of the share at the end.
        var column: String {
            switch self {
            case .parameter(let parameter): parameter.column
            case .liquidityProviders: "lp0"
            case .sellers: "seller0"
            }
        }

        var allowed: String {
            switch self {
            case .parameter(let parameter): parameter.allowed
            case .liquidityProviders, .sellers: "a number from 0 to 1"
            }
        }

        func allows(_ value: Double) -> Bool {
            switch self {
            case .parameter(let parameter): parameter.allows(value)
            case .liquidityProviders, .sellers: value >= 0 && value <= 1
            }
        }
    }

    let quantity: Quantity
    let axis: GridAxis

    /// - Parameters:
    ///   - known: what may be varied.
    ///   - price: what is said to those who would vary the pool price, given its range.
    /// - Throws: `ArgumentFault` that says what is allowed.
    init(
        _ text: String, among known: [Quantity] = Quantity.all,
        price: (String) -> String = { "the pool price at the start has a range of its own: --x0 \($0)" }
    ) throws {
        guard let given = NamedValue(text) else {
            throw ArgumentFault("allowed: NAME=start:stop:count, y=0.5:1.1:25 for example")
        }
        if ["x", "x0", "alpha", "pool-price"].contains(given.name) { throw ArgumentFault(price(given.value)) }
        let found =
            known.first { $0.name == given.name }
            ?? ParameterName(rawValue: given.name).map(Quantity.parameter).flatMap { known.contains($0) ? $0 : nil }
        guard let found else {
            let names = known.map(\.name)
            let nearest = nearestName(to: given.name, among: names).map { "did you mean \($0)? " } ?? ""
            throw ArgumentFault(
                "there is no \(shownInMessage(given.name)) to vary; \(nearest)allowed: \(names.joined(separator: ", "))"
            )
        }
        quantity = found
        axis = try rangeArgument(given.value)
    }
}
