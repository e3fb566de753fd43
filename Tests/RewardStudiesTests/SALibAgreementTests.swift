// What SALib computes, against what RewardStudies does; papers/reward-sensitivity/agreement makes its environment.
import DissipativeMarket
import Foundation
import RewardStudies
import Testing

@Suite struct SALibAgreementTests {
    private struct Row: Hashable {
        let kind: String
        let j: Int
        let k: Int
    }

    /// SALib's estimates, value ± half-width.
    private func salib(_ arguments: [String], input: String = "") throws -> [Row: (value: Double, width: Double)] {
        var rows: [Row: (Double, Double)] = [:]
        for words in try PythonPeer.words("salib_indices.py", arguments, input: input) {
            let row = Row(kind: words[0], j: try #require(Int(words[1])), k: try #require(Int(words[2])))
            rows[row] = (try #require(Double(words[3])), try #require(Double(words[4])))
        }
        return rows
    }

    private func ours(_ indices: SobolIndices) -> [Row: Estimate] {
        var rows: [Row: Estimate] = [:]
        for (j, estimate) in indices.first.enumerated() { rows[Row(kind: "s1", j: j, k: j)] = estimate }
        for (j, estimate) in indices.total.enumerated() where estimate != nil {
            rows[Row(kind: "st", j: j, k: j)] = estimate
        }
        for pair in indices.second { rows[Row(kind: "s2", j: pair.j, k: pair.k)] = pair.estimate }
        return rows
    }

    private static func cases() throws -> [(name: String, space: ParameterSpace, model: BatchModel<Never>)] {
        let (ishigami, g) = (try IshigamiFunction(), try SobolGFunction(a: [0, 1, 4.5, 9]))
        let market = try ParameterSpace([
            .uniform(low: 0.5, high: 0.9), .uniform(low: 0, high: 0.2), .uniform(low: 0.5, high: 2.5),
            .uniform(low: 0.9, high: 1.4),
        ])
        return [
            ("ishigami", ishigami.space, ishigami.model), ("sobol-g", g.space, g.model),
            (
                "equilibrium-price", market,
                { x, y in
                    EquilibriumPrices.fill(
                        y[0], externalPrice: x[0], failureProbability: x[1], collateral: x[2], blockReward: x[3])
                }
            ),
        ]
    }

    @Test(
        .enabled(if: PythonPeer.isThere, "SALib cannot be had: papers/reward-sensitivity/agreement/prepare says why"),
        arguments: 0..<3)
    func indicesAgree(number: Int) throws {
        let (name, space, model) = try Self.cases()[number]
        let samples = 2048
        let design = try SaltelliDesign(space, samples: samples, secondOrder: true, seed: 1)
        let outputs = design.evaluate(model: model)[0]
        let indices = try SobolAnalysis(design.layout, bootstrap: Bootstrap(resamples: 100, seed: 2))
            .indices(of: outputs).indices.get()

        // Its own sample of the same size: each estimate is within the other's interval.
        let own = try salib(["own", name, String(samples)])
        #expect(own.count == ours(indices).count)
        for (row, estimate) in ours(indices) {
            let other = try #require(own[row])
            let width = try #require(estimate.halfWidth)
            #expect(abs(estimate.value - other.value) <= min(width, other.width), "\(name) \(row)")
        }

        // Our outputs, analysed by it.
        let given = try salib(
            ["given", String(space.dimension), String(samples), "1"],
            input: outputs.map(\.description).joined(separator: "\n"))
        for (row, estimate) in ours(indices) {
            let other = try #require(given[row])
            let width = try #require(estimate.halfWidth)
            // Totals are the same sums. The products of the others are centred by the mean of all outputs there and by that
            // of A and B here, which the mean of f(A_B) − f(A), some thousandth of the deviation, multiplies.
            #expect(abs(estimate.value - other.value) <= (row.kind == "st" ? 1e-12 : 1e-4), "\(name) \(row)")
            // Two deviations of 100 resamples each, with relative errors of 1/√198: four of the two together.
            #expect(abs(width / other.width - 1) <= 4 * (2.0 / 198).squareRoot(), "\(name) \(row)")
        }
    }
}
