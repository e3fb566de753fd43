import ArgumentParser
import RoleDynamics

/// The options that give a market, all but the pool price and the block reward.
package struct MarketOptions: ParsableArguments, ParameterOptions {
    @Option(.market(.beta), note: "Required, or --b.") package var beta: Double?
    @Option(.market(.p)) package var p: Double?
    @Option(.market(.theta)) package var theta: Double?
    @Option(.market(.delta), note: "Required, or --d.") package var delta: Double?
    @Option(.market(.fee)) package var fee: Double?
    @Option(.market(.period)) package var period: Double?
    @Option(.b, note: "With c = β + pθ = 1; excludes --beta, --p, --theta, --delta, --gamma.") package var b: Double?
    @Option(.d) package var d: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Take parameters from this YAML file, a line such as beta: 0.7 for each; options override it.",
            valueName: "file.yaml"))
    package var market: String?

    @Option(.kappaG) package var kappaG: Double?
    @Option(.kappaB) package var kappaB: Double?
    @Option(.kappaS) package var kappaS: Double?

    package var given: [ParameterName: Double?] {
        [
            .market(.beta): beta, .market(.p): p, .market(.theta): theta, .market(.delta): delta, .market(.fee): fee,
            .market(.period): period, .b: b, .d: d, .kappaG: kappaG, .kappaB: kappaB, .kappaS: kappaS,
        ]
    }

    package init() {}
}

/// The options that give a block reward.
package struct RewardOptions: ParsableArguments, ParameterOptions {
    @Option(.market(.gamma)) package var gamma: Double?
    @Option(.y) package var y: Double?

    package var given: [ParameterName: Double?] { [.market(.gamma): gamma, .y: y] }

    package init() {}
}

/// The options that give a block reward where `--y` is an axis.
package struct AxisRewardOptions: ParsableArguments, ParameterOptions {
    @Option(.market(.gamma)) package var gamma: Double?
    @Option(.y, names: .long, note: "(--y is an axis here.)") package var rewardRatio: Double?

    package var given: [ParameterName: Double?] { [.market(.gamma): gamma, .y: rewardRatio] }
    package var otherNames: [ParameterName: String] { [.y: "reward-ratio"] }

    /// The name of an option of these that was given; nil for none.
    package var givenOption: String? { gamma != nil ? "--gamma" : rewardRatio != nil ? "--reward-ratio" : nil }

    package init() {}
}

/// The options that give a point of the phase diagram.
package struct PointOptions: ParsableArguments, ParameterOptions {
    @Option(.market(.alpha)) package var alpha: Double?
    @Option(.x) package var x: Double?
    @OptionGroup package var reward: RewardOptions

    package var given: [ParameterName: Double?] { reward.given.merging([.market(.alpha): alpha, .x: x]) { $1 } }

    package init() {}
}
