// `pinfi continue`.
import Foundation
import Testing

@Suite struct ContinueCommandTests {
    static let market = "--b 0.7 --d 1.3"
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @Test func theBranchOfTheBaseline() throws {
        let run = try folder.pinfi(
            "continue \(Self.market) --y 0.79 --parameter lag=0.1:30 --switch hopf --at lag=0.5 --events events.csv "
                + "--cycles cycles.csv --profiles profiles.csv")
        #expect(run.status == 0, "\(run.errors)")
        let branch = run.csv
        #expect(
            Array(branch.header.prefix(8)) == ["branch", "point", "label", "kind", "lag", "alpha", "x", "z"])
        #expect(Set(branch["kind"]) == ["rest", "cycle"])
        let events = try folder.csv("events.csv")
        let hopf = events.rows.indices.filter { events["label"][$0] == "HB" && events["branch"][$0] == "1" }
        try #require(hopf.count == 2)
        #expect(abs(events.numbers("lag")[hopf[0]] - 0.219879252002761) < 1e-11)
        #expect(abs(events.numbers("lag")[hopf[1]] - 23.7400460474557) < 1e-9)
        #expect(events["criticality"][hopf[0]] == "supercritical")
        #expect(events["auto_type"][hopf[0]] == "3")
        #expect(events["to_branch"][hopf[0]] == "2")
        // A special point's row in the branch and its event are the same numbers.
        for index in events.rows.indices where events["branch"][index] == "1" {
            let row = try #require(
                branch.rows.indices.first {
                    branch["branch"][$0] == "1" && branch["point"][$0] == events["point"][index]
                })
            for column in ["label", "lag", "x", "share_lp", "share_seller", "share_external"] {
                #expect(branch[column][row] == events[column][index])
            }
        }
        // At the event itself stability is not known to first order.
        let point = try #require(Int(events["point"][hopf[0]]))
        #expect(branch["stable"][point - 1] == "")
        let cycles = try folder.csv("cycles.csv")
        let asked = try #require(cycles["label"].firstIndex(of: "UZ"))
        #expect(cycles["lag"][asked] == "0.5")
        #expect(abs(cycles.numbers("period")[asked] - 2.585656041814) < 1e-9)
        #expect(abs(cycles.numbers("x_min")[asked] - 1.09357001694) < 1e-9)
        let profiles = try folder.csv("profiles.csv")
        #expect(
            profiles.header == ["branch", "point", "t", "z", "x", "share_lp", "share_seller", "share_external", "q"])
        #expect(profiles.rows.count > 100)
    }

    @Test func theHopfCurveIsTheData() throws {
        let run = try folder.pinfi(
            "continue \(Self.market) --y 0.79 --parameter lag=0.1:30 --hopf-curve y=0.3:1 --quiet")
        #expect(run.status == 0, "\(run.errors)")
        let curve = run.csv
        #expect(Array(curve.header.prefix(4)) == ["point", "label", "lag", "y"])
        let top = try #require(curve.rows.indices.max { curve.numbers("y")[$0] < curve.numbers("y")[$1] })
        #expect(curve["label"][top] == "TP")
        #expect(abs(curve.numbers("y")[top] - 0.810501094006220) < 1e-10)
    }

    /// The smallest critical lag of `equilibrium` is the first Hopf point; the cycle of `ensemble` is the one of the branch.
    @Test func agreesWithEquilibriumAndEnsemble() throws {
        _ = try folder.pinfi(
            "continue \(Self.market) --y 0.75 --parameter lag=0.1:1 --switch hopf --at lag=0.5 --events events.csv --cycles cycles.csv --quiet"
        )
        let events = try folder.csv("events.csv")
        let first = try #require(events["label"].firstIndex(of: "HB"))
        let rest = try folder.pinfi("equilibrium \(Self.market) --y 0.75 --critical-lag --format csv").csv
        #expect(abs(rest.numbers("critical_lag")[0] / events.numbers("lag")[first] - 1) < 1e-11)
        let cycles = try folder.csv("cycles.csv")
        let asked = try #require(cycles["label"].firstIndex(of: "UZ"))
        let ensemble = try folder.pinfi(
            "ensemble \(Self.market) --y 0.75 --lag 0.5 --x0 1.2:1.2:1 --until 200 --quiet"
        ).csv
        #expect(ensemble["attractor"] == ["cycle"])
        // The ensemble's period is that of two turns which agree to 1e−5.
        #expect(abs(ensemble.numbers("cycle_period")[0] / cycles.numbers("period")[asked] - 1) < 1e-5)
    }

    @Test(arguments: [
        ("--parameter lag=0.1:30 --protocol best-response", "no derivatives at its rest point"),
        ("--parameter lag=0.1:1 --protocol smith --switch hopf", "kink"),
        ("--parameter fee=0:1.5", "fee"), ("--parameter lag=1:0.5", "reversed"), ("--parameter lag", "NAME=start:stop"),
        ("--parameter lga=0:1", "did you mean lag"), ("--parameter lag=0.1:1 --start 2", "rest point 2"),
        ("--parameter lag=0.1:1 --step 0", "greater than 0"), ("--parameter lag=0:1 --scale log", "above 0"),
        ("--parameter lag=0.1:1 --at lag=2", "outside"), ("--parameter lag=0.1:1 --at y=0.7", "--at y"),
        ("--parameter beta=0.5:0.9", "ratio form"), ("--parameter lag=0.1:1 --hopf-curve lag=1:2", "varies already"),
        ("--parameter lag=0.1:1 --hopf-curve y=0.8:1", "outside of its range"),
    ])
    func refusals(line: String, words: String) throws {
        let run = try folder.pinfi("continue \(Self.market) --y 0.79 \(line)")
        #expect(run.status == 64, "\(run.errors)")
        #expect(run.errors.contains(words), "\(run.errors)")
        #expect(run.output == "")
    }

    @Test func edgesOfWhatIsAsked() throws {
        let one = try folder.pinfi("continue \(Self.market) --y 0.79 --parameter lag=0.1:30 --max-points 1 --quiet")
        #expect(one.status == 0)
        #expect(one.csv.rows.count == 2)
        // From no lag on: the state has no observed price there.
        let none = try folder.pinfi(
            "continue \(Self.market) --y 0.79 --parameter lag=0:0.5 --quiet --events events.csv")
        #expect(none.status == 0, "\(none.errors)")
        #expect(try folder.csv("events.csv")["label"].contains("HB"))
        let nothing = try folder.pinfi("continue \(Self.market) --y 0.82 --parameter lag=0.1:30")
        #expect(nothing.status == 0)
        #expect(nothing.errors.contains("nothing happens"))
        #expect(!none.output.contains("nan"))
        // No event, no curve: an answer.
        let empty = try folder.pinfi("continue \(Self.market) --y 0.82 --parameter lag=0.1:30 --hopf-curve y=0.5:1")
        #expect(empty.status == 0)
        #expect(empty.csv.rows.isEmpty)
        #expect(empty.errors.contains("no Hopf point"))
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let line = "continue \(Self.market) --y 0.79 --parameter lag=0.1:1 --switch hopf --quiet"
        let one = try folder.data(line + " --threads 1")
        #expect(try folder.data(line + " --threads 2").bytes == one.bytes)
    }
}
