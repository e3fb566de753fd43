import ComplexModule
import Foundation
import NumericalMethods
import RealModule

/// The observation lag at which a rest point that is stable without one loses its stability, with what happens there.
public struct CriticalLag: Equatable, Sendable {
    /// The lag τ > 0, in units of T: the smallest at which a pair of eigenvalues crosses the imaginary axis; at a kink that
    /// at which a full turn neither grows nor falls off.
    public let lag: Double
    /// The period there, in units of T: 2π/ω of the pair ±iω, or that of a turn about the kink.
    public let period: Double
    /// The lag beyond which all eigenvalues are to the left again; nil if they never are, as at a kink.
    public let stableAgainLag: Double?
}

/// What is known of a rest point's critical lag.
public enum CriticalLagAnswer: Equatable, Sendable {
    /// The critical lag.
    case found(CriticalLag)
    /// The point keeps its stability at every lag: there is no critical one.
    case stableAtEveryLag
    /// The point is not stable without a lag: by definition there is no critical one.
    case unstableWithoutLag
    /// The point has no linearisation: a sliding point, or an empty pool with a depth exponent.
    case noLinearisation
    /// The growth over a turn about a kink could not be found.
    case growthNotFound

    /// The lag; nil for every other answer.
    public var found: CriticalLag? { if case .found(let critical) = self { critical } else { nil } }

    /// Whether the answer is not known, where the others are answers.
    public var isFailure: Bool { self == .noLinearisation || self == .growthNotFound }

    /// The answer in a few words, "ok" for a lag.
    public var status: String {
        switch self {
        case .found: "ok"
        case .stableAtEveryLag: "stable at every lag"
        case .unstableWithoutLag: "unstable without lag"
        case .noLinearisation: "no linearisation"
        case .growthNotFound: "growth over a turn not found"
        }
    }
}

extension RestPoint {
    /// The critical lag of the point, whatever lag its game has.
    public var criticalLag: CriticalLagAnswer {
        CriticalLagAnswer(stability.linearisation, stability.linearisationBelow)
    }
}

extension CriticalLagAnswer {
    /// - Parameters:
    ///   - linearisation: above a kink, or where there is none.
    ///   - below: of the side below a kink.
    init(_ linearisation: Linearisation?, _ below: Linearisation?) {
        guard let linearisation else {
            self = .noLinearisation
            return
        }
        guard let below else {
            self =
                if !linearisation.isStableWithoutLag {
                    .unstableWithoutLag
                } else if let crossings = linearisation.lagCrossings {
                    .found(
                        CriticalLag(
                            lag: crossings.destabilising, period: 2 * Double.pi / crossings.frequency,
                            stableAgainLag: crossings.stabilising))
                } else {
                    .stableAtEveryLag
                }
            return
        }
        let withoutLag = StabilityVerdict.kinkedType(
            Spectrum(linearisation.eigenvaluesWithoutLag, tolerance: 0),
            Spectrum(below.eigenvaluesWithoutLag, tolerance: 0))
        guard withoutLag?.isStable == true else {
            self = .unstableWithoutLag
            return
        }
        self =
            switch KinkTurn(above: linearisation, below: below)?.lagEffect {
            case .grows(let lag, let period)?: .found(CriticalLag(lag: lag, period: period, stableAgainLag: nil))
            case KinkTurn.LagEffect.none?: .stableAtEveryLag
            case .unknown?, nil: .growthNotFound
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
    /// Whether all eigenvalues without a lag that are not 0 are on the left.
    var isStableWithoutLag: Bool { Spectrum(eigenvaluesWithoutLag, tolerance: 0).type?.isStable == true }

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
        guard isStableWithoutLag else { return nil }
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
        guard isStableWithoutLag else { return Spectrum(computed: values).type }
        if let crossings = lagCrossings {
            let all = [crossings.destabilising] + (crossings.stabilising.map { [$0] } ?? [])
            if all.contains(where: { abs($0 / lag - 1) <= 1e-12 }) { return .centre }
            if lag > crossings.destabilising, lag < crossings.stabilising ?? .infinity { return .saddle }
        }
        return values.contains { $0.imaginary != 0 } ? .stableFocus : .stableNode
    }
}
