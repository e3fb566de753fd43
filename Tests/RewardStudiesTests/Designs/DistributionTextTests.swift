import RewardStudies
import Testing

@Suite struct DistributionTextTests {
    @Test func distributions() throws {
        let cases: [(String, Distribution)] = [
            ("uniform(0.5,0.9)", try .uniform(low: 0.5, high: 0.9)),
            (" Uniform( -1 , 2e3 ) ", try .uniform(low: -1, high: 2000)),
            ("loguniform(1e-3,1)", try .logUniform(low: 1e-3, high: 1)),
            ("normal(0,1)", try .normal(mean: 0, deviation: 1)),
            ("truncated_normal(1,0.2,0.5,2)", try .truncatedNormal(mean: 1, deviation: 0.2, low: 0.5, high: 2)),
            ("lognormal(-0.3,0.2)", try .logNormal(mean: -0.3, deviation: 0.2)),
            ("beta(2,3)", try .beta(a: 2, b: 3)),
            ("beta(2,3,-1,1)", try .beta(a: 2, b: 3, low: -1, high: 1)),
            ("triangular(0,0.5,1)", try .triangular(low: 0, mode: 0.5, high: 1)),
        ]
        for (text, expected) in cases { #expect(try DistributionText(text).distribution() == expected, "\(text)") }
        #expect(
            Set(cases.map { $0.0.prefix { $0 != "(" }.lowercased().filter { $0 != " " } } + ["empirical"])
                == Set(Distribution.names))
    }

    @Test func empiricalKeepsItsArgument() throws {
        let text = try DistributionText("empirical(data (1), new.csv:p)")
        #expect(text.name == "empirical")
        #expect(text.arguments == ["data (1), new.csv:p"])
        #expect(throws: DistributionError.valuesNotGiven) { try text.distribution() }
    }

    @Test(arguments: [
        ("", "malformed"), ("uniform", "malformed"), ("uniform(1,2", "malformed"), ("(1,2)", "malformed"),
        ("uniform(1,2)x", "malformed"), ("0.5:0.9:3", "malformed"),
        ("gauss(0,1)", "unknownName"), ("uniform(1)", "argumentCount"), ("uniform(1,2,3)", "argumentCount"),
        ("beta(1,2,3)", "argumentCount"), ("uniform()", "argumentCount"), ("uniform(a,2)", "notANumber"),
        ("uniform(,2)", "notANumber"), ("uniform(2,1)", "outOfRange"), ("uniform(nan,1)", "outOfRange"),
        ("uniform(0,inf)", "outOfRange"), ("lognormal(0,0)", "outOfRange"),
    ])
    func faults(text: String, expected: String) {
        let error = #expect(throws: DistributionError.self) { try DistributionText(text).distribution() }
        #expect(error.map { String(describing: Mirror(reflecting: $0).children.first?.label ?? "") } == expected)
    }
}
