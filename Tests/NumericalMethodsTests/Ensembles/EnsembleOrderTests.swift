import Foundation
import TestSupport
import Testing

@testable import NumericalMethods

/// The methods' orders, step by step and over an interval.
@Suite struct EnsembleOrderTests {
    /// The error of one step of each of eight lengths of the Stuart–Landau oscillator with μ = 1 and ω = 2, from (½, 0):
    /// 1/r² = 1 + 3e^{−2t}, φ = 2t.
    private static func errors(_ method: EnsembleMethod, _ lengths: [Double]) throws -> [Double] {
        let ensemble = try Ensemble(StuartLandau(), count: 0, to: 100, algorithm: EnsembleAlgorithm(method: method)) {
            _ in
            Ensemble.Start(state: [])
        }
        let stepper = LaneStepper(ensemble)
        for lane in 0..<8 {
            stepper.block.state[lane] = 0.5
            stepper.block.parameters[lane] = 1
            stepper.block.parameters[8 + lane] = 2
        }
        stepper.begin()
        for lane in 0..<8 { stepper.block.step[lane] = lengths[lane] }
        stepper.attempt(stepper.block)
        return (0..<8).map { lane in
            let t = lengths[lane]
            let r = 1 / (1 + 3 * exp(-2 * t)).squareRoot()
            return hypot(
                stepper.block.newState[lane] - r * cos(2 * t), stepper.block.newState[8 + lane] - r * sin(2 * t))
        }
    }

    /// The slope of the logarithm of the error over that of the length, from lengths at which the error is neither
    /// rounding nor far from its leading term: within a half of the order plus one of a single step.
    @Test(arguments: [(EnsembleMethod.dormandPrince8, 0.3, 9.0), (.rodas5p, 0.05, 6.0)])
    func aStep(_ method: EnsembleMethod, _ longest: Double, _ order: Double) throws {
        let lengths = (0..<8).map { longest * pow(0.95, Double($0)) }
        let errors = try Self.errors(method, lengths)
        let slope = log(errors[0] / errors[7]) / log(lengths[0] / lengths[7])
        #expect(errors[7] > 1e-13, "beyond rounding")
        #expect(abs(slope - order) < 0.5, "\(method): \(slope), not \(order); \(errors)")
    }

    /// A tenth of the tolerance gives about a tenth of the error, over three decades; and the error is near the tolerance.
    @Test(arguments: EnsembleMethod.allCases) func errorFollowsTheTolerance(_ method: EnsembleMethod) throws {
        let tolerances = [1e-5, 1e-6, 1e-7, 1e-8]
        let errors = try tolerances.map { tolerance in
            let solution = try Ensemble(
                LogisticAndPendulum(), count: 3, to: 4,
                algorithm: EnsembleAlgorithm(method: method, relativeTolerance: tolerance, absoluteTolerance: tolerance)
            ) { index in Ensemble.Start(state: [0.1 + 0.2 * Double(index), 1, 0, 0], parameters: [2]) }
            .solve(threads: 1)
            return solution.trajectories.enumerated().map {
                abs($1.state[0] - LogisticAndPendulum.logistic(0.1 + 0.2 * Double($0), 2, 4))
            }.max() ?? .nan
        }
        // Global error over local tolerance: a handful; the logistic equation damps its own errors.
        #expect(zip(errors, tolerances).allSatisfy { $0 < 20 * $1 })
        #expect(errors[3] < errors[0] / 100)
    }

    /// k = 1e6 over 30 units of time: the explicit method would need some 10⁷ steps. Tolerance: global error over local
    /// tolerance as above.
    @Test func stiff() throws {
        let solution = try Ensemble(
            ProtheroRobinson(), count: 9, to: 30,
            algorithm: EnsembleAlgorithm(method: .rodas5p, relativeTolerance: 1e-8, absoluteTolerance: 1e-8)
        ) { index in Ensemble.Start(state: [1], parameters: [1e6, 0.5 + 0.1 * Double(index)]) }
        .solve(threads: 1)
        for (index, trajectory) in solution.trajectories.enumerated() {
            #expect(trajectory.ending == .reachedEnd)
            #expect(abs(trajectory.state[0] - cos(30 * (0.5 + 0.1 * Double(index)))) < 1e-7)
            #expect(trajectory.acceptedSteps + trajectory.rejectedSteps < 5000)
        }
    }

    // MARK: - Order conditions of the Rosenbrock method

    /// A rooted tree.
    private struct Tree: Hashable {
        var children: [Tree] = []
        var order: Int { children.reduce(1) { $0 + $1.order } }
        var density: Double { children.reduce(Double(order)) { $0 * $1.density } }

        static func all(_ order: Int) -> [Tree] {
            order == 1 ? [Tree()] : forests(order - 1, atMost: order - 1, from: Int.max).map(Tree.init(children:))
        }

        /// Sets of trees of that many vertices together, in falling order so that each occurs once.
        private static func forests(_ order: Int, atMost: Int, from last: Int) -> [[Tree]] {
            if order == 0 { return [[]] }
            var found: [[Tree]] = []
            for size in stride(from: min(order, atMost), through: 1, by: -1) {
                let trees = all(size)
                for (index, tree) in trees.enumerated() where size < atMost || index <= last {
                    found += forests(order - size, atMost: size, from: index).map { [tree] + $0 }
                }
            }
            return found
        }
    }

    /// Σ b_i Φ_i(τ) = 1/γ(τ): Φ takes β = α + Γ at vertices with one branch and α at those with several (Hairer, Wanner,
    /// Solving Ordinary Differential Equations II, section IV.7). Tolerance: the coefficients are given to 16 digits, and the
    /// sums have terms up to 1e3 (the back-transformed weights).
    @Test func orderConditions() throws {
        let n = RosenbrockTableau.stages
        // C = 1/γ − Γ⁻¹, a = αΓ⁻¹, m = bΓ⁻¹.
        var inverse = Matrix.zero(rows: n, columns: n)
        for i in 0..<n {
            inverse[i, i] = 1 / RosenbrockTableau.gamma
            for j in 0..<i { inverse[i, j] = -RosenbrockTableau.c[i][j] }
        }
        var gamma = Matrix.zero(rows: n, columns: n)
        for j in 0..<n {
            let column = try solve(inverse, (0..<n).map { $0 == j ? 1 : 0 })
            for i in 0..<n { gamma[i, j] = column[i] }
        }
        func times(_ row: [Double]) -> [Double] {
            (0..<n).map { j in row.indices.reduce(0) { $0 + row[$1] * gamma[$1, j] } }
        }
        let alpha = RosenbrockTableau.a.map(times)
        let beta = (0..<n).map { i in (0..<n).map { alpha[i][$0] + gamma[i, $0] } }
        func elementary(_ tree: Tree) -> [Double] {
            let matrix = tree.children.count == 1 ? beta : alpha
            return tree.children.reduce([Double](repeating: 1, count: n)) { product, child in
                let inner = elementary(child)
                return (0..<n).map { i in product[i] * (0..<n).reduce(0) { $0 + matrix[i][$1] * inner[$1] } }
            }
        }
        func residual(_ weights: [Double], _ tree: Tree) -> Double {
            abs(zip(times(weights), elementary(tree)).reduce(0) { $0 + $1.0 * $1.1 } - 1 / tree.density)
        }
        let embedded = Array(RosenbrockTableau.b.dropLast())
        for (order, count) in [(1, 1), (2, 1), (3, 2), (4, 4), (5, 9)] {
            let trees = Tree.all(order)
            #expect(trees.count == count)
            for tree in trees {
                #expect(residual(RosenbrockTableau.b, tree) < 1e-12, "\(tree)")
                if order <= 4 { #expect(residual(embedded, tree) < 1e-12, "\(tree)") }
            }
        }
        // Not of order 6, nor the embedded formula of order 5: the test can fail.
        #expect(Tree.all(6).contains { residual(RosenbrockTableau.b, $0) > 1e-5 })
        #expect(Tree.all(5).contains { residual(embedded, $0) > 1e-5 })
        // Times and weights of ∂f/∂t are the sums of the rows.
        for i in 0..<n {
            #expect(abs(alpha[i].reduce(0, +) - RosenbrockTableau.times[i]) < 1e-12)
            #expect(abs((0..<n).reduce(0) { $0 + gamma[i, $1] } - RosenbrockTableau.timeSlopes[i]) < 1e-12)
        }
    }

    /// Solutions of eight random systems, one of which needs its rows exchanged, and a singular one that leaves the others
    /// as they are. Tolerance: the condition of random matrices of five rows, at most some 1e4 here.
    @Test func linearSystems() throws {
        var generator = SeededGenerator(seed: 5)
        for n in 1...5 {
            var system = LaneLinearSystem(n: n)
            var exact = [SIMD8<Double>](repeating: SIMD8(repeating: 0), count: n)
            for i in system.elements.indices {
                for lane in 0..<8 { system.elements[i][lane] = generator.uniform(-1...1) }
            }
            if n > 1 { system.elements[0][3] = 0 }
            for i in 0..<(n * n) { system.elements[i][5] = 0 }
            var x = exact
            for i in 0..<n {
                for lane in 0..<8 { exact[i][lane] = generator.uniform(-1...1) }
            }
            for i in 0..<n {
                for j in 0..<n { x[i] += system.elements[i * n + j] * exact[j] }
            }
            system.factor()
            x.withUnsafeMutableBufferPointer { system.solve($0) }
            for i in 0..<n {
                for lane in 0..<8 where lane != 5 { #expect(abs(x[i][lane] - exact[i][lane]) < 1e-11) }
                #expect(!x[i][5].isFinite)
            }
        }
    }
}
