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

        /// All of them: not the pool price, which has a range of its own, nor the unit of time.
        static let all: [Quantity] =
            ParameterName.all.filter { ![.market(.alpha), .x, .market(.period)].contains($0) }.map(Quantity.parameter)
            + [.liquidityProviders, .sellers]

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

    /// - Throws: `ArgumentFault` that says what is allowed.
    init(_ text: String) throws {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard halves.count == 2 else {
            throw ArgumentFault("allowed: NAME=start:stop:count, y=0.5:1.1:25 for example")
        }
        if ["x", "x0", "alpha", "pool-price"].contains(halves[0]) {
            throw ArgumentFault("the pool price at the start has a range of its own: --x0 \(halves[1])")
        }
        guard let quantity = Self.quantity(halves[0]) else {
            let names = Quantity.all.map(\.name)
            let nearest = nearestName(to: halves[0], among: names).map { "did you mean \($0)? " } ?? ""
            throw ArgumentFault(
                "there is no \(shownInMessage(halves[0])) to vary; \(nearest)allowed: \(names.joined(separator: ", "))")
        }
        self.quantity = quantity
        axis = try rangeArgument(halves[1])
    }

    private static func quantity(_ name: String) -> Quantity? {
        if let found = Quantity.all.first(where: { $0.name == name }) { return found }
        return ParameterName(rawValue: name).map(Quantity.parameter).flatMap { Quantity.all.contains($0) ? $0 : nil }
    }
}
