import NumericalMethods

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

/// What a seed is used for, as it enters the generator's counter.
enum Purpose {
    static let sample: UInt64 = 1
    static let trajectory: UInt64 = 3
}
