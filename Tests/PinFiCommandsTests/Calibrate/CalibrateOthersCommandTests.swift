// `pinfi calibrate robust`, `inverse` and `schedule` through the command line.
import Foundation
import Testing

@Suite struct CalibrateInverseCommandTests {
    @Test func oneRowForEachParameter() throws {
        let folder = try TestFolder()
        let run = try folder.data(
            "calibrate inverse --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --fee 0.05 --gamma 0.85 --manifest m.json")
        let csv = run.csv
        #expect(csv.header == ["parameter", "low", "high", "value", "is_inside", "status"])
        #expect(csv["parameter"] == ["p", "theta", "expected_forfeit", "fee", "delta"])
        #expect(Set(csv["status"]) == ["ok"])
        #expect(Set(csv["is_inside"]) == ["true"])
        // Section 2's check value: α*(0.85), with a fee.
        #expect(isClose(csv.numbers("low")[4], 1.3834722963676637 / 0.95, 1e-14))
        #expect(csv["high"][4] == "")
        #expect(csv.numbers("value") == [0.2, 1.5, 0.2 * 1.5, 0.05, 1.6])
        // p and θ enter by their product.
        let high = csv.numbers("high")
        #expect(isClose(high[0] * 1.5, high[2], 1e-14))
        #expect(isClose(0.2 * high[1], high[2], 1e-14))
        // At the end the market is balanced, and right behind it not.
        for (delta, outcome) in [
            (csv.numbers("low")[4], "balanced"), (csv.numbers("low")[4].nextDown, "seller-scarcity"),
        ] {
            let bounds = try folder.data(
                "bounds --beta 0.7 --p 0.2 --theta 1.5 --delta \(delta) --fee 0.05 --gamma 0.85")
            #expect(try bounds.csv.cell("outcome") == outcome)
        }
        #expect(try folder.text("m.json").contains("\"command\": \"calibrate inverse\""))
    }

    @Test func saysWhyThereIsNone() throws {
        let folder = try TestFolder()
        let run = try folder.data("calibrate inverse --b 0.7 --d 1.3 --y 0.6 --parameters fee,delta")
        #expect(run.csv["parameter"] == ["fee", "delta"])
        #expect(run.csv["low"] == ["", ""])
        #expect(run.csv["status"].allSatisfy { $0.contains("below the external price") })
        let json = try folder.data("calibrate inverse --b 0.7 --d 1.3 --y 1.2 --format json")
        #expect(json.output.contains("the reward is above gamma_max, which is"))
    }

    @Test(arguments: [
        ("--b 0.7 --d 1.3", "The block reward is missing"), ("--gamma 1 --delta 2", "The external price is missing"),
        ("--b 0.7 --d 1.3 --y 1 --parameters fees", "did you mean fee?"),
    ]) func refuses(_ line: String, _ words: String) throws {
        let run = try TestFolder().pinfi("calibrate inverse \(line)")
        #expect(run.status == 64, "\(run.errors)")
        #expect(run.errors.contains(words), "\(run.errors)")
    }
}

@Suite struct CalibrateScheduleCommandTests {
    /// LooPIN's schedule (loopin-project/docs, docs/docs/tokenomics.mdx); capacity and price are assumptions.
    private static let loopin =
        "calibrate schedule --tokens 100000 --every 1d --start 2024-04-09 --halving 365d --share 0.7 --capacity 400 --token-price 0.5"

    @Test func saysWhenTheRewardLeavesTheBand() throws {
        let folder = try TestFolder()
        let run = try folder.data(Self.loopin + " --beta 0.7 --delta 2.6 --p 0.05 --theta 1 --epochs e.csv")
        let csv = run.csv
        #expect(try csv.number("supply") == 73_000_000)
        #expect(isClose(try csv.number("gamma_start"), 100_000 / 24 * 0.7 * 0.5 / 400, 1e-15))
        // 3.65, 1.82, 0.91, 0.46 against 0.7 … 1.4.
        #expect(try csv.cell("above_until") == "2026-04-09T00:00:00")
        #expect(try csv.cell("balanced_from") == "2026-04-09T00:00:00")
        #expect(try csv.cell("balanced_until") == "2027-04-09T00:00:00")
        #expect(try csv.cell("below_from") == "2027-04-09T00:00:00")
        #expect(try csv.number("duration_balanced") == 365 * 86400)
        #expect(try csv.cell("halvings_until_below") == "3")
        let epochs = try folder.csv("e.csv")
        #expect(epochs["outcome"] == ["seller-scarcity", "seller-scarcity", "balanced", "lp-exodus"])
        #expect(
            epochs["start"] == [
                "2024-04-09T00:00:00", "2025-04-09T00:00:00", "2026-04-09T00:00:00", "2027-04-09T00:00:00",
            ])
        #expect(epochs.numbers("tokens") == [100_000, 50_000, 25_000, 12_500])
        #expect(epochs.numbers("emitted") == [36_500_000, 54_750_000, 63_875_000, 68_437_500])
        for (capacity, gamma) in zip(epochs.numbers("capacity_high"), epochs.numbers("gamma")) {
            #expect(isClose(capacity / 400, gamma / 0.7, 1e-14))
        }
    }

    @Test func tellsOfABandThatIsJumpedOver() throws {
        let folder = try TestFolder()
        let run = try folder.pinfi(Self.loopin + " --beta 1 --delta 1.2")
        #expect(run.status == 0)
        #expect(run.errors.contains("halving 2 takes the reward from above the band to below it"))
        #expect(try run.csv.cell("balanced_from") == "")
        #expect(try run.csv.cell("above_until") == run.csv.cell("below_from"))
        #expect(try run.csv.number("duration_balanced") == 0)
        let empty = try folder.data(Self.loopin + " --beta 2 --delta 1.2 --epochs e.csv --count 2")
        #expect(try empty.csv.cell("below_from") == "")
        #expect(try folder.csv("e.csv")["outcome"] == ["empty-band", "empty-band"])
    }

    @Test(arguments: [
        ("--tokens 1 --start 0 --halving 1d --capacity 1", "The price of a token is missing: give --token-price"),
        ("--tokens 1 --start 0 --halving 1y --capacity 1 --token-price 1", "s, min, h, d or w"),
        ("--tokens 1 --start x --halving 1d --capacity 1 --token-price 1", "this is no time"),
        ("--tokens 1 --start 0 --halving 1d --capacity 1 --token-price 1 --share 1.5", "at most 1"),
        ("--tokens 1e300 --start 0 --halving 1d --capacity 1e-300 --token-price 1", "positive finite double"),
        ("--start 0 --halving 1d --capacity 1 --token-price 1", "The number of tokens a period is missing"),
    ]) func refuses(_ line: String, _ words: String) throws {
        let run = try TestFolder().pinfi("calibrate schedule --beta 1 --delta 2 \(line)")
        #expect(run.status == 64, "\(run.errors)")
        #expect(run.errors.contains(words), "\(run.errors)")
    }
}

@Suite struct CalibrateRobustCommandTests {
    private static func line(_ rest: String) -> [String] {
        "calibrate robust --vary beta=uniform(0.6,0.8) --vary p=uniform(0,0.2) --theta 1 --vary delta=uniform(1.4,1.8) \(rest)"
            .split(separator: " ").map(String.init)
    }

    @Test func tellsTheRewardsOfAProbability() throws {
        let folder = try TestFolder()
        let run = try folder.pinfi(Self.line("--samples 4000 --design random --seed 3 --profile p.csv --threads 1"))
        #expect(run.status == 0)
        #expect(run.errors == "")
        let csv = run.csv
        #expect(try csv.number("probability") == 0.95)
        #expect(try csv.cell("failed") == "0")
        #expect(try csv.cell("samples") == "4000")
        let (low, high) = (try csv.number("gamma_low"), try csv.number("gamma_high"))
        // The 0.95-quantile of β is 0.79.
        #expect(abs(low - 0.79) < 0.005)
        #expect(high > low)
        #expect(try csv.number("gamma_low_sure") >= low)
        #expect(try csv.number("gamma_high_sure") <= high)
        #expect(try csv.number("worst_gamma_low") == 0.8)
        let corner = PlainModel(beta: 0.6, p: 0.2, theta: 1, delta: 1.4)
        #expect(isClose(try csv.number("worst_gamma_high"), corner.sellerPayoff(1.4), 1e-13))
        #expect(try csv.number("probability_best") == 1)
        #expect(try csv.number("gamma_best_low") >= 0.79)
        #expect(try csv.cell("status") == "ok")
        let profile = try folder.csv("p.csv")
        for (gamma, share) in zip(profile.numbers("gamma"), profile.numbers("share_balanced")) {
            #expect((share >= 0.95) == (gamma >= low && gamma <= high))
        }
        let again = try folder.pinfi(Self.line("--samples 4000 --design random --seed 3 --threads 3"))
        #expect(again.output == run.output)
    }

    @Test func thereMayBeNoSuchReward() throws {
        let folder = try TestFolder()
        let run = try folder.pinfi(
            "calibrate robust --vary beta=loguniform(0.1,2) --delta 1.3 --samples 500 --epsilon 0.01")
        #expect(run.status == 0)
        let best = try run.csv.number("probability_best")
        #expect(run.errors.contains("no reward is balanced with probability 0.99 in the sample; the best, from"))
        #expect(run.errors.contains("has \(best)"))
        #expect(try run.csv.cell("status").contains("has \(best)"))
        #expect(try run.csv.cell("gamma_low") == "")
        #expect(try run.csv.cell("gamma_low_sure") == "")
        #expect(try run.csv.cell("worst_gamma_low") == "")
        #expect(try run.csv.number("share_empty_band") > 0.05)
        #expect(try run.csv.number("probability_best") < 0.9)
        #expect(try run.csv.number("probability_best_error") > 0.005)
        let ratio = try folder.data("calibrate robust --vary b=uniform(0.6,0.8) --d 1.6 --samples 500")
        #expect(
            isClose(
                try ratio.csv.number("worst_gamma_high"), PlainModel.ratios(b: 0.6, d: 1.6).sellerPayoff(1.6), 1e-13))
    }

    @Test(arguments: [
        ("--beta 1 --delta 2 --samples 9", "What varies is missing"),
        ("--vary beta=uniform(1,2) --samples 9", "--delta"),
        ("--vary beta=uniform(1,2) --delta 2", "give --samples"),
        ("--vary beta=1:2:3 --delta 2 --samples 9", "is a range"),
        ("--vary gamma=uniform(1,2) --beta 1 --delta 2 --samples 9", "allowed: beta, p, theta, delta, fee, b, d"),
        ("--vary beta=normal(1,2) --delta 2 --samples 9", "8.2 standard deviations"),
        ("--vary beta=normal(1,2) --delta 2 --samples 9", "truncated_normal(mean,sd,low,high)"),
        ("--vary beta=uniform(1,2) --delta 2 --samples 9 --epsilon 1", "from 0 to less than 1"),
    ]) func refuses(_ line: String, _ words: String) throws {
        let run = try TestFolder().pinfi("calibrate robust \(line)")
        #expect(run.status == 64, "\(run.errors)")
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    /// Rows count alike, or as long as they last; the manifest says which.
    @Test func empiricalPricesAreWeighedByTimeWhereThereIsOne() throws {
        let folder = try TestFolder()
        // 0.5 for an eighth of the time, 0.9 for the rest; the last row lasts no time.
        try folder.write(
            "when,price\n2024-01-01T00:00:00,0.5\n2024-01-01T01:00:00,0.9\n2024-01-01T04:00:00,0.9\n"
                + "2024-01-01T08:00:00,0.7\n", to: "p.csv")
        let line =
            "calibrate robust --delta 1.3 --samples 4096 --design sobol --profile r.csv --manifest m.json --quiet"
        _ = try folder.data("\(line) --vary beta=empirical(p.csv:price:when)")
        // γ from 0.5 to below 0.9 is balanced for β = 0.5 alone: γ_max(0.5) = 0.8373.
        #expect(abs(try folder.csv("r.csv").numbers("share_balanced")[1] - 0.125) < 1e-3)
        #expect(try folder.text("m.json").contains("\"beta_weights\": \"duration\""))
        _ = try folder.data("\(line) --vary beta=empirical(p.csv:price)")
        #expect(abs(try folder.csv("r.csv").numbers("share_balanced")[1] - 0.25) < 1e-3)
        #expect(try folder.text("m.json").contains("\"beta_weights\": \"rows\""))
        let unknown = try folder.pinfi("\(line) --vary beta=empirical(p.csv:price:then)")
        #expect(unknown.status == 65)
        #expect(unknown.errors.contains("did you mean \"when\"?"), "\(unknown.errors)")
    }
}
