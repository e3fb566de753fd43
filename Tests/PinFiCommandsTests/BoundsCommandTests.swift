// pinfi bounds, of one market.
import Foundation
import Testing

/// The columns of the contract that `bounds` has, derivatives aside.
let contractColumnsOfBounds = [
    "alpha", "beta", "p", "theta", "gamma", "delta", "fee", "period", "alpha_ratio", "gamma_ratio", "beta_ratio",
    "delta_ratio", "seller_cost", "alpha_b", "alpha_s", "alpha_g", "gamma_min", "gamma_max", "band_width",
    "band_margin", "alpha_star", "outcome", "rest_price", "cessation_time_seller", "cessation_time_speculating_buyer",
    "cessation_time_genuine_buyer", "status",
]

@Suite struct BoundsCommandTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    /// A value of model.md, section 4, reached by the command line.
    struct CheckValue: CustomTestStringConvertible {
        let arguments: String
        let column: String
        let value: Double
        /// Half a unit of the last digit that model.md gives, and never below 4 ulp.
        let tolerance: Double
        var testDescription: String { "\(column) of \(arguments)" }
    }

    static let fee = "--beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --fee 0.05"
    static let checkValues = [
        CheckValue(arguments: "--b 0.7 --d 1.3", column: "gamma_max", value: 0.8434484060125204, tolerance: 9e-16),
        CheckValue(
            arguments: "--b 0.7 --d 1.3333333333333333", column: "gamma_max", value: 0.8586864989274023,
            tolerance: 9e-16),
        CheckValue(
            arguments: "--b 0.7 --d 1.3 --y 0.79", column: "alpha_star", value: 1.1852444979557, tolerance: 5e-14),
        CheckValue(
            arguments: "--b 0.7 --d 1.3 --y 0.85", column: "alpha_star", value: 1.3142986815493, tolerance: 5e-14),
        // Λ(m) = α* where b = 1 and γ = m.
        CheckValue(arguments: "--b 1 --d 2 --y 1.1", column: "alpha_star", value: 1.2064542991630, tolerance: 5e-14),
        CheckValue(arguments: "--b 1 --d 2 --y 2", column: "alpha_star", value: 3.512862417252339, tolerance: 9e-16),
        CheckValue(arguments: "--b 1 --d 2 --y 100", column: "alpha_star", value: 648.4600379589, tolerance: 1e-13),
        CheckValue(
            arguments: "--b 1 --d 2 --y 1e6", column: "alpha_star", value: 16626509.96536629, tolerance: 9e-16),
        CheckValue(arguments: fee, column: "alpha_s", value: 1.052631578947368, tolerance: 9e-16),
        CheckValue(arguments: fee, column: "alpha_b", value: 0.665, tolerance: 9e-16),
        CheckValue(arguments: fee, column: "alpha_g", value: 1.52, tolerance: 9e-16),
        CheckValue(arguments: fee, column: "gamma_max", value: 0.9084360579228125, tolerance: 9e-16),
        CheckValue(arguments: "\(fee) --gamma 0.85", column: "alpha_star", value: 1.3834722963676637, tolerance: 9e-16),
        CheckValue(
            arguments: "\(fee) --alpha 2 --kappa-s 1.5", column: "cessation_time_seller", value: 0.4279025907815965,
            tolerance: 9e-16),
        CheckValue(
            arguments: "\(fee) --alpha 2 --kappa-s 1.5 --period 3", column: "cessation_time_seller",
            value: 3 * 0.4279025907815965, tolerance: 9e-16),
    ]

    @Test(arguments: checkValues)
    func checkValueOfTheModelInEveryFormat(_ check: CheckValue) throws {
        let csv = try folder.data("bounds \(check.arguments)").csv
        let value = try csv.number(check.column)
        #expect(abs(value - check.value) <= check.tolerance * check.value, "\(value)")

        let json = try folder.data("bounds \(check.arguments) --format json").object()
        #expect(json[check.column] as? Double == value, "the JSON has the same double")

        let table = try folder.data("bounds \(check.arguments) --format table").output
        let line = try #require(table.split(separator: "\n").first { $0.hasPrefix(check.column + " ") })
        let shown = try #require(line.split(separator: " ").dropFirst().first.flatMap { Double($0) })
        // Six significant digits.
        #expect(abs(shown - value) <= 5.1e-6 * value, "\(line)")
    }

    @Test func theExactLineOfABandThatIsAPoint() throws {
        // α_g = α_s = 2: γ_min = γ_max = 2, and the derivatives are those of L at u = v: ½ and ½.
        let expected =
            "alpha,beta,p,theta,gamma,delta,fee,period,alpha_ratio,gamma_ratio,beta_ratio,delta_ratio,seller_cost,"
            + "alpha_b,alpha_s,alpha_g,gamma_min,gamma_max,band_width,relative_band_width,band_margin,alpha_star,outcome,"
            + "rest_price,cessation_time_seller,cessation_time_speculating_buyer,cessation_time_genuine_buyer,"
            + "dgamma_max_dbeta,dgamma_max_dp,dgamma_max_dtheta,dgamma_max_dgamma,dgamma_max_ddelta,dgamma_max_dfee,"
            + "dband_width_dbeta,dband_width_dp,dband_width_dtheta,dband_width_dgamma,dband_width_ddelta,dband_width_dfee,"
            + "dalpha_star_dbeta,dalpha_star_dp,dalpha_star_dtheta,dalpha_star_dgamma,dalpha_star_ddelta,dalpha_star_dfee,"
            + "dseller_cost_dbeta,dseller_cost_dp,dseller_cost_dtheta,dseller_cost_dgamma,dseller_cost_ddelta,"
            + "dseller_cost_dfee,status\n"
            + ",2,0,0,,2,0,1,,,1,1,2,2,2,2,2,2,0,0,,,,,,,,0.5,0,0,0,0.5,-2,-0.5,0,0,0,0.5,-2,,,,,,,1,0,0,0,0,0,ok\n"
        #expect(try folder.data("bounds --beta 2 --delta 2").output == expected)
    }

    @Test func theExactLineOfAnEmptyBand() throws {
        // c = 4, α_g = 2 < α_s = 4; γ = β, so U = α_g = 2 and D = α_s = 4: the rest price is 2.
        let run = try folder.data("bounds --beta 2 --p 0.5 --theta 4 --delta 2 --alpha 4 --gamma 2 --period 8")
        let line = run.output.split(separator: "\n", omittingEmptySubsequences: false)[1]
        #expect(
            line.hasPrefix("4,2,0.5,4,2,2,0,8,1,0.5,0.5,0.5,4,2,4,2,,,,,,4,empty-band,2,,,,"),
            "no bounds, width or margin; α* = α_s at γ = β; nobody trades at α = α_s > α_g\n\(line)")
        #expect(line.hasSuffix(",ok"))
    }

    @Test func everyColumnOfTheContractIsThere() throws {
        let header = try folder.data("bounds --b 0.7 --d 1.3").csv.header
        for name in contractColumnsOfBounds { #expect(header.contains(name), "\(name)") }
        #expect(Set(header).count == header.count)
        #expect(header.last == "status")
        for name in header {
            #expect(name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil, "\(name) is snake_case")
        }
        let keys = try folder.data("bounds --b 0.7 --d 1.3 --format json").object().keys
        #expect(Set(keys) == Set(header), "the JSON object has the same names")
    }

    @Test(arguments: [
        ("--alpha", "--pool-price", "1.4"), ("--beta", "--external-price", "0.8"),
        ("--p", "--failure-probability", "0.3"),
        ("--theta", "--collateral", "1.1"), ("--gamma", "--block-reward", "0.9"),
        ("--delta", "--reservation-price", "2"),
        ("--fee", "--swap-fee", "0.02"), ("--period", "--staking-period", "7"),
    ])
    func anAliasInWordsIsTheSameOption(_ short: String, _ words: String, _ value: String) throws {
        // The required ones that this option is not.
        var rest = "--beta 0.7 --delta 1.6 --alpha 1.2 --gamma 0.8 --p 0.1 --theta 1"
        rest = rest.replacing(try Regex("\(short) [0-9.]+"), with: "")
        let first = try folder.data("bounds \(rest) \(short) \(value)").output
        #expect(try folder.data("bounds \(rest) \(words) \(value)").output == first)
        #expect(try folder.data("bounds \(rest) \(words)=\(value)").output == first)
        let column = String(short.dropFirst(2))
        #expect(try CSVText(first).cell(column) == value, "and it is used")
    }

    @Test func defaultsAreThoseOfTheContract() throws {
        let plain = try folder.data("bounds --beta 0.7 --delta 1.3 --alpha 2 --gamma 0.8").output
        let said = try folder.data(
            "bounds --beta 0.7 --delta 1.3 --alpha 2 --gamma 0.8 --p 0 --theta 0 --fee 0 --period 1 --kappa-g 0.5 "
                + "--kappa-b 0.5 --kappa-s 1 --format csv --seed 0 --progress auto --output -"
        ).output
        #expect(said == plain)
    }

    @Test func ratioFormIsTheMarketWithUnitCost() throws {
        let ratio = try folder.data("bounds --b 0.7 --d 1.3 --y 0.79 --x 1.2 --fee 0.01 --period 2").output
        // 1 − 0.7 in doubles.
        let raw = try folder.data(
            "bounds --beta 0.7 --p 1 --theta 0.30000000000000004 --delta 1.3 --gamma 0.79 --alpha 1.2 --fee 0.01 --period 2"
        ).output
        #expect(ratio == raw)
        // c = β + (1 − β) is exactly 1 whatever b is.
        for b in ["1", "0.1", "0.3", "1e-20", "0.9999999999999999"] {
            let csv = try folder.data("bounds --b \(b) --d 2").csv
            #expect(try csv.cell("seller_cost") == "1", "b = \(b)")
            #expect(try csv.cell("beta_ratio") == b, "b = \(b)")
        }
    }

    @Test func withoutAReward() throws {
        let csv = try folder.data("bounds --b 0.7 --d 1.3").csv
        for name in [
            "alpha", "gamma", "alpha_ratio", "gamma_ratio", "alpha_star", "rest_price", "outcome", "band_margin",
            "cessation_time_seller", "cessation_time_speculating_buyer", "cessation_time_genuine_buyer",
        ] { #expect(try csv.cell(name) == "", "\(name)") }
        for name in ["gamma_min", "gamma_max", "band_width", "seller_cost"] {
            #expect(try csv.cell(name) != "", "\(name)")
        }
        #expect(try csv.cell("status") == "ok")
    }

    @Test func emptyBandIsKnownWithoutAReward() throws {
        let csv = try folder.data("bounds --b 0.7 --d 0.7").csv
        #expect(try csv.cell("outcome") == "empty-band")
        for name in ["gamma_min", "gamma_max", "band_width", "rest_price", "band_margin", "alpha_star"] {
            #expect(try csv.cell(name) == "", "\(name)")
        }
    }

    /// A start and where the price rests from there, by section 4; α*(1) by mpmath.
    @Test(arguments: [
        ("--b 0.7 --d 1.3 --y 1 --x 2", 1.3, 1.654726312883567), ("--b 0.7 --d 1.3 --y 1 --x 1.4", 1.3, 1.4),
        ("--b 0.7 --d 1.3 --y 1 --x 0.2", 1.3, 1.3), ("--b 0.7 --d 1.3 --y 0.5 --x 0.2", 1, 1),
        // Nobody but genuine buyers trades below α_b; with speculating buyers it is α_b = 1.
        ("--beta 1 --delta 0.6 --gamma 0.5 --alpha 0.2 --kappa-b 0", 0.6, 0.6),
        ("--beta 1 --delta 0.6 --gamma 0.5 --alpha 0.8 --kappa-b 0", 0.6, 0.8),
        ("--beta 1 --delta 0.6 --gamma 0.5 --alpha 0.2", 1, 1),
    ])
    func restPrices(options: String, low: Double, fromAlpha: Double) throws {
        let csv = try folder.data("bounds \(options)").csv
        #expect(try csv.number("rest_price") == low)
        #expect(try abs(csv.number("rest_price_from_alpha") - fromAlpha) < 1e-14)
        let flow = try folder.data("flow \(options)").csv
        #expect(try flow.numbers("alpha_end").last == csv.number("rest_price_from_alpha"))
    }

    /// A table has the column where a start is given at all, by an option or by a column.
    @Test func restPriceFromAlphaIsThereWithAStart() throws {
        #expect(try !folder.data("bounds --b 0.7 --d 1.3 --y 1").csv.header.contains("rest_price_from_alpha"))
        try folder.write("gamma,spot\n1,1.4\n1,\n", to: "points.csv")
        let line = "bounds --input points.csv --beta 0.7 --p 1 --theta 0.3 --delta 1.3"
        #expect(try !folder.data(line).csv.header.contains("rest_price_from_alpha"))
        let csv = try folder.data(line + " --column alpha=spot").csv
        #expect(csv["rest_price_from_alpha"] == ["1.4", ""])
    }

    @Test func chosenColumns() throws {
        let line = "bounds --b 0.7 --d 1.3 --y 0.79 --columns outcome,gamma_min"
        #expect(try folder.data(line).output == "outcome,gamma_min\nbalanced,0.7\n")
        #expect(try folder.data(line + " --format json").object().keys.sorted() == ["gamma_min", "outcome"])
        let unknown = try folder.pinfi("bounds --b 0.7 --d 1.3 --columns gamma_mn")
        #expect(unknown.status == 64)
        #expect(unknown.errors.contains("gamma_min"))
        try folder.write("hour,beta\n1,0.7\n2,0.8\n", to: "prices.csv")
        let rows = try folder.data("bounds --input prices.csv --delta 1.3 --columns hour,gamma_min")
        #expect(rows.output == "hour,gamma_min\n1,0.7\n2,0.8\n")
    }

    /// A block reward and what becomes of the market; b = 0.7, the rest from section 4.
    struct RewardCase: CustomTestStringConvertible {
        let d, y: Double
        let outcome: String
        /// In closed form, or a check value; nil is empty.
        let rest: Double, star: Double?, margin: Double?
        var testDescription: String { "\(outcome) at d = \(d), y = \(y)" }
    }
    static let max13 = 0.8434484060125204
    static let rewards = [
        RewardCase(d: 1.3, y: 0.5, outcome: "lp-exodus", rest: 1, star: nil, margin: 0.5 - 0.7),
        RewardCase(d: 1.3, y: 0, outcome: "lp-exodus", rest: 1, star: nil, margin: -0.7),
        RewardCase(d: 1.3, y: 0.7, outcome: "balanced", rest: 1, star: 1, margin: 0),
        RewardCase(
            d: 1.3, y: 0.79, outcome: "balanced", rest: 1.1852444979557, star: 1.1852444979557, margin: max13 - 0.79),
        RewardCase(d: 1.3, y: 0.85, outcome: "seller-scarcity", rest: 1.3, star: 1.3142986815493, margin: max13 - 0.85),
        RewardCase(d: 0.8, y: 0.5, outcome: "empty-band", rest: 0.8, star: nil, margin: nil),
        RewardCase(d: 0.5, y: 0.5, outcome: "empty-band", rest: 0.7, star: nil, margin: nil),
        RewardCase(d: 0.8, y: 0.79, outcome: "empty-band", rest: 0.8, star: 1.1852444979557, margin: nil),
    ]

    @Test(arguments: rewards)
    func outcomeRestAndEquilibrium(_ reward: RewardCase) throws {
        let csv = try folder.data("bounds --b 0.7 --d \(reward.d) --y \(reward.y)").csv
        #expect(try csv.cell("outcome") == reward.outcome)
        #expect(try abs(csv.number("rest_price") - reward.rest) < 1e-13)
        if let star = reward.star {
            #expect(try abs(csv.number("alpha_star") - star) < 1e-13)
        } else {
            #expect(try csv.cell("alpha_star") == "", "below β there is none")
        }
        if let margin = reward.margin {
            #expect(try abs(csv.number("band_margin") - margin) < 1e-15)
        } else {
            #expect(try csv.cell("band_margin") == "")
        }
    }

    @Test(arguments: [0.3, 0.8, 1.1, 1.5])
    func cessationTimesOnlyOfThoseWhoTrade(alpha: Double) throws {
        // α_b = 0.7, α_s = 1, α_g = 1.3: at 0.3 both buyers, at 0.8 genuine ones, at 1.1 these and sellers, at 1.5 sellers.
        let csv = try folder.data(
            "bounds --b 0.7 --d 1.3 --x \(alpha) --period 3 --kappa-g 0.25 --kappa-b 0.75 --kappa-s 1.25"
        ).csv
        for (name, time) in [
            ("seller", alpha > 1 ? 3 / 1.25 * log(alpha) : nil),
            ("speculating_buyer", alpha < 0.7 ? 3 / 0.75 * log(0.7 / alpha) : nil),
            ("genuine_buyer", alpha < 1.3 ? 3 / 0.25 * log(1.3 / alpha) : nil),
        ] {
            if let time {
                #expect(try isClose(csv.number("cessation_time_\(name)"), time, 1e-14), "\(name)")
            } else {
                #expect(try csv.cell("cessation_time_\(name)") == "", "\(name)")
            }
        }
    }

    @Test func derivativesAreThoseOfTheirQuantities() throws {
        let values: [(name: String, value: Double)] = [
            ("beta", 0.7), ("p", 0.2), ("theta", 1.5), ("gamma", 0.85), ("delta", 1.6), ("fee", 0.05),
        ]
        func run(_ changed: String = "", by change: Double = 0) throws -> CSVText {
            let options = values.map { "--\($0.name) \($0.name == changed ? $0.value + change : $0.value)" }
            return try folder.data("bounds " + options.joined(separator: " ")).csv
        }
        let point = try run()
        let step = 1e-5
        for (name, _) in values {
            let (above, below) = (try run(name, by: step), try run(name, by: -step))
            for quantity in ["gamma_max", "band_width", "alpha_star", "seller_cost"] {
                let difference = try (above.number(quantity) - below.number(quantity)) / (2 * step)
                let derivative = try point.number("d\(quantity)_d\(name)")
                // A central difference: h²f‴/6 ≈ 1e−9 here, and 1e−16/h = 1e−11 of rounding.
                #expect(abs(derivative - difference) < 2e-8, "∂\(quantity)/∂\(name): \(derivative), \(difference)")
            }
        }
    }

    @Test func everyNumberIsTheShortestThatReadsBack() throws {
        // 1e21 makes some of them large; the time then is 4.28e20.
        let csv = try folder.data("bounds \(Self.fee) --alpha 2 --gamma 0.85 --period 1e21").csv
        var numbers = 0
        for (name, cell) in zip(csv.header, csv.rows[0]) {
            guard let value = Double(cell) else { continue }
            numbers += 1
            // Swift's own description is the shortest too, by another algorithm, but for the ".0" and the form.
            let own = "\(value)"
            #expect(cell.count <= (own.hasSuffix(".0") ? own.count - 2 : own.count), "\(name) = \(cell)")
        }
        #expect(numbers > 40)
        #expect(try csv.number("period") == 1e21)
        // And they read back: what one run writes another takes as the same double.
        let exact = try folder.data("bounds --beta 0.30000000000000004 --delta 5e-324 --theta 123456789012345.67 --p 1")
            .csv
        #expect(try exact.cell("beta") == "0.30000000000000004")
        #expect(try exact.cell("delta") == "5e-324")
        #expect(try exact.cell("theta") == "123456789012345.67")
    }

    @Test func jsonSaysNullForWhatIsMissing() throws {
        let json = try folder.data("bounds --b 0.7 --d 1.3 --format json").object()
        for name in ["alpha", "gamma", "alpha_star", "outcome", "rest_price", "cessation_time_seller"] {
            #expect(json[name] is NSNull, "\(name)")
        }
        #expect(json["status"] as? String == "ok")
        #expect(json["gamma_min"] as? Double == 0.7)
    }

    @Test func whatExceedsTheLargestDoubleIsTold() throws {
        // Λ exceeds it near m = 2.5e305.
        let csv = try folder.data("bounds --beta 1 --delta 2 --gamma 1e306").csv
        #expect(try csv.cell("alpha_star") == "")
        #expect(try csv.cell("status") != "ok")
        #expect(try csv.cell("status").contains("alpha_star"))
        let json = try folder.data("bounds --beta 1 --delta 2 --gamma 1e306 --format json").object()
        #expect(try json["alpha_star"] is NSNull)
        #expect(try json["status"] as? String == csv.cell("status"))
    }

    @Test(arguments: [
        ("--beta 1e-160 --delta 1 --alpha 1e300", "alpha_ratio"),
        ("--beta 1e-308 --delta 1e300", "delta_ratio"),
        ("--beta 1e-308 --delta 1e300", "relative_band_width"),
        ("--beta 1 --delta 2 --alpha 3 --period 1e300 --kappa-s 1e-160", "cessation_time_seller"),
    ])
    func everyResultThatIsMissingForItsSizeIsTold(_ market: String, _ column: String) throws {
        // "no NaN (null, and a `status`)": an empty cell means "does not apply" where the status is ok.
        let csv = try folder.data("bounds \(market)").csv
        #expect(try csv.cell(column) != "" || csv.cell("status") != "ok", "\(column) exceeds the largest double")
    }

    @Test func tableFitsEightyColumns() throws {
        for line in [
            "bounds \(Self.fee) --alpha 2 --gamma 0.85", "bounds --b 0.7 --d 0.7",
            "bounds --beta 1e-300 --delta 123456789",
        ] {
            let text = try folder.data(line + " --format table").output
            for row in text.split(separator: "\n") { #expect(row.count <= 80, "\(row)") }
            #expect(text.hasSuffix("\n"))
            #expect(text.contains("gamma_max"))
            #expect(text.contains("alpha_star"))
        }
        let missing = try folder.data("bounds --b 0.7 --d 0.7 --format table").output
        #expect(!missing.contains("nan"))
        #expect(missing.contains("–"))
    }

    @Test func valuesAtTheEdgesOfTheirDomains() throws {
        for line in [
            "--beta 5e-324 --delta 5e-324", "--beta 1.7976931348623157e308 --delta 1.7976931348623157e308",
            "--beta 1 --delta 2 --p 0 --theta 0 --fee 0 --gamma 0", "--beta 1 --delta 2 --p 1 --theta 1e300",
            "--beta 1 --delta 2 --fee 0.9999999999999999 --gamma 1.7e308 --alpha 5e-324",
            "--beta +1 --delta 2. --p .5 --theta 1E0",
        ] {
            let run = try folder.pinfi("bounds \(line) --format json")
            #expect(run.status == 0, "\(line): \(run.errors)")
            _ = try run.object()
        }
    }

    @Test func aCostBeyondTheLargestDoubleIsRefused() throws {
        let run = try folder.pinfi("bounds --beta 1.7e308 --p 1 --theta 1.7e308 --delta 1")
        #expect(run.status == 64)
        #expect(run.output == "")
        #expect(run.errors.contains("--"), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
}
