import ComplexModule
import Foundation
import Testing

@testable import NumericalMethods

/// Branches of rest points of systems whose folds, branch points and Hopf points are known in closed form.
@Suite struct RestCurveTests {
    static let limits = CurveLimits(firstStep: 0.05, smallestStep: 1e-7, largestStep: 0.1, mostPoints: 400)

    static func trace(
        _ system: some SmoothSystem, from guess: [Double], to end: Double,
        monitors: [CurveMonitor<RestCurve.Details>]
    ) throws -> TracedCurve<RestCurve.Details> {
        let last = guess.count - 1
        var tracer = ArclengthTracer(
            RestCurve(system), monitors: monitors + [.reaching(end, at: last, ends: true)], limits: limits)
        let start = try #require(tracer.point(near: guess, holding: last))
        return tracer.trace(from: start)
    }

    @Test func bothFoldsOfACubic() throws {
        // From the lower sheet at h = −2, rising: fold at h = 2(r/3)^{3/2} with x = −√(r/3), back to the other, and on.
        let r = 1.5
        let curve = try Self.trace(
            CubicFold(fixedR: r), from: [-1.7, -2], to: 2, monitors: [.zero { $0.details.parameterTangent }])
        let folds = curve.points.filter { $0.monitor == 0 }
        try #require(folds.count == 2)
        let expected = 2 * pow(r / 3, 1.5)
        // At a fold the parameter is exact to the square of the error along the curve.
        #expect(abs(folds[0].point.x[1] - expected) < 1e-14)
        #expect(abs(folds[1].point.x[1] + expected) < 1e-14)
        #expect(abs(folds[0].point.x[0] + (r / 3).squareRoot()) < 1e-9)
        #expect(curve.ending == .monitor(1))
        #expect(curve.points.last?.point.x[1] == 2)
    }

    @Test(arguments: [false, true]) func crossingBranches(isPitchfork: Bool) throws {
        let curve = try Self.trace(
            Crossing(isPitchfork: isPitchfork), from: [0, -1], to: 1, monitors: [.crossing { $0.details.branchTest }])
        let points = curve.points.filter { $0.monitor == 0 }
        #expect(points.count == 1)
        let point = try #require(points.first?.point)
        #expect(abs(point.x[1]) < 1e-12)
        // The other branch: x = r, in the norm of the curve at 45°, or x² = r, whose tangent is the axis of x.
        let other = try #require(try RestCurve(Crossing(isPitchfork: isPitchfork)).otherTangent(at: point))
        let half = sqrt(0.5)
        #expect(abs(abs(other[0]) - (isPitchfork ? 1 : half)) < 1e-9)
        #expect(abs(abs(other[1]) - (isPitchfork ? 0 : half)) < 1e-9)
    }

    @Test func pitchforkIsFoundFromItsSideBranch() throws {
        // Along x = √r towards 0, where the curve goes on as x = −√r.
        let system = Crossing(isPitchfork: true)
        var tracer = ArclengthTracer(
            RestCurve(system),
            monitors: [.crossing { $0.details.branchTest }, .reaching(1, at: 1, ends: true)], limits: Self.limits)
        let start = try #require(tracer.point(near: [sqrt(0.9), 0.9], holding: 1, orientation: [-1, -1]))
        let curve = tracer.trace(from: start)
        let points = curve.points.filter { $0.monitor == 0 }
        try #require(points.count == 1)
        #expect(abs(points[0].point.x[1]) < 1e-10)
        #expect(abs((curve.points.last?.point.x[0] ?? 0) + 1) < 1e-12)
    }

    @Test func hopfPointAndFoldOfBogdanovAndTakens() throws {
        // β₂ = −1, from β₁ = −1 upwards on the branch x = (1 − √(1 − 4β₁))/2: Hopf point at β₁ = 0, x = 0, fold at ¼, x = ½.
        let curve = try Self.trace(
            BogdanovTakens(fixedSecond: -1), from: [-0.6, 0, -1], to: -2,
            monitors: [
                .zero { $0.details.pairTest }, .zero { $0.details.parameterTangent },
            ])
        let hopf = curve.points.filter { $0.monitor == 0 && $0.point.details.criticalProduct > 0 }
        #expect(hopf.count == 1)
        let point = try #require(hopf.first?.point)
        #expect(abs(point.x[2]) < 1e-13)
        let form = try #require(try HopfNormalForm(BogdanovTakens(fixedSecond: -1), at: point.x))
        #expect(abs(form.frequency - 1) < 1e-12)
        let folds = curve.points.filter { $0.monitor == 1 }
        try #require(folds.count == 1)
        #expect(abs(folds[0].point.x[2] - 0.25) < 1e-14)
        // Beyond the fold the rest points are saddles.
        #expect(curve.points.last?.point.details.unstableCount == 1)
    }

    @Test(arguments: [-1.0, 2]) func normalFormOfBautin(a: Double) throws {
        // With z = x + iy, z′ = (μ + i)z + az|z|²: q = (1, −i)/√2 makes |q|² = ½ of z's square, so that c₁ = a·½·2 = a; λ′ = 1.
        let form = try #require(try HopfNormalForm(Bautin(fixedA: a), at: [0, 0, 0]))
        #expect(abs(form.frequency - 1) < 1e-14)
        // r² = −μ/a on the cycle, so (2r)² grows like −4/a.
        #expect(abs(form.amplitudeSlope(of: 0) + 4 / a) < 1e-12)
        #expect(abs(form.periodSlope) < 1e-12)
        #expect((form.eigenvalueSlope - Complex(1)).length < 1e-14)
        #expect((form.firstLyapunov > 0) == (a > 0))
    }

    @Test func closedCurveEndsWhereItBegan() throws {
        // x² + p² = 1.
        struct Circle: FormulaSystem {
            var dimension: Int { 1 }
            var parameterCount: Int { 1 }
            func formula<S: SmoothNumber>(_ x: Span<S>, _ f: inout MutableSpan<S>) {
                f[0] = x[0] * x[0] + x[1] * x[1] - 1
            }
        }
        var tracer = ArclengthTracer(RestCurve(Circle()), monitors: [], limits: Self.limits)
        let start = try #require(tracer.point(near: [1, 0], holding: 1))
        let curve = tracer.trace(from: start)
        #expect(curve.ending == .closed)
        #expect(curve.points.count > 60)
        #expect(curve.points.count < 150)
    }

    @Test func aCurveThatEndsSaysWhy() throws {
        // √p has no value beyond 0: the steps shrink towards it.
        struct Root: SmoothSystem {
            var dimension: Int { 1 }
            var parameterCount: Int { 1 }
            func evaluate(_ x: Span<GradientNumber>, _ f: inout MutableSpan<GradientNumber>) -> Bool {
                f[0] = x[0] - x[1].logarithm
                return x[1].value > 0
            }
            func evaluate(_ x: Span<TrilinearNumber>, _ f: inout MutableSpan<TrilinearNumber>) -> Bool {
                f[0] = x[0] - x[1].logarithm
                return x[1].value > 0
            }
        }
        var tracer = ArclengthTracer(
            RestCurve(Root()), monitors: [.zero(ends: true) { $0.x[0] + 1e6 }],
            limits: CurveLimits(firstStep: 0.1, smallestStep: 0.01, largestStep: 0.5, mostPoints: 50))
        let start = try #require(tracer.point(near: [0, 1], holding: 1, orientation: [-1, -1]))
        let curve = tracer.trace(from: start)
        guard case .gaveUp(let reason) = curve.ending else {
            // ln p falls without end, and the step to −10⁶ takes more than 50 points.
            #expect(curve.ending == .pointsUsed)
            return
        }
        #expect(reason.contains("residual"))
    }
}
