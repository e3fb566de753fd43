import RewardStudies
import Testing

@Suite struct TimeOrderTests {
    @Test func momentsLastUntilTheNext() throws {
        let order = try TimeOrder([5, 1, 5, 0, 1], until: 6)
        #expect(order.places == [3, 1, 4, 0, 2])
        #expect(order.durations == [1, 0, 4, 0, 1])
        #expect(order.unsorted == 2)
        #expect(order.repeated == 2)
        #expect(try TimeOrder([5, 7]).durations == [2, 0])
    }

    @Test func faults() throws {
        #expect(throws: PriceHistoryError.noRows) { try TimeOrder([]) }
        #expect(throws: PriceHistoryError.endBeforeLast(end: 2, last: 3)) { try TimeOrder([3], until: 2) }
    }
}
