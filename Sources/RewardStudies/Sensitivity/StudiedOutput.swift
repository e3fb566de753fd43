import RoleDynamics

/// What a sensitivity analysis is of: a quantity, or the indicator of one word of a quantity that is a word, with what is known
/// beforehand of the parameters that vary.
public struct StudiedOutput: Equatable, Sendable {
    /// The quantity.
    public let quantity: Quantity
    /// The quantity's place among those that are computed.
    public let place: Int
    /// The word's number, of an indicator.
    public let word: Int?
    /// Whether the output depends on each varied parameter at all: an index of one that it does not depend on is
    /// exactly 0, whatever an estimator makes of the sample.
    public let enters: [Bool]
    /// Whether each varied parameter helps to decide whether the output has a value.
    public let decidesValue: [Bool]

    /// The outputs of quantities: of words an indicator each.
    ///
    /// - Parameters:
    ///   - quantities: what is computed, in order.
    ///   - varied: the parameters that vary.
    ///   - rules: which dynamics the quantities are of.
    public static func all(
        _ quantities: [Quantity], varied: [ParameterName], rules: QuantityRules
    ) -> [StudiedOutput] {
        quantities.enumerated().flatMap { place, quantity in
            let words: [Int?] = quantity.words.isEmpty ? [nil] : quantity.words.indices.map(\.self)
            return words.map { word in
                StudiedOutput(
                    quantity: quantity, place: place, word: word,
                    enters: varied.map { rules.does(quantity, dependOn: $0) },
                    decidesValue: varied.map { rules.doesExistence(of: quantity, dependOn: $0) })
            }
        }
    }

    /// The name: `alpha_star`, `outcome=balanced`.
    public var name: String { quantity.rawValue + (word.map { "=\(quantity.words[$0])" } ?? "") }

    /// The values, of what was computed of all quantities: as they are, or 1 and 0 of an indicator; NaN where there is none.
    public func values(_ computed: [[Double]]) -> [Double] {
        guard let word else { return computed[place] }
        return computed[place].map { $0.isNaN ? .nan : Int($0) == word ? 1 : 0 }
    }
}
