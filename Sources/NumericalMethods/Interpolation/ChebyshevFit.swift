import Foundation
import Parallelism

/// How a function of two variables is interpolated: to what error, and how far a polynomial may go for it.
public struct ChebyshevAlgorithm: Equatable, Sendable {
    /// The error that is allowed, as a share of the function's largest modulus at the nodes.
    public let tolerance: Double
    /// The largest degree in either direction.
    public let maximumDegree: Int

    /// The points off the nodes at which an interpolant is held against the function.
    public static let checks = 512
    /// The degree that is tried first.
    static let firstDegree = 16

    /// An algorithm.
    ///
    /// - Parameters:
    ///   - tolerance: from 1e−12, which is what rounding leaves of sums of coefficients, to less than 1.
    ///   - maximumDegree: from 16 to 4096; of the form 16·2ᵏ, or rounded down to it.
    /// - Throws: ``InterpolationError/setting(name:value:allowed:)``.
    public init(tolerance: Double = 1e-10, maximumDegree: Int = 1024) throws(InterpolationError) {
        guard tolerance >= 1e-12, tolerance < 1 else {
            throw .setting(name: "tolerance", value: tolerance, allowed: "a number from 1e-12 to less than 1")
        }
        guard maximumDegree >= Self.firstDegree, maximumDegree <= 4096 else {
            throw .setting(
                name: "maximum degree", value: Double(maximumDegree), allowed: "a whole number from 16 to 4096")
        }
        self.tolerance = tolerance
        var degree = Self.firstDegree
        while degree * 2 <= maximumDegree { degree *= 2 }
        self.maximumDegree = degree
    }
}

/// Why a function was not interpolated.
public enum InterpolationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A setting out of its range.
    case setting(name: String, value: Double, allowed: String)
    /// The function has no value at a point of the rectangle.
    case missing(output: Int, x: Double, y: Double)
    /// The coefficients do not fall off as a smooth function's do, or the polynomial is not the function between the nodes.
    case notSmooth(Roughness)

    /// How far an interpolation came.
    public struct Roughness: Equatable, Sendable {
        /// Which of the functions, from 0.
        public let output: Int
        /// The largest difference from the function at points off the nodes.
        public let error: Double
        /// Where that is.
        public let x: Double
        public let y: Double
        /// What the decay of the coefficients, if it goes on so, leaves as the error.
        public let estimate: Double
        /// What was allowed.
        public let allowed: Double
        /// The degrees reached.
        public let degreeX: Int
        public let degreeY: Int
    }

    /// The error in a line.
    public var description: String {
        switch self {
        case .setting(let name, let value, let allowed): "the \(name) is \(value); allowed: \(allowed)"
        case .missing(_, let x, let y): "the function has no value at (\(x), \(y))"
        case .notSmooth(let reached):
            "the function is not smooth enough: with degrees \(reached.degreeX) × \(reached.degreeY) the interpolant is off "
                + "by \(reached.error) at (\(reached.x), \(reached.y)), and by an estimated \(reached.estimate); allowed: "
                + "\(reached.allowed)"
        }
    }
}

/// Interpolants of one or several functions on a rectangle, with what their errors are.
public struct ChebyshevFit: Equatable, Sendable {
    /// One for each function.
    public let surfaces: [ChebyshevSurface]
    /// The estimate of each one's largest error, from the decay of its coefficients.
    public let errorEstimates: [Double]
    /// The largest difference of each one from the function at ``ChebyshevAlgorithm/checks`` points off the nodes.
    public let checkedErrors: [Double]
    /// How often the functions were evaluated.
    public let evaluations: Int

    /// Interpolates functions of two variables at Chebyshev's nodes, x and y each with its own degree, which is doubled
    /// until the coefficients have fallen off.
    ///
    /// The nodes cos(πi/n) include the edges and corners, and those of degree n are among those of 2n. The coefficients
    /// c_jk come from the values by two matrix products. In either direction the error is estimated from the sums s_k =
    /// Σ_j |c_jk|: the largest of the last quarter and of the one before give the ratio by which they fall in a quarter of
    /// the degrees, and the geometric series that goes on so is what is missing, twice (for it comes back as aliases). Where
    /// the estimate is met the interpolant is held against the functions at points off the nodes, a sequence with an
    /// irrational step that fills the rectangle evenly; a larger difference there than is allowed doubles the degrees
    /// as well.
    ///
    /// A function that is not smooth is so told from one that is; but one that differs from a smooth function on a patch
    /// which no node and none of the checked points meets looks smooth.
    ///
    /// - Parameters:
    ///   - x: the range of x; may have no length.
    ///   - y: the range of y; may have no length.
    ///   - outputs: how many functions there are, at least 1.
    ///   - algorithm: what error is allowed.
    ///   - threads: the most rows of nodes that are evaluated at once.
    ///   - function: writes the functions' values at (x, y); NaN for none. It may depend on x and y alone.
    /// - Throws: ``InterpolationError``.
    public init(
        x: ClosedRange<Double>, y: ClosedRange<Double>, outputs: Int, algorithm: ChebyshevAlgorithm,
        threads: Int = availableProcessors,
        of function: @escaping @Sendable (Double, Double, UnsafeMutableBufferPointer<Double>) -> Void
    ) throws(InterpolationError) {
        guard outputs >= 1, x.lowerBound.isFinite, x.upperBound.isFinite, y.lowerBound.isFinite, y.upperBound.isFinite
        else {
            throw .setting(name: "number of functions", value: Double(outputs), allowed: "at least 1, on finite ranges")
        }
        var nodes = NodeValues(x: x, y: y, outputs: outputs, function: function)
        nodes.fill(threads: threads)
        var (hopeX, hopeY) = (Hope(), Hope())
        while true {
            if let (output, node) = nodes.missing { throw .missing(output: output, x: node.x, y: node.y) }
            let expansions = nodes.expansions(threads: threads)
            let allowed = expansions.map { algorithm.tolerance * $0.scale }
            var needsX = zip(expansions, allowed).contains { $0.errorX > 0.5 * $1 }
            var needsY = zip(expansions, allowed).contains { $0.errorY > 0.5 * $1 }
            func excess(_ error: (Expansion) -> Double) -> Double {
                zip(expansions, allowed).map { $1 > 0 ? error($0) / $1 : 0 }.max() ?? 0
            }
            let isLast =
                (needsX && hopeX.isLost(nodes.degreeX, excess(\.errorX), algorithm.maximumDegree))
                || (needsY && hopeY.isLost(nodes.degreeY, excess(\.errorY), algorithm.maximumDegree))
            if isLast || (!needsX && !needsY) {
                let trimmed = zip(expansions, allowed).map { $0.trimmed(x: x, y: y, dropping: 0.05 * $1) }
                let differences = nodes.check(trimmed.map(\.surface), threads: threads)
                if let output = differences.firstIndex(where: \.difference.isNaN) {
                    throw .missing(output: output, x: differences[output].x, y: differences[output].y)
                }
                let errors = zip(trimmed, differences).map { max($0.error, $1.difference) }
                let worst = zip(errors, allowed).enumerated()
                    .max { $0.element.0 / $0.element.1 < $1.element.0 / $1.element.1 }
                guard let worst, !(worst.element.0 <= worst.element.1) else {
                    surfaces = trimmed.map(\.surface)
                    errorEstimates = trimmed.map(\.error)
                    checkedErrors = differences.map(\.difference)
                    evaluations = nodes.evaluations
                    return
                }
                needsX = needsX || nodes.degreeX > 0
                needsY = needsY || nodes.degreeY > 0
                if isLast || (needsX && nodes.degreeX >= algorithm.maximumDegree)
                    || (needsY && nodes.degreeY >= algorithm.maximumDegree)
                {
                    let place = differences[worst.offset]
                    throw .notSmooth(
                        InterpolationError.Roughness(
                            output: worst.offset, error: place.difference, x: place.x, y: place.y,
                            estimate: trimmed[worst.offset].error, allowed: worst.element.1,
                            degreeX: nodes.degreeX, degreeY: nodes.degreeY))
                }
            }
            nodes.refine(x: needsX, y: needsY)
            nodes.fill(threads: threads)
        }
    }
}

/// Whether higher degrees in a direction are worth while.
private struct Hope {
    private var last: (degree: Int, error: Double)?

    /// Whether no higher degree is worth while.
    ///
    /// At the largest degree there is none. From 256 on an error that has not fallen to an eighth with the last
    /// doubling is that of a kink or a jump, whose coefficients fall off like 1/k² or 1/k: a smooth function's error is
    /// about squared, and short of that it falls faster than this at degrees at which it may still be met.
    ///
    /// - Parameter error: as a multiple of what is allowed.
    mutating func isLost(_ degree: Int, _ error: Double, _ maximumDegree: Int) -> Bool {
        if degree >= maximumDegree { return true }
        if last?.degree == degree { return false }
        defer { last = (degree, error) }
        guard degree >= 256, let last, last.degree * 2 == degree else { return false }
        return error > last.error / 8
    }
}

/// The values of functions at the nodes.
private struct NodeValues {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    let outputs: Int
    let function: @Sendable (Double, Double, UnsafeMutableBufferPointer<Double>) -> Void
    private(set) var degreeX: Int
    private(set) var degreeY: Int
    private(set) var evaluations = 0
    /// The values of each output row by row, y by x.
    private var values: [[Double]]
    /// Whether the values in the even columns, and in the even rows, are known, so that only every second is still to
    /// be evaluated.
    private var knowsEvenColumns = false
    private var knowsEvenRows = false

    init(
        x: ClosedRange<Double>, y: ClosedRange<Double>, outputs: Int,
        function: @escaping @Sendable (Double, Double, UnsafeMutableBufferPointer<Double>) -> Void
    ) {
        self.x = x
        self.y = y
        self.outputs = outputs
        self.function = function
        degreeX = x.lowerBound < x.upperBound ? ChebyshevAlgorithm.firstDegree : 0
        degreeY = y.lowerBound < y.upperBound ? ChebyshevAlgorithm.firstDegree : 0
        values = []
        values = Array(repeating: [Double](repeating: .nan, count: (degreeX + 1) * (degreeY + 1)), count: outputs)
    }

    /// A node; those at the ends are the ends themselves, and node 2i of 2n is node i of n.
    private static func node(_ index: Int, _ degree: Int, _ range: ClosedRange<Double>) -> Double {
        guard degree > 0 else { return range.lowerBound }
        let t = 2 * index == degree ? 0 : cos(.pi * Double(index) / Double(degree))
        return range.lowerBound * (0.5 - 0.5 * t) + range.upperBound * (0.5 + 0.5 * t)
    }

    mutating func fill(threads: Int) {
        let (width, height, outputs) = (degreeX + 1, degreeY + 1, outputs)
        let (evenColumns, evenRows) = (knowsEvenColumns, knowsEvenRows)
        let xs = (0..<width).map { Self.node($0, degreeX, x) }
        let ys = (0..<height).map { Self.node($0, degreeY, y) }
        let function = function
        @Sendable func isKnown(_ column: Int, _ row: Int) -> Bool {
            (evenColumns || evenRows) && (!evenColumns || column % 2 == 0) && (!evenRows || row % 2 == 0)
        }
        // Row by row, all outputs of a node beside each other.
        let found = [[Double]](unsafeUninitializedCapacity: height) { found, initialized in
            found.initialize(repeating: [])
            nonisolated(unsafe) let found = found
            forEachIndex(count: height, threads: threads) { row in
                found[row] = [Double](unsafeUninitializedCapacity: width * outputs) { output, initialized in
                    output.initialize(repeating: .nan)
                    for column in 0..<width where !isKnown(column, row) {
                        let first = column * outputs
                        function(
                            xs[column], ys[row], UnsafeMutableBufferPointer(rebasing: output[first..<first + outputs]))
                    }
                    initialized = width * outputs
                }
            }
            initialized = height
        }
        for row in 0..<height {
            for column in 0..<width where !isKnown(column, row) {
                evaluations += 1
                for output in 0..<outputs {
                    values[output][row * width + column] = found[row][column * outputs + output]
                }
            }
        }
    }

    /// Doubles degrees; what is known stays.
    mutating func refine(x: Bool, y: Bool) {
        let (oldWidth, oldHeight) = (degreeX + 1, degreeY + 1)
        if x { degreeX *= 2 }
        if y { degreeY *= 2 }
        knowsEvenColumns = x
        knowsEvenRows = y
        let (width, height) = (degreeX + 1, degreeY + 1)
        for output in 0..<outputs {
            var grown = [Double](repeating: .nan, count: width * height)
            for row in 0..<oldHeight {
                for column in 0..<oldWidth {
                    grown[(y ? 2 * row : row) * width + (x ? 2 * column : column)] =
                        values[output][row * oldWidth + column]
                }
            }
            values[output] = grown
        }
    }

    /// The first node at which a function has no value.
    var missing: (output: Int, node: (x: Double, y: Double))? {
        for (output, values) in values.enumerated() {
            guard let place = values.firstIndex(where: { !$0.isFinite }) else { continue }
            return (
                output,
                (
                    Self.node(place % (degreeX + 1), degreeX, x), Self.node(place / (degreeX + 1), degreeY, y)
                )
            )
        }
        return nil
    }

    /// The coefficients of each function.
    func expansions(threads: Int) -> [Expansion] {
        let (width, height) = (degreeX + 1, degreeY + 1)
        let alongX = Self.transform(degreeX)
        let alongY = degreeY == degreeX ? alongX : Self.transform(degreeY)
        let values = values
        let (degreeX, degreeY) = (degreeX, degreeY)
        return [Expansion](unsafeUninitializedCapacity: outputs) { output, initialized in
            nonisolated(unsafe) let output = output
            forEachIndex(count: outputs, threads: threads) { index in
                let half = [Double](unsafeUninitializedCapacity: width * height) { half, initialized in
                    if let base = half.baseAddress {
                        product(
                            alongY, values[index], rows: height, inner: height, columns: width, to: base,
                            stride: width)
                    }
                    initialized = width * height
                }
                let coefficients = [Double](unsafeUninitializedCapacity: width * height) { whole, initialized in
                    if let base = whole.baseAddress {
                        product(
                            half, alongX, rows: height, inner: width, columns: width, to: base, stride: width,
                            transposingSecond: true)
                    }
                    initialized = width * height
                }
                output.initializeElement(
                    at: index,
                    to: Expansion(
                        degreeX: degreeX, degreeY: degreeY, coefficients: coefficients,
                        scale: values[index].reduce(0) { max($0, abs($1)) }))
            }
            initialized = outputs
        }
    }

    /// The matrix from values at the nodes to coefficients: (2/n)cos(πki/n), half of it at the first and last k, and at
    /// the first and last i.
    private static func transform(_ degree: Int) -> [Double] {
        guard degree > 0 else { return [1] }
        let n = degree
        let cosines = (0..<2 * n).map { 2 * $0 == n || 2 * $0 == 3 * n ? 0 : cos(.pi * Double($0) / Double(n)) }
        return [Double](unsafeUninitializedCapacity: (n + 1) * (n + 1)) { matrix, initialized in
            for k in 0...n {
                for i in 0...n {
                    let ends = (k == 0 || k == n ? 0.5 : 1) * (i == 0 || i == n ? 0.5 : 1)
                    matrix.initializeElement(
                        at: k * (n + 1) + i, to: 2 / Double(n) * ends * cosines[(k * i) % (2 * n)])
                }
            }
            initialized = (n + 1) * (n + 1)
        }
    }

    /// The largest difference of each interpolant from its function at points off the nodes, and where; NaN where the
    /// function has no value.
    mutating func check(
        _ surfaces: [ChebyshevSurface], threads: Int
    ) -> [(difference: Double, x: Double, y: Double)] {
        let (x, y, outputs, function) = (x, y, outputs, function)
        let count = ChebyshevAlgorithm.checks
        evaluations += count
        // The fractional parts of i/p and i/p², p the root of p³ = p + 1: of all such sequences the most even.
        let steps = (x: 0.7548776662466927, y: 0.5698402909980532)
        @Sendable func point(_ index: Int) -> (x: Double, y: Double) {
            func share(_ step: Double) -> Double {
                let value = 0.5 + Double(index + 1) * step
                return value - value.rounded(.down)
            }
            func between(_ range: ClosedRange<Double>, _ share: Double) -> Double {
                range.lowerBound * (1 - share) + range.upperBound * share
            }
            return (between(x, share(steps.x)), between(y, share(steps.y)))
        }
        let differences = [Double](unsafeUninitializedCapacity: count * outputs) { output, initialized in
            forEachChunk(of: output, chunkSize: outputs, threads: threads) { start, chunk in
                chunk.initialize(repeating: .nan)
                let place = point(start / outputs)
                function(place.x, place.y, chunk)
                for (index, surface) in surfaces.enumerated() {
                    chunk[index] = abs(chunk[index] - surface.value(x: place.x, y: place.y))
                }
            }
            initialized = count * outputs
        }
        return (0..<outputs).map { output in
            var worst = 0
            for index in 0..<count {
                let difference = differences[index * outputs + output]
                if difference.isNaN || difference > differences[worst * outputs + output] { worst = index }
                if difference.isNaN { break }
            }
            let place = point(worst)
            return (differences[worst * outputs + output], place.x, place.y)
        }
    }
}

/// The coefficients of an interpolant with what is known of its error.
private struct Expansion: Sendable {
    let degreeX: Int
    let degreeY: Int
    let coefficients: [Double]
    /// The function's largest modulus at the nodes.
    let scale: Double
    /// Σ |c_jk| of each k, and of each j.
    let sumsX: [Double]
    let sumsY: [Double]

    init(degreeX: Int, degreeY: Int, coefficients: [Double], scale: Double) {
        self.degreeX = degreeX
        self.degreeY = degreeY
        self.coefficients = coefficients
        self.scale = scale
        let width = degreeX + 1
        var (alongX, alongY) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: degreeY + 1))
        for j in 0...degreeY {
            for k in 0...degreeX {
                let size = abs(coefficients[j * width + k])
                alongX[k] += size
                alongY[j] += size
            }
        }
        sumsX = alongX
        sumsY = alongY
    }

    var errorX: Double { error(sumsX) }
    var errorY: Double { error(sumsY) }

    /// What a series that goes on as these do leaves behind its end.
    private func error(_ sums: [Double]) -> Double {
        let degree = sums.count - 1
        guard degree > 0 else { return 0 }
        let quarter = degree / 4
        let last = sums[(degree - quarter)...].max() ?? 0
        let before = sums[(degree - 2 * quarter)..<(degree - quarter)].max() ?? 0
        // Below what rounding leaves of so many terms there is nothing that could fall off.
        if last <= 4 * Double.ulpOfOne * scale * Double(coefficients.count / sums.count).squareRoot() { return last }
        let fall = last / before
        guard fall < 1 else { return 2 * last * Double(quarter) }
        return 2 * last * fall / (1 - pow(fall, 1 / Double(quarter)))
    }

    /// The polynomial without the last coefficients, whose sum in either direction is at most that, and the estimate of
    /// its error.
    func trimmed(
        x: ClosedRange<Double>, y: ClosedRange<Double>, dropping most: Double
    ) -> (surface: ChebyshevSurface, error: Double) {
        func cut(_ sums: [Double]) -> (degree: Int, dropped: Double) {
            var (degree, dropped) = (sums.count - 1, 0.0)
            while degree > 0, dropped + sums[degree] <= most {
                dropped += sums[degree]
                degree -= 1
            }
            return (degree, dropped)
        }
        let (cutX, cutY) = (cut(sumsX), cut(sumsY))
        let width = degreeX + 1
        let kept = (0...cutY.degree).flatMap { coefficients[($0 * width)...($0 * width + cutX.degree)] }
        return (
            ChebyshevSurface(x: x, y: y, degreeX: cutX.degree, degreeY: cutY.degree, coefficients: kept),
            errorX + errorY + cutX.dropped + cutY.dropped
        )
    }
}
