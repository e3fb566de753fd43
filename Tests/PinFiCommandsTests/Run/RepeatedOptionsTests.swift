// An option that is given twice.
import Testing

@Suite struct RepeatedOptionsTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    @Test(
        arguments: [
            (["bounds", "--b", "0.7", "--d", "1.3", "--b", "0.8"], ["--b is given twice", "\"0.7\"", "\"0.8\""]),
            (
                ["bounds", "--beta", "1", "--external-price", "1", "--delta", "2"],
                ["--external-price is another name of --beta"]
            ),
            (
                ["bounds", "--external-price=1", "--beta=2", "--delta", "2"],
                ["--beta is another name of --external-price"]
            ),
            (["bounds", "--b=0.7", "--d", "1.3", "--d=1.4"], ["--d is given twice, as \"1.3\" and as \"1.4\""]),
            (
                ["bounds", "--b", "0.7", "--d", "1.3", "-o", "a.csv", "--output", "b.csv"],
                ["--output is another name of -o"]
            ),
            (
                ["bounds", "--b", "0.7", "--d", "1.3", "-o=a.csv", "-o", "b.csv"],
                ["-o is given twice", "\"a.csv\"", "\"b.csv\""]
            ),
            (["explain", "--b", "0.7", "--d", "1.3", "--x", "-1", "--x", "1", "--y", "1"], []),
            (
                [
                    "sensitivity", "sobol", "--delta", "2", "--vary", "beta=uniform(0.5,0.9)", "--samples", "8",
                    "--samples", "9",
                ],
                ["--samples is given twice"]
            ),
            (["reproduce", "figure4", "-o", "a", "-o", "a"], ["-o is given twice, as \"a\" and as \"a\""]),
            (["bounds", "--b", "0.7", "--d", "1.3", "--seed", "1", "--seed", "\u{1B}[2J"], []),
        ] as [([String], [String])])
    func isRefused(_ arguments: [String], _ fragments: [String]) throws {
        let run = try folder.pinfi(arguments)
        #expect(run.status == 64, "\(run.errors)")
        #expect(run.output == "")
        #expect(folder.names == [])
        #expect(!run.errors.contains("\u{1B}"))
        for fragment in fragments { #expect(run.errors.contains(fragment), "\(run.errors)") }
    }

    /// Every option with several names, once, in a run that is meant well otherwise.
    @Test func isRefusedByEveryOtherName() throws {
        var tried: Set<[String]> = []
        for command in try CommandDefinition.all(in: folder) {
            guard
                let line = HostileRun.wellMeant.first(where: {
                    $0.split(separator: " ").map(String.init).starts(with: command.words)
                })
            else { continue }
            for option in command.options where !option.isFlag && option.names.count > 1 {
                guard tried.insert(option.names).inserted, !line.contains(option.names[0] + " ") else { continue }
                let words = line.split(separator: " ").map(String.init)
                let run = try folder.pinfi(words + option.names.flatMap { [$0, "0.5"] })
                #expect(run.status == 64)
                #expect(run.errors.contains("is another name of"), "\(option.names): \(run.errors)")
            }
        }
        #expect(tried.count > 8, "α, β, p, θ, γ, δ, φ, T and the output")
    }

    @Test(arguments: [
        // What may be repeated, or says the same twice.
        ["sweep", "--b", "0.7", "--vary", "d=0.9:1.3:3", "--vary", "y=0.5:1.1:3", "--quantity", "outcome"],
        ["bounds", "--b", "0.7", "--d", "1.3", "--quiet", "--quiet"],
        // A value that looks like an option is none.
        [
            "phase", "--b", "0.7", "--d", "1.3", "--x", "0:2:3", "--y", "0:1:2", "--title", "--x", "--plot-script",
            "p.gp",
        ],
        ["bounds", "--b", "0.7", "--d", "1.3", "-o", "--b"],
        ["bounds", "--b", "0.7", "--d", "1.3", "-o", "-o"],
    ])
    func isTaken(_ arguments: [String]) throws {
        let run = try folder.pinfi(arguments)
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test func helpIsHelpAllTheSame() throws {
        #expect(try folder.pinfi("bounds --b 0.7 --b 0.8 --help").output.hasPrefix("OVERVIEW"))
    }
}
