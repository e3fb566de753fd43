// Bands, shaded spans, steps, horizontal bars.
import Foundation
import TestSupport
import Testing

@testable import Figures

@Suite struct SpansBandsBarsTests {
    private static let axis = FigureAxis(.plain("x"), range: 0...1)

    private func script(_ layers: [FigureLayer], x: FigureAxis = axis) -> String {
        GnuplotScript(FigureSheet([Figure(x: x, y: Self.axis, layers: layers)]), format: .svg).text
    }

    // MARK: - Steps

    @Test func stepsHoldUntilTheNextPoint() {
        var curve = ThinnedCurve(along: Self.axis, holds: true)
        for point in [FigurePoint(0, 1), FigurePoint(0.5, 2), FigurePoint(0.7, 2), FigurePoint(1, 0)] {
            curve.append(point)
        }
        let expected = [(0.0, 1.0), (0.5, 1), (0.5, 2), (0.7, 2), (1, 2), (1, 0)].map { FigurePoint($0.0, $0.1) }
        #expect(curve.points == expected)
        // A million steps are few points, from the lowest to the highest value.
        var many = ThinnedCurve(along: Self.axis, columns: 100, holds: true)
        for step in 0..<100_000 { many.append(FigurePoint(Double(step) / 100_000, Double(step * 37 % 101))) }
        #expect(many.points.count <= 4 * 101)
        #expect(many.points.map(\.y).min() == 0)
        #expect(many.points.map(\.y).max() == 100)
    }

    // MARK: - Bands

    private func thinnedBand(
        _ points: [FigureBandPoint], columns: Int = 4000, holds: Bool = false
    ) -> [FigureBandPoint] {
        var band = ThinnedBand(along: Self.axis, columns: columns, holds: holds)
        for point in points { band.append(point) }
        return band.points
    }

    private func text(_ points: [FigureBandPoint]) -> [String] { points.map { "\($0.x) \($0.low) \($0.high)" } }

    @Test func bandOfFewPoints() {
        let gap = FigureBandPoint(0.5, .nan, 1)
        let points = [FigureBandPoint(0, 1, 2), FigureBandPoint(0.25, 1, 3), gap, FigureBandPoint(0.75, 0, 1)]
        #expect(text(thinnedBand(points)) == ["0.0 1.0 2.0", "0.25 1.0 3.0", "0.5 nan nan", "0.75 0.0 1.0"])
        // In steps, which end where the gap begins.
        #expect(
            text(thinnedBand(points + [FigureBandPoint(1, 0, 1)], holds: true)) == [
                "0.0 1.0 2.0", "0.25 1.0 2.0", "0.25 1.0 3.0", "0.5 1.0 3.0", "0.5 nan nan", "0.75 0.0 1.0",
                "1.0 0.0 1.0",
            ])
        #expect(thinnedBand([]).isEmpty && thinnedBand([gap, FigureBandPoint(.nan, 1, 2)]).isEmpty)
    }

    /// Each column keeps its lowest and highest value, and not many points; gaps wider than a column stay.
    @Test(arguments: [true, false]) func bandOfManyPoints(_ holds: Bool) {
        var generator = SeededGenerator(seed: 8)
        var points: [FigureBandPoint] = []
        for index in 0..<50_000 {
            let low = generator.uniform(0...1)
            let isGap = index % 100 == 7 || (20_000..<22_000).contains(index)
            points.append(FigureBandPoint(Double(index) / 50_000, isGap ? .nan : low, low + generator.uniform(0...1)))
        }
        let kept = thinnedBand(points, columns: 50, holds: holds)
        #expect(kept.count <= 4 * 51)
        func ends(_ points: [FigureBandPoint]) -> [Int: (Double, Double)] {
            Dictionary(grouping: points.filter(\.isThere)) { Int($0.x * 50) }.mapValues { column in
                (column.map(\.low).min() ?? 0, column.map(\.high).max() ?? 0)
            }
        }
        let (all, some) = (ends(points), ends(kept))
        for (column, expected) in all {
            // A step lets the values before it into its column, at the edge alone.
            let shown = some[column] ?? (.nan, .nan)
            #expect(holds ? shown.0 <= expected.0 && shown.1 >= expected.1 : shown == expected)
        }
        #expect(kept.contains { !$0.isThere && abs($0.x - 0.4) < 0.02 })
        #expect(!kept.contains { $0.isThere && $0.x > 0.4001 && $0.x < 0.4399 })
    }

    @Test func scriptOfBands() {
        let points = [
            FigureBandPoint(0, 0, 1), FigureBandPoint(0.5, 0, 1), FigureBandPoint(0.6, .nan, .nan),
            FigureBandPoint(0.65, 0, 1), FigureBandPoint(0.65, .infinity, 1), FigureBandPoint(0.7, 0.5, 1),
            FigureBandPoint(1, 0.5, 1),
        ]
        let text = script([.band(points, color: "#123456", opacity: 0.5)])
        // The part of one point is left out.
        #expect(text.contains("$d1 << END\n0 0 1\n0.5 0 1\n\n0.7 0.5 1\n1 0.5 1\nEND"))
        #expect(text.contains("using 1:2:3 with filledcurves fc rgb '#123456' fs transparent solid 0.5 noborder"))
        #expect(script([.band(points, color: "#123456")]).contains("fs solid 1 noborder"))
        #expect(!script([.band([points[0]], color: "#123456")]).contains("filledcurves"))
    }

    // MARK: - Spans

    @Test func neighboursOfOneKindAreOne() {
        func span(_ from: Double, _ to: Double, _ kind: UInt8) -> FigureSpan {
            FigureSpan(from: from, to: to, kind: kind)
        }
        let spans = [
            span(-5, 0.1, 0), span(0.1, 0.2, 0), span(0.2, 0.3, 1), span(0.35, 0.4, 1), span(0.4, 0.4, 0),
            span(0.4, .nan, 0), span(0.5, 0.6, 2), span(0.9, .infinity, 1), span(2, 3, 1),
        ]
        let expected = [span(0, 0.2, 0), span(0.2, 0.3, 1), span(0.35, 0.4, 1), span(0.9, 1, 1)]
        #expect(thinned(spans, along: Self.axis, kinds: 2) == expected)
        #expect(thinned(spans, along: Self.axis, kinds: 0) == [])
    }

    /// A hundred thousand spans are at most as many as the picture's columns, and cover the same shares of it.
    @Test(arguments: [FigureAxis.Scale.linear, .logarithmic]) func manySpansKeepTheirShares(_ scale: FigureAxis.Scale) {
        var generator = SeededGenerator(seed: 6)
        let axis = FigureAxis(.plain(""), range: 1...100, scale: scale)
        var spans: [FigureSpan] = []
        var place = 0.5
        // Long stretches in which one kind prevails, of short spans of every kind.
        while place < 110 {
            let usual = UInt8(Int(place) / 10 % 2)
            let kind = generator.uniform(0...1) < 0.9 ? usual : UInt8(generator.uniform(0...3.999))
            let next = place + generator.uniform(0.0005...0.0015)
            spans.append(FigureSpan(from: place, to: next, kind: kind))
            place = next
        }
        let shown = thinned(spans, along: axis, kinds: 3)
        #expect(spans.count > 100_000)
        #expect(shown.count <= 4000)
        for (left, right) in zip(shown, shown.dropFirst()) { #expect(left.to <= right.from) }
        for kind in 0..<2 {
            func length(_ spans: [FigureSpan]) -> Double {
                spans.filter { $0.kind == kind }.map { min($0.to, 100) - max($0.from, 1) }.filter { $0 > 0 }.reduce(
                    0, +)
            }
            // 90 % and a tenth of the rest; each column shows what prevails in it, so 1 of 10 is lost.
            #expect(abs(length(shown) / length(spans) - 1) < 0.12)
        }
        #expect(script([.spans(spans, colors: ["#000000", "#111111"])], x: axis).utf8.count < 300_000)
    }

    @Test func scriptOfSpans() {
        let spans = [FigureSpan(from: 0, to: 0.5, kind: 1), FigureSpan(from: 0.5, to: 1, kind: 0)]
        let text = script([.spans(spans, colors: ["#000001", "#000002", "#000003"])])
        #expect(text.contains("$d1 << END\n0.5 1\nEND"))
        #expect(text.contains("$d2 << END\n0 0.5\nEND"))
        #expect(text.contains("$d2 using 1:(0.5):1:2:(0):(1) axes x1y2 with boxxyerror fc rgb '#000002'"))
        #expect(text.contains("set y2range [0:1]"))
        #expect(!text.contains("#000003"))
    }

    // MARK: - Bars

    private let chart = BarChart(
        series: [.init(.plain("first"), color: "#000001"), .init(.plain("total"), color: "#000002")],
        rows: [
            .init(.plain("`a`\n'b'"), [.init(0.5, interval: 0.25...0.75), nil]),
            .init(.plain("c"), [.init(.nan), .init(1)]),
            .init(.plain("d"), []),
        ])

    @Test func scriptOfBars() {
        let text = GnuplotScript(FigureSheet([chart.figure(.plain("index"))]), format: .svg).text
        // From the top: three rows at 2, 1 and 0, each with two lanes of 0.4.
        #expect(text.contains("$d1 << END\n0 0.5 2 2.4\nEND"))
        #expect(text.contains("$d2 << END\n0.5 2.2 0.25 0.75\nEND"))
        #expect(text.contains("$d3 << END\n0 1 0.6 1\nEND"))
        #expect(text.contains("using 1:3:1:2:3:4 with boxxyerror fc rgb '#000001'"))
        #expect(text.contains("using 1:2:3:4 with xerrorbars"))
        #expect(text.contains("set ytics ('' 0, '' 1, '' 2)"))
        #expect(text.split(separator: "\n").count { $0.contains("`a`") } == 1)
        #expect(chart.range == 0...1.05)
        let none = BarChart(series: [], rows: [])
        #expect(none.range == -0.5...0.5)
        #expect(!script(none.figure(.plain("")).layers).isEmpty)
    }

    @Test func barsOfATornado() {
        var tornado = chart
        (tornado.arrangement, tornado.base) = (.opposed, 0.75)
        tornado.rows = [.init(.plain("a"), [.init(0.5), .init(1)])]
        let figure = tornado.figure(.plain("price"), baseLabel: .plain("base"))
        #expect(
            figure.layers == [
                .bars([FigureBar(y: 0, thickness: 0.8, from: 0.75, to: 0.5)], color: "#000001"),
                .bars([FigureBar(y: 0, thickness: 0.8, from: 0.75, to: 1)], color: "#000002"),
            ])
        #expect(figure.x.marks.first?.value == 0.75)
        #expect(figure.x.range == 0.475...1.025)
        let text = GnuplotScript(FigureSheet([figure]), format: .svg).text
        #expect(text.contains("$d1 << END\n0.5 0.75 -0.4 0.4\nEND"))
        let scaled = figure.scaled(x: 0.5, y: 100)
        #expect(scaled.layers[0] == .bars([FigureBar(y: 0, thickness: 0.8, from: 1.5, to: 1)], color: "#000001"))
    }

    /// Names have their room, at most half of the sheet; longer ones are cut; many of them make the frame higher.
    @Test func namesHaveRoom() {
        func layout(_ names: [String]) -> FigureLayout {
            let rows = names.map { BarChart.Row(.plain($0), [.init(1)]) }
            let chart = BarChart(series: chart.series, rows: rows)
            return FigureLayout(FigureSheet([chart.figure(.plain("index"))]))
        }
        let (short, long) = (layout(["a"]), layout([String(repeating: "m", count: 15)]))
        let endless = layout([String(repeating: "m", count: 200)])
        #expect(short.frameSize.width > long.frameSize.width && long.frameSize.width > endless.frameSize.width)
        #expect(endless.frameSize.width > 2.8)
        for layout in [short, long, endless] {
            #expect(layout.frame(0).left - layout.names.distance - layout.names.width > 0.05)
            #expect(layout.frame(0).right + 0.9 < layout.width)
        }
        #expect(long.names.width >= FigureLayout.textWidth(.plain(String(repeating: "m", count: 15))) - 1e-12)
        let cut = FigureText.plain(String(repeating: "m", count: 200)).cut(toWidth: endless.names.width)
        #expect(FigureLayout.textWidth(cut) <= endless.names.width)
        #expect(cut.lines[0].hasSuffix("m…"))
        #expect(FigureText.plain("abc").cut(toWidth: 5) == .plain("abc"))
        #expect(FigureText.plain("abc").cut(toWidth: 0) == .plain("…"))
        let many = layout((0..<40).map { "\($0)" })
        #expect(many.frameSize.height / 40 >= FigureLayout.line)
        #expect(layout((0..<4000).map { "\($0)" }).height < 70)
    }

    @Test func scaledLayers() {
        let layers: [FigureLayer] = [
            .band([FigureBandPoint(10, 100, 200)], color: "#000000", opacity: 0.5),
            .spans([FigureSpan(from: 10, to: 20, kind: 3)], colors: ["#000000"]),
            .bars([FigureBar(y: 100, thickness: 50, from: 10, to: 20, interval: 20...30)], color: "#000000"),
        ]
        let figure = Figure(x: Self.axis, y: Self.axis, layers: layers).scaled(x: 10, y: 100)
        #expect(
            figure.layers == [
                .band([FigureBandPoint(1, 1, 2)], color: "#000000", opacity: 0.5),
                .spans([FigureSpan(from: 1, to: 2, kind: 3)], colors: ["#000000"]),
                .bars([FigureBar(y: 1, thickness: 0.5, from: 1, to: 2, interval: 2...3)], color: "#000000"),
            ])
    }

    @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"), arguments: FigureFormat.allCases)
    func gnuplotDrawsThem(format: FigureFormat) throws {
        let time = FigureAxis(.plain("time"), range: 1.7e9...1.71e9, numbers: .dates)
        let figure = Figure(
            x: time, y: FigureAxis(.plain("y"), range: 0.1...1, scale: .logarithmic),
            layers: [
                .spans([FigureSpan(from: 0, to: 1.701e9, kind: 0)], colors: ["#FF0000"]),
                .band(
                    [FigureBandPoint(1.7e9, 0.2, 0.4), FigureBandPoint(1.71e9, 0.3, 0.4)], color: "#00FF00",
                    opacity: 0.5),
            ])
        let sheet = FigureSheet([figure, chart.figure(.plain("index")), figure], columns: 2, size: .twoColumn)
        let picture = try Gnuplot().draw(sheet, format: format)
        #expect(picture.count > 1000)
        if format == .svg { #expect(String(decoding: picture, as: UTF8.self).contains("`a`")) }
    }
}
