import Foundation

/// polars in a Python process that stays alive and holds the table.
final class PolarsPeer {
    /// There is no polars to measure against.
    struct Missing: Error {
        let reason: String
    }

    let version: String
    /// The file that polars writes.
    let output: String
    private let process = Process()
    private let commands = Pipe()
    private let answers = Pipe()
    private var unread = Data()

    /// Starts polars on a number of threads and waits until it has read the table.
    ///
    /// - Throws: `Missing`, and `BenchmarkFailure` where polars is there but fails.
    init(threads: Int, table: String, output: String) throws {
        self.output = output
        guard let python = Self.python else {
            throw Missing(reason: "no python3 with polars (run Benchmarks/prepare)")
        }
        process.executableURL = python
        process.arguments = [packageFolder.appending(path: "polars_peer.py").path, table, output]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["POLARS_MAX_THREADS": String(threads)], uniquingKeysWith: { $1 })
        process.standardInput = commands
        process.standardOutput = answers
        try process.run()
        let line = Self.line(from: answers.fileHandleForReading, keeping: &unread)
        guard let line else { throw BenchmarkFailure("polars_peer.py ended without an answer") }
        version = line
    }

    deinit {
        // The end of its standard input ends it.
        try? commands.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Sends a command and returns what polars says it cost.
    func cost(_ command: String) throws -> Cost {
        try commands.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
        let line = Self.line(from: answers.fileHandleForReading, keeping: &unread) ?? ""
        let numbers = line.split(separator: " ").compactMap { Double($0) }
        guard numbers.count == 2 else { throw BenchmarkFailure("polars_peer.py ended at the command \(command)") }
        return Cost(seconds: numbers[0], cpuSeconds: numbers[1])
    }

    private static func line(from handle: FileHandle, keeping unread: inout Data) -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread = Data(unread[(end + 1)...]) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            let more = handle.availableData
            if more.isEmpty { return nil }
            unread += more
        }
    }

    /// The interpreter that `prepare` made, or else a python3 on the path, if it has polars.
    private static var python: URL? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let candidates =
            [packageFolder.appending(path: ".build-peers/bin/python3")]
            + folders.map { URL(filePath: String($0)).appending(path: "python3") }
        return candidates.first { candidate in
            guard FileManager.default.isExecutableFile(atPath: candidate.path) else { return false }
            let trial = Process()
            trial.executableURL = candidate
            trial.arguments = ["-c", "import polars"]
            trial.standardError = FileHandle.nullDevice
            guard (try? trial.run()) != nil else { return false }
            trial.waitUntilExit()
            return trial.terminationStatus == 0
        }
    }
}
