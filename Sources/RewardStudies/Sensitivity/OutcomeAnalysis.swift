import NumericalMethods
import Parallelism

/// Sensitivity across regimes: where an output jumps or ends, which outcome there is, what decides it, and what moves the
/// output within one.
///
/// For each outcome:
///
/// - its **probability**, the share of the points of A and B that did not fail;
/// - the Sobol indices of its **indicator**, 1 where there is that outcome and 0 elsewhere: what decides it;
/// - **conditional** indices of an output given the outcome. The parameters are dependent then, so pick-freeze does not hold:
///   it would take samples of which all D + 2 evaluations have the outcome, another population than the points that have it.
///   The first-order index, Var(E[y|x_j])/Var(y) given the outcome, is estimated from the points of A and B that have it,
///   by the correlation ratio: sorted by x_j into up to 64 classes of the same count, the variance between them over the
///   whole, corrected for the number of classes (Kelley's ε²). Its bias is that of the classes: the variance of E[y|x_j]
///   within them is missing, for a straight line a share of 1/64² of it.
///   The total index is from the pairs f(A), f(A_B⁽ʲ⁾) of which both have the outcome: half of the mean squared
///   difference, over Var(y) given the outcome. It weighs a place x_~j by the square of the probability of the outcome
///   there, where E[Var(y|x_~j)] given the outcome weighs it by the probability: exact where that is the same for all x_~j
///   with the outcome, and otherwise an index of the pairs that stay. Since the parameters are dependent, first-order
///   indices may exceed total ones.
public struct OutcomeAnalysis: Equatable, Sendable {
    /// The code of an evaluation that failed.
    public static let failed = UInt8.max

    /// The analysis of the indicators.
    public let sobol: SobolAnalysis
    /// The number of outcomes; their codes are 0 ..< that.
    public let outcomeCount: Int

    /// The fewest points of a class on average.
    static let pointsOfClass = 20
    /// The most classes.
    static let mostClasses = 64

    /// An analysis.
    ///
    /// - Parameters:
    ///   - sobol: for the indicators; its layout and its bootstrap are those of the rest as well.
    ///   - outcomeCount: from 1 to 255.
    /// - Throws: ``AnalysisError/outOfRange(name:value:allowed:)``.
    public init(_ sobol: SobolAnalysis, outcomeCount: Int) throws(AnalysisError) {
        guard (1...255).contains(outcomeCount) else {
            throw .outOfRange(name: "the number of outcomes", value: Double(outcomeCount), allowed: "1 to 255")
        }
        self.sobol = sobol
        self.outcomeCount = outcomeCount
    }

    /// What there is to say of each outcome, in the order of the codes.
    ///
    /// - Parameters:
    ///   - outcomes: the code at every point of the design, block by block; ``failed``, or any other that is none, where
    ///     the evaluation failed.
    ///   - threads: the most that are used; the result does not depend on it.
    /// - Throws: ``AnalysisError/wrongLength(name:count:expected:)``.
    public func results(outcomes: [UInt8], threads: Int = availableProcessors) throws(AnalysisError) -> [OutcomeResult]
    {
        let layout = sobol.layout
        let n = layout.samples
        guard outcomes.count == n * layout.blocks else {
            throw .wrongLength(name: "the list of outcomes", count: outcomes.count, expected: n * layout.blocks)
        }
        var results: [OutcomeResult] = []
        for code in 0..<outcomeCount {
            let indicator = outcomes.map { (found: UInt8) -> Double in
                if Int(found) >= outcomeCount { return .nan }
                return Int(found) == code ? 1 : 0
            }
            // Of A and B together, a row a sample: how many of the two have it, and how many did not fail.
            var columns = [Double](repeating: 0, count: 2 * n)
            for block in [layout.a, layout.b] {
                for i in 0..<n where indicator[block * n + i].isFinite {
                    columns[i] += indicator[block * n + i]
                    columns[n + i] += 1
                }
            }
            let (sums, drawn) = columns.withUnsafeBufferPointer { columns in
                (
                    BootstrapSums.plain(of: columns, stride: n, rows: n, columnCount: 2),
                    BootstrapSums.sums(
                        of: columns, stride: n, rows: n, columnCount: 2, resamples: sobol.bootstrap.resamples,
                        seed: sobol.bootstrap.seed, threads: threads)
                )
            }
            let shares = (0..<sobol.bootstrap.resamples).map { drawn[2 * $0] / drawn[2 * $0 + 1] }
            let probability = sums[1] > 0 ? sobol.bootstrap.estimate(sums[0] / sums[1], replicates: shares) : nil
            results.append(
                OutcomeResult(
                    count: Int(sums[0]), points: Int(sums[1]), failed: 2 * n - Int(sums[1]), probability: probability,
                    indicator: try sobol.indices(of: indicator, threads: threads)))
        }
        return results
    }

    /// The indices of an output given an outcome.
    ///
    /// - Parameters:
    ///   - outputs: the values at the points of the design, block by block; what is not finite counts as failed.
    ///   - outcomes: their codes, as many.
    ///   - code: the outcome.
    ///   - parameters: of each parameter its values at the points of A, and after them at those of B.
    ///   - threads: the most that are used; the result does not depend on it.
    /// - Throws: ``AnalysisError``.
    public func conditional(
        of outputs: [Double], outcomes: [UInt8], given code: UInt8, parameters: [[Double]],
        threads: Int = availableProcessors
    ) throws(AnalysisError) -> ConditionalResult {
        let layout = sobol.layout
        let n = layout.samples
        for (name, count) in [("the output", outputs.count), ("the list of outcomes", outcomes.count)]
        where count != n * layout.blocks {
            throw .wrongLength(name: name, count: count, expected: n * layout.blocks)
        }
        guard parameters.count == layout.dimension else {
            throw .wrongLength(name: "the list of parameters", count: parameters.count, expected: layout.dimension)
        }
        for (j, values) in parameters.enumerated() where values.count != 2 * n {
            throw .wrongLength(name: "parameter \(j + 1)", count: values.count, expected: 2 * n)
        }
        guard Int(code) < outcomeCount else {
            throw .outOfRange(name: "the outcome", value: Double(code), allowed: "0 to \(outcomeCount - 1)")
        }
        return ConditionalSample(layout, outputs, outcomes, code, parameters, threads: threads).result(
            sobol.bootstrap, threads: threads)
    }
}
