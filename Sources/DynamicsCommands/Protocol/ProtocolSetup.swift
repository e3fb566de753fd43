import CommandRun
import DissipativeMarket
import ProtocolSimulation
import Reporting
import RoleDynamics

/// The protocol that options and file describe together.
struct ProtocolSetup {
    private(set) var parameters: ProtocolParameters
    /// The order book of every pool's devices; empty where there is none.
    let books: [OrderBookParameters]

    /// - Parameters:
    ///   - values: the market, the price, the reward and role dynamics.
    ///   - start: the option that gives price and shares at the start.
    ///   - file: the pools and the schedule.
    ///   - times: in units of T.
    ///   - burn: in units of T; nil for the default.
    /// - Throws: `CommandFailure` with 64, `InputError` or `ParameterError` for what cannot be simulated.
    init(
        _ options: ProtocolOptions, _ book: OrderBookOptions, values: ParameterValues, start: StartState?,
        file: PoolFile?,
        times: [Double], burn: Double?
    ) throws {
        for (name, value) in [
            ("--lag", values.revision.observationLag), ("--depth-exponent", values.revision.depthExponent),
        ]
        where value != 0 {
            throw CommandFailure(
                .usage,
                "\(name) is \(formatShortest(value)), but the protocol's holders see the price as it is, and its depth is "
                    + "the pool's own; leave it out.")
        }
        if let start, let shares = options.shares, start.givesShares, shares.givesShares {
            throw CommandFailure(.usage, "--from and --shares both give the roles at the start; keep one of them.")
        }
        if options.shares?.price != nil {
            throw CommandFailure(
                .usage, "--shares gives the roles at the start alone; give the price by --alpha or --x.")
        }
        if let price = start?.price, values[.alpha] != nil {
            throw CommandFailure(
                .usage, "--from \(price.name) and --alpha or --x both give the price at the start; keep one of them.")
        }
        let rewards = try Self.rewards(options, file, until: times.last ?? 0)
        let given: [PoolFile.Pool?] = file?.pools ?? []
        let described = given.isEmpty ? [nil] : given
        var pools: [PoolParameters] = []
        for (index, own) in described.enumerated() {
            pools.append(
                try Self.pool(
                    own, number: index, options, values: values, start: start, file: file, isFixed: rewards == .fixed))
        }
        var parameters = ProtocolParameters(
            pools: pools, times: times, burnIn: burn ?? min(10, (times.last ?? 0) / 2))
        parameters.dissipation = options.dissipation
        parameters.rewards = rewards
        parameters.sellerBelief = options.sellerPayoff
        parameters.audit = options.audit
        parameters.circulating = options.circulating
        try parameters.validate()
        books =
            options.mechanism.contains(.posted)
            ? try Self.books(book, parameters, described: described, values: values) : []
        self.parameters = parameters
    }

    /// The same, with prices followed within their band.
    func trackingBand() -> ProtocolSetup {
        var setup = self
        setup.parameters.tracksBand = true
        return setup
    }

    private static func rewards(_ options: ProtocolOptions, _ file: PoolFile?, until end: Double) throws -> RewardMode {
        if file?.schedule != nil, options.emission != nil {
            throw CommandFailure(
                .usage, "--emission and the schedule of --pools both give an emission; keep one of them.")
        }
        let emission: Emission? =
            try file?.schedule.map {
                try Emission(schedule: $0.schedule, foundationShare: $0.foundation, end: $0.end, until: end)
            } ?? options.emission.map { try Emission(tokens: $0) }
        switch (options.reward, emission) {
        case (.fixed?, _), (nil, nil): return .fixed
        case (_, let emission?): return .emission(emission)
        case (.emission?, nil):
            throw CommandFailure(
                .usage, "--reward emission needs an emission: give --emission TOKENS, or a schedule in --pools.")
        }
    }

    private static func pool(
        _ own: PoolFile.Pool?, number: Int, _ options: ProtocolOptions, values: ParameterValues, start: StartState?,
        file: PoolFile?, isFixed: Bool
    ) throws -> PoolParameters {
        var point = values.point
        for (name, value) in own?.parameters ?? [] { try placing(own, file) { try point.set(name, to: value) } }
        if own == nil {
            try values.requireMarket()
            if isFixed { _ = try values.requireReward() }
        } else if let own, let file {
            for parameter in [MarketParameter.beta, .delta] + (isFixed ? [.gamma] : []) where point[parameter] == nil {
                throw file.fault(
                    "this pool has no \(parameter.short) (\(parameter.title)); give it here, or --\(parameter.short)",
                    of: own)
            }
        }
        if point[.gamma] == nil { point[.gamma] = 0 }
        let numbers = own?.numbers ?? [:]
        let given = options.shares?.givesShares == true ? options.shares : start
        let state = given ?? StartState(price: nil, shares: .even, givenShares: [])
        let shares = try placing(own, file) {
            try state.shares(liquidityProviders: numbers[.lp], sellers: numbers[.seller])
        }
        let game = try placing(own, file) { try point.makeGame() }
        let cost = game.market.sellerCost
        let givenPrice = own?.parameters.first { $0.name == .market(.alpha) }?.value
        let price: Double
        switch (givenPrice, start?.price) {
        case (let alpha?, _): price = alpha
        case (nil, .ratio(let x)?): price = x * cost
        case (nil, .tokens(let alpha)?): price = alpha
        case (nil, nil): price = values[.alpha] ?? cost
        }
        var pool = PoolParameters(
            name: own?.name ?? (number == 0 ? "pool" : "pool-\(number + 1)"), game: game,
            providers: numbers[.providers].map { Int($0) } ?? options.providers, initialPrice: price,
            initialShares: shares)
        pool.seedLiquidity = numbers[.seedLiquidity] ?? options.seedLiquidity
        pool.unitSize = numbers[.unitSize] ?? options.unitSize
        pool.orderSize = numbers[.orderSize] ?? options.orderSize
        pool.burnCertificate = numbers[.burnCertificate] ?? options.burnCertificate
        pool.clientReward = numbers[.clientReward] ?? options.clientReward
        pool.weight = numbers[.weight] ?? game.market.externalPrice
        return pool
    }

    /// Tells of a parameter that is not allowed where the pool stands in the file, if it is one of a file.
    private static func placing<T>(_ pool: PoolFile.Pool?, _ file: PoolFile?, _ body: () throws -> T) throws -> T {
        do { return try body() } catch {
            guard let pool, let file, error is ParameterError else { throw error }
            throw file.fault("of this pool \(error)", of: pool)
        }
    }

    private static func books(
        _ options: OrderBookOptions, _ parameters: ProtocolParameters, described: [PoolFile.Pool?],
        values: ParameterValues
    ) throws -> [OrderBookParameters] {
        try parameters.pools.indices.map { index in
            guard
                let price = described[index]?.numbers[.listPrice] ?? options.listPrice
                    ?? FluidLimit(parameters, pool: index)?.rest()?.price
            else {
                throw CommandFailure(
                    .usage,
                    "The list price is missing: give --list-price. (Its default is the rest price of the pool, and none is "
                        + "known for \(shownInMessage(parameters.pools[index].name)).)")
            }
            return OrderBookParameters(listPrice: price, entry: options.entry, subsidy: options.listingSubsidy)
        }
    }
}
