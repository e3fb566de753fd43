import DissipativeMarket
import Foundation
import RoleDynamics
import Testing

@testable import PopulationSimulation

/// Fermi imitation with frozen payoffs against EGTtools; papers/finite-markets/agreement makes its environment.
@Suite struct EGTtoolsAgreementTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let folder = root.appendingPathComponent("papers/finite-markets/agreement")

    /// Whether the package is there or could be installed, into a virtual environment of its own; looked for once.
    static let isThere: Bool = {
        let prepare = Process()
        prepare.executableURL = folder.appendingPathComponent("prepare")
        guard (try? prepare.run()) != nil else { return false }
        prepare.waitUntilExit()
        return prepare.terminationStatus == 0
    }()

    /// The stationary law by EGTtools: counts and probabilities.
    private static func law(_ arguments: [String]) throws -> [(counts: [Int], probability: Double)] {
        let process = Process()
        process.executableURL = root.appendingPathComponent(".build-egttools/bin/python3")
        process.arguments = [folder.appendingPathComponent("fermi_law.py").path] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try text.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            let numbers = try words.map { try #require(Double($0)) }
            return (numbers.prefix(3).map { Int($0) }, numbers[3])
        }
    }

    /// EGTtools draws the imitated holder from the others and we from all, so that ρ = (1 − μ)N/(N − 1); and its mutation goes
    /// to one of two roles, ours with μ/3 to each.
    @Test(
        .enabled(if: isThere, "EGTtools cannot be had: papers/finite-markets/agreement/prepare says why"),
        arguments: [(3, 0.1), (6, 0.3)])
    func fermi(_ holders: Int, _ mutation: Double) throws {
        let rate = (1 - mutation) * Double(holders) / Double(holders - 1)
        let game = try RoleGame.baseline(parameters: RevisionParameters(rationality: 20, revisionRate: rate))
        let population = try Population(
            game, revisionProtocol: .fermi, holders: holders, isPriceFrozen: true, mutation: 1.5 * mutation)
        let payoffs = game.payoffs(logPrice: log(1.2))
        let law = try Self.law(
            [
                "\(holders)", "20", "\(mutation)", "\(payoffs.liquidityProvider)", "\(payoffs.seller)",
                "\(payoffs.external)",
            ])
        // At t = 100, when e^{−1.5μt} is below 1e−6.
        let ensemble = try PopulationEnsemble(
            population, logPrice: log(1.2), shares: .example(), times: [100], method: .exact,
            runs: SampleSize.choose(20_000, full: 100_000), seed: 13)
        var counts = [Int](repeating: 0, count: law.count)
        for run in PopulationSolution(of: ensemble).runs {
            let end = run.counts(0, of: holders)
            if let state = law.firstIndex(where: { $0.counts == [end.liquidityProviders, end.sellers, end.external] }) {
                counts[state] += 1
            }
        }
        #expect(fits(counts, law.map(\.probability)))
    }
}
