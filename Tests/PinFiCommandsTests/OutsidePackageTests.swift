// pinfi as a library: an outside package that depends on it by path runs the README's example.
import Foundation
import Testing

@Suite struct OutsidePackageTests {
    @Test(.timeLimit(.minutes(15)))
    func readmeExampleRuns() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let start = try #require(readme.range(of: "```swift\n"))
        let end = try #require(readme.range(of: "```", range: start.upperBound..<readme.endIndex))
        let example = readme[start.upperBound..<end.lowerBound]

        let folder = try TestFolder()
        try FileManager.default.createDirectory(
            atPath: folder["Sources/outside"], withIntermediateDirectories: true)
        try folder.write(String(example), to: "Sources/outside/main.swift")
        // A package that is given by path is named after its folder.
        let name = root.lastPathComponent
        try folder.write(
            """
            // swift-tools-version: 6.1
            import PackageDescription
            let package = Package(
                name: "outside", dependencies: [.package(path: "\(root.path)")],
                targets: [
                    .executableTarget(
                        name: "outside", dependencies: [.product(name: "DissipativeMarket", package: "\(name)")])
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
    }
}
