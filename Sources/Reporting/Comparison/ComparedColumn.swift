// One column of both tables, cell against cell.

/// One column of both tables, cell against cell.
struct ComparedColumn: Sendable {
    let name: String
    let tolerance: Tolerance
    let expected: LoadedColumn
    let found: LoadedColumn
    /// For each code of a found word the code of the same expected word; for other words numbers that no code is.
    private let expectedCodes: [Int]

    init(name: String, tolerance: Tolerance, expected: LoadedColumn, found: LoadedColumn) {
        self.name = name
        self.tolerance = tolerance
        self.expected = expected
        self.found = found
        expectedCodes = Self.sharedCodes(of: found, in: expected)
    }

    /// For each code of a found word the code of the same expected word, or one that no expected word has.
    static func sharedCodes(of found: LoadedColumn, in expected: LoadedColumn) -> [Int] {
        [0]
            + found.words.codes.map { code in
                found.words.withBytes(of: code) { word in
                    let other = expected.words.count + code
                    // Where a column may hold numbers, NaN is no word, and equals nothing.
                    if found.mayHoldNumbers, isNaN(word) { return other }
                    return expected.words.knownCode(of: word) ?? other
                }
            }
    }

    private static func isNaN(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        let unsigned = word.first == UInt8(ascii: "-") || word.first == UInt8(ascii: "+") ? word.dropFirst() : word[...]
        return unsigned.map { $0 | 0x20 } == Array("nan".utf8)
    }

    /// Whether the cells are words by definition, which have no tolerance.
    var holdsWords: Bool { !expected.mayHoldNumbers }

    /// Whether any cell on either side is a number.
    var hasNumbers: Bool { [expected, found].contains { $0.numbers.contains { !$0.isNaN } } }

    /// Whether both cells are words.
    func areWords(_ row: Int, _ foundRow: Int) -> Bool {
        expected.number(at: row).isNaN && found.number(at: foundRow).isNaN
    }

    /// Calls `body` for each of these expected rows that has a found one and differs from it in this column.
    func forEachDifference(
        in rows: Range<Int>, foundRows: [Int], _ body: (_ expectedRow: Int, _ foundRow: Int, _ fault: CellFault) -> Void
    ) {
        if holdsWords {
            for row in rows where foundRows[row] >= 0 {
                let (code, foundCode) = (expected.codes[row], expectedCodes[found.codes[foundRows[row]]])
                if code != foundCode {
                    body(row, foundRows[row], CellFault(code == 0 ? .added : foundCode == 0 ? .missing : .word))
                }
            }
            return
        }
        let areNumbers = expected.codes.isEmpty && found.codes.isEmpty
        for row in rows where foundRows[row] >= 0 {
            // Nearly all cells end here.
            if areNumbers, expected.numbers[row] == found.numbers[foundRows[row]] { continue }
            if let fault = fault(row, foundRows[row]) { body(row, foundRows[row], fault) }
        }
    }

    private func fault(_ row: Int, _ foundRow: Int) -> CellFault? {
        let (number, foundNumber) = (expected.number(at: row), found.number(at: foundRow))
        let (code, foundCode) = (expected.code(at: row), expectedCodes[found.code(at: foundRow)])
        switch (number.isNaN && code == 0, foundNumber.isNaN && foundCode == 0) {
        case (true, true): return nil
        case (true, false): return CellFault(.added)
        case (false, true): return CellFault(.missing)
        case (false, false): break
        }
        if number.isNaN || foundNumber.isNaN {
            if expected.reading != .unknown { return CellFault(.unreadable) }
            return code == foundCode ? nil : CellFault(.word)
        }
        if code != 0 || foundCode != 0, let integer = expected.integer(at: row), let other = found.integer(at: foundRow)
        {
            let distance = Double((integer - other).magnitude)
            return tolerance.units(expectedInteger: integer, foundInteger: other).map {
                CellFault(.number, distance, units: $0)
            }
        }
        let distance = (foundNumber - number).magnitude
        return tolerance.units(expected: number, found: foundNumber).map { CellFault(.number, distance, units: $0) }
    }
}

/// What is wrong with a cell.
struct CellFault: Sendable {
    var kind: CellDifference.Kind
    var distance: Double?
    var units: Double

    init(_ kind: CellDifference.Kind, _ distance: Double? = nil, units: Double = .infinity) {
        self.kind = kind
        self.distance = distance
        self.units = units
    }
}
