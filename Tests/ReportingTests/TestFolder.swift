// What several tests need: files in a folder of their own, random values, tables in one chunk.
import Foundation
import TestSupport
import Testing

@testable import Reporting

extension TestFolder {
    /// What `body` writes.
    func output(_ body: (OutputDestination) throws -> Void) throws -> String {
        let destination = try OutputDestination.open(self["output"])
        try body(destination)
        try destination.commit()
        return try text("output")
    }

    /// A reader of this text.
    func reader(_ text: String) throws -> CSVReader { try CSVReader(path: write(text, to: "input.csv")) }
}

/// Finite doubles of all magnitudes: random bit patterns.
func randomDoubles(count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    var values: [Double] = []
    while values.count < count {
        let value = Double(bitPattern: generator.next())
        if value.isFinite { values.append(value) }
    }
    return values
}

/// Random text that is rich in what CSV, JSON and UTF-8 make difficult.
func randomText(using generator: inout SeededGenerator) -> String {
    let pieces = [
        "a", "b", " ", ",", "\"", "\"\"", "\n", "\r\n", "\r", "\t", "é", "–", "😀", "\\", "\u{1}", "\u{7F}", "null",
    ]
    return (0..<Int.random(in: 0...8, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
        .joined()
}

/// A table in one chunk.
func table(_ columns: [(Column, ColumnValues)]) -> Table {
    let chunk = TableChunk(rowCount: columns.first?.1.count ?? 0, columns: columns.map(\.1))
    return Table(columns: columns.map(\.0), source: .indexed(chunkCount: 1) { _ in chunk })
}

/// The text of the error that `body` throws.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch { return "\(error)" }
}
