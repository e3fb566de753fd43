import DissipativeMarket
import Foundation
import NumericalMethods
import Reporting
import RoleDynamics

/// A portrait as a figure: basins as areas of colour, the field as arrows, nullclines, trajectories, separatrices, and rest
/// points, filled where they are stable. In a frame, or in the triangle of the three shares.
struct PortraitFigure {
    let portrait: PhasePortrait
    let grid: PortraitGrid
    /// The cells, by number from 0.
    let rows: [Int: PortraitRow]
    let showsBasins: Bool
    let nullclines: [PhasePortrait.Nullcline]
    let separatrices: [Separatrix]
    let trajectories: [PortraitPath]
    let title: String?

    private var section: PortraitSection { portrait.section }
    private var window: PhaseWindow { portrait.window }
    private var isSimplex: Bool { if case .simplex = grid { true } else { false } }

    func sheet(width: FigureSheet.Width) -> FigureSheet {
        // The measures depend on the legend, and the triangle's place on the measures.
        let draft = figure(frame: (1, 0.75))
        let frame = FigureLayout(FigureSheet([draft], width: width)).frameSize
        return FigureSheet([figure(frame: frame)], width: width)
    }

    private func figure(frame: (width: Double, height: Double)) -> Figure {
        let axes = axes(frame: frame)
        var layers: [FigureLayer] = []
        var legend: [FigureLegendEntry] = []
        if showsBasins { basins(&layers, &legend) }
        if isSimplex {
            let corners = [FigurePoint(0, 0), FigurePoint(1, 0), FigurePoint(0.5, Self.height), FigurePoint(0, 0)]
            layers.append(.curve(corners, FigureStroke(color: FigureInk.ink, width: 0.6)))
        }
        layers += arrows(axes, frame: frame)
        for variable in PortraitVariable.allCases {
            let curves = nullclines.filter { $0.variable == variable }
            if curves.isEmpty { continue }
            let stroke = Self.stroke(of: variable)
            layers += curves.map { .curve($0.points.map(place), stroke) }
            legend.append(FigureLegendEntry(.line(stroke), .markup("d\(Self.symbol(variable))/d{/:Italic t} = 0")))
        }
        paths(&layers, &legend)
        restPoints(&layers, &legend, axes)
        if isSimplex {
            layers += [
                .text(.plain("all provide liquidity"), at: FigurePoint(0, -0.06), boxed: false),
                .text(.plain("all sell in the pool"), at: FigurePoint(1, -0.06), boxed: false),
                .text(.plain("all sell externally"), at: FigurePoint(0.5, Self.height + 0.05), boxed: false),
            ]
        }
        return Figure(
            title: title.map(FigureText.plain), legend: legend, x: axes.x, y: axes.y, layers: layers,
            hasFrame: !isSimplex)
    }

    // MARK: - Places

    /// Of the equilateral triangle.
    private static let height = 0.75.squareRoot()

    /// The place of a point of the plane: in the triangle LPs are at the lower left, sellers at the lower right.
    private func place(_ point: PlanePoint) -> FigurePoint {
        guard isSimplex else { return FigurePoint(point.x, point.y) }
        let external = 1 - point.x - point.y
        return FigurePoint(point.y + external / 2, external * Self.height)
    }

    private func place(_ sample: MarketSample) -> FigurePoint { place(section.point(of: sample)) }

    private func axes(frame: (width: Double, height: Double)) -> (x: FigureAxis, y: FigureAxis) {
        guard isSimplex else {
            return (
                FigureAxis(.markup(Self.label(section.x)), range: window.x),
                FigureAxis(.markup(Self.label(section.y)), range: window.y)
            )
        }
        // Equal scales, with room for the corners' labels below and above.
        let high = Self.height + 0.2
        let wide = max(high * frame.width / frame.height, 1.3)
        let tall = wide * frame.height / frame.width
        return (
            FigureAxis(.plain(""), range: 0.5 - wide / 2...0.5 + wide / 2),
            FigureAxis(.plain(""), range: Self.height / 2 - tall / 2...Self.height / 2 + tall / 2)
        )
    }

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

    /// Light colours that keep apart, also in grey; none for what has not settled.
    private static func color(of attractor: PortraitAttractor) -> String {
        let points = ["#D3E6F5", "#FBE2B6", "#CFE8D5", "#EADCF2", "#F2D9D0", "#E1E1C8", "#D0E4E4", "#E6D3DC"]
        return switch attractor {
        case .restPoint(let number): points[(max(number, 1) - 1) % points.count]
        case .cycle: "#D9C6E8"
        case .escapeToZero: "#F0B8AE"
        case .notSettled: "#E3E3E3"
        }
    }

    private func basins(_ layers: inout [FigureLayer], _ legend: inout [FigureLegendEntry]) {
        var cells: [PortraitAttractor: [[FigurePoint]]] = [:]
        for index in rows.keys.sorted() {
            guard let row = rows[index], let attractor = row.basin?.attractor else { continue }
            cells[attractor, default: []].append(cell(index, row.point))
        }
        let order = cells.keys.sorted { $0.name < $1.name }
        for attractor in order {
            layers += (cells[attractor] ?? []).map { .area($0, color: Self.color(of: attractor)) }
            legend.append(
                FigureLegendEntry(.area(color: Self.color(of: attractor)), .markup(words(attractor))))
        }
    }

    private func words(_ attractor: PortraitAttractor) -> String {
        switch attractor {
        case .restPoint(let number):
            "to rest point \(number)"
        case .cycle: "to a cycle"
        case .escapeToZero: "price falls for ever"
        case .notSettled: "not settled"
        }
    }

    /// The polygon of a cell: what is nearer to its point than to the others'.
    private func cell(_ index: Int, _ point: PlanePoint) -> [FigurePoint] {
        switch grid {
        case .plane(let x, let y):
            let (left, right) = (max(point.x - x.step / 2, x.start), min(point.x + x.step / 2, x.stop))
            let (low, high) = (max(point.y - y.step / 2, y.start), min(point.y + y.step / 2, y.stop))
            return [
                FigurePoint(left, low), FigurePoint(right, low), FigurePoint(right, high), FigurePoint(left, high),
            ]
        case .simplex(let steps):
            let third = 1 / (3 * Double(steps))
            let corners = [(1, 1), (2, -1), (1, -2), (-1, -1), (-2, 1), (-1, 2)].map {
                PlanePoint(point.x + Double($0.0) * third, point.y + Double($0.1) * third)
            }
            return Self.clipped(corners).map(place)
        }
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
        _ axes: (x: FigureAxis, y: FigureAxis), frame: (width: Double, height: Double)
    ) -> [FigureLayer] {
        let columns = frame.width > 10 ? 26 : 15
        let rows = max(Int((Double(columns) * frame.height / frame.width).rounded()), 1)
        let box = min(frame.width / Double(columns), frame.height / Double(rows))
        let (width, height) = (
            axes.x.range.upperBound - axes.x.range.lowerBound, axes.y.range.upperBound - axes.y.range.lowerBound
        )
        var found: [(place: FigurePoint, dx: Double, dy: Double)] = []
        for point in arrowPoints(columns, rows) {
            guard let velocity = try? portrait.velocity(at: point) else { continue }
            let here = place(point)
            let (u, v) = (velocity[section.x], velocity[section.y])
            let (x, y) = isSimplex ? (v - (u + v) / 2, -(u + v) * Self.height) : (u, v)
            found.append((here, x / width * frame.width, y / height * frame.height))
        }
        let fastest = found.map { hypot($0.dx, $0.dy) }.max() ?? 0
        guard fastest > 0, fastest < .infinity else { return [] }
        let stroke = FigureStroke(color: "#8A8A8A", width: 0.5)
        return found.compactMap { arrow in
            let speed = hypot(arrow.dx, arrow.dy)
            guard speed > 1e-9 * fastest else { return nil }
            let length = 0.9 * box * max(cbrt(speed / fastest), 0.35)
            let (dx, dy) = (
                arrow.dx / speed * length / 2 / frame.width * width, arrow.dy / speed * length / 2 / frame.height * height
            )
            return .arrow(
                from: FigurePoint(arrow.place.x - dx, arrow.place.y - dy),
                to: FigurePoint(arrow.place.x + dx, arrow.place.y + dy), stroke)
        }
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
            legend.append(FigureLegendEntry(.line(stroke), .plain(trajectories.count == 1 ? "trajectory" : "trajectories")))
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
        _ layers: inout [FigureLayer], _ legend: inout [FigureLegendEntry], _ axes: (x: FigureAxis, y: FigureAxis)
    ) {
        let shown = portrait.restPoints.points.map { ($0.type?.isStable ?? false || $0.type == .sliding, place(portrait.sample($0))) }
            .filter { axes.x.range.contains($0.1.x) && axes.y.range.contains($0.1.y) }
        for (isStable, words) in [(true, "stable rest point"), (false, "unstable rest point")] {
            let points = shown.filter { $0.0 == isStable }.map(\.1)
            if points.isEmpty { continue }
            let text = FigureText.plain(words + (points.count == 1 ? "" : "s"))
            layers.append(
                isStable ? .dots(points, color: FigureInk.ink) : .circles(points, color: FigureInk.ink))
            legend.append(
                FigureLegendEntry(isStable ? .dots(color: FigureInk.ink) : .circles(color: FigureInk.ink), text))
        }
    }
}
