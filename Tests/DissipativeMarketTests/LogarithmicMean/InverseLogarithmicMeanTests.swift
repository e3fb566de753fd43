import Foundation
import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct InverseLogarithmicMeanTests {
    /// The bounds are the documented ones.
    @Test func matchesReferences() {
        for row in inverseReferences.rows {
            let m = row[0].double
            let slack = m < 1 ? max(1, row[3].double) : 1
            #expect(row[1].ulps(of: InverseLogarithmicMean.value(m)) <= 4 * slack, "Λ(\(m))")
            #expect(
                row[2].ulps(of: InverseLogarithmicMean.derivative(m)) <= 16 * max(1, row[4].double), "Λ′(\(m))")
        }
        #expect(inverseReferences.rows.count > 200)
    }

    /// The excess form promises digits of Λ − 1, where the value has those of Λ only. 6 ulp: ℓ within 3, two roundings.
    @Test func excessMatchesReferences() {
        for row in inverseExcessReferences.rows {
            let e = row[0].double
            #expect(row[1].ulps(of: InverseLogarithmicMean.excess(e)) <= 6, "Λ(1 + \(e)) − 1")
        }
    }

    @Test(arguments: [1, 2, 3])
    func arraysAreAsAccurateAsScalars(threads: Int) {
        // Enough copies for several chunks, in an order that mixes lanes inside and outside of the vector range.
        let rows = Array(repeating: inverseReferences.rows, count: 50).flatMap { $0 }
        let values = InverseLogarithmicMean.values(rows.map { $0[0].double }, threads: threads)
        #expect(values.count == rows.count)
        for (row, value) in zip(rows, values) {
            let slack = row[0].double < 1 ? max(1, row[3].double) : 1
            #expect(row[1].ulps(of: value) <= 4 * slack, "Λ(\(row[0]))")
        }
        let excessRows = inverseExcessReferences.rows
        let excesses = InverseLogarithmicMean.excesses(excessRows.map { $0[0].double }, threads: threads)
        for (row, value) in zip(excessRows, excesses) {
            #expect(row[1].ulps(of: value) <= 6, "Λ(1 + \(row[0])) − 1")
        }
    }

    /// Both routes over the vector kernel's whole range: scalar Swift against C lanes. 4 ulp and 4 ulp make 8.
    @Test func vectorKernelAgreesWithTheScalar() {
        var generator = SeededGenerator(seed: 4)
        let excesses = (0..<200_000).map { _ in generator.logUniform(-300...8) }
        let values = InverseLogarithmicMean.excesses(excesses)
        var worst = 0.0
        for (e, value) in zip(excesses, values) {
            let scalar = InverseLogarithmicMean.excess(e)
            worst = max(worst, abs(value - scalar) / scalar.ulp)
        }
        #expect(worst <= 8)
        #expect(worst > 0, "the two routes are the same code")
    }

    @Test func bytesDoNotDependOnThreads() {
        var generator = SeededGenerator(seed: 5)
        let m = (0..<50_000).map { _ in 1 + generator.logUniform(-15...9) }
        let one = InverseLogarithmicMean.values(m, threads: 1)
        #expect(one == InverseLogarithmicMean.values(m, threads: 2))
        #expect(one == InverseLogarithmicMean.values(m, threads: 7))
        // Nor on where in the array an element stands.
        #expect(Array(one[17...]) == InverseLogarithmicMean.values(Array(m[17...]), threads: 2))
    }

    @Test func invertsTheLogarithmicMean() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<10_000 {
            let m = generator.logUniform(-2...100)
            let x = InverseLogarithmicMean.value(m)
            // L(·, 1) has a condition number of at most 1: 4 ulp of x for m > 1 (κ ulp below) and 4 of L.
            #expect(abs(logarithmicMean(x, 1) - m) <= 16 * m.ulp, "m = \(m)")
        }
    }

    @Test func limits() {
        #expect(InverseLogarithmicMean.value(1) == 1)
        #expect(InverseLogarithmicMean.derivative(1) == 2)
        #expect(InverseLogarithmicMean.value(2.6e305) == .infinity)
        #expect(InverseLogarithmicMean.value(2.4e305).isFinite)
        #expect(InverseLogarithmicMean.value(1e-3) == 0)
        #expect(InverseLogarithmicMean.value(.leastNonzeroMagnitude) == 0)
        for bad in [0, -1, -Double.infinity, .nan] {
            #expect(InverseLogarithmicMean.value(bad).isNaN)
            #expect(InverseLogarithmicMean.derivative(bad).isNaN)
            #expect(InverseLogarithmicMean.values([bad])[0].isNaN)
        }
        #expect(InverseLogarithmicMean.value(.infinity) == .infinity)
        #expect(InverseLogarithmicMean.derivative(.infinity) == .infinity)
        #expect(InverseLogarithmicMean.excess(0) == 0)
        #expect(InverseLogarithmicMean.excess(-1).isNaN)
        #expect(InverseLogarithmicMean.values([]).isEmpty)
    }
}
