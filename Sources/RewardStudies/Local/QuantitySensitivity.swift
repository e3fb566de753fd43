import DissipativeMarket
import NumericalMethods
import RoleDynamics

/// How a quantity changes with a parameter at a point.
public struct QuantitySensitivity: Equatable, Sendable {
    /// The quantity.
    public let quantity: Quantity
    /// The parameter.
    public let parameter: ParameterName
    /// The parameter's value.
    public let at: Double
    /// The quantity's value; NaN where it has none.
    public let value: Double
    /// ∂quantity/∂parameter, the other parameters held; NaN where it is not known.
    public let derivative: Double
    /// How far off the derivative may be; NaN where it is exact but for rounding, or not known.
    public let error: Double
    /// (parameter/quantity) ∂quantity/∂parameter; NaN where the quantity is 0.
    public let elasticity: Double
    /// How the derivative was found.
    public let method: Method
    /// Whether there is a derivative, and why not.
    public let status: Status

    /// How a derivative is found.
    public enum Method: String, CaseIterable, Sendable {
        /// The derivative of the closed form.
        case exact
        /// Differences of the quantity's values.
        case differences
    }

    /// Whether a derivative is there.
    public enum Status: Equatable, Sendable {
        /// The derivative is there.
        case ok
        /// The quantity has no value at the point.
        case noValue(QuantityStatus)
        /// The quantity has a kink at the point.
        case kink
        /// The quantity has no value, or none that is finite, at a point close by.
        case edge
        /// The quantity is a word.
        case notANumber

        /// The status in words.
        public var reason: String {
            switch self {
            case .ok: "ok"
            case .noValue(let status): status.reason
            case .kink: "a kink: the derivatives on its two sides differ"
            case .edge: "no value close by"
            case .notANumber: "a word has no derivative"
            }
        }
    }
}

extension QuantityEvaluator {
    /// The derivative of each quantity by each varied parameter at a point, quantity by quantity.
    ///
    /// A quantity of the closed forms has their exact derivative, which at the end of a domain is the derivative into
    /// the domain. A quantity of role dynamics has differences within the domain, see
    /// `NumericalMethods.derivative(at:in:step:of:)`.
    ///
    /// - Parameter point: the values of the varied parameters, in order.
    /// - Throws: `ParameterError` where the point is outside of a domain.
    public func sensitivities(at point: [Double]) throws(ParameterError) -> [QuantitySensitivity] {
        let values = try self.values(at: point)
        var all = fixed
        for (name, value) in zip(varied, point) { try all.set(name, to: value) }
        let kappa = all.intensities
        let closed = GradientPoint(
            market: try all.makeMarket(), alpha: all[.alpha] ?? .nan, gamma: all[.gamma] ?? .nan,
            kappa: (kappa.genuineBuyers, kappa.speculatingBuyers, kappa.sellers))
        var result: [QuantitySensitivity] = []
        for (place, quantity) in quantities.enumerated() {
            let (value, status) = values[place]
            for (index, name) in varied.enumerated() {
                let answer = derivative(
                    of: quantity, place, by: index, at: point, value: value, status: status, closed: closed)
                let depends = rules.does(quantity, dependOn: name)
                let elasticity = value == 0 ? Double.nan : point[index] / value * answer.derivative
                result.append(
                    QuantitySensitivity(
                        quantity: quantity, parameter: name, at: point[index], value: value,
                        derivative: answer.derivative, error: answer.error, elasticity: elasticity,
                        method: rules.isOfRoles(quantity) && depends ? .differences : .exact, status: answer.status))
            }
        }
        return result
    }

    private func derivative(
        of quantity: Quantity, _ place: Int, by index: Int, at point: [Double], value: Double, status: QuantityStatus,
        closed: GradientPoint
    ) -> (derivative: Double, error: Double, status: QuantitySensitivity.Status) {
        let name = varied[index]
        if !quantity.words.isEmpty { return (.nan, .nan, .notANumber) }
        if status != .ok { return (.nan, .nan, .noValue(status)) }
        if !rules.does(quantity, dependOn: name) { return (0, .nan, .ok) }
        guard rules.isOfRoles(quantity) else {
            switch closed.gradient(of: quantity) {
            case .gradient(let gradient):
                // Derivatives by κ are those by the one that enters.
                return gradient[name].isFinite ? (gradient[name], .nan, .ok) : (.nan, .nan, .noValue(.overflow))
            case .kink: return (.nan, .nan, .kink)
            case .none: return (.nan, .nan, .noValue(status))
            }
        }
        let only = QuantityEvaluator(self, only: place)
        var moved = point
        do throws(DerivativeError) {
            let found = try NumericalMethods.derivative(at: point[index], in: name.domain.closure) { x in
                moved[index] = x
                return only.evaluate(moved.map { [$0] }).values[0][0]
            }
            return (found.value, found.error, .ok)
        } catch {
            return (.nan, .nan, .edge)
        }
    }
}
