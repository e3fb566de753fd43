import CommandRun
import DissipativeMarket
import Figures
import Reporting

/// The published phase diagrams: Figure 4 of the post "The Genesis of PinFi", which shows the figure of He, Mao, Li,
/// *Bounds of Block Rewards in Honest PinFi Systems* (arXiv:2404.02174).
///
/// Read off the figure: the ratios b and d, the labels of the regions, the windows, the signs, and the starts and arrows of
/// panel e. The boundaries, the sharp flow and the curve of equilibria are this project's.
enum Figure4 {
    struct Panel: Sendable {
        /// "a" to "e".
        let letter: String
        /// d = δ/(β + pθ).
        let reservationRatio: Double
        /// α/(β + pθ), up to here.
        let widest: Double
        /// γ/(β + pθ), from and to here.
        var rewards = 0...Figure4.highest

        /// b = β/(β + pθ), in all panels.
        static let externalRatio = 0.7

        /// The market in units of the seller's cost.
        func market() throws(ParameterError) -> Market {
            try Market(externalRatio: Self.externalRatio, reservationRatio: reservationRatio)
        }

        var window: PhaseWindow { PhaseWindow(x: 0...widest, y: rewards) }
    }

    static let panels = [
        Panel(letter: "a", reservationRatio: 0.7, widest: 3),
        Panel(letter: "b", reservationRatio: 1, widest: 3),
        Panel(letter: "c", reservationRatio: 4.0 / 3, widest: 3),
        Panel(letter: "d", reservationRatio: 1.32, widest: 3),
        Panel(letter: "e", reservationRatio: 1.3, widest: 1.5, rewards: 0.6...1),
    ]

    /// γ/(β + pθ), up to here, in all panels but e.
    static let highest = 1.5

    /// How finely a layout samples a panel.
    struct Size: Sendable {
        let columns: Int
        let rows: Int
        let boundaryTolerance: Double
    }

    /// Steps of 0.01 and less.
    static let full = Size(columns: 301, rows: 151, boundaryTolerance: 1e-6)
    /// Small enough to be kept under version control and read in a notebook.
    static let notebook = Size(columns: 41, rows: 31, boundaryTolerance: 1e-4)

    static func grid(_ panel: Panel, _ size: Size) throws(ParameterError) -> PhaseGrid? {
        guard let x = GridAxis(start: 0, stop: panel.widest, count: size.columns),
            let y = GridAxis(
                start: panel.rewards.lowerBound, stop: panel.rewards.upperBound, count: size.rows)
        else { return nil }
        return PhaseGrid(market: try panel.market(), coordinates: .ratio, x: x, y: y)
    }

    /// A panel's cells, as `pinfi phase` writes them.
    static func cells(_ panel: Panel, _ size: Size) throws(ParameterError) -> Table {
        guard let grid = try grid(panel, size) else {
            return Table(columns: [], source: .indexed(chunkCount: 0) { _ in TableChunk(rowCount: 0, columns: []) })
        }
        return PhaseTable(
            grid: grid, columns: PhaseColumn.standard(.ratio, agreement: false), cells: size.columns * size.rows,
            tally: nil
        ).table
    }

    /// A panel's boundaries, as `pinfi phase --boundaries` writes them, with the number of each vertex on its boundary.
    static func boundaries(_ panel: Panel, _ size: Size) throws(ParameterError) -> Table {
        let curves = try panel.market().boundaries(
            in: panel.window, coordinates: .ratio, tolerance: size.boundaryTolerance)
        let plain = BoundaryTable.table(curves, coordinates: .ratio)
        let columns =
            plain.columns.prefix(1) + [Column("vertex", .integer, summary: "number of the point on it, from 1")]
            + plain.columns.dropFirst()
        let chunks = curves.map { curve in
            TableChunk(
                rowCount: curve.points.count,
                columns: [
                    .label(curve.points.map { _ in BoundaryTable.code(of: curve.kind) }),
                    .integer(curve.points.indices.map { $0 + 1 }), .real(curve.points.map(\.x)),
                    .real(curve.points.map(\.y)),
                ])
        }
        return Table(columns: Array(columns), source: .indexed(chunkCount: chunks.count) { chunks[$0] })
    }

    /// The bounds of the block reward in each panel.
    static func bounds() throws(ParameterError) -> Table {
        var points: [MarketPoint] = []
        for panel in panels {
            points.append(
                MarketPoint(
                    market: try panel.market(), intensities: .baseline, poolPrice: nil, blockReward: nil))
        }
        let wanted = [
            "beta_ratio", "delta_ratio", "alpha_b", "alpha_s", "alpha_g", "gamma_min", "gamma_max", "band_width",
        ]
        let quantities = (PointQuantity.ratios + PointQuantity.limits + PointQuantity.band).filter {
            wanted.contains($0.column.name)
        }
        var builders = quantities.map { ColumnBuilder($0.column.kind) }
        for point in points {
            for index in quantities.indices { builders[index].append(quantities[index].value(point)) }
        }
        let chunk = TableChunk(
            rowCount: points.count, columns: [.label(panels.indices.map { UInt8($0) })] + builders.map(\.values))
        return Table(
            columns: [panelColumn] + quantities.map(\.column), source: .indexed(chunkCount: 1) { _ in chunk })
    }

    /// What the expected values that pinfi carries are about: limits, bounds, S(α) and α*(γ) at some places, and regions
    /// between the boundaries.
    static func expectedQuantities() throws(ParameterError) -> Table {
        var rows: (panel: [UInt8], quantity: [String?], x: [Double], y: [Double], value: [Double], region: [UInt8]) =
            ([], [], [], [], [], [])
        for (index, panel) in panels.enumerated() {
            func add(_ quantity: String, _ value: Double?, x: Double = .nan, y: Double = .nan, region: Region? = nil) {
                rows.panel.append(UInt8(index))
                rows.quantity.append(quantity)
                rows.x.append(x)
                rows.y.append(y)
                rows.value.append(value ?? .nan)
                rows.region.append(region?.code ?? ColumnValues.missingLabel)
            }
            let market = try panel.market()
            add("alpha_b", market.limits.speculatingBuyer)
            add("alpha_s", market.limits.seller)
            add("alpha_g", market.limits.genuineBuyer)
            if let bounds = market.rewardBounds {
                add("gamma_min", bounds.lower)
                add("gamma_max", bounds.upper)
                add("band_width", bounds.width)
            }
            for i in 1...12 {
                let x = panel.widest * Double(i) / 12
                add("payoff_seller", market.sellerPayoff(at: x), x: x)
            }
            for i in 0..<8 {
                let y = 0.7 + Double(i) / 8
                add("alpha_star", market.equilibriumPrice(blockReward: y), y: y)
            }
            for i in 0..<13 {
                for j in 0..<7 {
                    let x = (Double(i) + 0.41) * panel.widest / 13
                    let y = (Double(j) + 0.37) * highest / 7
                    add("region", nil, x: x, y: y, region: Region(market: market, poolPrice: x, blockReward: y))
                }
            }
        }
        let chunk = TableChunk(
            rowCount: rows.panel.count,
            columns: [
                .label(rows.panel), .text(rows.quantity), .real(rows.x), .real(rows.y), .real(rows.value),
                .label(rows.region),
            ])
        return Table(
            columns: [
                panelColumn, Column("quantity", .text), Column("x", .real), Column("y", .real),
                Column("value", .real), Column("region", .label(Region.allCases.map(\.rawValue))),
            ], source: .indexed(chunkCount: 1) { _ in chunk })
    }

    /// The same table of every panel under one header, with a column that says which.
    static func together(_ table: (Panel) throws -> Table) throws -> Table {
        var chunks: [TableChunk] = []
        var columns: [Column] = []
        for (index, panel) in panels.enumerated() {
            let part = try table(panel)
            columns = part.columns
            guard case .indexed(let count, let chunk) = part.source else { continue }
            for number in 0..<count {
                let piece = try chunk(number)
                chunks.append(
                    TableChunk(
                        rowCount: piece.rowCount,
                        columns: [.label(Array(repeating: UInt8(index), count: piece.rowCount))] + piece.columns))
            }
        }
        let all = chunks
        return Table(columns: [panelColumn] + columns, source: .indexed(chunkCount: all.count) { all[$0] })
    }

    private static let panelColumn = Column(
        "panel", .label(panels.map(\.letter)), summary: "panel of the published figure")

    /// The figure of one panel.
    static func figure(_ panel: Panel, size: FigureSheet.Size) throws -> FigureSheet {
        try Figure4Drawing(panel: panel).figure().sheet(size: size)
    }

    /// All five panels on one sheet, with one legend in the sixth place.
    static func sheet() throws -> FigureSheet {
        var sheet = FigureSheet([], columns: 2, size: .twoColumn)
        let panels = try panels.map { panel in
            var figure = try Figure4Drawing(panel: panel).figure()
            figure.title = panel.title
            figure.hasLegend = false
            figure.additions.legend = []
            return figure
        }
        let legend = Figure(
            legend: Figure4Drawing.legend, x: FigureAxis(.plain(""), range: 0...1),
            y: FigureAxis(.plain(""), range: 0...1), frame: .legend)
        sheet.figures = panels.map { $0.draft() } + [legend]
        sheet.figures = try panels.map { try $0.figure(in: sheet) } + [legend]
        return sheet
    }
}

extension Figure4.Panel {
    /// "(c) δ/(β + pθ) = 4/3".
    fileprivate var title: String {
        "(\(letter)) δ/(β + pθ) = \(reservationRatio == 4.0 / 3 ? "4/3" : formatRounded(reservationRatio))"
    }
}
