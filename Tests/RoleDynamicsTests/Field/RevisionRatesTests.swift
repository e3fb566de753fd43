import TestSupport
import Testing

@testable import RoleDynamics

/// The rates' drift is the protocol's velocity, and what they add to the covariance is symmetric in the three roles.
@Suite struct RevisionRatesTests {
    @Test(arguments: RevisionProtocol.allCases)
    func driftIsTheVelocity(_ kind: RevisionProtocol) {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let (a, u) = (generator.uniform(-0.3...0.3), generator.uniform(-0.3...0.3))
            let choice = LogitChoice(rationality: 20, rewardExcess: a)
            let shares = RoleShares.random(&generator)
            let (l, s, e) = (shares.liquidityProviders, shares.sellers, shares.external)
            let rates = RevisionRates(kind, choice: choice, rewardExcess: a, sellerExcess: u, l, s, e)
            let velocity = ShareVelocity(kind, choice: choice, rewardExcess: a, sellerExcess: u, l, s, e)
            let lp = s * rates.sellerToLP + e * rates.externalToLP - l * (rates.lpToSeller + rates.lpToExternal)
            let seller =
                l * rates.lpToSeller + e * rates.externalToSeller - s * (rates.sellerToLP + rates.sellerToExternal)
            // Roundings of terms below 1.
            #expect(abs(lp - velocity.liquidityProviders) < 1e-15)
            #expect(abs(seller - velocity.sellers) < 1e-15)
        }
    }

    /// Of two or three best roles each is taken as often.
    @Test func bestResponseAtTies() {
        let choice = LogitChoice(rationality: 1, rewardExcess: 0)
        let three = RevisionRates(.bestResponse, choice: choice, rewardExcess: 0, sellerExcess: 0, 1, 0, 0)
        #expect(three.lpToSeller == 1.0 / 3)
        #expect(three.lpToExternal == 1.0 / 3)
        let two = RevisionRates(.bestResponse, choice: choice, rewardExcess: 0.1, sellerExcess: 0.1, 1, 0, 0)
        #expect(two.lpToSeller == 0.5)
        #expect(two.lpToExternal == 0)
    }
}
