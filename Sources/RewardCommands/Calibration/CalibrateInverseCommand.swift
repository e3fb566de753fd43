import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies

/// `pinfi calibrate inverse`: which p, θ, φ or δ keep a given reward inside the band.
struct CalibrateInverseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inverse",
        abstract:
            "Which failure probability, collateral, fee, price or reservation price keeps a given reward inside the band.",
        discussion: """
            One row for each of p, theta, expected_forfeit (p theta), fee and delta, the others being as they are: the values \
            from low to high keep the market balanced, both ends included, and no others do. high is empty where all from low \
            on will do, both where none will: status says why. p and theta enter by their product alone. A larger forfeit \
            narrows the band but where genuine buyers pay more than about six times the seller's cost; low is above 0 only there.

            --all has beta and alpha too: the external prices that keep the market balanced, low being 0 where any below high \
            does, and the pool prices from alpha_s to alpha_g, at which sellers and genuine buyers both trade, whatever the reward.

            Example:
              pinfi calibrate inverse --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 \\
                --gamma 0.85
            """)

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The reward") var reward: RewardOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Only these of \(RewardInverse.Parameter.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "a,b,c"),
        transform: { text in
            try namesArgument(text).map { name in
                guard let parameter = RewardInverse.Parameter(rawValue: name) else {
                    let names = RewardInverse.Parameter.allCases.map(\.rawValue)
                    let nearest = nearestName(to: name, among: names).map { "did you mean \($0)? " } ?? ""
                    throw ArgumentFault(
                        "there is no \(shownInMessage(name)) here; \(nearest)allowed: \(names.joined(separator: ", "))")
                }
                return parameter
            }
        })
    var parameters: [RewardInverse.Parameter]?

    @Flag(help: "Of beta and alpha too.")
    var all = false

    @OptionGroup(title: "Everywhere") var common: CommonOptions

    /// The parameters of a run that asks for none by name.
    private static let standard: [RewardInverse.Parameter] = [
        .failureProbability, .collateral, .expectedForfeit, .swapFee, .reservationPrice,
    ]

    func run() throws {
        if all, parameters != nil {
            throw CommandFailure(.usage, "--all and --parameters both say which parameters; keep one of them.")
        }
        let files = try RunFiles(common)
        let values = try ParameterValues(market: market, reward: reward, files: files)
        try values.requireMarket()
        let gamma = try values.requireReward()
        let inverse = RewardInverse(market: try values.makeMarket(), blockReward: gamma)
        let run = try RunOutputs("calibrate inverse", common, files)
        run.record.add(values)
        try run.write(table(inverse), keyColumns: 1)
        try run.finish()
    }

    private func table(_ inverse: RewardInverse) -> Table {
        let parameters = parameters ?? (all ? RewardInverse.Parameter.allCases : Self.standard)
        let results = parameters.map(inverse.values(of:))
        func real(_ value: (RewardInverse.Range) -> Double?) -> ColumnValues {
            .real(results.map { (try? $0.get()).flatMap(value) ?? .nan })
        }
        let columns = [
            Column("parameter", .text, summary: "the parameter that changes alone"),
            Column("low", .real, summary: "smallest value that keeps the market balanced"),
            Column("high", .real, summary: "largest value that does; empty where all from low on do"),
            Column("value", .real, summary: "the market's own value; empty for alpha"),
            Column("is_inside", .boolean, summary: "whether that keeps it balanced; empty for alpha"),
            Column("status", .text, summary: "ok, or why no value keeps the market balanced"),
        ]
        let isInside = Equilibrium(market: inverse.market, blockReward: inverse.blockReward).outcome == .balanced
        let chunk = TableChunk(
            rowCount: parameters.count,
            columns: [
                .text(parameters.map(\.rawValue)), real(\.lower), real(\.upper),
                .real(parameters.map { inverse.value(of: $0) ?? .nan }),
                .boolean(parameters.map { inverse.value(of: $0) == nil ? nil : isInside }),
                .text(
                    results.map { result in
                        if case .failure(let reason) = result { reason.description } else { PointQuantity.ok }
                    }),
            ])
        return Table(columns: columns, keys: ["parameter"], source: .indexed(chunkCount: 1) { _ in chunk })
    }
}
