import Parallelism

/// Sobol indices, the shares of parameters in the variance of an output, from the outputs of a ``SaltelliDesign``.
///
/// - S_j, first order: the variance of the mean given parameter j, over the variance.
/// - T_j, total: the mean of the variance given all parameters but j, over the variance; by Jansen's estimator,
///   ⟨(f(A) − f(A_B⁽ʲ⁾))²⟩/(2V).
/// - S_jk, second order: the share of j and k together beyond S_j + S_k; by Saltelli's (2002),
///   ⟨f(B_A⁽ʲ⁾)f(A_B⁽ᵏ⁾) − f(A)f(B)⟩/V − S_j − S_k.
///
/// Outputs are centred by the mean of A and B first, which the estimators with products need for their accuracy.
///
/// **Failures.** A value that is not finite is a failed evaluation. A base sample with a failed one among its D + 2 (or
/// 2D + 2) is left out as a whole, for all indices: each is then an estimate for the same population, the samples of which
/// none fails, and shares are of one variance. It is not the index of the model where that does not fail, which has
/// dependent parameters; how much has been left out is in ``SobolResult/failed``.
public struct SobolAnalysis: Equatable, Sendable {
    /// The shape of the design.
    public let layout: SaltelliLayout
    /// Of first-order indices.
    public let estimator: FirstOrderEstimator
    /// The intervals.
    public let bootstrap: Bootstrap

    /// An analysis.
    ///
    /// - Throws: ``AnalysisError/outOfRange(name:value:allowed:)`` for a layout that no design has.
    public init(
        _ layout: SaltelliLayout, estimator: FirstOrderEstimator = .saltelli, bootstrap: Bootstrap = .none
    ) throws(AnalysisError) {
        // The draws of a resample have 32 bits.
        guard (1..<1 << 32).contains(layout.samples) else {
            throw .outOfRange(
                name: "the number of samples", value: Double(layout.samples), allowed: "1 to 4294967295")
        }
        guard (1...1 << 20).contains(layout.dimension) else {
            throw .outOfRange(
                name: "the number of parameters", value: Double(layout.dimension), allowed: "1 to 1048576")
        }
        self.layout = layout
        self.estimator = estimator
        self.bootstrap = bootstrap
    }

    /// The indices of an output.
    ///
    /// - Parameters:
    ///   - outputs: the values at the points of the design, block by block; what is not finite counts as failed.
    ///   - samples: how many base samples to use, from the first on; all by default.
    ///   - threads: the most that are used; the result does not depend on it.
    /// - Throws: ``AnalysisError`` for outputs of another length than the design has, and for a number of samples that it
    ///   has not.
    public func indices(
        of outputs: [Double], samples: Int? = nil, threads: Int = availableProcessors
    ) throws(AnalysisError) -> SobolResult {
        let expected = layout.samples * layout.blocks
        guard outputs.count == expected else {
            throw .wrongLength(name: "the output", count: outputs.count, expected: expected)
        }
        let samples = samples ?? layout.samples
        guard (1...layout.samples).contains(samples) else {
            throw .outOfRange(
                name: "the number of samples", value: Double(samples), allowed: "1 to \(layout.samples)")
        }
        return outputs.withUnsafeBufferPointer { outputs in
            let features = SobolFeatures(
                outputs, layout: layout, estimator: estimator, samples: samples, threads: threads)
            return features.result(bootstrap, threads: threads)
        }
    }

    /// The indices of the first N/2^k base samples, from k = `halvings` down to 0, as far as there are at least `least` of
    /// them: how they converge.
    ///
    /// - Throws: ``AnalysisError`` for outputs of another length than the design has.
    public func convergence(
        of outputs: [Double], halvings: Int, least: Int = 16, threads: Int = availableProcessors
    ) throws(AnalysisError) -> [SobolResult] {
        var results: [SobolResult] = []
        for k in stride(from: min(max(halvings, 0), 62), through: 0, by: -1) {
            let samples = layout.samples >> k
            guard samples >= max(least, 1) || k == 0 else { continue }
            results.append(try indices(of: outputs, samples: samples, threads: threads))
        }
        return results
    }
}
