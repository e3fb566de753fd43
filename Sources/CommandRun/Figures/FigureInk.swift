import Figures
import Foundation
import Reporting

/// The colours and lines that all figures have in common.
package enum FigureInk {
    package static let ink = "#1A1A1A"
    package static let faint = "#6B6B6B"
    /// The colour of equilibria.
    package static let equilibrium = "#B2182B"

    /// Lines that keep apart in grey and for the colour-blind: their lightnesses (CIE L*) are 46, 71 and 27, blue and
    /// orange are apart for all, and their dashes differ.
    package static let liquidityProviders = FigureStroke(color: "#0072B2", width: 1.3)
    package static let sellers = FigureStroke(color: "#E69F00", width: 1.3, dash: .dashed)
    package static let external = FigureStroke(color: "#4D2C7A", width: 1.3, dash: .dotted)

    /// What one on an axis stands for: 1, or a power of ten where numbers would be long.
    package static func scale(of range: ClosedRange<Double>) -> Double {
        let largest = max(abs(range.lowerBound), abs(range.upperBound))
        guard largest >= 1e4 || largest < 0.1, largest > 0, largest.isFinite else { return 1 }
        return pow(10, floor(log10(largest)))
    }

    /// The scale in front of a unit: "" or "10^{6} ".
    package static func power(of scale: Double) -> String {
        scale == 1 ? "" : "10^{\(Int(log10(scale).rounded()))} "
    }

    /// The smallest range of all these values, wider by a share of itself on both sides; never without a length.
    package static func range(of values: some Sequence<Double>, margin: Double) -> ClosedRange<Double> {
        var (low, high) = (Double.infinity, -Double.infinity)
        for value in values where value.isFinite { (low, high) = (min(low, value), max(high, value)) }
        guard low <= high else { return 0...1 }
        // What does not change is shown in the middle of a tenth of itself.
        let least = max(abs(low), abs(high)) * 1e-3
        let width = max(high - low, least > 0 ? least : 1)
        let middle = low / 2 + high / 2
        let half = width * (0.5 + margin)
        return max(middle - half, -.greatestFiniteMagnitude)...min(middle + half, .greatestFiniteMagnitude)
    }
}
