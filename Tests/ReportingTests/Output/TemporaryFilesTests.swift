import Foundation
import Parallelism
import TestSupport
import Testing

@testable import Reporting

@Suite struct TemporaryFilesTests {
    @Test func discardAllLeavesNothingAndEndsEverything() throws {
        let folder = try TestFolder()
        let temporaries = TemporaryFiles()
        let old = try folder.write("old", to: "kept")
        let first = try OutputDestination.open(old, temporaries: temporaries)
        let second = try OutputDestination.open(folder["new"], temporaries: temporaries)
        try first.write("new contents")
        #expect(folder.names.count == 3)
        temporaries.discardAll()
        #expect(folder.names == ["kept"])
        #expect(message { try first.commit() } == "Cannot write \(old): the run was interrupted.")
        #expect(message { try second.commit() } == "Cannot write \(folder["new"]): the run was interrupted.")
        #expect(
            message { _ = try OutputDestination.open(folder["later"], temporaries: temporaries) }
                == "Cannot write \(folder["later"]): the run was interrupted.")
        #expect(try folder.text("kept") == "old")
        #expect(folder.names == ["kept"])
    }

    @Test(arguments: 0..<10)
    func noFileSurvivesAnInterruptionAtAnyMoment(round: Int) throws {
        let folder = try TestFolder()
        let temporaries = TemporaryFiles()
        let path = folder.path
        forEachIndex(count: 4, threads: 4) { index in
            if index == 3 {
                usleep(UInt32(round * 300))
                temporaries.discardAll()
                return
            }
            for count in 0..<200 {
                guard let output = try? OutputDestination.open("\(path)/\(index)-\(count)", temporaries: temporaries)
                else {
                    return
                }
                try? output.write("x")
                if count % 2 == 0 { try? output.commit() } else { output.discard() }
            }
        }
        #expect(folder.names.filter { $0.hasSuffix(".tmp") } == [])
        for name in folder.names { #expect(try folder.text(name) == "x") }
    }

    @Test func longNamesFit() throws {
        let folder = try TestFolder()
        let name = String(repeating: "é", count: 127)
        let output = try OutputDestination.open(folder[name])
        #expect(folder.names.count == 1)
        try output.commit()
        #expect(folder.names == [name])
    }
}
