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

/// A sample of a parameter space: any number of points, each a function of the seed and of its index.
public struct SampleDesign: PointSet {
    /// What is sampled.
    public let space: ParameterSpace
    /// How.
    public let method: SamplingMethod
    public let count: Int
    /// Any number.
    public let seed: UInt64
    private let sample: UnitSample

    /// A sample.
    ///
    /// - Parameters:
    ///   - space: the distributions, with rank correlations or without.
    ///   - method: how points are drawn. With correlations the stratification of `latinHypercube` and `sobol` is kept in the
    ///     first parameter only; see ``RankCorrelation``.
    ///   - count: 1 or more; up to 2³² of a Sobol sequence, and best a power of two there.
    ///   - seed: any number.
    /// - Throws: ``DesignError``.
    public init(_ space: ParameterSpace, method: SamplingMethod, count: Int, seed: UInt64) throws(DesignError) {
        self.space = space
        self.method = method
        self.count = count
        self.seed = seed
        sample = try UnitSample(method, dimensions: space.dimension, count: count, seed: seed)
    }

    public var dimension: Int { space.dimension }

    public func fill(_ columns: [UnsafeMutableBufferPointer<Double>], from first: Int) {
        for (i, column) in columns.enumerated() { sample.fill(column, dimension: i, from: first) }
        space.map(columns)
    }
}

/// Points of the open unit cube, a coordinate of any of which can be had by itself.
struct UnitSample: Sendable {
    private let method: SamplingMethod
    private let count: Int
    private let seed: UInt64
    private let sequence: SobolSequence?
    private let permutations: [IndexPermutation]

    init(_ method: SamplingMethod, dimensions: Int, count: Int, seed: UInt64) throws(DesignError) {
        guard count >= 1 else { throw .outOfRange(name: "the number of samples", value: count, allowed: "1 or more") }
        self.method = method
        self.count = count
        self.seed = seed
        switch method {
        case .random, .sobol: permutations = []
        case .latinHypercube:
            permutations = (0..<dimensions).map { IndexPermutation(count: count, seed: seed, stream: UInt64($0)) }
        }
        guard case .sobol(let randomisation) = method else {
            sequence = nil
            return
        }
        guard count <= SobolSequence.length else {
            throw .outOfRange(name: "the number of samples", value: count, allowed: "1 to 2^32 of a Sobol sequence")
        }
        do {
            sequence = try SobolSequence(dimensions: dimensions, scrambling: randomisation.scrambling(seed: seed))
        } catch {
            throw .outOfRange(
                name: "the number of dimensions of the Sobol sequence", value: dimensions,
                allowed: "1 to \(SobolSequence.largestDimension)")
        }
    }

    func fill(_ column: UnsafeMutableBufferPointer<Double>, dimension: Int, from first: Int) {
        switch method {
        case .random: fillRandom(column, dimension, first)
        case .latinHypercube:
            // A random place in the interval that a random permutation gives.
            fillRandom(column, dimension, first)
            let total = Double(count)
            for i in column.indices {
                // Rounded to 1 at the end of the last.
                column[i] = min((Double(permutations[dimension][first + i]) + column[i]) / total, 1 - 0x1p-53)
            }
        case .sobol: sequence?.fill(column, dimension: dimension, from: first)
        }
    }

    /// A stream a dimension; a block of the generator gives four points.
    private func fillRandom(_ column: UnsafeMutableBufferPointer<Double>, _ dimension: Int, _ first: Int) {
        var i = 0
        while i < column.count {
            let index = UInt64(first + i)
            let block = Philox.block((index >> 2, Purpose.sample, 0, 0), key: (seed, UInt64(dimension)))
            for place in Int(index & 3)..<4 where i < column.count {
                column[i] = openUniform(place == 0 ? block.0 : place == 1 ? block.1 : place == 2 ? block.2 : block.3)
                i += 1
            }
        }
    }
}

/// Whether a number of points is a power of two, at which a Sobol sequence covers all intervals evenly. Elsewhere it
/// still can be used; it is worth a warning.
public func isPowerOfTwo(_ count: Int) -> Bool { count > 0 && count & (count - 1) == 0 }

/// What a seed is used for, as it enters the generator's counter.
enum Purpose {
    static let sample: UInt64 = 1
    static let resample: UInt64 = 2
    static let trajectory: UInt64 = 3
}
