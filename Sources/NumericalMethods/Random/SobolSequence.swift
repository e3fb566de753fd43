/// A Sobol sequence, any point of which can be computed from its index alone.
///
/// The first 2^m points are a (t, m, s)-net in base 2, and so is each following block of 2^m. Points come in the order of
/// Gray's code (Antonov and Saleev), as from most libraries; a block is the same set in either order.
///
/// Directions: Joe and Kuo (2008), 32 binary digits, up to 128 dimensions.
///
/// Source: Sobol' (1967); Joe, Kuo, SIAM J. Sci. Comput. 30, 2635 (2008); Owen, *Randomly permuted (t, m, s)-nets and
/// (t, s)-sequences* (1995).
public struct SobolSequence: Sendable {
    /// The number of coordinates of a point.
    public let dimensions: Int
    /// How the points are randomised.
    public let scrambling: Scrambling
    /// 32 a dimension: the j-th is added for bit j of the index, its highest bit being the digit ½.
    private let directions: [UInt32]
    /// 8 words a dimension for the scrambling.
    private let keys: [UInt64]

    /// The most dimensions a sequence may have.
    public static let largestDimension = 128
    /// The number of points there are.
    public static let length = 1 << 32

    /// The sequence of points of so many coordinates.
    ///
    /// - Throws: ``SequenceError/dimensions(_:allowed:)`` for none or more than ``largestDimension``.
    public init(dimensions: Int, scrambling: Scrambling = .none) throws(SequenceError) {
        guard (1...Self.largestDimension).contains(dimensions) else {
            throw .dimensions(dimensions, allowed: 1...Self.largestDimension)
        }
        self.dimensions = dimensions
        self.scrambling = scrambling
        let lines = joeKuoDirectionNumbers.split(separator: "\n")
        directions = (0..<dimensions).flatMap { dimension in
            dimension == 0 ? (0..<32).map { 1 << (31 - $0) } : Self.directions(line: lines[dimension - 1])
        }
        switch scrambling {
        case .none: keys = []
        case .digitalShift(let seed), .owen(let seed):
            keys = (0..<dimensions).flatMap { dimension in
                var generator = Philox(seed: seed, stream: UInt64(dimension), purpose: 0x5c7a)
                return (0..<8).map { _ in generator.next() }
            }
        }
    }

    /// The directions of a dimension, by the recurrence of its primitive polynomial.
    private static func directions(line: Substring) -> [UInt32] {
        let numbers = line.split(separator: " ").compactMap { UInt32($0) }
        let degree = Int(numbers[0])
        let coefficients = numbers[1]
        var result = (0..<degree).map { numbers[2 + $0] << UInt32(31 - $0) }
        for j in degree..<32 {
            var direction = result[j - degree] ^ (result[j - degree] >> UInt32(degree))
            for k in 1..<degree where (coefficients >> UInt32(degree - 1 - k)) & 1 == 1 { direction ^= result[j - k] }
            result.append(direction)
        }
        return result
    }

    /// The point of an index, counted from 0; past the end of the sequence it starts again.
    public func point(_ index: Int) -> [Double] {
        (0..<dimensions).map { dimension in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 1) { one in
                fill(one, dimension: dimension, from: index)
                return one[0]
            }
        }
    }

    /// Fills `output` with a coordinate of the points from `first` on.
    ///
    /// - Parameters:
    ///   - output: as long as points are wanted.
    ///   - dimension: which coordinate, counted from 0.
    ///   - first: the index of the first point, counted from 0.
    public func fill(_ output: UnsafeMutableBufferPointer<Double>, dimension: Int, from first: Int) {
        precondition((0..<dimensions).contains(dimension), "no dimension \(dimension) of \(dimensions)")
        directions.withUnsafeBufferPointer { all in
            let directions = UnsafeBufferPointer(rebasing: all[dimension * 32..<dimension * 32 + 32])
            var index = UInt32(truncatingIfNeeded: first)
            var digits = Self.digits(index, directions)
            switch scrambling {
            case .none:
                for i in output.indices {
                    output[i] = Double(digits) * 0x1p-32
                    index &+= 1
                    digits = Self.next(digits, index, directions)
                }
            case .digitalShift:
                let shift = keys[dimension * 8]
                for i in output.indices {
                    output[i] = openUniform(UInt64(digits) << 32 ^ shift)
                    index &+= 1
                    digits = Self.next(digits, index, directions)
                }
            case .owen:
                keys.withUnsafeBufferPointer { keys in
                    let keys = UnsafeBufferPointer(rebasing: keys[dimension * 8..<dimension * 8 + 8])
                    for i in output.indices {
                        output[i] = openUniform(Self.nestedScramble(digits, keys))
                        index &+= 1
                        digits = Self.next(digits, index, directions)
                    }
                }
            }
        }
    }

    /// The digits of a coordinate of the point of an index.
    private static func digits(_ index: UInt32, _ directions: UnsafeBufferPointer<UInt32>) -> UInt32 {
        var left = index ^ (index >> 1)
        var digits: UInt32 = 0
        while left != 0 {
            digits ^= directions[left.trailingZeroBitCount]
            left &= left - 1
        }
        return digits
    }

    /// The digits of the next point, `index` being its own: Gray's codes differ in one bit.
    @inline(__always)
    private static func next(_ digits: UInt32, _ index: UInt32, _ directions: UnsafeBufferPointer<UInt32>) -> UInt32 {
        // At the end of the sequence it starts again, from the digits of index 0.
        index == 0 ? 0 : digits ^ directions[index.trailingZeroBitCount]
    }

    /// Nested uniform scrambling, with 32 random digits behind the 32 of the sequence, which are zeros there.
    ///
    /// Six digits share a random word: the digits before them choose the word, and those among the six the one of its
    /// bits 1 … 63, as the nodes of a binary tree are numbered.
    @inline(__always)
    private static func nestedScramble(_ digits: UInt32, _ keys: UnsafeBufferPointer<UInt64>) -> UInt64 {
        var flips: UInt32 = 0
        for group in 0..<5 {
            let before = group == 0 ? 0 : digits >> UInt32(32 - 6 * group)
            let word = mix(UInt64(before), keys[group])
            let own = UInt64(digits >> UInt32(26 - 6 * group)) & 63
            var six: UInt64 = 0
            for level in 0..<6 {
                let node = UInt64(1) &<< UInt64(level) | own &>> UInt64(6 - level)
                six = six << 1 | (word &>> node & 1)
            }
            flips = flips << 6 | UInt32(six)
        }
        let word = mix(UInt64(digits >> 2), keys[5])
        let last = word >> 1 & 1
        let veryLast = word &>> UInt64(2 | (digits >> 1 & 1)) & 1
        flips = flips << 2 | UInt32(last << 1 | veryLast)
        return UInt64(digits ^ flips) << 32 | mix(UInt64(digits), keys[6]) >> 32
    }

    /// SplitMix64's number of an index under a key.
    @inline(__always)
    private static func mix(_ index: UInt64, _ key: UInt64) -> UInt64 {
        var z = key &+ index &* 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
