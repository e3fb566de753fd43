// Where the values of an axis lie, and the labels of its marks.

import Foundation
import Reporting

extension FigureAxis {
    /// Where a value lies along the axis: 0 at its lower end, 1 at its upper one.
    public func share(of value: Double) -> Double {
        let (low, high) = (range.lowerBound, range.upperBound)
        return switch scale {
        case .linear: (value - low) / (high - low)
        // Not of the ratios, which may exceed the largest double.
        case .logarithmic: (log(value) - log(low)) / (log(high) - log(low))
        }
    }

    /// The value at a place, the inverse of ``share(of:)``.
    public func value(at share: Double) -> Double {
        let (low, high) = (range.lowerBound, range.upperBound)
        return switch scale {
        case .linear: low + share * (high - low)
        case .logarithmic: min(max(exp(log(low) + share * (log(high) - log(low))), low), high)
        }
    }

    /// A coordinate of an area's corner: on a logarithmic axis, where 0 is infinitely far away, the area ends with the
    /// frame.
    func drawn(_ value: Double) -> Double { scale == .logarithmic ? max(value, range.lowerBound) : value }

    /// The distance of the numbers along a linear axis: 1, 2 or 5 times a power of ten; nil for a logarithmic axis, and
    /// where doubles are too coarse for it.
    ///
    /// - Parameters:
    ///   - length: of the axis in centimetres.
    ///   - apart: how far apart the numbers are at least, in centimetres.
    private func numberStep(length: Double, apart: Double) -> Double? {
        let least = (range.upperBound - range.lowerBound) * min(apart / length, 1)
        guard scale == .linear, least.isFinite, least > 0 else { return nil }
        let power = pow(10, floor(log10(least)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) }
        return step.flatMap { $0 > 4 * max(abs(range.lowerBound), abs(range.upperBound)).ulp ? $0 : nil }
    }

    /// The numbers' step along a vertical axis of this length: their lines do not touch, and are not many.
    func verticalStep(length: Double) -> Double? { numberStep(length: length, apart: max(0.4, length / 9.5)) }

    /// The numbers' step along a horizontal axis of this length: they have blanks between them.
    func horizontalStep(length: Double) -> Double? {
        guard let first = numberStep(length: length, apart: 1) else { return nil }
        return numberStep(length: length, apart: max(1, widestNumber(step: first) + 0.3))
    }

    /// The dates along a horizontal axis of this length; nil where it shows values.
    func dates(length: Double) -> [(value: Double, lines: [String])]? {
        guard numbers == .dates, scale == .linear else { return nil }
        return DateTics(range, length: length)?.tics
    }

    /// About how wide the numbers along a vertical axis of this length are, in centimetres.
    func numberWidth(length: Double) -> Double {
        if case .names(let names) = numbers { return names.map(FigureLayout.textWidth).max() ?? 0 }
        return verticalStep(length: length).map(widestNumber) ?? FigureLayout.textWidth(.plain("10^{-12}"))
    }

    /// The width of the widest number.
    private func widestNumber(step: Double) -> Double {
        let first = (range.lowerBound / step).rounded(.up)
        let numbers = (0..<64).lazy.map { (first + Double($0)) * step }.prefix { $0 <= range.upperBound }
        return numbers.map { FigureLayout.textWidth(.plain(formatRounded($0))) }.max() ?? 0
    }

    /// The numbers along a vertical axis of this length, where gnuplot does not draw them: on a linear axis multiples
    /// of its step; on a logarithmic one powers of ten, all or every so many, and between few of them their doubles and
    /// fivefolds; the ends of the range where there is none of these.
    func verticalNumbers(length: Double) -> [(value: Double, text: FigureText)] {
        var numbers: [(value: Double, text: FigureText)] = []
        if let step = verticalStep(length: length) {
            let first = (range.lowerBound / step).rounded(.up)
            numbers = (0..<64).map { (first + Double($0)) * step }.prefix { $0 <= range.upperBound + 1e-9 * step }
                .map { ($0, .plain(formatRounded($0))) }
        } else if scale == .logarithmic, range.lowerBound > 0, range.upperBound < .infinity {
            let (first, last) = (Int(log10(range.lowerBound).rounded(.down)), Int(log10(range.upperBound)))
            let most = max(Int(length / 0.4), 2)
            let isLong = last - first > 3
            let every = max((last - first) / most + 1, 1)
            for factors in [[1.0], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]] where numbers.count < 3 {
                numbers = stride(from: first, through: last, by: every).flatMap { power in
                    factors.compactMap { factor in
                        let value = factor * pow(10, Double(power))
                        guard range.contains(value) else { return nil }
                        return (value, isLong ? .markup("10^{\(power)}") : .plain(formatRounded(value)))
                    }
                }
                if isLong { break }
            }
        }
        guard numbers.isEmpty else { return numbers }
        return [range.lowerBound, range.upperBound].map { ($0, .plain(formatRounded($0, digits: 4))) }
    }

    /// The marks within the range, from low to high.
    var shownMarks: [Mark] { marks.filter { range.contains($0.value) }.sorted { $0.value < $1.value } }

    /// The values and labels of the shown marks that have a label.
    var labelledMarks: [(value: Double, label: FigureText)] {
        shownMarks.compactMap { mark in mark.label.map { (mark.value, $0) } }
    }

    /// Where the label of each labelled mark of a horizontal axis stands: its centre in centimetres from the frame's
    /// left, at the value or as near to it as the sheet's edges allow, and its line from 0, one further out where it
    /// would touch another.
    ///
    /// - Parameter width: of the frame, in centimetres.
    func markPlaces(width: Double) -> [(centre: Double, line: Int)] {
        var ends: [Double] = []
        return labelledMarks.map { mark in
            let half = FigureLayout.textWidth(mark.label) / 2 + 0.08
            let furthest = max(width + FigureLayout.right - half, width / 2)
            let centre = min(max(share(of: mark.value) * width, min(half - FigureLayout.left, width / 2)), furthest)
            let line = ends.firstIndex { $0 <= centre - half } ?? ends.count
            if line < ends.count { ends[line] = centre + half } else { ends.append(centre + half) }
            return (centre, line)
        }
    }

    /// How many lines the labels of a horizontal axis's marks take, none of them touching another.
    ///
    /// - Parameter width: of the frame, in centimetres: ``FigureLayout/frameSize``.
    public func lineCountOfMarks(width: Double) -> Int {
        (markPlaces(width: width).map(\.line).max() ?? -1) + 1
    }

    /// The centre of the label of each labelled mark of a vertical axis, in centimetres from the frame's bottom: as
    /// near to the values as they come without touching each other, by least squares.
    ///
    /// - Parameter height: of the frame, in centimetres.
    func markCentres(height: Double) -> [Double] {
        // With the heights that must lie between taken off, labels need only be in order: pool adjacent violators.
        var offset = 0.0
        var offsets: [Double] = []
        var blocks: [(sum: Double, count: Int)] = []
        var lower = 0.0
        for mark in labelledMarks {
            let half = Double(max(mark.label.lines.count, 1)) * FigureLayout.line / 2
            if !offsets.isEmpty { offset += lower + half }
            lower = half
            offsets.append(offset)
            blocks.append((share(of: mark.value) * height - offset, 1))
            while blocks.count > 1,
                blocks[blocks.count - 2].sum / Double(blocks[blocks.count - 2].count)
                    > blocks[blocks.count - 1].sum / Double(blocks[blocks.count - 1].count)
            {
                let last = blocks.removeLast()
                blocks[blocks.count - 1].sum += last.sum
                blocks[blocks.count - 1].count += last.count
            }
        }
        let means = blocks.flatMap { block in Array(repeating: block.sum / Double(block.count), count: block.count) }
        return zip(means, offsets).map { $0 + $1 }
    }
}
