import Foundation
import Testing

@testable import DissipativeMarket

/// Junctions, kinds and coordinates; the polylines are in BoundarySamplingTests.
@Suite struct BoundaryTests {
    /// An ordering of the three limits.
    struct Ordering: Sendable, CustomTestStringConvertible {
        let name: String
        let b: Double
        let d: Double
        var fee = 0.0
        /// The junctions, by increasing α.
        let junctions: [Junction]

        var testDescription: String { name }
        var market: Market {
            get throws { try Market(externalRatio: b, reservationRatio: d, swapFee: fee) }
        }
    }

    struct Junction: Sendable {
        let x, y: Double
        let kinds: Set<Boundary.Kind>
    }

    /// With c = 1. A junction is where three regions or more meet; all coordinates but γ_max are exact. Where α_g < α_b
    /// the point (α_b, β) is none: lp-idle surrounds it but for the quadrant of speculation-only, and a corner has two
    /// regions.
    static let orderings = [
        Ordering(
            name: "α_g < α_b < α_s", b: 0.7, d: 0.5,
            junctions: [
                Junction(x: 0.5, y: 0.7, kinds: [.externalPrice, .genuineBuyerLimit]),
                Junction(x: 1, y: 0.7, kinds: [.sellerLimit, .liquidityProviderSeller]),
            ]),
        Ordering(
            name: "α_g = α_b < α_s", b: 0.7, d: 0.7,
            junctions: [
                Junction(x: 0.7, y: 0.7, kinds: [.externalPrice, .genuineBuyerLimit, .speculatingBuyerLimit]),
                Junction(x: 1, y: 0.7, kinds: [.sellerLimit, .liquidityProviderSeller]),
            ]),
        Ordering(
            name: "α_b < α_g < α_s", b: 0.7, d: 0.85,
            junctions: [
                Junction(x: 0.7, y: 0.7, kinds: [.externalPrice, .speculatingBuyerLimit]),
                Junction(x: 0.85, y: 0.7, kinds: [.externalPrice, .genuineBuyerLimit]),
                Junction(x: 1, y: 0.7, kinds: [.sellerLimit, .liquidityProviderSeller]),
            ]),
        Ordering(
            name: "α_b < α_g = α_s", b: 0.7, d: 1,
            junctions: [
                Junction(x: 0.7, y: 0.7, kinds: [.externalPrice, .speculatingBuyerLimit]),
                Junction(
                    x: 1, y: 0.7, kinds: [.externalPrice, .sellerLimit, .genuineBuyerLimit, .liquidityProviderSeller]),
            ]),
        Ordering(
            name: "α_b < α_s < α_g", b: 0.7, d: 1.3,
            junctions: [
                Junction(x: 0.7, y: 0.7, kinds: [.externalPrice, .speculatingBuyerLimit]),
                Junction(x: 1, y: 0.7, kinds: [.externalPrice, .sellerLimit, .liquidityProviderSeller]),
                Junction(x: 1.3, y: 0.8434484060125204, kinds: [.genuineBuyerLimit, .liquidityProviderSeller]),
            ]),
        Ordering(
            name: "α_g < α_b = α_s", b: 1, d: 0.5,
            junctions: [
                Junction(x: 0.5, y: 1, kinds: [.externalPrice, .genuineBuyerLimit]),
                Junction(
                    x: 1, y: 1,
                    kinds: [.externalPrice, .speculatingBuyerLimit, .sellerLimit, .liquidityProviderSeller]),
            ]),
        Ordering(
            name: "α_b = α_s = α_g", b: 1, d: 1,
            junctions: [
                Junction(x: 1, y: 1, kinds: Set(Boundary.Kind.allCases))
            ]),
        Ordering(
            name: "α_b = α_s < α_g", b: 1, d: 1.3,
            junctions: [
                Junction(
                    x: 1, y: 1,
                    kinds: [.externalPrice, .speculatingBuyerLimit, .sellerLimit, .liquidityProviderSeller]),
                Junction(x: 1.3, y: 1.1434484060125204, kinds: [.genuineBuyerLimit, .liquidityProviderSeller]),
            ]),
        // With a fee: α_b = 0.35, α_s = 2, γ_max = L(½·2.5, 1) − 0.3 at d = 5.
        Ordering(
            name: "fee, α_g < α_b", b: 0.7, d: 0.5, fee: 0.5,
            junctions: [
                Junction(x: 0.25, y: 0.7, kinds: [.externalPrice, .genuineBuyerLimit]),
                Junction(x: 2, y: 0.7, kinds: [.sellerLimit, .liquidityProviderSeller]),
            ]),
        Ordering(
            name: "fee, α_g = α_s", b: 0.7, d: 4, fee: 0.5,
            junctions: [
                Junction(x: 0.35, y: 0.7, kinds: [.externalPrice, .speculatingBuyerLimit]),
                Junction(
                    x: 2, y: 0.7, kinds: [.externalPrice, .sellerLimit, .genuineBuyerLimit, .liquidityProviderSeller]),
            ]),
        Ordering(
            name: "fee, α_s < α_g", b: 0.7, d: 5, fee: 0.5,
            junctions: [
                Junction(x: 0.35, y: 0.7, kinds: [.externalPrice, .speculatingBuyerLimit]),
                Junction(x: 2, y: 0.7, kinds: [.externalPrice, .sellerLimit, .liquidityProviderSeller]),
                Junction(x: 2.5, y: 0.8203550294311374, kinds: [.genuineBuyerLimit, .liquidityProviderSeller]),
            ]),
    ]

    /// Tolerance 1e−15: γ_max within 4 ulp of L = 1.1.
    @Test(arguments: orderings)
    func junctionsAreTheExpectedOnes(_ row: Ordering) throws {
        let junctions = try row.market.junctions
        #expect(junctions.count == row.junctions.count)
        for (found, expected) in zip(junctions, row.junctions) {
            #expect(found.point.x == expected.x)
            #expect(abs(found.point.y - expected.y) <= 1e-15)
            #expect(Set(found.boundaries) == expected.kinds, "at \(found.point)")
            #expect(found.boundaries.count == expected.kinds.count, "a kind twice")
        }
    }

    /// The regions on a tiny circle around it, by the definitions, number at least three. Radius 1e−4: far above the
    /// plain mean's 1e−12, far below the limits' distances.
    @Test(arguments: orderings)
    func threeRegionsMeetAtAJunction(_ row: Ordering) throws {
        let market = try row.market
        let plain = PlainMarket(market)
        for junction in market.junctions {
            let around = Set(
                (0..<720).map { step in
                    let angle = (Double(step) + 0.5) * .pi / 360
                    return plain.region(junction.point.x + 1e-4 * cos(angle), junction.point.y + 1e-4 * sin(angle))
                })
            #expect(around.count >= 3, "\(around) meet at \(junction)")
        }
    }

    /// No junction is missing: a cell of a fine lattice in whose corners and middle three regions lie has one in it or
    /// beside it.
    @Test(arguments: orderings)
    func whereThreeRegionsMeetThereIsAJunction(_ row: Ordering) throws {
        let market = try row.market
        let plain = PlainMarket(market)
        let junctions = market.junctions
        let h = 0.01
        var cells = 0
        for i in 0..<320 {
            for j in 0..<160 {
                let (x, y) = (0.00123 + Double(i) * h, 0.00321 + Double(j) * h)
                let around = Set(
                    [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)].map { plain.region(x + $0.0 * h, y + $0.1 * h) })
                guard around.count >= 3 else { continue }
                cells += 1
                let isKnown = junctions.contains {
                    $0.point.x >= x - h && $0.point.x <= x + 2 * h && $0.point.y >= y - h && $0.point.y <= y + 2 * h
                }
                #expect(isKnown, "\(around) meet near (\(x), \(y))")
            }
        }
        #expect(cells > 0)
    }

    /// A junction lists the boundaries that pass through it and no other: those with a vertex there.
    @Test(arguments: orderings)
    func junctionsListTheirBoundaries(_ row: Ordering) throws {
        let market = try row.market
        let window = PhaseWindow(x: 0...3, y: 0...2)
        let boundaries = try market.boundaries(in: window, coordinates: .raw, tolerance: 1e-3)
        for junction in market.junctions {
            let through = boundaries.filter { $0.points.contains(junction.point) }.map(\.kind)
            #expect(Set(through) == Set(junction.boundaries), "at \(junction.point)")
        }
    }

    /// Limits that are the same double make one point, whatever the fee: not two that are an ulp of γ apart.
    @Test func coincidingLimitsMakeOneJunction() throws {
        let markets = try marketsWithCoincidingLimits()
        let split = markets.filter { market in
            market.junctions.filter { $0.point.x == market.limits.seller }.count != 1
        }
        #expect(markets.count > 500)
        #expect(split.count == 0, "of \(markets.count), the first: \(String(describing: split.first?.junctions))")
    }

    @Test func kindsHaveTheContractsNames() {
        #expect(
            Boundary.Kind.allCases.map(\.rawValue) == [
                "lp-seller", "gamma-equals-beta", "alpha-b", "alpha-s", "alpha-g",
            ])
    }

    @Test func coordinates() throws {
        let market = try Market(externalPrice: 2, failureProbability: 0.5, collateral: 2, reservationPrice: 4)
        #expect(PhaseCoordinates.raw.unit(in: market) == 1)
        #expect(PhaseCoordinates.ratio.unit(in: market) == 3)
        #expect(PhaseCoordinates.allCases.map(\.rawValue) == ["raw", "ratio"])
    }
}
