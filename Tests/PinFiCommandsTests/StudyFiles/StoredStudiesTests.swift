// The studies that the repository keeps, against what it keeps of them.
import Foundation
import Testing

@Suite struct StoredStudiesTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private func verify(_ study: String, _ baseline: String, within seconds: Double) throws {
        let folder = try TestFolder()
        let program = try folder.start([
            "study", "verify", "\(Self.root)/\(study)", "--against", "\(Self.root)/\(baseline)", "-o", "/dev/null",
        ])
        let ended = program.finish(within: seconds)
        #expect(ended.status == 0, "\(ended.errors)")
    }

    @Test func publishedFigure() throws { try verify("notebooks-data/study.yaml", "notebooks-data", within: 60) }

    @Test func rewardSensitivity() throws {
        try verify("papers/reward-sensitivity/study.yaml", "notebooks-data/reward-sensitivity", within: 600)
    }

    @Test(
        .enabled(
            if: (try? RunningProgram("/usr/bin/env", ["gnuplot", "--version"], in: "/").finish().status) == 0,
            "needs gnuplot"))
    func marketInMotion() throws {
        try verify("papers/market-in-motion/study.yaml", "papers/market-in-motion/baseline", within: 120)
    }

    /// The others are whole, as far as that can be seen without computing; one needs data that is not here.
    @Test func theirFilesAreStudies() throws {
        let folder = try TestFolder()
        let phases = try folder.pinfi(["study", "list", "\(Self.root)/papers/phase-space/study.yaml"])
        #expect(phases.status == 0 || phases.status == 69, "\(phases.errors)")
        let spot = try folder.pinfi(["study", "list", "\(Self.root)/papers/gpu-spot-calibration/study.yaml"])
        #expect([0, 66, 69].contains(spot.status), "\(spot.errors)")
        let files = try folder.pinfi(["study", "list", "\(Self.root)/papers/price-files/study.yaml"])
        #expect([0, 66].contains(files.status), "\(files.errors)")
    }
}
