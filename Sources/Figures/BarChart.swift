// Horizontal bars with a name each.

/// A horizontal bar.
public struct FigureBar: Sendable, Equatable {
    /// Where it lies along the vertical axis: its middle, and how thick it is.
    public var y, thickness: Double
    /// Its ends along the horizontal axis; a bar with one that is not finite is not shown.
    public var from, to: Double
    /// An interval for the end, drawn as a line with caps; nil for none.
    public var interval: ClosedRange<Double>?

    /// A bar.
    public init(y: Double, thickness: Double, from: Double, to: Double, interval: ClosedRange<Double>? = nil) {
        self.y = y
        self.thickness = thickness
        self.from = from
        self.to = to
        self.interval = interval
    }
}

/// Rows of horizontal bars under each other: sensitivity indices side by side, or a tornado round a base value.
///
/// ```swift
/// let indices = BarChart(
///     series: [.init(.plain("first order"), color: "#0072B2"), .init(.plain("total"), color: "#E69F00")],
///     rows: [.init(.plain("beta"), [.init(0.52, interval: 0.49...0.55), .init(0.61, interval: 0.57...0.65)])])
/// let sobol = indices.figure(.plain("Sobol index"))
/// let tornado = BarChart(
///     series: [.init(.plain("lower end"), color: "#0072B2"), .init(.plain("upper end"), color: "#D55E00")],
///     rows: [.init(.plain("theta"), [.init(1.02), .init(1.31)])], arrangement: .opposed, base: 1.2)
/// ```
public struct BarChart: Sendable, Equatable {
    /// What one of the bars of each row means.
    public struct Series: Sendable, Equatable {
        /// Its entry of the legend.
        public var label: FigureText
        /// The colour of its bars, "#RRGGBB".
        public var color: String

        /// A series.
        public init(_ label: FigureText, color: String) {
            self.label = label
            self.color = color
        }
    }
    /// The end of a bar that begins at the base.
    public struct Bar: Sendable, Equatable {
        /// Its end; where it is not finite there is no bar.
        public var value: Double
        /// An interval for it.
        public var interval: ClosedRange<Double>?

        /// A bar.
        public init(_ value: Double, interval: ClosedRange<Double>? = nil) {
            self.value = value
            self.interval = interval
        }
    }
    /// A row.
    public struct Row: Sendable, Equatable {
        /// What stands left of it, in one line.
        public var label: FigureText
        /// A bar of each series, in their order; nil for none.
        public var bars: [Bar?]

        /// A row.
        public init(_ label: FigureText, _ bars: [Bar?]) {
            self.label = label
            self.bars = bars
        }
    }
    /// Where the bars of a row lie.
    public enum Arrangement: Sendable, Equatable {
        /// The bars of a row lie under each other.
        case beside
        /// The bars of a row lie at one height, each going its way from the base: a tornado.
        case opposed
    }
    /// What the bars of a row mean.
    public var series: [Series]
    /// The rows from the top to the bottom.
    public var rows: [Row]
    /// Where the bars of a row lie.
    public var arrangement: Arrangement
    /// Where bars begin.
    public var base: Double

    /// A chart.
    public init(series: [Series], rows: [Row], arrangement: Arrangement = .beside, base: Double = 0) {
        self.series = series
        self.rows = rows
        self.arrangement = arrangement
        self.base = base
    }

    /// The range that shows all bars and intervals, with a little room beyond them; of a base of 0 nothing beyond it
    /// that no bar needs.
    public var range: ClosedRange<Double> {
        let bars = rows.flatMap(\.bars).compactMap { $0 }.filter(\.value.isFinite)
        let ends = bars.flatMap { [$0.value, $0.interval?.lowerBound, $0.interval?.upperBound].compactMap { $0 } }
        let all = (ends + [base]).filter(\.isFinite)
        guard let low = all.min(), let high = all.max(), low < high else { return base - 0.5...base + 0.5 }
        let room = high / 20 - low / 20
        return (low == base && base == 0 ? low : low - room)...(high == base && base == 0 ? high : high + room)
    }

    /// The figure.
    ///
    /// - Parameters:
    ///   - title: what stands above the figure; nil for nothing.
    ///   - label: what the bars' lengths mean.
    ///   - range: of the horizontal axis; nil for one that shows all.
    ///   - baseLabel: what stands above the base, for a base that is not 0.
    public func figure(
        _ label: FigureText, title: FigureText? = nil, range: ClosedRange<Double>? = nil, baseLabel: FigureText? = nil
    ) -> Figure {
        let layers = series.indices.map { index -> FigureLayer in
            let lanes = arrangement == .beside ? Double(series.count) : 1
            let lane = arrangement == .beside ? Double(index) : 0
            let bars = rows.enumerated().compactMap { row, content -> FigureBar? in
                guard index < content.bars.count, let bar = content.bars[index] else { return nil }
                // Rows come from the top, and a fifth of a row is left free.
                let y = Double(rows.count - 1 - row) + 0.4 - (lane + 0.5) * 0.8 / lanes
                return FigureBar(
                    y: y, thickness: 0.8 / lanes, from: base, to: bar.value, interval: bar.interval)
            }
            return .bars(bars, color: series[index].color)
        }
        let mark = FigureAxis.Mark(base, baseLabel, guide: FigureStroke(width: 0.5))
        return Figure(
            title: title,
            legend: series.count > 1 ? series.map { FigureLegendEntry(.area(color: $0.color), $0.label) } : [],
            x: FigureAxis(label, range: range ?? self.range, marks: [mark]),
            y: FigureAxis(
                .plain(""), range: -0.5...max(Double(rows.count), 1) - 0.5,
                numbers: .names(rows.map(\.label).reversed())),
            layers: layers)
    }
}
