// --from: the state in which a run starts.
import ArgumentParser
import CommandRun
import DissipativeMarket
import RoleDynamics
import Testing

@testable import DynamicsCommands

@Suite struct StartStateTests {
    struct Row: CustomTestStringConvertible {
        let text: String
        var price: StartState.Price?
        var shares: [Double] = [1.0 / 3, 1.0 / 3, 1.0 / 3]
        var testDescription: String { text }
    }

    @Test(arguments: [
        Row(text: "x=1.2", price: .ratio(1.2)), Row(text: "alpha=250", price: .tokens(250)),
        // Of two the third is the rest; beside one the others share it.
        Row(text: "x=2,lp=0.5,seller=0.125", price: .ratio(2), shares: [0.5, 0.125, 0.375]),
        Row(text: "lp=0.5,external=0.5", shares: [0.5, 0, 0.5]),
        Row(text: "seller=1,external=0", shares: [0, 1, 0]),
        Row(text: "x=1,seller=0.5", price: .ratio(1), shares: [0.25, 0.5, 0.25]),
        Row(text: "external=1", shares: [0, 0, 1]), Row(text: "lp=0", shares: [0, 0.5, 0.5]),
        Row(text: "lp=0.25,seller=0.25,external=0.5", shares: [0.25, 0.25, 0.5]),
        // Names of the output's columns, any order, blanks.
        Row(text: "share_seller=0.5, share_lp = 0.25 ,alpha=3", price: .tokens(3), shares: [0.25, 0.5, 0.25]),
        Row(text: "share_external=0.5,lp=0.5", shares: [0.5, 0, 0.5]),
    ])
    func parts(_ row: Row) throws {
        let state = try StartState(row.text)
        #expect(state.price == row.price)
        #expect([state.shares.liquidityProviders, state.shares.sellers, state.shares.external] == row.shares)
        #expect(state.givesShares == !["x=1.2", "alpha=250"].contains(row.text))
    }

    /// Decimals of twelve digits are on the simplex, and then exactly.
    @Test(arguments: [
        "lp=0.333333333333,seller=0.333333333333,external=0.333333333334", "lp=0.1,seller=0.2,external=0.7",
        "lp=0.7,seller=0.3000000000009", "lp=0.3,seller=0.6,external=0.1",
    ])
    func roundingIsNoFault(_ text: String) throws {
        let shares = try StartState(text).shares
        let all = [shares.liquidityProviders, shares.sellers, shares.external]
        #expect(all.allSatisfy { $0 >= 0 })
        // Three quotients and two sums round.
        #expect(abs(all.reduce(0, +) - 1) <= 2 * 2.3e-16)
    }

    @Test(arguments: [
        ("", ["empty"]), ("x=1,,lp=0.5", ["empty"]), ("x", ["\"x\"", "no value", "x=1.2,lp=0.5"]),
        ("x=", ["x is \"\"", "greater than 0"]), ("y=2", ["\"y\"", "alpha=…"]),
        ("sellr=0.5", ["\"sellr\"", "did you mean seller?"]), ("x=1,x=2", ["x twice"]),
        ("lp=0.1,share_lp=0.1", ["lp twice"]), ("x=1,alpha=2", ["x=1 and alpha=2", "keep one"]),
        ("x=0", ["x is 0", "greater than 0"]), ("x=-1", ["x is -1"]), ("x=nan", ["x is \"nan\""]),
        ("alpha=inf", ["alpha is \"inf\""]), ("x=1e999", ["x is \"1e999\""]),
        ("lp=1.5", ["lp is 1.5", "0 to 1"]), ("seller=-0.1", ["seller is -0.1", "0 to 1"]),
        ("lp=0.7,seller=0.7", ["lp=0.7, seller=0.7", "off the simplex", "1.4"]),
        ("lp=0.5,seller=0.3,external=0.1", ["external=0.1", "off the simplex", "0.9", "sum is 1"]),
        ("lp=0.5,seller=0.3,external=0.20000000001", ["off the simplex", "1.00000000001"]),
        ("lp=1,seller=0.00000000001", ["off the simplex"]),
    ])
    func refuses(_ text: String, _ fragments: [String]) {
        let message = #expect(throws: ArgumentFault.self) { try StartState(text) }?.description ?? ""
        for fragment in fragments { #expect(message.contains(fragment), "\(text): \(message)") }
    }

    // MARK: - With the other options

    private struct Options: ParsableArguments {
        @OptionGroup var start: StartOptions
        @OptionGroup var market: MarketOptions
        @OptionGroup var point: PointOptions
        @OptionGroup var common: CommonOptions

        func resolved() throws -> RunStart {
            let values = try ParameterValues(market: market, point: point, files: RunFiles(common))
            return try start.resolved(point: point, values: values, market: values.makeMarket())
        }
    }

    private func resolved(_ line: String) throws -> RunStart {
        try Options.parse(line.split(separator: " ").map(String.init)).resolved()
    }

    @Test func thePriceInBothUnits() throws {
        // c = 200 + 0.5·100 = 250.
        let market = "--beta 200 --p 0.5 --theta 100 --delta 400 "
        for line in ["--from x=2", "--from alpha=500", "--alpha 500", "--from lp=0.5 --alpha 500"] {
            let start = try resolved(market + line)
            #expect(start.priceRatio == 2, "\(line)")
            #expect(start.poolPrice == 500, "\(line)")
            #expect(start.givesShares == line.contains("lp="))
        }
        #expect(try resolved("--b 0.7 --d 1.3 --x 1.5").priceRatio == 1.5)
        #expect(try resolved(market + "--from x=2").shares == .even)
    }

    @Test func anOptionOverridesTheFile() throws {
        let folder = try TestFolder(["m.yaml": "beta: 0.5\np: 1\ntheta: 0.5\ndelta: 2\nalpha: 3\n"])
        let file = "--market \(folder["m.yaml"]) "
        #expect(try resolved(file).poolPrice == 3)
        #expect(try resolved(file + "--from x=2").poolPrice == 2)
        #expect(try resolved(file + "--alpha 4").poolPrice == 4)
        #expect(try resolved(file + "--from seller=1").poolPrice == 3)
    }

    @Test(arguments: [
        ("--beta 1 --delta 2", ["price at the start is missing", "--from x=", "--alpha"]),
        ("--beta 1 --delta 2 --from lp=1", ["missing"]),
        ("--beta 1 --delta 2 --from x=1 --alpha 2", ["--from x and --alpha", "keep one"]),
        ("--b 1 --d 2 --from alpha=1 --x 2", ["--from alpha and --x", "keep one"]),
        ("--beta 1e300 --delta 1e300 --from x=1e300", ["alpha = inf", "double"]),
        ("--beta 1e300 --delta 1e300 --alpha 1e-100", ["x = α/c", "double"]),
    ])
    func refusesWithTheOthers(_ line: String, _ fragments: [String]) {
        let error = #expect(throws: CommandFailure.self) { try resolved(line) }
        #expect(error?.status == .usage)
        let message = error?.description ?? ""
        for fragment in fragments { #expect(message.contains(fragment), "\(line): \(message)") }
    }
}
