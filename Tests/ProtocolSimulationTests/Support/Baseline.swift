import DissipativeMarket
import RoleDynamics

@testable import ProtocolSimulation

/// The baseline of the model: β 0.7, p 0.2, θ 1.5, δ 1.3, so that c = 1, and γ 0.79.
func baselinePool(
    providers: Int, gamma: Double = 0.79, price: Double = 1, shares: (Double, Double) = (0.5, 0.5),
    kappa: (g: Double, b: Double) = (0.5, 0.5), width: Double = 0.02, rationality: Double = 50,
    revisionProtocol: RevisionProtocol = .logit, scale: Double = 1, name: String = "pool", orderSize: Double = 0.25
) throws -> PoolParameters {
    var pool = PoolParameters(
        name: name,
        market: try Market(
            externalPrice: 0.7 * scale, failureProbability: 0.2, collateral: 1.5 * scale, reservationPrice: 1.3 * scale),
        blockReward: gamma * scale, genuineIntensity: kappa.g, speculatingIntensity: kappa.b, demandWidth: width,
        rationality: rationality, revisionProtocol: revisionProtocol, providers: providers, initialPrice: price * scale,
        initialShares: try RoleShares(liquidityProviders: shares.0, sellers: shares.1))
    pool.orderSize = orderSize
    return pool
}

/// The logit rest point of the baseline (model.md, section 5).
let baselineRest = (price: 1.185_437_485_59, lp: 0.496_110_0, seller: 0.498_378_7)

extension ProtocolEnsemble {
    /// Mean and standard error of a quantity's mean over times, runs being the observations.
    func timeMean(_ quantity: ProtocolQuantity, pool: Int = 0, from: Double) -> (mean: Double, error: Double) {
        let places = parameters.times.indices.filter { parameters.times[$0] >= from }
        var sums = [Double](repeating: 0, count: runs.count)
        for place in places {
            for (run, value) in values(quantity, pool: pool, time: place).enumerated() { sums[run] += value }
        }
        let means = sums.map { $0 / Double(places.count) }
        let mean = means.reduce(0, +) / Double(means.count)
        let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(means.count - 1) / Double(means.count)).squareRoot())
    }
}

/// Times 0, step, 2 step … end.
func grid(_ end: Double, _ step: Double) -> [Double] { stride(from: 0, through: end + step / 2, by: step).map { $0 } }
