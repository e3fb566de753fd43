import NumericalMethods
import Parallelism

/// Morris's measures of the elementary effects of each parameter, from the outputs of a ``MorrisDesign``.
///
/// An effect is the change of the output by a move of one parameter, over the move's step in probability. Over the
/// trajectories: μ its mean, μ* the mean of its modulus (which does not cancel where the sign changes), σ its standard
/// deviation (interactions and curvature).
///
/// A value that is not finite is a failed evaluation. An effect with a failed end is left out and counted: effects of one
/// trajectory are not combined with each other, so the others keep their meaning.
public struct MorrisAnalysis: Sendable {
    /// The moves of each trajectory, D of each.
    public let moves: [MorrisMove]
    /// The step of each parameter.
    public let steps: [Double]
    /// The intervals of μ*: trajectories are resampled.
    public let bootstrap: Bootstrap

    /// The analysis of a design's outputs.
    public init(_ design: MorrisDesign, bootstrap: Bootstrap = .none) {
        moves = design.moves
        steps = (0..<design.dimension).map(design.step)
        self.bootstrap = bootstrap
    }

    /// The measures of each parameter.
    ///
    /// - Parameters:
    ///   - outputs: the values at the points of the design, in their order; what is not finite counts as failed.
    ///   - threads: the most that are used; the result does not depend on it.
    /// - Throws: ``AnalysisError/wrongLength(name:count:expected:)``.
    public func measures(of outputs: [Double], threads: Int = availableProcessors) throws(AnalysisError)
        -> [MorrisResult]
    {
        let d = steps.count
        let r = moves.count / d
        guard outputs.count == r * (d + 1) else {
            throw .wrongLength(name: "the output", count: outputs.count, expected: r * (d + 1))
        }
        let range = OutputRange(outputs.lazy.filter(\.isFinite))
        // effects[j·r + t], NaN where there is none.
        var effects = [Double](repeating: .nan, count: d * r)
        for t in 0..<r {
            for k in 0..<d {
                let move = moves[t * d + k]
                let (before, after) = (outputs[t * (d + 1) + k], outputs[t * (d + 1) + k + 1])
                let effect = (after - before) / (move.isUp ? steps[move.parameter] : -steps[move.parameter])
                effects[move.parameter * r + t] = effect.isFinite ? effect : .nan
            }
        }
        // Of each parameter a column of moduli, times a power of two against overflow, and one of ones.
        let largest = effects.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
        let scale = largest > 0 ? max(largest.binade, .leastNormalMagnitude) : 1
        let moduli = effects.map { $0.isFinite ? abs($0) / scale : 0 }
        let columns = moduli + effects.map { $0.isFinite ? 1 : 0 }
        let drawn = columns.withUnsafeBufferPointer { columns in
            BootstrapSums.sums(
                of: columns, stride: r, rows: r, columnCount: 2 * d, resamples: bootstrap.resamples,
                seed: bootstrap.seed, threads: threads)
        }
        return (0..<d).map { j in
            let own = effects[j * r..<(j + 1) * r].lazy.filter(\.isFinite).map { $0 / scale }
            let count = own.count
            let n = Double(count)
            guard count >= 2 else {
                return MorrisResult(
                    effects: count, failed: r - count, measures: .failure(.tooFewSamples(count: count, needed: 2)))
            }
            guard !range.isConstant else {
                return MorrisResult(
                    effects: count, failed: r - count, measures: .failure(.noVariance(value: range.middle)))
            }
            let mean = own.reduce(0, +) / n
            let squares = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let modulus = own.reduce(0) { $0 + abs($1) } / n
            let estimate = bootstrap.estimate(
                modulus * scale,
                replicates: (0..<bootstrap.resamples).lazy.map { resample in
                    drawn[resample * 2 * d + j] / drawn[resample * 2 * d + d + j] * scale
                })
            return MorrisResult(
                effects: count, failed: r - count,
                measures: .success(
                    MorrisMeasures(
                        mean: mean * scale, meanModulus: estimate, deviation: (squares / (n - 1)).squareRoot() * scale))
            )
        }
    }
}

/// The measures of one parameter, or why there are none, with the counts.
public struct MorrisResult: Equatable, Sendable {
    /// The effects that were used.
    public let effects: Int
    /// The effects that were left out, since an evaluation failed.
    public let failed: Int
    /// The measures, or why there are none.
    public let measures: Result<MorrisMeasures, Indeterminacy>
}

/// Morris's measures of one parameter.
public struct MorrisMeasures: Equatable, Sendable {
    /// μ, the mean of the effects.
    public let mean: Double
    /// μ*, the mean of their moduli.
    public let meanModulus: Estimate
    /// σ, the standard deviation of the effects.
    public let deviation: Double
}
