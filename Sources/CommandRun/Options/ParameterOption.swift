import ArgumentParser
import DissipativeMarket
import Reporting
import RoleDynamics

extension Option where Value == Double? {
    /// An option that gives a parameter: its names, its help and what it allows are those of the definition.
    ///
    /// - Parameters:
    ///   - parameter: what is given.
    ///   - names: the names; those of the definition unless given.
    ///   - note: a sentence at the end of the help.
    package init(_ parameter: ParameterName, names: NameSpecification? = nil, note: String? = nil) {
        let definition = parameter.definition
        let own = [definition.name] + (definition.alias.map { [$0] } ?? [])
        self.init(
            name: names ?? NameSpecification(own.map { .customLong($0) }), parsing: .unconditional,
            help: ArgumentHelp(parameter.help(note: note), valueName: parameter.valueName),
            transform: numberArgument(definition.title, definition.domain))
    }
}

extension ParameterName {
    /// "β, price in the external market, > 0."
    fileprivate func help(note: String?) -> String {
        var help = "\(symbol), \(summary), \(domain.brief)"
        if case .ratio(let ratio) = self {
            help = "Ratio form: \(symbol) = \(ratio.parameter.symbol)/c, \(domain.brief)"
        }
        if ["c", "T"].contains(unit) { help += ", in units of \(unit)" }
        if unit.hasPrefix("1/") { help += ", per \(unit.dropFirst(2))" }
        help += "."
        if let value = defaultValue { help += " Default: \(formatShortest(value))." }
        return help + (note.map { " " + $0 } ?? "")
    }

    /// The word that stands for the value in the help: its unit, or the symbol.
    fileprivate var valueName: String {
        switch unit {
        case "tokens per unit": "tokens"
        case "time": "time"
        default: symbol
        }
    }
}

/// A group of options that give parameters.
package protocol ParameterOptions {
    /// The parameters that the group takes, each with the value that was given.
    var given: [ParameterName: Double?] { get }
    /// The options that are not called by the parameter's short name.
    var otherNames: [ParameterName: String] { get }
}

extension ParameterOptions {
    package var otherNames: [ParameterName: String] { [:] }
}
