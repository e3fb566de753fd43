import Foundation
import NumericalMethods
import TestSupport
import Testing

private let epsilon = Double.ulpOfOne

/// A system, where to start, and the root that is reached.
struct NewtonCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let start: [Double]
    let root: [Double]
    /// How far from the root the result may be, in each component.
    let accuracy: Double
    let residual: @Sendable ([Double]) -> [Double]
    let jacobian: @Sendable ([Double]) -> Matrix
}

/// A square matrix of the rows given, which all are of one length here.
private func matrix(_ rows: [[Double]]) -> Matrix {
    (try? Matrix(rows)) ?? Matrix.zero(rows: 0, columns: 0)
}

/// Newton's method in one variable.
private func newton(
    from start: Double, tolerance: Double = 1e-12, maximumIterations: Int = 50, _ f: @escaping (Double) -> Double,
    slope: @escaping (Double) -> Double
) throws(RootError) -> NewtonSolution {
    try newtonRoot(
        from: [start], tolerance: tolerance, maximumIterations: maximumIterations, residual: { [f($0[0])] },
        jacobian: { matrix([[slope($0[0])]]) })
}

/// The run of an error that has one.
private func stoppedRun(_ error: RootError?) throws -> NewtonSolution {
    guard case .newtonStopped(let run) = error else {
        throw error ?? RootError.notFinite(at: .nan)
    }
    return run
}

@Suite struct NewtonRootTests {
    static let cases: [NewtonCase] = [
        NewtonCase(
            testDescription: "x² − 2", start: [1], root: [sqrt(2)], accuracy: 4 * epsilon,
            residual: { [$0[0] * $0[0] - 2] }, jacobian: { matrix([[2 * $0[0]]]) }),
        NewtonCase(
            testDescription: "linear", start: [10, -20], root: [2, 3], accuracy: 16 * epsilon,
            residual: { [2 * $0[1] - 6, 4 * $0[0] + 2 * $0[1] - 14] },
            jacobian: { _ in matrix([[0, 2], [4, 2]]) }),
        NewtonCase(
            testDescription: "circle and hyperbola", start: [2, 0.5],
            // x² + y² = 4, xy = 1: x = √(2 + √3), y = 1/x.
            root: [sqrt(2 + sqrt(3)), sqrt(2 - sqrt(3))], accuracy: 8 * epsilon,
            residual: { [$0[0] * $0[0] + $0[1] * $0[1] - 4, $0[0] * $0[1] - 1] },
            jacobian: { matrix([[2 * $0[0], 2 * $0[1]], [$0[1], $0[0]]]) }),
        NewtonCase(
            testDescription: "Rosenbrock's valley", start: [-1.2, 1], root: [1, 1], accuracy: 8 * epsilon,
            residual: { [10 * ($0[1] - $0[0] * $0[0]), 1 - $0[0]] },
            jacobian: { matrix([[-20 * $0[0], 10], [-1, 0]]) }),
        // Undamped it diverges from |x| > 1.392.
        NewtonCase(
            testDescription: "atan, far", start: [30], root: [0], accuracy: epsilon,
            residual: { [atan($0[0])] }, jacobian: { matrix([[1 / (1 + $0[0] * $0[0])]]) }),
        // The full step leaves the domain: 5 − 5·ln 5 < 0.
        NewtonCase(
            testDescription: "ln x", start: [5], root: [1], accuracy: 2 * epsilon, residual: { [log($0[0])] },
            jacobian: { matrix([[1 / $0[0]]]) }),
        // Powell's: J is singular at the root, of which half the distance goes with each step. The stop is at a step of
        // √ε, about the distance.
        NewtonCase(
            testDescription: "Powell's singular function", start: [3, -1, 0, 1], root: [0, 0, 0, 0], accuracy: 1e-7,
            residual: { x in
                let (u, v) = (x[1] - 2 * x[2], x[0] - x[3])
                return [x[0] + 10 * x[1], sqrt(5) * (x[2] - x[3]), u * u, sqrt(10) * v * v]
            },
            jacobian: { x in
                let (u, v) = (x[1] - 2 * x[2], x[0] - x[3])
                let (r, s) = (sqrt(5), 2 * sqrt(10) * v)
                return matrix([[1, 10, 0, 0], [0, 0, r, -r], [0, 2 * u, -4 * u, 0], [s, 0, 0, -s]])
            }),
        NewtonCase(
            testDescription: "a double root", start: [2], root: [1], accuracy: 1e-7,
            residual: { [($0[0] - 1) * ($0[0] - 1)] }, jacobian: { matrix([[2 * ($0[0] - 1)]]) }),
        NewtonCase(
            testDescription: "at the root already", start: [3], root: [3], accuracy: 0,
            residual: { [$0[0] - 3] }, jacobian: { _ in matrix([[1]]) }),
        NewtonCase(
            testDescription: "no unknowns", start: [], root: [], accuracy: 0, residual: { _ in [] },
            jacobian: { _ in matrix([]) }),
    ]

    @Test(arguments: cases) func rootsAreFound(_ row: NewtonCase) throws {
        var (residuals, jacobians) = (0, 0)
        let run = try newtonRoot(
            from: row.start, tolerance: 1e-12,
            residual: {
                residuals += 1
                return row.residual($0)
            },
            jacobian: {
                jacobians += 1
                return row.jacobian($0)
            })
        #expect(run.ending == .withinTolerance)
        for (value, root) in zip(run.x, row.root) { #expect(abs(value - root) <= row.accuracy) }
        // What it says of itself.
        #expect(run.residual == row.residual(run.x))
        #expect(run.residualNorms.count == run.iterations + 1)
        #expect(zip(run.residualNorms, run.residualNorms.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(try #require(run.residualNorms.last) <= run.tolerance)
        #expect(run.stepNorms.count == run.jacobianEvaluations)
        #expect(run.stepFractions.allSatisfy { $0 > 0 && $0 <= 1 })
        #expect(run.residualEvaluations == residuals)
        #expect(run.jacobianEvaluations == jacobians)
        #expect(run.evaluations == residuals + jacobians)
    }

    @Test func aLinearSystemTakesOneStep() throws {
        let row = try #require(NewtonRootTests.cases.first { $0.testDescription == "linear" })
        let run = try newtonRoot(from: row.start, tolerance: 1e-12, residual: row.residual, jacobian: row.jacobian)
        #expect(run.stepFractions.first == 1)
        #expect(run.residualNorms[1] <= 64 * epsilon * run.residualNorms[0])
    }

    /// The order of convergence, from the errors of three iterates near the root: ln(e₃/e₂)/ln(e₂/e₁) → 2.
    @Test func convergenceIsQuadratic() throws {
        func error(afterIterations count: Int) throws -> Double {
            let error = #expect(throws: RootError.self) {
                try newton(from: 1, tolerance: 0, maximumIterations: count, { exp($0) - 5 }, slope: { exp($0) })
            }
            return abs(try stoppedRun(error).x[0] - log(5))
        }
        // From 1 the errors are 0.61, 0.23, 0.025, 3.0e−4, 4.4e−8, far above rounding, and then 1e−15.
        let errors = try (2...4).map { try error(afterIterations: $0) }
        let order = log(errors[2] / errors[1]) / log(errors[1] / errors[0])
        #expect(errors[2] > 1e-12)
        #expect(abs(order - 2) < 0.1)
    }

    /// Damping is at work where it has to be, and only there.
    @Test func dampingOnlyWhereNeeded() throws {
        let far = try newton(from: 30, { atan($0) }, slope: { 1 / (1 + $0 * $0) })
        #expect(far.stepFractions.contains { $0 < 1 })
        #expect(try #require(far.stepFractions.last) == 1)
        let near = try newton(from: 1, { atan($0) }, slope: { 1 / (1 + $0 * $0) })
        #expect(near.stepFractions.allSatisfy { $0 == 1 })
    }

    /// In units 2^±600 of F everything is the same.
    @Test(arguments: [0x1p600, 0x1p-600]) func unitsOfTheResidualDoNotMatter(unit: Double) throws {
        let plain = try newton(from: 30, { atan($0) }, slope: { 1 / (1 + $0 * $0) })
        let scaled = try newton(
            from: 30, tolerance: 1e-12 * unit, { unit * atan($0) }, slope: { unit / (1 + $0 * $0) })
        #expect(scaled.x == plain.x)
        #expect(scaled.stepFractions == plain.stepFractions)
        #expect(scaled.residualNorms == plain.residualNorms.map { unit * $0 })
    }

    /// Two routes to the root of (e^z − 1)/z = 3/2.
    @Test func agreesWithTheBracket() throws {
        let bracketed = try bracketedRoot(in: 0.1...5) { expm1($0) / $0 - 1.5 }
        let run = try newton(
            from: 3, { expm1($0) / $0 - 1.5 }, slope: { (exp($0) * ($0 - 1) + 1) / ($0 * $0) })
        // f rounds to an ulp of 3/2, the slope is 0.85.
        #expect(abs(run.x[0] - bracketed.value) <= 4 * epsilon)
    }

    // MARK: - No root

    /// x² + 1: ‖F‖ has a smallest value that is no 0, where the slope is 0. Never an answer.
    @Test(arguments: [3.0, 0.5, -1e6, 1e-9, 1e150]) func noRootIsReported(start: Double) throws {
        let error = #expect(throws: RootError.self) {
            try newton(from: start, maximumIterations: 1000, { $0 * $0 + 1 }, slope: { 2 * $0 })
        }
        let run = try stoppedRun(error)
        #expect(!run.ending.isRoot)
        #expect(try #require(run.residualNorms.last) >= 1)
    }

    /// e^x is below any tolerance at last, and below all doubles after that; but its next step is 1 everywhere.
    @Test(arguments: [50, 2000]) func aSmallResidualIsNoRoot(iterations: Int) throws {
        let error = #expect(throws: RootError.self) {
            try newton(from: 0, maximumIterations: iterations, { exp($0) }, slope: { exp($0) })
        }
        let run = try stoppedRun(error)
        #expect(run.ending == (iterations == 50 ? .maximumIterations : .singularJacobian(pivot: 0)))
        #expect(try #require(run.residualNorms.last) < 1e-12)
    }

    @Test func singularJacobianIsReported() throws {
        let error = #expect(throws: RootError.self) { try newton(from: 0, { $0 * $0 - 1 }, slope: { 2 * $0 }) }
        let atStart = try stoppedRun(error)
        #expect(atStart.ending == .singularJacobian(pivot: 0))
        #expect(atStart.iterations == 0)
        #expect(atStart.x == [0])
        #expect(atStart.residualNorms == [1])

        let dependent = #expect(throws: RootError.self) {
            try newtonRoot(
                from: [1, 2], tolerance: 1e-9, residual: { [$0[0] + $0[1], 2 * $0[0] + 2 * $0[1] - 1] },
                jacobian: { _ in matrix([[1, 1], [2, 2]]) })
        }
        #expect(try stoppedRun(dependent).ending == .singularJacobian(pivot: 1))

        let nearly = #expect(throws: RootError.self) { try newton(from: 1, { _ in 1e200 }, slope: { _ in 1e-200 }) }
        #expect(try stoppedRun(nearly).ending == .singularJacobian(pivot: nil))
    }

    /// A Jacobian of the wrong sign leads uphill.
    @Test func wrongJacobianIsReported() throws {
        let error = #expect(throws: RootError.self) { try newton(from: 1, { $0 * $0 - 2 }, slope: { -2 * $0 }) }
        let run = try stoppedRun(error)
        #expect(run.ending == .noDescent)
        #expect(run.x == [1])
        #expect(run.residualEvaluations < 100)
    }

    @Test(arguments: [0, 1, 3]) func limitIsKept(limit: Int) throws {
        let error = #expect(throws: RootError.self) {
            try newton(from: 100, maximumIterations: limit, { $0 * $0 - 2 }, slope: { 2 * $0 })
        }
        let run = try stoppedRun(error)
        #expect(run.ending == .maximumIterations)
        #expect(run.iterations == limit)
        #expect(run.jacobianEvaluations == limit + 1)
        #expect(try #require(error).description.hasPrefix("no root after \(limit) iterations: the limit on iterations"))
    }

    /// A tolerance that rounding does not let be met: the root is as near as doubles come, and it is said.
    @Test func roundingIsToldFromTolerance() throws {
        let run = try newton(from: 1, tolerance: 1e-10, { 1e20 * ($0 - 1.0 / 3) + 1e3 }, slope: { _ in 1e20 })
        #expect(run.ending == .roundingLimited)
        #expect(abs(run.x[0] - 1.0 / 3) <= 2 * (1.0 / 3).ulp)
        #expect(try #require(run.residualNorms.last) > 1e-10)
    }

    // MARK: - What is not allowed

    @Test func wrongInputIsTold() {
        func run(
            from start: [Double] = [1], tolerance: Double = 1e-9, stepTolerance: Double = 1e-8, limit: Int = 5,
            residual: ([Double]) -> [Double] = { $0 }, jacobian: ([Double]) -> Matrix = { _ in Matrix.identity(1) }
        ) throws(RootError) {
            _ = try newtonRoot(
                from: start, tolerance: tolerance, stepTolerance: stepTolerance, maximumIterations: limit,
                residual: residual, jacobian: jacobian)
        }
        for bad in [-1, Double.nan] {
            #expect(throws: RootError.self) { try run(tolerance: bad) }
            #expect(throws: RootError.self) { try run(stepTolerance: bad) }
        }
        #expect(throws: RootError.outOfRange(name: "maximum of iterations", value: -1, allowed: "0 or more")) {
            try run(limit: -1)
        }
        #expect(
            throws: RootError.outOfRange(name: "element 0 of the start", value: .infinity, allowed: "a finite number")
        ) { try run(from: [.infinity]) }
        #expect(throws: RootError.residualNotFinite(at: [1])) { try run(residual: { _ in [.infinity] }) }
        #expect(throws: RootError.self) { try run(residual: { _ in [.nan] }) }
        #expect(throws: RootError.wrongShape(name: "residual", count: 2, expected: 1)) {
            try run(residual: { _ in [1, 2] })
        }
        #expect(throws: RootError.wrongShape(name: "elements of the Jacobian", count: 4, expected: 1)) {
            try run(jacobian: { _ in Matrix.identity(2) })
        }
        let error = #expect(throws: RootError.self) {
            try run(jacobian: { _ in matrix([[.nan]]) })
        }
        #expect((try? stoppedRun(error))?.ending == .jacobianNotFinite)
    }
}
