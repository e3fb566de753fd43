import ComplexModule
import Foundation
import NumericalMethods
import RealModule

/// The observation lag at which a rest point that is stable without one loses its stability, with what happens there.
public struct CriticalLag: Equatable, Sendable {
    /// The lag τ > 0, in units of T: the smallest at which a pair of eigenvalues crosses the imaginary axis.
    public let lag: Double
    /// The period 2π/ω of the pair ±iω there, in units of T.
    public let period: Double
    /// The lag beyond which all eigenvalues are to the left again; nil if they never are.
    public let stableAgainLag: Double?
    /// The eigenvalue of the 4 × 4 Jacobian at that lag which is nearest to 2πi/period, from LAPACK: another route to the same
    /// crossing. Where the rates are of one order it is on the axis to some 1e−15; its own error is ε‖J‖, ε/τ for a small
    /// lag, and the root of that for a pair that is nearly 0.
    public let eigenvalue: Complex<Double>
}

/// Why a critical lag was not found.
public enum CriticalLagError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The point has no linearisation (on that side): a sliding point, or an empty pool with a depth exponent.
    case noLinearisation
    /// The eigenvalues that check it were not found.
    case eigenvalues(LinearAlgebraError)

    /// The error in a line.
    public var description: String {
        switch self {
        case .noLinearisation: "the rest point has no linearisation, so no critical lag"
        case .eigenvalues(let error): "critical lag: \(error)"
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
        guard let crossings = linearisation.lagCrossings else { return nil }
        let lag = crossings.destabilising
        do throws(LinearAlgebraError) {
            let values = try eigenvalues(of: Matrix(linearisation.matrix(lag: lag)))
            let axis = Complex(0, crossings.frequency)
            let nearest = values.min { ($0 - axis).length < ($1 - axis).length } ?? axis
            return CriticalLag(
                lag: lag, period: 2 * Double.pi / crossings.frequency, stableAgainLag: crossings.stabilising,
                eigenvalue: nearest)
        } catch {
            throw .eigenvalues(error)
        }
    }
}

/// The lags at which a pair of eigenvalues crosses the imaginary axis.
struct LagCrossings: Equatable {
    /// τ₁ > 0, beyond which a pair is on the right.
    let destabilising: Double
    /// ω > 0 of the pair there.
    let frequency: Double
    /// τ₂ > τ₁, beyond which it is on the left again; nil if it never is.
    let stabilising: Double?
}

extension Linearisation {
    /// The crossings, in closed form; nil where the point is not stable without a lag or where there is none.
    ///
    /// With u′ = Au + Bq, q′ = (z − q)/τ the characteristic polynomial is (1 + τμ)p_A + p_{A+BC} − p_A, C = (1, 0, 0). The
    /// factor μ + r of ``eigenvaluesWithoutLag`` is one of this as well, and leaves
    ///
    ///     τμ³ + (1 + τS)μ² + (S + τP)μ + (P + K),    S = a + r′,  P = ar′,  K = κB_s,
    ///
    /// all of whose roots are on the left if (1 + τS)(S + τP) > τ(P + K) (Routh and Hurwitz), that is
    ///
    ///     SPτ² + (S² − K)τ + S > 0.
    ///
    /// So there is a crossing if K − S² > 2S√P, and then at both roots, with ω² = (S + τP)/τ; a double root touches the axis
    /// only. At a tie P = 0, and the critical lag is a/(K − a²), for good. Both roots are formed without cancellation but
    /// that in K − S², as √K − S.
    var lagCrossings: LagCrossings? {
        guard Spectrum(eigenvaluesWithoutLag, tolerance: 0).type?.isStable == true else { return nil }
        let effect = sellersEffect.squareRoot() * seenBySellers.squareRoot()
        let scale = max(priceDamping, sharesDamping, effect)
        // In units in which the largest rate is 1, so that no square overflows.
        let (a, r, k) = (priceDamping / scale, sharesDamping / scale, effect / scale)
        let (s, p) = (a + r, a * r)
        let excess = (k - s) * (k + s)
        let threshold = 2 * s * p.squareRoot()
        guard excess > threshold, s > 0 else { return nil }
        let sum = excess + (excess - threshold).squareRoot() * (excess + threshold).squareRoot()
        let first = 2 * s / sum
        let second = sum / (2 * s * p) / scale
        let frequency = (s / first + p).squareRoot() * scale
        let lag = first / scale
        guard lag > 0, lag < .infinity, frequency < .infinity else { return nil }
        return LagCrossings(
            destabilising: lag, frequency: frequency, stabilising: second < .infinity ? second : nil)
    }

    /// The type of the point at a lag τ > 0, given LAPACK's eigenvalues there.
    ///
    /// Growth is told by the crossings, if there is none without a lag: LAPACK's error, ε/τ for small lags, would hide slow
    /// growth and slow decay alike. A crossing within 1e−12 of τ itself is a centre.
    func type(lag: Double, computed values: [Complex<Double>]) -> RestPointType? {
        let withoutLag = Spectrum(eigenvaluesWithoutLag, tolerance: 0)
        guard withoutLag.type?.isStable == true else { return Spectrum(computed: values).type }
        if let crossings = lagCrossings {
            let all = [crossings.destabilising] + (crossings.stabilising.map { [$0] } ?? [])
            if all.contains(where: { abs($0 / lag - 1) <= 1e-12 }) { return .centre }
            if lag > crossings.destabilising, lag < crossings.stabilising ?? .infinity { return .saddle }
        }
        return values.contains { $0.imaginary != 0 } ? .stableFocus : .stableNode
    }
}
