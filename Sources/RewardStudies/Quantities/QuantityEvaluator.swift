import DissipativeMarket
import RoleDynamics

/// Computes quantities at many points: some parameters vary, the others are the same at all of them.
///
/// Columns in, columns out: nothing is allocated for a point, and nothing that is the same at all points is computed twice.
/// What is computed of a point depends on that point alone, to the bit, whatever stands beside it.
public struct QuantityEvaluator: Sendable {
    /// What is computed.
    public let quantities: [Quantity]
    /// What varies, in the order of the columns.
    public let varied: [ParameterName]
    /// The values of the others.
    public let fixed: ParameterPoint
    /// Which dynamics the quantities are of.
    public let rules: QuantityRules

    /// - Parameters:
    ///   - quantities: what is computed.
    ///   - varied: what varies; no parameter twice.
    ///   - fixed: the values of the others.
    ///   - rules: which dynamics the quantities are of.
    /// - Throws: ``MissingParameter`` where a quantity depends on a parameter that neither varies nor has a value.
    public init(
        quantities: [Quantity], varied: [ParameterName], fixed: ParameterPoint, rules: QuantityRules = QuantityRules()
    ) throws(MissingParameter) {
        var raw: Set<MarketParameter> = []
        for name in varied { raw.formUnion(name.rawParameters) }
        for quantity in quantities {
            for parameter in rules.required(quantity) where fixed[parameter] == nil && !raw.contains(parameter) {
                throw MissingParameter(parameter: parameter, quantity: quantity)
            }
        }
        self.quantities = quantities
        self.varied = varied
        self.rules = rules
        var fixed = fixed
        // A market has all parameters; on these none of the quantities depends.
        for parameter in [MarketParameter.beta, .delta] where fixed[parameter] == nil { fixed[parameter] = 1 }
        self.fixed = fixed
    }

    /// The evaluator of one quantity of another evaluator.
    init(_ other: QuantityEvaluator, only place: Int) {
        quantities = [other.quantities[place]]
        (varied, fixed, rules) = (other.varied, other.fixed, other.rules)
    }

    /// Whether a quantity takes microseconds and not nanoseconds: one of role dynamics.
    public var isSlow: Bool { quantities.contains { rules.isOfRoles($0) } }

    /// The quantities at points given column by column, in the order of ``varied``; all columns have one length. Without
    /// any there is one point.
    public func evaluate(_ columns: [[Double]]) -> QuantityValues {
        let points = PointColumns(
            varied: varied, columns: columns, fixed: fixed,
            needsMarkets: quantities.contains { ![.alphaStar, .payoffLP].contains($0) })
        let wantsStar = quantities.contains {
            [.alphaStar, .restPriceFromAlpha].contains($0) || ($0 == .restPrice && rules.dynamics == .sharp)
        }
        let stars = wantsStar ? points.equilibriumPrices() : []
        let rests = isSlow ? points.restStates(rules: rules, for: quantities) : []
        var result = QuantityValues(count: points.count, fault: points.fault)
        for quantity in quantities {
            if rules.isOfRoles(quantity) {
                result.add(points.rolesColumn(quantity, rests, holders: rules.holders))
            } else {
                result.add(points.closedFormColumn(quantity, stars: stars))
            }
        }
        return result
    }

    /// The evaluation as a model of a design: what has no value is NaN. What has become of each run of points is told
    /// to `observe`, from any thread.
    public func model(observe: @escaping @Sendable (QuantityValues) -> Void) -> BatchModel<Never> {
        { parameters, outputs in
            let values = evaluate(parameters.map { Array($0) })
            for (output, column) in zip(outputs, values.values) { _ = output.update(fromContentsOf: column) }
            observe(values)
        }
    }

    /// The quantities at one point.
    ///
    /// - Throws: `ParameterError` where it is outside of a domain.
    public func values(at point: [Double]) throws(ParameterError) -> [(value: Double, status: QuantityStatus)] {
        let result = evaluate(point.map { [$0] })
        if let fault = result.fault(0) { throw fault }
        return quantities.indices.map { (result.values[$0][0], result.status($0, 0)) }
    }
}

/// A quantity depends on a parameter that neither varies nor has a value.
public struct MissingParameter: Error, Equatable, Sendable, CustomStringConvertible {
    /// The parameter.
    public let parameter: MarketParameter
    /// The quantity.
    public let quantity: Quantity

    /// The error in a line.
    public var description: String {
        "\(quantity.rawValue) depends on \(parameter.rawValue) (\(parameter.title)), which has no value"
    }
}

/// Values of quantities at a run of points.
public struct QuantityValues: Sendable {
    /// How many points there are.
    public let count: Int
    /// The values, an array for each quantity: NaN where there is none, and a word's number for what is no number.
    public private(set) var values: [[Double]] = []
    /// The statuses' raw values, an array for each quantity; an empty one where all points have a value.
    private var statuses: [[UInt8]] = []
    private let faults: @Sendable (Int) -> ParameterError?

    init(count: Int, fault: @escaping @Sendable (Int) -> ParameterError?) {
        self.count = count
        faults = fault
    }

    mutating func add(_ column: QuantityColumn) {
        values.append(column.values)
        statuses.append(column.statuses)
    }

    /// Whether the quantity has a value at every point.
    public func isComplete(_ quantity: Int) -> Bool { statuses[quantity].isEmpty }

    /// How a quantity, by its place, ends at a point.
    public func status(_ quantity: Int, _ point: Int) -> QuantityStatus {
        let codes = statuses[quantity]
        return codes.isEmpty ? .ok : QuantityStatus(rawValue: codes[point]) ?? .ok
    }

    /// What is wrong with a point that is outside of a domain.
    public func fault(_ point: Int) -> ParameterError? { faults(point) }
}

/// One quantity at a run of points.
struct QuantityColumn {
    var values: [Double]
    /// Empty where all are ok.
    var statuses: [UInt8] = []

    mutating func fail(_ index: Int, _ status: QuantityStatus) {
        if statuses.isEmpty { statuses = [UInt8](repeating: QuantityStatus.ok.rawValue, count: values.count) }
        statuses[index] = status.rawValue
        values[index] = .nan
    }
}
