// `pinfi calibrate backtest` through the command line.
import Foundation
import TestSupport
import Testing

@Suite struct CalibrateBacktestCommandTests {
    private static let hours: [Double] = (0..<240).map { (hour: Int) -> Double in
        let x = Double(hour)
        return 1 + 0.5 * sin(x * 0.7) + 0.3 * sin(x * 0.11)
    }
    private static let text: String = {
        let rows = hours.enumerated().map { (hour: Int, price: Double) -> String in "\(hour * 3600),\(price)\n" }
        return "time,beta\n" + rows.joined() + "864000,1\n"
    }()

    private func run(_ options: [String], text: String = CalibrateBacktestCommandTests.text) throws -> Ended {
        try TestFolder().pinfi(
            ["calibrate", "backtest", "--input", "-", "--delta", "2"] + options, input: Array(text.utf8))
    }

    @Test func columnsAndNumbersByHand() throws {
        let policies = ["--policy", "constant=1.2", "--policy", "price*1.05", "--policy", "mean:24h*1.02"]
        // Nine days of prices that depend on each other are too few for blocks by the rule.
        let byRule = try self.run(policies)
        #expect(byRule.status == 64)
        #expect(byRule.errors.contains("by the rule of Politis and White"))
        let run = try self.run(policies + ["--block", "12h"])
        try #require(run.status == 0, "\(run.errors)")
        #expect(
            run.csv.header == [
                "policy", "share_balanced", "share_lp_exodus", "share_seller_scarcity", "share_empty_band",
                "shortfall_mean",
                "shortfall_max", "excess_mean", "excess_max", "spells", "longest_spell", "reward_mean",
                "difference_low",
                "difference_high",
            ])
        try #require(run.csv["policy"] == ["constant=1.2", "price*1.05", "mean:24h*1.02"])
        // Each by its own rule, over the hours before which 24 hours lie.
        let counted = Self.hours.indices.dropFirst(24)
        let means = counted.map { hour in Self.hours[hour - 24..<hour].reduce(0, +) / 24 * 1.02 }
        let rewards = [counted.map { _ in 1.2 }, counted.map { Self.hours[$0] * 1.05 }, means]
        for (place, own) in rewards.enumerated() {
            let bands = counted.map { hour in
                let model = PlainModel(beta: Self.hours[hour], delta: 2)
                return (model.beta, model.sellerPayoff(2))
            }
            let short = zip(bands, own).map { max($0.0 - $1, 0) }
            let over = zip(bands, own).map { max($1 - $0.1, 0) }
            let outside = zip(short, over).map { $0 > 0 || $1 > 0 }
            let (below, above) = (short.filter { $0 > 0 }.count, over.filter { $0 > 0 }.count)
            func check(_ column: String, _ expected: Double) throws {
                // The plain logarithmic mean is good to 1e−12 here.
                #expect(abs(run.csv.numbers(column)[place] - expected) <= 1e-11, "\(column) \(place)")
            }
            try check("share_lp_exodus", Double(below) / 216)
            try check("share_seller_scarcity", Double(above) / 216)
            try check("share_balanced", Double(216 - below - above) / 216)
            try check("shortfall_mean", below > 0 ? short.reduce(0, +) / Double(below) : 0)
            try check("shortfall_max", short.max() ?? 0)
            try check("excess_mean", above > 0 ? over.reduce(0, +) / Double(above) : 0)
            try check("excess_max", over.max() ?? 0)
            try check("reward_mean", own.reduce(0, +) / 216)
            let runs = outside.split(separator: false)
            try check("spells", Double(runs.count))
            try check("longest_spell", Double(runs.map { $0.count }.max() ?? 0) * 3600)
        }
        #expect(run.errors.contains("24 rows, 86400 s, are left out for all policies"))
        #expect(run.csv["difference_low"][0] == "")
    }

    @Test func trainingAndTestAreScoredApart() throws {
        let run = try self.run([
            "--policy", "constant=1.2", "--policy", "price*1.05", "--rolling", "4d:1d", "--block", "6h", "--bootstrap",
            "50",
        ])
        try #require(run.status == 0, "\(run.errors)")
        #expect(run.csv["period"] == ["training", "training", "test", "test"])
        func share(_ hours: Range<Int>) -> Double {
            let inside = hours.filter {
                Self.hours[$0] <= 1.2 && 1.2 <= PlainModel(beta: Self.hours[$0], delta: 2).sellerPayoff(2)
            }
            return Double(inside.count) / Double(hours.count)
        }
        let shares = run.csv.numbers("share_balanced")
        #expect(isClose(shares[0], share(0..<216), 1e-12))
        #expect(isClose(shares[2], share(96..<240), 1e-12))
        #expect(run.errors.contains("only 24") == false)
    }

    @Test func aScheduleFromAFile() throws {
        let folder = try TestFolder([
            "s.yaml": "tokens: 24\nstart: 1970-01-01\nhalving: 12h\ncapacity: 1\ntoken-price: 1\n",
            "bad.yaml": "tokens: 24\nstart: 1970-01-01\nhalvin: 12h\n",
        ])
        let line = ["calibrate", "backtest", "--input", "-", "--delta", "2", "--policy"]
        let run = try folder.pinfi(line + ["schedule:s.yaml"], input: Array("time,beta\n0,1\n43200,1\n86400,1\n".utf8))
        try #require(run.status == 0, "\(run.errors)")
        #expect(try run.csv.number("reward_mean") == 0.75)
        let bad = try folder.pinfi(line + ["schedule:bad.yaml"], input: Array(Self.text.utf8))
        #expect(bad.status == 65)
        #expect(bad.errors.contains("did you mean halving?"))
        #expect(try folder.pinfi(line + ["schedule:none.yaml"], input: Array(Self.text.utf8)).status == 66)
    }

    @Test(
        arguments: [
            ([], 64, "give --policy"), (["--policy", "best"], 64, "allowed: constant=1.19"),
            (["--policy", "constant=-1"], 64, "at least 0"), (["--policy", "price*x"], 64, "not a decimal number"),
            (["--policy", "mean:0h"], 64, "greater than 0"),
            (["--policy", "price", "--policy", "price"], 64, "given twice"),
            (["--policy", "price", "--block", "1h"], 64, "give a second --policy"),
            (["--policy", "mean:11d"], 65, "no time is left to score"),
            (["--policy", "price", "--policy", "constant=1", "--block", "3d"], 64, "at least 5 blocks"),
        ] as [([String], Int32, String)]) func refuses(_ options: [String], _ status: Int32, _ words: String) throws
    {
        let run = try self.run(options)
        #expect(run.status == status)
        #expect(run.errors.contains(words), "\(run.errors)")
        #expect(run.output == "")
    }

    @Test func fewBlocksAreWarnedOf() throws {
        let run = try self.run(["--policy", "price", "--policy", "constant=1", "--block", "1d"])
        #expect(run.status == 0)
        #expect(run.errors.contains("only 10 blocks of 86400 s"))
    }
}
