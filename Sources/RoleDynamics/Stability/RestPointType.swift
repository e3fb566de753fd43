import ComplexModule

/// What a rest point is like to first order.
public enum RestPointType: String, CaseIterable, Sendable {
    /// All eigenvalues negative.
    case stableNode = "stable-node"
    /// All real parts negative, and a pair among them.
    case stableFocus = "stable-focus"
    /// All eigenvalues positive.
    case unstableNode = "unstable-node"
    /// All real parts positive, and a pair among them.
    case unstableFocus = "unstable-focus"
    /// A positive real part beside one that is not.
    case saddle
    /// A pair with real part 0, beside negative ones at most: a centre to first order, on which higher orders decide.
    case centre
    /// A rest point of a field that jumps, as a mixture of its two sides; it has no eigenvalues.
    case sliding

    /// Whether all that has a sign falls off.
    public var isStable: Bool { self == .stableNode || self == .stableFocus }

    /// Whether the point is stable; nil for a type that does not say it, a centre or a sliding point.
    public var stability: Bool? { self == .centre || self == .sliding ? nil : isStable }
}

/// The signs of eigenvalues.
struct Spectrum {
    let values: [Complex<Double>]
    /// What counts as 0.
    let tolerance: Double
    /// How many are 0.
    let zeros: Int
    /// The type by the others; nil where all are 0.
    let type: RestPointType?

    /// - Parameter tolerance: up to what modulus an eigenvalue or its real part counts as 0; 0 for those whose signs are known.
    init(_ values: [Complex<Double>], tolerance: Double) {
        self.values = values
        self.tolerance = tolerance
        let others = values.filter { $0.length > tolerance }
        zeros = values.count - others.count
        let rises = others.contains { $0.real > tolerance }
        let falls = others.contains { $0.real < -tolerance }
        let circles = others.contains { abs($0.real) <= tolerance }
        let turns = others.contains { $0.imaginary != 0 }
        type =
            if others.isEmpty {
                nil
            } else if rises {
                falls || circles ? .saddle : turns ? .unstableFocus : .unstableNode
            } else if circles {
                .centre
            } else {
                turns ? .stableFocus : .stableNode
            }
    }

    /// The eigenvalues that LAPACK found: 1e−13 of the largest modulus counts as 0. dgeev returns the eigenvalues of a
    /// matrix that is off by a few n·ε·‖A‖, 4·2.2e−16 times a small factor here; one that small beside the largest has
    /// no sign.
    init(computed values: [Complex<Double>]) {
        self.init(values, tolerance: 1e-13 * (values.map(\.length).max() ?? 0))
    }

    /// The pair of the largest frequency; nil where all are real.
    var pair: Complex<Double>? { values.filter { $0.imaginary > 0 }.max { $0.imaginary < $1.imaginary } }
}
