// Where the frames of a sheet lie, in centimetres.

/// The measures of a sheet: known before gnuplot runs, so that labels can be placed where they fit.
public struct FigureLayout: Sendable {
    /// Of all text, in points.
    public static let fontSize = 7.5

    /// The whole sheet.
    public let width: Double
    public let height: Double
    private let columns: Int
    private let rows: Int
    private let hasTitle: Bool
    private let titleLines: Double

    /// Left of a frame, for tics and the axis's label, and so on round it.
    private static let left = 1.3
    private static let right = 1.0
    private static let bottom = 1.0
    /// Room for one line of marks, and for the title's lines above it.
    static let top = 0.55
    /// From line to line, which is also gnuplot's unit for vertical offsets.
    static let line = fontSize * 1.5 * 2.54 / 72

    public init(_ sheet: FigureSheet) {
        columns = min(sheet.columns, max(sheet.figures.count, 1))
        rows = max((sheet.figures.count + columns - 1) / columns, 1)
        titleLines = Double(sheet.figures.map { $0.title?.lines.count ?? 0 }.max() ?? 0)
        hasTitle = titleLines > 0
        width = sheet.width.centimetres
        let cell = width / Double(columns)
        // A frame is three quarters as high as it is wide.
        let frame = (cell - Self.left - Self.right) * (columns == 1 && sheet.width == .twoColumn ? 0.55 : 0.75)
        height = (frame + Self.bottom + Self.top + titleLines * Self.line) * Double(rows)
    }

    /// The frame of the i-th figure, from the sheet's lower left corner.
    public func frame(_ index: Int) -> (left: Double, right: Double, bottom: Double, top: Double) {
        let (column, row) = (Double(index % columns), Double(index / columns))
        let (cellWidth, cellHeight) = (width / Double(columns), height / Double(rows))
        let top = height - row * cellHeight
        return (
            column * cellWidth + Self.left, (column + 1) * cellWidth - Self.right, top - cellHeight + Self.bottom,
            top - Self.top - titleLines * Self.line
        )
    }

    /// The size of the frames, which all have the same.
    public var frameSize: (width: Double, height: Double) {
        let frame = frame(0)
        return (frame.right - frame.left, frame.top - frame.bottom)
    }

    /// About how large a text is: letters are half as wide as they are high on average.
    public static func size(of text: FigureText) -> (width: Double, height: Double) {
        let lines = text.lines.map(visibleCount)
        return (
            Double(lines.max() ?? 0) * 0.53 * fontSize * 2.54 / 72 + 0.15, Double(max(lines.count, 1)) * line + 0.08
        )
    }

    /// The characters of a line without the marks of the enhanced notation.
    private static func visibleCount(_ line: String) -> Int {
        line.replacing("/:Italic ", with: "").count { !"{}_^".contains($0) }
    }
}
