// The output as a spreadsheet would read it.
import Foundation
import Testing

/// A CSV file in memory, by RFC 4180: a reader that shares nothing with the one under test.
struct CSVText {
    let header: [String]
    let rows: [[String]]

    /// - Parameter acceptsCRLF: for files of others; what pinfi writes ends its lines with a line feed.
    init(_ text: String, acceptsCRLF: Bool = false) {
        let bytes = Array(text.utf8)
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = 0
        func endField() {
            record.append(String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
        }
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            index += 1
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && next == UInt8(ascii: "\""):
                field.append(byte)
                index += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted: endField()
            case UInt8(ascii: "\r") where !isQuoted && acceptsCRLF && next == UInt8(ascii: "\n"): break
            case UInt8(ascii: "\n") where !isQuoted:
                endField()
                records.append(record)
                record = []
            default: field.append(byte)
            }
        }
        // What has no line end is kept, so that a missing one shows.
        if !record.isEmpty || !field.isEmpty {
            endField()
            records.append(record + ["<no line end>"])
        }
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

/// Whether two numbers agree to `tolerance` times the larger one.
func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance * max(abs(a), abs(b)) }
