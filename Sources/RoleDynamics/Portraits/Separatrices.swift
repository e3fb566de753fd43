import ComplexModule
import Foundation
import NumericalMethods

/// One half of the one-dimensional stable or unstable manifold of a saddle.
public struct Separatrix: Equatable, Sendable {
    /// The saddle's number among the rest points, from 1.
    public let restPoint: Int
    /// Whether it leads to the saddle; otherwise it comes from it.
    public let isStable: Bool
    /// The eigenvalue along it, in 1/T.
    public let eigenvalue: Double
    /// Along the eigenvector, or against it.
    public let side: FloatingPointSign
    /// How far from the saddle it is followed from, along the eigenvector.
    public let startDistance: Double
    /// How far its first point is off the manifold, by two starts of which one is carried to the other.
    public let startError: Double
    /// The path from the saddle on; times are those since the start, backwards in time along a stable manifold.
    public let path: PortraitPath
}

/// A manifold that is no curve, or was not followed.
public struct UntracedManifold: Equatable, Sendable, CustomStringConvertible {
    /// The number of the rest point, from 1.
    public let restPoint: Int
    /// Whether the curve is the stable manifold.
    public let isStable: Bool
    /// Why.
    public let reason: String

    /// A sentence for people.
    public var description: String {
        "the \(isStable ? "stable" : "unstable") manifold of rest point \(restPoint) \(reason)"
    }
}

/// The manifolds of a game's saddles.
public struct Separatrices: Equatable, Sendable {
    /// The manifolds that are curves.
    public let curves: [Separatrix]
    /// The manifolds that are not curves, or could not be followed.
    public let untraced: [UntracedManifold]
}

extension PhasePortrait {
    /// How far the start of a separatrix may be off the manifold: largest component.
    private static let startTolerance = 1e-9

    /// The one-dimensional stable and unstable manifolds of the saddles, followed from their eigenvectors.
    ///
    /// The start lies on the manifold's second-order approximation p + hv + h²w, (2μ − J)w = ½D²f(v, v), where that is within
    /// 1e−9 of the one from h/2, carried on for ln 2/|μ|. Unstable ones are followed forwards, stable ones backwards in
    /// time, as far as `end`, off the simplex, or to |ln x| = 20. A manifold of two or more dimensions is no curve; it is the
    /// basins whose border shows it. Of a saddle at a kink (Smith, BNN) or without eigenvalues none is followed.
    ///
    /// - Parameters:
    ///   - end: how far they are followed, in units of T.
    ///   - algorithm: how they are integrated.
    ///   - tolerance: of the polyline, as for ``trajectory(logPrice:shares:until:algorithm:tolerance:)``.
    /// - Throws: `ODEError` for the algorithm.
    public func separatrices(
        until end: Double, algorithm: ODEAlgorithm, tolerance: Double = 1e-4
    ) throws -> Separatrices {
        var curves: [Separatrix] = []
        var untraced: [UntracedManifold] = []
        for (index, point) in restPoints.points.enumerated() where point.type == .saddle {
            guard let values = point.stability.eigenvalues, let vectors = point.stability.eigenvectors else { continue }
            for isStable in [true, false] {
                let members = values.indices.filter { isStable ? values[$0].real < 0 : values[$0].real > 0 }
                func skip(_ reason: String) {
                    untraced.append(UntracedManifold(restPoint: index + 1, isStable: isStable, reason: reason))
                }
                guard let only = members.first else { continue }
                guard members.count == 1 else {
                    skip("has \(members.count) dimensions and is no curve; the borders of the basins show it")
                    continue
                }
                guard point.stability.eigenvaluesBelow == nil else {
                    skip("is not followed from a kink of the field")
                    continue
                }
                let vector = vectors[only].map(\.real)
                for side in [FloatingPointSign.plus, .minus] {
                    let direction = side == .plus ? vector : vector.map { -$0 }
                    guard leadsInside(direction, from: point) else { continue }
                    guard let start = try manifoldStart(point, along: direction, rate: values[only].real, algorithm)
                    else {
                        skip("was not found by its eigenvector to \(Self.startTolerance)")
                        continue
                    }
                    let path = try manifold(
                        from: point, start: start.state, isStable: isStable, until: end, algorithm, tolerance)
                    curves.append(
                        Separatrix(
                            restPoint: index + 1, isStable: isStable, eigenvalue: values[only].real, side: side,
                            startDistance: start.distance, startError: start.error, path: path))
                }
            }
        }
        return Separatrices(curves: curves, untraced: untraced)
    }

    /// Whether a direction from a rest point stays on the simplex: none of the roles that nobody plays would be less.
    private func leadsInside(_ direction: [Double], from point: RestPoint) -> Bool {
        (field.firstShare..<field.dimension).allSatisfy { i in point.state[i] > 0 || direction[i] >= -1e-12 }
    }

    private func slope(_ y: [Double]) -> [Double]? {
        var values = [Double](repeating: 0, count: y.count)
        var output = values.mutableSpan
        guard field.derivative(0, y.span, &output) else { return nil }
        return values
    }

    /// A start on a manifold: its state, its distance from the rest point, and its error.
    private func manifoldStart(
        _ point: RestPoint, along v: [Double], rate: Double, _ algorithm: ODEAlgorithm
    ) throws -> (state: [Double], distance: Double, error: Double)? {
        let p = point.state
        let n = p.count
        // ½D²f(v, v) by the second difference.
        let delta = 1e-4
        guard let ahead = slope(zip(p, v).map { $0 + delta * $1 }), let here = slope(p),
            let behind = slope(zip(p, v).map { $0 - delta * $1 })
        else { return nil }
        let curvature = (0..<n).map { ((ahead[$0] - here[$0]) + (behind[$0] - here[$0])) / (2 * delta * delta) }
        var jacobian = [Double](repeating: 0, count: n * n)
        var byTime = [Double](repeating: 0, count: n)
        var rows = jacobian.mutableSpan
        var column = byTime.mutableSpan
        guard field.jacobian(0, p.span, &rows, &column) else { return nil }
        var shifted = Matrix.zero(rows: n, columns: n)
        for i in 0..<n {
            for j in 0..<n { shifted[i, j] = (i == j ? 2 * rate : 0) - jacobian[i * n + j] }
        }
        // At a resonance, 2μ another eigenvalue, the straight start is left.
        let w = (try? solve(shifted, curvature)) ?? [Double](repeating: 0, count: n)
        func start(_ h: Double) -> [Double] { (0..<n).map { p[$0] + h * v[$0] + h * h * w[$0] } }

        var h = 0.02
        while h > 1e-7 {
            var integrator = try ODEIntegrator(
                field, from: 0, to: log(2) / rate, state: start(h / 2), algorithm: algorithm)
            if let carried = try integrator.advance(to: log(2) / rate) {
                let error = zip(carried, start(h)).reduce(0) { max($0, abs($1.0 - $1.1)) }
                if error <= Self.startTolerance { return (start(h), h, error) }
            }
            h /= 2
        }
        return nil
    }

    /// The path of a manifold, from the rest point itself on.
    private func manifold(
        from point: RestPoint, start: [Double], isStable: Bool, until end: Double, _ algorithm: ODEAlgorithm,
        _ tolerance: Double
    ) throws -> PortraitPath {
        let (field, first) = (field, field.firstShare)
        func reading(_ time: Double, _ y: [Double]) -> MarketSample {
            MarketSample(
                time: time, logPrice: y[0], observedLogPrice: y[first - 1],
                shares: RoleShares(clipping: y[first], y[first + 1], y[first + 2]), reserves: nil)
        }
        let leaves = [
            ODEEvent("leaves the simplex", direction: .falling, endsIntegration: true) { _, y in
                min(y[first], y[first + 1], y[first + 2]) + 1e-9
            },
            ODEEvent("leaves the prices", direction: .falling, endsIntegration: true) { _, y in 20 - abs(y[0]) },
        ]
        let path = try path(until: end, tolerance: tolerance) {
            let walk = try ManifoldWalk(
                field, to: isStable ? -end : end, state: start, algorithm: algorithm, events: leaves)
            return (
                advance: { time in try walk.advance(to: time).map { reading(time, $0) } }, ending: { walk.ending }
            )
        }
        return PortraitPath(samples: [sample(point)] + path.samples, ending: path.ending, isResolved: path.isResolved)
    }
}

/// A walk along a manifold, forwards or backwards in time; how far is counted from 0 up.
private final class ManifoldWalk {
    private var integrator: ODEIntegrator
    private let isBackwards: Bool

    init(_ field: RoleField, to end: Double, state: [Double], algorithm: ODEAlgorithm, events: [ODEEvent]) throws {
        isBackwards = end < 0
        integrator = try ODEIntegrator(field, from: 0, to: end, state: state, algorithm: algorithm, events: events)
    }

    var ending: ODEEnding? { integrator.ending }

    func advance(to time: Double) throws -> [Double]? { try integrator.advance(to: isBackwards ? -time : time) }
}
