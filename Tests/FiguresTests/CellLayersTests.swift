// Heat maps, categories, fields of arrows, open dots, figures without axes.
import Foundation
import TestSupport
import Testing

@testable import Figures

@Suite struct CellLayersTests {
    private static func axis(_ range: ClosedRange<Double>, _ scale: FigureAxis.Scale = .linear) -> FigureAxis {
        FigureAxis(.plain("axis"), range: range, scale: scale)
    }

    private func figure(_ layers: [FigureLayer], x: FigureAxis = axis(0...1), y: FigureAxis = axis(0...1)) -> Figure {
        Figure(x: x, y: y, layers: layers)
    }

    private func script(_ figure: Figure) -> String { GnuplotScript(FigureSheet([figure]), format: .svg).text }

    // MARK: - Colours

    @Test func coloursOfValues() {
        let two = FigurePalette.stops(["#000000", "#FF0080"])
        let linear = FigureColorScale(Self.axis(-1...3), palette: two)
        // The ends, beyond them, the middle (0.5 of 255 colour steps is between two of them), no value.
        #expect(linear.colors(of: [-1, 3, -9, .infinity, .nan]) == [0, 0xFF0080, 0, 0xFF0080, 0xC4C4C4])
        #expect(linear.colors(of: [1]) == [0x800040])
        let logarithmic = FigureColorScale(Self.axis(0.01...100, .logarithmic), palette: two)
        #expect(logarithmic.colors(of: [1.02, 0, -5, 100]) == [0x800040, 0, 0, 0xFF0080])
        // A range of one value.
        #expect(FigureColorScale(Self.axis(2...2), palette: two).colors(of: [2]) == [0x800040])
        #expect(FigurePalette.stops([]).colors(2) == [0, 0])
        #expect(FigurePalette.stops(["#123456"]).colors(2) == [0x123456, 0x123456])
        #expect(colorText(0x00AB01) == "#00AB01")
        #expect(colorNumber("#00AB01") == 0xAB01)
    }

    /// The relative luminance of viridis increases, so that it survives a greyscale print; the diverging one is even.
    @Test func palettesAreOrdered() {
        func luminance(_ color: Int) -> Double {
            let parts = [16, 8, 0].map { shift -> Double in
                let part = Double(color >> shift & 255) / 255
                return part <= 0.04045 ? part / 12.92 : Foundation.pow((part + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }
        let sequential = FigurePalette.sequential.colors(64).map(luminance)
        #expect(zip(sequential, sequential.dropFirst()).allSatisfy { $0 < $1 })
        let diverging = FigurePalette.diverging.colors(65).map(luminance)
        #expect(diverging.max() == diverging[32])
        #expect(zip(diverging[...32], diverging[1...32]).allSatisfy { $0 < $1 })
        #expect(zip(diverging[32...], diverging[33...]).allSatisfy { $0 > $1 })
    }

    // MARK: - Rasters

    /// Few cells: a pixel each, whose edges are half a step beyond the centres.
    @Test func fewCellsAreDrawnOneByOne() throws {
        let grid = FigureGrid<UInt8>(x: 0...2, y: 1...2, columns: 3, cells: [0, 1, 0, 1, 7, 0, 1])
        #expect(grid.rows == 2)
        #expect(grid.xEdges == -0.5...2.5)
        #expect(grid.yEdges == 0.5...2.5)
        let raster = try #require(
            GridRaster(grid, colors: ["#000001", "#000002"], x: Self.axis(0...2), y: Self.axis(0.5...2.5)))
        #expect(raster.columns == 3)
        #expect(raster.rows == 2)
        #expect(raster.isDrawnByPixel)
        #expect(raster.colors == [1, 2, 1, 2, 0xC4C4C4, 1])
        #expect(raster.x == -0.25...1.25)
        #expect(raster.y == 0...1)
    }

    /// Whatever the axes, every pixel shows the category of the cell that its centre lies in.
    @Test(arguments: [FigureAxis.Scale.linear, .logarithmic])
    func pixelsShowTheCellAtTheirCentre(_ scale: FigureAxis.Scale) throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<20 {
            let columns = Int(generator.uniform(70...1200))
            let low = generator.uniform(0.1...2)
            let high = low + generator.uniform(0.1...5)
            let cells = (0..<columns * 90).map { _ in UInt8(generator.uniform(0...3)) }
            let grid = FigureGrid(x: low...high, y: 0...1, columns: columns, cells: cells)
            let colors = ["#000000", "#000001", "#000002", "#000003"]
            let axis = Self.axis(generator.uniform(0.05...low)...generator.uniform(low + 0.05...8), scale)
            let raster = try #require(GridRaster(grid, colors: colors, x: axis, y: Self.axis(0...1)))
            #expect(raster.columns == GridRaster.most)
            #expect(!raster.isDrawnByPixel)
            let step = (high - low) / Double(columns - 1)
            for pixel in 0..<raster.columns {
                let share = (Double(pixel) + 0.5) / Double(raster.columns)
                let shown = raster.x.lowerBound + share * (raster.x.upperBound - raster.x.lowerBound)
                let place = (axis.value(at: shown) - low) / step
                #expect(place > -0.5 - 1e-6 && place < Double(columns) - 0.5 + 1e-6)
                // The lowest row of pixels shows the lowest row of cells; a pixel with several cells, one of these.
                let half = max(raster.x.upperBound - raster.x.lowerBound, 1) / Double(raster.columns) / 2
                let reach = (axis.value(at: min(shown + half, 1)) - axis.value(at: max(shown - half, 0))) / step / 2
                let nearest = max(Int(place - reach), 0)...min(Int(place + reach) + 1, columns - 1)
                #expect(nearest.contains { Int(cells[$0]) == raster.colors[pixel] })
            }
        }
    }

    /// A million cells: a pixel is the mean of those in it that have a value, missing where most have none.
    @Test func manyCellsAreAveraged() throws {
        let palette = FigurePalette.stops(["#000000", "#0000FF"])
        let scale = FigureColorScale(Self.axis(0...255), palette: palette)
        var cells = (0..<1_000_000).map { cell -> Double in
            let (row, column) = (cell / 1000, cell % 1000)
            return (row + column) % 2 == 0 ? 0 : 200
        }
        // The lower half of the left half has no value, and one more cell elsewhere, and one that is not finite.
        for row in 0..<500 { for column in 0..<500 { cells[row * 1000 + column] = .nan } }
        cells[800 * 1000 + 801] = .nan
        let grid = FigureGrid(x: 0...999, y: 0...999, columns: 1000, cells: cells)
        let axis = Self.axis(-0.5...999.5)
        let raster = try #require(GridRaster(grid, scale, x: axis, y: axis))
        #expect(raster.columns == 400)
        #expect(raster.rows == 400)
        #expect(raster.x == 0...1)
        var wrong = 0
        for row in 0..<400 {
            for column in 0..<400 {
                let color = raster.colors[row * 400 + column]
                if row == 320, column == 320 {
                    // Three cells of four, one of them 200.
                    wrong += color == 67 ? 0 : 1
                } else if row < 199, column < 199 {
                    wrong += color == 0xC4C4C4 ? 0 : 1
                } else if row > 200 || column > 200 {
                    // 2 or 3 cells by 2 or 3, of which 4 of 9 to 5 of 9 are 200.
                    wrong += (88...125).contains(color) ? 0 : 1
                }
            }
        }
        #expect(wrong == 0)
        let text = script(Figure(x: axis, y: axis, layers: [.heatMap(grid, scale)]))
        #expect(text.utf8.count < 2_000_000)
    }

    @Test func rastersOfOddGrids() throws {
        let axis = Self.axis(0...1)
        func raster(_ grid: FigureGrid<UInt8>, _ x: FigureAxis) -> GridRaster? {
            GridRaster(grid, colors: ["#000000", "#000001"], x: x, y: axis)
        }
        // No cells, no length, far outside, what is not finite.
        #expect(raster(FigureGrid(x: 0...1, y: 0...1, columns: 5, cells: [1]), axis) == nil)
        #expect(raster(FigureGrid(x: 1...1, y: 0...1, columns: 2, cells: [1, 0, 1, 0]), axis) == nil)
        #expect(raster(FigureGrid(x: 5...6, y: 0...1, columns: 2, cells: [1, 0, 1, 0]), axis) == nil)
        let most = Double.greatestFiniteMagnitude
        #expect(raster(FigureGrid(x: -most...most, y: 0...1, columns: 2, cells: [1, 0, 1, 0]), axis) == nil)
        #expect(raster(FigureGrid(x: 0...1, y: 0...1, columns: 2, cells: [1, 0, 1, 0]), Self.axis(1...1)) == nil)
        // One cell fills the frame; one column is as wide as it; no number of columns is 1.
        let one = try #require(raster(FigureGrid(x: 3...3, y: 0...0, columns: 0, cells: [1]), axis))
        #expect(one.colors.allSatisfy { $0 == 1 })
        #expect(one.x == 0...1)
        #expect(one.y == 0...1)
        let column = try #require(raster(FigureGrid(x: 3...3, y: 0...1, columns: 1, cells: [0, 1]), axis))
        #expect(column.colors.first == 0)
        #expect(column.colors.last == 1)
    }

    /// No range of an axis makes a trap, however long, short or endless it is.
    @Test func rastersOfOddAxes() {
        let most = Double.greatestFiniteMagnitude
        let ranges = [
            0...0, -most...most, 0...5e-324, 1e300...1e308, -.infinity...Double.infinity, 0...Double.infinity,
            -1e11...3e11,
        ]
        let cells = [1, .nan, .infinity, -.infinity, 0, most, -most, 1, 2]
        for range in ranges {
            for other in ranges + [0...1] {
                for scale in [FigureAxis.Scale.linear, .logarithmic] {
                    let (x, y) = (Self.axis(range, scale), Self.axis(0...1))
                    for columns in [1, 3] {
                        let grid = FigureGrid(x: other, y: 0...1, columns: columns, cells: cells)
                        let raster = GridRaster(grid, FigureColorScale(x), x: x, y: y)
                        #expect(raster.map { $0.x.lowerBound.isFinite && $0.x.upperBound.isFinite } ?? true)
                    }
                    #expect(x.verticalNumbers(length: 3).count <= 64)
                }
            }
        }
    }

    // MARK: - Layers in the script

    @Test func scriptOfCells() {
        let grid = FigureGrid(x: 0...1, y: 0...1, columns: 2, cells: [0, 1, 1, .nan])
        let scale = FigureColorScale(FigureAxis(.plain("it's `value`"), range: 0...1), palette: .diverging)
        var map = figure([.heatMap(grid, scale)])
        map.x.marks = [.init(0.5, nil, guide: FigureStroke())]
        let text = script(map)
        #expect(text.contains("\(0x053061) \(0x67001F)\n\(0x67001F) \(0xC4C4C4)\nEND"))
        #expect(text.contains("axes x2y2 with rgbimage pixels"))
        #expect(text.contains("nohead front lw 0.7"))
        #expect(text.split(separator: "\n").count { $0.contains("`value`") } == 1)
        // A bar of colours has its room, with and without labels of marks before it.
        let plain = FigureLayout(FigureSheet([figure([])]))
        let layout = FigureLayout(FigureSheet([map]))
        #expect(layout.frameSize.width < plain.frameSize.width && layout.frameSize.width > 5)
        for marks in [[], [FigureAxis.Mark(0.5, .plain("mark"))]] {
            map.y.marks = marks
            let sheet = FigureSheet([map, map], columns: 2, size: .twoColumn)
            let layout = FigureLayout(sheet)
            let bar = layout.bar(of: map)
            #expect(bar.left > layout.frameSize.width + (marks.isEmpty ? 0.1 : 0.9))
            #expect(bar.right < bar.numbers)
            #expect(bar.numbers < bar.label)
            #expect(layout.frame(0).left + bar.label + 0.15 < layout.frame(1).left - 1)
            #expect(layout.frame(1).left + bar.label + 0.15 < layout.width)
        }
        // Cells of categories have none.
        let kinds = figure([.categories(FigureGrid(x: 0...1, y: 0...1, columns: 2, cells: [0, 1, 1, 0]), colors: [])])
        #expect(FigureLayout(FigureSheet([kinds])).frameSize == plain.frameSize)
        #expect(!script(figure([])).contains("x2range"))
    }

    @Test func numbersAlongABar() {
        func numbers(_ range: ClosedRange<Double>, _ scale: FigureAxis.Scale) -> [String] {
            Self.axis(range, scale).verticalNumbers(length: 3).map { $0.text.lines.joined() }
        }
        #expect(numbers(0...1, .linear) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
        #expect(numbers(0.1...1000, .logarithmic) == (-1...3).map { "10^{\($0)}" })
        #expect(numbers(0.5...20, .logarithmic) == ["0.5", "1", "2", "5", "10", "20"])
        #expect(numbers(2...4, .logarithmic) == ["2", "3", "4"])
        #expect(numbers(2.1...2.9, .logarithmic) == ["2.1", "2.9"])
        #expect(numbers(1e-300...1e300, .logarithmic).count <= 8)
        #expect(numbers(1...1, .linear) == ["1", "1"])
    }

    @Test func scriptOfArrowsAndDots() {
        let (a, b) = (FigurePoint(0, 0.5), FigurePoint(0.25, 0.25))
        let arrows = [
            FigureArrow(from: a, to: b), FigureArrow(from: a, to: a), FigureArrow(from: a, to: FigurePoint(.nan, 0)),
            FigureArrow(from: FigurePoint(.infinity, 0), to: b), FigureArrow(from: b, to: a),
        ]
        let text = script(figure([.arrows(arrows, FigureStroke())]))
        #expect(text.contains("<< END\n0 0.5 0.25 -0.25\n0.25 0.25 -0.25 0.25\nEND"))
        #expect(text.contains("using 1:2:3:4 with vectors head filled size graph 0.0142"))
        #expect(!script(figure([.arrows([arrows[1]], FigureStroke())])).contains("vectors"))
        let dots = script(figure([.dots([a], color: "#123456", size: 2, isOpen: true), .dots([a], color: "#654321")]))
        #expect(dots.contains("pt 7 ps 0.9 lc rgb '#FFFFFF'"))
        #expect(dots.contains("pt 6 ps 0.9 lw 0.8 lc rgb '#123456'"))
        #expect(dots.contains("pt 7 ps 0.45 lc rgb '#654321'"))
        var open = figure([])
        open.legend = [FigureLegendEntry(.dots(color: "#123456", size: 2, isOpen: true), .plain("unstable"))]
        #expect(script(open).contains("point pt 6 ps 0.9 lc rgb '#123456'"))
    }

    @Test func scaledLayers() {
        let grid = FigureGrid(x: 10...20, y: 100...300, columns: 2, cells: [1.0, 2, 3, 4])
        let kinds = FigureGrid<UInt8>(x: 10...20, y: 100...300, columns: 2, cells: [1, 2, 3, 4])
        let scale = FigureColorScale(Self.axis(1...4))
        let arrow = FigureArrow(from: FigurePoint(10, 100), to: FigurePoint(20, 200))
        var scaled = figure([
            .heatMap(grid, scale), .categories(kinds, colors: ["#000000"]), .arrows([arrow], FigureStroke()),
            .dots([arrow.to], color: "#000000", size: 2, isOpen: true),
        ])
        scaled.hasEqualScales = true
        scaled.frame = .bare
        scaled = scaled.scaled(x: 10, y: 100)
        #expect(scaled.hasEqualScales)
        #expect(scaled.frame == .bare)
        #expect(
            scaled.layers == [
                .heatMap(FigureGrid(x: 1...2, y: 1...3, columns: 2, cells: grid.cells), scale),
                .categories(FigureGrid(x: 1...2, y: 1...3, columns: 2, cells: kinds.cells), colors: ["#000000"]),
                .arrows([FigureArrow(from: FigurePoint(1, 1), to: FigurePoint(2, 2))], FigureStroke()),
                .dots([FigurePoint(2, 2)], color: "#000000", size: 2, isOpen: true),
            ])
    }

    // MARK: - Frames

    /// A unit is as long across as up in every figure that asks for it, whatever the others are.
    @Test func equalScales() {
        func figure(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> Figure {
            Figure(x: Self.axis(x), y: Self.axis(y), hasEqualScales: true)
        }
        let figures = [figure(0...2, 0...1), figure(0...1, -3...3), figure(-5...5, 0...1), figure(0...1, 0...1)]
        for first in figures {
            let sheet = FigureSheet([first] + figures, columns: 2, size: .twoColumn)
            let frame = FigureLayout(sheet).frameSize
            for (figure, shown) in zip(sheet.figures, sheet.withEqualScales(frame: frame).figures) {
                let across = (shown.x.range.upperBound - shown.x.range.lowerBound) / frame.width
                let up = (shown.y.range.upperBound - shown.y.range.lowerBound) / frame.height
                #expect(abs(across / up - 1) < 1e-12)
                // All that was to be seen is.
                #expect(shown.x.range.lowerBound <= figure.x.range.lowerBound + 1e-12)
                #expect(shown.y.range.upperBound >= figure.y.range.upperBound - 1e-12)
            }
        }
        let flat = FigureSheet([figure(1...1, 0...1)])
        #expect(flat.withEqualScales(frame: (4, 3)) == flat)
    }

    @Test func ternaryFrame() throws {
        let frame = TernaryFrame(.plain("a"), .plain("b"), .plain("c"))
        // Sides of length 1; the centre is equally far from all corners.
        let corners = [frame.point(1, 0, 0), frame.point(0, 1, 0), frame.point(0, 0, 1)]
        let centre = frame.point(1 / 3.0, 1 / 3.0, 1 / 3.0)
        func distance(_ a: FigurePoint, _ b: FigurePoint) -> Double {
            ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
        }
        for (index, corner) in corners.enumerated() {
            // A few roundings of numbers up to 1.
            #expect(abs(distance(corner, corners[(index + 1) % 3]) - 1) < 1e-15)
            #expect(abs(distance(corner, centre) - 1 / 3.0.squareRoot()) < 1e-15)
        }
        let figure = frame.figure([.dots([centre], color: "#000000")])
        let text = script(figure)
        #expect(text.contains("set border 0\nunset xtics\nunset ytics\nunset xlabel"))
        #expect(text.contains("set xtics nomirror"))
        #expect(figure.layers.count == 12 + 1 + 4)
        #expect(frame.figure([], divisions: 0).layers.count == 4)
    }

    /// The real program draws all of it, beside each other, in each format.
    @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"), arguments: FigureFormat.allCases)
    func gnuplotDrawsThem(format: FigureFormat) throws {
        let scale = FigureColorScale(Self.axis(0.01...1, .logarithmic))
        let grid = FigureGrid(x: 0...1, y: 0...1, columns: 80, cells: (0..<6400).map { Double($0) / 6400 })
        let small = FigureGrid(x: 0...1, y: 0...1, columns: 2, cells: [0.01, 0.1, .nan, 1])
        let frame = TernaryFrame(.plain("a"), .plain("b"), .plain("c"))
        let arrow = FigureArrow(from: FigurePoint(0, 0), to: FigurePoint(0.5, 0.5))
        let logarithmic = Self.axis(0.1...1, .logarithmic)
        let figures = [
            figure([.heatMap(grid, scale), .arrows([arrow], FigureStroke())]), figure([.heatMap(small, scale)]),
            figure([.heatMap(small, scale)], x: logarithmic, y: logarithmic),
            frame.figure([.dots([frame.point(1, 0, 0)], color: "#000000", isOpen: true)]),
            figure([.categories(FigureGrid(x: 0...0, y: 0...0, columns: 1, cells: [0]), colors: ["#00FF00"])]),
        ]
        let picture = try Gnuplot().draw(FigureSheet(figures, columns: 2, size: .twoColumn), format: format)
        #expect(picture.count > 1000)
    }
}
