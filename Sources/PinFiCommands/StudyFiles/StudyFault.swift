import CommandRun
import Reporting

/// What is wrong at a place of a study file.
struct StudyFault: Equatable {
    let place: YAMLPlace
    /// What is wrong, what is allowed, what to do; without a full stop.
    let problem: String
}

/// Everything that is wrong with a study file, in its order, each fault once.
struct StudyFaults: Error, CustomStringConvertible {
    let file: String
    private(set) var faults: [StudyFault] = []

    init(file: String) { self.file = file }

    /// Whether nothing is wrong but that files to read are missing.
    private var isMissingInputAlone = true
    private var seen: Set<String> = []

    mutating func add(_ problem: String, at place: YAMLPlace, isMissingInput: Bool = false) {
        guard seen.insert("\(place.line):\(place.column):\(problem)").inserted else { return }
        faults.append(StudyFault(place: place, problem: problem))
        isMissingInputAlone = isMissingInputAlone && isMissingInput
    }

    /// Ends with 65 where something is wrong; with 66 where that is files to read which are not there.
    func refuse() throws {
        if !faults.isEmpty { throw CommandFailure(isMissingInputAlone ? .noInput : .badData, description) }
    }

    /// A line for each fault.
    var description: String {
        let lines = faults.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }.map { fault in
            BadData(
                file: file, line: fault.place.line, column: fault.place.column, problem: fault.problem,
                isRecoverable: false
            ).description
        }
        guard lines.count > 1 else { return lines.first ?? "" }
        return "\(file) has \(lines.count) faults; nothing was run.\n" + lines.joined(separator: "\n")
    }
}
