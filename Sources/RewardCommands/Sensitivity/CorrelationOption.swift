import CommandRun
import Foundation
import NumericalMethods
import Reporting
import RewardStudies
import RoleDynamics

/// The rank correlations between the varied parameters, read from `--correlation`.
struct CorrelationOption {
    private let names: [ParameterName]
    private var matrix: Matrix
    private var given: Set<Int> = []

    /// The correlations; nil where none are given.
    ///
    /// - Throws: `CommandFailure` and `InputError` that say what is wrong, where and what is allowed.
    static func read(_ texts: [String], between names: [ParameterName], _ files: RunFiles) throws -> RankCorrelation? {
        guard !texts.isEmpty else { return nil }
        var option = CorrelationOption(names: names, matrix: .identity(names.count))
        for text in texts { try option.add(text, files) }
        do throws(DesignError) { return try RankCorrelation(option.matrix) } catch {
            switch error {
            case .notPositiveDefinite(let eigenvalue, let count, let parameter, let ofNormals):
                throw CommandFailure(
                    .usage,
                    "--correlation: the \(ofNormals ? "correlation matrix of the normal variables" : "rank-correlation matrix")"
                        + " is not positive definite: eigenvalue 1 of \(count), the smallest, is "
                        + "\(formatRounded(eigenvalue)), with the largest share of \(names[parameter].short); allowed: "
                        + "eigenvalues greater than 0. Bring the correlations nearer to 0.")
            case .correlation(let row, let column, let value, let allowed):
                throw CommandFailure(
                    .usage,
                    "--correlation: the rank correlation of \(names[row].short) and \(names[column].short) is "
                        + "\(formatShortest(value)); allowed: \(allowed).")
            default: throw CommandFailure(.usage, "--correlation: \(error).")
            }
        }
    }

    private init(names: [ParameterName], matrix: Matrix) {
        self.names = names
        self.matrix = matrix
    }

    private mutating func add(_ text: String, _ files: RunFiles) throws {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let pair = halves[0].split(separator: ",", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard halves.count == 2, pair.count == 2 else {
            if halves.count == 1 { return try addFile(text, files) }
            throw CommandFailure(
                .usage, "--correlation \(text): allowed: NAME,NAME=ρ, beta,gamma=0.5 for example, or FILE.csv.")
        }
        let places = try pair.map { name in
            guard let place = place(of: name) else {
                throw CommandFailure(
                    .usage,
                    "--correlation \(text): \(shownInMessage(name)) is none of the varied parameters, "
                        + names.map(\.short).joined(separator: ", ") + ".")
            }
            return place
        }
        guard places[0] != places[1] else {
            throw CommandFailure(
                .usage, "--correlation \(text): the correlation of a parameter with itself is 1; give two of them.")
        }
        let allowed = "a number from −1 to 1"
        let value: Double
        do { value = try decimalNumber(halves[1], allowed: allowed) } catch {
            throw CommandFailure(.usage, "--correlation \(text): \(error).")
        }
        guard value >= -1, value <= 1 else {
            throw CommandFailure(.usage, "--correlation \(text): the correlation must be \(allowed).")
        }
        let (first, second) = (min(places[0], places[1]), max(places[0], places[1]))
        guard given.insert(first * names.count + second).inserted else {
            throw CommandFailure(.usage, "--correlation gives that of \(halves[0]) twice; keep one of them.")
        }
        matrix[places[0], places[1]] = value
        matrix[places[1], places[0]] = value
    }

    private func place(of name: String) -> Int? {
        ParameterName(rawValue: name).flatMap { names.firstIndex(of: $0) }
    }

    /// A matrix with names: `parameter,beta,p` and a row for each of them, in any order.
    private mutating func addFile(_ path: String, _ files: RunFiles) throws {
        let reader = try CSVReader(files.open("--correlation", path))
        func varied() -> String { names.map(\.short).joined(separator: ", ") }
        var columns: [Int: Int] = [:]
        for (index, name) in reader.header.enumerated().dropFirst() {
            guard let place = place(of: name) else {
                throw CommandFailure(
                    .badData,
                    "\(reader.name), line 1, column \(index + 1): \(shownInMessage(name)) is none of the varied "
                        + "parameters, \(varied()).")
            }
            columns[index] = place
        }
        guard !columns.isEmpty else {
            throw CommandFailure(
                .badData,
                "\(reader.name), line 1: a matrix of rank correlations has the names of parameters in its header and in "
                    + "its first column; found one column.")
        }
        var rows: Set<Int> = []
        while let row = try reader.next() {
            guard let place = place(of: row.text(at: 0)), columns.values.contains(place) else {
                throw row.fault(at: 0, problem: "a row begins with the name of one of the columns' parameters")
            }
            guard rows.insert(place).inserted else { throw row.fault(at: 0, problem: "there is a row of it already") }
            for (index, column) in columns.sorted(by: { $0.key < $1.key }) {
                guard let value = try row.real(at: index) else {
                    throw row.fault(at: index, problem: "a correlation is missing; allowed: a number from −1 to 1")
                }
                guard value >= -1, value <= 1 else {
                    throw row.fault(at: index, problem: "the correlation must be a number from −1 to 1")
                }
                guard place != column || value == 1 else {
                    throw row.fault(at: index, problem: "the correlation of a parameter with itself must be 1")
                }
                matrix[place, column] = value
            }
        }
        if let missing = columns.values.sorted().first(where: { !rows.contains($0) }) {
            throw CommandFailure(.badData, "\(reader.name): the row of \(names[missing].short) is missing.")
        }
    }
}
