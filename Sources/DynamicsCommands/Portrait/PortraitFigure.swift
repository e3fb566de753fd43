import CommandRun
import DissipativeMarket
import Figures
import Foundation
import NumericalMethods
import Reporting
import RoleDynamics

/// A portrait as a figure: basins as areas of colour, the field as arrows, nullclines, trajectories, separatrices, and rest
/// points, filled where they are stable. In a frame, or in the triangle of the three shares.
struct PortraitFigure {
    let portrait: PhasePortrait
    let grid: PortraitGrid
    /// The place of each cell's attractor among the words of ``PortraitTable/attractors``; nil where basins are not
    /// asked for.
    let basins: [UInt8]?
    let nullclines: [PhasePortrait.Nullcline]
    let separatrices: [Separatrix]
    let trajectories: [PortraitPath]
    let title: String?

    private var section: PortraitSection { portrait.section }
    private var window: PhaseWindow { portrait.window }
    private var isSimplex: Bool { if case .simplex = grid { true } else { false } }

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        // The measures depend on the legend, and how long arrows are on the measures.
        let draft = figure(frame: (1, 0.75))
        let frame = FigureLayout(FigureSheet([draft], size: size)).frameSize
        return FigureSheet([figure(frame: frame)], size: size)
    }

    private func figure(frame: (width: Double, height: Double)) -> Figure {
        var layers: [FigureLayer] = []
        var legend: [FigureLegendEntry] = []
        if let basins { add(basins, to: &layers, &legend) }
        let bare = assembled(layers, legend)
        layers += arrows(x: bare.x.range, y: bare.y.range, frame: frame)
        for variable in PortraitVariable.allCases {
            // Faces would lie on the frame.
            let curves = nullclines.filter { $0.variable == variable && !$0.isFace }
            if curves.isEmpty { continue }
            let stroke = Self.stroke(of: variable)
            layers += curves.map { .curve($0.points.map(place), stroke) }
            legend.append(FigureLegendEntry(.line(stroke), .markup("d\(Self.symbol(variable))/d{/:Italic t} = 0")))
        }
        paths(&layers, &legend)
        restPoints(&layers, &legend, x: bare.x.range, y: bare.y.range)
        return assembled(layers, legend)
    }

    /// The layers in their frame: a triangle, or axes.
    private func assembled(_ layers: [FigureLayer], _ legend: [FigureLegendEntry]) -> Figure {
        let title = title.map(FigureText.plain)
        if isSimplex { return Self.triangle.figure(layers, divisions: 1, title: title, legend: legend) }
        return Figure(
            title: title, legend: legend, x: FigureAxis(.markup(Self.label(section.x)), range: window.x),
            y: FigureAxis(.markup(Self.label(section.y)), range: window.y), layers: layers)
    }

    // MARK: - Places

    private static let triangle = TernaryFrame(
        .plain("all provide liquidity"), .plain("all sell in the pool"), .plain("all sell externally"))

    /// The place of a point of the plane: in the triangle LPs are at the lower left, sellers at the lower right.
    private func place(_ point: PlanePoint) -> FigurePoint {
        isSimplex ? Self.triangle.point(point.x, point.y, 1 - point.x - point.y) : FigurePoint(point.x, point.y)
    }

    private func place(_ sample: MarketSample) -> FigurePoint { place(section.point(of: sample)) }

    private static func symbol(_ variable: PortraitVariable) -> String {
        switch variable {
        case .price: "{/:Italic x}"
        case .logPrice: "{/:Italic z}"
        case .observedLogPrice: "{/:Italic q}"
        case .liquidityProviders: "{/:Italic ℓ}"
        case .sellers: "{/:Italic s}"
        case .external: "{/:Italic e}"
        }
    }

    private static func label(_ variable: PortraitVariable) -> String {
        switch variable {
        case .price: "pool price {/:Italic x} = {/:Italic α}/{/:Italic c}"
        case .logPrice: "log price {/:Italic z} = ln {/:Italic x}"
        case .observedLogPrice: "log price {/:Italic q} that holders see"
        case .liquidityProviders: "share of LPs {/:Italic ℓ}"
        case .sellers: "share of sellers {/:Italic s}"
        case .external: "share of external sellers {/:Italic e}"
        }
    }

    private static func stroke(of variable: PortraitVariable) -> FigureStroke {
        switch variable {
        case .price, .logPrice: FigureStroke(color: "#00796B", width: 1.3)
        case .observedLogPrice: FigureStroke(color: FigureInk.faint, width: 1.3, dash: .dashed)
        case .liquidityProviders: FigureInk.liquidityProviders
        case .sellers: FigureInk.sellers
        case .external: FigureInk.external
        }
    }

    // MARK: - What is shown

    /// Light colours that keep apart, also in grey, in the order of ``PortraitTable/attractors``: not settled, a cycle, an
    /// escape, the rest points.
    private static let colors = [
        "#E3E3E3", "#D9C6E8", "#F0B8AE", "#C9DDD9", "#D3E6F5", "#FBE2B6", "#CFE8D5", "#EADCF2", "#F2D9D0", "#E1E1C8",
        "#D0E4E4",
        "#E6D3DC",
    ]
    private static let words =
        ["not settled", "to a cycle", "price falls for ever", "to a segment of rest points"]
        + (1...8).map { "to rest point \($0)" }

    private func add(_ basins: [UInt8], to layers: inout [FigureLayer], _ legend: inout [FigureLegendEntry]) {
        switch grid {
        case .plane(let x, let y):
            // Where there is no start nothing is behind the field.
            let none = UInt8(Self.colors.count)
            layers.append(
                .categories(
                    FigureGrid(
                        x: x.start...x.stop, y: y.start...y.stop, columns: x.count, cells: basins.map { min($0, none) }),
                    colors: Self.colors + ["#FFFFFF"]))
        case .simplex(let steps):
            var first = 0
            for row in 0...steps {
                let cells = basins.dropFirst(first).prefix(steps + 1 - row)
                first += steps + 1 - row
                var start = cells.startIndex
                while start < cells.endIndex {
                    let end = cells[start...].firstIndex { $0 != cells[start] } ?? cells.endIndex
                    if Self.colors.indices.contains(Int(cells[start])) {
                        let columns = start - cells.startIndex..<end - cells.startIndex
                        layers.append(
                            .area(hexagons(columns, row: row, steps: steps), color: Self.colors[Int(cells[start])]))
                    }
                    start = end
                }
            }
        }
        for code in Set(basins).sorted() where Self.colors.indices.contains(Int(code)) {
            legend.append(FigureLegendEntry(.area(color: Self.colors[Int(code)]), .plain(Self.words[Int(code)])))
        }
    }

    /// What is nearer to the points of a row of the simplex's lattice than to others, and a little more above and below, so
    /// that no gaps show.
    private func hexagons(_ columns: Range<Int>, row: Int, steps: Int) -> [FigurePoint] {
        func corner(_ column: Int, _ lp: Double, _ seller: Double) -> PlanePoint {
            let more = 1 + (abs(lp + seller) < 1.5 ? 0.03 : 0)
            return PlanePoint(
                (Double(column) + lp * more / 3) / Double(steps), (Double(row) + seller * more / 3) / Double(steps))
        }
        let last = columns.upperBound - 1
        let above =
            columns.flatMap { [corner($0, -2, 1), corner($0, -1, 2)] } + [corner(last, 1, 1), corner(last, 2, -1)]
        let below = columns.reversed().flatMap { [corner($0, 1, -2), corner($0, -1, -1)] }
        return Self.clipped(above + below).map(place)
    }

    /// What of a polygon lies in the simplex.
    private static func clipped(_ polygon: [PlanePoint]) -> [PlanePoint] {
        let sides: [(PlanePoint) -> Double] = [{ $0.x }, { $0.y }, { 1 - $0.x - $0.y }]
        return sides.reduce(polygon) { polygon, side in
            polygon.indices.flatMap { i -> [PlanePoint] in
                let (a, b) = (polygon[i], polygon[(i + 1) % polygon.count])
                let (u, v) = (side(a), side(b))
                let t = u / (u - v)
                let crossing = PlanePoint(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y))
                return (u >= 0 ? [a] : []) + ((u < 0) != (v < 0) ? [crossing] : [])
            }
        }
    }

    /// Arrows of the field, in the middles of boxes, their lengths by the cube root of the speed on paper.
    private func arrows(
        x: ClosedRange<Double>, y: ClosedRange<Double>, frame: (width: Double, height: Double)
    ) -> [FigureLayer] {
        let columns = frame.width > 10 ? 28 : 17
        let rows = max(Int((Double(columns) * frame.height / frame.width).rounded()), 1)
        // Coordinates a centimetre.
        let (across, up) = ((x.upperBound - x.lowerBound) / frame.width, (y.upperBound - y.lowerBound) / frame.height)
        let box =
            isSimplex ? 1 / across / Double(columns) : min(frame.width / Double(columns), frame.height / Double(rows))
        let found = arrowPoints(columns, rows).compactMap { point -> (place: FigurePoint, dx: Double, dy: Double)? in
            guard let velocity = try? portrait.velocity(at: point) else { return nil }
            let (u, v) = (velocity[section.x], velocity[section.y])
            let motion = isSimplex ? Self.triangle.point(u, v, -u - v) : FigurePoint(u, v)
            return (place(point), motion.x / across, motion.y / up)
        }
        let fastest = found.map { hypot($0.dx, $0.dy) }.max() ?? 0
        guard fastest > 0, fastest < .infinity else { return [] }
        let arrows = found.compactMap { arrow -> FigureArrow? in
            let speed = hypot(arrow.dx, arrow.dy)
            guard speed > 1e-9 * fastest else { return nil }
            let half = 0.45 * box * max(cbrt(speed / fastest), 0.3) / speed
            let (dx, dy) = (arrow.dx * half * across, arrow.dy * half * up)
            return FigureArrow(
                from: FigurePoint(arrow.place.x - dx, arrow.place.y - dy),
                to: FigurePoint(arrow.place.x + dx, arrow.place.y + dy))
        }
        return [.arrows(arrows, FigureStroke(color: "#8A8A8A", width: 0.5), head: 0.08)]
    }

    private func arrowPoints(_ columns: Int, _ rows: Int) -> [PlanePoint] {
        func share(_ index: Int, _ count: Int) -> Double { (Double(index) + 0.5) / Double(count) }
        if isSimplex {
            // The centres of the upright triangles of a lattice.
            let steps = columns
            return (0..<steps).flatMap { j in
                (0..<steps - j).map {
                    PlanePoint((Double($0) + 1.0 / 3) / Double(steps), (Double(j) + 1.0 / 3) / Double(steps))
                }
            }
        }
        let (x, y) = (window.x, window.y)
        return (0..<rows).flatMap { j in
            (0..<columns).map {
                PlanePoint(
                    x.lowerBound + (x.upperBound - x.lowerBound) * share($0, columns),
                    y.lowerBound + (y.upperBound - y.lowerBound) * share(j, rows))
            }
        }
    }

    private func paths(_ layers: inout [FigureLayer], _ legend: inout [FigureLegendEntry]) {
        let stroke = FigureStroke(color: FigureInk.ink, width: 0.8)
        for path in trajectories { layers.append(.curve(path.samples.map(place), stroke)) }
        if !trajectories.isEmpty {
            legend.append(
                FigureLegendEntry(.line(stroke), .plain(trajectories.count == 1 ? "trajectory" : "trajectories")))
        }
        for (isStable, dash, words) in [
            (false, FigureStroke.Dash.solid, "unstable manifold"), (true, .dashed, "stable manifold"),
        ] {
            let curves = separatrices.filter { $0.isStable == isStable }
            if curves.isEmpty { continue }
            let stroke = FigureStroke(color: FigureInk.equilibrium, width: 1.1, dash: dash)
            layers += curves.map { .curve($0.path.samples.map(place), stroke) }
            legend.append(FigureLegendEntry(.line(stroke), .plain(words)))
        }
    }

    private func restPoints(
        _ layers: inout [FigureLayer], _ legend: inout [FigureLegendEntry], x: ClosedRange<Double>,
        y: ClosedRange<Double>
    ) {
        let shown = portrait.restPoints.points.map {
            ($0.type?.isStable ?? false || $0.type == .sliding, place(portrait.sample($0)))
        }
        .filter { x.contains($0.1.x) && y.contains($0.1.y) }
        for (isStable, words) in [(true, "stable rest point"), (false, "unstable rest point")] {
            let points = shown.filter { $0.0 == isStable }.map(\.1)
            if points.isEmpty { continue }
            let text = FigureText.plain(words + (points.count == 1 ? "" : "s"))
            layers.append(.dots(points, color: FigureInk.ink, size: 1.2, isOpen: !isStable))
            legend.append(FigureLegendEntry(.dots(color: FigureInk.ink, size: 1.2, isOpen: !isStable), text))
        }
    }
}
