// What is done to a picture after gnuplot: dates of PDFs, fonts and blanks of SVGs.
import Foundation
import Testing

@testable import Figures

@Suite struct FinishedPictureTests {
    private func finished(_ text: String, _ format: FigureFormat, _ environment: [String: String] = [:]) -> String {
        String(decoding: format.finished(Data(text.utf8), environment: environment), as: UTF8.self)
    }

    @Test func aPDFIsDatedByTheEnvironment() {
        let text = "%PDF\n/CreationDate (D:20261128115959Z00'00)\n"
        #expect(finished(text, .pdf) == "%PDF\n/CreationDate (D:19700101000000Z00'00)\n")
        // `date -u -d @951782399`
        let leap = finished(text, .pdf, ["SOURCE_DATE_EPOCH": "951782399"])
        #expect(leap == "%PDF\n/CreationDate (D:20000228235959Z00'00)\n")
        #expect(finished(text, .pdf, ["SOURCE_DATE_EPOCH": "soon"]) == finished(text, .pdf))
        for text in ["", "/CreationDate (D:", "/CreationDate (D:2026)", "/CreationDate (D:20261128 15959)"] {
            #expect(finished(text, .pdf) == text)
        }
    }

    @Test func anSVGKeepsItsBlanksAndHasFonts() {
        let text = "<?xml?>\n<svg width=\"1\">\n<text font-family=\"Liberation Sans\"> a</text></svg>"
        #expect(
            finished(text, .svg)
                == "<?xml?>\n<svg xml:space=\"preserve\" width=\"1\">\n"
                + "<text font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\"> a</text></svg>")
    }

    @Test func aPNGStaysAsItIs() {
        #expect(
            finished("\u{89}PNG /CreationDate (D:20261128115959", .png) == "\u{89}PNG /CreationDate (D:20261128115959")
    }
}
