import Foundation
import TestSupport
import Testing

@testable import DissipativeMarket

/// The model against the published figure: the boundary between LPs and sellers as it was drawn, digitised.
@Suite struct PublishedFigureTests {
    static let name = "data/figure4_boundary.csv"
    static let isThere = SharedData.isRequired || SharedData.url(name) != nil

    struct Panel: Sendable {
        let letter: String
        let points: Int
        /// The reading error of the digitised points, by their README about 0.005 in b and 0.002 in e; half a line's
        /// width more.
        let tolerance: Double
        /// Where a drawn marker hides the line, and how many points lie there.
        let hidden: (range: Range<Double>, count: Int)?
    }

    /// c = 1, b = 0.7: the vertical distance |y − S(x)|. In panel e a marker drawn at 1.265 < x < 1.295 hides the line,
    /// so that four points there were read off its rim; they are left out, and counted.
    @Test(
        .enabled(if: isThere, "no ../shared/data/figure4_boundary.csv beside the package, and PINFI_SHARED is not set"),
        arguments: [
            Panel(letter: "b", points: 44, tolerance: 0.006, hidden: nil),
            Panel(letter: "e", points: 57, tolerance: 0.003, hidden: (1.265..<1.295, 4)),
        ])
    func drawnBoundaryIsTheFormulas(_ panel: Panel) throws {
        let url = try #require(SharedData.url(Self.name), "PINFI_SHARED is set but has no \(Self.name)")
        let rows = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(rows.first == "panel,x,y")
        // S depends on b alone.
        let market = try Market.panel(1.3)
        var (read, hidden, worst) = (0, 0, 0.0)
        for row in rows.dropFirst() {
            let cells = row.split(separator: ",")
            try #require(cells.count == 3)
            guard cells[0] == panel.letter else { continue }
            let (x, y) = (try #require(Double(cells[1])), try #require(Double(cells[2])))
            read += 1
            if let range = panel.hidden?.range, range.lowerBound < x, x < range.upperBound {
                hidden += 1
                continue
            }
            let distance = abs(y - market.sellerPayoff(at: x))
            worst = max(worst, distance)
            #expect(distance <= panel.tolerance, "panel \(panel.letter) at (\(x), \(y))")
        }
        #expect(read == panel.points)
        #expect(hidden == panel.hidden?.count ?? 0)
        // The figure tells the logarithmic mean from the arithmetic and the geometric ones: these fail the same test.
        for other in [{ (1 + $0) / 2 - 0.3 }, { $0.squareRoot() - 0.3 }] as [(Double) -> Double] {
            let misses = try rows.dropFirst().filter { row in
                let cells = row.split(separator: ",")
                let (x, y) = (try #require(Double(cells[1])), try #require(Double(cells[2])))
                return cells[0] == panel.letter && abs(y - other(x)) > panel.tolerance
            }
            #expect(misses.count > panel.points / 4)
        }
    }
}
