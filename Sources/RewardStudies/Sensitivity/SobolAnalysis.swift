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
/// **Evaluations without a value.** A value that is not finite is none. Pick-freeze takes values at all D + 2 points of a base
/// sample; keeping the samples that have them would make indices of another population than the points with a value (a
/// sample is kept with the probability that D + 2 related points have one), in which they are no shares of a variance
/// either. So where an evaluation has no value the indices are those **given that there is one**, and only those that
/// the sample knows:
///
/// - S_j = Var(E[y|x_j])/Var(y) over the points of A and B with a value: sorted by x_j into up to 64 classes of the same count,
///   the covariance of the classes' means in A and in B. (The variance of the means of both together, rejected, has the noise
///   of the means in it; correcting it for that of independent points, Kelley's ε², takes (K − 1)/n too much away of the
///   evenly spread points of a Sobol sequence, more than the interval is wide.) Its bias is that of the classes: the variance of
///   E[y|x_j] within them is missing, of a straight line a share of 1/64² of it. Given that there is a value the parameters
///   are dependent, so the S_j may add up to more than 1, and a parameter that does not enter the output has an S_j where it
///   helps to decide whether there is a value.
/// - T_j = E[Var(y|x_~j)]/Var(y), from the pairs f(A), f(A_B⁽ʲ⁾), only where each pair has two values or none: there
///   parameter j does not decide whether there is one. Otherwise pairs with two values weigh a place x_~j by the square of the
///   probability of a value there and not by the probability, and T_j is nil. (In the triangle x₁ + x₂ < 1 the output x₁
///   would have T₁ = 9/10 by such pairs; it is 3/4.)
/// - No S_jk.
public struct SobolAnalysis: Equatable, Sendable {
    /// The shape of the design.
    public let layout: SaltelliLayout
    /// The estimator of first-order indices.
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
    ///   - outputs: the values at the points of the design, block by block; what is not finite is none.
    ///   - parameters: of each parameter its values at the points of A, and after them at those of B, see
    ///     ``SaltelliDesign/baseColumns()``; asked for where an evaluation has no value. Without them there are no indices then.
    ///   - samples: how many base samples to use, from the first on; all by default.
    ///   - threads: the most that are used; the result does not depend on it.
    /// - Throws: ``AnalysisError`` for outputs or parameters of another length than the design has, and for a number of
    ///   samples that it has not.
    public func indices(
        of outputs: [Double], parameters: () -> [[Double]]? = { nil }, samples: Int? = nil,
        threads: Int = availableProcessors
    ) throws(AnalysisError) -> SobolResult {
        try check(outputs.count, "the output")
        let samples = samples ?? layout.samples
        guard (1...layout.samples).contains(samples) else {
            throw .outOfRange(
                name: "the number of samples", value: Double(samples), allowed: "1 to \(layout.samples)")
        }
        let survey = survey(outputs, samples: samples, threads: threads)
        func result(_ indices: Result<SobolIndices, Indeterminacy>) -> SobolResult {
            SobolResult(samples: samples, failed: survey.failed, indices: indices)
        }
        guard survey.failed > 0 else {
            guard samples >= 2 else { return result(.failure(.tooFewSamples(count: samples, needed: 2))) }
            guard !survey.base.isConstant else { return result(.failure(.noVariance(value: survey.base.middle))) }
            return outputs.withUnsafeBufferPointer { outputs in
                let features = SobolFeatures(
                    outputs, layout: layout, estimator: estimator, samples: samples, survey: survey, threads: threads)
                return result(features.indices(bootstrap, threads: threads))
            }
        }
        guard let parameters = parameters() else {
            return result(.failure(.missingValues(count: survey.failed, evaluations: samples * layout.blocks)))
        }
        try check(parameters: parameters)
        let sample = ConditionalSample(
            layout, samples: samples, outputs: outputs, parameters: parameters, threads: threads
        ) { _ in true }
        return result(sample.indices(bootstrap, threads: threads))
    }

    /// Throws for another number of values than the design has points.
    func check(_ count: Int, _ name: String) throws(AnalysisError) {
        let expected = layout.samples * layout.blocks
        guard count == expected else { throw .wrongLength(name: name, count: count, expected: expected) }
    }

    /// Throws for another number of parameters, or of their values at A and B, than the design has.
    func check(parameters: [[Double]]) throws(AnalysisError) {
        guard parameters.count == layout.dimension else {
            throw .wrongLength(name: "the list of parameters", count: parameters.count, expected: layout.dimension)
        }
        for (j, values) in parameters.enumerated() where values.count != 2 * layout.samples {
            throw .wrongLength(name: "parameter \(j + 1)", count: values.count, expected: 2 * layout.samples)
        }
    }

    private func survey(_ outputs: [Double], samples: Int, threads: Int) -> OutputSurvey {
        let chunks = (samples + SobolFeatures.rowsAtOnce - 1) / SobolFeatures.rowsAtOnce
        return outputs.withUnsafeBufferPointer { outputs in
            nonisolated(unsafe) let outputs = outputs
            let parts = [OutputSurvey](unsafeUninitializedCapacity: chunks) { parts, initialized in
                forEachChunk(of: parts, chunkSize: 1, threads: threads) { index, part in
                    part.initialize(
                        repeating: OutputSurvey(outputs, layout, SobolFeatures.rows(ofChunk: index, of: samples)))
                }
                initialized = chunks
            }
            return parts.reduce(into: OutputSurvey()) { $0.add($1) }
        }
    }

    /// The indices of the first N/2^k base samples, from k = `halvings` down to 0, as far as there are at least `least` of
    /// them: how they converge.
    ///
    /// - Throws: ``AnalysisError`` as ``indices(of:parameters:samples:threads:)``.
    public func convergence(
        of outputs: [Double], parameters: () -> [[Double]]? = { nil }, halvings: Int, least: Int = 16,
        threads: Int = availableProcessors
    ) throws(AnalysisError) -> [SobolResult] {
        var results: [SobolResult] = []
        for k in stride(from: min(max(halvings, 0), 62), through: 0, by: -1) {
            let samples = layout.samples >> k
            guard samples >= max(least, 1) || k == 0 else { continue }
            results.append(try indices(of: outputs, parameters: parameters, samples: samples, threads: threads))
        }
        return results
    }
}
