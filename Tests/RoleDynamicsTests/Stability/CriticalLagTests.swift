import ComplexModule
import DissipativeMarket
import Foundation
import NumericalMethods
import RealModule
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct CriticalLagTests {
    /// The model's values at the baseline.
    @Test func checkValues() throws {
        let point = try #require(try RoleGame.baseline(0.79).restPoints().points.first)
        let critical = try #require(point.criticalLag.found)
        #expect(abs(critical.lag - 0.219879252) <= 5e-10)
        #expect(abs(critical.period - 2.0150107) <= 5e-8)
        #expect(abs(try #require(critical.stableAgainLag) - 23.740046) <= 5e-7)
        // Another route to the same crossing: the pair of the 4 × 4 Jacobian there, by LAPACK.
        let matrix = try #require(point.stability.linearisation).matrix(lag: critical.lag)
        let axis = Complex(0, 2 * Double.pi / critical.period)
        let nearest = try eigenvalues(of: Matrix(matrix)).map { ($0 - axis).length }.min() ?? .nan
        #expect(nearest <= 2e-13)
        let exodus = try #require(try RoleGame.baseline(0.5).restPoints().points.first)
        #expect(abs(try #require(exodus.criticalLag.found).lag - 0.2353) <= 5e-5)
    }

    /// None from y ≈ 0.8105 up: where it ends, by bisection.
    @Test func endsInsideTheBand() throws {
        func exists(_ y: Double) throws -> Bool {
            try #require(try RoleGame.baseline(y).restPoints().points.first).criticalLag.found != nil
        }
        var (low, high) = (0.79, 0.9)
        #expect(try exists(low))
        #expect(try !exists(high))
        while high - low > 1e-6 {
            let middle = 0.5 * (low + high)
            if try exists(middle) { low = middle } else { high = middle }
        }
        #expect(abs(low - 0.8105) <= 5e-5, "\(low)")
        #expect(try !exists(1.0))
    }

    /// The characteristic equation at μ = iω, (1 + iωτ) = −C(iω − A)⁻¹B in its first form, by elimination in complex
    /// numbers, without the factor that the closed form takes out: at both crossings, at points of all kinds, on both sides.
    @Test(arguments: [RevisionProtocol.logit, .replicator, .smith, .bnn])
    func solvesTheCharacteristicEquation(_ kind: RevisionProtocol) throws {
        var generator = SeededGenerator(seed: 70)
        var seen = 0
        for round in 0..<600 {
            let game = try RoleGame.random(&generator, kind, depth: round % 2 == 0, lag: round % 3 == 0)
            for point in try game.restPoints().points {
                for part in [point.stability.linearisation, point.stability.linearisationBelow] {
                    guard let part, let crossings = part.lagCrossings else { continue }
                    seen += 1
                    for lag in [crossings.destabilising, crossings.stabilising].compactMap({ $0 }) {
                        let (a, r) = (part.priceDamping, part.sharesDamping)
                        let omega =
                            lag == crossings.destabilising ? crossings.frequency : ((a + r) / lag + a * r).squareRoot()
                        let axis = Complex(0, omega)
                        let determinant =
                            (axis - Complex(part.ll)) * (axis - Complex(part.ss)) - Complex(part.ls) * Complex(part.sl)
                        let sellers =
                            ((axis - Complex(part.ll)) * Complex(part.seenBySellers) + Complex(part.sl)
                                * Complex(part.seenByLPs)) / determinant
                        let response = -Complex(part.sellersEffect) * (sellers / (axis + Complex(a)))
                        let left = Complex(1, omega * lag)
                        // Roundings, and those of K − S² where that is small: relatively to K, some 1e−16 over it;
                        // and those of det S, which is 0 at a tie.
                        let k = part.sellersEffect * part.seenBySellers
                        let products = abs(part.ll * part.ss) + abs(part.ls * part.sl)
                        let conditioned = k / (k - (a + r) * (a + r)) + products / determinant.length
                        #expect(
                            (left - response).length <= 1e-13 * conditioned * (left.length + response.length), "\(game)"
                        )
                    }
                }
            }
        }
        #expect(seen > 50, "\(seen)")
    }

    /// Against the eigenvalues themselves, all four of them at each of 200 lags: growth sets in within the step of the scan
    /// that the critical lag is in, and ends in the one in which it is stable again. The smooth protocols by the Jacobian
    /// of ``RoleField``, the kinked ones by the linearisation of either side.
    @Test(arguments: [RevisionProtocol.logit, .replicator, .smith, .bnn], TieSide.allCases)
    func againstAScan(_ kind: RevisionProtocol, _ side: TieSide) throws {
        var generator = SeededGenerator(seed: 71)
        let lags = (0...200).map { pow(10, -4 + 0.04 * Double($0)) }
        var (some, none) = (0, 0)
        for round in 0..<100 {
            let game = try RoleGame.random(&generator, kind, depth: round % 3 == 0)
            for point in try game.restPoints().points {
                // Sellers that nearly died out turn slower than dgeev resolves.
                guard point.stability.eigenvalues != nil, point.shares.sellers > 1e-6 else { continue }
                let below = side == .below ? point.stability.linearisationBelow : nil
                let part = try #require(below ?? point.stability.linearisation)
                let critical = part.lagCrossings
                func grows(_ lag: Double) throws -> Bool {
                    let values: [Complex<Double>]
                    if kind == .logit {
                        let delayed = game.with(parameters: try game.parameters.with(observationLag: lag))
                        let full = try #require(jacobian(RoleField(delayed), point.state.withSeenPrice))
                        values = try eigenvalues(of: Matrix(rows: 5, columns: 5, elements: full))
                    } else {
                        values = try eigenvalues(of: Matrix(part.matrix(lag: lag)))
                    }
                    // dgeev's error, for a growth that is not one. BNN's eigenvalue 0 has that error without balancing, and
                    // stays 0 at every lag.
                    let bound = 1e-13 * (values.map(\.length).max() ?? 0)
                    let sorted = values.sorted { $0.length < $1.length }
                    return sorted.dropFirst(kind == .bnn ? 1 : 0).contains { $0.real > bound }
                }
                guard let critical else {
                    if try grows(0.5e-4) { continue }  // not stable without a lag
                    none += 1
                    for lag in lags { #expect(try !grows(lag), "\(lag): \(game)") }
                    continue
                }
                some += 1
                // A crossing is not resolved within a thousandth of its lag.
                for lag in lags where abs(lag / critical.destabilising - 1) > 1e-3 {
                    let again = critical.stabilising ?? .infinity
                    guard abs(lag / again - 1) > 1e-3 else { continue }
                    let slow = try grows(lag)
                    let expected = lag > critical.destabilising && lag < again
                    // Where the growth is slower than what dgeev resolves, nothing is decided.
                    if slow != expected, try growth(part, lag) < 1e-11 { continue }
                    #expect(slow == expected, "\(lag), \(critical): \(game)")
                }
            }
        }
        #expect(some > 8, "\(some), \(none)")
        #expect(none > 5, "\(some), \(none)")
    }

    /// The largest modulus of a real part among the pairs, over the largest modulus.
    private func growth(_ part: Linearisation, _ lag: Double) throws -> Double {
        let values = try eigenvalues(of: Matrix(part.matrix(lag: lag)))
        let pairs = values.filter { $0.imaginary != 0 }.map { abs($0.real) }
        return (pairs.min() ?? 0) / (values.map(\.length).max() ?? 1)
    }

    /// Just below the lag the pair falls, just above it grows, at a point of either side of Smith's kink and at logit's.
    @Test func changesThere() throws {
        for kind in [RevisionProtocol.logit, .replicator, .smith, .bnn] {
            for side in TieSide.allCases {
                let solution = try RoleGame.baseline(0.79, kind).restPoints()
                let point = try #require(solution.points.last)
                let part = try #require(
                    (side == .below ? point.stability.linearisationBelow : nil) ?? point.stability.linearisation)
                let lag = try #require(part.lagCrossings).destabilising
                func largest(_ lag: Double) throws -> Double {
                    let values = try eigenvalues(of: Matrix(part.matrix(lag: lag)))
                    return values.filter { $0.imaginary != 0 }.map(\.real).max() ?? .nan
                }
                #expect(try largest(lag * (1 - 1e-9)) < 0)
                #expect(try largest(lag * (1 + 1e-9)) > 0)
            }
        }
    }

    /// The lag of the game itself does not matter; a saddle has none because it is unstable without one, and says so; a
    /// sliding point has no linearisation.
    @Test func others() throws {
        let delayed = try RevisionParameters(observationLag: 3)
        let critical = try #require(try RoleGame.baseline(0.79).restPoints().points.first).criticalLag
        let other = try #require(try RoleGame.baseline(0.79, parameters: delayed).restPoints().points.first)
        #expect(other.criticalLag == critical)
        #expect(other.type == .saddle || other.type == .unstableFocus)
        let saddle = try #require(try RoleGame.baseline(0.79, .replicator).restPoints().points.first)
        #expect(saddle.type == .saddle)
        #expect(saddle.criticalLag == .unstableWithoutLag)
        #expect(saddle.criticalLag.status == "unstable without lag")
        let stable = try #require(try RoleGame.baseline(1).restPoints().points.first)
        #expect(stable.criticalLag == .stableAtEveryLag)
        let sliding = try #require(try RoleGame.baseline(0.79, .bestResponse).restPoints().points.first)
        #expect(sliding.criticalLag == .noLinearisation)
    }
}

extension [Double] {
    /// A state without a lag, with q = z put in.
    fileprivate var withSeenPrice: [Double] { [self[0]] + self }
}
