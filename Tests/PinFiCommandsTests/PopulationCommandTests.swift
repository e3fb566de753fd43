// `pinfi population`.
import Foundation
import Testing

@Suite struct PopulationCommandTests {
    static let market = "population --b 0.7 --d 1.3 --y 0.79"
    static let start = "--from x=2,lp=0.5,seller=0.1"

    @Test func rowsAndColumns() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi("\(Self.market) --holders 1000 --runs 40 \(Self.start) --until 1 --every 0.5")
        #expect(ended.status == 0, "\(ended.errors)")
        let csv = ended.csv
        #expect(
            csv.header == [
                "time", "quantity", "mean", "standard_error", "standard_deviation", "q05", "q25", "median", "q75",
                "q95",
                "mean_field", "runs",
            ])
        #expect(csv["time"] == ["0", "0.5", "1"].flatMap { Array(repeating: $0, count: 5) })
        #expect(Array(csv["quantity"].prefix(5)) == ["price", "log_price", "lp", "seller", "external"])
        #expect(csv["runs"].allSatisfy { $0 == "40" })
        // At the start all runs are alike.
        #expect(Array(csv.numbers("mean").prefix(5)) == [2, log(2), 0.5, 0.1, 0.4])
        #expect(csv.numbers("standard_error").prefix(5).allSatisfy { $0 == 0 })
        // The model's mean field at t = 1, and the mean within five standard errors and O(1/N) of it.
        for (field, expected) in zip(csv.numbers("mean_field").suffix(4), [0.18622791, 0.14381489, 0.80120508]) {
            #expect(abs(field - expected) < 1e-7)
        }
        for (mean, (field, error)) in zip(
            csv.numbers("mean"), zip(csv.numbers("mean_field"), csv.numbers("standard_error"))
        ).suffix(5) {
            #expect(abs(mean - field) < 5 * error + 2e-3)
        }
        for (low, high) in zip(csv.numbers("q05"), csv.numbers("q95")) { #expect(low <= high) }
    }

    @Test(arguments: ["leap", "exact"])
    func bytesDoNotDependOnThreads(_ method: String) throws {
        let folder = try TestFolder()
        let line =
            "\(Self.market) --holders 50 --runs 9 \(Self.start) --until 2 --every 0.5 --method \(method) --price trades "
            + "--protocol smith --seed 7 --quiet --per-run runs.csv"
        let one = try folder.data(line + " --threads 1")
        let runs = try folder.text("runs.csv")
        for threads in ["2", "3"] {
            #expect(try folder.data(line + " --threads \(threads)").bytes == one.bytes)
            #expect(try folder.text("runs.csv") == runs)
        }
        #expect(try folder.data(line.replacing("--seed 7", with: "--seed 8")).bytes != one.bytes)
    }

    @Test func otherOutputs() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "\(Self.market) --holders 1000 --from x=1.185,lp=0.496,seller=0.498 --until 60 --every 0.25 --burn 5 -o main.csv "
                + "--stationary noise.csv --summary summary.csv --band band.csv --per-run runs.csv --manifest m.json")
        #expect(ended.status == 0, "\(ended.errors)")
        let noise = CSVText(try folder.text("noise.csv"))
        #expect(noise.header == ["quantity_a", "quantity_b", "covariance_times_n", "standard_error", "linear_noise"])
        #expect(noise.rows.count == 10)
        for (found, (error, theory)) in zip(
            noise.numbers("covariance_times_n"), zip(noise.numbers("standard_error"), noise.numbers("linear_noise")))
        {
            // Five standard errors, and 3 % for N = 1000 and the leap.
            #expect(abs(found - theory) < 5 * error + 0.03 * abs(theory))
        }
        let summary = CSVText(try folder.text("summary.csv"))
        #expect(summary["metric"] == ["share_in_band", "still_in_band", "first_exit_time", "price_escaped"])
        #expect(summary.numbers("mean")[0] == 1)
        #expect(summary.numbers("mean")[2] == 60)
        #expect(summary.numbers("mean")[3] == 0)
        let band = CSVText(try folder.text("band.csv"))
        #expect(band.header == ["run", "share_in_band", "first_exit_time"])
        #expect(band["run"] == (0..<64).map(String.init))
        #expect(band["first_exit_time"].allSatisfy { $0 == "" })
        let runs = CSVText(try folder.text("runs.csv"))
        #expect(
            runs.header == ["run", "time", "quantity", "value", "status", "extinct_role", "extinction_time"])
        #expect(runs.rows.count == 64 * 241 * 5)
        #expect(runs["status"].allSatisfy { $0 == "ok" })
        #expect(try folder.text("m.json").contains("\"holders\""))
    }

    @Test func fermiAndAbsorption() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "\(Self.market) --holders 10 --protocol fermi --from x=1.1 --until 40 --every 1 -o main.csv --summary s.csv"
        )
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.errors.contains("a role was lost for good"))
        let summary = CSVText(try folder.text("s.csv"))
        #expect(
            summary["metric"].suffix(4) == ["extinct_lp", "extinct_seller", "extinct_external", "extinction_time"])
    }

    @Test func checkStep() throws {
        let folder = try TestFolder()
        let fine = try folder.pinfi(
            "\(Self.market) --holders 1000 \(Self.start) --until 1 --every 0.5 --check-step --step 0.01")
        #expect(fine.status == 0, "\(fine.errors)")
        #expect(fine.csv.header.suffix(2) == ["half_step_mean", "step_score"])
        #expect(fine.errors.contains("--check-step: the largest difference"))
        let coarse = try folder.pinfi(
            "\(Self.market) --holders 1000000 --kappa-s 50 --kappa-g 40 \(Self.start) --until 2 --every 0.5 --check-step "
                + "--step 0.25")
        #expect(coarse.status == 1)
        #expect(coarse.errors.contains("lower --step"))
        #expect(coarse.errors.contains("Warning: The step is"))
    }

    @Test(arguments: [
        ("", "--holders"), ("--holders 0", "--holders"), ("--holders 10 --runs 0", "--runs"),
        ("--holders 10 --step 2", "--step"), ("--holders 10 --protocol best-response", "--method exact"),
        ("--holders 10 --method exact --step 0.1", "--step"),
        ("--holders 10 --method exact --check-step", "--check-step"),
        ("--holders 1000000000000 --method exact", "leap"), ("--holders 10 --trade-size 2", "--price trades"),
        ("--holders 10 --runs 1 --check-step", "--runs"), ("--holders 10 --mutation -1", "mutation"),
    ])
    func faults(_ options: String, _ named: String) throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi("\(Self.market) \(Self.start) --until 1 --every 0.5 \(options)")
        #expect(ended.status == 64)
        #expect(ended.errors.contains(named), "\(ended.errors)")
        #expect(ended.output.isEmpty)
    }

    @Test func withoutLengthOrBand() throws {
        let folder = try TestFolder()
        #expect(try folder.pinfi("\(Self.market) --holders 10 \(Self.start) --times 0").status == 64)
        #expect(try folder.pinfi("\(Self.market) --holders 10 \(Self.start) --until 0 --every 1").status == 64)
        let empty = try folder.pinfi(
            "population --b 0.7 --d 0.9 --y 0.79 --holders 10 \(Self.start) --until 1 --every 1 --band b.csv")
        #expect(empty.status == 64)
        #expect(empty.errors.contains("the band is empty"))
    }

    /// One holder, and 10¹².
    @Test(arguments: ["1", "1000000000000"])
    func extremePopulations(_ holders: String) throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "\(Self.market) --holders \(holders) --runs 4 \(Self.start) --until 1 --every 0.5 --price trades")
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.csv.rows.count == 15)
    }

    /// A pool without LPs whose depth exceeds the largest double has no price after the first step.
    @Test(arguments: ["leap", "exact"])
    func depthBeyondDoubles(_ method: String) throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "\(Self.market) --holders 50 --runs 2 --from x=1.1,lp=0,seller=0.5 --depth-exponent 300 --until 1 --every 0.5 "
                + "--method \(method)")
        #expect(method == "leap" ? ended.status == 0 : ended.status == 64, "\(ended.errors)")
    }

    @Test func escapes() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "population --b 0.7 --d 1.3 --y 0.79 --kappa-g 0.1 --kappa-b 0.1 --rationality 0.1 --holders 50 --runs 3 "
                + "--from x=1e-300 --until 200 --every 50 --step 0.1")
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.errors.contains("falls or rises for ever"))
        #expect(ended.csv["runs"].last == "0")
        #expect(ended.csv["mean"].last == "")
    }

    @Test func linearNoiseOfEquilibriumAndSweep() throws {
        let folder = try TestFolder()
        let line = "--b 0.7 --d 1.3 --y 0.79 --holders 1000"
        let point = try folder.pinfi("equilibrium \(line) --noise --format csv").csv
        #expect(abs(point.numbers("noise_lp_lp")[0] - 0.23895934) < 1e-8)
        #expect(abs(point.numbers("noise_seller_log_price")[0] + 0.00160887) < 1e-8)
        #expect(abs(point.numbers("noise_shift_lp")[0] - 0.04640) < 1e-5)
        #expect(point["noise_status"] == ["ok"])
        let sweep = try folder.pinfi("sweep \(line) --vary lag=0:0.1:2 --quantity sd_price,sd_lp,sd_seller,sd_external")
            .csv
        for name in ["sd_price", "sd_lp", "sd_seller", "sd_external"] {
            #expect(abs(point.numbers(name)[0] - sweep.numbers(name)[0]) < 1e-14)
        }
        let kinked = try folder.pinfi("equilibrium \(line) --noise --protocol smith --format csv").csv
        #expect(kinked["noise_lp_lp"] == [""])
        #expect(kinked["noise_status"][0].contains("kink"))
        let missing = try folder.pinfi("sweep --b 0.7 --d 1.3 --vary y=0.7:0.8:2 --quantity sd_price")
        #expect(missing.status == 64)
        #expect(missing.errors.contains("--holders"))
        let alone = try folder.pinfi("equilibrium \(line)")
        #expect(alone.status == 64)
        #expect(alone.errors.contains("--noise"))
    }

    @Test func figure() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "\(Self.market) --holders 200 --runs 8 \(Self.start) --until 20 --every 0.5 --plot-script f.gp -o main.csv")
        #expect(ended.status == 0, "\(ended.errors)")
        let script = try folder.text("f.gp")
        for words in ["mean field", "5–95 % of runs", "linear noise, 95 %"] { #expect(script.contains(words)) }
    }
}
