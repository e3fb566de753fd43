// Where the frames of a sheet lie, in centimetres.

/// The measures of a sheet: known before gnuplot runs, so that labels can be placed where they fit.
public struct FigureLayout: Sendable {
    /// The size of all text, in points.
    public static let fontSize = 7.5

    /// The width of the whole sheet, in centimetres.
    public let width: Double
    /// Its height, in centimetres.
    public let height: Double
    private let columns: Int
    private let rows: Int
    private let titleLines: Double
    /// The most lines that marks at the top of a frame take.
    private let markLines: Double

    /// Left of a frame, for tics and the axis's label, and so on round it.
    private static let left = 1.3
    private static let right = 1.0
    private static let bottom = 1.15
    /// From line to line, which is also gnuplot's unit for vertical offsets.
    static let line = fontSize * 1.5 * 2.54 / 72

    /// The measures of this sheet; they depend on its titles and marks, not on what its figures show.
    public init(_ sheet: FigureSheet) {
        columns = min(sheet.columns, max(sheet.figures.count, 1))
        rows = max((sheet.figures.count + columns - 1) / columns, 1)
        titleLines = Double(sheet.figures.map { $0.title?.lines.count ?? 0 }.max() ?? 0)
        width = sheet.width.centimetres
        let cell = width / Double(columns)
        // A frame is three quarters as high as it is wide.
        let frame = (cell - Self.left - Self.right) * (columns == 1 && sheet.width == .twoColumn ? 0.55 : 0.75)
        let frameWidth = cell - Self.left - Self.right
        markLines = Double(
            sheet.figures.map { (Self.markLines(of: $0.x, width: frameWidth).max() ?? 0) + 1 }.max() ?? 1)
        height = (frame + Self.bottom + Self.top(markLines) + titleLines * Self.line) * Double(rows)
    }

    /// The line, from 0, on which each mark of a horizontal axis stands: one further out where it would touch another.
    static func markLines(of axis: FigureAxis, width: Double) -> [Int] {
        var ends: [Double] = []
        return axis.shownMarks.map { mark in
            let half = size(of: mark.label).width / 2
            let center = (mark.value - axis.range.lowerBound) / (axis.range.upperBound - axis.range.lowerBound) * width
            let line = ends.firstIndex { $0 <= center - half } ?? ends.count
            if line < ends.count { ends[line] = center + half } else { ends.append(center + half) }
            return line
        }
    }

    /// Room above a frame for so many lines of marks.
    private static func top(_ lines: Double) -> Double { 0.55 + 0.8 * line * (lines - 1) }

    /// How far above a frame, in lines, the first line of a title of so many lines stands.
    func titleRise(_ lines: Int) -> Double { Self.top(markLines) / Self.line + Double(lines) - 0.5 }

    /// The frame of the i-th figure, in centimetres from the sheet's lower left corner.
    public func frame(_ index: Int) -> (left: Double, right: Double, bottom: Double, top: Double) {
        let (column, row) = (Double(index % columns), Double(index / columns))
        let (cellWidth, cellHeight) = (width / Double(columns), height / Double(rows))
        let top = height - row * cellHeight
        return (
            column * cellWidth + Self.left, (column + 1) * cellWidth - Self.right, top - cellHeight + Self.bottom,
            top - Self.top(markLines) - titleLines * Self.line
        )
    }

    /// The size of the frames, which all have the same, in centimetres.
    public var frameSize: (width: Double, height: Double) {
        let frame = frame(0)
        return (frame.right - frame.left, frame.top - frame.bottom)
    }

    /// About how large a text is, in centimetres: letters are half as wide as they are high on average.
    public static func size(of text: FigureText) -> (width: Double, height: Double) {
        let lines = text.lines.map(visibleCount)
        return (
            Double(lines.max() ?? 0) * 0.53 * fontSize * 2.54 / 72 + 0.25, Double(max(lines.count, 1)) * line + 0.08
        )
    }

    /// The characters of a line without the marks of the enhanced notation.
    private static func visibleCount(_ line: String) -> Int {
        line.replacing("/:Italic ", with: "").count { !"{}_^".contains($0) }
    }
}

extension FigureAxis {
    /// The marks within the range, from low to high.
    var shownMarks: [Mark] { marks.filter { range.contains($0.value) }.sorted { $0.value < $1.value } }
}
