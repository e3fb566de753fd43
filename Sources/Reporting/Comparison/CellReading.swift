// What the cells of a column are compared as.

/// What the cells of a column are compared as.
enum CellReading: Sendable {
    /// Words, byte by byte.
    case words
    /// Doubles; text that is no number agrees with nothing.
    case reals
    /// Integers; text that is none agrees with nothing.
    case integers
    /// Nothing says what they are: numbers where both are, words otherwise.
    case unknown

    /// - Parameters: the kinds of the column on either side; nil where nothing says it.
    init(_ first: Column.Kind?, _ second: Column.Kind?) {
        switch (first, second) {
        case (nil, nil): self = .unknown
        case (.real?, _), (_, .real?): self = .reals
        case (.integer?, _), (_, .integer?): self = .integers
        default: self = .words
        }
    }
}
