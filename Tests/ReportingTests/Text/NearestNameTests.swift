import Testing

@testable import Reporting

@Suite struct NearestNameTests {
    static let names = ["alpha", "beta", "theta", "gamma", "delta", "fee", "p", "alpha_ratio", "payoff_seller"]

    @Test(arguments: [
        ("gama", "gamma"), ("Gamma", "gamma"), ("gmama", "gamma"), ("aplha_ratoi", "alpha_ratio"), ("thata", "theta"),
        ("fe", "fee"), ("payof-seller", "payoff_seller"),
    ])
    func misspellingsAreRecognised(written: String, meant: String) {
        #expect(nearestName(to: written, among: Self.names) == meant)
    }

    @Test(arguments: ["kappa_g", "q", "", "x1", "abcdefgh"])
    func otherWordsAreNot(written: String) {
        #expect(nearestName(to: written, among: Self.names) == nil)
    }

    @Test func theFirstOfEquallyNearNamesWins() {
        #expect(nearestName(to: "col_c", among: ["col_a", "col_b"]) == "col_a")
        #expect(nearestName(to: "name", among: []) == nil)
    }

    @Test func aVeryLongNameCostsNothing() {
        #expect(nearestName(to: String(repeating: "a", count: 1_000_000), among: Self.names) == nil)
    }
}
