// A curve of any number of points, as a printer can show it.

import Foundation

/// The parts of a horizontal axis that a picture tells apart.
struct PictureColumns: Sendable {
    private let axis: FigureAxis
    private let count: Double

    init(along axis: FigureAxis, count: Int) {
        self.axis = axis
        self.count = Double(max(count, 1))
    }

    /// The part that a value is in; beyond the ends, and at 0 on a logarithmic axis, there is one more.
    func number(of value: Double) -> Double {
        let share = axis.share(of: value) * count
        return share.isNaN ? -1 : min(max(share.rounded(.down), -1), count)
    }
}

/// A polyline at constant memory: of the points that fall into one column of the picture it keeps the first, the
/// lowest, the highest and the last.
///
/// Drawn with lines not much thinner than a column, it covers the same dots as the polyline of all points: within a
/// column that one runs between the lowest and the highest, and from column to column from a last to a first.
public struct ThinnedCurve: Sendable {
    private let columns: PictureColumns
    private let holds: Bool
    private var kept: [FigurePoint] = []
    /// The column that is being filled.
    private var current: Column?

    private struct Column {
        let number: Double
        /// First, lowest, highest and last, each with its number among the column's points.
        var first, lowest, highest, last: (count: Int, point: FigurePoint)

        init(_ number: Double, _ point: FigurePoint) {
            self.number = number
            (first, lowest, highest, last) = ((0, point), (0, point), (0, point), (0, point))
        }

        mutating func add(_ point: FigurePoint) {
            last = (last.count + 1, point)
            if point.y < lowest.point.y { lowest = last }
            if point.y > highest.point.y { highest = last }
        }

        /// The points that are kept, each once, in the order in which they came.
        var points: [FigurePoint] {
            var points = [first.point]
            var previous = first.count
            for (count, point) in [lowest, highest, last].sorted(by: { $0.count < $1.count }) where count > previous {
                points.append(point)
                previous = count
            }
            return points
        }
    }

    /// An empty curve.
    ///
    /// - Parameters:
    ///   - axis: the horizontal axis; along it the points come in order.
    ///   - columns: how many parts of the axis are told apart; the default is two to a dot of 300 dots an inch on a sheet
    ///     as wide as both columns of a journal.
    ///   - holds: whether the value of a point holds until the next one, so that the curve goes in steps.
    public init(along axis: FigureAxis, columns: Int = 4000, holds: Bool = false) {
        self.columns = PictureColumns(along: axis, count: columns)
        self.holds = holds
    }

    /// Adds a point to the right of the others; one whose coordinates are not finite is left out.
    public mutating func append(_ point: FigurePoint) {
        guard point.x.isFinite, point.y.isFinite else { return }
        if holds, let last = current?.last.point, last.x != point.x, last.y != point.y {
            add(FigurePoint(point.x, last.y))
        }
        add(point)
    }

    private mutating func add(_ point: FigurePoint) {
        let number = columns.number(of: point.x)
        if current?.number == number {
            current?.add(point)
        } else {
            if let current { kept += current.points }
            current = Column(number, point)
        }
    }

    /// The points that are kept, in order.
    public var points: [FigurePoint] { kept + (current?.points ?? []) }
}
