// How often the intervals of Sobol indices hold the known index: CSV, a row for each function, way of sampling, number of
// samples, level and index.
import Foundation
import Parallelism
import RewardStudies

@main
struct Coverage {
    static func main() throws {
        let repetitions = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 500
        let functions: [(String, any ReferenceFunction)] = [
            ("ishigami", try IshigamiFunction()), ("sobol-g", try SobolGFunction(a: [0, 1, 4.5, 9])),
            ("linear", try LinearFunction(coefficients: [1, 2, 3])),
        ]
        let methods: [(String, SamplingMethod)] = [
            ("random", .random), ("latin-hypercube", .latinHypercube), ("sobol-owen", .sobol(.owen)),
            ("sobol-digital-shift", .sobol(.digitalShift)),
        ]
        print(
            "function,sampling,estimator,samples,confidence,index,parameter,repetitions,coverage,mean_half_width,deviation"
        )
        for (name, function) in functions {
            for (sampling, method) in methods {
                for estimator in FirstOrderEstimator.allCases where estimator == .saltelli || method == .random {
                    for samples in [256, 2048] {
                        try rows(name, function, sampling, method, estimator, samples, repetitions)
                    }
                }
            }
        }
    }

    private static func rows(
        _ name: String, _ function: any ReferenceFunction, _ sampling: String, _ method: SamplingMethod,
        _ estimator: FirstOrderEstimator, _ samples: Int, _ repetitions: Int
    ) throws {
        let expected = function.first + function.total
        // Deviations of the estimates, a row a repetition; intervals of any level follow from that of one.
        var errors = [[Double]](repeating: [], count: repetitions)
        var widths = errors
        let unit = try Bootstrap(resamples: 100, confidence: 0.95, seed: 0).quantile
        try errors.withUnsafeMutableBufferPointer { errors in
            try widths.withUnsafeMutableBufferPointer { widths in
                nonisolated(unsafe) let errors = errors
                nonisolated(unsafe) let widths = widths
                try forEachIndex(count: repetitions) { (seed: Int) throws in
                    let design = try SaltelliDesign(
                        function.space, samples: samples, seed: UInt64(seed), method: method)
                    let outputs = design.evaluate(threads: 1, model: function.model)[0]
                    let indices = try SobolAnalysis(
                        design.layout, estimator: estimator, bootstrap: Bootstrap(resamples: 100, seed: UInt64(seed))
                    ).indices(of: outputs, threads: 1).indices.get()
                    let estimates = indices.first + indices.total.compactMap(\.self)
                    errors[seed] = zip(estimates, expected).map { $0.value - $1 }
                    widths[seed] = estimates.map { ($0.halfWidth ?? .nan) / unit }
                }
            }
        }
        let n = Double(repetitions)
        for confidence in [0.5, 0.9, 0.95] {
            let quantile = try Bootstrap(resamples: 100, confidence: confidence, seed: 0).quantile
            for index in expected.indices {
                let hits = (0..<repetitions).count { abs(errors[$0][index]) <= quantile * widths[$0][index] }
                let width = (0..<repetitions).reduce(0) { $0 + quantile * widths[$1][index] } / n
                let deviation = ((0..<repetitions).reduce(0) { $0 + errors[$1][index] * errors[$1][index] } / n)
                    .squareRoot()
                let (kind, parameter) = (index < function.dimension ? "s1" : "st", index % function.dimension + 1)
                print(
                    name, sampling, estimator, samples, confidence, kind, parameter, repetitions, Double(hits) / n,
                    width,
                    deviation, separator: ",")
            }
        }
    }
}
