// The cells of one column of a compared table.

/// The cells of one column of a compared table: numbers, and words where they are none.
struct LoadedColumn: Sendable {
    let reading: CellReading
    /// A number a row, NaN where there is none; empty where the column is read as words.
    private(set) var numbers: [Double] = []
    /// The code of a word a row, 0 where there is none; empty where no row has one.
    ///
    /// Beside a NaN it is text that is no number; beside a number, the digits of an integer that a double cannot hold.
    private(set) var codes: [Int] = []
    private(set) var words = WordTable()
    private var rowCount = 0

    /// Integers from here on are doubles only: differences of smaller ones always fit into 128 bits.
    private static let largestInteger = 0x1p100

    init(reading: CellReading) { self.reading = reading }

    /// Whether a cell of the column can be a number.
    var mayHoldNumbers: Bool { reading != .words }

    /// The code of the word in a row; 0 where there is none.
    func code(at row: Int) -> Int { codes.isEmpty ? 0 : codes[row] }

    /// The number in a row; NaN where there is none.
    func number(at row: Int) -> Double { numbers.isEmpty ? .nan : numbers[row] }

    /// The integer in a row that holds a number; nil where it is no integer, or a very large one.
    func integer(at row: Int) -> Int128? {
        let code = code(at: row)
        if code != 0 { return Int128(words.text(of: code)) }
        let number = number(at: row)
        return number.magnitude < Self.largestInteger ? Int128(exactly: number) : nil
    }

    /// The cell as text, numbers as the writers have them; nil where there is no value.
    func text(at row: Int) -> String? {
        let code = code(at: row)
        if code > 0 { return words.text(of: code) }
        let number = number(at: row)
        if number.isNaN { return nil }
        if reading == .integers, let integer = Int(exactly: number) { return String(integer) }
        return formatShortest(number)
    }

    /// What a cell that is text in its table holds: a number, or NaN, and the code of its word, or 0.
    mutating func value(of cell: UnsafeBufferPointer<UInt8>) -> (number: Double, code: Int) {
        if reading == .words { return (.nan, cell.isEmpty ? 0 : words.code(of: cell)) }
        switch readNumber(cell) {
        case .number(let number): return value(of: number, in: cell)
        // To a column of numbers a blank is nothing, as to the reader; to text it is a character.
        case .blank where cell.isEmpty || reading != .unknown: return (.nan, 0)
        case .blank, .tooLarge, .noNumber: return (.nan, words.code(of: cell))
        }
    }

    private mutating func value(
        of number: Double, in cell: UnsafeBufferPointer<UInt8>
    ) -> (number: Double, code: Int) {
        switch reading {
        case .integers where number != number.rounded(.towardZero): return (.nan, words.code(of: cell))
        case .integers, .unknown:
            // Beyond 2⁵³ a double may stand for several integers.
            if (0x1p53..<Self.largestInteger).contains(number.magnitude), let integer = integer(in: cell),
                Int128(exactly: number) != integer
            {
                return (number, words.code(of: String(integer)))
            }
            return (number, 0)
        case .reals, .words: return (number, 0)
        }
    }

    /// The integer that a cell of digits is.
    private func integer(in cell: UnsafeBufferPointer<UInt8>) -> Int128? {
        Int128(String(decoding: cell.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }, as: UTF8.self))
    }

    /// Adds rows with these numbers and codes, as many of either.
    mutating func append(_ numbers: UnsafeBufferPointer<Double>, _ codes: UnsafeBufferPointer<Int>) {
        if reading == .words {
            self.codes.append(contentsOf: codes)
        } else {
            self.numbers.append(contentsOf: numbers)
            let isCoded = codes.contains { $0 != 0 }
            if isCoded, self.codes.isEmpty { self.codes = [Int](repeating: 0, count: rowCount) }
            if isCoded || !self.codes.isEmpty { self.codes.append(contentsOf: codes) }
        }
        rowCount += numbers.count
    }

    private mutating func append(number: Double, code: Int) {
        if reading == .words {
            codes.append(code)
        } else {
            numbers.append(number)
            if code != 0, codes.isEmpty { codes = [Int](repeating: 0, count: rowCount) }
            if code != 0 || !codes.isEmpty { codes.append(code) }
        }
        rowCount += 1
    }

    /// Adds the cells of a chunk.
    mutating func append(_ values: ColumnValues, of column: Column) {
        switch values {
        case .real(let values):
            for value in values { append(number: value.isFinite ? value : .nan, code: 0) }
        case .integer(let values):
            for value in values {
                guard let value else {
                    append(number: .nan, code: 0)
                    continue
                }
                let number = Double(value)
                let isExact = Int(exactly: number) == value
                append(number: number, code: isExact ? 0 : words.code(of: String(value)))
            }
        case .boolean(let values):
            for value in values { append(text: value.map { $0 ? "true" : "false" }) }
        case .text(let values):
            for value in values { append(text: value) }
        case .label(let values):
            guard case .label(let labels) = column.kind else { return }
            if reading == .words {
                let codes = labels.map { $0.isEmpty ? 0 : words.code(of: $0) }
                // The chunk has been checked: what is no word is the missing one.
                for value in values { append(number: .nan, code: Int(value) < codes.count ? codes[Int(value)] : 0) }
            } else {
                for value in values { append(text: Int(value) < labels.count ? labels[Int(value)] : nil) }
            }
        }
    }

    private mutating func append(text: String?) {
        var text = text ?? ""
        let (number, code) = text.withUTF8 { value(of: $0) }
        append(number: number, code: code)
    }
}
