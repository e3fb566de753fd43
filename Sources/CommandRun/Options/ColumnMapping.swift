import ArgumentParser
import DissipativeMarket
import RoleDynamics

/// `parameter=column`: which column of the input gives a parameter.
package struct ColumnMapping {
    package let parameter: MarketParameter
    package let column: String
    /// The mapping as it was given.
    package let text: String

    package init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw ArgumentFault("allowed: parameter=column, beta=usd_per_hour for example")
        }
        guard case .market(let parameter)? = ParameterName(rawValue: String(parts[0])) else {
            throw ArgumentFault(
                "'\(parts[0])' is no parameter of the market; allowed: "
                    + MarketParameter.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.parameter = parameter
        column = String(parts[1])
        self.text = text
    }
}

/// The effect of a row that cannot be used on a run.
package enum RowFaultPolicy: String, CaseIterable, ExpressibleByArgument {
    /// The row ends the run; rows already printed stand, a file is not made.
    case stop
    /// The row is kept, with empty results and what went wrong in `status`.
    case keep
}
