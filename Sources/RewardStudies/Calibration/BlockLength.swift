import RealModule

/// The length of the blocks of a bootstrap that a series asks for by the rule of Politis and White.
///
/// Politis, White (Econometric Reviews 23, 2004), corrected by Patton, Politis, White (28, 2009), for circular blocks of a mean:
///
///     b = (2G²/D)^{1/3} N^{1/3},   G = Σ λ(k/M)|k|R(k),   D = (4/3)(Σ λ(k/M)R(k))²,   |k| ≤ M,
///
/// with the autocovariances R(k), λ(t) = 1 for |t| ≤ ½, 2(1 − |t|) up to 1, and M twice the lag m behind which K = max(5, log₁₀N)
/// autocorrelations in a row are within ±2√(log₁₀N/N). At most √N + K lags are looked at, and b is at most 3√N and N/3.
public enum BlockLength {
    /// The length in members of the series, at least 1; nil where the series is constant or has fewer than 10 members.
    public static func ofSeries(_ series: [Double]) -> Double? {
        let count = series.count
        guard count >= 10 else { return nil }
        let n = Double(count)
        let mean = series.reduce(0, +) / n
        let x = series.map { $0 - mean }
        let lags = max(5, Int(Double.log10(n)))
        let most = min(Int(n.squareRoot().rounded(.up)) + lags, count - 2)
        let limit = 2 * (Double.log10(n) / n).squareRoot()
        var covariances: [Double] = []
        var correlations: [Double] = []
        var found: Int?
        for lag in 0...most {
            var (product, late, early) = (0.0, 0.0, 0.0)
            for i in 0..<(count - lag) { product += x[i + lag] * x[i] }
            for i in (lag + 1)..<count {
                late += x[i] * x[i]
                early += x[i - lag - 1] * x[i - lag - 1]
            }
            covariances.append(product / n)
            let scale = (late * early).squareRoot()
            correlations.append(scale > 0 ? abs(product) / scale : 0)
            if found == nil, lag >= lags, correlations[(lag - lags)..<lag].allSatisfy({ $0 < limit }) {
                found = lag - lags
            }
        }
        guard covariances[0] > 0 else { return nil }
        let reach = min(found.map { 2 * max($0, 1) } ?? most, most)
        var (g, density) = (0.0, covariances[0])
        for lag in 1...max(reach, 1) where lag <= most {
            let ratio = Double(lag) / Double(reach)
            let weight = ratio <= 0.5 ? 1 : 2 * (1 - ratio)
            g += 2 * weight * Double(lag) * covariances[lag]
            density += 2 * weight * covariances[lag]
        }
        let longest = min(3 * n.squareRoot(), n / 3).rounded(.up)
        let length = Double.root(2 * g * g / (4 / 3 * density * density) * n, 3)
        // A density that is 0 within rounding asks for as long blocks as there may be.
        return min(max(length.isFinite ? length : longest, 1), longest)
    }

    /// The most members that a step function of time is made a series of.
    private static let mostMembers = 20_000

    /// The length, in nanoseconds, for a step function of time: it is made a series of as many equal stretches of time as it
    /// has steps, at most 20,000, with its mean in each. Nil where it is constant.
    static func ofSteps(_ values: [Double], durations: [UInt64]) -> UInt64? {
        let total = durations.reduce(0, +)
        let members = min(durations.count { $0 > 0 }, mostMembers)
        guard members >= 10, total > 0 else { return nil }
        let size = Double(total) / Double(members)
        var series = [Double](repeating: 0, count: members)
        var start = 0.0
        for (value, duration) in zip(values, durations) where duration > 0 {
            let end = start + Double(duration)
            var place = min(Int(start / size), members - 1)
            var from = start
            while from < end {
                let to = place == members - 1 ? end : min(end, Double(place + 1) * size)
                series[place] += value * (to - from) / size
                from = to
                place = min(place + 1, members - 1)
            }
            start = end
        }
        guard let length = ofSeries(series) else { return nil }
        return UInt64(max((length * size).rounded(), 1))
    }
}
