// The peers in Python; papers/reward-sensitivity/agreement makes their environment.
import Foundation
import Testing

/// Scripts of papers/reward-sensitivity/agreement, run in their virtual environment.
enum PythonPeer {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let folder = root.appendingPathComponent("papers/reward-sensitivity/agreement")

    /// Whether the peers are there or could be installed, into a virtual environment of their own; looked for once.
    static let isThere: Bool = {
        let prepare = Process()
        prepare.executableURL = folder.appendingPathComponent("prepare")
        guard (try? prepare.run()) != nil else { return false }
        prepare.waitUntilExit()
        return prepare.terminationStatus == 0
    }()

    /// What a script writes, line by line, word by word.
    static func words(_ script: String, _ arguments: [String], input: String = "") throws -> [[String]] {
        let process = Process()
        process.executableURL = root.appendingPathComponent(".build-salib/bin/python3")
        process.arguments = [folder.appendingPathComponent(script).path] + arguments
        let (output, inputPipe) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardInput = inputPipe
        try process.run()
        // More than a pipe holds goes in while the other end reads.
        try inputPipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try inputPipe.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }
}
