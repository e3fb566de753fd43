import DissipativeMarket
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct ParameterPointTests {
    private static func point(_ values: [(ParameterName, Double)]) throws -> ParameterPoint {
        var point = ParameterPoint()
        for (name, value) in values { try point.set(name, to: value) }
        return point
    }

    /// The domain is that of the types that check it: what it allows can be set, and nothing else.
    @Test(arguments: ParameterName.all)
    func domains(_ name: ParameterName) throws {
        for value in [
            -1, -0.0, 0, Double.leastNonzeroMagnitude, 0.5, 1, 1.0.nextUp, 2, 1e300, .infinity, -.infinity, .nan,
        ] {
            var point = try Self.point([(.b, 0.7), (.d, 1.3), (.y, 0.8), (.x, 1)])
            guard name.allows(value) else {
                let error = #expect(throws: ParameterError.self) { try point.set(name, to: value) }
                #expect(error?.name == name.short)
                continue
            }
            try point.set(name, to: value)
            #expect(point[name] == value, "\(name)")
        }
    }

    /// What is set is what the market and the game have.
    @Test func parametersReachTheGame() throws {
        let names = ParameterName.all.filter { if case .ratio = $0 { false } else { $0 != .market(.alpha) } }
        // Different from each other and from every default, and in every domain.
        let values = names.indices.map { 0.125 + Double($0) / 32 }
        let point = try Self.point(Array(zip(names, values)))
        let game = try point.makeGame()
        #expect(ParameterPoint(game).ratioUnit == game.market.sellerCost)
        for (name, value) in zip(names, values) {
            let found =
                switch name {
                case .market(.gamma): game.blockReward
                case .market(let parameter): game.market[parameter]
                case .intensity(let group): game.intensities[group]
                case .revision(let parameter): game.parameters[parameter]
                case .ratio: Double?.none
                }
            #expect(found == value, "\(name)")
            #expect(ParameterPoint(game)[name] == value, "\(name)")
        }
    }

    @Test func ratiosAreMadeRaw() throws {
        let point = try Self.point([(.b, 0.7), (.d, 1.3), (.y, 0.8), (.x, 1.1)])
        let raw: [(MarketParameter, Double?)] = [
            (.beta, 0.7), (.p, 1), (.theta, 1 - 0.7), (.delta, 1.3), (.gamma, 0.8), (.alpha, 1.1), (.fee, nil),
        ]
        for (parameter, value) in raw { #expect(point[parameter] == value, "\(parameter)") }
        #expect(try point.makeMarket() == Market(externalRatio: 0.7, reservationRatio: 1.3))
    }

    @Test func whatIsNotSetHasItsDefault() throws {
        let point = ParameterPoint()
        for name in ParameterName.all { #expect(point[name] == name.defaultValue, "\(name)") }
        #expect(point.revisionProtocol == .logit)
    }

    /// What is missing is an error that names it, not a trap.
    @Test func missing() throws {
        let market = try Self.point([(.market(.beta), 1), (.market(.delta), 2)])
        let error = #expect(throws: ParameterError.self) { try market.makeGame() }
        #expect(error?.name == "gamma")
        #expect(throws: ParameterError.self) { try ParameterPoint().makeMarket() }
    }
}
