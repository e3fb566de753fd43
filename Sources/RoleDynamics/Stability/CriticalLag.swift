import ComplexModule
import Foundation
import NumericalMethods
import RealModule

/// The observation lag at which a rest point that is stable without one loses its stability, with what happens there.
public struct CriticalLag: Equatable, Sendable {
    /// The lag τ > 0, in units of T: the smallest at which a pair of eigenvalues crosses the imaginary axis to the right.
    public let lag: Double
    /// The period 2π/ω of the pair ±iω there, in units of T.
    public let period: Double
    /// The lag beyond which all eigenvalues are to the left again, until the next crossing if there is one; nil if they
    /// never are.
    public let stableAgainLag: Double?
    /// The eigenvalue of the 4 × 4 Jacobian at that lag which is nearest to iω, from LAPACK: the check on the lag.
    public let eigenvalue: Complex<Double>
}

/// Why a critical lag was not found.
public enum CriticalLagError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The point has no linearisation (on that side): a sliding point, or an empty pool with a depth exponent.
    case noLinearisation
    /// The eigenvalues that decide or check were not found.
    case eigenvalues(LinearAlgebraError)
    /// No eigenvalue of the Jacobian at the lag found is on the imaginary axis: the problem is too stiff for the doubles.
    case notConfirmed(lag: Double, frequency: Double, eigenvalue: Complex<Double>)

    /// The error in a line.
    public var description: String {
        switch self {
        case .noLinearisation: "the rest point has no linearisation, so no critical lag"
        case .eigenvalues(let error): "critical lag: \(error)"
        case .notConfirmed(let lag, let frequency, let eigenvalue):
            "critical lag: at lag \(lag) the eigenvalue \(eigenvalue.real) + \(eigenvalue.imaginary)i is not at "
                + "\(frequency)i; the game is too stiff"
        }
    }
}

extension RestPoint {
    /// The critical lag of the point, whatever lag its game has; nil where it is not stable without lag, or stable at every
    /// lag.
    ///
    /// - Parameter side: of a kink, where the point is at one; elsewhere without meaning.
    /// - Throws: ``CriticalLagError``.
    public func criticalLag(side: TieSide = .above) throws(CriticalLagError) -> CriticalLag? {
        let below = side == .below ? stability.linearisationBelow : nil
        guard let linearisation = below ?? stability.linearisation else { throw .noLinearisation }
        return try linearisation.criticalLag()
    }
}

/// A lag at which a pair of eigenvalues is on the imaginary axis.
struct LagCrossing: Equatable {
    /// τ > 0.
    let lag: Double
    /// ω > 0.
    let frequency: Double
    /// Whether the pair goes from left to right as the lag grows.
    let isToTheRight: Bool
}

extension Linearisation {
    func criticalLag() throws(CriticalLagError) -> CriticalLag? {
        let answer: CriticalLag
        let confirmed: Bool
        let frequency: Double
        do throws(LinearAlgebraError) {
            let withoutLag = Spectrum(try eigenvalues(of: Matrix(matrix(lag: 0))))
            guard withoutLag.type?.isStable == true else { return nil }
            var pairsToTheRight = 0
            var critical: LagCrossing?
            var stableAgain: Double?
            for crossing in try crossings() {
                pairsToTheRight += crossing.isToTheRight ? 1 : -1
                if critical == nil, pairsToTheRight > 0 { critical = crossing }
                if critical != nil, pairsToTheRight == 0 {
                    stableAgain = crossing.lag
                    break
                }
            }
            guard let critical else { return nil }
            let lag = critical.lag
            frequency = critical.frequency
            let values = try eigenvalues(of: Matrix(matrix(lag: lag)))
            let axis = Complex(0, frequency)
            guard let nearest = values.min(by: { ($0 - axis).length < ($1 - axis).length }) else { return nil }
            answer = CriticalLag(
                lag: lag, period: 2 * Double.pi / frequency, stableAgainLag: stableAgain, eigenvalue: nearest)
            // dgeev's own error is some ε‖J‖.
            let largest = matrix(lag: lag).joined().reduce(0) { max($0, abs($1)) }
            confirmed = (nearest - axis).length <= 1e-6 * frequency + 64 * Double.ulpOfOne * largest
        } catch {
            throw .eigenvalues(error)
        }
        guard confirmed else {
            throw .notConfirmed(lag: answer.lag, frequency: frequency, eigenvalue: answer.eigenvalue)
        }
        return answer
    }

    /// The crossings of the imaginary axis by eigenvalues as the lag grows, by growing lag.
    ///
    /// With u′ = Au + Bq, q′ = (Cu − q)/τ, C = (1, 0, 0), the characteristic equation is
    ///
    ///     (1 + τμ) p_A(μ) + n(μ) = 0,    n = p_{A + BC} − p_A,
    ///
    /// p the characteristic polynomials. At μ = iω it reads 1 + iτω = −n/p_A: the real part, |p_A|² + Re(n p̄_A) = 0,
    /// is a cubic Q in Ω = ω² without τ, and the imaginary part gives τ. Since A is block triangular,
    ///
    ///     p_A = (μ + a)(μ² + tμ + D),    n = κ(B_s(μ − S_ℓℓ) + S_sℓ B_ℓ),    t = −tr S, D = det S.
    ///
    /// The pair crosses to the right where Q′(Ω) > 0, to the left where Q′(Ω) < 0, and not at a double root: with R = −n/p_A
    /// the derivative is dμ/dτ = μ/(R′(μ) − τ), whose real part has the sign of Im R′ = −d Re R(iω)/dω, and Q is
    /// |p_A|²(1 − Re R). For logit Q has the factor Ω + ρ², and what is left is the Routh–Hurwitz condition of a cubic.
    ///
    /// Routh–Hurwitz for the quartic is rejected: it gives the lags as roots of a polynomial too, but neither the frequency
    /// nor which way the pair goes.
    func crossings() throws(LinearAlgebraError) -> [LagCrossing] {
        // In units in which the largest rate is 1, so that no product overflows.
        let seen = max(abs(seenByLPs), abs(seenBySellers))
        let scale = max(
            priceDamping, abs(ll), abs(ls), abs(sl), abs(ss), sellersEffect.squareRoot() * seen.squareRoot())
        guard scale > 0, scale < .infinity else { return [] }
        let a = priceDamping / scale
        let (ll, ls, sl, ss) = (ll / scale, ls / scale, sl / scale, ss / scale)
        let toLPs = sellersEffect / scale * (seenByLPs / scale)
        let toSellers = sellersEffect / scale * (seenBySellers / scale)

        // Where shares are exchanged one for one at a tie, D, and for BNN t and n(0), are 0; what rounding leaves of them
        // would be a root at a frequency of 1e−8 and a lag of 1e17.
        func difference(_ x: Double, _ y: Double) -> Double {
            let value = x - y
            return abs(value) <= 16 * Double.ulpOfOne * max(abs(x), abs(y)) ? 0 : value
        }
        let t = difference(-ll, ss)
        let d = difference(ll * ss, ls * sl)
        let (n1, n0) = (toSellers, difference(sl * toLPs, ll * toSellers))
        let (c2, c1, c0) = (a + t, a * t + d, a * d)

        let inner = t * t - 2 * d
        let q = [a * a * d * d + n0 * c0, d * d + a * a * inner + n1 * c1 - n0 * c2, inner + a * a - n1, 1]
        let crossings = try positiveRoots(ofMonic: q).compactMap { root -> LagCrossing? in
            let modulusSquared = (root + a * a) * ((d - root) * (d - root) + t * t * root)
            let lag = (n0 * (c1 - root) - n1 * (c0 - c2 * root)) / modulusSquared / scale
            let slope = (3 * root + 2 * q[2]) * root + q[1]
            guard lag > 0, lag < .infinity, slope != 0 else { return nil }
            return LagCrossing(lag: lag, frequency: root.squareRoot() * scale, isToTheRight: slope > 0)
        }
        return crossings.sorted { $0.lag < $1.lag }
    }
}

/// The positive real roots of a monic polynomial, its coefficients by rising power: the eigenvalues of its companion matrix,
/// polished by Newton's method. Roots of even multiplicity may be left out.
private func positiveRoots(ofMonic coefficients: [Double]) throws(LinearAlgebraError) -> [Double] {
    // Roots at 0 are none that is wanted.
    let q = Array(coefficients.drop { $0 == 0 })
    let n = q.count - 1
    guard n > 0 else { return [] }
    var companion = Matrix.zero(rows: n, columns: n)
    for row in 0..<n {
        if row > 0 { companion[row, row - 1] = 1 }
        companion[row, n - 1] = -q[row]
    }
    var roots: [Double] = []
    for value in try eigenvalues(of: companion) where value.imaginary == 0 && value.real > 0 {
        var root = value.real
        for _ in 0..<4 {
            var (p, slope) = (1.0, 0.0)
            for coefficient in q.dropLast().reversed() {
                slope = slope * root + p
                p = p * root + coefficient
            }
            let next = root - p / slope
            // Newton's step is below an eigenvalue's error; one that is not is at a double root.
            guard slope != 0, abs(next - root) <= 1e-6 * root else { break }
            root = next
        }
        roots.append(root)
    }
    return roots
}
