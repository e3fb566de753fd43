import ArgumentParser
import Figures
import Foundation
import Reporting

/// The options of commands that can draw.
struct PlotOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Draw the figure with gnuplot into this file.", valueName: "file.svg|.pdf|.png"),
        transform: plotFile)
    var plot: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Write the gnuplot script that draws it.", valueName: "file.gp"))
    var plotScript: String?

    @Option(parsing: .unconditional, help: "Width of a journal's column (8.6 cm), or of both (17.8 cm).")
    var plotWidth: FigureSheet.Width = .oneColumn

    @Option(parsing: .unconditional, help: ArgumentHelp("A title above the figure.", valueName: "text"))
    var title: String?

    /// Whether anything is to be drawn.
    var isAsked: Bool { plot != nil || plotScript != nil }

    /// The outputs, for the check that no two are one.
    var outputs: [(option: String, path: String?)] {
        [("--plot", plot), ("--plot-script", plotScript)].filter { $0.1 != nil }
    }

    /// Finds gnuplot and opens the outputs, before the computation starts.
    func prepare(opening open: (String) throws -> OutputDestination) throws -> PreparedPlot {
        PreparedPlot(
            gnuplot: try plot.map { _ in try Gnuplot() }, format: plot.flatMap(FigureFormat.init(fileName:)) ?? .svg,
            picture: try plot.map(open), script: try plotScript.map(open),
            pictureName: plot.map { URL(fileURLWithPath: $0).lastPathComponent }
                ?? URL(fileURLWithPath: plotScript ?? "figure").deletingPathExtension().lastPathComponent + ".svg")
    }
}

/// A place for a figure, opened, with the gnuplot that will draw it.
struct PreparedPlot {
    let gnuplot: Gnuplot?
    let format: FigureFormat
    let picture: OutputDestination?
    let script: OutputDestination?
    let pictureName: String

    /// Draws the sheet and writes it, without putting it in place yet.
    func draw(_ sheet: FigureSheet) throws {
        if let gnuplot, let picture {
            let bytes = try gnuplot.draw(sheet, format: format)
            try bytes.withUnsafeBytes { try picture.write($0) }
        }
        try script?.write(GnuplotScript(sheet, format: format).standalone(outputName: pictureName))
    }

    func commit() throws {
        try picture?.commit()
        try script?.commit()
    }
}

extension FigureSheet.Width: ExpressibleByArgument {}

/// A transform for the name of a figure's file.
private func plotFile(_ text: String) throws -> String {
    guard FigureFormat(fileName: text) != nil else {
        throw ArgumentFault("the ending tells the format; allowed: .svg, .pdf, .png")
    }
    return text
}
