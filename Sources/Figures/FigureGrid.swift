// Cells over a part of a figure.

/// A regular grid of cells: the values of a function at equally spaced places.
///
/// The ranges hold the **centres** of the outermost cells, like a range `start:stop:count` on the command line; the
/// cells reach half a step beyond, where the frame cuts them off. On a logarithmic axis the centres are equally spaced
/// all the same. The cells of an axis with one centre fill the frame along it.
public struct FigureGrid<Cell: Sendable & Equatable>: Sendable, Equatable {
    /// The range from the centre of the first column to that of the last.
    public var x: ClosedRange<Double>
    /// The range from the centre of the first, lowest, row to that of the last.
    public var y: ClosedRange<Double>
    /// How many cells a row has, at least 1.
    public let columns: Int
    /// How many rows there are.
    public let rows: Int
    /// Row after row from the lowest one, in each from left to right.
    public let cells: [Cell]

    /// A grid; cells beyond the last whole row are left out.
    public init(x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, cells: [Cell]) {
        self.x = x
        self.y = y
        self.columns = max(columns, 1)
        rows = cells.count / self.columns
        self.cells = cells
    }

    /// The horizontal range that shows the outermost cells whole.
    public var xEdges: ClosedRange<Double> { Self.edges(x, columns) }
    /// The vertical range that shows the outermost cells whole.
    public var yEdges: ClosedRange<Double> { Self.edges(y, rows) }

    private static func edges(_ range: ClosedRange<Double>, _ count: Int) -> ClosedRange<Double> {
        guard count > 1 else { return range }
        let half = (range.upperBound - range.lowerBound) / Double(count - 1) / 2
        return range.lowerBound - half...range.upperBound + half
    }

    /// The same cells with their coordinates divided by a scale.
    func scaled(x scaleX: Double, y scaleY: Double) -> FigureGrid {
        FigureGrid(
            x: x.lowerBound / scaleX...x.upperBound / scaleX, y: y.lowerBound / scaleY...y.upperBound / scaleY,
            columns: columns, cells: cells)
    }
}
