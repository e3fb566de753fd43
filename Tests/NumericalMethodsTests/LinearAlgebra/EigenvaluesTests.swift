import ComplexModule
import Dispatch
import Foundation
import NumericalMethods
import RealModule
import TestSupport
import Testing

private let epsilon = Double.ulpOfOne

/// A matrix, its eigenvalues and how far off those computed may be.
struct KnownSpectrum: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rows: [[Double]]
    let expected: [Complex<Double>]
    let tolerance: Double
}

@Suite struct EigenvaluesTests {
    /// Normal matrices have errors of a few n·ε·‖A‖ in their eigenvalues (Bauer and Fike), triangular ones none at all.
    static let spectra: [KnownSpectrum] = [
        KnownSpectrum(testDescription: "1 × 1", rows: [[-3.5]], expected: [Complex(-3.5)], tolerance: 0),
        KnownSpectrum(
            testDescription: "zero", rows: [[0, 0, 0], [0, 0, 0], [0, 0, 0]],
            expected: [.zero, .zero, .zero], tolerance: 0),
        KnownSpectrum(
            testDescription: "identity", rows: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], expected: [.one, .one, .one],
            tolerance: 0),
        KnownSpectrum(
            testDescription: "triangular", rows: [[3, 7, -8], [0, -1, 5], [0, 0, 2]],
            expected: [Complex(-1), Complex(2), Complex(3)], tolerance: 0),
        KnownSpectrum(
            testDescription: "Jordan block", rows: [[2, 1, 0], [0, 2, 1], [0, 0, 2]],
            expected: [Complex(2), Complex(2), Complex(2)], tolerance: 0),
        KnownSpectrum(
            testDescription: "rotation by 1", rows: [[cos(1), -sin(1)], [sin(1), cos(1)]],
            expected: [Complex(cos(1), -sin(1)), Complex(cos(1), sin(1))], tolerance: 2 * epsilon),
        // Of norm 1 and normal.
        KnownSpectrum(
            testDescription: "companion matrix of x⁴ − 1",
            rows: [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
            expected: [Complex(-1), Complex(0, -1), Complex(0, 1), Complex(1)], tolerance: 4 * 4 * epsilon),
        // Symmetric, ‖A‖ < 4: 2 − 2cos(kπ/5).
        KnownSpectrum(
            testDescription: "second difference",
            rows: [[2, -1, 0, 0], [-1, 2, -1, 0], [0, -1, 2, -1], [0, 0, -1, 2]],
            expected: (1...4).map { Complex(2 - 2 * cos(Double($0) * .pi / 5)) }, tolerance: 4 * 4 * 4 * epsilon),
        // Simple roots of condition 100 at most: Σ|c_i|·|x|^i / |p′(x)| at x = 3.
        KnownSpectrum(
            testDescription: "companion matrix of (x − 1)(x − 2)(x − 3)", rows: [[6, -11, 6], [1, 0, 0], [0, 1, 0]],
            expected: [Complex(1), Complex(2), Complex(3)], tolerance: 3 * 100 * 14 * epsilon),
        // P·J·P⁻¹ with J the block above and P of integers, condition 12.4, ‖A‖ 4.3: (4·nε‖A‖·12.4)^⅓.
        KnownSpectrum(
            testDescription: "similar to a Jordan block", rows: [[2, 1, 0], [-1, 3, 1], [1, 0, 1]],
            expected: [Complex(2), Complex(2), Complex(2)], tolerance: cbrt(4 * 3 * 4.3 * 12.4 * epsilon)),
        // The largest and the smallest numbers: LAPACK scales.
        KnownSpectrum(
            testDescription: "near the largest double", rows: [[0x1p1020, 0x1p1021], [0x1p1021, 0x1p1020]],
            expected: [Complex(-0x1p1020), Complex(0x1.8p1021)], tolerance: 0x1p1021 * 4 * epsilon),
        KnownSpectrum(
            testDescription: "below the normal doubles", rows: [[0x1p-1060, 0x1p-1059], [0x1p-1059, 0x1p-1060]],
            expected: [Complex(-0x1p-1060), Complex(0x1.8p-1059)], tolerance: 0x1p-1074),
    ]

    @Test(arguments: spectra) func knownSpectra(_ row: KnownSpectrum) throws {
        let matrix = try Matrix(row.rows)
        for values in [try eigenvalues(of: matrix), try Eigendecomposition(matrix).values] {
            #expect(values.count == row.expected.count)
            for (value, expected) in zip(values, row.expected) {
                #expect((value - expected).length <= row.tolerance)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 8, 20, 70]) func pairsOfRandomMatrices(n: Int) throws {
        var generator = SeededGenerator(seed: UInt64(n))
        for _ in 0..<(n < 10 ? 200 : 3) {
            let matrix = generator.matrix(rows: n, columns: n)
            let result = try Eigendecomposition(matrix)
            // The backward error of the QR algorithm, n·ε·‖A‖ with a constant of a few.
            let bound = 4 * Double(n) * epsilon * matrix.frobeniusNorm
            for (value, vector) in zip(result.values, result.vectors) {
                let real = vector.map(\.real)
                let imaginary = vector.map(\.imaginary)
                #expect(abs(norm(real + imaginary) - 1) <= 4 * epsilon)
                let residual = zip(zip(matrix.times(real), matrix.times(imaginary)), vector).map { product, component in
                    Complex(product.0, product.1) - value * component
                }
                #expect(norm(residual.map(\.length)) <= bound)
            }
            // n backward errors in the trace.
            let trace = (0..<n).reduce(0) { $0 + matrix[$1, $1] }
            let values = try eigenvalues(of: matrix)
            let sum = values.reduce(Complex<Double>.zero) { $0 + $1 }
            #expect(abs(sum.real - trace) <= Double(n) * bound)
            #expect(sum.imaginary == 0 || n > 2)
        }
    }

    /// The product of the eigenvalues is the determinant, here of integers and exact.
    @Test func productIsTheDeterminant() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let integers = (0..<9).map { _ in Int.random(in: -9...9, using: &generator) }
            let a = integers
            let determinant =
                a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6])
                + a[2] * (a[3] * a[7] - a[4] * a[6])
            let matrix = try Matrix(rows: 3, columns: 3, elements: integers.map(Double.init))
            let product = try eigenvalues(of: matrix).reduce(.one, *)
            // det(A + E) − det A is at most 3·‖E‖·‖A‖² to first order, ‖E‖ a few 3·ε·‖A‖.
            let scale = matrix.frobeniusNorm
            #expect((product - Complex(Double(determinant))).length <= 3 * 12 * epsilon * scale * scale * scale)
        }
    }

    /// Two routes to the eigenvalues of a symmetric matrix: LAPACK's, and the sign changes of det(A − x).
    @Test func eigenvaluesAreRootsOfTheCharacteristicPolynomial() throws {
        let matrix = try Matrix([[2, 1, 0], [1, 3, -1], [0, -1, -1]])
        func characteristic(_ x: Double) -> Double {
            (2 - x) * ((3 - x) * (-1 - x) - 1) - (-1 - x)
        }
        let values = try eigenvalues(of: matrix)
        for (value, interval) in zip(values, [-2.0...0, 0...2.5, 2.5...5]) {
            let root = try bracketedRoot(in: interval, of: characteristic)
            // ‖A‖ < 4; the polynomial's own rounding adds about as much.
            #expect(abs(value.real - root.value) <= 2 * 3 * 4 * epsilon)
            #expect(value.imaginary == 0)
        }
    }

    // MARK: - Order and form

    /// Sorted by real part, pairs together: here a real eigenvalue lies between the two of a pair, and two pairs have
    /// one real part.
    @Test func orderIsByRealPartWithPairsTogether() throws {
        let rotations = try Matrix([
            [0, 3, 0, 0, 0], [-3, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, -1, 0],
        ])
        let values = try eigenvalues(of: rotations)
        #expect(values.map(\.real) == [0, 0, 0, 0, 0])
        // LAPACK takes ±3 as the root of 3·3, which may be an ulp off.
        for (imaginary, expected) in zip(values.map(\.imaginary), [0.0, -1, 1, -3, 3]) {
            #expect(abs(imaginary - expected) <= expected.ulp)
        }
        #expect(values[1] == values[2].conjugate)
        #expect(values[3] == values[4].conjugate)
    }

    /// A pair that is there twice stays two pairs.
    @Test func equalPairsAreNotTornApart() throws {
        let matrix = try Matrix([[1, 2, 0, 0], [-2, 1, 0, 0], [0, 0, 1, 2], [0, 0, -2, 1]])
        let values = try eigenvalues(of: matrix)
        #expect(values[0] == values[1].conjugate)
        #expect(values[2] == values[3].conjugate)
        #expect(values.allSatisfy { $0.real == 1 })
    }

    @Test(arguments: [3, 4, 7]) func orderOfRandomSpectra(n: Int) throws {
        var generator = SeededGenerator(seed: 40 + UInt64(n))
        var pairs = 0
        for _ in 0..<200 {
            let matrix = generator.matrix(rows: n, columns: n)
            for values in [try eigenvalues(of: matrix), try Eigendecomposition(matrix).values] {
                #expect(zip(values, values.dropFirst()).allSatisfy { $0.real <= $1.real })
                var k = 0
                while k < n {
                    if values[k].imaginary != 0 {
                        try #require(k + 1 < n)
                        #expect(values[k].imaginary < 0)
                        #expect(values[k + 1] == values[k].conjugate)
                        pairs += 1
                        k += 1
                    }
                    k += 1
                }
            }
        }
        #expect(pairs > 50)  // else nothing was seen
    }

    @Test func vectorsHaveOneForm() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<200 {
            let result = try Eigendecomposition(generator.matrix(rows: 4, columns: 4))
            for (k, vector) in result.vectors.enumerated() {
                let largest = vector.map(\.length).max() ?? 0
                let lead = try #require(vector.first { $0.length >= 0.9 * largest })
                #expect(lead.real > 0)
                #expect(lead.imaginary == 0)
                if result.values[k].imaginary == 0 { #expect(vector.allSatisfy { $0.imaginary == 0 }) }
                if result.values[k].imaginary < 0 {
                    #expect(result.vectors[k + 1] == vector.map(\.conjugate))
                }
            }
        }
    }

    /// (1, −1) and (1, 1) by hand: of components of one modulus the first leads.
    @Test func vectorsOfASymmetricMatrix() throws {
        let result = try Eigendecomposition(Matrix([[2, 1], [1, 2]]))
        let half = 0.5.squareRoot()
        for (vector, expected) in zip(result.vectors, [[half, -half], [half, half]]) {
            for (component, number) in zip(vector, expected) {
                #expect((component - Complex(number)).length <= 2 * epsilon)
            }
        }
        #expect(try Eigendecomposition(Matrix([[-4]])).vectors == [[.one]])
        #expect(try Eigendecomposition(Matrix([])).values.isEmpty)
        #expect(try eigenvalues(of: Matrix([])).isEmpty)
    }

    /// Many threads at once get the bytes that one gets.
    @Test func sameResultOnManyThreads() throws {
        var generator = SeededGenerator(seed: 77)
        let matrices = (0..<64).map { _ in generator.matrix(rows: 4, columns: 4) }
        let alone = matrices.map { try? Eigendecomposition($0) }
        #expect(alone.allSatisfy { $0 != nil })
        let different = Counter()
        DispatchQueue.concurrentPerform(iterations: 512) { i in
            let k = i % matrices.count
            if (try? Eigendecomposition(matrices[k])) != alone[k] { different.increment() }
        }
        #expect(different.value == 0)
    }

    /// Elements of all magnitudes there are: a result is finite, or there is none.
    @Test func anyMagnitude() throws {
        var generator = SeededGenerator(seed: 12)
        var found = 0
        for _ in 0..<500 {
            var matrix = generator.matrix(rows: 4, columns: 4)
            for k in matrix.elements.indices {
                matrix.elements[k] = Double(
                    sign: .plus, exponent: Int.random(in: -1074...1023, using: &generator),
                    significand: matrix.elements[k])
            }
            let result = Result { try Eigendecomposition(matrix) }
            switch result {
            case .success(let pairs):
                #expect(pairs.values.count == 4)
                #expect(pairs.values.allSatisfy { $0.isFinite })
                #expect(pairs.vectors.allSatisfy { $0.allSatisfy { $0.isFinite } })
                found += 1
            case .failure(let error as LinearAlgebraError):
                #expect(error == .overflow(name: "an eigenvalue"))
            case .failure(let error): Issue.record(error)
            }
        }
        #expect(found > 250)  // else nothing was seen
    }

    // MARK: - What is not allowed

    @Test func notSquareIsTold() throws {
        let matrix = try Matrix([[1, 2, 3], [4, 5, 6]])
        #expect(throws: LinearAlgebraError.notSquare(rows: 2, columns: 3)) { try eigenvalues(of: matrix) }
        #expect(throws: LinearAlgebraError.notSquare(rows: 2, columns: 3)) { try Eigendecomposition(matrix) }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity]) func notFiniteIsTold(value: Double) throws {
        let matrix = try Matrix([[1, 2], [3, value]])
        let error = #expect(throws: LinearAlgebraError.self) { try eigenvalues(of: matrix) }
        #expect(error?.description == "element (1, 1) is \(value); allowed: a finite number")
        #expect(throws: LinearAlgebraError.self) { try Eigendecomposition(matrix) }
    }

    /// The eigenvalue of the matrix of n² equal elements is n times the element.
    @Test func overflowIsTold() throws {
        let largest = Double.greatestFiniteMagnitude
        let matrix = try Matrix([[largest, largest], [largest, largest]])
        #expect(throws: LinearAlgebraError.overflow(name: "an eigenvalue")) { try eigenvalues(of: matrix) }
        #expect(throws: LinearAlgebraError.overflow(name: "an eigenvalue")) { try Eigendecomposition(matrix) }
    }
}

/// Counts from many threads.
private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    var value: Int { lock.withLock { count } }

    func increment() { lock.withLock { count += 1 } }
}
