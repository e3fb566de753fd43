import CommandRun
import DissipativeMarket
import Figures
import Foundation
import Reporting
import RoleDynamics

/// A bifurcation diagram: the price along the branches, stable parts solid and unstable ones dashed, cycles by their lowest and
/// highest price, and what happens marked.
struct BranchFigure {
    private let diagram: BranchDiagram
    private let curve: BifurcationCurve?
    private let title: String?
    private let quantity: BranchQuantity
    private let showsPeriods: Bool

    init(
        _ diagram: BranchDiagram, curve: BifurcationCurve?, quantity: BranchQuantity, title: String?, showsPeriods: Bool
    ) {
        self.diagram = diagram
        self.quantity = quantity
        self.curve = curve
        self.title = title
        self.showsPeriods = showsPeriods
    }

    private static let rest = FigureStroke(color: FigureInk.ink, width: 1.2)
    private static let cycle = FigureStroke(color: FigureInk.liquidityProviders.color, width: 1.2)

    /// The signs of labels that are marked, with what stands beside them in the legend.
    private static let signs: [(label: BranchLabel, sign: String, words: String)] = [
        (.hopf, "●", "Hopf point"), (.fold, "■", "fold"), (.branchPoint, "◆", "branch point"),
        (.periodDoubling, "▲", "period doubling"), (.torus, "▼", "torus"), (.bautin, "★", "generalised Hopf point"),
        (.kink, "○", "kink"),
    ]

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        var figures = [curve.map(plane) ?? prices()]
        if curve == nil, showsPeriods, let periods = periods() { figures.append(periods) }
        figures[0].title = title.map(FigureText.plain)
        return FigureSheet(figures, size: size, sharesHorizontalAxis: figures.count > 1)
    }

    // MARK: - Prices and periods

    /// A point of a line with whether it is stable; nil at an event, which belongs to the parts on both sides.
    private struct Place {
        let point: FigurePoint
        let isStable: Bool?
    }

    /// The runs of one stability, each up to the event that ends it.
    private static func runs(_ places: [Place]) -> [(points: [FigurePoint], isStable: Bool)] {
        var runs: [(points: [FigurePoint], isStable: Bool)] = []
        var pending: [FigurePoint] = []
        for place in places {
            guard let isStable = place.isStable else {
                if runs.isEmpty { pending.append(place.point) } else { runs[runs.count - 1].points.append(place.point) }
                pending = [place.point]
                continue
            }
            if let last = runs.last, last.isStable == isStable, pending.isEmpty {
                runs[runs.count - 1].points.append(place.point)
            } else {
                let start = pending.isEmpty ? runs.last?.points.last.map { [$0] } ?? [] : pending
                runs.append((start + [place.point], isStable))
                pending = []
            }
        }
        return runs.filter { $0.points.count > 1 }
    }

    private static func layers(_ places: [Place], _ stroke: FigureStroke) -> [FigureLayer] {
        runs(places).map { run in
            var stroke = stroke
            if !run.isStable {
                stroke.dash = .dashed
                stroke.width *= 0.8
            }
            return .curve(run.points, stroke)
        }
    }

    private var axis: FigureAxis {
        let parameter = diagram.parameter
        let unit = parameter.name.unit.isEmpty ? "" : ", in \(parameter.name.unit)"
        return FigureAxis(
            .plain("\(parameter.name.title) \(parameter.name.symbol)\(unit)"), range: parameter.range,
            scale: parameter.isLogarithmic ? .logarithmic : .linear)
    }

    private func height(_ point: RestBranchPoint) -> Double {
        let shares = [point.shares.liquidityProviders, point.shares.sellers, point.shares.external]
        return quantity.share.map { shares[$0] } ?? point.price
    }

    private func heights(_ cycle: CycleBranchPoint) -> ClosedRange<Double> {
        quantity.share.map { cycle.shareRanges[$0] } ?? cycle.prices
    }

    private func prices() -> Figure {
        var layers: [FigureLayer] = []
        var shown: [Double] = []
        var (hasStable, hasUnstable) = (false, false)
        for branch in diagram.branches {
            let rest = branch.restPoints.map {
                Place(point: FigurePoint($0.parameter, height($0)), isStable: $0.isStable)
            }
            let low = branch.cycles.map {
                Place(point: FigurePoint($0.parameter, heights($0).lowerBound), isStable: $0.isStable)
            }
            let high = branch.cycles.map {
                Place(point: FigurePoint($0.parameter, heights($0).upperBound), isStable: $0.isStable)
            }
            layers += Self.layers(rest, Self.rest) + Self.layers(low, Self.cycle) + Self.layers(high, Self.cycle)
            for place in rest + low + high {
                shown.append(place.point.y)
                hasStable = hasStable || place.isStable == true
                hasUnstable = hasUnstable || place.isStable == false
            }
        }
        var labels: [BranchLabel] = []
        for event in diagram.events {
            guard let sign = Self.signs.first(where: { $0.label == event.label }) else { continue }
            if !labels.contains(event.label) { labels.append(event.label) }
            let cycle =
                event.isOnCycle
                ? diagram.branches.first { $0.number == event.branch }?.cycles.first { $0.number == event.point } : nil
            let marked =
                cycle.map { [heights($0).lowerBound, heights($0).upperBound] }
                ?? [quantity.share.map { event.shares[$0] } ?? event.price]
            for height in marked {
                layers.append(.text(.plain(sign.sign), at: FigurePoint(event.parameter, height)))
            }
        }
        var legend: [FigureLegendEntry] = []
        var dashed = Self.rest
        dashed.dash = .dashed
        if hasStable { legend.append(FigureLegendEntry(.line(Self.rest), .plain("stable"))) }
        if hasUnstable { legend.append(FigureLegendEntry(.line(dashed), .plain("unstable"))) }
        if diagram.branches.contains(where: { !$0.cycles.isEmpty }) {
            legend.append(
                FigureLegendEntry(
                    .line(Self.cycle),
                    .plain(quantity == .price ? "cycles, lowest and highest price" : "cycles, least and largest share"))
            )
        }
        for sign in Self.signs where labels.contains(sign.label) {
            legend.append(FigureLegendEntry(.sign(.plain(sign.sign)), .plain(sign.words)))
        }
        return Figure(
            legend: legend, x: axis,
            y: FigureAxis(
                quantity == .price
                    ? .markup("price {/:Italic x} = {/:Italic α}/{/:Italic c}")
                    : .plain(quantity.title), range: FigureInk.range(of: shown, margin: 0.08)),
            layers: layers)
    }

    /// The periods of the cycles; nil where there are none.
    private func periods() -> Figure? {
        let cycles = diagram.branches.map(\.cycles).filter { !$0.isEmpty }
        guard !cycles.isEmpty else { return nil }
        return Figure(
            x: axis,
            y: FigureAxis(
                .markup("period, in {/:Italic T}"),
                range: FigureInk.range(of: cycles.joined().map(\.period), margin: 0.08)),
            layers: cycles.flatMap { cycles in
                Self.layers(
                    cycles.map { Place(point: FigurePoint($0.parameter, $0.period), isStable: $0.isStable) }, Self.cycle
                )
            })
    }

    // MARK: - A curve in two parameters

    /// The curve over the second parameter; subcritical parts dashed.
    private func plane(_ curve: BifurcationCurve) -> Figure {
        let second = curve.second
        let places = curve.points.map { point in
            Place(
                point: FigurePoint(point.second, point.first),
                isStable: point.label == .bautin ? nil : point.criticality.map { $0 != .subcritical } ?? true)
        }
        var layers = Self.layers(places, Self.rest)
        // Of folds of cycles nothing is told of stability.
        let isOfHopfPoints = curve.points.contains { $0.criticality != nil }
        var legend =
            isOfHopfPoints
            ? [FigureLegendEntry(.line(Self.rest), .plain("stable cycles are born"))]
            : [
                FigureLegendEntry(.line(Self.rest), .plain("cycles fold"))
            ]
        if curve.points.contains(where: { $0.criticality == .subcritical }) {
            var dashed = Self.rest
            dashed.dash = .dashed
            legend.append(FigureLegendEntry(.line(dashed), .plain("unstable cycles are born")))
        }
        for sign in Self.signs where curve.points.contains(where: { $0.label == sign.label }) {
            for point in curve.points where point.label == sign.label {
                layers.append(.text(.plain(sign.sign), at: FigurePoint(point.second, point.first)))
            }
            legend.append(FigureLegendEntry(.sign(.plain(sign.sign)), .plain(sign.words)))
        }
        let unit = second.name.unit.isEmpty ? "" : ", in \(second.name.unit)"
        var vertical = axis
        let heights = curve.points.map(\.first)
        if vertical.scale == .logarithmic, let low = heights.min(), let high = heights.max(), low < high {
            vertical.range = low / 1.2...high * 1.2
        } else {
            vertical.range = FigureInk.range(of: heights, margin: 0.08)
        }
        return Figure(
            legend: legend,
            x: FigureAxis(
                .plain("\(second.name.title) \(second.name.symbol)\(unit)"),
                range: second.isLogarithmic
                    ? second.range : FigureInk.range(of: curve.points.map(\.second), margin: 0.05),
                scale: second.isLogarithmic ? .logarithmic : .linear),
            y: vertical, layers: layers)
    }
}
