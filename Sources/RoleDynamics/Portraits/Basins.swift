import DissipativeMarket
import Foundation
import NumericalMethods

/// Where a trajectory of a portrait goes.
public enum PortraitAttractor: Equatable, Hashable, Sendable {
    /// The rest point of this number, from 1 by rising price, has been reached and not left again.
    case restPoint(Int)
    /// Two turns around the first rest point agreed.
    case cycle
    /// The price falls for ever.
    case escapeToZero
    /// It has not settled.
    case notSettled

    /// `rest-1`, `cycle`, `escape-to-zero` or `none`.
    public var name: String {
        switch self {
        case .restPoint(let number): "rest-\(number)"
        case .cycle: "cycle"
        case .escapeToZero: "escape-to-zero"
        case .notSettled: "none"
        }
    }
}

/// The trajectory from a point of a portrait.
public struct PortraitBasin: Equatable, Sendable {
    /// Where it goes. Of a trajectory that has met a limit or left a domain: not settled.
    public let attractor: PortraitAttractor
    /// From when on it has been there, or when the first of the turns that agree began; in units of T.
    public let settledSince: Double?
    /// The trajectory.
    public let outcome: RoleEnsemble.Outcome
}

extension PhasePortrait {
    /// By how much, in ln x, an escaping price has to be below all prices that mean something to it.
    private static let escapeDepth = log(1000.0)

    /// The start of a trajectory with the places where it may settle: the rest points that attract it, a cycle around the
    /// first rest point, and the way on which the price falls for ever.
    ///
    /// A price counts as one that falls for ever where the equations leave it nothing else to do (an escape of
    /// ``RestPointSolution/escapes`` on a face that holds the start) and it has fallen below a thousandth of every limit of
    /// trade and of every rest point, for as long as a settled trajectory has to stay.
    ///
    /// - Throws: ``Absence``.
    public func basinStart(at point: PlanePoint) throws(Absence) -> (cell: RoleEnsemble.Cell, numbers: [Int]) {
        var cell = try start(at: point)
        let attracting = restPoints.attractingPoints(from: cell.shares)
        cell.targets = attracting.map(\.place)
        cell.cycleLogPrice = restPoints.points.first?.logPrice
        let escapes = restPoints.escapes.contains { escape in
            escape.direction == .toZero
                && (escape.face == .all || (escape.face == .sellersOnly && cell.shares.sellers == 1))
        }
        if escapes {
            let prices =
                [game.speculatingBuyersLimit, game.genuineBuyersLimit].map { log($0) } + [-game.logarithmOfKept]
                + restPoints.points.map(\.logPrice)
            cell.escapeLogPrice = (prices.min() ?? 0) - Self.escapeDepth
        }
        return (cell, attracting.map(\.number))
    }

    /// What has become of a trajectory.
    public static func basin(_ outcome: RoleEnsemble.Outcome, numbers: [Int]) -> PortraitBasin {
        guard outcome.ending.isExpected else {
            return PortraitBasin(attractor: .notSettled, settledSince: nil, outcome: outcome)
        }
        if let target = outcome.target, numbers.indices.contains(target) {
            return PortraitBasin(
                attractor: .restPoint(numbers[target]), settledSince: outcome.settledSince, outcome: outcome)
        }
        if let since = outcome.escapedSince {
            return PortraitBasin(attractor: .escapeToZero, settledSince: since, outcome: outcome)
        }
        if let cycle = outcome.cycle {
            return PortraitBasin(attractor: .cycle, settledSince: cycle.since, outcome: outcome)
        }
        return PortraitBasin(attractor: .notSettled, settledSince: nil, outcome: outcome)
    }

    /// The attractors of trajectories from points of the plane; nil for a point from which none starts.
    ///
    /// - Parameters:
    ///   - points: starts.
    ///   - ensemble: with a settling rule, or nothing settles.
    /// - Throws: as ``RoleEnsemble/solve(_:cancellation:)``: best responses have no lanes.
    public func basins(of points: [PlanePoint], by ensemble: RoleEnsemble) throws -> [PortraitBasin?] {
        let starts = points.map { try? basinStart(at: $0) }
        let outcomes = try ensemble.solve(starts.compactMap { $0?.cell })
        var next = outcomes.makeIterator()
        return starts.map { start in
            start.flatMap { start in next.next().map { Self.basin($0, numbers: start.numbers) } }
        }
    }
}
