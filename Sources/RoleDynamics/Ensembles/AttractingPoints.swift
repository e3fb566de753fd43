import ComplexModule

/// A rest point to which trajectories from a start can go.
public struct AttractingPoint: Equatable, Sendable {
    /// Its number among the rest points of the game, from 1, by rising price.
    public let number: Int
    /// The point.
    public let point: RestPoint

    /// Where it is.
    public var place: RoleEnsemble.Place { RoleEnsemble.Place(logPrice: point.logPrice, shares: point.shares) }
}

extension RestPointSolution {
    /// The rest points that attract what starts from these shares.
    ///
    /// They are the stable ones. Under replicator dynamics, where a role that is absent stays absent, the roles that are
    /// played at the point must be there at the start, and a role that is absent at the start cannot make the point
    /// unstable: its eigenvalue ρ(π_i − π̄) is left out.
    ///
    /// A point of a segment of rest points is not among them, nor is one whose stability is not known from eigenvalues.
    public func attractingPoints(from start: RoleShares) -> [AttractingPoint] {
        points.enumerated().compactMap { index, point in
            point.attracts(from: start) ? AttractingPoint(number: index + 1, point: point) : nil
        }
    }
}

extension RestPoint {
    fileprivate func attracts(from start: RoleShares) -> Bool {
        if degeneracies.contains(.segmentEnd) { return false }
        guard game.revisionProtocol == .replicator else { return type?.isStable ?? false }
        guard let eigenvalues = stability.eigenvalues else { return false }
        let here = [shares.liquidityProviders, shares.sellers, shares.external]
        let there = [start.liquidityProviders, start.sellers, start.external]
        let earned = [payoffs.liquidityProvider, payoffs.seller, payoffs.external]
        let mean = zip(here, earned).reduce(0) { $0 + $1.0 * $1.1 }
        var remaining = eigenvalues
        for i in 0..<3 {
            if here[i] > 0, there[i] == 0 { return false }
            guard here[i] == 0, there[i] == 0 else { continue }
            let rate = Complex(game.parameters.revisionRate * (earned[i] - mean))
            let distances = remaining.map { ($0 - rate).length }
            if let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }) {
                remaining.remove(at: nearest)
            }
        }
        let spectrum = Spectrum(computed: remaining)
        return spectrum.zeros == 0 && spectrum.type?.isStable ?? false
    }
}
