import Foundation
import Testing

@testable import NumericalMethods

/// Curves of folds and of Hopf points in two parameters, with the points of codimension two on them.
@Suite struct SingularCurveTests {
    static let limits = CurveLimits(firstStep: 0.02, smallestStep: 1e-7, largestStep: 0.05, mostPoints: 300)

    @Test func foldsOfTheCubicAndTheirCusp() throws {
        let system = CubicFold(fixedR: nil)
        // x = −√(r/3), h = 2(r/3)^{3/2} at r = 1.
        let x = -(1 / 3.0).squareRoot()
        let guess = [x, -2 * x * x * x, 1]
        var tracer = ArclengthTracer(
            SingularCurve(system, .folds, near: guess),
            monitors: [.zero { $0.details.quadratic }, .reaching(1.2, at: 2, ends: true)], limits: Self.limits)
        let start = try #require(tracer.point(near: guess, holding: 2, orientation: [0, 0, -1]))
        let curve = tracer.trace(from: start)
        for point in curve.points.map(\.point) {
            #expect(abs(abs(point.x[1]) - 2 * pow(max(point.x[2], 0) / 3, 1.5)) < 1e-10)
        }
        let cusps = curve.points.filter { $0.monitor == 0 }
        try #require(cusps.count == 1)
        #expect(abs(cusps[0].point.x[1]) < 1e-12)
        #expect(abs(cusps[0].point.x[2]) < 1e-12)
        #expect(curve.ending == .monitor(1))
    }

    @Test func hopfCurveEndsAtBogdanovAndTakens() throws {
        let system = BogdanovTakens(fixedSecond: nil)
        let guess = [0.0, 0, 0, -1]
        var tracer = ArclengthTracer(
            SingularCurve(system, .hopfPoints, near: guess), monitors: [.zero(ends: true) { $0.details.pairTest }],
            limits: Self.limits)
        let start = try #require(tracer.point(near: guess, holding: 3))
        let curve = tracer.trace(from: start)
        #expect(curve.ending == .monitor(0))
        let last = try #require(curve.points.last?.point)
        #expect(abs(last.x[2]) < 1e-12)
        #expect(abs(last.x[3]) < 1e-12)
        #expect(curve.points.allSatisfy { $0.point.details.pairTest > -1e-12 })
    }

    @Test func bautinsPointOnItsHopfCurve() throws {
        let system = Bautin(fixedA: nil)
        let guess = [0.0, 0, 0, -1]
        var tracer = ArclengthTracer(
            SingularCurve(system, .hopfPoints, near: guess),
            monitors: [.zero { $0.details.normalForm?.firstLyapunov ?? .nan }, .reaching(1, at: 3, ends: true)],
            limits: Self.limits)
        let start = try #require(tracer.point(near: guess, holding: 3))
        let curve = tracer.trace(from: start)
        let points = curve.points.filter { $0.monitor == 0 }
        try #require(points.count == 1)
        #expect(abs(points[0].point.x[3]) < 1e-12)
        #expect(abs(points[0].point.x[2]) < 1e-13)
    }
}
