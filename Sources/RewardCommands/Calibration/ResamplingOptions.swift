import ArgumentParser
import CommandRun
import Reporting
import RewardStudies

/// The options of a bootstrap over time.
struct ResamplingOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Draw the history again so many times.", valueName: "count"),
        transform: wholeArgument(2...10_000_000))
    var bootstrap: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Duration of the bootstrap's blocks: longer than the market remembers. Default: by the rule of Politis and White.",
            valueName: "duration"),
        transform: spanArgument)
    var block: TimeSpan?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Level of the bootstrap's intervals. Default: 0.95.", valueName: "0<…<1"),
        transform: { text in
            let allowed = "a number greater than 0 and less than 1"
            let value = try decimalNumber(text, allowed: allowed)
            guard value > 0, value < 1 else { throw ArgumentFault("the level must be \(allowed)") }
            return value
        })
    var confidence: Double?

    /// The duration of the blocks, in nanoseconds: as given, or by the rule, which is told then.
    ///
    /// - Parameters:
    ///   - duration: of the time that is drawn again, in nanoseconds.
    ///   - rule: the duration that the rule gives; nil where it gives none.
    ///   - name: of the file, for messages.
    /// - Throws: `CommandFailure` with 64 where there are fewer than five blocks, or more than can be drawn.
    func block(
        of duration: UInt64, resamples: Int, name: String, _ common: CommonOptions, rule: () -> UInt64?
    ) throws -> UInt64 {
        func seconds(_ nanoseconds: UInt64) -> String { "\(formatRounded(Double(nanoseconds) / 1e9, digits: 6)) s" }
        var length = block.map { UInt64($0.nanoseconds) }
        if length == nil {
            guard let found = rule() else {
                throw CommandFailure(
                    .usage,
                    "\(name): the bootstrap needs --block, the duration of its blocks: what it is about never changes, so that the "
                        + "rule of Politis and White has nothing to go by.")
            }
            length = min(found, duration)
            common.tell(
                "\(name): blocks of \(seconds(found)), by the rule of Politis and White; --block says otherwise.")
        }
        guard let length else { return duration }
        let source = block == nil ? "the blocks are" : "--block is"
        let blocks = Double(duration) / Double(length)
        guard blocks >= 5 else {
            throw CommandFailure(
                .usage,
                "\(source) \(seconds(length)), and the history has \(seconds(duration)), \(formatRounded(blocks, digits: 3)) blocks: "
                    + "too few to tell anything by; allowed: at least 5 blocks, better 20 and more.")
        }
        if blocks < 20 {
            common.warn(
                "the history has only \(formatRounded(blocks, digits: 3)) blocks of \(seconds(length)): intervals of a bootstrap are "
                    + "too narrow below about 20.")
        }
        guard blocks * Double(resamples) <= Double(BlockBootstrap.mostBlocks) else {
            throw CommandFailure(
                .usage,
                "--bootstrap \(resamples) and blocks of \(seconds(length)) make "
                    + (blocks * Double(resamples) > 1e19
                        ? "more than 10^19" : "\(UInt64((blocks * Double(resamples)).rounded(.up)))")
                    + " blocks of a history of \(seconds(duration)); at most \(BlockBootstrap.mostBlocks) are drawn. "
                    + "Give a longer --block or fewer resamples.")
        }
        return length
    }
}
