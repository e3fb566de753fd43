import DissipativeMarket
import NumericalMethods
import RealModule

/// The rest points of a protocol whose field has a kink there, Smith's or BNN's, along a parameter.
///
/// There is one Nash point for each parameter value, or a segment of them at γ = β, and the price equation has it: nothing
/// is traced. Hopf points in the usual sense are not defined. Where the point gains or loses its stability, which the growth
/// over a full turn through both sides decides, is reported as a kink, and so are the two ends of the segment at γ = β.
public struct KinkedContinuation: Sendable {
    private let game: RoleGame
    private let parameter: BranchParameter
    private let settings: RoleContinuation.Settings
    private let isInterrupted: @Sendable () -> Bool

    /// - Throws: ``ContinuationError`` for another protocol than Smith's and BNN's, and where cycles are asked for.
    public init(
        _ game: RoleGame, _ parameter: BranchParameter, _ settings: RoleContinuation.Settings,
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) throws(ContinuationError) {
        guard game.revisionProtocol == .smith || game.revisionProtocol == .bnn else {
            throw .noDerivatives(game.revisionProtocol)
        }
        guard settings.switching == .none else { throw .kinked(game.revisionProtocol) }
        self.game = game
        self.parameter = parameter
        self.settings = settings
        self.isInterrupted = isInterrupted
    }

    /// A point with what it is labelled.
    private struct Place {
        let value: Double
        let point: RestPoint
        var label: BranchLabel?
        var reason: String?
        var error: Double?
    }

    /// The rest points over the range, with what happens.
    ///
    /// - Throws: ``ContinuationError`` where there is no rest point at the start.
    public func run() throws(ContinuationError) -> BranchDiagram {
        let range = parameter.range
        var values = (1..<Self.steps).map {
            let low = parameter.coordinate(range.lowerBound)
            return parameter.value(
                low + (parameter.coordinate(range.upperBound) - low) * Double($0) / Double(Self.steps))
        }
        values = (values + settings.requested + [range.lowerBound, range.upperBound]).sorted()
        values = values.enumerated().filter { $0.offset == 0 || values[$0.offset - 1] < $0.element }.map(\.element)
        var places: [Place] = []
        var escape: String?
        for value in values {
            if isInterrupted() { break }
            guard let solution = solution(at: value) else { continue }
            guard let point = solution.points.first else {
                escape = escape ?? solution.escapes.map(\.description).joined(separator: "; ")
                continue
            }
            if let last = places.last {
                places += between(last, Place(value: value, point: point))
            }
            // Of a segment the end that is nearer to the last point is there already.
            if solution.points.count > 1, places.last?.value == value { continue }
            var place = Place(value: value, point: point)
            if settings.requested.contains(value) { place.label = .requested }
            places.append(place)
        }
        guard !places.isEmpty else { throw .noRestPoint(parameter: values[0], escape: escape ?? "none was found") }
        for (index, value) in [(0, range.lowerBound), (places.count - 1, range.upperBound)]
        where places[index].label == nil {
            places[index].label = .end
            places[index].reason =
                places[index].value == value
                ? "\(parameter.name.short) reaches the end of its range"
                : "no rest point beyond: \(escape ?? "none was found")"
        }
        return diagram(places)
    }

    private static let steps = 200

    private func solution(at value: Double) -> RestPointSolution? {
        var point = ParameterPoint(game)
        guard (try? point.set(parameter.name, to: value)) != nil, let game = try? point.makeGame() else { return nil }
        return try? game.restPoints()
    }

    // MARK: - Between two values

    /// What happens between two points.
    private func between(_ a: Place, _ b: Place) -> [Place] {
        var result: [Place] = []
        if a.point.face != b.point.face, a.point.face != .sellers, b.point.face != .sellers {
            result += segment(a, b)
        }
        let (before, after) = (a.point.stability.isStable, b.point.stability.isStable)
        if let before, let after, before != after, result.isEmpty, let kink = stabilityChange(a, b, before) {
            result.append(kink)
        }
        return result
    }

    /// The ends of the segment at γ = β, where a branch passes from one edge to the other.
    private func segment(_ a: Place, _ b: Place) -> [Place] {
        var (low, high) = (a.value, b.value)
        var met: RestPointSolution?
        while met == nil {
            let middle = low + 0.5 * (high - low)
            guard middle > low, middle < high, let solution = solution(at: middle), let point = solution.points.first
            else {
                break
            }
            if solution.points.count > 1 {
                met = solution
                low = middle
            } else if point.face == a.point.face {
                low = middle
            } else {
                high = middle
            }
        }
        // One double has γ = β; the bisection may have ended beside it.
        for value in [low, high] where met == nil {
            guard let solution = solution(at: value), solution.points.count > 1 else { continue }
            met = solution
            low = value
        }
        return (met?.points ?? []).sorted { first, _ in first.face == a.point.face }.map {
            Place(
                value: low, point: $0, label: .kink,
                reason: "an end of the segment of rest points at gamma = beta, on which the parameter is constant",
                error: low.ulp)
        }
    }

    /// Where stability changes, by bisection to rounding.
    private func stabilityChange(_ a: Place, _ b: Place, _ before: Bool) -> Place? {
        var (low, high) = (a.value, b.value)
        var found = b.point
        for _ in 0..<80 {
            let middle = low + 0.5 * (high - low)
            guard middle > low, middle < high, let point = solution(at: middle)?.points.first else { break }
            guard let isStable = point.stability.isStable else {
                (low, high, found) = (middle, middle, point)
                break
            }
            if isStable == before { low = middle } else { (high, found) = (middle, point) }
        }
        let name = game.revisionProtocol.rawValue
        var reason = "\(name) has a kink at its rest point: no Hopf point in the usual sense"
        func lag(_ part: Linearisation?) -> String {
            part?.lagCrossings.map { "\($0.destabilising)" } ?? "no lag"
        }
        if found.stability.linearisationBelow != nil {
            reason +=
                "; by itself the side above crosses at lag \(lag(found.stability.linearisation)), the side below at "
                + lag(found.stability.linearisationBelow)
        }
        return Place(value: high, point: found, label: .kink, reason: reason, error: max(high - low, high.ulp))
    }

    // MARK: - What is told

    private func diagram(_ places: [Place]) -> BranchDiagram {
        var diagram = BranchDiagram(game: game, parameter: parameter)
        var points: [RestBranchPoint] = []
        for place in places {
            let point = place.point
            points.append(
                RestBranchPoint(
                    number: points.count + 1, label: place.label, parameter: place.value, logPrice: point.logPrice,
                    shares: point.shares, face: point.face,
                    eigenvalues: RoleContinuation.byFallingRealPart(point.stability.eigenvalues ?? []),
                    isStable: place.label == .kink ? nil : point.stability.isStable, parameterTangent: .nan, step: 0,
                    iterations: 0, residual: point.residual ?? .nan,
                    status: point.degeneracies.first?.description ?? "ok"))
            guard let label = place.label else { continue }
            diagram.events.append(
                BranchEvent(
                    number: diagram.events.count + 1, branch: 1, point: points.count, label: label, isOnCycle: false,
                    parameter: place.value, price: Double.exp(point.logPrice),
                    shares: [point.shares.liquidityProviders, point.shares.sellers, point.shares.external], period: nil,
                    hopf: nil, testValue: nil, parameterError: place.error, toBranch: nil, reason: place.reason))
        }
        diagram.branches = [RoleBranch(number: 1, points: .rest(points))]
        return diagram
    }
}
