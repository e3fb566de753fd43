import NumericalMethods
import TestSupport
import Testing

@Suite struct GrowingFitTests {
    private static func columns(_ count: Int, rows: Int, seed: UInt64) -> [[Double]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in (0..<rows).map { _ in generator.uniform(-1...1) } }
    }

    /// The fit by all columns at once.
    private static func whole(_ columns: [[Double]], _ b: [Double]) throws -> LeverageFit {
        try leverageFit(Matrix(b.indices.map { row in columns.map { $0[row] } }), b)
    }

    @Test func columnsMayComeInParts() throws {
        let columns = Self.columns(90, rows: 120, seed: 3)
        let b = Self.columns(1, rows: 120, seed: 4)[0]
        var fit = try GrowingFit(to: b)
        for part in [0..<1, 1..<4, 4..<20, 20..<90] {
            try fit.append(Array(columns[part].joined()))
            let found = try fit.solution()
            let expected = try Self.whole(Array(columns[..<part.upperBound]), b)
            // The condition of such matrices is some hundreds, and both are right to that many ulp of the largest coefficient.
            let size = expected.coefficients.reduce(1) { max($0, abs($1)) }
            for (one, two) in zip(found.coefficients, expected.coefficients) { #expect(abs(one - two) < 1e-12 * size) }
            for (one, two) in zip(found.leverages, expected.leverages) { #expect(abs(one - two) < 1e-13) }
            for (one, two) in zip(found.residuals, expected.residuals) { #expect(abs(one - two) < 1e-13) }
        }
    }

    /// Columns that differ little from those before lose digits in the first round, which the second gets back.
    @Test func nearlyDependentColumns() throws {
        let first = Self.columns(10, rows: 40, seed: 5)
        let noise = Self.columns(10, rows: 40, seed: 6)
        let second = zip(first, noise).map { zip($0, $1).map { $0 + 1e-6 * $1 } }
        let b = Self.columns(1, rows: 40, seed: 7)[0]
        var fit = try GrowingFit(to: b)
        try fit.append(Array(first.joined()))
        try fit.append(Array(second.joined()))
        // The same space is spanned by the noise.
        let expected = try Self.whole(first + noise, b)
        for (one, two) in zip(try fit.solution().leverages, expected.leverages) {
            // 1e−6 of a column is known to ten digits.
            #expect(abs(one - two) < 1e-9)
        }
    }

    @Test func theSameBytesAtAnyNumberOfThreads() throws {
        let columns = Self.columns(300, rows: 400, seed: 8)
        let b = Self.columns(1, rows: 400, seed: 9)[0]
        let fits = try [1, 2, 3].map { threads in
            var fit = try GrowingFit(to: b, threads: threads)
            try fit.append(Array(columns[..<40].joined()))
            try fit.append(Array(columns[40...].joined()))
            return try fit.solution()
        }
        #expect(fits[1] == fits[0])
        #expect(fits[2] == fits[0])
    }

    @Test func aPartThatDoesNotFitChangesNothing() throws {
        let columns = Self.columns(3, rows: 5, seed: 10)
        var fit = try GrowingFit(to: [1, 2, 3, 4, 5])
        try fit.append(Array(columns[..<2].joined()))
        let before = try fit.solution()
        let sum = zip(columns[0], columns[1]).map { $0 + $1 }
        #expect(throws: LinearAlgebraError.singular(pivot: 3)) { try fit.append(columns[2] + sum) }
        #expect(throws: LinearAlgebraError.self) { try fit.append([1, 2, 3, 4, .infinity]) }
        #expect(throws: LinearAlgebraError.self) { try fit.append([1, 2, 3]) }
        #expect(throws: LinearAlgebraError.self) { try fit.append(Array(repeating: 1, count: 20)) }
        #expect(try fit.solution() == before)
    }
}
