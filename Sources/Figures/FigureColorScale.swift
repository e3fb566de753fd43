// How values become colours.

import Foundation

/// Colours from a lowest to a highest value, in which equal steps look equal.
public enum FigurePalette: Sendable, Equatable {
    /// Colours from dark blue over green to yellow: matplotlib's viridis, which also greyscale and most colour-blind
    /// readers tell apart.
    case sequential
    /// Colours from blue over white to red, for signed values over a range that is symmetric about 0: ColorBrewer's
    /// RdBu reversed.
    case diverging
    /// Colours of one's own, "#RRGGBB", at equal distances; at least one.
    case stops([String])

    /// The colours at equal distances.
    private var stops: [RGB] {
        switch self {
        case .sequential:
            [0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725].map(RGB.init)
        case .diverging:
            [
                0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B,
                0x67001F,
            ].map(RGB.init)
        case .stops(let colors): colors.map(RGB.init)
        }
    }

    /// So many colours from the lowest to the highest, each 0xRRGGBB.
    func colors(_ count: Int) -> [Int] {
        let stops = stops
        guard let last = stops.last else { return Array(repeating: 0, count: count) }
        return (0..<count).map { index in
            let place = Double(index) / Double(max(count - 1, 1)) * Double(stops.count - 1)
            let lower = Int(place)
            return lower + 1 < stops.count
                ? stops[lower].mixed(with: stops[lower + 1], share: place - Double(lower)).number : last.number
        }
    }
}

/// A colour's parts, 0…255.
private struct RGB {
    var red, green, blue: Double

    init(_ number: Int) {
        (red, green, blue) = (Double(number >> 16 & 255), Double(number >> 8 & 255), Double(number & 255))
    }

    init(_ color: String) { self.init(colorNumber(color)) }

    func mixed(with other: RGB, share: Double) -> RGB {
        var mixed = self
        mixed.red += share * (other.red - red)
        mixed.green += share * (other.green - green)
        mixed.blue += share * (other.blue - blue)
        return mixed
    }

    var number: Int { Int(red.rounded()) << 16 | Int(green.rounded()) << 8 | Int(blue.rounded()) }
}

/// The number 0xRRGGBB of a colour "#RRGGBB"; black for anything else.
func colorNumber(_ color: String) -> Int { Int(color.dropFirst(), radix: 16) ?? 0 }

/// The colour "#RRGGBB" of a number 0xRRGGBB.
func colorText(_ number: Int) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return "#" + String(repeating: "0", count: max(6 - digits.count, 0)) + digits
}

/// How the values of a heat map become colours; a bar beside the frame shows it.
///
/// ```swift
/// let colors = FigureColorScale(FigureAxis(.plain("rest price"), range: 1...1.4))
/// let logarithmic = FigureColorScale(FigureAxis(.plain("lag"), range: 0.01...10, scale: .logarithmic))
/// let signed = FigureColorScale(FigureAxis(.plain("difference"), range: -0.2...0.2), palette: .diverging)
/// ```
public struct FigureColorScale: Sendable, Equatable {
    /// What the colours mean: the label beside the bar, the values at its ends, linear or logarithmic. Its marks are
    /// not shown.
    public var axis: FigureAxis
    /// The colours.
    public var palette: FigurePalette

    /// A scale.
    public init(_ axis: FigureAxis, palette: FigurePalette = .sequential) {
        self.axis = axis
        self.palette = palette
    }

    /// The colour of a place that has no value: a grey that no palette of ours has.
    public static let missing = "#C4C4C4"

    /// How many colours are told apart.
    static let count = 256

    /// The colour of each value, 0xRRGGBB: beyond the range that of its end; 0 and less on a logarithmic scale that of
    /// the lower end.
    func colors(of values: [Double]) -> [Int] {
        let colors = palette.colors(Self.count)
        let missing = colorNumber(Self.missing)
        return values.map { value in
            if value.isNaN { return missing }
            let share = axis.scale == .logarithmic && value <= 0 ? 0 : axis.share(of: value)
            // A range of one value has its middle colour.
            return colors[share.isNaN ? Self.count / 2 : Int(min(max(share, 0), 1) * Double(Self.count - 1) + 0.5)]
        }
    }
}
