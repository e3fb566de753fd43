import Testing

@testable import Reporting

@Suite struct MessageTextTests {
    @Test func plainTextIsQuoted() {
        #expect(shownInMessage("é 1") == "\"é 1\"")
        #expect(shownInMessage("") == "\"\"")
    }

    @Test func controlCharactersAreEscaped() {
        #expect(shownInMessage("a\n\r\t\u{1B}[2J\0") == #""a\n\r\t\u{1B}[2J\u{0}""#)
        // A right-to-left override would turn the rest of the message round.
        #expect(shownInMessage("\u{202E}x") == #""\u{202E}x""#)
    }

    @Test func longTextIsShortened() {
        #expect(shownInMessage(String(repeating: "x", count: 60)) == "\"" + String(repeating: "x", count: 60) + "\"")
        #expect(shownInMessage(String(repeating: "x", count: 61)) == "\"" + String(repeating: "x", count: 60) + "…\"")
        // One character may have any number of scalars.
        let accents = "e" + String(repeating: "\u{301}", count: 10_000)
        #expect(shownInMessage(accents).unicodeScalars.count == 63)
    }
}
