/// The definition of a parameter: its names, its meaning, its unit, the values that it may have
/// and the one that it has where none is given.
///
/// The one place where these stand. Validation, options, keys of files, columns, data dictionaries and messages are all made
/// from it.
public struct ParameterDefinition: Equatable, Sendable {
    /// The short name, as options and the keys of a market file have it: "beta", "kappa-g".
    public let name: String
    /// A second name, in words: "external-price"; nil for none.
    public let alias: String?
    /// The symbol of the model: "β", "κ_g".
    public let symbol: String
    /// The name in words: "external price".
    public let title: String
    /// The meaning in a phrase.
    public let summary: String
    /// The unit, "" for a pure number; c stands for the seller's cost, T for the staking period.
    public let unit: String
    /// The values that the model allows.
    public let domain: ParameterDomain
    /// The value that is used where none is given; nil for what must be given, or may be left open.
    public let defaultValue: Double?

    /// A definition.
    ///
    /// - Parameters:
    ///   - name: the short name, with hyphens between words.
    ///   - alias: a second name in words, with hyphens between them.
    ///   - symbol: the symbol of the model.
    ///   - title: the name in words.
    ///   - summary: what the parameter is, in a phrase; the title unless given.
    ///   - unit: the unit, "" for a pure number.
    ///   - domain: the values that the model allows.
    ///   - defaultValue: what is used where the parameter is not given.
    @inline(__always)
    public init(
        _ name: String, alias: String? = nil, symbol: String, title: String, summary: String? = nil, unit: String = "",
        domain: ParameterDomain, default defaultValue: Double? = nil
    ) {
        self.name = name
        self.alias = alias
        self.symbol = symbol
        self.title = title
        self.summary = summary ?? title
        self.unit = unit
        self.domain = domain
        self.defaultValue = defaultValue
    }

    /// Throws a ``ParameterError`` unless `value` is allowed.
    public func validate(_ value: Double) throws(ParameterError) {
        guard domain.contains(value) else { throw ParameterError(self, value: value) }
    }
}

/// A parameter of any kind: what has a ``ParameterDefinition``.
public protocol DefinedParameter {
    /// The parameter's definition.
    var definition: ParameterDefinition { get }
    /// The values that the model allows, which the definition has too: a parameter that is checked a million times tells
    /// them without making its definition, with all of its texts.
    var domain: ParameterDomain { get }
    /// The value that is used where none is given, which the definition has too; nil for what must be given, or may be left open.
    var defaultValue: Double? { get }
}

extension DefinedParameter {
    /// The name of the option and of the key in a market file: "kappa-g".
    public var short: String { definition.name }
    /// The name of the column: "kappa_g".
    public var column: String { String(definition.name.map { $0 == "-" ? "_" : $0 }) }
    /// The name in words: "external price".
    public var title: String { definition.title }
    /// The symbol of the model: "β", "κ_g".
    public var symbol: String { definition.symbol }
    /// The meaning in a phrase.
    public var summary: String { definition.summary }
    /// The unit, "" for a pure number; c stands for the seller's cost, T for the staking period.
    public var unit: String { definition.unit }
    /// The values that the model allows.
    public var domain: ParameterDomain { definition.domain }
    /// The allowed values in words: "a finite number greater than 0".
    public var allowed: String { definition.domain.description }
    /// The value that is used where none is given; nil for what must be given, or may be left open.
    public var defaultValue: Double? { definition.defaultValue }

    /// Whether a value is allowed. NaN and infinities never are.
    @inline(__always)
    public func allows(_ value: Double) -> Bool { domain.contains(value) }

    /// Throws a ``ParameterError`` that names the parameter unless `value` is allowed.
    @inline(__always)
    public func validate(_ value: Double) throws(ParameterError) {
        guard domain.contains(value) else { throw ParameterError(definition, value: value) }
    }
}
