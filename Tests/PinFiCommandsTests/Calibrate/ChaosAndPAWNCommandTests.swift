// `pinfi sensitivity chaos` and `pawn` through the command line.
import Foundation
import Testing

@Suite struct ChaosAndPAWNCommandTests {
    private static let vary =
        "--vary beta=uniform(0.5,0.9) --vary p=uniform(0,0.2) --vary theta=uniform(0.5,2.5) --vary gamma=uniform(0.9,1.4)"

    private static func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

    /// Sobol indices by both methods.
    @Test func chaosAgreesWithSobol() throws {
        let folder = try TestFolder()
        let chaos = try folder.pinfi(
            Self.words(
                "sensitivity chaos \(Self.vary) --quantity alpha_star --samples 400 --second-order pairs.csv --threads 1"
            ))
        #expect(chaos.status == 0)
        #expect(chaos.errors == "")
        #expect(
            chaos.csv.header == [
                "quantity", "parameter", "s1", "st", "loo_error", "degree", "terms", "samples", "failed", "status",
            ])
        #expect(chaos.csv["parameter"] == ["beta", "p", "theta", "gamma"])
        #expect(Set(chaos.csv["samples"]) == ["400"])
        #expect(chaos.csv.numbers("loo_error").allSatisfy { $0 < 1e-6 })
        let sobol = try folder.pinfi(
            Self.words("sensitivity sobol \(Self.vary) --quantity alpha_star --samples 16384 --bootstrap 0"))
        for name in ["s1", "st"] {
            for (one, other) in zip(chaos.csv.numbers(name), sobol.csv.numbers(name)) {
                // The error of 16,384 base samples of a Sobol sequence; the chaos' own is 1e-6.
                #expect(abs(one - other) < 2e-3, "\(name) \(one) \(other)")
            }
        }
        let pairs = try folder.csv("pairs.csv")
        #expect(pairs.rows.count == 6)
        let sum = chaos.csv.numbers("s1").reduce(0, +) + pairs.numbers("s2").reduce(0, +)
        #expect(sum > 0.999 && sum <= 1 + 1e-12)
        let again = try folder.pinfi(
            Self.words("sensitivity chaos \(Self.vary) --quantity alpha_star --samples 400 --threads 3"))
        #expect(again.output == chaos.output)
        // What a quantity does not depend on has an index of exactly 0.
        let idle = try folder.data(
            "sensitivity chaos --vary beta=uniform(0.5,0.9) --vary kappa-s=uniform(1,2) --gamma 1 --delta 2 --quantity alpha_star --samples 50"
        )
        #expect(idle.csv["s1"][1] == "0")
        #expect(idle.csv["st"][1] == "0")
    }

    @Test func chaosWarnsOfWhatItCannotDo() throws {
        let folder = try TestFolder()
        let jumps = try folder.pinfi(
            "sensitivity chaos --beta 0.7 --vary delta=uniform(0.6,1.6) --vary gamma=uniform(0.5,1.5) --quantity outcome --samples 300"
        )
        #expect(jumps.status == 0)
        #expect(jumps.errors.contains("of the variance of samples that are left out of it"))
        #expect(jumps.csv["quantity"].first == "outcome=empty-band")
        let failing = try folder.pinfi(
            "sensitivity chaos --beta 0.7 --vary delta=uniform(0.6,1.6) --vary p=uniform(0,1) --theta 0.1 --quantity gamma_max --samples 300"
        )
        #expect(failing.errors.contains("the band is empty ("))
        #expect(failing.errors.contains("There are no indices of gamma_max"))
        #expect(Set(failing.csv["s1"]) == [""])
        #expect((Int(failing.csv["failed"][0]) ?? 0) > 10)
    }

    @Test func pawnTellsTheNoise() throws {
        let folder = try TestFolder()
        let line = "sensitivity pawn \(Self.vary) --quantity alpha_star,gamma_min --delta 3 --samples 4000 --seed 2"
        let run = try folder.pinfi(Self.words(line + " --threads 1 --manifest m.json"))
        #expect(run.status == 0)
        #expect(run.errors == "")
        let csv = run.csv
        #expect(
            csv.header == [
                "quantity", "parameter", "median", "median_conf", "maximum", "maximum_conf", "median_dummy", "samples",
                "failed", "status",
            ])
        let (median, dummy) = (csv.numbers("median"), csv.numbers("median_dummy"))
        #expect(median[3] > 10 * dummy[3])
        #expect(median[0] > 3 * dummy[0])
        #expect(median[1] > dummy[1])
        // γ_min = β: the reward does nothing, β everything.
        #expect(csv["parameter"][4] == "beta")
        #expect(abs(median[4] - 0.7) < 0.01)
        #expect(median[7] == 0)
        #expect(dummy[7] > 0)
        #expect(try folder.pinfi(Self.words(line + " --threads 3")).output == run.output)
        #expect(try folder.text("m.json").contains("\"slices\": 10"))
        let correlated = try folder.pinfi(
            Self.words(
                "sensitivity pawn \(Self.vary) --quantity alpha_star --samples 500 --correlation beta,gamma=0.9 --columns parameter,median,status"
            ))
        #expect(correlated.status == 0)
        #expect(correlated.csv.header == ["parameter", "median", "status"])
    }

    @Test(arguments: [
        ("chaos --samples 5", "do not determine the 5 terms of degree 1"), ("chaos", "give --samples"),
        ("chaos --samples 50 --correlation beta,p=0.5", "polynomial chaos shares the variance"),
        ("chaos --samples 50 --max-degree 31", "allowed: a whole number from 1 to 30"),
        ("pawn --samples 19", "too few for 10 slices; allowed: 20 or more"),
        ("pawn --samples 50 --slices 1", "from 2 to 1000"),
        ("pawn --samples 50 --columns medain", "Did you mean median"),
    ]) func refuses(_ line: String, _ words: String) throws {
        let run = try TestFolder().pinfi(
            Self.words(
                "sensitivity \(line.split(separator: " ")[0]) \(Self.vary) --quantity alpha_star "
                    + line.split(separator: " ").dropFirst().joined(separator: " ")))
        #expect(run.status == 64, "\(run.errors)")
        #expect(run.errors.contains(words), "\(run.errors)")
    }
}
