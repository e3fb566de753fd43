import ArgumentParser
import Foundation
import Synchronization

/// When progress is shown.
package enum ProgressMode: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
}

/// A line on standard error that says how far long work is: a bar, the rate and the time left.
///
/// It appears after half a second and is drawn at most ten times a second.
package final class ProgressBar: Sendable {
    private struct State {
        package var lastDrawn: Double?
        package var width = 0
    }
    private let title: String
    private let unit: String
    private let total: Int?
    private let isShown: Bool
    private let delay: Double
    private let start = ProcessInfo.processInfo.systemUptime
    private let state = Mutex(State())

    /// - Parameters:
    ///   - unit: what is counted, in the plural: "cells".
    ///   - total: nil where it is not known.
    ///   - mode: when it is shown.
    ///   - isQuiet: whether `auto` shows nothing on a terminal either.
    package init(_ title: String, unit: String, total: Int?, mode: ProgressMode, isQuiet: Bool) {
        self.title = title
        self.unit = unit
        self.total = total
        switch mode {
        case .never: isShown = false
        case .always: isShown = true
        case .auto: isShown = Terminal.errorIsTerminal && !isQuiet
        }
        delay = mode == .always ? 0 : 0.5
    }

    package func update(_ done: Int) {
        guard isShown else { return }
        let now = ProcessInfo.processInfo.systemUptime
        state.withLock { state in
            guard now - (state.lastDrawn ?? start) >= (state.lastDrawn == nil ? delay : 0.1) else { return }
            state.lastDrawn = now
            draw(done, at: now, &state)
        }
    }

    /// Draws the last state and ends the line.
    package func finish(_ done: Int) {
        guard isShown else { return }
        state.withLock { state in
            guard state.lastDrawn != nil || delay == 0 else { return }
            draw(done, at: ProcessInfo.processInfo.systemUptime, &state)
            Terminal.tellRaw("\n")
        }
    }

    private func draw(_ done: Int, at now: Double, _ state: inout State) {
        let elapsed = max(now - start, 1e-3)
        let rate = Double(done) / elapsed
        var line = "\(title)  "
        if let total, total > 0 {
            let share = min(Double(done) / Double(total), 1)
            let filled = Int(share * 24)
            line += "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: 24 - filled) + "] "
            line += String(format: "%3.0f %%  ", share * 100)
            line += "\(Self.short(rate)) \(unit)/s"
            if done > 0, done < total { line += "  \(Self.time(Double(total - done) / rate)) left" }
        } else {
            line += "\(done) \(unit)  \(Self.short(rate)) \(unit)/s"
        }
        let blanks = String(repeating: " ", count: max(state.width - line.count, 0))
        state.width = line.count
        Terminal.tellRaw("\r\(line)\(blanks)")
    }

    private static func short(_ rate: Double) -> String {
        switch rate {
        case 1e6...: String(format: "%.1f M", rate / 1e6)
        case 1e3...: String(format: "%.1f k", rate / 1e3)
        default: String(format: "%.0f", rate)
        }
    }

    private static func time(_ seconds: Double) -> String {
        guard seconds < 360_000 else { return "over 100 h" }
        let whole = Int(seconds.rounded(.up))
        if whole >= 3600 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
        return whole >= 60 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
    }
}
