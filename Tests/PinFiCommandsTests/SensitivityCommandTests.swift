// `pinfi sensitivity local`, `morris` and `sobol`.
import Foundation
import Testing

@Suite struct SensitivityCommandTests {
    static let alphaStar =
        "--vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.2) --vary theta=uniform(0.5,2.5) --vary gamma=uniform(0.9,1.4) "
        + "--quantity alpha_star"

    // MARK: - Sobol

    /// α* of the speed row. The indices of 2²⁰ base samples with another seed and estimator (jansen, seed 99) are
    /// 0.2144, 0.0273, 0.0124 and 0.7369 for s1: at 8192 they are within their intervals times 1.5.
    @Test func alphaStar() throws {
        let folder = try TestFolder()
        let csv = try folder.data("sensitivity sobol \(Self.alphaStar) --samples 8192").csv
        #expect(
            csv.header == ["quantity", "parameter", "s1", "s1_conf", "st", "st_conf", "samples", "failed", "status"])
        #expect(Set(csv["status"]) == ["ok"])
        #expect(csv["parameter"] == ["beta", "p", "theta", "gamma"])
        let (s1, st) = (csv.numbers("s1"), csv.numbers("st"))
        for (value, (width, expected)) in zip(
            s1, zip(csv.numbers("s1_conf"), [0.2144, 0.0273, 0.0124, 0.7369]))
        {
            #expect(abs(value - expected) < 1.5 * width)
            #expect(width > 0)
            #expect(width < 0.05)
        }
        // First-order indices are at most the total ones, and their sum at most 1, but for the noise.
        #expect(zip(s1, st).allSatisfy { $0 <= $1 + 0.02 })
        let (firstOrder, total) = (s1.reduce(0, +), st.reduce(0, +))
        #expect(firstOrder < 1.02)
        #expect(total > 0.98)
        #expect(csv["samples"] == ["8192", "8192", "8192", "8192"])
        #expect(csv["failed"] == ["0", "0", "0", "0"])
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let folder = try TestFolder()
        let line =
            "sensitivity sobol --delta 1.6 \(Self.alphaStar),rest_price --samples 4096 --bootstrap 20 --quiet "
            + "--second-order so.csv --by-outcome bo.csv --convergence co.csv"
        let names = ["so.csv", "bo.csv", "co.csv"]
        let one = try folder.data(line + " --seed 3 --threads 1")
        let files = try names.map(folder.text)
        for threads in ["2", "3"] {
            #expect(try folder.data(line + " --seed 3 --threads \(threads)").bytes == one.bytes)
            #expect(try names.map(folder.text) == files)
        }
        #expect(try folder.data(line + " --seed 4").bytes != one.bytes)
    }

    /// What a quantity does not depend on has indices of exactly 0, with every estimator.
    @Test(arguments: ["saltelli", "jansen", "janon"])
    func idle(_ estimator: String) throws {
        let folder = try TestFolder()
        let csv = try folder.data(
            "sensitivity sobol --delta 1.6 \(Self.alphaStar),band_width --samples 256 --estimator \(estimator) "
                + "--scramble shift"
        ).csv
        let rows = csv.rows.filter { $0[0] == "band_width" && $0[1] == "gamma" }
        #expect(rows.count == 1 && Array(rows[0][2...5]) == ["0", "0", "0", "0"])
        // Without resamples there are no intervals.
        let plain = try folder.data("sensitivity sobol \(Self.alphaStar) --samples 256 --bootstrap 0").csv
        #expect(plain["s1_conf"] == ["", "", "", ""])
        #expect(plain["st_conf"] == ["", "", "", ""])
    }

    /// However the base sample is drawn, the indices are the same within both intervals; of a Sobol sequence, which is
    /// evenly spread, they are far closer to those of a large sample.
    @Test func designs() throws {
        let folder = try TestFolder()
        let line = "sensitivity sobol \(Self.alphaStar) --bootstrap 50 --samples"
        let exact = try folder.data("\(line) 65536").csv.numbers("st")
        for design in ["random", "latin-hypercube", "sobol"] {
            let csv = try folder.data("\(line) 2048 --confidence 0.999 --design \(design) --manifest m.json").csv
            for (value, (width, known)) in zip(csv.numbers("st"), zip(csv.numbers("st_conf"), exact)) {
                #expect(width > 0, "\(design)")
                #expect(abs(value - known) < width, "\(design)")
                // With 2048 random points indices are off by some 1/√2048 = 0.02, by those of the sequence 1/50 of it.
                if design == "sobol" { #expect(abs(value - known) < 2e-3) }
            }
            #expect(try folder.text("m.json").contains("\"design\": \"\(design)\""))
        }
        // No power of two is asked for by random points, and no scrambling is of use.
        #expect(try folder.data("\(line) 1000 --design random").csv.numbers("samples") == [1000, 1000, 1000, 1000])
        let refused = try folder.pinfi("\(line) 1024 --design random --scramble shift")
        #expect(refused.status == 64)
        #expect(refused.errors.contains("--design sobol"))
    }

    /// α* exists for γ ≥ β only. Of the population in which it does, by 4 million random points of another program: s1 of β
    /// 0.0067, mean 1.2743. γ and β decide whether there is a value and have no total index.
    @Test func givenAValue() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "sensitivity sobol --delta 1.6 --vary beta=uniform(.56,.84) --vary p=uniform(.04,.3) --vary theta=uniform(1.2,1.8) "
                + "--vary gamma=uniform(.6,1.1) --vary kappa-s=uniform(1,2) --quantity alpha_star --samples 16384 --bootstrap 50 "
                + "--second-order so.csv --convergence co.csv --manifest m.json --plot-script s.gp")
        #expect(ended.status == 0, "\(ended.errors)")
        let csv = ended.csv
        let (s1, width) = (csv.numbers("s1")[0], csv.numbers("s1_conf")[0])
        #expect(abs(s1 - 0.0067) < width)
        #expect(width < 0.01)
        #expect(csv["st"].map(\.isEmpty) == [true, false, false, true, false])
        #expect(csv["status"][0].contains("no total index"))
        #expect(csv["status"][1] == "given a value")
        // What enters neither the quantity nor whether there is one has indices of exactly 0.
        #expect(csv.rows[4][2...5] == ["0", "0", "0", "0"])
        let failed = try #require(Int(csv["failed"][0]))
        #expect(ended.errors.contains("the reward is below the external price (\(failed))"))
        #expect(ended.errors.contains("given that there is a value"))
        let pairs = try folder.csv("so.csv")
        #expect(Set(pairs["s2"]) == [""])
        #expect(Set(pairs["status"]) == ["no second-order index given a value"])
        #expect(try folder.csv("co.csv")["status"].contains("given a value"))
        let manifest = try #require(JSONText.value(of: Array(try folder.text("m.json").utf8)) as? [String: Any])
        let comparable = try #require(manifest["comparable"] as? [String: Any])
        #expect(comparable["failed_cells"] as? Double == Double(failed))
        // Chaos has no indices then, and says the same.
        let chaos = try folder.pinfi(
            "sensitivity chaos --delta 1.6 --theta 1.5 --vary beta=uniform(.56,.84) --vary gamma=uniform(.6,1.1) "
                + "--quantity alpha_star --samples 300")
        #expect(chaos.status == 0)
        #expect(Set(chaos.csv["s1"]) == [""])
        #expect(chaos.csv["status"].allSatisfy { $0.contains("of 300 evaluations have no value") })
        #expect(chaos.errors.contains("There are no indices of alpha_star"))
    }

    /// Of the points with a band, by 4 million of another program: mean 0.80143, variance 0.011395, S 0.615 and 0.690, which add up
    /// to more than 1 as β and δ are dependent given a band.
    @Test func givenABand() throws {
        let folder = try TestFolder()
        let csv = try folder.data(
            "sensitivity sobol --vary beta=uniform(0.5,0.9) --vary delta=uniform(0.6,1.2) --quantity gamma_max --samples 16384 "
                + "--quiet --columns parameter,s1,s1_conf,st,mean,variance"
        ).csv
        // A Sobol sequence of 2¹⁵ points covers the band's edge to some 1e−3 of the deviation, 0.1.
        #expect(abs(csv.numbers("mean")[0] - 0.80143) < 1e-4)
        #expect(abs(csv.numbers("variance")[0] - 0.011395) < 2e-5)
        for (s1, (width, expected)) in zip(csv.numbers("s1"), zip(csv.numbers("s1_conf"), [0.615, 0.690])) {
            // Half of the last digit of the value that is known.
            #expect(abs(s1 - expected) < width + 5e-4)
            #expect(width < 0.02)
        }
        #expect(csv["st"] == ["", ""])
    }

    /// Given an outcome parameters are dependent: one that does not enter γ_max has a first-order index and a total one of 0;
    /// one that decides the outcome has none.
    @Test func givenAnOutcome() throws {
        let folder = try TestFolder()
        _ = try folder.data(
            "sensitivity sobol --vary beta=uniform(.56,.84) --vary p=uniform(.16,.24) --vary theta=uniform(1.2,1.8) "
                + "--vary delta=uniform(1.04,1.56) --vary gamma=uniform(.616,.924) --quantity gamma_max --samples 4096 "
                + "--bootstrap 20 --quiet --by-outcome by.csv")
        let csv = try folder.csv("by.csv")
        let balanced = csv.rows.indices.filter { csv["outcome"][$0] == "balanced" }
        #expect(balanced.map { csv["st"][$0] } == ["", "", "", "", "0"])
        let gamma = try #require(Double(csv["s1"][balanced[4]]))
        let width = try #require(Double(csv["s1_conf"][balanced[4]]))
        #expect(gamma > 3 * width)
        #expect(csv["status"][balanced[0]].contains("no total index"))
        #expect(csv["status"][balanced[4]] == "ok")
    }

    /// A constant has no indices by any method, and its value is told as it is.
    @Test(arguments: [
        "sobol --samples 64", "morris", "pawn --samples 64", "chaos --samples 1000", "chaos --samples 50",
    ])
    func constant(_ method: String) throws {
        let folder = try TestFolder()
        for beta in ["0.7", "192.53"] {
            let ended = try folder.pinfi(
                "sensitivity \(method) --beta \(beta) --delta 5e9 --vary p=uniform(0,0.2) --vary theta=uniform(0,3) "
                    + "--quantity gamma_min")
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(Set(ended.csv["status"]) == ["no variance: all outputs are \(beta)"])
            #expect(ended.csv.rows.allSatisfy { $0[2].isEmpty })
            #expect(!ended.errors.contains("misses"))
        }
    }

    /// The figure shows what the table says: 0 for what does not enter, and not the estimator's noise.
    @Test(arguments: ["sobol --samples 64", "chaos --samples 64", "pawn --samples 64"])
    func figuresShowZeros(_ method: String) throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "sensitivity \(method) --delta 3 --vary beta=uniform(0.5,0.9) --vary gamma=uniform(0.9,1.4) --quantity band_width "
                + "--quiet --plot-script s.gp")
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.csv.rows[1][1] == "gamma")
        #expect(ended.csv.rows[1][2] == "0")
        // A bar is a line of four numbers, of which the first two are its ends.
        let lines = try folder.text("s.gp").split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let zeros = lines.filter { fields in fields.count == 4 && fields.starts(with: ["0", "0"]) }
        #expect(!zeros.isEmpty)
    }

    /// Settings whose product would not end in a reasonable time are refused before any work.
    @Test(arguments: [
        "sobol --samples 1000000 --bootstrap 1000000", "pawn --samples 1000000 --bootstrap 1000000",
        "morris --trajectories 1000000 --bootstrap 1000000",
    ]) func refusesTooManyDraws(_ method: String) throws {
        let ended = try TestFolder().pinfi("sensitivity \(method) \(Self.alphaStar)")
        #expect(ended.status == 64)
        #expect(ended.errors.contains("--bootstrap"), "\(ended.errors)")
    }

    /// All the same, or all failed: empty cells, and the reason.
    @Test func noIndices() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "sensitivity sobol --beta 0.7 --delta 0.5 --vary gamma=uniform(0.1,0.6) --vary p=uniform(0,0.1) "
                + "--quantity band_width,outcome --samples 64 --columns quantity,s1,st,status")
        #expect(ended.status == 0)
        #expect(Set(ended.csv["s1"]) == [""])
        #expect(Set(ended.csv["st"]) == [""])
        #expect(ended.csv["status"].allSatisfy { $0.contains("too few samples") || $0.contains("no variance") })
        #expect(ended.errors.contains("There are no indices of band_width: too few samples"))
    }

    @Test func tables() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "sensitivity sobol --delta 1.6 --vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.2) "
                + "--vary gamma=uniform(0.6,1.4) --theta 1 --quantity rest_price --samples 2048 --second-order so.csv "
                + "--by-outcome bo.csv --convergence co.csv --plot-script s.gp --manifest m.json")
        #expect(ended.status == 0, "\(ended.errors)")
        let pairs = try folder.csv("so.csv")
        #expect(
            pairs.header == ["quantity", "parameter_1", "parameter_2", "s2", "s2_conf", "samples", "failed", "status"])
        #expect(pairs["parameter_2"] == ["p", "gamma", "gamma"])
        // First and second order together: no third order beyond the noise, and what is missing is that.
        let firstOrder = ended.csv.numbers("s1").reduce(0, +)
        let secondOrder = pairs.numbers("s2").reduce(0, +)
        #expect(abs(firstOrder + secondOrder - 1) < 0.15)
        let outcomes = try folder.csv("bo.csv")
        #expect(outcomes.rows.count == 12)
        let probabilities = stride(from: 0, to: 12, by: 3).map { outcomes.numbers("probability")[$0] }
        let whole = probabilities.reduce(0, +)
        #expect(abs(whole - 1) < 1e-12)
        // γ is below γ_min = β where it is uniform on 0.6 … 1.4 and β on 0.5 … 0.9, independently: P = 0.140625.
        #expect(abs(probabilities[1] - 0.140625) < 0.01)
        let steps = try folder.csv("co.csv")
        #expect(steps["samples"].prefix(8) == ["16", "32", "64", "128", "256", "512", "1024", "2048"])
        // The last step is the result.
        #expect(steps.rows[7][3] == ended.csv["s1"][0])
        let script = try folder.text("s.gp")
        #expect(script.contains("share of the variance"))
        #expect(script.contains("base samples"))
        #expect(try folder.text("m.json").contains("bo.csv"))
    }

    // MARK: - Morris

    @Test func morris() throws {
        let folder = try TestFolder()
        let line =
            "sensitivity morris --delta 1.6 --theta 1 --vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.2) "
            + "--vary gamma=uniform(0.6,1.4) --quantity seller_cost,rest_price --trajectories 10 --quiet"
        let csv = try folder.data(line + " --plot-script m.gp").csv
        #expect(
            csv.header == [
                "quantity", "parameter", "mu", "mu_star", "mu_star_conf", "sigma", "effects", "failed", "status",
            ])
        // c = β + pθ is linear: the effects are the ranges, 0.4 and 0.2, and nothing by γ.
        for (mu, expected) in zip(csv.numbers("mu_star").prefix(3), [0.4, 0.2, 0]) {
            #expect(abs(mu - expected) < 1e-12)
        }
        #expect(csv.numbers("sigma").prefix(3).allSatisfy { $0 < 1e-12 })
        #expect(csv.numbers("sigma").suffix(3).allSatisfy { $0 > 0 })
        #expect(csv["effects"] == [String](repeating: "10", count: 6))
        for threads in ["1", "2", "3"] { #expect(try folder.data(line + " --threads \(threads)").csv.rows == csv.rows) }
        let failing = try folder.pinfi(
            "sensitivity morris --beta 0.7 --vary delta=uniform(0.5,0.9) --vary fee=uniform(0,0.1) --quantity band_width"
        )
        #expect(failing.status == 0)
        #expect(failing.errors.contains("the band is empty ("))
        #expect(failing.csv["failed"].contains { $0 != "0" })
    }

    // MARK: - Local

    @Test func local() throws {
        let folder = try TestFolder()
        let csv = try folder.data(
            "sensitivity local --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --gamma 0.85 --fee 0.05 --quantity gamma_max,alpha_star"
        ).csv
        #expect(
            csv.header == ["quantity", "parameter", "value", "derivative", "error", "elasticity", "method", "status"])
        let bounds = try folder.data(
            "bounds --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --gamma 0.85 --fee 0.05 --format csv"
        ).csv
        for row in csv.rows {
            #expect(try Double(row[3]) == bounds.number("d\(row[0])_d\(row[1])"))
            #expect(row[4] == "")
            #expect(row[6] == "exact")
            #expect(row[7] == "ok")
        }
        #expect(csv["parameter"] == ["beta", "p", "theta", "delta", "fee", "beta", "p", "theta", "gamma", "fee"])
        let roles = try folder.data("sensitivity local --b 0.7 --d 1.3 --y 0.79 --quantity share_lp").csv
        #expect(Set(roles["method"]) == ["differences"])
        #expect(roles.numbers("error").allSatisfy { $0 >= 0 && $0 < 1e-4 })
    }

    @Test func tornado() throws {
        let folder = try TestFolder()
        let csv = try folder.data(
            "sensitivity local --delta 1.6 --theta 1 --vary beta=uniform(0.5,0.9) --vary p=0:0.2:2 --quantity band_width "
                + "--plot-script t.gp"
        ).csv
        #expect(csv["at"] == ["0.7", "0.1"])
        #expect(csv.numbers("low")[1] == 0)
        #expect(csv.numbers("high")[1] == 0.2)
        // The 5 % and 95 % quantiles of β.
        #expect(isClose(csv.numbers("low")[0], 0.52, 1e-15))
        #expect(isClose(csv.numbers("high")[0], 0.88, 1e-15))
        let at = try folder.data("sweep --delta 1.6 --theta 1 --beta 0.7 --vary p=0:0.2:2 --quantity band_width").csv
        #expect([csv.numbers("value_low")[1], csv.numbers("value_high")[1]] == at.numbers("band_width"))
        #expect(try folder.text("t.gp").contains("band_width"))
        let word = try folder.pinfi("sensitivity local --b 0.7 --d 1.3 --y 0.79 --quantity outcome")
        #expect(word.status == 64)
        #expect(word.errors.contains("a word"))
        let kink = try folder.pinfi("sensitivity local --b 0.7 --d 1.3 --y 0.7 --quantity rest_price")
        #expect(kink.status == 0)
        #expect(kink.csv["status"].contains { $0.hasPrefix("a kink") })
        #expect(kink.errors.contains("a kink"))
    }

    @Test func refuses() throws {
        let folder = try TestFolder()
        let cases: [(line: String, fragments: [String])] = [
            ("sobol \(Self.alphaStar)", ["--samples"]),
            ("sobol \(Self.alphaStar) --samples 1", ["from 2"]),
            ("sobol \(Self.alphaStar) --samples 4294967296", ["4294967295"]),
            ("sobol \(Self.alphaStar) --samples 4294967295 --bootstrap 0", ["of memory"]),
            ("sobol --b 0.7 --vary y=0:1:3 --quantity alpha_star --samples 8", ["is a range", "uniform(low,high)"]),
            ("sobol --b 0.7 --d 1.3 --y 1 --quantity alpha_star --samples 8", ["--vary NAME=DISTRIBUTION"]),
            (
                "sobol \(Self.alphaStar) --samples 8 --correlation beta,p=0.5",
                ["independent", "pinfi sweep --correlation"]
            ),
            ("sobol \(Self.alphaStar) --samples 8 --confidence 1", ["less than 1"]),
            ("sobol \(Self.alphaStar) --samples 8 --bootstrap 1", ["--bootstrap", "2 to 1000000"]),
            ("sobol \(Self.alphaStar) --samples 8 --estimator sobol", ["saltelli", "jansen", "janon"]),
            ("sobol \(Self.alphaStar) --samples 8 --by-outcome o.csv", ["outcome depends on the reservation price"]),
            ("sobol \(Self.alphaStar) --samples 8 -o a.csv --second-order a.csv", ["--second-order", "same place"]),
            (
                "sobol --beta 0.7 --vary gamma=uniform(0.8,1) --quantity alpha_star --samples 8 --second-order a.csv",
                ["two or more"]
            ),
            ("morris \(Self.alphaStar) --levels 3", ["even"]),
            ("morris \(Self.alphaStar) --trajectories 1", ["from 2"]),
            ("morris \(Self.alphaStar) --trajectories 10 --candidates 5", ["candidates"]),
            ("morris \(Self.alphaStar) --correlation x.csv", ["independent"]),
            ("local --quantity alpha_star", ["external price"]),
            ("local --b 0.7 --d 1.3 --quantity alpha_star", ["block reward"]),
        ]
        for (line, fragments) in cases {
            let ended = try folder.pinfi("sensitivity " + line)
            #expect(ended.status == 64, "\(line): \(ended.errors)")
            for fragment in fragments { #expect(ended.errors.contains(fragment), "\(line): \(ended.errors)") }
        }
        #expect(folder.names == [])
        let warned = try folder.pinfi("sensitivity sobol \(Self.alphaStar) --samples 100 --bootstrap 0")
        #expect(warned.status == 0)
        #expect(warned.errors.contains("64 or 128"))
    }
}
