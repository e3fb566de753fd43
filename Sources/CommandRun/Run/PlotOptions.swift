import ArgumentParser
import Figures
import Foundation
import Reporting

/// The options of commands that can draw.
package struct PlotOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Draw the figure with gnuplot into this file.", valueName: "file.svg|.pdf|.png"),
        transform: plotFile)
    package var plot: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Write the gnuplot script that draws it.", valueName: "file.gp"))
    package var plotScript: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Its size in cm, 12x8 for example, or one-column (8.6 cm wide, the default) or two-column (17.8 cm), "
                + "as high as the figure asks for.", valueName: "size"),
        transform: plotSizeArgument)
    package var plotSize: FigureSheet.Size?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Its font and the size of it in points, 5 to 12. Default: Liberation Sans,7.5.", valueName: "name[,size]"),
        transform: plotFontArgument)
    package var plotFont: FigureFont?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The ends of its x axis; dates where it has dates.", valueName: "from:to"),
        transform: plotRangeArgument)
    package var xRange: ClosedRange<Double>?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The ends of its y axis.", valueName: "from:to"),
        transform: plotRangeArgument)
    package var yRange: ClosedRange<Double>?

    @Flag(help: "Make its x axis logarithmic.")
    package var logX = false

    @Flag(help: "Make its y axis logarithmic.")
    package var logY = false

    @Option(
        parsing: .unconditional, help: ArgumentHelp("A title above the figure.", valueName: "text"),
        transform: plotTitleArgument)
    package var title: String?

    /// How large a sheet is laid out: one whose font has its usual size, and which the font that was asked for magnifies
    /// to the size that was asked for.
    package var size: FigureSheet.Size {
        let size = plotSize ?? .oneColumn
        let scale = (plotFont ?? FigureFont()).size / FigureFont.usualSize
        return FigureSheet.Size(width: size.width / scale, height: size.height.map { $0 / scale })
    }

    /// A sheet of this ``size`` as the options ask for it.
    ///
    /// - Throws: `FigureRequestError` where the figure cannot be so.
    package func applied(to sheet: FigureSheet) throws -> FigureSheet {
        var sheet = sheet
        sheet.font = plotFont ?? FigureFont()
        return try sheet.honouring(
            FigureRequest(
                x: .init(range: xRange, isLogarithmic: logX), y: .init(range: yRange, isLogarithmic: logY)))
    }

    /// Whether anything is to be drawn.
    package var isAsked: Bool { plot != nil || plotScript != nil }

    /// The outputs, for the check that no two are one.
    package var outputs: [(option: String, path: String?)] {
        [("--plot", plot), ("--plot-script", plotScript)].filter { $0.1 != nil }
    }

    /// Finds gnuplot and opens the outputs, before the computation starts.
    package func prepare(opening open: (String) throws -> OutputDestination) throws -> PreparedPlot {
        PreparedPlot(
            options: self, gnuplot: try plot.map { _ in try Gnuplot() },
            format: plot.flatMap(FigureFormat.init(fileName:)) ?? .svg,
            picture: try plot.map(open), script: try plotScript.map(open),
            pictureName: plot.map { URL(fileURLWithPath: $0).lastPathComponent }
                ?? URL(fileURLWithPath: plotScript ?? "figure").deletingPathExtension().lastPathComponent + ".svg")
    }

    package init() {}
}

/// A place for a figure, opened, with the gnuplot that will draw it.
package struct PreparedPlot {
    package let options: PlotOptions
    package let gnuplot: Gnuplot?
    package let format: FigureFormat
    package let picture: OutputDestination?
    package let script: OutputDestination?
    package let pictureName: String

    /// Draws the sheet and writes it, without putting it in place yet.
    package func draw(_ sheet: FigureSheet) throws {
        let sheet = try options.applied(to: sheet)
        if let gnuplot, let picture {
            let bytes = try gnuplot.draw(sheet, format: format)
            try bytes.withUnsafeBytes { try picture.write($0) }
        }
        try script?.write(GnuplotScript(sheet, format: format).standalone(outputName: pictureName))
    }

    package func commit() throws {
        try picture?.commit()
        try script?.commit()
    }
}

/// A transform for the name of a figure's file.
private func plotFile(_ text: String) throws -> String {
    guard FigureFormat(fileName: text) != nil else {
        throw ArgumentFault("the ending tells the format; allowed: .svg, .pdf, .png")
    }
    return text
}

/// A transform for the size of a figure: a name, or its width and height in centimetres.
private func plotSizeArgument(_ text: String) throws -> FigureSheet.Size {
    switch text {
    case "one-column": return .oneColumn
    case "two-column": return .twoColumn
    default: break
    }
    let allowed = "one-column, two-column, or width x height in cm, each from 3 to 100, 12x8 for example"
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "x" || $0 == "×" }
    guard parts.count == 2 else { throw ArgumentFault("allowed: \(allowed)") }
    let sides = try parts.map { try decimalNumber(String($0), allowed: allowed) }
    guard sides.allSatisfy({ (3...100).contains($0) }) else { throw ArgumentFault("allowed: \(allowed)") }
    return FigureSheet.Size(width: sides[0], height: sides[1])
}

/// A transform for a font: its family, and after a comma its size in points.
private func plotFontArgument(_ text: String) throws -> FigureFont {
    let allowed =
        "a name of letters, digits, blanks, hyphens and full stops, and after a comma a size from 5 to 12, "
        + "'Liberation Serif,8' for example"
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let family = parts.first else { throw ArgumentFault("allowed: \(allowed)") }
    let size = try parts.count == 2 ? decimalNumber(parts[1], allowed: allowed) : FigureFont.usualSize
    guard let font = FigureFont(family: family, size: size) else { throw ArgumentFault("allowed: \(allowed)") }
    return font
}

/// A transform for the ends of an axis: two numbers, or two dates by ISO 8601.
private func plotRangeArgument(_ text: String) throws -> ClosedRange<Double> {
    let allowed = "two ends from:to, from below to, 0.5:2 for example, or 2024-03-01:2024-04-01 along dates"
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { throw ArgumentFault("allowed: \(allowed)") }
    let ends = try parts.map { part -> Double in
        if part.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil, case .time(let instant, _) = TimeReading(part) {
            return Double(instant.nanoseconds) / 1e9
        }
        return try decimalNumber(part, allowed: allowed)
    }
    guard ends[0] < ends[1] else { throw ArgumentFault("allowed: \(allowed)") }
    return ends[0]...ends[1]
}

/// A transform for a title, of a length for which there is room.
private func plotTitleArgument(_ text: String) throws -> String {
    guard text.count <= 300, text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count <= 8 else {
        throw ArgumentFault("allowed: a title of at most 300 characters and 8 lines")
    }
    return text
}
