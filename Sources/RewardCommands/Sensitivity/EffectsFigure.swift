import CommandRun
import Figures
import Reporting
import RewardStudies
import RoleDynamics

/// Morris's measures: μ* as bars with their intervals, and σ over μ*.
struct EffectsFigure {
    let names: [ParameterName]
    let results: [StudiedResult]

    /// Two frames an output.
    var figures: [Figure] {
        let bars = OutputBarsFigure(
            results: results, names: names.map(\.symbol),
            measures: [(1, .markup("{/:Italic μ}*"), FigureInk.liquidityProviders.color)],
            label: "mean modulus of the effects {/:Italic μ}*", areShares: false)
        return zip(bars.figures, results).flatMap { [$0, plane($1.result)] }
    }

    /// σ over μ*, each point with its symbol.
    private func plane(_ result: SensitivityResult) -> Figure {
        let points = zip(names, result.rows).compactMap { name, row -> (String, FigurePoint)? in
            guard !row.measures.isEmpty, let modulus = row.measures[1], let deviation = row.measures[2] else {
                return nil
            }
            return (name.symbol, FigurePoint(modulus.value, deviation.value))
        }
        let x = FigureInk.range(of: points.map(\.1.x) + [0], margin: 0.1)
        let y = FigureInk.range(of: points.map(\.1.y) + [0], margin: 0.1)
        let rise = (y.upperBound - y.lowerBound) * 0.05
        return Figure(
            title: .plain(result.output.name), x: FigureAxis(.markup("{/:Italic μ}*"), range: x),
            y: FigureAxis(.markup("{/:Italic σ}"), range: y),
            layers: [.dots(points.map(\.1), color: FigureInk.liquidityProviders.color)]
                + points.map { .text(.markup($0), at: FigurePoint($1.x, $1.y + rise)) })
    }
}
