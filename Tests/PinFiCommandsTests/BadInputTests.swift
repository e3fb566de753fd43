// What is wrong with a command line or a file: one clear message, the status of the contract, nothing half-written.
import Foundation
import Testing

@Suite struct BadInputTests {
    /// A run that is refused.
    struct Case: CustomTestStringConvertible {
        let name: String
        let arguments: [String]
        var files: [String: [UInt8]] = [:]
        let status: Int32
        /// What the message must have: the option, or the file with line and column; the value found; the values allowed.
        let fragments: [String]
        var testDescription: String { name }

        /// Of options or their combination: 64. What stands between blanks is an argument; "''" is an empty one.
        static func usage(_ line: String, _ fragments: String...) -> Case {
            let arguments = line.split(separator: " ").map { $0 == "''" ? "" : String($0) }
            return Case(name: line, arguments: arguments, status: 64, fragments: fragments)
        }

        /// Of a market file `m.yaml`.
        static func yaml(_ text: String, _ fragments: String..., status: Int32 = 65, options: String = "--delta 2")
            -> Case
        {
            Case(
                name: "m.yaml: " + text.prefix(60).debugDescription,
                arguments: ["bounds", "--market", "m.yaml"] + options.split(separator: " ").map(String.init),
                files: ["m.yaml": Array(text.utf8)], status: status, fragments: fragments)
        }

        /// Of an input `in.csv` for bounds with --delta 2; what is wrong with a single row is in BoundsInputTests.
        static func csv(_ bytes: [UInt8], _ fragments: String..., status: Int32 = 65, options: [String] = []) -> Case {
            Case(
                name: "in.csv: " + String(decoding: bytes.prefix(60), as: UTF8.self).debugDescription + " \(options)",
                arguments: ["bounds", "--input", "in.csv", "--delta", "2"] + options, files: ["in.csv": bytes],
                status: status, fragments: fragments)
        }
        static func csv(_ text: String, _ fragments: String..., status: Int32 = 65, options: [String] = []) -> Case {
            Case(
                name: "in.csv: " + text.prefix(60).debugDescription + " \(options)",
                arguments: ["bounds", "--input", "in.csv", "--delta", "2"] + options,
                files: ["in.csv": Array(text.utf8)],
                status: status, fragments: fragments)
        }
    }

    /// Every parameter with each kind of value that is none for it.
    static let parameters: [Case] = {
        let positive = "greater than 0"
        let zero = "at least 0"
        let options: [(name: String, base: String, allowed: String, refused: [String])] = [
            ("--beta", "--delta 1", positive, ["0", "-1"]), ("--delta", "--beta 1", positive, ["0", "-0.5"]),
            ("--alpha", "--beta 1 --delta 1", positive, ["0", "-2", "-0"]),
            ("--theta", "--beta 1 --delta 1", zero, ["-1e-300"]), ("--gamma", "--beta 1 --delta 1", zero, ["-1"]),
            ("--p", "--beta 1 --delta 1", "0 to 1", ["-0.1", "1.0000000000000002", "2"]),
            ("--fee", "--beta 1 --delta 1", "less than 1", ["-0.1", "1", "1e3"]),
            ("--period", "--beta 1 --delta 1", positive, ["0", "-1"]),
            ("--b", "--d 1", "at most 1", ["0", "-0.7", "1.1"]), ("--d", "--b 1", positive, ["0", "-1"]),
            ("--x", "--b 1 --d 1", positive, ["0", "-1"]), ("--y", "--b 1 --d 1", zero, ["-1"]),
            ("--kappa-g", "--beta 1 --delta 1", positive, ["0", "-1"]),
            ("--kappa-b", "--beta 1 --delta 1", zero, ["-1"]),
            ("--kappa-s", "--beta 1 --delta 1", positive, ["0", "-1"]),
            ("--external-price", "--delta 1", positive, ["0"]),
            ("--swap-fee", "--beta 1 --delta 1", "less than 1", ["1"]),
        ]
        let never = [
            "NaN", "nan", "inf", "-inf", "infinity", "word", "''", "0x1p3", "1,5", "1e999", "-1e999", "1e", "--5",
            "1_000", "½",
        ]
        return options.flatMap { option in
            (option.refused + never).map { value in
                Case.usage(
                    "bounds \(option.base) \(option.name) \(value)", option.name, "'\(value == "''" ? "" : value)'",
                    option.allowed)
            }
        }
    }()

    static let commandLines: [Case] = [
        .usage("bounds --delta 1", "--beta", "external price"),
        .usage("bounds --beta 1", "--delta", "reservation price"),
        .usage("bounds", "--beta"), .usage("phase --x 0:1:2 --y 0:1:2", "--beta"),
        .usage("explain --alpha 1 --gamma 1", "--beta"),
        .usage("bounds --beta", "--beta"), .usage("bounds --beta 1 --delta", "--delta"),
        .usage("bounds --beta 1 --delta 1 --gama 1", "--gama", "--gamma"),
        .usage("bounds --beta 1 --delta 1 stray", "stray"),
        .usage("bonds --beta 1", "bonds"), .usage("--beta 1", "--beta"),
        // Ratio form.
        .usage("bounds --b 0.7", "--b", "--d"), .usage("bounds --d 1.3", "--d", "--b"),
        .usage("bounds --y 0.7", "--y", "--b"),
        .usage("bounds --b 0.7 --d 1.3 --beta 1", "--b", "--beta"),
        .usage("bounds --b 0.7 --d 1.3 --p 0", "--b", "--p"),
        .usage("bounds --b 0.7 --d 1.3 --theta 0", "--b", "--theta"),
        .usage("bounds --b 0.7 --d 1.3 --delta 1", "--b", "--delta"),
        .usage("bounds --b 0.7 --d 1.3 --gamma 1", "--b", "--gamma"),
        .usage("bounds --b 0.7 --d 1.3 --block-reward 1", "--b", "--gamma"),
        .usage("bounds --b 0.7 --d 1.3 --x 1 --alpha 1", "--x", "--alpha"),
        .usage("bounds --beta 1 --delta 1 --y 1", "--y", "--beta"),
        .usage("phase --b 0.7 --d 1 --beta 1 --x 0:1:2 --y 0:1:2", "--b", "--beta"),
        .usage("explain --b 0.7 --d 1 --gamma 1 --x 1 --y 1", "--gamma"),
        // explain
        .usage("explain --b 0.7 --d 1 --y 1", "--alpha", "pool price"),
        .usage("explain --b 0.7 --d 1 --x 1", "--gamma", "block reward"),
        .usage("explain --beta 0.7 --delta 1 --alpha 0 --gamma 1", "--alpha", "'0'", "greater than 0"),
        .usage("explain --b 0.7 --d 1 --x 0 --y 1", "--x", "'0'", "greater than 0"),
        // Everywhere.
        .usage("bounds --b 0.7 --d 1 --format xml", "--format", "xml", "csv", "json", "table"),
        .usage("bounds --b 0.7 --d 1 --progress maybe", "--progress", "maybe", "auto", "always", "never"),
        .usage("bounds --b 0.7 --d 1 --threads 0", "--threads", "'0'", "1"),
        .usage("bounds --b 0.7 --d 1 --threads -1", "--threads", "-1"),
        .usage("bounds --b 0.7 --d 1 --threads 1000000000000", "--threads", "1000000000000"),
        .usage("bounds --b 0.7 --d 1 --threads two", "--threads", "two"),
        .usage("bounds --b 0.7 --d 1 --seed -1", "--seed", "-1"),
        .usage("bounds --b 0.7 --d 1 --seed 1.5", "--seed", "1.5"),
        .usage("bounds --b 0.7 --d 1 --seed 18446744073709551616", "--seed", "18446744073709551616"),
        .usage("bounds --b 0.7 --d 1 --on-error ignore", "--on-error", "ignore", "stop", "keep"),
        .usage("bounds --b 0.7 --d 1 --column beta=x", "--column", "--input"),
        .usage("bounds --input in.csv --column beta", "--column", "'beta'", "parameter=column"),
        .usage("bounds --input in.csv --column beta=", "--column", "beta="),
        .usage("bounds --input in.csv --column =x", "--column", "=x"),
        .usage("bounds --input in.csv --column bta=x", "--column", "bta", "beta"),
        // Ranges.
        .usage("phase --b 0.7 --d 1 --y 0:1:2", "--x", "start:stop:count"),
        .usage("phase --b 0.7 --d 1 --x 0:1:2", "--y"),
        .usage("phase --b 0.7 --d 1 --x 0:1 --y 0:1:2", "--x", "0:1", "start:stop:count"),
        .usage("phase --b 0.7 --d 1 --x 0:1:2:3 --y 0:1:2", "--x", "0:1:2:3", "start:stop:count"),
        .usage("phase --b 0.7 --d 1 --x '' --y 0:1:2", "--x", "''", "start:stop:count"),
        .usage("phase --b 0.7 --d 1 --x :: --y 0:1:2", "--x", "::"),
        .usage("phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:0", "--y", "0:1:0", "at least"),
        .usage("phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:-5", "--y", "-5", "at least"),
        .usage("phase --b 0.7 --d 1 --x 0:1:1 --y 0:1:2", "--x", "0:1:1", "at least 2"),
        .usage("phase --b 0.7 --d 1 --x 1:1:2 --y 0:1:2", "--x", "1:1:2", "empty"),
        .usage("phase --b 0.7 --d 1 --x 2:1:5 --y 0:1:2", "--x", "2:1:5", "reversed", "1:2:5"),
        .usage("phase --b 0.7 --d 1 --x -1:1:5 --y 0:1:2", "--x", "-1", "at least 0"),
        .usage("phase --b 0.7 --d 1 --x 0:1:2.5 --y 0:1:2", "--x", "2.5", "whole number"),
        .usage("phase --b 0.7 --d 1 --x 0:1:1e3 --y 0:1:2", "--x", "1e3", "whole number"),
        .usage("phase --b 0.7 --d 1 --x 0:1:99999999999999999999 --y 0:1:2", "--x", "99999999999999999999"),
        .usage("phase --b 0.7 --d 1 --x 0:1:1000000000000 --y 0:1:2", "--x", "2000000000000", "10000000000"),
        .usage("phase --b 0.7 --d 1 --x 0:nan:2 --y 0:1:2", "--x", "nan", "number"),
        .usage("phase --b 0.7 --d 1 --x 0:inf:2 --y 0:1:2", "--x", "inf", "number"),
        .usage("phase --b 0.7 --d 1 --x zero:1:2 --y 0:1:2", "--x", "zero", "number"),
        .usage("phase --b 0.7 --d 1 --x 0:1e999:2 --y 0:1:2", "--x", "1e999", "largest double"),
        // Columns and boundaries.
        .usage("phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:2 --columns regoin", "--columns", "regoin", "region", "margin"),
        .usage("phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:2 --columns region,region", "--columns", "region", "twice"),
        .usage("phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:2 --columns ''", "--columns"),
        .usage("phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:2 --columns region,,role", "--columns"),
        .usage("phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:2 --columns agrees", "--columns", "agrees", "--agreement"),
        .usage(
            "phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:2 --boundaries c.csv --boundary-tolerance 0", "--boundary-tolerance",
            "'0'", "greater than 0"),
        .usage(
            "phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:2 --boundaries c.csv --boundary-tolerance -1e-6",
            "--boundary-tolerance", "-1e-6"),
        .usage(
            "phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:2 --boundaries c.csv --boundary-tolerance nan",
            "--boundary-tolerance", "nan"),
        .usage(
            "phase --b 0.7 --d 1 --x 0:1:2 --y 0:1:2 --boundaries c.csv --boundary-tolerance 1e-13",
            "--boundary-tolerance", "1e-13", "1e-12"),
        .usage("--generate-completion-script tcsh", "tcsh", "bash"),
    ]

    static let marketFiles: [Case] = [
        .yaml("bta: 1\n", "m.yaml, line 1, column 1: the key \"bta\" is unknown", "did you mean beta?"),
        .yaml("beta: 1\n\nextenal-price: 2\n", "m.yaml, line 3, column 1: ", "extenal-price", "external-price"),
        .yaml("zzz: 1\n", "line 1, column 1: ", "zzz", "staking-period", "protocol"),
        .yaml("<<: 1\n", "line 1, column 1: the key \"<<\" is unknown"),
        .yaml("market:\n  beta: 1\n", "line 1, column 1: the key \"market\" is unknown"),
        // Values are read as the command line reads them; text in quotes is the text it holds.
        .yaml("# x\nbeta: true\n", "line 2, column 7: beta is \"true\"", "no", "decimal number", "greater than 0"),
        .yaml("beta: no\n", "line 1, column 7: beta is \"no\"", "greater than 0"),
        .yaml("beta: 0x1\n", "line 1, column 7: beta is \"0x1\"", "decimal number"),
        .yaml("beta: '0.7 '\n", "line 1, column 7: beta is \"0.7 \"", "decimal number"),
        .yaml("beta: 2024-01-01\n", "line 1, column 7: beta is \"2024-01-01\""),
        .yaml("beta: nan\n", "line 1, column 7: beta is \"nan\"", "greater than 0"),
        .yaml("beta: .inf\n", "line 1, column 7: beta is \".inf\""),
        .yaml("beta: 1e999\n", "line 1, column 7: beta is \"1e999\"", "largest double"),
        .yaml("beta: -1\n", "line 1, column 7: beta is -1; allowed: ", "greater than 0"),
        .yaml("beta: [1]\n", "line 1, column 7: beta is a list; allowed: "),
        .yaml("beta: {x: 1}\n", "line 1, column 7: beta is keys with values; allowed: "),
        .yaml("delta: 2\nbeta:\n", "line 2, column 6: beta has no value; allowed: "),
        .yaml("{beta: 0.7,5}\n", "line 1, column 12: the key \"5\" is unknown"),
        .yaml("beta: 1\nfee: 1\n", "line 2, column 6: fee is 1", "less than 1"),
        .yaml("beta: 1\nfailure-probability: 1.5\n", "line 2, column 22: failure-probability is 1.5", "0 to 1"),
        .yaml(
            "beta: 1\nprotocol: smth\n", "line 2, column 11: protocol is \"smth\"; did you mean smith?",
            "allowed: logit"),
        .yaml("beta: 1\nexternal_price: 2\n", "line 2, column 1: external_price and beta give the same"),
        .yaml("beta: 1\nbeta: 2\n", "line 2, column 1: the key \"beta\" is in line 1 already"),
        // What is no YAML, and what is more than keys with values; every kind of it is in YAMLDocumentTests.
        .yaml("beta = 0.7\ndelta = 2\n", "line 1, column 1: found \"beta = 0.7 delta = 2\"", "beta: 0.7"),
        .yaml("beta:0.7\n", "line 1, column 1: found \"beta:0.7\"", "a blank"),
        .yaml("- beta: 1\n", "line 1, column 1: found a list"),
        .yaml("beta: 1\ndelta 2\n", "line 2, column 1: "), .yaml("beta: &a 1\n", "line 1, column 7: an anchor"),
        .yaml("beta: \"open\n", "line 1, column 7: "), .yaml("beta: \u{1B}[31m\n", "line 1, column 7: a control"),
        .yaml("beta: 1\n---\ndelta: 2\n", "line 2, column 1: a second document"),
        .yaml(String(repeating: "[", count: 100_000), "m.yaml, line 1, column 65: "),
        .yaml("beta: 1\u{0}\n", "m.yaml, line 1, column 8: a control character"),
        // The ratio form and what it excludes.
        .yaml("b: 0.7\nd: 1.3\nbeta: 1\n", "m.yaml", "line 1", "line 3", "beta", options: ""),
        .yaml("b: 0.7\n", "m.yaml", "line 1", "--d", status: 64, options: ""),
        .yaml("b: 0.7\nd: 1.3\n", "m.yaml", "line 1", "--delta", status: 64),
        Case(
            name: "m.yaml in Latin-1", arguments: ["bounds", "--market", "m.yaml"],
            files: ["m.yaml": Array("# caf".utf8) + [0xE9, 10]],
            status: 65, fragments: ["m.yaml", "UTF-8", "line 1"]),
        Case(
            name: "m.yaml is a CSV of some size", arguments: ["bounds", "--market", "m.yaml"],
            files: ["m.yaml": Array(repeatElement(Array("a,b,c\n".utf8), count: 500_000).joined())], status: 65,
            fragments: ["m.yaml"]),
        Case(
            name: "no market file", arguments: ["bounds", "--market", "none.yaml"], status: 66,
            fragments: ["none.yaml", "--market", "No such file"]),
        Case(
            name: "a market folder", arguments: ["bounds", "--market", "."], status: 66,
            fragments: ["--market", "folder"]),
        Case(
            name: "a market file without a name", arguments: ["bounds", "--market", ""], status: 66,
            fragments: ["--market", "\"\""]),
    ]

    static let inputs: [Case] = [
        .csv("", "in.csv", "line 1", "header"), .csv("\n", "in.csv", "line 1", "header"),
        .csv("\u{FEFF}", "in.csv", "line 1", "header"),
        .csv("\nbeta\n1\n", "in.csv", "line 1", "blank"),
        .csv("price\n1\n", "--beta", "--column", "beta", status: 64),
        .csv(
            "price\n1\n", "in.csv", "line 1", "\"prize\"", "did you mean \"price\"",
            options: ["--column", "beta=prize"]),
        .csv("price\n1\n", "in.csv", "line 1", "\"cost\"", "\"price\"", options: ["--column", "beta=cost"]),
        .csv(
            "price,rate\n1,2\n", "--column", "beta", "twice", status: 64,
            options: ["--column", "beta=price", "--column", "beta=rate"]),
        .csv("beta,beta\n1,1\n", "in.csv", "line 1", "column 2", "\"beta\"", "column 1"),
        .csv(
            "beta,gamma_max\n1,2\n", "in.csv", "line 1", "column 2", "input's column \"gamma_max\"",
            "output's column gamma_max"),
        .csv("beta,status\n1,x\n", "in.csv", "line 1", "column 2", "\"status\""),
        .csv("beta,alpha_ratio\n1,x\n", "in.csv", "line 1", "column 2", "\"alpha_ratio\""),
        .csv("beta,dgamma_max_dbeta\n1,x\n", "in.csv", "line 1", "column 2", "\"dgamma_max_dbeta\""),
        .csv("price,beta\n1,2\n", "in.csv", "line 1", "column 2", "\"beta\"", options: ["--column", "beta=price"]),
        .csv("beta,\"open\n1,2\n", "in.csv", "line 1", "column 2", "quote"),
        .csv("beta,a\rb\n1,2\n", "in.csv", "line 1", "column 2", "carriage return"),
        .csv(Array("beta,caf".utf8) + [0xE9] + Array("\n1,2\n".utf8), "in.csv", "line 1", "column 2", "UTF-8"),
        .csv(Array("be".utf8) + [0] + Array("ta\n1\n".utf8), "in.csv", "line 1", "column 1", "NUL"),
        .csv(
            [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3, 0x4B, 0x4A, 0x2D, 0x49, 0xE4, 2, 0, 10], "in.csv", "gzip",
            "not whole"),
        .csv("beta\n1\n\u{1B}[2J\n", "in.csv", "line 3", "column 1", "\\u{1B}[2J"),
        .csv("beta\n" + String(repeating: "9", count: 100_000) + "\n", "in.csv", "line 2", "column 1", "large"),
        Case(
            name: "no input", arguments: ["bounds", "--delta", "2", "--input", "none.csv"], status: 66,
            fragments: ["none.csv", "No such file"]),
        Case(
            name: "an input folder", arguments: ["bounds", "--delta", "2", "--input", "."], status: 66,
            fragments: ["folder"]),
        Case(
            name: "an input without a name", arguments: ["bounds", "--delta", "2", "--input", ""], status: 66,
            fragments: ["\"\""]),
        Case(
            name: "an input that does not end", arguments: ["bounds", "--delta", "2", "--input", "/dev/zero"],
            status: 65, fragments: ["/dev/zero", "line 1"]),
    ]

    private func run(_ entry: Case) throws {
        let folder = try TestFolder()
        for (name, bytes) in entry.files { try folder.write(bytes, to: name) }
        let run = try folder.pinfi(entry.arguments)
        #expect(run.status == entry.status, "\(run.errors)")
        for fragment in entry.fragments {
            #expect(run.errors.contains(fragment), "\(fragment.debugDescription) in: \(run.errors)")
        }
        // What was found of the file's form is told before.
        let errors = run.errors.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { $0.hasPrefix("Note: ") }.joined(separator: "\n")
        // One message, of which only the parser's own adds lines on how the option is used; and nobody's screen is filled.
        #expect(errors.hasPrefix("Error: "), "\(run.errors)")
        #expect(run.errors.hasSuffix("\n"), "\(run.errors)")
        #expect(run.errors.components(separatedBy: "Error:").count == 2, "one message: \(run.errors)")
        let lines = errors.split(separator: "\n")
        #expect(
            lines.dropFirst().allSatisfy { line in
                ["Help:", "Usage:", "  See", "Please", "    "].contains { line.hasPrefix($0) }
            }, "\(run.errors)")
        #expect(run.errors.count < 1200, "\(run.errors.count) characters")
        #expect(
            !run.errors.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value == 127 },
            "no control characters")
        if let first = lines.first {
            #expect(!first.contains("; Known"), "it reads as a sentence: \(first)")
            #expect(!first.contains(".."), "it reads as a sentence: \(first)")
        }
        #expect(run.csv.rows.count <= 1, "only rows already due")
        if entry.status != 65 { #expect(run.output == "") }

        // To a file nothing is written at all, and an old one stays.
        let names = folder.names
        if entry.arguments.first.map({ ["bounds", "phase", "explain"].contains($0) }) == true {
            #expect(try folder.pinfi(entry.arguments + ["-o", "out.csv"]).status == entry.status)
            #expect(folder.names == names, "no file is made")
        }
    }

    @Test(arguments: parameters) func valueOfAParameter(_ entry: Case) throws { try run(entry) }
    @Test(arguments: commandLines) func commandLine(_ entry: Case) throws { try run(entry) }
    @Test(arguments: marketFiles) func marketFile(_ entry: Case) throws { try run(entry) }
    @Test(arguments: inputs) func input(_ entry: Case) throws { try run(entry) }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"), arguments: ["--market", "--input"])
    func anUnreadableFile(_ option: String) throws {
        let folder = try TestFolder(["secret": "beta\n1\n"])
        #expect(chmod(folder["secret"], 0) == 0)
        let run = try folder.pinfi("bounds --delta 2 \(option) secret")
        #expect(run.status == 66)
        #expect(run.output == "")
        #expect(run.errors.contains("secret"), "\(run.errors)")
        #expect(run.errors.contains("ermission"), "\(run.errors)")
    }

    @Test func aMarketFileWithoutEndIsNotReadForEver() throws {
        let run = try TestFolder().pinfi("bounds --delta 2 --market /dev/zero")
        #expect(run.status == 65, "it can be read, but it is no YAML: \(run.errors)")
        #expect(run.errors.contains("/dev/zero"), "it can be read, but it is no YAML: \(run.errors)")
    }

    @Test func aMarketFileThatIsEmptyLacksAParameter() throws {
        let run = try TestFolder().pinfi("bounds --delta 2 --market /dev/null")
        #expect(run.status == 64, "\(run.errors)")
        #expect(run.errors.contains("--beta"), "\(run.errors)")
    }

    @Test func optionValuesMayStartWithAMinusSign() throws {
        let folder = try TestFolder()
        for (line, option) in [
            ("bounds --delta 1 --beta -1", "--beta"), ("bounds --b 1 --d 1 --y -0.5", "--y"),
            ("phase --b 1 --d 1 --x -1:1:3 --y 0:1:2", "--x"), ("bounds --b 1 --d 1 --kappa-s -2", "--kappa-s"),
        ] {
            let run = try folder.pinfi(line)
            #expect(run.errors.contains("invalid for '\(option)"), "\(run.errors)")
            #expect(!run.errors.contains("Missing"), "\(run.errors)")
        }
        // A file may be called so as well.
        try folder.write("b: 0.7\nd: 1.3\n", to: "-m.yaml")
        _ = try folder.data("bounds --market -m.yaml -o -out.csv")
        #expect(try folder.csv("-out.csv").cell("gamma_min") == "0.7")
    }
}
