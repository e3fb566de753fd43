import Foundation
import NumericalMethods
import Testing

@Suite struct DerivativeTests {
    @Test(arguments: [-3.0, -0.2, 0, 0.7, 5]) func smoothFunctions(x: Double) throws {
        let cases: [((Double) -> Double, Double)] = [
            (sin, cos(x)), (exp, exp(x)), ({ $0 * $0 * $0 }, 3 * x * x),
            ({ 1 / (1 + $0 * $0) }, -2 * x / ((1 + x * x) * (1 + x * x))),
        ]
        for (f, expected) in cases {
            let result = try derivative(at: x, of: f)
            #expect(result.side == .central)
            // The estimate is a bound but for chance, and it is small.
            #expect(abs(result.value - expected) <= result.error + 1e-15)
            #expect(result.error <= 1e-6 * max(abs(expected), 1))
        }
    }

    @Test func oneSidedAtTheEdges() throws {
        let domain = 0.0...1.0
        for (x, side) in [(0.0, Derivative.Side.forward), (1, .backward), (0.5, .central)] {
            var asked: [Double] = []
            let result = try derivative(at: x, in: domain) {
                asked.append($0)
                return exp($0)
            }
            #expect(result.side == side)
            #expect(abs(result.value - exp(x)) <= result.error)
            #expect(result.error < 1e-5)
            #expect(asked.allSatisfy(domain.contains))
        }
    }

    @Test func oneSidedWhereTheFunctionEnds() throws {
        // √ has no value on the other side of 0; at 1e-9 the step of 1e-3 meets it.
        let result = try derivative(at: 1, step: 0.5) { $0 < 1 ? .nan : $0 * $0 }
        #expect(result.side == .forward)
        #expect(abs(result.value - 2) <= result.error + 1e-14)
    }

    @Test func faults() {
        #expect(throws: DerivativeError.outsideOfDomain(x: 2, domain: 0...1)) {
            try derivative(at: 2, in: 0...1) { $0 }
        }
        #expect(throws: DerivativeError.self) { try derivative(at: .nan) { $0 } }
        #expect(throws: DerivativeError.step(-1)) { try derivative(at: 0, step: -1) { $0 } }
        #expect(throws: DerivativeError.self) { try derivative(at: 0, step: .infinity) { $0 } }
        #expect(throws: DerivativeError.self) { try derivative(at: 1) { _ in .nan } }
        #expect(throws: DerivativeError.noRoom(x: 1, domain: 1...1)) { try derivative(at: 1, in: 1...1) { $0 } }
        #expect(throws: DerivativeError.self) { try derivative(at: 1) { $0 > 1 ? 1.7e308 : -1.7e308 } }
    }
}
