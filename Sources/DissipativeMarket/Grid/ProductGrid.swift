/// Every combination of the values of evenly spaced axes, the first axis fastest.
public struct ProductGrid: Sendable, Equatable {
    /// The axes.
    public let axes: [GridAxis]
    /// The number of points.
    public let count: Int

    /// The grid of these axes; nil where an `Int` does not count its points.
    public init?(_ axes: [GridAxis]) {
        guard let count = Self.count(of: axes.map(\.count)) else { return nil }
        self.axes = axes
        self.count = count
    }

    /// The values of a point, one of each axis.
    ///
    /// - Parameter index: 0 ..< ``count``.
    public subscript(index: Int) -> [Double] {
        var rest = index
        return axes.map { axis in
            defer { rest /= axis.count }
            return axis[rest % axis.count]
        }
    }

    /// The product of lengths; nil where it is more than an `Int` holds.
    public static func count(of lengths: [Int]) -> Int? {
        var count = 1
        for length in lengths {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            if overflow { return nil }
            count = product
        }
        return count
    }
}
