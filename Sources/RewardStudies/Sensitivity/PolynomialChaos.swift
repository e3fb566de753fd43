import NumericalMethods
import Parallelism

/// Polynomial chaos: an output as a sum of products of polynomials that are orthonormal under the parameters' distributions,
///
///     f(x) ≈ Σ_k c_k ∏_j p_{k_j}(x_j),     |k| = Σ k_j ≤ d,
///
/// fitted by least squares to any sample. Its mean is c_0, its variance Σ c_k² over k ≠ 0, and Sobol indices are sums of such
/// squares: of the terms in x_j alone, or in x_j at all. For smooth outputs it takes far fewer evaluations than the designs of
/// ``SobolAnalysis``; where the output jumps or has kinks it converges slowly.
///
/// The degree is the one with the smallest **leave-one-out error**: the mean square of what each sample differs by from the fit
/// without it, over the variance of the samples. It comes from the leverages h_i without refitting, (r_i/(1 − h_i))². An error
/// near 1 means that the sum explains nothing, and its indices are worth nothing.
///
/// Source: Sudret, *Global sensitivity analysis using polynomial chaos expansions*, Reliab. Eng. Syst. Saf. 93 (2008); Blatman,
/// Sudret (2011) for the error.
public struct PolynomialChaos: Sendable {
    /// The distributions of the parameters, which are independent.
    public let space: ParameterSpace
    /// The degrees that are tried.
    public let degrees: ClosedRange<Int>

    /// The most terms of a sum.
    public static let mostTerms = 5000

    /// - Parameters:
    ///   - space: independent parameters.
    ///   - degrees: from 1 to 30; those whose sum has more terms than samples less one, or than ``mostTerms``, are left out.
    /// - Throws: ``DesignError`` for correlated parameters, or degrees out of range.
    public init(_ space: ParameterSpace, degrees: ClosedRange<Int> = 1...12) throws(DesignError) {
        try space.requireIndependence("polynomial chaos")
        for degree in [degrees.lowerBound, degrees.upperBound] where !(1...30).contains(degree) {
            throw .outOfRange(name: "the degree", value: degree, allowed: "1 to 30")
        }
        self.space = space
        self.degrees = degrees
    }

    /// Fits an output. Where it has no value at a point there is no fit: a sum fitted to the other points would be taken over all
    /// of the parameters' ranges, and its shares would be of values that there are none of.
    ///
    /// - Parameters:
    ///   - output: the values; what is not finite counts as failed.
    ///   - parameters: the values of each parameter at the same points.
    ///   - enters: of each parameter whether the output depends on it; no term has one that it does not depend on. All by
    ///     default.
    ///   - threads: the most threads; the result does not depend on it.
    /// - Throws: ``AnalysisError`` for arrays of different lengths, `LinearAlgebraError` where the fit fails.
    public func fit(
        _ output: [Double], parameters: [[Double]], enters: [Bool]? = nil, threads: Int = 1
    ) throws -> ChaosResult {
        guard parameters.count == space.dimension else {
            throw AnalysisError.wrongLength(
                name: "the sample", count: parameters.count, expected: space.dimension)
        }
        for (j, values) in parameters.enumerated() where values.count != output.count {
            throw AnalysisError.wrongLength(
                name: "parameter \(j + 1)", count: values.count, expected: output.count)
        }
        let enters = enters ?? parameters.map { _ in true }
        let dimension = enters.count { $0 }
        let failed = output.count { !$0.isFinite }
        func none(_ reason: Indeterminacy) -> ChaosResult {
            ChaosResult(samples: output.count - failed, failed: failed, fit: .failure(reason))
        }
        guard failed == 0 else { return none(.missingValues(count: failed, evaluations: output.count)) }
        let terms = Self.termCount(dimension: dimension, degree: degrees.lowerBound)
        guard terms <= min(output.count - 1, Self.mostTerms) else {
            return none(.tooFewSamples(count: output.count, needed: terms + 1))
        }
        let range = OutputRange(output)
        guard !range.isConstant else { return none(.noVariance(value: range.middle)) }
        // From the middle, so that the sum of many equal digits loses none.
        let mean = range.middle + output.reduce(0) { $0 + ($1 - range.middle) } / Double(output.count)
        let squares = output.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let variance = squares / Double(output.count - 1)

        let families = space.distributions.map { OrthonormalPolynomials($0, degree: degrees.upperBound) }
        // The values of each polynomial, one parameter's after another's.
        let tables = zip(families, parameters).map { family, values in
            let table = values.map(family.values(at:))
            return (0...family.degree).map { power in table.map { $0[power] } }
        }
        let limits = zip(families, enters).map { $1 ? $0.degree : 0 }
        var exponents: [[Int]] = []
        var growing = try GrowingFit(to: output, threads: threads)
        var best: ChaosFit?
        var worse = 0
        for degree in degrees {
            let count = Self.termCount(dimension: dimension, degree: degree)
            guard count <= min(output.count - 1, Self.mostTerms) else { break }
            let all = Self.exponents(degree, limits: limits)
            // Those of lower degrees stand in front, and are in the fit already.
            let new = all[exponents.count...].flatMap { exponent in
                var product = [Double](repeating: 1, count: output.count)
                for (j, power) in exponent.enumerated() where power > 0 {
                    for row in product.indices { product[row] *= tables[j][power][row] }
                }
                return product
            }
            exponents = all
            let solution: LeverageFit
            do throws(LinearAlgebraError) {
                try growing.append(new)
                solution = try growing.solution()
            } catch {
                // Too few different samples for so many terms: no higher degree will do.
                guard case .singular = error else { throw error }
                break
            }
            var sum = 0.0
            for (residual, leverage) in zip(solution.residuals, solution.leverages) {
                let left = residual / max(1 - leverage, 0x1p-52)
                sum += left * left
            }
            let error = sum / Double(output.count) / variance
            if error < best?.leaveOneOutError ?? .infinity {
                best = ChaosFit(
                    degree: degree, exponents: exponents, coefficients: solution.coefficients, families: families,
                    leaveOneOutError: error)
                worse = 0
            } else {
                // The error has passed its minimum; odd and even degrees may take turns.
                worse += 1
                if worse == 3 { break }
            }
        }
        guard let best else { return none(.tooFewSamples(count: output.count, needed: terms + 1)) }
        return ChaosResult(samples: output.count, failed: 0, fit: .success(best))
    }

    /// How many terms a sum has: (D + d)!/(D! d!), or `Int.max` where that is more than an `Int` holds.
    public static func termCount(dimension: Int, degree: Int) -> Int {
        var count = 1
        for k in 1...max(degree, 1) where degree > 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension + k)
            guard !overflow else { return .max }
            count = product / k
        }
        return count
    }

    /// All exponents with a sum of at most `degree`, each within its limit, the sum rising.
    static func exponents(_ degree: Int, limits: [Int]) -> [[Int]] {
        var result: [[Int]] = []
        func extend(_ start: [Int], _ left: Int) {
            if start.count == limits.count - 1 {
                if left <= limits[start.count] { result.append(start + [left]) }
                return
            }
            for power in stride(from: min(left, limits[start.count]), through: 0, by: -1) {
                extend(start + [power], left - power)
            }
        }
        for total in 0...max(degree, 0) { extend([], total) }
        return result
    }
}

/// The polynomial chaos of an output, or why there is none, with the counts.
public struct ChaosResult: Sendable {
    /// The samples with a value.
    public let samples: Int
    /// The samples without one.
    public let failed: Int
    /// The sum, or why there is none.
    public let fit: Result<ChaosFit, Indeterminacy>
}

/// A sum of products of orthonormal polynomials.
public struct ChaosFit: Equatable, Sendable {
    /// The largest sum of exponents.
    public let degree: Int
    /// The exponents of each term; all 0 for the first.
    public let exponents: [[Int]]
    /// The coefficient of each term.
    public let coefficients: [Double]
    /// The polynomials of each parameter.
    public let families: [OrthonormalPolynomials]
    /// The mean square of what each sample differs by from the fit without it, over the variance of the samples.
    public let leaveOneOutError: Double

    /// The sum at a point.
    public func value(at point: [Double]) -> Double {
        let tables = zip(families, point).map { $0.values(at: $1) }
        return zip(exponents, coefficients).reduce(0) { sum, term in
            var product = term.1
            for (j, power) in term.0.enumerated() where power > 0 { product *= tables[j][power] }
            return sum + product
        }
    }

    /// The mean of the sum.
    public var mean: Double { coefficients[0] }

    /// The variance of the sum.
    public var variance: Double { squares { $0.contains { $0 > 0 } } }

    /// S_j, the share of the terms in parameter j alone.
    public func first(_ j: Int) -> Double {
        squares { $0[j] > 0 && $0.enumerated().allSatisfy { $0.offset == j || $0.element == 0 } } / variance
    }

    /// T_j, the share of all terms with parameter j.
    public func total(_ j: Int) -> Double { squares { $0[j] > 0 } / variance }

    /// S_jk, the share of the terms in the parameters j and k alone.
    public func second(_ j: Int, _ k: Int) -> Double {
        squares { exponent in
            exponent[j] > 0 && exponent[k] > 0
                && exponent.enumerated().allSatisfy { $0.offset == j || $0.offset == k || $0.element == 0 }
        } / variance
    }

    private func squares(_ belongs: ([Int]) -> Bool) -> Double {
        zip(exponents, coefficients).reduce(0) { belongs($1.0) ? $0 + $1.1 * $1.1 : $0 }
    }
}
