import DissipativeMarket
import RewardStudies
import TestSupport
import Testing

@Suite struct PriceHistoryTests {
    private let market: Market
    init() throws { market = try Market(externalPrice: 1, reservationPrice: 2) }

    @Test func rowsLastUntilTheNext() throws {
        let rows = [10, 12, 12, 17].map { PriceHistory.Row(time: $0, market: market) }
        let open = try PriceHistory(rows)
        #expect(open.durations == [2, 0, 5, 0])
        #expect(open.knownDuration == 7)
        #expect(open.repeatedTimes == 1)
        #expect(open.unsortedRows == 0)
        let closed = try PriceHistory(rows, until: 20)
        #expect(closed.durations == [2, 0, 5, 3])
        // An end at the last row is one without weight.
        #expect(try PriceHistory(rows, until: 17).durations == open.durations)
    }

    @Test func theUnknownHasATimeButNoWeight() throws {
        let rows = [
            PriceHistory.Row(time: 0, market: market), PriceHistory.Row(unknownFrom: 2),
            PriceHistory.Row(time: 7, market: market),
        ]
        let history = try PriceHistory(rows, until: 8)
        #expect(history.durations == [2, 5, 1])
        #expect(history.knownDuration == 3)
    }

    @Test func sortsByTimeAndKeepsTheOrderOfEqualTimes() throws {
        let prices = [1.0, 2, 3, 4, 5]
        let rows = try zip([5, 1, 5, 0, 1], prices).map {
            PriceHistory.Row(time: $0, market: try Market(externalPrice: $1, reservationPrice: 9))
        }
        let history = try PriceHistory(rows, until: 6)
        #expect(history.rows.map(\.externalPrice) == [4, 2, 5, 1, 3])
        #expect(history.durations == [1, 0, 4, 0, 1])
        #expect(history.unsortedRows == 2)
    }

    @Test func timesMayBeAsFarApartAsTheyGet() throws {
        let rows = [Int64.min, Int64.max].map { PriceHistory.Row(time: $0, market: market) }
        #expect(try PriceHistory(rows).durations == [UInt64.max, 0])
    }

    @Test func faults() throws {
        let row = PriceHistory.Row(time: 3, market: market)
        #expect(throws: PriceHistoryError.noRows) { try PriceHistory([]) }
        #expect(throws: PriceHistoryError.noDuration(rows: 1)) { try PriceHistory([row]) }
        #expect(throws: PriceHistoryError.noDuration(rows: 2)) {
            try PriceHistory([PriceHistory.Row(unknownFrom: 0), row])
        }
        #expect(throws: PriceHistoryError.endBeforeLast(end: 2, last: 3)) { try PriceHistory([row], until: 2) }
        for error: PriceHistoryError in [.noRows, .noDuration(rows: 1), .endBeforeLast(end: 2, last: 3)] {
            #expect(error.description.hasSuffix("."))
        }
    }
}
