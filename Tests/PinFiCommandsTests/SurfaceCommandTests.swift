// `pinfi phase --dynamics role`.
import Foundation
import Reporting
import Testing

@Suite struct SurfaceCommandTests {
    private static let family = "phase --dynamics role --b 0.7"

    /// Cells are the rest points that `pinfi equilibrium` tells, to the digit.
    @Test func rowsAndColumns() throws {
        let folder = try TestFolder()
        let names = "rest_price,x,share_lp,share_seller,share_external,slowest_eigenvalue,critical_lag,regime"
        let ended = try folder.pinfi("\(Self.family) --x y=0.79:1:2 --y d=1.3:1.5:3 --quantity \(names)")
        #expect(ended.status == 0)
        let csv = ended.csv
        let quantities = names.split(separator: ",").map(String.init)
        #expect(csv.header == ["y", "d"] + quantities + ["sharp_outcome", "status"])
        #expect(csv["y"] == ["0.79", "1", "0.79", "1", "0.79", "1"])
        #expect(csv["d"] == ["1.3", "1.3", "1.4", "1.4", "1.5", "1.5"])
        for (row, (y, d)) in zip(csv["y"], csv["d"]).enumerated() {
            let point = try folder.pinfi("equilibrium --b 0.7 --d \(d) --y \(y) --critical-lag --format csv").csv
            for (name, other) in [
                ("rest_price", "alpha"), ("x", "x"), ("share_lp", "share_lp"), ("share_external", "share_external"),
                ("critical_lag", "critical_lag"),
            ] {
                #expect(csv[name][row] == (try point.cell(other)), "\(name)")
            }
            let sharp = try folder.pinfi("bounds --b 0.7 --d \(d) --y \(y) --format csv").csv
            #expect(csv["sharp_outcome"][row] == (try sharp.cell("outcome")))
        }
        // The model's table.
        #expect(csv["regime"][0] == "balanced")
        #expect(csv["regime"][1] == "scarcity")
        #expect(abs(csv.numbers("slowest_eigenvalue")[0] + 1.0478932) < 5e-8)
        let none = "no critical lag: stable at every lag"
        #expect(csv["status"] == ["ok", none, "ok", none, "ok", none])
        #expect(ended.errors.contains("3 of 6 cells have no critical lag"))
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let folder = try TestFolder()
        for route in ["direct", "chebyshev --tolerance 1e-8"] {
            let line =
                "\(Self.family) --x y=0.5:1.1:150 --y d=1:1.6:80 --quantity rest_price,share_lp --via \(route) --quiet"
            let one = try folder.data(line + " --threads 1")
            #expect(one.csv.rows.count == 12000)
            for threads in ["2", "3"] { #expect(try folder.data(line + " --threads \(threads)").bytes == one.bytes) }
        }
    }

    /// Both ways to the same numbers; the manifest says how well the interpolant was checked.
    @Test func chebyshev() throws {
        let folder = try TestFolder()
        let line = "\(Self.family) --x y=0.5:1.1:40 --y d=1:1.6:30 --quantity rest_price,share_seller"
        let direct = try folder.data(line).csv
        let ended = try folder.pinfi(line + " --via chebyshev --tolerance 1e-9 --manifest m.json")
        #expect(ended.errors.contains("points off the nodes"))
        #expect(ended.errors.contains("share_seller: interpolated"))
        for name in ["rest_price", "share_seller"] {
            for (a, b) in zip(direct.numbers(name), ended.csv.numbers(name)) { #expect(abs(a - b) < 2e-9) }
        }
        let manifest = try #require(JSONText.value(of: Array(try folder.text("m.json").utf8)) as? [String: Any])
        let comparable = try #require(manifest["comparable"] as? [String: Any])
        let configuration = try #require(comparable["configuration"] as? [String: Any])
        let fits = try #require(configuration["interpolants"] as? [String: Any])
        let price = try #require(fits["rest_price"] as? [String: Any])
        #expect((price["checked_error"] as? Double).map { $0 > 0 && $0 < 2e-9 } ?? false)
        #expect((price["error_estimate"] as? Double).map { $0 > 0 && $0 < 2e-9 } ?? false)
        #expect((price["degree_x"] as? Double).map { $0 > 50 } ?? false)
        #expect((configuration["evaluations"] as? Double).map { $0 > 1000 } ?? false)
        #expect(configuration["x_axis"] as? String == "y")
        #expect(configuration["via"] as? String == "chebyshev")
        #expect(comparable["failed_cells"] as? Double == 0)
    }

    /// Never a silent wrong value: 70, how far it came, where, and what to do.
    @Test func notSmooth() throws {
        let folder = try TestFolder()
        let cases: [(line: String, fragments: [String])] = [
            ("--y d=1.2:1.4:9 --quantity critical_lag", ["no value at y = ", "no critical lag", "--via direct"]),
            (
                "--y d=1.2:1.4:9 --quantity x --protocol smith",
                ["degrees 256", "y = ", "--via direct"]
            ),
            ("--y lag=0:1:3 --d 1.3 --quantity slowest_eigenvalue", ["not smooth", "--via direct"]),
            ("--y fee=0.9:1:3 --d 1.3 --quantity x", ["no value at", "fee"]),
        ]
        for (rest, fragments) in cases {
            let ended = try folder.pinfi("\(Self.family) --x y=0.5:1.1:9 \(rest) --via chebyshev -o out.csv")
            #expect(ended.status == 70, "\(rest): \(ended.errors)")
            for fragment in fragments { #expect(ended.errors.contains(fragment), "\(rest): \(ended.errors)") }
            guard rest.contains("smith") else { continue }
            // The kink is at y = b, where the other role of the Nash point changes: the nearest checked point tells.
            let place = try #require(ended.errors.firstMatch(of: /y = (0\.\d+)/)).1
            #expect(abs(try #require(Double(place)) - 0.7) < 0.01)
        }
        #expect(folder.names == [])
    }

    /// One cell; a range that leaves the domain, whose rows say so and whose neighbours are unharmed.
    @Test func faults() throws {
        let folder = try TestFolder()
        let one = try folder.data("\(Self.family) --x y=0.79:0.79:1 --y d=1.3:1.3:1 --quantity x").csv
        #expect(abs(try one.number("x") - 1.18543748559) < 1e-11)
        let ended = try folder.pinfi(
            "phase --dynamics role --d 1.3 --x b=0.5:1.1:7 --y y=0.79:0.8:2 --quantity x,regime --manifest m.json")
        #expect(ended.status == 0)
        #expect(
            ended.csv["status"][6]
                == "b (external price over seller's cost) is 1.1; allowed: a number greater than 0 and at most 1")
        #expect(ended.csv["x"][6] == "")
        #expect(ended.csv["regime"][6] == "")
        #expect(ended.csv["status"][5] == "ok")
        #expect(ended.errors.contains("2 of 14 cells"))
        let alone = try folder.data(
            "phase --dynamics role --b 0.6 --d 1.3 --x y=0.79:0.79:1 --y lag=0:0:1 --quantity x"
        ).csv
        let x = try alone.cell("x")
        #expect(ended.csv["b"][1] == "0.6")
        #expect(ended.csv["x"][1] == x)
        #expect(try folder.text("m.json").contains("\"failed_cells\": 2"))
    }

    @Test func formsAndFormats() throws {
        let folder = try TestFolder()
        let raw = try folder.data(
            "phase --dynamics role --beta 1.4 --p 0.5 --theta 1.2 --x gamma=1.4:2:4 --y delta=2.4:2.8:3 "
                + "--quantity rest_price,x"
        ).csv
        let ratio = try folder.data("\(Self.family) --x y=0.7:1:4 --y d=1.2:1.4:3 --quantity x").csv
        for (a, b) in zip(raw.numbers("x"), ratio.numbers("x")) { #expect(isClose(a, b, 1e-13)) }
        for (a, b) in zip(raw.numbers("rest_price"), raw.numbers("x")) { #expect(isClose(a, 2 * b, 1e-15)) }
        // The reward where it is no axis, and the other parameters.
        let lags = try folder.data(
            "\(Self.family) --d 1.3 --reward-ratio 0.79 --x lag=0:0.5:3 --y kappa-s=1:1.2:2 --quantity regime,stable"
        ).csv
        #expect(lags.header == ["lag", "kappa_s", "regime", "stable", "sharp_outcome", "status"])
        #expect(Array(lags["regime"].prefix(3)) == ["balanced", "balanced", "balanced"])
        #expect(Array(lags["stable"].prefix(3)) == ["true", "false", "false"])
        let line = "\(Self.family) --x y=0.7:1:2 --y d=1.2:1.4:2 --quantity x"
        #expect(try folder.data(line + " --columns x,status").csv.header == ["x", "status"])
        let object = try folder.data(line + " --format json").object()
        #expect((object["data"] as? [[Any]])?.count == 4)
        #expect(try folder.pinfi(line + " --columns nope").status == 64)
    }

    @Test func refuses() throws {
        let folder = try TestFolder()
        let axes = "--x y=0.5:1:3 --y d=1:1.5:3"
        let cases: [(line: String, fragments: [String])] = [
            ("\(Self.family) \(axes)", ["--quantity", "rest_price"]),
            ("\(Self.family) \(axes) --quantity price", ["\"price\"", "rest_price"]),
            ("\(Self.family) \(axes) --quantity x,x", ["x twice"]),
            ("\(Self.family) --x 0:1:3 --y d=1:1.5:3 --quantity x", ["--x", "NAME=start:stop:count"]),
            ("\(Self.family) --x y=0:1:3 --quantity x", ["--y", "NAME=start:stop:count"]),
            ("\(Self.family) --x y=0:1:3 --y y=0:1:3 --quantity x", ["two parameters"]),
            ("\(Self.family) --x x=0:1:3 --y y=0:1:3 --quantity x", ["pool price"]),
            ("\(Self.family) --x lp=0:1:3 --y y=0:1:3 --quantity x", ["\"lp\""]),
            ("\(Self.family) --x rationalty=1:2:3 --y y=0:1:3 --quantity x", ["rationality"]),
            ("\(Self.family) \(axes) --d 1.3 --quantity x", ["--y d=", "keep one"]),
            ("\(Self.family) --x lag=0:1:3 --y d=1:1.5:3 --quantity x", ["reward"]),
            ("\(Self.family) \(axes) --quantity x --raw", ["--raw"]),
            ("\(Self.family) \(axes) --quantity x --boundaries c.csv", ["--boundaries"]),
            ("\(Self.family) \(axes) --quantity x --tolerance 1e-6", ["--via chebyshev"]),
            ("\(Self.family) \(axes) --quantity x --via chebyshev --tolerance 1e-14", ["1e-12"]),
            ("\(Self.family) \(axes) --quantity regime --via chebyshev", ["regime", "--via direct"]),
            ("\(Self.family) \(axes) --quantity x,share_lp --plot-script a.gp", ["one quantity"]),
            ("\(Self.family) --x y=1:1:1 --y d=1:1.5:3 --quantity x --plot-script a.gp", ["ends differ"]),
            ("phase --b 0.7 --d 1.3 --x 0:2:3 --y 0:1:3 --quantity x", ["--quantity", "--dynamics role"]),
            ("phase --b 0.7 --d 1.3 --x 0:2:3 --y 0:1:3 --lag 0", ["--lag", "--dynamics role"]),
            ("phase --b 0.7 --d 1.3 --x 0:2:3 --y 0:1:3 --protocol logit", ["--protocol", "--dynamics role"]),
            ("phase --b 0.7 --d 1.3 --x y=0:2:3 --y 0:1:3", ["--x", "--dynamics role"]),
            ("\(Self.family) --x y=0:1:1000000 --y d=1:1.5:1000000 --quantity x", ["1000000000000", "10000000000"]),
            ("\(Self.family) --x y=0:1:4000000000 --y d=1:1.5:4000000000 --quantity x", ["4000000000 × 4000000000"]),
            (
                "\(Self.family) --x y=0:1:1000000000 --y d=1:1.5:2 --quantity x --via chebyshev -o /dev/null",
                ["of memory", "--via direct"]
            ),
        ]
        for (line, fragments) in cases {
            let ended = try folder.pinfi(line)
            #expect(ended.status == 64, "\(line): \(ended.errors)")
            for fragment in fragments { #expect(ended.errors.contains(fragment), "\(line): \(ended.errors)") }
        }
        #expect(folder.names == [])
    }

    /// Rows are there long before the end, and an interrupted file leaves nothing.
    @Test func interrupted() throws {
        let folder = try TestFolder()
        let line = "\(Self.family) --x y=0.5:1.1:20000 --y d=1:1.6:20000 --quantity rest_price,critical_lag"
        let program = try folder.start(line.split(separator: " ").map(String.init))
        #expect(program.pump(seconds: 20) { program.output.count > 300_000 })
        program.send(SIGINT)
        #expect(program.finish().ending == .signal(SIGINT))
        let file = try folder.start((line + " -o out.csv").split(separator: " ").map(String.init))
        #expect(file.pump(seconds: 20) { folder.temporaries.count == 1 })
        file.send(SIGTERM)
        #expect(file.finish().ending == .signal(SIGTERM))
        #expect(folder.names == [])
    }

    @Test func figures() throws {
        let folder = try TestFolder()
        _ = try folder.pinfi(
            "\(Self.family) --x y=0.5:1.1:20 --y d=1:1.6:15 --quantity critical_lag --plot-script lag.gp -o a.csv")
        let lag = try folder.text("lag.gp")
        #expect(lag.contains("critical lag"))
        #expect(lag.contains("no critical lag"))
        #expect(lag.contains("reservation price"))
        _ = try folder.pinfi(
            "\(Self.family) --x y=0.5:1.1:20 --y d=0.9:1.6:15 --quantity regime --plot-script regimes.gp -o b.csv")
        let regimes = try folder.text("regimes.gp")
        for word in [
            "exodus", "lp-exodus", "scarcity", "seller-scarcity", "empty-band", "sharp model", "role dynamics",
        ] {
            #expect(regimes.contains(word), "\(word)")
        }
        let thinned = try folder.pinfi(
            "\(Self.family) --x y=0.5:1.1:1001 --y d=1:1.6:3 --quantity x --plot-script thin.gp -o /dev/null")
        #expect(thinned.errors.contains("The figure shows 334 × 3 of the 1001 × 3 cells."))
    }
}
