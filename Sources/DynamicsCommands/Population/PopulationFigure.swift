import CommandRun
import DissipativeMarket
import Figures
import Foundation
import NumericalMethods
import PopulationSimulation
import RoleDynamics

/// A population as a figure: the price and the shares over time, as bands over runs with the mean field; and, where runs
/// came past the burn-in, the cloud of the market at rest with the ellipse of the linear noise.
struct PopulationFigure {
    let report: PopulationReport
    var title: String?

    private static let meanField = FigureStroke(color: FigureInk.ink, width: 0.9, dash: .dashed)
    private static let priceColor = "#5A5A5A"
    /// Points of the cloud: more are a blot.
    private static let mostDots = 4000

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        var figures = [price(), shares()]
        if let cloud = cloud() { figures.append(cloud) }
        figures[0].title = title.map(FigureText.plain)
        return FigureSheet(figures, columns: size.isWide ? 2 : 1, size: size)
    }

    // MARK: - Over time

    private func values(_ quantity: PopulationQuantity, _ probability: Double) -> [Double] {
        report.solution.ensemble.times.indices.map { index -> Double in
            let moments = report.solution.moments(quantity, index)
            guard moments.count > 0 else { return .nan }
            if let sorted = report.solution.sortedValues(quantity, index) { return quantile(sorted, probability) }
            // Without samples the normal distribution's.
            return moments.mean + NormalDistribution.quantile(probability) * (moments.standardDeviation ?? 0)
        }
    }

    private func time(_ index: Int) -> Double { report.ensemble.times[index] }

    private func band(
        _ quantity: PopulationQuantity, _ low: Double, _ high: Double, along axis: FigureAxis, scale: Double
    ) -> [FigureBandPoint] {
        let (lows, highs) = (values(quantity, low), values(quantity, high))
        var band = ThinnedBand(along: axis)
        for index in lows.indices {
            band.append(FigureBandPoint(time(index), lows[index] * scale, highs[index] * scale))
        }
        return band.points
    }

    private func curve(_ values: [Double?], along axis: FigureAxis) -> [FigurePoint] {
        var curve = ThinnedCurve(along: axis)
        for (index, value) in values.enumerated() {
            if let value, value.isFinite { curve.append(FigurePoint(time(index), value)) }
        }
        return curve.points
    }

    private func layers(
        _ quantity: PopulationQuantity, color: String, along axis: FigureAxis, scale: Double
    ) -> [FigureLayer] {
        [
            .band(band(quantity, 0.05, 0.95, along: axis, scale: scale), color: color, opacity: 0.25),
            .band(band(quantity, 0.25, 0.75, along: axis, scale: scale), color: color, opacity: 0.4),
            .curve(
                curve(values(quantity, 0.5).map { $0 * scale }, along: axis), FigureStroke(color: color, width: 1.1)),
            .curve(
                curve(
                    report.ensemble.times.indices.map { index in report.meanField(quantity, index).map { $0 * scale } },
                    along: axis),
                Self.meanField),
        ]
    }

    private func timeAxis() -> FigureAxis {
        let times = report.ensemble.times
        let (first, last) = (times[0], times[times.count - 1])
        return FigureAxis(.markup("time {/:Italic t}/{/:Italic T}"), range: (first < last ? first : 0)...last)
    }

    private func price() -> Figure {
        let market = report.population.game.market
        let cost = market.sellerCost
        let axis = timeAxis()
        let layers = layers(.price, color: Self.priceColor, along: axis, scale: 1 / cost)
        let shown = [values(.price, 0.05), values(.price, 0.95)].joined().map { $0 / cost }
        let limits = [
            ("b", market.limits.speculatingBuyer), ("s", market.limits.seller), ("g", market.limits.genuineBuyer),
        ]
        var y = FigureAxis(
            .markup("price {/:Italic x} = {/:Italic α}/{/:Italic c}"), range: FigureInk.range(of: shown, margin: 0.06))
        y.marks = limits.map { index, value in
            FigureAxis.Mark(
                value / cost, .markup("{/:Italic α}_{\(index)}"),
                guide: FigureStroke(color: FigureInk.faint, width: 0.5, dash: .dotted))
        }
        return Figure(
            legend: [
                FigureLegendEntry(.area(color: "#D5D5D5"), .plain("5–95 % of runs")),
                FigureLegendEntry(.area(color: "#B0B0B0"), .plain("25–75 %")),
                FigureLegendEntry(.line(FigureStroke(color: Self.priceColor, width: 1.1)), .plain("median")),
            ] + (report.meanField.isEmpty ? [] : [FigureLegendEntry(.line(Self.meanField), .plain("mean field"))]),
            x: axis, y: y, layers: layers)
    }

    private func shares() -> Figure {
        let axis = timeAxis()
        let roles: [(PopulationQuantity, String, String)] = [
            (.liquidityProviders, FigureInk.liquidityProviders.color, "LPs {/:Italic ℓ}"),
            (.sellers, FigureInk.sellers.color, "sellers {/:Italic s}"),
            (.external, FigureInk.external.color, "external {/:Italic e}"),
        ]
        return Figure(
            legend: roles.map { FigureLegendEntry(.line(FigureStroke(color: $0.1, width: 1.1)), .markup($0.2)) },
            x: axis, y: FigureAxis(.plain("share of holders"), range: 0...1),
            layers: roles.flatMap { layers($0.0, color: $0.1, along: axis, scale: 1) })
    }

    // MARK: - At rest

    /// The sellers' share against ln x, after the burn-in; nil where no run came so far or samples were not kept.
    private func cloud() -> Figure? {
        guard report.solution.keepsSamples else { return nil }
        let times = report.ensemble.times
        guard let first = times.firstIndex(where: { $0 >= report.burn }) else { return nil }
        let runs = report.solution.runs.filter { $0.sampleCount > first }
        let all = runs.reduce(0) { $0 + $1.sampleCount - first }
        guard all > 1 else { return nil }
        let stride = max(all / Self.mostDots, 1)
        var dots: [FigurePoint] = []
        var next = 0
        for run in runs {
            for index in first..<run.sampleCount {
                if next % stride == 0 {
                    dots.append(
                        FigurePoint(run.value(.sellers, index, of: report.population), run.logPrice(index)))
                }
                next += 1
            }
        }
        var layers: [FigureLayer] = [.dots(dots, color: "#7FA8C9", size: 0.3)]
        var legend = [FigureLegendEntry(.dots(color: "#7FA8C9", size: 0.5), .plain("runs after the burn-in"))]
        var shown = dots
        if let noise = report.noise, let point = report.restPoint {
            let ellipse = Self.ellipse(noise, about: point, holders: Double(report.population.holders))
            let stroke = FigureStroke(color: FigureInk.equilibrium, width: 1.1)
            layers.append(.curve(ellipse, stroke))
            legend.append(FigureLegendEntry(.line(stroke), .plain("linear noise, 95 %")))
            shown += ellipse
        }
        return Figure(
            legend: legend,
            x: FigureAxis(
                .markup("sellers' share {/:Italic s}"), range: FigureInk.range(of: shown.map(\.x), margin: 0.05)),
            y: FigureAxis(
                .markup("log price ln {/:Italic x}"), range: FigureInk.range(of: shown.map(\.y), margin: 0.05)),
            layers: layers)
    }

    /// The ellipse of (s, z) that holds 95 % of a normal distribution: L(r cos φ, r sin φ) with LLᵀ the covariance and
    /// r² = −2 ln 0.05.
    private static func ellipse(_ noise: LinearNoise, about point: RestPoint, holders: Double) -> [FigurePoint] {
        let radius = (-2 * log(0.05)).squareRoot()
        let ss = noise.covariance(.sellers, .sellers) / holders
        let zz = noise.covariance(.logPrice, .logPrice) / holders
        let sz = noise.covariance(.sellers, .logPrice) / holders
        let first = max(ss, 0).squareRoot()
        let slope = first > 0 ? sz / first : 0
        let rest = max(zz - slope * slope, 0).squareRoot()
        return (0...180).map { step in
            let angle = Double(step) * .pi / 90
            return FigurePoint(
                point.shares.sellers + radius * first * cos(angle),
                point.logPrice + radius * (slope * cos(angle) + rest * sin(angle)))
        }
    }
}
