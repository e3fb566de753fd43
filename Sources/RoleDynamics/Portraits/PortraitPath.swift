import Foundation
import NumericalMethods

/// A path through the state space as a polyline that follows it closely in a plane.
public struct PortraitPath: Equatable, Sendable {
    /// The market along it, in the order of the path.
    public let samples: [MarketSample]
    /// How the integration ended.
    public let ending: ODEEnding?
    /// Whether all chords are within the tolerance.
    public let isResolved: Bool
}

extension PhasePortrait {
    /// The most samples of a path.
    static let mostSamples = 40_000

    /// The trajectory from a start, all protocols.
    ///
    /// - Parameters:
    ///   - logPrice: z at the start; with a lag q is the same.
    ///   - shares: at the start.
    ///   - end: how far it goes, in units of T.
    ///   - algorithm: how it is integrated.
    ///   - tolerance: how far the path may be from the polyline between two samples, as a share of the window's sides; seen
    ///     at the middle of each interval of time, which is among the samples.
    /// - Throws: as ``RoleTrajectory`` and ``BestResponseTrajectory`` do.
    public func trajectory(
        logPrice: Double, shares: RoleShares, until end: Double, algorithm: ODEAlgorithm, tolerance: Double = 1e-4
    ) throws -> PortraitPath {
        try path(until: end, tolerance: tolerance) { [game] in
            let trajectory = try game.trajectory(
                logPrice: logPrice, shares: shares, until: end, algorithm: algorithm)
            return (advance: { try trajectory.advance(to: $0) }, ending: { trajectory.ending })
        }
    }

    /// A path that is integrated again and again, at more times where its polyline turns.
    ///
    /// - Parameter begin: begins a path anew; the market at times that rise from 0 to the end, nil behind its end.
    func path(
        until end: Double, tolerance: Double,
        begin: () throws -> (advance: (Double) throws -> MarketSample?, ending: () -> ODEEnding?)
    ) throws -> PortraitPath {
        let (width, height) = (
            max(window.x.upperBound - window.x.lowerBound, .leastNormalMagnitude),
            max(window.y.upperBound - window.y.lowerBound, .leastNormalMagnitude)
        )
        func place(_ sample: MarketSample) -> PlanePoint {
            let point = section.point(of: sample)
            return PlanePoint(
                (point.x - window.x.lowerBound) / width, (point.y - window.y.lowerBound) / height)
        }
        var times = (0...256).map { end * Double($0) / 256 }
        // Of each interval whether its middle has been seen to be near its chord, or lies in one that has.
        var isNear = [Bool](repeating: false, count: 256)
        var samples: [MarketSample] = []
        var ending: ODEEnding?
        for _ in 0..<32 {
            // The middles of the others.
            var (finer, isMiddle, isNearNow): ([Double], [Bool], [Bool]) = ([], [], [])
            for (index, time) in times.enumerated() {
                finer.append(time)
                isMiddle.append(false)
                guard index < isNear.count else { continue }
                isNearNow.append(isNear[index])
                let middle = time + (times[index + 1] - time) / 2
                guard !isNear[index], middle != time, middle != times[index + 1] else { continue }
                finer.append(middle)
                isMiddle.append(true)
                isNearNow.append(false)
            }
            let (advance, endingNow) = try begin()
            samples = []
            for time in finer {
                guard let sample = try advance(time) else { break }
                samples.append(sample)
            }
            ending = endingNow()
            let points = samples.map(place)
            for i in points.indices.dropFirst().dropLast() where isMiddle[i] {
                // Of a corner within the interval the middle has half the distance from the chord at least.
                let near = Self.deviation(of: points[i], from: points[i - 1], to: points[i + 1]) <= tolerance / 2
                isNearNow[i - 1] = near
                isNearNow[i] = near
            }
            let isResolved = !isNearNow.prefix(max(samples.count - 1, 0)).contains(false)
            if isResolved || samples.count > Self.mostSamples || finer.count == times.count {
                return PortraitPath(samples: samples, ending: ending, isResolved: isResolved)
            }
            (times, isNear) = (finer, isNearNow)
            // What the path has not come to need not be asked for more finely.
            for i in isNear.indices where i >= samples.count { isNear[i] = true }
        }
        return PortraitPath(samples: samples, ending: ending, isResolved: false)
    }

    /// The distance of a point from a chord, in shares of the window; 0 where all are beyond a window's length outside.
    private static func deviation(of point: PlanePoint, from a: PlanePoint, to b: PlanePoint) -> Double {
        func isFar(_ p: PlanePoint) -> Bool { !(abs(p.x - 0.5) < 1.5 && abs(p.y - 0.5) < 1.5) }
        if isFar(a), isFar(b), isFar(point) { return 0 }
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let (px, py) = (point.x - a.x, point.y - a.y)
        let square = dx * dx + dy * dy
        let t = square > 0 ? min(max((px * dx + py * dy) / square, 0), 1) : 0
        let (rx, ry) = (px - t * dx, py - t * dy)
        return (rx * rx + ry * ry).squareRoot()
    }
}
