// The sidecar that says where data came from.
import Foundation

/// The sidecar of a run's data: what was computed, with which settings and programs, and the hashes of what came out.
///
/// It has two parts. `comparable` depends only on what was asked for and what was computed: its bytes are the same on
/// every run, at any time and number of threads. `run` says when, where and by what it was made.
public struct Manifest: Sendable {
    /// The settings as they were used, defaults filled in; no paths, threads or times, which `comparable` must not
    /// depend on.
    public var configuration: JSONObject
    /// The tolerances that were asked of the numerics, by name.
    public var tolerances: JSONObject
    /// The seed of the random numbers; nil where none were drawn.
    public var seed: UInt64?
    /// Sweep cells that could not be solved.
    public var failedCells: Int
    /// The files that were read, each once, in the order in which they were opened.
    public var inputs: [InputFile]
    /// The data that was written, in order.
    public var data: [DataFile]
    /// When, where and by what it was made.
    public var run: Run

    /// A manifest of this run.
    public init(
        configuration: JSONObject, tolerances: JSONObject = [:], seed: UInt64? = nil, failedCells: Int = 0,
        inputs: [InputFile] = [], data: [DataFile], run: Run
    ) {
        self.configuration = configuration
        self.tolerances = tolerances
        self.seed = seed
        self.failedCells = failedCells
        self.inputs = inputs
        self.data = data
        self.run = run
    }

    /// The part that is the same on every run.
    public var comparable: JSONObject {
        [
            "configuration": .object(configuration), "tolerances": .object(tolerances),
            "seed": seed.map { JSONValue($0) } ?? .null, "failed_cells": JSONValue(failedCells),
            "inputs": .array(inputs.map { .object($0.members) }), "data": .array(data.map { .object($0.members) }),
        ]
    }

    /// The whole manifest.
    public var value: JSONValue { ["comparable": .object(comparable), "run": .object(run.members)] }

    /// Writes the manifest as JSON.
    @discardableResult
    public func write(to destination: OutputDestination) throws(OutputError) -> WriteSummary {
        try JSONWriter().write(value, to: destination)
    }
}

extension Manifest {
    /// A file that was read.
    public struct InputFile: Sendable, Equatable {
        /// Its path as it was given, or `standard input`.
        public let name: String
        /// The number of bytes that were read.
        public let bytes: Int
        /// The hash of these bytes, in hexadecimal; nil where it was not computed.
        public let sha256: String?

        /// So much of a file was read.
        public init(name: String, bytes: Int, sha256: String?) {
            self.name = name
            self.bytes = bytes
            self.sha256 = sha256
        }

        fileprivate var members: JSONObject {
            ["name": .text(name), "bytes": JSONValue(bytes), "sha256": JSONValue(sha256)]
        }
    }

    /// A file of data.
    public struct DataFile: Sendable, Equatable {
        /// The last component of its path, `standard output`, or whatever was given.
        public let name: String
        /// Rows of data and columns.
        public let rows: Int, columns: Int
        /// The size of the file.
        public let bytes: Int
        /// The hash of the file, in hexadecimal; nil where it was not computed.
        public let sha256: String?
        /// Its columns and keys, by which a comparison reads it; nil where they are not told.
        public let definition: TableDefinition?

        /// A file at `path`.
        public init(
            path: String, rows: Int, columns: Int, bytes: Int, sha256: String?, definition: TableDefinition? = nil
        ) {
            name = lastComponent(path)
            self.rows = rows
            self.columns = columns
            self.bytes = bytes
            self.sha256 = sha256
            self.definition = definition
        }

        /// What a writer has written to a destination that was opened with `hashing`, and nothing else was.
        public init(
            _ destination: OutputDestination, columns: Int, _ summary: WriteSummary, definition: TableDefinition? = nil
        ) {
            self.init(
                path: destination.name, rows: summary.rows, columns: columns, bytes: summary.bytes,
                sha256: destination.sha256, definition: definition)
        }

        fileprivate var members: JSONObject {
            var members: JSONObject = [
                "name": .text(name), "rows": JSONValue(rows), "columns": JSONValue(columns),
                "bytes": JSONValue(bytes), "sha256": JSONValue(sha256),
            ]
            if let definition {
                for member in definition.manifestMembers.members { members[member.name] = member.value }
            }
            return members
        }
    }

    /// A picture of the data. Its bytes depend on the version of the program that drew it.
    public struct Figure: Sendable, Equatable {
        /// The last component of its path.
        public let name: String
        /// The hash of the file, in hexadecimal; nil where it was not computed.
        public let sha256: String?

        /// A picture at `path`.
        public init(path: String, sha256: String?) {
            name = lastComponent(path)
            self.sha256 = sha256
        }
    }

    /// When, where and by what data was made.
    public struct Run: Sendable {
        /// The command as it was typed: the program's name and its arguments.
        public var command: [String]
        /// When the run began; written to the second, in UTC.
        public var start: Date
        /// How long it took, in seconds.
        public var seconds: Double
        /// The most threads that worked at the same time.
        public var threads: Int
        /// The version of each program and library, the run's own first.
        public var versions: [(name: String, version: String)]
        /// The pictures that were drawn.
        public var figures: [Figure]
        /// The machine.
        public var host: Host

        /// A run.
        public init(
            command: [String], start: Date, seconds: Double, threads: Int, versions: [(name: String, version: String)],
            figures: [Figure] = [], host: Host = .current
        ) {
            self.command = command
            self.start = start
            self.seconds = seconds
            self.threads = threads
            self.versions = versions
            self.figures = figures
            self.host = host
        }

        /// The run as a manifest has it.
        public var members: JSONObject {
            let pictures = figures.map { figure -> JSONValue in
                ["name": .text(figure.name), "sha256": JSONValue(figure.sha256)]
            }
            return [
                "command": .text(command.map(quotedForShell).joined(separator: " ")),
                "arguments": .array(command.dropFirst().map { .text($0) }), "start": .text(start.formatted(.iso8601)),
                "seconds": .real(seconds), "threads": JSONValue(threads),
                "versions": .object(JSONObject(versions.map { ($0.name, .text($0.version)) })),
                "figures": .array(pictures), "host": .object(host.members),
            ]
        }
    }

    /// A machine, without the names of it and of its users.
    public struct Host: Sendable, Equatable {
        /// The operating system with its release.
        public var system: String
        /// The instruction set.
        public var architecture: String
        /// The processors that the run might use.
        public var processors: Int

        /// A machine.
        public init(system: String, architecture: String, processors: Int) {
            self.system = system
            self.architecture = architecture
            self.processors = processors
        }

        fileprivate var members: JSONObject {
            [
                "system": .text(system), "architecture": .text(architecture),
                "processors": JSONValue(processors),
            ]
        }
    }
}

private func lastComponent(_ path: String) -> String {
    String(path.split(separator: "/").last ?? Substring(path))
}

/// A word as a POSIX shell reads it back: in single quotes where it holds more than what stands for itself.
public func quotedForShell(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_-+./:,=@%^".utf8.contains(byte)
        }
    }
    return plain && !word.isEmpty
        ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
