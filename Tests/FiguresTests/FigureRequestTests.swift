// What is asked of a figure's axes, size and font: it is so, or it is refused with a reason.
import Testing

@testable import Figures

@Suite struct FigureRequestTests {
    private let axis = FigureAxis(.plain("x"), range: 0...2)

    private func sheet(_ figures: Figure..., size: FigureSheet.Size = .oneColumn) -> FigureSheet {
        FigureSheet(figures, size: size)
    }

    private func message(_ body: () throws -> FigureSheet) -> String {
        do { return "no error: \(try body())" } catch { return "\(error)" }
    }

    @Test func rangesAndScales() throws {
        let label = FigureLayer.text(.plain("t"), at: FigurePoint(0.1, 1))
        let asked = FigureRequest(x: .init(range: 0.5...1.5, isLogarithmic: true), y: .init(range: -1...3))
        let figure = try sheet(Figure(x: axis, y: axis, layers: [label], hasEqualScales: true)).honouring(asked)
            .figures[0]
        #expect(figure.x.range == 0.5...1.5)
        #expect(figure.x.scale == .logarithmic)
        #expect(figure.y.range == -1...3)
        #expect(figure.y.scale == .linear)
        #expect(figure.layers.isEmpty, "a text outside of the frame is not drawn")
        #expect(!figure.hasEqualScales)
    }

    /// A range is in the units of the data, whatever power of ten the axis shows.
    @Test func unitsOfTheData() throws {
        let figure = Figure(x: FigureAxis(.plain("x"), range: 0...4e9), y: axis).scaled(x: 1e9, y: 1)
        let asked = FigureRequest(x: .init(range: 1e9...2e9))
        #expect(try sheet(figure).honouring(asked).figures[0].x.range == 1...2)
    }

    @Test func refusals() {
        let plain = Figure(x: axis, y: axis)
        let log = FigureRequest(x: .init(isLogarithmic: true))
        #expect(
            message { try sheet(plain).honouring(log) }.contains(
                "--log-x: a logarithmic axis is above 0, and this one begins at 0; give --x-range"))
        let triangle = TernaryFrame(.plain("a"), .plain("b"), .plain("c")).figure([])
        #expect(
            message { try sheet(triangle).honouring(FigureRequest(y: .init(range: 0...1))) }.contains(
                "--y-range: this figure is a triangle"))
        let other = Figure(x: FigureAxis(.plain("z"), range: 0...2), y: axis)
        #expect(
            message { try sheet(plain, other).honouring(FigureRequest(x: .init(range: 0...1))) }.contains(
                "different x axes"))
        let chart = BarChart(series: [.init(.plain("s"), color: "#000000")], rows: [.init(.plain("r"), [.init(1)])])
            .figure(.plain("l"))
        #expect(message { try sheet(chart).honouring(FigureRequest(y: .init(range: 0...1))) }.contains("has names"))
        #expect(
            message { try sheet(chart).honouring(FigureRequest(x: .init(range: 0.1...1, isLogarithmic: true))) }
                .contains("bars of this figure begin at 0"))
        let dates = Figure(x: FigureAxis(.plain("t"), range: 0...1e9, numbers: .dates), y: axis)
        #expect(
            message { try sheet(dates).honouring(FigureRequest(x: .init(range: 1...2, isLogarithmic: true))) }.contains(
                "has dates"))
        #expect(
            message { try sheet(plain).honouring(FigureRequest(x: .init(range: 1...1.0000000001))) }.contains(
                "too narrow"))
    }

    @Test func sizes() throws {
        let plain = Figure(title: .plain("title"), x: axis, y: axis)
        for (width, height) in [(8.6, 4.0), (12, 9), (30, 20)] {
            let layout = FigureLayout(sheet(plain, plain, size: .init(width: width, height: height)))
            #expect(abs(layout.width - width) < 1e-9)
            #expect(abs(layout.height - height) < 1e-9 || height == 4, "\(layout.height)")
        }
        let small = message { try sheet(plain, plain, size: .init(width: 8.6, height: 4)).honouring(FigureRequest()) }
        #expect(small.contains("--plot-size leaves too little room"), "\(small)")
        #expect(
            message { try sheet(plain, size: .init(width: 3, height: 9)).honouring(FigureRequest()) }.contains(
                "needs at least"))
        #expect(try sheet(plain, size: .init(width: 12, height: 9)).honouring(FigureRequest()).figures == [plain])
    }

    /// A font of twice the size on half a sheet is the whole sheet magnified.
    @Test func fonts() throws {
        var small = sheet(Figure(x: axis, y: axis), size: .init(width: 8, height: 6))
        small.font = try #require(FigureFont(family: "Liberation Serif", size: 11.25))
        let script = GnuplotScript(small, format: .pdf).text
        #expect(script.contains("pdfcairo size 12cm,9cm enhanced font 'Liberation Serif,8.4375'"))
    }

    @Test func longTitlesAreWrapped() {
        let title = FigureText.plain(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen")
        let wrapped = sheet(Figure(title: title, x: axis, y: axis)).withWrappedText()
        let lines = wrapped.figures[0].title?.lines ?? []
        #expect(lines.count > 1)
        #expect(lines.joined(separator: " ") == title.lines[0])
        #expect(
            FigureText.plain("abcdefghij").wrapped(toWidth: 4.2 * FigureLayout.characterWidth)
                == .plain("abcd\nefgh\nij"))
        let own = FigureText.markup("{/:Italic x} long long long")
        #expect(own.wrapped(toWidth: 0.1) == .markup("{/:Italic x}\nlong\nlong\nlong"))
    }
}
