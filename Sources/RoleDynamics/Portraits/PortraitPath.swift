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
    ///   - tolerance: how far the path may be from the polyline between two samples, as a share of the window's sides; by
    ///     the distances of samples from the chords of their neighbours.
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
        var samples: [MarketSample] = []
        var ending: ODEEnding?
        for _ in 0..<24 {
            let (advance, endingNow) = try begin()
            samples = []
            for time in times {
                guard let sample = try advance(time) else { break }
                samples.append(sample)
            }
            ending = endingNow()
            let points = samples.map(place)
            var split = [Bool](repeating: false, count: max(points.count - 1, 0))
            for i in points.indices.dropFirst().dropLast()
            where Self.deviation(of: points[i], from: points[i - 1], to: points[i + 1]) > tolerance {
                split[i - 1] = true
                split[i] = true
            }
            let isResolved = !split.contains(true)
            if isResolved || samples.count > Self.mostSamples {
                return PortraitPath(samples: samples, ending: ending, isResolved: isResolved)
            }
            var finer: [Double] = []
            for (index, sample) in samples.enumerated() {
                finer.append(sample.time)
                if index < split.count, split[index] {
                    let middle = sample.time + (samples[index + 1].time - sample.time) / 2
                    if middle != sample.time, middle != samples[index + 1].time { finer.append(middle) }
                }
            }
            if finer.count == samples.count { break }
            // What the path has not come to is asked for again: it may end before.
            times = finer + times.dropFirst(samples.count)
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
