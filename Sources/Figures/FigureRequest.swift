// What a reader asks of a figure's axes.

import Reporting

/// Ranges and scales of the axes that somebody asks for, in place of those that the figure has.
public struct FigureRequest: Sendable, Equatable {
    /// What is asked of one axis.
    public struct Axis: Sendable, Equatable {
        /// The values at its ends, in the units of the data; nil for the figure's own.
        public var range: ClosedRange<Double>?
        /// Whether it is to be logarithmic.
        public var isLogarithmic: Bool

        /// What is asked of one axis.
        public init(range: ClosedRange<Double>? = nil, isLogarithmic: Bool = false) {
            self.range = range
            self.isLogarithmic = isLogarithmic
        }

        var asksNothing: Bool { range == nil && !isLogarithmic }
    }
    /// What is asked of the horizontal axis.
    public var x: Axis
    /// What is asked of the vertical axis.
    public var y: Axis

    /// A request; by default for nothing.
    public init(x: Axis = Axis(), y: Axis = Axis()) {
        self.x = x
        self.y = y
    }
}

/// A figure cannot be as it was asked for.
public enum FigureRequestError: Error, Equatable, CustomStringConvertible {
    /// An axis cannot have the range or the scale; the option, and the reason without a full stop.
    case impossible(option: String, reason: String)
    /// The frames have too little room; the least size in centimetres.
    case tooSmall(width: Double, height: Double)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .impossible(let option, let reason): "\(option): \(reason)."
        case .tooSmall(let width, let height):
            "--plot-size leaves too little room beside titles, legends and labels; this figure needs at least "
                + "\(formatRounded(width, digits: 3))x\(formatRounded(height, digits: 3)) cm."
        }
    }
}

extension FigureSheet {
    /// The sheet as it was asked for.
    ///
    /// A range or scale is that of all frames, which must have the same axis then.
    ///
    /// - Throws: ``FigureRequestError`` where it cannot be so: nothing that is asked is left out without a word.
    public func honouring(_ request: FigureRequest) throws -> FigureSheet {
        var sheet = self
        try sheet.apply(request.x, to: \.x, name: "x")
        try sheet.apply(request.y, to: \.y, name: "y")
        let layout = FigureLayout(sheet.withWrappedText())
        // What stands round the frames, and the least that the frames need.
        let around = layout.height - layout.frameSize.height * Double(layout.rowCount)
        let least = max(layout.leastHeight, FigureLayout.leastFrame) * Double(layout.rowCount)
        let leastWidth = layout.width + (FigureLayout.leastFrame - layout.frameSize.width) * Double(layout.columnCount)
        let isTooLow = size.height.map { $0 < around + least - 1e-6 } ?? false
        guard !isTooLow, layout.frameSize.width >= FigureLayout.leastFrame else {
            let scale = font.size / FigureFont.usualSize
            throw FigureRequestError.tooSmall(
                width: scale * max(layout.width, leastWidth), height: scale * (around + least + 0.05))
        }
        return sheet
    }

    private mutating func apply(
        _ asked: FigureRequest.Axis, to path: WritableKeyPath<Figure, FigureAxis>, name: String
    ) throws {
        guard !asked.asksNothing, let first = figures.first?[keyPath: path] else { return }
        let option = asked.range == nil ? "--log-\(name)" : "--\(name)-range"
        func impossible(_ option: String, _ reason: String) -> FigureRequestError {
            .impossible(option: option, reason: reason)
        }
        if figures.contains(where: { $0.frame != .axes }) {
            throw impossible(option, "this figure is a triangle of three shares, which has no axes to choose")
        }
        guard figures.allSatisfy({ $0[keyPath: path].label == first.label && $0[keyPath: path].unit == first.unit })
        else { throw impossible(option, "the frames of this figure have different \(name) axes") }
        if case .names = first.numbers { throw impossible(option, "the \(name) axis of this figure has names") }
        if asked.isLogarithmic, first.numbers == .dates {
            throw impossible("--log-\(name)", "the \(name) axis of this figure has dates")
        }
        for index in figures.indices {
            var axis = figures[index][keyPath: path]
            if let range = asked.range {
                let (low, high) = (range.lowerBound / axis.unit, range.upperBound / axis.unit)
                guard high - low > 1e-9 * max(abs(low), abs(high)), abs(low) <= 1e100, abs(high) <= 1e100 else {
                    throw impossible(
                        option,
                        "the range is too narrow or too far to be drawn; allowed: ends up to 1e100 that differ "
                            + "by more than a billionth")
                }
                axis.range = low...high
            }
            if asked.isLogarithmic { axis.scale = .logarithmic }
            if axis.scale == .logarithmic {
                guard axis.range.lowerBound > 0 else {
                    let low = formatShortest(axis.range.lowerBound * axis.unit)
                    throw impossible(
                        asked.isLogarithmic ? "--log-\(name)" : option,
                        "a logarithmic axis is above 0, and this one begins at \(low); give --\(name)-range a:b with a "
                            + "above 0")
                }
                if name == "x", figures[index].hasBarsFromZero {
                    throw impossible("--log-x", "the bars of this figure begin at 0, which a logarithmic axis has not")
                }
            }
            figures[index][keyPath: path] = axis
            figures[index].hasEqualScales = false
            figures[index].dropWhatIsOutside()
        }
    }
}

extension Figure {
    fileprivate var hasBarsFromZero: Bool {
        layers.contains { layer in
            if case .bars(let bars, _) = layer { bars.contains { min($0.from, $0.to) <= 0 } } else { false }
        }
    }

    /// Drops texts and single arrows that are not in the frame, which gnuplot would draw outside of it.
    fileprivate mutating func dropWhatIsOutside() {
        func isInside(_ point: FigurePoint) -> Bool { x.range.contains(point.x) && y.range.contains(point.y) }
        layers.removeAll { layer in
            switch layer {
            case .text(_, let place, _): !isInside(place)
            case .arrow(let from, let to, _): !isInside(from) || !isInside(to)
            default: false
            }
        }
    }
}
