// Quantities over time as a figure: ranges, levels, and events whose labels do not touch.
import DissipativeMarket
import Figures
import Foundation
import Reporting
import Testing

@testable import DynamicsCommands

@Suite struct TimeSeriesFigureTests {
    private func figure(
        _ price: (Double) -> Double, times: [Double] = (0...100).map { Double($0) / 10 }
    ) throws -> TimeSeriesFigure {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        func points(_ value: (Double) -> Double) -> [FigurePoint] { times.map { FigurePoint($0, value($0)) } }
        return TimeSeriesFigure(frames: [
            .price([.init(points: points(price))], in: market, restPrice: 1.1852444979557),
            .shares(
                liquidityProviders: points { 0.5 - 0.1 * exp(-$0) }, sellers: points { _ in 0.5 },
                external: points { 0.1 * exp(-$0) }),
        ])
    }

    @Test func framesHaveOneTimeAxis() throws {
        let sheet = try figure { 1.2 + 0.8 * exp(-$0) }.sheet(size: .oneColumn)
        try #require(sheet.figures.count == 2 && sheet.sharesHorizontalAxis)
        #expect(sheet.figures.map(\.x.range) == [0...10, 0...10])
        #expect(sheet.figures[1].y.range == 0...1)
        // All of the path and the limits near it, but with no room wasted.
        let price = sheet.figures[0].y.range
        #expect(price.lowerBound < 1)
        #expect(price.lowerBound > 0.5)
        #expect(price.upperBound > 2)
        #expect(price.upperBound < 2.2)
        #expect(sheet.figures[0].legend.map(\.label) == [.plain("sharp rest price")])
        #expect(sheet.figures[1].legend.count == 3)
    }

    /// Levels that are far from a narrow path do not flatten it.
    @Test func levelsFarAwayAreLeftOut() throws {
        let range = try figure { 1.185 + 0.01 * sin($0) }.sheet(size: .oneColumn).figures[0].y.range
        #expect(range.lowerBound > 1.1)
        #expect(range.upperBound < 1.25)
        let flat = try figure { _ in 1.1852444979557 }.sheet(size: .oneColumn).figures[0].y.range
        #expect(flat.upperBound > flat.lowerBound)
        #expect(flat.contains(1.1852444979557))
    }

    @Test func anEscapeIsShownInPowersOfTen() throws {
        let axis = try figure { exp(-3 * $0) }.sheet(size: .oneColumn).figures[0].y
        #expect(axis.scale == .logarithmic)
        #expect(axis.range.lowerBound > 0)
        #expect(axis.range.lowerBound < exp(-30))
    }

    @Test func timeMayBeLogarithmicOrLong() throws {
        var log = try figure { 1 + exp(-$0) }
        log.timeIsLogarithmic = true
        #expect(log.sheet(size: .oneColumn).figures[0].x.range == 0.1...10)
        let long = try figure({ _ in 1 }, times: [0, 5e9, 1e10]).sheet(size: .oneColumn).figures[0]
        #expect(long.x.range == 0...1, "in units of 10¹⁰")
        #expect(long.x.label == .markup("time {/:Italic t}/{/:Italic T} (10^{10})"))
        // One time alone has an axis too, and a dot.
        let one = try figure({ _ in 1 }, times: [3]).sheet(size: .oneColumn).figures[0]
        #expect(one.x.range.contains(3))
        #expect(one.x.range.lowerBound < one.x.range.upperBound)
        guard case .dots = one.layers[0] else {
            Issue.record("\(one.layers)")
            return
        }
    }

    private func marks(_ events: [(Double, String)]) throws -> (marks: [FigureAxis.Mark], legend: [FigureLegendEntry]) {
        var figure = try figure { 1.2 + 0.8 * exp(-$0) }
        figure.events = events.map { TimeSeriesFigure.Event(time: $0.0, name: $0.1) }
        let sheet = figure.sheet(size: .oneColumn)
        // Lines through both frames, labels above the first one only.
        #expect(sheet.figures[1].x.marks.map(\.value) == sheet.figures[0].x.marks.map(\.value))
        #expect(sheet.figures[1].x.marks.allSatisfy { $0.label == nil && $0.guide != nil })
        let width = FigureLayout(sheet).frameSize.width
        #expect(sheet.figures[0].x.lineCountOfMarks(width: width) <= 3)
        // The first entry is that of the rest price.
        return (sheet.figures[0].x.marks, Array(sheet.figures[0].legend.dropFirst()))
    }

    @Test func eventsHaveTheirNamesWhereTheyFit() throws {
        let found = try marks([(5, "sliding-start"), (0.4, "genuine-buyers-start"), (11, "beyond")])
        #expect(found.marks.map(\.label) == [.plain("genuine buyers start"), .plain("sliding start")])
        #expect(found.legend.isEmpty)
    }

    @Test func orLettersThatTheLegendExplains() throws {
        let cycle = (1..<20).map { (Double($0) / 2, $0 % 2 == 0 ? "price-rises" : "price-falls") }
        let found = try marks(cycle)
        #expect(found.marks.count == 19)
        #expect(found.marks.allSatisfy { $0.guide != nil })
        let letters = found.marks.compactMap(\.label)
        #expect(letters.contains(.plain("a")))
        #expect(letters.contains(.plain("b")))
        #expect(letters.allSatisfy { $0 == .plain("a") || $0 == .plain("b") })
        #expect(found.legend.map(\.label) == [.plain("price falls (10 ×)"), .plain("price rises (9 ×)")])
    }

    @Test func manyEventsAreToldAndNotDrawn() throws {
        let found = try marks((0..<1000).map { (Double($0) / 100, "switch") } + [(5, "rest")])
        #expect(found.marks.count == 1)
        #expect(found.legend.map(\.label) == [.plain("switch (1000 ×)"), .plain("rest")])
    }

    @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
    func gnuplotDrawsThem() throws {
        for price: (Double) -> Double in [{ 1 + exp(-$0) }, { exp(-30 * $0) }, { _ in 0 }, { _ in 1e300 }] {
            var figure = try figure(price)
            figure.events = [.init(time: 1, name: "a"), .init(time: 1.01, name: "b `touch x`")]
            figure.title = "title"
            for size in [FigureSheet.Size.oneColumn, .twoColumn, .init(width: 12, height: 9)] {
                #expect(!(try Gnuplot().draw(figure.sheet(size: size), format: .svg)).isEmpty)
            }
        }
    }
}
