// --market FILE.yaml, where it is good; what is wrong with one is in BadInputTests.
import Foundation
import Testing

@Suite struct MarketFileTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    static let expected =
        "bounds --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --fee 0.05 --period 2 --alpha 2 --gamma 0.85"

    @Test(arguments: [
        "beta: 0.7\np: 0.2\ntheta: 1.5\ndelta: 1.6\nfee: 0.05\nperiod: 2\nalpha: 2\ngamma: 0.85\n",
        "external-price: 0.7\nfailure-probability: 0.2\ncollateral: 1.5\nreservation-price: 1.6\nswap-fee: 0.05\n"
            + "staking-period: 2\npool-price: 2\nblock-reward: 0.85\n",
        // Comments, blank lines, any order, floats and integers, quoted keys, no line end, a byte order mark, CRLF.
        "# a market\n\nperiod: 2.0\nalpha: 2e0\n\"beta\": +0.7 # tokens\np: 2e-1\ntheta: 1.5\ndelta: 1.6\nfee: 0.05\ngamma: 0.85",
        "\u{FEFF}beta: 0.7\r\np: 0.2\r\ntheta: 1.5\r\ndelta: 1.6\r\nfee: 0.05\r\nperiod: 2\r\nalpha: 2\r\ngamma: 0.85\r\n",
    ])
    func namesAreThoseOfTheOptions(_ text: String) throws {
        try folder.write(text, to: "market.yaml")
        #expect(try folder.data("bounds --market market.yaml").output == folder.data(Self.expected).output)
    }

    @Test func tradeIntensities() throws {
        try folder.write("beta: 0.7\ndelta: 1.6\nalpha: 0.5\nkappa-b: 2\nkappa-g: 4\n", to: "market.yaml")
        let option = try folder.data("bounds --beta 0.7 --delta 1.6 --alpha 0.5 --kappa-b 2 --kappa-g 4").output
        #expect(try folder.data("bounds --market market.yaml").output == option)
        #expect(try isClose(CSVText(option).number("cessation_time_speculating_buyer"), log(0.7 / 0.5) / 2, 1e-15))
    }

    /// Numbers as the command line reads them; text in quotes holds one as well.
    @Test(arguments: ["beta: 7e-1\ndelta: '1.6'\n", "{beta: \"0.7\", delta: +1.60}", "beta: >-\n  0.7\ndelta: 1.6"])
    func values(_ text: String) throws {
        try folder.write(text, to: "market.yaml")
        #expect(
            try folder.data("bounds --market market.yaml").output == folder.data("bounds --beta 0.7 --delta 1.6").output
        )
    }

    @Test func theRevisionProtocol() throws {
        try folder.write("b: 0.7\nd: 1.3\ny: 0.79\nprotocol: smith\nlag: 0.1\n", to: "market.yaml")
        let options = "--b 0.7 --d 1.3 --y 0.79 --lag 0.1 --protocol"
        #expect(
            try folder.data("equilibrium --market market.yaml").output
                == folder.data("equilibrium \(options) smith").output)
        #expect(
            try folder.data("equilibrium --market market.yaml --protocol bnn").output
                == folder.data("equilibrium \(options) bnn").output)
        #expect(
            try folder.data("sweep --market market.yaml --vary y=0.7:0.9:3 --quantity slowest_eigenvalue").output
                == folder.data(
                    "sweep --b 0.7 --d 1.3 --lag 0.1 --protocol smith --vary y=0.7:0.9:3 --quantity slowest_eigenvalue"
                )
                .output)
        try folder.write("b: 0.7\nd: 1.3\ny: 0.79\nprotocol: best-response\n", to: "market.yaml")
        let refused = try folder.pinfi("ensemble --market market.yaml --x0 1:2:2 --until 1")
        #expect(refused.status == 64, "\(refused.errors)")
    }

    @Test func whatIsLeftAsideIsToldUnderVerbose() throws {
        try folder.write("beta: 0.7\ndelta: 1.3\nprotocol: smith\nlag: 0.1\n", to: "market.yaml")
        #expect(try folder.pinfi("bounds --market market.yaml").errors == "")
        let told = try folder.pinfi("bounds --market market.yaml --verbose").errors
        #expect(told.contains("leaves aside what market.yaml says of lag and protocol"), "\(told)")
    }

    @Test func anOptionOverridesTheFile() throws {
        try folder.write("external-price: 9\np: 0.2\ntheta: 1.5\ndelta: 1.6\nkappa-s: 7\n", to: "market.yaml")
        let both = try folder.data("bounds --market market.yaml --beta 0.7 --kappa-s 2 --alpha 3").output
        #expect(
            try both == folder.data("bounds --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --kappa-s 2 --alpha 3").output)
        // Zero is a value.
        #expect(try folder.data("bounds --market market.yaml --beta 0.7 --p 0").csv.cell("p") == "0")
    }

    @Test func ratioForm() throws {
        try folder.write("b: 0.7\nd: 1.3\ny: 0.79\n", to: "market.yaml")
        #expect(
            try folder.data("bounds --market market.yaml").output
                == folder.data("bounds --b 0.7 --d 1.3 --y 0.79").output)
        #expect(
            try folder.data("bounds --market market.yaml --y 0.8").output
                == folder.data("bounds --b 0.7 --d 1.3 --y 0.8").output)
    }

    @Test func aDiagramLeavesThePointAside() throws {
        try folder.write("beta: 0.7\ndelta: 1.3\nalpha: 2\ngamma: 0.8\n", to: "market.yaml")
        #expect(
            try folder.data("phase --market market.yaml --x 0:2:3 --y 0:1:2").output
                == folder.data("phase --beta 0.7 --delta 1.3 --x 0:2:3 --y 0:1:2").output)
    }

    @Test func explainTakesThePointFromIt() throws {
        try folder.write("beta: 0.7\ndelta: 1.3\nalpha: 2\ngamma: 0.8\n", to: "market.yaml")
        #expect(
            try folder.data("explain --market market.yaml").output
                == folder.data("explain --beta 0.7 --delta 1.3 --alpha 2 --gamma 0.8").output)
    }

    @Test(arguments: ["<(printf 'b: 0.7\\nd: 1.3\\n')", "/dev/stdin < <(printf 'b: 0.7\\nd: 1.3\\n')", "fifo"])
    func aPipeIsAFileToo(_ source: String) throws {
        #expect(mkfifo(folder["fifo"], 0o600) == 0)
        let feed = source == "fifo" ? "printf 'b: 0.7\\nd: 1.3\\n' > fifo & " : ""
        let run = try folder.bash(feed + "pinfi bounds --market \(source)")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors == "", "\(run.errors)")
        #expect(try run.output == folder.data("bounds --b 0.7 --d 1.3").output)
    }

    @Test func aLinkIsFollowed() throws {
        try folder.write("b: 0.7\nd: 1.3\n", to: "market.yaml")
        #expect(symlink("market.yaml", folder["link"]) == 0)
        #expect(try folder.data("bounds --market link").output == folder.data("bounds --b 0.7 --d 1.3").output)
    }
}
