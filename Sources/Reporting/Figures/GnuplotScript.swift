// A figure as a gnuplot script.

/// The file formats of figures.
public enum FigureFormat: String, CaseIterable, Sendable {
    case svg, pdf, png

    /// The format that a file's name ends with; nil for another ending.
    public init?(fileName: String) {
        guard let dot = fileName.lastIndex(of: ".") else { return nil }
        self.init(rawValue: fileName[fileName.index(after: dot)...].lowercased())
    }
}

/// The script that draws a sheet.
///
/// Text reaches gnuplot as lines of a here-document, which it takes as they stand; nothing of a text is ever part of a
/// command, so that no quote, backtick or `$(…)` in it can do anything.
public struct GnuplotScript: Sendable {
    /// The script, without the line that says where the picture goes.
    public let text: String

    /// The script that draws this sheet in this format.
    public init(_ sheet: FigureSheet, format: FigureFormat) {
        var writer = ScriptWriter()
        let layout = FigureLayout(sheet)
        writer.line("set encoding utf8")
        writer.line("set terminal \(Self.terminal(format, layout))")
        writer.texts(of: sheet)
        writer.line("set border 15 linewidth 0.6")
        writer.line("set tics out nomirror scale 0.5,0.25")
        writer.line("set xtics offset 0,0.35")
        writer.line("set ytics offset 0.6,0")
        writer.line("set format '%g'")
        writer.line("unset key")
        writer.line("set style textbox opaque fillcolor rgb '#FFFFFF' noborder margins 0.3,0.3")
        if sheet.figures.count > 1 { writer.line("set multiplot") }
        for (index, figure) in sheet.figures.enumerated() {
            writer.figure(figure, index: index, layout: layout)
        }
        if sheet.figures.count > 1 { writer.line("unset multiplot") }
        text = writer.text
    }

    /// The script with a line that sends the picture to a file, so that it can be run by hand.
    public func standalone(outputName: String) -> String {
        var writer = ScriptWriter()
        writer.line("# Run with: gnuplot -d FILE")
        writer.hereDocument("output", [outputName.split(whereSeparator: \.isNewline).joined(separator: " ")])
        writer.line("set output $output[1]")
        return writer.text + text + "unset output\n"
    }

    private static func terminal(_ format: FigureFormat, _ layout: FigureLayout) -> String {
        let size = FigureLayout.fontSize
        func pixels(_ centimetres: Double, _ perInch: Double) -> Int {
            Int((centimetres / 2.54 * perInch).rounded())
        }
        switch format {
        case .pdf:
            return "pdfcairo size \(formatShortest(layout.width))cm,\(formatRounded(layout.height))cm "
                + "enhanced font 'Arial,\(formatShortest(size))' fontscale 1 rounded dashlength 0.6"
        case .png:
            // 300 dots an inch; a point is 300/72 of them.
            let scale = formatRounded(300.0 / 72)
            return "pngcairo size \(pixels(layout.width, 300)),\(pixels(layout.height, 300)) enhanced "
                + "font 'Arial,\(formatShortest(size))' fontscale \(scale) linewidth \(scale) pointscale \(scale) "
                + "rounded dashlength 0.6"
        case .svg:
            // 96 units an inch.
            return "svg size \(pixels(layout.width, 96)),\(pixels(layout.height, 96)) enhanced "
                + "font 'Arial,\(formatShortest(size * 96 / 72))' linewidth \(formatRounded(96.0 / 72)) "
                + "rounded dashlength 0.6 background '#FFFFFF'"
        }
    }
}

/// Gathers the lines of a script.
private struct ScriptWriter {
    private(set) var text = ""
    private var places: [String: Int] = [:]
    private var blocks = 0
    private var tags = 0

    mutating func line(_ line: String) { text += line + "\n" }

    /// A here-document under a terminator that none of its lines is.
    mutating func hereDocument(_ name: String, _ lines: [String]) {
        var end = "END"
        while lines.contains(end) { end += "_" }
        line("$\(name) << \(end)")
        for each in lines { line(each) }
        line(end)
    }

    /// All texts of a sheet, a line each.
    mutating func texts(of sheet: FigureSheet) {
        var lines: [String] = []
        func add(_ text: FigureText) {
            for line in text.lines where places[line] == nil {
                lines.append(line)
                places[line] = lines.count
            }
        }
        for figure in sheet.figures {
            if let title = figure.title { add(title) }
            for axis in [figure.x, figure.y] {
                add(axis.label)
                for mark in axis.marks { add(mark.label) }
            }
            for case .text(let text, _, _) in figure.layers { add(text) }
        }
        // A control character would end up in the picture as a box.
        // A control character would end up in the picture as a box.
        hereDocument("text", lines.map { String($0.map { $0.isASCII && ($0.asciiValue ?? 32) < 32 ? " " : $0 }) })
    }

    /// A string expression for a text.
    private func expression(_ text: FigureText) -> String {
        text.lines.map { line in places[line].map { "$text[\($0)]" } ?? "''" }.joined(separator: ".\"\\n\".")
    }

    private func mode(_ text: FigureText) -> String {
        if case .markup = text { "enhanced" } else { "noenhanced" }
    }

    private func number(_ value: Double) -> String { formatShortest(value) }

    mutating func figure(_ figure: Figure, index: Int, layout: FigureLayout) {
        let frame = layout.frame(index)
        line("set lmargin at screen \(formatRounded(frame.left / layout.width))")
        line("set rmargin at screen \(formatRounded(frame.right / layout.width))")
        line("set bmargin at screen \(formatRounded(frame.bottom / layout.height))")
        line("set tmargin at screen \(formatRounded(frame.top / layout.height))")
        line("unset label")
        line("unset arrow")
        line("set xrange [\(number(figure.x.range.lowerBound)):\(number(figure.x.range.upperBound))]")
        line("set yrange [\(number(figure.y.range.lowerBound)):\(number(figure.y.range.upperBound))]")
        line("set xlabel \(expression(figure.x.label)) \(mode(figure.x.label)) offset 0,0.75")
        line("set ylabel \(expression(figure.y.label)) \(mode(figure.y.label)) offset 1.2,0")
        marks(figure.x, isVertical: false, layout: layout)
        marks(figure.y, isVertical: true, layout: layout)
        if let title = figure.title {
            // A text of several lines hangs from its first one, which is where the label's place is.
            let rise = formatRounded(layout.titleRise(title.lines.count))
            label(title, at: "graph 0.5, graph 1 offset 0,\(rise)", "center")
        }
        var plots: [String] = []
        for layer in figure.layers {
            switch layer {
            case .area(let points, let color):
                plots.append(
                    "\(block([points])) using 1:2 with filledcurves closed fc rgb '\(color)' fs solid 1 noborder")
            case .hatching(let points, let color):
                // Lines of our own: gnuplot's patterns are as wide as each terminal likes.
                let lines = hatchLines(
                    across: points, x: figure.x.range, y: figure.y.range, frame: layout.frameSize, spacing: 0.14)
                plots.append("\(block(lines)) using 1:2 with lines lw 0.35 lc rgb '\(color)'")
            case .curve(let points, let stroke):
                plots.append("\(block([points])) using 1:2 with lines \(style(stroke))")
            case .dots(let points, let color):
                plots.append("\(block([points])) using 1:2 with points pt 7 ps 0.45 lc rgb '\(color)'")
            case .arrow(let from, let to, let stroke):
                tags += 1
                line(
                    "set arrow \(tags) from \(number(from.x)),\(number(from.y)) to \(number(to.x)),\(number(to.y)) "
                        + "head filled size graph \(formatRounded(0.17 / layout.frameSize.width)),18 fixed front \(style(stroke))"
                )
            case .text(let text, let place, let boxed):
                let rise = Double(text.lines.count - 1) / 2
                label(
                    text, at: "\(number(place.x)),\(number(place.y)) offset 0,\(number(rise))",
                    "center" + (boxed ? " boxed" : ""))
            }
        }
        if plots.isEmpty { plots = ["\(block([])) using 1:2 with lines"] }
        line("plot " + plots.joined(separator: ", \\\n     "))
    }

    private mutating func label(_ text: FigureText, at place: String, _ options: String) {
        tags += 1
        line("set label \(tags) \(expression(text)) at \(place) \(options) front \(mode(text))")
    }

    /// Values marked at the top of the frame, where those that would touch go one line up, or at its right, where they are
    /// moved apart.
    private mutating func marks(_ axis: FigureAxis, isVertical: Bool, layout: FigureLayout) {
        let lines = FigureLayout.markLines(of: axis, width: layout.frameSize.width)
        var lastPlace = -Double.infinity
        for (mark, outward) in zip(axis.shownMarks, lines) {
            let value = number(mark.value)
            tags += 1
            if isVertical {
                let share = (mark.value - axis.range.lowerBound) / (axis.range.upperBound - axis.range.lowerBound)
                let center = share * layout.frameSize.height
                let place = max(center, lastPlace + FigureLayout.line)
                lastPlace = place
                let rise = formatRounded(
                    (place - center) / FigureLayout.line + Double(mark.label.lines.count - 1) / 2)
                line("set arrow \(tags) from graph 1,first \(value) rto graph 0.012,0 nohead lw 0.6 front")
                label(mark.label, at: "graph 1,first \(value) offset 0.7,\(rise)", "left")
            } else {
                let rise = formatRounded(0.72 + 0.8 * Double(outward))
                line("set arrow \(tags) from first \(value),graph 1 rto graph 0,0.015 nohead lw 0.6 front")
                label(mark.label, at: "first \(value),graph 1 offset 0,\(rise)", "center")
            }
        }
    }

    private func style(_ stroke: FigureStroke) -> String {
        "lw \(number(stroke.width)) lc rgb '\(stroke.color)' dt \(stroke.dash.rawValue)"
    }

    /// A block of polylines and its name. Blocks stand before the plot command that uses them.
    private mutating func block(_ polylines: [[FigurePoint]]) -> String {
        blocks += 1
        // A plot of no points at all is an error to gnuplot; one point draws no line.
        let drawn = polylines.contains { !$0.isEmpty } ? polylines : [[FigurePoint(0, 0)]]
        let lines = Array(drawn.map { $0.map { "\(number($0.x)) \(number($0.y))" } }.joined(separator: [""]))
        hereDocument("d\(blocks)", lines)
        return "$d\(blocks)"
    }
}
