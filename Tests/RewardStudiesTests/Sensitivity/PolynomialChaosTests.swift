import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RewardStudies

@Suite struct PolynomialChaosTests {
    private static func distributions() throws -> [Distribution] {
        [
            try .uniform(low: -1, high: 4), try .logUniform(low: 0.1, high: 20), try .normal(mean: 3, deviation: 0.5),
            try .truncatedNormal(mean: 3, deviation: 0.5, low: 2.5, high: 4),
            try .truncatedNormal(mean: 3, deviation: 0.5, low: 8, high: 9),
            try .logNormal(mean: -0.3, deviation: 0.4), try .beta(a: 2, b: 5), try .beta(a: 1, b: 1, low: -2, high: 3),
            try .beta(a: 0.5, b: 0.5), try .beta(a: 1.5, b: 0.5), try .triangular(low: 0, mode: 1, high: 4),
            try .empirical([1, 2, 2, 5, 7, 8, 9]), try .empirical([0.5, 1, 4, 8], weights: [1, 2, 3, 0.5]),
        ]
    }

    /// Values of a distribution with their weights, by which means of smooth functions are exact to about 1e−9: those of the
    /// density at the middles of equal parts in z where there are tails, else at quantiles.
    private static func nodes(_ distribution: Distribution) -> [(value: Double, weight: Double)] {
        let parts = 200_000
        func density(_ z: ClosedRange<Double>, _ value: (Double) -> Double) -> [(value: Double, weight: Double)] {
            let nearest = z.contains(0) ? 0 : min(abs(z.lowerBound), abs(z.upperBound))
            let nodes = (0..<parts).map { part in
                let place = z.lowerBound + (Double(part) + 0.5) / Double(parts) * (z.upperBound - z.lowerBound)
                return (value(place), exp(-0.5 * (place - nearest) * (place + nearest)))
            }
            let sum = nodes.reduce(0) { $0 + $1.1 }
            return nodes.map { ($0.0, $0.1 / sum) }
        }
        switch distribution.kind {
        case .normal(let mean, let deviation): return density(-20...20) { mean + deviation * $0 }
        case .logNormal(let mean, let deviation): return density(-20...20) { exp(mean + deviation * $0) }
        case .truncatedNormal(let normal):
            let (mean, deviation) = (normal.location, normal.deviation)
            return density((normal.low - mean) / deviation...(normal.high - mean) / deviation) { mean + deviation * $0 }
        case .empirical(let empirical):
            return empirical.values.indices.map { index in
                (
                    empirical.values[index],
                    empirical.probabilities[index] - (index > 0 ? empirical.probabilities[index - 1] : 0)
                )
            }
        default:
            return (0..<parts).map { part in
                // p = s³(10 − 15s + 6s²) comes within 1e−16 of 0 and 1, where high degrees have much of their weight.
                let s = (Double(part) + 0.5) / Double(parts)
                let p = min(s * s * s * (10 - 15 * s + 6 * s * s), 1.0.nextDown)
                return (distribution.quantile(p), 30 * s * s * (1 - s) * (1 - s) / Double(parts))
            }
        }
    }

    /// ⟨p_k p_l⟩ = δ_kl.
    @Test func polynomialsAreOrthonormal() throws {
        for distribution in try Self.distributions() {
            let polynomials = OrthonormalPolynomials(distribution, degree: 5)
            if case .empirical(let empirical) = distribution.kind {
                #expect(polynomials.degree == min(5, empirical.values.count - 1))
            }
            var sums = [[Double]](repeating: [Double](repeating: 0, count: 6), count: 6)
            for (value, weight) in Self.nodes(distribution) {
                let values = polynomials.values(at: value)
                for k in values.indices { for l in values.indices { sums[k][l] += weight * values[k] * values[l] } }
            }
            for k in 0...polynomials.degree {
                for l in 0...polynomials.degree {
                    // Rounding of the sums, and of recurrences that cancel.
                    #expect(
                        abs(sums[k][l] - (k == l ? 1 : 0)) < 1e-7, "\(distribution.kind) \(k) \(l): \(sums[k][l])")
                }
            }
        }
        // The first ones in closed form: √3ξ, √5(3ξ² − 1)/2; z, (z² − 1)/√2.
        let legendre = OrthonormalPolynomials(try .uniform(low: -1, high: 1), degree: 2).values(at: 0.3)
        #expect(abs(legendre[1] - 3.squareRoot() * 0.3) < 1e-15)
        #expect(abs(legendre[2] - 5.squareRoot() * (3 * 0.09 - 1) / 2) < 1e-15)
        let hermite = OrthonormalPolynomials(try .normal(mean: 1, deviation: 2), degree: 2).values(at: 5)
        #expect(hermite[1] == 2)
        #expect(abs(hermite[2] - 3 / 2.squareRoot()) < 1e-15)
        // Jacobi's of a = b = 1 are Legendre's.
        let jacobi = OrthonormalPolynomials(try .beta(a: 1, b: 1, low: -1, high: 1), degree: 8).values(at: 0.3)
        let other = OrthonormalPolynomials(try .uniform(low: -1, high: 1), degree: 8).values(at: 0.3)
        for k in 0...8 { #expect(abs(jacobi[k] - other[k]) < 1e-13) }
    }

    private static func fit(
        _ function: some ReferenceFunction, _ count: Int, degrees: ClosedRange<Int> = 1...12, seed: UInt64 = 1
    ) throws -> (result: ChaosResult, fit: ChaosFit) {
        let design = try SampleDesign(function.space, method: .latinHypercube, count: count, seed: seed)
        let y = design.evaluate(model: function.model)[0]
        let result = try PolynomialChaos(function.space, degrees: degrees).fit(y, parameters: design.columns(0..<count))
        return (result, try result.fit.get())
    }

    /// A polynomial is fitted exactly, with the degree that it has.
    @Test func polynomialsAreTheirOwnChaos() throws {
        let linear = try LinearFunction(constant: 2, coefficients: [1, -3, 0.5])
        let (_, fit) = try Self.fit(linear, 60)
        #expect(abs(fit.mean - linear.mean) < 1e-13)
        #expect(abs(fit.variance / linear.variance - 1) < 1e-13)
        for j in 0..<3 {
            #expect(abs(fit.first(j) - linear.first[j]) < 1e-13)
            #expect(abs(fit.total(j) - linear.total[j]) < 1e-13)
        }
        #expect(fit.leaveOneOutError < 1e-26)
        // With another distribution a term: x y² of a normal and a beta variable.
        let space = try ParameterSpace([.normal(mean: 1, deviation: 2), .beta(a: 2, b: 3)])
        let design = try SampleDesign(space, method: .random, count: 80, seed: 2)
        let x = design.columns(0..<80)
        let y = zip(x[0], x[1]).map { $0 * $1 * $1 }
        let found = try PolynomialChaos(space, degrees: 1...5).fit(y, parameters: x).fit.get()
        // ⟨x⟩ = 1, ⟨x²⟩ = 5; ⟨y²⟩ = 1/5 and ⟨y⁴⟩ = 1/14 of beta(2, 3): a(a + 1)/((a + b)(a + b + 1)) and so on.
        #expect(abs(found.mean - 0.2) < 1e-12)
        #expect(abs(found.variance - (5.0 / 14 - 0.04)) < 1e-11)
        #expect(abs(found.first(0) - 4 * 0.04 / (5.0 / 14 - 0.04)) < 1e-11)
        #expect(abs(found.value(at: [2, 0.5]) - 0.5) < 1e-11)
    }

    @Test func ishigami() throws {
        let function = try IshigamiFunction()
        let (result, fit) = try Self.fit(function, 1200)
        #expect(result.samples == 1200)
        #expect(result.failed == 0)
        #expect(fit.degree >= 9)
        // The error that the fit tells of itself bounds that of the indices, which are shares of the same variance.
        #expect(fit.leaveOneOutError < 1e-3)
        for j in 0..<3 {
            #expect(abs(fit.first(j) - function.first[j]) < 5e-3, "\(fit.first(j)) \(function.first[j])")
            #expect(abs(fit.total(j) - function.total[j]) < 5e-3)
        }
        #expect(abs(fit.second(0, 2) - function.second(0, 2)) < 5e-3)
        #expect(fit.second(0, 1) < 1e-3)
        #expect(abs(fit.mean - 3.5) < 0.02)
        #expect(abs(fit.variance / function.variance - 1) < 0.02)
    }

    @Test func sobolG() throws {
        // Its kinks slow the sum down: the error says so.
        let function = try SobolGFunction(a: [1, 4, 9])
        let (_, fit) = try Self.fit(function, 1000)
        #expect(fit.leaveOneOutError > 1e-3 && fit.leaveOneOutError < 0.05)
        for j in 0..<3 { #expect(abs(fit.first(j) - function.first[j]) < 0.03) }
    }

    /// Equal outputs have no variance, however many there are and whatever their digits; the value is theirs.
    @Test(arguments: [0.7, 192.53, -1e-300, 0]) func constant(value: Double) throws {
        let space = try ParameterSpace([.uniform(low: 0, high: 1), .uniform(low: 0, high: 1)])
        for count in [50, 1000] {
            let design = try SampleDesign(space, method: .latinHypercube, count: count, seed: 1)
            let result = try PolynomialChaos(space).fit(
                [Double](repeating: value, count: count), parameters: design.columns(0..<count))
            guard case .failure(.noVariance(let found)) = result.fit else {
                Issue.record("\(count) outputs of \(value) have no variance")
                continue
            }
            #expect(found == value)
        }
    }

    /// Parameters that do not enter have no terms, and the others are fitted as if those were not there.
    @Test func whatDoesNotEnterHasNoTerms() throws {
        let function = try LinearFunction(constant: 2, coefficients: [1, -3, 0.5])
        let space = try ParameterSpace(function.space.distributions + [.uniform(low: 0, high: 1)])
        let design = try SampleDesign(space, method: .latinHypercube, count: 60, seed: 1)
        let x = design.columns(0..<60)
        let y = (0..<60).map { row in function.value((0..<3).map { x[$0][row] }) }
        let chaos = try PolynomialChaos(space)
        let fit = try chaos.fit(y, parameters: x, enters: [true, true, true, false]).fit.get()
        #expect(fit.total(3) == 0)
        #expect(fit.first(3) == 0)
        #expect(fit.coefficients.count == PolynomialChaos.termCount(dimension: 3, degree: fit.degree))
        #expect(abs(fit.first(1) - function.first[1]) < 1e-13)
    }

    /// The error against leaving each sample out in turn.
    @Test func theErrorIsThatOfLeavingOut() throws {
        let function = try IshigamiFunction()
        let design = try SampleDesign(function.space, method: .random, count: 40, seed: 3)
        let (x, y) = (design.columns(0..<40), design.evaluate(model: function.model)[0])
        let chaos = try PolynomialChaos(function.space, degrees: 2...2)
        let fit = try chaos.fit(y, parameters: x).fit.get()
        var sum = 0.0
        for left in 0..<40 {
            func without(_ values: [Double]) -> [Double] {
                values.enumerated().filter { $0.offset != left }.map(\.element)
            }
            let other = try chaos.fit(without(y), parameters: x.map(without)).fit.get()
            let difference = other.value(at: x.map { $0[left] }) - y[left]
            sum += difference * difference
        }
        let mean = y.reduce(0, +) / 40
        let variance = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 39
        #expect(abs(sum / 40 / variance / fit.leaveOneOutError - 1) < 1e-10)
    }

    /// The error rises again with degrees that the samples do not carry, and those are not chosen.
    @Test func theDegreeIsNotTheHighest() throws {
        let space = try ParameterSpace([.uniform(low: -1, high: 1), .uniform(low: -1, high: 1)])
        let design = try SampleDesign(space, method: .latinHypercube, count: 70, seed: 5)
        let x = design.columns(0..<70)
        var generator = SeededGenerator(seed: 5)
        let y = zip(x[0], x[1]).map { $0 * $1 + 0.1 * generator.uniform(-1...1) }
        let fit = try PolynomialChaos(space).fit(y, parameters: x).fit.get()
        #expect(fit.degree >= 2 && fit.degree <= 4)
    }

    @Test func termsAreCounted() {
        for dimension in 1...5 {
            for degree in 0...6 {
                let all = PolynomialChaos.exponents(degree, limits: [Int](repeating: 30, count: dimension))
                #expect(all.count == PolynomialChaos.termCount(dimension: dimension, degree: degree))
                #expect(Set(all).count == all.count)
                #expect(all.allSatisfy { $0.reduce(0, +) <= degree })
            }
        }
        #expect(PolynomialChaos.termCount(dimension: 1000, degree: 30) == .max)
        #expect(PolynomialChaos.exponents(3, limits: [1, 2]).allSatisfy { $0[0] <= 1 && $0[1] <= 2 })
    }

    @Test func faults() throws {
        let space = try ParameterSpace([.uniform(low: 0, high: 1), .uniform(low: 0, high: 1)])
        #expect(throws: DesignError.self) { try PolynomialChaos(space, degrees: 1...31) }
        let chaos = try PolynomialChaos(space, degrees: 2...4)
        let x = (0..<6).map { Double($0) / 7 }
        // Six terms of degree 2.
        let few = try chaos.fit(x, parameters: [x, x.reversed()])
        guard case .failure(let reason) = few.fit else {
            Issue.record("six samples do not determine six terms and an error")
            return
        }
        #expect(reason == .tooFewSamples(count: 6, needed: 7))
        #expect(throws: AnalysisError.self) { try chaos.fit(x, parameters: [x]) }
        #expect(throws: AnalysisError.self) { try chaos.fit(x, parameters: [x, [1]]) }
        let many = (0..<50).map { Double($0) / 51 }
        let constant = try chaos.fit([Double](repeating: 0.1, count: 50), parameters: [many, many.reversed()])
        guard case .failure(.noVariance) = constant.fit else {
            Issue.record("equal outputs have no variance")
            return
        }
        // All points on a line: the terms are dependent.
        let line = try chaos.fit(many.map { $0 * $0 }, parameters: [many, many])
        guard case .failure = line.fit else {
            Issue.record("points on a line do not determine terms of two parameters")
            return
        }
        // A sum over all of the parameters' ranges would stand for values that there are none of.
        let other = many.map { ($0 * 7).truncatingRemainder(dividingBy: 1) }
        let failing = try chaos.fit([.nan, .infinity] + many, parameters: [[0.5, 0.5] + many, [0.5, 0.5] + other])
        #expect(failing.failed == 2)
        #expect(failing.samples == 50)
        guard case .failure(.missingValues(count: 2, evaluations: 52)) = failing.fit else {
            Issue.record("two evaluations have no value")
            return
        }
    }
}
