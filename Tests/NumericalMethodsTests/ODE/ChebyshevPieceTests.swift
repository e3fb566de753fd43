import Foundation
import TestSupport
import Testing

@testable import NumericalMethods

@Suite struct ChebyshevPieceTests {
    private func piece(_ f: (Double) -> Double) -> ChebyshevPiece {
        ChebyshevPiece.shares.map(f).withUnsafeBufferPointer { ChebyshevPiece($0) }
    }

    @Test func theSamplesAreInOrderAndTheMiddleIsOneOfThem() {
        #expect(ChebyshevPiece.shares.count == ChebyshevPiece.count)
        #expect(zip(ChebyshevPiece.shares, ChebyshevPiece.shares.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ChebyshevPiece.shares.first == 0)
        #expect(ChebyshevPiece.shares.last == 1)
        #expect(abs(ChebyshevPiece.shares[ChebyshevPiece.middle] - 0.5) < 1e-16)
    }

    /// Any polynomial of degree 6 is itself: its error is rounding, and it turns where its derivative is 0.
    @Test func polynomialsOfDegreeSixAreExact() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<200 {
            let factors = (0..<6).map { _ in generator.uniform(-1...2) }
            let p = { (s: Double) in factors.reduce(1) { $0 * (s - $1) } }
            let piece = piece(p)
            // A few roundings of the largest value in the coefficients, at most 4, and in the factors.
            #expect(piece.error < 64 * piece.size.ulp)
            // Between two zeros there is one extremum (Rolle), whose value has the sign that p has there.
            let zeros = factors.filter { $0 > 0 && $0 < 1 }.sorted()
            let turns = piece.turningPoints(flat: 0)
            for (left, right) in zip(zeros, zeros.dropFirst()) where right - left > 1e-3 {
                let inside = turns.filter { $0.share > left && $0.share < right }
                #expect(inside.count == 1)
                let middle = p((left + right) / 2)
                for turn in inside { #expect((turn.value > 0) == (middle > 0)) }
            }
        }
    }

    @Test func twoExtremaCloseTogetherAreBothThere() {
        let turns = piece { s in (s - 0.3) * (s - 0.3 - 1e-3) * (s - 0.3 + 1e-3) }.turningPoints(flat: 0)
        #expect(turns.count == 2)
        // At 0.3 ± 1e−3/√3, to the square root of the roundings: of 0.7³ over the curvature 6e−3/√3.
        #expect(abs(turns[0].share - (0.3 - 1e-3 / 3.0.squareRoot())) < 1e-9)
    }

    /// A place without an extremum where the slope is small, such as that of s³ + εs, counts if asked for.
    @Test func flatPlacesAreTold() {
        let flat = piece { s in pow(s - 0.4, 3) + 1e-9 * (s - 0.4) }
        #expect(flat.turningPoints(flat: 0).isEmpty)
        #expect(flat.turningPoints(flat: 1e-8).count == 1)
    }

    @Test func whatIsNoPolynomialIsNotTakenForOne() {
        #expect(!piece { sin(100 * $0) }.isResolved(to: 0))
        #expect(!piece { abs($0 - 0.3) }.isResolved(to: 0))
        #expect(!piece { $0 < 0.3 ? 0 : 1 }.isResolved(to: 0))
        #expect(piece { sin(2 * $0) }.isResolved(to: 0))
        // Of sines over up to a thousand periods none: the two points in between and the last coefficients agree by chance
        // once in some 1e8.
        for wave in 0..<20_000 {
            let omega = 30 + 0.3 * Double(wave)
            #expect(!piece { sin(omega * ($0 - 0.5)) }.isResolved(to: 0), "at \(omega)")
        }
    }

    @Test func whatStaysAwayFromZeroIsToldWithItsDistance() {
        let away = piece { 2 + cos(3 * $0) }
        #expect(away.staysAway(from0By: 0))
        #expect(!away.staysAway(from0By: 3.1))
        #expect(!piece { $0 - 0.5 }.staysAway(from0By: 0))
    }
}
