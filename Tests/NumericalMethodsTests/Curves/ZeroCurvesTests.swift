import Foundation
import NumericalMethods
import Testing

@Suite struct ZeroCurvesTests {
    private func radius(_ p: PlanePoint) -> Double { (p.x * p.x + p.y * p.y).squareRoot() }

    /// The unit circle: closed, every vertex on it to rounding, every chord within the tolerance (the sagitta is
    /// 1 − the middle's radius), and the length of the polygon short of 2π by less than what the tolerance allows.
    @Test(arguments: [1e-3, 1e-5, 1e-7]) func circle(_ tolerance: Double) throws {
        let found = try ZeroCurves(x: -2...2, y: -2...2, cells: 16, tolerance: tolerance) { p in
            p.x * p.x + p.y * p.y - 1
        }
        #expect(found.curves.count == 1)
        #expect(found.unresolved == 0)
        let curve = found.curves[0]
        #expect(curve.first == curve.last)
        for point in curve { #expect(abs(radius(point) - 1) < 4e-16 * 4) }
        var length = 0.0
        for (a, b) in zip(curve, curve.dropFirst()) {
            let sagitta = 1 - radius(PlanePoint((a.x + b.x) / 2, (a.y + b.y) / 2))
            // In shares of a side of 4.
            #expect(sagitta <= 4 * tolerance * 1.01)
            length += hypot(b.x - a.x, b.y - a.y)
        }
        #expect(length < 2 * .pi)
        #expect(length > 2 * .pi * (1 - 4 * tolerance * 1.4))
    }

    /// Both branches of a hyperbola, and the saddle of signs at its centre: never joined.
    @Test func hyperbola() throws {
        for shift in [1e-3, -1e-3] {
            let found = try ZeroCurves(x: -1...1, y: -1...1, cells: 7, tolerance: 1e-6) { $0.x * $0.y - shift }
            #expect(found.curves.count == 2)
            for curve in found.curves {
                #expect(Set(curve.map { $0.x > 0 }).count == 1)
                for point in curve { #expect(abs(point.x * point.y - shift) < 1e-18) }
            }
        }
    }

    /// A curve that lies on the lines of the grid, and a jump.
    @Test func alongTheGrid() throws {
        let line = try ZeroCurves(x: 0...1, y: 0...1, cells: 4) { $0.x - 0.5 }
        #expect(line.curves.count == 1)
        #expect(line.curves[0].allSatisfy { $0.x == 0.5 })
        #expect(Set(line.curves[0].map(\.y)).isSuperset(of: [0, 1]))
        let jump = try ZeroCurves(x: 0...1, y: 0...1, cells: 4) { $0.y > 0.3 + 0.1 * $0.x ? 2 : -1 }
        #expect(jump.curves.count == 1)
        for point in jump.curves[0] { #expect(abs(point.y - 0.3 - 0.1 * point.x) < 4e-16) }
    }

    /// Steep: a logistic step of the width 1e−5, of which the polyline keeps within the tolerance of the inverse function.
    @Test func steep() throws {
        let width = 1e-5
        let found = try ZeroCurves(x: 0...1, y: 0...1, cells: 32, tolerance: 1e-6) { p in
            p.y - 1 / (1 + exp((0.41 - p.x) / width))
        }
        #expect(found.curves.count == 1)
        #expect(found.unresolved == 0)
        for point in found.curves[0] where point.y > 0.01 && point.y < 0.99 {
            #expect(abs(point.x - (0.41 + width * log(point.y / (1 - point.y)))) < 1e-15)
        }
        #expect(found.curves[0].map(\.x).min() == 0)
        #expect(found.curves[0].map(\.x).max() == 1)
    }

    /// Cut where a domain ends, on the curve and on the border.
    @Test func domain() throws {
        let found = try ZeroCurves(
            x: -2...2, y: -2...2, cells: 16, domain: { 0.3 - $0.x }, of: { $0.x * $0.x + $0.y * $0.y - 1 })
        #expect(found.curves.allSatisfy { curve in curve.allSatisfy { $0.x <= 0.3 && abs(radius($0) - 1) < 2e-15 } })
        let ends = found.curves.flatMap { [$0[0], $0[$0.count - 1]] }.filter { $0.x > 0.29 }
        #expect(ends.count == 2)
        for end in ends { #expect(abs(end.x - 0.3) < 1e-12) }
        // On a side of the rectangle, where f does not change its sign within.
        let side = try ZeroCurves(x: 0...1, y: 0...1, cells: 4) { $0.y - 1 }
        #expect(side.curves.count == 1)
        #expect(side.curves[0].allSatisfy { $0.y == 1 })
        #expect(side.curves[0].map(\.x).min() == 0)
        #expect(side.curves[0].map(\.x).max() == 1)
        // Not defined beyond: the curve ends at the last cell that is whole.
        let half = try ZeroCurves(x: -2...2, y: -2...2, cells: 16) { p in
            p.x > 0 ? .nan : p.x * p.x + p.y * p.y - 1
        }
        #expect(half.curves.count == 1)
        #expect(half.curves[0].allSatisfy { $0.x <= 0 })
    }

    @Test func refuses() {
        let f: (PlanePoint) -> Double = { $0.x }
        #expect(throws: RootError.self) { try ZeroCurves(x: 0...0, y: 0...1, of: f) }
        #expect(throws: RootError.self) { try ZeroCurves(x: 0...1, y: -1e308...1e308, of: f) }
        #expect(throws: RootError.self) { try ZeroCurves(x: 0...1, y: 0...1, cells: 0, of: f) }
        #expect(throws: RootError.self) { try ZeroCurves(x: 0...1, y: 0...1, cells: 5000, of: f) }
        #expect(throws: RootError.self) { try ZeroCurves(x: 0...1, y: 0...1, tolerance: 0, of: f) }
        #expect(throws: RootError.self) { try ZeroCurves(x: 0...1, y: 0...1, tolerance: .nan, of: f) }
    }
}
