import TestSupport
import Testing

@testable import Reporting

@Suite struct ColumnExpressionTests {
    private static let text = "price,num_gpus,Preis [€/MWh],a-b,empty\n6,4,50,3,\n"

    private func value(_ expression: String) throws -> Double? {
        let reader = try CSVReader(bytes: Array(Self.text.utf8), name: "file")
        let row = try #require(try reader.next())
        return try ColumnExpression(expression, header: reader.header).value(in: row)
    }

    @Test(arguments: [
        ("price", 6), ("price/num_gpus", 1.5), ("price/1000*0.3", 6.0 / 1000 * 0.3), ("price-2-1", 3),
        ("24/price/2", 2),
        ("2+price*3", 20), ("(2+price)*3", 24), ("-price", -6), ("2--price", 8), ("2*-price", -12),
        ("Preis [€/MWh]", 50),
        ("\"Preis [€/MWh]\"/num_gpus", 12.5), ("'a-b'*2", 6), ("a-b", 3), (" price × 2 ÷ num_gpus − 1 ", 2),
        ("1e1*price", 60), (".5*price", 3), ("1e-1*price", 6 * 0.1), ("((price))", 6),
    ] as [(String, Double)]) func values(_ expression: String, _ expected: Double) throws {
        #expect(try value(expression) == expected)
    }

    @Test func whatIsMissingIsMissing() throws {
        #expect(try value("price*empty") == nil)
        #expect(message { _ = try value("price/(num_gpus-4)") }.contains("is no finite number here"))
    }

    @Test(arguments: [
        ("", "ends too early"), ("2*3", "has no column"), ("price+", "ends too early"), ("price price", "not expected"),
        ("(price", "a bracket is open"), ("pice*2", "did you mean \"price\"?"), ("\"price", "a quote is not closed"),
        ("1e999*price", "is no number"), ("1.2.3*price", "is no number"), ("price^2", "not expected"),
        (String(repeating: "(", count: 5000) + "price", "more than 100"),
        (String(repeating: "-", count: 5000) + "price", "more than 100"),
    ]) func refuses(_ expression: String, _ words: String) throws {
        #expect(message { _ = try value(expression) }.contains(words))
    }
}
