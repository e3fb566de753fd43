import Reporting

/// The files that a run reads and writes, with the options that name them.
///
/// The outputs are known before anything is read, and whatever is read is opened here. Two outputs on one place, and an
/// output on a file that is read, are refused by whatever names, links or redirections they come.
package final class RunFiles {
    /// The figure that was asked for.
    package let plot: PlotOptions?
    /// The outputs beside data, figure and manifest that were asked for.
    package let sides: [(option: String, path: String)]
    /// All outputs that were asked for; the path of standard output may be nil.
    private let outputs: [(option: String, path: String?)]
    private let common: CommonOptions
    /// Whether a manifest is wanted, and so the hashes of what is read and written.
    package let isHashing: Bool
    private var inputs: [(option: String, given: String, bytes: InputBytes)] = []

    /// - Parameters:
    ///   - common: for the data and the manifest.
    ///   - sides: the other options that name outputs, and their paths where they were given.
    ///   - plot: the options of the figure, where the command draws one.
    /// - Throws: `CommandFailure` with 64 where two outputs lead to one place.
    package init(_ common: CommonOptions, sides: [(option: String, path: String?)] = [], plot: PlotOptions? = nil)
        throws
    {
        self.common = common
        isHashing = common.manifest != nil || RunContext.current != nil
        self.plot = plot.flatMap { $0.isAsked ? $0 : nil }
        self.sides = sides.compactMap { side in side.path.map { (side.option, $0) } }
        outputs =
            [("--output", common.output)] + self.sides.map { ($0.option, $0.path) } + (self.plot?.outputs ?? [])
            + (common.manifest.map { [("--manifest", $0)] } ?? [])
        for (index, first) in outputs.enumerated() {
            for second in outputs.dropFirst(index + 1)
            where OutputDestination.sameDestination(first.path, second.path) {
                throw CommandFailure(
                    .usage,
                    "\(first.option) and \(second.option) lead to the same place, "
                        + "\(shownInMessage(second.path ?? "-")); give each its own.")
            }
        }
    }

    /// Whether the data is the only output.
    package var isDataAlone: Bool { outputs.count == 1 }

    /// Opens a file that the run reads.
    ///
    /// - Parameters:
    ///   - option: that names it, for messages.
    ///   - path: as it was given; `-` is standard input.
    ///   - hashing: whether the hash is wanted even if no manifest is.
    /// - Throws: `InputError` where it cannot be read; `CommandFailure` with 64 where an output would replace it, or where
    ///   another option reads the same stream.
    package func open(_ option: String, _ path: String, hashing: Bool = false) throws -> InputBytes {
        let input = try InputBytes(path: path, hashing: isHashing || hashing)
        // A study compares the places of all its tasks before it runs the first.
        if let identity = input.identity, RunContext.current?.purpose != .check {
            for output in outputs where OutputDestination.identity(of: output.path) == identity {
                throw CommandFailure(
                    .usage,
                    "\(output.option) would replace the file of \(option), \(input.name); give it another name."
                )
            }
        }
        if let number = input.namedDescriptor,
            let other = inputs.first(where: { $0.bytes.namedDescriptor == number })
        {
            throw CommandFailure(
                .usage,
                "\(other.option) and \(option) both read \(input.name), which can be read only once; give one of them a file."
            )
        }
        inputs.append((option, path, input))
        RunContext.current?.takeInput(path)
        return input
    }

    /// Says something about what was read, under --verbose.
    package func note(_ text: String) { common.note(text) }

    /// The files that were read, for a manifest; one that was read twice is there once.
    package var read: [Manifest.InputFile] {
        var files: [Manifest.InputFile] = []
        var seen: Set<Contents> = []
        for input in inputs {
            let bytes = input.bytes
            let name = bytes.namedDescriptor == 0 ? bytes.name : input.given
            let contents = Contents(
                name: bytes.identity == nil ? name : nil, identity: bytes.identity, sha256: bytes.sha256)
            guard seen.insert(contents).inserted else { continue }
            files.append(Manifest.InputFile(name: name, bytes: bytes.byteCount, sha256: bytes.sha256))
        }
        return files
    }

    /// What tells inputs apart: the file, else the name, and what was found in it.
    private struct Contents: Hashable {
        package let name: String?
        package let identity: OutputIdentity?
        package let sha256: String?
    }
}
