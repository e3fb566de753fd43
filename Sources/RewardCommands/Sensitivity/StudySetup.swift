import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies
import RoleDynamics

/// What a study is asked, checked: the parameters that vary, those that do not, and the quantities.
struct StudySetup {
    let varied: [StudyVariation]
    /// The distributions of those that have one, in the order of ``varied``; nil for ranges.
    let distributions: [Distribution?]
    let quantities: [Quantity]
    let values: ParameterValues
    let evaluator: QuantityEvaluator
    let rules: QuantityRules

    var names: [ParameterName] { varied.map(\.name) }

    /// The outputs that sensitivity is of: the quantities, of words an indicator each.
    var outputs: [StudiedOutput] { StudiedOutput.all(quantities, varied: names, rules: rules) }

    /// - Parameter besides: quantities that are computed though they are not asked for.
    /// - Throws: `CommandFailure` and `InputError` that say what is missing or wrong, and what is allowed.
    init(
        study: StudyOptions, market: MarketOptions, point: PointOptions, role: RoleOptions, besides: [Quantity] = [],
        common: CommonOptions, files: RunFiles
    ) throws {
        let quantities = try study.quantities()
        try self.init(
            varied: study.varied, empirical: study.empirical, quantities: quantities, besides: besides,
            rules: study.rules(for: quantities + besides), market: market,
            point: point, role: role, common: common, files: files)
    }

    /// A study of quantities that the command knows by itself.
    ///
    /// - Throws: `CommandFailure` and `InputError` that say what is missing or wrong, and what is allowed.
    init(
        varied: [StudyVariation], empirical: EmpiricalOptions, quantities asked: [Quantity], besides: [Quantity] = [],
        rules: QuantityRules = QuantityRules(), market: MarketOptions, point: PointOptions? = nil,
        role: RoleOptions? = nil, common: CommonOptions, files: RunFiles
    ) throws {
        var seen: Set<ParameterName> = []
        for variation in varied where !seen.insert(variation.name).inserted {
            throw CommandFailure(.usage, "--vary gives \(variation.name.short) twice; keep one of them.")
        }
        try empirical.check(varied)
        quantities = asked
        let computed = asked + besides.filter { !asked.contains($0) }
        self.varied = varied
        distributions = try varied.map { variation in
            guard case .distribution(let text) = variation.values else { return nil }
            let distribution =
                text.name == "empirical"
                ? try EmpiricalSource(text).read(for: variation.name, empirical, common, files)
                : try text.distribution()
            try variation.check(distribution)
            return distribution
        }
        let required = Set(computed.flatMap { rules.required($0) })
        var open: Set<ParameterName> = []
        if !required.contains(.beta) { open.insert(.b) }
        if !required.contains(.delta) { open.insert(.d) }
        values = try ParameterValues(
            market: market, point: point, role: role,
            varied: zip(varied, distributions).map { variation, distribution in
                // A value that stands for all; those outside of the domain say so one by one, and ½ is in every domain.
                let value =
                    switch variation.values {
                    case .range(let axis): axis.start
                    case .distribution: distribution?.quantile(0.5) ?? 0.5
                    }
                return ParameterValues.Varied(
                    option: "--vary", name: variation.name, value: variation.name.allows(value) ? value : 0.5)
            },
            open: open, files: files)
        // Which protocol it is the market file may say; what is required does not depend on it.
        self.rules = QuantityRules(
            dynamics: rules.dynamics, revisionProtocol: values.revisionProtocol, holders: rules.holders,
            price: rules.price)
        do throws(MissingParameter) {
            evaluator = try QuantityEvaluator(
                quantities: computed, varied: varied.map(\.name), fixed: values.point, rules: self.rules)
        } catch {
            let reason =
                error.quantity == .payoffExternal
                ? "The \(error.parameter.title) is missing"
                : "\(error.quantity.rawValue) depends on the \(error.parameter.title), which is missing"
            throw CommandFailure(
                .usage,
                "\(reason): give "
                    + "--\(error.parameter.rawValue), --vary \(error.parameter.rawValue)=…, or "
                    + "--\(MarketRatio(of: error.parameter)?.short ?? "") in ratio form.")
        }
        // What does not vary is checked here, so that a wrong value of it is an error and not data of every row.
        if !varied.contains(where: { if case .market = $0.name { true } else { [.b, .d].contains($0.name) } }) {
            _ = try evaluator.fixed.makeMarket()
        }
    }

    /// The varied parameters on which none of the quantities depends.
    var idle: [ParameterName] {
        names.filter { name in !quantities.contains { rules.does($0, dependOn: name) } }
    }

    /// The middle of each range, the median of each distribution.
    var basePoint: [Double] {
        zip(varied, distributions).map { variation, distribution in
            switch variation.values {
            case .range(let axis): axis.start / 2 + axis.stop / 2
            case .distribution: distribution?.quantile(0.5) ?? .nan
            }
        }
    }

    /// The ends of each range, the 5 % and 95 % quantiles of each distribution.
    var ranges: [ClosedRange<Double>] {
        zip(varied, distributions).map { variation, distribution in
            switch variation.values {
            case .range(let axis): axis.start...axis.stop
            case .distribution: (distribution?.quantile(0.05) ?? 0)...(distribution?.quantile(0.95) ?? 0)
            }
        }
    }

    /// The pairs of varied parameters, by their places.
    var pairs: [(j: Int, k: Int)] {
        varied.indices.flatMap { j in varied.indices.dropFirst(j + 1).map { (j, $0) } }
    }

    /// Throws where pairs of parameters are asked for, by a path, and fewer than two vary.
    func requirePairs(for secondOrder: String?) throws {
        guard secondOrder != nil, varied.count < 2 else { return }
        throw CommandFailure(.usage, "--second-order is about pairs of parameters: give --vary for two or more.")
    }

    /// Notes where two quantities in one row are easily taken for what they are not.
    func tellOfUnits(_ common: CommonOptions) {
        func tell(_ text: String) {
            if !common.quiet { Terminal.tell("Note: \(text)") }
        }
        let ofRoles = quantities.filter(rules.isOfRoles)
        if quantities.contains(.restPrice), rules.dynamics == .sharp, let other = ofRoles.first {
            tell(
                "rest_price is that of the sharp price flow, and \(other.rawValue) of the rest point of role dynamics; "
                    + "--dynamics role gives the price of that rest point.")
        }
        let inPeriods = quantities.filter { ["T", "1/T"].contains($0.unit) }
        let inTime = quantities.filter { $0.unit == "time" }
        if let one = inPeriods.first, let other = inTime.first {
            tell(
                "\(one.rawValue) is in \(one.unit), T the staking period, and \(other.rawValue) in the unit of --period."
            )
        }
    }

    /// Adds the settings to a run's record.
    ///
    /// - Parameter role: where the command takes the parameters of role dynamics.
    func describe(in record: inout RunRecord, role: RoleOptions? = nil) {
        record.add(values)
        if role != nil {
            record.add(values.revision)
            record.configuration["protocol"] = .text(values.revisionProtocol.rawValue)
            record.configuration["dynamics"] = .text(rules.dynamics.rawValue)
            if quantities.contains(where: \.isOfFiniteMarket) {
                record.configuration["holders"] = .real(rules.holders)
                record.configuration["trade_size"] = .real(rules.price.tradeSize)
            }
        }
        // In the place of the one value that is told of what is not varied.
        for variation in varied {
            switch variation.values {
            case .range(let axis): record.add(variation.name.column, axis)
            case .distribution(let text):
                record.configuration[variation.name.column] = .text(shown(text))
                if text.name == "empirical", let source = try? EmpiricalSource(text) {
                    record.configuration["\(variation.name.column)_weights"] = .text(source.weights)
                }
            }
            guard case .ratio = variation.name else { continue }
            for parameter in variation.name.rawParameters { record.configuration[parameter.column] = nil }
        }
        record.configuration["vary"] = .array(varied.map { .text($0.name.short) })
        record.configuration["quantities"] = .array(quantities.map { .text($0.rawValue) })
    }

    /// A distribution as it was given, but without folders.
    private func shown(_ text: DistributionText) -> String {
        let arguments = text.arguments.map { argument in
            text.name == "empirical" ? String(argument.split(separator: "/").last ?? "") : argument
        }
        return "\(text.name)(\(arguments.joined(separator: ",")))"
    }
}
