import DissipativeMarket
import Foundation
import Testing

@testable import NumericalMethods
@testable import RoleDynamics

/// Markets whose branches are known by two routes, one of them in 20 to 40 digits.
enum ReferenceMarket: String, CaseIterable {
    case baseline, offBaseline, deep, withFee, hysteretic, demandOnly

    func game(y: Double? = nil, lag: Double = 0) throws -> RoleGame {
        let settings: [ParameterName: Double] =
            switch self {
            case .baseline: [:]
            case .offBaseline, .deep:
                [
                    .kappaG: 0.4, .kappaB: 0.7, .kappaS: 1.3, .demandWidth: 0.05, .rationality: 30, .revisionRate: 3,
                    .depthExponent: self == .deep ? 1 : 0,
                ]
            case .withFee:
                [
                    .market(.fee): 0.02, .kappaG: 0.6, .kappaB: 0.3, .kappaS: 0.9, .demandWidth: 0.03,
                    .rationality: 80, .revisionRate: 1.5, .depthExponent: 0.5,
                ]
            case .hysteretic: [.depthExponent: 2, .rationality: 100, .demandWidth: 0.06]
            case .demandOnly: [.depthExponent: 1, .kappaB: 0, .demandWidth: 0.06]
            }
        let (b, d, ownY): (Double, Double, Double) =
            switch self {
            case .baseline, .hysteretic: (0.7, 1.3, 0.79)
            case .offBaseline, .deep: (0.6, 1.45, 0.7)
            case .withFee: (0.8, 1.25, 0.82)
            case .demandOnly: (0.7, 1.3, 0.6)
            }
        var all = settings
        all[.lag] = lag
        return try RoleEquationsTests.game(y: y ?? ownY, b: b, d: d, all)
    }
}

/// A Hopf point in the lag: closed form and multilinear forms in 40 digits.
struct HopfReference: Sendable, CustomTestStringConvertible {
    let market: ReferenceMarket
    let y: Double
    let lag: Double
    let period: Double
    let firstLyapunov: Double
    let amplitudeSlope: Double
    let periodSlope: Double

    var testDescription: String { "\(market) y = \(y), lag \(lag)" }

    static let all: [HopfReference] = [
        .init(.baseline, 0.72, 0.223773117192419, 2.10160375962929, -1.43144250677, 0.472849368712, 4.69391318997),
        .init(.baseline, 0.72, 19519.9000405621, 345.145769429761, -4.60189912, -6.20462351e-7, 0.00884005772),
        .init(.baseline, 0.75, 0.213951323909497, 2.05387589211053, -1.26101893562, 0.503598719411, 4.75162149846),
        .init(.baseline, 0.79, 0.219879252002761, 2.01501065083916, -2.27438141192, 0.274622530594, 3.10616250713),
        .init(.baseline, 0.79, 23.7400460474557, 11.8772097131562, -96.0705051786, -4.84221959726e-4, 0.233383660125),
        .init(.baseline, 0.5, 0.235297590278157, 2.15511856529731, -2.00052096351, 0.434925276612, 4.58070863837),
        .init(.offBaseline, 0.7, 0.688908285863616, 2.97439562915809, -0.862841316942, 0.334366726736, 2.04401880416),
        .init(.offBaseline, 0.7, 20.0141953113548, 13.2866695733532, -5.85812620298, -0.00331932720383, 0.323682636767),
        .init(.deep, 0.7, 0.265897042009747, 1.85038817031317, -1.30248146777, 0.923306917687, 3.73657817346),
        .init(.deep, 0.7, 34.2357913867474, 14.1008846888449, -10.7190521277, -0.00203254633571, 0.200611120075),
        .init(.withFee, 0.82, 0.0922430413811750, 1.38085905244529, -5.46801868487, 0.346111497642, 5.74090106446),
        .init(.withFee, 0.82, 20.0748839486269, 7.89929652928252, -77.0360422466, -0.00122725946874, 0.148382963202),
        .init(.hysteretic, 0.79, 0.0942843053444784, 0.791472106697060, -5.64412946121, 0.290378329383, 4.43390097124),
        .init(.hysteretic, 0.79, 1.59898860786871, 1.99110146534617, 0.465943988242, 0.675286225534, 3.13837477012),
    ]

    private init(
        _ market: ReferenceMarket, _ y: Double, _ lag: Double, _ period: Double, _ l1: Double, _ a2: Double,
        _ t1: Double
    ) {
        (self.market, self.y, self.lag, self.period) = (market, y, lag, period)
        (firstLyapunov, amplitudeSlope, periodSlope) = (l1, a2, t1)
    }
}

@Suite struct RoleContinuationTests {
    static func diagram(
        _ game: RoleGame, _ name: ParameterName, _ range: ClosedRange<Double>, isLogarithmic: Bool? = nil,
        _ settings: RoleContinuation.Settings = .init()
    ) throws -> BranchDiagram {
        let parameter = try BranchParameter(
            name, range: range,
            isLogarithmic: isLogarithmic ?? BranchParameter.isLogarithmicByDefault(name, range: range))
        return try RoleContinuation(game, parameter, settings).run()
    }

    @Test(arguments: HopfReference.all) func hopfPointInTheLag(reference: HopfReference) throws {
        let diagram = try Self.diagram(
            reference.market.game(y: reference.y), .lag, (0.5 * reference.lag)...(2 * reference.lag))
        let events = diagram.events.filter { $0.label == .hopf }
        #expect(events.count == 1)
        let event = try #require(events.first)
        let hopf = try #require(event.hopf)
        func off(_ value: Double, _ wanted: Double) -> Double { abs(value / wanted - 1) }
        #expect(off(event.parameter, reference.lag) < 1e-10)
        #expect(off(try #require(event.period), reference.period) < 1e-10)
        // The references of the row at 19 520 have 9 digits.
        #expect(off(hopf.firstLyapunov, reference.firstLyapunov) < 1e-8)
        #expect(off(hopf.amplitudeSlope, reference.amplitudeSlope) < 1e-8)
        #expect(off(hopf.periodSlope, reference.periodSlope) < 1e-8)
        #expect(hopf.criticality == (reference.firstLyapunov < 0 ? .supercritical : .subcritical))
    }

    /// Closed forms; each in the range that is named, at lag 0.5.
    static let otherParameters: [(ParameterName, ClosedRange<Double>, [Double])] = [
        (.y, 0.7...1.1, [0.809346921521155]), (.b, 0.6...0.95, [0.680653078477516, 0.924268603479789]),
        (.d, 1.1...1.5, [1.25944567679917]), (.market(.fee), 0...0.2, [0.0160538993880729]),
        (.kappaG, 0.05...0.9, [0.181116491603932, 0.668154566112115]), (.kappaS, 0.6...1.5, [0.790670348540360]),
        (.demandWidth, 0.01...0.5, [0.0380814411045743, 0.424189110608131]),
        (.rationality, 10...100, [31.7654888433347]),
        (.revisionRate, 1...10, [4.54795070881650]), (.kappaB, 0.01...3, []),
    ]

    @Test(arguments: otherParameters.indices) func hopfPointsInOtherParameters(index: Int) throws {
        let (name, range, wanted) = Self.otherParameters[index]
        let diagram = try Self.diagram(ReferenceMarket.baseline.game(lag: 0.5), name, range)
        let found = diagram.events.filter { $0.label == .hopf }.map(\.parameter)
        #expect(found.count == wanted.count)
        for (value, exact) in zip(found, wanted) { #expect(abs(value / exact - 1) < 1e-10) }
        // Nothing else happens, but for the two ends.
        #expect(diagram.events.count == wanted.count + 2)
    }

    @Test(arguments: [0.815, 0.82, 0.84]) func noHopfPointBeyondTheBand(y: Double) throws {
        let diagram = try Self.diagram(ReferenceMarket.baseline.game(y: y), .lag, 0.01...1000)
        #expect(diagram.events.map(\.label) == [.end, .end])
    }

    /// Limit cycles of the baseline at y = 0.79: shooting at 1e−13 and collocation in a second program.
    static let cycles: [(lag: Double, period: Double, low: Double, high: Double, mean: Double, second: Double)] = [
        (0.22, 2.015385553198, 1.18256070286, 1.18831749366, 1.1854369204, 0.9991180340),
        (0.225, 2.030635985268, 1.16698199651, 1.20402063027, 1.1854107478, 0.9632188261),
        (0.25, 2.100147384615, 1.14329393608, 1.22808714294, 1.1852099604, 0.8026437652),
        (0.3, 2.217628597760, 1.12301648623, 1.24822443347, 1.1846058668, 0.5750859053),
        (0.5, 2.585656041814, 1.09357001694, 1.27347785411, 1.1824253722, 0.2855704023),
        (1, 3.261412030142, 1.07792347041, 1.28303022528, 1.1814667865, 0.2053453179),
        (2, 4.198186429833, 1.08384310469, 1.27778706851, 1.1828064188, 0.1824781450),
        (5, 6.004460189725, 1.10936951047, 1.25871361752, 1.1846791924, 0.2088493416),
        (10, 8.037515585947, 1.13248596984, 1.23846539951, 1.1853131897, 0.3874732163),
        (20, 10.969279835189, 1.16308704903, 1.20801676704, 1.1854504219, 0.8413718087),
        (23.5, 11.821052965290, 1.18003701654, 1.19085340752, 1.1854386191, 0.9901295699),
    ]

    @Test func oneFamilyOfCyclesJoinsTheTwoHopfPoints() throws {
        var settings = RoleContinuation.Settings()
        settings.switching = .hopf
        settings.requested = Self.cycles.map(\.lag)
        let diagram = try Self.diagram(ReferenceMarket.baseline.game(), .lag, 0.1...30, settings)
        #expect(diagram.branches.count == 2)
        let family = diagram.branches[1].cycles
        let labels = diagram.events.filter(\.isOnCycle).map(\.label)
        #expect(labels == [BranchLabel](repeating: .requested, count: Self.cycles.count) + [.hopf])
        let end = try #require(diagram.events.last)
        #expect(abs(end.parameter / 23.7400460474557 - 1) < 1e-10)
        let found = family.filter { $0.label == .requested }
        for (cycle, wanted) in zip(found, Self.cycles) {
            #expect(cycle.parameter == wanted.lag)
            #expect(abs(cycle.period / wanted.period - 1) < 1e-10, "\(wanted.lag) \(cycle.period)")
            #expect(abs(cycle.prices.lowerBound - wanted.low) < 1e-9, "\(wanted.lag) \(cycle.prices.lowerBound)")
            #expect(abs(cycle.prices.upperBound - wanted.high) < 1e-9, "\(wanted.lag) \(cycle.prices.upperBound)")
            #expect(abs(cycle.meanPrice - wanted.mean) < 1e-9, "\(wanted.lag) \(cycle.meanPrice)")
            #expect(abs(cycle.multipliers[1].real - wanted.second) < 1e-8, "\(wanted.lag) \(cycle.multipliers[1])")
            // The logit multiplier e^{−ρT}.
            #expect(cycle.multipliers.contains { abs($0.real - exp(-2 * cycle.period)) < 1e-10 })
            #expect(cycle.isStable == true)
        }
    }
}
