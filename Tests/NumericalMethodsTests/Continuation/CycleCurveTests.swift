import ComplexModule
import Foundation
import Testing

@testable import NumericalMethods

/// Branches of cycles of systems whose cycles, multipliers and bifurcations are known in closed form.
@Suite struct CycleCurveTests {
    static let limits = CurveLimits(firstStep: 0.01, smallestStep: 1e-7, largestStep: 0.05, mostPoints: 300)

    /// The unit circle in the first two of n components, at a parameter.
    static func circle(_ system: some SmoothSystem, parameter: Double, intervals: Int = 20) -> CycleCurve {
        let degree = 4
        let nodes = intervals * degree + 1
        var x: [Double] = []
        for node in 0..<nodes {
            let angle = 2 * Double.pi * Double(node) / Double(nodes - 1)
            x += [cos(angle), sin(angle)] + [Double](repeating: 0, count: system.dimension - 2)
        }
        return CycleCurve(
            system, mesh: (0...intervals).map { Double($0) / Double(intervals) }, degree: degree,
            reference: x + [2 * .pi, parameter])
    }

    static func start(_ curve: CycleCurve) throws -> CurvePoint<CycleCurve.Details> {
        let tracer = ArclengthTracer(curve, monitors: [], limits: limits)
        return try #require(tracer.point(near: curve.startingPoint, holding: curve.startingPoint.count - 1))
    }

    @Test func subcriticalFamilyFoldsAndComesBack() throws {
        // a = 2: from μ = 0 unstable to the fold at μ = −1 with r² = 1, then stable; on it e^{2π(2ar² − 4r⁴)} is a multiplier.
        let system = Bautin(fixedA: 2)
        let form = try #require(try HopfNormalForm(system, at: [0, 0, 0]))
        let birth = CycleBirth(system, at: [0, 0, 0], form, intervals: 40, degree: 4)
        let first = try #require(birth.firstCycle(at: 0.01))
        #expect(first.x[first.x.count - 1] < 0)
        let last = first.x.count - 1
        var tracer = ArclengthTracer(
            birth.curve,
            monitors: [.zero { $0.details.parameterTangent }, .reaching(0.5, at: last, ends: true)], limits: Self.limits
        )
        let curve = tracer.trace(from: first)
        #expect(curve.ending == .monitor(1))
        let folds = curve.points.filter { $0.monitor == 0 }
        #expect(folds.count == 1)
        let fold = try #require(folds.first?.point)
        #expect(abs(fold.x[last] + 1) < 1e-10)
        #expect(abs(fold.x[last - 1] - 2 * .pi) < 1e-9)
        for point in curve.points.map(\.point) where point.x[last] < -1e-4 || point.x[last] > 1e-4 {
            let radius = (point.x[0] * point.x[0] + point.x[1] * point.x[1])
            let expected = exp(2 * .pi * (4 * radius - 4 * radius * radius))
            // Collocation of degree 4 on 40 intervals: h⁸ times derivatives of order (2π)⁸ of a circle, 4e−7 ⋅ 1e−4.
            #expect(abs(point.details.others[0].real - expected) < 1e-8 * max(1, expected))
            #expect(point.details.multiplierError < 1e-8)
        }
        // x² + y² at the end: r² = 1 + √(1 + μ).
        let end = try #require(curve.points.last?.point)
        #expect(abs(end.x[0] * end.x[0] + end.x[1] * end.x[1] - (1 + sqrt(1.5))) < 1e-9)
        let profile = CycleProfile(system, end.x, mesh: end.details.mesh, degree: 4)
        let range = profile.extremes(of: [1, 0])
        #expect(abs(range.upperBound - sqrt(1 + sqrt(1.5))) < 1e-9)
        #expect(abs(profile.mean { $0[0] * $0[0] } - 0.5 * (1 + sqrt(1.5))) < 1e-9)
    }

    @Test func periodDoublingAndTheDoubledFamily() throws {
        let system = PeriodDoubling()
        let curve = Self.circle(system, parameter: -0.4)
        let start = try Self.start(curve)
        let last = start.x.count - 1
        // Multipliers with their own digits: e^{−4π} = 3.5e−6, −e^{2πμ}, −e^{−2π}.
        let pi = Double.pi
        let expected = [1, -exp(-0.8 * pi), -exp(-2 * pi), exp(-4 * pi)]
        for (value, wanted) in zip(start.details.multipliers, expected) {
            #expect(abs(value.real - wanted) < 1e-8 * max(1e-3, abs(wanted)))
        }
        var tracer = ArclengthTracer(
            curve,
            monitors: [
                .zero { $0.details.doublingTest }, .zero { $0.details.torusTest }, .reaching(0.4, at: last, ends: true),
            ], limits: Self.limits)
        let traced = tracer.trace(from: start)
        let found = traced.points.filter { $0.monitor == 0 }
        #expect(found.count == 1)
        let point = try #require(found.first?.point)
        #expect(abs(point.x[last]) < 1e-9)

        let birth = try #require(try CycleBirth(doubling: point, of: tracer.problem))
        let doubled = try #require(birth.firstCycle(at: 0.05))
        var follower = ArclengthTracer(
            birth.curve, monitors: [.reaching(0.2, at: doubled.x.count - 1, ends: true)], limits: Self.limits)
        let family = follower.trace(from: doubled)
        let end = try #require(family.points.last?.point)
        #expect(abs(end.x[end.x.count - 1] - 0.2) < 1e-12)
        #expect(abs(end.x[end.x.count - 2] - 4 * .pi) < 1e-8)
        #expect(abs((end.x[2] * end.x[2] + end.x[3] * end.x[3]).squareRoot() - sqrt(0.2)) < 1e-9)
        #expect(abs(end.details.others[0].real - exp(-1.6 * .pi)) < 1e-8)
    }

    @Test func torusIsBornWithAComplexPair() throws {
        let system = TorusBirth(omega: 0.3)
        let curve = Self.circle(system, parameter: -0.2)
        let start = try Self.start(curve)
        let last = start.x.count - 1
        var tracer = ArclengthTracer(
            curve, monitors: [.zero { $0.details.torusTest }, .reaching(0.2, at: last, ends: true)],
            limits: Self.limits)
        let traced = tracer.trace(from: start)
        let found = traced.points.filter { $0.monitor == 0 }
        #expect(found.count == 1)
        let point = try #require(found.first?.point)
        #expect(abs(point.x[last]) < 1e-10)
        #expect(point.details.torusPairIsComplex)
        let pair = point.details.others[0]
        #expect(abs(pair.phase - 0.6 * .pi) < 1e-8)
    }

    @Test func familyEndsWhereItsAmplitudeDoes() throws {
        // x′ = μ(1 − μ)x − y − x|·|²: a bubble of cycles r² = μ(1 − μ) between the Hopf points 0 and 1.
        struct Bubble: FormulaSystem {
            var dimension: Int { 2 }
            var parameterCount: Int { 1 }
            func formula<S: SmoothNumber>(_ x: Span<S>, _ f: inout MutableSpan<S>) {
                let growth = x[2] - x[2] * x[2] - x[0] * x[0] - x[1] * x[1]
                f[0] = growth * x[0] - x[1]
                f[1] = growth * x[1] + x[0]
            }
        }
        let system = Bubble()
        let form = try #require(try HopfNormalForm(system, at: [0, 0, 0]))
        let birth = CycleBirth(system, at: [0, 0, 0], form, intervals: 20, degree: 4)
        let first = try #require(birth.firstCycle(at: 0.01))
        var tracer = ArclengthTracer(birth.curve, monitors: [.vanishing { $0.details.alignment }], limits: Self.limits)
        let curve = tracer.trace(from: first)
        #expect(curve.ending == .monitor(0))
        let end = try #require(curve.points.last?.point)
        #expect(end.x[end.x.count - 1] > 0.99)
        #expect(end.x[end.x.count - 1] < 1)
    }
}

/// The multipliers of products whose eigenvalues are far apart, or beyond what a product of matrices could hold.
@Suite struct FloquetMultipliersTests {
    @Test func smallMultipliersKeepTheirDigits() throws {
        // W = S D S⁻¹ forty times: eigenvalues 1, 0.5⁴⁰, 1e−3⁴⁰ = 1e−120.
        let s: [Double] = [1, 1, 0, 0, 1, 1, 0, 0, 1]
        let inverse: [Double] = [1, -1, 1, 0, 1, -1, 0, 0, 1]
        let d: [Double] = [1, 0.5, 1e-3]
        var w = [Double](repeating: 0, count: 9)
        for i in 0..<3 {
            for j in 0..<3 {
                for k in 0..<3 { w[i * 3 + j] += s[i * 3 + k] * d[k] * inverse[k * 3 + j] }
            }
        }
        let values = try FloquetMultipliers([[Double]](repeating: w, count: 40), dimension: 3).values
        #expect(abs(values[0].real - 1) < 1e-13)
        #expect(abs(values[1].real / pow(0.5, 40) - 1) < 1e-11)
        // 1e−3 is 2e−13 of itself off in W.
        #expect(abs(values[2].real / 1e-120 - 1) < 1e-10)
    }

    @Test func aPairTurnsByTheSumOfItsAngles() throws {
        let (c, s) = (cos(0.1), sin(0.1))
        let w = [0.9 * c, -0.9 * s, 0, 0.9 * s, 0.9 * c, 0, 0, 0, 0.2]
        let values = try FloquetMultipliers([[Double]](repeating: w, count: 10), dimension: 3).values
        #expect(abs(values[0].length - pow(0.9, 10)) < 1e-14)
        #expect(abs(values[0].phase - 1) < 1e-13)
        #expect(abs(values[2].real / pow(0.2, 10) - 1) < 1e-12)
    }
}
