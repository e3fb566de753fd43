// `pinfi protocol`.
import Foundation
import Testing

@Suite struct ProtocolCommandTests {
    static let line =
        "protocol --beta 0.7 --p 0.2 --theta 1.5 --delta 1.3 --gamma 0.79 --providers 60 --runs 4 --quiet"

    @Test func tellsQuantitiesOverTime() throws {
        let folder = try TestFolder()
        let csv = try folder.data("\(Self.line) --until 2 --every 1").csv
        #expect(
            csv.header == [
                "time", "mechanism", "pool", "quantity", "mean", "standard_error", "standard_deviation", "q05", "q25",
                "median", "q75", "q95", "mean_field", "runs",
            ])
        #expect(csv.rows.count == 3 * 14)
        #expect(csv.rows[0].prefix(7) == ["0", "pool", "pool", "price", "1", "0", "0"])
        #expect(csv["runs"].allSatisfy { $0 == "4" })
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let folder = try TestFolder()
        let line = "\(Self.line) --until 3 --every 1 --mechanism pool,posted --list-price 1.1"
        let one = try folder.data(line + " --threads 1")
        for threads in ["2", "3"] { #expect(try folder.data(line + " --threads \(threads)").bytes == one.bytes) }
        #expect(try folder.data(line + " --seed 1").bytes != one.bytes)
    }

    @Test func writesItsOtherOutputs() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "\(Self.line) --until 4 --every 1 --mechanism pool,posted --kappa-b 0 --summary summary.csv "
                + "--compare compare.csv --band band.csv --per-run runs.csv -o out.csv")
        #expect(ended.status == 0)
        func csv(_ name: String) throws -> CSVText { CSVText(try folder.text(name)) }
        let summary = try csv("summary.csv")
        #expect(
            summary.header == [
                "mechanism", "pool", "metric", "mean", "standard_error", "q05", "median", "q95", "theory",
            ])
        #expect(summary.rows.count == 2 * 13)
        let compare = try csv("compare.csv")
        #expect(
            compare.header == [
                "pool", "metric", "mean_pool", "standard_error_pool", "mean_posted", "standard_error_posted",
                "difference", "standard_error_difference",
            ])
        #expect(compare["metric"].contains("net_minted_per_unit"))
        #expect(try csv("band.csv").header == ["run", "pool", "share_in_band", "first_exit_time"])
        #expect(try csv("band.csv").rows.count == 4)
        #expect(
            try csv("runs.csv").header == ["run", "time", "mechanism", "pool", "quantity", "value", "status"])
        #expect(try csv("runs.csv").rows.count == 4 * 5 * 2 * 14)
    }

    /// The rows of the ledger alone give back the token reserve and what was burned.
    @Test func ledgerCanBeAudited() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi(
            "\(Self.line) --fee 0.1 --until 3 --every 1 --audit event --ledger ledger.csv -o out.csv")
        #expect(ended.status == 0)
        let ledger = CSVText(try folder.text("ledger.csv"))
        #expect(
            ledger.header == [
                "event", "time", "kind", "pool", "actor", "units", "tokens", "fee", "reserve_asset", "reserve_token",
                "price", "minted", "burned", "audit_error",
            ])
        let kinds = ledger["kind"]
        let (tokens, fees) = (ledger.numbers("tokens"), ledger.numbers("fee"))
        let (reserves, burned) = (ledger.numbers("reserve_token"), ledger.numbers("burned"))
        // A lot that expires takes its refund with it, so that an event's change is compared at its end.
        // The first event's change is in all of its rows.
        let events = ledger["event"]
        let first = try #require(events.lastIndex(of: events[0]))
        var (reserve, burns) = (reserves[first], burned[first])
        for row in kinds.indices.dropFirst(first + 1) {
            switch kinds[row] {
            case "refund": reserve -= tokens[row]
            case "deposit": reserve += tokens[row]
            case "sale": (reserve, burns) = (reserve - tokens[row] - fees[row], burns + fees[row])
            case "purchase", "resale": (reserve, burns) = (reserve + tokens[row] - fees[row], burns + fees[row])
            case "collateral-forfeited", "burn-certificate": burns += tokens[row]
            default: break
            }
        }
        let last = kinds.count - 1
        // Thousands of numbers of ten and more digits.
        #expect(abs(reserve - reserves[last]) <= 1e-9)
        #expect(abs(burns - burned[last]) <= 1e-9)
        #expect(ledger.numbers("audit_error").allSatisfy { abs($0) <= 1e-8 })
        #expect(kinds.contains("sale") && kinds.contains("purchase") && kinds.contains("reward"))
    }

    @Test func readsPoolsAndASchedule() throws {
        let folder = try TestFolder()
        try folder.write(
            """
            pools:
              - name: small
                providers: 30
                beta: 0.7
                delta: 1.3
              - name: large
                providers: 20
                beta: 2.1
                delta: 3.9
                theta: 4.5
                alpha: 3.3
            schedule: {tokens: 50, every: 1d, halving: 4d, period: 1d}
            """, to: "pools.yaml")
        let csv = try folder.data(
            "protocol --pools pools.yaml --p 0.2 --theta 1.5 --runs 2 --until 6 --every 6 --quiet"
        ).csv
        let large = try #require(csv.rows.first { $0[2] == "large" && $0[3] == "price" })
        #expect(large[4] == "3.3")
        // 50 a day for four days, 25 for two, of which all is minted that somebody is there for.
        let minted = csv.rows.filter { $0[0] == "6" && $0[3] == "minted" }.compactMap { Double($0[4]) }
        #expect(minted.count == 2)
        #expect(minted.reduce(0, +) <= 250.000001)
        #expect(minted.reduce(0, +) >= 0.3 * 250)
    }

    @Test(arguments: [
        ("providers: 0", "providers"), ("name: [a]", "name"), ("betta: 1", "did you mean beta"),
        ("weight: -1", "weight"), ("beta: 0.7", "delta"),
    ])
    func complainsOfPools(_ line: String, _ word: String) throws {
        let folder = try TestFolder()
        try folder.write("pools:\n  - \(line)\n", to: "pools.yaml")
        let ended = try folder.pinfi("protocol --pools pools.yaml --gamma 0.79 --until 1 --every 1")
        #expect(ended.status == 65)
        #expect(ended.errors.contains("pools.yaml"))
        #expect(ended.errors.contains(word))
    }

    @Test(arguments: [
        ("--until 1", "--every"), ("--until 2 --every 1 --seed-liquidity 0", "--seed-liquidity"),
        ("--until 2 --every 1 --lag 0.1", "--lag"), ("--until 2 --every 1 --list-price 1", "--list-price"),
        ("--until 2 --every 1 --compare x.csv", "--compare"), ("--until 2 --every 1 --reward emission", "--emission"),
        ("--until 2 --every 1 --order-size 1e-12", "order-size"), ("--until 2 --every 1 --mechanism auction", "pool"),
        ("--until 2 --every 1 --burn 2", "burn"), ("--until 2 --every 1 --providers 0", "--providers"),
        ("--until 2 --every 1 --shares x=1,lp=0.5", "--shares"),
    ])
    func refuses(_ options: String, _ word: String) throws {
        let ended = try TestFolder().pinfi("\(Self.line) \(options)")
        #expect(ended.status == 64)
        #expect(ended.errors.contains(word))
    }
}
