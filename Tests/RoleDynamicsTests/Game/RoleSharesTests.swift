import DissipativeMarket
import Testing

@testable import RoleDynamics

@Suite struct RoleSharesTests {
    @Test func theRestSellsExternally() throws {
        let shares = try RoleShares(liquidityProviders: 0.5, sellers: 0.25)
        #expect(shares.external == 0.25)
        #expect(try RoleShares(liquidityProviders: 1, sellers: 0).external == 0)
        #expect(try RoleShares(liquidityProviders: 0, sellers: 0).external == 1)
        #expect(try RoleShares(liquidityProviders: 0.5, sellers: 0.25, external: 0.25) == shares)
    }

    /// Decimals of thirds, thirteen digits each: their sum is off by 1e−13, and the shares' is not.
    @Test func decimalsAreScaledOnToTheSimplex() throws {
        let shares = try RoleShares(
            liquidityProviders: 0.3333333333333, sellers: 0.3333333333333, external: 0.3333333333333)
        #expect(abs(shares.liquidityProviders + shares.sellers + shares.external - 1) <= 2 * Double.ulpOfOne)
        let two = try RoleShares(liquidityProviders: 0.5, sellers: 0.5000000000001)
        #expect(two.external == 0)
        #expect(abs(two.liquidityProviders + two.sellers - 1) <= 2 * Double.ulpOfOne)
    }

    @Test(arguments: [
        ("lp", -0.1, 0.5, 0.6), ("lp", 1.1, 0, -0.1), ("lp", .nan, 0, 1), ("lp", .infinity, 0, 0),
        ("seller", 0.5, -1e-300, 0.5), ("seller", 0, 2, -1), ("external", 0.5, 0.5, -1e-300),
        ("external", 0.5, 0.5, .nan), ("external", 0.3, 0.3, 0.3), ("external", 0.5, 0.5, 1e-11),
        ("external", 0, 0, 0),
    ])
    func offTheSimplex(_ name: String, _ l: Double, _ s: Double, _ e: Double) throws {
        let error = try #require(throws: ParameterError.self) {
            try RoleShares(liquidityProviders: l, sellers: s, external: e)
        }
        #expect(error.name == name)
    }

    @Test(arguments: [("seller", 0.6, 0.5), ("seller", 0.5, 0.50001), ("lp", -1, 0.5), ("seller", 0.5, .nan)])
    func offTheSimplexByTwo(_ name: String, _ l: Double, _ s: Double) throws {
        let error = try #require(throws: ParameterError.self) {
            try RoleShares(liquidityProviders: l, sellers: s)
        }
        #expect(error.name == name)
    }
}
