// Running gnuplot.
import Foundation
import Glibc
import Reporting

/// gnuplot cannot be used.
public enum GnuplotError: Error, Equatable, CustomStringConvertible {
    /// gnuplot is not on PATH.
    case missing
    /// gnuplot ended without a picture; the text is what it said.
    case failed(String)
    /// gnuplot was stopped after this many seconds.
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
    private let executable: String

    /// The gnuplot at a place of one's own.
    public init(executable: URL) { self.executable = executable.path }

    /// The gnuplot on PATH: the first regular file of that name that may be executed.
    ///
    /// - Throws: ``GnuplotError/missing``.
    public init() throws(GnuplotError) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let found = folders.lazy.map { "\($0)/gnuplot" }.first { path in
            var status = stat()
            return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
        }
        guard let found else { throw .missing }
        executable = found
    }

    /// What `gnuplot --version` says: "gnuplot 5.4 patchlevel 4".
    public func version() throws(GnuplotError) -> String {
        let output = try run(["--version"], input: "", limit: 20)
        let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasPrefix("gnuplot "), text.utf8.count < 100, !text.contains(where: \.isNewline) else {
            throw .failed("\(executable) does not tell its version as gnuplot does.")
        }
        return text
    }

    /// Draws a sheet and gives the picture's bytes.
    ///
    /// - Parameters:
    ///   - sheet: what to draw.
    ///   - format: the picture's file format.
    ///   - limit: seconds after which gnuplot is stopped.
    /// - Throws: ``GnuplotError/failed(_:)`` where gnuplot ends with an error or without a whole picture,
    ///   ``GnuplotError/tooSlow(_:)`` after the limit.
    public func draw(_ sheet: FigureSheet, format: FigureFormat, limit: Double = 120) throws(GnuplotError) -> Data {
        // -d: no start-up files of the user's. The picture comes by standard output.
        let picture = try run(["-d", "-"], input: GnuplotScript(sheet, format: format).text + "exit\n", limit: limit)
        guard !picture.isEmpty else {
            throw .failed("\(executable) ended without a word and without a picture.")
        }
        guard format.isWhole(picture) else {
            throw .failed("what \(executable) wrote is no complete \(format.rawValue.uppercased()) file.")
        }
        return format.finished(Data(picture))
    }

    private func run(_ arguments: [String], input: String, limit: Double) throws(GnuplotError) -> [UInt8] {
        let run: ChildProgram.Run
        do {
            run = try ChildProgram.run(executable, arguments, input: Array(input.utf8), limit: limit)
        } catch {
            throw .failed("\(executable) could not be started: \(systemReason(error.code)).")
        }
        let how: String
        switch run.ending {
        case .status(0): return run.output
        case .tooSlow: throw .tooSlow(limit)
        case .tooMuch:
            throw .failed("\(executable) wrote more than \(ChildProgram.mostOutput >> 20) MiB and was stopped.")
        case .status(let status): how = "it ended with status \(status)"
        case .signal(let number): how = "it was ended by signal \(number)"
        }
        let text = String(decoding: run.words, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty && !$0.hasPrefix("^") }
        throw .failed(text.last.map { "\(how) and said \(shownInMessage($0))." } ?? "\(how).")
    }
}

extension FigureFormat {
    /// Whether these bytes begin and end as a file of this format does.
    func isWhole(_ bytes: [UInt8]) -> Bool {
        // gnuplot ends a file with line ends, or none.
        let last = bytes.lastIndex { !" \t\r\n".utf8.contains($0) } ?? bytes.startIndex
        let text = bytes.prefix(last + 1)
        switch self {
        case .svg:
            return (text.starts(with: "<?xml".utf8) || text.starts(with: "<svg".utf8))
                && text.suffix(6).elementsEqual("</svg>".utf8)
        case .pdf: return text.starts(with: "%PDF-".utf8) && text.suffix(5).elementsEqual("%%EOF".utf8)
        case .png:
            // Its signature, and the last chunk: no bytes, IEND and their checksum.
            return bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
                && bytes.suffix(12).elementsEqual([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
        }
    }
}
