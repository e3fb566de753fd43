import CommandRun
import Figures
import Reporting
import RewardStudies
import RoleDynamics

/// Measures of several outputs as bars, a frame an output, with their intervals.
struct OutputBarsFigure {
    let results: [StudiedResult]
    /// What stands for each parameter, in gnuplot's notation.
    let names: [String]
    /// The measures that are shown, by their place, with the text of the key and a colour.
    let measures: [(place: Int, text: FigureText, color: String)]
    /// A value that is shown beside the measures of every parameter: its column, the text of the key and a colour.
    var reference: (column: String, text: FigureText, color: String)?
    /// What stands along the axis, in gnuplot's notation.
    let label: String
    /// Whether the measures are shares: the axis goes from 0 to 1 at least.
    var areShares = true

    /// Parameters in words, with their symbols.
    static func words(_ names: [ParameterName]) -> [String] { names.map { "\($0.title) \($0.symbol)" } }

    var figures: [Figure] {
        results.map { studied in
            let referenced = reference.map { reference -> BarChart.Bar? in
                guard case .real(let value?) = studied.facts[reference.column] else { return nil }
                return BarChart.Bar(value)
            }
            let chart = BarChart(
                series: measures.map { .init($0.text, color: $0.color) }
                    + (reference.map { [.init($0.text, color: $0.color)] } ?? []),
                rows: zip(names, studied.result.rows).map { name, row in
                    guard !row.measures.isEmpty else { return .init(.markup(name), []) }
                    return .init(
                        .markup(name),
                        measures.map { row.measures[$0.place].map(\.bar) } + (referenced.map { [$0] } ?? []))
                })
            let range = chart.range
            return chart.figure(
                .markup(label), title: .plain(studied.result.output.name),
                range: areShares ? min(range.lowerBound, 0)...max(range.upperBound, 1) : nil)
        }
    }

    /// First-order and total indices, as shares of the variance.
    static func indices(_ results: [StudiedResult], names: [String]) -> OutputBarsFigure {
        OutputBarsFigure(
            results: results, names: names,
            measures: [
                (0, .plain("first order"), FigureInk.liquidityProviders.color),
                (1, .plain("total"), FigureInk.sellers.color),
            ], label: "share of the variance")
    }
}

extension Estimate {
    fileprivate var bar: BarChart.Bar { BarChart.Bar(value, interval: halfWidth.map { value - $0...value + $0 }) }
}

extension FigureSheet {
    /// Frames below each other, or beside each other where the sheet is wide, with a title above the first.
    init(_ figures: [Figure], title: String?, size: Size) {
        var figures = figures
        if let title, !figures.isEmpty {
            figures[0].title = .plain(([title] + (figures[0].title?.lines ?? [])).joined(separator: "\n"))
        }
        self.init(figures, columns: size.isWide && figures.count > 1 ? 2 : 1, size: size)
    }
}
