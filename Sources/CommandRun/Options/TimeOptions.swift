import ArgumentParser
import Foundation
import Reporting

/// The options that say which columns of a file are its times, how they are written, and which of them count.
package struct TimeOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The column that says when a row begins, or several, date+hour for example. Default: time.",
            valueName: "column[+column]"))
    package var time: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How times are written, in the letters of strptime, \"%d.%m.%Y %H:%M\" for example; or seconds, or milliseconds, "
                + "since 1970. Default: ISO 8601, or a number.", valueName: "format"),
        transform: { text in
            switch text {
            case "seconds", "%s": return .seconds
            case "milliseconds", "ms": return .milliseconds
            default:
                do throws(TimePattern.Fault) { return .pattern(try TimePattern(text)) } catch {
                    throw ArgumentFault("\(error)")
                }
            }
        })
    package var timeFormat: TimeNotation?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The zone of local times, Europe/Berlin for example. Default: UTC.", valueName: "zone"),
        transform: { text in
            if let zone = TimeZone(identifier: text) { return zone }
            let nearest = nearestName(to: text, among: TimeZone.knownTimeZoneIdentifiers)
            throw ArgumentFault(
                "there is no such time zone; \(nearest.map { "did you mean \($0)? " } ?? "")allowed: names such as "
                    + "Europe/Berlin, America/New_York, UTC")
        })
    package var timezone: TimeZone?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("When the period begins that counts.", valueName: "time"))
    package var from: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("When the period ends, and with it the last row.", valueName: "time"))
    package var until: String?

    /// How times are written, for a manifest; nil where nothing was said.
    package var timeFormatText: String? {
        switch timeFormat {
        case nil, .standard: nil
        case .seconds: "seconds"
        case .milliseconds: "milliseconds"
        case .pattern(let pattern): pattern.text
        }
    }

    /// The first option that was given.
    package var firstGiven: String? {
        if time != nil { return "--time" }
        if timeFormat != nil { return "--time-format" }
        if timezone != nil { return "--timezone" }
        if from != nil { return "--from" }
        return until == nil ? nil : "--until"
    }

    package init() {}
}
