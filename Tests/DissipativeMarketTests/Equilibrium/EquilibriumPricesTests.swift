import DissipativeMarket
import TestSupport
import Testing

@Suite struct EquilibriumPricesTests {
    private struct Columns {
        var beta: [Double] = []
        var p: [Double] = []
        var theta: [Double] = []
        var gamma: [Double] = []
        var fee: [Double] = []

        mutating func append(_ beta: Double, _ p: Double, _ theta: Double, _ gamma: Double, _ fee: Double = 0) {
            self.beta.append(beta)
            self.p.append(p)
            self.theta.append(theta)
            self.gamma.append(gamma)
            self.fee.append(fee)
        }

        func prices(withFee: Bool = true) -> [Double] {
            [Double](unsafeUninitializedCapacity: beta.count) { output, initialized in
                let count = beta.count
                initialized = count
                beta.withUnsafeBufferPointer { beta in
                    p.withUnsafeBufferPointer { p in
                        theta.withUnsafeBufferPointer { theta in
                            gamma.withUnsafeBufferPointer { gamma in
                                fee.withUnsafeBufferPointer { fee in
                                    EquilibriumPrices.fill(
                                        UnsafeMutableBufferPointer(rebasing: output[..<count]), externalPrice: beta,
                                        failureProbability: p, collateral: theta, blockReward: gamma,
                                        swapFee: withFee ? fee : nil)
                                }
                            }
                        }
                    }
                }
            }
        }

        func expected(_ i: Int, withFee: Bool = true) -> Double {
            let market = try? Market(
                externalPrice: beta[i], failureProbability: p[i], collateral: theta[i], reservationPrice: 1,
                swapFee: withFee ? fee[i] : 0)
            guard let market, gamma[i] >= 0, gamma[i].isFinite else { return .nan }
            return market.equilibriumPrice(blockReward: gamma[i]) ?? .nan
        }
    }

    /// Both sides solve within 4 ulp, and c and γ − β over it are rounded twice here: 8 ulp.
    private func check(_ columns: Columns) {
        for withFee in [true, false] {
            for (i, price) in columns.prices(withFee: withFee).enumerated() {
                let expected = columns.expected(i, withFee: withFee)
                let agrees =
                    expected.isFinite
                    ? abs(price - expected) <= 8 * expected.ulp : price.description == expected.description
                #expect(agrees, "row \(i), fee \(withFee): \(price), not \(expected)")
            }
        }
    }

    @Test func randomMarkets() throws {
        var generator = SeededGenerator(seed: 11)
        var columns = Columns()
        for _ in 0..<3000 {
            let market = try Market.random(&generator)
            let gamma =
                market.externalPrice
                * (Bool.random(using: &generator) ? 1 + generator.logUniform(-12...3) : generator.uniform(0.5...1.5))
            columns.append(market.externalPrice, market.failureProbability, market.collateral, gamma, market.swapFee)
        }
        check(columns)
    }

    /// One row out of a domain, or at the ends of the range, among others that are not.
    @Test func edges() {
        var columns = Columns()
        let nan = Double.nan
        for (beta, p, theta, gamma, fee) in [
            (0.7, 0.2, 1.5, 0.85, 0.05), (0, 0.2, 1.5, 0.85, 0), (-1, 0.2, 1.5, 0.85, 0), (0.7, -0.1, 1.5, 0.85, 0),
            (0.7, 1.1, 1.5, 0.85, 0), (0.7, 0.2, -1, 0.85, 0), (0.7, 0.2, 1.5, 0.69, 0), (0.7, 0.2, 1.5, 0.7, 0.1),
            (0.7, 0.2, 1.5, -1, 0), (0.7, 0.2, 1.5, .infinity, 0), (0.7, 0.2, 1.5, nan, 0), (nan, 0.2, 1.5, 1, 0),
            (0.7, nan, 1.5, 1, 0), (0.7, 0.2, nan, 1, 0), (0.7, 0.2, 1.5, 1, nan), (0.7, 0.2, 1.5, 1, 1),
            (0.7, 0.2, 1.5, 1, -0.1), (0.7, 0.2, 1.5, 1, 0.9999), (1e-300, 0, 0, 2e-300, 0), (1, 0, 0, 1e300, 0),
            (1, 0, 0, 1e306, 0), (1e300, 0.5, 1e300, 1.5e300, 0), (1, 0, 0, 1 + 0x1p-52, 0), (.infinity, 0, 0, 1, 0),
            (1, 1, .infinity, 2, 0), (1, 0, .infinity, 2, 0), (0.5, 0, 0, 1, 0), (1, 0, 5, 2, 0.5),
        ] { columns.append(beta, p, theta, gamma, fee) }
        check(columns)
        #expect(Columns().prices().isEmpty)
    }
}
