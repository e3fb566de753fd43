/// α*(γ) of many markets at once, in the processor's vectors.
public enum EquilibriumPrices {
    /// Fills `output` with α* = c·Λ((γ + pθ)/c)/(1 − φ) of each row, on the calling thread.
    ///
    /// NaN where a parameter is outside of its domain and where γ < β, so that there is none; +∞ where it exceeds the largest
    /// double. Within 8 ulp of ``Market/equilibriumPrice(blockReward:)``: the same equation, solved by
    /// ``InverseLogarithmicMean/fillExcesses(_:of:)``.
    ///
    /// All arrays have the length of `output`.
    ///
    /// - Parameters:
    ///   - output: filled with prices in tokens per unit.
    ///   - externalPrice: β.
    ///   - failureProbability: p.
    ///   - collateral: θ.
    ///   - blockReward: γ.
    ///   - swapFee: φ; 0 for all without it.
    public static func fill(
        _ output: UnsafeMutableBufferPointer<Double>, externalPrice: UnsafeBufferPointer<Double>,
        failureProbability: UnsafeBufferPointer<Double>, collateral: UnsafeBufferPointer<Double>,
        blockReward: UnsafeBufferPointer<Double>, swapFee: UnsafeBufferPointer<Double>? = nil
    ) {
        let count = output.count
        precondition(
            externalPrice.count == count && failureProbability.count == count && collateral.count == count
                && blockReward.count == count && swapFee.map { $0.count == count } ?? true,
            "arrays of different lengths")
        withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { excesses in
            var special = 0
            for i in 0..<count {
                let (beta, p, theta, gamma) = (externalPrice[i], failureProbability[i], collateral[i], blockReward[i])
                let cost = beta + p * theta
                let excess = (gamma - beta) / cost
                let isAllowed = beta >= 1e-100 && p >= 0 && p <= 1 && theta >= 0
                let isOrdinary =
                    isAllowed && cost <= 1e100 && gamma <= 1e100 && excess >= 1e-200 && excess <= 1e8
                special += isOrdinary ? 0 : 1
                // Where it is not, the value is replaced below.
                excesses.initializeElement(at: i, to: isOrdinary ? excess : 1)
            }
            InverseLogarithmicMean.fillExcesses(output, of: UnsafeBufferPointer(excesses))
            for i in 0..<count {
                let cost = externalPrice[i] + failureProbability[i] * collateral[i]
                output[i] = cost + cost * output[i]
            }
            if let swapFee {
                for i in 0..<count {
                    special += swapFee[i] >= 0 && swapFee[i] <= 0.999 ? 0 : 1
                    output[i] /= 1 - swapFee[i]
                }
            }
            guard special > 0 else { return }
            for i in 0..<count {
                // The rows that are not ordinary, and others that share their excess of 1 by chance, with the same result
                // to a few ulp.
                let fee = swapFee.map { $0[i] } ?? 0
                guard excesses[i] == 1 || !(fee >= 0 && fee <= 0.999) else { continue }
                output[i] = price(
                    externalPrice[i], failureProbability[i], collateral[i], blockReward[i], fee)
            }
        }
    }

    private static func price(_ beta: Double, _ p: Double, _ theta: Double, _ gamma: Double, _ fee: Double) -> Double {
        guard gamma >= 0, gamma < .infinity,
            let market = try? Market(
                externalPrice: beta, failureProbability: p, collateral: theta, reservationPrice: 1, swapFee: fee)
        else { return .nan }
        return market.equilibriumPrice(blockReward: gamma) ?? .nan
    }
}
