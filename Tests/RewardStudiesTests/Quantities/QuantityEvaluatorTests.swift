// Quantities over columns against the market and the game, one point at a time.
import DissipativeMarket
import RoleDynamics
import TestSupport
import Testing

@testable import RewardStudies

@Suite struct QuantityEvaluatorTests {
    private static let closedForms: [Quantity] = Quantity.allCases.filter { !$0.isOfRoles }
    private static let raw: [ParameterName] =
        [
            .market(.alpha), .market(.beta), .market(.p), .market(.theta), .market(.gamma), .market(.delta),
            .market(.fee),
        ]

    /// Random points, some of them outside of a domain.
    private func points(_ count: Int, seed: UInt64) -> [[Double]] {
        var random = SeededGenerator(seed: seed)
        return [
            (0..<count).map { _ in random.uniform(0.3...3) }, (0..<count).map { _ in random.uniform(0.3...1.2) },
            (0..<count).map { _ in random.uniform(0...1) }, (0..<count).map { _ in random.uniform(0...2) },
            (0..<count).map { _ in random.uniform(0.2...2.5) }, (0..<count).map { _ in random.uniform(0.5...2.5) },
            (0..<count).map { _ in random.uniform(0...0.2) },
        ]
    }

    /// What a quantity is, from the market's own properties.
    private func expected(_ quantity: Quantity, _ market: Market, alpha: Double, gamma: Double) -> Double? {
        let bounds = market.rewardBounds
        let payoffs = Payoffs(market: market, poolPrice: alpha, blockReward: gamma)
        let equilibrium = Equilibrium(market: market, blockReward: gamma)
        return switch quantity {
        case .gammaMin: bounds?.lower
        case .gammaMax: bounds?.upper
        case .bandWidth: bounds?.width
        case .relativeBandWidth: bounds?.relativeWidth
        case .bandMargin: bounds?.margin(of: gamma)
        case .alphaStar: equilibrium.equilibriumPrice
        case .restPrice: equilibrium.restPrice
        case .restPriceFromAlpha: equilibrium.restPrice(from: alpha)
        case .outcome: Outcome.allCases.firstIndex(of: equilibrium.outcome).map(Double.init)
        case .alphaB: market.limits.speculatingBuyer
        case .alphaS: market.limits.seller
        case .alphaG: market.limits.genuineBuyer
        case .sellerCost: market.sellerCost
        case .payoffLP: gamma
        case .payoffSeller: market.sellerPayoff(at: alpha)
        case .payoffExternal: market.externalPrice
        case .regretLP: payoffs.regretLiquidityProvider
        case .regretSeller: payoffs.regretSeller
        case .regretExternal: payoffs.regretExternal
        case .cessationTimeSeller: OneSidedTrade.sellers.cessationTime(from: alpha, in: market)
        case .cessationTimeSpeculatingBuyer: OneSidedTrade.speculatingBuyers.cessationTime(from: alpha, in: market)
        case .cessationTimeGenuineBuyer: OneSidedTrade.genuineBuyers.cessationTime(from: alpha, in: market)
        case .shareLP, .shareSeller, .shareExternal, .slowestEigenvalue, .criticalLag, .regime, .stable,
            .deviationPrice,
            .deviationLP, .deviationSeller, .deviationExternal:
            nil
        }
    }

    @Test func closedFormsAreTheMarkets() throws {
        let columns = points(500, seed: 1)
        let evaluator = try QuantityEvaluator(quantities: Self.closedForms, varied: Self.raw, fixed: ParameterPoint())
        let found = evaluator.evaluate(columns)
        var missing = 0
        for row in 0..<500 {
            let x = columns.map { $0[row] }
            let market = try Market(
                externalPrice: x[1], failureProbability: x[2], collateral: x[3], reservationPrice: x[5], swapFee: x[6])
            for (place, quantity) in Self.closedForms.enumerated() {
                let value = found.values[place][row]
                guard let expected = expected(quantity, market, alpha: x[0], gamma: x[4]) else {
                    missing += 1
                    #expect(value.isNaN, "\(quantity) \(x)")
                    #expect(found.status(place, row) != .ok, "\(quantity) \(x)")
                    continue
                }
                #expect(found.status(place, row) == .ok)
                // α* comes from the array kernel, which is within 8 ulp of the market's own; all else is the same double.
                let slack = [.alphaStar, .restPrice, .restPriceFromAlpha].contains(quantity) ? 8 * expected.ulp : 0
                #expect(abs(value - expected) <= slack, "\(quantity) \(x): \(value) \(expected)")
            }
        }
        // Bands are empty, rewards below β and groups do not trade in a good part of them.
        #expect(missing > 500)
    }

    /// A point is what it is whatever stands beside it: in an array, alone, among points outside of a domain.
    @Test func pointsAreIndependent() throws {
        let original = points(300, seed: 2)
        var columns = original
        let evaluator = try QuantityEvaluator(quantities: Self.closedForms, varied: Self.raw, fixed: ParameterPoint())
        let whole = evaluator.evaluate(columns)
        for row in stride(from: 0, to: 300, by: 3) { columns[2][row] = row % 2 == 0 ? -0.1 : .nan }
        let mixed = evaluator.evaluate(columns)
        for row in 0..<300 {
            for place in Self.closedForms.indices {
                let status = mixed.status(place, row)
                if row % 3 == 0 {
                    #expect(status == .outOfDomain)
                    #expect(mixed.values[place][row].isNaN)
                } else {
                    #expect(mixed.values[place][row].bitPattern == whole.values[place][row].bitPattern)
                    #expect(status == whole.status(place, row))
                    #expect(mixed.fault(row) == nil)
                }
            }
            if row % 3 == 0 { #expect(mixed.fault(row)?.name == "p") }
            if row % 50 == 1 {
                let alone = evaluator.evaluate(original.map { [$0[row]] })
                for place in Self.closedForms.indices {
                    #expect(alone.values[place][0].bitPattern == whole.values[place][row].bitPattern)
                }
            }
        }
    }

    /// All points outside: no market at all can be made.
    @Test func nothingInTheDomain() throws {
        let evaluator = try QuantityEvaluator(
            quantities: [.alphaStar, .bandWidth], varied: [.market(.beta)],
            fixed: point([(.market(.delta), 1.5), (.market(.gamma), 1)]))
        let found = evaluator.evaluate([[-1, 0, .infinity, .nan]])
        for row in 0..<4 {
            #expect(found.status(0, row) == .outOfDomain)
            #expect(found.status(1, row) == .outOfDomain)
            #expect(found.fault(row)?.name == "beta")
        }
    }

    /// What does not vary is the same as a column of it.
    @Test func fixedIsAColumn() throws {
        let gammas = [0.6, 0.8, 1.1]
        let fixed = try point([
            (.market(.beta), 0.7), (.market(.p), 0.1), (.market(.theta), 1.5), (.market(.delta), 1.6),
        ])
        let one = try QuantityEvaluator(quantities: [.alphaStar, .restPrice], varied: [.market(.gamma)], fixed: fixed)
        let all = try QuantityEvaluator(
            quantities: [.alphaStar, .restPrice],
            varied: [.market(.gamma), .market(.beta), .market(.p), .market(.theta), .market(.delta)],
            fixed: ParameterPoint())
        let a = one.evaluate([gammas])
        let b = all.evaluate([gammas] + [0.7, 0.1, 1.5, 1.6].map { [Double](repeating: $0, count: 3) })
        for place in 0..<2 {
            #expect(a.values[place].map(\.bitPattern) == b.values[place].map(\.bitPattern))
        }
        // Without anything that varies there is one point.
        var whole = fixed
        try whole.set(.market(.gamma), to: 0.8)
        let alone = try QuantityEvaluator(quantities: [.alphaStar], varied: [], fixed: whole).evaluate([])
        #expect(alone.count == 1 && alone.values[0][0] == a.values[0][1])
    }

    /// The ratio form: b = β/c with c = 1, p = 1, θ = 1 − b.
    @Test func ratios() throws {
        let evaluator = try QuantityEvaluator(
            quantities: [.gammaMax, .alphaStar, .payoffSeller], varied: [.b, .d, .y, .x], fixed: ParameterPoint())
        let found = evaluator.evaluate([[0.7], [1.3], [0.79], [1.1]])
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        #expect(found.values[0][0] == market.rewardBounds?.upper)
        #expect(abs(found.values[1][0] - 1.1852444979557) < 1e-13)  // the model's check value, to its digits
        #expect(found.values[2][0] == market.sellerPayoff(at: 1.1))
    }

    /// Far out: Λ exceeds the largest double where α* does not, and α* where nothing else does.
    @Test func overflow() throws {
        let evaluator = try QuantityEvaluator(
            quantities: [.alphaStar], varied: [.market(.gamma)], fixed: point([(.market(.beta), 1e-6)]))
        let found = evaluator.evaluate([[1e300, 1e10, 1.7e308, 1]])
        let market = try Market(externalPrice: 1e-6, reservationPrice: 1)
        let expected = try #require(market.equilibriumPrice(blockReward: 1e300))
        #expect(abs(found.values[0][0] - expected) <= 8 * expected.ulp)
        #expect(found.status(0, 2) == .overflow)
        #expect(found.values[0][2].isNaN)
        #expect(found.status(0, 3) == .ok)
    }

    @Test(arguments: RevisionProtocol.allCases.filter { $0 != .bestResponse })
    func rolesAreTheGames(_ revisionProtocol: RevisionProtocol) throws {
        let quantities = Quantity.allCases.filter(\.isOfRoles) + [.restPrice]
        let evaluator = try QuantityEvaluator(
            quantities: quantities, varied: [.y, .kappaS, .demandWidth, .rationality],
            fixed: point([(.b, 0.65), (.d, 1.35)]),
            rules: QuantityRules(
                dynamics: .role, revisionProtocol: revisionProtocol, holders: 900, price: .trades(size: 2)))
        var random = SeededGenerator(seed: 3)
        let columns = [0.5...1.1, 0.8...1.5, 0.01...0.05, 20...80].map { range in
            (0..<20).map { _ in random.uniform(range) }
        }
        let found = evaluator.evaluate(columns)
        for row in 0..<20 {
            let game = try RoleGame(
                market: Market(externalRatio: 0.65, reservationRatio: 1.35), blockReward: columns[0][row],
                intensities: TradeIntensities(sellers: columns[1][row]),
                parameters: RevisionParameters(demandWidth: columns[2][row], rationality: columns[3][row]),
                revisionProtocol: revisionProtocol)
            let solution = try game.restPoints()
            let point = try #require(
                revisionProtocol == .logit ? solution.points.first : solution.nashPoints.first)
            for (place, quantity) in quantities.enumerated() {
                let value = found.values[place][row]
                switch quantity {
                case .shareLP: #expect(value == point.shares.liquidityProviders)
                case .shareSeller: #expect(value == point.shares.sellers)
                case .shareExternal: #expect(value == point.shares.external)
                case .restPrice: #expect(value == point.poolPrice)
                case .slowestEigenvalue:
                    let all = (point.stability.eigenvalues ?? []) + (point.stability.eigenvaluesBelow ?? [])
                    #expect(value == all.map(\.real).max())
                case .criticalLag:
                    let status: QuantityStatus =
                        switch point.criticalLag {
                        case .found: .ok
                        case .stableAtEveryLag: .stableAtEveryLag
                        case .unstableWithoutLag: .unstableWithoutLag
                        case .noLinearisation: .noEigenvalues
                        case .growthNotFound: .growthNotFound
                        }
                    #expect(found.status(place, row) == status)
                    #expect(value == point.criticalLag.found?.lag || point.criticalLag.found == nil && value.isNaN)
                case .stable:
                    guard let isStable = point.stability.isStable else {
                        #expect(value.isNaN)
                        let isKnown = point.stability.eigenvalues != nil
                        #expect(found.status(place, row) == (isKnown ? .stabilityUndecided : .noEigenvalues))
                        continue
                    }
                    #expect(value == (isStable ? 0 : 1))
                case .deviationPrice, .deviationLP, .deviationSeller, .deviationExternal:
                    guard let noise = try? point.linearNoise(price: .trades(size: 2)) else {
                        #expect(found.status(place, row) == .noLinearNoise)
                        continue
                    }
                    let variable: NoiseVariable =
                        switch quantity {
                        case .deviationLP: .liquidityProviders
                        case .deviationSeller: .sellers
                        case .deviationExternal: .external
                        default: .logPrice
                        }
                    // N = 900: a thirtieth of that of one holder.
                    // On a face a variance of 0 may come out below it by rounding.
                    let deviation = max(noise.covariance(variable, variable), 0).squareRoot() / 30
                    let expected = quantity == .deviationPrice ? point.poolPrice * deviation : deviation
                    #expect(abs(value - expected) <= 1e-12 * expected)
                default: #expect(Quantity.regime.words.indices.contains(Int(value)))
                }
            }
        }
    }

    /// The model's example of a price that falls for ever, and the three regimes of the baseline.
    @Test func noRestPointAndRegimes() throws {
        let evaluator = try QuantityEvaluator(
            quantities: [.shareLP, .regime], varied: [.y, .kappaG, .kappaB, .rationality],
            fixed: point([(.b, 0.7), (.d, 1.3)]))
        let found = evaluator.evaluate([
            [0.79, 0.5, 0.79, 1.0], [0.1, 0.5, 0.5, 0.5], [0.1, 0.5, 0.5, 0.5], [0.1, 50, 50, 50],
        ])
        #expect(found.status(0, 0) == .noRestPoint)
        #expect(found.status(1, 0) == .noRestPoint)
        #expect(
            found.values[1].dropFirst().map { Quantity.regime.words[Int($0)] } == ["exodus", "balanced", "scarcity"])
    }

    @Test func missingParameters() throws {
        #expect(throws: MissingParameter(parameter: .gamma, quantity: .alphaStar)) {
            try QuantityEvaluator(quantities: [.alphaStar], varied: [.b], fixed: ParameterPoint())
        }
        #expect(throws: MissingParameter(parameter: .delta, quantity: .gammaMin)) {
            try QuantityEvaluator(quantities: [.gammaMin], varied: [.b], fixed: ParameterPoint())
        }
        // δ does not enter α*.
        _ = try QuantityEvaluator(quantities: [.alphaStar], varied: [.b, .y], fixed: ParameterPoint())
    }
}

/// A point with these values.
func point(_ values: [(ParameterName, Double)]) throws -> ParameterPoint {
    var point = ParameterPoint()
    for (name, value) in values { try point.set(name, to: value) }
    return point
}
