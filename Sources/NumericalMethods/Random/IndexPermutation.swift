/// A pseudo-random permutation of 0 ..< count of which any element can be computed by itself: what a shuffled array is,
/// without the array.
///
/// A Feistel network of six rounds on the smallest even number of bits that holds count, walked along its cycle until it
/// is below count, which takes fewer than four rounds of it on average. Six rounds with random functions are not told
/// from random permutations by anyone who does not know the key (Luby, Rackoff; Patarin).
public struct IndexPermutation: Sendable {
    /// The number of elements.
    public let count: Int
    private let halfBits: UInt64
    private let keys: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

    /// The permutation of a seed and a stream.
    ///
    /// - Parameters:
    ///   - count: 1 or more; less counts as 1.
    ///   - seed: any number.
    ///   - stream: tells apart the permutations of one seed.
    public init(count: Int, seed: UInt64, stream: UInt64 = 0) {
        self.count = max(count, 1)
        let bits = 64 - (UInt64(self.count) - 1).leadingZeroBitCount
        halfBits = UInt64(max((bits + 1) / 2, 1))
        let first = Philox.block((0, 0x7e47, 0, 0), key: (seed, stream))
        let second = Philox.block((1, 0x7e47, 0, 0), key: (seed, stream))
        keys = (first.0, first.1, first.2, first.3, second.0, second.1)
    }

    /// The element at a place of 0 ..< count.
    public subscript(place: Int) -> Int {
        precondition((0..<count).contains(place), "no place \(place) of \(count)")
        var value = UInt64(place)
        repeat { value = encrypt(value) } while value >= UInt64(count)
        return Int(value)
    }

    private func encrypt(_ value: UInt64) -> UInt64 {
        let mask = (UInt64(1) << halfBits) - 1
        var left = value >> halfBits
        var right = value & mask
        func round(_ key: UInt64) {
            var z = key &+ right &* 0x9e37_79b9_7f4a_7c15
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            (left, right) = (right, left ^ (z ^ (z >> 31)) & mask)
        }
        round(keys.0)
        round(keys.1)
        round(keys.2)
        round(keys.3)
        round(keys.4)
        round(keys.5)
        return left << halfBits | right
    }
}
