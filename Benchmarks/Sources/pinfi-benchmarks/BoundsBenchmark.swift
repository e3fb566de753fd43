import Foundation

/// `pinfi bounds` on one market as a whole process, from the spawn to the exit. In turn with it runs `true`, a process
/// that does nothing, as the floor.
struct BoundsBenchmark {
    static let runs = 21
    private let pinfi: TimedProgram

    /// - Parameter path: nil for the executable that was built next to this one.
    init(executable path: String?) throws {
        pinfi = try .pinfi(
            path,
            [
                "bounds", "--beta", "0.7", "--p", "0.2", "--theta", "1.5", "--delta", "1.6", "--alpha", "2", "--format",
                "json",
            ])
    }

    func rows() throws -> [BenchmarkRow] {
        let floor = ["/bin/true", "/usr/bin/true"].first { FileManager.default.isExecutableFile(atPath: $0) }
        let costs = try PairedCosts(pairs: Self.runs) {
            try pinfi.run().cost
        } peer: {
            try floor.map { floor in try TimedProgram(executable: floor, arguments: []).run().cost }
        }
        return [BenchmarkRow("bounds-process", threads: 1, costs: costs, peer: "true, a process that does nothing")]
    }
}
