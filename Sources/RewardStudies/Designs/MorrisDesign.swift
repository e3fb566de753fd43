import NumericalMethods
import RealModule

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

/// From one point of a trajectory to the next.
public struct MorrisMove: Equatable, Hashable, Sendable {
    /// The parameter that moves, counted from 0.
    public let parameter: Int
    /// Whether it moves up.
    public let isUp: Bool

    /// A move.
    public init(parameter: Int, isUp: Bool) {
        self.parameter = parameter
        self.isUp = isUp
    }
}

/// A candidate.
struct MorrisTrajectory {
    let moves: [MorrisMove]
    /// The levels of D + 1 points.
    let places: [Int32]

    init(dimension: Int, levels: Int, seed: UInt64, index: UInt64) {
        var generator = Philox(seed: seed, stream: index, purpose: Purpose.trajectory)
        let half = levels / 2
        var place = (0..<dimension).map { _ in Int.random(in: 0..<levels, using: &generator) }
        let order = (0..<dimension).shuffled(using: &generator)
        var places = place.map(Int32.init)
        moves = order.map { parameter in
            let isUp = place[parameter] < half
            place[parameter] += isUp ? half : -half
            places += place.map(Int32.init)
            return MorrisMove(parameter: parameter, isUp: isUp)
        }
        self.places = places
    }
}

/// The choice of trajectories that are far from each other.
struct SpreadSelection {
    /// The squares of the distances of all pairs.
    let squares: Matrix

    init(_ trajectories: [MorrisTrajectory], units: [[Double]]) {
        let n = trajectories.count
        let dimension = units.count
        let points = trajectories.map { trajectory in
            trajectory.places.indices.map { units[$0 % dimension][Int(trajectory.places[$0])] }
        }
        var squares = Matrix.zero(rows: n, columns: n)
        for i in 0..<n {
            for j in 0..<i {
                let distance = Self.distance(points[i], points[j], dimension)
                squares[i, j] = distance * distance
                squares[j, i] = squares[i, j]
            }
        }
        self.squares = squares
    }

    init(squares: Matrix) { self.squares = squares }

    /// The sum of the distances of all pairs of points.
    private static func distance(_ a: [Double], _ b: [Double], _ dimension: Int) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var total = 0.0
                for i in stride(from: 0, to: a.count, by: dimension) {
                    for j in stride(from: 0, to: b.count, by: dimension) {
                        var sum = 0.0
                        for k in 0..<dimension {
                            let difference = a[i + k] - b[j + k]
                            sum += difference * difference
                        }
                        total += sum.squareRoot()
                    }
                }
                return total
            }
        }
    }

    /// So many of them, ascending, and the root of the sum of the squares of their distances.
    func choose(_ count: Int) -> (chosen: [Int], spread: Double) {
        let n = squares.rows
        guard count < n, count >= 2 else { return (Array(0..<n), total(Array(0..<n)).squareRoot()) }
        // The farthest pair, and what is farthest from each of the first.
        var starts = [
            (0..<n).map { ($0, farthest(from: $0)) }.max { squares[$0.0, $0.1] < squares[$1.0, $1.1] } ?? (0, 1)
        ]
        starts += (0..<min(n, Self.starts)).map { ($0, farthest(from: $0)) }
        var best: (chosen: [Int], total: Double) = ([], -1)
        for start in starts {
            let chosen = extended(start, to: count)
            let total = total(chosen)
            if total > best.total { best = (chosen, total) }
        }
        return (best.chosen, best.total.squareRoot())
    }

    private static let starts = 16

    private func farthest(from i: Int) -> Int {
        (0..<squares.rows).filter { $0 != i }.max { squares[i, $0] < squares[i, $1] } ?? i
    }

    private func total(_ chosen: [Int]) -> Double {
        var total = 0.0
        for i in chosen {
            for j in chosen where j < i { total += squares[i, j] }
        }
        return total
    }

    private func extended(_ start: (Int, Int), to count: Int) -> [Int] {
        let n = squares.rows
        var isChosen = [Bool](repeating: false, count: n)
        isChosen[start.0] = true
        isChosen[start.1] = true
        // Of each candidate the sum of its squares to the chosen ones.
        var sums = (0..<n).map { squares[$0, start.0] + squares[$0, start.1] }
        for _ in 2..<count {
            guard let next = (0..<n).filter({ !isChosen[$0] }).max(by: { sums[$0] < sums[$1] }) else { break }
            isChosen[next] = true
            for k in 0..<n { sums[k] += squares[k, next] }
        }
        // Every exchange increases the sum by more than its rounding, so it ends.
        let least = 1e-12 * (sums.max() ?? 0)
        while let exchange = bestExchange(isChosen, sums), exchange.gain > least {
            isChosen[exchange.out] = false
            isChosen[exchange.in] = true
            for k in 0..<n { sums[k] += squares[k, exchange.in] - squares[k, exchange.out] }
        }
        return (0..<n).filter { isChosen[$0] }
    }

    private func bestExchange(_ isChosen: [Bool], _ sums: [Double]) -> (out: Int, in: Int, gain: Double)? {
        var best: (out: Int, in: Int, gain: Double)?
        for i in sums.indices where isChosen[i] {
            for k in sums.indices where !isChosen[k] {
                let gain = sums[k] - squares[k, i] - sums[i]
                if gain > best?.gain ?? 0 { best = (i, k, gain) }
            }
        }
        return best
    }
}
