// pinfi equilibrium.
import Figures
import Foundation
import Reporting
import Testing

@Suite struct EquilibriumCommandTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    static let baseline = "equilibrium --b 0.7 --d 1.3"

    /// The rest points of a run as JSON.
    private func points(_ line: String) throws -> [[String: Any]] {
        let object = try folder.data(line + " --format json").object()
        #expect(object["status"] as? String == "ok")
        return try #require(object["rest_points"] as? [[String: Any]])
    }

    private func pairs(_ value: Any?) throws -> [[Double]] { try #require(value as? [[Double]]) }

    struct Row: CustomTestStringConvertible {
        let options: String
        let x: Double
        let shares: [Double]
        let eigenvalues: [[Double]]
        var type = "stable-focus"
        var testDescription: String { options }
    }

    /// The check values of the model, to the digits that it gives.
    @Test(arguments: [
        Row(
            options: "--y 0.5", x: 1.00000181595, shares: [2.26989e-5, 0.5, 0.4999773],
            eigenvalues: [[-2, 0], [-1.0000076, -3.3911695], [-1.0000076, 3.3911695]]),
        Row(
            options: "--y 0.79", x: 1.18543748559, shares: [0.4961100, 0.4983787, 0.0055113],
            eigenvalues: [[-2, 0], [-1.0478932, -3.6201696], [-1.0478932, 3.6201696]]),
        Row(
            options: "--y 1", x: 1.39810675837, shares: [0.9963235, 0.0036762, 3.05e-7],
            eigenvalues: [[-2, 0], [-1.8565785, 0], [-0.3985208, 0]], type: "stable-node"),
    ])
    func logitAtTheBaseline(_ row: Row) throws {
        let points = try points("\(Self.baseline) \(row.options)")
        try #require(points.count == 1)
        let point = points[0]
        // Half a unit of the last digit that is told.
        #expect(abs(try #require(point["x"] as? Double) - row.x) < 6e-12)
        #expect(point["alpha"] as? Double == point["x"] as? Double, "c = 1")
        #expect(abs(exp(try #require(point["z"] as? Double)) - row.x) < 6e-12)
        for (name, share) in zip(["share_lp", "share_seller", "share_external"], row.shares) {
            #expect(abs(try #require(point[name] as? Double) - share) < 6e-8, "\(name)")
        }
        for (found, expected) in zip(try pairs(point["eigenvalues"]), row.eigenvalues) {
            #expect(abs(found[0] - expected[0]) < 6e-8, "\(found)")
            #expect(abs(found[1] - expected[1]) < 6e-8, "\(found)")
        }
        #expect(point["type"] as? String == row.type)
        // Under logit no point is Nash, whatever it is like.
        #expect(point["nash"] is NSNull)
        #expect(point["degenerate"] is NSNull)
        #expect(point["stable"] as? Bool == true)
        #expect(point["regime"] as? String == ["--y 0.5": "exodus", "--y 1": "scarcity"][row.options] ?? "balanced")
        // The rates are of order 1, their rounding of order 1e−16.
        #expect(try #require(point["residual"] as? Double) < 1e-14)
        let vectors = try #require(point["eigenvectors"] as? [[[Double]]])
        #expect(vectors.count == 3)
        #expect(vectors.allSatisfy { $0.count == 4 })
        #expect(point["eigenvalues_below"] is NSNull)
    }

    @Test func protocolsRestWhereTheModelSays() throws {
        let replicator = try points("\(Self.baseline) --y 0.79 --protocol replicator")
        #expect(replicator.map { $0["face"] as? String } == ["seller-external", "lp-seller"])
        #expect(replicator.map { $0["nash"] as? Bool } == [false, true])
        #expect(replicator.map { $0["type"] as? String } == ["saddle", "stable-focus"])
        for name in ["replicator", "smith", "bnn", "best-response"] {
            let point = try #require(try points("\(Self.baseline) --y 0.79 --protocol \(name)").last)
            // The check value has eleven digits.
            #expect(abs(try #require(point["x"] as? Double) - 1.1852444980) < 6e-11, "\(name)")
            #expect(abs(try #require(point["share_lp"] as? Double) - 0.5016058) < 6e-8, "\(name)")
            #expect(point["nash"] as? Bool == true)
        }
        let smith = try points("\(Self.baseline) --y 0.79 --protocol smith")[0]
        let (above, below) = (try pairs(smith["eigenvalues"]), try pairs(smith["eigenvalues_below"]))
        #expect(abs(above[2][1] - 0.7483181) < 6e-8)
        #expect(abs(below[2][1] - 0.7459090) < 6e-8)
        let sliding = try points("\(Self.baseline) --y 0.79 --protocol best-response")[0]
        #expect(sliding["type"] as? String == "sliding")
        #expect(sliding["eigenvalues"] is NSNull)
    }

    @Test func payoffsAndRegretsAreInTokens() throws {
        // c = 250, the same ratios.
        let tokens = try points("equilibrium --beta 175 --p 0.5 --theta 150 --delta 325 --gamma 197.5")[0]
        let ratios = try points("\(Self.baseline) --y 0.79")[0]
        for name in [
            "alpha", "payoff_lp", "payoff_seller", "payoff_external", "regret_lp", "regret_external", "regret",
        ] {
            let (one, other) = (try #require(tokens[name] as? Double), try #require(ratios[name] as? Double))
            // The ratios are rounded; regrets are differences of numbers of order 1.
            #expect(abs(one - 250 * other) < 250 * 1e-14, "\(name)")
        }
        #expect(tokens["payoff_lp"] as? Double == 197.5)
        #expect(tokens["payoff_external"] as? Double == 175)
    }

    @Test func criticalLag() throws {
        let point = try points("\(Self.baseline) --y 0.79 --critical-lag")[0]
        #expect(abs(try #require(point["critical_lag"] as? Double) - 0.219879252) < 6e-10)
        #expect(abs(try #require(point["critical_period"] as? Double) - 2.0150107) < 6e-8)
        #expect(abs(try #require(point["stable_again_lag"] as? Double) - 23.740046) < 6e-7)
        #expect(point["critical_lag_status"] as? String == "ok")
        let none = try points("\(Self.baseline) --y 0.9 --critical-lag")[0]
        #expect(none["critical_lag"] is NSNull)
        #expect(none["critical_lag_status"] as? String == "stable at every lag")
        let saddle = try points("\(Self.baseline) --y 0.79 --critical-lag --protocol replicator")[0]
        #expect(saddle["critical_lag"] is NSNull)
        #expect(saddle["critical_lag_status"] as? String == "unstable without lag")
        let kinked = try points(
            "\(Self.baseline) --y 0.79 --critical-lag --protocol smith --kappa-g 0.9 --demand-width 0.02")[0]
        #expect(abs(try #require(kinked["critical_lag"] as? Double) - 0.6107) < 5e-5)
        let sliding = try points("\(Self.baseline) --y 0.79 --critical-lag --protocol best-response")[0]
        #expect((sliding["critical_lag_status"] as? String)?.contains("linearisation") ?? false)
        #expect(try points("\(Self.baseline) --y 0.79")[0]["critical_lag"] == nil)
        // It does not depend on the lag of the run, on which the eigenvalues do.
        let lagged = try points("\(Self.baseline) --y 0.79 --lag 0.5 --critical-lag")[0]
        #expect(lagged["critical_lag"] as? Double == point["critical_lag"] as? Double)
        #expect(try pairs(lagged["eigenvalues"]).count == 4)
    }

    /// No rest point is an answer.
    @Test func noRestPoint() throws {
        let line = "equilibrium --b 0.7 --d 1.3 --y 0.79 --kappa-g 0.1 --kappa-b 0.1 --rationality 0.1"
        let run = try folder.pinfi(line + " --format json")
        #expect(run.status == 0)
        #expect(run.errors.hasPrefix("Note: no rest point: "))
        #expect(run.errors.contains("falls for ever"))
        let object = try run.object()
        #expect((object["rest_points"] as? [Any])?.isEmpty ?? false)
        #expect((object["status"] as? String)?.hasPrefix("no rest point: ") ?? false)
        let escapes = try #require(object["escapes"] as? [[String: Any]])
        #expect(escapes.count == 1 && escapes[0]["direction"] as? String == "to-zero")
        #expect(try folder.pinfi(line + " --quiet").errors == "")
        let csv = try folder.pinfi(line).csv
        let header = try folder.data("\(Self.baseline) --y 0.79").csv.header
        #expect(csv.header == header)
        #expect(csv.rows.isEmpty)
        #expect(try folder.pinfi(line + " --format table").output.contains("No rest point under logit."))
    }

    @Test func csvHasARowForEachRestPoint() throws {
        let line = "\(Self.baseline) --y 0.79 --protocol replicator --lag 0.1 --critical-lag"
        let csv = try folder.data(line).csv
        let points = try points(line)
        #expect(csv["rest_point"] == ["1", "2"])
        for (index, point) in points.enumerated() {
            for (name, value) in point {
                guard csv.header.contains(name) else {
                    #expect(["eigenvalues", "eigenvectors", "eigenvalues_below", "eigenvectors_below"].contains(name))
                    continue
                }
                switch value {
                case let number as Double: #expect(Double(csv[name][index]) == number, "\(name)")
                case let text as String: #expect(csv[name][index] == text, "\(name)")
                case is NSNull: #expect(csv[name][index] == "", "\(name)")
                default: #expect(csv[name][index] == "\(value)", "\(name)")
                }
            }
            for (number, pair) in try pairs(point["eigenvalues"]).enumerated() {
                #expect(Double(csv["eigenvalue_\(number + 1)_re"][index]) == pair[0])
                #expect(Double(csv["eigenvalue_\(number + 1)_im"][index]) == pair[1])
            }
        }
        // Three without a lag.
        let plain = try folder.data("\(Self.baseline) --y 0.79").csv
        #expect(plain["eigenvalue_4_re"] == [""])
        #expect(plain["eigenvalue_3_re"] != [""])
    }

    @Test func theRoutesSideBySide() throws {
        let line = "\(Self.baseline) --y 0.79 --agreement"
        let object = try folder.data(line + " --format json").object()
        let rows = try #require(object["agreement"] as? [[String: Any]])
        #expect(
            rows.map { $0["route"] as? String }
                == [
                    "sharp", "logit", "logit", "logit", "logit", "replicator", "smith", "bnn", "best-response",
                    "trajectory",
                ])
        #expect(rows.compactMap { $0["rationality"] as? Double } == [50, 500, 5000, 50000])
        for row in rows {
            #expect(row["status"] as? String == "ok")
            // The rest price of the sharp flow; logit tends to it, off by 1.9e−4 at the baseline.
            #expect(abs(try #require(row["x"] as? Double) - 1.1852444979557) < 2e-4)
        }
        #expect(rows[0]["distance"] as? Double == 0)
        #expect(rows[0]["share_lp"] is NSNull)
        #expect(object["rest_points"] != nil)
        let csv = try folder.data(line).csv
        #expect(csv["route"] == rows.map { $0["route"] as? String })
        #expect(csv.numbers("x") == rows.map { $0["x"] as? Double })
        #expect(try folder.data("\(Self.baseline) --y 0.79 --format json").object()["agreement"] == nil)
        // A route that does not come to rest says so.
        let none = try folder.pinfi(
            "\(Self.baseline) --y 0.79 --kappa-g 0.1 --kappa-b 0.1 --rationality 0.1 --agreement --quiet"
        ).csv
        #expect(none["x"][1] == "")
        #expect(none["status"][1].contains("falls for ever"))
    }

    @Test func theParametersAreThere() throws {
        let object = try folder.data(
            "equilibrium --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --fee 0.05 --period 3 --gamma 0.8 --kappa-s 1.5 "
                + "--demand-width 0.03 --rationality 40 --revision-rate 3 --depth-exponent 0.5 --lag 0.01 --format json"
        ).object()
        for (name, value) in [
            "beta": 0.7, "p": 0.2, "theta": 1.5, "delta": 1.6, "fee": 0.05, "period": 3, "gamma": 0.8, "kappa_g": 0.5,
            "kappa_b": 0.5, "kappa_s": 1.5, "demand_width": 0.03, "rationality": 40, "revision_rate": 3,
            "depth_exponent": 0.5, "lag": 0.01, "seller_cost": 1,
        ] { #expect(object[name] as? Double == value, "\(name)") }
        #expect(object["protocol"] as? String == "logit")
    }

    @Test(arguments: ["logit", "replicator", "smith", "bnn", "best-response"], [45, 80])
    func tableForPeople(_ name: String, _ columns: Int) throws {
        let line = "\(Self.baseline) --y 0.7 --protocol \(name) --agreement --critical-lag"
        let program = try folder.start(
            line.split(separator: " ").map(String.init), output: .terminal(columns: columns))
        let text = program.finish().output.replacing("\r\n", with: "\n")
        #expect(text.contains("under \(name)."))
        for line in text.split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
        for word in ["price and shares", "payoffs and regrets", "critical lag", "agreement of the routes"] {
            #expect(text.contains(word))
        }
        #expect(text.contains("\neigenvalues") == (name != "best-response"))
        if columns == 80 { #expect(try folder.data(line + " --format table").output == text) }
    }

    // MARK: - The parameters of role dynamics

    @Test func aMarketFileHasThem() throws {
        let options = "--demand-width 0.03 --rationality 40 --revision-rate 3 --depth-exponent 0.5 --lag 0.01"
        let keys = "demand-width: 0.03\nrationality: 40\nrevision_rate: 3\ndepth_exponent: 0.5\nlag: 0.01\n"
        try folder.write("b: 0.7\nd: 1.3\ny: 0.79\nx: 2\n" + keys, to: "m.yaml")
        let expected = try folder.data("\(Self.baseline) --y 0.79 \(options)").output
        #expect(try folder.data("equilibrium --market m.yaml").output == expected, "the pool price is left aside")
        #expect(
            try folder.data("equilibrium --market m.yaml --rationality 50").output
                == folder.data("\(Self.baseline) --y 0.79 \(options.replacing("40", with: "50"))").output)
        // Commands that do not use them go on taking the file.
        for command in ["bounds", "explain", "flow", "phase --x 0:1:2 --y 0:1:2"] {
            let point = command.hasPrefix("phase") ? "" : " --y 0.79 --x 2"
            let without = try folder.data("\(command) --b 0.7 --d 1.3" + point)
            #expect(try folder.data("\(command) --market m.yaml").output == without.output, "\(command)")
        }
    }

    @Test func manifest() throws {
        _ = try folder.data("\(Self.baseline) --y 0.79 --lag 0.1 --critical-lag -o e.csv --manifest m.json")
        let object = try #require(try JSONText.value(of: Array(folder.text("m.json").utf8)) as? [String: Any])
        let comparable = try #require(object["comparable"] as? [String: Any])
        let configuration = try #require(comparable["configuration"] as? [String: Any])
        for (name, value) in [
            "demand_width": 0.02, "rationality": 50, "revision_rate": 2, "depth_exponent": 0, "lag": 0.1, "gamma": 0.79,
        ] { #expect(configuration[name] as? Double == value, "\(name)") }
        #expect(configuration["protocol"] as? String == "logit")
        #expect(configuration["critical_lag"] as? Bool == true)
        #expect(configuration["alpha"] is NSNull)
        let data = try #require(comparable["data"] as? [[String: Any]])
        #expect(data.count == 1 && data[0]["rows"] as? Double == 1)
        #expect(data[0]["columns"] as? Double == Double(try folder.csv("e.csv").header.count))
    }

    @Test(arguments: [
        ("--demand-width 0", ["--demand-width", "greater than 0"]), ("--demand-width -1", ["--demand-width"]),
        ("--rationality 0", ["--rationality", "greater than 0"]), ("--rationality inf", ["--rationality", "inf"]),
        ("--revision-rate 0", ["--revision-rate", "greater than 0"]), ("--lag -0.1", ["--lag", "-0.1", "at least 0"]),
        ("--depth-exponent -1", ["--depth-exponent", "at least 0"]), ("--lag 1e999", ["--lag", "largest double"]),
        ("--protocol lojit", ["--protocol", "lojit", "best-response"]), ("--alpha 1", ["--alpha"]),
    ])
    func refuses(_ options: String, _ fragments: [String]) throws {
        let ended = try folder.pinfi("\(Self.baseline) --y 0.79 \(options)")
        #expect(ended.status == 64, "\(ended.errors)")
        #expect(ended.output == "", "\(ended.errors)")
        for fragment in fragments { #expect(ended.errors.contains(fragment), "\(ended.errors)") }
    }

    @Test func refusesWhatIsMissing() throws {
        let noReward = try folder.pinfi(Self.baseline)
        #expect(noReward.status == 64)
        #expect(noReward.errors.contains("--gamma"))
        #expect(try folder.pinfi("equilibrium --beta 1 --gamma 1").errors.contains("--delta"))
        try folder.write("b: 0.7\nd: 1.3\ny: 0.79\nlag: -1\n", to: "m.yaml")
        let file = try folder.pinfi("equilibrium --market m.yaml")
        #expect(file.status == 65, "\(file.errors)")
        #expect(file.errors.contains("line 4"), "\(file.errors)")
        #expect(file.errors.contains("lag is -1"), "\(file.errors)")
    }

    /// At the ends of what doubles hold there is an answer, or a message, and no trap, no NaN and no infinity.
    @Test(arguments: [
        "--y 0 --b 1 --d 1.3", "--y 1e300 --b 0.7 --d 1.3", "--y 1 --b 1 --d 1e300 --protocol replicator",
        "--y 0.79 --b 0.7 --d 1.3 --rationality 1e6", "--y 0.79 --b 0.7 --d 1.3 --demand-width 1e-9 --rationality 1e9",
        "--y 0.79 --b 0.7 --d 1.3 --lag 1e-9", "--y 0.79 --b 0.7 --d 1.3 --depth-exponent 1 --protocol smith",
        "--y 0 --b 0.7 --d 1e-9 --kappa-s 1e-12 --protocol bnn", "--y 0.79 --b 1e-300 --d 1.3 --fee 0.99",
        "--y 0.7 --b 0.7 --d 1.3 --protocol replicator --kappa-g 1e12",
    ])
    func extremes(_ options: String) throws {
        for format in ["json", "csv", "table"] {
            let run = try folder.pinfi(
                "equilibrium \(options) --agreement --critical-lag --plot-script p.gp --format \(format)")
            #expect(run.status == 0, "\(run.errors)")
            let words = run.output.lowercased().split { !$0.isLetter }
            #expect(!words.contains("nan"), "\(run.output)")
            #expect(!words.contains("inf"), "\(run.output)")
            if format == "json" { _ = try run.object() }
            let script = try folder.text("p.gp")
            #expect(!script.contains(" nan"))
            #expect(!script.contains(" inf"))
        }
    }

    // MARK: - The figure

    @Test(
        .enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"),
        arguments: ["logit --lag 0.5", "replicator", "smith", "best-response"], ["one-column", "two-column"])
    func draws(_ options: String, _ width: String) throws {
        _ = try folder.data(
            "\(Self.baseline) --y 0.79 -o e.csv --plot p.svg --plot-size \(width) --title T --protocol \(options)")
        let picture = try folder.text("p.svg")
        for word in [">demand<", ">offer<", ">T<"] { #expect(picture.contains(word), "\(word)") }
        #expect(picture.contains(">Re ") == !options.hasPrefix("best"), "the plane, where there are eigenvalues")
        #expect(folder.names == ["e.csv", "p.svg"])
    }

    @Test func helpAndExamples() throws {
        let help = try folder.data("equilibrium --help").output
        for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        for option in [
            "--protocol", "--demand-width", "--rationality", "--revision-rate", "--depth-exponent", "--lag",
            "--agreement", "--critical-lag", "--gamma", "--block-reward", "--y",
        ] { #expect(help.contains(option), "\(option)") }
        for line in ["Default: 0.02.", "Default: 50.", "Default: 2.", "Default: logit."] {
            #expect(help.contains(line), "\(line)")
        }
        #expect(!help.contains("--alpha"))
        let examples = help.split(separator: "\n").filter { $0.hasPrefix("  pinfi ") }
        #expect(examples.count == 5)
        for example in examples where !example.contains("--plot") || (try? Gnuplot()) != nil {
            let run = try folder.bash(String(example))
            #expect(run.status == 0, "\(example)")
            #expect(run.errors == "", "\(example)")
            #expect(run.output.split(separator: "\n").count >= 2, "\(example)")
        }
    }
}
