// `pinfi calibrate history` through the command line.
import Foundation
import TestSupport
import Testing

@Suite struct CalibrateHistoryCommandTests {
    private static let three = """
        time,beta
        2016-02-25T12:00:00Z,0.7
        2016-02-25T13:00:00Z,0.9
        2016-02-25T16:00:00Z,26.0
        2016-02-25T18:00:00Z,0.7

        """

    @Test func tellsTheBestRewardAndItsShares() throws {
        let folder = try TestFolder(["prices.csv": Self.three])
        let run = try folder.data(
            "calibrate history --input prices.csv --delta 1.3 --profile profile.csv --optima optima.csv")
        #expect(
            run.csv.header == [
                "gamma_best_low", "gamma_best_high", "share_balanced", "share_lp_exodus", "share_seller_scarcity",
                "share_empty_band", "duration", "rows", "failed", "optima", "k_best_low", "k_best_high",
                "share_left_out",
            ])
        let upper = PlainModel(beta: 0.7, delta: 1.3).sellerPayoff(1.3)
        #expect(try run.csv.number("gamma_best_low") == 0.9)
        #expect(isClose(try run.csv.number("gamma_best_high"), upper, 1e-14))
        #expect(try run.csv.number("share_balanced") == 4.0 / 6)
        #expect(try run.csv.number("share_lp_exodus") == 0)
        #expect(try run.csv.number("share_seller_scarcity") == 0)
        #expect(try run.csv.number("share_empty_band") == 2.0 / 6)
        #expect(try run.csv.number("duration") == 21600)
        #expect(try run.csv.cell("rows") == "4")
        #expect(try run.csv.cell("failed") == "0")
        #expect(try run.csv.cell("optima") == "1")
        #expect(try run.csv.cell("k_best_low") == "")

        let profile = try folder.csv("profile.csv")
        #expect(
            profile.header == [
                "gamma", "share_balanced", "share_lp_exodus", "share_seller_scarcity", "share_empty_band",
            ])
        #expect(profile.numbers("gamma").prefix(3) == [0, 0.7, 0.9])
        #expect(profile["share_balanced"].prefix(3) == ["0", "0.16666666666666666", "0.6666666666666666"])
        #expect(profile.numbers("gamma")[3] == (try run.csv.number("gamma_best_high")).nextUp)
        #expect(profile.rows.count == 5)
        for row in profile.rows {
            let sum = row.dropFirst().compactMap(Double.init).reduce(0, +)
            // Four quotients, each rounded once.
            #expect(abs(sum - 1) <= 4e-16)
        }
        let optima = try folder.csv("optima.csv")
        #expect(optima.numbers("gamma_low") == [0.9])
        #expect(optima.rows.count == 1)
    }

    @Test func theLastRowLastsUntilTheEndThatIsGiven() throws {
        let folder = try TestFolder(["prices.csv": Self.three])
        let run = try folder.data(
            "calibrate history --input prices.csv --delta 1.3 --until 2016-02-25T19:00+01:00 --time time")
        #expect(try run.csv.number("duration") == 21600)
        let longer = try folder.data(
            "calibrate history --input - --delta 1.3 --until 2016-02-25T20:00Z", input: Self.three)
        #expect(try longer.csv.number("duration") == 28800)
    }

    /// The same moments in all three forms are the same history.
    @Test func formsOfTime() throws {
        let folder = try TestFolder()
        let hours = [12, 13, 16, 18]
        let zoned = hours.map { "2016-02-25T\($0 + 1):00:00+01:00" }
        let unzoned = hours.map { "2016-02-25 \($0):00" }
        let epoch = hours.map { "\(1_456_358_400 + 3600 * $0)" }
        var outputs: Set<String> = []
        for times in [zoned, unzoned, epoch] {
            let text = "time,beta\n" + zip(times, ["0.7", "0.9", "26.0", "0.7"]).map { "\($0),\($1)\n" }.joined()
            outputs.insert(try folder.data("calibrate history --input - --delta 1.3 --quiet", input: text).output)
        }
        #expect(outputs.count == 1)
    }

    @Test func sortsWithAWarning() throws {
        let folder = try TestFolder()
        let lines = Self.three.split(separator: "\n").map(String.init)
        let sorted = try folder.data("calibrate history --input - --delta 1.3", input: Self.three)
        let mixed = [lines[0], lines[3], lines[1], lines[4], lines[2]].joined(separator: "\n") + "\n"
        let run = try folder.pinfi("calibrate history --input - --delta 1.3", input: mixed)
        #expect(run.status == 0)
        #expect(run.output == sorted.output)
        #expect(run.errors.contains("Warning: the rows are not in order of time (2 of them"))
        #expect(
            try folder.data("calibrate history --input - --delta 1.3 --quiet", input: mixed).output == sorted.output)
    }

    /// The last counted in silence once, which mixed several series in one file.
    @Test func severalRowsOfOneTimeMustNotDiffer() throws {
        let folder = try TestFolder()
        let text = "time,beta\n0,1\n5,7\n5,2\n10,3\n"
        let refused = try folder.pinfi("calibrate history --input - --delta 9", input: text)
        #expect(refused.status == 65)
        #expect(refused.errors.contains("line 4: 5 stands in line 3 as well, with 7 where this line has 2"))
        let run = try folder.pinfi("calibrate history --input - --delta 9 --aggregate last", input: text)
        #expect(run.status == 0)
        #expect(run.errors.contains("1 of 4 rows have the time of another one; --aggregate last made one of them"))
        #expect(try run.csv.number("gamma_best_low") == 2)
        #expect(try run.csv.number("share_balanced") == 1)
    }

    @Test func keepsTheTimeOfBadRowsOut() throws {
        let folder = try TestFolder()
        let text = "time,beta\n0,1\n10,\n15,2\nsoon,1\n16,-1\n18,0\n19,3,4\n20,2\n"
        let run = try folder.pinfi("calibrate history --input - --delta 9 --on-error keep", input: text)
        #expect(run.status == 0)
        // 0 to 10 and 15 to 16.
        #expect(try run.csv.number("duration") == 11)
        #expect(try run.csv.cell("rows") == "8")
        #expect(try run.csv.cell("failed") == "5")
        #expect(
            run.errors.contains("5 of 8 rows could not be used; the first: standard input, line 3, column 2 (beta)"))
    }

    @Test func otherParametersFromColumnsAndOptions() throws {
        let folder = try TestFolder()
        let text = "when,usd,reserve,p,note\n0,0.7,1.3,0.2,x\n1,0.7,1.6,0.2,y\n3,0.7,1.6,0.2,z\n"
        let run = try folder.data(
            "calibrate history --input - --time when --column beta=usd --column delta=reserve --theta 1.5 --fee 0.05 --quiet",
            input: text)
        let uppers = [1.3, 1.6].map { delta in
            let model = PlainModel(beta: 0.7, p: 0.2, theta: 1.5, delta: delta, fee: 0.05)
            return model.sellerPayoff(model.alphaG)
        }
        #expect(try run.csv.number("gamma_best_low") == 0.7)
        #expect(try run.csv.number("share_balanced") == 1)
        #expect(isClose(try run.csv.number("gamma_best_high"), uppers.min() ?? 0, 1e-14))
        let both = try folder.pinfi(
            "calibrate history --input - --time when --column beta=usd --beta 3 --delta 2", input: text)
        #expect(both.errors.contains("beta is taken from the column \"usd\"; --beta is not used."))
    }

    @Test func rules() throws {
        let folder = try TestFolder()
        let text = "time,beta\n0,1\n3600,2\n7200,0.5\n10800,1\n14400,1\n"
        let price = try folder.data("calibrate history --input - --delta 4 --rule price --profile p.csv --quiet", input: text)
        #expect(try price.csv.number("k_best_low") == 1)
        #expect(try price.csv.cell("gamma_best_low") == "")
        #expect(try folder.csv("p.csv").header.first == "k")
        let mean = try folder.data("calibrate history --input - --delta 4 --rule mean --window 2h --quiet", input: text)
        // Means: 1, 1, 1.5, 1.25, so that k ≥ 1, 2, 1/3, 0.8 and all are balanced from 2 on, up to L(4, 0.5)/1.5.
        let upper = PlainModel(beta: 0.5, delta: 4).sellerPayoff(4) / 1.5
        #expect(upper < 2 && upper > 1)
        #expect(try mean.csv.number("k_best_low") == 1)
        #expect(try mean.csv.number("share_balanced") == 0.75)
        #expect(isClose(try mean.csv.number("k_best_high"), upper, 1e-14))
    }

    @Test func bootstrapAndRolling() throws {
        let folder = try TestFolder()
        var generator = SeededGenerator(seed: 4)
        let text = "time,beta\n" + (0...400).map { "\($0 * 3600),\(generator.uniform(0.5...1.4))\n" }.joined()
        let line =
            "calibrate history --input - --delta 1.3 --bootstrap 60 --block 12h --rolling 4d:1d --folds folds.csv --quiet"
        let run = try folder.data(line + " --threads 1 --seed 3", input: text)
        let other = try folder.data(line + " --threads 3 --seed 3 --manifest m.json", input: text)
        #expect(run.output == other.output)
        #expect(try folder.data(line + " --seed 4", input: text).output != run.output)
        // Without a seed it is 0, not the time.
        #expect(try folder.data(line, input: text).output == folder.data(line + " --seed 0", input: text).output)
        let csv = run.csv
        #expect(try csv.number("gamma_best_from") <= csv.number("gamma_best_low"))
        #expect(try csv.number("gamma_best_to") >= csv.number("gamma_best_high"))
        #expect(try csv.number("share_balanced_from") < csv.number("share_balanced_to"))
        let folds = try folder.csv("folds.csv")
        #expect(try csv.cell("rolling_folds") == "12")
        #expect(try folds.rows.count == 12)
        let mean = folds.numbers("share_balanced").reduce(0, +) / 12
        #expect(isClose(try csv.number("rolling_share_balanced"), mean, 1e-14))
        let shares = try ["share_balanced", "share_lp_exodus", "share_seller_scarcity", "share_empty_band"].map {
            try csv.number("rolling_" + $0)
        }
        #expect(abs(shares.reduce(0, +) - 1) < 1e-14)
        #expect(folds["test_start"].prefix(2) == ["345600", "432000"])
        let manifest = try folder.text("m.json")
        #expect(manifest.contains("\"bootstrap\": 60"))
        #expect(manifest.contains("\"name\": \"folds.csv\""))
    }

    @Test(arguments: [
        ("time,beta\n", "", 65, "no rows below the header"),
        ("time,beta\n1,1\n", "", 65, "its only row lasts no time"),
        ("time,beta\n1,1\n1,2\n", "", 65, "--aggregate last, min, median or mean"),
        (
            "time,beta\n1,1\n2016-01-01,2\n", "", 65,
            "line 3, column 1 (time): found \"2016-01-01\"; this is ISO 8601 without a zone"
        ),
        ("time,beta\n2016-01-01T00:00Z,1\n2016-01-02T00:00,2\n", "", 65, "allowed: one form for all times"),
        ("time,beta\n1,1\n,2\n3,1\n", "", 65, "line 3, column 1 (time): found \"\"; the time is missing"),
        ("time,beta\n1,1\n2,\n3,1\n", "", 65, "line 3, column 2 (beta): found \"\"; the external price is missing"),
        ("time,beta\n1,1\n2,0\n3,1\n", "", 65, "line 3, column 2 (beta): found \"0\"; the external price must be"),
        ("time,beta\n1,1\n2,-0.5\n3,1\n", "", 65, "must be a finite number greater than 0"),
        ("time,beta\n1,1\n2,abc\n3,1\n", "", 65, "not a finite decimal number"),
        ("time,beta\n1,1\n2\n3,1\n", "", 65, "line 3: the row has 1 field"),
        ("time,beta\n1,1\n1456404133000,1\n", "", 65, "milliseconds must be made seconds"),
        ("time,beta\nsoon,1\n", "--on-error keep", 65, "none of its 1 rows could be used"),
        ("when,beta\n1,1\n", "", 64, "has no column time: give --time COLUMN"),
        ("when,beta\n1,1\n", "--time whem", 65, "did you mean \"when\"?"),
        ("time,beta\n1,1\n2,1\n", "--column gamma=beta", 64, "the block reward is not taken from a column here"),
        ("time,price\n1,1\n2,1\n", "", 64, "The external price is missing"),
        ("time,beta\n1,1\n2,1\n", "--until 0.5", 64, "No row of standard input lies between --from and --until"),
        ("time,beta\n1,1\n2,1\n", "--until 2016-01-01", 64, "give it in the same form"),
        ("time,beta\n1,1\n2,1\n", "--until soon", 64, "this is no time"),
        ("time,beta\n1,1\n2,1\n", "--rule mean", 64, "--rule mean needs --window"),
        ("time,beta\n1,1\n2,1\n", "--window 1h", 64, "--window belongs to --rule mean"),
        ("time,beta\n1,1\n2,1\n", "--bootstrap 1 --block 1s", 64, "allowed: a whole number from 2"),
        ("time,beta\n1,1\n2,1\n", "--bootstrap 9", 64, "the bootstrap needs --block"),
        ("time,beta\n1,1\n2,1\n", "--bootstrap 9 --block 2s", 64, "--block is 2 s, and the history has 1 s"),
        ("time,beta\n1,1\n2,1\n", "--bootstrap 9 --block 210ms", 64, "a number greater than 0 and a unit"),
        ("time,beta\n1,1\n2,1\n", "--bootstrap 9 --block 0.21", 64, "at least 5 blocks"),
        ("time,beta\n1,1\n2,1\n", "--block 2s", 64, "--block belongs to --bootstrap"),
        ("time,beta\n1,1\n2,1\n", "--confidence 0.9", 64, "--confidence belongs to --bootstrap"),
        ("time,beta\n1,1\n2,1\n", "--confidence 1", 64, "greater than 0 and less than 1"),
        ("time,beta\n1,1\n2,1\n", "--folds f.csv", 64, "--folds belongs to --rolling"),
        ("time,beta\n1,1\n2,1\n", "--rolling 1d", 64, "14d:1d for example"),
        ("time,beta\n1,1\n2,1\n", "--rolling 1d:1h", 64, "at least a training and a test, 90000 s"),
        ("time,beta\n0,1\n9000000000,1\n", "--rolling 1e-3:1e-3", 64, "at most 1000000 tests"),
        ("time,beta\n1,1\n2,1\n", "--profile -", 64, "lead to the same place"),
        (
            "time,beta\n1,1\n2,1\n", "--profile p.csv --optima p.csv", 64,
            "--profile and --optima lead to the same place"
        ),
        ("time,beta\n1,1\n2,1\n", "--profile no/p.csv", 73, "no/p.csv"),
    ]) func refuses(_ text: String, _ options: String, _ status: Int, _ words: String) throws {
        let folder = try TestFolder()
        let run = try folder.pinfi("calibrate history --input - --delta 3 \(options)", input: text)
        #expect(run.status == Int32(status), "\(run.errors)")
        #expect(run.errors.contains(words), "\(run.errors)")
        #expect(run.output == "")
        #expect(folder.names.isEmpty)
    }

    @Test func refusesToReplaceTheHistory() throws {
        let folder = try TestFolder(["prices.csv": Self.three])
        for option in ["--profile", "--optima", "--manifest"] {
            let run = try folder.pinfi("calibrate history --input prices.csv --delta 3 \(option) prices.csv")
            #expect(run.status == 64)
            #expect(run.errors.contains("\(option) would replace the file of --input"))
        }
        #expect(try folder.text("prices.csv") == Self.three)
        #expect(try folder.pinfi("calibrate history --delta 3").errors.contains("The history is missing: give --input"))
        #expect(try folder.pinfi("calibrate history --input none.csv --delta 3").status == 66)
        #expect(
            try folder.pinfi("calibrate histroy").errors.contains(
                "pinfi calibrate has no command \"histroy\". Did you mean history?"))
    }

    static let files = ["data/gpu_spot_g2.8xlarge_us-east-1a.csv", "data/gpu_spot_g2.8xlarge_us-east-1c.csv"]
    static let areThere = files.allSatisfy { SharedData.url($0) != nil }

    /// The real spot prices against counting; the spikes to 26.0, above the on-demand price, are time without a band.
    @Test(.enabled(if: SharedData.isRequired || areThere, "the shared data is not there"), arguments: files)
    func aRealSpotMarket(_ name: String) throws {
        let url = try #require(SharedData.url(name), "PINFI_SHARED is set, so the file must be there")
        let folder = try TestFolder()
        let run = try folder.pinfi([
            "calibrate", "history", "--input", url.path, "--time", "timestamp", "--column", "beta=usd_per_hour",
            "--delta",
            "2.6", "--p", "0.05", "--theta", "1", "--profile", "profile.csv",
        ])
        #expect(run.status == 0)
        #expect(run.errors == "")
        let input = CSVText(try String(contentsOf: url, encoding: .utf8), acceptsCRLF: true)
        let dates = ISO8601DateFormatter()
        let times = try input["timestamp"].map { try #require(dates.date(from: $0)).timeIntervalSince1970 }
        let models = input.numbers("usd_per_hour").map { PlainModel(beta: $0, p: 0.05, theta: 1, delta: 2.6) }
        func shares(_ gamma: Double) -> (balanced: Double, empty: Double) {
            var (balanced, empty, all) = (0.0, 0.0, 0.0)
            for index in models.indices.dropLast() {
                let (model, weight) = (models[index], times[index + 1] - times[index])
                all += weight
                if model.alphaG < model.alphaS {
                    empty += weight
                } else if gamma >= model.beta, gamma <= model.sellerPayoff(model.alphaG) {
                    balanced += weight
                }
            }
            return (balanced / all, empty / all)
        }
        let (low, high) = (try run.csv.number("gamma_best_low"), try run.csv.number("gamma_best_high"))
        let middle = shares((low + high) / 2)
        #expect(isClose(try run.csv.number("share_balanced"), middle.balanced, 1e-12))
        #expect(isClose(try run.csv.number("share_empty_band"), middle.empty, 1e-12))
        #expect(middle.empty > 0.05)
        // No price that occurs does better, nor any of a fine grid.
        for gamma in Set(models.map(\.beta)).sorted().enumerated().filter({ $0.offset % 20 == 0 }).map(\.element) {
            #expect(shares(gamma).balanced <= middle.balanced + 1e-12)
        }
        #expect(try folder.csv("profile.csv").numbers("share_balanced").max() == run.csv.number("share_balanced"))
    }
}
