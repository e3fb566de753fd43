import DissipativeMarket
import Reporting
import RewardStudies

/// A Sobol study: the design, its outputs, and the tables of what follows from them.
struct SobolStudy {
    let setup: StudySetup
    let design: SaltelliDesign
    let analysis: SobolAnalysis
    let outputs: [StudiedOutput]

    /// An output with its indices.
    struct OutputResult {
        let output: StudiedOutput
        let result: SobolResult
    }

    /// - Throws: `CommandFailure` for more samples than memory holds.
    init(
        setup: StudySetup, distributions: [Distribution], samples: Int, secondOrder: Bool, seed: UInt64,
        method: SamplingMethod, estimator: FirstOrderEstimator, bootstrap: Bootstrap
    ) throws {
        self.setup = setup
        outputs = StudiedOutput.all(setup.quantities)
        do throws(DesignError) {
            design = try SaltelliDesign(
                ParameterSpace(distributions), samples: samples, secondOrder: secondOrder, seed: seed,
                method: method)
        } catch {
            throw CommandFailure(.usage, "--samples and --vary: \(error).")
        }
        // The outputs of all quantities, an indicator's copy of one, and the sums of one analysis at a time.
        let (d, blocks) = (Double(distributions.count), Double(design.layout.blocks))
        let perSample =
            blocks * Double(setup.evaluator.quantities.count + 1) + 3 + 4 * d
            + (secondOrder ? d * (d - 1) / 2 : 0)
        try RunLimits.checkMemory(
            values: perSample * Double(samples), for: "--samples \(samples) with \(distributions.count) parameters")
        do throws(AnalysisError) {
            analysis = try SobolAnalysis(design.layout, estimator: estimator, bootstrap: bootstrap)
        } catch {
            throw CommandFailure(.usage, "--samples: \(error).")
        }
    }

    private var names: [String] { setup.names.map(\.column) }

    private func depends(_ output: StudiedOutput, _ j: Int) -> Bool {
        setup.rules.does(output.quantity, dependOn: setup.names[j])
    }

    func evaluate(threads: Int, tally: EvaluationTally) -> [[Double]] {
        design.evaluate(
            quantities: setup.evaluator.quantities.count, threads: threads,
            model: setup.evaluator.model { tally.add($0) })
    }

    func results(_ values: [[Double]], threads: Int) throws(AnalysisError) -> [OutputResult] {
        var results: [OutputResult] = []
        for output in outputs {
            results.append(
                OutputResult(
                    output: output, result: try analysis.indices(of: output.values(values), threads: threads)))
        }
        return results
    }

    /// The indices of N/2^k samples, from at least 16 on, for each output.
    func convergence(_ values: [[Double]], threads: Int) throws(AnalysisError) -> [[SobolResult]] {
        var results: [[SobolResult]] = []
        for output in outputs {
            results.append(try analysis.convergence(of: output.values(values), halvings: 32, threads: threads))
        }
        return results
    }

    // MARK: - Tables

    func indicesTable(_ results: [OutputResult]) -> ResultTable {
        var table = SobolTables.indices
        for result in results {
            for j in names.indices {
                var row: NamedValues = [
                    "quantity": .text(result.output.name), "parameter": .text(names[j]),
                    "samples": .integer(result.result.samples), "failed": .integer(result.result.failed),
                ]
                switch result.result.indices {
                case .success(let indices):
                    row.merge(SobolTables.cells(indices, j, depends: depends(result.output, j))) { $1 }
                    row["mean"] = .real(indices.mean)
                    row["variance"] = .real(indices.variance)
                    row["status"] = .text(PointQuantity.ok)
                case .failure(let reason): row["status"] = .text("\(reason)")
                }
                table.rows.append(row)
            }
        }
        return table
    }

    func pairsTable(_ results: [OutputResult]) -> ResultTable {
        var table = SobolTables.secondOrder
        for result in results {
            for j in names.indices {
                for k in names.indices.dropFirst(j + 1) {
                    var row: NamedValues = [
                        "quantity": .text(result.output.name), "parameter_1": .text(names[j]),
                        "parameter_2": .text(names[k]), "samples": .integer(result.result.samples),
                        "failed": .integer(result.result.failed),
                    ]
                    if case .success(let indices) = result.result.indices,
                        let pair = indices.second.first(where: { $0.j == j && $0.k == k })
                    {
                        let enters = depends(result.output, j) && depends(result.output, k)
                        row["s2"] = enters ? pair.estimate.valueCell : .real(0)
                        row["s2_conf"] =
                            enters ? pair.estimate.widthCell : pair.estimate.halfWidth == nil ? .missing : .real(0)
                    }
                    table.rows.append(row)
                }
            }
        }
        return table
    }

    func convergenceTable(_ steps: [[SobolResult]]) -> ResultTable {
        var table = SobolTables.convergence
        for (output, results) in zip(outputs, steps) {
            for j in names.indices {
                for result in results {
                    var row: NamedValues = [
                        "quantity": .text(output.name), "parameter": .text(names[j]),
                        "samples": .integer(result.samples), "failed": .integer(result.failed),
                    ]
                    if case .success(let indices) = result.indices {
                        row.merge(SobolTables.cells(indices, j, depends: depends(output, j))) { $1 }
                    }
                    table.rows.append(row)
                }
            }
        }
        return table
    }

    /// What there is to say of each outcome.
    func outcomesTable(_ values: [[Double]], threads: Int) throws -> ResultTable {
        var table = SobolTables.byOutcome
        let outcome: Quantity = setup.rules.dynamics == .role ? .regime : .outcome
        guard let place = setup.evaluator.quantities.firstIndex(of: outcome) else { return table }
        let words = outcome.words
        let codes = values[place].map { $0.isNaN ? OutcomeAnalysis.failed : UInt8($0) }
        let analysis = try OutcomeAnalysis(analysis, outcomeCount: words.count)
        let outcomes = try analysis.results(outcomes: codes, threads: threads)
        let layout = design.layout
        let (a, b) = (
            design.columns(0..<layout.samples),
            design.columns(layout.b * layout.samples..<(layout.b + 1) * layout.samples)
        )
        let parameters = zip(a, b).map { $0 + $1 }
        for output in outputs where output.word == nil {
            for (code, word) in words.enumerated() {
                let found = outcomes[code]
                let given = try analysis.conditional(
                    of: output.values(values), outcomes: codes, given: UInt8(code), parameters: parameters,
                    threads: threads)
                for j in names.indices {
                    var row: NamedValues = [
                        "quantity": .text(output.name), "outcome": .text(word), "parameter": .text(names[j]),
                        "points": .integer(given.points), "failed": .integer(given.failed),
                        "pairs": .integer(given.pairs[j]),
                    ]
                    if let probability = found.probability {
                        row["probability"] = probability.valueCell
                        row["probability_conf"] = probability.widthCell
                    }
                    if case .success(let indices) = found.indicator.indices {
                        let depends = setup.rules.does(outcome, dependOn: setup.names[j])
                        for (name, value) in SobolTables.cells(indices, j, depends: depends) {
                            row["indicator_\(name)"] = value
                        }
                    }
                    switch given.indices {
                    case .success(let indices):
                        row["s1"] = indices.first[j].valueCell
                        row["s1_conf"] = indices.first[j].widthCell
                        row["st"] = indices.total[j]?.valueCell ?? .missing
                        row["st_conf"] = indices.total[j]?.widthCell ?? .missing
                        row["mean"] = .real(indices.mean)
                        row["variance"] = .real(indices.variance)
                        row["status"] = .text(PointQuantity.ok)
                    case .failure(let reason): row["status"] = .text("\(reason)")
                    }
                    table.rows.append(row)
                }
            }
        }
        return table
    }
}
