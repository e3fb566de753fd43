import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct PhaseGridTests {
    static func axis(_ start: Double, _ stop: Double, _ count: Int) throws -> GridAxis {
        try #require(GridAxis(start: start, stop: stop, count: count))
    }

    /// A grid over a random market's diagram, from the axes on, with rows in pieces that no chunk size divides.
    static func grid(
        _ market: Market, _ coordinates: PhaseCoordinates, columns: Int = 97, rows: Int = 61
    ) throws -> PhaseGrid {
        let unit = coordinates.unit(in: market)
        let farthest = 2 * max(market.limits.seller, market.limits.genuineBuyer)
        return PhaseGrid(
            market: market, coordinates: coordinates, x: try axis(0, farthest / unit, columns),
            y: try axis(0, market.sellerPayoff(at: farthest) / unit, rows))
    }

    // MARK: - Classification

    /// Cell by cell the region of the definition at the cell's (α, γ), the α = 0 column included, and max(γ, S, β): the
    /// same doubles go in, so the same come out. Off the boundaries the region is the oracle's too.
    @Test(arguments: PhaseCoordinates.allCases)
    func everyCellIsItsRegion(_ coordinates: PhaseCoordinates) throws {
        var counts = [Int](repeating: 0, count: Region.allCases.count)
        for market in try randomMarkets(60, seed: 200) {
            let plain = PlainMarket(market)
            let grid = try Self.grid(market, coordinates)
            let classified = grid.classify(threads: 2)
            #expect(classified.regions.count == grid.x.count * grid.y.count)
            #expect(classified.bestPayoffs.count == grid.x.count * grid.y.count)
            for j in 0..<grid.y.count {
                let gamma = grid.blockReward(j)
                for i in 0..<grid.x.count {
                    let cell = j * grid.x.count + i
                    let column = grid.column(i)
                    let alpha = column.poolPrice
                    let payoff = market.sellerPayoff(at: alpha)
                    let region = Region(market: market, poolPrice: alpha, blockReward: gamma, sellerPayoff: payoff)
                    counts[Int(region.code)] += 1
                    #expect(classified.regions[cell] == region.code, "(\(alpha), \(gamma)) of \(market)")
                    #expect(grid.region(column: column, blockReward: gamma) == region)
                    #expect(classified.bestPayoffs[cell] == max(gamma, payoff, market.externalPrice))
                    #expect(column.sellerPayoff == payoff)
                    if !plain.isNearBoundary(alpha, gamma, share: 1e-9) {
                        #expect(region == plain.region(alpha, gamma), "(\(alpha), \(gamma)) of \(market)")
                    }
                }
            }
            #expect(grid.column(0).poolPrice == 0)
        }
        #expect(counts.allSatisfy { $0 > 100 }, "\(counts)")
    }

    /// On a grid of tenths the lines of the panels lie on grid lines: b = 0.7, α_s = 1, and α_g wherever it is a tenth.
    /// Ties go to LPs and to no trade, in the grid as at the point.
    @Test(arguments: [0.5, 0.7, 0.8, 1, 1.3])
    func tiesOnGridLines(d: Double) throws {
        let market = try Market.panel(d)
        let grid = PhaseGrid(
            market: market, coordinates: .ratio, x: try Self.axis(0, 2, 21), y: try Self.axis(0, 1.5, 16))
        let classified = grid.classify(threads: 1)
        func region(_ i: Int, _ j: Int) -> Region { Region.allCases[Int(classified.regions[j * 21 + i])] }
        for j in 0..<16 {
            for i in 0..<21 {
                // The plain definitions, with the limits as the decimals that they are.
                let (alpha, gamma) = (Double(i) / 10, Double(j) / 10)
                let buys = alpha < d
                let expected: Region
                if alpha > 1 {
                    let sells = gamma < PlainMarket(market).sellerPayoff(alpha)
                    expected = sells ? (buys ? .aD : .aE) : (buys ? .aG : .aF)
                } else if gamma < 0.7 && alpha < 0.7 {
                    expected = buys ? .aB : .speculationOnly
                } else {
                    expected = buys ? (gamma < 0.7 ? .aC : .aA) : .lpIdle
                }
                #expect(region(i, j) == expected, "(\(alpha), \(gamma)), d = \(d)")
            }
        }
    }

    /// Many rows of few cells, few rows of many, one cell: the same bytes at any number of threads.
    @Test(arguments: [(1, 1), (3, 200_000), (150_000, 5), (1000, 701)])
    func sameBytesAtAnyNumberOfThreads(columns: Int, rows: Int) throws {
        let market = try Market.withFee()
        func axis(_ count: Int) throws -> GridAxis { try Self.axis(count == 1 ? 1.5 : 0, count == 1 ? 1.5 : 3, count) }
        let grid = PhaseGrid(market: market, coordinates: .raw, x: try axis(columns), y: try axis(rows))
        let one = grid.classify(threads: 1)
        #expect(one.regions.count == columns * rows)
        for threads in [2, 3, 16] {
            let other = grid.classify(threads: threads)
            #expect(one.regions == other.regions)
            #expect(one.bestPayoffs.map(\.bitPattern) == other.bestPayoffs.map(\.bitPattern))
        }
    }

    /// Above 2²⁰ columns the grid no longer keeps them; what a column is does not change.
    @Test func widerThanWhatIsKept() throws {
        let market = try Market.panel(1.3)
        let count = 1 << 20 + 1
        let grid = PhaseGrid(
            market: market, coordinates: .raw, x: try Self.axis(0, 3, count), y: try Self.axis(0.79, 0.79, 1))
        let classified = grid.classify(threads: 2)
        for i in stride(from: 0, to: count, by: 9973) {
            let column = grid.column(i)
            #expect(column.poolPrice == grid.x[i])
            #expect(column.sellerPayoff == market.sellerPayoff(at: grid.x[i]))
            #expect(classified.regions[i] == grid.region(column: column, blockReward: 0.79).code)
        }
        #expect(Set(classified.regions) == [Region.aA.code, Region.aG.code, Region.aD.code, Region.aE.code])
    }

    // MARK: - Where to look closer

    /// A box of half a step around a cell that holds two regions has a boundary in it, wherever the box's lattice shows
    /// them; and it is no constant. The box is short of the half step by 1e−9 of it, for rounding.
    @Test func boundaryPassesWhereABoxHoldsTwoRegions() throws {
        var (passes, doesNot, mixed) = (0, 0, 0)
        for market in try randomMarkets(40, seed: 201) {
            let plain = PlainMarket(market)
            for coordinates in PhaseCoordinates.allCases {
                let grid = try Self.grid(market, coordinates, columns: 41, rows: 31)
                let unit = coordinates.unit(in: market)
                let reach = (x: grid.x.step * unit / 2 * (1 - 1e-9), y: grid.y.step * unit / 2 * (1 - 1e-9))
                for j in 0..<grid.y.count {
                    for i in 0..<grid.x.count {
                        let (alpha, gamma) = (grid.column(i).poolPrice, grid.blockReward(j))
                        var regions = Set<Region>()
                        for a in -2...2 {
                            for b in -2...2 {
                                let (x, y) = (alpha + Double(a) / 2 * reach.x, gamma + Double(b) / 2 * reach.y)
                                if x > 0 && y >= 0 { regions.insert(plain.region(x, y)) }
                            }
                        }
                        let answer = grid.boundaryPasses(near: i, j)
                        if answer { passes += 1 } else { doesNot += 1 }
                        guard regions.count > 1 else { continue }
                        mixed += 1
                        #expect(answer, "\(regions) around (\(alpha), \(gamma)) of \(market)")
                    }
                }
            }
        }
        #expect(mixed > 1000)
        #expect(passes >= mixed)
        // It errs to yes along the full lines only: most of a diagram is far from every boundary.
        #expect(doesNot > 3 * passes)
    }

    /// The same where the boundaries lie on grid lines and half-way between them.
    @Test func boundaryPassesOnTies() throws {
        let market = try Market.panel(1.3)
        let tenths = PhaseGrid(
            market: market, coordinates: .ratio, x: try Self.axis(0, 2, 21), y: try Self.axis(0, 1.5, 16))
        for j in 0..<16 {
            for i in [7, 10, 13] { #expect(tenths.boundaryPasses(near: i, j)) }
        }
        for i in 0...10 { #expect(tenths.boundaryPasses(near: i, 7)) }
        #expect(!tenths.boundaryPasses(near: 3, 3))
        #expect(!tenths.boundaryPasses(near: 17, 3))
    }
}
