// Parts of the horizontal axis, shaded.

/// A part of the horizontal axis.
public struct FigureSpan: Sendable, Equatable {
    /// Its ends; one that does not end right of where it begins is not shown.
    public var from, to: Double
    /// The number of its colour; one that no colour has is not shown.
    public var kind: UInt8

    /// A part.
    public init(from: Double, to: Double, kind: UInt8) {
        self.from = from
        self.to = to
        self.kind = kind
    }
}

/// The most rectangles that spans are drawn with; finer than a printer's dots on a sheet as wide as both columns.
private let mostSpans = 4000

/// The spans as so few that a script stays small, none of them outside the axis.
///
/// Neighbours of one kind are one. Where there are more than 4000 all the same, the axis is told apart into 4000
/// columns, and each has the kind that covers most of it, or none where most of it is covered by none.
///
/// - Parameters:
///   - spans: from left to right; a span that overlaps earlier ones lies on top of them.
///   - kinds: how many colours there are.
func thinned(_ spans: [FigureSpan], along axis: FigureAxis, kinds: Int) -> [FigureSpan] {
    var shown: [FigureSpan] = []
    for span in spans {
        let (from, to) = (max(span.from, axis.range.lowerBound), min(span.to, axis.range.upperBound))
        guard from < to, span.kind < kinds else { continue }
        if let last = shown.last, last.kind == span.kind, last.to >= from, last.from <= from {
            shown[shown.count - 1].to = max(last.to, to)
        } else {
            shown.append(FigureSpan(from: from, to: to, kind: span.kind))
        }
    }
    if shown.count <= mostSpans { return shown }
    // The share of each column that each kind covers.
    var covered = [Double](repeating: 0, count: mostSpans * kinds)
    for span in shown {
        let (from, to) = (axis.share(of: span.from) * Double(mostSpans), axis.share(of: span.to) * Double(mostSpans))
        guard from.isFinite, to.isFinite, from < to else { continue }
        for column in Int(max(from, 0))...max(min(Int(to), mostSpans - 1), Int(max(from, 0)))
        where column < mostSpans {
            covered[column * kinds + Int(span.kind)] += max(min(to, Double(column + 1)) - max(from, Double(column)), 0)
        }
    }
    var columns: [FigureSpan] = []
    for column in 0..<mostSpans {
        let shares = covered[column * kinds..<(column + 1) * kinds]
        guard let most = shares.indices.max(by: { shares[$0] < shares[$1] }), shares.reduce(0, +) >= 0.5 else {
            continue
        }
        let kind = UInt8(most - column * kinds)
        let (from, to) = (
            axis.value(at: Double(column) / Double(mostSpans)), axis.value(at: Double(column + 1) / Double(mostSpans))
        )
        if let last = columns.last, last.kind == kind, last.to == from {
            columns[columns.count - 1].to = to
        } else {
            columns.append(FigureSpan(from: from, to: to, kind: kind))
        }
    }
    return columns
}
