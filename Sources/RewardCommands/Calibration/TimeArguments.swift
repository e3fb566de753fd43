import ArgumentParser
import CommandRun
import Reporting

/// A transform for a length of time: `90min`, `7d`, or seconds.
func spanArgument(_ text: String) throws -> TimeSpan {
    guard let span = TimeSpan(text) else {
        throw ArgumentFault(
            "allowed: a number greater than 0 and a unit, s, min, h, d or w: 90min, 1.5h, 7d; without one it is in seconds"
        )
    }
    return span
}

/// A transform for two lengths of time with a colon between them.
func spanPairArgument(_ text: String) throws -> TimeSpanPair {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let first = TimeSpan(parts[0]), let second = TimeSpan(parts[1]) else {
        throw ArgumentFault("allowed: two lengths of time, each a number and s, min, h, d or w: 14d:1d for example")
    }
    return TimeSpanPair(first: first, second: second)
}

/// Two lengths of time.
struct TimeSpanPair: Sendable {
    let first: TimeSpan
    let second: TimeSpan
}

/// A point in time as an option gives it.
struct TimeArgument: Sendable {
    let time: Instant
    let form: Instant.Form

    /// - Throws: `ArgumentFault` that says what is allowed.
    init(_ text: String) throws {
        switch TimeReading(text) {
        case .time(let time, let form): (self.time, self.form) = (time, form)
        case .blank: throw ArgumentFault("a time is missing")
        case .fault(let problem): throw ArgumentFault(problem)
        }
    }
}
