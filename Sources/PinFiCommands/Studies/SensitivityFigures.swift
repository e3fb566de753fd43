import Figures
import Foundation
import Reporting
import RewardStudies

/// Sobol indices as bars with their intervals, and, where they were computed, over the number of samples.
struct IndicesFigure {
    let study: SobolStudy
    let results: [SobolStudy.OutputResult]
    /// The indices of fewer samples, an array for each output; none where they are not shown.
    let steps: [[SobolResult]]
    let title: String?

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        var figures = results.compactMap(bars)
        if !steps.isEmpty { figures += zip(results, steps).compactMap { curves($0, $1) } }
        if let title, !figures.isEmpty {
            figures[0].title = .plain([title] + (figures[0].title?.lines ?? []))
        }
        return FigureSheet(figures, columns: size.isWide && figures.count > 1 ? 2 : 1, size: size)
    }

    /// In words where there is room for them, which frames of curves on the same sheet would lose.
    private var names: [String] {
        study.setup.names.map { steps.isEmpty ? "\($0.title) \($0.symbol)" : $0.symbol }
    }

    /// nil where there are no indices, which has been told.
    private func bars(_ result: SobolStudy.OutputResult) -> Figure? {
        guard case .success(let indices) = result.result.indices else { return nil }
        var chart = BarChart(
            series: [
                .init(.plain("first order"), color: FigureInk.liquidityProviders.color),
                .init(.plain("total"), color: FigureInk.sellers.color),
            ], rows: [])
        for (j, name) in names.enumerated() {
            chart.rows.append(.init(.markup(name), [indices.first[j], indices.total[j]].map(\.bar)))
        }
        let range = chart.range
        return chart.figure(
            .plain("share of the variance"), title: .plain(result.output.name),
            range: min(range.lowerBound, 0)...max(range.upperBound, 1))
    }

    private static let colors = [
        "#0072B2", "#E69F00", "#4D2C7A", "#B2182B", "#009E73", "#6B6B6B", "#CC79A7", "#56B4E9",
    ]

    /// Total indices over the number of samples, first-order ones dashed, with their intervals; nil where there is none.
    private func curves(_ result: SobolStudy.OutputResult, _ steps: [SobolResult]) -> Figure? {
        let found = steps.compactMap { step -> (samples: Double, indices: SobolIndices)? in
            guard case .success(let indices) = step.indices else { return nil }
            return (Double(step.samples), indices)
        }
        guard let first = found.first, let last = found.last, first.samples < last.samples else { return nil }
        var layers: [FigureLayer] = []
        var legend: [FigureLegendEntry] = []
        var values: [Double] = []
        for (j, name) in study.setup.names.enumerated() {
            let color = Self.colors[j % Self.colors.count]
            for isTotal in [true, false] {
                let estimates = found.map { isTotal ? $0.indices.total[j] : $0.indices.first[j] }
                values += estimates.map(\.value)
                if isTotal, estimates.allSatisfy({ $0.halfWidth != nil }) {
                    layers.append(
                        .band(
                            zip(found, estimates).map { point, estimate in
                                FigureBandPoint(
                                    point.samples, estimate.value - (estimate.halfWidth ?? 0),
                                    estimate.value + (estimate.halfWidth ?? 0))
                            }, color: color, opacity: 0.2))
                }
                layers.append(
                    .curve(
                        zip(found, estimates).map { FigurePoint($0.samples, $1.value) },
                        FigureStroke(color: color, width: 1.1, dash: isTotal ? .solid : .dashed)))
            }
            legend.append(FigureLegendEntry(.line(FigureStroke(color: color, width: 1.1)), .markup(name.symbol)))
        }
        return Figure(
            title: .plain("\(result.output.name): total, first order dashed"), legend: legend,
            x: FigureAxis(.plain("base samples"), range: first.samples...last.samples, scale: .logarithmic),
            y: FigureAxis(.plain("index"), range: FigureInk.range(of: values, margin: 0.08)), layers: layers)
    }
}

extension Estimate {
    fileprivate var bar: BarChart.Bar { BarChart.Bar(value, interval: halfWidth.map { value - $0...value + $0 }) }
}

/// Morris's measures: μ* as bars with their intervals, and σ over μ*.
struct EffectsFigure {
    let names: [ParameterName]
    let results: [(output: StudiedOutput, measures: [MorrisResult])]
    let title: String?

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        var figures = results.flatMap { [bars($0.output, $0.measures), plane($0.output, $0.measures)] }
        if let title, !figures.isEmpty {
            figures[0].title = .plain([title] + (figures[0].title?.lines ?? []))
        }
        return FigureSheet(figures, columns: size.isWide ? 2 : 1, size: size)
    }

    private func bars(_ output: StudiedOutput, _ measures: [MorrisResult]) -> Figure {
        var chart = BarChart(
            series: [.init(.markup("{/:Italic μ}*"), color: FigureInk.liquidityProviders.color)], rows: [])
        for (name, result) in zip(names, measures) {
            guard case .success(let found) = result.measures else {
                chart.rows.append(.init(.markup(name.symbol), []))
                continue
            }
            chart.rows.append(.init(.markup(name.symbol), [found.meanModulus.bar]))
        }
        return chart.figure(
            .markup("mean modulus of the effects {/:Italic μ}*"), title: .plain(output.name))
    }

    /// σ over μ*, each point with its symbol.
    private func plane(_ output: StudiedOutput, _ measures: [MorrisResult]) -> Figure {
        let points = zip(names, measures).compactMap { name, result -> (String, FigurePoint)? in
            guard case .success(let found) = result.measures else { return nil }
            return (name.symbol, FigurePoint(found.meanModulus.value, found.deviation))
        }
        let x = FigureInk.range(of: points.map(\.1.x) + [0], margin: 0.1)
        let y = FigureInk.range(of: points.map(\.1.y) + [0], margin: 0.1)
        let rise = (y.upperBound - y.lowerBound) * 0.05
        return Figure(
            title: .plain(output.name), x: FigureAxis(.markup("{/:Italic μ}*"), range: x),
            y: FigureAxis(.markup("{/:Italic σ}"), range: y),
            layers: [.dots(points.map(\.1), color: FigureInk.liquidityProviders.color)]
                + points.map { .text(.markup($0), at: FigurePoint($1.x, $1.y + rise), boxed: false) })
    }
}

/// What the range of each parameter does to a quantity, the largest swing at the top; or elasticities, where there are no
/// ranges.
struct TornadoFigure {
    /// One parameter's.
    struct Swing {
        let quantity: Quantity
        let parameter: ParameterName
        /// The quantity's value at the base point.
        let base: Double
        let low, high: Double
        let atLow, atHigh: Double

        /// How far apart the ends are; NaN counts as nothing.
        var size: Double {
            let ends = [atLow, atHigh, base].filter(\.isFinite)
            return (ends.max() ?? 0) - (ends.min() ?? 0)
        }
    }

    let swings: [Swing]
    /// Whether the swings are those of ranges, and not elasticities.
    let isOfRanges: Bool
    let title: String?

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        var quantities: [Quantity] = []
        for swing in swings where !quantities.contains(swing.quantity) { quantities.append(swing.quantity) }
        var figures = quantities.map { quantity in
            figure(quantity, swings.filter { $0.quantity == quantity }.sorted { $0.size > $1.size })
        }
        if let title, !figures.isEmpty {
            figures[0].title = .plain([title] + (figures[0].title?.lines ?? []))
        }
        return FigureSheet(figures, columns: size.isWide && figures.count > 1 ? 2 : 1, size: size)
    }

    private func figure(_ quantity: Quantity, _ swings: [Swing]) -> Figure {
        let unit = quantity.unit.isEmpty ? "" : " (\(quantity.unit))"
        guard isOfRanges else {
            let chart = BarChart(
                series: [.init(.plain("elasticity"), color: FigureInk.liquidityProviders.color)],
                rows: swings.map { .init(label($0), [BarChart.Bar($0.atHigh)]) })
            return chart.figure(.plain("elasticity of \(quantity.rawValue)"))
        }
        let base = swings.first?.base ?? 0
        let chart = BarChart(
            series: [
                .init(.plain("at its low end"), color: FigureInk.liquidityProviders.color),
                .init(.plain("at its high end"), color: FigureInk.sellers.color),
            ], rows: swings.map { .init(label($0), [BarChart.Bar($0.atLow), BarChart.Bar($0.atHigh)]) },
            arrangement: .opposed, base: base.isFinite ? base : 0)
        return chart.figure(.plain("\(quantity.rawValue)\(unit)"), baseLabel: .plain(formatRounded(base, digits: 4)))
    }

    private func label(_ swing: Swing) -> FigureText {
        guard isOfRanges else { return .markup("\(swing.parameter.title) \(swing.parameter.symbol)") }
        func number(_ value: Double) -> String { formatRounded(value, digits: 3) }
        return .markup("\(swing.parameter.symbol): \(number(swing.low)) to \(number(swing.high))")
    }
}

extension FigureText {
    /// Plain text of several lines.
    static func plain(_ lines: [String]) -> FigureText { .plain(lines.joined(separator: "\n")) }
}
