import CommandRun
import Reporting
import RewardStudies

/// What a sensitivity command tells beside its table: of evaluations without a value, and of outputs without indices.
struct SensitivityReport {
    let setup: StudySetup
    let method: SensitivityMethod
    let common: CommonOptions

    /// What becomes of a quantity some of whose evaluations have no value.
    private var consequence: String {
        switch method {
        case .sobol:
            "Its indices are those given that there is a value, and parameters that decide whether there is one have no "
                + "total index; see their status."
        case .chaos:
            "A sum of polynomials takes a value at every point; 'pinfi sensitivity sobol' tells s1 given a value."
        case .pawn: "Its distances are those of the evaluations that have one."
        case .morris: "Effects with such an end are left out."
        }
    }

    func tell(_ results: [SensitivityResult], _ counts: EvaluationCounts) {
        for (place, quantity) in setup.quantities.enumerated() {
            let reasons = counts.phrases(place)
            guard !reasons.isEmpty else { continue }
            common.warn(
                "\(quantity.rawValue): evaluations without a value, of \(counts.points): "
                    + reasons.joined(separator: ", ") + ". " + consequence)
        }
        // Outputs of one reason together, in the order in which they come.
        var without: [(reason: String, names: [String])] = []
        for result in results {
            guard let reason = result.failure else { continue }
            if let same = without.firstIndex(where: { $0.reason == reason }) {
                without[same].names.append(result.output.name)
            } else {
                without.append((reason, [result.output.name]))
            }
        }
        for (reason, names) in without {
            common.warn("There are no indices of \(names.joined(separator: ", ")): \(reason).")
        }
        for name in setup.idle { common.note("None of the quantities depends on \(name.short): its indices are 0.") }
    }
}
