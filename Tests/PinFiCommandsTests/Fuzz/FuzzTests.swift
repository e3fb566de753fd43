// The contract of the command line, whatever it is given. `scripts/fuzz SECONDS [SEED]` looks longer.
import Foundation
import Testing

@Suite struct FuzzTests {
    /// PINFI_FUZZ_SECONDS and PINFI_FUZZ_SEED; a minute and a seed that stays, where they are not set.
    private static let environment = ProcessInfo.processInfo.environment
    private static let seconds = environment["PINFI_FUZZ_SECONDS"].flatMap(Double.init) ?? 60
    private static let seed = environment["PINFI_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
    /// The number of the first run: with its seed and number a run can be had again.
    private static let first = environment["PINFI_FUZZ_FIRST"].flatMap { UInt64($0) } ?? 0

    @Test func everyCommandIsTried() throws {
        // These need a folder of results, which no hostile run has: StudyFaultTests tries them.
        let ofResults = [["study", "verify"], ["study", "report"]]
        for command in try CommandDefinition.all(in: TestFolder()) where !ofResults.contains(command.words) {
            let isTried = HostileRun.wellMeant.contains {
                $0.split(separator: " ").map(String.init).starts(with: command.words)
            }
            #expect(isTried, "HostileRun.wellMeant has no run of \(command.words.joined(separator: " "))")
        }
    }

    @Test(arguments: HostileRun.wellMeant)
    func whatIsMeantWellIsDone(_ line: String) throws {
        let folder = try TestFolder(HostileRun.files)
        let run = try folder.pinfi(line)
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test func theContractHolds() throws {
        let commands = try CommandDefinition.all(in: TestFolder())
        let deadline = ProcessInfo.processInfo.systemUptime + Self.seconds
        var number = Self.first
        while ProcessInfo.processInfo.systemUptime < deadline {
            try check(HostileRun(seed: Self.seed, number: number, of: commands), number)
            number += 1
        }
        #expect(number - Self.first >= 10, "the machine is too slow for anything to be learnt")
    }

    private func check(_ hostile: HostileRun, _ number: UInt64) throws {
        let folder = try TestFolder(hostile.files)
        let program = try RunningProgram(
            "/bin/bash", ["-c", hostile.script], in: folder.path, environment: ["PATH": try searchPath()])
        program.feed("beta,delta\n0.7,1.3\n".utf8, andClose: true)
        let run = program.finish(within: 60)
        var faults: [String] = []
        switch run.ending {
        case .timeLimit: faults.append("it did not end within a minute")
        case .signal(let number): faults.append("signal \(number) ended it")
        case .status(let status):
            if !PinFi.statuses.contains(status) { faults.append("its status is \(status)") }
            let messages = run.errors.split(separator: "\n").filter { $0.hasPrefix("Error:") }
            if status > 1, messages.count != 1, !hostile.closesErrors, !hostile.redirection.contains("2>") {
                faults.append("it tells \(messages.count) errors and ends with \(status)")
            }
            if status == 0, !messages.isEmpty { faults.append("it tells an error and ends with 0") }
            let allowed = Set(hostile.files.keys).union(["bin"])
            let made = folder.names.filter { !allowed.contains($0) }
            // The folder of a study stays with what is done and its record, so that its run can go on.
            let isKept = hostile.arguments.starts(with: ["study", "run"]) && made.allSatisfy { hasRecords(folder[$0]) }
            if status > 1, !made.isEmpty, !isKept { faults.append("it failed and made \(made)") }
        }
        for word in [
            "Fatal error", "Stack dump", "Backtrace", "rashed", "Illegal instruction", "NSCocoa", "fault of its own",
        ]
        where run.errors.contains(word) {
            faults.append("it says \(word)")
        }
        if run.errors.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" && $0 != "\r" || $0.value == 127 }) {
            faults.append("it sends control characters to the terminal")
        }
        if !folder.temporaries.isEmpty { faults.append("it leaves \(folder.temporaries)") }
        if folder.names.contains("pwn") { faults.append("it ran a command of the input") }
        let outputs = Set(hostile.arguments.flatMap { $0.split(separator: "=", maxSplits: 1).map(String.init) })
        for (name, text) in hostile.files where !outputs.contains(name) && !outputs.contains("./\(name)") {
            if try folder.text(name) != text { faults.append("it changed \(name)") }
        }
        guard !faults.isEmpty else { return }
        Issue.record(
            """
            \(faults.joined(separator: "; ")). Seed \(Self.seed), number \(number). To repeat it, in an empty folder:
            \(hostile.repetition)
            It said: \(run.errors.prefix(2000))
            """)
    }

    /// Whether a folder says of a task that it has ended: in a manifest, or in a journal's line after the first.
    private func hasRecords(_ path: String) -> Bool {
        if FileManager.default.fileExists(atPath: path + "/manifest.json") { return true }
        let journal = (try? String(contentsOfFile: path + "/.study-journal", encoding: .utf8)) ?? ""
        return journal.split(separator: "\n").count > 1
    }

    private func searchPath() throws -> String {
        let path = try #require(PinFi.path)
        return URL(fileURLWithPath: path).deletingLastPathComponent().path + ":/usr/local/bin:/usr/bin:/bin"
    }
}
