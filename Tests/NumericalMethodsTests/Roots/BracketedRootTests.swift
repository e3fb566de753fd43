import Foundation
import TestSupport
import Testing

@testable import NumericalMethods

/// A function, where to look for a sign change of it, and where the sign of the exact function changes.
struct RootCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let interval: ClosedRange<Double>
    let root: Double
    /// How far from `root` the computed function may change its sign instead, by its own rounding.
    let tolerance: Double
    let f: @Sendable (Double) -> Double

    init(
        _ description: String, _ interval: ClosedRange<Double>, root: Double, tolerance: Double? = nil,
        _ f: @escaping @Sendable (Double) -> Double
    ) {
        testDescription = description
        self.interval = interval
        self.root = root
        // The bracket's own width, and half an ulp of the root as it is written here.
        self.tolerance = tolerance ?? 2.5 * root.ulp
        self.f = f
    }
}

/// The signs of f at the ends of the bracket, and where it was asked.
private final class Probe {
    private(set) var points: [Double] = []
    let f: (Double) -> Double

    init(_ f: @escaping (Double) -> Double) { self.f = f }

    func callAsFunction(_ x: Double) -> Double {
        points.append(x)
        return f(x)
    }
}

/// No function takes more, as documented.
private let most = 110

@Suite struct BracketedRootTests {
    static let cases: [RootCase] = [
        RootCase("x² − 2", 0...2, root: 2.0.squareRoot()) { $0 * $0 - 2 },
        RootCase("x² − 2, falling", -2...0, root: -2.0.squareRoot()) { $0 * $0 - 2 },
        RootCase("cos x − x", 0...1, root: 0.7390851332151607, tolerance: 4 * 0x1p-53) { cos($0) - $0 },
        RootCase("ln x", 0.1...10, root: 1) { log($0) },
        // Steep: the sign changes within an ulp.
        RootCase("tanh(1e8(x − 0.3))", 0...1, root: 0.3) { tanh(1e8 * ($0 - 0.3)) },
        RootCase("jump", -1...2.1, root: 0.3) { $0 < 0.3 ? -1 : 1 },
        RootCase("jump at 1", -1...2.1, root: 1) { $0 < 1 ? -1e-300 : 1e300 },
        RootCase("cube root", -3...1, root: 0.25) { cbrt($0 - 0.25) },
        // Flat: of multiplicity 3, 9 and infinite. The ninth power underflows within 1e−36 of 1, and e^(−1/x²) at
        // 0.037.
        RootCase("(x − 1)³", -3...8, root: 1) { ($0 - 1) * ($0 - 1) * ($0 - 1) },
        RootCase("(x − 1)⁹", -3...8, root: 1) { pow($0 - 1, 9) },
        RootCase("x·e^(−1/x²)", -1...4, root: 0, tolerance: 0.037) { $0 == 0 ? 0 : $0 * exp(-1 / ($0 * $0)) },
        // At 0, where ulps are the smallest doubles; x³ underflows below 1.7e−108.
        RootCase("x", -1...2, root: 0) { $0 },
        RootCase("expm1 x", -1...2, root: 0) { expm1($0) },
        RootCase("x³", -1...2, root: 0, tolerance: 1.8e-108) { $0 * $0 * $0 },
        RootCase("sign of x", -1...2, root: 0) { $0 < 0 ? -1 : 1 },
        RootCase("1e300·x", -1e-300...1e-290, root: 0) { 1e300 * $0 },
        // Hundreds of powers of ten.
        RootCase("ln x, wide", 1e-300...1e300, root: 1) { log($0) },
        RootCase("x − 1e−5, wide", 1e-300...1e300, root: 1e-5) { $0 - 1e-5 },
        RootCase("ln x + 600", 1e-300...1e300, root: exp(-600), tolerance: exp(-600) * 600 * 0x1p-51) { log($0) + 600 },
        RootCase("atan(x − 3.3), all doubles", -1.7e308...1.7e308, root: 3.3) { atan($0 - 3.3) },
        RootCase("x − 1e−310", -1e308...1e308, root: 0x1p-1030) { $0 - 0x1p-1030 },
        // Just beside a power of two, where GSL's shortest step rounds to none.
        RootCase("x − 1 − 2⁻⁵²", 0.5...1.7, root: 1 + 0x1p-52) { $0 - (1 + 0x1p-52) },
        RootCase("x − 1 + 2⁻⁶⁰", 0.5...1.7, root: 1) { ($0 - 1) + 0x1p-60 },
        // The logarithmic mean of e^z and 1: an ulp of 3/2 over the slope, 0.85.
        RootCase("(e^z − 1)/z − 3/2", 0.01...600, root: 0.7626885608503390, tolerance: 4 * 0x1p-52) {
            expm1($0) / $0 - 1.5
        },
    ]

    @Test(arguments: cases) func signChangeIsKnownTo2ulp(_ row: RootCase) throws {
        let probe = Probe(row.f)
        let root = try bracketedRoot(in: row.interval, of: probe.callAsFunction)
        let (low, high) = (root.bracket.lowerBound, root.bracket.upperBound)
        #expect(high - low <= 2 * root.value.ulp)
        if root.residual == 0 {
            #expect(low == high)
        } else {
            #expect((row.f(low) < 0) != (row.f(high) < 0))
            #expect(abs(root.residual) == min(abs(row.f(low)), abs(row.f(high))))
        }
        #expect(root.bracket.contains(root.value))
        #expect(root.residual == row.f(root.value))
        #expect(abs(root.value - row.root) <= row.tolerance)
        #expect(root.evaluations == probe.points.count)
        #expect(root.evaluations <= most)
        #expect(probe.points.allSatisfy(row.interval.contains))
        #expect(Set(probe.points).count == probe.points.count)  // twice nowhere
    }

    /// Brent's method at work: functions that are smooth, with simple roots, from ordinary intervals.
    @Test(arguments: ["x² − 2", "cos x − x", "ln x", "expm1 x"]) func simpleRootsAreQuick(name: String) throws {
        let row = try #require(BracketedRootTests.cases.first { $0.testDescription == name })
        // Bisection would take 53; about 10 are seen, the two ends and the last ulp included.
        #expect(try bracketedRoot(in: row.interval, of: row.f).evaluations <= 16)
    }

    /// Jumps at random doubles of all magnitudes: the worst there is for methods that look at values.
    @Test func jumpsAnywhere() throws {
        var generator = SeededGenerator(seed: 2)
        let largest = Double.greatestFiniteMagnitude
        for _ in 0..<300 {
            let bits = Double(bitPattern: UInt64.random(in: 1..<(0x7ff << 52), using: &generator))
            let place = Bool.random(using: &generator) ? bits : -bits
            let heights = (generator.logUniform(-300...300), generator.logUniform(-300...300))
            let root = try bracketedRoot(in: -largest...largest) { $0 < place ? -heights.0 : heights.1 }
            #expect(root.bracket.contains(place))
            #expect(root.bracket.upperBound - root.bracket.lowerBound <= 2 * root.value.ulp)
            #expect(root.evaluations <= most)
        }
    }

    /// Cubics with one root each, at random: the exact sign change is in the bracket, widened by the rounding of f.
    @Test func cubicsAnywhere() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<300 {
            let center = generator.uniform(-1...1)
            let slope = generator.logUniform(-6...6)
            let root = try bracketedRoot(in: -3...2.5) {
                let y = $0 - center
                return y * (y * y + slope)
            }
            // y is exact near the root (Sterbenz), and with it the sign.
            #expect(root.bracket.contains(center))
            #expect(root.evaluations <= most)
        }
    }

    // MARK: - Tolerances

    /// The bracket is as short as asked and no evaluation is spent on more: of functions whose f is 0 nowhere.
    @Test(arguments: [1e-2, 1e-6, 1e-12]) func tolerancesAreKept(tolerance: Double) throws {
        let target = 2.0 + 0x1p-40
        func f(_ x: Double) -> Double { (x * x - target) + 0x1p-70 }
        let absolute = try bracketedRoot(in: 0...200, absoluteTolerance: tolerance, of: f)
        #expect(absolute.bracket.upperBound - absolute.bracket.lowerBound <= tolerance)
        #expect(absolute.bracket.contains(target.squareRoot()))
        let relative = try bracketedRoot(in: 0...200, relativeTolerance: tolerance, of: f)
        #expect(relative.bracket.upperBound - relative.bracket.lowerBound <= tolerance * relative.value)
        #expect(relative.bracket.contains(target.squareRoot()))
        let exact = try bracketedRoot(in: 0...200, of: f)
        #expect(absolute.evaluations <= exact.evaluations)
        #expect(relative.evaluations <= exact.evaluations)
    }

    /// An absolute tolerance wider than the interval leaves nothing to do.
    @Test func wideToleranceTakesTwoEvaluations() throws {
        let root = try bracketedRoot(in: -1...3, absoluteTolerance: 10) { $0 }
        #expect(root == BracketedRoot(value: -1, bracket: -1...3, residual: -1, evaluations: 2))
    }

    /// Noise makes many sign changes; one of them is found, to 2 ulp.
    @Test func noise() throws {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<100 {
            let seed = generator.next()
            @Sendable func noisy(_ x: Double) -> Double {
                var noise = SeededGenerator(seed: seed ^ x.bitPattern)
                return x - 0.4 + noise.uniform(-0.01...0.01)
            }
            let root = try bracketedRoot(in: 0...1, of: noisy)
            #expect(root.bracket.upperBound - root.bracket.lowerBound <= 2 * root.value.ulp)
            #expect((noisy(root.bracket.lowerBound) < 0) != (noisy(root.bracket.upperBound) < 0))
            #expect(abs(root.value - 0.4) <= 0.01)
            #expect(root.evaluations <= most)
        }
    }

    /// A pole between two doubles changes the sign and is found like a root; the residual tells.
    @Test func poleIsToldByTheResidual() throws {
        let root = try bracketedRoot(in: 0...1) { 1 / ($0 - 0.3 + 1e-17) }
        #expect(abs(root.value - 0.3) <= 2 * 0.3.ulp)
        #expect(abs(root.residual) > 1e14)
    }

    // MARK: - Ends

    @Test func zeroAtAnEnd() throws {
        let low = try bracketedRoot(in: 0...1) { $0 }
        #expect(low == BracketedRoot(value: 0, bracket: 0...0, residual: 0, evaluations: 1))
        let high = try bracketedRoot(in: -1...0) { $0 }
        #expect(high == BracketedRoot(value: 0, bracket: 0...0, residual: 0, evaluations: 2))
    }

    @Test func neighboursAsInterval() throws {
        let root = try bracketedRoot(in: 1...1.nextUp) { $0 > 1 ? 1 : -3 }
        #expect(root == BracketedRoot(value: 1.nextUp, bracket: 1...1.nextUp, residual: 1, evaluations: 2))
    }

    @Test func noSignChangeIsTold() {
        #expect(throws: RootError.noSignChange(lower: -1, upper: 2, atLower: 2, atUpper: 5)) {
            try bracketedRoot(in: -1...2) { $0 * $0 + 1 }
        }
        #expect(throws: RootError.noSignChange(lower: 2, upper: 2, atLower: -1, atUpper: -1)) {
            try bracketedRoot(in: 2...2) { _ in -1 }
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity]) func notFiniteIsTold(value: Double) {
        #expect(throws: RootError.notFinite(at: 0)) { try bracketedRoot(in: 0...1) { $0 == 0 ? value : 1 } }
        #expect(throws: RootError.notFinite(at: 1)) { try bracketedRoot(in: 0...1) { $0 == 1 ? value : -1 } }
        let error = #expect(throws: RootError.self) {
            try bracketedRoot(in: 0...1) { $0 == 0 ? -1 : $0 == 1 ? 1 : value }
        }
        guard case .notFinite(let x) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(x > 0)
        #expect(x < 1)
    }

    @Test func wrongInputIsTold() {
        #expect(throws: RootError.infiniteInterval(lower: 0, upper: .infinity)) {
            try bracketedRoot(in: 0...(.infinity)) { $0 - 1 }
        }
        for tolerance in [-1e-300, Double.nan, .infinity] {
            let error = #expect(throws: RootError.self) {
                try bracketedRoot(in: 0...2, absoluteTolerance: tolerance) { $0 - 1 }
            }
            #expect(error?.description == "absolute tolerance is \(tolerance); allowed: a finite number, 0 or more")
            #expect(throws: RootError.self) { try bracketedRoot(in: 0...2, relativeTolerance: tolerance) { $0 - 1 } }
        }
        #expect(throws: RootError.outOfRange(name: "maximum of evaluations", value: 1, allowed: "2 or more")) {
            try bracketedRoot(in: 0...2, maximumEvaluations: 1) { $0 - 1 }
        }
    }

    /// The limit on evaluations is kept, and the bracket reached is told.
    @Test(arguments: [2, 3, 5, 20, 40]) func limitIsKept(limit: Int) {
        var evaluations = 0
        let error = #expect(throws: RootError.self) {
            try bracketedRoot(in: -1e300...1e300, maximumEvaluations: limit) {
                evaluations += 1
                return $0 < 0.3 ? -1 : 1
            }
        }
        guard case .notConverged(let lower, let upper, let told) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(told == limit)
        #expect(evaluations == limit)
        #expect(lower < 0.3)
        #expect(upper >= 0.3)
    }
}
