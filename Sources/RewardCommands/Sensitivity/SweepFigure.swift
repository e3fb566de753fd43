import CommandRun
import DissipativeMarket
import Figures
import Foundation
import Reporting
import RewardStudies
import RoleDynamics

/// A sweep as a figure: curves where one parameter varies, a map of colours where two do, and else the samples over each
/// parameter.
struct SweepFigure {
    let setup: StudySetup
    let rows: [SweepSample.Row]
    let title: String?

    /// The rows that a figure shows: of a curve or a sample a few thousand, of a map a few hundred along each axis.
    static func keptRows(of points: any PointSet) -> KeptRows {
        if let grid = points as? GridDesign, grid.axes.count == 2 {
            return KeptRows(counts: grid.axes.map(\.count), most: 300)
        }
        return KeptRows(counts: [points.count], most: mostDots)
    }

    /// The most dots of a frame.
    private static let mostDots = 4000
    /// The most frames of a sheet.
    private static let mostFrames = 12

    /// Whether two ranges vary, and so cells lie beside each other.
    private var isMap: Bool { setup.varied.count == 2 && setup.distributions.allSatisfy { $0 == nil } }

    /// Throws where no figure could show the sweep.
    static func check(_ setup: StudySetup, isAsked: Bool) throws {
        guard isAsked else { return }
        let frames = setup.varied.count == 1 ? 1 : setup.varied.count * setup.quantities.count
        guard frames <= mostFrames else {
            throw CommandFailure(
                .usage,
                "--plot of \(setup.varied.count) varied parameters and \(setup.quantities.count) quantities takes "
                    + "\(frames) frames; at most \(mostFrames) are drawn. Ask for fewer quantities.")
        }
    }

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        var sheet: FigureSheet
        if setup.varied.count == 1, setup.distributions[0] == nil {
            sheet = curves(size)
        } else if isMap {
            sheet = maps(size)
        } else {
            sheet = samples(size)
        }
        if let title, !sheet.figures.isEmpty { sheet.figures[0].title = .plain(title) }
        return sheet
    }

    // MARK: - Curves

    private static let strokes = [
        FigureInk.liquidityProviders, FigureInk.sellers, FigureInk.external,
        FigureStroke(color: FigureInk.equilibrium, width: 1.3),
    ]

    /// A frame for the quantities of a unit, or two where a frame would have too many curves.
    private func curves(_ size: FigureSheet.Size) -> FigureSheet {
        let x = axis(0)
        let words = setup.quantities.indices.filter { !setup.quantities[$0].words.isEmpty }
        var groups: [[Int]] = words.map { [$0] }
        for place in setup.quantities.indices where !words.contains(place) {
            let same = groups.firstIndex { group in
                group.count < Self.strokes.count && !words.contains(group[0])
                    && setup.quantities[group[0]].unit == setup.quantities[place].unit
            }
            if let same { groups[same].append(place) } else { groups.append([place]) }
        }
        let figures = groups.map { group -> Figure in
            let quantity = setup.quantities[group[0]]
            let y: FigureAxis
            if quantity.words.isEmpty {
                let values = group.lazy.flatMap { place in rows.lazy.map { $0.values[place] } }
                y = FigureAxis(
                    group.count == 1 ? label(quantity) : .plain(quantity.unit),
                    range: FigureInk.range(of: Array(values), margin: 0.05))
            } else {
                y = wordAxis(quantity)
            }
            var legend: [FigureLegendEntry] = []
            var layers: [FigureLayer] = []
            for (index, place) in group.enumerated() {
                let stroke = Self.strokes[index % Self.strokes.count]
                for piece in pieces(place) {
                    layers.append(
                        piece.count == 1 ? .dots(piece, color: stroke.color) : .curve(piece, stroke))
                }
                if group.count > 1 {
                    legend.append(FigureLegendEntry(.line(stroke), .plain(setup.quantities[place].rawValue)))
                }
            }
            return scaled(Figure(legend: legend, x: x, y: y, layers: layers))
        }
        return FigureSheet(figures, size: size, sharesHorizontalAxis: true)
    }

    /// The pieces of a curve, which ends where there is no value, and where a word changes.
    private func pieces(_ place: Int) -> [[FigurePoint]] {
        let isWord = !setup.quantities[place].words.isEmpty
        var pieces: [[FigurePoint]] = []
        var open = false
        var last = Double.nan
        for row in rows {
            let value = row.values[place]
            guard value.isFinite else {
                open = false
                continue
            }
            if !open || (isWord && value != last) { pieces.append([]) }
            pieces[pieces.count - 1].append(FigurePoint(row.parameters[0], value))
            open = true
            last = value
        }
        return pieces
    }

    // MARK: - Maps

    /// A frame a quantity: cells coloured by value, or by word.
    private func maps(_ size: FigureSheet.Size) -> FigureSheet {
        let figures = setup.quantities.indices.map { place -> Figure in
            let quantity = setup.quantities[place]
            var figure = Figure(title: .plain(quantity.rawValue), x: axis(0), y: axis(1))
            if quantity.words.isEmpty {
                let grid = cells {
                    $0.values[place]
                } missing: {
                    Double.nan
                }
                let range = FigureInk.range(of: grid.cells, margin: 0)
                (figure.x.range, figure.y.range) = (grid.xEdges, grid.yEdges)
                figure.layers = [.heatMap(grid, FigureColorScale(FigureAxis(label(quantity), range: range)))]
            } else {
                let grid = cells {
                    $0.values[place].isNaN ? UInt8.max : UInt8($0.values[place])
                } missing: {
                    UInt8.max
                }
                let colors = Self.wordColors(quantity)
                (figure.x.range, figure.y.range) = (grid.xEdges, grid.yEdges)
                figure.layers = [.categories(grid, colors: colors)]
                figure.legend = zip(quantity.words, colors).map { FigureLegendEntry(.area(color: $1), .plain($0)) }
            }
            return scaled(figure)
        }
        return FigureSheet(figures, columns: size.isWide && figures.count > 1 ? 2 : 1, size: size)
    }

    /// The words' colours: grey for the first, an empty band, then as the roles that leave or stay.
    private static func wordColors(_ quantity: Quantity) -> [String] {
        let colors = ["#E4E4E4", FigureInk.external.color, FigureInk.sellers.color, FigureInk.liquidityProviders.color]
        return quantity.words.indices.map { colors[$0 % colors.count] }
    }

    /// The rows that were kept, in their places on the two axes, every how many-th value of each.
    private func cells<Cell>(
        _ value: (SweepSample.Row) -> Cell, missing: () -> Cell
    ) -> FigureGrid<Cell> where Cell: Sendable & Equatable {
        let (xs, ys) = (places(0), places(1))
        var cells = [Cell](repeating: missing(), count: max(xs.values.count * ys.values.count, 1))
        for row in rows {
            guard let i = xs.index[row.parameters[0]], let j = ys.index[row.parameters[1]] else { continue }
            cells[j * xs.values.count + i] = value(row)
        }
        func range(_ values: [Double]) -> ClosedRange<Double> { (values.first ?? 0)...(values.last ?? 1) }
        return FigureGrid(x: range(xs.values), y: range(ys.values), columns: xs.values.count, cells: cells)
    }

    private func places(_ parameter: Int) -> (values: [Double], index: [Double: Int]) {
        let values = Set(rows.lazy.map { $0.parameters[parameter] }).sorted()
        return (values, Dictionary(uniqueKeysWithValues: zip(values, 0...)))
    }

    // MARK: - Samples

    /// A frame for each quantity over each parameter.
    private func samples(_ size: FigureSheet.Size) -> FigureSheet {
        let figures = setup.quantities.indices.flatMap { place -> [Figure] in
            let quantity = setup.quantities[place]
            return setup.varied.indices.map { parameter in
                let dots = rows.compactMap { row -> FigurePoint? in
                    let value = row.values[place]
                    return value.isFinite ? FigurePoint(row.parameters[parameter], value) : nil
                }
                let y =
                    quantity.words.isEmpty
                    ? FigureAxis(label(quantity), range: FigureInk.range(of: dots.map(\.y), margin: 0.05))
                    : wordAxis(quantity)
                return scaled(
                    Figure(
                        x: axis(parameter), y: y,
                        layers: [.dots(dots, color: FigureInk.liquidityProviders.color, size: 0.4)]))
            }
        }
        return FigureSheet(figures, columns: size.isWide ? 2 : 1, size: size)
    }

    // MARK: - Axes

    private func axis(_ parameter: Int) -> FigureAxis {
        let name = setup.varied[parameter].name
        return FigureAxis(
            parameterLabel(name), range: FigureInk.range(of: rows.map { $0.parameters[parameter] }, margin: 0.03))
    }

    private func parameterLabel(_ name: ParameterName) -> FigureText {
        // Names of the program's own: the one underscore is that of κ_s.
        .markup(name.title + " " + name.symbol + (name.unit.isEmpty ? "" : " (\(name.unit))"))
    }

    private func label(_ quantity: Quantity) -> FigureText {
        .plain(quantity.rawValue + (quantity.unit.isEmpty ? "" : " (\(quantity.unit))"))
    }

    /// Along which words stand.
    private func wordAxis(_ quantity: Quantity) -> FigureAxis {
        FigureAxis(
            .plain(""), range: -0.5...Double(quantity.words.count) - 0.5,
            numbers: .names(quantity.words.map(FigureText.plain)))
    }

    /// Numbers that would be long in units of a power of ten, which the axes say.
    private func scaled(_ figure: Figure) -> Figure {
        let scales = (x: FigureInk.scale(of: figure.x.range), y: FigureInk.scale(of: figure.y.range))
        var figure = figure
        func tell(_ axis: inout FigureAxis, _ scale: Double) {
            guard scale != 1 else { return }
            let suffix = " / \(formatShortest(scale))"
            switch axis.label {
            case .plain(let text): axis.label = .plain(text + suffix)
            case .markup(let text): axis.label = .markup(text + suffix)
            }
        }
        tell(&figure.x, scales.x)
        tell(&figure.y, scales.y)
        return figure.scaled(x: scales.x, y: scales.y)
    }
}
