import CommandRun
import DissipativeMarket
import Figures
import Reporting
import RewardStudies

/// The shares of the outcomes at every reward, on top of each other, as a frame.
struct ShareProfile {
    /// The rewards that are shown.
    let range: ClosedRange<Double>
    /// A range whose ends are lines, its mark above the frame, and what the lines mean.
    let marked: ClosedRange<Double>?
    let mark: String
    let meaning: String
    /// What stands along the horizontal axis, in gnuplot's notation, and its unit.
    let label: String
    let unit: String
    /// What stands along the vertical axis.
    let shareLabel: String
    /// A level of the share that is shown.
    var level: Double?

    /// The number of parts of an axis: as many as a column of a journal has dots to show them.
    static let parts = 800
    /// The outcomes from the bottom to the top.
    static let outcomes: [Outcome] = [.balanced, .exodus, .scarcity, .emptyBand]

    private static let share = FigureStroke(color: FigureInk.ink, width: 1)
    private static let end = FigureStroke(color: FigureInk.equilibrium, width: 0.9)
    private static let levelStroke = FigureStroke(color: FigureInk.ink, width: 0.7, dash: .dashed)

    /// The frame.
    ///
    /// - Parameter steps: the shares from each reward on, in order; the first reward is 0.
    func figure(_ steps: some Sequence<(x: Double, shares: OutcomeShares)>) -> Figure {
        let scale = FigureInk.scale(of: range)
        let x = FigureAxis(.markup(""), range: max(range.lowerBound, 0)...range.upperBound)
        let length = (x.range.upperBound - x.range.lowerBound) / Double(Self.parts)
        var curve = ThinnedCurve(along: x)
        // The shares at the start of each part of the axis.
        var (starts, sums): ([Double], [[Double]]) = ([], [[], [], []])
        var iterator = steps.makeIterator()
        var (current, next) = (iterator.next(), iterator.next())
        for part in 0..<Self.parts {
            let start = x.range.lowerBound + Double(part) * length
            while let step = next, step.x <= start + length {
                if let current { curve.append(FigurePoint(step.x, current.shares.balanced)) }
                curve.append(FigurePoint(step.x, step.shares.balanced))
                (current, next) = (step, iterator.next())
            }
            guard let shares = current?.shares else { continue }
            starts.append(start)
            sums[0].append(shares.balanced)
            sums[1].append(shares.balanced + shares.exodus)
            sums[2].append(shares.balanced + shares.exodus + shares.scarcity)
        }
        if let current { curve.append(FigurePoint(x.range.upperBound, current.shares.balanced)) }
        let outline = [FigurePoint(x.range.lowerBound, curve.points.first?.y ?? 0)] + curve.points
        var layers: [FigureLayer] = []
        let whole = [Double](repeating: 1, count: starts.count)
        let zero = [Double](repeating: 0, count: starts.count)
        for (outcome, bounds) in zip(Self.outcomes, zip(sums + [whole], [zero] + sums)) where !starts.isEmpty {
            layers.append(
                .area(
                    FigureSteps.area(starts, bounds.0, floor: bounds.1, end: x.range.upperBound), color: outcome.ground)
            )
        }
        if let level {
            layers.append(
                .curve(
                    [FigurePoint(x.range.lowerBound, level), FigurePoint(x.range.upperBound, level)], Self.levelStroke))
        }
        layers.append(.curve(outline, Self.share))
        var legend = [FigureLegendEntry(.line(Self.share), .plain("share balanced"))]
        var marks: [FigureAxis.Mark] = []
        if let marked {
            let ends = [marked.lowerBound, marked.upperBound]
            for end in ends[0] == ends[1] ? [ends[0]] : ends {
                layers.append(.curve([FigurePoint(end, 0), FigurePoint(end, 1)], Self.end))
            }
            legend.append(FigureLegendEntry(.line(Self.end), .plain(meaning)))
            marks.append(.init(marked.lowerBound + (marked.upperBound - marked.lowerBound) / 2, .plain(mark)))
        }
        let power = FigureInk.power(of: scale)
        let unit = power + self.unit
        return Figure(
            legend: legend,
            x: FigureAxis(.markup(unit.isEmpty ? label : "\(label), \(unit)"), range: x.range, marks: marks),
            y: FigureAxis(.plain(shareLabel), range: 0...1), layers: layers
        ).scaled(x: scale, y: 1)
    }
}
