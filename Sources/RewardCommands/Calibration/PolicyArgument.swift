import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies

/// A policy of the block reward as an option gives it: `constant=1.19`, `price*1.05`, `mean:24h*1.02`, `schedule:FILE.yaml`.
struct PolicyArgument {
    /// The policy as it was given.
    let text: String
    private let kind: Kind

    private enum Kind {
        case known(RewardPolicy)
        case schedule(path: String)
    }

    private static let allowed =
        "allowed: constant=1.19, price*1.05, mean:24h*1.02, schedule:FILE.yaml; a factor may be left out"

    /// - Throws: `ArgumentFault` that says what is allowed.
    init(_ text: String) throws {
        self.text = text
        if text.hasPrefix("constant=") {
            let value = try decimalNumber(String(text.dropFirst("constant=".count)), allowed: "a number of at least 0")
            guard value >= 0 else { throw ArgumentFault("the reward must be a number of at least 0") }
            kind = .known(.constant(value))
            return
        }
        if text.hasPrefix("schedule:"), text.count > "schedule:".count {
            kind = .schedule(path: String(text.dropFirst("schedule:".count)))
            return
        }
        let parts = text.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let factor = parts.count == 2 ? try decimalNumber(parts[1], allowed: "a factor of at least 0") : 1
        guard factor >= 0 else { throw ArgumentFault("the factor must be a number of at least 0") }
        if parts[0] == "price" {
            kind = .known(.multipleOfPrice(factor))
        } else if parts[0].hasPrefix("mean:") {
            let window = try spanArgument(String(parts[0].dropFirst("mean:".count)))
            kind = .known(.multipleOfMean(window: UInt64(window.nanoseconds), factor: factor))
        } else {
            throw ArgumentFault(Self.allowed)
        }
    }

    /// The policy; one that is a schedule is read from its file.
    func policy(_ files: RunFiles) throws -> RewardPolicy {
        switch kind {
        case .known(let policy): return policy
        case .schedule(let path): return .schedule(try Self.schedule(path, files))
        }
    }

    /// An emission schedule from a file of the options of `pinfi calibrate schedule`, a key and a value a line.
    private static func schedule(_ path: String, _ files: RunFiles) throws -> EmissionSchedule {
        let document = try YAMLDocument(files.open("--policy schedule:…", path))
        let keys = ["tokens", "every", "start", "halving", "share", "capacity", "token-price", "unit"]
        guard let root = document.root, let entries = root.mapping else {
            throw document.fault(
                "a schedule has lines such as tokens: 100000, of the options of pinfi calibrate schedule: "
                    + keys.joined(separator: ", "), at: document.root?.place ?? YAMLPlace(line: 1, column: 1))
        }
        var given: [String: YAMLEntry] = [:]
        for entry in entries {
            let key = entry.key.map { $0 == "_" ? "-" : String($0) }.joined()
            guard keys.contains(key) else {
                let nearest = nearestName(to: key, among: keys).map { " (did you mean \($0)?)" } ?? ""
                throw document.fault(
                    "the key \(shownInMessage(entry.key)) is unknown\(nearest); known keys: \(keys.joined(separator: ", "))",
                    at: entry.place)
            }
            given[key] = entry
        }
        func value<Value>(_ key: String, default standard: Value? = nil, _ read: (String) throws -> Value) throws
            -> Value
        {
            guard let entry = given[key] else {
                if let standard { return standard }
                throw document.fault("the key \(key) is missing", at: root.place)
            }
            guard let text = entry.value.text else {
                throw document.fault("\(key) is \(entry.value.shown)", at: entry.value.place)
            }
            do { return try read(text) } catch let fault as ArgumentFault {
                throw document.fault("\(key) is \(shownInMessage(text)); \(fault)", at: entry.value.place)
            }
        }
        func span(_ key: String, default standard: UInt64? = nil) throws -> UInt64 {
            try value(key, default: standard) { UInt64(try spanArgument($0).nanoseconds) }
        }
        let positive = numberArgument("number", .positive)
        let (tokens, capacity, price, share) = (
            try value("tokens", positive), try value("capacity", positive), try value("token-price", positive),
            try value("share", default: 1, positive)
        )
        let start = try value("start") { try TimeArgument($0).time.nanoseconds }
        let (period, halving, unit) = (
            try span("every", default: 86_400_000_000_000), try span("halving"),
            try span("unit", default: 3_600_000_000_000)
        )
        do throws(ParameterError) {
            return try EmissionSchedule(
                tokens: tokens, period: period, start: start, halving: halving, share: share, capacity: capacity,
                tokenPrice: price, unit: unit)
        } catch {
            throw document.fault("\(error)", at: root.place)
        }
    }
}
