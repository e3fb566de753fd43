/// The way in which the holders of a unit revise their role: what makes the shares s_i move, given the payoffs π_i of the three roles.
///
/// With the mean payoff π̄ = Σ s_j π_j, [u]₊ = max(u, 0) and the revision rate ρ (times in units of T):
///
/// | case | ds_i/dt |
/// |---|---|
/// | ``logit`` | ρ(P_i − s_i), P = softmax(λπ) |
/// | ``replicator`` | ρ s_i(π_i − π̄) |
/// | ``smith`` | ρ(Σ_j s_j[π_i − π_j]₊ − s_i Σ_j[π_j − π_i]₊) |
/// | ``bnn`` | ρ([π_i − π̄]₊ − s_i Σ_j[π_j − π̄]₊) |
/// | ``bestResponse`` | ρ(B(π) − s), a differential inclusion |
///
/// The terms are those of Sandholm, *Population Games and Evolutionary Dynamics* (2010).
public enum RevisionProtocol: String, CaseIterable, Sendable {
    /// Perturbed best response: each holder takes the role that looks best under a noise of the size 1/λ.
    case logit
    /// Imitation of those who earn more.
    case replicator
    /// Pairwise comparison: to each better role in proportion to what it earns more.
    case smith
    /// Brown, von Neumann and Nash: to each role that earns more than the mean, in proportion to the excess.
    case bnn
    /// To the best role; where there is more than one, to any mixture of them (Filippov).
    case bestResponse = "best-response"
}
