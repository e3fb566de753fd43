import DissipativeMarket
import Foundation
import TestSupport
import Testing

@testable import RoleDynamics

/// Replicator, Smith, BNN and best response, whose rest points are ties and vertices.
@Suite struct NashRestPointTests {
    struct Row: Sendable {
        let revisionProtocol: RevisionProtocol
        let price: String
        let shares: [String]
        let isNash: Bool
        /// Each real part with the modulus of its imaginary one, above and below the kink.
        let above: [(String, String)]
        let below: [(String, String)]
        let type: RestPointType
    }

    static let shares = ["0.5016058", "0.4983942", "0"]

    /// The model's table at y = 0.79.
    @Test(arguments: [
        Row(
            revisionProtocol: .replicator, price: "1.1852444980", shares: shares, isNash: true,
            above: [("-0.18", "0"), ("-0.0474286", "0.5272214")], below: [], type: .stableFocus),
        Row(
            revisionProtocol: .replicator, price: "1", shares: ["0", "0.5", "0.5"], isNash: false,
            above: [("0.18", "0"), ("-7.65e-6", "0.5")], below: [], type: .saddle),
        Row(
            revisionProtocol: .smith, price: "1.1852444980", shares: shares, isNash: true,
            above: [("-0.36", "0"), ("-0.0474286", "0.7483181")], below: [("-0.36", "0"), ("-0.0474286", "0.7459090")],
            type: .stableFocus),
        Row(
            revisionProtocol: .bnn, price: "1.1852444980", shares: shares, isNash: true,
            above: [("0", "0"), ("-0.0474286", "0.5289311")], below: [("0", "0"), ("-0.0474286", "0.5255172")],
            type: .stableFocus),
        Row(
            revisionProtocol: .bestResponse, price: "1.1852444980", shares: shares, isNash: true, above: [], below: [],
            type: .sliding),
    ])
    func checkValues(_ row: Row) throws {
        let solution = try RoleGame.baseline(0.79, row.revisionProtocol).restPoints()
        let point = try #require(solution.points.first { $0.isNash == row.isNash })
        #expect(solution.points.count == (row.revisionProtocol == .replicator ? 2 : 1))
        func expect(_ value: Double, _ text: String) {
            let (expected, half) = digits(text)
            // "1", "0.5" and "-0.18" are exact but for the rounding of 0.79 − 0.7, or to 1e−9 as the neighbours are.
            #expect(abs(value - expected) <= min(half, 1e-7) + 1e-15, "\(value) against \(text)")
        }
        expect(point.price, row.price)
        expect(point.shares.liquidityProviders, row.shares[0])
        expect(point.shares.sellers, row.shares[1])
        expect(point.shares.external, row.shares[2])
        #expect(point.type == row.type)
        for (values, expected) in [
            (point.stability.eigenvalues ?? [], row.above), (point.stability.eigenvaluesBelow ?? [], row.below),
        ] {
            #expect(values.count == (expected.isEmpty ? 0 : 3))
            for (real, imaginary) in expected {
                let found = values.contains {
                    abs($0.real - digits(real).value) <= min(digits(real).halfUnit, 1e-7)
                        && abs(abs($0.imaginary) - digits(imaginary).value) <= 1e-7
                }
                #expect(found, "\(real), \(imaginary): \(values)")
            }
        }
        // BNN's idle role, and nothing else, is degenerate.
        #expect(point.degeneracies == (row.revisionProtocol == .bnn ? [.idleRoleDiesSlowly] : []))
    }

    // MARK: - Against the closed forms

    /// The ties' prices against the inverse of the logarithmic mean and the equilibrium, neither of which the search uses;
    /// the shares against the demand; and which points there are against section 5's conditions, all by the closed forms.
    ///
    /// Tolerance: Λ within 4 ulp, c, y and b within a few, times Λ's condition number, which is 2 at most above 1; below 1
    /// it grows, to 1/m.
    @Test(arguments: [RevisionProtocol.replicator, .smith, .bnn, .bestResponse])
    func areTheClosedForms(_ kind: RevisionProtocol) throws {
        var generator = SeededGenerator(seed: 50)
        var seen: [RestFace: Int] = [:]
        for _ in 0..<1000 {
            let game = try RoleGame.random(&generator, kind)
            let market = game.market
            let c = market.sellerCost
            let kept = 1 - market.swapFee
            let mean = game.blockReward / c + 1 - market.externalPrice / c
            let tieOfLPs = InverseLogarithmicMean.value(mean) / kept
            let tieOfExternal = 1 / kept
            func share(_ x: Double) -> Double { game.demand(logPrice: log(x)) / game.intensities.sellers }
            // Too near to s = 1 for the closed form to decide.
            guard [tieOfLPs, tieOfExternal].allSatisfy({ abs(share($0) - 1) > 1e-9 }) else { continue }
            let lpsAreBetter = game.blockReward > market.externalPrice

            var expected: [(face: RestFace, price: Double?, isNash: Bool)] = []
            if share(tieOfLPs) < 1 { expected.append((.liquidityProvidersAndSellers, tieOfLPs, lpsAreBetter)) }
            if share(tieOfExternal) < 1 { expected.append((.sellersAndExternal, tieOfExternal, !lpsAreBetter)) }
            let best = lpsAreBetter ? tieOfLPs : tieOfExternal
            if share(1e-300) > 1 { expected.append((.sellers, nil, share(best) > 1)) }
            if kind != .replicator { expected = expected.filter(\.isNash) }

            let solution = try game.restPoints()
            #expect(solution.points.count == expected.count, "\(game)")
            for (face, price, isNash) in expected {
                let point = try #require(solution.points.first { $0.face == face }, "\(game)")
                seen[face, default: 0] += 1
                #expect(point.isNash == isNash, "\(game)")
                if let price {
                    let tolerance = 64 * Double.ulpOfOne * max(1, 1 / mean) * price
                    #expect(abs(point.price - price) <= tolerance, "\(game)")
                }
                // The demand's condition number in x is at most x/w.
                let atPrice = face == .sellers ? 1 : share(point.price)
                let conditioned = 1 + point.price / game.parameters.demandWidth
                #expect(abs(point.shares.sellers - atPrice) <= 8 * Double.ulpOfOne * conditioned, "\(game)")
                #expect(abs(share(point.price) - point.shares.sellers) <= 8 * Double.ulpOfOne * conditioned, "\(game)")
                #expect((point.shares.liquidityProviders == 0) == (face != .liquidityProvidersAndSellers))
                #expect((point.shares.external == 0) == (face != .sellersAndExternal))
                let scale = game.parameters.revisionRate * 10 + game.intensities.sellers * conditioned
                #expect(try #require(point.residual) <= 16 * Double.ulpOfOne * scale, "\(game)")
                if isNash { #expect(point.regret <= 16 * Double.ulpOfOne) }
                #expect((point.regret > 1e-12) != isNash || game.rewardExcess.magnitude < 1e-10, "\(game)")
            }
            if lpsAreBetter, let point = solution.nashPoints.first, point.face == .liquidityProvidersAndSellers {
                let equilibrium = Equilibrium(market: market, blockReward: game.blockReward)
                let star = try #require(equilibrium.equilibriumPrice)
                #expect(abs(point.poolPrice - star) <= 64 * Double.ulpOfOne * star)
            }
            #expect(
                solution.escapes.map(\.face)
                    == (kind == .replicator ? [.noSellers] + (share(1e-300) > 1 ? [] : [.sellersOnly]) : []))
        }
        for face in [RestFace.liquidityProvidersAndSellers, .sellersAndExternal, .sellers] {
            #expect(seen[face, default: 0] > 30, "\(face): \(seen)")
        }
    }

    // MARK: - The vertex

    /// κ_g = κ_b = ½ and κ_s below 1, w → 0: where speculating buyers stop, ½ + ½F = κ_s, or genuine ones, ½F = κ_s. Not
    /// a Nash point below the tie, and the only one above it. That no vertex is ever a rest point holds for κ_g + κ_b ≤ κ_s.
    @Test(arguments: [(0.8, 0.7 - 0.02 * log(1.5), false), (0.3, 1.3 - 0.02 * log(1.5), true)])
    func vertexWhereDemandExceedsTheOffer(_ kappa: Double, _ price: Double, _ isNash: Bool) throws {
        for kind in RevisionProtocol.allCases where kind != .logit {
            let game = try RoleGame(
                market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
                intensities: TradeIntensities(sellers: kappa), revisionProtocol: kind)
            let solution = try game.restPoints()
            let vertex = solution.points.first { $0.face == .sellers }
            if kind != .replicator, !isNash {
                #expect(vertex == nil)
                continue
            }
            let point = try #require(vertex)
            // The other buyers' e^{−15} and less moves it by w times that.
            #expect(abs(point.price - price) < 1e-7)
            #expect(point.isNash == isNash)
            #expect(point.shares == (try RoleShares(liquidityProviders: 0, sellers: 1)))
            #expect(point.type == (isNash ? .stableNode : .saddle))
            #expect(!solution.escapes.contains { $0.face == .sellersOnly })
            let values = try #require(point.stability.eigenvalues).map(\.real).sorted()
            // d ln x/dt falls with slope x/w · κ F(1 − F) = x/w · 0.5 · 0.24; the others are ρ times payoff differences.
            let damping = point.price / 0.02 * 0.5 * 0.24
            let seller = game.sellerExcess(logPrice: point.logPrice)
            let others: [Double] =
                switch kind {
                case .replicator: [2 * (0.09 - seller), 2 * -seller]
                // A role leaves for each better one.
                case .smith: [-2 * (seller - 0.09), -2 * (seller + 0.09)]
                case .bnn: [0, 0]
                default: [-2, -2]
                }
            for (value, expected) in zip(values, (others + [-damping]).sorted()) {
                #expect(abs(value - expected) < 1e-6, "\(kind): \(values)")
            }
            #expect(point.degeneracies == (kind == .bnn ? [.idleRoleDiesSlowly] : []))
        }
    }

    /// At the baseline, where κ_g + κ_b = κ_s, the vertex is no rest point however small |dz/dt| is: the field is below
    /// 1e−11 at every x < 0.2, and the escape's rate is that of the tails, e^{−35}/2 and less.
    @Test func noRestPointAtTheBaselinesVertex() throws {
        let game = try RoleGame.baseline(0.79, .replicator)
        let field = RoleField(game)
        for x in [1e-300, 1e-9, 0.1, 0.19] {
            let f = try #require(derivative(field, [log(x), 0, 1, 0]))
            #expect(f.allSatisfy { abs($0) < 1e-11 })
        }
        let solution = try game.restPoints()
        #expect(!solution.points.contains { $0.face == .sellers })
        let escape = try #require(solution.escapes.first { $0.face == .sellersOnly })
        #expect(escape.direction == .toZero)
        let rate = -0.5 * (exp(-35) + exp(-65))
        #expect(abs(try #require(escape.limitRate) / rate - 1) < 1e-13)
        #expect(solution.escapes.contains { $0.face == .noSellers && $0.direction == .toInfinity })
        // A hair more demand, and there is one.
        let more = try RoleGame(
            market: game.market, blockReward: game.blockReward,
            intensities: TradeIntensities(genuineBuyers: 0.5.nextUp), revisionProtocol: .replicator)
        #expect(try more.restPoints().points.contains { $0.face == .sellers } == (0.5.ulp > -2 * rate))
        let muchMore = try RoleGame(
            market: game.market, blockReward: game.blockReward,
            intensities: TradeIntensities(genuineBuyers: 0.5 + 1e-12), revisionProtocol: .replicator)
        let vertex = try #require(try muchMore.restPoints().points.first { $0.face == .sellers })
        // ½e^{−(0.7 − x)/w} = 1e−12, where 0.5 + 1e−12 is off by half an ulp of ½.
        #expect(abs(vertex.price - (0.7 + 0.02 * log(2e-12))) < 1e-5)
    }

    // MARK: - Degenerate cases

    /// y = b: a segment, reported by its ends. The tie is at x = 1, s = G(1)/κ_s = ½.
    @Test(arguments: [RevisionProtocol.replicator, .smith, .bnn, .bestResponse])
    func segment(_ kind: RevisionProtocol) throws {
        let points = try RoleGame.baseline(0.7, kind).restPoints().points
        #expect(points.count == 2)
        for (point, isLPs) in zip(points, [false, true]) {
            #expect(point.logPrice == 0)
            #expect(point.bracket == 0...0)
            #expect(point.isNash == true)
            #expect(point.degeneracies.contains(.segmentEnd))
            #expect(abs(point.shares.sellers - 0.5) <= Double.ulpOfOne)
            #expect(abs((isLPs ? point.shares.liquidityProviders : point.shares.external) - 0.5) <= Double.ulpOfOne)
            if kind == .bestResponse {
                #expect(point.type == .sliding)
            } else {
                #expect(point.degeneracies.contains(.zeroEigenvalues(count: 1)))
                #expect(point.type == .stableFocus)
            }
        }
    }

    /// κ_s = G(1) = ½ and y = b: the segment is the vertex, reported once.
    @Test(arguments: [RevisionProtocol.replicator, .smith, .bnn, .bestResponse])
    func segmentThatIsTheVertex(_ kind: RevisionProtocol) throws {
        for y in [0.7, 0.5] {
            let game = try RoleGame(
                market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: y,
                intensities: TradeIntensities(sellers: 0.5), revisionProtocol: kind)
            let points = try game.restPoints().points
            #expect(points.count == 1)
            let point = try #require(points.first)
            #expect(point.face == .sellers)
            #expect(point.degeneracies.contains(.vertexAtTie))
            #expect(point.shares == (try RoleShares(liquidityProviders: 0, sellers: 1)))
            #expect(point.isNash == true)
            #expect(point.price == 1)
        }
    }

    /// y > b and κ_s = G(1): the vertex ties with external sellers, which are not the best.
    @Test func vertexAtTheWorseTie() throws {
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
            intensities: TradeIntensities(sellers: 0.5), revisionProtocol: .replicator)
        let points = try game.restPoints().points
        #expect(points.map(\.face) == [.sellers, .liquidityProvidersAndSellers])
        #expect(points.map(\.isNash) == [false, true])
        #expect(points.first?.degeneracies.contains(.vertexAtTie) == true)
    }

    /// y = 0 with b = 1: sellers are ahead of LPs at every price, so no edge with them.
    @Test func noTieWithLPs() throws {
        let game = try RoleGame(
            market: Market(externalRatio: 1, reservationRatio: 1.3), blockReward: 0, revisionProtocol: .replicator)
        let solution = try game.restPoints()
        #expect(solution.points.map(\.face) == [.sellersAndExternal])
        #expect(solution.points.first?.isNash == true)
        // The smallest reward has one, where the mean price is y: far below where x underflows.
        let tiny = try RoleGame(
            market: Market(externalRatio: 1, reservationRatio: 1.3), blockReward: 1e-5,
            intensities: TradeIntensities(sellers: 1.1), revisionProtocol: .replicator)
        let point = try #require(try tiny.restPoints().points.first { $0.face == .liquidityProvidersAndSellers })
        #expect(abs(point.logPrice + 1e5) <= 1e-9)
        #expect(point.degeneracies.contains(.priceUnderflows(logPrice: point.logPrice)))
        #expect(point.isNash == false)
        let none = try RoleGame(
            market: Market(externalRatio: 1, reservationRatio: 1.3), blockReward: .leastNonzeroMagnitude,
            revisionProtocol: .replicator)
        #expect(throws: RestPointError.priceNotRepresentable(equation: "sellers' payoff = LPs' payoff")) {
            try none.restPoints()
        }
    }

    /// Without LPs and with a depth exponent the price equation is not defined.
    @Test(arguments: [RevisionProtocol.replicator, .smith, .bnn, .bestResponse])
    func emptyPool(_ kind: RevisionProtocol) throws {
        let game = try RoleGame.baseline(0.5, kind, parameters: RevisionParameters(depthExponent: 1))
        let point = try #require(try game.restPoints().points.first { $0.face == .sellersAndExternal })
        #expect(point.residual == nil)
        #expect(point.stability.eigenvalues == nil)
        if kind == .bestResponse {
            #expect(point.type == .sliding)
        } else {
            #expect(point.type == nil)
            #expect(point.degeneracies == [.emptyPool])
            #expect(point.criticalLag == .noLinearisation)
        }
    }

    @Test(arguments: [RevisionProtocol.replicator, .smith, .bnn, .bestResponse])
    func extremes(_ kind: RevisionProtocol) throws {
        for y in [0, 1e-300, 0.7, 0.79, 1e3, 1e300] {
            for width in [1e-300, 1e-9, 1e-3, 1e9, 1e300] {
                for kappa in [(1e-12, 1.0), (1.0, 1e-12), (1e12, 1.0), (0.5, 0.5), (1.0, 1e12)] {
                    for (fee, eta, rate) in [(0.0, 0.0, 2.0), (0.99, 5, 1e9), (0, 1, 1e-9), (0.5, 0, 1e300)] {
                        let game = try RoleGame(
                            market: Market(externalRatio: 0.7, reservationRatio: 1.3, swapFee: fee), blockReward: y,
                            intensities: TradeIntensities(
                                genuineBuyers: kappa.0, speculatingBuyers: kappa.0, sellers: kappa.1),
                            parameters: RevisionParameters(demandWidth: width, revisionRate: rate, depthExponent: eta),
                            revisionProtocol: kind)
                        try expectCleanAnswer(game)
                    }
                }
            }
        }
    }
}
