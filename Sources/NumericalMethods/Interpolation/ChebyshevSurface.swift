import COpenBLAS
import Parallelism

/// A polynomial in two variables on a rectangle, Σ c_jk T_j(v) T_k(u), u and v being x and y mapped to −1 … 1.
public struct ChebyshevSurface: Equatable, Sendable {
    /// The range of x; of no length for a function of y alone.
    public let x: ClosedRange<Double>
    /// The range of y; of no length for a function of x alone.
    public let y: ClosedRange<Double>
    /// The degree in x.
    public let degreeX: Int
    /// The degree in y.
    public let degreeY: Int
    /// c_jk, a row for each degree j in y, with a column for each degree k in x.
    public let coefficients: [Double]

    /// The value at a point of the rectangle, by Clenshaw's recurrence in each direction.
    public func value(x: Double, y: Double) -> Double {
        let u = Self.mapped(x, from: self.x)
        let v = Self.mapped(y, from: self.y)
        return coefficients.withUnsafeBufferPointer { c in
            let width = degreeX + 1
            func row(_ j: Int) -> Double {
                var (next, afterNext) = (0.0, 0.0)
                var k = degreeX
                while k >= 1 {
                    (next, afterNext) = (2 * u * next - afterNext + c[j * width + k], next)
                    k -= 1
                }
                return u * next - afterNext + c[j * width]
            }
            var (next, afterNext) = (0.0, 0.0)
            var j = degreeY
            while j >= 1 {
                (next, afterNext) = (2 * v * next - afterNext + row(j), next)
                j -= 1
            }
            return v * next - afterNext + row(0)
        }
    }

    /// x mapped from a range to −1 … 1; 0 where the range has no length.
    static func mapped(_ x: Double, from range: ClosedRange<Double>) -> Double {
        let width = range.upperBound - range.lowerBound
        return width > 0 ? ((x - range.lowerBound) - (range.upperBound - x)) / width : 0
    }
}

/// The values of a ``ChebyshevSurface`` on a grid of rows (y) by columns (x), by two matrix products: the coefficients by
/// T_k of the columns once, and T_j of the rows by that, a fixed block of rows at a time.
///
/// The products are OpenBLAS's `dgemm`, whose result depends on the shapes of what it multiplies, and these are the grid's
/// alone: the values do not depend on threads, nor on the order in which blocks are asked for. OpenBLAS should have one
/// thread (``NumericalLibraries/setOpenBLASThreads(_:)``), since the blocks are what is spread over threads.
public struct ChebyshevGrid: Sendable {
    /// The values of a block, unless a row alone has more.
    private static let valuesAtOnce = 65_536
    /// The columns of a block of the first product.
    private static let columnsAtOnce = 256

    /// The polynomial.
    public let surface: ChebyshevSurface
    /// The x of the columns.
    public let columns: [Double]
    /// The y of the rows.
    public let rows: [Double]
    /// Σ_k c_jk T_k of each column: a row for each j.
    private let alongColumns: [Double]

    /// A grid; the first product is done here.
    ///
    /// - Parameters:
    ///   - surface: the polynomial.
    ///   - columns: points of its range of x.
    ///   - rows: points of its range of y.
    ///   - threads: the most blocks of columns that are worked on at once.
    public init(
        _ surface: ChebyshevSurface, columns: [Double], rows: [Double], threads: Int = availableProcessors
    ) {
        self.surface = surface
        self.columns = columns
        self.rows = rows
        let (width, height, count) = (surface.degreeX + 1, surface.degreeY + 1, columns.count)
        alongColumns = [Double](unsafeUninitializedCapacity: height * count) { output, initialized in
            // Disjoint columns, and alive until the call returns.
            nonisolated(unsafe) let output = output
            let size = Self.columnsAtOnce
            forEachIndex(count: (count + size - 1) / size, threads: threads) { block in
                let first = block * size
                let points = columns[first..<min(first + size, count)]
                let terms = Self.terms(points, surface.x, degree: surface.degreeX)
                guard let base = output.baseAddress else { return }
                product(
                    surface.coefficients, terms, rows: height, inner: width, columns: points.count,
                    to: base + first, stride: count)
            }
            initialized = height * count
        }
    }

    /// The rows of a block: a matter of the columns' number alone.
    private var rowsAtOnce: Int { min(max(Self.valuesAtOnce / max(columns.count, 1), 1), 64) }

    /// The number of blocks.
    public var blockCount: Int { (rows.count + rowsAtOnce - 1) / rowsAtOnce }

    /// The rows of a block.
    public func rowRange(ofBlock block: Int) -> Range<Int> {
        let first = block * rowsAtOnce
        return first..<min(first + rowsAtOnce, rows.count)
    }

    /// Fills in the values of a block, row by row.
    ///
    /// - Parameters:
    ///   - block: from 0 to ``blockCount``.
    ///   - output: room for as many values as the block has; others are left alone.
    public func fill(block: Int, into output: UnsafeMutableBufferPointer<Double>) {
        let range = rowRange(ofBlock: block)
        guard let base = output.baseAddress, output.count >= range.count * columns.count, !range.isEmpty else { return }
        let height = surface.degreeY + 1
        let terms = Self.terms(rows[range], surface.y, degree: surface.degreeY)
        // Terms have a row for each degree: what multiplies is their transpose.
        product(
            terms, alongColumns, rows: range.count, inner: height, columns: columns.count, to: base,
            stride: columns.count, transposingFirst: true)
    }

    /// All values, row by row.
    public func values(threads: Int = availableProcessors) -> [Double] {
        let width = columns.count
        return [Double](unsafeUninitializedCapacity: rows.count * width) { output, initialized in
            preferLargePages(for: output)
            let size = rowsAtOnce * max(width, 1)
            forEachChunk(of: output, chunkSize: size, threads: threads) { start, chunk in
                fill(block: start / size, into: chunk)
            }
            initialized = rows.count * width
        }
    }

    /// T_k of points of a range, a row for each k.
    private static func terms(_ points: ArraySlice<Double>, _ range: ClosedRange<Double>, degree: Int) -> [Double] {
        let count = points.count
        let u = points.map { ChebyshevSurface.mapped($0, from: range) }
        return [Double](unsafeUninitializedCapacity: (degree + 1) * count) { t, initialized in
            for i in 0..<count { t.initializeElement(at: i, to: 1) }
            if degree >= 1 {
                for i in 0..<count { t.initializeElement(at: count + i, to: u[i]) }
            }
            var k = 2
            while k <= degree {
                let (row, before, beforeThat) = (k * count, (k - 1) * count, (k - 2) * count)
                for i in 0..<count {
                    t.initializeElement(at: row + i, to: 2 * u[i] * t[before + i] - t[beforeThat + i])
                }
                k += 1
            }
            initialized = (degree + 1) * count
        }
    }
}

/// The product of two matrices stored row by row, by `dgemm`.
///
/// - Parameters:
///   - rows: of the result.
///   - inner: what is summed over.
///   - columns: of the second matrix, and of the result.
///   - result: where the result goes; its rows are `stride` apart.
///   - transposingFirst: whether the first matrix is stored as inner × rows.
///   - transposingSecond: whether the second is stored as columns × inner.
func product(
    _ first: [Double], _ second: [Double], rows: Int, inner: Int, columns: Int,
    to result: UnsafeMutablePointer<Double>, stride: Int, transposingFirst: Bool = false,
    transposingSecond: Bool = false
) {
    // Where the shapes do not fit nothing is written; callers' shapes do.
    guard
        first.count >= rows * inner, second.count >= inner * columns, stride >= columns, rows > 0, inner > 0,
        columns > 0, let m = Int32(exactly: rows), let k = Int32(exactly: inner), let n = Int32(exactly: columns),
        let ldc = Int32(exactly: stride)
    else { return }
    cblas_dgemm(
        CblasRowMajor, transposingFirst ? CblasTrans : CblasNoTrans, transposingSecond ? CblasTrans : CblasNoTrans, m,
        n, k, 1, first, transposingFirst ? m : k, second, transposingSecond ? k : n, 0, result, ldc)
}
