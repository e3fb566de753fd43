// Dates along an axis of time.

import Foundation

/// Tics at round dates and times, UTC. A label's second line says the day or the year where it begins to hold.
struct DateTics {
    /// Seconds since 1970-01-01T00:00:00Z with a label, from low to high.
    let tics: [(value: Double, lines: [String])]

    /// How far apart tics are.
    private enum Step {
        /// So many seconds, counted from midnight.
        case seconds(Int)
        /// The 1st, and every so many days after it as long as the next 1st is not near.
        case days(Int)
        /// Every so many months, counted from January.
        case months(Int)
        /// Years that can be divided by this.
        case years(Int)

        /// About how long it is, in seconds.
        var length: Double {
            switch self {
            case .seconds(let count): Double(count)
            case .days(let count): 86_400 * Double(count)
            case .months(let count): 30.4 * 86_400 * Double(count)
            case .years(let count): 365.2 * 86_400 * Double(count)
            }
        }

        /// How much room a label needs, in centimetres.
        var room: Double {
            switch self {
            case .seconds(let count): count < 60 ? 1.6 : 1.1
            case .days: 1.3
            case .months, .years: 0.9
            }
        }
    }

    /// The steps by rising length, none more than 2.5 times as long as the one before.
    private static let steps: [Step] =
        [
            1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200,
        ].map(Step.seconds) + [1, 2, 3, 5, 10, 15].map(Step.days) + [1, 2, 3, 6].map(Step.months)
        + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map(Step.years)

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static let calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// The years 1600 to 9999, in which the calendar has no gaps.
    private static let known = -11_676_096_000.0...253_402_300_799.0

    /// The tics over a range along an axis of this length in centimetres; nil where dates do not help: no
    /// whole second that has room, or a range beyond the years 1600 to 9999.
    init?(_ range: ClosedRange<Double>, length: Double) {
        let span = range.upperBound - range.lowerBound
        guard Self.known.contains(range.lowerBound), Self.known.contains(range.upperBound), span > 0, length > 0,
            let first = Self.steps.firstIndex(where: { $0.length / span * length >= $0.room }),
            Self.steps[first].length <= span
        else { return nil }
        var step = Self.steps[first]
        var values = Self.values(step, in: range)
        if values.count < 2, first > 0 {
            // Rather a little narrow than a single one.
            let finer = Self.steps[first - 1]
            if finer.length / span * length >= 0.8 * finer.room {
                step = finer
                values = Self.values(step, in: range)
            }
        }
        if values.isEmpty { return nil }
        tics = Self.labelled(values, step, lengthOfSecond: length / span)
    }

    private static func values(_ step: Step, in range: ClosedRange<Double>) -> [Double] {
        func seconds(_ year: Int, _ month: Int, _ day: Int) -> Double? {
            calendar.date(from: DateComponents(year: year, month: month, day: day))?.timeIntervalSince1970
        }
        func year(_ value: Double) -> Int { calendar.component(.year, from: Date(timeIntervalSince1970: value)) }
        let years = year(range.lowerBound)...year(range.upperBound)
        var values: [Double?] = []
        switch step {
        case .seconds(let count):
            let step = Double(count)
            let first = (range.lowerBound / step).rounded(.up) * step
            values = Array(stride(from: first, through: range.upperBound, by: step))
        case .days(let count):
            for year in years {
                for month in 1...12 {
                    guard let start = seconds(year, month, 1), start <= range.upperBound else { break }
                    if start + 31 * 86_400 < range.lowerBound { continue }
                    let end = seconds(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) ?? start
                    let days = Int((end - start) / 86_400)
                    values += stride(from: 0, to: days, by: count).filter { 5 * (days - $0) >= 4 * count }
                        .map { start + 86_400 * Double($0) }
                }
            }
        case .months(let count):
            for year in years { values += stride(from: 1, through: 12, by: count).map { seconds(year, $0, 1) } }
        case .years(let count):
            let first = (years.lowerBound + count - 1) / count * count
            values = stride(from: first, through: years.upperBound, by: count).map { seconds($0, 1, 1) }
        }
        return values.compactMap { $0 }.filter(range.contains)
    }

    private static func labelled(
        _ values: [Double], _ step: Step, lengthOfSecond: Double
    ) -> [(value: Double, lines: [String])] {
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let labels = values.map { value -> (line: String, context: String) in
            let date = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: value))
            let (year, month) = ("\(date.year ?? 0)", date.month ?? 1)
            return switch step {
            case .seconds(let count):
                (
                    "\(two(date.hour)):\(two(date.minute))" + (count < 60 ? ":\(two(date.second))" : ""),
                    "\(year)-\(two(month))-\(two(date.day))"
                )
            case .days: ("\(date.day ?? 1) \(months[month - 1])", year)
            case .months: (months[month - 1], year)
            case .years: (year, "")
            }
        }
        var tics: [(value: Double, lines: [String])] = []
        // From the right: where two second lines would touch, the left one, at the axis's end, is left out.
        var free = Double.infinity
        for index in labels.indices.reversed() {
            let (line, context) = labels[index]
            let half = FigureLayout.textWidth(.plain(context)) / 2 + 0.1
            let place = values[index] * lengthOfSecond
            let begins = !context.isEmpty && (index == 0 || labels[index - 1].context != context)
            if begins, place + half < free {
                tics.append((values[index], [line, context]))
                free = place - half
            } else {
                tics.append((values[index], [line]))
            }
        }
        return tics.reversed()
    }
}
