// --version, --help, completions, and the scripts.
import Foundation
import Testing

@Suite struct VersionAndHelpTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    static let commands = ["bounds", "phase", "explain"]

    @Test func versionNamesWhatTheNumbersComeFrom() throws {
        let lines = try folder.data("--version").output.split(separator: "\n")
        #expect(lines.contains { $0.wholeMatch(of: /pinfi \d+\.\d+\.\d+/) != nil }, "\(lines)")
        #expect(lines.contains { $0.wholeMatch(of: /GSL \d+\.\d+(\.\d+)?/) != nil }, "\(lines)")
        #expect(lines.contains { $0.wholeMatch(of: /OpenBLAS \d+\.\d+\.\d+, kernels for \w+/) != nil }, "\(lines)")
        for command in Self.commands {
            #expect(try folder.data("\(command) --version").output == folder.data("--version").output)
        }
    }

    /// A width that is no number, or at which nothing could stand beside the names of options, is none.
    @Test(arguments: ["0", "-1", "28", "x", ""])
    func widthsThatAreNone(columns: String) throws {
        let ended = try folder.bash("COLUMNS='\(columns)' exec pinfi bounds --help")
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try ended.output == folder.data("bounds --help").output)
    }

    @Test func helpOfTheWholeNamesEveryCommand() throws {
        let help = try folder.data("--help").output
        for command in Self.commands { #expect(help.contains("\n  \(command) ")) }
        #expect(try folder.data("-h").output == help)
        #expect(try folder.data("help").output == help)
        #expect(!help.contains("‹"))
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test(arguments: commands)
    func helpOfACommand(_ command: String) throws {
        let help = try folder.data("\(command) --help").output
        #expect(try folder.data("help \(command)").output == help)
        #expect(try folder.data("\(command) -h").output == help)
        for option in [
            "--beta", "--p", "--theta", "--delta", "--fee", "--period", "--b", "--d", "--market", "--kappa-g",
            "--kappa-b",
            "--kappa-s", "--output", "--format", "--seed", "--threads", "--progress", "--quiet", "--verbose",
            "--external-price",
            "--failure-probability", "--collateral", "--reservation-price", "--swap-fee", "--staking-period",
        ] {
            #expect(
                help.contains("\(option) ") || help.contains("\(option),") || help.contains("\(option)\n"), "\(option)")
        }
        if command != "phase" {
            for option in ["--alpha", "--gamma", "--pool-price", "--block-reward"] { #expect(help.contains(option)) }
        }
        for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        // Defaults that are told are those that are used.
        for line in ["Default: 0.5.", "Default: 1."] { #expect(help.contains(line)) }
    }

    @Test(arguments: [""] + commands)
    func everyExampleOfTheHelpRuns(_ command: String) throws {
        let help = try folder.data(command.isEmpty ? "--help" : "\(command) --help").output
        let examples = help.split(separator: "\n").filter { $0.hasPrefix("  pinfi ") }
        #expect(examples.count >= (command.isEmpty ? 1 : 2))
        // What they read.
        try folder.write("time,usd_per_hour\nnoon,0.57\nlater,0.6\n", to: "prices.csv")
        for example in examples {
            let before = Set(folder.names)
            let run = try folder.bash(String(example))
            #expect(run.status == 0, "\(example): \(run.errors)")
            #expect(run.errors == "", "\(example): \(run.errors)")
            if let output = example.split(separator: " -o ").dropFirst().first {
                #expect(run.output == "")
                #expect(folder.names.contains(String(output)))
            } else {
                #expect(run.output.split(separator: "\n").count >= 2)
            }
            if example.contains("--boundaries") {
                #expect(folder.names.contains("curves.csv"))
                #expect(!before.contains("curves.csv"))
            }
        }
    }

    @Test(arguments: [
        "simulate", "equilibrium", "continue", "ensemble", "population", "protocol", "portrait", "sweep",
        "sensitivity local", "sensitivity morris", "sensitivity sobol", "sensitivity pawn", "sensitivity chaos",
        "calibrate history", "calibrate robust",
        "calibrate inverse", "calibrate schedule",
    ])
    func examplesFitATerminalAndRun(_ command: String) throws {
        let help = try folder.data("\(command) --help").output
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex { $0.hasPrefix("  pinfi \(command) ") })
        // A line that the help has broken goes on without indentation.
        let block = lines[first...].prefix { !$0.isEmpty }
        #expect(block.allSatisfy { $0.hasPrefix("  ") && $0.count <= 80 }, "\(block)")
        // Twenty days by the hour.
        let rows = (0..<480).map { hour in
            let (day, time) = ("\(101 + hour / 24)".dropFirst(), "\(100 + hour % 24)".dropFirst())
            return "2026-01-\(day)T\(time):00:00Z,\(0.6 + 0.01 * Double(hour % 37))"
        }
        try folder.write("timestamp,usd_per_hour\n" + rows.joined(separator: "\n") + "\n", to: "prices.csv")
        let examples = block.joined(separator: "\n").replacing("\\\n", with: "").split(separator: "\n")
        #expect(!examples.isEmpty)
        for example in examples {
            let run = try folder.bash(String(example) + " --quiet")
            #expect(run.status == 0, "\(example): \(run.errors)")
            #expect(run.errors == "", "\(example): \(run.errors)")
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionScripts(_ shell: String) throws {
        let script = try folder.data("--generate-completion-script \(shell)").output
        for word in Self.commands + ["pinfi", "reservation-price", "boundary-tolerance"] {
            #expect(script.contains(word), "\(word)")
        }
        if shell == "bash" {
            try folder.write(script, to: "completions")
            let run = try folder.bash(
                "bash -n completions && source completions && complete -p pinfi && "
                    + "COMP_WORDS=(pinfi ex) COMP_CWORD=1 && complete -p pinfi | grep -o -- '-F [^ ]*'")
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            #expect(run.errors == "", "\(run.output)\(run.errors)")
            #expect(run.output.contains("-F "), "\(run.output)\(run.errors)")
        }
    }

    @Test func unknownCommandsAndOptionsSayWhereToLook() throws {
        let command = try folder.pinfi("bonds")
        #expect(command.status == 64)
        #expect(command.errors.contains("\"bonds\""))
        #expect(command.errors.contains("pinfi --help"))
        let option = try folder.pinfi("phase --gird 1")
        #expect(option.status == 64)
        #expect(option.errors.contains("pinfi phase --help"))
        #expect(option.errors.contains("'--gird'"), "\(option.errors)")
    }

    /// The folder of the package.
    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(arguments: ["prepare", "run", "test"])
    func scriptsAreThereAndSound(_ name: String) throws {
        let path = Self.package.appendingPathComponent("scripts/\(name)").path
        try #require(FileManager.default.fileExists(atPath: path))
        #expect(FileManager.default.isExecutableFile(atPath: path))
        let check = try RunningProgram("/bin/bash", ["-n", path], in: folder.path).finish()
        #expect(check.ending == .status(0))
        #expect(check.errors == "")
    }
}
