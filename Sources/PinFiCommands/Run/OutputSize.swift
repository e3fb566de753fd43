import Reporting

/// How large a table would be: asked before any work, so that nobody finds out by a full disk.
struct OutputSize {
    /// The options that make the rows, for messages: "--x and --y".
    let options: String
    /// The rows; nil where there are more than an `Int` holds.
    let rows: Int?
    let columns: Int
    /// The rows, however many they are.
    let estimate: Double
    /// The rows in words where ``rows`` is nil.
    let text: String
    /// What a row is, in the plural: "cells".
    let unit: String

    /// The most rows of a table.
    static let mostRows = 10_000_000_000
    /// About how many bytes a value takes.
    private static let bytesOfValue = 16

    /// The rows, if they are not too many and the output can hold them.
    ///
    /// - Parameters:
    ///   - output: the path of the output.
    ///   - lower: what to do against too many rows, as a sentence.
    ///   - otherwise: what to do where the output has no room, as a sentence.
    /// - Throws: `CommandFailure` with 64, the rows and the estimate.
    func checkedRows(for output: String?, lower: String, otherwise: String) throws -> Int {
        guard let rows, rows <= Self.mostRows else {
            let bytes = estimate * Double(columns) * Double(Self.bytesOfValue)
            throw CommandFailure(
                .usage,
                "\(options) make \(self.rows.map(String.init) ?? text) rows, about \(Self.size(bytes)); at most "
                    + "\(Self.mostRows) \(unit) are allowed. \(lower)")
        }
        let bytes = rows.multipliedReportingOverflow(by: columns * Self.bytesOfValue)
        if let free = OutputDestination.freeBytes(for: output), bytes.overflow || bytes.partialValue > free {
            throw CommandFailure(
                .usage,
                "\(options) make \(rows) rows of \(columns) columns, about \(Self.size(Double(bytes.partialValue))) "
                    + "at \(Self.bytesOfValue) bytes a value, but the output's file system has "
                    + "\(Self.size(Double(free))) free. \(otherwise)")
        }
        return rows
    }

    private static func size(_ bytes: Double) -> String {
        guard bytes < .infinity else { return "more bytes than a double counts" }
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
        var value = bytes
        var index = 0
        while value >= 1000, index < units.count - 1 {
            value /= 1000
            index += 1
        }
        return "\(formatRounded(value, digits: 3)) \(units[index])"
    }
}
