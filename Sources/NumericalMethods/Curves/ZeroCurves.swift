/// A point of a plane.
public struct PlanePoint: Equatable, Hashable, Sendable {
    /// The first coordinate.
    public var x: Double
    /// The second coordinate.
    public var y: Double

    /// A point.
    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// The curves on which a function of two variables changes its sign, within a rectangle.
///
/// Found by the signs at the nodes of a grid, so that it has to be fine enough to tell the curves apart: one that turns
/// back within a cell, or a loop inside of one, is not seen. Every vertex is a root of f along a straight line, bracketed by a
/// change of sign to two units in the last place; the polyline stays within a tolerance of the curve. A jump of f is found
/// like a root.
public struct ZeroCurves: Equatable, Sendable {
    /// Polylines, the points of each in order; of a closed one the last is the first.
    public let curves: [[PlanePoint]]
    /// The number of places where the polyline may be farther from the curve than the tolerance: the curve was not met
    /// on the chord's normal, as at a corner.
    public let unresolved: Int
    /// How often f was evaluated.
    public let evaluations: Int

    /// The zero curves of a function.
    ///
    /// - Parameters:
    ///   - x: the range of the first coordinate, of a length greater than 0.
    ///   - y: the range of the second coordinate.
    ///   - cells: of the grid along each side, 1 … 4096.
    ///   - tolerance: the largest distance between polyline and curve, as a share of the rectangle's sides; 1e−12 … 1.
    ///   - domain: ≥ 0 where the curves are wanted. They end where it becomes negative, found by bisection.
    ///   - f: the function; where it is NaN there is no curve. It is asked for points up to a cell outside of the rectangle.
    /// - Throws: ``RootError/outOfRange(name:value:allowed:)`` for the grid, the tolerance or a range without a length.
    public init(
        x: ClosedRange<Double>, y: ClosedRange<Double>, cells: Int = 256, tolerance: Double = 1e-6,
        domain: (PlanePoint) -> Double = { _ in 0 }, of f: (PlanePoint) -> Double
    ) throws(RootError) {
        guard cells >= 1, cells <= 4096 else {
            throw .outOfRange(name: "cells", value: Double(cells), allowed: "from 1 to 4096")
        }
        guard tolerance >= 1e-12, tolerance < 1 else {
            throw .outOfRange(name: "tolerance", value: tolerance, allowed: "a number from 1e-12 to less than 1")
        }
        for range in [x, y] {
            let length = range.upperBound - range.lowerBound
            guard length > 0, length < .infinity else {
                throw .outOfRange(name: "length of a range", value: length, allowed: "a finite number greater than 0")
            }
        }
        let found = withoutActuallyEscaping(f) { f in
            withoutActuallyEscaping(domain) { domain in
                var tracer = CurveTracer(x: x, y: y, cells: cells, tolerance: tolerance, domain: domain, f: f)
                let curves = tracer.trace()
                return (curves, tracer.unresolved, tracer.evaluations)
            }
        }
        (curves, unresolved, evaluations) = found
    }
}

/// Marching squares with roots for vertices.
private struct CurveTracer {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    let cells: Int
    let tolerance: Double
    let domain: (PlanePoint) -> Double
    let f: (PlanePoint) -> Double
    var unresolved = 0
    var evaluations = 0

    /// An edge of the grid, from a node to the right (horizontal) or upwards.
    private struct Edge: Hashable {
        let column: Int
        let row: Int
        let isHorizontal: Bool
    }

    private var width: Double { x.upperBound - x.lowerBound }
    private var height: Double { y.upperBound - y.lowerBound }

    private mutating func value(_ point: PlanePoint) -> Double {
        evaluations += 1
        return f(point)
    }

    /// The rectangle's lower side is the line of index 1 and its upper one that of index cells + 1: there is one cell more on
    /// each side, so that a curve that runs along a side has a change of sign across it.
    private static func place(_ index: Int, of cells: Int, in range: ClosedRange<Double>) -> Double {
        if index == cells + 1 { return range.upperBound }
        let share = Double(index - 1) / Double(cells)
        return range.lowerBound * (1 - share) + range.upperBound * share
    }

    private func node(_ column: Int, _ row: Int) -> PlanePoint {
        PlanePoint(Self.place(column, of: cells, in: x), Self.place(row, of: cells, in: y))
    }

    mutating func trace() -> [[PlanePoint]] {
        let cells = cells + 2
        let n = cells + 1
        // 1 above 0, −1 at and below it, 0 where f is not defined.
        var signs = [Int8](repeating: 0, count: n * n)
        for row in 0..<n {
            for column in 0..<n {
                let value = value(node(column, row))
                signs[row * n + column] = value.isNaN ? 0 : value > 0 ? 1 : -1
            }
        }
        // Which edges with a change of sign are joined within a cell.
        var links: [Edge: [Edge]] = [:]
        for row in 0..<cells {
            for column in 0..<cells {
                let corners = [
                    signs[row * n + column], signs[row * n + column + 1], signs[(row + 1) * n + column + 1],
                    signs[(row + 1) * n + column],
                ]
                let first = corners[0]
                if corners[1] == first, corners[2] == first, corners[3] == first { continue }
                if corners.contains(0) { continue }
                // Bottom, right, top, left.
                let edges = [
                    Edge(column: column, row: row, isHorizontal: true),
                    Edge(column: column + 1, row: row, isHorizontal: false),
                    Edge(column: column, row: row + 1, isHorizontal: true),
                    Edge(column: column, row: row, isHorizontal: false),
                ]
                let crossed = (0..<4).filter { corners[$0] != corners[($0 + 1) % 4] }
                func join(_ a: Int, _ b: Int) {
                    links[edges[a], default: []].append(edges[b])
                    links[edges[b], default: []].append(edges[a])
                }
                if crossed.count == 2 {
                    join(crossed[0], crossed[1])
                } else {
                    // A saddle of signs: the middle says which corners belong together.
                    let (a, b) = (node(column, row), node(column + 1, row + 1))
                    let middle = value(PlanePoint((a.x + b.x) / 2, (a.y + b.y) / 2)) > 0
                    if middle == (first > 0) {
                        // Corners 0 and 2 are joined: the curves cut off corners 1 and 3.
                        join(0, 1)
                        join(2, 3)
                    } else {
                        join(3, 0)
                        join(1, 2)
                    }
                }
            }
        }
        var curves: [[PlanePoint]] = []
        for chain in chains(links) {
            var points: [PlanePoint] = []
            for edge in chain {
                guard let root = root(on: edge) else { continue }
                if points.last != root { points.append(root) }
            }
            guard points.count > 1 else { continue }
            curves += clipped(refined(points))
        }
        return curves
    }

    /// The chains of edges, open ones first from their lowest end, in an order that depends on the grid alone.
    private func chains(_ links: [Edge: [Edge]]) -> [[Edge]] {
        let order = links.keys.sorted {
            ($0.row, $0.column, $0.isHorizontal ? 0 : 1) < ($1.row, $1.column, $1.isHorizontal ? 0 : 1)
        }
        var seen: Set<Edge> = []
        var chains: [[Edge]] = []
        func follow(from start: Edge) {
            var chain = [start]
            seen.insert(start)
            while let last = chain.last, let next = links[last]?.first(where: { !seen.contains($0) }) {
                seen.insert(next)
                chain.append(next)
            }
            if chain.count > 2, let last = chain.last, links[last]?.contains(start) == true { chain.append(start) }
            chains.append(chain)
        }
        for edge in order where links[edge]?.count == 1 && !seen.contains(edge) { follow(from: edge) }
        for edge in order where !seen.contains(edge) { follow(from: edge) }
        return chains
    }

    private mutating func root(on edge: Edge) -> PlanePoint? {
        let from = node(edge.column, edge.row)
        var count = 0
        defer { evaluations += count }
        let f = f
        if edge.isHorizontal {
            let to = node(edge.column + 1, edge.row)
            let found = try? bracketedRoot(in: from.x...to.x) {
                count += 1
                return bounded(f(PlanePoint($0, from.y)))
            }
            return found.map { PlanePoint($0.value, from.y) }
        }
        let to = node(edge.column, edge.row + 1)
        let found = try? bracketedRoot(in: from.y...to.y) {
            count += 1
            return bounded(f(PlanePoint(from.x, $0)))
        }
        return found.map { PlanePoint(from.x, $0.value) }
    }

    // MARK: - Between the edges

    /// The length of a chord, in shares of the rectangle.
    private func distance(_ a: PlanePoint, _ b: PlanePoint) -> Double {
        let (dx, dy) = ((b.x - a.x) / width, (b.y - a.y) / height)
        return (dx * dx + dy * dy).squareRoot()
    }

    /// The point of the curve on the normal of a chord at a share of its length, with its distance from the chord; nil
    /// where the curve does not meet it within the chord's length.
    private mutating func point(_ a: PlanePoint, _ b: PlanePoint, at t: Double) -> (PlanePoint, Double)? {
        let length = distance(a, b)
        let middle = PlanePoint(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y))
        // Of length 1 in shares of the rectangle.
        let normal = (
            x: -(b.y - a.y) / height / length * width, y: (b.x - a.x) / width / length * height
        )
        let f = f
        var count = 0
        defer { evaluations += count }
        func along(_ h: Double) -> PlanePoint { PlanePoint(middle.x + h * normal.x, middle.y + h * normal.y) }
        func value(_ h: Double) -> Double {
            count += 1
            return bounded(f(along(h)))
        }
        let centre = value(0)
        if centre == 0 { return (middle, 0) }
        guard !centre.isNaN else { return nil }
        var inner = 0.0
        var outer = tolerance
        while inner < length {
            for sign in [1.0, -1] {
                let there = value(sign * outer)
                guard !there.isNaN, there == 0 || (there > 0) != (centre > 0) else { continue }
                let (near, far) = (sign * inner, sign * outer)
                guard let root = try? bracketedRoot(in: min(near, far)...max(near, far), of: value) else { return nil }
                return (along(root.value), abs(root.value))
            }
            inner = outer
            outer = min(outer * 3, length)
            if inner >= length { break }
        }
        return nil
    }

    /// Points in between, until the chords are within the tolerance in their middles, and where a cubic that passes through
    /// the middle is farthest.
    private mutating func refined(_ points: [PlanePoint]) -> [PlanePoint] {
        var result = [points[0]]
        for (from, to) in zip(points, points.dropFirst()) { refine(from, to, depth: 0, &result) }
        return result
    }

    private mutating func refine(_ a: PlanePoint, _ b: PlanePoint, depth: Int, _ result: inout [PlanePoint]) {
        defer { if result.last != b { result.append(b) } }
        guard distance(a, b) > tolerance, depth < 40 else { return }
        for t in [0.5, 0.5 - 0.5 / 3.0.squareRoot()] {
            guard let (point, deviation) = point(a, b, at: t) else {
                unresolved += 1
                return
            }
            if deviation > tolerance {
                refine(a, point, depth: depth + 1, &result)
                refine(point, b, depth: depth + 1, &result)
                return
            }
        }
    }

    // MARK: - Where the curves are wanted

    /// A point within a few roundings of a side counts as on it.
    private func isWanted(_ point: PlanePoint) -> Bool {
        func isWithin(_ value: Double, _ range: ClosedRange<Double>) -> Bool {
            let slack = 4 * max(abs(range.lowerBound), abs(range.upperBound)).ulp
            return value >= range.lowerBound - slack && value <= range.upperBound + slack
        }
        return isWithin(point.x, x) && isWithin(point.y, y) && domain(point) >= 0
    }

    private func moved(_ point: PlanePoint) -> PlanePoint {
        PlanePoint(
            min(max(point.x, x.lowerBound), x.upperBound), min(max(point.y, y.lowerBound), y.upperBound))
    }

    /// The pieces of a curve within the domain.
    private mutating func clipped(_ points: [PlanePoint]) -> [[PlanePoint]] {
        var pieces: [[PlanePoint]] = []
        var piece: [PlanePoint] = []
        var last: (point: PlanePoint, isWanted: Bool)?
        for point in points {
            let wanted = isWanted(point)
            if let last, last.isWanted != wanted,
                let border = border(last.isWanted ? (last.point, point) : (point, last.point))
            {
                if piece.last != moved(border) { piece.append(moved(border)) }
            }
            if wanted, piece.last != moved(point) { piece.append(moved(point)) }
            if !wanted, !piece.isEmpty {
                if piece.count > 1 { pieces.append(piece) }
                piece = []
            }
            last = (point, wanted)
        }
        if piece.count > 1 { pieces.append(piece) }
        return pieces
    }

    /// The last wanted point of the curve between one that is wanted and one that is not.
    private mutating func border(_ ends: (wanted: PlanePoint, other: PlanePoint)) -> PlanePoint? {
        var (low, high) = (0.0, 1.0)
        var best = ends.wanted
        for _ in 0..<60 where high - low > 1e-16 {
            let t = (low + high) / 2
            guard let (point, _) = point(ends.wanted, ends.other, at: t) else { break }
            if isWanted(point) {
                best = point
                low = t
            } else {
                high = t
            }
        }
        return best
    }
}

/// Infinite values are taken for the largest ones, which have a sign.
private func bounded(_ value: Double) -> Double {
    value.isInfinite ? (value > 0 ? .greatestFiniteMagnitude : -.greatestFiniteMagnitude) : value
}
