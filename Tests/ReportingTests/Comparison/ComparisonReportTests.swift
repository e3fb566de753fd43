import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct ComparisonReportTests {
    /// Each kind of finding.
    private func report(in folder: TestFolder) throws -> ComparisonReport {
        let expected = """
            alpha,region,x,y,note,gone
            0.5,aA,1.25,1,a,1
            0.5,aB,2.5,2,b,1
            1,aA,,3,c,1
            1,aB,4,,d,1
            2,aA,5,5,e,1
            2,aA,6,6,f,1
            3,aB,7,7,g,1

            """
        let found = """
            alpha,region,x,y,note,new
            0.5,aB,2.75,2,B\u{1B}[2J,1
            0.5,aA,1.2500001,one,a,1
            1,aA,3,3,c,1
            1,aB,,4.5,\(String(repeating: "long words ", count: 8)),1
            2,aA,5,5,e,1
            4,aB,7,7,g,1

            """
        let columns = [
            Column("alpha", .real), Column("region", .text), Column("x", .real), Column("y", .real),
            Column("note", .text), Column("gone", .real),
        ]
        let reader = try CSVReader(path: folder.write(expected, to: "expected.csv"))
        var rows: [[String]] = []
        while let row = try reader.next() { rows.append(row.fields) }
        let values = columns.indices.map { index -> ColumnValues in
            columns[index].kind == .real
                ? .real(rows.map { Double($0[index]) ?? .nan }) : .text(rows.map { $0[index] })
        }
        // A name whose length does not depend on the folder.
        let descriptor = open(try folder.write(found, to: "found.csv"), O_RDONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let comparison = try TableComparison(
            keys: ["alpha", "region"], tolerances: ["x": .relative(1e-9)], defaultTolerance: .absolute(1e-6))
        return try comparison.compare(
            expected: .table(table(Array(zip(columns, values))), name: "expected table"),
            found: .csv(try CSVReader(path: "/dev/fd/\(descriptor)")))
    }

    @Test func forPeople() throws {
        let folder = try TestFolder()
        let report = try report(in: folder)
        let text = report.description.replacing(report.foundName, with: "found file")
        #expect(
            text == #"""
                The tables differ.
                  expected  expected table, 7 rows
                  found     found file, 6 rows

                Rows: 4 matched, 1 missing, 1 added, 1 key more than once.
                  missing   alpha=3, region=aB
                  added     alpha=4, region=aB (line 7)
                  repeated  alpha=2, region=aA, 2 expected, 1 found
                Columns: 3 compared, 1 missing, 1 added.
                  missing   gone
                  added     new
                Cells: 8 of 12 differ.
                  x  4 cells, tolerance 1e-09 relative
                  y  2 cells, tolerance 1e-06 absolute
                  note  2 cells, tolerance exact

                The worst differences, in units of the tolerance:
                  unreadable  y at alpha=0.5, region=aA
                              expected  1
                              found     one (line 3)
                  label       note at alpha=0.5, region=aB
                              expected  b
                              found     B\u{1B}[2J (line 2)
                  added       x at alpha=1, region=aA
                              expected  –
                              found     3 (line 4)
                  missing     x at alpha=1, region=aB
                              expected  4
                              found     – (line 5)
                  added       y at alpha=1, region=aB
                              expected  –
                              found     4.5 (line 5)
                  label       note at alpha=1, region=aB
                              expected  d
                              found     long words long words long words long words long words
                                        long words long words long words  (line 5)
                  1e+08       x at alpha=0.5, region=aB
                              expected  2.5
                              found     2.75 (line 2)
                  80          x at alpha=0.5, region=aA
                              expected  1.25
                              found     1.2500001 (line 3)

                """#)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func agreement() throws {
        let comparison = try TableComparison(keys: ["alpha", "region"])
        let report = try comparison.compare(
            expected: .table(TableComparisonTests.computed(), name: "stored"),
            found: .table(TableComparisonTests.computed()))
        #expect(
            report.description == """
                The tables agree.
                  expected  stored, 3 rows
                  found     computed table, 3 rows

                Rows: 3 matched, 0 missing, 0 added, 0 keys more than once.
                Columns: 4 compared, 0 missing, 0 added.
                Cells: 0 of 12 differ.

                """)
    }

    @Test func noLineIsWiderThan80() throws {
        let folder = try TestFolder()
        let (name, other) = (String(repeating: "n", count: 100), String(repeating: "ö", count: 5000))
        let keys = (0..<50).map { "key_\($0)" }
        let header = (keys + [name, "x"]).joined(separator: ",")
        let rows = { (value: String) in
            header + "\n" + String(repeating: "1,", count: 50) + value + ",\(other)" + value + "\n"
                + String(repeating: "2,", count: 50) + value + "," + value + "\n"
        }
        let report = try TableComparison(keys: keys).compare(
            expected: .csv(CSVReader(path: folder.write(rows("1"), to: "a"))),
            found: .csv(CSVReader(path: folder.write(rows("2") + rows("3").dropFirst(header.count + 1), to: "b"))))
        #expect(report.duplicateKeys == 2)
        #expect(report.description.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let second = try TableComparison(keys: keys).compare(
            expected: .csv(CSVReader(path: folder.write(rows("1"), to: "a"))),
            found: .csv(CSVReader(path: folder.write(rows("2"), to: "b"))))
        #expect(second.differingCells == 4)
        #expect(second.description.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(second.description.utf8.count < 10_000)
    }

    @Test func forPrograms() throws {
        let folder = try TestFolder()
        let report = try report(in: folder)
        let text = try folder.output { try CSVWriter().write(report.table, to: $0) }
        let long = String(repeating: "long words ", count: 8)
        #expect(
            text == #"""
                finding,count,key,column,expected,found,difference,units,expected_line,found_line
                rows-matched,4,,,,,,,,
                rows-missing,1,,,,,,,,
                rows-added,1,,,,,,,,
                keys-repeated,1,,,,,,,,
                cells-differing,4,,x,,,,,,
                cells-differing,2,,y,,,,,,
                cells-differing,2,,note,,,,,,
                column-missing,,,gone,,,,,,
                column-added,,,new,,,,,,
                row-missing,,"alpha=3, region=aB",,,,,,,
                row-added,,"alpha=4, region=aB",,,,,,,7
                key-repeated,3,"alpha=2, region=aA",,,,,,,
                unreadable,,"alpha=0.5, region=aA",y,1,one,,,,3
                label-differs,,"alpha=0.5, region=aB",note,b,B\#u{1B}[2J,,,,2
                value-added,,"alpha=1, region=aA",x,,3,,,,4
                value-missing,,"alpha=1, region=aB",x,4,,,,,5
                value-added,,"alpha=1, region=aB",y,,4.5,,,,5
                label-differs,,"alpha=1, region=aB",note,d,\#(long),,,,5
                number-differs,,"alpha=0.5, region=aB",x,2.5,2.75,0.25,1e+08,,2
                number-differs,,"alpha=0.5, region=aA",x,1.25,1.2500001,1.0000000005838672e-07,80.00000004670937,,3

                """#)
    }
}
