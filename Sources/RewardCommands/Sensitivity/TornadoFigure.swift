import CommandRun
import Figures
import Reporting
import RewardStudies

/// What the range of each parameter does to a quantity, the largest swing at the top; or elasticities, where there are no
/// ranges.
struct TornadoFigure {
    /// The swings of ranges; none where elasticities are shown.
    let swings: [ParameterSwing]
    /// The elasticities; none where swings are shown.
    let elasticities: [QuantitySensitivity]

    /// A frame a quantity.
    var figures: [Figure] {
        var quantities: [Quantity] = []
        for quantity in swings.map(\.quantity) + elasticities.map(\.quantity) where !quantities.contains(quantity) {
            quantities.append(quantity)
        }
        return quantities.map { quantity in
            swings.isEmpty
                ? figure(quantity, elasticities.filter { $0.quantity == quantity })
                : figure(quantity, swings.filter { $0.quantity == quantity }.sorted { $0.size > $1.size })
        }
    }

    private func figure(_ quantity: Quantity, _ elasticities: [QuantitySensitivity]) -> Figure {
        func size(_ one: QuantitySensitivity) -> Double { one.elasticity.isFinite ? abs(one.elasticity) : 0 }
        let chart = BarChart(
            series: [.init(.plain("elasticity"), color: FigureInk.liquidityProviders.color)],
            rows: elasticities.sorted { size($0) > size($1) }.map {
                .init(.markup("\($0.parameter.title) \($0.parameter.symbol)"), [BarChart.Bar($0.elasticity)])
            })
        return chart.figure(.plain("elasticity of \(quantity.rawValue)"))
    }

    private func figure(_ quantity: Quantity, _ swings: [ParameterSwing]) -> Figure {
        let unit = quantity.unit.isEmpty ? "" : " (\(quantity.unit))"
        let base = swings.first?.base ?? 0
        let chart = BarChart(
            series: [
                .init(.plain("at its low end"), color: FigureInk.liquidityProviders.color),
                .init(.plain("at its high end"), color: FigureInk.sellers.color),
            ], rows: swings.map { .init(label($0), [BarChart.Bar($0.atLow), BarChart.Bar($0.atHigh)]) },
            arrangement: .opposed, base: base.isFinite ? base : 0)
        return chart.figure(.plain("\(quantity.rawValue)\(unit)"), baseLabel: .plain(formatRounded(base, digits: 4)))
    }

    private func label(_ swing: ParameterSwing) -> FigureText {
        func number(_ value: Double) -> String { formatRounded(value, digits: 3) }
        return .markup(
            "\(swing.parameter.symbol): \(number(swing.range.lowerBound)) to \(number(swing.range.upperBound))")
    }
}
