import ArgumentParser
import RoleDynamics

/// The options that give a market, all but the pool price and the block reward.
struct MarketOptions: ParsableArguments, ParameterOptions {
    @Option(.market(.beta), note: "Required, or --b.") var beta: Double?
    @Option(.market(.p)) var p: Double?
    @Option(.market(.theta)) var theta: Double?
    @Option(.market(.delta), note: "Required, or --d.") var delta: Double?
    @Option(.market(.fee)) var fee: Double?
    @Option(.market(.period)) var period: Double?
    @Option(.b, note: "With c = β + pθ = 1; excludes --beta, --p, --theta, --delta, --gamma.") var b: Double?
    @Option(.d) var d: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Take parameters from this YAML file, a line such as beta: 0.7 for each; options override it.",
            valueName: "file.yaml"))
    var market: String?

    @Option(.kappaG) var kappaG: Double?
    @Option(.kappaB) var kappaB: Double?
    @Option(.kappaS) var kappaS: Double?

    var given: [ParameterName: Double?] {
        [
            .market(.beta): beta, .market(.p): p, .market(.theta): theta, .market(.delta): delta, .market(.fee): fee,
            .market(.period): period, .b: b, .d: d, .kappaG: kappaG, .kappaB: kappaB, .kappaS: kappaS,
        ]
    }
}

/// The options that give a block reward.
struct RewardOptions: ParsableArguments, ParameterOptions {
    @Option(.market(.gamma)) var gamma: Double?
    @Option(.y) var y: Double?

    var given: [ParameterName: Double?] { [.market(.gamma): gamma, .y: y] }
}

/// The options that give a block reward where `--y` is an axis.
struct AxisRewardOptions: ParsableArguments, ParameterOptions {
    @Option(.market(.gamma)) var gamma: Double?
    @Option(.y, names: .long, note: "(--y is an axis here.)") var rewardRatio: Double?

    var given: [ParameterName: Double?] { [.market(.gamma): gamma, .y: rewardRatio] }
    var otherNames: [ParameterName: String] { [.y: "reward-ratio"] }

    /// The name of an option of these that was given; nil for none.
    var givenOption: String? { gamma != nil ? "--gamma" : rewardRatio != nil ? "--reward-ratio" : nil }
}

/// The options that give a point of the phase diagram.
struct PointOptions: ParsableArguments, ParameterOptions {
    @Option(.market(.alpha)) var alpha: Double?
    @Option(.x) var x: Double?
    @OptionGroup var reward: RewardOptions

    var given: [ParameterName: Double?] { reward.given.merging([.market(.alpha): alpha, .x: x]) { $1 } }
}
