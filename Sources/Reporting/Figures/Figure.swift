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

/// One thing that a figure shows; later ones lie on top.
public enum FigureLayer: Sendable, Equatable {
    /// A closed polygon filled with a colour, "#RRGGBB".
    case area([FigurePoint], color: String)
    /// A closed polygon hatched with thin lines.
    case hatching([FigurePoint], color: String)
    /// A polyline.
    case curve([FigurePoint], FigureStroke)
    /// Filled dots.
    case dots([FigurePoint], color: String)
    /// An arrow with its head at `to`.
    case arrow(from: FigurePoint, to: FigurePoint, FigureStroke)
    /// Text centred at a point; `boxed` on a white ground, for a place that is hatched.
    case text(FigureText, at: FigurePoint, boxed: Bool)
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
    /// What stands along it.
    public var label: FigureText
    /// The values at its ends.
    public var range: ClosedRange<Double>
    /// How values become places.
    public var scale: Scale
    /// Values marked on the opposite side.
    public var marks: [Mark]

    /// An axis.
    public init(_ label: FigureText, range: ClosedRange<Double>, scale: Scale = .linear, marks: [Mark] = []) {
        self.label = label
        self.range = range
        self.scale = scale
        self.marks = marks
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
        case dots(color: String)
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

    /// A figure.
    public init(
        title: FigureText? = nil, legend: [FigureLegendEntry] = [], x: FigureAxis, y: FigureAxis,
        layers: [FigureLayer] = []
    ) {
        self.title = title
        self.legend = legend
        self.x = x
        self.y = y
        self.layers = layers
    }
}

extension Figure {
    /// The same picture with its coordinates divided by a scale, for axes whose numbers would be long.
    public func scaled(x scaleX: Double, y scaleY: Double) -> Figure {
        guard scaleX != 1 || scaleY != 1 else { return self }
        func point(_ point: FigurePoint) -> FigurePoint { FigurePoint(point.x / scaleX, point.y / scaleY) }
        func axis(_ axis: FigureAxis, _ scale: Double) -> FigureAxis {
            FigureAxis(
                axis.label, range: axis.range.lowerBound / scale...axis.range.upperBound / scale, scale: axis.scale,
                marks: axis.marks.map { FigureAxis.Mark($0.value / scale, $0.label, guide: $0.guide) })
        }
        let layers = layers.map { layer -> FigureLayer in
            switch layer {
            case .area(let points, let color): .area(points.map(point), color: color)
            case .hatching(let points, let color): .hatching(points.map(point), color: color)
            case .curve(let points, let stroke): .curve(points.map(point), stroke)
            case .dots(let points, let color): .dots(points.map(point), color: color)
            case .arrow(let from, let to, let stroke): .arrow(from: point(from), to: point(to), stroke)
            case .text(let text, let place, let boxed): .text(text, at: point(place), boxed: boxed)
            }
        }
        return Figure(title: title, legend: legend, x: axis(x, scaleX), y: axis(y, scaleY), layers: layers)
    }
}

/// One or several figures on a sheet as wide as a journal's column, or as both of them.
public struct FigureSheet: Sendable, Equatable {
    /// How wide a sheet is.
    public enum Width: String, CaseIterable, Sendable {
        /// A journal's column.
        case oneColumn = "one-column"
        /// Both columns.
        case twoColumn = "two-column"

        /// 8.6 cm and 17.8 cm: the columns of most journals.
        public var centimetres: Double { self == .oneColumn ? 8.6 : 17.8 }
    }
    /// How wide it is.
    public var width: Width
    /// The figures, row after row.
    public var figures: [Figure]
    /// How many figures stand beside each other, at least 1.
    public var columns: Int
    /// Whether figures that stand below each other have one horizontal axis: only the lowest has its label and numbers,
    /// and the frames are closer and less high. Their ranges should be the same.
    public var sharesHorizontalAxis: Bool

    /// A sheet.
    public init(
        _ figures: [Figure], columns: Int = 1, width: Width = .oneColumn, sharesHorizontalAxis: Bool = false
    ) {
        self.figures = figures
        self.columns = max(columns, 1)
        self.width = width
        self.sharesHorizontalAxis = sharesHorizontalAxis
    }
}
