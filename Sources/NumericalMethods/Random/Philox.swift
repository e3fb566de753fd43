/// Philox 4×64-10, a counter-based generator: the n-th block of four numbers is a function of n and of the key, without
/// a state to be carried along. A stream is its key, so that work that is spread over threads takes the same numbers
/// whichever thread does it.
///
/// The key is (seed, stream), the counter (n, purpose, 0, 0): every triple of seed, stream and purpose has a sequence of
/// its own, of 2⁶⁶ numbers. Seed 0 is a seed like any other.
///
/// Source: Salmon, Moraes, Dror, Shaw, *Parallel random numbers: as easy as 1, 2, 3* (SC 2011). It passes BigCrush from
/// 7 rounds on; 10 are used here, as by Random123 and NumPy.
public struct Philox: RandomNumberGenerator, Sendable {
    /// Four numbers.
    public typealias Block = (UInt64, UInt64, UInt64, UInt64)

    @usableFromInline let key: (UInt64, UInt64)
    @usableFromInline var counter: Block
    @usableFromInline var block: Block = (0, 0, 0, 0)
    @usableFromInline var used = 4

    /// The numbers of a stream, from its first on.
    ///
    /// - Parameters:
    ///   - seed: any number.
    ///   - stream: the index of what the numbers are for: a resample, a row, a dimension.
    ///   - purpose: tells apart the uses of one seed.
    public init(seed: UInt64, stream: UInt64 = 0, purpose: UInt64 = 0) {
        key = (seed, stream)
        counter = (0, purpose, 0, 0)
    }

    /// The next number, uniform on all 64-bit integers.
    @inlinable public mutating func next() -> UInt64 {
        if used == 4 {
            block = Philox.block(counter, key: key)
            counter.0 &+= 1
            used = 0
        }
        used += 1
        switch used {
        case 1: return block.0
        case 2: return block.1
        case 3: return block.2
        default: return block.3
        }
    }

    /// The block of a counter under a key.
    @inlinable public static func block(_ counter: Block, key: (UInt64, UInt64)) -> Block {
        var (a, b, c, d) = counter
        var (k, l) = key
        for _ in 0..<10 {
            let left = a.multipliedFullWidth(by: 0xd2e7_470e_e14c_6c93)
            let right = c.multipliedFullWidth(by: 0xca5a_8263_9512_1157)
            (a, b, c, d) = (right.high ^ b ^ k, right.low, left.high ^ d ^ l, left.low)
            k &+= 0x9e37_79b9_7f4a_7c15
            l &+= 0xbb67_ae85_84ca_a73b
        }
        return (a, b, c, d)
    }
}
