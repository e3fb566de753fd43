import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct GridAxisTests {
    /// 0:1:11 and its kin give the doubles nearest to the decimals.
    @Test func decimalStepsComeOutAsDecimals() throws {
        let tenths = try #require(GridAxis(start: 0, stop: 1, count: 11))
        #expect((0..<11).map { tenths[$0] } == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
        let halves = try #require(GridAxis(start: 0, stop: 1.5, count: 16))
        #expect(
            (0..<16).map { halves[$0] } == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5])
        let signed = try #require(GridAxis(start: -1, stop: 1, count: 5))
        #expect((0..<5).map { signed[$0] } == [-1, -0.5, 0, 0.5, 1])
    }

    @Test func aSingleValue() throws {
        let axis = try #require(GridAxis(start: 0.3, stop: 0.3, count: 1))
        #expect(axis[0] == 0.3)
        #expect(axis.step == 0)
        #expect(axis.count == 1)
    }

    @Test func stepIsTheDistanceOfNeighbours() throws {
        #expect(try #require(GridAxis(start: 1, stop: 3, count: 5)).step == 0.5)
    }

    @Test(
        arguments: [
            (0, 1, 0), (0, 1, -1), (0, 1, 1), (1, 0, 2), (1, 1, 2), (1, 1, 0), (0, .nan, 2), (.nan, 1, 2),
            (.nan, .nan, 1),
            (0, .infinity, 2), (-.infinity, 0, 2), (.infinity, .infinity, 1), (0, 1, .min),
        ] as [(Double, Double, Int)])
    func invalidOnesAreNil(start: Double, stop: Double, count: Int) {
        #expect(GridAxis(start: start, stop: stop, count: count) == nil)
    }

    /// The ends exact, no value less than the one before it, none outside the ends, and each within 2 ulp of the larger
    /// end of its place: two products, a sum, a quotient. From wide axes to some that are a few doubles long.
    @Test func endsExactMonotoneAndInPlace() throws {
        var generator = SeededGenerator(seed: 180)
        var broken: [String] = []
        for _ in 0..<3000 {
            let start = Bool.random(using: &generator) ? 0 : generator.logUniform(-3...3)
            let width = max(generator.logUniform(-17...3) * max(start, 1), start.ulp)
            let axis = try #require(
                GridAxis(start: start, stop: start + width, count: Int.random(in: 2...300, using: &generator)))
            let values = (0..<axis.count).map { axis[$0] }
            #expect(values.first == axis.start)
            #expect(values.last == axis.stop)
            let isMonotone = zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }
            let isInside = values.allSatisfy { axis.start <= $0 && $0 <= axis.stop }
            let isInPlace = values.indices.allSatisfy {
                abs(values[$0] - (start + Double($0) * axis.step)) <= (2 + Double($0) / Double(axis.count - 1) * 4)
                    * axis.stop.ulp
            }
            if !isMonotone || !isInside || !isInPlace {
                broken.append("\(axis): monotone \(isMonotone), inside \(isInside), in place \(isInPlace)")
            }
        }
        #expect(broken.count == 0, "\(broken.count) of 3000, the first: \(broken.first ?? "")")
    }

    /// Ends that are finite make values that are, even where their difference is not.
    @Test(arguments: [
        (0, Double.greatestFiniteMagnitude), (1e308, .greatestFiniteMagnitude), (-Double.greatestFiniteMagnitude, 0),
        (-1e308, 1e308), (-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude),
    ])
    func neverOverflows(start: Double, stop: Double) throws {
        let axis = try #require(GridAxis(start: start, stop: stop, count: 11))
        let values = (0..<11).map { axis[$0] }
        #expect(values.allSatisfy { $0.isFinite })
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
        #expect(axis.step.isFinite)
    }
}
