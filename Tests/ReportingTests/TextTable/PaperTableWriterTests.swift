import TestSupport
import Testing

@testable import Reporting

@Suite struct PaperTableWriterTests {
    private let rows = table([
        (Column("gamma_min", .real), .real([1.0 / 3, .nan, -1.5e-7])),
        (Column("role", .label(["lp", "seller"])), .label([1, 255, 0])),
        (Column("note", .text), .text(["a|b_c", "50 % of $x", nil])),
    ])

    @Test func markdownIsAPipeTable() throws {
        let text = try TestFolder().output { try PaperTableWriter(.markdown).write(rows, to: $0) }
        #expect(
            text == #"""
                | gamma\_min | role | note |
                | ---: | :--- | :--- |
                | 0.333333 | seller | a\|b\_c |
                | – | – | 50 % of $x |
                | -1.5e-07 | lp | – |

                """#)
    }

    @Test func latexIsATabularWhoseNumbersAreMathematics() throws {
        let text = try TestFolder().output { try PaperTableWriter(.latex).write(rows, to: $0) }
        #expect(
            text == #"""
                % needs \usepackage{booktabs}
                \begin{tabular}{rll}
                \toprule
                gamma\_min & role & note \\
                \midrule
                $0.333333$ & seller & a|b\_c \\
                -- & -- & 50 \% of \$x \\
                $-1.5\times10^{-7}$ & lp & -- \\
                \bottomrule
                \end{tabular}

                """#)
    }

    @Test func aRecordIsATableOfNamesValuesAndUnits() throws {
        let record = Record([
            (Column("rest_price", .real, unit: "tokens per unit"), .real(1.25)),
            (Column("outcome", .text), .text("balanced")),
        ])
        let text = try TestFolder().output { try PaperTableWriter(.markdown).write(record, to: $0) }
        #expect(
            text == #"""
                | quantity | value | unit |
                | :--- | ---: | :--- |
                | rest\_price | 1.25 | tokens per unit |
                | outcome | balanced |  |

                """#)
    }
}
