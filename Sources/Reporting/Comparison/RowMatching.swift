// Which row of one table is which row of the other.

/// Which row of one table is which row of the other.
///
/// A key that stands more than once in either table is matched with nothing: which of its rows are meant cannot be told.
struct RowMatching: Sendable {
    /// A key that stands more than once in either table.
    struct Duplicate {
        /// Its first row in the expected table, or in the found one where it has none there.
        enum FirstRow {
            case expected(Int)
            case found(Int)
        }
        var firstRow: FirstRow
        /// How many rows it has in either table.
        var expectedCount: Int
        var foundCount: Int
    }

    /// The found row for each expected one, or one of the two numbers below.
    private(set) var foundRows: [Int]
    /// The expected rows without a found one, in order.
    private(set) var missing: [Int] = []
    /// The found rows without an expected one, in order.
    private(set) var added: [Int] = []
    /// The duplicates in the order of their first expected rows, then of their first found ones.
    private(set) var duplicates: [Duplicate] = []
    private(set) var matchedCount = 0

    /// Stands for no found row.
    static let none = -1
    private static let ambiguous = -2

    /// Matches the first row with the first, the second with the second, and so on.
    init(expectedRows: Int, foundRows count: Int) {
        matchedCount = min(expectedRows, count)
        foundRows = Array(0..<matchedCount) + [Int](repeating: Self.none, count: expectedRows - matchedCount)
        missing = Array(matchedCount..<expectedRows)
        added = Array(matchedCount..<count)
    }

    /// Matches rows with equal keys.
    init(expected: RowKeys, found: RowKeys) {
        foundRows = [Int](repeating: Self.none, count: expected.rowCount)
        var index = RowIndex(capacity: expected.rowCount)
        // Rows beyond the first of a key that stands more than once, by its first row.
        var repeats: [Int: (expected: Int, found: Int)] = [:]
        for row in 0..<expected.rowCount {
            guard let first = index.insert(row, of: expected) else { continue }
            repeats[first, default: (0, 0)].expected += 1
            foundRows[row] = Self.ambiguous
        }
        var addedIndex = RowIndex(capacity: 0)
        var addedRepeats: [Int: Int] = [:]
        var guess = 0
        for row in 0..<found.rowCount {
            // Rows are usually in the same order: the row after the last match first, then the index.
            let isNext = guess < expected.rowCount && expected.isKey(at: guess, equalTo: row, of: found)
            // A repeated row is not its key's first: the index knows that one.
            let isFirst = isNext && foundRows[guess] != Self.ambiguous
            if let match = isFirst ? guess : index.row(with: row, of: found, in: expected) {
                if foundRows[match] == Self.none {
                    foundRows[match] = row
                } else {
                    repeats[match, default: (0, 0)].found += 1
                }
                guess = match + 1
            } else if let first = addedIndex.insert(row, of: found) {
                addedRepeats[first, default: 0] += 1
            } else {
                added.append(row)
            }
        }
        for (first, count) in repeats.sorted(by: { $0.key < $1.key }) {
            let match = foundRows[first]
            duplicates.append(
                Duplicate(
                    firstRow: .expected(first), expectedCount: 1 + count.expected,
                    foundCount: match == Self.none ? 0 : 1 + count.found))
            foundRows[first] = Self.ambiguous
        }
        for (first, count) in addedRepeats.sorted(by: { $0.key < $1.key }) {
            duplicates.append(Duplicate(firstRow: .found(first), expectedCount: 0, foundCount: 1 + count))
        }
        added.removeAll { addedRepeats[$0] != nil }
        for row in foundRows.indices {
            if foundRows[row] == Self.none { missing.append(row) }
            if foundRows[row] >= 0 { matchedCount += 1 }
        }
    }
}

/// The keys of all rows of a table: a number of 64 bits for each key column, the same for equal cells of both tables.
struct RowKeys: Sendable {
    let rowCount: Int
    private let width: Int
    /// Row by row.
    private var bits: [UInt64]

    /// - Parameter columns: the key columns; words by codes that both tables share.
    init(rowCount: Int, columns: [(column: LoadedColumn, sharedCodes: [Int])]) {
        self.rowCount = rowCount
        width = columns.count
        bits = [UInt64](repeating: 0, count: rowCount * columns.count)
        for (index, (column, sharedCodes)) in columns.enumerated() {
            for row in 0..<rowCount {
                let code = sharedCodes[column.code(at: row)]
                let number = column.number(at: row)
                // A word, or nothing: a NaN, which no number is. 0 and −0 are the same number.
                let isNumber = code == 0 && !number.isNaN
                bits[row * width + index] =
                    isNumber ? (number + 0).bitPattern : Double.nan.bitPattern | UInt64(bitPattern: Int64(code))
            }
        }
    }

    @inline(__always)
    func isKey(at row: Int, equalTo otherRow: Int, of other: RowKeys) -> Bool {
        let (start, otherStart) = (row * width, otherRow * width)
        for index in 0..<width where bits[start + index] != other.bits[otherStart + index] { return false }
        return true
    }

    func hash(of row: Int) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        for index in 0..<width {
            // Neighbouring doubles differ in few bits: each step carries all of them into all of the hash.
            let product = (hash ^ bits[row * width + index]).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
            hash = product.high ^ product.low ^ (hash >> 32)
        }
        return hash
    }
}

/// Finds rows by their keys.
private struct RowIndex {
    /// Rows plus 1, each at or after the place that its hash gives; 0 is free.
    private var slots: [Int]
    private var count = 0

    /// Room for so many rows; it grows where there are more.
    init(capacity: Int) {
        var size = 64
        while size < 2 * capacity { size *= 2 }
        slots = [Int](repeating: 0, count: size)
    }

    /// Enters a row, unless there is one with its key, which is returned.
    mutating func insert(_ row: Int, of keys: RowKeys) -> Int? {
        let slot = slot(for: row, of: keys, in: keys)
        if slots[slot] != 0 { return slots[slot] - 1 }
        slots[slot] = row + 1
        count += 1
        if 2 * count > slots.count {
            let rows = slots.filter { $0 != 0 }
            slots = [Int](repeating: 0, count: 2 * slots.count)
            for row in rows { slots[self.slot(for: row - 1, of: keys, in: keys)] = row }
        }
        return nil
    }

    /// The entered row of `keys` whose key is that of a row of another table.
    func row(with row: Int, of other: RowKeys, in keys: RowKeys) -> Int? {
        let entry = slots[slot(for: row, of: other, in: keys)]
        return entry == 0 ? nil : entry - 1
    }

    private func slot(for row: Int, of other: RowKeys, in keys: RowKeys) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: other.hash(of: row)) & mask
        while slots[slot] != 0, !keys.isKey(at: slots[slot] - 1, equalTo: row, of: other) { slot = (slot + 1) & mask }
        return slot
    }
}
