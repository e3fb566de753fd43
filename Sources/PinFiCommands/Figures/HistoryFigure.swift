import DissipativeMarket
import Reporting
import RewardStudies

/// A calibration as a figure: the band over time with the reward and what came of it, and the shares at every reward.
struct HistoryFigure {
    let calibration: HistoryCalibration
    let title: String?
    /// How the times of the history are written.
    let form: Instant.Form

    /// The figure on a sheet: the two frames beside each other where it is wide.
    func sheet(width: FigureSheet.Width) -> FigureSheet {
        var figures = [band(), profile()]
        figures[0].title = title.map(FigureText.plain)
        return FigureSheet(figures, columns: width == .twoColumn ? 2 : 1, width: width)
    }

    private var history: PriceHistory { calibration.history }

    /// The best x in the middle of its range.
    private var best: Double? {
        calibration.best.widest.map { $0.lowerBound + ($0.upperBound - $0.lowerBound) / 2 }
    }

    // MARK: - The band over time

    /// As many parts of the time as a column of a journal has dots to show them.
    private static let mostParts = ShareProfile.parts

    private func band() -> Figure {
        let axis = timeAxis()
        let rows = history.rows
        var highest = 0.0
        for row in rows where row.upperBound > highest { highest = row.upperBound }
        if highest == 0 { highest = 1.2 * (rows.map(\.externalPrice).filter { $0 > 0 }.min() ?? 1) }
        let lowest = rows.reduce(highest) { $1.externalPrice < $0 ? $1.externalPrice : $0 }
        let range = max(lowest - 0.1 * (highest - lowest), 0)...highest + 0.12 * max(highest - lowest, 0.1 * highest)

        var layers = outcomes(axis, range)
        for (value, stroke) in [
            ({ $0.upperBound }, Self.upper), ({ $0.upperBound > 0 ? $0.externalPrice : .nan }, Self.lower),
        ] as [((PriceHistory.Row) -> Double, FigureStroke)] {
            for curve in steps(axis.axis, { value(rows[$0]) }) { layers.append(.curve(curve, stroke)) }
        }
        if let best {
            let references = calibration.references
            for curve in steps(axis.axis, { best * (references?[$0] ?? 1) }) {
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

    private func timeAxis() -> (axis: FigureAxis, unit: Double) {
        let span = Double(UInt64(bitPattern: history.end &- history.rows[0].time))
        let units = [("days", 86400e9), ("hours", 3600e9), ("minutes", 60e9), ("seconds", 1e9), ("nanoseconds", 1.0)]
        let unit = units.first { span >= 2 * $0.1 } ?? units[units.count - 1]
        let start = Instant(nanoseconds: history.rows[0].time).text(as: form)
        return (
            FigureAxis(
                .plain("time, \(unit.0) since \(start)\(form == .epoch ? " s" : form == .unzoned ? " UTC" : "")"),
                range: 0...span / unit.1), unit.1
        )
    }

    /// When a row begins, on the time axis.
    private func place(_ row: Int, _ unit: Double) -> Double {
        let time = row < history.rows.count ? history.rows[row].time : history.end
        return Double(UInt64(bitPattern: time &- history.rows[0].time)) / unit
    }

    /// A quantity of rows as steps over time, in pieces where it is missing.
    private func steps(_ axis: FigureAxis, _ value: (Int) -> Double) -> [[FigurePoint]] {
        let unit = timeAxis().unit
        var pieces: [[FigurePoint]] = []
        var current: ThinnedCurve?
        for row in history.rows.indices {
            let value = value(row)
            guard value.isFinite, history.rows[row].isKnown else {
                if let points = current?.points { pieces.append(points) }
                current = nil
                continue
            }
            var curve = current ?? ThinnedCurve(along: axis)
            curve.append(FigurePoint(place(row, unit), value))
            curve.append(FigurePoint(place(row + 1, unit), value))
            current = curve
        }
        if let points = current?.points { pieces.append(points) }
        return pieces.filter { $0.count > 1 }
    }

    /// The ground: for each part of the time the outcome that has most of it. Neighbours of one outcome are one area.
    private func outcomes(_ axis: (axis: FigureAxis, unit: Double), _ range: ClosedRange<Double>) -> [FigureLayer] {
        let parts = Self.mostParts
        let length = axis.axis.range.upperBound / Double(parts)
        guard length > 0 else { return [] }
        var sums = [[Double]](repeating: [Double](repeating: 0, count: parts), count: Outcome.allCases.count)
        for row in history.rows.indices {
            guard history.rows[row].isKnown, let outcome = Outcome.allCases.firstIndex(of: outcome(of: row)) else {
                continue
            }
            let (start, stop) = (place(row, axis.unit), place(row + 1, axis.unit))
            var part = min(Int(start / length), parts - 1)
            while part < parts, Double(part) * length < stop {
                let (from, to) = (max(start, Double(part) * length), min(stop, Double(part + 1) * length))
                sums[outcome][part] += max(to - from, 0)
                part += 1
            }
        }
        var layers: [FigureLayer] = []
        var first = 0
        func most(_ part: Int) -> Outcome? {
            let best = Outcome.allCases.indices.max { sums[$0][part] < sums[$1][part] } ?? 0
            return sums[best][part] > 0 ? Outcome.allCases[best] : nil
        }
        for part in 1...parts where part == parts || most(part) != most(first) {
            if let outcome = most(first) {
                let (a, b) = (Double(first) * length, Double(part) * length)
                layers.append(
                    .area(
                        [
                            FigurePoint(a, range.lowerBound), FigurePoint(b, range.lowerBound),
                            FigurePoint(b, range.upperBound), FigurePoint(a, range.upperBound),
                        ], color: outcome.ground))
            }
            first = part
        }
        return layers
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
