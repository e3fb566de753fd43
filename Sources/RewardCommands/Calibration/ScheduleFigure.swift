import CommandRun
import DissipativeMarket
import Figures
import Foundation
import Reporting

/// The reward of an emission schedule over time, with the band and the outcomes.
struct ScheduleFigure {
    let course: ScheduledMarket
    /// Times between halvings that are shown.
    let count: Int
    let title: String?

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        let schedule = course.schedule
        let isDate = course.form != .epoch
        let (length, origin) = (Double(schedule.halving) / 1e9, isDate ? Double(schedule.start) / 1e9 : 0)
        // What is 0 has no place on a logarithmic axis.
        let rewards = (0..<max(count, 1)).map { schedule.reward(afterHalvings: $0) }.filter { $0 > 0 }
        let x = (0...rewards.count).map { origin + Double($0) * length }
        let bounds = course.market.rewardBounds
        let values = rewards + (bounds.map { [$0.lower, $0.upper] } ?? [])
        let (least, most) = (values.min() ?? 1, values.max() ?? 1)
        let isWide = most > 20 * least
        let high = min(most * (isWide ? 1.6 : 1.08), Double.greatestFiniteMagnitude)
        let range = isWide ? max(least / 1.6, Double.leastNormalMagnitude)...high : 0...high

        var layers: [FigureLayer] = []
        var outcomes: [Outcome] = []
        var spans: [FigureSpan] = []
        for index in rewards.indices {
            let outcome = course.outcome(index)
            if !outcomes.contains(outcome) { outcomes.append(outcome) }
            spans.append(
                FigureSpan(
                    from: x[index], to: x[index + 1], kind: UInt8(Outcome.allCases.firstIndex(of: outcome) ?? 0)))
        }
        layers.append(.spans(spans, colors: Outcome.allCases.map(\.ground)))
        let lower = FigureStroke(color: "#0072B2", width: 1)
        let upper = FigureStroke(color: "#7A4B00", width: 1)
        let reward = FigureStroke(color: FigureInk.equilibrium, width: 1.4)
        if let bounds {
            for (value, stroke) in [(bounds.lower, lower), (bounds.upper, upper)] {
                layers.append(.curve([FigurePoint(x[0], value), FigurePoint(x[x.count - 1], value)], stroke))
            }
        }
        layers.append(
            .curve(
                rewards.indices.flatMap { [FigurePoint(x[$0], rewards[$0]), FigurePoint(x[$0 + 1], rewards[$0])] },
                reward))
        let axis =
            isDate
            ? FigureAxis(.plain("time, UTC"), range: x[0]...x[x.count - 1], numbers: .dates)
            : FigureAxis(
                .plain("time, seconds since \(Instant(nanoseconds: schedule.start).text(as: .epoch)) s"),
                range: x[0]...x[x.count - 1])
        var figure = Figure(
            legend: [FigureLegendEntry(.line(reward), .markup("reward {/:Italic γ}"))]
                + (bounds == nil
                    ? []
                    : [
                        FigureLegendEntry(.line(lower), .markup("{/:Italic γ}_{min} = {/:Italic β}")),
                        FigureLegendEntry(.line(upper), .markup("{/:Italic γ}_{max}")),
                    ]) + outcomes.map(\.legendEntry),
            x: axis,
            y: FigureAxis(.plain("reward, currency per unit"), range: range, scale: isWide ? .logarithmic : .linear),
            layers: layers)
        figure.title = title.map(FigureText.plain)
        return FigureSheet([figure], size: size)
    }
}
