import Foundation
import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct BoundarySamplingTests {
    static func boundary(_ kind: Boundary.Kind, of boundaries: [Boundary]) -> Boundary? {
        boundaries.first { $0.kind == kind }
    }

    /// A window that holds all junctions of a market with room around them, from the axes on.
    static func wideWindow(_ market: Market) -> PhaseWindow {
        let farthest = 2 * max(market.limits.seller, market.limits.genuineBuyer)
        return PhaseWindow(x: 0...farthest, y: 0...1.5 * market.sellerPayoff(at: farthest))
    }

    // MARK: - Where the region changes, and only there

    /// Across every boundary, at several places of every segment, the region changes: a little to both sides of it are
    /// different labels. The step of 1e−7 of the coordinates is above the tolerance of 1e−9 and the plain mean's 1e−12.
    @Test func regionsChangeAcrossEveryBoundary() throws {
        var segments: [Boundary.Kind: Int] = [:]
        let markets = try randomMarkets(150, seed: 190) + BoundaryTests.orderings.map { try $0.market }
        for market in markets {
            let plain = PlainMarket(market)
            for boundary in try market.boundaries(
                in: Self.wideWindow(market), coordinates: .raw, tolerance: 1e-3 * market.sellerCost)
            {
                #expect(boundary.points.count >= 2)
                for (from, to) in zip(boundary.points, boundary.points.dropFirst()) {
                    segments[boundary.kind, default: 0] += 1
                    for share in [0.01, 0.3, 0.5, 0.7, 0.99] {
                        let x = from.x + share * (to.x - from.x)
                        var y = from.y + share * (to.y - from.y)
                        var (dx, dy) = (1e-7 * x, 0.0)
                        if boundary.kind == .externalPrice || boundary.kind == .liquidityProviderSeller {
                            (dx, dy) = (0, 1e-7 * y)
                        }
                        if boundary.kind == .liquidityProviderSeller { y = plain.sellerPayoff(x) }
                        // On a segment that is itself shorter than a step its neighbours would decide.
                        guard to.x - from.x + to.y - from.y > 1e-3 * (x + y) else { continue }
                        #expect(
                            plain.region(x - dx, y - dy) != plain.region(x + dx, y + dy),
                            "\(boundary.kind) at (\(x), \(y)) of \(market)")
                    }
                }
            }
        }
        for kind in Boundary.Kind.allCases { #expect(segments[kind, default: 0] >= 100, "\(kind)") }
    }

    /// Between neighbouring points of different regions there is a boundary, in both coordinates.
    @Test(arguments: PhaseCoordinates.allCases)
    func boundariesAreComplete(_ coordinates: PhaseCoordinates) throws {
        var generator = SeededGenerator(seed: 191)
        var changes = 0
        for market in try randomMarkets(60, seed: 192) + BoundaryTests.orderings.map({ try $0.market }) {
            let plain = PlainMarket(market)
            let unit = coordinates.unit(in: market)
            let raw = Self.wideWindow(market)
            let window = PhaseWindow(x: 0...raw.x.upperBound / unit, y: 0...raw.y.upperBound / unit)
            let boundaries = try market.boundaries(
                in: window, coordinates: coordinates, tolerance: 1e-5 * raw.x.upperBound / unit)
            for _ in 0..<2000 {
                let (width, height) = (window.x.upperBound, window.y.upperBound)
                let p = PhasePoint(
                    x: generator.uniform(0.02...0.98) * width, y: generator.uniform(0.02...0.98) * height)
                let q = PhasePoint(
                    x: p.x + generator.uniform(-0.02...0.02) * width, y: p.y + generator.uniform(-0.02...0.02) * height)
                guard plain.region(p.x * unit, p.y * unit) != plain.region(q.x * unit, q.y * unit) else { continue }
                // The polyline may pass on the other side of a point within the tolerance of 1e−5 of the width.
                let isOnCurve = [p, q].contains {
                    abs($0.y - plain.sellerPayoff($0.x * unit) / unit) < 1e-4 * width
                }
                guard !isOnCurve else { continue }
                changes += 1
                let crossing = boundaries.contains { boundary in
                    zip(boundary.points, boundary.points.dropFirst()).contains { Self.segmentsMeet(p, q, $0, $1) }
                }
                #expect(crossing, "no boundary between \(p) and \(q) of \(market)")
            }
        }
        #expect(changes > 3000)
    }

    /// Whether two segments have a point in common: the ends of each do not lie strictly on one side of the other.
    static func segmentsMeet(_ p: PhasePoint, _ q: PhasePoint, _ a: PhasePoint, _ b: PhasePoint) -> Bool {
        func side(_ a: PhasePoint, _ b: PhasePoint, _ p: PhasePoint) -> Double {
            (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)
        }
        return side(a, b, p) * side(a, b, q) <= 0 && side(p, q, a) * side(p, q, b) <= 0
    }

    // MARK: - Windows

    struct Window: Sendable {
        let x, y: ClosedRange<Double>
        let kinds: [Boundary.Kind]
    }

    /// c = 1, b = 0.7, d = 1.3; S(1.4) = 0.8888…, S(2) = 1.1427….
    @Test(arguments: [
        Window(x: 0...3, y: 0...2, kinds: Boundary.Kind.allCases),
        // Missed by all, in each region.
        Window(x: 0.1...0.5, y: 0.1...0.5, kinds: []),
        Window(x: 0.1...0.9, y: 0.8...2, kinds: []),
        Window(x: 0.75...0.9, y: 0...0.6, kinds: []),
        Window(x: 1.1...1.2, y: 0...0.5, kinds: []),
        Window(x: 1.4...3, y: 0...0.5, kinds: []),
        Window(x: 1.4...2, y: 1.2...2, kinds: []),
        Window(x: 1.1...1.2, y: 0.9...2, kinds: []),
        // Crossed by one.
        Window(x: 0.1...0.5, y: 0...1, kinds: [.externalPrice]),
        Window(x: 0.6...0.8, y: 0...0.5, kinds: [.speculatingBuyerLimit]),
        Window(x: 0.9...1.1, y: 0...0.5, kinds: [.sellerLimit]),
        Window(x: 1.2...1.4, y: 0...0.5, kinds: [.genuineBuyerLimit]),
        Window(x: 1.4...2, y: 0.5...1, kinds: [.liquidityProviderSeller]),
        // α_b ends at γ = β, and γ = β at α_s.
        Window(x: 0.6...0.8, y: 0.8...1, kinds: []),
        Window(x: 1.05...1.2, y: 0.6...0.71, kinds: []),
        // Along an edge, and not by a corner or an end alone.
        Window(x: 0...0.7, y: 0...0.7, kinds: [.externalPrice, .speculatingBuyerLimit]),
        Window(x: 0...1, y: 0.7...2, kinds: [.externalPrice, .sellerLimit]),
        Window(x: 1...2, y: 0...0.7, kinds: [.sellerLimit, .genuineBuyerLimit]),
        Window(x: 1.3...2, y: 0...0.5, kinds: [.genuineBuyerLimit]),
        Window(x: 1...2, y: 0.7...2, kinds: [.liquidityProviderSeller, .sellerLimit, .genuineBuyerLimit]),
        // Of no width or height.
        Window(x: 1.2...1.2, y: 0...2, kinds: []),
        Window(x: 1.3...1.3, y: 0...2, kinds: [.genuineBuyerLimit]),
        Window(x: 0...2, y: 0.75...0.75, kinds: []),
        Window(x: 0...2, y: 0.7...0.7, kinds: [.externalPrice]),
    ])
    func windows(_ row: Window) throws {
        let window = PhaseWindow(x: row.x, y: row.y)
        let boundaries = try Market.panel(1.3).boundaries(in: window, coordinates: .ratio)
        #expect(boundaries.map(\.kind) == row.kinds)
        for boundary in boundaries {
            #expect(boundary.points.count >= 2)
            for point in boundary.points {
                #expect(row.x.contains(point.x), "\(point)")
                #expect(row.y.contains(point.y), "\(point)")
            }
        }
    }

    /// The straight boundaries end where they should, with the junctions as vertices.
    @Test func straightBoundariesExactly() throws {
        let market = try Market.panel(1.3)
        let found = try market.boundaries(in: PhaseWindow(x: 0...3, y: 0...2), coordinates: .ratio)
        let bounds = try #require(market.rewardBounds)
        func points(_ kind: Boundary.Kind) -> [[Double]]? {
            Self.boundary(kind, of: found)?.points.map { [$0.x, $0.y] }
        }
        #expect(points(.externalPrice) == [[0, 0.7], [0.7, 0.7], [1, 0.7]])
        #expect(points(.speculatingBuyerLimit) == [[0.7, 0], [0.7, 0.7]])
        #expect(points(.sellerLimit) == [[1, 0], [1, 0.7], [1, 2]])
        #expect(points(.genuineBuyerLimit) == [[1.3, 0], [1.3, bounds.upper], [1.3, 2]])
        // Where genuine buyers stop first, γ = β separates regions up to there only.
        let idle = try Market.panel(0.85).boundaries(in: PhaseWindow(x: 0...3, y: 0...2), coordinates: .ratio)
        #expect(Self.boundary(.externalPrice, of: idle)?.points.last == PhasePoint(x: 0.85, y: 0.7))
        let early = try Market.panel(0.5).boundaries(in: PhaseWindow(x: 0...3, y: 0...2), coordinates: .ratio)
        #expect(Self.boundary(.externalPrice, of: early)?.points.last == PhasePoint(x: 0.7, y: 0.7))
    }

    /// In random windows, in both coordinates: no vertex outside, strict order, and the curve reaches just as far as it
    /// lies in the window: to an edge or to its start at (α_s, β).
    @Test(arguments: PhaseCoordinates.allCases)
    func clippedToRandomWindows(_ coordinates: PhaseCoordinates) throws {
        var generator = SeededGenerator(seed: 193)
        var outside: [String] = []
        var curves = 0
        for market in try randomMarkets(2000, seed: 194) {
            let unit = coordinates.unit(in: market)
            let wide = Self.wideWindow(market)
            // Drawn in the window's own coordinates: a quotient by c would survive the way to α and back unrounded.
            let (width, height) = (wide.x.upperBound / unit, wide.y.upperBound / unit)
            let (a, b) = (generator.uniform(0...width), generator.uniform(0...width))
            let (c, d) = (generator.uniform(0...height), generator.uniform(0...height))
            let window = PhaseWindow(x: min(a, b)...max(a, b), y: min(c, d)...max(c, d))
            let boundaries = try market.boundaries(in: window, coordinates: coordinates, tolerance: 1e-4)
            for boundary in boundaries {
                let isInside = boundary.points.allSatisfy { window.x.contains($0.x) && window.y.contains($0.y) }
                if !isInside { outside.append("\(boundary.kind) in \(window) of \(market)") }
                for (from, to) in zip(boundary.points, boundary.points.dropFirst()) {
                    switch boundary.kind {
                    case .liquidityProviderSeller:
                        #expect(from.x < to.x)
                        #expect(from.y < to.y)
                    case .externalPrice:
                        #expect(from.x < to.x)
                        #expect(from.y == to.y)
                    default:
                        #expect(from.x == to.x)
                        #expect(from.y < to.y)
                    }
                }
            }
            // The part of the curve that lies in the window, by bisection of the plain S; good to 1e−11.
            let plain = PlainMarket(market)
            let low = max(
                plain.alphaS, window.x.lowerBound * unit,
                window.y.lowerBound * unit > plain.beta ? plain.equilibriumPrice(window.y.lowerBound * unit) : 0)
            let high = min(
                window.x.upperBound * unit,
                window.y.upperBound * unit > plain.beta ? plain.equilibriumPrice(window.y.upperBound * unit) : 0)
            let curve = Self.boundary(.liquidityProviderSeller, of: boundaries)
            #expect((curve != nil) == (low < high))
            if let first = curve?.points.first, let last = curve?.points.last {
                curves += 1
                #expect(abs(first.x * unit - low) <= 1e-11 * low)
                #expect(abs(last.x * unit - high) <= 1e-11 * high)
            }
        }
        #expect(curves > 300)
        #expect(outside.count == 0, "of 2000 windows; the first: \(outside.first ?? "")")
    }

    // MARK: - The curve γ = S(α)

    struct Tolerance: Sendable {
        let value: Double
        let farthest: Double
    }

    /// The polyline stays within the tolerance of the curve, measured along γ, which is no less than the distance, at
    /// nine places of every segment. No slack: the sampling keeps 2 % for the rounding of the vertices.
    @Test(arguments: [
        Tolerance(value: 1e-3, farthest: 50), Tolerance(value: 1e-6, farthest: 10), Tolerance(value: 1e-9, farthest: 3),
        Tolerance(value: 1e-12, farthest: 1.02),
    ])
    func polylineIsWithinTheTolerance(_ row: Tolerance) throws {
        for market in [try Market.panel(1.3), try Market.withFee(), try Market.panel(0.5)] {
            let window = PhaseWindow(x: 0...row.farthest * market.limits.seller / market.sellerCost, y: 0...100)
            let boundaries = try market.boundaries(in: window, coordinates: .ratio, tolerance: row.value)
            let curve = try #require(Self.boundary(.liquidityProviderSeller, of: boundaries))
            var worst = 0.0
            for (from, to) in zip(curve.points, curve.points.dropFirst()) {
                for step in 1...9 {
                    let share = Double(step) / 10
                    let (x, y) = (from.x + share * (to.x - from.x), from.y + share * (to.y - from.y))
                    worst = max(worst, abs(y - market.sellerPayoff(at: x * market.sellerCost) / market.sellerCost))
                }
            }
            #expect(worst <= row.value, "\(worst)")
            // The vertices are economical: at most half as many again as the least number, the integral of the square
            // root of |S″|/(8 tolerance), by the midpoint rule; and no fewer, which would be too good to be true. Three
            // more for the three ends of the two pieces.
            let c = market.sellerCost
            let (start, end) = (market.limits.seller / c, window.x.upperBound)
            let steps = 10_000
            let h = (end - start) / Double(steps)
            let least = (0..<steps).reduce(0.0) { sum, i in
                let x = start + (Double(i) + 0.5) * h
                let kept = 1 - market.swapFee
                let curvature = -kept * kept * LogarithmicMean(kept * x, 1).hessian.uu
                return sum + h * (curvature / (8 * row.value)).squareRoot()
            }
            #expect(Double(curve.points.count) <= 1.5 * least + 3, "\(curve.points.count) against \(least)")
            #expect(Double(curve.points.count) >= 0.99 * least)
        }
    }

    /// Exactly through (α_s, β) and (α_g, γ_max), in both coordinates.
    @Test(arguments: PhaseCoordinates.allCases)
    func passesExactlyThroughTheJunctions(_ coordinates: PhaseCoordinates) throws {
        var intervals = 0
        for market in try randomMarkets(500, seed: 195) {
            let unit = coordinates.unit(in: market)
            let wide = Self.wideWindow(market)
            let window = PhaseWindow(x: 0...wide.x.upperBound / unit, y: 0...wide.y.upperBound / unit)
            let boundaries = try market.boundaries(in: window, coordinates: coordinates, tolerance: 1e-3)
            let curve = try #require(Self.boundary(.liquidityProviderSeller, of: boundaries))
            #expect(curve.points.first == PhasePoint(x: market.limits.seller / unit, y: market.externalPrice / unit))
            if let bounds = market.rewardBounds {
                intervals += 1
                #expect(curve.points.contains(PhasePoint(x: market.limits.genuineBuyer / unit, y: bounds.upper / unit)))
            }
            #expect(zip(curve.points, curve.points.dropFirst()).allSatisfy { $0.x < $1.x && $0.y < $1.y })
        }
        #expect(intervals > 100)
    }

    /// The same polylines in raw and in ratio coordinates, window and tolerance scaled alike: point by point within 8
    /// roundings of the division and of the steps' sums, which are at most some hundred long.
    @Test func coordinatesAgree() throws {
        for market in try randomMarkets(200, seed: 196) {
            let c = market.sellerCost
            let window = Self.wideWindow(market)
            let ratios = PhaseWindow(x: 0...window.x.upperBound / c, y: 0...window.y.upperBound / c)
            let raw = try market.boundaries(in: window, coordinates: .raw, tolerance: 1e-4 * c)
            let ratio = try market.boundaries(in: ratios, coordinates: .ratio, tolerance: 1e-4)
            #expect(raw.map(\.kind) == ratio.map(\.kind))
            for (a, b) in zip(raw, ratio) {
                #expect(a.points.count == b.points.count)
                for (p, q) in zip(a.points, b.points) {
                    #expect(abs(p.x / c - q.x) <= 1e-13 * q.x)
                    #expect(abs(p.y / c - q.y) <= 1e-13 * (q.y + 1))
                }
            }
        }
    }

    // MARK: - Validation

    @Test func refusesTolerancesThatCannotBeKept() throws {
        let market = try Market.panel(1.3)
        let window = PhaseWindow(x: 0...3, y: 0...2)
        for tolerance in [0, -1, 1e-12.nextDown, .nan, .infinity, -.infinity] {
            let error = try #require(throws: ParameterError.self, "\(tolerance)") {
                try market.boundaries(in: window, coordinates: .ratio, tolerance: tolerance)
            }
            #expect(error.name == "boundary-tolerance")
            #expect(error.value.bitPattern == tolerance.bitPattern)
            #expect(error.allowed.contains("1e-12"))
        }
        #expect(Market.smallestBoundaryTolerance(in: window) == 1e-12)
        // Sixteen units in the last place of 3e6, which is below 2²².
        #expect(Market.smallestBoundaryTolerance(in: PhaseWindow(x: 0...3e6, y: 0...2)) == 16 * 0x1p-31)
    }

    /// c = 1e6 in raw coordinates: √(c/tolerance) = 1e7 vertices, of which the curvature leaves about a third.
    @Test func refusesTolerancesThatAskForTooManyVertices() throws {
        let market = try Market(externalPrice: 1e6, reservationPrice: 2e6)
        let error = try #require(throws: ParameterError.self) {
            try market.boundaries(in: PhaseWindow(x: 0...3e6, y: 0...3e6), coordinates: .raw, tolerance: 1e-8)
        }
        #expect(error.name == "boundary-tolerance")
        #expect(error.value == 1e-8)
        #expect(error.allowed.contains("\(Market.mostBoundaryVertices)"))
        // In ratios the same tolerance is a larger one, and a coarser raw one is fine.
        let coarse = try market.boundaries(in: PhaseWindow(x: 0...3e6, y: 0...3e6), coordinates: .raw, tolerance: 1)
        #expect(coarse.count == 5)
    }
}
