import CommandRun
import DissipativeMarket
import Figures
import Foundation
import Reporting
import RoleDynamics

/// Rest points as a figure: the price equation's two sides, which meet at them, and their eigenvalues in the complex
/// plane.
struct EquilibriumFigure {
    let solution: RestPointSolution
    let title: String?

    init(_ solution: RestPointSolution, title: String?) {
        self.solution = solution
        self.title = title
    }

    private var game: RoleGame { solution.game }

    /// The colours of rest points: as many as there can be.
    private static let colors = [FigureInk.equilibrium, FigureInk.liquidityProviders.color, FigureInk.external.color]

    private static func color(_ index: Int) -> String { colors[index % colors.count] }

    /// The figure on a sheet: the two frames beside each other where it is wide.
    func sheet(size: FigureSheet.Size) -> FigureSheet {
        var figures = [priceEquation()]
        if let plane = complexPlane() { figures.append(plane) }
        figures[0].title = title.map(FigureText.plain)
        return FigureSheet(figures, columns: size.isWide ? 2 : 1, size: size)
    }

    // MARK: - The price equation

    private static let steps = 600

    /// Buyers' demand, which falls, and what sellers offer, which rises, as multiples of the expiry flow.
    private func priceEquation() -> Figure {
        let limits = [
            ("b", game.speculatingBuyersLimit), ("s", game.market.limits.seller / game.market.sellerCost),
            ("g", game.genuineBuyersLimit),
        ]
        let shown = solution.points.map(\.price).filter { $0 > 0 && $0 < .infinity }
        var axis = xAxis(limits.map(\.1) + shown)
        axis.marks = limits.map { FigureAxis.Mark($0.1, .markup("{/:Italic α}_{\($0.0)}")) }
        let prices = (0...Self.steps).map { axis.value(at: Double($0) / Double(Self.steps)) }
        let demand = prices.map { FigurePoint($0, game.demand(logPrice: log($0))) }
        let offer = offer(at: prices)
        let kappa = game.intensities.sellers
        let highest = (demand + offer).lazy.map(\.y).filter { $0 > 0 && $0 < .infinity }.max() ?? 1
        var layers: [FigureLayer] = [
            .curve(demand, FigureInk.liquidityProviders), .curve(offer, FigureInk.sellers),
        ]
        for (index, point) in solution.points.enumerated() where axis.range.contains(point.price) {
            layers.append(.dots([FigurePoint(point.price, kappa * point.shares.sellers)], color: Self.color(index)))
        }
        let legend =
            [
                FigureLegendEntry(.line(FigureInk.liquidityProviders), .plain("demand")),
                FigureLegendEntry(.line(FigureInk.sellers), .plain("offer")),
            ]
            + solution.points.enumerated().map { index, point in
                let type = point.type.map { $0.rawValue.replacing("-", with: " ") } ?? "rest point"
                let nash = point.isNash == false ? ", not Nash" : ""
                return FigureLegendEntry(
                    .dots(color: Self.color(index)),
                    .markup("{/:Italic x} = \(formatRounded(point.price)): \(type)\(nash)"))
            }
        return Figure(
            legend: legend, x: axis,
            y: FigureAxis(.markup("rate, in {/:Italic X}/{/:Italic T}"), range: 0...highest * 1.08), layers: layers)
    }

    /// The prices between which everything happens, with room on both sides; as ratios where they are far apart.
    private func xAxis(_ prices: [Double]) -> FigureAxis {
        let label = FigureText.markup("price {/:Italic x} = {/:Italic α}/{/:Italic c}")
        let (low, high) = (prices.min() ?? 0.5, prices.max() ?? 1.5)
        if high > 30 * low {
            return FigureAxis(label, range: low / 2...min(high * 2, .greatestFiniteMagnitude), scale: .logarithmic)
        }
        let room = max((high - low) * 0.35, high * 0.05)
        return FigureAxis(label, range: max(low - room, low / 2)...high + room)
    }

    /// κ_s times the share of sellers that holders tend to at a price: logit's choice, or the best responses.
    private func offer(at prices: [Double]) -> [FigurePoint] {
        let kappa = game.intensities.sellers
        guard game.revisionProtocol == .logit else {
            let best = max(game.blockReward, game.market.externalPrice)
            let tie = game.market.equilibriumPrice(blockReward: best).map { $0 / game.market.sellerCost } ?? .infinity
            let (first, last) = (prices.first ?? 0, prices.last ?? 0)
            if tie <= first { return [FigurePoint(first, kappa), FigurePoint(last, kappa)] }
            if tie >= last { return [FigurePoint(first, 0), FigurePoint(last, 0)] }
            return [
                FigurePoint(first, 0), FigurePoint(tie, 0), FigurePoint(tie, kappa), FigurePoint(last, kappa),
            ]
        }
        return prices.map { price in
            let payoffs = game.payoffs(logPrice: log(price))
            let others = [payoffs.liquidityProvider, payoffs.external].map {
                exp(min(game.parameters.rationality * ($0 - payoffs.seller), 700))
            }
            return FigurePoint(price, kappa / (1 + others[0] + others[1]))
        }
    }

    // MARK: - The complex plane

    /// The eigenvalues of all points, on both sides of a kink; nil where there are none.
    private func complexPlane() -> Figure? {
        let values = solution.points.map { point in
            ((point.stability.eigenvalues ?? []) + (point.stability.eigenvaluesBelow ?? []))
                .map { FigurePoint($0.real, $0.imaginary) }
        }
        let all = values.flatMap { $0 }
        guard !all.isEmpty else { return nil }
        let largest = all.map { abs($0.y) }.max() ?? 0
        let x = FigureInk.range(of: all.map(\.x) + [0], margin: 0.12)
        let height = largest > 0 ? largest : max(x.upperBound - x.lowerBound, .leastNormalMagnitude)
        let axis = FigureStroke(color: FigureInk.faint, width: 0.5)
        let scales = (x: FigureInk.scale(of: x), y: FigureInk.scale(of: -height...height))
        func label(_ part: String, _ scale: Double) -> FigureText {
            .markup("\(part) {/:Italic μ}, in \(FigureInk.power(of: scale))1/{/:Italic T}")
        }
        let plane = Figure(
            x: FigureAxis(label("Re", scales.x), range: x, marks: [FigureAxis.Mark(0, nil, guide: axis)]),
            y: FigureAxis(
                label("Im", scales.y), range: -1.15 * height...1.15 * height,
                marks: [FigureAxis.Mark(0, nil, guide: axis)]),
            layers: values.enumerated().filter { !$0.element.isEmpty }.map {
                .dots($0.element, color: Self.color($0.offset))
            })
        return plane.scaled(x: scales.x, y: scales.y)
    }
}
