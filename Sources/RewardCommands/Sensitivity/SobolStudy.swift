import CommandRun
import Reporting
import RewardStudies

/// A Sobol study: its design and its analysis.
struct SobolStudy {
    let setup: StudySetup
    let design: SaltelliDesign
    let analysis: SobolAnalysis

    /// - Throws: `CommandFailure` for more samples than memory holds.
    init(
        setup: StudySetup, distributions: [Distribution], samples: Int, secondOrder: Bool, seed: UInt64,
        method: SamplingMethod, estimator: FirstOrderEstimator, bootstrap: Bootstrap
    ) throws {
        self.setup = setup
        do throws(DesignError) {
            design = try SaltelliDesign(
                ParameterSpace(distributions), samples: samples, secondOrder: secondOrder, seed: seed,
                method: method)
        } catch {
            throw CommandFailure(.usage, "--samples and --vary: \(error).")
        }
        // The outputs of all quantities, an indicator's copy of one, the parameters of the base points where values are
        // missing, and the sums of one analysis at a time; these of every resample, and the indices from them.
        let (d, blocks) = (Double(distributions.count), Double(design.layout.blocks))
        let sums = 3 + 4 * d + (secondOrder ? d * (d - 1) / 2 : 0)
        try RunLimits.checkMemory(
            values: (blocks * Double(setup.evaluator.quantities.count + 1) + 2 * d + sums) * Double(samples)
                + 2 * sums * Double(bootstrap.resamples),
            for: "--samples \(samples) with \(distributions.count) parameters and --bootstrap \(bootstrap.resamples)")
        do throws(AnalysisError) {
            analysis = try SobolAnalysis(design.layout, estimator: estimator, bootstrap: bootstrap)
        } catch {
            throw CommandFailure(.usage, "--samples: \(error).")
        }
    }
}

/// The values at all points of a Sobol study, and what follows from them.
struct SobolOutputs {
    /// An output with its indices.
    typealias OutputResult = (output: StudiedOutput, found: SobolResult)

    private let study: SobolStudy
    private let values: [[Double]]
    private let threads: Int
    /// The values of each parameter at the points of A and B; nil where all outputs have a value.
    private let parameters: [[Double]]?

    init(_ study: SobolStudy, values: [[Double]], threads: Int) {
        self.study = study
        self.values = values
        self.threads = threads
        let isComplete = values.allSatisfy { $0.allSatisfy(\.isFinite) }
        parameters = isComplete ? nil : study.design.baseColumns()
    }

    private var names: [String] { study.setup.names.map(\.column) }

    func results() throws(AnalysisError) -> [OutputResult] {
        var results: [OutputResult] = []
        for output in study.setup.outputs {
            let found = try study.analysis.indices(
                of: output.values(values), parameters: { parameters }, threads: threads)
            results.append((output, found))
        }
        return results
    }

    /// The indices of N/2^k samples, from at least 16 on, for each output.
    func convergence() throws(AnalysisError) -> [(output: StudiedOutput, steps: [SensitivityResult])] {
        var results: [(output: StudiedOutput, steps: [SensitivityResult])] = []
        for output in study.setup.outputs {
            let steps = try study.analysis.convergence(
                of: output.values(values), parameters: { parameters }, halvings: 32, threads: threads)
            results.append((output, steps.map { SensitivityResult(output, $0) }))
        }
        return results
    }

    // MARK: - Tables

    func pairsTable(_ results: [OutputResult]) -> ResultTable {
        var table = SobolTables.secondOrder
        for (output, found) in results {
            let known = Result { () throws(Indeterminacy) in try found.indices.get().knowing(output) }
            for (j, k) in study.setup.pairs {
                var row: NamedValues = [
                    "quantity": .text(output.name), "parameter_1": .text(names[j]), "parameter_2": .text(names[k]),
                    "samples": .integer(found.samples), "failed": .integer(found.failed),
                    "status": .text(PointQuantity.ok),
                ]
                switch known {
                case .success(let indices):
                    let pair = indices.second.first { $0.j == j && $0.k == k }
                    row.add("s2", pair?.estimate)
                    if pair == nil { row["status"] = .text(SobolTables.noSecondOrder) }
                case .failure(let reason): row["status"] = .text("\(reason)")
                }
                table.rows.append(row)
            }
        }
        return table
    }

    func convergenceTable(_ results: [(output: StudiedOutput, steps: [SensitivityResult])]) -> ResultTable {
        var table = SobolTables.convergence
        for (output, steps) in results {
            for (j, name) in names.enumerated() {
                for step in steps {
                    let found = step.rows[j]
                    var row: NamedValues = [
                        "quantity": .text(output.name), "parameter": .text(name), "samples": .integer(found.used),
                        "failed": .integer(found.failed), "status": .text(found.status),
                    ]
                    for (measure, estimate) in zip(SensitivityMethod.sobol.measures, found.measures) {
                        row.add(measure.name, estimate)
                    }
                    table.rows.append(row)
                }
            }
        }
        return table
    }

    /// What there is to say of each outcome.
    func outcomesTable() throws -> ResultTable {
        var table = SobolTables.byOutcome
        let setup = study.setup
        let computed = StudiedOutput.all(setup.evaluator.quantities, varied: setup.names, rules: setup.rules)
        let indicators = computed.filter { $0.quantity == (setup.rules.dynamics == .role ? .regime : .outcome) }
        guard let place = indicators.first?.place else { return table }
        let codes = values[place].map { $0.isNaN ? OutcomeAnalysis.failed : UInt8($0) }
        let analysis = try OutcomeAnalysis(study.analysis, outcomeCount: indicators.count)
        let outcomes = try analysis.results(outcomes: codes, parameters: { parameters }, threads: threads)
        let base = parameters ?? study.design.baseColumns()
        for output in setup.outputs where output.word == nil {
            for (code, (indicator, outcome)) in zip(indicators, outcomes).enumerated() {
                let given = try analysis.conditional(
                    of: output.values(values), outcomes: codes, given: UInt8(code), parameters: base,
                    threads: threads)
                for j in names.indices {
                    table.rows.append(row(output, given, indicator, outcome, j))
                }
            }
        }
        return table
    }

    private func row(
        _ output: StudiedOutput, _ given: ConditionalResult, _ indicator: StudiedOutput, _ outcome: OutcomeResult,
        _ j: Int
    ) -> NamedValues {
        var row: NamedValues = [
            "quantity": .text(output.name), "parameter": .text(names[j]),
            "outcome": .text(indicator.word.map { indicator.quantity.words[$0] } ?? ""),
            "points": .integer(given.points), "failed": .integer(given.failed),
        ]
        row.add("probability", outcome.probability)
        if case .success(let indices) = outcome.indicator.indices {
            let known = indices.knowing(indicator)
            row.add("indicator_s1", known.first[j])
            row.add("indicator_st", known.total[j])
        }
        switch given.indices {
        case .success(let indices):
            // A parameter may decide the outcome, or whether there is a value.
            let known = indices.knowing(
                output,
                decides: zip(indicator.enters, zip(indicator.decidesValue, output.decidesValue)).map {
                    $0 || $1.0 || $1.1
                })
            row.add("s1", known.first[j])
            row.add("st", known.total[j])
            row["mean"] = .real(indices.mean)
            row["variance"] = .real(indices.variance)
            row["status"] = .text(known.total[j] == nil ? SobolTables.noTotal : PointQuantity.ok)
        case .failure(let reason): row["status"] = .text("\(reason)")
        }
        return row
    }
}
