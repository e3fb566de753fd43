// Where the frames of a sheet lie, in centimetres.

/// The measures of a sheet: known before gnuplot runs, so that labels can be placed where they fit.
public struct FigureLayout: Sendable {
    /// The size of all text, in points.
    public static let fontSize = FigureFont.usualSize

    /// The width of the whole sheet, in centimetres.
    public let width: Double
    /// Its height, in centimetres.
    public let height: Double
    /// The height that the frames need for the names along their vertical axes, in centimetres; 0 without names.
    public let leastHeight: Double
    /// The size of the frames, which all have the same, in centimetres.
    public let frameSize: (width: Double, height: Double)
    private let left: Double
    /// The room for a bar of colours with its numbers and label; 0 where there is none.
    private let barRoom: Double
    /// The distance from a frame to the names along its vertical axis, which end there, and the most room that they
    /// have, in centimetres.
    let names: (distance: Double, width: Double)
    private let columns: Int
    private let rows: [Row]

    /// What the figures beside each other have in common, in centimetres.
    private struct Row {
        /// The lower edge of the frames, from the sheet's lower edge.
        var frameBottom = 0.0
        /// The room below the frames, for numbers and labels of the axes.
        let bottom: Double
        /// The room above the frames, for the labels of marks, then the legend, then the title.
        let marks: Double
        let legend: Double
        let title: Double
    }

    /// The room left of a frame, for numbers of usual width and the axis's label, and so on round it, in centimetres.
    static let left = 1.3
    static let right = 1.0
    private static let bottom = 1.05
    /// The additional room below a frame whose numbers have a second line.
    private static let secondLine = line
    /// A row of names with all the room it can use.
    private static let spacious = 0.9
    /// The highest frame that names ask for.
    private static let highest = 60.0
    /// The room below a frame whose horizontal axis is told further down.
    private static let bottomWithoutNumbers = 0.12
    /// The distance from line to line in centimetres, which is also about gnuplot's unit for vertical offsets.
    static let line = fontSize * 1.5 * 2.54 / 72
    /// The distance from line to line of a legend.
    private static let legendLine = 0.9 * line
    /// The widths within a legend: of a sample, of the room behind it, and of the room behind an entry.
    private static let (sample, sampleGap, gap) = (0.55, 0.12, 0.4)
    /// The room for the axis's label left of the numbers along a vertical axis, and that between them and the frame.
    private static let (label, numberGap) = (0.42, 0.2)

    /// The width of a bar of colours, and the room between it and its numbers.
    private static let (bar, barGap) = (0.25, 0.12)

    /// The measures of this sheet; they depend on its size, its titles, legends and marks, on whether there is a bar of
    /// colours, and on nothing else of what its figures show.
    public init(_ sheet: FigureSheet) {
        let free = FigureLayout(sheet, frameHeight: nil)
        guard let height = sheet.size.height else {
            self = free
            return
        }
        let most = max((height - free.height) / Double(free.rows.count) + free.frameSize.height, Self.leastFrame)
        self = FigureLayout(sheet, frameHeight: most)
    }

    /// The least height of a frame in centimetres.
    public static let leastFrame = 1.5

    private init(_ sheet: FigureSheet, frameHeight given: Double?) {
        let columns = min(sheet.columns, max(sheet.figures.count, 1))
        let rowCount = max((sheet.figures.count + columns - 1) / columns, 1)
        let isWide = columns == 1 && sheet.size.isWide
        let scales = sheet.figures.compactMap(\.colorScale)
        let barDistance = sheet.figures.map { $0.colorScale == nil ? 0 : Self.barDistance(of: $0) }.max() ?? 0
        let widestNumber =
            scales.flatMap { $0.axis.verticalNumbers(length: 3) }.map { Self.textWidth($0.text) }.max() ?? 0
        barRoom = scales.isEmpty ? 0 : Self.bar + Self.barGap + widestNumber + Self.label + Self.barGap
        let right = scales.isEmpty ? Self.right : max(Self.right, barDistance + barRoom)
        let usualWidth = sheet.size.width / Double(columns) - Self.left - right
        // A frame is three quarters as high as it is wide; two of them with one axis are together a little higher than
        // that.
        let ratio = sheet.sharesHorizontalAxis ? (isWide ? 0.25 : 0.48) : (isWide ? 0.55 : 0.75)
        let hasLabel = sheet.figures.contains { $0.frame == .axes && $0.y.label.lines.contains { !$0.isEmpty } }
        // Names take half of the width at most, in as many lines as that asks for.
        let mostLeft = 0.5 * (usualWidth + Self.left)
        let nameCounts = sheet.figures.compactMap { figure -> Int? in
            guard case .names(let names) = figure.y.numbers else { return nil }
            let room = mostLeft - (hasLabel ? Self.label : Self.numberGap / 2)
            return names.count * (names.map { $0.wrapped(toWidth: room).lines.count }.max() ?? 1)
        }
        let least = min(Double(nameCounts.max() ?? 0) * Self.line, Self.highest)
        var frameHeight = max(usualWidth * (sheet.equalScalesRatio ?? ratio), least)
        // A few names do not need a high frame.
        if let most = nameCounts.max(), nameCounts.count == sheet.figures.count {
            frameHeight = min(frameHeight, Self.spacious * (Double(most) + 0.5))
        }
        leastHeight = least
        if let given { frameHeight = given }
        let numbers = sheet.figures.map { $0.y.numberWidth(length: frameHeight) }.max() ?? 0
        let label = nameCounts.isEmpty || hasLabel ? Self.label : Self.numberGap / 2
        let left = max(Self.left, min(label + numbers, mostLeft) + Self.numberGap)
        let frameWidth = usualWidth + Self.left - left
        var rows = (0..<rowCount).map { row in
            let figures = sheet.figures.dropFirst(row * columns).prefix(columns)
            let hasNumbers =
                (row == rowCount - 1 || !sheet.sharesHorizontalAxis) && figures.contains { $0.frame == .axes }
            func most(_ count: (Figure) -> Int) -> Double { Double(figures.map(count).max() ?? 0) }
            return Row(
                bottom: hasNumbers
                    ? Self.bottom + (figures.contains { $0.x.numbers == .dates } ? Self.secondLine : 0)
                    : Self.bottomWithoutNumbers,
                marks: Self.top(most { $0.x.lineCountOfMarks(width: frameWidth) }),
                legend: Self.legendHeight(
                    lines: most {
                        $0.frame == .legend
                            ? 0 : (Self.legendPlaces(of: $0.legend, width: frameWidth).last?.line ?? -1) + 1
                    }),
                title: Self.line * most { $0.title?.lines.count ?? 0 })
        }
        var top = 0.0
        for index in rows.indices.reversed() {
            rows[index].frameBottom = top + rows[index].bottom
            top += rows[index].bottom + frameHeight + rows[index].marks + rows[index].legend + rows[index].title
        }
        self.columns = columns
        self.rows = rows
        width = sheet.size.width
        height = top
        frameSize = (frameWidth, frameHeight)
        self.left = left
        names = (Self.numberGap, left - label - Self.numberGap)
    }

    /// Room above a frame for so many lines of marks.
    private static func top(_ lines: Double) -> Double { lines == 0 ? 0.2 : 0.55 + 0.8 * line * (lines - 1) }

    /// Room for so many lines of a legend.
    private static func legendHeight(lines: Double) -> Double { lines == 0 ? 0 : legendLine * lines + 0.08 }

    /// How many rows of figures there are, and how many stand in one.
    var rowCount: Int { rows.count }
    var columnCount: Int { columns }

    private func row(of index: Int) -> Row { rows[min(index / columns, rows.count - 1)] }

    /// How far above its frame, in centimetres, the first line of a title of so many lines is centred.
    func titleRise(of index: Int, lines: Int) -> Double {
        let row = row(of: index)
        return row.marks + row.legend + (Double(lines) - 0.5) * Self.line
    }

    /// How far above a frame, in centimetres, the labels of marks are centred that stand on this line, from 0.
    static func markRise(line: Int) -> Double { (0.72 + 0.8 * Double(line)) * Self.line }

    /// The frame of the i-th figure, in centimetres from the sheet's lower left corner.
    public func frame(_ index: Int) -> (left: Double, right: Double, bottom: Double, top: Double) {
        let column = Double(index % columns) * width / Double(columns)
        let bottom = row(of: index).frameBottom
        return (
            column + left, column + left + frameSize.width, bottom, bottom + frameSize.height
        )
    }

    /// The distance from a frame to the bar of its colours, in centimetres.
    private static func barDistance(of figure: Figure) -> Double { figure.y.labelledMarks.isEmpty ? 0.15 : right }

    /// The bar of colours beside a figure's frame: its ends across, and where its numbers begin and its label is
    /// centred, in centimetres from the frame's left.
    func bar(of figure: Figure) -> (left: Double, right: Double, numbers: Double, label: Double) {
        let left = frameSize.width + Self.barDistance(of: figure)
        return (left, left + Self.bar, left + Self.bar + Self.barGap, left + barRoom - Self.label / 2 - Self.barGap)
    }

    /// How far left of a frame the label of its vertical axis is centred, in centimetres.
    var labelDistance: Double { left - Self.label / 2 }

    /// The places of a legend's entries: the line from 0, and the distance from the frame's left in centimetres. They
    /// go as far as the labels beside the frame.
    private static func legendPlaces(of legend: [FigureLegendEntry], width: Double) -> [(line: Int, left: Double)] {
        var (line, left) = (0, 0.0)
        return legend.map { entry in
            let size = sampleWidth(of: entry) + textWidth(entry.label)
            if left > 0, left + size > width + right - 0.1 { (line, left) = (line + 1, 0) }
            defer { left += size + gap }
            return (line, left)
        }
    }

    /// The width of an entry's sample with the room behind it.
    private static func sampleWidth(of entry: FigureLegendEntry) -> Double {
        guard case .sign(let sign) = entry.sample else { return sample + sampleGap }
        return max(textWidth(sign), 0.25) + sampleGap
    }

    /// The legend of the i-th figure: of each entry the sample's two ends, its height and the text's left, in
    /// centimetres from the sheet's lower left corner.
    func legend(of figure: Figure, index: Int) -> [(sample: ClosedRange<Double>, height: Double, text: Double)] {
        let frame = frame(index)
        let row = row(of: index)
        if figure.frame == .legend {
            return figure.legend.enumerated().map { line, entry in
                (
                    frame.left...frame.left + Self.sample, frame.top - (Double(line) + 0.5) * 1.4 * Self.legendLine,
                    frame.left + Self.sampleWidth(of: entry)
                )
            }
        }
        return zip(figure.legend, Self.legendPlaces(of: figure.legend, width: frameSize.width)).map { entry, place in
            let left = frame.left + place.left
            let height = frame.top + row.marks + row.legend - 0.08 - (Double(place.line) + 0.5) * Self.legendLine
            return (left...left + Self.sample, height, left + Self.sampleWidth(of: entry))
        }
    }

    /// About how large a text is, in centimetres: letters are half as wide as they are high on average.
    public static func size(of text: FigureText) -> (width: Double, height: Double) {
        (textWidth(text) * 0.53 / Self.widest + 0.25, Double(max(text.lines.count, 1)) * line + 0.08)
    }

    /// The width of a text in a wide font, in centimetres.
    static func textWidth(_ text: FigureText) -> Double {
        Double(text.lines.map(visibleCount).max() ?? 0) * widest * fontSize * 2.54 / 72
    }
    /// The mean width of letters in DejaVu Sans, in units of the font's size; Arial's is 0.53.
    private static let widest = 0.6

    /// The width of a line's character.
    static let characterWidth = widest * fontSize * 2.54 / 72

    /// The characters of a line without the marks of the enhanced notation.
    static func visibleCount(_ line: String) -> Int {
        line.replacing("/:Italic ", with: "").count { !"{}_^".contains($0) }
    }
}
