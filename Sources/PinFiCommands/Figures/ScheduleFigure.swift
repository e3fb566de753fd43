import DissipativeMarket
import Foundation
import Reporting

/// The reward of an emission schedule over time, with the band and the outcomes.
struct ScheduleFigure {
    let course: ScheduledMarket
    /// Times between halvings that are shown.
    let count: Int
    let title: String?

    func sheet(width: FigureSheet.Width) -> FigureSheet {
        let schedule = course.schedule
        let length = Double(schedule.halving)
        let unit =
            [("days", 86400e9), ("hours", 3600e9), ("seconds", 1e9), ("nanoseconds", 1.0)].first {
                length >= $0.1
            } ?? ("nanoseconds", 1.0)
        // What is 0 has no place on a logarithmic axis.
        let rewards = (0..<max(count, 1)).map { schedule.reward(afterHalvings: $0) }.filter { $0 > 0 }
        let x = (0...rewards.count).map { Double($0) * length / unit.1 }
        let bounds = course.market.rewardBounds
        let values = rewards + (bounds.map { [$0.lower, $0.upper] } ?? [])
        let low = (values.min() ?? 1) / 1.6
        let high = min((values.max() ?? 1) * 1.6, Double.greatestFiniteMagnitude)
        let range = max(low, Double.leastNormalMagnitude)...max(high, 2 * Double.leastNormalMagnitude)

        var layers: [FigureLayer] = []
        var outcomes: [Outcome] = []
        for index in rewards.indices {
            let outcome = course.outcome(index)
            if !outcomes.contains(outcome) { outcomes.append(outcome) }
            layers.append(
                .area(
                    [
                        FigurePoint(x[index], range.lowerBound), FigurePoint(x[index + 1], range.lowerBound),
                        FigurePoint(x[index + 1], range.upperBound), FigurePoint(x[index], range.upperBound),
                    ], color: outcome.ground))
        }
        let lower = FigureStroke(color: "#0072B2", width: 1)
        let upper = FigureStroke(color: "#7A4B00", width: 1)
        let reward = FigureStroke(color: FigureInk.equilibrium, width: 1.4)
        if let bounds {
            for (value, stroke) in [(bounds.lower, lower), (bounds.upper, upper)] {
                layers.append(.curve([FigurePoint(0, value), FigurePoint(x[x.count - 1], value)], stroke))
            }
        }
        layers.append(
            .curve(
                rewards.indices.flatMap { [FigurePoint(x[$0], rewards[$0]), FigurePoint(x[$0 + 1], rewards[$0])] },
                reward))
        let start = Instant(nanoseconds: schedule.start).text(as: course.form)
        var figure = Figure(
            legend: [FigureLegendEntry(.line(reward), .markup("reward {/:Italic γ}"))]
                + (bounds == nil
                    ? []
                    : [
                        FigureLegendEntry(.line(lower), .markup("{/:Italic γ}_{min} = {/:Italic β}")),
                        FigureLegendEntry(.line(upper), .markup("{/:Italic γ}_{max}")),
                    ]) + outcomes.map(\.legendEntry),
            x: FigureAxis(.plain("time, \(unit.0) since \(start)"), range: 0...x[x.count - 1]),
            y: FigureAxis(.plain("reward, currency per unit"), range: range, scale: .logarithmic), layers: layers)
        figure.title = title.map(FigureText.plain)
        return FigureSheet([figure], width: width)
    }
}
