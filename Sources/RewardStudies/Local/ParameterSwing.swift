import RoleDynamics

/// What the range of one parameter does to a quantity, the other parameters at a base point.
public struct ParameterSwing: Equatable, Sendable {
    /// The quantity.
    public let quantity: Quantity
    /// The parameter.
    public let parameter: ParameterName
    /// The quantity at the base point; NaN where it has no value, as at the ends.
    public let base: Double
    /// The ends of the parameter's range.
    public let range: ClosedRange<Double>
    /// The quantity at the lower end.
    public let atLow: Double
    /// The quantity at the upper end.
    public let atHigh: Double

    /// How far apart base and ends are; what has no value counts for nothing.
    public var size: Double {
        let values = [atLow, atHigh, base].filter(\.isFinite)
        return (values.max() ?? 0) - (values.min() ?? 0)
    }
}

extension QuantityEvaluator {
    /// The swings of each quantity by each varied parameter, quantity by quantity.
    ///
    /// - Parameters:
    ///   - point: the values of the varied parameters, in order.
    ///   - ranges: the ends of each.
    public func swings(at point: [Double], over ranges: [ClosedRange<Double>]) -> [ParameterSwing] {
        // The base point, then each parameter at its lower and at its upper end.
        let columns = point.indices.map { j in
            [point[j]]
                + ranges.indices.flatMap {
                    $0 == j ? [ranges[j].lowerBound, ranges[j].upperBound] : [point[j], point[j]]
                }
        }
        let values = evaluate(columns).values
        return quantities.enumerated().flatMap { place, quantity in
            varied.enumerated().map { j, name in
                ParameterSwing(
                    quantity: quantity, parameter: name, base: values[place][0], range: ranges[j],
                    atLow: values[place][1 + 2 * j], atHigh: values[place][2 + 2 * j])
            }
        }
    }
}
