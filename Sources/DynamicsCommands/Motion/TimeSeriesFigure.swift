import CommandRun
import DissipativeMarket
import Figures
import Foundation
import Reporting

/// Quantities over time: frames below each other, with one time axis and the events as lines through all of them.
struct TimeSeriesFigure {
    /// A quantity.
    struct Curve {
        /// Its entry of the legend; nil where the axis says what it is.
        var label: FigureText?
        var stroke = FigureStroke(color: FigureInk.ink, width: 1.2)
        /// The points from the first time to the last.
        var points: [FigurePoint]
    }

    /// A value that the quantities of a frame are to be seen against.
    struct Level {
        var value: Double
        /// Beside the frame.
        var label: FigureText?
        var stroke = FigureStroke(color: FigureInk.faint, width: 0.5, dash: .dotted)
        /// Its entry of the legend.
        var meaning: FigureText?
    }

    /// One frame.
    struct Frame {
        var label: FigureText
        /// nil for a range that shows all curves, and of the levels those that are not far from them.
        var range: ClosedRange<Double>?
        var curves: [Curve]
        var levels: [Level] = []
    }

    /// Something that happens at a time.
    struct Event {
        var time: Double
        var name: String
    }

    var title: String?
    var frames: [Frame]
    var events: [Event] = []
    /// What stands along the time axis.
    var timeLabel = "time {/:Italic t}/{/:Italic T}"
    var timeIsLogarithmic = false

    /// The figure on a sheet.
    func sheet(size: FigureSheet.Size) -> FigureSheet {
        let axis = timeAxis()
        var sheet = FigureSheet(
            frames.map { frame in
                Figure(legend: legend(of: frame), x: axis, y: valueAxis(of: frame), layers: layers(of: frame))
            }, size: size, sharesHorizontalAxis: true)
        guard let first = sheet.figures.indices.first else { return sheet }
        sheet.figures[first].title = title.map(FigureText.plain)
        let (marks, signs) = eventMarks(along: axis, width: FigureLayout(sheet).frameSize.width)
        for index in sheet.figures.indices {
            sheet.figures[index].x.marks =
                index == first ? marks : marks.map { FigureAxis.Mark($0.value, nil, guide: $0.guide) }
        }
        sheet.figures[first].legend += signs
        let scale = axis.scale == .linear ? FigureInk.scale(of: axis.range) : 1
        sheet.figures = sheet.figures.map { $0.scaled(x: scale, y: 1) }
        return sheet
    }

    // MARK: - Time

    private func timeAxis() -> FigureAxis {
        let times = frames.lazy.flatMap(\.curves).flatMap(\.points).map(\.x)
        let (low, high) = (times.min() ?? 0, times.max() ?? 1)
        let positive = times.filter { $0 > 0 }.min() ?? high
        if timeIsLogarithmic, positive < high {
            return FigureAxis(.markup(timeLabel), range: positive...high, scale: .logarithmic)
        }
        let range = low < high ? low...high : low - 0.5...low + 0.5
        let power = FigureInk.power(of: FigureInk.scale(of: range))
        return FigureAxis(.markup(timeLabel + (power.isEmpty ? "" : " (\(power.dropLast()))")), range: range)
    }

    // MARK: - Events

    private static let eventGuide = FigureStroke(color: FigureInk.faint, width: 0.5, dash: .dashed)
    /// More lines than that are a fence before the curves.
    private static let mostGuidesOfOneName = 40

    /// The events as marks: with their names, where these take two lines at most, else with letters that the legend
    /// explains. A letter for which three lines have no room is left out.
    private func eventMarks(
        along axis: FigureAxis, width: Double
    ) -> (marks: [FigureAxis.Mark], signs: [FigureLegendEntry]) {
        let shown = events.filter { axis.range.contains($0.time) }.sorted { $0.time < $1.time }
        var counts: [String: Int] = [:]
        var names: [String] = []
        for event in shown {
            if counts[event.name] == nil { names.append(event.name) }
            counts[event.name, default: 0] += 1
        }
        func words(_ name: String) -> String { name.replacing("-", with: " ") }
        var axis = axis
        axis.marks = shown.map { FigureAxis.Mark($0.time, .plain(words($0.name)), guide: Self.eventGuide) }
        if axis.lineCountOfMarks(width: width) <= 2 { return (axis.marks, []) }
        axis.marks = []
        for event in shown where counts[event.name, default: 0] <= Self.mostGuidesOfOneName {
            let letter = FigureText.plain(Self.letter(names.firstIndex(of: event.name) ?? 0))
            axis.marks.append(FigureAxis.Mark(event.time, letter, guide: Self.eventGuide))
            if axis.lineCountOfMarks(width: width) > 3 { axis.marks[axis.marks.count - 1].label = nil }
        }
        let signs = names.enumerated().map { index, name in
            let count = counts[name, default: 0]
            return FigureLegendEntry(
                .sign(.plain(Self.letter(index))), .plain(words(name) + (count > 1 ? " (\(count) ×)" : "")))
        }
        return (axis.marks, signs)
    }

    private static func letter(_ index: Int) -> String {
        index < 26 ? String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index))) : "\(index + 1)"
    }

    // MARK: - Values

    private func layers(of frame: Frame) -> [FigureLayer] {
        frame.curves.map { curve in
            curve.points.count == 1
                ? .dots(curve.points, color: curve.stroke.color) : .curve(curve.points, curve.stroke)
        }
    }

    private func legend(of frame: Frame) -> [FigureLegendEntry] {
        frame.curves.compactMap { curve in curve.label.map { FigureLegendEntry(.line(curve.stroke), $0) } }
            + frame.levels.compactMap { level in level.meaning.map { FigureLegendEntry(.line(level.stroke), $0) } }
    }

    private func valueAxis(of frame: Frame) -> FigureAxis {
        let marks = frame.levels.map { FigureAxis.Mark($0.value, $0.label, guide: $0.stroke) }
        if let range = frame.range { return FigureAxis(frame.label, range: range, marks: marks) }
        let values = frame.curves.flatMap(\.points).map(\.y)
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        // A price that escapes runs through many powers of ten.
        let positive = values.filter { $0 > 0 }.min() ?? high
        if low >= 0, high > 30 * positive {
            return FigureAxis(
                frame.label, range: positive / 1.2...min(high * 1.2, .greatestFiniteMagnitude), scale: .logarithmic,
                marks: marks)
        }
        let reach = max((high - low) * 0.6, abs(high) * 1e-3)
        let near = frame.levels.map(\.value).filter { $0 > low - reach && $0 < high + reach }
        return FigureAxis(frame.label, range: FigureInk.range(of: values + near, margin: 0.06), marks: marks)
    }
}

extension TimeSeriesFigure.Frame {
    /// The price in units of the seller's cost, with the limits of trade as levels.
    ///
    /// - Parameters:
    ///   - curves: x = α/c over t/T.
    ///   - restPrice: where the sharp flow comes to rest, in tokens per unit.
    static func price(
        _ curves: [TimeSeriesFigure.Curve], in market: Market, restPrice: Double? = nil
    ) -> TimeSeriesFigure.Frame {
        let limits = [
            ("b", market.limits.speculatingBuyer), ("s", market.limits.seller), ("g", market.limits.genuineBuyer),
        ]
        var levels = limits.map { index, value in
            TimeSeriesFigure.Level(value: value / market.sellerCost, label: .markup("{/:Italic α}_{\(index)}"))
        }
        if let restPrice {
            levels.append(
                TimeSeriesFigure.Level(
                    value: restPrice / market.sellerCost, label: nil,
                    stroke: FigureStroke(color: FigureInk.equilibrium, width: 0.8, dash: .dashed),
                    meaning: .plain("sharp rest price")))
        }
        return TimeSeriesFigure.Frame(
            label: .markup("price {/:Italic x} = {/:Italic α}/{/:Italic c}"), curves: curves, levels: levels)
    }

    /// The shares of the three roles over t/T.
    static func shares(
        liquidityProviders: [FigurePoint], sellers: [FigurePoint], external: [FigurePoint]
    ) -> TimeSeriesFigure.Frame {
        TimeSeriesFigure.Frame(
            label: .plain("share of holders"), range: 0...1,
            curves: [
                .init(
                    label: .markup("LPs {/:Italic ℓ}"), stroke: FigureInk.liquidityProviders,
                    points: liquidityProviders),
                .init(label: .markup("sellers {/:Italic s}"), stroke: FigureInk.sellers, points: sellers),
                .init(label: .markup("external {/:Italic e}"), stroke: FigureInk.external, points: external),
            ])
    }

    /// The pool's two reserves over t/T, each in units of what it is at the start of the asset.
    static func reserves(asset: [FigurePoint], tokens: [FigurePoint]) -> TimeSeriesFigure.Frame {
        TimeSeriesFigure.Frame(
            label: .plain("reserve"),
            curves: [
                .init(label: .markup("asset {/:Italic X}"), stroke: FigureInk.liquidityProviders, points: asset),
                .init(label: .markup("tokens {/:Italic Y}"), stroke: FigureInk.sellers, points: tokens),
            ])
    }
}
