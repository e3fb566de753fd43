import Testing

@testable import RewardStudies

@Suite struct HistoryRecordsTests {
    private static func records(_ rows: [(time: Int64, value: Double?)]) -> HistoryRecords {
        var records = HistoryRecords(parameters: 1)
        for (place, row) in rows.enumerated() {
            records.append(time: row.time, line: place + 2, row.value.map { [$0] } ?? [])
        }
        return records
    }

    /// The rows that come of records, an unknown one as −1, and the end, at which a row begins that lasts no time.
    private static func settled(
        _ rows: [(time: Int64, value: Double?)], _ change: (inout HistoryRecords.Rules) -> Void = { _ in }
    ) throws -> [[Double]] {
        var rules = HistoryRecords.Rules()
        change(&rules)
        guard let settled = try records(rows).settled(rules) else { return [] }
        let found = settled.records
        return found.times.indices.map { row in
            [Double(found.times[row]), found.isKnown(row) ? found.values[0][row] : -1]
        } + [[Double(settled.end)]]
    }

    @Test func rowsOfOneTimeMustNotDiffer() throws {
        #expect(try Self.settled([(0, 1), (5, 7), (5, 7), (9, 2)]) == [[0, 1], [5, 7], [9]])
        #expect(throws: HistoryRecords.RepeatedTime(time: 5, lines: (3, 5), values: (7, 8))) {
            try Self.settled([(0, 1), (5, 7), (9, 2), (5, 8)])
        }
    }

    @Test(arguments: [
        (HistoryRecords.Aggregation.last, 2.0), (.min, 1), (.median, 2.5), (.mean, 3.5),
    ]) func rowsOfOneTimeCanBeMadeOne(_ aggregation: HistoryRecords.Aggregation, _ expected: Double) throws {
        let rows: [(Int64, Double?)] = [(5, 8), (0, 1), (5, 3), (5, nil), (5, 1), (5, 2), (9, 2)]
        #expect(try Self.settled(rows) { $0.aggregation = aggregation } == [[0, 1], [5, expected], [9]])
    }

    @Test func whatIsNotKnownEndsTheRowBeforeOrLeavesIt() throws {
        let rows: [(Int64, Double?)] = [(0, nil), (1, 1), (5, nil), (9, 2)]
        #expect(try Self.settled(rows) == [[0, -1], [1, 1], [5, -1], [9]])
        #expect(try Self.settled(rows) { $0.carriesForward = true } == [[1, 1], [9]])
    }

    @Test func longGapsAreNoTime() throws {
        let rows: [(Int64, Double?)] = [(0, 1), (2, 2), (5, 3), (7, 4)]
        #expect(try Self.settled(rows) { $0.longestGap = 2 } == [[0, 1], [2, -1], [5, 3], [7]])
        let longer = try Self.settled(rows) {
            $0.longestGap = 2
            $0.end = 10
        }
        #expect(longer == [[0, 1], [2, -1], [5, 3], [7, -1], [10]])
        // A price that is carried forward is carried no farther than that.
        let carried = try Self.settled([(0, 1), (2, nil), (4, 2)]) {
            $0.carriesForward = true
            $0.longestGap = 3
        }
        #expect(carried == [[0, -1], [4]])
    }

    @Test(
        arguments: [
            (2, 6, [[2, 1], [5, 3], [6]]), (-5, 20, [[0, 1], [5, 3], [7, 4], [20]]), (5, 7, [[5, 3], [7]]),
            (8, 9, [[8, 4], [9]]), (0, 5, [[0, 1], [5]]), (-9, -5, []),
        ] as [(Int64, Int64, [[Double]])]) func periods(_ start: Int64, _ end: Int64, _ expected: [[Double]]) throws
    {
        let found = try Self.settled([(0, 1), (5, 3), (7, 4)]) {
            $0.start = start
            $0.end = end
        }
        #expect(found == expected)
    }
}
