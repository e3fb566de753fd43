import Foundation
import NumericalMethods
import Testing

/// A system given by closures, with its Jacobian.
struct TestSystem: DifferentiableODESystem, Sendable {
    let dimension: Int
    /// f(t, y); nil where it is not defined.
    let field: @Sendable (Double, [Double]) -> [Double]?
    /// ∂f/∂y, row by row, and ∂f/∂t.
    let slopes: @Sendable (Double, [Double]) -> (state: [[Double]], time: [Double])

    func derivative(_ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        guard let values = field(t, array(y)) else { return false }
        for (index, value) in values.enumerated() { dydt[index] = value }
        return true
    }

    func jacobian(
        _ t: Double, _ y: Span<Double>, _ dfdy: inout MutableSpan<Double>, _ dfdt: inout MutableSpan<Double>
    ) -> Bool {
        let (state, time) = slopes(t, array(y))
        for row in 0..<dimension {
            for column in 0..<dimension { dfdy[row * dimension + column] = state[row][column] }
            dfdt[row] = time[row]
        }
        return true
    }

    private func array(_ y: Span<Double>) -> [Double] { (0..<dimension).map { y[$0] } }
}

extension TestSystem {
    /// y′ = Ay.
    static func linear(_ matrix: [[Double]]) -> TestSystem {
        TestSystem(dimension: matrix.count) { _, y in
            matrix.map { row in zip(row, y).reduce(0) { $0 + $1.0 * $1.1 } }
        } slopes: { _, _ in
            (matrix, Array(repeating: 0, count: matrix.count))
        }
    }

    /// y′ = f(t), for each component the same.
    static func quadrature(dimension: Int = 1, _ f: @escaping @Sendable (Double) -> Double) -> TestSystem {
        TestSystem(dimension: dimension) { t, _ in
            Array(repeating: f(t), count: dimension)
        } slopes: { _, _ in
            (
                Array(repeating: Array(repeating: 0, count: dimension), count: dimension),
                Array(repeating: 0, count: dimension)
            )
        }
    }

    /// x″ = −x.
    static let oscillator = linear([[0, 1], [-1, 0]])

    /// y′ = y(1 − y).
    static let logistic = TestSystem(dimension: 1) { _, y in
        [y[0] * (1 - y[0])]
    } slopes: { _, y in
        ([[1 - 2 * y[0]]], [0])
    }

    /// y′ = −y + sin t.
    static let forced = TestSystem(dimension: 1) { t, y in
        [-y[0] + sin(t)]
    } slopes: { t, _ in
        ([[-1]], [cos(t)])
    }

    /// y′ = −λ(y − cos t) − sin t, with the solution cos t that all others fall on to (Prothero and Robinson).
    static func protheroRobinson(_ rate: Double) -> TestSystem {
        TestSystem(dimension: 1) { t, y in
            [-rate * (y[0] - cos(t)) - sin(t)]
        } slopes: { t, _ in
            ([[-rate]], [-rate * sin(t) - cos(t)])
        }
    }

    /// Robertson's reactions, whose concentrations add up to what they were.
    static let robertson = TestSystem(dimension: 3) { _, y in
        let (slow, fast, back) = (0.04 * y[0], 3e7 * y[1] * y[1], 1e4 * y[1] * y[2])
        return [back - slow, slow - back - fast, fast]
    } slopes: { _, y in
        (
            [
                [-0.04, 1e4 * y[2], 1e4 * y[1]], [0.04, -1e4 * y[2] - 6e7 * y[1], -1e4 * y[1]],
                [0, 6e7 * y[1], 0],
            ], [0, 0, 0]
        )
    }

    /// Two bodies: (x, y, vx, vy), the mass and the constant 1.
    static let kepler = TestSystem(dimension: 4) { _, s in
        let cube = pow(s[0] * s[0] + s[1] * s[1], 1.5)
        return [s[2], s[3], -s[0] / cube, -s[1] / cube]
    } slopes: { _, s in
        let square = s[0] * s[0] + s[1] * s[1]
        let (cube, fifth) = (pow(square, 1.5), pow(square, 2.5))
        let (xx, xy, yy) = (
            3 * s[0] * s[0] / fifth - 1 / cube, 3 * s[0] * s[1] / fifth, 3 * s[1] * s[1] / fifth - 1 / cube
        )
        return ([[0, 0, 1, 0], [0, 0, 0, 1], [xx, xy, 0, 0], [xy, yy, 0, 0]], [0, 0, 0, 0])
    }

    /// θ″ = −sin θ.
    static let pendulum = TestSystem(dimension: 2) { _, y in
        [y[1], -sin(y[0])]
    } slopes: { _, y in
        ([[0, 1], [-cos(y[0]), 0]], [0, 0])
    }

    /// Prey and predators with all rates 1.
    static let lotkaVolterra = TestSystem(dimension: 2) { _, y in
        [y[0] * (1 - y[1]), y[1] * (y[0] - 1)]
    } slopes: { _, y in
        ([[1 - y[1], -y[0]], [y[1], y[0] - 1]], [0, 0])
    }
}

/// A system with its solution in closed form.
struct ClosedForm: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let system: TestSystem
    let end: Double
    /// The solution, whose value at 0 is the initial state.
    let solution: @Sendable (Double) -> [Double]

    /// The largest error of a solution relative to 1 + |y|, over its times.
    func error(_ found: ODESolution) -> Double {
        var largest = 0.0
        for (time, state) in zip(found.times, found.states) {
            for (value, exact) in zip(state, solution(time)) {
                largest = max(largest, abs(value - exact) / (1 + abs(exact)))
            }
        }
        return largest
    }

    static let smooth = [
        ClosedForm(testDescription: "decay", system: .linear([[-1]]), end: 5) { [exp(-$0)] },
        ClosedForm(testDescription: "oscillator", system: .oscillator, end: 10) { [cos($0), -sin($0)] },
        ClosedForm(testDescription: "logistic", system: .logistic, end: 8) { [1 / (1 + 9 * exp(-$0))] },
        ClosedForm(testDescription: "forced", system: .forced, end: 8) { t in [(sin(t) - cos(t) + 3 * exp(-t)) / 2] },
        ClosedForm(
            testDescription: "Jordan block", system: .linear([[-0.5, 1, 0], [0, -0.5, 1], [0, 0, -0.5]]), end: 6
        ) { t in
            let decay = exp(-t / 2)
            return [(1 + t + t * t / 2) * decay, (1 + t) * decay, decay]
        },
    ]
}

/// The state at the end.
extension ODESolution {
    var last: [Double] { states.last ?? [] }
}

/// An algorithm with one tolerance for both.
func algorithm(
    _ method: ODEMethod, _ tolerance: Double, initialStep: Double? = nil, maximumSteps: Int = 1_000_000
) throws -> ODEAlgorithm {
    try ODEAlgorithm(
        method: method, relativeTolerance: tolerance, absoluteTolerance: tolerance, initialStep: initialStep,
        maximumSteps: maximumSteps)
}
