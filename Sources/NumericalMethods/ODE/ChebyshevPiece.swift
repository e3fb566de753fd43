import Foundation

/// A function sampled on an interval: at Chebyshev's nodes, through which a polynomial of degree 6 goes, and at two points
/// more, which tell what that is worth in between.
///
/// The interval is looked at as half a circle: the angle goes from 0 to π, the share of the interval is (1 − cos angle)/2.
/// Rejected: the size of the last coefficients as the polynomial's error. A sine over many periods looks like anything at
/// the nodes, and in one step out of a few thousand like a smooth function.
struct ChebyshevPiece {
    /// The angles of the samples in order: kπ/6 for the nodes, and the two in between, where the first term that the
    /// polynomial leaves out is near its largest, and which are no simple fractions of π so that no period fits them too.
    static let angles = [0, 1, 2, 2.502, 3, 4, 4.451, 5, 6].map { $0 * .pi / 6 }

    /// Where the samples are, as shares of the interval.
    static let shares = angles.map { 0.5 - 0.5 * cos($0) }

    /// The samples' number.
    static let count = 9
    /// The sample in the middle.
    static let middle = 4
    private static let nodes = [0, 1, 2, 4, 5, 7, 8]
    private static let checks = [3, 6]

    /// What the value at each node adds to the coefficients of the polynomials cos(k·(π − angle)).
    private static let columns: [SIMD8<Double>] = (0...6).map { node in
        var column = SIMD8<Double>()
        for k in 0...6 {
            let halves = (node == 0 || node == 6 ? 0.5 : 1) * (k == 0 || k == 6 ? 0.5 : 1)
            column[k] = cos(.pi * Double(k * (6 - node)) / 6) * halves / 3
        }
        return column
    }

    /// The terms cos(k·(π − angle)) at the two points in between.
    private static let checkTerms: [SIMD8<Double>] = checks.map { terms(angles[$0]) }

    private static func terms(_ angle: Double) -> SIMD8<Double> {
        var terms = SIMD8<Double>()
        for k in 0...6 { terms[k] = cos(Double(k) * (.pi - angle)) }
        return terms
    }

    private let coefficients: SIMD8<Double>
    /// How much the polynomial is off at the two points in between, at most.
    let error: Double
    /// The largest of the samples in absolute value.
    let size: Double

    /// - Parameter values: as many as there are ``angles``.
    init(_ values: UnsafeBufferPointer<Double>) {
        var coefficients = SIMD8<Double>()
        for (place, node) in Self.nodes.enumerated() { coefficients += values[node] * Self.columns[place] }
        var error = 0.0
        for (place, check) in Self.checks.enumerated() {
            error = max(error, abs(values[check] - (coefficients * Self.checkTerms[place]).sum()))
        }
        self.coefficients = coefficients
        self.error = error
        size = values.reduce(0) { max($0, abs($1)) }
    }

    /// Whether the polynomial tells how the function runs.
    ///
    /// - Parameter resolution: a difference that has no meaning.
    func isResolved(to resolution: Double) -> Bool {
        3 * error <= max(1e-3 * size, resolution)
            && abs(coefficients[5]) + abs(coefficients[6]) <= max(0.2 * size, resolution)
    }

    /// Whether the polynomial stays away from 0 by more than this.
    func staysAway(from0By distance: Double) -> Bool {
        var rest = 0.0
        for k in 1...6 { rest += abs(coefficients[k]) }
        return abs(coefficients[0]) - rest > distance
    }

    /// Between which shares of the interval the polynomial is monotonic: its extrema, and the places between where it is
    /// flattest, if its slope there, per half of the interval, is no larger than `flat`; with its values, in order.
    ///
    /// Rejected: a fine grid, between whose points two extrema hide.
    func turningPoints(flat: Double) -> [(share: Double, value: Double)] {
        var derivatives = [coefficients]
        for degree in stride(from: 6, through: 1, by: -1) {
            derivatives.append(Self.derivative(of: derivatives[6 - degree], degree: degree))
        }
        // The zeros of the fifth derivative, which is linear, bound the pieces between which the fourth has one each, and so on.
        var zeros: [[Double]] = [[]]
        for order in stride(from: 5, through: 1, by: -1) {
            zeros.append(Self.zeros(of: derivatives[order], degree: 6 - order, between: zeros[zeros.count - 1]))
        }
        let flattest = zeros[4].filter { abs(Self.value(of: derivatives[1], degree: 5, $0)) <= flat }
        return (zeros[5] + flattest).sorted().map { (0.5 + 0.5 * $0, Self.value(of: coefficients, degree: 6, $0)) }
    }

    /// A series Σ c_k T_k(x) by Clenshaw's recurrence.
    private static func value(of series: SIMD8<Double>, degree: Int, _ x: Double) -> Double {
        var (next, afterNext) = (0.0, 0.0)
        for k in stride(from: degree, through: 1, by: -1) {
            (next, afterNext) = (2 * x * next - afterNext + series[k], next)
        }
        return x * next - afterNext + series[0]
    }

    private static func derivative(of series: SIMD8<Double>, degree: Int) -> SIMD8<Double> {
        var derivative = SIMD8<Double>()
        for k in stride(from: degree, through: 1, by: -1) {
            derivative[k - 1] = (k + 1 < 8 ? derivative[k + 1] : 0) + 2 * Double(k) * series[k]
        }
        derivative[0] /= 2
        return derivative
    }

    /// The zeros from −1 to 1 of a series that is monotonic between some places.
    private static func zeros(of series: SIMD8<Double>, degree: Int, between places: [Double]) -> [Double] {
        var zeros: [Double] = []
        var low = -1.0
        var atLow = value(of: series, degree: degree, low)
        for high in places + [1] {
            let atHigh = value(of: series, degree: degree, high)
            defer { (low, atLow) = (high, atHigh) }
            guard (atLow < 0) != (atHigh < 0) else { continue }
            // The middle of the last of these intervals is nearer than rounding to the zero.
            var (left, right) = (low, high)
            for _ in 0..<52 {
                let middle = left + (right - left) / 2
                if (value(of: series, degree: degree, middle) < 0) == (atLow < 0) {
                    left = middle
                } else {
                    right = middle
                }
            }
            zeros.append(left + (right - left) / 2)
        }
        return zeros
    }
}
