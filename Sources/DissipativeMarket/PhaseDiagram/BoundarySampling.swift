import Foundation

/// A rectangle of a phase diagram, edges included.
public struct PhaseWindow: Equatable, Sendable {
    /// The range of α, or of x = α/c.
    public let x: ClosedRange<Double>
    /// The range of γ, or of y = γ/c.
    public let y: ClosedRange<Double>

    /// A window.
    public init(x: ClosedRange<Double>, y: ClosedRange<Double>) {
        self.x = x
        self.y = y
    }
}

extension Market {
    /// The smallest tolerance that ``boundaries(in:coordinates:tolerance:)`` takes in a window: 1e−12, less in a window
    /// whose coordinates are all below one, and sixteen units in the last place of its largest coordinate. The rounding
    /// of the vertices would break smaller ones.
    public static func smallestBoundaryTolerance(in window: PhaseWindow) -> Double {
        let largest = max(window.x.upperBound, window.y.upperBound)
        return max(1e-12 * min(largest, 1), 16 * largest.ulp)
    }

    /// The tolerance for those who name none: 1e−6, and in proportion where coordinates are all below one, or beyond 10⁶,
    /// where it would ask for vertices by the hundred thousand.
    public static func usualBoundaryTolerance(in window: PhaseWindow) -> Double {
        let largest = max(window.x.upperBound, window.y.upperBound)
        return largest < 1 ? max(1e-6 * largest, smallestBoundaryTolerance(in: window)) : max(1e-6, 1e-12 * largest)
    }

    /// The most vertices of one boundary.
    public static let mostBoundaryVertices = 1_000_000

    /// The boundaries of the sharp phase diagram, each only as far as the region changes across it, clipped to a window.
    ///
    /// The vertical and horizontal ones have their ends and the junctions on them as vertices. γ = S(α) starts exactly at
    /// (α_s, β), passes exactly through (α_g, γ_max) and is sampled so that the polyline stays within `tolerance`: S is
    /// concave and its curvature falls as α grows, so a chord from α with (Δα)²|S″(α)|/8 ≤ tolerance does.
    ///
    /// - Parameters:
    ///   - window: in the coordinates asked for, as are the points returned.
    ///   - coordinates: (α, γ) in tokens per unit, or (α/c, γ/c).
    ///   - tolerance: the largest distance between polyline and curve, in the same coordinates.
    /// - Returns: the boundaries that cross the window along more than a point, in the order of ``Boundary/Kind``.
    /// - Throws: ``ParameterError`` naming `boundary-tolerance` where it is below ``smallestBoundaryTolerance(in:)`` or asks
    ///   for more than ``mostBoundaryVertices`` vertices.
    public func boundaries(
        in window: PhaseWindow, coordinates: PhaseCoordinates, tolerance: Double = 1e-6
    ) throws(ParameterError) -> [Boundary] {
        let smallest = Self.smallestBoundaryTolerance(in: window)
        guard tolerance >= smallest, tolerance.isFinite else {
            throw ParameterError(
                name: "boundary-tolerance", title: "largest distance from the curve", value: tolerance,
                allowed: "a finite number of at least \(smallest), which is what rounding leaves in this window")
        }
        let unit = coordinates.unit(in: self)
        func vertical(_ kind: Boundary.Kind, _ alpha: Double, to top: Double = .infinity) -> Boundary? {
            let x = alpha / unit
            let high = min(window.y.upperBound, top / unit)
            guard window.x.contains(x), window.y.lowerBound < high else { return nil }
            let ys = junctions.filter { $0.point.x == alpha }.map { $0.point.y / unit }
            return Boundary(
                kind: kind, points: vertices(window.y.lowerBound, ys, high).map { PhasePoint(x: x, y: $0) })
        }
        func horizontal() -> Boundary? {
            let y = externalPrice / unit
            let high = min(window.x.upperBound, externalLineEnd / unit)
            guard window.y.contains(y), window.x.lowerBound < high else { return nil }
            let xs = junctions.filter { $0.point.y == externalPrice }.map { $0.point.x / unit }
            return Boundary(
                kind: .externalPrice,
                points: vertices(window.x.lowerBound, xs, high).map { PhasePoint(x: $0, y: y) })
        }
        var found: [Boundary?] = []
        for kind in Boundary.Kind.allCases {
            switch kind {
            case .liquidityProviderSeller:
                found.append(try sellerCurve(in: window, unit: unit, tolerance: tolerance))
            case .externalPrice: found.append(horizontal())
            case .speculatingBuyerLimit: found.append(vertical(kind, limits.speculatingBuyer, to: externalPrice))
            case .sellerLimit: found.append(vertical(kind, limits.seller))
            case .genuineBuyerLimit: found.append(vertical(kind, limits.genuineBuyer))
            }
        }
        return found.compactMap { $0 }
    }

    /// `low`, those of `inner` that lie strictly between, and `high`, in order.
    private func vertices(_ low: Double, _ inner: [Double], _ high: Double) -> [Double] {
        [low] + Set(inner.filter { low < $0 && $0 < high }).sorted() + [high]
    }

    private func sellerCurve(
        in window: PhaseWindow, unit: Double, tolerance: Double
    ) throws(ParameterError) -> Boundary? {
        // In α, γ; each end is known exactly in one coordinate, whichever edge it lies on.
        let (bottom, top) = (window.y.lowerBound * unit, window.y.upperBound * unit)
        var start = (x: limits.seller, y: externalPrice)
        if window.x.lowerBound * unit > start.x {
            start.x = window.x.lowerBound * unit
            start.y = sellerPayoff(at: start.x)
        }
        if bottom > start.y, let price = equilibriumPrice(blockReward: bottom) { start = (price, bottom) }
        guard top > start.y else { return nil }
        var end = (x: window.x.upperBound * unit, y: sellerPayoff(at: window.x.upperBound * unit))
        if end.y > top, let price = equilibriumPrice(blockReward: top) { end = (price, top) }
        guard end.x > start.x else { return nil }

        var corners = [start]
        if let bounds = rewardBounds, limits.genuineBuyer > start.x, limits.genuineBuyer < end.x {
            corners.append((limits.genuineBuyer, bounds.upper))
        }
        corners.append(end)
        var points: [PhasePoint] = []
        for (from, to) in zip(corners, corners.dropFirst()) {
            var alpha = from.x
            points.append(PhasePoint(x: from.x / unit, y: from.y / unit))
            while true {
                // 2 % short of the bound, for the rounding of the vertices.
                let curvature = sellerPayoffCurvature(at: alpha)
                // Two roots: the quotient itself may exceed the largest double.
                let next = alpha + (8 * 0.98 * tolerance * unit).squareRoot() / curvature.squareRoot()
                guard next < to.x else { break }
                // Below the spacing of doubles no polyline is closer.
                alpha = max(next, alpha.nextUp)
                points.append(PhasePoint(x: alpha / unit, y: sellerPayoff(at: alpha) / unit))
                guard points.count < Self.mostBoundaryVertices else {
                    throw ParameterError(
                        name: "boundary-tolerance", title: "largest distance from the curve", value: tolerance,
                        allowed: "a number large enough that \(Self.mostBoundaryVertices) vertices suffice")
                }
            }
        }
        points.append(PhasePoint(x: end.x / unit, y: end.y / unit))
        // A coordinate that was multiplied by the unit and divided again may have left the window by an ulp.
        points = points.map { point in
            PhasePoint(
                x: min(max(point.x, window.x.lowerBound), window.x.upperBound),
                y: min(max(point.y, window.y.lowerBound), window.y.upperBound))
        }
        return Boundary(kind: .liquidityProviderSeller, points: points)
    }

    /// |S″(α)| = −(1 − φ) ∂²L/∂u² at (α, α_s).
    private func sellerPayoffCurvature(at alpha: Double) -> Double {
        -(1 - swapFee) * LogarithmicMean(alpha, limits.seller).hessian.uu
    }
}
