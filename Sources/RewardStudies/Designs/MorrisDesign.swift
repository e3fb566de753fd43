/// Trajectories for Morris's elementary effects: each starts at a point of a grid of p levels a parameter and moves every
/// parameter once, in random order, by p/2 levels up or down.
///
/// Of M random candidates the r whose distances from each other are largest are used, after Campolongo, Cariboni and
/// Saltelli: the distance of two trajectories is the sum of the Euclidean distances of all pairs of their points, and the
/// sum of the squares of the distances of all pairs of trajectories is to be largest. Trying all subsets is out of reach
/// for more than a few; here a far pair is extended by the farthest candidate each time, and then one is exchanged for
/// another while that helps, so that no exchange of one improves the result. The best from 17 pairs is taken.
///
/// The levels are probabilities: k/(p − 1), k = 0 … p − 1, and (k + ½)/p for a parameter of unbounded support, whose
/// quantiles at 0 and 1 are infinite. An effect is a change per unit of probability.
///
/// Points come trajectory by trajectory, D + 1 of each.
///
/// Source: Morris, *Factorial sampling plans for preliminary computational experiments* (1991); Campolongo, Cariboni,
/// Saltelli, *An effective screening design for sensitivity analysis of large models* (2007).
public struct MorrisDesign: PointSet {
    /// The distributions of the parameters, which are independent.
    public let space: ParameterSpace
    /// r, the number of trajectories.
    public let trajectories: Int
    /// M, the number of candidates of which they are chosen.
    public let candidates: Int
    /// p, the number of levels.
    public let levels: Int
    /// The moves of each trajectory, D of each.
    public let moves: [MorrisMove]
    /// The root of the sum of squared distances of the chosen trajectories, which is to be large; nil where all candidates
    /// are used.
    public let spread: Double?
    /// The levels of all points, point by point.
    let places: [Int32]

    /// The most candidates, whose distances are all computed.
    public static let mostCandidates = 2000

    /// A design.
    ///
    /// - Parameters:
    ///   - space: independent parameters.
    ///   - trajectories: r, 2 or more.
    ///   - candidates: M, from r to ``mostCandidates`` or r if that is larger; with r nothing is chosen. By default 10 r,
    ///     up to 500 or r.
    ///   - levels: p, even, from 2 to 1024.
    ///   - seed: any number.
    /// - Throws: ``DesignError``.
    public init(
        _ space: ParameterSpace, trajectories: Int, candidates: Int? = nil, levels: Int = 4, seed: UInt64
    ) throws(DesignError) {
        try space.requireIndependence("Morris's method")
        guard (2...1_000_000).contains(trajectories) else {
            throw .outOfRange(name: "the number of trajectories", value: trajectories, allowed: "2 to 1000000")
        }
        guard (2...1024).contains(levels), levels % 2 == 0 else {
            throw .outOfRange(name: "the number of levels", value: levels, allowed: "an even number from 2 to 1024")
        }
        let most = max(trajectories, Self.mostCandidates)
        let candidates = candidates ?? max(trajectories, min(10 * trajectories, 500))
        guard (trajectories...most).contains(candidates) else {
            throw .outOfRange(
                name: "the number of candidates", value: candidates, allowed: "\(trajectories) to \(most)")
        }
        let (values, overflow) = (space.dimension + 1).multipliedReportingOverflow(by: space.dimension)
        guard !overflow, values <= (1 << 40) / candidates else { throw .tooManyRows }

        self.space = space
        self.trajectories = trajectories
        self.candidates = candidates
        self.levels = levels
        let all = (0..<candidates).map {
            MorrisTrajectory(dimension: space.dimension, levels: levels, seed: seed, index: UInt64($0))
        }
        if candidates == trajectories {
            moves = all.flatMap(\.moves)
            places = all.flatMap(\.places)
            spread = nil
        } else {
            let units = (0..<space.dimension).map { j in
                (0..<levels).map { Self.probability($0, levels: levels, space.distributions[j]) }
            }
            let selection = SpreadSelection(all, units: units)
            let (chosen, spread) = selection.choose(trajectories)
            moves = chosen.flatMap { all[$0].moves }
            places = chosen.flatMap { all[$0].places }
            self.spread = spread
        }
    }

    public var dimension: Int { space.dimension }
    public var count: Int { trajectories * (dimension + 1) }

    public func fill(_ columns: [UnsafeMutableBufferPointer<Double>], from first: Int) {
        for (j, column) in columns.enumerated() {
            let distribution = space.distributions[j]
            for row in column.indices {
                let level = Int(places[(first + row) * dimension + j])
                column[row] = distribution.quantile(Self.probability(level, levels: levels, distribution))
            }
        }
    }

    /// The step of a parameter in probability: p/(2(p − 1)), or ½ for one of unbounded support.
    public func step(of parameter: Int) -> Double {
        let distribution = space.distributions[parameter]
        return Self.probability(levels / 2, levels: levels, distribution)
            - Self.probability(0, levels: levels, distribution)
    }

    private static func probability(_ level: Int, levels: Int, _ distribution: Distribution) -> Double {
        let support = distribution.support
        return support.lower.isFinite && support.upper.isFinite
            ? Double(level) / Double(levels - 1) : (Double(level) + 0.5) / Double(levels)
    }
}
