import Reporting
import Synchronization

/// Where a command tells what it reads, writes and says, when it is a task of a study rather than a run of its own.
///
/// The context is there on the thread that runs the command, for as long as the command lasts.
package final class RunContext: Sendable {
    /// The context of the command that this thread runs; nil for a run of its own.
    @TaskLocal package static var current: RunContext?

    /// What is wanted of the command.
    package enum Purpose: Sendable {
        /// The command stops, by ``Checked``, before it opens an output or computes anything.
        case check
        /// The command does its work.
        case run
    }

    /// Nothing was wrong up to the place where the work would begin.
    package struct Checked: Error {}

    private struct State {
        package var manifest: Manifest?
        package var inputs: [String] = []
        package var messages: [String] = []
    }

    package let purpose: Purpose
    private let state = Mutex(State())

    package init(_ purpose: Purpose) { self.purpose = purpose }

    /// What the manifest of the run would say; nil before its end.
    package var manifest: Manifest? { state.withLock { $0.manifest } }
    /// The paths of the files that the command read, as they were given.
    package var inputs: [String] { state.withLock { $0.inputs } }
    /// Its notes and warnings.
    package var messages: [String] { state.withLock { $0.messages } }

    package func take(_ manifest: Manifest) { state.withLock { $0.manifest = manifest } }
    package func takeInput(_ path: String) { state.withLock { $0.inputs.append(path) } }
    package func tell(_ message: String) { state.withLock { $0.messages.append(message) } }

    /// Ends a command that is only checked: to be called where its work would begin.
    package static func endCheck() throws(Checked) {
        if let current, current.purpose == .check { throw Checked() }
    }

    /// Runs `body` within this context.
    package func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        try Self.$current.withValue(self, operation: body)
    }
}
