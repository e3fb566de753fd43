import CommandRun
import DissipativeMarket
import ProtocolSimulation
import Reporting
import RoleDynamics

/// Pools by device type, and the schedule of an emission, in a YAML file:
///
///     pools:
///       - name: rtx-4090
///         providers: 800
///         beta: 12
///         delta: 22
///     schedule:
///       tokens: 100000
///       every: 1d
///       halving: 365d
///       period: 24h
///
/// What a pool does not say is as the options say.
struct PoolFile {
    /// A pool: what it says otherwise than the options.
    struct Pool {
        var name: String?
        var parameters: [(name: ParameterName, value: Double)] = []
        var numbers: [PoolNumber: Double] = [:]
        let place: YAMLPlace
    }

    /// What a pool can say that is no parameter of the market or of role dynamics.
    enum PoolNumber: String, CaseIterable {
        case providers
        case lp, seller
        case weight
        case seedLiquidity = "seed-liquidity"
        case unitSize = "unit-size"
        case orderSize = "order-size"
        case burnCertificate = "burn-certificate"
        case clientReward = "client-reward"
        case listPrice = "list-price"

        var domain: ParameterDomain {
            switch self {
            case .providers: ParameterDomain(1, Double(PoolParameters.mostProviders))
            case .lp, .seller: .unit
            case .weight, .seedLiquidity, .unitSize, .orderSize, .listPrice: .positive
            case .burnCertificate, .clientReward: .notNegative
            }
        }
    }

    /// The schedule of the emission, and how long a period is on its clock.
    struct Schedule {
        var schedule: EmissionSchedule
        var foundation: Double
        /// In periods.
        var end: Double?
    }

    private let document: YAMLDocument
    private(set) var pools: [Pool] = []
    private(set) var schedule: Schedule?

    /// - Throws: `CommandFailure` with 66 where the file cannot be read, `InputError` where it cannot be used.
    init(path: String, files: RunFiles) throws {
        document = try YAMLDocument(files.open("--pools", path))
        guard let root = document.root, let entries = root.mapping else {
            throw InputError.malformed(
                document, "a file of pools has the keys pools and schedule", document.root?.place)
        }
        for entry in entries {
            switch entry.key {
            case "pools":
                guard let list = entry.value.sequence, !list.isEmpty else {
                    throw document.fault(
                        "pools is \(entry.value.shown); allowed: a list, each with a dash, a name and what differs from "
                            + "the options", at: entry.value.place)
                }
                pools = try list.map(pool)
            case "schedule": schedule = try schedule(entry.value)
            default: throw unknown(entry, among: ["pools", "schedule"])
            }
        }
        let names = pools.compactMap(\.name)
        for (index, pool) in pools.enumerated() where pool.name != nil && names.prefix(index).contains(pool.name!) {
            throw document.fault("two pools have the name \(shownInMessage(pool.name!))", at: pool.place)
        }
    }

    /// A complaint about a pool as a whole.
    func fault(_ problem: String, of pool: Pool) -> InputError { document.fault(problem, at: pool.place) }

    private func unknown(_ entry: YAMLEntry, among known: [String]) -> InputError {
        let nearest = nearestName(to: entry.key, among: known).map { " (did you mean \($0)?)" } ?? ""
        return document.fault(
            "the key \(shownInMessage(entry.key)) is unknown\(nearest); known keys: \(known.joined(separator: ", "))",
            at: entry.place)
    }

    private func text(_ entry: YAMLEntry, allowed: String) throws -> String {
        guard let text = entry.value.text else {
            throw document.fault("\(entry.key) is \(entry.value.shown); allowed: \(allowed)", at: entry.value.place)
        }
        return text
    }

    private func number(_ entry: YAMLEntry, _ domain: ParameterDomain) throws -> Double {
        let text = try text(entry, allowed: domain.description)
        let value: Double
        do { value = try decimalNumber(text, allowed: domain.description) } catch {
            throw document.fault("\(entry.key) is \(shownInMessage(text)); \(error)", at: entry.value.place)
        }
        guard domain.contains(value) else {
            throw document.fault(
                "\(entry.key) is \(formatShortest(value)); allowed: \(domain)", at: entry.value.place)
        }
        return value
    }

    private func span(_ entry: YAMLEntry) throws -> Double {
        let allowed = "a number greater than 0 and a unit, s, min, h, d or w: 90min, 1.5h, 7d"
        let text = try text(entry, allowed: allowed)
        guard let span = TimeSpan(text) else {
            throw document.fault("\(entry.key) is \(shownInMessage(text)); allowed: \(allowed)", at: entry.value.place)
        }
        return Double(span.nanoseconds)
    }

    /// The parameters that a pool can have of its own: not the ratios, and not the unit of time, which all share.
    private static let parameters =
        MarketParameter.allCases.filter { $0 != .period }.map(ParameterName.market)
        + [.kappaG, .kappaB, .kappaS, .demandWidth, .rationality, .revisionRate]

    private func pool(_ node: YAMLNode) throws -> Pool {
        guard let entries = node.mapping else {
            throw document.fault("a pool is \(node.shown); allowed: keys with values", at: node.place)
        }
        var pool = Pool(place: node.place)
        for entry in entries {
            if entry.key == "name" {
                pool.name = try text(entry, allowed: "the name of a device type")
            } else if let number = PoolNumber(rawValue: entry.key) {
                let value = try self.number(entry, number.domain)
                if number == .providers, value != value.rounded() {
                    throw document.fault(
                        "providers is \(formatShortest(value)); allowed: a whole number", at: entry.value.place)
                }
                pool.numbers[number] = value
            } else if let name = ParameterName(rawValue: entry.key), Self.parameters.contains(name) {
                if pool.parameters.contains(where: { $0.name == name }) {
                    throw document.fault("\(name.short) is given twice; keep one of them", at: entry.place)
                }
                pool.parameters.append((name, try number(entry, name.domain)))
            } else {
                throw unknown(
                    entry, among: ["name"] + PoolNumber.allCases.map(\.rawValue) + Self.parameters.map(\.short))
            }
        }
        return pool
    }

    private func schedule(_ node: YAMLNode) throws -> Schedule {
        guard let entries = node.mapping else {
            throw document.fault("schedule is \(node.shown); allowed: keys with values", at: node.place)
        }
        var numbers: [String: Double] = [:]
        let keys = ["tokens", "every", "halving", "share", "foundation", "end", "period"]
        for entry in entries {
            switch entry.key {
            case "tokens": numbers[entry.key] = try number(entry, .positive)
            case "share": numbers[entry.key] = try number(entry, ParameterDomain(0, 1, includesLower: false))
            case "foundation": numbers[entry.key] = try number(entry, .unit)
            case "every", "halving", "end", "period": numbers[entry.key] = try span(entry)
            default: throw unknown(entry, among: keys)
            }
        }
        func need(_ key: String) throws -> Double {
            guard let value = numbers[key] else {
                throw document.fault("\(key) is missing from the schedule", at: node.place)
            }
            return value
        }
        let day = 86_400e9
        let period = try need("period")
        do {
            // Of one provider at a price of 1 the schedule's reward is what all get together.
            return Schedule(
                schedule: try EmissionSchedule(
                    tokens: need("tokens"), period: UInt64(numbers["every"] ?? day), start: 0,
                    halving: UInt64(need("halving")), share: numbers["share"] ?? 0.7, capacity: 1, tokenPrice: 1,
                    unit: UInt64(period)), foundation: numbers["foundation"] ?? min(0.2, 1 - (numbers["share"] ?? 0.7)),
                end: numbers["end"].map { $0 / period })
        } catch let error as ParameterError {
            throw document.fault("the schedule's \(error)", at: node.place)
        }
    }
}

extension InputError {
    /// A file that is not what is read here, also where it has nothing in it.
    fileprivate static func malformed(_ document: YAMLDocument, _ problem: String, _ place: YAMLPlace?) -> InputError {
        document.fault(problem, at: place ?? YAMLPlace(line: 1, column: 1))
    }
}
