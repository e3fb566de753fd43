import CommandRun
import Figures
import NumericalMethods
import ProtocolSimulation
import Reporting

/// The protocol as a figure: of the pool alone the price, the reserves, the roles, the utilisation and the tokens minted and
/// burned over time, as bands over runs with the fluid limit; of several mechanisms their metrics as bars with intervals.
struct ProtocolFigure {
    let report: ProtocolReport
    var title: String?

    private static let limit = FigureStroke(color: FigureInk.ink, width: 0.9, dash: .dashed)
    private static let priceColor = "#5A5A5A"

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        let single = report.ensembles.count == 1 ? report.ensembles[0] : nil
        let isOverTime = single?.mechanism == .pool && report.setup.parameters.end > 0
        var figures = isOverTime ? frames(of: report.ensembles[0]) : comparison()
        figures[0].title = title.map(FigureText.plain)
        return FigureSheet(figures, size: size, sharesHorizontalAxis: isOverTime)
    }

    // MARK: - Over time

    private var times: [Double] { report.setup.parameters.times }

    /// A quantity of the first pool as it is drawn: its values over runs at a time.
    private struct Drawn {
        var label: FigureText?
        var color: String
        /// The values over runs at the i-th time.
        var values: (Int) -> [Double]
        /// The fluid limit at the i-th time.
        var limit: (Int) -> Double?
    }

    private func drawn(
        _ quantity: ProtocolQuantity, of ensemble: ProtocolEnsemble, _ label: FigureText?, _ color: String,
        scale: Double = 1
    ) -> Drawn {
        Drawn(
            label: label, color: color,
            values: { time in ensemble.values(quantity, pool: 0, time: time).map { $0 * scale } },
            limit: { time in report.meanField(quantity, .pool, pool: 0, time: time).map { $0 * scale } })
    }

    private func frames(of ensemble: ProtocolEnsemble) -> [Figure] {
        let pool = report.setup.parameters.pools[0]
        let cost = pool.market.sellerCost
        let units = Double(pool.providers) * pool.unitSize
        let blue = FigureInk.liquidityProviders.color
        let orange = FigureInk.sellers.color
        let purple = FigureInk.external.color
        let limits = [
            ("b", pool.market.limits.speculatingBuyer), ("s", pool.market.limits.seller),
            ("g", pool.market.limits.genuineBuyer),
        ]
        let utilisation = Drawn(
            label: nil, color: Self.priceColor,
            values: { time in
                guard time > 0 else { return [] }
                let now = ensemble.values(.consumed, pool: 0, time: time)
                let before = ensemble.values(.consumed, pool: 0, time: time - 1)
                let span = times[time] - times[time - 1]
                return zip(now, before).map { ($0 - $1) / (units * span) }
            },
            limit: { time in
                guard time > 0, let now = report.meanField(.consumed, .pool, pool: 0, time: time),
                    let before = report.meanField(.consumed, .pool, pool: 0, time: time - 1)
                else { return nil }
                return (now - before) / (units * (times[time] - times[time - 1]))
            })
        return [
            frame(
                .markup("price {/:Italic α}/{/:Italic c}"),
                [drawn(.price, of: ensemble, nil, Self.priceColor, scale: 1 / cost)],
                levels: limits.map { ($0.1 / cost, FigureText.markup("{/:Italic α}_{\($0.0)}")) }),
            frame(
                .plain("reserves per device"),
                [
                    drawn(.reserveAsset, of: ensemble, .markup("units {/:Italic X}"), blue, scale: 1 / units),
                    drawn(
                        .reserveToken, of: ensemble, .markup("tokens {/:Italic Y}/{/:Italic c}"), orange,
                        scale: 1 / units / cost),
                ]),
            frame(
                .plain("share of providers"),
                [
                    drawn(.lp, of: ensemble, .plain("LPs"), blue),
                    drawn(.seller, of: ensemble, .plain("sellers"), orange),
                    drawn(.external, of: ensemble, .plain("external"), purple),
                ], range: 0...1),
            frame(.plain("utilisation"), [utilisation]),
            frame(
                .markup("tokens per device and {/:Italic c}"),
                [
                    drawn(.minted, of: ensemble, .plain("minted"), blue, scale: 1 / units / cost),
                    drawn(.burned, of: ensemble, .plain("burned"), orange, scale: 1 / units / cost),
                ]),
        ]
    }

    private func frame(
        _ label: FigureText, _ drawn: [Drawn], levels: [(value: Double, label: FigureText)] = [],
        range: ClosedRange<Double>? = nil
    ) -> Figure {
        let time = FigureAxis(
            .markup("time {/:Italic t}/{/:Italic T}"), range: min(times[0], 0)...max(times[times.count - 1], 1e-9))
        var all: [Double] = []
        let samples = drawn.map { quantity in
            times.indices.map { time -> (low: Double, middle: Double, high: Double, limit: Double?)? in
                let sample = SampleStatistics(quantity.values(time))
                guard let low = sample.quantile(0.05), let middle = sample.quantile(0.5),
                    let high = sample.quantile(0.95)
                else { return nil }
                all += [low, high]
                return (low, middle, high, quantity.limit(time))
            }
        }
        let spread = (all.max() ?? 1) - (all.min() ?? 0)
        let reach = max(spread * 0.6, abs(all.max() ?? 1) * 1e-3)
        let near = levels.filter { $0.value > (all.min() ?? 0) - reach && $0.value < (all.max() ?? 1) + reach }
        let axis = FigureAxis(
            label, range: range ?? FigureInk.range(of: all + near.map(\.value), margin: 0.06),
            marks: near.map {
                FigureAxis.Mark(
                    $0.value, $0.label, guide: FigureStroke(color: FigureInk.faint, width: 0.5, dash: .dotted))
            })
        var layers: [FigureLayer] = []
        var legend: [FigureLegendEntry] = []
        for (quantity, samples) in zip(drawn, samples) {
            var band = ThinnedBand(along: time)
            var middle = ThinnedCurve(along: time)
            var limit = ThinnedCurve(along: time)
            for (index, sample) in samples.enumerated() {
                guard let sample else { continue }
                band.append(FigureBandPoint(times[index], sample.low, sample.high))
                middle.append(FigurePoint(times[index], sample.middle))
                if let value = sample.limit { limit.append(FigurePoint(times[index], value)) }
            }
            let stroke = FigureStroke(color: quantity.color, width: 1.1)
            layers.append(.band(band.points, color: quantity.color, opacity: 0.3))
            layers.append(.curve(middle.points, stroke))
            if !limit.points.isEmpty { layers.append(.curve(limit.points, Self.limit)) }
            if let label = quantity.label { legend.append(FigureLegendEntry(.line(stroke), label)) }
        }
        if legend.isEmpty {
            legend.append(
                FigureLegendEntry(
                    .line(FigureStroke(color: Self.priceColor, width: 1.1)), .plain("median, 5 % to 95 % of runs")))
            if samples.contains(where: { $0.contains { $0?.limit != nil } }) {
                legend.append(FigureLegendEntry(.line(Self.limit), .plain("infinitely many providers")))
            }
        }
        return Figure(legend: legend, x: time, y: axis, layers: layers)
    }

    // MARK: - The mechanisms

    /// The metrics of all mechanisms as bars with intervals of two standard errors: pure numbers, and tokens in units of c.
    private func comparison() -> [Figure] {
        let cost = report.setup.parameters.pools[0].market.sellerCost
        return [
            chart(
                [
                    (.utilisationCapacity, "utilisation of capacity"), (.utilisationCreated, "of what is offered"),
                    (.timeToFirstIncome, "time to first income / T"), (.volatility, "volatility"),
                ], unit: 1, label: .plain("mean, with two standard errors")),
            chart(
                [
                    (.incomeMarket, "income of a provider"), (.clientSurplus, "clients' surplus"),
                    (.netMintedPerUnit, "net minted per unit"),
                ], unit: cost, label: .markup("mean in units of {/:Italic c}")),
        ]
    }

    private func chart(_ metrics: [(ProtocolMetric, String)], unit: Double, label: FigureText) -> Figure {
        let colors = [FigureInk.liquidityProviders.color, FigureInk.sellers.color]
        let rows = metrics.map { metric, name in
            BarChart.Row(
                .plain(name),
                report.ensembles.map { ensemble in
                    let sample = SampleStatistics(ensemble.values(metric, pool: 0).map { $0 / unit })
                    guard let mean = sample.mean else { return nil }
                    let error = 2 * (sample.standardError ?? 0)
                    return BarChart.Bar(mean, interval: mean - error...mean + error)
                })
        }
        return BarChart(
            series: zip(report.ensembles, colors).map {
                BarChart.Series(.plain($0.mechanism == .pool ? "pool" : "order book"), color: $1)
            }, rows: rows
        ).figure(label)
    }
}
