/// An estimate with its interval, value ± half-width.
public struct Estimate: Equatable, Sendable {
    /// The estimate.
    public let value: Double
    /// Half of the width of the interval; nil without resamples, and where half of them or more do not determine the
    /// value.
    public let halfWidth: Double?

    /// An estimate.
    public init(value: Double, halfWidth: Double?) {
        self.value = value
        self.halfWidth = halfWidth
    }
}
