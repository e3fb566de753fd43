import DissipativeMarket
import Foundation
import NumericalMethods

/// The cells of an ensemble: the product of the ranges, the pool price at the start fastest, then the varied quantities in
/// the order in which they were given.
public struct EnsembleGrid: Sendable {
    /// The values of x = α/c at the start; nil where ``from`` gives the price.
    public let startPrices: GridAxis?
    /// What varies beside the price, in order.
    public let varied: [VariedAxis]
    /// The state at the start that all cells have in common, as far as it is given.
    public let from: StartState?
    /// The parameters that all cells have in common.
    public let point: ParameterPoint

    public init(startPrices: GridAxis?, varied: [VariedAxis], from: StartState?, point: ParameterPoint) {
        self.startPrices = startPrices
        self.varied = varied
        self.from = from
        self.point = point
    }

    /// A cell: what it was asked for, and what became of it.
    public struct Cell: Sendable {
        /// The values of the varied quantities, in order.
        public let varied: [Double]
        /// x = α/c at the start; NaN where there is no market.
        public let startRatio: Double
        /// c, in tokens per unit; NaN where there is no market.
        public let sellerCost: Double
        /// nil where the cell is outside of a domain, which the fault says.
        public let trajectory: RoleEnsemble.Cell?
        /// What is wrong with the cell, or with what is known of where it goes.
        public let fault: String?
    }

    /// The lengths of the axes, the fastest first; the number of cells is their product.
    public var lengths: [Int] { (startPrices.map { [$0.count] } ?? []) + varied.map(\.axis.count) }

    /// The values of the varied quantities in a cell, and the place on the axis of starting prices.
    private func coordinates(_ index: Int) -> (price: Double?, varied: [Double]) {
        var rest = index
        func next(_ axis: GridAxis) -> Double {
            defer { rest /= axis.count }
            return axis[rest % axis.count]
        }
        let price = startPrices.map(next)
        return (price, varied.map { next($0.axis) })
    }

    /// Cells of a range, each with the places where its trajectory may settle.
    ///
    /// - Parameter findsTargets: whether these are of interest; finding them takes longer than the trajectory.
    public func cells(_ range: Range<Int>, findsTargets: Bool) -> [Cell] {
        // Neighbours mostly differ in their start alone.
        var last: (game: RoleGame, found: Result<RestPointSolution, RestPointError>)?
        return range.map { index in
            let (price, values) = coordinates(index)
            var startRatio = price ?? from?.price?.ratio(sellerCost: .nan) ?? .nan
            var cost = Double.nan
            do {
                let (game, shares) = try game(values)
                cost = game.market.sellerCost
                startRatio = try ratio(price, cost: cost)
                let z = log(startRatio)
                guard findsTargets else {
                    return Cell(
                        varied: values, startRatio: startRatio, sellerCost: cost,
                        trajectory: RoleEnsemble.Cell(game: game, logPrice: z, shares: shares), fault: nil)
                }
                let found = last?.game == game ? last?.found ?? Self.restPoints(game) : Self.restPoints(game)
                last = (game, found)
                switch found {
                case .success(let solution):
                    return Cell(
                        varied: values, startRatio: startRatio, sellerCost: cost,
                        trajectory: solution.trajectory(logPrice: z, shares: shares), fault: nil)
                case .failure(let error):
                    return Cell(
                        varied: values, startRatio: startRatio, sellerCost: cost,
                        trajectory: RoleEnsemble.Cell(game: game, logPrice: z, shares: shares),
                        fault: "rest points not found: \(error)")
                }
            } catch {
                return Cell(
                    varied: values, startRatio: startRatio, sellerCost: cost, trajectory: nil, fault: "\(error)")
            }
        }
    }

    private static func restPoints(_ game: RoleGame) -> Result<RestPointSolution, RestPointError> {
        do throws(RestPointError) { return .success(try game.restPoints()) } catch { return .failure(error) }
    }

    private func ratio(_ price: Double?, cost: Double) throws -> Double {
        let ratio = price ?? from?.price?.ratio(sellerCost: cost) ?? .nan
        guard ratio > 0, ratio < .infinity else {
            throw ParameterError(
                name: "x0", title: "pool price over seller's cost at the start", value: ratio,
                allowed: "a finite number greater than 0")
        }
        return ratio
    }

    /// The game and the shares at the start of a cell.
    private func game(_ cell: [Double]) throws -> (RoleGame, RoleShares) {
        var point = point
        var lp: Double?
        var seller: Double?
        for (option, value) in zip(varied, cell) {
            switch option.quantity {
            case .parameter(let name):
                try point.set(name, to: value)
                continue
            case .liquidityProviders: lp = value
            case .sellers: seller = value
            }
            let domain = option.quantity.domain
            guard domain.contains(value) else {
                throw ParameterError(
                    name: option.quantity.name, title: "share at the start", value: value, allowed: domain.description)
            }
        }
        let game = try point.makeGame()
        let shares = try (from ?? StartState(price: nil, shares: .even, givenShares: []))
            .shares(liquidityProviders: lp, sellers: seller)
        if game.parameters.depthExponent > 0, shares.liquidityProviders <= 0 {
            throw ParameterError(
                name: "lp", title: "share of LPs at the start", value: 0,
                allowed: "a number greater than 0 with a depth exponent greater than 0")
        }
        return (game, shares)
    }
}
