/// Points of which any can be had by its index: a design without an array behind it.
public protocol PointSet: Sendable {
    /// The number of coordinates of a point.
    var dimension: Int { get }
    /// The number of points.
    var count: Int { get }
    /// Writes consecutive points, one column a coordinate, all of the same length.
    ///
    /// - Parameters:
    ///   - columns: as many as coordinates.
    ///   - first: the index of the first point; all of them are below ``count``.
    func fill(_ columns: [UnsafeMutableBufferPointer<Double>], from first: Int)
}

extension PointSet {
    /// Points of a range of indices, one array a coordinate.
    public func columns(_ rows: Range<Int>) -> [[Double]] {
        withColumns(count: rows.count) { columns in
            fill(columns, from: rows.lowerBound)
            return columns.map(Array.init)
        }
    }

    /// The point of an index.
    public func point(_ index: Int) -> [Double] { columns(index..<index + 1).map { $0[0] } }

    /// Calls `body` with columns of memory for so many points.
    func withColumns<Result, Failure: Error>(
        count: Int, _ body: ([UnsafeMutableBufferPointer<Double>]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: dimension * count)
        defer { memory.deallocate() }
        memory.initialize(repeating: 0)
        return try body(
            (0..<dimension).map { UnsafeMutableBufferPointer(rebasing: memory[$0 * count..<($0 + 1) * count]) })
    }
}
