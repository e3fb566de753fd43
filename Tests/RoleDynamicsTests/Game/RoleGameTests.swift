import DissipativeMarket
import Foundation
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct RoleGameTests {
    @Test func ratios() throws {
        let game = try RoleGame(
            market: Market(
                externalPrice: 0.7, failureProbability: 0.2, collateral: 1.5, reservationPrice: 1.6, swapFee: 0.05),
            blockReward: 0.85)
        // c = 0.7 + 0.2·1.5 = 1.
        #expect(abs(game.rewardRatio - 0.85) <= 2 * Double.ulpOfOne)
        #expect(abs(game.rewardExcess - 0.15) <= 2 * Double.ulpOfOne)
        #expect(abs(game.rewardMean - 1.15) <= 4 * Double.ulpOfOne)
        #expect(abs(game.externalRatio - 0.7) <= 2 * Double.ulpOfOne)
        #expect(abs(game.reservationRatio - 1.6) <= 4 * Double.ulpOfOne)
        #expect(abs(game.genuineBuyersLimit - 1.52) <= 4 * Double.ulpOfOne)
        #expect(abs(game.speculatingBuyersLimit - 0.665) <= 2 * Double.ulpOfOne)
        #expect(game.revisionProtocol == .logit)
        #expect(game.with(revisionProtocol: .smith).revisionProtocol == .smith)
        let slow = try RevisionParameters(revisionRate: 0.1)
        #expect(game.with(parameters: slow).parameters == slow)
        #expect(game.with(parameters: slow).rewardExcess == game.rewardExcess)
    }

    /// Against the payoffs of DissipativeMarket, which are in tokens. In units of c the roundings of both, the one of
    /// ln x among them, are a few ulp of a number of the order of 1 + L.
    @Test func payoffsAreTheMarkets() throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<2000 {
            let game = try RoleGame.random(&generator, .logit)
            let x = generator.logUniform(-3...3)
            let c = game.market.sellerCost
            let ours = game.payoffs(logPrice: log(x))
            let theirs = Payoffs(market: game.market, poolPrice: x * c, blockReward: game.blockReward)
            let tolerance = 16 * Double.ulpOfOne * (1 + max(x, 1))
            #expect(abs(ours.liquidityProvider - theirs.liquidityProvider / c) <= tolerance)
            #expect(abs(ours.seller - theirs.seller / c) <= tolerance)
            #expect(abs(ours.external - theirs.external / c) <= tolerance)
            #expect(abs(ours.regretSeller - theirs.regretSeller / c) <= 2 * tolerance)
            #expect(abs(ours.regretLiquidityProvider - theirs.regretLiquidityProvider / c) <= 2 * tolerance)
            #expect(abs(ours.regretExternal - theirs.regretExternal / c) <= 2 * tolerance)
            #expect(abs(game.sellerExcess(logPrice: log(x)) - (ours.seller - ours.external)) <= tolerance)
        }
    }

    /// At the seller's limit, x = 1 without a fee, selling earns what the external sale does; where x underflows the mean
    /// price still falls like −1/z.
    @Test func payoffsAtTheEnds() throws {
        let game = try RoleGame.baseline(0.79)
        #expect(game.payoffs(logPrice: 0).seller == game.externalRatio)
        #expect(abs(game.payoffs(logPrice: -1e4).seller - (1e-4 - 0.3)) <= Double.ulpOfOne)
        #expect(game.payoffs(logPrice: 710).seller == .infinity)
    }

    /// Half of the buyers at their limit, all far below, none far above.
    @Test func demandIsLogistic() throws {
        let game = try RoleGame.offBaseline(fee: 0.1)
        let (w, g, b) = (0.05, 0.9 * 1.45, 0.9 * 0.6)
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<1000 {
            let x = generator.uniform(0.01...3)
            let expected = 0.4 * (0.5 + 0.5 * tanh((g - x) / w / 2)) + 0.7 * (0.5 + 0.5 * tanh((b - x) / w / 2))
            // Roundings of x/w, 60 at most, and of the numbers of order one.
            #expect(abs(game.demand(logPrice: log(x)) - expected) <= 100 * Double.ulpOfOne)
        }
        #expect(abs(game.demand(logPrice: -1000) - 1.1) < 1e-4)
        #expect(game.demand(logPrice: 709) == 0)
        #expect(game.demand(logPrice: 1e300) == 0)
    }

    @Test func ratiosBeyondTheLargestDouble() throws {
        let cheap = try Market(externalPrice: 1e-300, reservationPrice: 1e-300)
        for gamma in [-1, .nan, .infinity, 1e10] {
            let error = try #require(throws: ParameterError.self) { try RoleGame(market: cheap, blockReward: gamma) }
            #expect(error.name == "gamma")
        }
        let error = try #require(throws: ParameterError.self) {
            try RoleGame(market: Market(externalPrice: 1e-300, reservationPrice: 1e10), blockReward: 0)
        }
        #expect(error.name == "delta")
        // γ + pθ exceeds the largest double, and its ratio to c does not.
        let dear = try Market(
            externalPrice: 1e307, failureProbability: 1, collateral: 1.6e308, reservationPrice: 1e307)
        let game = try RoleGame(market: dear, blockReward: 1.7e308)
        #expect(abs(game.rewardMean - 33.0 / 17) <= 4 * Double.ulpOfOne)
    }
}
