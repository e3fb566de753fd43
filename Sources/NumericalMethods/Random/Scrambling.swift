/// How the points of a low-discrepancy sequence are randomised. Either way every point is uniform, the sequence stays a
/// (t, s)-sequence with the same t, and no coordinate is 0 or 1.
public enum Scrambling: Equatable, Hashable, Sendable {
    /// The sequence as it is, from the point (0, …, 0) on; coordinates are multiples of 2⁻³².
    case none
    /// Every coordinate's digits are flipped by the digits of one random number (xor).
    case digitalShift(seed: UInt64)
    /// Owen's nested uniform scrambling: a digit is flipped or not at random, by all of the digits before it. The error
    /// of a mean of a smooth function falls like N^(−3/2) instead of N⁻¹.
    ///
    /// The random bits are a function (SplitMix64's) of seed, dimension and the digits before, so that no tree is stored.
    case owen(seed: UInt64)
}
