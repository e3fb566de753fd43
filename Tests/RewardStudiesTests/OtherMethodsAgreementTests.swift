// PAWN against SALib and polynomial chaos against OpenTURNS; papers/reward-sensitivity/agreement makes their environment.
import Foundation
import RewardStudies
import Testing

@Suite struct OtherMethodsAgreementTests {
    private struct Row: Hashable {
        let kind: String
        let j: Int
        let k: Int
    }

    private static func peer(_ arguments: [String], _ columns: [[Double]]) throws -> [Row: Double] {
        let lines = columns[0].indices.map { row in columns.map { $0[row].description }.joined(separator: " ") }
        var rows: [Row: Double] = [:]
        for words in try PythonPeer.words("other_methods.py", arguments, input: lines.joined(separator: "\n")) {
            try #require(words.count == 4)
            let row = Row(kind: words[0], j: try #require(Int(words[1])), k: try #require(Int(words[2])))
            rows[row] = try #require(Double(words[3]))
        }
        return rows
    }

    @Test(
        .enabled(
            if: PythonPeer.isThere, "the peers cannot be had: papers/reward-sensitivity/agreement/prepare says why"))
    func pawnAgreesWithSALib() throws {
        let function = try IshigamiFunction()
        let samples = 4000
        let design = try SampleDesign(function.space, method: .latinHypercube, count: samples, seed: 1)
        let (x, y) = (design.columns(0..<samples), design.evaluate(model: function.model)[0])
        for slices in [5, 10, 25] {
            let ours = try PAWNAnalysis(slices: slices).indices(of: y, parameters: x).indices.get()
            let theirs = try Self.peer(["pawn", "3", String(slices)], x + [y])
            for (j, indices) in ours.parameters.enumerated() {
                // Its slices are cut at interpolated quantiles and leave the largest sample out: up to two points in a slice are
                // others.
                let allowed = 2 * Double(slices) / Double(samples)
                #expect(abs(indices.median.value - (try #require(theirs[Row(kind: "median", j: j, k: j)]))) <= allowed)
                #expect(
                    abs(indices.maximum.value - (try #require(theirs[Row(kind: "maximum", j: j, k: j)]))) <= allowed)
            }
        }
    }

    /// The same sample, the same terms: the same sum.
    @Test(
        .enabled(
            if: PythonPeer.isThere, "the peers cannot be had: papers/reward-sensitivity/agreement/prepare says why"))
    func chaosAgreesWithOpenTURNS() throws {
        let ishigami = try IshigamiFunction()
        let mixed = try ParameterSpace([
            .normal(mean: 1, deviation: 0.4), .beta(a: 2, b: 5, low: 1, high: 3), .uniform(low: -1, high: 2),
        ])
        let cases: [(text: String, space: ParameterSpace, degree: Int, model: ([Double]) -> Double)] = [
            (
                [String](repeating: "uniform:\(-Double.pi):\(Double.pi)", count: 3).joined(separator: ","),
                ishigami.space, 7,
                ishigami.value
            ),
            (
                "normal:1:0.4,beta:2:5:1:3,uniform:-1:2", mixed, 5,
                { exp(0.5 * $0[0]) * $0[1] + $0[2] * $0[2] / (1 + $0[1] * $0[1]) }
            ),
        ]
        for (text, space, degree, model) in cases {
            let design = try SampleDesign(space, method: .latinHypercube, count: 800, seed: 3)
            let x = design.columns(0..<800)
            let y = (0..<800).map { row in model(x.map { $0[row] }) }
            let fit = try PolynomialChaos(space, degrees: degree...degree).fit(y, parameters: x).fit.get()
            let theirs = try Self.peer(["chaos", text, String(degree)], x + [y])
            var ours: [Row: Double] = [
                Row(kind: "mean", j: 0, k: 0): fit.mean, Row(kind: "variance", j: 0, k: 0): fit.variance,
            ]
            for j in 0..<3 {
                ours[Row(kind: "s1", j: j, k: j)] = fit.first(j)
                ours[Row(kind: "st", j: j, k: j)] = fit.total(j)
                for k in j + 1..<max(3, j + 1) { ours[Row(kind: "s2", j: j, k: k)] = fit.second(j, k) }
            }
            #expect(theirs.count == ours.count)
            for (row, value) in ours {
                let other = try #require(theirs[row])
                // Two ways of solving the same well-conditioned problem.
                #expect(abs(value - other) <= 1e-9 * max(1, abs(other)), "\(row): \(value) \(other)")
            }
        }
    }
}
