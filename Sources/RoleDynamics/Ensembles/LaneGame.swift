import CVectorKernels
import Foundation

/// The parameters of eight games, one a lane: the constants of ``PriceVelocity`` and ``LogitChoice``, first those of the C
/// kernel in its order.
struct LaneGame {
    static let rewardExcess = Int(PINFI_LOGIT_PARAMETERS)
    static let depthExponent = rewardExcess + 1
    static let inverseLag = rewardExcess + 2
    static let count = rewardExcess + 3

    /// The parameters of a game.
    static func parameters(_ game: RoleGame) -> [Double] {
        let price = PriceVelocity(game)
        let choice = LogitChoice(rationality: game.parameters.rationality, rewardExcess: game.rewardExcess)
        let lag = game.parameters.observationLag
        var values = [Double](repeating: 0, count: count)
        values[Int(PINFI_LOGIT_LOG_KEPT)] = game.logarithmOfKept
        values[Int(PINFI_LOGIT_INVERSE_KEPT)] = 1 / (1 - game.market.swapFee)
        values[Int(PINFI_LOGIT_GENUINE_LIMIT)] = price.genuineBuyersLimit
        values[Int(PINFI_LOGIT_SPECULATING_LIMIT)] = price.speculatingBuyersLimit
        // Where 1/w is beyond the largest double demand is a step either way, and 0 · ∞ would be no number.
        values[Int(PINFI_LOGIT_INVERSE_WIDTH)] = min(1 / price.width, 1e300)
        values[Int(PINFI_LOGIT_KAPPA_G)] = price.kappaG
        values[Int(PINFI_LOGIT_KAPPA_B)] = price.kappaB
        values[Int(PINFI_LOGIT_KAPPA_S)] = price.kappaS
        values[Int(PINFI_LOGIT_RATIONALITY)] = choice.rationality
        values[Int(PINFI_LOGIT_BEST_OF_OTHERS)] = choice.bestOfOthers
        values[Int(PINFI_LOGIT_WEIGHT_OF_WORSE)] = choice.weightOfWorse
        values[Int(PINFI_LOGIT_LPS_AMONG_OTHERS)] = choice.liquidityProvidersAmongOthers
        values[Int(PINFI_LOGIT_EXTERNAL_AMONG_OTHERS)] = choice.externalAmongOthers
        values[Int(PINFI_LOGIT_RATE)] = game.parameters.revisionRate
        values[rewardExcess] = game.rewardExcess
        values[depthExponent] = game.parameters.depthExponent
        values[inverseLag] = lag > 0 ? 1 / lag : 0
        return values
    }

    let logarithmOfKept, genuineBuyersLimit, speculatingBuyersLimit, inverseWidth: LaneVector
    let kappaG, kappaB, kappaS: LaneVector
    let rationality, bestOfOthers, weightOfWorse, liquidityProvidersAmongOthers, externalAmongOthers: LaneVector
    let revisionRate, rewardExcess, depthExponent, inverseLag: LaneVector

    /// - Parameter values: at least ``count`` elements.
    @inline(__always)
    init(_ values: Span<LaneVector>) {
        logarithmOfKept = values[Int(PINFI_LOGIT_LOG_KEPT)]
        genuineBuyersLimit = values[Int(PINFI_LOGIT_GENUINE_LIMIT)]
        speculatingBuyersLimit = values[Int(PINFI_LOGIT_SPECULATING_LIMIT)]
        inverseWidth = values[Int(PINFI_LOGIT_INVERSE_WIDTH)]
        kappaG = values[Int(PINFI_LOGIT_KAPPA_G)]
        kappaB = values[Int(PINFI_LOGIT_KAPPA_B)]
        kappaS = values[Int(PINFI_LOGIT_KAPPA_S)]
        rationality = values[Int(PINFI_LOGIT_RATIONALITY)]
        bestOfOthers = values[Int(PINFI_LOGIT_BEST_OF_OTHERS)]
        weightOfWorse = values[Int(PINFI_LOGIT_WEIGHT_OF_WORSE)]
        liquidityProvidersAmongOthers = values[Int(PINFI_LOGIT_LPS_AMONG_OTHERS)]
        externalAmongOthers = values[Int(PINFI_LOGIT_EXTERNAL_AMONG_OTHERS)]
        revisionRate = values[Int(PINFI_LOGIT_RATE)]
        rewardExcess = values[Self.rewardExcess]
        depthExponent = values[Self.depthExponent]
        inverseLag = values[Self.inverseLag]
    }

    /// Demand − κ_s s at prices x.
    @inline(__always)
    func excessDemand(at x: LaneVector, sellers s: LaneVector) -> LaneVector {
        let genuine = LaneLogistic((genuineBuyersLimit - x) * inverseWidth).value
        let speculating = LaneLogistic((speculatingBuyersLimit - x) * inverseWidth).value
        return (kappaG * genuine + kappaB * speculating) - kappaS * s
    }

    /// The derivative of the demand by z = ln x, ≤ 0.
    @inline(__always)
    func demandSlope(at x: LaneVector) -> LaneVector {
        let genuine = LaneLogistic((genuineBuyersLimit - x) * inverseWidth).slope
        let speculating = LaneLogistic((speculatingBuyersLimit - x) * inverseWidth).slope
        let density = kappaG * genuine + kappaB * speculating
        // Not 0 · ∞, where x/w overflows.
        return (-density * (x * inverseWidth)).replacing(with: 0, where: density .== 0)
    }

    /// ℓ^−η; NaN where the pool is empty.
    func depthFactor(_ l: LaneVector) -> LaneVector {
        var result = LaneVector(repeating: .nan)
        for lane in 0..<LaneVector.scalarCount where l[lane] > 0 {
            result[lane] = depthExponent[lane] == 1 ? 1 / l[lane] : pow(l[lane], -depthExponent[lane])
        }
        return result
    }

    /// P of the logit choice: the sellers' with its complement.
    @inline(__always)
    func logitSellers(_ u: LaneVector) -> LaneLogistic {
        LaneLogistic(rationality * (u - bestOfOthers) - weightOfWorse)
    }
}
