// Rows that are so near a boundary that their labels may differ.

/// Rows that are so near a boundary that their labels may differ.
struct NearBoundary: Sendable {
    /// The smallest distance that is not near.
    let distance: Double
    /// The margins of the expected rows, and of the found ones.
    let expected: [LoadedColumn], found: [LoadedColumn]

    /// Whether a cell of either row says a distance below the limit.
    func holds(_ row: Int, _ foundRow: Int) -> Bool {
        // A missing margin is NaN, which is below nothing.
        expected.contains { $0.number(at: row).magnitude < distance }
            || found.contains { $0.number(at: foundRow).magnitude < distance }
    }
}
