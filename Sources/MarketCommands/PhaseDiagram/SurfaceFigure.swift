import CommandRun
import DissipativeMarket
import Figures
import Foundation
import Reporting
import RoleDynamics

/// A surface of role dynamics as a figure: a heat map with a colour bar, or the regimes beside the sharp outcomes.
struct SurfaceFigure {
    let surface: RoleSurface
    let kept: SurfaceTally.Kept
    let title: String?

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        let scales = (x: FigureInk.scale(of: range(surface.x)), y: FigureInk.scale(of: range(surface.y)))
        let figures: [Figure] =
            switch surface.quantities.first {
            case .regime: [regimes, outcomes]
            case .stable: [stabilities]
            default: [heatMap]
            }
        // Beside each other where there is room for two.
        return FigureSheet(
            figures.map { $0.scaled(x: scales.x, y: scales.y) }, columns: size.isWide ? figures.count : 1,
            size: size)
    }

    // MARK: - A number

    private var heatMap: Figure {
        let quantity = surface.quantities.first ?? .restPrice
        let finite = kept.values.filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
        // What does not change has a colour of its own all the same.
        let range = low < high ? low...high : FigureInk.range(of: [low], margin: 0)
        let isWide = low > 0 && high / low > 50
        let scale = isWide ? 1 : FigureInk.scale(of: range)
        let bar = FigureAxis(
            .markup(Self.label(of: quantity) + (scale == 1 ? "" : " / \(FigureInk.power(of: scale))")),
            range: range.lowerBound / scale...range.upperBound / scale, scale: isWide ? .logarithmic : .linear)
        let cells = grid(kept.values.map { $0 / scale })
        var legend: [FigureLegendEntry] = []
        if finite.count < kept.values.count {
            legend.append(
                FigureLegendEntry(
                    .area(color: FigureColorScale.missing),
                    .plain(quantity == .criticalLag ? "no critical lag" : "no value")))
        }
        return figure(
            title: title, legend: legend, layer: .heatMap(cells, FigureColorScale(bar)),
            edges: (cells.xEdges, cells.yEdges)
        )
    }

    // MARK: - Words

    private var regimes: Figure {
        words(title ?? "role dynamics", kept.regimes, RestRegime.allCases.map(\.rawValue), Self.color)
    }

    private var stabilities: Figure {
        words(title ?? "role dynamics", kept.stabilities, ["stable", "unstable"], Self.color)
    }

    private var outcomes: Figure {
        words("sharp model", kept.outcomes, Outcome.allCases.map(\.rawValue), Self.color)
    }

    private func words(
        _ title: String, _ codes: [UInt8], _ words: [String], _ color: (String) -> String
    ) -> Figure {
        let cells = grid(codes)
        var legend = words.enumerated().filter { codes.contains(UInt8($0.offset)) }.map {
            FigureLegendEntry(.area(color: color($0.element)), .plain($0.element))
        }
        if codes.contains(ColumnValues.missingLabel) {
            legend.append(FigureLegendEntry(.area(color: FigureColorScale.missing), .plain("no value")))
        }
        return figure(
            title: title, legend: legend, layer: .categories(cells, colors: words.map(color)),
            edges: (cells.xEdges, cells.yEdges))
    }

    /// What corresponds has one colour on both sides. Apart in grey (CIE L* 82, 68, 48, 38) and for the colour-blind.
    private static func color(of word: String) -> String {
        switch word {
        case "exodus", "lp-exodus": "#F6C66B"
        case "balanced": "#6FB1DC"
        case "scarcity", "seller-scarcity": "#8463A6"
        case "stable": "#6FB1DC"
        case "unstable": "#A3262F"
        default: "#F1EFEA"
        }
    }

    // MARK: - The frame

    private func figure(
        title: String?, legend: [FigureLegendEntry], layer: FigureLayer,
        edges: (x: ClosedRange<Double>, y: ClosedRange<Double>)
    ) -> Figure {
        func axis(_ axis: RoleSurface.Axis, _ range: ClosedRange<Double>) -> FigureAxis {
            let scale = FigureInk.scale(of: self.range(axis))
            return FigureAxis(
                .markup(Self.label(of: axis.parameter) + (scale == 1 ? "" : " / \(FigureInk.power(of: scale))")),
                range: range)
        }
        return Figure(
            title: title.map(FigureText.plain), legend: legend, x: axis(surface.x, edges.x),
            y: axis(surface.y, edges.y),
            layers: [layer])
    }

    private func grid<Cell>(_ cells: [Cell]) -> FigureGrid<Cell> {
        func kept(_ axis: RoleSurface.Axis, _ places: [Int]) -> ClosedRange<Double> {
            axis.values[places.first ?? 0]...axis.values[places.last ?? 0]
        }
        return FigureGrid(
            x: kept(surface.x, self.kept.columns), y: kept(surface.y, self.kept.rows), columns: self.kept.columns.count,
            cells: cells)
    }

    private func range(_ axis: RoleSurface.Axis) -> ClosedRange<Double> { axis.values.start...axis.values.stop }

    private static func label(of quantity: SurfaceQuantity) -> String {
        switch quantity {
        case .restPrice: "price at rest {/:Italic α} (tokens per unit)"
        case .x: "price at rest {/:Italic x} = {/:Italic α}/{/:Italic c}"
        case .shareLP: "share of liquidity providers"
        case .shareSeller: "share of sellers"
        case .shareExternal: "share of external sellers"
        case .slowestEigenvalue: "slowest eigenvalue (1/{/:Italic T})"
        case .criticalLag: "critical lag / {/:Italic T}"
        case .regime: "regime"
        case .stable: "stable"
        }
    }

    private static func label(of parameter: ParameterName) -> String {
        let symbol = parameter.symbol.split(separator: "_")
        let marked = "{/:Italic \(symbol[0])}" + (symbol.count > 1 ? "_\(symbol[1])" : "")
        switch parameter {
        case .ratio(let ratio):
            return "\(ratio.parameter.title) {/:Italic \(ratio.parameter.symbol)}/({/:Italic β} + {/:Italic pθ})"
        case .revision(.demandWidth): return "width of demand \(marked)"
        case .revision(.rationality): return "rationality \(marked)"
        case .revision(.depthExponent): return "exponent of depth \(marked)"
        case .revision(.lag): return "observation lag \(marked)/{/:Italic T}"
        case .revision: return "\(parameter.title) \(marked)"
        case .intensity(.genuineBuyers): return "genuine buyers' intensity \(marked)"
        case .intensity(.speculatingBuyers): return "speculating buyers' intensity \(marked)"
        case .intensity(.sellers): return "sellers' intensity \(marked)"
        case .market: return "\(parameter.title) \(marked)" + (parameter.unit.isEmpty ? "" : " (\(parameter.unit))")
        }
    }
}
