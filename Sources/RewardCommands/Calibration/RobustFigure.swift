import CommandRun
import Figures
import Reporting
import RewardStudies

/// The probability that an uncertain market is balanced, at every reward.
struct RobustFigure {
    let robust: RobustReward
    /// The probability that is asked for, and the widest range that has it.
    let asked: Double
    let range: ClosedRange<Double>?
    let title: String?

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        var steps = robust.profile().map { ($0.gamma, $0.shares) }
        if steps.count == 1 { steps.append((1, steps[0].1)) }
        // From where the first market is balanced to where the last one is.
        let shown = FigureInk.range(of: [steps[1].0, steps[steps.count - 1].0], margin: 0.05)
        let best = robust.best.widest
        var figure = ShareProfile(
            range: shown, marked: range ?? best, mark: range == nil ? "best" : "asked for",
            meaning: range == nil ? "ends of the best range" : "ends of the range with that probability",
            label: "reward {/:Italic γ}", unit: "tokens per unit", shareLabel: "probability", level: asked
        ).figure(steps.lazy.map { ($0.0, $0.1) })
        figure.legend += ShareProfile.outcomes.map(\.legendEntry)
        figure.title = title.map(FigureText.plain)
        return FigureSheet([figure], size: size)
    }
}
