import Foundation
import TestSupport
import Testing

@testable import NumericalMethods

@Suite struct ChebyshevFitTests {
    private static func fit(
        tolerance: Double = 1e-10, maximumDegree: Int = 256, x: ClosedRange<Double> = -1...2,
        y: ClosedRange<Double> = 0.5...1.25, threads: Int = 2, _ f: @escaping @Sendable (Double, Double) -> Double
    ) throws -> ChebyshevFit {
        let algorithm = try ChebyshevAlgorithm(tolerance: tolerance, maximumDegree: maximumDegree)
        return try ChebyshevFit(x: x, y: y, outputs: 1, algorithm: algorithm, threads: threads) { $2[0] = f($0, $1) }
    }

    /// Smooth functions, some with poles near the rectangle: at random points the error is below what was allowed, and the
    /// estimate and the check are no smaller than a third of it (they are maxima of their own).
    @Test func smoothFunctions() throws {
        let functions: [@Sendable (Double, Double) -> Double] = [
            { sin(3 * $0) * exp(-$1) }, { 1 / (1 + exp((($0 - 0.3 * $1) - 0.2) / 0.1)) },
            { 1 / (1 + 25 * ($0 - $1) * ($0 - $1)) }, { $0 * $0 * $0 - 2 * $1 }, { log(1.2 + $0) * $1 },
        ]
        var generator = SeededGenerator(seed: 7)
        for (number, f) in functions.enumerated() {
            let fit = try Self.fit(maximumDegree: 1024, f)
            let surface = fit.surfaces[0]
            var (worst, scale) = (0.0, 0.0)
            for _ in 0..<3000 {
                let (x, y) = (generator.uniform(-1...2), generator.uniform(0.5...1.25))
                worst = max(worst, abs(surface.value(x: x, y: y) - f(x, y)))
                scale = max(scale, abs(f(x, y)))
            }
            #expect(worst <= 1.01e-10 * scale, "function \(number)")
            #expect(fit.errorEstimates[0] <= 1e-10 * scale * 1.01)
            #expect(fit.checkedErrors[0] <= 1.01e-10 * scale)
            #expect(worst <= 3 * max(fit.errorEstimates[0], fit.checkedErrors[0]) + 1e-15 * scale)
            #expect(fit.evaluations > 17 * 17)
        }
    }

    /// A polynomial is itself, with its own degrees, to rounding.
    @Test func polynomial() throws {
        let fit = try Self.fit(tolerance: 1e-12) { x, y in (x * x - 3) * x * y * y + 0.25 }
        let surface = fit.surfaces[0]
        #expect(surface.degreeX == 3)
        #expect(surface.degreeY == 2)
        #expect(abs(surface.value(x: 1.3, y: 0.7) - ((1.3 * 1.3 - 3) * 1.3 * 0.49 + 0.25)) < 1e-14)
    }

    /// Kinks and jumps: never a value; it is said how far it came and where the worst is, near the kink.
    @Test func notSmooth() throws {
        let functions: [@Sendable (Double, Double) -> Double] = [
            { x, y in abs(x - 0.37) + y }, { x, y in x > y ? 1 : 0 }, { x, y in max(x - 0.3, y).squareRoot() },
        ]
        for f in functions {
            let reached = try #require(throws: InterpolationError.self) { try Self.fit(f) }
            guard case .notSmooth(let roughness) = reached else {
                Issue.record("\(reached)")
                continue
            }
            #expect(roughness.error > 1e-7)
            #expect(roughness.degreeX == 256)
            #expect((-1...2).contains(roughness.x))
            #expect((0.5...1.25).contains(roughness.y))
        }
        // Coarse enough, a kink does no harm, and that has been checked.
        let fit = try Self.fit(tolerance: 0.01) { x, y in abs(x - 0.37) + y }
        #expect(fit.checkedErrors[0] < 0.03)
        #expect(fit.checkedErrors[0] > 1e-6)
    }

    @Test func missingValues() throws {
        let corner = try #require(throws: InterpolationError.self) {
            try Self.fit { x, y in x > 1.9 && y < 0.52 ? .nan : x + y }
        }
        guard case .missing(0, let x, let y) = corner else {
            Issue.record("\(corner)")
            return
        }
        #expect(x > 1.9)
        #expect(y < 0.52)
        #expect(throws: InterpolationError.self) { try Self.fit { x, _ in x == 2 ? .infinity : 1 } }
    }

    /// A spike that no node of low degree meets, but the points off the nodes do.
    @Test func checkedOffTheNodes() throws {
        // cos(32 arccos u) is 1 at every node of degree 16 and of degree 32.
        let fit = try Self.fit(x: -1...1) { x, y in cos(32 * acos(x)) * y }
        #expect(fit.surfaces[0].degreeX == 32)
    }

    /// A range without a length: a function of one variable, or a number.
    @Test func lowerDimensions() throws {
        let line = try Self.fit(x: 0.5...0.5) { x, y in exp(x * y) }
        #expect(line.surfaces[0].degreeX == 0)
        #expect(abs(line.surfaces[0].value(x: 0.5, y: 1.1) - exp(0.55)) < 1e-10)
        let point = try Self.fit(x: 0.5...0.5, y: 2...2) { x, y in x + y }
        #expect(point.surfaces[0].coefficients == [2.5])
        let zero = try Self.fit { _, _ in 0 }
        #expect(zero.surfaces[0].coefficients == [0])
        #expect(zero.errorEstimates == [0])
    }

    @Test func severalOutputs() throws {
        let algorithm = try ChebyshevAlgorithm(tolerance: 1e-9)
        let fit = try ChebyshevFit(x: 0...1, y: 0...1, outputs: 2, algorithm: algorithm) { x, y, output in
            output[0] = sin(x + y)
            output[1] = 1e6 * exp(-8 * x) * y
        }
        #expect(abs(fit.surfaces[0].value(x: 0.3, y: 0.4) - sin(0.7)) < 1e-9)
        #expect(abs(fit.surfaces[1].value(x: 0.3, y: 0.4) - 4e5 * exp(-2.4)) < 1e-3)
        #expect(fit.surfaces[1].degreeY == 1)
    }

    /// Two matrix products against Clenshaw's recurrence; the same bits whatever the threads.
    @Test func grid() throws {
        let fit = try Self.fit { sin(3 * $0) / (3.5 + $1 * $0) }
        let surface = fit.surfaces[0]
        for (width, height) in [(1, 1), (300, 130), (2000, 70), (7, 65)] {
            let columns = (0..<width).map { -1 + 3 * Double($0) / Double(max(width - 1, 1)) }
            let rows = (0..<height).map { 0.5 + 0.75 * Double($0) / Double(max(height - 1, 1)) }
            let one = ChebyshevGrid(surface, columns: columns, rows: rows, threads: 1)
            let values = one.values(threads: 1)
            #expect(ChebyshevGrid(surface, columns: columns, rows: rows, threads: 3).values(threads: 2) == values)
            for place in stride(from: 0, to: values.count, by: 997) {
                let expected = surface.value(x: columns[place % width], y: rows[place / width])
                // Sums of some thousand terms below 10.
                #expect(abs(values[place] - expected) < 1e-12)
            }
        }
    }

    @Test func bitsDoNotDependOnThreads() throws {
        let f: @Sendable (Double, Double) -> Double = { 1 / (1 + exp((($0 - 0.3 * $1) - 0.2) / 0.05)) }
        #expect(try Self.fit(threads: 1, f) == Self.fit(threads: 2, f))
    }

    @Test func settings() throws {
        for tolerance in [0, -1, 1e-13, 1, Double.nan, .infinity] {
            #expect(throws: InterpolationError.self) { try ChebyshevAlgorithm(tolerance: tolerance) }
        }
        for degree in [0, 15, 4097, -1] {
            #expect(throws: InterpolationError.self) { try ChebyshevAlgorithm(maximumDegree: degree) }
        }
        #expect(try ChebyshevAlgorithm(maximumDegree: 1000).maximumDegree == 512)
        let algorithm = try ChebyshevAlgorithm()
        #expect(throws: InterpolationError.self) {
            try ChebyshevFit(x: 0...1, y: 0...1, outputs: 0, algorithm: algorithm) { _, _, _ in }
        }
    }
}
