import DissipativeMarket
import Figures
import Reporting

extension Outcome {
    /// The ground on which a time, or a share, with this outcome is shown: lightnesses (CIE L*) of 96, 87, 80 and 69, apart in
    /// grey too.
    package var ground: String {
        switch self {
        case .balanced: "#EAF6EA"
        case .exodus: "#F6D7AF"
        case .scarcity: "#A9CDEB"
        case .emptyBand: "#A8A8A8"
        }
    }

    /// Its entry of a legend.
    package var legendEntry: FigureLegendEntry {
        let words = rawValue.replacing("-", with: " ").replacing("lp ", with: "LP ")
        return FigureLegendEntry(.area(color: ground), .plain(words))
    }
}

/// Polygons between steps.
package enum FigureSteps {
    /// The rectangles of a function that is `values[i]` from `starts[i]` up to `starts[i + 1]`, the last one up to `end`, down to
    /// `floor[i]`: one closed polygon.
    package static func area(_ starts: [Double], _ values: [Double], floor: [Double], end: Double) -> [FigurePoint] {
        var (up, down): ([FigurePoint], [FigurePoint]) = ([], [])
        for index in starts.indices {
            let stop = index + 1 < starts.count ? starts[index + 1] : end
            up += [FigurePoint(starts[index], values[index]), FigurePoint(stop, values[index])]
            down += [FigurePoint(starts[index], floor[index]), FigurePoint(stop, floor[index])]
        }
        return up + down.reversed()
    }
}
