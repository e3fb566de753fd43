// The output as a spreadsheet would read it.
import Foundation
import Testing

/// A CSV file in memory, by RFC 4180: a reader that shares nothing with the one under test.
struct CSVText {
    let header: [String]
    let rows: [[String]]

    init(_ text: String) {
        var records: [[String]] = []
        var record: [String] = []
        var field = ""
        var isQuoted = false
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            if isQuoted {
                if scalar != "\"" {
                    field.unicodeScalars.append(scalar)
                } else if next == "\"" {
                    field += "\""
                    next = scalars.next()
                } else {
                    isQuoted = false
                }
            } else if scalar == "\"" {
                isQuoted = true
            } else if scalar == "," || scalar == "\n" {
                record.append(field)
                field = ""
                if scalar == "\n" {
                    records.append(record)
                    record = []
                }
            } else {
                field.unicodeScalars.append(scalar)
            }
        }
        // What has no line end is kept, so that a missing one shows.
        if !record.isEmpty || !field.isEmpty { records.append(record + [field + "<no line end>"]) }
        header = records.first ?? []
        rows = Array(records.dropFirst())
    }

    /// The cells of a column.
    subscript(name: String) -> [String] {
        guard let index = header.firstIndex(of: name) else { return [] }
        return rows.map { index < $0.count ? $0[index] : "<short row>" }
    }

    /// The numbers of a column; NaN where there is none.
    func numbers(_ name: String) -> [Double] { self[name].map { Double($0) ?? .nan } }

    /// The cell of the only row.
    func cell(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let cells = self[name]
        try #require(cells.count == 1, "\(name) of \(rows.count) rows", sourceLocation: sourceLocation)
        return cells[0]
    }

    /// The number in the only row.
    func number(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Double {
        let text = try cell(name, sourceLocation: sourceLocation)
        return try #require(Double(text), "\(name) is '\(text)'", sourceLocation: sourceLocation)
    }
}

/// Whether two numbers agree to so many parts of the larger; 0 agrees with what is below the tolerance itself.
func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-300) || (min(abs(a), abs(b)) == 0 && max(abs(a), abs(b)) <= tolerance)
}
