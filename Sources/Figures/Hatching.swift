// The lines of a hatched area.

/// Parallel lines that fall at 45° on the page, clipped to a polygon and to the frame.
///
/// - Parameters:
///   - polygon: closed, in the figure's coordinates; even-odd where it crosses itself. One that is not finite has no lines.
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
    guard corners.allSatisfy({ $0.s.isFinite && $0.t.isFinite }) else { return [] }
    func figurePoint(_ s: Double, _ t: Double) -> FigurePoint {
        FigurePoint(
            x.lowerBound + (s + t) / 2 / frame.width * (x.upperBound - x.lowerBound),
            y.lowerBound + (s - t) / 2 / frame.height * (y.upperBound - y.lowerBound))
    }
    let step = spacing * 2.0.squareRoot()
    let lowest = max(corners.map(\.s).min() ?? 0, 0)
    let highest = min(corners.map(\.s).max() ?? 0, frame.width + frame.height)
    var pieces: [[FigurePoint]] = []
    var s = (lowest / step).rounded(.up) * step + step / 3
    while s < highest {
        var crossings: [Double] = []
        for (a, b) in zip(corners, corners.dropFirst() + corners.prefix(1)) where (a.s <= s) != (b.s <= s) {
            crossings.append(a.t + (b.t - a.t) * (s - a.s) / (b.s - a.s))
        }
        crossings.sort()
        let inFrame = (from: max(-s, s - 2 * frame.height), to: min(s, 2 * frame.width - s))
        for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
            let (from, to) = (max(crossings[pair], inFrame.from), min(crossings[pair + 1], inFrame.to))
            if from < to { pieces.append([figurePoint(s, from), figurePoint(s, to)]) }
        }
        s += step
    }
    return pieces
}
