// What a run may take of disk and memory.
import Foundation
import Testing

@Suite struct RunLimitsTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @Test(arguments: [
        "phase --b 0.7 --d 1.3 --x 0:2:301 --y 0:1:301", "sweep --b 0.7 --vary d=1:2:90601 --quantity gamma_max",
        "ensemble --b 0.7 --d 1.3 --y 0.79 --x0 1:2:90601 --until 1",
        "simulate --model sharp --b 0.7 --d 1.3 --y 0.79 --from x=2 --until 1 --every 0.00001",
    ])
    func theLimitOfFilesCounts(_ line: String) throws {
        for output in ["-o out.csv", "> out.csv"] {
            let run = try folder.bash("ulimit -f 100; pinfi \(line) \(output)")
            #expect(run.status == 64, "\(run.errors)")
            #expect(run.errors.contains("ulimit -f"), "\(run.errors)")
            #expect(run.errors.contains("102 kB"), "\(run.errors)")
            #expect(run.errors.contains(" rows of "), "\(run.errors)")
        }
        // A pipe has no size.
        let run = try folder.bash("ulimit -f 100; pinfi \(line) | head -1")
        #expect(run.errors == "")
    }

    @Test(arguments: [
        "sensitivity sobol --vary beta=uniform(0.6,0.8) --delta 1.6 --quantity gamma_max --samples 100000000",
        "sensitivity pawn --vary beta=uniform(0.6,0.8) --delta 1.6 --quantity gamma_max --samples 100000000",
        "calibrate robust --vary beta=uniform(0.6,0.8) --delta 1.6 --samples 100000000",
        "phase --dynamics role --b 0.7 --x y=0.5:1:100000000 --y d=1:1.1:2 --quantity x --via chebyshev -o /dev/null",
    ])
    func theLimitOfTheAddressSpaceCounts(_ line: String) throws {
        // 4 GB: enough to start, and less than any of these take.
        let run = try folder.bash(
            "ulimit -v 4000000; pinfi \(line.replacing("(", with: "\\(").replacing(")", with: "\\)"))")
        #expect(run.status == 64, "\(run.errors)")
        #expect(run.errors.contains("ulimit -v"), "\(run.errors)")
        #expect(run.errors.contains("GB"), "\(run.errors)")
    }
}
