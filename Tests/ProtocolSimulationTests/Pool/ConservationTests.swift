import DissipativeMarket
import RoleDynamics
import TestSupport
import Testing

@testable import ProtocolSimulation

/// The books of the ledger in configurations that nobody chose.
@Suite struct ConservationTests {
    /// A configuration of a seed: 1 to 60 providers, orders up to seven units, rationalities to 1000, all modes.
    static func random(_ seed: UInt64) throws -> ProtocolParameters {
        var generator = SeededGenerator(seed: seed)
        func uniform(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
        func one<T>(_ values: [T]) -> T { values.randomElement(using: &generator)! }
        let pools = try (0..<one([1, 1, 1, 2, 3])).map { index in
            let beta = uniform(0.2...2)
            let lp = uniform(0...1)
            var pool = PoolParameters(
                name: "pool \(index)",
                market: try Market(
                    externalPrice: beta, failureProbability: one([0, 1, uniform(0...1)]),
                    collateral: one([0, uniform(0...2)]), reservationPrice: uniform(0.2...4),
                    swapFee: one([0, 0, uniform(0...0.3), 0.99])),
                blockReward: uniform(0...2), genuineIntensity: one([0, uniform(0...2)]),
                speculatingIntensity: one([0, uniform(0...2)]), demandWidth: one([0, uniform(0.001...0.3)]),
                rationality: one([uniform(0.1...10), 1000]), revisionRate: uniform(0.1...5),
                revisionProtocol: one(RevisionProtocol.allCases), providers: Int.random(in: 1...60, using: &generator),
                initialPrice: uniform(0.3...4),
                initialShares: try RoleShares(liquidityProviders: lp, sellers: uniform(0...1) * (1 - lp)))
            pool.seedLiquidity = one([0.02, uniform(0.001...0.5)])
            pool.burnCertificate = one([0, uniform(0...0.2)])
            pool.clientReward = one([0, uniform(0...0.2)])
            pool.orderSize = one([0.25, uniform(0.05...7)])
            pool.unitSize = one([1, 1, 1, uniform(0.5...3)])
            return pool
        }
        var parameters = ProtocolParameters(pools: pools, times: [0, 1.3, 4, 9])
        parameters.dissipation = one(Dissipation.allCases)
        parameters.sellerBelief = one(SellerBelief.allCases)
        if Bool.random(using: &generator) {
            parameters.rewards = .emission(
                try Emission(tokens: uniform(0...60), providerShare: 0.7, end: one([nil, 3, 5.5])))
        }
        parameters.circulating = one([nil, nil, 0, uniform(0...3)])
        return parameters
    }

    /// No rule is broken in any event, and what is told does not depend on whether the books are checked.
    @Test(arguments: 0..<(fullChecks ? 1000 : 250)) func noRuleIsBroken(_ seed: Int) throws {
        let parameters = try Self.random(UInt64(seed))
        let audited = try parameters.runPool(seed: 7, run: UInt64(seed))
        var silent = parameters
        silent.audit = .off
        let unaudited = try silent.runPool(seed: 7, run: UInt64(seed))
        #expect(audited.values.elementsEqual(unaudited.values) { $0 == $1 || $0.isNaN && $1.isNaN })
        #expect(audited.events == unaudited.events)
    }

    /// The rows of the ledger alone give back the reserves, the tokens minted and those burned: by a reader who knows
    /// nothing of how they were made.
    @Test(arguments: 0..<40) func rowsGiveBackTheReserves(_ seed: Int) throws {
        let parameters = try Self.random(UInt64(seed) + 5000)
        guard parameters.pools.count == 1 else { return }
        var run = try ProtocolRun(parameters, seed: 3, run: 1, keepsRows: true)
        var assets = run.pools[0].reserves.assets.value
        var tokens = run.pools[0].reserves.tokens.value
        var minted = run.ledger.accounts.minted.value
        var burned = 0.0
        let created = assets
        _ = try run.advance(to: 6)
        let rows = run.takeRows()
        var last: (Double, Double, Double, Double) = (0, 0, 0, 0)
        var turnover = 0.0
        for row in rows {
            switch row.kind {
            case .emission, .clientReward: minted += row.tokens
            case .reward: if parameters.rewards == .fixed { minted += row.tokens }
            case .dissipation: (assets, tokens) = (assets - row.units, tokens - row.tokens)
            case .expiry: assets -= row.units
            case .refund: if parameters.dissipation == .expiry { tokens -= row.tokens }
            case .deposit: (assets, tokens) = (assets + row.units, tokens + row.tokens)
            case .collateralForfeited, .burnCertificate: burned += row.tokens
            case .sale:
                assets += row.units
                tokens -= row.tokens + row.fee
                burned += row.fee
            case .purchase, .resale:
                assets -= row.units
                tokens += row.tokens - row.fee
                burned += row.fee
            default: break
            }
            turnover += abs(row.tokens) + abs(row.units)
            last = (row.reserveAsset, row.reserveToken, row.minted, row.burned)
        }
        guard !rows.isEmpty else { return }
        // Each row rounds once.
        let most = 1e-15 * Double(rows.count) * (turnover + created + minted)
        #expect(abs(last.0 - assets) <= most)
        #expect(abs(last.1 - tokens) <= most)
        #expect(abs(last.2 - minted) <= most)
        #expect(abs(last.3 - burned) <= most)
    }

    /// In a pool of LPs who all renew, with nobody buying, the tokens stay to the last bit, and the price with them.
    @Test func renewalIsTokenNeutral() throws {
        var pool = try baselinePool(
            providers: 37, gamma: 5, price: 1.1, shares: (1, 0), kappa: (0, 0), rationality: 1000)
        pool.seedLiquidity = 0.3
        var run = try ProtocolRun(ProtocolParameters(pools: [pool], times: [5]), seed: 1, run: 0)
        let before = run.pools[0].reserves.tokens.value
        let wallets = run.ledger.accounts.circulating.value
        for step in 1...50 {
            _ = try run.advance(to: Double(step) / 10)
            #expect(run.pools[0].reserves.tokens.value == before)
        }
        #expect(run.pools[0].totals.liquidityStarts == 37 * 5)
        // Nothing but the fixed rewards has come in.
        let rewards = 5 * 37 * 5.0
        #expect(abs(run.ledger.accounts.circulating.value - wallets - rewards) <= 1e-12 * wallets)
    }

    /// Where purchases have emptied lots, a renewal still moves units only.
    @Test func renewalAfterPurchasesMovesUnitsOnly() throws {
        let pool = try baselinePool(
            providers: 50, gamma: 5, price: 1, shares: (1, 0), kappa: (0.5, 0), rationality: 1000)
        var run = try ProtocolRun(ProtocolParameters(pools: [pool], times: [4]), seed: 2, run: 0, keepsRows: true)
        _ = try run.advance(to: 4)
        let rows = run.takeRows()
        var renewals = 0
        for (index, row) in rows.enumerated() where row.kind == .deposit {
            guard let before = rows[..<index].last(where: { $0.event < row.event }) else { continue }
            renewals += 1
            #expect(row.reserveToken == before.reserveToken)
            #expect(row.reserveAsset >= before.reserveAsset)
        }
        #expect(renewals >= 4 * 50)
        #expect(run.pools[0].totals.consumed > 10)
    }

    /// A ledger whose books are wrong ends its run with the event at which they were looked at.
    @Test func brokenBooksEndTheRun() throws {
        let pool = try baselinePool(providers: 20)
        var run = try ProtocolRun(ProtocolParameters(pools: [pool], times: [2]), seed: 1, run: 3)
        _ = try run.advance(to: 0.5)
        let events = run.events
        run.ledger.accounts.escrow.add(1e-6)
        let failure = try #require(throws: ProtocolFailure.self) { _ = try run.advance(to: 2) }
        #expect(failure.event == events + 1)
        #expect(failure.run == 3)
        guard case .tokens(let difference) = failure.invariant else {
            Issue.record("another rule: \(failure)")
            return
        }
        #expect(abs(difference - 1e-6) <= 1e-9)
    }
}
