import CommandRun
import Figures
import Foundation
import Reporting
import RoleDynamics

/// An ensemble as a figure: where each trajectory ended, x over the slowest of the varied quantities, or over the start where
/// nothing else varies; coloured by where it settled.
struct EnsembleFigure {
    let grid: EnsembleGrid
    let points: [EnsembleTally.Point]
    let title: String?

    /// The most trajectories that are shown.
    static let most = 20_000

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        let place = grid.varied.indices.last { grid.varied[$0].axis.count > 1 }
        func across(_ point: EnsembleTally.Point) -> Double {
            place.map { point.varied[$0] } ?? point.startRatio
        }
        let name = place.map { grid.varied[$0].quantity.name } ?? "x at the start"
        let kinds: [(words: String, color: String, holds: (Attractor?) -> Bool)] = [
            ("settled at a rest point", FigureInk.liquidityProviders.color, { $0?.isRest == true }),
            ("on a cycle", FigureInk.sellers.color, { $0 == .cycle }),
            ("price falls for ever", FigureInk.external.color, { $0 == .escapeToZero }),
            ("not settled", FigureInk.faint, { $0 == .notSettled || $0 == nil }),
        ]
        var layers: [FigureLayer] = []
        var legend: [FigureLegendEntry] = []
        for kind in kinds {
            let dots = points.filter { kind.holds($0.attractor) }.map { FigurePoint(across($0), $0.ratio) }
            if dots.isEmpty { continue }
            layers.append(.dots(dots, color: kind.color))
            legend.append(FigureLegendEntry(.dots(color: kind.color), .plain(kind.words)))
        }
        let horizontal = FigureInk.range(of: points.map(across), margin: 0.03)
        let vertical = FigureInk.range(of: points.map(\.ratio), margin: 0.05)
        let scales = (x: FigureInk.scale(of: horizontal), y: FigureInk.scale(of: vertical))
        let figure = Figure(
            title: title.map(FigureText.plain), legend: legend,
            x: FigureAxis(.markup(label(name, scales.x)), range: horizontal),
            y: FigureAxis(.markup(label("{/:Italic x} at the end", scales.y)), range: vertical), layers: layers)
        return FigureSheet([figure.scaled(x: scales.x, y: scales.y)], size: size)
    }

    private func label(_ name: String, _ scale: Double) -> String {
        // Names are the program's own; an underscore would be a subscript, and there is none.
        scale == 1 ? name : "\(name) / \(FigureInk.power(of: scale))"
    }
}
