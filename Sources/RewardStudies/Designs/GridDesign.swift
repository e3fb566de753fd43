/// Every combination of the given values of each parameter, the first parameter fastest.
public struct GridDesign: PointSet {
    /// The values of each parameter.
    public let axes: [[Double]]
    public let count: Int

    /// The grid of these values.
    ///
    /// - Throws: ``DesignError`` for a parameter without values and for more points than can be counted.
    public init(_ axes: [[Double]]) throws(DesignError) {
        var count = 1
        for (i, axis) in axes.enumerated() {
            guard !axis.isEmpty else {
                throw .outOfRange(name: "the number of values of parameter \(i + 1)", value: 0, allowed: "1 or more")
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: axis.count)
            guard !overflow else { throw .tooManyRows }
            count = product
        }
        self.axes = axes
        self.count = count
    }

    public var dimension: Int { axes.count }

    public func fill(_ columns: [UnsafeMutableBufferPointer<Double>], from first: Int) {
        var stride = 1
        for (axis, column) in zip(axes, columns) {
            var place = first / stride % axis.count
            var left = stride - first % stride
            for row in column.indices {
                column[row] = axis[place]
                left -= 1
                if left == 0 {
                    left = stride
                    place = place + 1 == axis.count ? 0 : place + 1
                }
            }
            stride *= axis.count
        }
    }
}
