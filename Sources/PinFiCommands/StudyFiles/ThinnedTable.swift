import CommandRun
import Reporting

/// A CSV file of which only some rows are kept: the header, the first row, and each so many-th after it.
struct ThinnedTable {
    let path: String
    let every: Int

    /// Replaces the file by its kept rows, as they stand.
    func write() throws -> WriteSummary {
        let input = try InputBytes(path: path)
        let destination = try OutputDestination.open(path)
        var summary = WriteSummary(rows: 0, bytes: 0)
        var kept: [UInt8] = []
        var row = -1  // the header
        var isQuoted = false
        var isKept = true
        while true {
            let bytes = try input.readAll(atMost: 1 << 18)
            if bytes.isEmpty { break }
            for byte in bytes {
                if isKept { kept.append(byte) }
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                if byte == UInt8(ascii: "\n"), !isQuoted {
                    if isKept, row >= 0 { summary.rows += 1 }
                    row += 1
                    isKept = row % every == 0
                }
            }
            try kept.withUnsafeBytes { try destination.write($0) }
            summary.bytes += kept.count
            kept.removeAll(keepingCapacity: true)
        }
        try destination.commit()
        return summary
    }
}
