import DissipativeMarket
import Foundation
import NumericalMethods
import Reporting
import RoleDynamics

/// The cells of an ensemble: the product of the ranges, the pool price at the start fastest, then the varied quantities in
/// the order in which they were given.
struct EnsembleGrid: Sendable {
    let startPrices: GridAxis?
    let varied: [VaryOption]
    let from: StartState?
    let revisionProtocol: RevisionProtocol
    /// The parameters that all cells have in common.
    let values: ParameterValues
    /// How many there are.
    let count: Int

    /// A cell: what it was asked for, and what became of it.
    struct Cell: Sendable {
        /// The values of the varied quantities, in order.
        let varied: [Double]
        /// x = α/c at the start; NaN where there is no market.
        let startRatio: Double
        /// c, in tokens per unit; NaN where there is no market.
        let sellerCost: Double
        /// nil where the cell is outside of a domain, which the fault says.
        let trajectory: RoleEnsemble.Cell?
        /// The numbers of the rest points that are the targets.
        let numbers: [Int]
        /// What is wrong with the cell, or with what is known of where it goes.
        let fault: String?
    }

    /// Axes of length 1 for what is not varied are left out.
    var lengths: [Int] { (startPrices.map { [$0.count] } ?? []) + varied.map(\.axis.count) }

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
    func cells(_ range: Range<Int>, findsTargets: Bool) -> [Cell] {
        // Neighbours mostly differ in their start alone.
        var last: (game: RoleGame, found: Result<RestPointSolution, RestPointError>)?
        return range.map { index in
            let (price, values) = coordinates(index)
            var startRatio = price ?? from?.priceRatio ?? .nan
            var cost = Double.nan
            do {
                let (game, shares) = try game(values)
                cost = game.market.sellerCost
                startRatio = try ratio(price, cost: cost)
                let z = log(startRatio)
                guard findsTargets else {
                    return Cell(
                        varied: values, startRatio: startRatio, sellerCost: cost,
                        trajectory: RoleEnsemble.Cell(game: game, logPrice: z, shares: shares), numbers: [], fault: nil)
                }
                if last?.game != game { last = (game, Self.restPoints(game)) }
                switch last?.found {
                case .success(let solution)?:
                    let points = solution.attractingPoints(from: shares)
                    return Cell(
                        varied: values, startRatio: startRatio, sellerCost: cost,
                        trajectory: RoleEnsemble.Cell(
                            game: game, logPrice: z, shares: shares, targets: points.map(\.place),
                            cycleLogPrice: solution.points.first?.logPrice),
                        numbers: points.map(\.number), fault: nil)
                case .failure(let error)?:
                    return Cell(
                        varied: values, startRatio: startRatio, sellerCost: cost,
                        trajectory: RoleEnsemble.Cell(game: game, logPrice: z, shares: shares), numbers: [],
                        fault: "rest points not found: \(error)")
                case nil: throw CommandFailure(.numerics, "rest points were not looked for")
                }
            } catch {
                return Cell(
                    varied: values, startRatio: startRatio, sellerCost: cost, trajectory: nil, numbers: [],
                    fault: "\(error)")
            }
        }
    }

    private static func restPoints(_ game: RoleGame) -> Result<RestPointSolution, RestPointError> {
        do throws(RestPointError) { return .success(try game.restPoints()) } catch { return .failure(error) }
    }

    private func ratio(_ price: Double?, cost: Double) throws -> Double {
        let ratio: Double
        switch (price, from?.price) {
        case (let price?, _): ratio = price
        case (nil, .ratio(let x)?): ratio = x
        case (nil, .tokens(let alpha)?): ratio = alpha / cost
        case (nil, nil): ratio = .nan
        }
        guard ratio > 0, ratio < .infinity else {
            throw OutOfDomain(name: "x0", value: ratio, allowed: "a finite number greater than 0")
        }
        return ratio
    }

    /// The game and the shares at the start of a cell.
    private func game(_ cell: [Double]) throws -> (RoleGame, RoleShares) {
        var parameters = values.gameValues(revisionProtocol)
        var lp: Double?
        var seller: Double?
        for (option, value) in zip(varied, cell) {
            guard option.quantity.allows(value) else {
                throw OutOfDomain(name: option.quantity.name, value: value, allowed: option.quantity.allowed)
            }
            switch option.quantity {
            case .parameter(let name):
                if let parameter = name.gameParameter { try parameters.set(parameter, to: value) }
            case .liquidityProviders: lp = value
            case .sellers: seller = value
            }
        }
        let game = try parameters.game()
        let shares = try shares(lp: lp, seller: seller)
        if game.parameters.depthExponent > 0, shares.liquidityProviders <= 0 {
            throw OutOfDomain(
                name: "lp", value: 0, allowed: "a number greater than 0 with a depth exponent greater than 0")
        }
        return (game, shares)
    }

    /// Of a share that is not varied, that of `--from`; external sellers are the rest. Where one share alone is varied and
    /// none is given, the two others have the rest in equal parts, as with `--from`.
    private func shares(lp: Double?, seller: Double?) throws(ParameterError) -> RoleShares {
        let common = from?.shares ?? .even
        if lp == nil, seller == nil { return common }
        let isGiven = from?.givesShares ?? false
        return try RoleShares(
            liquidityProviders: lp ?? (isGiven ? common.liquidityProviders : (1 - (seller ?? 0)) / 2),
            sellers: seller ?? (isGiven ? common.sellers : (1 - (lp ?? 0)) / 2))
    }
}

/// A value of a cell outside of its domain.
struct OutOfDomain: Error, CustomStringConvertible {
    let name: String
    let value: Double
    let allowed: String

    var description: String { "\(name) is \(formatShortest(value)); allowed: \(allowed)" }
}

extension StartState {
    /// x, where the price was given so.
    fileprivate var priceRatio: Double? { if case .ratio(let x)? = price { x } else { nil } }
}
