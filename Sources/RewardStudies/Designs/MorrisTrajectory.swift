import NumericalMethods

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

/// The move from one point of a trajectory to the next.
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
