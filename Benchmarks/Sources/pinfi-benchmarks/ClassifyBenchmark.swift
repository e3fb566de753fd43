import CPeers
import DissipativeMarket
import Parallelism

/// Region code and best payoff of 4096 × 4096 cells, into memory that is new each time, against a C loop.
///
/// Both start from the market and the window, and both are handed the same rows at a time by the same helper; with
/// threads of its own and half of the rows each, the C loop would wait for the slower half.
struct ClassifyBenchmark {
    private static let side = 4096
    private let market: Market
    private let x: GridAxis
    private let y: GridAxis

    init() throws {
        market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        guard let x = GridAxis(start: 0, stop: 2, count: Self.side),
            let y = GridAxis(start: 0, stop: 1.5, count: Self.side)
        else { throw BenchmarkFailure("the window of the classification is no window") }
        (self.x, self.y) = (x, y)
    }

    func rows(threads: Int, pairs: Int) throws -> [BenchmarkRow] {
        let differing = try differences(threads: threads)
        let costs = PairedCosts(pairs: pairs) {
            cost { ours(threads: threads) }
        } peer: {
            cost { peer(threads: threads) }
        }
        let rate = Double(Self.side * Self.side) / costs.seconds / 1e6
        return [
            BenchmarkRow(
                "classify", threads: threads, costs: costs,
                peer: "C loop; \(differing) of \(Self.side * Self.side) cells differ",
                rate: "\(Int(rate)) million cells a second")
        ]
    }

    private func ours(threads: Int) -> PhaseGrid.Classification {
        PhaseGrid(market: market, coordinates: .ratio, x: x, y: y).classify(threads: threads)
    }

    private func peer(threads: Int) -> Cells {
        let width = x.count
        let unit = market.sellerCost
        let alpha = (0..<width).map { x[$0] * unit }
        let gamma = (0..<y.count).map { y[$0] * unit }
        let limits = market.limits
        let parameters = peer_market(
            external_price: market.externalPrice, seller_cost: market.sellerCost,
            expected_forfeit: market.expectedForfeit, speculating_buyer_limit: limits.speculatingBuyer,
            seller_limit: limits.seller, genuine_buyer_limit: limits.genuineBuyer)
        var boundary = [Double](repeating: 0, count: width)
        var payoff = boundary
        var below = [UInt8](repeating: 0, count: width)
        var above = below
        peer_hoist_columns(parameters, alpha, &boundary, &payoff, &below, &above, width)

        let cells = Cells(count: width * y.count)
        let rowsAtOnce = max(1, (1 << 17) / width)
        let columns = (boundary, payoff, below, above)
        forEachIndex(count: (gamma.count + rowsAtOnce - 1) / rowsAtOnce, threads: threads) { chunk in
            let first = chunk * rowsAtOnce
            let rows = min(rowsAtOnce, gamma.count - first)
            gamma.withUnsafeBufferPointer { gamma in
                guard let gamma = gamma.baseAddress else { return }
                peer_classify_rows(
                    gamma + first, rows, columns.0, columns.1, columns.2, columns.3, width, cells.codes + first * width,
                    cells.best + first * width)
            }
        }
        return cells
    }

    /// Makes sure that the two do the same work. The payoffs differ by roundings, and so may cells on the boundary.
    private func differences(threads: Int) throws -> Int {
        let ours = ours(threads: threads)
        let peer = peer(threads: threads)
        var differing = 0
        var worst = 0.0
        for cell in 0..<peer.count {
            if ours.regions[cell] != peer.codes[cell] { differing += 1 }
            worst = max(worst, abs(ours.bestPayoffs[cell] / peer.best[cell] - 1))
        }
        guard differing <= peer.count / 10000, worst <= 1e-13 else {
            throw BenchmarkFailure(
                "the C loop and ours do different work: \(differing) regions differ, payoffs by \(worst)")
        }
        return differing
    }
}

/// The C loop's output. `@unchecked Sendable`: threads write disjoint rows of it.
private final class Cells: @unchecked Sendable {
    let count: Int
    let codes: UnsafeMutablePointer<UInt8>
    let best: UnsafeMutablePointer<Double>

    init(count: Int) {
        self.count = count
        codes = .allocate(capacity: count)
        best = .allocate(capacity: count)
    }

    deinit {
        codes.deallocate()
        best.deallocate()
    }
}
