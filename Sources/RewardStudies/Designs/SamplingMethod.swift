import NumericalMethods

/// How a sample of a parameter space is drawn.
public enum SamplingMethod: Equatable, Hashable, Sendable {
    /// Independent points.
    case random
    /// Each parameter once in each of as many intervals of the same probability as there are points.
    case latinHypercube
    /// A Sobol sequence; its even coverage is that of 2^m points.
    case sobol(Randomisation)
}

/// How the points of a Sobol sequence are randomised.
public enum Randomisation: String, CaseIterable, Sendable {
    /// Every coordinate's digits are flipped by those of one random number.
    case digitalShift = "digital-shift"
    /// Owen's nested uniform scrambling.
    case owen

    /// The scrambling that a seed gives.
    public func scrambling(seed: UInt64) -> Scrambling {
        switch self {
        case .digitalShift: .digitalShift(seed: seed)
        case .owen: .owen(seed: seed)
        }
    }
}

/// Whether a number of points is a power of two, at which a Sobol sequence covers all intervals evenly. Elsewhere it
/// still can be used; it is worth a warning.
public func isPowerOfTwo(_ count: Int) -> Bool { count > 0 && count & (count - 1) == 0 }
