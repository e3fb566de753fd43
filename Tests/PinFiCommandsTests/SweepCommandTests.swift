// `pinfi sweep`.
import Foundation
import Testing

@Suite struct SweepCommandTests {
    @Test func grid() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "sweep --b 0.7 --vary d=0.9:1.3:3 --vary y=0.5:1.1:3 --quantity outcome,rest-price,band_width,alpha_star")
        #expect(ended.status == 0)
        let csv = ended.csv
        #expect(csv.header == ["d", "y", "outcome", "rest_price", "band_width", "alpha_star", "status"])
        // The first fastest.
        #expect(csv["d"] == ["0.9", "1.1", "1.3", "0.9", "1.1", "1.3", "0.9", "1.1", "1.3"])
        #expect(csv["y"] == ["0.5", "0.5", "0.5", "0.8", "0.8", "0.8", "1.1", "1.1", "1.1"])
        #expect(
            csv["outcome"] == [
                "empty-band", "lp-exodus", "lp-exodus", "empty-band", "seller-scarcity", "balanced", "empty-band",
                "seller-scarcity", "seller-scarcity",
            ])
        #expect(csv["band_width"].map(\.isEmpty) == csv["outcome"].map { $0 == "empty-band" })
        #expect(csv["status"][0] == "band_width: the band is empty; alpha_star: the reward is below the external price")
        #expect(csv["status"][5] == "ok")
        #expect(ended.errors.contains("5 of 9 rows have no value"))
        #expect(ended.errors.contains("band_width: the band is empty (3)"))
    }

    /// A row of the sweep is what the other commands tell of that point.
    @Test func agreesWithBoundsAndEquilibrium() throws {
        let folder = try TestFolder()
        let market = "--beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --fee 0.05"
        let names = [
            "gamma_min", "gamma_max", "band_width", "relative_band_width", "seller_cost", "alpha_b", "alpha_s",
            "alpha_g", "band_margin", "rest_price", "alpha_star", "outcome",
        ]
        let sweep = try folder.data(
            "sweep \(market) --vary gamma=0.85:0.85:1 --quantity \(names.joined(separator: ","))"
        ).csv
        let bounds = try folder.data("bounds \(market) --gamma 0.85 --format csv").csv
        for name in names.dropLast() {
            // The array kernel's α* is within 8 ulp of the scalar one.
            #expect(isClose(try sweep.number(name), try bounds.number(name), 8 * 0x1p-52), "\(name)")
        }
        #expect(try sweep.cell("outcome") == bounds.cell("outcome"))
        let roles = try folder.data(
            "sweep --b 0.7 --d 1.3 --vary y=0.79:0.79:1 --dynamics role "
                + "--quantity share_lp,share_seller,share_external,critical_lag,rest_price,regime,slowest_eigenvalue"
        ).csv
        let point = try folder.data("equilibrium --b 0.7 --d 1.3 --y 0.79 --critical-lag --format csv").csv
        for (name, other) in [
            ("share_lp", "share_lp"), ("share_seller", "share_seller"), ("rest_price", "x"),
            ("critical_lag", "critical_lag"),
        ] {
            #expect(try roles.number(name) == point.number(other), "\(name)")
        }
        #expect(try roles.cell("regime") == "balanced")
        #expect(abs(try roles.number("slowest_eigenvalue") + 1.0478932) < 5e-8)  // the model's table
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let folder = try TestFolder()
        let lines = [
            "sweep --beta 0.7 --theta 1.5 --vary p=-0:1.1:37 --vary gamma=0.6:1.4:300 --quantity alpha_star,payoff_lp",
            "sweep --delta 1.6 --theta 1 --vary beta=uniform(0.5,0.9) --vary p=beta(2,18) --samples 9000 --seed 7 "
                + "--quantity band_width",
            "sweep --b 0.7 --d 1.3 --vary y=0.5:1.1:600 --quantity share_lp,critical_lag",
        ]
        for line in lines {
            let one = try folder.pinfi(line + " --quiet --threads 1")
            for threads in ["2", "3"] {
                #expect(try folder.pinfi(line + " --quiet --threads \(threads)").bytes == one.bytes)
            }
            #expect(one.status == 0)
            #expect(one.csv.rows.count >= 600)
        }
    }

    @Test func domainsAreData() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi("sweep --d 1.2 --vary b=0.6:1.2:4 --quantity band_width --manifest m.json")
        #expect(ended.status == 0)
        #expect(ended.csv["status"].dropLast().allSatisfy { $0 == "ok" })
        #expect(ended.csv["status"].last?.contains("is 1.2; allowed: a number greater than 0 and at most 1") == true)
        #expect(ended.errors.contains("outside of a parameter's domain (1)"))
        let manifest = try #require(JSONText.value(of: Array(try folder.text("m.json").utf8)) as? [String: Any])
        let comparable = try #require(manifest["comparable"] as? [String: Any])
        #expect(comparable["failed_cells"] as? Double == 1)
    }

    @Test(arguments: ["random", "latin-hypercube", "sobol"])
    func designs(_ design: String) throws {
        let folder = try TestFolder()
        let line =
            "sweep --delta 1.6 --theta 1 --vary beta=uniform(0.5,0.9) --vary p=triangular(0,0.1,0.2) --design \(design) "
            + "--samples 1024 --quantity band_width"
        let first = try folder.data(line).csv
        #expect(first.rows.count == 1024)
        #expect(first.numbers("beta").allSatisfy { $0 > 0.5 && $0 < 0.9 })
        // The mean of β is 0.7 to four standard errors of a random sample, 0.4/√12/32.
        let mean = first.numbers("beta").reduce(0, +) / 1024
        #expect(abs(mean - 0.7) < 4 * 0.0037)
        // Seed 0 is the default and a seed; another one gives another sample.
        #expect(try folder.data(line + " --seed 0").csv.rows == first.rows)
        #expect(try folder.data(line + " --seed 1").csv.rows != first.rows)
        if design != "random" {
            // One in each of 1024 intervals.
            let intervals = first.numbers("beta").map { Int(($0 - 0.5) / 0.4 * 1024) }
            #expect(Set(intervals).count == 1024)
        }
    }

    /// A normal distribution is taken where no sample can leave the domain.
    @Test func normalWithinTheDomain() throws {
        let line = "sweep --delta 2 --quantity gamma_min --samples 1024 --design sobol --vary"
        let folder = try TestFolder()
        let values = try folder.data("\(line) beta=normal(0.8,0.05)").csv["beta"].compactMap(Double.init)
        let mean = values.reduce(0, +) / 1024
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1023).squareRoot()
        // Evenly spread points: the mean is within some σ/1024 and the deviation within a percent, the tails' share.
        #expect(values.count == 1024)
        #expect(abs(mean - 0.8) < 2e-4)
        #expect(abs(deviation / 0.05 - 1) < 0.01)
        #expect(try folder.pinfi("\(line) beta=normal(0.8,0.098)").status == 64)
        #expect(try folder.pinfi("\(line) beta=normal(0.8,0.097)").status == 0)
    }

    @Test func correlation() throws {
        let folder = try TestFolder()
        let line =
            "sweep --delta 1.6 --theta 1 --vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.2) --samples 4096 "
            + "--quantity band_width --columns beta,p"
        try folder.write("parameter,p,beta\nbeta,-0.8,1\np,1,-0.8\n", to: "r.csv")
        let pair = try folder.data(line + " --correlation beta,p=-0.8").csv
        #expect(try folder.data(line + " --correlation r.csv").csv.rows == pair.rows)
        func ranks(_ values: [Double]) -> [Double] {
            var ranks = values
            for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
                ranks[index] = Double(rank) / Double(values.count) - 0.5
            }
            return ranks
        }
        let (a, b) = (ranks(pair.numbers("beta")), ranks(pair.numbers("p")))
        let products: Double = zip(a, b).map { $0 * $1 }.reduce(0, +)
        let squares: Double = a.map { $0 * $0 }.reduce(0, +)
        let correlation = products / squares
        // Four standard errors of a rank correlation of 4096, 0.36/64 each.
        #expect(abs(correlation + 0.8) < 4 * 0.006)
    }

    @Test func empirical() throws {
        let folder = try TestFolder()
        try folder.write("price,word\n0.5,a\n0.75,b\n1,c\n", to: "prices.csv")
        let csv = try folder.data(
            "sweep --delta 1.6 --vary beta=empirical(prices.csv:price) --samples 64 --quantity band_width "
                + "--manifest m.json"
        ).csv
        #expect(Set(csv["beta"]) == ["0.5", "0.75", "1"])
        #expect(try folder.text("m.json").contains("empirical(prices.csv:price)"))
        let cases = [
            ("price,word\n0.5,a\n,b\n", "price", "line 3, column 1 (price): found \"\""),
            ("price,word\n0.5,a\n0.6,b\n", "word", "line 2, column 2 (word): found \"a\""),
            ("price,word\n0.5,a\n-0.6,b\n", "price", "line 3, column 1 (price): found \"-0.6\""),
            ("price,word\n0.5,a\n", "prise", "did you mean \"price\"?"),
            ("price,word\n0.5,a\n0.5,a\n", "price", "1 different value"),
        ]
        for (text, column, fragment) in cases {
            try folder.write(text, to: "bad.csv")
            let ended = try folder.pinfi(
                "sweep --delta 1.6 --vary beta=empirical(bad.csv:\(column)) --samples 4 --quantity band_width")
            #expect(ended.status == 65, "\(ended.errors)")
            #expect(ended.errors.contains(fragment), "\(ended.errors)")
        }
        #expect(
            try folder.pinfi("sweep --delta 1.6 --vary beta=empirical(no.csv:a) --samples 4 --quantity band_width")
                .status
                == 66)
    }

    @Test func figures() throws {
        let folder = try TestFolder()
        let cases = [
            ("--b 0.7 --d 1.3 --vary y=0.5:1.1:9 --quantity share_lp,share_seller,outcome", ["share_lp", "lp-exodus"]),
            (
                "--b 0.7 --vary d=0.9:1.3:9 --vary y=0.5:1.1:9 --quantity rest_price,outcome",
                ["rest_price", "balanced"]
            ),
            ("--delta 1.6 --vary beta=uniform(0.5,0.9) --samples 16 --quantity band_width", ["external price"]),
        ]
        for (line, fragments) in cases {
            #expect(try folder.pinfi("sweep \(line) --quiet -o s.csv --plot-script s.gp").status == 0)
            let script = try folder.text("s.gp")
            for fragment in fragments { #expect(script.contains(fragment), "\(line)") }
        }
        let many = try folder.pinfi(
            "sweep --delta 1.6 --vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.1) --vary fee=uniform(0,0.1) "
                + "--vary theta=uniform(0,1) --vary gamma=uniform(0.5,1) --quantity band_width,gamma_max,alpha_star "
                + "--samples 4 --plot s.svg")
        #expect(many.status == 64)
        #expect(many.errors.contains("15 frames"))
    }

    @Test func columnsAndJSON() throws {
        let folder = try TestFolder()
        let line = "sweep --b 0.7 --d 1.3 --vary y=0.6:0.8:2 --quantity alpha_star"
        #expect(try folder.pinfi(line + " --quiet --columns alpha_star,y").csv.header == ["alpha_star", "y"])
        let object = try folder.pinfi(line + " --quiet --format json").object()
        let rows = try #require(object["data"] as? [[Any]])
        #expect(rows.count == 2 && rows[0][1] is NSNull)
        #expect(try folder.pinfi(line + " --columns nope").status == 64)
    }

    @Test func refuses() throws {
        let folder = try TestFolder()
        try folder.write("parameter,beta,p\nbeta,1,0.5\n", to: "short.csv")
        try folder.write("parameter,beta,p\nbeta,1,x\np,0.5,1\n", to: "text.csv")
        let sample =
            "--delta 1.6 --vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.2) --samples 8 --quantity band_width"
        let cases: [(line: String, status: Int32, fragments: [String])] = [
            ("--b 0.7 --d 1.3 --quantity gamma_max", 64, ["--vary NAME=start:stop:count"]),
            ("--b 0.7 --d 1.3 --vary y=0:1:2", 64, ["--quantity NAME"]),
            ("--b 0.7 --d 1.3 --vary y=0:1:2 --quantity gama_max", 64, ["\"gama_max\"", "did you mean gamma_max?"]),
            ("--b 0.7 --d 1.3 --vary y=0:1:2 --quantity alpha_star,alpha_star", 64, ["alpha_star twice"]),
            ("--b 0.7 --d 1.3 --vary y=0:1:2 --vary y=0:1:2 --quantity alpha_star", 64, ["y twice"]),
            ("--b 0.7 --d 1.3 --y 1 --vary y=0:1:2 --quantity alpha_star", 64, ["--y and --vary y"]),
            ("--b 0.7 --d 1.3 --vary gamma=0:1:2 --quantity alpha_star", 64, ["ratio form"]),
            ("--b 0.7 --d 1.3 --vary period=1:2:2 --quantity alpha_star", 64, ["\"period\""]),
            ("--b 0.7 --d 1.3 --vary yy=0:1:2 --quantity alpha_star", 64, ["\"yy\"", "did you mean y?"]),
            ("--b 0.7 --d 1.3 --vary y=1:0:2 --quantity alpha_star", 64, ["reversed"]),
            ("--b 0.7 --vary y=0:1:2 --quantity band_width", 64, ["--d"]),
            ("--beta 0.7 --vary p=0:1:2 --quantity alpha_star", 64, ["block reward", "--gamma", "--vary gamma="]),
            ("--beta 0.7 --vary p=0:1:2 --quantity band_width", 64, ["reservation price", "--delta"]),
            ("--b 0.7 --d 1.3 --vary y=uniform(0.5) --samples 4 --quantity alpha_star", 64, ["2, low and high"]),
            (
                "--b 0.7 --d 1.3 --vary y=uniform(0.9,0.5) --samples 4 --quantity alpha_star", 64,
                ["0.5", "greater than low"]
            ),
            ("--b 0.7 --d 1.3 --vary y=uniform(0.9,inf) --samples 4 --quantity alpha_star", 64, ["inf", "finite"]),
            ("--b 0.7 --d 1.3 --vary y=unifrm(0,1) --samples 4 --quantity alpha_star", 64, ["did you mean uniform?"]),
            (
                "--beta 1 --delta 2 --vary p=uniform(-0.1,0.2) --samples 4 --quantity band_width", 64,
                ["p (failure probability)", "from 0 to 1", "from -0.1 to 0.2"]
            ),
            ("--beta 1 --delta 2 --vary p=normal(0.1,0.1) --samples 4 --quantity band_width", 64, ["8.2 standard"]),
            ("--b 0.7 --d 1.3 --vary y=uniform(0,1) --quantity alpha_star", 64, ["--samples"]),
            ("--b 0.7 --d 1.3 --vary y=uniform(0,1) --samples 0 --quantity alpha_star", 64, ["from 1"]),
            ("--b 0.7 --d 1.3 --vary y=uniform(0,1) --samples 99999999999 --quantity alpha_star", 64, ["10000000000"]),
            (
                "--b 0.7 --d 1.3 --vary y=uniform(0,1) --samples 5000000000 --design sobol --quantity alpha_star", 64,
                ["samples"]
            ),
            ("--b 0.7 --vary d=1:2:3 --vary y=uniform(0,1) --samples 4 --quantity band_width", 64, ["ranges and dist"]),
            ("--b 0.7 --d 1.3 --vary y=0:1:3 --samples 4 --quantity alpha_star", 64, ["--samples is about"]),
            ("--b 0.7 --d 1.3 --vary y=0:1:3 --design sobol --quantity alpha_star", 64, ["--design is about"]),
            ("\(sample) --scramble owen", 64, ["--design sobol"]),
            ("\(sample) --correlation beta,gamma=0.5", 64, ["\"gamma\"", "beta, p"]),
            ("\(sample) --correlation beta,p=1.5", 64, ["from −1 to 1"]),
            ("\(sample) --correlation beta,beta=1", 64, ["itself"]),
            ("\(sample) --correlation beta,p=0.5 --correlation p,beta=0.1", 64, ["twice"]),
            ("\(sample) --correlation beta,p=1", 64, ["not positive definite", "eigenvalue 1 of 2"]),
            ("\(sample) --correlation short.csv", 65, ["row of p is missing"]),
            ("\(sample) --correlation text.csv", 65, ["line 2, column 3 (p)", "\"x\""]),
            ("\(sample) --correlation none.csv", 66, ["none.csv"]),
            ("--b 0.7 --d 1.3 --fee 1 --vary y=0:1:3 --quantity alpha_star", 64, ["--fee", "less than 1"]),
            (
                "--b 0.7 --vary d=1:2:4000000000 --vary y=0:1:4000000000 --vary fee=0:0.5:4000000000 --quantity gamma_max",
                64, ["4000000000 × 4000000000 × 4000000000"]
            ),
            ("--b 0.7 --d 1.3 --vary y=0:1:3 --quantity alpha_star -o a --manifest a", 64, ["--manifest"]),
        ]
        for (line, status, fragments) in cases {
            let ended = try folder.pinfi("sweep " + line)
            #expect(ended.status == status, "\(line): \(ended.errors)")
            #expect(ended.bytes.isEmpty)
            for fragment in fragments { #expect(ended.errors.contains(fragment), "\(line): \(ended.errors)") }
        }
        let warned = try folder.pinfi("sweep \(sample.replacing("--samples 8", with: "--samples 9")) --design sobol")
        #expect(warned.errors.contains("no power of two"), "\(warned.errors)")
    }
}
