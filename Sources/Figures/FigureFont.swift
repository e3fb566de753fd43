// The font of a figure's text.

/// A font: its family and its size in points.
public struct FigureFont: Sendable, Equatable {
    /// The family.
    public let family: String
    /// The size in points.
    public let size: Double

    /// Liberation Sans, which has the measures of Arial and Helvetica, at the size of a journal's captions.
    public static let usualFamily = "Liberation Sans"
    /// The usual size.
    public static let usualSize = 7.5
    /// The sizes for which there is room.
    public static let sizes = 5.0...12.0

    /// The usual font.
    public init() { (family, size) = (Self.usualFamily, Self.usualSize) }

    /// A font; nil where the family has other characters than letters, digits, blanks, hyphens and full stops, which
    /// neither a script nor a picture would take for more than a name, or where the size is none of ``sizes``.
    public init?(family: String, size: Double = usualSize) {
        let isName = family.unicodeScalars.allSatisfy { scalar in
            scalar == " " || scalar == "-" || scalar == "." || scalar.properties.isAlphabetic
                || scalar.properties.numericType != nil
        }
        guard isName, family.contains(where: { $0 != " " }), family.count <= 80, Self.sizes.contains(size) else {
            return nil
        }
        self.family = family
        self.size = size
    }
}
