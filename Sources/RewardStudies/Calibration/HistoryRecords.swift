/// The rows of a price file as they were read, before it is settled what they mean: in which order, which of several of one
/// time counts, and how long each lasts.
public struct HistoryRecords: Sendable {
    /// What to do with several rows of one time.
    public enum Aggregation: String, CaseIterable, Sendable {
        /// The last of them in the file counts.
        case last
        /// The smallest value of each parameter.
        case min
        /// The median of each parameter, of an even number the middle between both.
        case median
        /// The mean of each parameter.
        case mean
    }

    /// What rows mean.
    public struct Rules: Sendable {
        /// What several rows of one time come to; nil where they must not differ.
        public var aggregation: Aggregation?
        /// Whether a row without a value leaves the one before in force; otherwise nothing is known until the next row.
        public var carriesForward = false
        /// The longest that a row lasts, in nanoseconds: nothing is known between two rows that are farther apart.
        public var longestGap: UInt64?
        /// When the period begins that counts.
        public var start: Int64?
        /// When it ends, and the last row with it.
        public var end: Int64?

        /// Rows that must not differ where they have one time, each of which lasts until the next.
        public init() {}
    }

    /// Two rows of one time differ.
    public struct RepeatedTime: Error, Equatable, Sendable {
        /// The time, in nanoseconds.
        public let time: Int64
        /// The lines of both.
        public let lines: (first: Int, second: Int)
        /// A value in which they differ.
        public let values: (first: Double, second: Double)

        public static func == (a: RepeatedTime, b: RepeatedTime) -> Bool {
            a.time == b.time && a.lines == b.lines && a.values == b.values
        }
    }

    /// When each row begins, in nanoseconds.
    public private(set) var times: [Int64] = []
    /// The line of the file where each stands.
    public private(set) var lines: [Int] = []
    /// The values of each parameter; NaN where a row has none that can be used.
    public private(set) var values: [[Double]]

    /// The number of rows.
    public var count: Int { times.count }

    /// No rows, with so many parameters.
    public init(parameters: Int) { values = [[Double]](repeating: [], count: parameters) }

    /// Adds a row; `row` is empty where its values cannot be used.
    public mutating func append(time: Int64, line: Int, _ row: [Double]) {
        times.append(time)
        lines.append(line)
        for place in values.indices { values[place].append(place < row.count ? row[place] : .nan) }
    }

    /// The rows, all of which begin by so much later.
    public func moved(by nanoseconds: Int64) -> HistoryRecords {
        guard nanoseconds != 0 else { return self }
        var moved = self
        for row in moved.times.indices { moved.times[row] &+= nanoseconds }
        return moved
    }

    /// Whether the values of a row can be used.
    public func isKnown(_ row: Int) -> Bool { values.allSatisfy { !$0[row].isNaN } }

    /// Rows in order of time, no two of one time, and when the last of them ends.
    public struct Settled: Sendable {
        /// The rows.
        public let records: HistoryRecords
        /// When the last one ends.
        public let end: Int64
        /// How many rows came before one that is earlier.
        public let unsorted: Int
        /// How many rows had the time of another one.
        public let merged: Int
        /// How many rows without a value left the one before in force.
        public let carried: Int
        /// How many rows lasted longer than the longest gap.
        public let gaps: Int
    }

    /// Settles what the rows mean; nil where none is left in the period.
    ///
    /// - Throws: ``RepeatedTime`` where rows of one time differ and nothing says what they come to.
    public func settled(_ rules: Rules) throws(RepeatedTime) -> Settled? {
        var unsorted = 0
        for index in 1..<Swift.max(count, 1) where times[index] < times[index - 1] { unsorted += 1 }
        // The sort of the standard library is stable, though it promises it not: places decide between equal times.
        let order = unsorted == 0 ? Array(times.indices) : times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
        var result = HistoryRecords(parameters: values.count)
        var (merged, carried, gaps) = (0, 0, 0)
        var place = 0
        while place < order.count {
            var stop = place + 1
            while stop < order.count, times[order[stop]] == times[order[place]] { stop += 1 }
            merged += stop - place - 1
            let known = order[place..<stop].filter(isKnown)
            let time = times[order[place]]
            if known.isEmpty {
                if rules.carriesForward {
                    carried += 1
                } else {
                    result.append(time: time, line: lines[order[place]], [])
                }
            } else {
                let last = known[known.count - 1]
                result.append(time: time, line: lines[last], try value(of: known, rules.aggregation))
            }
            place = stop
        }
        guard var first = result.times.first, let last = result.times.last else { return nil }
        let end = rules.end ?? last
        if let longestGap = rules.longestGap {
            for row in 0..<result.count {
                let next = row + 1 < result.count ? result.times[row + 1] : Swift.max(end, last)
                guard UInt64(bitPattern: next &- result.times[row]) > longestGap else { continue }
                gaps += 1
                for place in result.values.indices { result.values[place][row] = .nan }
            }
        }
        if let start = rules.start, start > first {
            let kept = Swift.max((result.times.firstIndex { $0 > start } ?? result.count) - 1, 0)
            result.drop(first: kept)
            result.times[0] = start
            first = start
        }
        while let time = result.times.last, time >= end, result.count > 1 { result.dropLast() }
        guard first <= end else { return nil }
        return Settled(records: result, end: end, unsorted: unsorted, merged: merged, carried: carried, gaps: gaps)
    }

    /// What rows of one time come to.
    private func value(of rows: [Int], _ aggregation: Aggregation?) throws(RepeatedTime) -> [Double] {
        var result: [Double] = []
        for column in values {
            let own = rows.map { column[$0] }
            switch aggregation {
            case nil:
                if let other = own.firstIndex(where: { $0 != own[0] }) {
                    throw RepeatedTime(
                        time: times[rows[0]], lines: (lines[rows[0]], lines[rows[other]]), values: (own[0], own[other]))
                }
                result.append(own[0])
            case .last: result.append(own[own.count - 1])
            case .min: result.append(own.min() ?? own[0])
            case .mean: result.append(own.reduce(0, +) / Double(own.count))
            case .median:
                let sorted = own.sorted()
                let middle = sorted.count / 2
                result.append(
                    sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2)
            }
        }
        return result
    }

    private mutating func drop(first rows: Int) {
        times.removeFirst(rows)
        lines.removeFirst(rows)
        for place in values.indices { values[place].removeFirst(rows) }
    }

    private mutating func dropLast() {
        times.removeLast()
        lines.removeLast()
        for place in values.indices { values[place].removeLast() }
    }
}
