import CommandRun
import DissipativeMarket
import Figures
import Reporting
import RewardStudies

/// A calibration as a figure: the band over time with the reward and what came of it, and the shares at every reward.
struct HistoryFigure {
    let calibration: HistoryCalibration
    let title: String?
    /// How the times of the history are written.
    let form: Instant.Form

    /// The figure on a sheet: the two frames beside each other where it is wide.
    func sheet(size: FigureSheet.Size) -> FigureSheet {
        var figures = [band(), profile()]
        figures[0].title = title.map(FigureText.plain)
        return FigureSheet(figures, columns: size.isWide ? 2 : 1, size: size)
    }

    private var history: PriceHistory { calibration.history }

    /// The best x in the middle of its range.
    private var best: Double? {
        calibration.best.widest.map { $0.lowerBound + ($0.upperBound - $0.lowerBound) / 2 }
    }

    // MARK: - The band over time

    private func band() -> Figure {
        let axis = TimeAxis(history, form: form)
        let rows = history.rows
        var highest = 0.0
        for row in rows where row.upperBound > highest { highest = row.upperBound }
        if highest == 0 { highest = 1.2 * (rows.map(\.externalPrice).filter { $0 > 0 }.min() ?? 1) }
        let lowest = rows.reduce(highest) { $1.externalPrice < $0 ? $1.externalPrice : $0 }
        let range = max(lowest - 0.1 * (highest - lowest), 0)...highest + 0.12 * max(highest - lowest, 0.1 * highest)

        var layers = [outcomes(axis)]
        for (value, stroke) in [
            ({ $0.upperBound }, Self.upper), ({ $0.upperBound > 0 ? $0.externalPrice : .nan }, Self.lower),
        ] as [((PriceHistory.Row) -> Double, FigureStroke)] {
            for curve in steps(axis, { value(rows[$0]) }) { layers.append(.curve(curve, stroke)) }
        }
        if let best {
            let references = calibration.references
            for curve in steps(axis, { best * (references?[$0] ?? 1) }) {
                layers.append(.curve(curve, Self.reward))
            }
        }
        let tokens = FigureInk.power(of: FigureInk.scale(of: range)) + "tokens per unit"
        return Figure(
            legend: [
                FigureLegendEntry(.line(Self.lower), .markup("{/:Italic γ}_{min} = {/:Italic β}")),
                FigureLegendEntry(.line(Self.upper), .markup("{/:Italic γ}_{max}")),
                FigureLegendEntry(.line(Self.reward), .markup("reward {/:Italic γ}")),
            ] + ShareProfile.outcomes.map(\.legendEntry), x: axis.axis,
            y: FigureAxis(.markup("reward, \(tokens)"), range: range), layers: layers
        ).scaled(x: 1, y: FigureInk.scale(of: range))
    }

    private static let lower = FigureStroke(color: "#0072B2", width: 0.7)
    private static let upper = FigureStroke(color: "#7A4B00", width: 0.7)
    private static let reward = FigureStroke(color: FigureInk.equilibrium, width: 1.4)

    /// Dates, or for seconds, which may count from any moment, the time since the first row.
    private struct TimeAxis {
        let axis: FigureAxis
        /// The nanoseconds from which on, and in which unit, the axis counts.
        let start: Int64
        let unit: Double

        init(_ history: PriceHistory, form: Instant.Form) {
            let first = history.rows[0].time
            let span = Double(UInt64(bitPattern: history.end &- first))
            if form == .epoch {
                let units = [("days", 86400e9), ("hours", 3600e9), ("minutes", 60e9), ("seconds", 1e9)]
                let unit = units.first { span >= 2 * $0.1 } ?? ("nanoseconds", 1)
                let place = Instant(nanoseconds: first).text(as: .epoch)
                axis = FigureAxis(.plain("time, \(unit.0) since \(place) s"), range: 0...span / unit.1)
                (start, self.unit) = (first, unit.1)
            } else {
                (start, unit) = (0, 1e9)
                let from = Double(first) / 1e9
                axis = FigureAxis(.plain("time, UTC"), range: from...from + span / 1e9, numbers: .dates)
            }
        }

        func place(_ time: Int64) -> Double { (Double(time) - Double(start)) / unit }
    }

    /// When a row begins, on the time axis.
    private func place(_ row: Int, _ axis: TimeAxis) -> Double {
        axis.place(row < history.rows.count ? history.rows[row].time : history.end)
    }

    /// A quantity of rows as steps over time, in pieces where it is missing for long enough to be seen.
    private func steps(_ axis: TimeAxis, _ value: (Int) -> Double) -> [[FigurePoint]] {
        let visible = (axis.axis.range.upperBound - axis.axis.range.lowerBound) / 500
        var pieces: [[FigurePoint]] = []
        var current: (curve: ThinnedCurve, end: Double)?
        for row in history.rows.indices where history.rows[row].isKnown {
            let value = value(row)
            guard value.isFinite else { continue }
            let (start, end) = (place(row, axis), place(row + 1, axis))
            if let finished = current, start - finished.end > visible {
                pieces.append(finished.curve.points)
                current = nil
            }
            var curve = current?.curve ?? ThinnedCurve(along: axis.axis)
            // So that the curve is not copied.
            current = nil
            curve.append(FigurePoint(start, value))
            curve.append(FigurePoint(end, value))
            current = (curve, end)
        }
        if let current { pieces.append(current.curve.points) }
        return pieces.filter { $0.count > 1 }
    }

    /// The ground: the outcome of each row.
    private func outcomes(_ axis: TimeAxis) -> FigureLayer {
        let spans = history.rows.indices.filter { history.rows[$0].isKnown && history.durations[$0] > 0 }.map { row in
            FigureSpan(
                from: place(row, axis), to: place(row + 1, axis),
                kind: UInt8(Outcome.allCases.firstIndex(of: outcome(of: row)) ?? 0))
        }
        return .spans(spans, colors: Outcome.allCases.map(\.ground))
    }

    private func outcome(of row: Int) -> Outcome {
        guard let range = calibration.range(of: row), let best else { return .emptyBand }
        return best < range.lowerBound ? .exodus : best > range.upperBound ? .scarcity : .balanced
    }

    // MARK: - The profile

    private func profile() -> Figure {
        let ends = history.rows.indices.compactMap { calibration.weights[$0] > 0 ? calibration.range(of: $0) : nil }
        let isConstant = calibration.rule == .constant
        return ShareProfile(
            range: FigureInk.range(of: ends.flatMap { [$0.lowerBound, $0.upperBound] }, margin: 0.05),
            marked: calibration.best.widest, mark: "best", meaning: "ends of the best range",
            label: isConstant ? "reward {/:Italic γ}" : "factor {/:Italic k} of the rule",
            unit: isConstant ? "tokens per unit" : "", shareLabel: "share of the time"
        ).figure(calibration.profile().lazy.map { ($0.x, $0.shares) })
    }
}
