/// A function g(t, y) whose sign changes along a solution are of interest.
///
/// A crossing is a change of sign between two times; a value of 0 has the sign that the function had before. So a function
/// that touches 0 without changing its sign makes no event, and neither does the 0 from which an integration starts.
public struct ODEEvent {
    /// Which sign changes count.
    public enum Direction: String, CaseIterable, Sendable {
        /// Changes from negative to positive, in the direction of integration.
        case rising
        /// Changes from positive to negative.
        case falling
        /// Changes of either kind.
        case either
    }

    /// What it is called in reports.
    public let name: String
    /// Which sign changes count.
    public let direction: Direction
    /// Whether the first one ends the integration.
    public let endsIntegration: Bool
    /// g(t, y).
    public let value: (Double, Span<Double>) -> Double

    /// An event.
    public init(
        _ name: String, direction: Direction = .either, endsIntegration: Bool = false,
        value: @escaping (Double, Span<Double>) -> Double
    ) {
        self.name = name
        self.direction = direction
        self.endsIntegration = endsIntegration
        self.value = value
    }
}

/// A sign change of an event function.
public struct ODEOccurrence: Equatable, Sendable {
    /// The event's index.
    public let event: Int
    /// When: the end, on the far side of the sign change, of a bracket of a few units in the last place.
    public let time: Double
    /// The state at that time.
    public let state: [Double]
    /// Whether the function rose.
    public let isRising: Bool
}
