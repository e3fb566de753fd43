import Foundation

/// x ln(x/m) + m − x ≥ 0, half of the deviance of a count x from its mean m > 0; m at x = 0.
///
/// Near x = m the three terms cancel: with v = (x − m)/(x + m) it is (x − m)v + 2x(v³/3 + v⁵/5 + …). Source: Loader, *Fast
/// and accurate computation of binomial probabilities* (2000).
@usableFromInline
func deviance(_ x: Double, mean m: Double) -> Double {
    if x == 0 { return m }
    let difference = x - m
    if abs(difference) < 0.1 * (x + m) {
        let v = difference / (x + m)
        let w = v * v
        // w < 1/100: the next term is 1e−18 of the first.
        let low = 1.0 / 3 + w * (1.0 / 5 + w * (1.0 / 7 + w * (1.0 / 9)))
        let high = 1.0 / 11 + w * (1.0 / 13 + w * (1.0 / 15 + w * (1.0 / 17)))
        return v * (difference + 2 * x * w * (low + w * w * (w * w * high)))
    }
    return x * log(x / m) - difference
}

/// ln n! − [(n + ½) ln n − n + ½ ln 2π] for a count n ≥ 1: what Stirling's formula leaves, within 1e−15.
@usableFromInline
func stirlingRemainder(_ n: Double) -> Double {
    if n < 16 { return lgamma(n + 1) - ((n + 0.5) * log(n) - n + 0.918_938_533_204_672_7) }
    let inverse = 1 / n
    let square = inverse * inverse
    return inverse
        * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square * (1.0 / 1188)))))
}
