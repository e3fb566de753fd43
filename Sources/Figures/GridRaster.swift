// The cells of a grid as the pixels of a picture.

/// Colours of pixels over a rectangle of the frame.
///
/// A grid of few cells has a pixel for each. One of many is drawn with 400 × 400 pixels at most, whatever its size, so
/// that a figure of a million cells is as small as one of a hundred thousand: there a pixel shows the mean of the cells
/// whose centres it covers, or for categories the cell at its own centre.
struct GridRaster {
    /// The pixels' columns and rows.
    let columns, rows: Int
    /// 0xRRGGBB, row after row from the lowest one.
    let colors: [Int]
    /// The edges of the rectangle, as shares of the frame's width and height.
    let x, y: ClosedRange<Double>
    /// Whether each pixel is drawn as a rectangle: viewers smooth embedded pictures, and with few pixels that is seen.
    let isDrawnByPixel: Bool

    /// The most pixels along one side.
    static let most = 400
    /// The most cells that are drawn as a rectangle each.
    static let mostRectangles = 4096

    /// One axis of the raster: the cells that each pixel shows, and its ends.
    private struct Side {
        let spans: [Range<Int>]
        let shares: ClosedRange<Double>
    }

    /// A heat map; nil where none of it is in the frame.
    init?(_ grid: FigureGrid<Double>, _ scale: FigureColorScale, x: FigureAxis, y: FigureAxis) {
        self.init(grid, x: x, y: y) { columns, rows in
            var means: [Double] = []
            means.reserveCapacity(columns.count * rows.count)
            for row in rows {
                for column in columns { means.append(Self.mean(grid, columns: column, rows: row)) }
            }
            return scale.colors(of: means)
        }
    }

    /// Categories; nil where none of the grid is in the frame.
    init?(_ grid: FigureGrid<UInt8>, colors: [String], x: FigureAxis, y: FigureAxis) {
        let numbers = colors.map(colorNumber)
        let missing = colorNumber(FigureColorScale.missing)
        self.init(grid, x: x, y: y) { columns, rows in
            rows.flatMap { row in
                columns.map { column in
                    let cell = Int(grid.cells[Self.middle(row) * grid.columns + Self.middle(column)])
                    return cell < numbers.count ? numbers[cell] : missing
                }
            }
        }
    }

    private init?<Cell>(
        _ grid: FigureGrid<Cell>, x: FigureAxis, y: FigureAxis, colors: ([Range<Int>], [Range<Int>]) -> [Int]
    ) {
        guard grid.rows > 0 else { return nil }
        let few =
            grid.columns > 1 && grid.rows > 1 && x.scale == .linear && y.scale == .linear
            && grid.columns <= Self.mostRectangles / grid.rows
        let sides =
            few
            ? (Self.wholeSide(grid.x, grid.columns, x), Self.wholeSide(grid.y, grid.rows, y))
            : (Self.side(grid.x, grid.columns, x), Self.side(grid.y, grid.rows, y))
        guard let across = sides.0, let up = sides.1 else { return nil }
        columns = across.spans.count
        rows = up.spans.count
        self.colors = colors(across.spans, up.spans)
        self.x = across.shares
        self.y = up.shares
        isDrawnByPixel = few
    }

    /// A pixel for each cell.
    private static func wholeSide(_ centres: ClosedRange<Double>, _ count: Int, _ axis: FigureAxis) -> Side? {
        let (low, high) = (axis.share(of: centres.lowerBound), axis.share(of: centres.upperBound))
        let half = (high - low) / Double(count - 1) / 2
        guard half > 0, half.isFinite, low - half < 1, high + half > 0 else { return nil }
        return Side(spans: (0..<count).map { $0..<$0 + 1 }, shares: low - half...high + half)
    }

    /// Pixels over the part of the frame that cells cover.
    private static func side(_ centres: ClosedRange<Double>, _ count: Int, _ axis: FigureAxis) -> Side? {
        guard axis.range.lowerBound < axis.range.upperBound else { return nil }
        let step = count > 1 ? (centres.upperBound - centres.lowerBound) / Double(count - 1) : 0
        var shares = (low: 0.0, high: 1.0)
        if count > 1 {
            guard step > 0, step.isFinite else { return nil }
            let (low, high) = (centres.lowerBound - step / 2, centres.upperBound + step / 2)
            guard low < axis.range.upperBound, high > axis.range.lowerBound else { return nil }
            if low > axis.range.lowerBound { shares.low = axis.share(of: low) }
            if high < axis.range.upperBound { shares.high = axis.share(of: high) }
        }
        guard shares.low < shares.high, shares.low.isFinite, shares.high.isFinite else { return nil }
        /// The cell that has a value in it, as a real number: k − ½ to k + ½ is the k-th.
        func place(_ pixel: Double) -> Double {
            let share = shares.low + (shares.high - shares.low) * pixel / Double(most)
            return count > 1 ? (axis.value(at: share) - centres.lowerBound) / step : 0
        }
        // Of a place that is no number, where the axis is too long for doubles, the first one.
        func cell(_ place: Double) -> Int { place > 0 ? Int(min(place, Double(count - 1))) : 0 }
        let spans = (0..<most).map { pixel -> Range<Int> in
            // The cells whose centres are in the pixel, or the one that its centre is in.
            let (first, end) = (place(Double(pixel)).rounded(.up), place(Double(pixel) + 1).rounded(.up))
            if first < end { return cell(first)..<cell(end - 1) + 1 }
            let middle = cell(place(Double(pixel) + 0.5).rounded())
            return middle..<middle + 1
        }
        return Side(spans: spans, shares: shares.low...shares.high)
    }

    private static func middle(_ span: Range<Int>) -> Int { span.lowerBound + span.count / 2 }

    /// The mean of the cells that have a value, NaN where most of them have none.
    private static func mean(_ grid: FigureGrid<Double>, columns: Range<Int>, rows: Range<Int>) -> Double {
        if columns.count == 1, rows.count == 1 {
            return grid.cells[rows.lowerBound * grid.columns + columns.lowerBound]
        }
        let weight = 1 / Double(columns.count * rows.count)
        var (sum, count) = (0.0, 0)
        for row in rows {
            for column in columns {
                let value = grid.cells[row * grid.columns + column]
                if value.isNaN { continue }
                // Weighted before they are added, so that large values do not overflow.
                sum += value * weight
                count += 1
            }
        }
        guard 2 * count >= columns.count * rows.count else { return .nan }
        return sum / (Double(count) * weight)
    }
}
