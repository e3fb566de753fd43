import TestSupport
import Testing

@testable import Reporting

@Suite struct DataDictionaryTests {
    @Test func eachKindOfColumn() throws {
        let folder = try TestFolder()
        let columns = [
            Column("alpha", .real, unit: "tokens", summary: "price of the pool"), Column("n", .integer),
            Column("known", .boolean), Column("role", .label(["lp", "seller"]), summary: "who, if anyone"),
            Column("note", .text),
        ]
        let text = try folder.output { try CSVWriter().write(dataDictionary(of: columns), to: $0) }
        #expect(
            text == """
                column,kind,unit,values,meaning
                alpha,real,tokens,,price of the pool
                n,integer,,,
                known,boolean,,,
                role,label,,lp|seller,"who, if anyone"
                note,text,,,

                """)
        #expect(dataDictionary(of: []).columns.count == 5)
    }
}
