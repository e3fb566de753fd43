import CVectorKernels
import Parallelism

/// The sharp phase diagram on a grid: x varies along a row, y from row to row.
public struct PhaseGrid: Sendable {
    /// The market.
    public let market: Market
    /// The coordinates that the axes are in.
    public let coordinates: PhaseCoordinates
    /// The values of α, or of α/c, along a row.
    public let x: GridAxis
    /// The values of γ, or of γ/c, from row to row.
    public let y: GridAxis
    /// The columns, where they are few enough to be kept.
    private let kept: [Column]

    /// A column of the grid: one pool price, with what is the same all along it.
    public struct Column: Sendable {
        /// α, in tokens per unit.
        public let poolPrice: Double
        /// S(α), in tokens per unit.
        public let sellerPayoff: Double
        /// The regions where LPs do not lose to sellers, and where they do, for γ < β and for γ ≥ β.
        fileprivate let below: (stays: UInt8, sells: UInt8)
        fileprivate let above: (stays: UInt8, sells: UInt8)

        fileprivate init(market: Market, poolPrice: Double) {
            self.poolPrice = poolPrice
            let payoff = market.sellerPayoff(at: poolPrice)
            sellerPayoff = payoff
            func code(_ gamma: Double, _ seller: Double) -> UInt8 {
                Region(market: market, poolPrice: poolPrice, blockReward: gamma, sellerPayoff: seller).code
            }
            // The region depends on γ only through γ < β and γ < S, so four calls of the definition give all of them.
            let beta = market.externalPrice
            below = (code(0, -1), code(0, 1))
            above = (code(beta, -1), code(beta, .infinity))
        }
    }

    /// The grid of two axes. The coordinates must not be negative; α = 0 is allowed, as the edge of the diagram.
    public init(market: Market, coordinates: PhaseCoordinates, x: GridAxis, y: GridAxis) {
        self.market = market
        self.coordinates = coordinates
        self.x = x
        self.y = y
        let unit = coordinates.unit(in: market)
        kept = x.count <= 1 << 20 ? (0..<x.count).map { Column(market: market, poolPrice: x[$0] * unit) } : []
    }

    /// The i-th column.
    public func column(_ i: Int) -> Column {
        kept.isEmpty ? Column(market: market, poolPrice: x[i] * coordinates.unit(in: market)) : kept[i]
    }

    /// The block reward γ of the j-th row, in tokens per unit.
    public func blockReward(_ j: Int) -> Double { y[j] * coordinates.unit(in: market) }

    /// The region of a cell.
    public func region(column: Column, blockReward gamma: Double) -> Region {
        let codes = gamma < market.externalPrice ? column.below : column.above
        return Region.allCases[Int(column.sellerPayoff > gamma ? codes.sells : codes.stays)]
    }

    /// The whole grid, row after row: cell (i, j) is element `j * x.count + i`.
    public struct Classification: Sendable {
        /// Each cell's region as its place in `Region.allCases`, ``Region/code``.
        public var regions: [UInt8]
        /// Each cell's largest payoff, max(γ, S(α), β), in tokens per unit.
        public var bestPayoffs: [Double]
    }

    /// Classifies all cells in parallel. What depends on α alone is computed once a column, so that a cell costs two
    /// comparisons and the memory it fills.
    public func classify(threads: Int = availableProcessors) -> Classification {
        let columns = (0..<x.count).map { column($0) }
        let sellers = columns.map(\.sellerPayoff)
        let below = (stays: columns.map(\.below.stays), sells: columns.map(\.below.sells))
        let above = (stays: columns.map(\.above.stays), sells: columns.map(\.above.sells))
        let width = x.count
        let cells = width * y.count
        // A few rows at a time, so that the two outputs' pages are touched by the thread that fills them.
        let rowsAtOnce = max(1, (1 << 17) / width)
        let beta = market.externalPrice
        var regions: [UInt8] = []
        let bestPayoffs = [Double](unsafeUninitializedCapacity: cells) { best, bestCount in
            preferLargePages(for: best)
            nonisolated(unsafe) let best = best
            regions = [UInt8](unsafeUninitializedCapacity: cells) { codes, codeCount in
                preferLargePages(for: codes)
                nonisolated(unsafe) let codes = codes
                forEachIndex(count: (y.count + rowsAtOnce - 1) / rowsAtOnce, threads: threads) { chunk in
                    guard let best = best.baseAddress, let codes = codes.baseAddress else { return }
                    for j in chunk * rowsAtOnce..<min((chunk + 1) * rowsAtOnce, y.count) {
                        let gamma = blockReward(j)
                        let side = gamma < beta ? below : above
                        pinfi_classify_row(
                            sellers, side.sells, side.stays, gamma, max(gamma, beta), codes + j * width,
                            best + j * width, width)
                    }
                }
                codeCount = cells
            }
            bestCount = cells
        }
        return Classification(regions: regions, bestPayoffs: bestPayoffs)
    }

    /// Whether a boundary of the diagram passes within half a grid step of a cell, in x and in y.
    ///
    /// Lines are taken at their full length, so that this errs to yes.
    public func boundaryPasses(near i: Int, _ j: Int) -> Bool {
        let unit = coordinates.unit(in: market)
        let (alpha, gamma) = (x[i] * unit, y[j] * unit)
        let (halfX, halfY) = (x.step * unit / 2, y.step * unit / 2)
        let limits = market.limits
        for limit in [limits.speculatingBuyer, limits.seller, limits.genuineBuyer] where abs(alpha - limit) <= halfX {
            return true
        }
        if alpha <= limits.seller { return abs(gamma - market.externalPrice) <= halfY }
        let (left, right) = (max(alpha - halfX, limits.seller), alpha + halfX)
        return market.sellerPayoff(at: left) <= gamma + halfY && market.sellerPayoff(at: right) >= gamma - halfY
    }
}
