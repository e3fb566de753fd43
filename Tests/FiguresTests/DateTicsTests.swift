// Dates along an axis.
import Foundation
import TestSupport
import Testing

@testable import Figures

@Suite struct DateTicsTests {
    struct Row: CustomTestStringConvertible {
        let from: String
        let to: String
        let labels: [String]
        var testDescription: String { "\(from) to \(to)" }
    }

    private func seconds(_ text: String) throws -> Double {
        try Date(text, strategy: .iso8601).timeIntervalSince1970
    }

    /// Along 6 cm; a second line stands where its day or year begins to hold.
    @Test(arguments: [
        Row(
            from: "2024-02-27T10:00:00Z", to: "2024-02-27T10:00:30Z",
            labels: ["10:00:00|2024-02-27", "10:00:10", "10:00:20", "10:00:30"]),
        // The second line of 22:00 would touch the next one.
        Row(
            from: "2024-02-27T20:30:00Z", to: "2024-02-28T07:00:00Z",
            labels: ["22:00", "00:00|2024-02-28", "02:00", "04:00", "06:00"]),
        // The 29th stands beside the 1st.
        Row(
            from: "2024-02-26T12:00:00Z", to: "2024-03-06T00:00:00Z",
            labels: ["27 Feb|2024", "1 Mar", "3 Mar", "5 Mar"]),
        Row(
            from: "2023-12-31T00:00:00Z", to: "2024-01-04T12:00:00Z",
            labels: ["31 Dec|2023", "1 Jan|2024", "2 Jan", "3 Jan", "4 Jan"]),
        Row(
            from: "2023-09-20T00:00:00Z", to: "2024-03-05T00:00:00Z",
            labels: ["Oct|2023", "Nov", "Dec", "Jan|2024", "Feb", "Mar"]),
        Row(
            from: "2019-06-01T00:00:00Z", to: "2031-01-01T00:00:00Z",
            labels: ["2020", "2022", "2024", "2026", "2028", "2030"]),
    ])
    func labels(_ row: Row) throws {
        let tics = try #require(DateTics(seconds(row.from)...seconds(row.to), length: 6)).tics
        #expect(tics.map { $0.lines.joined(separator: "|") } == row.labels)
    }

    /// Whatever the range: tics are inside it, in order, far enough apart for their labels, and not a few only.
    @Test func ticsAreApart() throws {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<1000 {
            // From 10 seconds to about 300 years.
            let span = Foundation.exp(generator.uniform(Foundation.log(10)...Foundation.log(1e10)))
            let start = generator.uniform(-1e9...3e9)
            let length = generator.uniform(5...16)
            let tics = try #require(DateTics(start...start + span, length: length)?.tics, "\(start) \(span)")
            #expect(tics.count >= (length < 7 ? 1 : 2))
            #expect(Double(tics.count) <= length / 0.7 + 1)
            #expect(tics.allSatisfy { (start...start + span).contains($0.value) && $0.value == $0.value.rounded() })
            for (left, right) in zip(tics, tics.dropFirst()) {
                // In the widest font a character is 0.16 cm; real ones are narrower, hence the 5 %.
                let between = (right.value - left.value) / span * length
                let half =
                    (FigureLayout.textWidth(.plain(left.lines[0])) + FigureLayout.textWidth(.plain(right.lines[0]))) / 2
                #expect(between > 0.95 * half, "\(left) \(right) \(between)")
            }
            let second = tics.filter { $0.lines.count > 1 }
            for (left, right) in zip(second, second.dropFirst()) {
                #expect((right.value - left.value) / span * length > FigureLayout.textWidth(.plain(left.lines[1])))
            }
        }
    }

    @Test func rangesWithoutDates() {
        let most = Double.greatestFiniteMagnitude
        for range in [0...0.5, 5...5, -most...most, 0...1e15, -1e12...0] {
            #expect(DateTics(range, length: 6) == nil)
        }
        #expect(DateTics(0...1e9, length: 0) == nil)
    }

    @Test func scriptOfDates() {
        let axis = FigureAxis(.plain("time"), range: 1_709_000_000...1_709_086_400, numbers: .dates)
        let price = FigureAxis(.plain("price"), range: 0...1)
        let figure = Figure(x: axis, y: price)
        let sheet = FigureSheet([figure, figure], sharesHorizontalAxis: true)
        let lines = GnuplotScript(sheet, format: .svg).text.split(separator: "\n")
        let tics = lines.filter { $0.hasPrefix("set xtics (") }
        #expect(tics.count == 2)
        #expect(tics.first?.hasPrefix("set xtics (\"\" 17090") == true)
        #expect(tics.last?.contains("\"06:00\\n2024-02-27\" 1709013600") == true)
        // There is room for the second line.
        let plain = Figure(x: FigureAxis(.plain("time"), range: 0...1), y: price)
        #expect(FigureLayout(FigureSheet([figure])).height > FigureLayout(FigureSheet([plain])).height + 0.3)
        // Where dates do not help there are values; an axis of dates is not scaled.
        var short = figure
        short.x.range = 0...0.5
        #expect(!GnuplotScript(FigureSheet([short]), format: .svg).text.contains("set xtics ("))
        #expect(figure.scaled(x: 1e9, y: 10).x == axis)
        #expect(figure.scaled(x: 1e9, y: 10).y.range == 0...0.1)
    }
}
