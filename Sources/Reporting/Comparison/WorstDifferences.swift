// The differences that are worth showing.

/// The worst differences: most units of the tolerance first, then in the order of the expected rows, then of the
/// columns.
struct WorstDifferences: Sendable {
    struct Item: Sendable {
        var expectedRow: Int
        var foundRow: Int
        var column: Int
        var fault: CellFault

        func isWorse(than other: Item) -> Bool {
            if fault.units != other.fault.units { return fault.units > other.fault.units }
            return (expectedRow, column) < (other.expectedRow, other.column)
        }
    }

    private(set) var items: [Item] = []

    mutating func insert(_ item: Item) {
        if items.count == ComparisonReport.limit {
            guard let last = items.last, item.isWorse(than: last) else { return }
            items.removeLast()
        }
        items.insert(item, at: items.firstIndex { item.isWorse(than: $0) } ?? items.endIndex)
    }
}
