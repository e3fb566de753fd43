import ArgumentParser
import DissipativeMarket
import Foundation
import Reporting

/// Why an option's value is refused, in the words that follow "The value … is invalid for …:".
package struct ArgumentFault: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// A decimal number: no "nan", no "inf", no hexadecimal, nothing beyond the largest double.
package func decimalNumber(_ text: String, allowed: String) throws -> Double {
    let isDecimal = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    guard isDecimal, let value = Double(text) else {
        throw ArgumentFault("it is not a decimal number; allowed: \(allowed)")
    }
    guard value.isFinite else { throw ArgumentFault("it exceeds the largest double; allowed: \(allowed)") }
    return value + 0  // no −0
}

/// A transform for a number of an interval.
package func numberArgument(_ title: String, _ domain: ParameterDomain) -> @Sendable (String) throws -> Double {
    { text in
        let value = try decimalNumber(text, allowed: domain.description)
        guard domain.contains(value) else { throw ArgumentFault("the \(title) must be \(domain)") }
        return value
    }
}

/// A transform for a whole number of a range.
package func wholeArgument(_ range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
    { text in
        guard let value = Int(text), range.contains(value) else {
            throw ArgumentFault("allowed: a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}

/// A transform for `start:stop:count`, both ends included, of values that are not negative.
package func rangeArgument(_ text: String) throws -> GridAxis { try rangeArgument(text, orNegative: false) }

/// The axis that `start:stop:count` says, both ends included; its values may be negative where `orNegative` is true.
package func rangeArgument(_ text: String, orNegative: Bool) throws -> GridAxis {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let form = "a range is start:stop:count, both ends included, 0:2:101 for example"
    guard parts.count == 3 else { throw ArgumentFault(form) }
    let start = try decimalNumber(parts[0], allowed: "\(form), with decimal numbers for start and stop")
    let stop = try decimalNumber(parts[1], allowed: "\(form), with decimal numbers for start and stop")
    guard let count = Int(parts[2]) else {
        throw ArgumentFault("its count '\(parts[2])' is no whole number that fits; \(form)")
    }
    guard count >= 1 else { throw ArgumentFault("its count is \(count); allowed: at least 1") }
    guard start >= 0 || orNegative else { throw ArgumentFault("it starts at \(parts[0]); allowed: at least 0") }
    guard start <= stop else {
        throw ArgumentFault("it is reversed; allowed: a start below the stop (\(parts[1]):\(parts[0]):\(parts[2])?)")
    }
    if start == stop, count > 1 {
        throw ArgumentFault(
            "it is empty: \(count) values from \(parts[0]) to itself; allowed: a start below the stop, or a count of 1")
    }
    if start < stop, count == 1 {
        throw ArgumentFault(
            "a count of 1 cannot include both ends; allowed: at least 2, or equal ends (\(parts[0]):\(parts[0]):1 for a single value)"
        )
    }
    guard let axis = GridAxis(start: start, stop: stop, count: count) else { throw ArgumentFault(form) }
    return axis
}

/// A transform for block rewards separated by commas.
package func rewardsArgument(_ text: String) throws -> [Double] {
    let allowed = "numbers of at least 0 separated by commas, 0.7,0.79 for example"
    return try text.split(separator: ",", omittingEmptySubsequences: false).map {
        let value = try decimalNumber(String($0), allowed: allowed)
        guard value >= 0 else { throw ArgumentFault("allowed: \(allowed)") }
        return value
    }
}

/// A transform for a list of names separated by commas.
package func namesArgument(_ text: String) throws -> [String] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
    }
    guard names.allSatisfy({ !$0.isEmpty }) else {
        throw ArgumentFault("allowed: names separated by commas, alpha_ratio,gamma_ratio,region for example")
    }
    return names
}
