import ArgumentParser
import Parallelism

/// The options that change how work is done and told, not what comes out.
struct WorkOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "Threads to use. Default: all cores. Results do not depend on it.",
        transform: wholeArgument(1...4096))
    var threads: Int = availableProcessors

    @Option(parsing: .unconditional, help: "Show progress on standard error: auto (on a terminal), always or never.")
    var progress: ProgressMode = .auto

    @Flag(help: "No notes and no warnings on standard error.")
    var quiet = false

    @Flag(help: "Say more on standard error.")
    var verbose = false
}
