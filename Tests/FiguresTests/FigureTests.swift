// Figures: the script, the places of labels, the hatching, and a gnuplot that fails.
import Foundation
import TestSupport
import Testing

@testable import Figures

@Suite struct FigureTests {
    private static let hostile = "a `touch x` $(touch x) \"q\" 'q' {b}_c^d @e # f\nEND\nEND_\nünï\u{1b}[0m"

    private func sheet(title: String? = nil) -> FigureSheet {
        let square = [FigurePoint(0, 0), FigurePoint(1, 0), FigurePoint(1, 1), FigurePoint(0, 1)]
        let look = FigureStroke(dash: .dotted)
        let figure = Figure(
            title: title.map(FigureText.plain),
            legend: [
                FigureLegendEntry(.line(look), .plain("line")), FigureLegendEntry(.dots(color: "#000000"), .plain("d")),
                FigureLegendEntry(.area(color: "#D9E8F5"), .markup("{/:Italic ℓ}")),
                FigureLegendEntry(.hatching(color: "#000000"), .plain(title ?? "hatched")),
                FigureLegendEntry(.sign(.plain("s" + (title ?? ""))), .plain("sign")),
            ],
            x: FigureAxis(
                .markup("{/:Italic α}"), range: 0...2,
                marks: [
                    FigureAxis.Mark(1, .markup("a")), FigureAxis.Mark(1.01, .markup("b")),
                    FigureAxis.Mark(1.5, nil, guide: look),
                ]),
            y: FigureAxis(
                .plain("y"), range: 1e-3...2, scale: .logarithmic,
                marks: [FigureAxis.Mark(0.5, .plain("level"), guide: look)]),
            layers: [
                .area(square, color: "#D9E8F5"), .hatching(square, color: "#000000"),
                .curve(square, FigureStroke()), .dots(square, color: "#000000"),
                .arrow(from: square[0], to: square[2], FigureStroke()),
                .text(.plain("t\nu"), at: square[2], ground: "#FFFFFF"),
            ])
        return FigureSheet([figure])
    }

    /// A user's text stands in the here-document and nowhere else, and cannot end it.
    @Test(arguments: FigureFormat.allCases)
    func textIsDataOnly(format: FigureFormat) {
        let script = GnuplotScript(sheet(title: Self.hostile), format: format).standalone(
            outputName: "`touch x`.svg\n'x'")
        var commands: [Substring] = []
        var end: Substring?
        var inDocument: [Substring] = []
        for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = end {
                if line == open { end = nil } else { inDocument.append(line) }
            } else if line.hasPrefix("$"), let arrow = line.range(of: " << ") {
                end = line[arrow.upperBound...]
            } else {
                commands.append(line)
            }
        }
        #expect(end == nil, "a here-document has no end")
        #expect(!commands.contains { $0.contains("touch") || $0.contains("`") || $0.contains("ünï") || $0 == "END_" })
        #expect(inDocument.contains { $0.contains("a `touch x` $(touch x)") })
        #expect(inDocument.contains("END"))
        #expect(inDocument.contains("END_"))
        #expect(!script.contains("\u{1b}"))
    }

    /// The real program draws it, in each format, and runs nothing of the text.
    @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"), arguments: FigureFormat.allCases)
    func gnuplotDrawsIt(format: FigureFormat) throws {
        let picture = try Gnuplot().draw(sheet(title: Self.hostile), format: format)
        let starts: [FigureFormat: [UInt8]] = [
            .svg: Array("<?xml".utf8), .pdf: Array("%PDF".utf8), .png: [0x89, 0x50, 0x4E, 0x47],
        ]
        #expect(picture.starts(with: try #require(starts[format])))
        #expect(!FileManager.default.fileExists(atPath: "x"))
        if format == .svg { #expect(String(decoding: picture, as: UTF8.self).contains("ünï")) }
        #expect(try Gnuplot().version().hasPrefix("gnuplot "))
    }

    @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
    func severalFiguresOnASheet() throws {
        let one = sheet().figures[0]
        let picture = try Gnuplot().draw(FigureSheet([one, one, one], columns: 2, size: .twoColumn), format: .svg)
        #expect(String(decoding: picture, as: UTF8.self).contains("</svg>"))
        let stacked = FigureSheet([one, one], sharesHorizontalAxis: true)
        #expect(!(try Gnuplot().draw(stacked, format: .pdf)).isEmpty)
        // A figure without layers is a frame, not an error.
        let empty = Figure(x: FigureAxis(.plain(""), range: 0...1), y: FigureAxis(.plain(""), range: 0...1))
        #expect(!(try Gnuplot().draw(FigureSheet([empty]), format: .svg)).isEmpty)
    }

    @Test func formats() {
        #expect(FigureFormat(fileName: "a.b.SVG") == .svg)
        #expect(FigureFormat(fileName: "/x.y/a.pdf") == .pdf)
        for name in ["a", "a.eps", "a.", "svg", ""] { #expect(FigureFormat(fileName: name) == nil) }
    }

    // MARK: - A gnuplot that fails

    private func fake(_ script: String, in folder: TestFolder) throws -> Gnuplot {
        let path = folder["gnuplot"]
        // Written by another process: a program that another test starts meanwhile would inherit this one's descriptor,
        // and what is open for writing cannot be run.
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: "/bin/bash")
        let write = "printf '%s' \"$1\" > \"$2\" && chmod 755 \"$2\""
        writer.arguments = ["-c", write, "bash", "#!/bin/bash\n" + script, path]
        try writer.run()
        writer.waitUntilExit()
        return Gnuplot(executable: URL(fileURLWithPath: path))
    }

    @Test func saysWhyThereIsNoPicture() throws {
        let folder = try TestFolder()
        let cases: [(script: String, words: [String])] = [
            ("echo 'line 3: undefined variable' >&2; exit 2", ["status 2", "undefined variable"]),
            ("cat > /dev/null; kill -9 $$", ["signal 9"]),
            ("head -c 10 > /dev/null; echo '<svg'; exit 1", ["status 1"]),
            ("exit 0", ["without a picture"]),
        ]
        for (script, words) in cases {
            let error = try #require(throws: GnuplotError.self, "\(script)") {
                try fake(script, in: folder).draw(sheet(), format: .svg)
            }
            for word in words { #expect(error.description.contains(word), "\(error)") }
        }
        // Gone before it has read a script that is larger than a pipe's buffer.
        let many = (0..<100_000).map { FigurePoint(Double($0), 0) }
        let figure = Figure(
            x: FigureAxis(.plain(""), range: 0...1), y: FigureAxis(.plain(""), range: 0...1),
            layers: [.curve(many, FigureStroke())])
        #expect(throws: GnuplotError.self) {
            try fake("exec <&-; exit 3", in: folder).draw(FigureSheet([figure]), format: .svg)
        }
    }

    @Test func isStoppedWhereItIsTooSlow() throws {
        let folder = try TestFolder()
        let start = ProcessInfo.processInfo.systemUptime
        let slow = try fake("trap '' TERM; echo started; sleep 30 & wait", in: folder)
        #expect(throws: GnuplotError.tooSlow(0.3)) { try slow.draw(sheet(), format: .svg, limit: 0.3) }
        // 0.3 s, 1 s for the polite request, and a busy machine.
        #expect(ProcessInfo.processInfo.systemUptime - start < 15)
    }

    @Test func executableThatIsNone() {
        #expect(throws: GnuplotError.self) {
            try Gnuplot(executable: URL(fileURLWithPath: "/nonexistent/gnuplot")).draw(sheet(), format: .svg)
        }
    }

    // MARK: - Geometry

    /// Labels lie inside their areas with their whole size, and clear of each other.
    @Test func labelsFitAndDoNotTouch() throws {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<100 {
            let radius = generator.uniform(0.3...1)
            var placement = LabelPlacement(x: -1...1, y: -1...1, frame: (6, 6))
            let size = (width: generator.uniform(0.2...1.5), height: 0.4)
            var placed: [FigurePoint] = []
            while placed.count < 8,
                let place = placement.place(size, where: { $0.x * $0.x + $0.y * $0.y < radius * radius })
            {
                placed.append(place)
            }
            for (index, place) in placed.enumerated() {
                // Three coordinates a centimetre; half a cell of the lookup grid of slack.
                for (dx, dy) in [(-1.0, -1.0), (-1, 1), (1, -1), (1, 1)] {
                    let corner = FigurePoint(place.x + dx * size.width / 6, place.y + dy * size.height / 6)
                    let distance = (corner.x * corner.x + corner.y * corner.y).squareRoot()
                    #expect(distance < radius + 0.03)
                }
                for other in placed[..<index] {
                    let apart = abs(place.x - other.x) >= size.width / 3 || abs(place.y - other.y) >= size.height / 3
                    #expect(apart, "\(place) touches \(other)")
                }
            }
        }
        var placement = LabelPlacement(x: 0...1, y: 0...1, frame: (6, 6))
        #expect(placement.place((7, 1), where: { _ in true }) == nil)
        #expect(placement.place((1, 1), where: { _ in false }) == nil)
        #expect(placement.place((1, 1), where: { _ in true }) != nil)
    }

    /// Every piece ends on the polygon's edge, lies within it, and falls at 45° on the page.
    @Test func hatchingStaysInside() {
        let triangle = [FigurePoint(0, 0), FigurePoint(2, 0), FigurePoint(0, 4)]
        let pieces = hatchLines(across: triangle, x: 0...2, y: 0...4, frame: (4, 3), spacing: 0.1)
        // The lines cross the longest extent, (4 + 0)/√2 from corner to corner at the most.
        #expect(pieces.count > 25 && pieces.count < 45)
        for piece in pieces {
            #expect(piece.count == 2)
            for point in piece {
                #expect(point.x >= -1e-12)
                #expect(point.y >= -1e-12)
                #expect(point.x / 2 + point.y / 4 <= 1 + 1e-12)
            }
            let (u, v) = ((piece[1].x - piece[0].x) / 2 * 4, (piece[1].y - piece[0].y) / 4 * 3)
            #expect(abs(u + v) < 1e-9)
        }
        #expect(hatchLines(across: [], x: 0...1, y: 0...1, frame: (1, 1), spacing: 0.1).isEmpty)
        // Only what the frame shows of a polygon, however far that reaches.
        let far = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map { FigurePoint(1e12 * $0.0, 1e12 * $0.1) }
        let shown = hatchLines(across: far, x: 0...2, y: 0...4, frame: (4, 3), spacing: 0.1)
        #expect(shown.count > 40 && shown.count < 60)
        for point in shown.joined() {
            #expect((-1e-12...2 + 1e-12).contains(point.x))
            #expect((-1e-12...4 + 1e-12).contains(point.y))
        }
        let endless = [FigurePoint(0, 0), FigurePoint(.infinity, 0), FigurePoint(0, .nan)]
        #expect(hatchLines(across: endless, x: 0...1, y: 0...1, frame: (1, 1), spacing: 0.1).isEmpty)
    }

    /// Frames that share an axis lie below each other, with the same ends, and only the lowest has numbers below it.
    @Test func framesWithOneAxis() {
        let one = sheet().figures[0]
        let stacked = FigureSheet([one, one, one], sharesHorizontalAxis: true)
        let layout = FigureLayout(stacked)
        let frames = (0..<3).map(layout.frame)
        for frame in frames {
            #expect(frame.left == frames[0].left)
            #expect(frame.right == frames[0].right)
            #expect(abs(frame.top - frame.bottom - layout.frameSize.height) < 1e-12)
            #expect(frame.bottom > 0)
            #expect(frame.top < layout.height)
        }
        // Marks, legend and title of a lower frame have their room.
        let above = layout.height - frames[0].top
        for (upper, lower) in zip(frames, frames.dropFirst()) { #expect(upper.bottom - lower.top > above) }
        #expect(layout.height < 3 * FigureLayout(FigureSheet([one])).height)
        let script = GnuplotScript(stacked, format: .svg).text
        #expect(script.split(separator: "\n").count { $0.hasPrefix("set xlabel") } == 1)
        #expect(script.split(separator: "\n").count { $0 == "set format x ''" } == 2)
    }

    /// No entry of a legend touches another, the frame or the sheet's edge, whatever the names.
    @Test func legendsFit() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let names = (0..<Int(generator.uniform(1...9))).map { _ in
                String(repeating: "m", count: Int(generator.uniform(1...24)))
            }
            var figure = sheet().figures[0]
            figure.legend = names.map { FigureLegendEntry(.line(FigureStroke()), .plain($0)) }
            let layout = FigureLayout(FigureSheet([figure]))
            let places = layout.legend(of: figure, index: 0)
            try #require(places.count == names.count)
            for (index, (place, name)) in zip(places, names).enumerated() {
                let end = place.text + FigureLayout.textWidth(.plain(name))
                #expect(place.sample.lowerBound >= layout.frame(0).left)
                #expect(end < layout.width)
                #expect(place.text >= place.sample.upperBound)
                #expect(place.height - 0.15 > layout.frame(0).top)
                #expect(place.height + 0.15 < layout.height)
                for (other, otherName) in zip(places, names).prefix(index) {
                    let otherEnd = other.text + FigureLayout.textWidth(.plain(otherName))
                    #expect(abs(place.height - other.height) > 0.3 || place.sample.lowerBound > otherEnd)
                }
            }
        }
        var plain = sheet()
        let height = FigureLayout(plain).height
        plain.figures[0].legend = []
        #expect(FigureLayout(plain).height < height)
    }

    @Test func widthsAreThoseOfJournals() {
        #expect(FigureLayout(FigureSheet(sheet().figures)).width == 8.6)
        #expect(FigureLayout(FigureSheet(sheet().figures, size: .twoColumn)).width == 17.8)
        // The two marks of the sheet touch, so that one goes a line up and the sheet grows by that.
        var apart = sheet()
        apart.figures[0].x.marks[1].value = 1.9
        #expect(FigureLayout(sheet()).height > FigureLayout(apart).height)
    }
}
