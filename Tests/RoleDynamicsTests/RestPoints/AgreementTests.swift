import DissipativeMarket
import Foundation
import Testing

@testable import RoleDynamics

@Suite struct AgreementTests {
    /// All routes at the baseline, inside the band: every Nash route is at the sharp price to rounding, and logit tends to
    /// it as 1/λ falls by tens.
    @Test func balanced() throws {
        let agreement = Agreement(of: try .baseline(0.79))
        #expect(
            agreement.rows.map(\.route)
                == [.sharp, .logit, .logit, .logit, .logit, .replicator, .smith, .bnn, .bestResponse])
        #expect(agreement.equilibrium.outcome == .balanced)
        let star = 1.1852444979557
        #expect(agreement.sharpRestPrices.lowerBound == agreement.sharpRestPrices.upperBound)
        #expect(abs(agreement.sharpRestPrices.lowerBound - star) <= 1e-13)
        #expect(agreement.rows[0].distance == 0)
        #expect(agreement.rows[0].shares == nil)
        #expect(agreement.rows[0].regret == nil)
        let logit = agreement.rows.filter { $0.route == .logit }
        #expect(logit.map { $0.parameters?.rationality ?? 0 } == [50, 500, 5000, 50000])
        for (row, width) in zip(logit, [0.02, 0.002, 0.0002, 0.00002]) {
            #expect(abs((row.parameters?.demandWidth ?? 0) / width - 1) < 1e-15)
        }
        let distances = try logit.map { try #require($0.distance) }
        // ln(ℓ/s) = ln(0.502/0.498) of the order of 1/λ, the rest of second order and less; at 5000 it is rounding.
        for (coarse, fine) in zip(distances, distances.dropFirst()) {
            #expect(fine < coarse / 5 || fine <= 8 * Double.ulpOfOne, "\(distances)")
        }
        for row in agreement.rows.dropFirst(5) {
            #expect(try #require(row.distance) <= 8 * Double.ulpOfOne)
            #expect(try #require(row.regret) <= 8 * Double.ulpOfOne)
            #expect(row.note == nil)
            #expect(row.parameters == nil)
        }
    }

    /// In scarcity the price is frozen between U = d and D = α*: the logit points lie in it, at the one that wλ selects,
    /// and the Nash point is D.
    @Test func scarcity() throws {
        let agreement = Agreement(of: try .baseline(1.0))
        #expect(agreement.sharpRestPrices.lowerBound == 1.3)
        #expect(abs(agreement.sharpRestPrices.upperBound - 1.654726312883567) <= 1e-14)
        for row in agreement.rows {
            #expect(try #require(row.distanceToRestPrices) <= 8 * Double.ulpOfOne, "\(row.route)")
        }
        let last = try #require(agreement.rows.last { $0.route == .logit }?.price)
        #expect(abs(last - 1.40773) <= 1e-4)
        #expect(abs(try #require(agreement.rows.last?.distance) - 0.354726312883567) <= 1e-14)
    }

    /// At y = b a row for each end of the segment; without a rest point a row that says why; a trajectory's row is added.
    @Test func otherRows() throws {
        let segment = Agreement(of: try .baseline(0.7))
        #expect(segment.rows.filter { $0.route == .smith }.count == 2)
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: 0.1, speculatingBuyers: 0.1, sellers: 1),
            parameters: RevisionParameters(rationality: 0.1))
        let agreement = Agreement(of: game)
        let row = try #require(agreement.rows.first { $0.route == .logit })
        #expect(row.price == nil)
        #expect(row.distance == nil)
        #expect(row.note?.contains("falls for ever") == true)
        let added = agreement.adding(
            AgreementRow(
                route: .trajectory, parameters: nil, price: 1.2, shares: .even, regret: 0.1,
                sharpRestPrices: agreement.sharpRestPrices))
        #expect(added.rows.count == agreement.rows.count + 1)
        #expect(added.rows.last?.route == .trajectory)
        // λ and w beyond the doubles: rows that say so.
        let parameters = try RevisionParameters(demandWidth: 1e-308, rationality: 1e307)
        let extreme = Agreement(of: try .baseline(0.79, parameters: parameters))
        #expect(extreme.rows.contains { $0.note?.contains("rationality") == true })
        // α* beyond the largest double.
        let dear = Agreement(of: try .baseline(1e307))
        #expect(dear.sharpRestPrices.upperBound == .infinity)
        #expect(dear.rows.contains { $0.note?.contains("outside the range") == true })
    }
}
