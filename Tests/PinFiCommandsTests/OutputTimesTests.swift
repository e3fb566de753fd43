// The times of rows: --until with --every, or --times.
import ArgumentParser
import CommandRun
import Foundation
import TestSupport
import Testing

@testable import DynamicsCommands

@Suite struct OutputTimesTests {
    private func all(_ times: OutputTimes) -> [Double] { (0..<times.count).map { times[$0] } }

    static let steps: [(step: Double, end: Double, times: [Double])] = [
        (0.25, 1, [0, 0.25, 0.5, 0.75, 1]), (0.5, 0.5, [0, 0.5]), (0.4, 1, [0, 0.4, 0.8, 1]), (2, 3.5, [0, 2, 3.5]),
        // Decimals, where three times 0.1 would be 0.30000000000000004.
        (0.1, 0.7, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]), (1e-9, 3e-9, [0, 1e-9, 2e-9, 3e-9]),
        // 49 · (1/49) is below 1 by an ulp, and no row of its own.
        (1.0 / 49, 1, (0...49).map { Double($0) / 49 }),
        // The smallest numbers, and the largest.
        (1e-322, 2.5e-322, [0, 1e-322, 2e-322, 2.5e-322]), (1e308, 1.5e308, [0, 1e308, 1.5e308]),
    ]

    @Test(arguments: steps)
    func multiplesAndTheEnd(step: Double, end: Double, expected: [Double]) throws {
        let times = try #require(OutputTimes(every: step, until: end))
        let found = all(times)
        try #require(found.count == expected.count)
        for (a, b) in zip(found, expected) {
            // 1/49 is no decimal: its multiples are rounded once more than the quotients.
            #expect(step == 1.0 / 49 ? abs(a - b) <= b.ulp : a == b)
        }
        #expect(times.end == end)
    }

    /// Increasing, from 0 to the end exactly, no gap but the last larger than the step, and each the multiple to rounding.
    @Test func anyStepAndEnd() throws {
        var generator = SeededGenerator(seed: 12)
        for round in 0..<2000 {
            var (step, end) = (pow(10, generator.uniform(-4...4)), pow(10, generator.uniform(-1...4)))
            if round % 2 == 0 {
                // As people write them.
                (step, end) = ((step * 1000).rounded(.up) / 1000, (end * 100).rounded(.up) / 100)
            }
            guard end / step < 3000, end >= step else { continue }
            let found = all(try #require(OutputTimes(every: step, until: end)))
            #expect(found.first == 0)
            #expect(found.last == end)
            for (index, time) in found.enumerated().dropLast() {
                // The decimal and the product of doubles are one up to the rounding of the step and of both.
                #expect(abs(time - Double(index) * step) <= 2 * time.ulp, "\(step) \(end)")
                #expect(time < found[index + 1], "\(step) \(end)")
            }
            #expect(end - found[found.count - 2] > step * 1e-13 && end - found[found.count - 2] <= step * (1 + 1e-9))
        }
    }

    @Test func aTrillionTrillionRowsAreCountedWithoutATrap() throws {
        #expect(OutputTimes.count(every: 1e-9, until: 1e9) == 1e18)
        let times = try #require(OutputTimes(every: 1e-9, until: 1e9))
        #expect(times.count == 1_000_000_000_000_000_000)
        #expect(times[0] == 0)
        #expect(times[3] == 3e-9)
        #expect(times[times.count - 1] == 1e9)
        // Digits that no longer fit into 53 bits: the product then, to an ulp.
        #expect(abs(times[123_456_789_012_345_678] - 123_456_789.012345678) <= 2e-8)
        for (step, end) in [(1e-300, 1e300), (5e-324, 1.7e308), (1e-10, 1e10)] {
            #expect(OutputTimes.count(every: step, until: end) >= 1e20)
            #expect(OutputTimes(every: step, until: end) == nil)
        }
    }

    @Test func timesOfOnesOwn() {
        let times = OutputTimes([0.5, 1, 7])
        #expect(all(times) == [0.5, 1, 7])
        #expect(times.end == 7)
    }

    // MARK: - The options

    private struct Refused: Error { let message: String }

    private func resolved(_ line: String) throws -> OutputTimes {
        do {
            return try TimeOptions.parse(line.split(separator: " ").map { $0 == "''" ? "" : String($0) })
                .resolved(columns: 9, output: "/dev/null")
        } catch let failure as CommandFailure {
            #expect(failure.status == .usage)
            throw Refused(message: failure.description)
        } catch {
            throw Refused(message: TimeOptions.message(for: error))
        }
    }

    @Test func optionsGiveTimes() throws {
        #expect(all(try resolved("--until 1 --every 0.5")) == [0, 0.5, 1])
        #expect(all(try resolved("--times 0")) == [0])
        #expect(all(try resolved("--times 0,0.5,1e3")) == [0, 0.5, 1000])
    }

    @Test(arguments: [
        ("", ["--until", "--every", "--times"]), ("--until 5", ["--until", "--every"]), ("--every 5", ["--until"]),
        ("--until 5 --times 1,2", ["--until and --times"]), ("--every 5 --times 1,2", ["--every and --times"]),
        ("--until 5 --every 1 --times 1,2", ["--until and --times"]),
        ("--until -5 --every 1", ["--until", "-5", "greater than 0", "time runs forward"]),
        ("--until 0 --every 1", ["--until", "0", "--times 0"]),
        ("--until nan --every 1", ["--until", "nan", "decimal"]),
        ("--until inf --every 1", ["--until", "inf"]), ("--until 1e999 --every 1", ["1e999", "largest double"]),
        ("--until 5 --every 0", ["--every", "0", "greater than 0"]),
        ("--until 5 --every -1", ["--every", "-1", "greater than 0"]), ("--until 5 --every nan", ["--every", "nan"]),
        ("--until 5 --every 6", ["--every is 6", "--until, 5", "at most 5"]),
        ("--until 1e9 --every 1e-9", ["--until and --every", "1000000000000000000", "10000000000", "EB", "--every"]),
        ("--until 1e300 --every 1e-300", ["--until and --every", "1e308", "10000000000"]),
        ("--until 1e12 --every 1", ["1000000000001", "144 TB"]),
        ("--times 0,1,1", ["--times", "1 stands twice", "greater than the one before"]),
        ("--times 0,2,1", ["--times", "1 comes after 2"]), ("--times -1,2", ["--times", "-1", "forward"]),
        ("--times 1,,2", ["--times", "decimal"]), ("--times ''", ["--times", "decimal"]),
        ("--times 1,x", ["--times", "decimal"]),
    ])
    func refuses(_ line: String, _ fragments: [String]) {
        do {
            let times = try resolved(line)
            Issue.record("\(line) gives \(times.count) times")
        } catch {
            let message = (error as? Refused)?.message ?? "\(error)"
            for fragment in fragments { #expect(message.contains(fragment), "\(line): \(message)") }
        }
    }
}
