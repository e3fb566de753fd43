// The lines of a hatched area.

/// Parallel lines that fall at 45° on the page, clipped to a polygon.
///
/// - Parameters:
///   - polygon: closed, in the figure's coordinates; even-odd where it crosses itself.
///   - frame: the size of the frame in centimetres.
///   - spacing: between lines, in centimetres.
/// - Returns: the pieces, two points each.
func hatchLines(
    across polygon: [FigurePoint], x: ClosedRange<Double>, y: ClosedRange<Double>,
    frame: (width: Double, height: Double), spacing: Double
) -> [[FigurePoint]] {
    guard polygon.count > 2 else { return [] }
    // On the page a line is u + v = constant; t = u − v runs along it.
    let corners = polygon.map { point in
        let u = (point.x - x.lowerBound) / (x.upperBound - x.lowerBound) * frame.width
        let v = (point.y - y.lowerBound) / (y.upperBound - y.lowerBound) * frame.height
        return (s: u + v, t: u - v)
    }
    func figurePoint(_ s: Double, _ t: Double) -> FigurePoint {
        FigurePoint(
            x.lowerBound + (s + t) / 2 / frame.width * (x.upperBound - x.lowerBound),
            y.lowerBound + (s - t) / 2 / frame.height * (y.upperBound - y.lowerBound))
    }
    let step = spacing * 2.0.squareRoot()
    let lowest = corners.map(\.s).min() ?? 0
    let highest = corners.map(\.s).max() ?? 0
    var pieces: [[FigurePoint]] = []
    var s = (lowest / step).rounded(.up) * step + step / 3
    while s < highest {
        var crossings: [Double] = []
        for (a, b) in zip(corners, corners.dropFirst() + corners.prefix(1)) where (a.s <= s) != (b.s <= s) {
            crossings.append(a.t + (b.t - a.t) * (s - a.s) / (b.s - a.s))
        }
        crossings.sort()
        for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
            pieces.append([figurePoint(s, crossings[pair]), figurePoint(s, crossings[pair + 1])])
        }
        s += step
    }
    return pieces
}
