/// The text of a distribution, `lognormal(-0.3,0.2)`: a name and its arguments.
public struct DistributionText: Equatable, Sendable {
    /// The name, in small letters and with underscores.
    public let name: String
    /// The arguments, without the blanks around them.
    public let arguments: [String]

    /// Reads a text. Whether there is such a distribution, and whether its arguments make sense, ``distribution()`` says.
    ///
    /// - Throws: ``DistributionError/malformed(text:)`` where it is not NAME(ARGUMENT,…).
    public init(_ text: String) throws(DistributionError) {
        let trimmed = text.trimmed
        guard let open = trimmed.firstIndex(of: "("), trimmed.hasSuffix(")"), open > trimmed.startIndex else {
            throw .malformed(text: text)
        }
        // A hyphen is as good as an underscore, as in the names of quantities.
        name = String(String(trimmed[..<open]).trimmed.lowercased().map { $0 == "-" ? "_" : $0 })
        let inside = trimmed[trimmed.index(after: open)...].dropLast()
        // The argument of empirical is a file's name, which may contain commas and brackets.
        arguments =
            name == "empirical"
            ? [String(inside).trimmed]
            : inside.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
    }

    /// The distribution. One that is empirical has to be made of the values that the text refers to.
    ///
    /// - Throws: ``DistributionError``; ``DistributionError/valuesNotGiven`` for `empirical`.
    public func distribution() throws(DistributionError) -> Distribution {
        switch name {
        case "uniform":
            let x = try numbers([2], "2, low and high")
            return try .uniform(low: x[0], high: x[1])
        case "loguniform":
            let x = try numbers([2], "2, low and high")
            return try .logUniform(low: x[0], high: x[1])
        case "normal":
            let x = try numbers([2], "2, mean and sd")
            return try .normal(mean: x[0], deviation: x[1])
        case "truncated_normal":
            let x = try numbers([4], "4, mean, sd, low and high")
            return try .truncatedNormal(mean: x[0], deviation: x[1], low: x[2], high: x[3])
        case "lognormal":
            let x = try numbers([2], "2, mean and sd of the logarithm")
            return try .logNormal(mean: x[0], deviation: x[1])
        case "beta":
            let x = try numbers([2, 4], "2, a and b, or 4, a, b, low and high")
            return x.count == 2
                ? try .beta(a: x[0], b: x[1]) : try .beta(a: x[0], b: x[1], low: x[2], high: x[3])
        case "triangular":
            let x = try numbers([3], "3, low, mode and high")
            return try .triangular(low: x[0], mode: x[1], high: x[2])
        case "empirical": throw .valuesNotGiven
        default: throw .unknownName(name)
        }
    }

    private func numbers(_ counts: [Int], _ allowed: String) throws(DistributionError) -> [Double] {
        guard counts.contains(arguments.count) else {
            throw .argumentCount(distribution: name, found: arguments.count, allowed: allowed)
        }
        var numbers: [Double] = []
        for (i, argument) in arguments.enumerated() {
            guard let number = Double(argument) else {
                throw .notANumber(distribution: name, argument: i + 1, text: argument)
            }
            numbers.append(number)
        }
        return numbers
    }
}

extension String {
    /// Without the blanks at both ends.
    fileprivate var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
