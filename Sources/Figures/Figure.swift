// What a figure shows, without a word of how it is drawn.

/// A point in a figure's coordinates.
public struct FigurePoint: Sendable, Equatable {
    /// Along the horizontal axis.
    public var x: Double
    /// Along the vertical axis.
    public var y: Double

    /// A point.
    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// Text in a figure.
public enum FigureText: Sendable, Equatable {
    /// Text as it stands, a user's for example: nothing in it has a meaning but line breaks.
    case plain(String)
    /// Text of the program's own, in gnuplot's enhanced notation: `{/:Italic α}_s`.
    case markup(String)

    /// The text's lines.
    public var lines: [String] {
        let text =
            switch self {
            case .plain(let text), .markup(let text): text
            }
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }
}

extension FigureText {
    /// A plain text cut where it would be wider than this, in centimetres; text of the program's own is left as it is.
    func cut(toWidth width: Double) -> FigureText {
        guard case .plain(let text) = self, FigureLayout.textWidth(self) > width else { return self }
        return .plain(String(text.prefix(max(Int(width / FigureLayout.characterWidth) - 1, 0))) + "…")
    }
}

extension FigureText {
    /// The text with line breaks where its lines would be wider than this, in centimetres: between words, and in a plain
    /// text also inside one that is too long.
    func wrapped(toWidth width: Double) -> FigureText {
        guard FigureLayout.textWidth(self) > width else { return self }
        let most = max(Int(width / FigureLayout.characterWidth), 1)
        switch self {
        case .plain: return .plain(broken(most) { $0.count }.joined(separator: "\n"))
        case .markup: return .markup(broken(most, count: FigureLayout.visibleCount).joined(separator: "\n"))
        }
    }

    private func broken(_ most: Int, count: (String) -> Int) -> [String] {
        var broken: [String] = []
        for line in lines {
            var current = ""
            for word in words(of: line) {
                if !current.isEmpty, count(current + " " + word) > most {
                    broken.append(current)
                    current = word
                } else {
                    current += current.isEmpty ? word : " " + word
                }
                guard case .plain = self else { continue }
                while current.count > most {
                    broken.append(String(current.prefix(most)))
                    current = String(current.dropFirst(most))
                }
            }
            broken.append(current)
        }
        return broken
    }

    /// The words of a line; what stands in braces of the enhanced notation stays together.
    private func words(of line: String) -> [String] {
        guard case .markup = self else {
            return line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        }
        var words = [""]
        var depth = 0
        for character in line {
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            if character == " ", depth == 0 { words.append("") } else { words[words.count - 1].append(character) }
        }
        return words
    }
}

/// A line's look.
public struct FigureStroke: Sendable, Equatable {
    /// Whether and how a line is broken.
    public enum Dash: Int, Sendable {
        /// Unbroken.
        case solid = 1
        /// Dashes.
        case dashed = 2
        /// Dots.
        case dotted = 3
    }
    /// The colour, "#RRGGBB".
    public var color: String
    /// The width in points.
    public var width: Double
    /// Whether and how it is broken.
    public var dash: Dash

    /// A look; by default a thin black line.
    public init(color: String = "#000000", width: Double = 0.7, dash: Dash = .solid) {
        self.color = color
        self.width = width
        self.dash = dash
    }
}

/// An arrow of a field.
public struct FigureArrow: Sendable, Equatable {
    /// Where it begins.
    public var from: FigurePoint
    /// Where its head is.
    public var to: FigurePoint

    /// An arrow.
    public init(from: FigurePoint, to: FigurePoint) {
        self.from = from
        self.to = to
    }
}

/// A sign at a point.
public struct FigureMarker: Sendable, Equatable {
    /// The form of a sign; its raw value is gnuplot's number for it.
    public enum Shape: Int, Sendable {
        case circle = 7
        case square = 5
        case diamond = 13
        case cross = 2
    }
    public var shape: Shape
    /// The colour, "#RRGGBB".
    public var color: String
    /// The size; 1 is about 1 mm.
    public var size: Double
    /// Whether it is white inside; a cross has no inside.
    public var isOpen: Bool

    /// A sign.
    public init(_ shape: Shape, color: String, size: Double = 1, isOpen: Bool = false) {
        self.shape = shape
        self.color = color
        self.size = size
        self.isOpen = isOpen
    }
}

/// One thing that a figure shows; later ones lie on top.
public enum FigureLayer: Sendable, Equatable {
    /// The area between the lower and the upper value at each x, filled with a colour, "#RRGGBB"; what lies below
    /// shines through where the opacity is less than 1. See ``ThinnedBand`` for many points.
    case band([FigureBandPoint], color: String, opacity: Double = 1)
    /// Parts of the horizontal axis shaded over the whole height, each in the colour of its kind; any number of them,
    /// from left to right: where there are more than the picture can show, each place has the kind that covers most of
    /// it.
    case spans([FigureSpan], colors: [String])
    /// Horizontal bars, with lines for their intervals. See ``BarChart``.
    case bars([FigureBar], color: String)
    /// A closed polygon filled with a colour, "#RRGGBB".
    case area([FigurePoint], color: String)
    /// A closed polygon hatched with thin lines.
    case hatching([FigurePoint], color: String)
    /// A polyline.
    case curve([FigurePoint], FigureStroke)
    /// Dots, filled or open (white inside); a size of 1 is about 1 mm.
    case dots([FigurePoint], color: String, size: Double = 1, isOpen: Bool = false)
    /// The same sign at some points.
    case markers([FigurePoint], FigureMarker)
    /// An arrow with its head at `to`.
    case arrow(from: FigurePoint, to: FigurePoint, FigureStroke)
    /// Many arrows of one look, a field for example; an arrow that has no length, or is not finite, is left out. The
    /// heads' length is in centimetres.
    case arrows([FigureArrow], FigureStroke, head: Double = 0.09)
    /// Values as colours; the figure has a colour bar then, that of the first heat map. NaN is
    /// ``FigureColorScale/missing``.
    case heatMap(FigureGrid<Double>, FigureColorScale)
    /// Cells of several kinds: each is the number of its colour, "#RRGGBB"; a number that no colour has is
    /// ``FigureColorScale/missing``.
    case categories(FigureGrid<UInt8>, colors: [String])
    /// Text centred at a point, on a ground of this colour, "#RRGGBB", where it is not nil: that of its area, for a
    /// place that is hatched. A sheet has four grounds at most; further ones are white.
    case text(FigureText, at: FigurePoint, ground: String? = nil)
}

/// An axis: its label, its range, and values marked on the opposite side of the frame.
public struct FigureAxis: Sendable, Equatable {
    /// A value that is marked.
    public struct Mark: Sendable, Equatable {
        /// The value; outside the axis's range it is not shown.
        public var value: Double
        /// What stands beside it; nil for a guide alone.
        public var label: FigureText?
        /// A straight line through the frame at the value, behind what the figure shows.
        public var guide: FigureStroke?

        /// A mark.
        public init(_ value: Double, _ label: FigureText?, guide: FigureStroke? = nil) {
            self.value = value
            self.label = label
            self.guide = guide
        }
    }
    /// How values become places.
    public enum Scale: Sendable, Equatable {
        /// Equal differences are equally far apart.
        case linear
        /// Equal ratios are; the axis's range is positive then.
        case logarithmic
    }
    /// What stands at its tics.
    public enum Numbers: Sendable, Equatable {
        /// The values.
        case values
        /// Dates, UTC: the values are seconds since 1970-01-01T00:00:00Z. For a linear horizontal axis; elsewhere, and
        /// where dates would not help, the values are shown.
        case dates
        /// Names: the i-th stands at the value i, from 0. For a vertical axis; a horizontal one shows the values.
        case names([FigureText])
    }
    /// What stands along it.
    public var label: FigureText
    /// The values at its ends.
    public var range: ClosedRange<Double>
    /// What one along the axis stands for: 1, or a power of ten that its label tells.
    public var unit = 1.0
    /// How values become places.
    public var scale: Scale
    /// Values marked on the opposite side.
    public var marks: [Mark]
    /// What stands at its tics.
    public var numbers: Numbers

    /// An axis.
    public init(
        _ label: FigureText, range: ClosedRange<Double>, scale: Scale = .linear, marks: [Mark] = [],
        numbers: Numbers = .values
    ) {
        self.label = label
        self.range = range
        self.scale = scale
        self.marks = marks
        self.numbers = numbers
    }
}

/// What a part of a figure means: an entry of the legend.
public struct FigureLegendEntry: Sendable, Equatable {
    /// How the part looks.
    public enum Sample: Sendable, Equatable {
        /// A curve.
        case line(FigureStroke)
        /// An area filled with a colour, "#RRGGBB".
        case area(color: String)
        /// A hatched area.
        case hatching(color: String)
        /// Dots.
        case dots(color: String, size: Double = 1, isOpen: Bool = false)
        /// Signs beside each other.
        case markers([FigureMarker])
        /// An arrow to the right.
        case arrow(FigureStroke)
        /// A sign that stands beside a mark.
        case sign(FigureText)
    }
    /// How the part looks.
    public var sample: Sample
    /// What it means, in one line.
    public var label: FigureText

    /// An entry.
    public init(_ sample: Sample, _ label: FigureText) {
        self.sample = sample
        self.label = label
    }
}

/// What stands round a figure's layers.
public enum FigureFrame: Sendable, Equatable {
    /// A frame with numbers and labels along its axes.
    case axes
    /// Nothing at all: for a ``TernaryFrame``, say.
    case bare
    /// Nothing but the legend, an entry a line from the top: for a place of a sheet that has one legend for all figures.
    case legend
}

/// One frame with two axes.
public struct Figure: Sendable, Equatable {
    /// What stands above it.
    public var title: FigureText?
    /// What its parts mean, told above the frame in as many lines as the frame's width asks for.
    public var legend: [FigureLegendEntry]
    /// The horizontal axis.
    public var x: FigureAxis
    /// The vertical axis.
    public var y: FigureAxis
    /// What it shows, from the bottom to the top.
    public var layers: [FigureLayer]
    /// What stands round the layers.
    public var frame: FigureFrame
    /// Whether a unit is as long across as it is up. The frames of the sheet then are as high as the first such figure
    /// asks for, within limits, and where another height is needed, one of the axes is made longer on both sides. For
    /// linear axes.
    public var hasEqualScales: Bool

    /// A figure.
    public init(
        title: FigureText? = nil, legend: [FigureLegendEntry] = [], x: FigureAxis, y: FigureAxis,
        layers: [FigureLayer] = [], frame: FigureFrame = .axes, hasEqualScales: Bool = false
    ) {
        self.title = title
        self.legend = legend
        self.x = x
        self.y = y
        self.layers = layers
        self.frame = frame
        self.hasEqualScales = hasEqualScales
    }

    /// Whether cells cover what is behind them.
    var hasCells: Bool {
        layers.contains { layer in
            switch layer {
            case .heatMap, .categories: true
            default: false
            }
        }
    }

    /// What the bar beside the frame shows: the colours of the first heat map.
    var colorScale: FigureColorScale? {
        for case .heatMap(_, let scale) in layers { return scale }
        return nil
    }
}

extension Figure {
    /// The same picture with its coordinates divided by a scale, for axes whose numbers would be long; an axis of dates
    /// or names stays as it is.
    public func scaled(x scaleX: Double, y scaleY: Double) -> Figure {
        let (scaleX, scaleY) = (x.numbers == .values ? scaleX : 1, y.numbers == .values ? scaleY : 1)
        guard scaleX != 1 || scaleY != 1 else { return self }
        func point(_ point: FigurePoint) -> FigurePoint { FigurePoint(point.x / scaleX, point.y / scaleY) }
        func axis(_ axis: FigureAxis, _ scale: Double) -> FigureAxis {
            var scaled = axis
            scaled.range = axis.range.lowerBound / scale...axis.range.upperBound / scale
            scaled.marks = axis.marks.map { FigureAxis.Mark($0.value / scale, $0.label, guide: $0.guide) }
            scaled.unit *= scale
            return scaled
        }
        let layers = layers.map { layer -> FigureLayer in
            switch layer {
            case .band(let points, let color, let opacity):
                .band(
                    points.map { FigureBandPoint($0.x / scaleX, $0.low / scaleY, $0.high / scaleY) }, color: color,
                    opacity: opacity)
            case .spans(let spans, let colors):
                .spans(
                    spans.map { FigureSpan(from: $0.from / scaleX, to: $0.to / scaleX, kind: $0.kind) }, colors: colors)
            case .bars(let bars, let color):
                .bars(
                    bars.map { bar in
                        FigureBar(
                            y: bar.y / scaleY, thickness: bar.thickness / scaleY, from: bar.from / scaleX,
                            to: bar.to / scaleX,
                            interval: bar.interval.map { $0.lowerBound / scaleX...$0.upperBound / scaleX })
                    }, color: color)
            case .area(let points, let color): .area(points.map(point), color: color)
            case .hatching(let points, let color): .hatching(points.map(point), color: color)
            case .curve(let points, let stroke): .curve(points.map(point), stroke)
            case .dots(let points, let color, let size, let isOpen):
                .dots(points.map(point), color: color, size: size, isOpen: isOpen)
            case .markers(let points, let marker): .markers(points.map(point), marker)
            case .arrow(let from, let to, let stroke): .arrow(from: point(from), to: point(to), stroke)
            case .arrows(let arrows, let stroke, let head):
                .arrows(
                    arrows.map { FigureArrow(from: point($0.from), to: point($0.to)) }, stroke, head: head)
            case .heatMap(let grid, let colors): .heatMap(grid.scaled(x: scaleX, y: scaleY), colors)
            case .categories(let grid, let colors): .categories(grid.scaled(x: scaleX, y: scaleY), colors: colors)
            case .text(let text, let place, let ground): .text(text, at: point(place), ground: ground)
            }
        }
        var scaled = self
        (scaled.x, scaled.y, scaled.layers) = (axis(x, scaleX), axis(y, scaleY), layers)
        return scaled
    }
}

/// One or several figures on a sheet, by default as wide as a journal's column.
public struct FigureSheet: Sendable, Equatable {
    /// How large a sheet is, in centimetres.
    public struct Size: Sendable, Equatable {
        /// Its width.
        public var width: Double
        /// Its height; nil for what its figures ask for.
        public var height: Double?

        /// A size.
        public init(width: Double, height: Double? = nil) {
            self.width = width
            self.height = height
        }

        /// A column of most journals.
        public static let oneColumn = Size(width: 8.6)
        /// The two columns of a page of most journals.
        public static let twoColumn = Size(width: 17.8)

        /// Whether two figures have room beside each other.
        public var isWide: Bool { width >= 14 }
    }
    /// How large it is where the font has its usual size.
    public var size: Size
    /// The font of all text. One larger or smaller than the usual one magnifies the whole sheet, all but the lines, so
    /// that all fits as it did.
    public var font = FigureFont()
    /// The figures, row after row.
    public var figures: [Figure]
    /// How many figures stand beside each other, at least 1.
    public var columns: Int
    /// Whether figures that stand below each other have one horizontal axis: only the lowest has its label and numbers,
    /// and the frames are closer and less high. Their ranges should be the same.
    public var sharesHorizontalAxis: Bool

    /// A sheet.
    public init(
        _ figures: [Figure], columns: Int = 1, size: Size = .oneColumn, sharesHorizontalAxis: Bool = false
    ) {
        self.figures = figures
        self.columns = max(columns, 1)
        self.size = size
        self.sharesHorizontalAxis = sharesHorizontalAxis
    }
}

extension FigureSheet {
    /// How high the frames are in units of their width, where a figure has equal scales: as the first such figure asks
    /// for.
    var equalScalesRatio: Double? {
        figures.lazy.filter(\.hasEqualScales).map(\.rangeRatio).first { $0.isFinite && $0 > 0 }.map {
            min(max($0, 0.3), 1.5)
        }
    }

    /// The sheet with titles and labels in as many lines as their room asks for.
    func withWrappedText() -> FigureSheet {
        let frame = FigureLayout(self).frame(0)
        let column = size.width / Double(max(min(columns, figures.count), 1))
        // A title is centred above its frame.
        let middle = (frame.left + frame.right) / 2
        let room = 2 * min(middle, column - middle) - 0.1
        var sheet = self
        for index in figures.indices {
            sheet.figures[index].title = figures[index].title?.wrapped(toWidth: room)
            for entry in figures[index].legend.indices {
                let label = figures[index].legend[entry].label
                sheet.figures[index].legend[entry].label = label.cut(toWidth: column - frame.left - 0.9)
            }
        }
        return sheet
    }

    /// The sheet with names in as many lines as this width, in centimetres, asks for.
    func withNames(width: Double) -> FigureSheet {
        var sheet = self
        for (index, figure) in figures.enumerated() {
            guard case .names(let names) = figure.y.numbers else { continue }
            sheet.figures[index].y.numbers = .names(names.map { $0.wrapped(toWidth: width) })
        }
        return sheet
    }

    /// The sheet with axes made longer where a frame of another form asks for it.
    func withEqualScales(frame: (width: Double, height: Double)) -> FigureSheet {
        var sheet = self
        for (index, figure) in figures.enumerated() where figure.hasEqualScales {
            let share = figure.rangeRatio / (frame.height / frame.width)
            guard share.isFinite, share > 0 else { continue }
            if share < 1 { sheet.figures[index].y.range = figure.y.range.lengthened(by: 1 / share) }
            if share > 1 { sheet.figures[index].x.range = figure.x.range.lengthened(by: share) }
        }
        return sheet
    }
}

extension Figure {
    /// How high what it shows is in units of its width.
    fileprivate var rangeRatio: Double {
        (y.range.upperBound - y.range.lowerBound) / (x.range.upperBound - x.range.lowerBound)
    }
}

extension ClosedRange<Double> {
    /// A range so many times as long round the same middle, of finite ends.
    fileprivate func lengthened(by factor: Double) -> ClosedRange {
        let more = (upperBound - lowerBound) * (factor - 1) / 2
        return more.isFinite && more > 0 ? lowerBound - more...upperBound + more : self
    }
}
