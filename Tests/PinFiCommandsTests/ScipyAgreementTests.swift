// What scipy computes, against what pinfi does: the comparison of papers/market-in-motion/agreement.
import Foundation
import Testing

@Suite struct ScipyAgreementTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("papers/market-in-motion/agreement").path

    /// Whether scipy is there or could be installed, into a virtual environment of its own; looked for once.
    private static let hasScipy: Bool = {
        let prepare = try? RunningProgram(folder + "/prepare", [], in: folder)
        return prepare?.finish(within: 400).status == 0
    }()

    /// Paths, events, rest points, eigenvalues and critical lags; the script says which differ by more than is allowed, each
    /// with its reason, and has a status of 1 then.
    @Test(.enabled(if: hasScipy, "scipy cannot be had: papers/market-in-motion/agreement/prepare says why"))
    func agreesWithScipy() throws {
        let pinfi = try #require(PinFi.path, "there is no executable pinfi beside the tests")
        let output = try TestFolder()
        let run = try RunningProgram(
            Self.folder + "/run", ["--pinfi", pinfi, "--output", output["agreement.csv"]], in: output.path)
        let ended = run.finish(within: 300)
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        // All of the comparisons, none left out.
        #expect(try output.csv("agreement.csv")["agrees"].count > 500)
        #expect(Set(try output.csv("agreement.csv")["agrees"]) == ["true"])
    }
}
