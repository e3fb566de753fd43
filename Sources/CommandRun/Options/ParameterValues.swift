import DissipativeMarket
import Foundation
import Reporting
import RoleDynamics

/// The parameters that options and file give together: an option overrides the file, ratios are made raw.
package struct ParameterValues {
    /// The values.
    package private(set) var point = ParameterPoint()
    /// The place where each value was given, in words; of a market in ratio form only what is no ratio.
    package private(set) var places: [MarketParameter: String] = [:]
    /// Whether the market was given by its ratios, b or d.
    package let isRatioForm: Bool
    /// The option that gives y = γ/c.
    private let rewardRatioOption: String

    /// The trade intensities κ_g, κ_b and κ_s.
    package var intensities: TradeIntensities { point.intensities }
    /// The parameters w, λ, ρ, η and τ; the baseline where the command does not take them.
    package var revision: RevisionParameters { point.revision }

    /// The way in which holders revise their role; logit where nothing says otherwise.
    package var revisionProtocol: RevisionProtocol { point.revisionProtocol }

    /// A parameter that varies.
    package struct Varied {
        /// The option that says so: "--vary".
        package let option: String
        package let name: ParameterName
        /// A value that stands for all of them.
        package let value: Double

        package init(option: String, name: ParameterName, value: Double) {
            self.option = option
            self.name = name
            self.value = value
        }
    }

    /// The values of what a command takes; what it does not take is left aside where a file has it.
    ///
    /// - Parameters:
    ///   - point: where the command takes a pool price and a block reward.
    ///   - reward: where it takes a block reward alone.
    ///   - role: where it takes the parameters of role dynamics.
    ///   - varied: what varies; an option beside it is an error, and a file is overridden.
    ///   - open: what may be left open, since nothing that is asked depends on it.
    ///   - files: what the run reads and writes.
    package init(
        market: MarketOptions, point: PointOptions? = nil, reward: (any ParameterOptions)? = nil,
        role: (any RoleDynamicsOptions)? = nil, varied: [Varied] = [], open: Set<ParameterName> = [], files: RunFiles
    ) throws {
        let file = try market.market.map { try MarketFile(path: $0, files: files) }
        if let role { self.point.revisionProtocol = role.givenProtocol ?? file?.revisionProtocol ?? .logit }
        let groups = ([market, point, reward, role] as [(any ParameterOptions)?]).compactMap { $0 }
        var options: [ParameterName: Double] = [:]
        var found: [ParameterName: (value: Double, place: String)] = [:]
        func option(_ name: ParameterName) -> String {
            "--" + (groups.lazy.compactMap { $0.otherNames[name] }.first ?? name.short)
        }
        for (name, given) in groups.flatMap(\.given) {
            if let given {
                options[name] = given
                found[name] = (given, option(name))
            } else if let value = file?.values[name] {
                found[name] = (value, "\(name.short) of \(file?.place(of: name.short) ?? "")")
            }
        }
        let taken = Set(groups.flatMap(\.given.keys))
        let leftAside =
            ParameterName.all.filter { !taken.contains($0) && file?.values[$0] != nil }.map(\.short)
            + (role == nil && file?.revisionProtocol != nil ? [MarketFile.protocolName] : [])
        if let file, !leftAside.isEmpty {
            files.note("This command leaves aside what \(file.name) says of \(leftAside.formatted(.list(type: .and))).")
        }
        for varied in varied {
            let name = varied.name
            if options[name] != nil {
                throw CommandFailure(
                    .usage,
                    "\(option(name)) and \(varied.option) \(name.short)=… both give \(name.short); keep one of them.")
            }
            found[name] = (varied.value, "\(varied.option) \(name.short)")
            options[name] = varied.value
        }

        if let x = found[.x], let alpha = found[.market(.alpha)] {
            throw CommandFailure(
                .usage, "\(x.place) and \(alpha.place) both give the pool price; keep one of them.")
        }
        let ratios = [ParameterName.b, .d, .y, .x].filter { found[$0] != nil }
        if let ratio = ratios.first, let given = found[ratio] {
            for parameter in [MarketParameter.beta, .p, .theta, .delta, .gamma] {
                if let clash = found[.market(parameter)] {
                    let inFile = options[ratio] == nil && options[.market(parameter)] == nil
                    throw CommandFailure(
                        inFile ? .badData : .usage,
                        "\(given.place) is the ratio form, which excludes \(clash.place): "
                            + "give either b, d, y or beta, p, theta, delta, gamma.")
                }
            }
            for needed in [MarketRatio.b, .d] where found[.ratio(needed)] == nil && !open.contains(.ratio(needed)) {
                throw CommandFailure(
                    .usage,
                    "\(given.place) is the ratio form, which needs --\(needed.short) (\(needed.parameter.symbol)/c) too."
                )
            }
        }
        isRatioForm = !ratios.isEmpty
        rewardRatioOption = option(.y)
        for name in ParameterName.all {
            guard let given = found[name] else { continue }
            try self.point.set(name, to: given.value)
            if case .market(let parameter) = name { places[parameter] = given.place }
        }
    }

    package subscript(parameter: MarketParameter) -> Double? {
        get { point[parameter] }
        set { point[parameter] = newValue }
    }

    /// Throws unless β and δ are there, or in `columns`.
    package func requireMarket(columns: Set<MarketParameter> = [], columnHint: Bool = false) throws {
        for ratio in [MarketRatio.b, .d] {
            let parameter = ratio.parameter
            guard point[parameter] == nil, !columns.contains(parameter) else { continue }
            throw CommandFailure(
                .usage,
                "The \(parameter.title) is missing: give --\(parameter.short)"
                    + (columnHint ? " or --column \(parameter.short)=NAME" : "")
                    + ", a --market file with it, or --\(ratio.short) in ratio form.")
        }
    }

    /// The pool price and the block reward, which the command needs both.
    package func requirePoint() throws -> (poolPrice: Double, blockReward: Double) {
        guard let alpha = point[.alpha] else {
            throw CommandFailure(.usage, "The pool price is missing: give --alpha, or --x in ratio form.")
        }
        return (alpha, try requireReward())
    }

    /// The block reward, which the command needs.
    package func requireReward() throws -> Double {
        guard let gamma = point[.gamma] else {
            throw CommandFailure(
                .usage, "The block reward is missing: give --gamma, or \(rewardRatioOption) in ratio form.")
        }
        return gamma
    }

    /// The market; the defaults are p = θ = φ = 0, T = 1.
    package func makeMarket() throws(ParameterError) -> Market { try point.makeMarket() }

    /// The game.
    ///
    /// - Throws: `CommandFailure` with 64 where β, δ or γ is missing, `ParameterError` for what makes no game.
    package func makeGame() throws -> RoleGame {
        try requireMarket()
        _ = try requireReward()
        return try point.makeGame()
    }
}

extension RunRecord {
    /// Adds the market and the point as they were used.
    package mutating func add(_ values: ParameterValues) {
        for parameter in MarketParameter.allCases {
            configuration[parameter.column] = JSONValue(values.point[.market(parameter)])
        }
        add(values.intensities)
    }

    /// Adds κ_g, κ_b and κ_s.
    package mutating func add(_ intensities: TradeIntensities) {
        for name in [ParameterName.kappaG, .kappaB, .kappaS] {
            guard case .intensity(let group) = name else { continue }
            configuration[name.column] = .real(intensities[group])
        }
    }

    /// Adds the parameters of role dynamics.
    package mutating func add(_ parameters: RevisionParameters) {
        for parameter in RevisionParameter.allCases { configuration[parameter.column] = .real(parameters[parameter]) }
    }
}
