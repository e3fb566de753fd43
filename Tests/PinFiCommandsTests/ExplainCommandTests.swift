// pinfi explain.
import Foundation
import Testing

@Suite struct ExplainCommandTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    @Test func theSentence() throws {
        let table = try folder.data("explain --b 0.7 --d 1.3 --x 1.2 --y 0.79 --format table").output
        let sentence =
            """
            At α = 1.2 and γ = 0.79 the point lies in region aD: sellers dominate and
            genuine buyers are active. The reward is 0.00696299 below the seller's payoff
            S(α) = 0.796963: selling in the pool earns more than providing liquidity. The
            nearest change along α is the boundary lp-seller: the pool price lies 0.0147555
            above it. Regrets: LPs 0.00696299, sellers 0, those who sell externally
            0.096963.


            """
        #expect(table.hasPrefix(sentence))
        for line in table.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        let json = try folder.data("explain --b 0.7 --d 1.3 --x 1.2 --y 0.79 --format json").object()
        let words = sentence.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(json["explanation"] as? String == words)
    }

    /// A point, whose every answer the plain model knows.
    struct Point: CustomTestStringConvertible {
        let model: PlainModel
        let alpha, gamma: Double
        let region: String
        /// The nearest change along α, and how far it is.
        let nearest: String
        let distance: Double
        var options: String {
            "--beta \(model.beta) --p \(model.p) --theta \(model.theta) --delta \(model.delta) --fee \(model.fee) "
                + "--alpha \(alpha) --gamma \(gamma)"
        }
        var testDescription: String { "\(region) at \(alpha), \(gamma)" }
    }
    static let plain = PlainModel(beta: 0.7, p: 1, theta: 0.3, delta: 1.3)
    static let fee = PlainModel(beta: 0.7, p: 0.2, theta: 1.5, delta: 1.6, fee: 0.05)
    static let low = PlainModel(beta: 0.7, p: 1, theta: 0.3, delta: 0.6)
    static let points = [
        Point(model: plain, alpha: 0.9, gamma: 0.8, region: "aA", nearest: "alpha-s", distance: -0.1),
        Point(model: plain, alpha: 0.6, gamma: 0.5, region: "aB", nearest: "alpha-b", distance: -0.1),
        Point(model: plain, alpha: 0.8, gamma: 0.5, region: "aC", nearest: "alpha-b", distance: 0.1),
        Point(model: plain, alpha: 1.25, gamma: 0.75, region: "aD", nearest: "alpha-g", distance: -0.05),
        Point(model: plain, alpha: 1.4, gamma: 0.75, region: "aE", nearest: "alpha-g", distance: 0.1),
        Point(model: plain, alpha: 1.32, gamma: 0.95, region: "aF", nearest: "alpha-g", distance: 0.02),
        Point(model: plain, alpha: 1.05, gamma: 0.79, region: "aG", nearest: "alpha-s", distance: 0.05),
        Point(
            model: plain, alpha: 1.2, gamma: 0.79, region: "aD", nearest: "lp-seller", distance: 1.2 - 1.1852444979557),
        Point(
            model: fee, alpha: 1.4, gamma: 0.85, region: "aD", nearest: "lp-seller", distance: 1.4 - 1.3834722963676637),
        Point(model: low, alpha: 0.62, gamma: 0.9, region: "lp-idle", nearest: "alpha-g", distance: 0.02),
        Point(model: low, alpha: 0.69, gamma: 0.5, region: "speculation-only", nearest: "alpha-b", distance: -0.01),
        // Ties go to liquidity provision and to no trade.
        Point(model: plain, alpha: 1.3, gamma: 0.9, region: "aF", nearest: "alpha-g", distance: 0),
        Point(model: plain, alpha: 1, gamma: 0.5, region: "aC", nearest: "alpha-s", distance: 0),
    ]

    @Test(arguments: points)
    func certificateOfThePoint(_ point: Point) throws {
        let csv = try folder.data("explain \(point.options)").csv
        let (model, alpha, gamma) = (point.model, point.alpha, point.gamma)
        #expect(try csv.cell("region") == point.region)
        #expect(point.region == model.region(alpha, gamma), "the case itself")
        #expect(try csv.cell("role") == model.role(alpha, gamma))
        #expect(try csv.cell("genuine_buyers") == "\(model.hasGenuineBuyers(alpha))")
        #expect(try csv.cell("binding") == model.binding(alpha, gamma))
        let payoffs = ["lp": gamma, "seller": model.sellerPayoff(alpha), "external": model.beta]
        let best = payoffs.values.max() ?? 0
        for (role, payoff) in payoffs {
            // The plain logarithmic mean is good to 1e−13 here.
            #expect(try abs(csv.number("payoff_\(role)") - payoff) < 1e-12, "\(role)")
            #expect(try abs(csv.number("regret_\(role)") - (best - payoff)) < 1e-12, "\(role)")
        }
        let threshold = alpha <= model.alphaS ? model.beta : model.sellerPayoff(alpha)
        #expect(try abs(csv.number("margin") - (gamma - threshold)) < 1e-12)
        #expect(try csv.cell("nearest_boundary") == point.nearest)
        #expect(try abs(csv.number("margin_alpha") - point.distance) < 1e-12)
        #expect(try csv.cell("explanation").contains("region \(point.region)"))
        #expect(try csv.cell("status") == "ok")
    }

    /// α_b = 0.7, α_s = 1, α_g = 1.3: who trades at α has a mean gain, who does not has none.
    @Test(arguments: [
        (0.3, ["speculating_buyer", "genuine_buyer"]), (0.8, ["genuine_buyer"]), (1.1, ["genuine_buyer", "seller"]),
        (1.5, ["seller"]), (1.3, ["seller"]),
    ])
    func meanGainsOfThoseWhoTrade(alpha: Double, traders: [String]) throws {
        let csv = try folder.data("explain --b 0.7 --d 1.3 --x \(alpha) --y 0.5").csv
        for name in ["seller", "speculating_buyer", "genuine_buyer"] {
            let gain = try csv.cell("mean_gain_\(name)")
            #expect(gain.isEmpty != traders.contains(name), "\(name): \(gain)")
        }
        let idle = try folder.data("explain --b 0.7 --d 1.3 --x 0.3 --y 0.5 --kappa-b 0").csv
        #expect(try idle.cell("mean_gain_speculating_buyer") == "")
    }

    @Test func ratioFormMakesTheSameRecordAsRaw() throws {
        let ratio = try folder.data("explain --b 0.75 --d 1.5 --x 1.25 --y 0.875").output
        let raw = try folder.data("explain --beta 0.75 --p 1 --theta 0.25 --delta 1.5 --alpha 1.25 --gamma 0.875")
            .output
        #expect(ratio == raw)
    }

    @Test func jsonHasTypes() throws {
        let json = try folder.data("explain --b 0.7 --d 1.3 --x 1.2 --y 0.79 --format json").object()
        #expect(json["genuine_buyers"] as? Bool == true)
        #expect(json["region"] as? String == "aD")
        #expect(json["alpha"] as? Double == 1.2)
        for (key, value) in json {
            #expect((value is NSNull) == (key == "mean_gain_speculating_buyer"), "\(key)")
        }
    }

    @Test func theParametersAndRatiosAreThere() throws {
        let csv = try folder.data(
            "explain --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --fee 0.05 --alpha 2 --gamma 0.85"
        ).csv
        #expect(csv.rows.count == 1)
        for (name, value) in [
            "alpha": 2, "beta": 0.7, "p": 0.2, "theta": 1.5, "gamma": 0.85, "delta": 1.6, "fee": 0.05, "period": 1,
            "alpha_ratio": 2, "gamma_ratio": 0.85, "beta_ratio": 0.7, "delta_ratio": 1.6, "seller_cost": 1,
            "gamma_max": 0.9084360579228125, "payoff_seller": 1.1021882851984012,
        ] { #expect(try isClose(csv.number(name), value, 1e-15), "\(name)") }
    }
}
