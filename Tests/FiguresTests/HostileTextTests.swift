// No text of a user reaches gnuplot but as data: the real program draws hostile ones and runs nothing of them.
import Foundation
import TestSupport
import Testing

@testable import Figures

@Suite struct HostileTextTests {
    /// What ends a here-document, runs a program, or is markup to gnuplot; CANARY is a file that must not appear.
    private static let pieces = [
        "END", "END_", "END__", "ENDx", "END\u{301}", " END", "\n", "\n", "\r\n", "\u{2028}", "\u{85}",
        "!touch CANARY", "!touch CANARY\n", "`touch CANARY`", "$(touch CANARY)", "system('touch CANARY')", "'", "''",
        "\"", "\\", "\\n", "@x", "%s", "#", "{/:Bold x}", "_{a}", "^b", "&{c}", "~d{e}", "&amp;", "<b>", "]]>", ";",
        "$text[1]", "\t", "\u{1}", "\u{7F}", "\u{9B}31m", "\u{FFFE}", "ünï", "α", "日本", "😀", "a", "word ",
    ]

    private func text(_ generator: inout SeededGenerator, canary: String) -> String {
        let count = Int.random(in: 1...8, using: &generator)
        return (0..<count).map { _ in Self.pieces.randomElement(using: &generator) ?? "" }.joined()
            .replacing("CANARY", with: canary)
    }

    /// The text between an SVG's tags.
    private func letters(_ picture: Data) -> String {
        String(decoding: picture, as: UTF8.self).replacing(/<[^>]*>/, with: "\n").replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
    }

    @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
    func nothingIsRunAndAllIsDrawn() throws {
        let folder = try TestFolder()
        var generator = SeededGenerator(seed: 18)
        for _ in 0..<30 {
            let texts = (0..<8).map { _ in text(&generator, canary: folder["canary"]) }
            let axis = FigureAxis(.plain(texts[0]), range: 0...1, marks: [.init(0.5, .plain(texts[1]))])
            var upright = FigureAxis(.plain(texts[2]), range: -0.5...1.5)
            upright.numbers = .names([.plain(texts[3]), .plain(texts[4])])
            let figure = Figure(
                title: .plain(texts[5]), legend: [.init(.area(color: "#000000"), .plain(texts[6]))], x: axis,
                y: upright, layers: [.text(.plain(texts[7]), at: FigurePoint(0.5, 0.5), ground: "#FFFFFF")])
            let picture = try Gnuplot().draw(FigureSheet([figure]), format: .svg)
            #expect(folder.names.isEmpty, "\(texts)")
            let drawn = letters(picture)
            for line in FigureText.plain(texts[7]).lines {
                let shown = GnuplotScript.printable(line).trimmingCharacters(in: .whitespaces)
                #expect(shown.isEmpty || drawn.contains(shown), "\(texts[7].debugDescription)")
            }
        }
    }

    @Test(
        .enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"),
        arguments: ["|touch canary;.svg", "~root.svg", "a\n!touch canary.svg", "`touch canary`.svg", "'.svg", "-.svg"])
    func aPictureIsCalledWhatItIsCalled(name: String) throws {
        let folder = try TestFolder()
        let figure = Figure(x: FigureAxis(.plain("x"), range: 0...1), y: FigureAxis(.plain("y"), range: 0...1))
        try folder.write(
            GnuplotScript(FigureSheet([figure]), format: .svg).standalone(outputName: name), to: "script.gp")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gnuplot", "-d", "script.gp"]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        try process.run()
        process.waitUntilExit()
        #expect(folder.names == [name.replacing("\n", with: " "), "script.gp"].sorted())
    }

    // MARK: - Fonts

    @Test func fontsAreNames() {
        for family in ["Liberation Sans", "DejaVu Sans Mono", "Noto Sans CJK JP", "Café-1.0"] {
            #expect(FigureFont(family: family) != nil, "\(family)")
        }
        for family in [
            "", " ", "a'b", "a,b", "a\nb", "a\"b", "`a`", "a;b", "a<b", "a:b", String(repeating: "a", count: 81),
        ] {
            #expect(FigureFont(family: family) == nil, "\(family)")
        }
        for size in [4.9, 12.1, .nan, -1] { #expect(FigureFont(family: "a", size: size) == nil, "\(size)") }
    }
}
