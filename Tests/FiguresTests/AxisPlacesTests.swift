// Where values, numbers and the labels of marks lie along an axis.
import TestSupport
import Testing

@testable import Figures

@Suite struct AxisPlacesTests {
    @Test func scales() {
        let linear = FigureAxis(.plain(""), range: -1...3)
        #expect(linear.share(of: -1) == 0)
        #expect(linear.share(of: 3) == 1)
        #expect(linear.share(of: 0) == 0.25)
        let logarithmic = FigureAxis(.plain(""), range: 0.01...100, scale: .logarithmic)
        #expect(logarithmic.share(of: 0.01) == 0)
        #expect(logarithmic.share(of: 100) == 1)
        // Two decades of four; a logarithm and a quotient round by an ulp or two.
        #expect(abs(logarithmic.share(of: 1) - 0.5) < 1e-15)
        let widest = FigureAxis(
            .plain(""), range: Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude, scale: .logarithmic)
        for axis in [linear, logarithmic, widest] {
            for share in [0, 0.1, 0.5, 0.93, 1] {
                let value = axis.value(at: share)
                #expect(axis.range.contains(value))
                // A logarithm rounds by an ulp of up to 745, on a span of at least 9.2 where it is that of 100.
                #expect(abs(axis.share(of: value) - share) < 1e-15)
            }
        }
        #expect(logarithmic.share(of: 0) == -.infinity)
    }

    struct Numbers: CustomTestStringConvertible {
        let range: ClosedRange<Double>
        let vertical: Double?
        let horizontal: Double?
        var testDescription: String { "\(range)" }
    }

    /// On a vertical axis of 3 cm numbers are at least 0.4 cm apart; on a horizontal one of 6 cm at least 1 cm.
    @Test(arguments: [
        Numbers(range: 0...1, vertical: 0.2, horizontal: 0.2), Numbers(range: 0...10, vertical: 2, horizontal: 2),
        Numbers(range: 0...2, vertical: 0.5, horizontal: 0.5), Numbers(range: -7...7, vertical: 2, horizontal: 5),
        // 1.2e+09, seven characters of 0.16 cm, does not fit into 1.2 cm with a blank, nor 1.1848 into 1 cm.
        Numbers(range: 1e9...2e9, vertical: 2e8, horizontal: 5e8),
        Numbers(range: 1.1848...1.1860, vertical: 2e-4, horizontal: 5e-4),
        // Doubles are too coarse for tics there.
        Numbers(range: 1...1.0000000000000004, vertical: nil, horizontal: nil),
        Numbers(range: 0...5e-324, vertical: nil, horizontal: nil),
        Numbers(range: -1.7976931348623157e308...1.7976931348623157e308, vertical: nil, horizontal: nil),
    ])
    func numbersAreApart(_ row: Numbers) {
        func isClose(_ found: Double?, _ expected: Double?) -> Bool {
            guard let found, let expected else { return found == nil && expected == nil }
            // A power of ten and a product, each rounded once.
            return abs(found - expected) <= 4 * expected.ulp
        }
        let axis = FigureAxis(.plain(""), range: row.range)
        let (vertical, horizontal) = (axis.verticalStep(length: 3), axis.horizontalStep(length: 6))
        #expect(isClose(vertical, row.vertical), "\(String(describing: vertical))")
        #expect(isClose(horizontal, row.horizontal), "\(String(describing: horizontal))")
        #expect(axis.numberWidth(length: 3) > 0 && axis.numberWidth(length: 3) < 2.5)
    }

    private func axis(_ generator: inout SeededGenerator, lines: ClosedRange<Double>) -> FigureAxis {
        let marks = (0..<Int(generator.uniform(1...12))).map { _ in
            let word = String(repeating: "m", count: Int(generator.uniform(1...20)))
            let text = Array(repeating: word, count: Int(generator.uniform(lines))).joined(separator: "\n")
            return FigureAxis.Mark(generator.uniform(-0.2...1.2), .plain(text))
        }
        return FigureAxis(.plain(""), range: 0...1, marks: marks + [FigureAxis.Mark(0.5, nil)])
    }

    @Test func horizontalLabelsDoNotTouch() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            let axis = axis(&generator, lines: 1...1)
            let width = generator.uniform(4...16)
            let marks = axis.labelledMarks
            let places = axis.markPlaces(width: width)
            try #require(places.count == marks.count)
            #expect(marks.count == axis.marks.count { (0...1).contains($0.value) && $0.label != nil })
            let boxes = zip(marks, places).map { mark, place in
                let half = FigureLayout.textWidth(mark.label) / 2
                return (line: place.line, left: place.centre - half, right: place.centre + half)
            }
            for (index, box) in boxes.enumerated() {
                #expect(box.left > -FigureLayout.left)
                #expect(box.right < width + FigureLayout.right)
                for other in boxes[..<index] where other.line == box.line {
                    #expect(box.left > other.right || other.left > box.right)
                }
                // At its value, unless an edge of the sheet is in the way.
                let value = axis.share(of: marks[index].value) * width
                if value > 1, value < width - 1 { #expect(places[index].centre == value) }
            }
            #expect(axis.lineCountOfMarks(width: width) == (places.map(\.line).max() ?? -1) + 1)
        }
    }

    @Test func verticalLabelsDoNotTouch() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<300 {
            let axis = axis(&generator, lines: 1...2.99)
            let height = 3.0
            let marks = axis.labelledMarks
            let centres = axis.markCentres(height: height)
            try #require(centres.count == marks.count)
            let heights = marks.map { Double($0.label.lines.count) * FigureLayout.line }
            for index in centres.indices.dropFirst() {
                let room = (heights[index] + heights[index - 1]) / 2
                // Sums of a few heights round.
                #expect(centres[index] - centres[index - 1] > room - 1e-12)
            }
            // The least squares keep the mean where it was.
            let values = marks.map { axis.share(of: $0.value) * height }
            #expect(abs(centres.reduce(0, +) - values.reduce(0, +)) < 1e-12)
        }
        // Those that are apart stay at their values.
        let apart = FigureAxis(
            .plain(""), range: 0...1, marks: [0, 0.5, 1].map { FigureAxis.Mark($0, .plain("a")) })
        #expect(apart.markCentres(height: 3) == [0, 1.5, 3])
    }
}
