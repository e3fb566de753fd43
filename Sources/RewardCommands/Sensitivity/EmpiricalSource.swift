import CommandRun
import Foundation
import Reporting
import RewardStudies
import RoleDynamics

/// `FILE.csv:column` or `FILE.csv:column:time` of an empirical distribution: the values of a column, which count alike, or each
/// as long as it lasts.
struct EmpiricalSource {
    let path: String
    let column: String
    /// The column that says when a row begins, which lasts until the next one; nil where rows count alike.
    let time: String?

    /// How the rows are weighed, for a manifest.
    var weights: String { time == nil ? "rows" : "duration" }

    init(_ text: DistributionText) throws(DistributionError) {
        let argument = text.arguments.first ?? ""
        func split(_ text: String) -> (String, String)? {
            guard let colon = text.lastIndex(of: ":"), colon > text.startIndex, text.index(after: colon) < text.endIndex
            else { return nil }
            return (String(text[..<colon]), String(text[text.index(after: colon)...]))
        }
        guard let (front, last) = split(argument) else {
            throw .malformed(
                text:
                    "empirical(\(argument)), which is to be empirical(FILE.csv:column) or empirical(FILE.csv:column:time),"
            )
        }
        // A colon may be part of the file's name.
        if let (path, column) = split(front), !FileManager.default.fileExists(atPath: front) {
            (self.path, self.column, time) = (path, column, last)
        } else {
            (path, column, time) = (front, last, nil)
        }
    }

    /// The distribution of the column's values; a gap, a text or a value that the parameter cannot have is refused with its
    /// line and column, and so is a row without a time where rows are weighed by it.
    func read(for name: ParameterName, _ files: RunFiles) throws -> Distribution {
        let reader = try CSVReader(files.open("--vary \(name.short)=empirical(…)", path))
        let index = try index(of: column, in: reader)
        var times = try time.map { TimeColumn(index: try self.index(of: $0, in: reader)) }
        var values: [Double] = []
        var moments: [Int64] = []
        while let row = try reader.next() {
            guard let value = try row.real(at: index) else {
                throw row.fault(
                    at: index, problem: "an empirical distribution needs a number in every row; fill or remove the row")
            }
            guard name.allows(value) else {
                throw row.fault(at: index, problem: "\(name.short) (\(name.title)) must be \(name.allowed)")
            }
            values.append(value)
            if let moment = try times?.time(of: row) { moments.append(moment.nanoseconds) }
        }
        do throws(DistributionError) {
            guard time != nil, let order = try? TimeOrder(moments) else { return try .empirical(values) }
            return try .empirical(order.places.map { values[$0] }, weights: order.durations.map { Double($0) })
        } catch {
            throw CommandFailure(
                .badData,
                "\(reader.name), column \(shownInMessage(column)): \(error)"
                    + (time == nil
                        ? "." : " that last any time: a row lasts until the next one, and the last one does not."))
        }
    }

    private func index(of column: String, in reader: CSVReader) throws -> Int {
        if let index = reader.header.firstIndex(of: column) { return index }
        let nearest = nearestName(to: column, among: reader.header).map { "did you mean \($0)? " } ?? ""
        throw CommandFailure(
            .badData,
            "\(reader.name), line 1: there is no column \(shownInMessage(column)); \(nearest)its columns are "
                + reader.header.prefix(20).map { String(shownInMessage($0).dropFirst().dropLast()) }
                .joined(separator: ", ") + ".")
    }
}
