import ArgumentParser
import DissipativeMarket
import Foundation
import Reporting
import RewardStudies
import RoleDynamics

/// The options that give a market, all but the pool price and the block reward.
struct MarketOptions: ParsableArguments {
    @Option(
        name: [.customLong("beta"), .customLong("external-price")], parsing: .unconditional,
        help: ArgumentHelp("β, the price in the external market; required, > 0.", valueName: "tokens"),
        transform: parameterArgument(.beta))
    var beta: Double?

    @Option(
        name: [.customLong("p"), .customLong("failure-probability")], parsing: .unconditional,
        help: ArgumentHelp(
            "p, the probability that a seller's delivery fails verification. Default: 0.", valueName: "0…1"),
        transform: parameterArgument(.p))
    var p: Double?

    @Option(
        name: [.customLong("theta"), .customLong("collateral")], parsing: .unconditional,
        help: ArgumentHelp("θ, the collateral per unit forfeited on failure. Default: 0.", valueName: "tokens"),
        transform: parameterArgument(.theta))
    var theta: Double?

    @Option(
        name: [.customLong("delta"), .customLong("reservation-price")], parsing: .unconditional,
        help: ArgumentHelp("δ, the highest price that genuine buyers pay; required, > 0.", valueName: "tokens"),
        transform: parameterArgument(.delta))
    var delta: Double?

    @Option(
        name: [.customLong("fee"), .customLong("swap-fee")], parsing: .unconditional,
        help: ArgumentHelp(
            "φ, the fraction of each swap that is burned (an extension). Default: 0.", valueName: "0…<1"),
        transform: parameterArgument(.fee))
    var fee: Double?

    @Option(
        name: [.customLong("period"), .customLong("staking-period")], parsing: .unconditional,
        help: ArgumentHelp("T, the lifetime of a staked unit. Default: 1.", valueName: "time"),
        transform: parameterArgument(.period))
    var period: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Ratio form: b = β/c with c = β + pθ = 1; excludes --beta, --p, --theta, --delta, --gamma.",
            valueName: "0<…1"),
        transform: positiveArgument("ratio b = β/c", atMost: 1))
    var b: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Ratio form: d = δ/c.", valueName: "ratio"),
        transform: positiveArgument("ratio d = δ/c"))
    var d: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Take parameters from this YAML file, a line such as beta: 0.7 for each; options override it.",
            valueName: "file.yaml"))
    var market: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("κ_g, trade intensity of genuine buyers. Default: 0.5.", valueName: "κ"),
        transform: positiveArgument("trade intensity of genuine buyers"))
    var kappaG: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("κ_b, of speculating buyers. Default: 0.5.", valueName: "κ"),
        transform: positiveArgument("trade intensity of speculating buyers", orZero: true))
    var kappaB: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("κ_s, of sellers. Default: 1.", valueName: "κ"),
        transform: positiveArgument("trade intensity of sellers"))
    var kappaS: Double?

    fileprivate var given: [ParameterName: Double?] {
        [
            .market(.beta): beta, .market(.p): p, .market(.theta): theta, .market(.delta): delta, .market(.fee): fee,
            .market(.period): period, .b: b, .d: d, .kappaG: kappaG, .kappaB: kappaB, .kappaS: kappaS,
        ]
    }
}

/// The options that give a block reward.
struct RewardOptions: ParsableArguments {
    @Option(
        name: [.customLong("gamma"), .customLong("block-reward")], parsing: .unconditional,
        help: ArgumentHelp("γ, the reward an LP receives per unit staked for one period, ≥ 0.", valueName: "tokens"),
        transform: parameterArgument(.gamma))
    var gamma: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Ratio form: y = γ/c.", valueName: "ratio"),
        transform: positiveArgument("ratio y = γ/c", orZero: true))
    var y: Double?

    fileprivate var given: [ParameterName: Double?] { [.market(.gamma): gamma, .y: y] }
}

/// The options that give a point of the phase diagram.
struct PointOptions: ParsableArguments {
    @Option(
        name: [.customLong("alpha"), .customLong("pool-price")], parsing: .unconditional,
        help: ArgumentHelp("α, the spot price in the pool, > 0.", valueName: "tokens"),
        transform: parameterArgument(.alpha))
    var alpha: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Ratio form: x = α/c (the same as --alpha there, since c = 1).", valueName: "ratio"),
        transform: positiveArgument("ratio x = α/c"))
    var x: Double?

    @OptionGroup var reward: RewardOptions

    fileprivate var given: [ParameterName: Double?] { reward.given.merging([.market(.alpha): alpha, .x: x]) { $1 } }
}

/// The parameters that options and file give together: an option overrides the file, ratios are made raw.
struct ParameterValues {
    /// The values.
    private(set) var point = ParameterPoint()
    /// Where each value was given, in words; of a market in ratio form only what is no ratio.
    private(set) var places: [MarketParameter: String] = [:]
    /// Whether the market was given by its ratios, b or d.
    let isRatioForm: Bool

    /// κ_g, κ_b and κ_s.
    var intensities: TradeIntensities { point.intensities }
    /// Those of role dynamics; the baseline where the command does not take them.
    var revision: RevisionParameters { point.revision }

    /// How holders revise their role; logit where nothing says otherwise.
    let revisionProtocol: RevisionProtocol

    /// A parameter that varies.
    struct Varied {
        /// The option that says so: "--vary".
        let option: String
        let name: ParameterName
        /// A value that stands for all of them.
        let value: Double
    }

    /// What the command does not take is left aside where a file has it.
    ///
    /// - Parameters:
    ///   - point: where the command takes a pool price and a block reward.
    ///   - reward: where it takes a block reward alone.
    ///   - role: where it takes the parameters of role dynamics.
    ///   - varied: what varies; an option beside it is an error, and a file is overridden.
    ///   - open: what may be left open, since nothing that is asked depends on it.
    ///   - files: what the run reads and writes.
    init(
        market: MarketOptions, point: PointOptions? = nil, reward: RewardOptions? = nil, role: RoleOptions? = nil,
        varied: [Varied] = [], open: Set<ParameterName> = [], files: RunFiles
    ) throws {
        let file = try market.market.map { try MarketFile(path: $0, files: files) }
        var options: [ParameterName: Double] = [:]
        for given in [market.given, point?.given, reward?.given, role?.given] {
            options.merge((given ?? [:]).compactMapValues { $0 }) { first, _ in first }
        }
        var left: Set<ParameterName> = point == nil ? ParameterName.point : []
        if reward != nil { left.subtract([.market(.gamma), .y]) }
        if role == nil { left.formUnion(ParameterName.role) }
        var found: [ParameterName: (value: Double, place: String)] = [:]
        for name in ParameterName.all where !left.contains(name) {
            if let value = options[name] {
                found[name] = (value, "--\(name.short)")
            } else if let value = file?.values[name] {
                found[name] = (value, "\(name.short) of \(file?.place(of: name.short) ?? "")")
            }
        }
        revisionProtocol = (role.map { $0.givenProtocol ?? file?.revisionProtocol } ?? nil) ?? .logit
        let leftAside =
            ParameterName.all.filter { left.contains($0) && file?.values[$0] != nil }.map(\.short)
            + (role == nil && file?.revisionProtocol != nil ? [MarketFile.protocolName] : [])
        if let file, !leftAside.isEmpty {
            files.note("This command leaves aside what \(file.name) says of \(leftAside.formatted(.list(type: .and))).")
        }
        for varied in varied {
            let name = varied.name
            if options[name] != nil {
                throw CommandFailure(
                    .usage,
                    "--\(name.short) and \(varied.option) \(name.short)=… both give \(name.short); keep one of them.")
            }
            found[name] = (varied.value, "\(varied.option) \(name.short)")
            options[name] = varied.value
        }

        if let x = found[.x], let alpha = found[.market(.alpha)] {
            throw CommandFailure(
                .usage, "\(x.place) and \(alpha.place) both give the pool price; keep one of them.")
        }
        let ratios = [ParameterName.b, .d, .y, .x].filter { found[$0] != nil }
        if let ratio = ratios.first {
            for parameter in [MarketParameter.beta, .p, .theta, .delta, .gamma] {
                if let clash = found[.market(parameter)], let given = found[ratio] {
                    let inFile = options[ratio] == nil && options[.market(parameter)] == nil
                    throw CommandFailure(
                        inFile ? .badData : .usage,
                        "\(given.place) is the ratio form, which excludes \(clash.place): "
                            + "give either b, d, y or beta, p, theta, delta, gamma.")
                }
            }
            for (name, meaning) in [(ParameterName.b, "β/c"), (.d, "δ/c")]
            where found[name] == nil && !open.contains(name) {
                throw CommandFailure(
                    .usage,
                    "\(found[ratio]?.place ?? "") is the ratio form, which needs --\(name.short) (\(meaning)) too.")
            }
        }
        isRatioForm = !ratios.isEmpty
        for name in ParameterName.all {
            guard let given = found[name] else { continue }
            try self.point.set(name, to: given.value)
            if case .market(let parameter) = name { places[parameter] = given.place }
        }
    }

    subscript(parameter: MarketParameter) -> Double? {
        get { point[parameter] }
        set { point[parameter] = newValue }
    }

    /// Throws unless β and δ are there, or in `columns`.
    func requireMarket(columns: Set<MarketParameter> = [], columnHint: Bool = false) throws {
        for (parameter, ratio) in [(MarketParameter.beta, "b"), (.delta, "d")]
        where point[parameter] == nil && !columns.contains(parameter) {
            throw CommandFailure(
                .usage,
                "The \(parameter.title) is missing: give --\(parameter.rawValue)"
                    + (columnHint ? " or --column \(parameter.rawValue)=NAME" : "")
                    + ", a --market file with it, or --\(ratio) in ratio form.")
        }
    }

    /// The pool price and the block reward, which the command needs both.
    func requirePoint() throws -> (poolPrice: Double, blockReward: Double) {
        guard let alpha = point[.alpha] else {
            throw CommandFailure(.usage, "The pool price is missing: give --alpha, or --x in ratio form.")
        }
        return (alpha, try requireReward())
    }

    /// The block reward, which the command needs.
    func requireReward() throws -> Double {
        guard let gamma = point[.gamma] else {
            throw CommandFailure(.usage, "The block reward is missing: give --gamma, or --y in ratio form.")
        }
        return gamma
    }

    /// The market; the defaults are p = θ = φ = 0, T = 1.
    func makeMarket() throws(ParameterError) -> Market { try point.makeMarket() }
}

extension RunRecord {
    /// Adds the market and the point as they were used.
    mutating func add(_ values: ParameterValues) {
        for parameter in MarketParameter.allCases {
            configuration[parameter.rawValue] = JSONValue(values[parameter] ?? parameter.defaultValue)
        }
        add(values.intensities)
    }
}
