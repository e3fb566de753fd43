// Command lines, files and surroundings that nobody means well with.
import TestSupport

/// A run made up from a seed and a number: the same for the same two, and shown as a script of bash that repeats it.
struct HostileRun {
    /// The files that the folder has before the run.
    var files: [String: String]
    var arguments: [String]
    /// Commands of the shell that go before: limits, a PATH.
    var preamble = ""
    /// What follows the command line: closed streams, pipes.
    var redirection = ""

    /// Whether the run may write where its messages go, and to standard output.
    var closesErrors: Bool { redirection.contains("2>&-") }

    var script: String {
        "\(preamble)exec pinfi \(arguments.map(Self.quoted).joined(separator: " "))\(redirection)"
    }

    /// The script with its files, to be pasted into an empty folder.
    var repetition: String {
        let making = files.sorted { $0.key < $1.key }.map {
            "printf %s \(Self.quoted($0.value)) > \(Self.quoted($0.key))\n"
        }
        return making.joined() + "(\(script))"
    }

    /// A word as bash reads it, whatever is in it.
    private static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Runs that are done in a moment, one a command at least: from them the others are made.
    static let wellMeant = [
        "bounds --b 0.7 --d 1.3 --y 0.79", "bounds --input in.csv", "bounds --market market.yaml",
        "phase --b 0.7 --d 1.3 --x 0:2:5 --y 0:1.5:4", "explain --b 0.7 --d 1.3 --x 1 --y 1",
        "flow --b 0.7 --d 1.3 --x 2 --y 0.79", "equilibrium --b 0.7 --d 1.3 --y 0.79",
        "simulate --model role --b 0.7 --d 1.3 --y 0.79 --from x=1.5,lp=0.5,seller=0.3 --until 2 --every 1",
        "ensemble --b 0.7 --d 1.3 --y 0.79 --x0 1:1.5:2 --until 2",
        "population --b 0.7 --d 1.3 --y 0.79 --holders 20 --runs 2 --from x=1.2 --until 1 --every 0.5",
        "protocol --b 0.7 --d 1.3 --y 0.79 --providers 20 --runs 2 --until 2 --every 1 --mechanism pool,posted",
        "continue --b 0.7 --d 1.3 --y 0.79 --parameter lag=0.1:0.5 --switch hopf --max-points 8",
        "portrait --b 0.7 --d 1.3 --reward-ratio 0.79 --x x=1:1.5:3 --y seller=0:1:2",
        "sweep --b 0.7 --vary d=0.9:1.3:3 --vary y=0.5:1.1:3 --quantity outcome,rest_price",
        "sensitivity local --beta 0.7 --delta 1.6 --quantity gamma_max",
        "sensitivity morris --delta 1.6 --theta 1 --vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.2) --quantity gamma_max --trajectories 4",
        "sensitivity sobol --delta 1.6 --theta 1 --vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.2) --quantity gamma_max --samples 8",
        "sensitivity pawn --delta 1.6 --theta 1 --vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.2) --quantity gamma_max --samples 100",
        "sensitivity chaos --delta 1.6 --theta 1 --vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.2) --quantity gamma_max --samples 50",
        "calibrate history --input prices.csv --time time --column beta=price --delta 2.6 --p 0.05 --theta 1",
        "calibrate backtest --input prices.csv --time time --column beta=price --delta 2.6 --policy constant=0.8",
        "calibrate robust --vary beta=uniform(0.5,0.9) --delta 2 --samples 50",
        "calibrate inverse --beta 0.7 --delta 1.6 --gamma 0.8",
        "calibrate schedule --tokens 100000 --every 1d --start 2024-04-09 --halving 365d --share 0.7 --capacity 2000 --token-price 0.5 --unit 1h --beta 0.7 --delta 2.6",
        "reproduce figure4 --without-figures -o figure4", "compare in.csv in.csv", "study init new.yaml",
        "study list study.yaml", "study run study.yaml -o results",
    ]

    static let files = [
        "in.csv": "beta,delta\n0.7,1.3\n0.8,2\n", "market.yaml": "beta: 0.7\ndelta: 1.3\n",
        "prices.csv": "time,price\n2024-01-01T00:00:00Z,0.7\n2024-01-02T00:00:00Z,0.8\n2024-01-03T00:00:00Z,0.75\n",
        "schedule.csv": "time,gamma\n0,0.9\n10,0.7\n", "old.csv": "old\n",
        "study.yaml": "study: s\ntasks:\n  rest: {run: bounds, b: 0.7, d: 1.3, y: 0.79}\n",
    ]

    /// Numbers at the edges of what is allowed, and what only looks like one.
    private static let numbers = [
        "0", "-0", "1", "0.7", "1.3", "-1", "0.5", "2", "5e-324", "1e-320", "1e-16", "0.9999999999999999", "1e9",
        "1e300",
        "1.7976931348623157e308", "1e400", "-1e308", "nan", "inf", "-inf", "0x10", "1e", "1,5", " 1", "1 ", "", "٣",
        "1_000", "+1", "..", "1d3",
    ]
    private static let counts = [
        "0", "1", "2", "3", "-1", "7", "9223372036854775807", "9223372036854775808", "1e3", "2.5",
        "99999999999999999999",
    ]
    private static let words = [
        "", " ", "-", "--", "--beta", "--times", "=", "a=b", "a=b=c", "é", "\u{1B}[2J", "x\ny", "\u{0}", "\u{7F}",
        "\u{202E}", "'", "\"", "`touch pwn`",
        "$(touch pwn)", "END", "ENDx\n!touch pwn", "EOD\nsystem(\"touch pwn\")\n", "@", "{/=20 x}", "^_^", "%s%n", "\\",
        "NULL", "null", "~", "[", "{{{{", "*a", "&a",
        "title\ttab", String(repeating: "w", count: 300), "🙂", "0:1:2", "x=0:1:2", "uniform(0,1)", "normal(0)",
        "beta=uniform(", "empirical(in.csv:beta)",
    ]
    private static let paths = [
        "in.csv", "market.yaml", "old.csv", "new.csv", "new.svg", "new.pdf", "new.png", "new.gp", "./old.csv",
        "no/such.csv", ".", "/", "-", "/dev/null", "/dev/full",
        "/dev/stdout", "/dev/fd/9", "/dev/stdin", "", "new.csv/", "-o", "\u{1B}x.csv",
        String(repeating: "n", count: 300),
    ]
    private static let tables = [
        "", "\n", "beta", "beta,delta\n", "beta,delta\n0.7\n", "beta,delta\n0.7,1.3,9\n", "beta,beta\n1,2\n",
        "\u{FEFF}beta,delta\r\n0.7,1.3\r\n",
        "beta,delta\n\"0.7\",\"1.3\n", "beta,delta\nx,1.3\n", "be\u{1B}ta,delta\n0.7,1.3\n", "beta,delta\n1e400,1\n",
        "\u{0}\u{0}\u{0}", "time,price\n1,2\n1,2\n", "price\n0.7\n",
        "time,price\nyesterday,0.7\n", "beta;delta\n0,7;1,3\n", "time,gamma\n5,1\n1,2\n", "\"\"\"", ",,,\n,,,\n",
        "status,beta,delta\nok,0.7,1.3\n",
    ]
    private static let markets = [
        "", "beta: 0.7\nbeta: 0.8\ndelta: 1\n", "? &a [*a]\n: *a\n", "beta: &x 0.7\ndelta: *x\n", "beta: !!float 0.7\n",
        "[[[[[[", "a: b: c", "beta: no\n", "%YAML 9.9\n---\nbeta: 1\n",
        "---\nbeta: 1\n---\ndelta: 2\n", "\tbeta: 1\n", "beta: 0x1\n", "bet: 1\n", "beta: [1, 2]\n", "\u{0}",
        "beta: 0.7\ndelta: 1.3\nprotocol: smith\n", "{beta: 0.7, delta: 1.3}",
    ]
    private static let preambles = [
        "ulimit -n 8; ", "ulimit -n 12; ", "ulimit -f 0; ", "ulimit -f 1; ", "ulimit -v 200000; ", "ulimit -v 400000; ",
        "ulimit -s 256; ", "trap '' CHLD; ", "cd /proc/self/cwd; ",
        "umask 0777; ", "export COLUMNS=0; ", "export LC_ALL=xx; ", "export PATH=$(dirname $(command -v pinfi)); ",
        "export SOURCE_DATE_EPOCH=x; ", "unset HOME; ",
    ]
    /// Scripts that stand on PATH as gnuplot.
    private static let gnuplots = [
        "echo garbage", "exit 1", "kill -9 $$", "exec cat", "exec >&-; sleep 0.1", "exec head -c 100000 /dev/urandom",
        "echo '<svg></svg>'",
    ]
    private static let redirections = [
        " <&-", " >&-", " 2>&-", " <&- >&-", " <&- 2>&-", " >&- 2>&-", " <&- >&- 2>&-", " >/dev/full", " </dev/null",
        " <in.csv", " < .", " 2>/dev/full",
    ]

    init(seed: UInt64, number: UInt64, of commands: [CommandDefinition]) {
        var generator = SeededGenerator(seed: seed &* 0x9e37_79b9_7f4a_7c15 &+ number)
        func chance(_ share: Double) -> Bool { generator.uniform(0...1) < share }
        func one<Element>(_ elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &generator)]
        }

        files = Self.files
        if chance(0.3) { files["in.csv"] = one(Self.tables) }
        if chance(0.3) { files["market.yaml"] = one(Self.markets) }
        if chance(0.3) { files["prices.csv"] = one(Self.tables) }
        if chance(0.3) { files["schedule.csv"] = one(Self.tables) }
        arguments = one(Self.wellMeant).split(separator: " ").map(String.init)
        let command = commands.first { arguments.starts(with: $0.words) } ?? commands[0]

        func value(for option: CommandDefinition.Option) -> String {
            let kind = option.valueName.lowercased()
            if !option.allowed.isEmpty, chance(0.8) { return one(option.allowed) }
            if chance(0.15) { return one(Self.words) }
            if kind.contains("file") || kind.contains("path") || kind.contains("folder") { return one(Self.paths) }
            if kind.contains("start:stop") || kind.contains("range") {
                return one(["", "x=", "beta="])
                    + [one(Self.numbers), one(Self.numbers), one(Self.counts)].joined(separator: ":")
            }
            return chance(0.6) ? one(Self.numbers) : chance(0.5) ? one(Self.counts) : one(Self.words)
        }
        for _ in 0..<Int.random(in: 0...4, using: &generator) where !command.options.isEmpty {
            let option = one(command.options)
            guard let name = option.names.randomElement(using: &generator), name != "--experimental-dump-help" else {
                continue
            }
            // As a rule in place of the one that is there: twice is refused before anything else is seen.
            if !option.isFlag, chance(0.8), let place = arguments.firstIndex(where: option.names.contains),
                place + 1 < arguments.count
            {
                arguments[place + 1] = value(for: option)
            } else if option.isFlag {
                arguments.append(name)
            } else if chance(0.2) {
                arguments.append("\(name)=\(value(for: option))")
            } else {
                arguments += [name, value(for: option)]
            }
        }
        if chance(0.1) { arguments.remove(at: Int.random(in: 0..<arguments.count, using: &generator)) }
        if chance(0.05) {
            arguments.insert(one(Self.words), at: Int.random(in: 0...arguments.count, using: &generator))
        }
        // A NUL ends a word of a command line.
        arguments = arguments.map { String($0.prefix { $0 != "\u{0}" }) }
        if chance(0.3) { preamble = one(Self.preambles) }
        if chance(0.2) {
            files["bin-gnuplot"] = "#!/bin/bash\n\(one(Self.gnuplots))\n"
            preamble =
                "mkdir -p bin; cp bin-gnuplot bin/gnuplot; chmod 755 bin/gnuplot; PATH=$PWD/bin:$PATH; " + preamble
            if !arguments.contains("--plot"), chance(0.8),
                command.options.contains(where: { $0.names.contains("--plot") })
            {
                arguments += ["--plot", one(["new.svg", "new.pdf", "new.png"])]
            }
        }
        if chance(0.2) { redirection = one(Self.redirections) }
    }
}
