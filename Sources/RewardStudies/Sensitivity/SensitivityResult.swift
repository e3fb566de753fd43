/// A method of sensitivity analysis whose results are measures of each parameter.
public enum SensitivityMethod: String, CaseIterable, Sendable {
    /// Sobol indices by pick-freeze, see ``SobolAnalysis``.
    case sobol
    /// Sobol indices by ``PolynomialChaos``.
    case chaos
    /// Distances of distributions, see ``PAWNAnalysis``.
    case pawn
    /// Elementary effects, see ``MorrisAnalysis``.
    case morris

    /// One number that a method tells of a parameter.
    public struct Measure: Equatable, Sendable {
        /// The name in tables.
        public let name: String
        /// The meaning of the measure, in a phrase.
        public let summary: String
        /// Whether it has an interval by resampling.
        public let hasInterval: Bool
    }

    /// The measures, in the order of ``SensitivityResult/Row/measures``.
    public var measures: [Measure] {
        func measure(_ name: String, _ summary: String, interval: Bool = false) -> Measure {
            Measure(name: name, summary: summary, hasInterval: interval)
        }
        let given = "; where evaluations have no value, given that there is one"
        return switch self {
        case .sobol:
            [
                measure("s1", "first-order index" + given, interval: true),
                measure("st", "total index" + given + ": empty for a parameter that decides whether", interval: true),
            ]
        case .chaos: [measure("s1", "first-order index"), measure("st", "total index")]
        case .pawn:
            [
                measure("median", "median of the slices' distances", interval: true),
                measure("maximum", "largest of the slices' distances", interval: true),
                measure("mean", "mean of the slices' distances"),
                measure("minimum", "smallest of the slices' distances"),
                measure("variation", "standard deviation of the distances over their mean"),
            ]
        case .morris:
            [
                measure("mu", "mean of the elementary effects"),
                measure("mu_star", "mean of their moduli", interval: true),
                measure("sigma", "standard deviation of the effects"),
            ]
        }
    }
}

/// What a method of sensitivity analysis tells of an output, parameter by parameter.
///
/// All methods have this result: tables and figures show what is here and decide nothing. Measures of a parameter on which
/// the output does not depend are exactly 0.
public struct SensitivityResult: Equatable, Sendable {
    /// The output.
    public let output: StudiedOutput
    /// The method.
    public let method: SensitivityMethod
    /// One row a parameter, in the order in which they vary.
    public let rows: [Row]

    /// The measures of a parameter.
    public struct Row: Equatable, Sendable {
        /// What was used: the base samples of Sobol indices, the effects of Morris's method, else the evaluations with a value.
        public let used: Int
        /// The evaluations without a value, or the effects that have an end without one.
        public let failed: Int
        /// The measures, in the order of the method's; nil for one that there is none of, and none at all without a result.
        public let measures: [Estimate?]
        /// `ok`, or why measures are missing or of other points than all.
        public let status: String
    }

    /// The rows of parameters with a result or without one.
    private init<Measures>(
        _ output: StudiedOutput, _ method: SensitivityMethod, used: Int, failed: Int,
        _ result: Result<Measures, Indeterminacy>, row: (Measures, Int) -> (measures: [Estimate?], status: String)
    ) {
        self.output = output
        self.method = method
        rows = output.enters.indices.map { j in
            let (measures, status) =
                switch result {
                case .success(let found): row(found, j)
                case .failure(let reason): ([], "\(reason)")
                }
            return Row(used: used, failed: failed, measures: measures, status: status)
        }
    }

    /// Sobol indices.
    public init(_ output: StudiedOutput, _ result: SobolResult) {
        self.init(output, .sobol, used: result.samples, failed: result.failed, result.indices) { indices, j in
            let known = indices.knowing(output)
            let status =
                switch (indices.population, known.total[j] == nil) {
                case (.all, _): Self.ok
                case (.conditional, false): "given a value"
                case (.conditional, true):
                    "given a value; no total index, since the parameter decides whether there is one"
                }
            return ([known.first[j], known.total[j]], status)
        }
    }

    /// Sobol indices by polynomial chaos, fitted without the parameters that do not enter.
    public init(_ output: StudiedOutput, _ result: ChaosResult) {
        self.init(output, .chaos, used: result.samples, failed: result.failed, result.fit) { fit, j in
            ([fit.first(j), fit.total(j)].map { Estimate(value: $0, halfWidth: nil) }, Self.ok)
        }
    }

    /// PAWN indices.
    ///
    /// - Parameter isIndependent: whether the parameters are; only then does one that does not enter have distances of 0.
    public init(_ output: StudiedOutput, _ result: PAWNResult, isIndependent: Bool) {
        self.init(output, .pawn, used: result.samples, failed: result.failed, result.indices) { set, j in
            let found = set.parameters[j]
            let isIdle =
                isIndependent && !output.enters[j] && (result.failed == 0 || !output.decidesValue[j])
            let measures = [
                found.median, found.maximum, found.mean, Estimate(value: found.minimum, halfWidth: nil),
                Estimate(value: found.variation, halfWidth: nil),
            ]
            return (isIdle ? measures.map(\.zero) : measures, result.failed == 0 ? Self.ok : "given a value")
        }
    }

    /// Elementary effects, one result a parameter. An output does not move with a parameter that does not enter, so its effects
    /// are 0 as they are.
    public init(_ output: StudiedOutput, _ results: [MorrisResult]) {
        self.output = output
        method = .morris
        rows = results.map { result in
            switch result.measures {
            case .success(let found):
                Row(
                    used: result.effects, failed: result.failed,
                    measures: [
                        Estimate(value: found.mean + 0, halfWidth: nil), found.meanModulus,
                        Estimate(value: found.deviation, halfWidth: nil),
                    ], status: Self.ok)
            case .failure(let reason):
                Row(used: result.effects, failed: result.failed, measures: [], status: "\(reason)")
            }
        }
    }

    private static let ok = "ok"

    /// Why there are no measures at all; nil where a parameter has some.
    public var failure: String? {
        rows.allSatisfy(\.measures.isEmpty) ? rows.first?.status : nil
    }
}

extension Estimate {
    /// The estimate of a parameter that does nothing, with an interval of no width where there is one.
    var zero: Estimate { Estimate(value: 0, halfWidth: halfWidth == nil ? nil : 0) }
}

extension SobolIndices {
    /// The indices with what is known beforehand of an output: exactly 0 of parameters on which it does not depend. Given a
    /// condition a first-order index is 0 only of a parameter that does not decide the condition either.
    ///
    /// - Parameters:
    ///   - output: the output.
    ///   - decides: of each parameter whether it helps to decide the condition; by default whether there is a value.
    public func knowing(_ output: StudiedOutput, decides: [Bool]? = nil) -> SobolIndices {
        let decides = decides ?? output.decidesValue
        return SobolIndices(
            population: population, mean: mean, variance: variance,
            first: first.enumerated().map { j, estimate in
                output.enters[j] || (population == .conditional && decides[j]) ? estimate : estimate.zero
            },
            total: total.enumerated().map { j, estimate in output.enters[j] ? estimate : first[j].zero },
            second: second.map { pair in
                output.enters[pair.j] && output.enters[pair.k]
                    ? pair : PairEstimate(j: pair.j, k: pair.k, estimate: pair.estimate.zero)
            }, resamples: resamples)
    }
}
