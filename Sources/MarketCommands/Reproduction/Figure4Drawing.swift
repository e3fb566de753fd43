import CommandRun
import DissipativeMarket
import Figures

/// A panel of the published figure as it is drawn: what the original shows beside the diagram, and what this project adds.
struct Figure4Drawing {
    let panel: Figure4.Panel
    private let market: Market

    init(panel: Figure4.Panel) throws {
        self.panel = panel
        market = try panel.market()
    }

    /// The diagram with the panel's signs.
    func figure() throws -> PhaseFigure {
        var figure = PhaseFigure(
            market: market, intensities: .baseline, coordinates: .ratio, window: panel.window)
        figure.marksEquilibriumEnds = false
        switch panel.letter {
        case "d": figure.hasLabels = true
        case "e": figure.additions = try paths()
        default: figure.additions = limits()
        }
        return figure
    }

    /// All that the signs of the panels mean.
    static let legend: [FigureLegendEntry] =
        PhaseFigure.allRoles + [
            speculatorsEntry, sellersEntry, lowerEntry, upperEntry, startEntry, publishedEntry, flowEntry,
            equilibriaEntry,
        ]

    // MARK: - Limits, as panels a to c of the original show them

    private static let speculators = PhaseFigure.darkColor(of: .speculatingBuyer)
    private static let lower = FigureMarker(.diamond, color: "#5B2A86", size: 1.6)
    private static let upper = FigureMarker(.square, color: "#0B5C8E", size: 1.3)
    private static func foot(_ color: String) -> FigureMarker { FigureMarker(.circle, color: color, size: 0.9) }
    private static func cross(_ color: String) -> FigureMarker { FigureMarker(.cross, color: color, size: 1.1) }

    private static let speculatorsEntry = FigureLegendEntry(
        .markers([foot(speculators), cross(speculators)]), .markup("limit of speculating buyers, {/:Italic α}_b"))
    private static let sellersEntry = FigureLegendEntry(
        .markers([foot(FigureInk.ink), cross(FigureInk.ink)]), .markup("limit of sellers, {/:Italic α}_s"))
    private static let lowerEntry = FigureLegendEntry(
        .markers([lower]), .markup("LPs’ equilibrium limit {/:Italic γ}_{min}"))
    private static let upperEntry = FigureLegendEntry(
        .markers([upper]), .markup("LPs’ equilibrium limit {/:Italic γ}_{max}"))

    private func limits() -> (layers: [FigureLayer], legend: [FigureLegendEntry]) {
        let (speculating, selling) = (market.limits.speculatingBuyer, market.limits.seller)
        let reward = Figure4.Panel.externalRatio
        func signs(_ x: Double, _ color: String, hasCross: Bool = true) -> [FigureLayer] {
            [.markers([FigurePoint(x, 0)], Self.foot(color))]
                + (hasCross ? [.markers([FigurePoint(x, reward)], Self.cross(color))] : [])
        }
        var layers = signs(speculating, Self.speculators)
        // Where there is a band, its lower end stands in the place of the sellers' cross.
        layers += signs(selling, FigureInk.ink, hasCross: market.rewardBounds == nil)
        var legend = [Self.speculatorsEntry, Self.sellersEntry]
        if let bounds = market.rewardBounds {
            // Where both are one the original has the upper one's sign.
            if bounds.width > 0 {
                layers.append(.markers([FigurePoint(selling, bounds.lower)], Self.lower))
                legend.append(Self.lowerEntry)
            }
            layers.append(.markers([FigurePoint(market.limits.genuineBuyer, bounds.upper)], Self.upper))
            legend.append(Self.upperEntry)
        }
        return (layers, legend)
    }

    // MARK: - Paths, as panel e of the original shows them, and the sharp flow

    private static let start = FigureMarker(.circle, color: FigureInk.ink, size: 1.2, isOpen: true)
    private static let published = FigureStroke(color: FigureInk.ink, width: 0.7, dash: .dashed)
    private static let flow = FigureStroke(color: FigureInk.equilibrium, width: 1.4)

    private static let startEntry = FigureLegendEntry(.markers([start]), .plain("points pA … pD, as published"))
    private static let publishedEntry = FigureLegendEntry(.arrow(published), .plain("arrows, as published"))
    private static let flowEntry = FigureLegendEntry(.arrow(flow), .plain("sharp price flow (this project’s)"))
    private static let equilibriaEntry = FigureLegendEntry(
        .line(FigureStroke(color: FigureInk.equilibrium, width: 2)), .plain("balanced equilibria (this project’s)"))

    private func paths() throws -> (layers: [FigureLayer], legend: [FigureLegendEntry]) {
        guard let bounds = market.rewardBounds else { return ([], []) }
        let (from, to) = (market.limits.seller, market.limits.genuineBuyer)
        let starts = [("pA", 0.95), ("pB", bounds.upper), ("pC", 0.79), ("pD", bounds.lower)]
        var arrows: [FigureLayer] = []
        var signs: [FigureLayer] = []
        var texts: [FigureLayer] = []
        let (aside, above) = (0.06, 0.017)
        func text(_ name: String, _ x: Double, _ y: Double) {
            let role = Region(market: market, poolPrice: x, blockReward: y).role
            texts.append(.text(.plain(name), at: FigurePoint(x, y), ground: PhaseFigure.color(of: role)))
        }
        func sign(_ name: String, _ point: FigurePoint, _ dx: Double, _ dy: Double) {
            signs.append(.markers([point], Self.start))
            text(name, point.x + dx, point.y + dy)
        }
        for (name, reward) in starts {
            let flow = try SharpFlow(
                market: market, intensities: .baseline, poolPrice: from, blockReward: reward)
            if flow.restPrice > from {
                arrows.append(
                    .arrow(from: FigurePoint(from, reward), to: FigurePoint(flow.restPrice, reward), Self.flow))
            }
            arrows.append(.arrow(from: FigurePoint(from, reward), to: FigurePoint(to, reward), Self.published))
            sign(name, FigurePoint(from, reward), -aside, above)
            text(name + "′", to + aside, name == "pA" ? reward + above : reward - above)
        }
        if let crossing = market.equilibriumPrice(blockReward: 0.79) {
            sign("pC″", FigurePoint(crossing, 0.79), -aside, 1.3 * above)
        }
        arrows.append(.arrow(from: FigurePoint(from, bounds.lower), to: FigurePoint(0, bounds.lower), Self.published))
        sign("pD″", FigurePoint(0, bounds.lower), 1.2 * aside, above)
        return (
            arrows + signs + texts, [Self.startEntry, Self.publishedEntry, Self.flowEntry]
        )
    }
}
