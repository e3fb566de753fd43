import ArgumentParser
import Parallelism

/// The options that change how work is done and told, not what comes out.
package struct WorkOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "Threads to use. Default: all cores. Results do not depend on it.",
        transform: wholeArgument(1...4096))
    package var threads: Int = availableProcessors

    @Option(parsing: .unconditional, help: "Show progress on standard error: auto (on a terminal), always or never.")
    package var progress: ProgressMode = .auto

    @Flag(help: "No notes and no warnings on standard error.")
    package var quiet = false

    @Flag(help: "Say more on standard error.")
    package var verbose = false

    package init() {}
}
