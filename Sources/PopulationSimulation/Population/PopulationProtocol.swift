import RoleDynamics

/// The way in which each of finitely many holders revises his role: the protocols of role dynamics, whose mean fields
/// are theirs, and Fermi imitation, which evolutionary game theory simulates.
public enum PopulationProtocol: String, CaseIterable, Sendable {
    case logit
    /// Pairwise proportional imitation, whose mean field is the replicator's.
    case replicator
    case smith
    case bnn
    case bestResponse = "best-response"
    /// Imitation of a holder drawn at random, with the probability F(λ(π_j − π_i)): r_ij = ρ s_j F(λ(π_j − π_i)).
    case fermi

    /// The protocol of role dynamics.
    public init(_ revisionProtocol: RevisionProtocol) {
        switch revisionProtocol {
        case .logit: self = .logit
        case .replicator: self = .replicator
        case .smith: self = .smith
        case .bnn: self = .bnn
        case .bestResponse: self = .bestResponse
        }
    }

    /// The protocol of role dynamics that this is; nil for Fermi imitation.
    public var revisionProtocol: RevisionProtocol? {
        switch self {
        case .logit: .logit
        case .replicator: .replicator
        case .smith: .smith
        case .bnn: .bnn
        case .bestResponse: .bestResponse
        case .fermi: nil
        }
    }

    /// Whether a role that nobody plays is never played again, unless by mutation.
    public var imitates: Bool { self == .replicator || self == .fermi }

    /// Whether every holder revises by the same clock, and takes a role whatever his own is.
    var hasClock: Bool { self == .logit || self == .bestResponse }
}
