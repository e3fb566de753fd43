// A figure as a gnuplot script.

import Reporting

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
        let wrapped = sheet.withWrappedText()
        let layout = FigureLayout(wrapped)
        let sheet = wrapped.withEqualScales(frame: layout.frameSize).withNames(width: layout.names.width)
        writer.line("set encoding utf8")
        writer.line("set terminal \(Self.terminal(format, layout, sheet.font))")
        writer.texts(of: sheet, barLength: layout.frameSize.height)
        writer.frameLook()
        writer.line("set format '%g'")
        writer.line("unset key")
        writer.grounds(of: sheet)
        if sheet.figures.count > 1 { writer.line("set multiplot") }
        for (index, figure) in sheet.figures.enumerated() {
            let sharesAxis = sheet.sharesHorizontalAxis && index + sheet.columns < sheet.figures.count
            writer.figure(figure, index: index, layout: layout, hasNumbersBelow: !sharesAxis)
        }
        if sheet.figures.count > 1 { writer.line("unset multiplot") }
        text = writer.text
    }

    /// The script with a line that sends the picture to a file, so that it can be run by hand.
    public func standalone(outputName: String) -> String {
        var writer = ScriptWriter()
        writer.line("# Run with: gnuplot -d FILE")
        // In this folder, whatever it is called: gnuplot would run what follows a |, and look for a user after a ~.
        writer.hereDocument("output", ["./" + GnuplotScript.printable(outputName)])
        writer.line("set output $output[1]")
        return writer.text + text + "unset output\n"
    }

    /// A line without what no picture can show: control characters, and code points that XML does not allow.
    static func printable(_ line: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in line.unicodeScalars {
            let isShown =
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
                default: !scalar.properties.isNoncharacterCodePoint
                }
            shown.append(isShown ? scalar : " ")
        }
        return String(shown)
    }

    private static func terminal(_ format: FigureFormat, _ layout: FigureLayout, _ font: FigureFont) -> String {
        // The cairo terminals hand it to Pango as points of 96 dots an inch, on a page of 72: 7.5 would come out as 10.
        let cairoSize = formatShortest(font.size * 72 / 96)
        let magnification = font.size / FigureFont.usualSize
        let (width, height) = (magnification * layout.width, magnification * layout.height)
        func pixels(_ centimetres: Double, _ perInch: Double) -> Int {
            Int((centimetres / 2.54 * perInch).rounded())
        }
        switch format {
        case .pdf:
            return "pdfcairo size \(formatRounded(width))cm,\(formatRounded(height))cm "
                + "enhanced font '\(font.family),\(cairoSize)' fontscale 1 rounded dashlength 0.6"
        case .png:
            // 300 dots an inch; a point is 300/72 of them.
            let scale = formatRounded(300.0 / 72)
            return "pngcairo size \(pixels(width, 300)),\(pixels(height, 300)) enhanced "
                + "font '\(font.family),\(cairoSize)' fontscale \(scale) linewidth \(scale) pointscale \(scale) "
                + "rounded dashlength 0.6"
        case .svg:
            // 96 units an inch.
            return "svg size \(pixels(width, 96)),\(pixels(height, 96)) enhanced "
                + "font '\(font.family),\(formatShortest(font.size * 96 / 72))' linewidth \(formatRounded(96.0 / 72)) "
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
    /// The number of each ground of a text; the others are white.
    private var grounds: [String: Int] = [:]

    mutating func line(_ line: String) { text += line + "\n" }

    /// A here-document under a word with which none of its lines begins: gnuplot takes such a line for the end, and
    /// what follows for commands. Told by bytes, since to Swift "END" is no prefix of "END" with an accent behind it.
    mutating func hereDocument(_ name: String, _ lines: [String]) {
        var end = "END"
        while lines.contains(where: { $0.utf8.drop { $0 == 0x20 }.starts(with: end.utf8) }) { end += "_" }
        line("$\(name) << \(end)")
        for each in lines { line(each) }
        line(end)
    }

    /// The grounds of texts: gnuplot has four.
    mutating func grounds(of sheet: FigureSheet) {
        for figure in sheet.figures {
            for case .text(_, _, let ground?) in figure.layers where grounds[ground] == nil && grounds.count < 3 {
                grounds[ground] = grounds.count + 1
            }
        }
        let all = [("#FFFFFF", "")] + grounds.sorted { $0.value < $1.value }.map { ($0.key, "\($0.value) ") }
        for (color, number) in all {
            line("set style textbox \(number)opaque fillcolor rgb '\(color)' noborder margins 0.3,0.3")
        }
    }

    /// All texts of a sheet, a line each.
    ///
    /// - Parameter barLength: of a bar of colours, in centimetres.
    mutating func texts(of sheet: FigureSheet, barLength: Double) {
        var lines: [String] = []
        func add(_ text: FigureText) {
            for line in text.lines where places[line] == nil {
                lines.append(line)
                places[line] = lines.count
            }
        }
        for figure in sheet.figures {
            if let title = figure.title { add(title) }
            for entry in figure.legend {
                add(entry.label)
                if case .sign(let sign) = entry.sample { add(sign) }
            }
            if let axis = figure.colorScale?.axis {
                add(axis.label)
                for number in axis.verticalNumbers(length: barLength) { add(number.text) }
            }
            for axis in [figure.x, figure.y] {
                add(axis.label)
                for mark in axis.marks { if let label = mark.label { add(label) } }
                if case .names(let names) = axis.numbers { for name in names { add(name) } }
            }
            for case .text(let text, _, _) in figure.layers { add(text) }
        }
        hereDocument("text", lines.map(GnuplotScript.printable))
    }

    /// A string expression for a text.
    private func expression(_ text: FigureText) -> String {
        text.lines.map { line in places[line].map { "$text[\($0)]" } ?? "''" }.joined(separator: ".\"\\n\".")
    }

    private func mode(_ text: FigureText) -> String {
        if case .markup = text { "enhanced" } else { "noenhanced" }
    }

    private func number(_ value: Double) -> String { formatShortest(value) }

    /// - Parameter hasNumbersBelow: false where a figure further down tells the horizontal axis.
    mutating func figure(_ figure: Figure, index: Int, layout: FigureLayout, hasNumbersBelow: Bool) {
        let frame = layout.frame(index)
        line("set lmargin at screen \(formatRounded(frame.left / layout.width))")
        line("set rmargin at screen \(formatRounded(frame.right / layout.width))")
        line("set bmargin at screen \(formatRounded(frame.bottom / layout.height))")
        line("set tmargin at screen \(formatRounded(frame.top / layout.height))")
        line("unset label")
        line("unset arrow")
        line("unset object")
        for (name, axis) in [("x", figure.x), ("y", figure.y)] {
            let isLogarithmic = axis.scale == .logarithmic
            line("\(isLogarithmic ? "set" : "unset") logscale \(name)")
            line("set \(name)range [\(number(axis.range.lowerBound)):\(number(axis.range.upperBound))]")
            // Every power of ten has its number; more than three of them as powers.
            let isLong = isLogarithmic && axis.range.upperBound / axis.range.lowerBound > 2e3
            line("set format \(name) '\(name == "x" && !hasNumbersBelow ? "" : isLong ? "10^{%L}" : "%g")'")
        }
        if figure.frame != .axes {
            bare(figure)
        } else {
            axes(figure, layout: layout, hasNumbersBelow: hasNumbersBelow)
        }
        guides(figure)
        horizontalMarks(figure.x, layout: layout)
        verticalMarks(figure.y, layout: layout)
        if let title = figure.title {
            // A text of several lines hangs from its first one, which is where the label's place is.
            let rise = layout.titleRise(of: index, lines: title.lines.count)
            label(title, at: "graph 0.5,graph \(formatRounded(1 + rise / layout.frameSize.height))", "center")
        }
        for (entry, place) in zip(figure.legend, layout.legend(of: figure, index: index)) {
            legend(entry, at: place, layout: layout)
        }
        if let scale = figure.colorScale { colorBar(scale, of: figure, layout: layout) }
        var plots: [String] = []
        for layer in figure.layers { plots += self.plots(of: layer, in: figure, layout: layout) }
        if plots.isEmpty {
            // A plot of nothing is an error to gnuplot; what lies beyond the frame is not drawn.
            let beyond = FigurePoint(
                2 * figure.x.range.upperBound - figure.x.range.lowerBound, figure.y.range.upperBound)
            plots = ["\(block([[beyond]])) using 1:2 with lines"]
        }
        line("plot " + plots.joined(separator: ", \\\n     "))
        if figure.frame != .axes {
            // The next figure's frame, of which `unset xtics` has forgotten everything.
            frameLook()
            line("set xtics nomirror")
            line("set ytics nomirror")
        }
    }

    /// The look of frames.
    mutating func frameLook() {
        line("set border 15 linewidth 0.6")
        line("set tics out nomirror scale 0.5,0.25")
        line("set xtics offset 0,0.35")
        line("set ytics offset 0.6,0")
    }

    /// Numbers and labels along the axes.
    private mutating func axes(_ figure: Figure, layout: FigureLayout, hasNumbersBelow: Bool) {
        let steps = [
            ("x", figure.x.horizontalStep(length: layout.frameSize.width)),
            ("y", figure.y.verticalStep(length: layout.frameSize.height)),
        ]
        for (name, step) in steps { line("set \(name)tics \(step.map(number) ?? "autofreq")") }
        let dates = figure.x.dates(length: layout.frameSize.width)
        if let dates {
            let tics = dates.map { tic in
                let label = hasNumbersBelow ? tic.lines.joined(separator: "\\n") : ""
                return "\"\(label)\" \(number(tic.value))"
            }
            line("set xtics (\(tics.joined(separator: ", ")))")
        }
        if case .names(let names) = figure.y.numbers { self.names(names, along: figure.y, layout: layout) }
        if hasNumbersBelow {
            // Dates have two lines.
            let rise = dates == nil ? "0.75" : "-0.25"
            line("set xlabel \(expression(figure.x.label)) \(mode(figure.x.label)) offset 0,\(rise)")
        } else {
            line("unset xlabel")
        }
        // gnuplot's own label would move with the numbers, and off the sheet.
        let labelPlace = formatRounded(-layout.labelDistance / layout.frameSize.width)
        label(figure.y.label, at: "graph \(labelPlace),graph 0.5", "center rotate by 90")
    }

    /// Names along the vertical axis.
    private mutating func names(_ names: [FigureText], along axis: FigureAxis, layout: FigureLayout) {
        let shown = names.enumerated().filter { axis.range.contains(Double($0.offset)) }
        line("set ytics (\(shown.map { "'' \($0.offset)" }.joined(separator: ", ")))")
        let end = formatRounded(-layout.names.distance / layout.frameSize.width)
        for (index, name) in shown {
            // A text of several lines hangs from its first one.
            let rise = number(Double(name.lines.count - 1) / 2)
            label(name, at: "graph \(end),first \(index) offset 0,\(rise)", "right")
        }
    }

    /// No axes at all.
    private mutating func bare(_ figure: Figure) {
        line("set border 0")
        line("unset xtics")
        line("unset ytics")
        line("unset xlabel")
    }

    /// The parts of the plot command that draw a layer; what such a command cannot draw is written before it.
    private mutating func plots(of layer: FigureLayer, in figure: Figure, layout: FigureLayout) -> [String] {
        var plots: [String] = []
        switch layer {
        case .band(let points, let color, let opacity):
            let parts = points.split { !$0.isThere }.filter { $0.count > 1 }
            if parts.isEmpty { break }
            let lines = parts.map { part in
                part.map { point in
                    let ends = [figure.x.drawn(point.x), figure.y.drawn(point.low), figure.y.drawn(point.high)].map(
                        number)
                    return ends.joined(separator: " ")
                }
            }
            let fill = opacity < 1 ? "transparent solid \(number(max(opacity, 0)))" : "solid 1"
            plots.append(
                "\(block(lines: Array(lines.joined(separator: [""])))) using 1:2:3 with filledcurves "
                    + "fc rgb '\(color)' fs \(fill) noborder")
        case .spans(let spans, let colors):
            let shown = thinned(spans, along: figure.x, kinds: min(colors.count, 256))
            for (kind, color) in colors.enumerated() {
                let lines = shown.filter { $0.kind == kind }.map { "\(number($0.from)) \(number($0.to))" }
                if lines.isEmpty { continue }
                line("set y2range [0:1]")
                plots.append(
                    "\(block(lines: lines)) using 1:(0.5):1:2:(0):(1) axes x1y2 with boxxyerror "
                        + "fc rgb '\(color)' fs solid 1 noborder")
            }
        case .bars(let bars, let color):
            let shown = bars.filter { [$0.y, $0.thickness, $0.from, $0.to].allSatisfy(\.isFinite) }
            if shown.isEmpty { break }
            let boxes = shown.map { bar in
                let ends = [min(bar.from, bar.to), max(bar.from, bar.to)]
                let sides = [bar.y - bar.thickness / 2, bar.y + bar.thickness / 2]
                return (ends.map(number) + sides.map { formatRounded($0) }).joined(separator: " ")
            }
            plots.append(
                "\(block(lines: boxes)) using 1:3:1:2:3:4 with boxxyerror "
                    + "fc rgb '\(color)' fs solid 1 border lc rgb '#6B6B6B' lw 0.4")
            let intervals = shown.compactMap { bar in
                bar.interval.map { interval in
                    "\(number(bar.to)) \(formatRounded(bar.y)) "
                        + "\(number(interval.lowerBound)) \(number(interval.upperBound))"
                }
            }
            if intervals.isEmpty { break }
            line("set bars 0.4")
            plots.append(
                "\(block(lines: intervals)) using 1:2:3:4 with xerrorbars pt 0 ps 0 lw 0.7 lc rgb '#000000'")
        case .area(let points, let color):
            let points = points.map { FigurePoint(figure.x.drawn($0.x), figure.y.drawn($0.y)) }
            plots.append(
                "\(block([points])) using 1:2 with filledcurves closed fc rgb '\(color)' fs solid 1 noborder")
        case .hatching(let points, let color):
            // Lines of our own: gnuplot's patterns are as wide as each terminal likes.
            let (x, y) = (figure.x, figure.y)
            let lines = hatchLines(
                across: points.map { FigurePoint(x.share(of: x.drawn($0.x)), y.share(of: y.drawn($0.y))) },
                x: 0...1, y: 0...1, frame: layout.frameSize, spacing: 0.14
            ).map { $0.map { FigurePoint(x.value(at: $0.x), y.value(at: $0.y)) } }
            plots.append("\(block(lines)) using 1:2 with lines lw 0.35 lc rgb '\(color)'")
        case .curve(let points, let stroke):
            plots.append("\(block([points])) using 1:2 with lines \(style(stroke))")
        case .dots(let points, let color, let size, let isOpen):
            let (block, size) = (block([points]), formatShortest(0.45 * size))
            if isOpen {
                plots.append("\(block) using 1:2 with points pt 7 ps \(size) lc rgb '#FFFFFF'")
                plots.append("\(block) using 1:2 with points pt 6 ps \(size) lw 0.8 lc rgb '\(color)'")
            } else {
                plots.append("\(block) using 1:2 with points pt 7 ps \(size) lc rgb '\(color)'")
            }
        case .markers(let points, let marker):
            let block = block([points])
            if marker.isOpen {
                plots.append("\(block) using 1:2 with points \(inside(of: marker))")
            }
            plots.append("\(block) using 1:2 with points \(outline(of: marker))")
        case .arrows(let arrows, let stroke, let head):
            let lines = arrows.compactMap { arrow -> String? in
                let (dx, dy) = (arrow.to.x - arrow.from.x, arrow.to.y - arrow.from.y)
                guard arrow.from.x.isFinite, arrow.from.y.isFinite, dx.isFinite, dy.isFinite, dx != 0 || dy != 0
                else { return nil }
                return [arrow.from.x, arrow.from.y, dx, dy].map { formatRounded($0) }.joined(separator: " ")
            }
            if lines.isEmpty { break }
            plots.append(
                "\(block(lines: lines)) using 1:2:3:4 with vectors head filled "
                    + "size graph \(formatRounded(head / layout.frameSize.width)),18 fixed \(style(stroke))")
        case .heatMap(let grid, let scale):
            if let raster = GridRaster(grid, scale, x: figure.x, y: figure.y) { plots.append(image(raster)) }
        case .categories(let grid, let colors):
            if let raster = GridRaster(grid, colors: colors, x: figure.x, y: figure.y) {
                plots.append(image(raster))
            }
        case .arrow(let from, let to, let stroke):
            tags += 1
            line(
                "set arrow \(tags) from \(number(from.x)),\(number(from.y)) to \(number(to.x)),\(number(to.y)) "
                    + "head filled size graph \(formatRounded(0.17 / layout.frameSize.width)),18 "
                    + "fixed front \(style(stroke))"
            )
        case .text(let text, let place, let ground):
            let rise = Double(text.lines.count - 1) / 2
            label(
                text, at: "\(number(place.x)),\(number(place.y)) offset 0,\(number(rise))",
                "center" + (ground.map { " boxed" + (grounds[$0].map { " bs \($0)" } ?? "") } ?? ""))
        }
        return plots
    }

    /// A raster in shares of the frame, which the second axes are.
    private mutating func image(_ raster: GridRaster) -> String {
        line("set x2range [0:1]")
        line("set y2range [0:1]")
        let lines = (0..<raster.rows).map { row in
            raster.colors[row * raster.columns..<(row + 1) * raster.columns].map(String.init).joined(separator: " ")
        }
        func place(_ column: Int, _ count: Int, _ shares: ClosedRange<Double>) -> String {
            let step = (shares.upperBound - shares.lowerBound) / Double(count)
            return "($\(column)*\(number(step))+\(number(shares.lowerBound + step / 2)))"
        }
        let (x, y) = (place(1, raster.columns, raster.x), place(2, raster.rows, raster.y))
        return "\(block(lines: lines)) matrix using \(x):\(y):(int($3)>>16):(int($3)>>8&255):(int($3)&255) "
            + "axes x2y2 with rgbimage\(raster.isDrawnByPixel ? " pixels" : "")"
    }

    /// A bar of colours beside the frame, with numbers and a label.
    private mutating func colorBar(_ scale: FigureColorScale, of figure: Figure, layout: FigureLayout) {
        let (frame, bar) = (layout.frameSize, layout.bar(of: figure))
        func across(_ place: Double) -> String { "graph \(formatRounded(place / frame.width))" }
        let colors = scale.palette.colors(100)
        for (index, color) in colors.enumerated() {
            // Each reaches up to the bar's end, under the next ones, so that there are no gaps between them.
            tags += 1
            line(
                "set object \(tags) rectangle from \(across(bar.left)),graph \(number(Double(index) / 100)) "
                    + "to \(across(bar.right)),graph 1 front fc rgb '\(colorText(color))' noclip fs solid 1 noborder")
        }
        tags += 1
        line(
            "set object \(tags) rectangle from \(across(bar.left)),graph 0 to \(across(bar.right)),graph 1 front "
                + "noclip fs empty border lc rgb '#000000' lw 0.6")
        for (value, text) in scale.axis.verticalNumbers(length: frame.height) {
            let height = formatRounded(scale.axis.share(of: value))
            tags += 1
            line(
                "set arrow \(tags) from \(across(bar.right)),graph \(height) rto graph "
                    + "\(formatRounded(0.06 / frame.width)),0 nohead lw 0.6 front")
            label(text, at: "\(across(bar.numbers)),graph \(height)", "left")
        }
        label(scale.axis.label, at: "\(across(bar.label)),graph 0.5", "center rotate by 90")
    }

    private mutating func label(_ text: FigureText, at place: String, _ options: String) {
        tags += 1
        line("set label \(tags) \(expression(text)) at \(place) \(options) front \(mode(text))")
    }

    /// The guides of both axes' marks.
    private mutating func guides(_ figure: Figure) {
        // Behind cells nothing would be seen of them.
        let depth = figure.hasCells ? "front" : "back"
        func guide(_ stroke: FigureStroke?, from: String, to: String) {
            guard let stroke else { return }
            tags += 1
            line("set arrow \(tags) from \(from) to \(to) nohead \(depth) \(style(stroke))")
        }
        for mark in figure.x.shownMarks {
            let value = number(mark.value)
            guide(mark.guide, from: "first \(value),graph 0", to: "first \(value),graph 1")
        }
        for mark in figure.y.shownMarks {
            let value = number(mark.value)
            guide(mark.guide, from: "graph 0,first \(value)", to: "graph 1,first \(value)")
        }
    }

    /// Values marked at the top of the frame, where those that would touch go one line up.
    private mutating func horizontalMarks(_ axis: FigureAxis, layout: FigureLayout) {
        let (width, tic) = (layout.frameSize.width, formatRounded(0.07 / layout.frameSize.height))
        for (mark, place) in zip(axis.labelledMarks, axis.markPlaces(width: width)) {
            let rise = formatRounded(1 + FigureLayout.markRise(line: place.line) / layout.frameSize.height)
            tags += 1
            line("set arrow \(tags) from first \(number(mark.value)),graph 1 rto graph 0,\(tic) nohead lw 0.6 front")
            label(mark.label, at: "graph \(formatRounded(place.centre / width)),graph \(rise)", "center")
        }
    }

    /// Values marked at the right of the frame, their labels moved apart.
    private mutating func verticalMarks(_ axis: FigureAxis, layout: FigureLayout) {
        let tic = formatRounded(0.07 / layout.frameSize.width)
        let distance = formatRounded(1 + 0.14 / layout.frameSize.width)
        for (mark, center) in zip(axis.labelledMarks, axis.markCentres(height: layout.frameSize.height)) {
            let place = formatRounded(center / layout.frameSize.height)
            let rise = number(Double(mark.label.lines.count - 1) / 2)
            tags += 1
            line(
                "set arrow \(tags) from graph 1,first \(number(mark.value)) rto graph \(tic),0 nohead lw 0.6 front")
            label(mark.label, at: "graph \(distance),graph \(place) offset 0,\(rise)", "left")
        }
    }

    /// An entry of the legend, at places in centimetres.
    private mutating func legend(
        _ entry: FigureLegendEntry, at place: (sample: ClosedRange<Double>, height: Double, text: Double),
        layout: FigureLayout
    ) {
        func screen(_ x: Double, _ y: Double) -> String {
            "screen \(formatRounded(x / layout.width)),screen \(formatRounded(y / layout.height))"
        }
        let (left, right) = (place.sample.lowerBound, place.sample.upperBound)
        let (low, high) = (place.height - 0.1, place.height + 0.1)
        func stroke(from: String, to: String, _ style: String) {
            tags += 1
            line("set arrow \(tags) from \(from) to \(to) nohead front \(style)")
        }
        func rectangle(_ fill: String) {
            tags += 1
            line(
                "set object \(tags) rectangle from \(screen(left, low)) to \(screen(right, high)) front \(fill) "
                    + "border lc rgb '#6B6B6B' lw 0.4")
        }
        switch entry.sample {
        case .line(let look): stroke(from: screen(left, place.height), to: screen(right, place.height), style(look))
        case .area(let color): rectangle("fc rgb '\(color)' fs solid 1")
        case .hatching(let color):
            let corners = [
                FigurePoint(left, low), FigurePoint(right, low), FigurePoint(right, high), FigurePoint(left, high),
            ]
            let lines = hatchLines(
                across: corners, x: left...right, y: low...high, frame: (right - left, high - low), spacing: 0.1)
            for ends in lines {
                stroke(
                    from: screen(ends[0].x, ends[0].y), to: screen(ends[1].x, ends[1].y), "lw 0.35 lc rgb '\(color)'")
            }
            rectangle("fs empty")
        case .dots(let color, let size, let isOpen):
            tags += 1
            line(
                "set label \(tags) '' at \(screen((left + right) / 2, place.height)) point pt \(isOpen ? 6 : 7) "
                    + "ps \(formatShortest(0.45 * size)) lc rgb '\(color)'")
        case .markers(let markers):
            for (index, marker) in markers.enumerated() {
                let share = (Double(index) + 0.5) / Double(markers.count)
                let middle = screen(left + share * (right - left), place.height)
                for look in (marker.isOpen ? [inside(of: marker)] : []) + [outline(of: marker)] {
                    tags += 1
                    line("set label \(tags) '' at \(middle) point \(look)")
                }
            }
        case .arrow(let look):
            tags += 1
            line(
                "set arrow \(tags) from \(screen(left, place.height)) to \(screen(right, place.height)) head filled "
                    + "size screen \(formatRounded(0.17 / layout.width)),18 fixed front \(style(look))")
        case .sign(let sign): label(sign, at: screen(left, place.height), "left")
        }
        label(entry.label, at: screen(place.text, place.height), "left")
    }

    /// A sign, or the line round an open one.
    private func outline(of marker: FigureMarker) -> String {
        // Gnuplot's open forms are one before the filled ones.
        let shape = marker.shape.rawValue - (marker.isOpen && marker.shape != .cross ? 1 : 0)
        return "pt \(shape) ps \(formatShortest(0.45 * marker.size)) lw \(marker.shape == .cross ? 1.3 : 0.8) "
            + "lc rgb '\(marker.color)'"
    }

    /// The white inside of an open sign.
    private func inside(of marker: FigureMarker) -> String {
        "pt \(marker.shape.rawValue) ps \(formatShortest(0.45 * marker.size)) lc rgb '#FFFFFF'"
    }

    private func style(_ stroke: FigureStroke) -> String {
        "lw \(number(stroke.width)) lc rgb '\(stroke.color)' dt \(stroke.dash.rawValue)"
    }

    /// A block of polylines and its name. Blocks stand before the plot command that uses them.
    private mutating func block(_ polylines: [[FigurePoint]]) -> String {
        // A plot of no points at all is an error to gnuplot; one point draws no line.
        let drawn = polylines.contains { !$0.isEmpty } ? polylines : [[FigurePoint(0, 0)]]
        let lines = Array(drawn.map { $0.map { "\(number($0.x)) \(number($0.y))" } }.joined(separator: [""]))
        return block(lines: lines)
    }

    /// A block of lines of data and its name.
    private mutating func block(lines: [String]) -> String {
        blocks += 1
        hereDocument("d\(blocks)", lines)
        return "$d\(blocks)"
    }
}
