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

    /// The polynomial at an angle, by Clenshaw's recurrence.
    func value(_ angle: Double) -> Double {
        let x = -cos(angle)
        var (next, afterNext) = (0.0, 0.0)
        for k in stride(from: 6, through: 1, by: -1) {
            (next, afterNext) = (2 * x * next - afterNext + coefficients[k], next)
        }
        return x * next - afterNext + coefficients[0]
    }

    /// The polynomial at a fine grid, and at each extremum that comes nearer to 0 than its neighbours, as shares of the
    /// interval with the values there.
    func outline() -> [(share: Double, value: Double)] {
        let last = 48
        let grid = (0...last).map { value(.pi * Double($0) / Double(last)) }
        func point(_ angle: Double, _ value: Double) -> (share: Double, value: Double) { (0.5 - 0.5 * cos(angle), value) }
        var outline = [(share: 0.0, value: grid[0])]
        for place in 1..<last {
            let angle = .pi * Double(place) / Double(last)
            let here = grid[place]
            let isMinimum = here > 0
            let sign: Double = isMinimum ? 1 : -1
            outline.append(point(angle, here))
            guard sign * here <= sign * grid[place - 1], sign * here < sign * grid[place + 1] else { continue }
            // The extremum lies on either side of this point.
            let extreme = extremum(
                between: .pi * Double(place - 1) / Double(last), .pi * Double(place + 1) / Double(last),
                isMinimum: isMinimum)
            outline.insert(
                point(extreme.angle, extreme.value), at: extreme.angle < angle ? outline.count - 1 : outline.count)
        }
        outline.append((1, grid[last]))
        return outline
    }

    /// By golden sections: there is one extremum in between.
    private func extremum(between a: Double, _ b: Double, isMinimum: Bool) -> (angle: Double, value: Double) {
        let ratio = 0.6180339887498949
        let sign: Double = isMinimum ? 1 : -1
        var (low, high) = (a, b)
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var (atLeft, atRight) = (sign * value(left), sign * value(right))
        // To the square root of the precision, beyond which the place of an extremum has no meaning.
        for _ in 0..<32 {
            if atLeft < atRight {
                (high, right, atRight) = (right, left, atLeft)
                left = high - ratio * (high - low)
                atLeft = sign * value(left)
            } else {
                (low, left, atLeft) = (left, right, atRight)
                right = low + ratio * (high - low)
                atRight = sign * value(right)
            }
        }
        return atLeft < atRight ? (left, sign * atLeft) : (right, sign * atRight)
    }
}
