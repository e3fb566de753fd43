import ArgumentParser
import CommandRun
import Foundation
import Reporting
import RewardStudies

extension PriceDynamics: ExpressibleByArgument {}

/// The options that say what a study varies and what it asks for.
struct StudyOptions: ParsableArguments {
    @Option(
        name: .customLong("vary"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A parameter and its values: a range, or a distribution: uniform(low,high), loguniform(low,high), "
                + "normal(mean,sd), truncated_normal(mean,sd,low,high), lognormal(mean,sd) (of the logarithm), "
                + "beta(a,b[,low,high]), triangular(low,mode,high), empirical(FILE.csv:column[:time]), the values of a "
                + "column: rows count alike, or, with a column of times, as long as each lasts until the next. Any of "
                + "alpha, beta, p, theta, gamma, delta, "
                + "fee, in ratio form x, y, b, d, kappa-g, kappa-b, kappa-s, and of role dynamics. It must not be given "
                + "otherwise. May be repeated.",
            valueName: "NAME=VALUES"),
        transform: { try StudyVariation($0) })
    var varied: [StudyVariation] = []

    @Option(
        name: .customLong("quantity"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "What is asked for: \(Quantity.allCases.map(\.rawValue).joined(separator: ", ")). May be repeated.",
            valueName: "NAME[,NAME…]"),
        transform: quantitiesArgument)
    var quantityLists: [[Quantity]] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What rest_price is of: the sharp price flow, or the rest point of role dynamics.", valueName: "name"))
    var dynamics: PriceDynamics = .sharp

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("N, the number of holders that sd_price, sd_lp, … are of.", valueName: "N"),
        transform: wholeArgument(1...(1 << 53)))
    var holders: Int?

    @OptionGroup var priceProcess: PriceProcessOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write what the columns mean to this file, a row a column.", valueName: "file.csv"))
    var dataDictionary: String?

    @OptionGroup(title: "The files of empirical()") var empirical: EmpiricalOptions

    /// The option of the data dictionary and its path.
    var outputs: [(option: String, path: String?)] { [(RunOutputs.dictionaryOption, dataDictionary)] }

    /// The word that tells how a market ends under these dynamics.
    var outcome: Quantity { dynamics == .role ? .regime : .outcome }

    /// The quantities, each once.
    func quantities() throws -> [Quantity] {
        let all = quantityLists.flatMap { $0 }
        guard !all.isEmpty else {
            throw CommandFailure(
                .usage,
                "What is asked for is missing: give --quantity NAME[,NAME…]; allowed: "
                    + Quantity.allCases.map(\.rawValue).joined(separator: ", ") + ".")
        }
        var seen: Set<Quantity> = []
        for quantity in all where !seen.insert(quantity).inserted {
            throw CommandFailure(.usage, "--quantity gives \(quantity.rawValue) twice; keep one of them.")
        }
        return all
    }

    /// Which dynamics the quantities are of, but for the protocol.
    ///
    /// - Throws: `CommandFailure` with 64 where the number of holders is missing.
    func rules(for quantities: [Quantity]) throws -> QuantityRules {
        if holders == nil, let quantity = quantities.first(where: \.isOfFiniteMarket) {
            throw CommandFailure(
                .usage, "\(quantity.rawValue) depends on the number of holders, which is missing: give --holders N.")
        }
        return QuantityRules(dynamics: dynamics, holders: Double(holders ?? 1), price: try priceProcess.process())
    }
}

/// A transform for names of quantities separated by commas.
func quantitiesArgument(_ text: String) throws -> [Quantity] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        let name = part.trimmingCharacters(in: .whitespaces)
        guard let quantity = Quantity(name: name) else {
            let names = Quantity.allCases.map(\.rawValue)
            let nearest = nearestName(to: name, among: names).map { "did you mean \($0)? " } ?? ""
            throw ArgumentFault(
                "there is no quantity \(shownInMessage(name)); \(nearest)allowed: \(names.joined(separator: ", "))")
        }
        return quantity
    }
}
