// `pinfi simulate`.
import Foundation
import Testing

@Suite struct SimulateCommandTests {
    private static let role = "simulate --model role --b 0.7 --d 1.3 --y 0.79 --from x=2,lp=0.5,seller=0.1"
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    @Test func columnsAndStatistics() throws {
        let run = try folder.pinfi(Self.role + " --until 1 --every 0.4")
        #expect(run.status == 0)
        #expect(
            run.output.hasPrefix(
                "t,x,alpha,share_lp,share_seller,share_external,payoff_lp,payoff_seller,payoff_external\n0,2,2,0.5,0.1,0.4,"
            ))
        #expect(run.csv["t"] == ["0", "0.4", "0.8", "1"])
        #expect(run.errors.hasPrefix("rk8pd: "))
        #expect(run.errors.contains("reached the end"))
        // The rows do not change the steps.
        let other = try folder.pinfi(Self.role + " --times 0.4,1")
        #expect(other.csv.numbers("x") == [run.csv.numbers("x")[1], run.csv.numbers("x")[3]])
        #expect(try folder.data(Self.role + " --times 1 --quiet").csv.numbers("share_lp").count == 1)
    }

    /// A reference of 30 digits is in the library's tests; here the methods and the unit of time.
    @Test func methodsAgreeAndThePeriodScalesTime() throws {
        let reference = try folder.data(Self.role + " --times 2 --quiet").csv.numbers("x")[0]
        for method in ["rkf45", "rkck", "adams", "bdf"] {
            let x = try folder.data(Self.role + " --times 2 --quiet --method \(method)").csv.numbers("x")[0]
            // Their tolerance of 1e−10 a step, some hundreds of steps, and multistep methods that hold it less strictly.
            #expect(abs(x - reference) < 1e-5, "\(method)")
        }
        let scaled = try folder.data(Self.role + " --period 24 --times 48 --quiet").csv.numbers("x")[0]
        #expect(abs(scaled - reference) <= 4 * reference.ulp)
    }

    @Test func sharpEventsAreTheFlows() throws {
        let path = "--b 0.7 --d 1.3 --y 0.79"
        let run = try folder.pinfi(
            "simulate --model sharp \(path) --from x=2 --until 2 --every 1 --period 3 --events events.csv --quiet")
        #expect(run.status == 0)
        #expect(run.errors == "")
        let flow = try folder.data("flow \(path) --x 2 --period 3").csv
        let events = try folder.csv("events.csv")
        #expect(events["event"] == ["genuine-buyers-start", "sliding-start", "rest"])
        for (found, exact) in zip(events.numbers("t"), flow.numbers("t_end").dropLast()) {
            #expect(abs(found - exact) <= 8 * exact.ulp)
        }
        #expect(run.csv["share_seller"].first == "1")
    }

    @Test func transientColumns() throws {
        let run = try folder.data(
            "simulate --model transient --b 0.7 --d 1.3 --y 0.5 --from alpha=2 --renewal-time 0.1 --times 0,0.5 --quiet"
        )
        #expect(run.output.hasPrefix("t,x,alpha,asset_reserve,token_reserve\n0,2,2,1,2\n"))
        let (x, y, alpha) = (
            run.csv.numbers("asset_reserve")[1], run.csv.numbers("token_reserve")[1], run.csv.numbers("alpha")[1]
        )
        #expect(abs(y / x - alpha) <= 8 * alpha.ulp)
    }

    @Test func watchesManifestJSONAndFigure() throws {
        let run = try folder.pinfi(
            Self.role
                + " --until 5 --every 5 --watch x=1.5 --watch lp=0.3 --events e.csv --manifest m.json --format json "
                + "--columns t,log_x,regret_lp --plot-script p.gp --quiet")
        #expect(run.status == 0)
        #expect(try run.object()["columns"] as? [String] == ["t", "log_x", "regret_lp"])
        let events = try folder.csv("e.csv")
        #expect(events["event"].contains("x=1.5"))
        #expect(events["event"].contains("lp=0.3"))
        #expect(events["event"].contains("alpha-g"))
        #expect(events.numbers("t") == events.numbers("t").sorted())
        let manifest = try folder.text("m.json")
        for word in ["accepted_steps", "\"relative\"", "rk8pd", "reached the end"] { #expect(manifest.contains(word)) }
        #expect(try folder.text("p.gp").contains("plot"))
    }

    @Test func faultsAreTold() throws {
        let cases: [(line: String, status: Int32, fragments: [String])] = [
            ("simulate --b 0.7 --d 1.3 --y 0.79 --from x=2 --times 1", 64, ["--model"]),
            (Self.role + " --until 1e9 --every 1e-9", 64, ["--until", "rows"]),
            (Self.role + " --until -1 --every 0.1", 64, ["--until", "forward"]),
            (Self.role + " --times 2,1", 64, ["--times"]),
            (Self.role + " --times 1 --rtol 0 --atol 0", 64, ["--rtol", "--atol"]),
            (Self.role + " --times 1 --watch x=-1", 64, ["--watch"]),
            ("simulate --model role --b 0.7 --d 1.3 --y 0.79 --from x=2,lp=0.9,seller=0.4 --times 1", 64, ["simplex"]),
            ("simulate --model sharp --b 0.7 --d 1.3 --y 0.79 --from x=2,lp=0.9 --times 1", 64, ["shares"]),
            ("simulate --model transient --b 0.7 --d 1.3 --y 0.79 --from x=2 --times 1", 64, ["--renewal-time"]),
            (
                "simulate --model transient --b 0.7 --d 1.3 --y 0.79 --from x=2 --renewal-time 1 --times 1", 64,
                ["renewal-time"]
            ),
            (
                "simulate --model role --b 0.7 --d 1.3 --y 0.79 --from x=2,lp=0,seller=1 --depth-exponent 1 --times 1",
                64,
                ["lp"]
            ),
            (Self.role + " --until 50 --every 1 --max-steps 20", 70, ["limit of steps", "--max-steps"]),
        ]
        for (line, status, fragments) in cases {
            let ended = try folder.pinfi(line)
            #expect(ended.status == status, "\(line): \(ended.errors)")
            for fragment in fragments { #expect(ended.errors.contains(fragment), "\(line): \(ended.errors)") }
            #expect(!ended.output.lowercased().contains("nan"))
        }
        // A file is not made where the run did not come to its end.
        let failed = try folder.pinfi(Self.role + " --until 50 --every 1 --max-steps 20 -o out.csv")
        #expect(failed.status == 70)
        #expect(!folder.names.contains("out.csv"))
        // A rationality of a million and lags of almost nothing are answered.
        for extra in ["--rationality 1e6 --method bdf", "--lag 0", "--lag 1e-9 --method bdf"] {
            let run = try folder.pinfi(Self.role + " --times 1 --quiet \(extra)")
            #expect(run.status == 0 || run.status == 70, "\(extra): \(run.errors)")
            #expect(!run.output.contains("nan"))
        }
    }

    /// Watches are told where the path crosses them, with loose tolerances as with tight ones, and a lagged run tells what
    /// holders see.
    @Test func eventsOfALoosePath() throws {
        let folder = try TestFolder()
        let line = "simulate --model sharp --b 0.7 --d 1.3 --y 0.79 --from x=2 --times 1 --watch x=1.9 --quiet"
        for atol in ["0.03", "1e-12"] {
            _ = try folder.pinfi("\(line) --atol \(atol) --events s.csv -o path.csv")
            let events = try folder.csv("s.csv")
            let row = try #require(events["event"].firstIndex(of: "x=1.9"))
            // ln(2/1.9), to the roundings of a bracket.
            #expect(abs(events.numbers("t")[row] - 0.0512932943875505) < 1e-13)
            #expect(abs(events.numbers("x")[row] - 1.9) < 1e-13)
        }
        let lagged = try folder.pinfi(Self.role + " --times 0,1 --lag 0.3 --quiet").csv
        #expect(lagged.header.contains("observed_x"))
        #expect(lagged["observed_payoff_seller"][0] == lagged["payoff_seller"][0])
        #expect(lagged["observed_payoff_seller"][1] != lagged["payoff_seller"][1])
        let refused = try folder.pinfi(Self.role + " --times 1 --protocol best-response --method bdf")
        #expect(refused.status == 64)
        #expect(refused.errors.contains("rk8pd"))
    }
}
