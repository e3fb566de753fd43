/// The 2⁵² numbers (k + ½)/2⁵² of the open interval (0, 1), by the 52 high bits of a word: neither 0 nor 1, where
/// quantiles may be infinite, and symmetric about ½.
@inlinable public func openUniform(_ bits: UInt64) -> Double { (Double(bits >> 12) + 0.5) * 0x1p-52 }

extension RandomNumberGenerator {
    /// A uniform number of (0, 1), open at both ends; see ``openUniform(_:)``.
    @inlinable public mutating func nextOpenUniform() -> Double { openUniform(next()) }
}
