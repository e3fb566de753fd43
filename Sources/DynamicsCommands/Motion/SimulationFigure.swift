import CommandRun
import DissipativeMarket
import Figures
import Foundation
import Reporting
import RoleDynamics

/// A simulated path as a figure: the price with the limits of trade above, the shares or the reserves below, the events as
/// lines through both.
struct SimulationFigure {
    let simulation: Simulation
    var title: String?

    /// Points along the time axis: more than a printer shows.
    private static let intervals = 1200

    /// - Throws: what a second run of the simulation throws; the figure does not depend on the rows that are written.
    func sheet(size: FigureSheet.Size) throws -> FigureSheet {
        let period = simulation.market.stakingPeriod
        let trajectory = try simulation.trajectory(withLimits: false)
        var rows: [SimulationRow] = []
        for index in 0...Self.intervals {
            let time =
                index == Self.intervals ? simulation.end : simulation.end * Double(index) / Double(Self.intervals)
            guard let row = try simulation.row(at: time, of: trajectory) else { break }
            rows.append(row)
        }
        func points(_ value: (SimulationRow) -> Double?) -> [FigurePoint] {
            rows.compactMap { row in value(row).map { FigurePoint(row.time / period, $0) } }
        }
        let market = simulation.market
        let game = simulation.game
        let equilibrium = Equilibrium(
            market: market, speculates: game.intensities.speculatingBuyers > 0, blockReward: game.blockReward)
        let rest = equilibrium.restPrice(from: simulation.start.poolPrice)
        let price = TimeSeriesFigure.Frame.price(
            [.init(label: nil, points: points(\.ratio))], in: market, restPrice: rest < .infinity ? rest : nil)
        let second: TimeSeriesFigure.Frame =
            simulation.model == .transient
            ? .reserves(
                asset: points { $0.sample.reserves?.asset }, tokens: points { $0.sample.reserves?.token })
            : .shares(
                liquidityProviders: points(\.sample.shares.liquidityProviders),
                sellers: points(\.sample.shares.sellers),
                external: points(\.sample.shares.external))
        var figure = TimeSeriesFigure(title: title, frames: [price, second])
        // Best responses that switch ever faster would be a black bar.
        let events = trajectory.events.filter { !$0.name.hasSuffix("-becomes-best") }
        figure.events = events.map { TimeSeriesFigure.Event(time: $0.sample.time, name: $0.name) }
        return figure.sheet(size: size)
    }
}
