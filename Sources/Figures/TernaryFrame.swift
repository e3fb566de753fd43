// The frame of a ternary plot.

/// A triangle in which a point stands for three shares that sum to 1: a corner is a share of 1, the side opposite a
/// share of 0.
///
/// ```swift
/// let frame = TernaryFrame(.plain("providers"), .plain("sellers"), .plain("external"))
/// let figure = frame.figure([.dots([frame.point(0.5, 0.3, 0.2)], color: "#000000")])
/// ```
public struct TernaryFrame: Sendable, Equatable {
    /// The labels of the corners, at the lower left, the lower right and the top.
    public var labels: (FigureText, FigureText, FigureText) { (left, right, top) }
    private let left, right, top: FigureText

    /// A frame whose corners at the lower left, the lower right and the top have these labels.
    public init(_ left: FigureText, _ right: FigureText, _ top: FigureText) {
        (self.left, self.right, self.top) = (left, right, top)
    }

    /// The height of the triangle, whose sides are 1.
    public static let height = 0.75.squareRoot()

    /// The place of three shares, the coordinates of an equilateral triangle with the lower side from (0, 0) to (1, 0).
    public func point(_ left: Double, _ right: Double, _ top: Double) -> FigurePoint {
        FigurePoint(right + top / 2, top * Self.height)
    }

    /// A figure of this frame: the layers, then the sides and the labels, thin lines at every so many shares below
    /// them.
    ///
    /// - Parameters:
    ///   - layers: what it shows, from the bottom to the top.
    ///   - divisions: into how many parts the lines of equal shares divide a side; 1 for none.
    ///   - title: what stands above it; nil for nothing.
    ///   - legend: what its parts mean.
    public func figure(
        _ layers: [FigureLayer], divisions: Int = 5, title: FigureText? = nil, legend: [FigureLegendEntry] = []
    ) -> Figure {
        let thin = FigureStroke(color: "#C4C4C4", width: 0.35)
        let lines = (1..<max(min(divisions, 100), 1)).flatMap { index -> [FigureLayer] in
            let share = Double(index) / Double(divisions)
            let rest = 1 - share
            return [
                .curve([point(share, rest, 0), point(share, 0, rest)], thin),
                .curve([point(rest, share, 0), point(0, share, rest)], thin),
                .curve([point(rest, 0, share), point(0, rest, share)], thin),
            ]
        }
        let corners = [point(1, 0, 0), point(0, 1, 0), point(0, 0, 1), point(1, 0, 0)]
        let (h, room) = (Self.height, 0.07)
        return Figure(
            title: title, legend: legend, x: FigureAxis(.plain(""), range: -0.08...1.08),
            y: FigureAxis(.plain(""), range: -1.6 * room...h + 1.6 * room),
            layers: lines + layers + [
                .curve(corners, FigureStroke()), .text(left, at: FigurePoint(0, -room)),
                .text(right, at: FigurePoint(1, -room)),
                .text(top, at: FigurePoint(0.5, h + room)),
            ], frame: .bare, hasEqualScales: true)
    }
}
