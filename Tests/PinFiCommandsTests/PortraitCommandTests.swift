// `pinfi portrait`.
import Foundation
import Testing

@Suite struct PortraitCommandTests {
    static let market = "--b 0.7 --d 1.3 --reward-ratio 0.79"
    static let plane = "--x x=0.9:1.6:8 --y seller=0:1:5"

    @Test func rowsAndColumns() throws {
        let folder = try TestFolder()
        let csv = try folder.data("portrait \(Self.market) --x x=1:1.5:3 --y seller=0:1:2").csv
        #expect(
            csv.header == [
                "cell", "x", "share_lp", "share_seller", "share_external", "d_x", "d_share_lp", "d_share_seller",
                "d_share_external", "speed", "status",
            ])
        // --x fastest.
        #expect(csv["x"] == ["1", "1.25", "1.5", "1", "1.25", "1.5"])
        #expect(csv["share_seller"] == ["0", "0", "0", "1", "1", "1"])
        #expect(csv["status"].allSatisfy { $0 == "ok" })
        // Without sellers all demand moves the price: dx/dt = x(κ_g F((d − x)/w) + κ_b F((b − x)/w)).
        func demand(_ x: Double) -> Double {
            0.5 / (1 + exp((x - 1.3) / 0.02)) + 0.5 / (1 + exp((x - 0.7) / 0.02))
        }
        for (row, x) in [1, 1.25, 1.5].enumerated() {
            #expect(isClose(csv.numbers("d_x")[row], x * demand(x), 1e-14))
        }
        for row in csv.rows.indices {
            let sum = ["d_share_lp", "d_share_seller", "d_share_external"].reduce(0) { $0 + csv.numbers($1)[row] }
            #expect(abs(sum) < 1e-14)
            #expect(
                isClose(
                    csv.numbers("speed")[row], hypot(csv.numbers("d_x")[row], csv.numbers("d_share_seller")[row]), 1e-14
                ))
        }
    }

    /// A logit market that is stable: all to its one rest point; the counts add up.
    @Test func basins() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi("portrait \(Self.market) \(Self.plane) --basins --until 100")
        #expect(ended.csv["attractor"] == [String](repeating: "rest-1", count: 40))
        #expect(ended.csv.numbers("settled_at").allSatisfy { $0 > 0 && $0 < 99 })
        #expect(ended.errors.contains("40 starts: 40 to rest-1, 0 not settled."))
        // Too short to settle.
        let short = try folder.pinfi("portrait \(Self.market) \(Self.plane) --basins --until 2")
        #expect(Set(short.csv["attractor"]) == ["none"])
        #expect(Set(short.csv["settled_at"]) == [""])
        #expect(short.errors.contains("40 starts: 40 not settled."))
        let lagged = try folder.pinfi(
            "portrait \(Self.market) \(Self.plane) --lag 0.5 --basins --until 300 --stop-when-settled")
        #expect(Set(lagged.csv["attractor"]) == ["cycle"])
        #expect(lagged.csv.header.contains("q"))
        let escaping = try folder.pinfi(
            "portrait \(Self.market) --kappa-g 0.1 --kappa-b 0.1 --rationality 0.1 --from lp=0.4,external=0.3 \(Self.plane) "
                + "--basins --until 400")
        #expect(Set(escaping.csv["attractor"]) == ["escape-to-zero"])
    }

    @Test func simplex() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi("portrait \(Self.market) --protocol replicator --simplex 10 --basins --until 2000")
        let csv = ended.csv
        #expect(csv.rows.count == 66 && csv["status"].allSatisfy { $0 == "ok" })
        for row in csv.rows.indices {
            let shares = ["share_lp", "share_seller", "share_external"].map { csv.numbers($0)[row] }
            #expect(abs(shares.reduce(0, +) - 1) < 1e-15)
            // What is no LP or no seller stays none, and neither comes to rest by then; all else goes to the Nash point.
            let isInside = shares[0] > 0 && shares[1] > 0
            #expect(csv["attractor"][row] == (isInside ? "rest-2" : "none"), "\(shares)")
            for (share, name) in zip(shares, ["d_share_lp", "d_share_seller", "d_share_external"]) where share == 0 {
                #expect(csv.numbers(name)[row] == 0)
            }
        }
    }

    /// Cells outside of the simplex, and prices that are none: a status and no values, counted; the others as they are.
    @Test func outsideOfTheDomain() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "portrait \(Self.market) --x lp=0:1:5 --y seller=0:1:5 --basins --until 100 --manifest m.json")
        let csv = ended.csv
        for row in csv.rows.indices {
            let isOutside = csv.numbers("share_lp")[row] + csv.numbers("share_seller")[row] > 1
            #expect((csv["status"][row] != "ok") == isOutside)
            for name in ["x", "d_x", "speed", "attractor", "settled_at", "share_external"] {
                #expect((csv[name][row] == "") == isOutside)
            }
        }
        #expect(csv["status"].contains("outside of the simplex: external is -0.25"))
        #expect(ended.errors.contains("10 of 25 cells"))
        #expect(ended.errors.contains("25 starts: 15 to rest-1"))
        let manifest = try #require(JSONText.value(of: Array(try folder.text("m.json").utf8)) as? [String: Any])
        #expect((manifest["comparable"] as? [String: Any])?["failed_cells"] as? Double == 10)
        let prices = try folder.pinfi("portrait \(Self.market) --x x=0:2:3 --y seller=0:1:2 --quiet").csv
        #expect(prices["status"].filter { $0 == "x is 0; allowed: a number greater than 0" }.count == 2)
        #expect(prices["status"].filter { $0 == "ok" }.count == 4)
    }

    /// A step limit is told in the status; the field is there all the same.
    @Test func stepLimit() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi("portrait \(Self.market) \(Self.plane) --basins --until 100 --max-steps 20")
        #expect(Set(ended.csv["status"]) == ["step-limit"])
        #expect(Set(ended.csv["attractor"]) == ["none"])
        #expect(ended.csv.numbers("speed").allSatisfy { $0 > 0 })
        #expect(ended.errors.contains("40 of 40 cells"))
    }

    @Test func oneCell() throws {
        let folder = try TestFolder()
        let line = "portrait \(Self.market) --x x=1.2:1.2:1 --y seller=0.5:0.5:1"
        let csv = try folder.pinfi(line + " --basins --until 50 --rest-points r.csv --quiet").csv
        #expect(csv.rows.count == 1 && csv["attractor"] == ["rest-1"])
        #expect(try folder.csv("r.csv")["type"] == ["stable-focus"])
        let all = try folder.pinfi(
            "portrait \(Self.market) --x x=0.9:1.5:7 --y seller=0:1:5 --basins --until 50 --quiet"
        ).csv
        let row = try #require(all.rows.first { $0[1] == "1.2" && $0[3] == "0.5" })
        #expect(Array(row.dropFirst()) == Array(csv.rows[0].dropFirst()))
        #expect(try folder.pinfi(line + " --nullclines n.csv").status == 64)
        #expect(try folder.pinfi(line + " --plot p.svg").status == 64)
    }

    @Test func tables() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "portrait \(Self.market) --protocol replicator \(Self.plane) --until 400 --nullclines n.csv --separatrices s.csv "
                + "--rest-points r.csv --trajectory x=1.4,lp=0.5,seller=0.2 --trajectory x=1,external=0.9 "
                + "--trajectories t.csv -o cells.csv")
        #expect(ended.status == 0)
        #expect(ended.output == "")
        let state = ["x", "share_lp", "share_seller", "share_external"]
        let rest = try folder.csv("r.csv")
        #expect(rest.header == ["rest_point"] + state + ["type", "stable", "nash", "off_plane"])
        #expect(rest["type"] == ["saddle", "stable-focus"])
        #expect(rest["stable"] == ["false", "true"])
        let manifolds = try folder.csv("s.csv")
        #expect(Set(manifolds["rest_point"]) == ["1"])
        #expect(Set(manifolds["manifold"]) == ["unstable"])
        #expect(ended.errors.contains("the stable manifold of rest point 1 has 2 dimensions"))
        // From the saddle to the Nash point.
        #expect(abs(manifolds.numbers("x")[0] - 1) < 1e-12)
        #expect(abs(try #require(manifolds.numbers("x").last) - 1.185244498) < 1e-6)
        let paths = try folder.csv("t.csv")
        #expect(Set(paths["trajectory"]) == ["1", "2"])
        #expect(paths.header == ["trajectory", "t"] + state)
        let first = try #require(paths["trajectory"].firstIndex(of: "2"))
        #expect(paths["t"][0] == "0")
        #expect(paths["t"][first] == "0")
        #expect(paths["t"].last == "400")
        // Of one share the others have the rest in equal parts, as with 'pinfi simulate'.
        #expect(abs(paths.numbers("share_lp")[first] - 0.05) < 1e-15)
        let curves = try folder.csv("n.csv")
        #expect(curves.header == ["nullcline", "curve", "face"] + state)
        #expect(Set(curves["nullcline"]) == ["x", "seller"])
        for row in curves.rows.indices where curves["nullcline"][row] == "x" {
            let x = curves.numbers("x")[row]
            let demand = 0.5 / (1 + exp((x - 1.3) / 0.02)) + 0.5 / (1 + exp((x - 0.7) / 0.02))
            #expect(abs(curves.numbers("share_seller")[row] - demand) < 1e-14)
        }
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let folder = try TestFolder()
        let line =
            "portrait \(Self.market) --x x=0.5:2:60 --y seller=0:1:40 --lag 0.3 --basins --until 20 --nullclines n.csv --quiet"
        var seen: Set<[UInt8]> = []
        var curves: Set<String> = []
        for threads in ["1", "2", "3"] {
            seen.insert(try folder.data(line + " --threads \(threads)").bytes)
            curves.insert(try folder.text("n.csv"))
        }
        #expect(seen.count == 1)
        #expect(curves.count == 1)
    }

    /// With --period 3 all times are three times those in periods, and derivatives a third.
    @Test func period() throws {
        let folder = try TestFolder()
        let line = "portrait \(Self.market) \(Self.plane) --basins --quiet"
        let plain = try folder.pinfi(line + " --until 40").csv
        let scaled = try folder.pinfi(line + " --until 120 --period 3").csv
        for (a, b) in zip(plain.numbers("settled_at"), scaled.numbers("settled_at")) {
            #expect(isClose(3 * a, b, 1e-14))
        }
        for (a, b) in zip(plain.numbers("d_x"), scaled.numbers("d_x")) { #expect(isClose(a, 3 * b, 1e-14)) }
    }

    @Test func columnsAndJSON() throws {
        let folder = try TestFolder()
        let line = "portrait \(Self.market) \(Self.plane)"
        #expect(try folder.data(line + " --columns d_x,cell").csv.header == ["d_x", "cell"])
        let object = try folder.data(line + " --format json").object()
        #expect((object["data"] as? [[Any]])?.count == 40)
        #expect(try folder.pinfi(line + " --columns attractor").status == 64)
    }

    @Test(arguments: ["x=0.9:1.6:8 --y seller=0:1:5", "z=-0.5:0.5:8 --y q=-0.5:0.5:8", "lp=0:1:6 --y external=0:1:6"])
    func figure(_ axes: String) throws {
        let folder = try TestFolder()
        let line = "portrait \(Self.market) --lag 0.3 --x \(axes) --basins --until 50 --plot-script p.gp -o p.csv"
        #expect(try folder.pinfi(line).status == 0)
        let script = try folder.text("p.gp")
        #expect(script.contains("to a cycle"))
        #expect(script.contains("/d{/:Italic t} = 0"))
    }

    @Test func figureOfTheSimplex() throws {
        let folder = try TestFolder()
        let line =
            "portrait \(Self.market) --protocol replicator --simplex 12 --basins --until 600 --plot p.svg --quiet"
        #expect(try folder.pinfi(line).status == 0)
        let picture = try folder.text("p.svg")
        for words in ["all provide liquidity", "stable rest point", "unstable manifold", "not settled"] {
            #expect(picture.contains(words))
        }
    }

    /// The form for tokens, the best response, and what is held.
    @Test func held() throws {
        let folder = try TestFolder()
        let raw = try folder.data(
            "portrait --beta 1.4 --p 0.5 --theta 1.2 --delta 2.6 --gamma 1.58 --x lp=0:0.5:3 --y seller=0:0.5:3 --from alpha=2.4 "
                + "--protocol best-response"
        ).csv
        #expect(raw.numbers("x").allSatisfy { isClose($0, 1.2, 1e-15) })
        let share = try folder.data("portrait \(Self.market) --x x=1:1.2:2 --y seller=0:0.5:2 --from external=0.25").csv
        #expect(share["share_external"] == ["0.25", "0.25", "0.25", "0.25"])
        #expect(share["share_lp"][0] == "0.75")
        let both = try folder.data(
            "portrait \(Self.market) --x x=1:1.2:2 --y seller=0:0.5:2 --from external=0.2,lp=0.6"
        ).csv
        #expect(isClose(both.numbers("share_lp")[0], 0.75, 1e-15))
        #expect(isClose(both.numbers("share_lp")[3], 0.375, 1e-15))
        // Of the rest point: ℓ : e is P_ℓ : P_e, e^{λ(y − b)} : 1.
        let rest = try folder.data("portrait \(Self.market) --x x=1:1.2:2 --y seller=0:0.5:2").csv
        #expect(isClose(rest.numbers("share_lp")[0] / rest.numbers("share_external")[0], exp(50 * (0.79 - 0.7)), 1e-12))
    }

    @Test func refuses() throws {
        let folder = try TestFolder()
        let cases: [(line: String, fragments: [String])] = [
            ("", ["--x NAME=", "--simplex"]),
            ("--x x=1:2:2", ["second axis", "--y NAME="]),
            ("--x x=1:2:2 --y 0.8", ["NAME=start:stop:count", "--reward-ratio"]),
            ("--x x=1:2:2 --y seller=0:1:2 --simplex 5", ["--simplex"]),
            ("--x x=1:2:2 --y z=0:1:2", ["one quantity"]),
            ("--x lp=0:1:2 --y lp=0:1:2", ["one quantity"]),
            ("--x x=1:2:2 --y q=0:1:2", ["lag"]),
            ("--x price=1:2:2 --y lp=0:1:2", ["price", "seller"]),
            ("--x sellr=0:1:2 --y lp=0:1:2", ["did you mean seller"]),
            ("--x x --y lp=0:1:2", ["NAME=start:stop:count"]),
            ("--x x=2:1:2 --y lp=0:1:2", ["reversed"]),
            ("--x x=-1:1:2 --y lp=0:1:2", ["at least 0"]),
            ("--x x=1:2:2 --y lp=0:1:2 --from x=1", ["--from x"]),
            ("--x x=1:2:2 --y lp=0:1:2 --from lp=0.5", ["--from lp"]),
            ("--x seller=0:1:2 --y lp=0:1:2 --from external=0.5", ["--from external"]),
            ("--simplex 0", ["from 1"]),
            ("--simplex 5 --basins", ["--until"]),
            ("--simplex 5 --separatrices s.csv", ["--until"]),
            ("--simplex 5 --until 5 --stop-when-settled", ["--basins"]),
            ("--simplex 5 --trajectory x=1", ["--until"]),
            ("--simplex 5 --until 5 --trajectories t.csv", ["--trajectory"]),
            ("--x x=1:2:2 --y lp=0:1:2 --until 5 --trajectory lp=0.5", ["no price"]),
            ("--simplex 5 --basins --until 5 --protocol best-response", ["best-response"]),
            ("--simplex 5 --nullclines n.csv --curve-tolerance 0", ["1e-12"]),
            ("--simplex 5 --nullclines n.csv --rest-points n.csv", ["--nullclines", "--rest-points"]),
            ("--x z=-1e308:1e308:3 --y lp=0:1:2 --nullclines n.csv", ["ranges whose ends differ"]),
            ("--x x=1:2:100000 --y lp=0:1:1000000", ["100000000000", "at most 10000000000"]),
            ("--x x=1:2:4000000000 --y lp=0:1:4000000000", ["4000000000 × 4000000000"]),
        ]
        for (rest, fragments) in cases {
            let ended = try folder.pinfi("portrait \(Self.market) \(rest)")
            #expect(ended.status == 64, "\(rest): \(ended.errors)")
            for fragment in fragments { #expect(ended.errors.contains(fragment), "\(rest): \(ended.errors)") }
        }
        #expect(folder.names == [])
        let none = try folder.pinfi(
            "portrait \(Self.market) --kappa-g 0.1 --kappa-b 0.1 --rationality 0.1 --simplex 5")
        #expect(none.status == 64)
        #expect(none.errors.contains("no rest point"))
        #expect(try folder.pinfi("portrait --b 0.7 --d 1.3 --simplex 5").errors.contains("--reward-ratio"))
    }

    /// An interrupted run leaves none of its files.
    @Test func interrupted() throws {
        let folder = try TestFolder()
        let line =
            "portrait \(Self.market) --x x=0.3:2.5:3000 --y seller=0:1:1000 --basins --until 50 -o out.csv --nullclines n.csv"
        let run = try folder.start(line.split(separator: " ").map(String.init))
        #expect(run.pump(seconds: 20) { folder.temporaries.count == 2 })
        run.send(SIGTERM)
        #expect(run.finish().ending == .signal(SIGTERM))
        #expect(folder.names == [])
    }
}
