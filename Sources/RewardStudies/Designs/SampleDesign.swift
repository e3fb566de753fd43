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
    private let sequence: SobolSequence?
    private let permutations: [IndexPermutation]

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
        guard count >= 1 else { throw .outOfRange(name: "the number of samples", value: count, allowed: "1 or more") }
        switch method {
        case .random:
            sequence = nil
            permutations = []
        case .latinHypercube:
            sequence = nil
            permutations = (0..<space.dimension).map {
                IndexPermutation(count: count, seed: seed, stream: UInt64($0))
            }
        case .sobol(let randomisation):
            sequence = try sobolSequence(
                dimensions: space.dimension, count: count, scrambling: randomisation.scrambling(seed: seed))
            permutations = []
        }
    }

    public var dimension: Int { space.dimension }

    public func fill(_ columns: [UnsafeMutableBufferPointer<Double>], from first: Int) {
        switch method {
        case .random: fillRandom(columns, first)
        case .latinHypercube: fillLatinHypercube(columns, first)
        case .sobol:
            for (i, column) in columns.enumerated() { sequence?.fill(column, dimension: i, from: first) }
        }
        space.map(columns)
    }

    /// A block of the generator gives four coordinates of a point.
    private func fillRandom(_ columns: [UnsafeMutableBufferPointer<Double>], _ first: Int) {
        for start in stride(from: 0, to: columns.count, by: 4) {
            for row in columns[0].indices {
                let block = Philox.block(
                    (UInt64(first + row), Purpose.sample, 0, 0), key: (seed, UInt64(start)))
                columns[start][row] = openUniform(block.0)
                if start + 1 < columns.count { columns[start + 1][row] = openUniform(block.1) }
                if start + 2 < columns.count { columns[start + 2][row] = openUniform(block.2) }
                if start + 3 < columns.count { columns[start + 3][row] = openUniform(block.3) }
            }
        }
    }

    /// A random place in the interval that a random permutation gives.
    private func fillLatinHypercube(_ columns: [UnsafeMutableBufferPointer<Double>], _ first: Int) {
        fillRandom(columns, first)
        let total = Double(count)
        for (permutation, column) in zip(permutations, columns) {
            for row in column.indices {
                let place = Double(permutation[first + row])
                // Rounded to 1 at the end of the last.
                column[row] = min((place + column[row]) / total, 1 - 0x1p-53)
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

func sobolSequence(dimensions: Int, count: Int, scrambling: Scrambling) throws(DesignError) -> SobolSequence {
    guard count <= SobolSequence.length else {
        throw .outOfRange(name: "the number of samples", value: count, allowed: "1 to 2^32 of a Sobol sequence")
    }
    do {
        return try SobolSequence(dimensions: dimensions, scrambling: scrambling)
    } catch {
        throw .outOfRange(
            name: "the number of dimensions of the Sobol sequence", value: dimensions,
            allowed: "1 to \(SobolSequence.largestDimension)")
    }
}
