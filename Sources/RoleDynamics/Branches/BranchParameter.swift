import DissipativeMarket
import NumericalMethods
import RealModule

/// A parameter that is varied continuously over a range, with the coordinate in which steps are measured.
///
/// On a linear scale the coordinate runs from 0 to 1 over the range; on a logarithmic one it is the logarithm, for parameters
/// whose range spans powers of ten: a market may oscillate from a lag of 0.2 to one of 100 000.
public struct BranchParameter: Equatable, Sendable {
    /// The parameter.
    public let name: ParameterName
    /// The values.
    public let range: ClosedRange<Double>
    /// Whether the coordinate is the logarithm of the value.
    public let isLogarithmic: Bool

    /// - Parameters:
    ///   - name: a parameter of games.
    ///   - range: values within the parameter's domain, more than one.
    ///   - isLogarithmic: needs a range above 0.
    /// - Throws: `ParameterError` where the range leaves the domain, or has one value only, or a logarithmic scale meets 0.
    public init(_ name: ParameterName, range: ClosedRange<Double>, isLogarithmic: Bool) throws(ParameterError) {
        let definition = name.definition
        for end in [range.lowerBound, range.upperBound] { try definition.validate(end) }
        guard range.lowerBound < range.upperBound else {
            throw ParameterError(
                definition, value: range.upperBound, allowed: "a stop above the start, \(range.lowerBound)")
        }
        guard !isLogarithmic || range.lowerBound > 0 else {
            throw ParameterError(
                definition, value: range.lowerBound, allowed: "a start above 0 on a logarithmic scale")
        }
        self.name = name
        self.range = range
        self.isLogarithmic = isLogarithmic
    }

    /// Whether a parameter's scale is logarithmic unless asked for otherwise: lag, rationality, rate of revision and trade
    /// intensities, from a start above 0.
    public static func isLogarithmicByDefault(_ name: ParameterName, range: ClosedRange<Double>) -> Bool {
        guard range.lowerBound > 0 else { return false }
        return switch name {
        case .lag, .rationality, .revisionRate, .intensity: true
        default: false
        }
    }

    /// The value at a coordinate.
    func value(_ coordinate: Double) -> Double {
        isLogarithmic ? Double.exp(coordinate) : range.lowerBound + coordinate * width
    }

    /// The coordinate of a value.
    func coordinate(_ value: Double) -> Double {
        isLogarithmic ? Double.log(value) : (value - range.lowerBound) / width
    }

    /// dvalue/dcoordinate.
    func slope(_ coordinate: Double) -> Double { isLogarithmic ? Double.exp(coordinate) : width }

    /// The value as a smooth number.
    @inline(__always)
    func value<S: SmoothNumber>(_ coordinate: S) -> S {
        isLogarithmic ? coordinate.exponential : range.lowerBound + width * coordinate
    }

    private var width: Double { range.upperBound - range.lowerBound }
}
