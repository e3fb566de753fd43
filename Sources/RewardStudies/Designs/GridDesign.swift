import DissipativeMarket

/// Every combination of the values of evenly spaced axes, the first axis fastest. It holds no values, so that a long axis
/// takes no memory.
public struct GridDesign: PointSet {
    /// The values of each parameter.
    public let axes: [GridAxis]
    public let count: Int
    /// The number of points after one another that have the same value of an axis, by axis.
    private let runs: [Int]

    /// The grid of these axes.
    ///
    /// - Throws: ``DesignError/tooManyRows`` for more points than can be counted.
    public init(_ axes: [GridAxis]) throws(DesignError) {
        guard let count = ProductGrid.count(of: axes.map(\.count)) else { throw .tooManyRows }
        self.axes = axes
        self.count = count
        var run = 1
        runs = axes.map { axis in
            defer { run *= axis.count }
            return run
        }
    }

    public var dimension: Int { axes.count }

    public func fill(_ columns: [UnsafeMutableBufferPointer<Double>], from first: Int) {
        for ((axis, run), column) in zip(zip(axes, runs), columns) {
            var place = first / run % axis.count
            var left = run - first % run
            var value = axis[place]
            for row in column.indices {
                if left == 0 {
                    place = place + 1 == axis.count ? 0 : place + 1
                    value = axis[place]
                    left = run
                }
                left -= 1
                column[row] = value
            }
        }
    }
}
