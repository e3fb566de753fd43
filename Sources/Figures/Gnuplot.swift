// Running gnuplot.

import Foundation
import Reporting
import Synchronization

/// gnuplot cannot be used.
public enum GnuplotError: Error, Equatable, CustomStringConvertible {
    /// It is not on PATH.
    case missing
    /// It ended without a picture, and what it said.
    case failed(String)
    /// It was stopped after this many seconds.
    case tooSlow(Double)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .missing:
            "gnuplot is not installed, and figures need it: install the Debian package gnuplot-nox "
                + "(apt-get install gnuplot-nox)."
        case .failed(let words): "gnuplot drew no picture: \(words)"
        case .tooSlow(let limit):
            "gnuplot did not finish within \(formatShortest(limit)) s and was stopped; a smaller figure, or a less busy "
                + "machine, may help."
        }
    }
}

/// The program gnuplot.
public struct Gnuplot: Sendable {
    private let executable: URL

    /// The gnuplot at a place of one's own.
    public init(executable: URL) { self.executable = executable }

    /// The gnuplot on PATH.
    ///
    /// - Throws: ``GnuplotError/missing``.
    public init() throws(GnuplotError) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let candidates = folders.map { URL(fileURLWithPath: String($0)).appendingPathComponent("gnuplot") }
        guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
            throw .missing
        }
        executable = found
    }

    /// What `gnuplot --version` says: "gnuplot 5.4 patchlevel 4".
    public func version() throws(GnuplotError) -> String {
        let output = try run(["--version"], input: "", limit: 20)
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Draws a sheet and gives the picture's bytes.
    ///
    /// - Parameters:
    ///   - sheet: what to draw.
    ///   - format: the picture's file format.
    ///   - limit: seconds after which gnuplot is stopped.
    /// - Throws: ``GnuplotError/failed(_:)`` where gnuplot ends with an error or without a picture,
    ///   ``GnuplotError/tooSlow(_:)`` after the limit.
    public func draw(_ sheet: FigureSheet, format: FigureFormat, limit: Double = 120) throws(GnuplotError) -> Data {
        // -d: no start-up files of the user's. The picture comes by standard output.
        let picture = try run(["-d", "-"], input: GnuplotScript(sheet, format: format).text + "exit\n", limit: limit)
        guard !picture.isEmpty else { throw .failed("it ended without a word and without a picture") }
        return format.finished(picture)
    }

    private func run(_ arguments: [String], input: String, limit: Double) throws(GnuplotError) -> Data {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        let (stdout, stderr) = (Pipe(), Pipe())
        // A nameless file, not a pipe: a gnuplot that dies early then cannot kill its parent by SIGPIPE.
        guard let script = tmpfile() else { throw .failed("no temporary file for its script could be made") }
        defer { fclose(script) }
        let bytes = Array(input.utf8)
        guard fwrite(bytes, 1, bytes.count, script) == bytes.count, fflush(script) == 0 else {
            throw .failed("its script could not be written to a temporary file")
        }
        rewind(script)
        process.standardInput = FileHandle(fileDescriptor: fileno(script), closeOnDealloc: false)
        process.standardOutput = stdout
        process.standardError = stderr
        do { try process.run() } catch { throw .failed("it could not be started: \(error.localizedDescription)") }

        // Both pipes at once, so that neither fills up while the other is waited for.
        let collected = Mutex((output: Data(), words: Data()))
        let group = DispatchGroup()
        let queue = DispatchQueue(label: "gnuplot", attributes: .concurrent)
        queue.async(group: group) {
            let data = (try? stdout.fileHandleForReading.readToEnd()) ?? nil
            collected.withLock { $0.output = data ?? Data() }
        }
        queue.async(group: group) {
            let data = (try? stderr.fileHandleForReading.readToEnd()) ?? nil
            collected.withLock { $0.words = data ?? Data() }
        }
        guard group.wait(timeout: .now() + limit) == .success else {
            process.terminate()
            if group.wait(timeout: .now() + 1) != .success { kill(process.processIdentifier, SIGKILL) }
            throw .tooSlow(limit)
        }
        process.waitUntilExit()
        let (output, words) = collected.withLock { ($0.output, $0.words) }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let text = String(decoding: words, as: UTF8.self).split(whereSeparator: \.isNewline)
                .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty && !$0.hasPrefix("^") }
            let how =
                process.terminationReason == .exit
                ? "it ended with status \(process.terminationStatus)"
                : "it was ended by signal \(process.terminationStatus)"
            throw .failed(text.last.map { "\(how) and said \(shownInMessage($0))." } ?? "\(how).")
        }
        return output
    }
}
