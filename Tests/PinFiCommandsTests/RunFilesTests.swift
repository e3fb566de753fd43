// No output is on another output or on an input, whatever the command and whatever they are called.
import Foundation
import Testing

@Suite struct RunFilesTests {
    private let folder: TestFolder
    private let definitions: CommandDefinitions

    init() throws {
        folder = try TestFolder()
        definitions = try CommandDefinitions(in: folder)
    }

    @Test func everyCommandHasAnExample() {
        // What these read stands in arguments and in study files; their own tests try it.
        let others = definitions.files.keys.filter { $0 == "compare" || $0.hasPrefix("study ") }
        let examples = Set(CommandLineExample.all.map(\.command) + ["reproduce"] + others)
        #expect(examples == Set(definitions.files.keys))
        // An option that names a file is tried below: where it is read, by an example.
        for (command, options) in definitions.files {
            for option in options where CommandDefinitions.read.contains(option) && option != "market" {
                let read = CommandLineExample.all.filter { $0.command == command }.flatMap(\.inputs).map(\.option)
                #expect(read.contains("--\(option) FILE") || command == "sensitivity chaos", "\(command) --\(option)")
            }
        }
    }

    @Test(arguments: CommandLineExample.all)
    func twoOutputsOnOnePlace(_ example: CommandLineExample) throws {
        let options = definitions.outputs(of: example.command)
        try #require(options.count >= 2)
        for (index, first) in options.enumerated() {
            for second in options.dropFirst(index + 1) {
                let run = try folder.pinfi(example.words([first, "same.svg", second, "./same.svg"]))
                #expect(run.status == 64, "\(first) \(second): \(run.errors)")
                #expect(run.errors.contains("lead to the same place"), "\(first) \(second): \(run.errors)")
                #expect(run.errors.contains(first), "\(first) \(second): \(run.errors)")
                #expect(run.errors.contains(second), "\(first) \(second): \(run.errors)")
                #expect(folder.names == [])
            }
        }
    }

    @Test(arguments: CommandLineExample.all)
    func anOutputOnAnInput(_ example: CommandLineExample) throws {
        for input in example.inputs {
            try folder.write(input.contents, to: "in.svg")
            #expect(symlink("in.svg", folder["soft.svg"]) == 0)
            #expect(link(folder["in.svg"], folder["hard.svg"]) == 0)
            for (index, option) in definitions.outputs(of: example.command).enumerated() {
                let names = [
                    ("in.svg", "./in.svg"), ("soft.svg", "in.svg"), ("in.svg", "soft.svg"), ("hard.svg", "in.svg"),
                ]
                // One owner compares all of them, so that each name is tried with one option.
                for (read, written) in index == 0 ? names : [("in.svg", "in.svg")] {
                    let line = example.words(CommandLineExample.words(input, file: read) + [option, written])
                    let run = try folder.pinfi(line)
                    #expect(run.status == 64, "\(line): \(run.errors)")
                    #expect(
                        run.errors.contains("\(option) would replace the file of --"), "\(line): \(run.errors)")
                    #expect(run.output == "", "\(line)")
                    #expect(try folder.text("in.svg") == input.contents, "\(line)")
                }
            }
            for name in ["in.svg", "soft.svg", "hard.svg"] { unlink(folder[name]) }
        }
    }

    /// Standard input from a file is that file, by any of its names.
    @Test(arguments: ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"])
    func anOutputOnTheFileOfStandardInput(_ name: String) throws {
        try folder.write(CommandLineExample.prices, to: "a.csv")
        for line in [
            "bounds --delta 2 --input \(name) -o a.csv < a.csv", "bounds --delta 2 --input \(name) < a.csv >> a.csv",
            "calibrate history --delta 2 --input \(name) --profile a.csv < a.csv",
        ] {
            let run = try folder.bash("pinfi \(line)")
            #expect(run.status == 64, "\(line): \(run.errors)")
            #expect(run.errors.contains("would replace the file of --input, standard input"), "\(run.errors)")
            #expect(try folder.text("a.csv") == CommandLineExample.prices, "\(line)")
        }
    }

    /// What no output can replace may be read and written.
    @Test func whatIsNoFileMayBeBoth() throws {
        let run = try folder.bash("pinfi bounds --input /dev/null --delta 2 -o /dev/null")
        #expect(run.status == 65, "\(run.errors)")
        #expect(run.errors.contains("there is no header row"), "\(run.errors)")
    }

    /// A file that was there before is replaced where it is not read.
    @Test func aFileThatIsNotReadIsReplaced() throws {
        try folder.write(CommandLineExample.prices, to: "a.csv")
        let run = try folder.bash("pinfi bounds --b 0.7 --d 1.3 -o a.csv < a.csv")
        #expect(run.status == 0)
        #expect(try folder.text("a.csv") != CommandLineExample.prices)
    }

    @Test func oneStreamIsReadOnce() throws {
        let run = try folder.pinfi("bounds --market - --input /dev/stdin --delta 2", input: "")
        #expect(run.status == 64)
        #expect(run.errors.contains("--market and --input both read standard input"))
    }
}
