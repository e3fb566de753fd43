import DissipativeMarket
import RewardStudies

/// The product of ranges, the first fastest. Unlike ``GridDesign`` it holds no values, so that a long range takes no memory.
struct SweepGrid: PointSet {
    let axes: [GridAxis]
    let count: Int
    /// Of each axis, how many rows have one value after another.
    private let runs: [Int]

    /// - Parameter axes: the product of their counts must be an `Int`.
    init(_ axes: [GridAxis]) {
        self.axes = axes
        var run = 1
        runs = axes.map { axis in
            defer { run *= axis.count }
            return run
        }
        count = run
    }

    var dimension: Int { axes.count }

    func fill(_ columns: [UnsafeMutableBufferPointer<Double>], from first: Int) {
        for ((axis, run), column) in zip(zip(axes, runs), columns) {
            var digit = first / run % axis.count
            var left = run - first % run
            var value = axis[digit]
            for row in column.indices {
                if left == 0 {
                    digit = digit + 1 == axis.count ? 0 : digit + 1
                    value = axis[digit]
                    left = run
                }
                left -= 1
                column[row] = value
            }
        }
    }
}
