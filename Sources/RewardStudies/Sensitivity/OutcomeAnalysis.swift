import NumericalMethods
import Parallelism

/// Sensitivity across regimes: where an output jumps or ends, which outcome there is, what decides it, and what moves the
/// output within one.
///
/// For each outcome:
///
/// - its **probability**, the share of the points of A and B that did not fail;
/// - the Sobol indices of its **indicator**, 1 where there is that outcome and 0 elsewhere: what decides it;
/// - **conditional** indices of an output given the outcome and a value: those of ``SobolAnalysis`` where evaluations have no
///   value, with having the outcome in the place of having a value. The parameters are dependent then: those that decide the
///   outcome have no total index, first-order indices may add up to more than 1, and a parameter that does not enter the
///   output may have one.
public struct OutcomeAnalysis: Equatable, Sendable {
    /// The code of an evaluation that failed.
    public static let failed = UInt8.max

    /// The analysis of the indicators.
    public let sobol: SobolAnalysis
    /// The number of outcomes; their codes are 0 ..< that.
    public let outcomeCount: Int

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
    ///   - parameters: as of ``SobolAnalysis/indices(of:parameters:samples:threads:)``.
    ///   - threads: the most that are used; the result does not depend on it.
    /// - Throws: ``AnalysisError/wrongLength(name:count:expected:)``.
    public func results(
        outcomes: [UInt8], parameters: () -> [[Double]]? = { nil }, threads: Int = availableProcessors
    ) throws(AnalysisError) -> [OutcomeResult] {
        let layout = sobol.layout
        let n = layout.samples
        try sobol.check(outcomes.count, "the list of outcomes")
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
                    indicator: try sobol.indices(of: indicator, parameters: parameters, threads: threads)))
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
        try sobol.check(outputs.count, "the output")
        try sobol.check(outcomes.count, "the list of outcomes")
        try sobol.check(parameters: parameters)
        guard Int(code) < outcomeCount else {
            throw .outOfRange(name: "the outcome", value: Double(code), allowed: "0 to \(outcomeCount - 1)")
        }
        let sample = ConditionalSample(
            sobol.layout, samples: sobol.layout.samples, outputs: outputs, parameters: parameters, threads: threads
        ) { outcomes[$0] == code }
        return ConditionalResult(
            points: sample.points, failed: sample.failed, indices: sample.indices(sobol.bootstrap, threads: threads))
    }
}
