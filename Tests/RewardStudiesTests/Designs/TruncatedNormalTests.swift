import RewardStudies
import Testing

@Suite struct TruncatedNormalTests {
    /// Mean, and quantiles at 2⁻¹⁰, ¼, ½, ⅞ and 1 − 2⁻³⁰, by mpmath with 420 digits: around the mean, one-sided, in both tails,
    /// hardly truncated, narrow, and 30 standard deviations away.
    private static let references: [(parameters: [Double], mean: Double, quantiles: [Double])] = [
        (
            [0.7, 0.1, 0.56, 0.84], 0.69999999999999998335,
            [
                0.56054480314161845134, 0.64477201871087555369, 0.69999999999999997643, 0.78943493770104856252,
                0.83999999947845132127,
            ]
        ),
        (
            [0, 1, -1, 6], 0.28759996405479439658,
            [
                -0.99661018699919435048, -0.33452572734826483284, 0.20017368490536379994, 1.2526415450076917174,
                5.9043544827385804979,
            ]
        ),
        (
            [0, 1, 9, 10], 9.108456288012408528,
            [
                9.0001072586578408171, 9.0315274259958556824, 9.0757797137385441571, 9.2254850210854166208,
                9.9999986341045613083,
            ]
        ),
        (
            [0, 1, -31, -30], -30.033259667433622166,
            [
                -30.229914123727813713, -30.046123260403518606, -30.023070467827308926, -30.004445788518869687,
                -30.000000000031009707,
            ]
        ),
        (
            [1, 0.5, -100, 100], 1,
            [
                -0.54863453909939223118, 0.6627551249019591284, 1, 1.5751746901880040891, 4.0046767827653719466,
            ]
        ),
        (
            [2, 3, 2.5, 2.5000001], 2.5000000499999998719,
            [
                2.5000000000976562496, 2.500000024999999907, 2.5000000499999998487, 2.5000000874999998264,
                2.5000000999999997432,
            ]
        ),
        (
            [0.2, 0.01, 0.5, 1], 0.5003325966743367704,
            [
                0.50000032531903964715, 0.50009577257491085594, 0.50023070467827310755, 0.50069158418262132584,
                0.50684585743477172485,
            ]
        ),
    ]

    @Test(arguments: references.indices) func meanAndQuantiles(index: Int) throws {
        let (parameters, mean, quantiles) = Self.references[index]
        let (m, s, low, high) = (parameters[0], parameters[1], parameters[2], parameters[3])
        let distribution = try Distribution.truncatedNormal(mean: m, deviation: s, low: low, high: high)
        // Ten roundings of the value and of what the deviation multiplies. Φ⁻¹ has 1e−15 of a z up to 31, and a z is rounded
        // as (x − mean)/sd.
        let tolerance = 20 * max(abs(low), abs(high), abs(m)).ulp
        #expect(abs(distribution.mean - mean) < tolerance)
        for (u, expected) in zip([0x1p-10, 0.25, 0.5, 0.875, 1 - 0x1p-30], quantiles) {
            let x = distribution.quantile(u)
            #expect(abs(x - expected) < tolerance, "\(u): \(x)")
        }
    }

    /// Without bounds to speak of it is the normal distribution.
    @Test func wideBoundsDoNothing() throws {
        let normal = try Distribution.normal(mean: 1, deviation: 2)
        let truncated = try Distribution.truncatedNormal(mean: 1, deviation: 2, low: -1e6, high: 1e6)
        for u in [1e-12, 0.01, 0.3, 0.5, 0.7, 0.99] {
            #expect(abs(truncated.quantile(u) - normal.quantile(u)) < 1e-14)
        }
        let (own, other) = (
            OrthonormalPolynomials(truncated, degree: 12).values(at: 4),
            OrthonormalPolynomials(normal, degree: 12).values(at: 4)
        )
        // A recurrence of twelve steps with values up to 40.
        for (value, expected) in zip(own, other) { #expect(abs(value - expected) < 1e-11, "\(value) \(expected)") }
    }

    @Test(arguments: [
        ([0.7, 0, 0, 1], "sd"), ([0.7, 0.1, 1, 0], "high"), ([0.7, 0.1, 0, .infinity], "high"),
        ([0, 1, 38, 40], "low"), ([0, 1, -40, -38], "high"), ([.nan, 1, 0, 1], "mean"),
    ]) func faults(_ parameters: [Double], _ name: String) {
        do {
            _ = try Distribution.truncatedNormal(
                mean: parameters[0], deviation: parameters[1], low: parameters[2], high: parameters[3])
            Issue.record("\(parameters) is no distribution")
        } catch {
            #expect(error.description.hasPrefix("\(name) of truncated_normal is"), "\(error)")
        }
    }
}
