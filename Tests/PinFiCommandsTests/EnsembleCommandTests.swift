// `pinfi ensemble`.
import Foundation
import Testing

@Suite struct EnsembleCommandTests {
    static let market = "--b 0.7 --d 1.3"

    @Test func rowsAndColumns() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "ensemble \(Self.market) --x0 1:1.5:2 --vary y=0.79:1:2 --vary lag=0:0.1:2 --from lp=0.5,seller=0.1 --until 40"
        )
        #expect(ended.status == 0)
        let csv = ended.csv
        #expect(
            csv.header == [
                "cell", "x0", "y", "lag", "t", "x", "alpha", "share_lp", "share_seller", "share_external", "attractor",
                "settled_at", "cycle_period", "steps", "status",
            ])
        // The start fastest, then the varied in order.
        #expect(csv["cell"] == (1...8).map(String.init))
        #expect(csv["x0"] == ["1", "1.5", "1", "1.5", "1", "1.5", "1", "1.5"])
        #expect(csv["y"] == ["0.79", "0.79", "1", "1", "0.79", "0.79", "1", "1"])
        #expect(csv["lag"] == ["0", "0", "0", "0", "0.1", "0.1", "0.1", "0.1"])
        #expect(csv["status"].allSatisfy { $0 == "ok" })
        #expect(csv["attractor"].allSatisfy { $0 == "rest-1" })
        // The rest points of the model's table, to the radius.
        for (y, x) in zip(csv["y"], csv.numbers("x")) {
            #expect(abs(log(x / (y == "1" ? 1.39810675837 : 1.18543748559))) < 1e-6)
        }
        #expect(csv.numbers("settled_at").allSatisfy { $0 > 1 && $0 < 39 })
        #expect(ended.errors.contains("8 trajectories: 8 settled at a rest point"))
    }

    /// A cell alone is its row of the grid; so is one beside cells that fail.
    @Test func cellsAreIndependent() throws {
        let folder = try TestFolder()
        let all = try folder.pinfi("ensemble \(Self.market) --x0 0:2:9 --vary y=0.5:1.1:3 --until 20 --quiet").csv
        let one = try folder.pinfi("ensemble \(Self.market) --x0 0.75:0.75:1 --vary y=0.8:0.8:1 --until 20 --quiet").csv
        let row = try #require(all.rows.first { $0[1] == "0.75" && $0[2] == "0.8" })
        #expect(Array(one.rows[0].dropFirst()) == Array(row.dropFirst()))
        #expect(all["status"].filter { $0.hasPrefix("x0 (") && $0.contains(" is 0") }.count == 3)
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let folder = try TestFolder()
        // More than one chunk of rows, logit with and without lag beside each other.
        let line = "ensemble \(Self.market) --x0 0.3:2.5:60 --vary y=0.5:1.1:20 --vary lag=0:0.1:2 --until 5 --quiet"
        let one = try folder.data(line + " --threads 1")
        for threads in ["2", "3"] { #expect(try folder.data(line + " --threads \(threads)").bytes == one.bytes) }
        #expect(one.csv.rows.count == 2400)
    }

    @Test func cycles() throws {
        let folder = try TestFolder()
        let csv = try folder.pinfi(
            "ensemble \(Self.market) --y 0.79 --x0 1:1.3:2 --vary lag=0.1:0.5:2 --until 300 --stop-when-settled"
        ).csv
        #expect(csv["attractor"] == ["rest-1", "rest-1", "cycle", "cycle"])
        // As in the model, to its digits.
        #expect(csv.numbers("cycle_period").suffix(2).allSatisfy { abs($0 - 2.58566) < 1.5e-5 })
        #expect(csv.numbers("t").allSatisfy { $0 < 300 })
    }

    /// Of one start `portrait --basins` and `ensemble` tell one attractor and one time, whatever it is.
    @Test(arguments: [
        ("--reward-ratio 0.79", "rest-1"), ("--reward-ratio 0.79 --lag 0.5", "cycle"),
        ("--reward-ratio 0.7 --protocol smith --demand-width 0.3", "rest-segment"),
        ("--reward-ratio 0.79 --kappa-g 0.1 --kappa-b 0.1 --rationality 0.1", "escape-to-zero"),
        ("--reward-ratio 0.79 --protocol smith --kappa-g 0.9 --demand-width 0.05 --lag 1.5", "rest-1"),
    ])
    func attractorsAreThoseOfPortraits(_ game: String, _ attractor: String) throws {
        let folder = try TestFolder()
        let line = "\(Self.market) \(game) --until 2000 --quiet --columns "
        let portrait = try folder.pinfi(
            "portrait \(line)x,share_lp,share_seller,share_external,attractor,settled_at --x x=0.9:1.4:2 "
                + "--y seller=0.2:0.6:2 --from lp=0.3,external=0.1 --basins"
        ).csv
        #expect(portrait["attractor"] == [attractor, attractor, attractor, attractor])
        for row in portrait.rows.indices {
            let x = portrait["x"][row]
            let shares = zip(["lp", "seller", "external"], ["share_lp", "share_seller", "share_external"])
                .map { "\($0)=\(portrait[$1][row])" }.joined(separator: ",")
            let alone = try folder.pinfi(
                "ensemble \(line)attractor,settled_at --x0 \(x):\(x):1 --from \(shares)"
            ).csv
            #expect(alone["attractor"] == [attractor])
            #expect(alone["settled_at"] == [portrait["settled_at"][row]])
        }
    }

    /// Too short to settle: none, and no time.
    @Test func notSettled() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi("ensemble \(Self.market) --y 0.79 --x0 1:2:3 --until 2")
        #expect(ended.csv["attractor"] == ["none", "none", "none"])
        #expect(ended.csv["settled_at"] == ["", "", ""])
        #expect(ended.errors.contains("3 not settled"))
    }

    /// The unit of time: with --period 3 all times are three times those in periods, and rows else the same.
    @Test func period() throws {
        let folder = try TestFolder()
        let line = "ensemble \(Self.market) --y 0.79 --x0 1:2:3 --quiet"
        let plain = try folder.pinfi(line + " --until 40").csv
        let scaled = try folder.pinfi(line + " --until 120 --period 3").csv
        for (a, b) in zip(plain.numbers("settled_at"), scaled.numbers("settled_at")) {
            #expect(isClose(3 * a, b, 1e-15))
        }
        #expect(scaled["t"] == ["120", "120", "120"])
        #expect(plain["x"] == scaled["x"])
    }

    /// In tokens: the ratio form times c, with the same shares.
    @Test func rawForm() throws {
        let folder = try TestFolder()
        let ratio = try folder.pinfi("ensemble \(Self.market) --vary y=0.7:0.9:3 --from x=1.2 --until 3 --quiet").csv
        let raw = try folder.pinfi(
            "ensemble --beta 1.4 --p 0.5 --theta 1.2 --delta 2.6 --vary gamma=1.4:1.8:3 --from alpha=2.4 --until 3 --quiet"
        ).csv
        for (a, b) in zip(ratio.numbers("share_lp"), raw.numbers("share_lp")) { #expect(abs(a - b) < 1e-9) }
        for (a, b) in zip(ratio.numbers("alpha"), raw.numbers("alpha")) { #expect(abs(2 * a - b) < 1e-9) }
    }

    @Test func shares() throws {
        let folder = try TestFolder()
        let csv = try folder.pinfi(
            "ensemble \(Self.market) --y 0.79 --from x=1.2 --vary lp=0:1:3 --vary seller=0:1:3 --until 0 --quiet"
        ).csv
        #expect(csv["lp0"] == ["0", "0.5", "1", "0", "0.5", "1", "0", "0.5", "1"])
        #expect(csv["share_lp"] == ["0", "0.5", "1", "0", "0.5", "", "0", "", ""])
        #expect(csv["share_external"] == ["1", "0.5", "0", "0.5", "0", "", "0", "", ""])
        #expect(csv["x"] == ["1.2", "1.2", "1.2", "1.2", "1.2", "", "1.2", "", ""])
        #expect(csv["status"].filter { $0.hasPrefix("seller ") }.count == 3)
    }

    @Test(arguments: ["replicator", "smith", "bnn"], ["dop853", "rodas5p"])
    func otherProtocols(_ name: String, _ method: String) throws {
        let folder = try TestFolder()
        let csv = try folder.pinfi(
            "ensemble \(Self.market) --y 0.79 --from x=1.25 --protocol \(name) --method \(method) --until 9000 "
                + "--settle-radius 1e-3 --stop-when-settled --quiet"
        ).csv
        #expect(try csv.cell("attractor").hasPrefix("rest-"))
        #expect(abs(try csv.number("x") - 1.185244498) < 2e-3)
    }

    /// A step limit and a range out of the domain: told, counted, the others as they are.
    @Test func failures() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "ensemble --d 1.3 --y 0.79 --from x=1.2 --vary b=0.6:1.1:6 --until 20 --max-steps 60 --manifest m.json")
        #expect(ended.status == 0)
        let status = ended.csv["status"]
        #expect(
            status[5] == "b (external price over seller's cost) is 1.1; allowed: a number greater than 0 and at most 1")
        #expect(status.contains("step-limit"))
        let failed = status.filter { $0 != "ok" }.count
        #expect(ended.errors.contains("\(failed) of 6 trajectories failed"))
        let manifest = try #require(JSONText.value(of: Array(try folder.text("m.json").utf8)) as? [String: Any])
        let comparable = try #require(manifest["comparable"] as? [String: Any])
        #expect(comparable["failed_cells"] as? Double == Double(failed))
    }

    @Test func columnsAndJSON() throws {
        let folder = try TestFolder()
        let line = "ensemble \(Self.market) --y 0.79 --x0 1:2:2 --until 1 --quiet"
        #expect(try folder.data(line + " --columns x0,steps,cell").csv.header == ["x0", "steps", "cell"])
        let object = try folder.data(line + " --format json").object()
        #expect((object["data"] as? [[Any]])?.count == 2)
        #expect(try folder.pinfi(line + " --columns nope").status == 64)
    }

    @Test func figure() throws {
        let folder = try TestFolder()
        let line = "ensemble \(Self.market) --x0 0.5:2:4 --vary y=0.5:1.1:5 --until 20 --plot-script e.gp -o e.csv"
        #expect(try folder.pinfi(line).status == 0)
        let script = try folder.text("e.gp")
        #expect(script.contains("not settled"))
        #expect(script.contains("settled at a rest point"))
    }

    @Test func refuses() throws {
        let folder = try TestFolder()
        let line = "ensemble \(Self.market)"
        let cases: [(line: String, fragments: [String])] = [
            (" --y 1 --x0 1:2:2", ["--until"]),
            (" --y 1 --until 1", ["--x0", "--from x="]),
            (" --y 1 --x0 1:2:2 --from x=1 --until 1", ["--x0", "--from x"]),
            (" --x0 1:2:2 --until 1", ["--gamma", "--y"]),
            (" --y 1 --x0 1:2:2 --vary y=0:1:2 --until 1", ["--vary y=", "keep one"]),
            (" --y 1 --x0 1:2:2 --lag 1 --vary lag=0:1:2 --until 1", ["--vary lag=", "keep one"]),
            (" --y 1 --x0 1:2:2 --vary lag=0:1:2 --vary lag=0:1:2 --until 1", ["lag twice"]),
            (" --y 1 --x0 1:2:2 --vary ration=0:1:2 --until 1", ["'ration=0:1:2'", "rationality"]),
            (" --y 1 --x0 1:2:2 --vary x=0:1:2 --until 1", ["--x0 0:1:2"]),
            (" --y 1 --x0 1:2:2 --vary lag --until 1", ["NAME=start:stop:count"]),
            (" --y 1 --x0 1:2:2 --vary lag=1:0:2 --until 1", ["reversed"]),
            (" --y 1 --x0 1:2:0 --until 1", ["at least 1"]),
            (" --x0 1:2:2 --vary gamma=0:1:2 --until 1", ["ratio form"]),
            (" --y 1 --x0 1:2:2 --until -1", ["-1", "at least 0"]),
            (" --y 1 --x0 1:2:2 --until 1 --rtol 0", ["1e-15"]),
            (" --y 1 --x0 1:2:2 --until 1 --atol 0", ["greater than 0"]),
            (" --y 1 --x0 1:2:2 --until 1 --settle-radius 0", ["greater than 0"]),
            (" --y 1 --x0 1:2:2 --until 1 --max-steps 0", ["from 1"]),
            (" --y 1 --x0 1:2:2 --until 1 --method rk8pd", ["dop853", "rodas5p"]),
            (" --y 1 --x0 1:2:2 --until 1 --protocol best-response", ["best-response", "pinfi simulate"]),
            (" --x0 1:2:100000 --vary y=0:1:1000000 --until 1", ["100000000000", "at most 10000000000"]),
            (
                " --x0 1:2:4000000000 --vary y=0:1:4000000000 --vary lag=0:1:4000000000 --until 1",
                ["4000000000 × 4000000000 × 4000000000"]
            ),
        ]
        for (rest, fragments) in cases {
            let ended = try folder.pinfi(line + rest)
            #expect(ended.status == 64, "\(rest): \(ended.errors)")
            for fragment in fragments { #expect(ended.errors.contains(fragment), "\(rest): \(ended.errors)") }
        }
    }

    /// A long ensemble is streamed: rows are there long before the end, and an interrupted file leaves nothing.
    @Test func interrupted() throws {
        let folder = try TestFolder()
        let line = "ensemble \(Self.market) --x0 0.3:2.5:3000 --vary y=0.5:1.1:1000 --until 20"
        let program = try folder.start(line.split(separator: " ").map(String.init))
        #expect(program.pump(seconds: 20) { program.output.count > 300_000 })
        program.send(SIGINT)
        let run = program.finish()
        #expect(run.ending == .signal(SIGINT))
        #expect(run.output.hasPrefix("cell,x0,y,t,"))
        let file = try folder.start((line + " -o out.csv").split(separator: " ").map(String.init))
        #expect(file.pump(seconds: 20) { folder.temporaries.count == 1 })
        file.send(SIGTERM)
        #expect(file.finish().ending == .signal(SIGTERM))
        #expect(folder.names == [])
    }
}
