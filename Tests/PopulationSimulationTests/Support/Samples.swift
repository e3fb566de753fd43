import DissipativeMarket
import Foundation
import NumericalMethods
import PopulationSimulation
import RoleDynamics

/// The sizes of the statistical tests: all of them small unless `PINFI_POPULATION_CHECKS` is `full`, as
/// `scripts/check-population` sets it.
enum SampleSize {
    static let isFull = ProcessInfo.processInfo.environment["PINFI_POPULATION_CHECKS"] == "full"

    static func choose<Value>(_ small: Value, full: Value) -> Value { isFull ? full : small }
}

extension RoleGame {
    /// The baseline of the model at a reward ratio: c = 1, b = 0.7, d = 1.3.
    static func baseline(
        _ y: Double = 0.79, _ revisionProtocol: RevisionProtocol = .logit, parameters: RevisionParameters = .baseline
    ) throws -> RoleGame {
        try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: y, parameters: parameters,
            revisionProtocol: revisionProtocol)
    }

    /// The model's game off the baseline.
    static func offBaseline() throws -> RoleGame {
        try RoleGame(
            market: Market(externalRatio: 0.6, reservationRatio: 1.45), blockReward: 0.8,
            intensities: TradeIntensities(genuineBuyers: 0.4, speculatingBuyers: 0.7, sellers: 1.3),
            parameters: RevisionParameters(demandWidth: 0.05, rationality: 30, revisionRate: 3))
    }
}

extension RoleShares {
    /// The start of the model's examples: ℓ = 0.5, s = 0.1.
    static func example() throws -> RoleShares { try RoleShares(liquidityProviders: 0.5, sellers: 0.1) }
}

/// Times from a first one on, in steps.
func times(_ step: Double, until end: Double) -> [Double] {
    (1...Int((end / step).rounded())).map { Double($0) * step }
}

/// Pearson's χ² of counts against probabilities.
func chiSquare(_ counts: [Int], _ probabilities: [Double]) -> Double {
    let total = Double(counts.reduce(0, +))
    return zip(counts, probabilities).reduce(0) { sum, pair in
        let expected = pair.1 * total
        return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
    }
}

/// χ² of counts against probabilities, with states that are expected less than five times taken together, is below a bound
/// that a right law exceeds once in millions: five standard deviations of χ², and ten for its skew.
func fits(_ counts: [Int], _ probabilities: [Double]) -> Bool {
    let total = Double(counts.reduce(0, +))
    let common = probabilities.indices.filter { probabilities[$0] * total >= 5 }
    var (pooledCounts, pooled) = (common.map { counts[$0] }, common.map { probabilities[$0] })
    let restCount = counts.reduce(0, +) - pooledCounts.reduce(0, +)
    let rest = 1 - pooled.reduce(0, +)
    if rest * total >= 0.5 {
        pooledCounts.append(restCount)
        pooled.append(rest)
    } else if restCount > 5 {
        // Of what is expected less than half a time, six.
        return false
    }
    let freedom = Double(pooled.count - 1)
    return chiSquare(pooledCounts, pooled) < freedom + 5 * (2 * freedom).squareRoot() + 10
}

/// The stationary law of a chain with a few states, from its rates.
func stationaryLaw(_ count: Int, rates: (Int) -> [(to: Int, rate: Double)]) throws -> [Double] {
    var matrix = Matrix.zero(rows: count, columns: count)
    for from in 0..<count {
        for (to, rate) in rates(from) where to != from {
            matrix[to, from] += rate
            matrix[from, from] -= rate
        }
    }
    // The equations add up to 0, so that one may be replaced by Σ p = 1.
    for j in 0..<count { matrix[count - 1, j] = 1 }
    return try solve(matrix, [Double](repeating: 0, count: count - 1) + [1])
}
