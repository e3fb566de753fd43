import CLAPACKE
import ComplexModule
import RealModule

/// The eigenvalues of a square matrix, each as often as its multiplicity.
///
/// Sorted by real part, then by the modulus of the imaginary part, the two of a conjugate pair beside each other with
/// the negative imaginary part first: (−1, 0, 2 − 3i, 2 + 3i). Of a pair the real parts are the same double and the
/// imaginary parts are each other's negative.
///
/// LAPACK's `dgeev`: balancing, reduction to Hessenberg form, QR iteration. Error: those returned are the eigenvalues
/// of the balanced matrix with an error of a few n·ε·‖A‖ in it (ε = 2⁻⁵²). That is as much in an eigenvalue of a
/// symmetric matrix, and up to (n·ε·‖A‖)^(1/k) in one of a k × k Jordan block: to take the sign of a real part for
/// certain, compare it with that.
///
/// - Throws: ``LinearAlgebraError`` for a matrix that is not square or has an element that is not finite; where the QR
///   iteration does not converge; where an eigenvalue is beyond the largest double.
public func eigenvalues(of matrix: Matrix) throws(LinearAlgebraError) -> [Complex<Double>] {
    try RawEigenvalues.check(matrix)
    let n = matrix.rows
    var info: Int32 = 0
    var values: [Complex<Double>] = []
    guard n > 0 else { return values }
    let workCount = RawEigenvalues.workCount(n, vectors: false)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: n * n + 2 * n + workCount) { memory in
        guard let a = memory.baseAddress else { return }
        let real = a + n * n
        let imaginary = real + n
        // The eigenvalues of the transpose are the same: the rows can go in as columns.
        matrix.elements.withUnsafeBufferPointer { elements in
            if let source = elements.baseAddress { a.initialize(from: source, count: n * n) }
        }
        let order = Int32(n)
        info = LAPACKE_dgeev_work(
            LAPACK_COL_MAJOR, RawEigenvalues.no, RawEigenvalues.no, order, a, order, real, imaginary, nil, 1, nil, 1,
            imaginary + n, Int32(workCount))
        let raw = RawEigenvalues(count: n, real: real, imaginary: imaginary)
        guard info == 0, raw.areFinite else { return }
        withUnsafeTemporaryAllocation(of: Int.self, capacity: n) { units in
            let count = raw.sortUnits(units)
            values = [Complex<Double>](unsafeUninitializedCapacity: n) { output, initialized in
                for unit in units[..<count] {
                    let value = raw[unit]
                    output.initializeElement(at: initialized, to: value)
                    initialized += 1
                    guard value.imaginary != 0 else { continue }
                    output.initializeElement(at: initialized, to: value.conjugate)
                    initialized += 1
                }
            }
        }
    }
    try RawEigenvalues.check(info: info, found: values.count, of: n)
    return values
}

/// The eigenvalues of a square matrix with their right eigenvectors: A·v = μ·v.
public struct Eigendecomposition: Equatable, Sendable {
    /// The eigenvalues in the order of ``eigenvalues(of:)``.
    public let values: [Complex<Double>]
    /// The right eigenvectors: `vectors[k]` belongs to `values[k]`.
    ///
    /// Each has 2-norm 1, and the first of its components that is within a tenth of the largest in modulus is real and
    /// positive, which leaves nothing to choose. (The largest itself would be: two components of one modulus differ by
    /// rounding.) The vectors of a conjugate pair are conjugate, those of a real eigenvalue real. A defective matrix
    /// has fewer directions than eigenvalues: the vectors of a Jordan block are parallel to some √ε.
    public let vectors: [[Complex<Double>]]

    /// LAPACK's `dgeev` with right vectors. Error: ‖A·v − μ·v‖ is a few n·ε·‖A‖ for each pair.
    ///
    /// - Throws: as ``eigenvalues(of:)``. For the eigenvalues alone that function is the quicker way.
    public init(_ matrix: Matrix) throws(LinearAlgebraError) {
        try RawEigenvalues.check(matrix)
        let n = matrix.rows
        var info: Int32 = 0
        var values: [Complex<Double>] = []
        var vectors: [[Complex<Double>]] = []
        let workCount = RawEigenvalues.workCount(n, vectors: true)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * n * n + 2 * n + workCount) { memory in
            guard n > 0, let a = memory.baseAddress else { return }
            let right = a + n * n
            let real = right + n * n
            let imaginary = real + n
            matrix.copyByColumns(to: a)
            let order = Int32(n)
            info = LAPACKE_dgeev_work(
                LAPACK_COL_MAJOR, RawEigenvalues.no, RawEigenvalues.yes, order, a, order, real, imaginary, nil, 1,
                right, order, imaginary + n, Int32(workCount))
            let raw = RawEigenvalues(count: n, real: real, imaginary: imaginary)
            guard info == 0, raw.areFinite else { return }
            withUnsafeTemporaryAllocation(of: Int.self, capacity: n) { units in
                let count = raw.sortUnits(units)
                values.reserveCapacity(n)
                vectors.reserveCapacity(n)
                for unit in units[..<count] {
                    let value = raw[unit]
                    // Of a pair LAPACK gives the real and the imaginary part of the vector of positive imaginary part
                    // in two columns; the conjugate is the one that comes first here.
                    let first = right + unit * n
                    let paired = value.imaginary != 0
                    let vector = Eigendecomposition.normalised(
                        (0..<n).map { Complex(first[$0], paired ? -first[n + $0] : 0) })
                    values.append(value)
                    vectors.append(vector)
                    guard paired else { continue }
                    values.append(value.conjugate)
                    vectors.append(vector.map(\.conjugate))
                }
            }
        }
        try RawEigenvalues.check(info: info, found: values.count, of: n)
        guard vectors.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw .overflow(name: "an eigenvector") }
        self.values = values
        self.vectors = vectors
    }

    /// The vector, of norm 1 already, turned so that its leading component is real and positive.
    private static func normalised(_ vector: [Complex<Double>]) -> [Complex<Double>] {
        let largest = vector.reduce(0) { max($0, $1.length) }
        guard let lead = vector.firstIndex(where: { $0.length >= 0.9 * largest }) else { return vector }
        let length = vector[lead].length
        let turn = vector[lead].conjugate.divided(by: length)
        var result = turn == 1 ? vector : vector.map { $0 * turn }
        result[lead] = Complex(length)
        return result
    }
}

/// What LAPACK's `dgeev` leaves behind, in its own order: real and imaginary parts, pairs in two places one after the
/// other with the positive imaginary part first.
private struct RawEigenvalues {
    let count: Int
    let real: UnsafeMutablePointer<Double>
    let imaginary: UnsafeMutablePointer<Double>

    static let yes = CChar(UInt8(ascii: "V"))
    static let no = CChar(UInt8(ascii: "N"))

    static func check(_ matrix: Matrix) throws(LinearAlgebraError) {
        guard matrix.rows == matrix.columns else {
            throw .notSquare(rows: matrix.rows, columns: matrix.columns)
        }
        try matrix.checkForLAPACK()
    }

    static func check(info: Int32, found: Int, of count: Int) throws(LinearAlgebraError) {
        // Positive: so many were not found. Negative values tell of a wrong argument, of which there is none.
        guard info == 0 else { throw .notConverged(routine: "dgeev", missing: Int(info.magnitude)) }
        // Those of matrices near the largest double come back infinite, or NaN.
        guard found == count else { throw .overflow(name: "an eigenvalue") }
    }

    /// Whether pairs can be told from single values at all: a NaN is neither.
    var areFinite: Bool { (0..<count).allSatisfy { real[$0].isFinite && imaginary[$0].isFinite } }

    /// The length of the work array: the least allowed where `dgeev` works without blocks anyway.
    static func workCount(_ n: Int, vectors: Bool) -> Int {
        let least = max((vectors ? 4 : 3) * n, 1)
        guard n > 64 else { return least }
        var best = 0.0
        let order = Int32(n)
        // A query reads and writes nothing but the length.
        let info = LAPACKE_dgeev_work(
            LAPACK_COL_MAJOR, no, vectors ? yes : no, order, nil, order, nil, nil, nil, 1, nil, order, &best, -1)
        guard info == 0, let count = Int(exactly: best) else { return least }
        return max(count, least)
    }

    /// Writes the places where an eigenvalue or a pair starts, in the order wanted, and returns how many there are.
    ///
    /// Units are what is sorted, not values: two equal pairs would be torn apart, as would be a pair by a real
    /// eigenvalue between its imaginary parts.
    func sortUnits(_ units: UnsafeMutableBufferPointer<Int>) -> Int {
        var found = 0
        var k = 0
        while k < count {
            units.initializeElement(at: found, to: k)
            found += 1
            k += imaginary[k] != 0 ? 2 : 1
        }
        // Not units itself: a slice of it is sorted in place through a variable only.
        var slice = UnsafeMutableBufferPointer(rebasing: units[..<found])
        slice.sort { (real[$0], imaginary[$0], $0) < (real[$1], imaginary[$1], $1) }
        return found
    }

    /// The eigenvalue that starts at a place, of a pair the one of negative imaginary part. No negative zeros.
    subscript(unit: Int) -> Complex<Double> { Complex(real[unit] + 0, imaginary[unit] == 0 ? 0 : -imaginary[unit]) }
}
