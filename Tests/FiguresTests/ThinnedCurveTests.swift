// Curves of more points than a picture has dots.
import TestSupport
import Testing

@testable import Figures

@Suite struct ThinnedCurveTests {
    private func thinned(_ points: [FigurePoint], along axis: FigureAxis, columns: Int) -> [FigurePoint] {
        var curve = ThinnedCurve(along: axis, columns: columns)
        for point in points { curve.append(point) }
        return curve.points
    }

    @Test(arguments: [FigureAxis.Scale.linear, .logarithmic])
    func eachColumnKeepsItsEnds(_ scale: FigureAxis.Scale) throws {
        var generator = SeededGenerator(seed: 9)
        let axis = FigureAxis(.plain(""), range: 0.1...10, scale: scale)
        var y = 0.0
        let points = (0..<20_000).map { index -> FigurePoint in
            y += generator.uniform(-1...1)
            return FigurePoint(0.1 + 9.9 * Double(index) / 19_999, y)
        }
        let kept = thinned(points, along: axis, columns: 50)
        #expect(kept.count <= 4 * 51 && kept.count > 2 * 50)
        func columns(_ points: [FigurePoint]) -> [Int: [FigurePoint]] {
            Dictionary(grouping: points) { Int(axis.share(of: $0.x) * 50) }
        }
        let all = columns(points)
        let some = columns(kept)
        #expect(all.keys.count == some.keys.count)
        for (column, points) in all {
            let rest = try #require(some[column])
            #expect(rest.first == points.first)
            #expect(rest.last == points.last)
            #expect(rest.map(\.y).min() == points.map(\.y).min())
            #expect(rest.map(\.y).max() == points.map(\.y).max())
        }
        // A part of the points, in their order.
        var next = kept[...]
        for point in points where next.first == point { next.removeFirst() }
        #expect(next.isEmpty)
    }

    @Test func fewPointsAreKeptAsTheyAre() {
        let axis = FigureAxis(.plain(""), range: 0...1)
        let points = (0...100).map { FigurePoint(Double($0) / 100, Double($0 * 37 % 11)) }
        #expect(thinned(points, along: axis, columns: 4000) == points)
        #expect(thinned([], along: axis, columns: 10) == [])
        // At one time, as where a quantity jumps.
        let jump = [FigurePoint(0.5, 1), FigurePoint(0.5, 2)]
        #expect(thinned(jump, along: axis, columns: 1) == jump)
        #expect(thinned([jump[0], jump[0]], along: axis, columns: 0) == [jump[0], jump[0]])
    }

    @Test func whatIsNotFiniteIsLeftOut() {
        let axis = FigureAxis(.plain(""), range: 1...10, scale: .logarithmic)
        let odd = [FigurePoint(0, 1), FigurePoint(.nan, 1), FigurePoint(2, .infinity), FigurePoint(2, .nan)]
        #expect(thinned(odd + [FigurePoint(1e9, 2)], along: axis, columns: 10) == [odd[0], FigurePoint(1e9, 2)])
        // An axis without a length has one column.
        let flat = FigureAxis(.plain(""), range: 1...1)
        #expect(thinned([FigurePoint(1, 2), FigurePoint(1, 3)], along: flat, columns: 10).count == 2)
    }
}
