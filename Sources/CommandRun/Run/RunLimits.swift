import DissipativeMarket
import Foundation
import Reporting

/// What a run may take of disk and memory: asked before any work, so that nobody finds out by a full disk or by a process
/// that was killed.
package enum RunLimits {
    /// The most rows of a table.
    package static let mostRows = 10_000_000_000
    /// About how many bytes a value takes in an output.
    private static let bytesOfValue = 16
    /// The share of the memory that there is which a run may take.
    private static let shareOfMemory = 0.8

    // MARK: - Rows

    /// How many rows something makes, for messages too where they are more than an `Int` holds.
    package struct Rows {
        /// nil where there are more than an `Int` holds.
        package let count: Int?
        /// The rows, however many they are.
        package let estimate: Double
        /// The rows in words, where ``count`` is nil.
        package let text: String

        package init(_ count: Int?, estimate: Double, text: String) {
            self.count = count
            self.estimate = estimate
            self.text = text
        }

        package init(_ count: Int) { self.init(count, estimate: Double(count), text: String(count)) }

        /// The product of lengths.
        package init(product lengths: [Int]) {
            self.init(
                ProductGrid.count(of: lengths), estimate: lengths.reduce(1) { $0 * Double($1) },
                text: lengths.map(String.init).joined(separator: " × "))
        }
    }

    /// The number of rows, if they are not too many and the output can hold them.
    ///
    /// - Parameters:
    ///   - options: that make the rows, for messages: "--x and --y".
    ///   - unit: what a row is, in the plural: "cells".
    ///   - columns: of the table.
    ///   - output: the path of the output.
    ///   - advice: what to do against too many rows, as a sentence.
    ///   - choosesColumns: whether `--columns` can make the rows shorter.
    /// - Throws: `CommandFailure` with 64, the rows and the estimate.
    package static func check(
        _ rows: Rows, of options: String, unit: String, columns: Int, output: String?,
        advice: String = "Lower a count.", choosesColumns: Bool = true
    ) throws -> Int {
        guard let count = rows.count, count <= mostRows else {
            let bytes = rows.estimate * Double(columns) * Double(bytesOfValue)
            throw CommandFailure(
                .usage,
                "\(options) make \(rows.count.map(String.init) ?? rows.text) rows, about \(size(bytes)); at most "
                    + "\(mostRows) \(unit) are allowed. \(advice)")
        }
        let bytes = Double(count) * Double(columns) * Double(bytesOfValue)
        guard let room = Room.ofOutput(output), bytes > room.bytes else { return count }
        throw CommandFailure(
            .usage,
            "\(options) make \(count) rows of \(columns) columns, about \(size(bytes)) at \(bytesOfValue) bytes a value, but "
                + "\(room.place) \(size(room.bytes))\(room.verb). \(advice.dropLast())"
                + (choosesColumns ? ", choose --columns, or write elsewhere." : ", or write elsewhere."))
    }

    // MARK: - Memory

    /// Throws where a computation would take more memory than the run may have.
    ///
    /// - Parameters:
    ///   - values: how many doubles, as far as a double counts them.
    ///   - options: that make them, "--samples 4294967296 of 4 parameters".
    ///   - advice: what to do, as a sentence.
    package static func checkMemory(values: Double, for options: String, advice: String = "Lower it.") throws {
        let bytes = values * 8
        guard let room = Room.ofMemory, bytes > room.bytes * shareOfMemory else { return }
        throw CommandFailure(
            .usage,
            "\(options) take about \(size(bytes)) of memory; \(room.place) \(size(room.bytes))\(room.verb), of which at "
                + "most \(formatRounded(shareOfMemory * 100)) % are used. \(advice)")
    }

    /// Bytes with their unit, to three digits.
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

/// So much room of something, and whose limit that is.
private struct Room {
    package let bytes: Double
    /// Who has it, with a verb: "the machine has".
    package let place: String
    /// What stands behind the number: " free".
    package var verb = ""

    /// The room of the place to which an output goes; nil where that is no regular file, or knows no limit.
    package static func ofOutput(_ path: String?) -> Room? {
        guard let free = OutputDestination.freeBytes(for: path) else { return nil }
        let disk = Room(bytes: Double(free), place: "the output's file system has", verb: " free")
        let file = softLimit(Int32(RLIMIT_FSIZE.rawValue)).map {
            Room(bytes: $0, place: "a file may have at most (ulimit -f)")
        }
        return [disk, file].compactMap { $0 }.min { $0.bytes < $1.bytes }
    }

    /// The memory that the process may have beside what it has.
    package static let ofMemory: Room? = {
        var rooms = [Room(bytes: Double(ProcessInfo.processInfo.physicalMemory), place: "the machine has")]
        if let limit = softLimit(Int32(RLIMIT_AS.rawValue)) {
            let left = max(limit - (addressSpaceInUse ?? 0), 0)
            rooms.append(Room(bytes: left, place: "the limit of the process (ulimit -v) leaves"))
        }
        if let limit = softLimit(Int32(RLIMIT_DATA.rawValue)) {
            rooms.append(Room(bytes: limit, place: "the limit of the process (ulimit -d) is"))
        }
        if let limit = controlGroupLimit {
            rooms.append(Room(bytes: limit, place: "the control group of the process may have"))
        }
        return rooms.min { $0.bytes < $1.bytes }
    }()

    private static func softLimit(_ resource: __rlimit_resource_t) -> Double? {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else { return nil }
        return Double(limit.rlim_cur)
    }

    /// Pages of the process's address space are the first number of /proc/self/statm.
    private static var addressSpaceInUse: Double? {
        let pages = text("/proc/self/statm")?.split(separator: " ").first.flatMap { Double($0) }
        return pages.map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
    }

    /// The smallest limit of the process's control group and of those above it, of either version; nil without one.
    private static var controlGroupLimit: Double? {
        var limits: [Double] = []
        for line in (text("/proc/self/cgroup") ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, parts[1].isEmpty || parts[1].split(separator: ",").contains("memory") else {
                continue
            }
            let (root, file) =
                parts[1].isEmpty ? ("/sys/fs/cgroup", "memory.max") : ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            var path = parts[2].split(separator: "/").map(String.init)
            while true {
                let folder = ([root] + path).joined(separator: "/")
                if let limit = text("\(folder)/\(file)").flatMap({
                    Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
                }) {
                    limits.append(limit)
                }
                if path.isEmpty { break }
                path.removeLast()
            }
        }
        return limits.min()
    }

    /// The text of a small file of the system.
    private static func text(_ path: String) -> String? {
        guard let bytes = try? InputBytes(path: path).readAll(atMost: 1 << 16) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
