// Where a label fits.

/// Finds a place for labels inside areas of a figure, clear of each other.
public struct LabelPlacement {
    private let x: ClosedRange<Double>
    private let y: ClosedRange<Double>
    /// Coordinates a centimetre.
    private let scale: (x: Double, y: Double)
    private var taken: [(center: FigurePoint, halfWidth: Double, halfHeight: Double)] = []

    private static let columns = 120
    private static let rows = 90

    /// An empty frame.
    ///
    /// - Parameters:
    ///   - x: the range of the horizontal axis.
    ///   - y: the range of the vertical axis.
    ///   - frame: the size of the frame in centimetres, ``FigureLayout/frameSize``.
    public init(x: ClosedRange<Double>, y: ClosedRange<Double>, frame: (width: Double, height: Double)) {
        self.x = x
        self.y = y
        scale = ((x.upperBound - x.lowerBound) / frame.width, (y.upperBound - y.lowerBound) / frame.height)
    }

    /// The place in the area where the label has the most room around it, which is then taken; nil where it fits
    /// nowhere.
    ///
    /// - Parameters:
    ///   - size: of the label in centimetres.
    ///   - isInside: whether a point of the figure belongs to the area.
    public mutating func place(
        _ size: (width: Double, height: Double), where isInside: (FigurePoint) -> Bool
    ) -> FigurePoint? {
        let (columns, rows) = (Self.columns, Self.rows)
        func point(_ column: Int, _ row: Int) -> FigurePoint {
            FigurePoint(
                x.lowerBound + (x.upperBound - x.lowerBound) * (Double(column) + 0.5) / Double(columns),
                y.lowerBound + (y.upperBound - y.lowerBound) * (Double(row) + 0.5) / Double(rows))
        }
        var inside = [Bool](repeating: false, count: columns * rows)
        var sum = FigurePoint(0, 0)
        var members = 0.0
        for row in 0..<rows {
            for column in 0..<columns {
                let candidate = point(column, row)
                guard isInside(candidate) else { continue }
                inside[row * columns + column] = true
                sum.x += candidate.x
                sum.y += candidate.y
                members += 1
            }
        }
        guard members > 0 else { return nil }
        let centroid = FigurePoint(sum.x / members, sum.y / members)
        let (halfWidth, halfHeight) = (size.width / 2 * scale.x, size.height / 2 * scale.y)
        // Cells of the lookup grid that half a label covers.
        let reach = (
            halfWidth / (x.upperBound - x.lowerBound) * Double(columns),
            halfHeight / (y.upperBound - y.lowerBound) * Double(rows)
        )
        func fits(_ column: Int, _ row: Int, _ factor: Double) -> Bool {
            let (dx, dy) = (Int((reach.0 * factor).rounded(.up)), Int((reach.1 * factor).rounded(.up)))
            guard column - dx >= 0, column + dx < columns, row - dy >= 0, row + dy < rows else { return false }
            for step in -4...4 {
                let (sx, sy) = (column + dx * step / 4, row + dy * step / 4)
                let edge = [
                    (sx, row - dy), (sx, row + dy), (column - dx, sy), (column + dx, sy), (sx, row), (column, sy),
                ]
                for (c, r) in edge where !inside[r * columns + c] { return false }
            }
            let center = point(column, row)
            return taken.allSatisfy {
                abs($0.center.x - center.x) > $0.halfWidth + halfWidth * min(factor, 1.2)
                    || abs($0.center.y - center.y) > $0.halfHeight + halfHeight * min(factor, 1.2)
            }
        }
        for factor in [3, 2.5, 2, 1.7, 1.4, 1.2, 1.05] {
            var best: (place: FigurePoint, distance: Double)?
            for row in 0..<rows {
                for column in 0..<columns where inside[row * columns + column] && fits(column, row, factor) {
                    let candidate = point(column, row)
                    let (dx, dy) = ((candidate.x - centroid.x) / scale.x, (candidate.y - centroid.y) / scale.y)
                    let distance = dx * dx + dy * dy
                    if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
                }
            }
            if let best {
                taken.append((best.place, halfWidth, halfHeight))
                return best.place
            }
        }
        return nil
    }

    /// Takes a place that other labels must leave free.
    public mutating func take(_ size: (width: Double, height: Double), at place: FigurePoint) {
        taken.append((place, size.width / 2 * scale.x, size.height / 2 * scale.y))
    }
}
