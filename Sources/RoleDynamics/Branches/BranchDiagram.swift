import ComplexModule
import NumericalMethods
import RealModule

/// A point of a branch of rest points.
public struct RestBranchPoint: Sendable {
    /// From 1 on along the branch.
    public internal(set) var number = 0
    /// What the point is; nil for one between.
    public internal(set) var label: BranchLabel?
    /// The parameter's value.
    public let parameter: Double
    /// z = ln x.
    public let logPrice: Double
    /// The shares.
    public let shares: RoleShares
    /// The roles that are played.
    public let face: RestFace
    /// The eigenvalues, by falling real part, of a pair the positive imaginary part first.
    public let eigenvalues: [Complex<Double>]
    /// Whether the point is stable to first order; nil where it is not known, as at a Hopf point.
    public let isStable: Bool?
    /// The parameter's component of the branch's tangent, in the coordinates of the continuation.
    public let parameterTangent: Double
    /// The arclength of the step that led here.
    public let step: Double
    /// The Newton steps that it took.
    public let iterations: Int
    /// The largest modulus among the components of the field.
    public let residual: Double
    /// "ok", or what is to be known of the point.
    public let status: String

    /// x = e^z.
    public var price: Double { Double.exp(logPrice) }
    /// How many eigenvalues are on the right.
    public var unstableCount: Int { eigenvalues.count { $0.real > 0 } }
}

/// A cycle of a branch.
public struct CycleBranchPoint: Sendable {
    /// From 1 on along the branch.
    public internal(set) var number = 0
    /// What the point is; nil for one between.
    public internal(set) var label: BranchLabel?
    /// The parameter's value.
    public let parameter: Double
    /// The period, in units of T.
    public let period: Double
    /// The lowest and the highest price x.
    public let prices: ClosedRange<Double>
    /// The mean of x over time.
    public let meanPrice: Double
    /// The ranges of the shares of LPs, sellers and external sellers.
    public let shareRanges: [ClosedRange<Double>]
    /// The means of the three shares over time.
    public let meanShares: [Double]
    /// The Floquet multipliers by falling modulus, the trivial one included.
    public let multipliers: [Complex<Double>]
    /// |μ − 1| of the trivial one.
    public let multiplierError: Double
    /// How many of the others are outside of the unit circle.
    public let unstableCount: Int
    /// Whether the cycle is stable; nil where a multiplier is on the unit circle within the error.
    public let isStable: Bool?
    /// The parameter's component of the branch's tangent.
    public let parameterTangent: Double
    /// The arclength of the step that led here.
    public let step: Double
    /// The Newton steps that it took.
    public let iterations: Int
    /// The intervals of the mesh.
    public let intervals: Int
    /// The largest modulus among what is left of the collocation equations.
    public let residual: Double
    /// The cycle as a function of time, in shares of the period: times and states z, ℓ, s, q (q = z without a lag). Of labelled
    /// points only.
    public internal(set) var profile: [(time: Double, state: [Double])]
    /// "ok", or what is to be known of the cycle.
    public let status: String
}

/// A branch: rest points or cycles, in rising arclength.
public struct RoleBranch: Sendable {
    /// The points of a branch.
    public enum Points: Sendable {
        case rest([RestBranchPoint])
        case cycles([CycleBranchPoint])
    }

    /// From 1 on; the first is that of the rest points.
    public let number: Int
    /// The points.
    public let points: Points

    /// The rest points; none on a branch of cycles.
    public var restPoints: [RestBranchPoint] { if case .rest(let points) = points { points } else { [] } }
    /// The cycles; none on a branch of rest points.
    public var cycles: [CycleBranchPoint] { if case .cycles(let points) = points { points } else { [] } }
}

/// What happens at a labelled point of a branch.
public struct BranchEvent: Sendable {
    /// What is known of a Hopf point.
    public struct Hopf: Sendable {
        /// ω, in 1/T.
        public let frequency: Double
        /// l₁.
        public let firstLyapunov: Double
        /// Whether the cycles are stable.
        public let criticality: Criticality
        /// A₂ = d(x_max − x_min)²/dp at the onset.
        public let amplitudeSlope: Double
        /// T₁ = dT/dp at the onset.
        public let periodSlope: Double
    }

    /// From 1 on.
    public internal(set) var number = 0
    /// The branch.
    public let branch: Int
    /// The point's number on it.
    public internal(set) var point: Int
    /// What happens.
    public let label: BranchLabel
    /// Whether it happens to a cycle.
    public let isOnCycle: Bool
    /// The parameter's value.
    public let parameter: Double
    /// x, of a cycle its mean over time.
    public let price: Double
    /// The shares of LPs, sellers and external sellers, of a cycle their means over time.
    public let shares: [Double]
    /// The period of the cycle, or of those born; nil elsewhere.
    public let period: Double?
    /// What is known of a Hopf point; nil elsewhere.
    public let hopf: Hopf?
    /// What is left of the function whose zero the point is.
    public let testValue: Double?
    /// How far the parameter may be off.
    public let parameterError: Double?
    /// The branch that was followed from here.
    public internal(set) var toBranch: Int?
    /// Why, in words.
    public let reason: String?

    /// The event in a word.
    public var word: String { label.event(onCycle: isOnCycle) }
    /// AUTO-07p's number.
    public var autoType: Int? { label.autoType(onCycle: isOnCycle) }
}

/// The branches of a game in one parameter, with what happens on them.
public struct BranchDiagram: Sendable {
    /// The game at its own parameter value.
    public let game: RoleGame
    /// The parameter.
    public let parameter: BranchParameter
    /// The branches.
    public internal(set) var branches: [RoleBranch] = []
    /// What happens on them, branch by branch in order.
    public internal(set) var events: [BranchEvent] = []
    /// What a reader of the diagram should know, in sentences.
    public internal(set) var notes: [String] = []
}

/// What keeps a continuation from starting.
public enum ContinuationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The field of a protocol jumps at its rest point.
    case noDerivatives(RevisionProtocol)
    /// Cycles are asked for of a field that has a kink.
    case kinked(RevisionProtocol)
    /// There is no rest point at the start; how the price escapes.
    case noRestPoint(parameter: Double, escape: String)
    /// There are fewer rest points than the one asked for.
    case noSuchRestPoint(number: Int, count: Int)
    /// The rest points at the start were not found.
    case restPoints(RestPointError)
    /// The parameter does not act on the branch, or the start is singular.
    case noStart(reason: String)

    public var description: String {
        switch self {
        case .noDerivatives(let kind):
            "\(kind.rawValue) has no derivatives at its rest point, so there is no branch to follow; allowed: logit, "
                + "replicator, and for rest points alone smith and bnn"
        case .kinked(let kind):
            "\(kind.rawValue) has a kink at its rest point: no Hopf point in the usual sense, and cycles through a kink are not "
                + "offered"
        case .noRestPoint(let parameter, let escape):
            "there is no rest point at the start, \(parameter): \(escape)"
        case .noSuchRestPoint(let number, let count):
            "there is no rest point \(number) at the start; allowed: 1 to \(count), as 'pinfi equilibrium' numbers them"
        case .restPoints(let error): "the rest points at the start were not found: \(error)"
        case .noStart(let reason): "the branch does not start: \(reason)"
        }
    }
}
