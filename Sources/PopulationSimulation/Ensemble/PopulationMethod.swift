/// How the chain is followed.
public enum PopulationMethod: Equatable, Sendable {
    /// Event by event; the work grows with the number of holders.
    case exact
    /// In steps of at most this length, in units of T, with as many draws whatever the number of holders is.
    case leap(step: Double)

    /// `exact` or `leap`.
    public var name: String {
        switch self {
        case .exact: "exact"
        case .leap: "leap"
        }
    }
}
