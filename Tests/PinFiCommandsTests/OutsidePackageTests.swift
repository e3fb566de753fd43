// pinfi as a library: an outside package that depends on it by path runs the README's examples.
import Foundation
import Testing

@Suite struct OutsidePackageTests {
    @Test(.timeLimit(.minutes(15)))
    func readmeExamplesRun() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let examples = readme.split(separator: "```swift\n").dropFirst().compactMap { $0.split(separator: "```").first }
        let program = try #require(examples.first { !$0.contains("import Testing") })
        let expectation = try #require(examples.first { $0.contains("import Testing") })

        let folder = try TestFolder()
        for target in ["Sources/outside", "Tests/OutsideTests"] {
            try FileManager.default.createDirectory(atPath: folder[target], withIntermediateDirectories: true)
        }
        try folder.write(String(program), to: "Sources/outside/main.swift")
        try folder.write(String(expectation), to: "Tests/OutsideTests/OutsideTests.swift")
        // A package that is given by path is named after its folder.
        let name = root.lastPathComponent
        func products(_ names: [String]) -> String {
            names.map { ".product(name: \"\($0)\", package: \"\(name)\")" }.joined(separator: ", ")
        }
        try folder.write(
            """
            // swift-tools-version: 6.1
            import PackageDescription
            let package = Package(
                name: "outside", dependencies: [.package(path: "\(root.path)")],
                targets: [
                    .executableTarget(name: "outside", dependencies: [\(products(["DissipativeMarket"]))]),
                    .testTarget(
                        name: "OutsideTests",
                        dependencies: [\(products(["DissipativeMarket", "Reporting", "TableExpectations"]))]),
                ])
            """, to: "Package.swift")
        let build = "swift run --quiet 2>build.log || { cat build.log >&2; exit 1; }"
        let ended = try RunningProgram("/bin/bash", ["-c", build], in: folder.path).finish(within: 800)
        #expect(ended.status == 0, "\(ended.errors)\(ended.output)")
        let lines = ended.output.split(separator: "\n")
        #expect(lines.count == 3)
        // γ_max = S(1.6) with c = 1: 0.6/ln 1.6 − 0.3.
        #expect(lines.first?.hasPrefix("γ from 0.7 to 0.976585") == true, "\(ended.output)")
        #expect(lines.dropFirst().first?.hasPrefix("balanced 1.2064542991630") == true, "\(ended.output)")
        #expect(lines.last?.contains("region aG") == true, "\(ended.output)")

        // The same formula for what the example's test expects; then a digit that is wrong.
        func test(_ upper: Double) throws -> Ended {
            try folder.write("delta,gamma_max\n1.3,\(0.3 / log(1.3) - 0.3)\n1.6,\(upper)\n", to: "expected.csv")
            return try RunningProgram("/bin/bash", ["-c", "swift test 2>&1"], in: folder.path).finish(within: 800)
        }
        let passed = try test(0.6 / log(1.6) - 0.3)
        #expect(passed.status == 0, "\(passed.output)")
        let failed = try test(0.9)
        #expect(failed.status == 1)
        #expect(failed.output.contains("OutsideTests.swift:15:"), "\(failed.output)")
        #expect(failed.output.contains("gamma_max at delta=1.6"), "\(failed.output)")
    }
}
