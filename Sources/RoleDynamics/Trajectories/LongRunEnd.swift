import DissipativeMarket
import Foundation
import NumericalMethods

extension Agreement {
    /// The comparison with the end of a trajectory of the game, under its own protocol and parameters, from a low price
    /// (x = ½, a third of the holders in each role).
    ///
    /// The trajectory is followed until the price and the shares have changed by less than 1e−8 over the second half of
    /// the time, up to 6400 T; an oscillation, a price that falls for ever, or one that is still on its way then, is a
    /// row that says so.
    public func addingTrajectory() -> Agreement {
        adding(LongRunEnd(of: game).row(sharpRestPrices: sharpRestPrices))
    }
}

/// Where a trajectory ends.
private struct LongRunEnd {
    /// What counts as no change: a hundred times the tolerance of a step.
    private static let resolution = 1e-8
    private static let longest = 6400.0

    let game: RoleGame
    private var sample: MarketSample?
    private var note = ""

    init(of game: RoleGame) {
        self.game = game
        do {
            let trajectory = try game.trajectory(
                logPrice: log(0.5), shares: .even, until: Self.longest,
                algorithm: ODEAlgorithm(relativeTolerance: 1e-10, absoluteTolerance: 1e-12, maximumSteps: 200_000))
            try follow(trajectory)
        } catch {
            note = "\(error)"
        }
    }

    private mutating func follow(_ trajectory: any MarketTrajectory) throws {
        var end = 50.0
        var reached = 0.0
        while end <= Self.longest {
            // The second half is looked at in a hundred places, so that an oscillation is not taken for rest.
            var (low, high) = ([Double](repeating: .infinity, count: 3), [Double](repeating: -.infinity, count: 3))
            var last: MarketSample?
            for step in 0...100 {
                let time = max(end / 2 + end / 2 * Double(step) / 100, reached)
                guard let state = try trajectory.advance(to: time) else {
                    note = "the trajectory " + (trajectory.ending?.description ?? "ended early")
                    return
                }
                reached = time
                last = state
                for (index, value) in [state.logPrice, state.shares.liquidityProviders, state.shares.sellers]
                    .enumerated()
                {
                    low[index] = min(low[index], value)
                    high[index] = max(high[index], value)
                }
            }
            if let last, zip(low, high).allSatisfy({ $1 - $0 <= Self.resolution }) {
                sample = last
                return
            }
            note =
                "the trajectory has not come to rest: x from \(exp(low[0])) to \(exp(high[0])) between t = \(end / 2) and \(end)"
            end *= 2
        }
    }

    func row(sharpRestPrices: ClosedRange<Double>) -> AgreementRow {
        guard let sample else { return AgreementRow(route: .trajectory, parameters: nil, note: note) }
        let payoffs = game.payoffs(logPrice: sample.logPrice)
        let shares = sample.shares
        let mean =
            shares.liquidityProviders * payoffs.regretLiquidityProvider + shares.sellers * payoffs.regretSeller
            + shares.external * payoffs.regretExternal
        return AgreementRow(
            route: .trajectory, parameters: nil, price: exp(sample.logPrice), shares: shares, regret: mean,
            sharpRestPrices: sharpRestPrices)
    }
}
