import CommandRun
import Figures
import Reporting
import RewardStudies
import RoleDynamics

/// Sobol indices of an output over the number of samples: total ones with their intervals, first-order ones dashed.
struct ConvergenceFigure {
    let names: [ParameterName]
    /// The indices of more and more samples.
    let steps: [SensitivityResult]

    private static let colors = [
        "#0072B2", "#E69F00", "#4D2C7A", "#B2182B", "#009E73", "#6B6B6B", "#CC79A7", "#56B4E9",
    ]

    /// The frame; nil where fewer than two steps have indices.
    func figure(_ output: String) -> Figure? {
        let found = steps.filter { $0.failure == nil }.map { step in
            (samples: Double(step.rows[0].used), rows: step.rows)
        }
        guard let first = found.first, let last = found.last, first.samples < last.samples else { return nil }
        var layers: [FigureLayer] = []
        var legend: [FigureLegendEntry] = []
        var values: [Double] = []
        for (j, name) in names.enumerated() {
            let color = Self.colors[j % Self.colors.count]
            for (place, isTotal) in [(1, true), (0, false)] {
                let points = found.compactMap { step in
                    step.rows[j].measures[place].map { (x: step.samples, estimate: $0) }
                }
                guard !points.isEmpty else { continue }
                values += points.map(\.estimate.value)
                if isTotal, points.allSatisfy({ $0.estimate.halfWidth != nil }) {
                    layers.append(
                        .band(
                            points.map { x, estimate in
                                let width = estimate.halfWidth ?? 0
                                return FigureBandPoint(x, estimate.value - width, estimate.value + width)
                            }, color: color, opacity: 0.2))
                }
                layers.append(
                    .curve(
                        points.map { FigurePoint($0, $1.value) },
                        FigureStroke(color: color, width: 1.1, dash: isTotal ? .solid : .dashed)))
            }
            legend.append(FigureLegendEntry(.line(FigureStroke(color: color, width: 1.1)), .markup(name.symbol)))
        }
        return Figure(
            title: .plain("\(output): total, first order dashed"), legend: legend,
            x: FigureAxis(.plain("base samples"), range: first.samples...last.samples, scale: .logarithmic),
            y: FigureAxis(.plain("index"), range: FigureInk.range(of: values, margin: 0.08)), layers: layers)
    }
}
