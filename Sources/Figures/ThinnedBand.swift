// A band of any number of points, as a printer can show it.

/// A place along a band: between a lower and an upper value there.
public struct FigureBandPoint: Sendable, Equatable {
    /// Along the horizontal axis.
    public var x: Double
    /// The lower and the upper end; where one of them is not finite the band has a gap.
    public var low, high: Double

    /// A place.
    public init(_ x: Double, _ low: Double, _ high: Double) {
        self.x = x
        self.low = low
        self.high = high
    }

    /// Whether there is no gap.
    var isThere: Bool { low.isFinite && high.isFinite }
}

/// A band at constant memory: of the points that fall into one column of the picture it keeps the first, the last and
/// between them one from the lowest to the highest value.
///
/// ```swift
/// var band = ThinnedBand(along: time, holds: true)
/// for row in history { band.append(FigureBandPoint(row.time, row.lowestReward, row.highestReward)) }
/// figure.layers.append(.band(band.points, color: "#CFE2F3"))
/// ```
public struct ThinnedBand: Sendable {
    private let columns: PictureColumns
    private let holds: Bool
    private var kept: [FigureBandPoint] = []
    /// The column that is being filled: its number, first and last point, and the lowest and highest value.
    private var current: (number: Double, first: FigureBandPoint, last: FigureBandPoint, low: Double, high: Double)?
    /// Where a gap began in the column that is being filled.
    private var gap: Double?

    /// An empty band.
    ///
    /// - Parameters:
    ///   - axis: the horizontal axis; along it the points come in order.
    ///   - columns: how many parts of the axis are told apart.
    ///   - holds: whether the values of a point hold until the next one, also until one of a gap.
    public init(along axis: FigureAxis, columns: Int = 4000, holds: Bool = false) {
        self.columns = PictureColumns(along: axis, count: columns)
        self.holds = holds
    }

    /// Adds a point to the right of the others; where `low` or `high` is not finite a gap begins. One without a finite
    /// x is left out.
    public mutating func append(_ point: FigureBandPoint) {
        guard point.x.isFinite else { return }
        if holds, gap == nil, let last = current?.last, last.x < point.x {
            add(FigureBandPoint(point.x, last.low, last.high))
        }
        if point.isThere { add(point) } else if gap == nil { gap = point.x }
    }

    private mutating func add(_ point: FigureBandPoint) {
        let number = columns.number(of: point.x)
        if let column = current, column.number == number {
            // A gap within a column is narrower than what is seen.
            gap = nil
            current = (number, column.first, point, min(column.low, point.low), max(column.high, point.high))
        } else {
            kept = points
            gap = nil
            current = (number, point, point, point.low, point.high)
        }
    }

    /// The points that are kept, in order.
    public var points: [FigureBandPoint] {
        var points = kept
        if let column = current {
            points.append(column.first)
            let ends = [column.first, column.last]
            if column.low < min(ends[0].low, ends[1].low) || column.high > max(ends[0].high, ends[1].high) {
                points.append(
                    FigureBandPoint(column.first.x / 2 + column.last.x / 2, column.low, column.high))
            }
            if column.last != column.first { points.append(column.last) }
        }
        if let gap, !points.isEmpty { points.append(FigureBandPoint(gap, .nan, .nan)) }
        return points
    }
}
