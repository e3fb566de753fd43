// pinfi phase: the grid.
import Foundation
import Testing

@Suite struct PhaseCommandTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    @Test func theExactDiagram() throws {
        // b = 0.5, c = 1, d = 2 at S(0) = −pθ = −0.5 and S(1) = β: all of it is exact in doubles.
        let expected = """
            alpha_ratio,gamma_ratio,region,role,genuine_buyers,payoff_lp,payoff_seller,payoff_external,regret_lp,\
            regret_seller,regret_external,binding,margin
            0,0,aB,speculating-buyer,true,0,-0.5,0.5,0.5,1,0,gamma<beta,-0.5
            1,0,aC,lp,true,0,0.5,0.5,0.5,0,0,gamma<beta,-0.5
            0,0.5,aA,lp,true,0.5,-0.5,0.5,0,1,0,gamma>=beta,0
            1,0.5,aA,lp,true,0.5,0.5,0.5,0,0,0,gamma>=beta,0
            0,1,aA,lp,true,1,-0.5,0.5,0,1.5,0.5,gamma>=beta,0.5
            1,1,aA,lp,true,1,0.5,0.5,0,0.5,0.5,gamma>=beta,0.5

            """
        #expect(try folder.data("phase --b 0.5 --d 2 --x 0:1:2 --y 0:1:3").output == expected)
    }

    /// A diagram of which every cell is checked against the plain model.
    struct Diagram: CustomTestStringConvertible {
        let name: String
        let model: PlainModel
        var isRaw = false
        var x = "0:2:41"
        var y = "0:1.5:31"
        var testDescription: String { name }
        var options: String {
            "--beta \(model.beta) --p \(model.p) --theta \(model.theta) --delta \(model.delta) --fee \(model.fee)"
                + (isRaw ? " --raw" : "")
        }
    }
    static let diagrams = [
        Diagram(name: "panel a", model: .ratios(b: 0.7, d: 0.7)),
        Diagram(name: "panel b", model: .ratios(b: 0.7, d: 1)),
        Diagram(name: "panel c", model: .ratios(b: 0.7, d: 1.3333333333333333)),
        Diagram(name: "panel d", model: .ratios(b: 0.7, d: 1.32)),
        Diagram(name: "panel e", model: .ratios(b: 0.7, d: 1.3)),
        Diagram(name: "buyers below everything", model: .ratios(b: 0.7, d: 0.4)),
        Diagram(name: "without collateral", model: .ratios(b: 1, d: 1.5)),
        Diagram(
            name: "with a fee, raw", model: PlainModel(beta: 0.7, p: 0.2, theta: 1.5, delta: 1.6, fee: 0.05),
            isRaw: true),
        Diagram(name: "c = 250", model: PlainModel(beta: 200, p: 0.5, theta: 100, delta: 400, fee: 0.01)),
        Diagram(
            name: "c = 250, raw", model: PlainModel(beta: 200, p: 0.5, theta: 100, delta: 400, fee: 0.01), isRaw: true,
            x: "0:600:41", y: "50:400:31"),
    ]

    @Test(arguments: diagrams)
    func everyCellIsThatOfTheModel(_ diagram: Diagram) throws {
        let csv = try folder.data("phase \(diagram.options) --x \(diagram.x) --y \(diagram.y)").csv
        let model = diagram.model
        let names = diagram.isRaw ? ["alpha", "gamma"] : ["alpha_ratio", "gamma_ratio"]
        #expect(
            csv.header == names + [
                "region", "role", "genuine_buyers", "payoff_lp", "payoff_seller", "payoff_external", "regret_lp",
                "regret_seller", "regret_external", "binding", "margin",
            ])
        try #require(csv.rows.count == 41 * 31)
        let (xs, ys) = (csv.numbers(names[0]), csv.numbers(names[1]))
        // x varies fastest, both ends included.
        let xEnds = diagram.x.split(separator: ":").compactMap { Double($0) }
        let yEnds = diagram.y.split(separator: ":").compactMap { Double($0) }
        #expect(xs[0] == xEnds[0])
        #expect(xs[40] == xEnds[1])
        #expect(xs[41] == xEnds[0])
        #expect(Array(xs[..<41]) == Array(xs[41..<82]))
        #expect(ys[0] == yEnds[0])
        #expect(ys[40] == yEnds[0])
        #expect(ys.last == yEnds[1])
        for i in 1..<41 { #expect(xs[i] > xs[i - 1]) }

        let unit = diagram.isRaw ? 1 : model.c
        var wrong: [String] = []
        var ties = 0
        for (row, (x, y)) in zip(csv.rows, zip(xs, ys)) {
            let (alpha, gamma) = (x * unit, y * unit)
            let payoffs = [gamma, model.sellerPayoff(alpha), model.beta]
            let best = payoffs.max() ?? 0
            if model.isOnBoundary(alpha, gamma) {
                ties += 1
            } else {
                let labels = [
                    model.region(alpha, gamma), model.role(alpha, gamma), "\(model.hasGenuineBuyers(alpha))",
                ]
                if Array(row[2...4]) != labels || row[11] != model.binding(alpha, gamma) { wrong.append("\(row)") }
            }
            let margin = alpha <= model.alphaS ? gamma - model.beta : gamma - model.sellerPayoff(alpha)
            let numbers = payoffs + payoffs.map { best - $0 } + [margin]
            // The plain logarithmic mean is good to 1e−13 of c where it is a quotient.
            for (cell, value) in zip(row[5...10] + [row[12]], numbers)
            where abs((Double(cell) ?? .nan) - value) > 2e-12 * model.c || Double(cell) == nil {
                wrong.append("\(row): \(value)")
            }
        }
        #expect(wrong == [])
        #expect(ties < 41 * 31 / 4, "most cells are checked")
    }

    @Test func tiesGoToLiquidityProvisionAndToNoTrade() throws {
        // Doubles that are exact: β = 0.5, c = 1, δ = 2.
        let csv = try folder.data("phase --b 0.5 --d 2 --x 0:2:9 --y 0:1:3 --columns alpha_ratio,gamma_ratio,region")
            .csv
        func region(_ x: String, _ y: String) -> String? {
            csv.rows.first { $0[0] == x && $0[1] == y }?[2]
        }
        #expect(region("0.5", "0") == "aC", "α = α_b: nobody speculates")
        #expect(region("0.25", "0.5") == "aA", "γ = β: LPs")
        #expect(region("0.25", "0") == "aB")
        #expect(region("1", "0") == "aC", "α = α_s: nobody sells")
        #expect(region("1", "0.5") == "aA")
        #expect(region("2", "0") == "aE", "α = α_g: no genuine buyers")
        #expect(region("1.75", "0") == "aD")
        // γ = S(α_g), exactly, from the program's own γ_max.
        let top = try folder.data("bounds --b 0.5 --d 2").csv.cell("gamma_max")
        let tie = try folder.data("phase --b 0.5 --d 2 --x 2:2:1 --y \(top):\(top):1").csv
        #expect(try tie.cell("region") == "aF")
        #expect(try tie.number("margin") == 0)
        #expect(try tie.cell("binding") == "gamma>=S")
        // d = c: at the corner α = α_s = α_g LPs alone.
        #expect(try folder.data("phase --b 0.5 --d 1 --x 1:1:1 --y 0.5:0.5:1").csv.cell("region") == "lp-idle")
    }

    @Test func theEdgeAtZero() throws {
        let csv = try folder.data("phase --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --x 0:0:1 --y 0:2:5").csv
        #expect(csv["payoff_seller"].map { Double($0) } == Array(repeating: -0.30000000000000004, count: 5), "−pθ")
        #expect(csv["region"] == ["aB", "aB", "aA", "aA", "aA"])
        let plain = try folder.data("phase --beta 1 --delta 2 --x 0:0:1 --y 0:0:1").csv
        #expect(try plain.cell("payoff_seller") == "0", "not -0")
    }

    @Test func gridValuesAreDecimals() throws {
        let csv = try folder.data("phase --b 0.7 --d 1.3 --x 0:1:11 --y 0:0:1 --columns alpha_ratio").output
        #expect(csv == "alpha_ratio\n0\n0.1\n0.2\n0.3\n0.4\n0.5\n0.6\n0.7\n0.8\n0.9\n1\n")
        let one = try folder.data(
            "phase --b 0.7 --d 1.3 --x 0.3:0.3:1 --y 1e-3:1e-3:1 --columns alpha_ratio,gamma_ratio"
        ).output
        #expect(one == "alpha_ratio,gamma_ratio\n0.3,0.001\n")
    }

    @Test func columnsAreSelectedAndOrdered() throws {
        let grid = "phase --beta 200 --p 0.5 --theta 100 --delta 400 --x 0:2:5 --y 0:1.5:4"
        let all = try folder.data(grid).csv
        let some = try folder.data(grid + " --columns margin,region,alpha_ratio").csv
        #expect(some.header == ["margin", "region", "alpha_ratio"])
        #expect(some["margin"] == all["margin"])
        #expect(some["region"] == all["region"])
        #expect(some["alpha_ratio"] == all["alpha_ratio"])
        #expect(some.rows.count == 20)
        for name in all.header {
            let one = try folder.data(grid + " --columns " + name).csv
            #expect(one.header == [name], "\(name)")
            #expect(one[name] == all[name], "\(name)")
        }
        let json = try folder.data(grid + " --columns binding,gamma_ratio --format json").object()
        #expect(json["columns"] as? [String] == ["binding", "gamma_ratio"])
        #expect((json["data"] as? [[Any]])?.count == 20)
        // The other coordinates can be asked for.
        let both = try folder.data(grid + " --columns alpha,alpha_ratio,gamma,gamma_ratio").csv
        for row in both.rows.map({ $0.compactMap { Double($0) } }) {
            #expect(row[0] == 250 * row[1])
            #expect(row[2] == 250 * row[3])
        }
    }

    @Test func payoffsAreInTokensWhicheverTheCoordinates() throws {
        let market = "--beta 200 --p 0.5 --theta 100 --delta 400"
        let ratio = try folder.data("phase \(market) --x 0:2:5 --y 0:1.5:4").csv
        let raw = try folder.data("phase \(market) --x 0:500:5 --y 0:375:4 --raw").csv
        #expect(raw.header[..<2] == ["alpha", "gamma"])
        #expect(raw.header[2...] == ratio.header[2...])
        for name in raw.header[2...] { #expect(raw[name] == ratio[name], "\(name)") }
    }

    @Test func jsonIsATableWithTypes() throws {
        let json = try folder.data("phase --b 0.7 --d 1.3 --x 0:2:3 --y 0:1:2 --format json").object()
        #expect(Set(json.keys) == ["columns", "data"])
        let columns = try #require(json["columns"] as? [String])
        let rows = try #require(json["data"] as? [[Any]])
        let csv = try folder.data("phase --b 0.7 --d 1.3 --x 0:2:3 --y 0:1:2").csv
        #expect(columns == csv.header)
        #expect(rows.count == 6)
        for (row, cells) in zip(rows, csv.rows) {
            for (name, (value, cell)) in zip(columns, zip(row, cells)) {
                switch name {
                case "region", "role", "binding": #expect(value as? String == cell)
                case "genuine_buyers":
                    #expect(!(value is String), "a truth value, as `explain` writes it, is no string")
                    #expect((value as? Bool).map { "\($0)" } == cell)
                default: #expect(value as? Double == Double(cell), "\(name)")
                }
            }
        }
    }

    @Test func tableFitsEightyColumns() throws {
        let text = try folder.data("phase --b 0.7 --d 1.3 --x 0:2:11 --y 0:1:4 --format table").output
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        for name in ["alpha_ratio", "region", "regret_external", "margin"] { #expect(text.contains(name)) }
    }

    @Test func theBytesAreTheSameAtAnyNumberOfThreads() throws {
        let grid = "phase --b 0.7 --d 1.3 --x 0:2:301 --y 0:1.5:201"
        let one = try folder.data(grid + " --threads 1").bytes
        #expect(one.count > 1_000_000)
        for threads in [2, 3, 8] {
            #expect(try folder.data(grid + " --threads \(threads)").bytes == one, "\(threads) threads")
        }
        #expect(try folder.data(grid).bytes == one, "all cores")
        let json = try folder.data(grid + " --format json --threads 1").bytes
        #expect(try folder.data(grid + " --format json --threads 5").bytes == json)
        #expect(try folder.data(grid + " --seed 0").bytes == one)
    }

    @Test func agreementOfTheTwoRoutes() throws {
        let plain = try folder.data("phase --b 0.7 --d 1.3 --x 0:2:41 --y 0:1.5:31").csv
        let run = try folder.pinfi("phase --b 0.7 --d 1.3 --x 0:2:41 --y 0:1.5:31 --agreement")
        #expect(run.status == 0)
        let csv = run.csv
        #expect(csv.header == plain.header + ["region_by_payoff", "agrees", "near_boundary"])
        for name in plain.header { #expect(csv[name] == plain[name], "\(name)") }
        for row in csv.rows {
            #expect((row[2] == row[13]) == (row[14] == "true"))
            #expect(row[14] == "true" || row[15] == "true", "away from boundaries the routes agree: \(row)")
        }
        #expect(run.errors.contains("1271 cells"), "\(run.errors)")
        #expect(run.errors.contains("0 differ"), "\(run.errors)")
        #expect(try folder.pinfi("phase --b 0.7 --d 1.3 --x 0:2:5 --y 0:1:5 --agreement --quiet").errors == "")
        #expect(
            try folder.pinfi("phase --b 0.7 --d 1.3 --x 0:2:3 --y 0:1:2 --agreement --columns agrees --quiet").output
                == "agrees\n" + String(repeating: "true\n", count: 6))
    }

    /// A diagram that cannot be.
    @Test(arguments: [
        ("--x 0:1:1000000 --y 0:1:1000000 -o out.csv", "1000000000000"),
        ("--x 0:1:100001 --y 0:1:100000 --columns region", "10000100000"),
        ("--x 0:1:1000000000000 --y 0:0:1", "1000000000000"),
        ("--x 0:1:9223372036854775807 --y 0:1:9223372036854775807", "9223372036854775807"),
        ("--x 0:1:4000000000 --y 0:1:4000000000", "4000000000×4000000000"),
    ])
    func tooManyCellsAreRefusedAtOnce(_ options: String, _ rows: String) throws {
        let run = try folder.pinfi("phase --b 0.7 --d 1.3 \(options)")
        #expect(run.status == 64)
        #expect(run.output == "")
        #expect(run.errors.contains("--x"), "\(run.errors)")
        #expect(run.errors.replacing(/[ _,.  ]/, with: "").contains(rows), "it has the rows: \(run.errors)")
        #expect(run.errors.contains(/\d ?[kMGTPE]?B/), "and the estimate: \(run.errors)")
        #expect(folder.names == [])
    }

    @Test func moreBytesThanTheFileSystemHasFree() throws {
        var room = statvfs()
        try #require(statvfs(folder.path, &room) == 0)
        let free = Int(room.f_bavail) * Int(room.f_frsize)
        // Half as much again as there is, in one column.
        let rows = free / 16 * 3 / 2
        try #require(rows / 1000 < 10_000_000, "the disk is too large for this test")
        let grid = "phase --b 0.7 --d 1.3 --columns region --x 0:1:1000 --y 0:1:\(rows / 1000)"
        if rows <= 10_000_000_000 {
            let run = try folder.pinfi(grid + " -o out.csv")
            #expect(run.status == 64)
            #expect(run.errors.contains("\(rows / 1000 * 1000)"))
            #expect(run.errors.contains("free"))
            #expect(run.errors.contains("16 bytes"), "\(run.errors)")
        } else {
            // All columns of a smaller grid then.
            let run = try folder.pinfi(
                "phase --b 0.7 --d 1.3 --x 0:1:100000 --y 0:1:\(rows / 13 / 100_000 * 2) -o out.csv")
            #expect(run.status == 64)
            #expect(run.errors.contains("free"))
        }
        #expect(folder.names == [])
        // Redirected into a file the same holds; the shell has made it, empty.
        let shell = try folder.bash("pinfi phase --b 0.7 --d 1.3 --x 0:1:100000 --y 0:1:100000 > out.csv")
        if free < 2_080_000_000_000 {
            #expect(shell.status == 64)
            #expect(try folder.text("out.csv") == "")
        }
    }

    @Test func axesTimesTheCostMustBeDoubles() throws {
        let run = try folder.pinfi("phase --beta 1e10 --delta 1e10 --x 0:1e300:2 --y 0:1:2")
        #expect(run.status == 64)
        #expect(run.errors.contains("--x"))
        #expect(run.output == "")
        // In tokens they are.
        #expect(try folder.data("phase --beta 1e10 --delta 1e10 --x 0:1e300:2 --y 0:1:2 --raw").csv.rows.count == 4)
    }
}
