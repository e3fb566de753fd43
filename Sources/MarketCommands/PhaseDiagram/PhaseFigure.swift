import CommandRun
import DissipativeMarket
import Figures
import Foundation
import Reporting

/// The sharp phase diagram as a figure: areas by the role that dominates, genuine buyers hatched, the exact boundaries,
/// the limits and the equilibria marked.
struct PhaseFigure {
    let market: Market
    let intensities: TradeIntensities
    let coordinates: PhaseCoordinates
    let window: PhaseWindow
    var title: String?
    /// Whether regions carry their labels.
    var hasLabels = false
    /// Block rewards, in the figure's coordinates, along which arrows show where the sharp flow goes.
    var arrowRewards: [Double] = []
    /// Whether dots mark the ends of the balanced equilibria.
    var marksEquilibriumEnds = true
    /// Whether the roles are told above the frame; on a sheet of several diagrams one legend may serve all.
    var hasLegend = true
    /// What is drawn beside the diagram, on top of it, with what it means.
    var additions: (layers: [FigureLayer], legend: [FigureLegendEntry]) = ([], [])

    /// Colours that keep apart in grey and for the colour-blind: their luminances are 0.78, 0.61 and 0.30.
    static func color(of role: Role) -> String {
        switch role {
        case .liquidityProvider: "#D9E8F5"
        case .seller: "#F4BE6C"
        case .speculatingBuyer: "#A58BC0"
        }
    }

    /// The same hues, dark enough for signs.
    static func darkColor(of role: Role) -> String {
        switch role {
        case .liquidityProvider: "#1F5C99"
        case .seller: "#8A5400"
        case .speculatingBuyer: "#4D2C7A"
        }
    }

    /// How closely the polylines follow the curves, as a share of the window: far below what a printer resolves.
    private static let tolerance = 2e-5

    /// The diagram alone on a sheet.
    func sheet(size: FigureSheet.Size) throws -> FigureSheet {
        var sheet = FigureSheet([], size: size)
        // The measures depend on the title, and the placing of labels on the measures.
        sheet.figures = [draft()]
        sheet.figures = [try figure(in: sheet)]
        return sheet
    }

    /// The frame alone, from which a sheet's measures follow.
    func draft() -> Figure {
        let unit = coordinates.unit(in: market)
        return Figure(title: title.map(FigureText.plain), x: xAxis(unit: unit), y: yAxis(unit: unit))
    }

    /// - Throws: `ParameterError` where the window asks for too many vertices.
    func figure(in sheet: FigureSheet) throws -> Figure {
        let (x, y) = (window.x, window.y)
        let extent = min(x.upperBound - x.lowerBound, y.upperBound - y.lowerBound)
        let boundaries = try market.boundaries(
            in: window, coordinates: coordinates,
            tolerance: max(extent * Self.tolerance, Market.smallestBoundaryTolerance(in: window)))
        let curve = boundaries.first { $0.kind == .liquidityProviderSeller }?.points.map { FigurePoint($0.x, $0.y) }
        let unit = coordinates.unit(in: market)
        let limits = market.limits

        var layers: [FigureLayer] = [
            .area(
                rectangle(x.lowerBound, x.upperBound, y.lowerBound, y.upperBound),
                color: Self.color(of: .liquidityProvider))
        ]
        let sellers = sellerArea(curve: curve ?? [])
        if !sellers.isEmpty { layers.append(.area(sellers, color: Self.color(of: .seller))) }
        let speculators = rectangle(
            x.lowerBound, min(limits.speculatingBuyer / unit, x.upperBound), y.lowerBound,
            min(market.externalPrice / unit, y.upperBound))
        if !speculators.isEmpty { layers.append(.area(speculators, color: Self.color(of: .speculatingBuyer))) }
        let buyers = rectangle(
            x.lowerBound, min(limits.genuineBuyer / unit, x.upperBound), y.lowerBound, y.upperBound)
        if !buyers.isEmpty { layers.append(.hatching(buyers, color: FigureInk.faint)) }

        layers += borders(boundaries, unit: unit)
        layers += equilibria(boundaries: boundaries, unit: unit)
        layers += try arrows(unit: unit) + additions.layers
        let (labels, listed) = hasLabels ? labels(frame: FigureLayout(sheet).frameSize, unit: unit) : ([], [])
        let legend = (hasLegend ? roles(unit: unit) : []) + additions.legend + listed

        let figure = Figure(
            title: title.map(FigureText.plain), legend: legend, x: xAxis(unit: unit), y: yAxis(unit: unit),
            layers: layers + labels)
        return figure.scaled(x: FigureInk.scale(of: x), y: FigureInk.scale(of: y))
    }

    private func rectangle(_ left: Double, _ right: Double, _ bottom: Double, _ top: Double) -> [FigurePoint] {
        guard right > left, top > bottom else { return [] }
        return [
            FigurePoint(left, bottom), FigurePoint(right, bottom), FigurePoint(right, top), FigurePoint(left, top),
        ]
    }

    /// What lies below γ = S(α) and beyond α_s, in the window.
    private func sellerArea(curve: [FigurePoint]) -> [FigurePoint] {
        let (x, y) = (window.x, window.y)
        let unit = coordinates.unit(in: market)
        let left = max(x.lowerBound, market.limits.seller / unit)
        guard left < x.upperBound else { return [] }
        guard let first = curve.first, let last = curve.last else {
            // The curve passes above the window, or below it.
            let middle = market.sellerPayoff(at: (left + x.upperBound) / 2 * unit) / unit
            return middle >= y.upperBound ? rectangle(left, x.upperBound, y.lowerBound, y.upperBound) : []
        }
        var polygon = [FigurePoint(first.x, y.lowerBound)] + curve
        if last.x < x.upperBound { polygon.append(FigurePoint(x.upperBound, y.upperBound)) }
        polygon.append(FigurePoint(x.upperBound, y.lowerBound))
        return polygon
    }

    /// The part of γ = S(α) on which LPs, sellers and genuine buyers coexist, and its two ends.
    private func equilibria(boundaries: [Boundary], unit: Double) -> [FigureLayer] {
        guard let bounds = market.rewardBounds else { return [] }
        let end = market.limits.genuineBuyer / unit
        var layers: [FigureLayer] = []
        if let curve = boundaries.first(where: { $0.kind == .liquidityProviderSeller }) {
            let points = curve.points.filter { $0.x <= end }.map { FigurePoint($0.x, $0.y) }
            if points.count > 1 { layers.append(.curve(points, FigureStroke(color: FigureInk.equilibrium, width: 2))) }
        }
        let ends = [
            FigurePoint(market.limits.seller / unit, bounds.lower / unit), FigurePoint(end, bounds.upper / unit),
        ].filter { window.x.contains($0.x) && window.y.contains($0.y) }
        if !ends.isEmpty, marksEquilibriumEnds { layers.append(.dots(ends, color: FigureInk.equilibrium)) }
        return layers
    }

    /// Along each reward an arrow from either edge of the window to where the sharp flow brings the price.
    private func arrows(unit: Double) throws -> [FigureLayer] {
        let width = window.x.upperBound - window.x.lowerBound
        let stroke = FigureStroke(color: FigureInk.ink, width: 0.9)
        return try arrowRewards.filter(window.y.contains).flatMap { reward -> [FigureLayer] in
            let starts = [window.x.lowerBound + 0.03 * width, window.x.upperBound - 0.03 * width]
            return try starts.compactMap { start in
                let flow = try SharpFlow(
                    market: market, intensities: intensities, poolPrice: start * unit, blockReward: reward * unit)
                let end = flow.restPrice / unit
                guard abs(end - start) > 0.03 * width else { return nil }
                // Two that meet leave each other's heads visible.
                let short = end > start ? end - 0.012 * width : end + 0.012 * width
                return .arrow(from: FigurePoint(start, reward), to: FigurePoint(short, reward), stroke)
            }
        }
    }

    /// The exact boundaries: dashed where the dominating role is the same on both sides.
    private func borders(_ boundaries: [Boundary], unit: Double) -> [FigureLayer] {
        let (solid, dashed) = (
            FigureStroke(color: FigureInk.ink, width: 0.8),
            FigureStroke(color: FigureInk.ink, width: 0.8, dash: .dashed)
        )
        /// The corner (α_s, β), and the limit of speculating buyers, at which a border changes its look.
        let (corner, speculators) = (market.externalPrice / unit, market.limits.speculatingBuyer / unit)
        return boundaries.flatMap { boundary -> [FigureLayer] in
            let points = boundary.points.map { FigurePoint($0.x, $0.y) }
            guard let first = points.first, let last = points.last else { return [] }
            switch boundary.kind {
            case .genuineBuyerLimit: return [.curve(points, dashed)]
            case .sellerLimit:
                let (low, high) = (min(first.y, last.y), max(first.y, last.y))
                return pieces(low, high, cut: corner) { FigurePoint(first.x, $0) }.map {
                    .curve($0.points, $0.isBelow ? solid : dashed)
                }
            case .externalPrice:
                let (low, high) = (min(first.x, last.x), max(first.x, last.x))
                return pieces(low, high, cut: speculators) { FigurePoint($0, first.y) }.map {
                    .curve($0.points, $0.isBelow ? solid : dashed)
                }
            default: return [.curve(points, solid)]
            }
        }
    }

    /// A straight border in two where it passes the place at which its look changes.
    private func pieces(
        _ low: Double, _ high: Double, cut: Double, _ point: (Double) -> FigurePoint
    ) -> [(points: [FigurePoint], isBelow: Bool)] {
        let middle = min(max(cut, low), high)
        return [(low, middle, true), (middle, high, false)].filter { $0.0 < $0.1 }.map {
            ([point($0.0), point($0.1)], $0.2)
        }
    }

    /// What the colours and the hatching mean, of those that are in the window.
    private func roles(unit: Double) -> [FigureLegendEntry] {
        let there = regions(unit: unit)
        return Role.allCases.filter { role in there.contains { $0.role == role } }.map(Self.legendEntry)
            + (there.contains(where: \.hasGenuineBuyers) ? [Self.genuineBuyersEntry] : [])
            + (hasEquilibria(unit: unit) ? [Self.equilibriaEntry] : [])
    }

    /// Whether a part of the curve of balanced equilibria is in the window.
    private func hasEquilibria(unit: Double) -> Bool {
        guard let bounds = market.rewardBounds, bounds.width > 0 else { return false }
        return market.limits.seller / unit < window.x.upperBound
            && market.limits.genuineBuyer / unit > window.x.lowerBound
            && bounds.lower / unit < window.y.upperBound && bounds.upper / unit > window.y.lowerBound
    }

    private static let equilibriaEntry = FigureLegendEntry(
        .line(FigureStroke(color: FigureInk.equilibrium, width: 2)), .plain("balanced equilibria"))

    /// The legend of all roles, and of genuine buyers.
    static var allRoles: [FigureLegendEntry] { Role.allCases.map(legendEntry) + [genuineBuyersEntry] }

    private static func legendEntry(_ role: Role) -> FigureLegendEntry {
        FigureLegendEntry(.area(color: color(of: role)), .plain(role.title + "s"))
    }

    private static let genuineBuyersEntry = FigureLegendEntry(
        .hatching(color: FigureInk.faint), .plain("genuine buyers"))

    /// The regions that can be seen in the window.
    private func regions(unit: Double) -> Set<Region> {
        var found: Set<Region> = []
        let steps = 150
        func value(_ range: ClosedRange<Double>, _ step: Int) -> Double {
            range.lowerBound + (range.upperBound - range.lowerBound) * (Double(step) + 0.5) / Double(steps)
        }
        for cell in 0..<steps * steps {
            found.insert(
                Region(
                    market: market, poolPrice: value(window.x, cell % steps) * unit,
                    blockReward: value(window.y, cell / steps) * unit))
        }
        return found
    }

    /// The labels of regions where they have room, and the legend of those that have none.
    private func labels(
        frame: (width: Double, height: Double), unit: Double
    ) -> (layers: [FigureLayer], legend: [FigureLegendEntry]) {
        var placement = LabelPlacement(x: window.x, y: window.y, frame: frame)
        for case .text(let text, let place, _) in additions.layers {
            placement.take(FigureLayout.size(of: text), at: place)
        }
        for reward in arrowRewards {
            placement.take(
                (frame.width, 0.2), at: FigurePoint((window.x.lowerBound + window.x.upperBound) / 2, reward))
        }
        var layers: [FigureLayer] = []
        var legend: [FigureLegendEntry] = []
        let there = regions(unit: unit)
        for wanted in Region.allCases where there.contains(wanted) {
            let text = FigureText.plain(wanted.rawValue)
            // A code of two letters needs less room around it than words.
            let size = FigureLayout.size(of: text)
            let place = placement.place((size.width - 0.12, size.height)) {
                Region(market: market, poolPrice: $0.x * unit, blockReward: $0.y * unit) == wanted
            }
            if let place {
                layers.append(
                    .text(text, at: place, ground: wanted.hasGenuineBuyers ? Self.color(of: wanted.role) : nil))
            } else {
                legend.append(FigureLegendEntry(.sign(text), .plain(wanted.title)))
            }
        }
        return (layers, legend)
    }

    private func tokens(_ range: ClosedRange<Double>) -> String {
        FigureInk.power(of: FigureInk.scale(of: range)) + "tokens per unit"
    }

    private func xAxis(unit: Double) -> FigureAxis {
        let limits = market.limits
        return FigureAxis(
            coordinates == .ratio
                ? .markup("pool price {/:Italic α}/({/:Italic β} + {/:Italic pθ})")
                : .markup("pool price {/:Italic α} (\(tokens(window.x)))"),
            range: window.x,
            marks: marks(
                [("α", "b", limits.speculatingBuyer), ("α", "s", limits.seller), ("α", "g", limits.genuineBuyer)],
                unit: unit, joined: true))
    }

    private func yAxis(unit: Double) -> FigureAxis {
        let bounds = market.rewardBounds
        return FigureAxis(
            coordinates == .ratio
                ? .markup("block reward {/:Italic γ}/({/:Italic β} + {/:Italic pθ})")
                : .markup("block reward {/:Italic γ} (\(tokens(window.y)))"),
            range: window.y,
            marks: marks(
                bounds.map {
                    $0.width == 0
                        ? [("γ", "min},\n{/:Italic γ}_{max", $0.lower)]
                        : [("γ", "min", $0.lower), ("γ", "max", $0.upper)]
                } ?? [("β", "", market.externalPrice)],
                unit: unit, joined: false))
    }

    /// Marks; on the abscissa, those that coincide as one.
    private func marks(
        _ named: [(symbol: String, index: String, value: Double)], unit: Double, joined: Bool
    ) -> [FigureAxis.Mark] {
        var found: [(value: Double, text: String)] = []
        for (symbol, index, value) in named {
            let text = "{/:Italic \(symbol)}" + (index.isEmpty ? "" : "_{\(index)}")
            if joined, let same = found.firstIndex(where: { $0.value == value / unit }) {
                found[same].text += " = " + text
            } else {
                found.append((value / unit, text))
            }
        }
        return found.map { FigureAxis.Mark($0.value, .markup($0.text)) }
    }
}
