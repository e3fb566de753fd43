import ArgumentParser
import CommandRun
import DissipativeMarket
import ProtocolSimulation
import Reporting
import RoleDynamics

extension Dissipation: ExpressibleByArgument {}
extension SellerBelief: ExpressibleByArgument {}
extension AuditMode: ExpressibleByArgument {}
extension OrderBookEntry: ExpressibleByArgument {}

/// The way in which LPs are rewarded, as an option names it.
enum RewardModeName: String, CaseIterable, ExpressibleByArgument {
    case fixed, emission
}

/// The options of the protocol: who takes part and by which rules.
struct ProtocolOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How providers and clients meet: pool, posted (an order book with one price), or both with a comma between. Default: pool.",
            valueName: "a,b"),
        transform: mechanismsArgument)
    var mechanism: [Mechanism] = [.pool]

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "N, the providers, each with one device; of each pool that says nothing else. Default: 1000.",
            valueName: "N"),
        transform: wholeArgument(1...PoolParameters.mostProviders))
    var providers = 1000

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("R, the number of independent runs. Default: 64.", valueName: "R"),
        transform: wholeArgument(1...1_000_000_000))
    var runs = 64

    @Option(
        parsing: .unconditional,
        help: "expiry: a lot stays whole until its end; linear: it declines to nothing.")
    var dissipation: Dissipation = .expiry

    @Option(
        parsing: .unconditional,
        help:
            "fixed: LPs get --gamma; emission: they share what the schedule, or --emission, gives out. Default: emission where there is one."
    )
    var reward: RewardModeName?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Tokens given out each period, 70 % of them to LPs, 20 % to the foundation, 10 % to the team.",
            valueName: "tokens"),
        transform: numberArgument("tokens a period", .notNegative))
    var emission: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Pools by device type and the schedule of the emission, from this YAML file; see above.",
            valueName: "file.yaml"))
    var pools: String?

    @Option(
        parsing: .unconditional,
        help: "What holders believe that selling earns: run, S(α); spot, the sale at the price of the moment.")
    var sellerPayoff: SellerBelief = .run

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("u_c, the units that a client wants. Default: 0.25.", valueName: "units"),
        transform: numberArgument("order size", .positive))
    var orderSize = 0.25

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The roles at the start, lp=0.5,seller=0.5 for example; the same as the shares of --from.",
            valueName: "lp=…,seller=…"), transform: StartState.init)
    var shares: StartState?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The protocol's own liquidity, which is always renewed, as a share of all devices. Default: 0.02.",
            valueName: "share"),
        transform: numberArgument("seed liquidity", .positive))
    var seedLiquidity = 0.02

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Units of a device. Default: 1.", valueName: "units"),
        transform: numberArgument("unit size", .positive))
    var unitSize = 1.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("b_c: tokens burned per unit staked or sold. Default: 0.", valueName: "tokens"),
        transform: numberArgument("tokens burned for a certificate", .notNegative))
    var burnCertificate = 0.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "a_c: tokens minted per unit that a genuine client buys in a pool. Default: 0.", valueName: "tokens"),
        transform: numberArgument("reward of a client", .notNegative))
    var clientReward = 0.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Tokens in all wallets at the start. Default: 100 c for every unit.", valueName: "tokens"),
        transform: numberArgument("tokens in all wallets", .notNegative))
    var circulating: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The time from which means are taken, in the unit of --period. Default: 10 periods, at most half of the run.",
            valueName: "time"), transform: numberArgument("burn-in", .notNegative))
    var burn: Double?

    @Option(
        parsing: .unconditional,
        help: "Check the books: event, after every event; sample, at the times of the rows; off.")
    var audit: AuditMode = .sample
}

/// The options of the order book.
struct OrderBookOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "P₀, the price of all listings, tokens per unit. Default: the rest price of the pool.", valueName: "tokens"),
        transform: numberArgument("list price", .positive))
    var listPrice: Double?

    @Option(
        parsing: .unconditional,
        help: "all: everyone lists; free: who expects more of it than of the external market.")
    var entry: OrderBookEntry = .all

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("r: tokens minted per unit listed for a period. Default: 0.", valueName: "tokens"),
        transform: numberArgument("subsidy of a listed unit", .notNegative))
    var listingSubsidy = 0.0

    /// The name of an option of these that was given and is not its default; nil for none.
    var givenOption: String? {
        listPrice != nil
            ? "--list-price" : entry != .all ? "--entry" : listingSubsidy > 0 ? "--listing-subsidy" : nil
    }
}

/// The options that name the other outputs of the protocol.
struct ProtocolOutputOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write what each mechanism comes to after --burn, beside theory.", valueName: "file.csv"))
    var summary: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write the mechanisms beside each other, with the errors of their differences on the same people.",
            valueName: "file.csv"))
    var compare: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Write every run at every time.", valueName: "file.csv"))
    var perRun: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write the share of its time that each run's price is from α_s to α_g, and when it first leaves.",
            valueName: "file.csv"))
    var band: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write every movement of units and tokens of the first run.", valueName: "file.csv"))
    var ledger: String?

    var sides: [(option: String, path: String?)] {
        [
            ("--summary", summary), ("--compare", compare), ("--per-run", perRun), ("--band", band),
            ("--ledger", ledger),
        ]
    }
}

/// A transform for mechanisms separated by commas.
private func mechanismsArgument(_ text: String) throws -> [Mechanism] {
    let allowed = "pool, posted, or pool,posted"
    var mechanisms: [Mechanism] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let mechanism = Mechanism(rawValue: String(name)), !mechanisms.contains(mechanism) else {
            throw ArgumentFault("allowed: \(allowed)")
        }
        mechanisms.append(mechanism)
    }
    return mechanisms
}
