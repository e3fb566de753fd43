import Testing

@testable import DissipativeMarket

@Suite struct ProductGridTests {
    private func axis(_ start: Double, _ stop: Double, _ count: Int) throws -> GridAxis {
        try #require(GridAxis(start: start, stop: stop, count: count))
    }

    @Test func firstAxisIsFastest() throws {
        let grid = try #require(ProductGrid([axis(0, 1, 2), axis(10, 12, 3), axis(5, 5, 1)]))
        #expect(grid.count == 6)
        #expect(
            (0..<6).map { grid[$0] } == [[0, 10, 5], [1, 10, 5], [0, 11, 5], [1, 11, 5], [0, 12, 5], [1, 12, 5]])
    }

    @Test func noAxesMakeOnePoint() throws {
        let grid = try #require(ProductGrid([]))
        #expect(grid.count == 1)
        #expect(grid[0] == [])
    }

    @Test func morePointsThanAnIntCounts() throws {
        let long = try axis(0, 1, 1 << 32)
        #expect(ProductGrid([long, long]) == nil)
        #expect(ProductGrid([long, try axis(0, 1, (1 << 31) - 1)])?.count == .max - (1 << 32) + 1, "2⁶³ − 2³²")
        #expect(ProductGrid.count(of: [.max, 1, 1]) == .max)
        #expect(ProductGrid.count(of: [.max, 2]) == nil)
    }
}
