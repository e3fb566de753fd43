import DissipativeMarket
import NumericalMethods

/// The cells of a portrait: those of two axes, the first fastest, or the lattice of the simplex, LPs fastest.
public enum PortraitGrid: Sendable {
    /// Cells of two axes.
    case plane(x: GridAxis, y: GridAxis)
    /// So many steps along a side.
    case simplex(Int)

    /// How many cells there are; nil for more than an `Int` holds.
    public var count: Int? {
        switch self {
        case .plane(let x, let y): ProductGrid.count(of: [x.count, y.count])
        case .simplex(let steps): (steps + 1) * (steps + 2) / 2
        }
    }

    /// The window that the cells span.
    public var window: PhaseWindow {
        switch self {
        case .plane(let x, let y): PhaseWindow(x: x.start...x.stop, y: y.start...y.stop)
        case .simplex: PhaseWindow(x: 0...1, y: 0...1)
        }
    }

    /// The point of the plane of a cell.
    public subscript(index: Int) -> PlanePoint {
        switch self {
        case .plane(let x, let y): return PlanePoint(x[index % x.count], y[index / x.count])
        case .simplex(let steps):
            // The row of sellers that holds the index: those below have j(n + 1) − j(j − 1)/2 cells.
            func first(_ row: Int) -> Int { row * (steps + 1) - row * (row - 1) / 2 }
            var (low, high) = (0, steps)
            while low < high {
                let middle = (low + high + 1) / 2
                if first(middle) <= index { low = middle } else { high = middle - 1 }
            }
            return PlanePoint(Double(index - first(low)) / Double(steps), Double(low) / Double(steps))
        }
    }
}
