// `--plot`, `--plot-script` and what can go wrong with gnuplot.
import Figures
import Foundation
import Reporting
import Testing

private let hasGnuplot = (try? Gnuplot()) != nil

@Suite struct PlotTests {
    private static let phase = "phase --b 0.7 --d 1.3 --x 0:2:5 --y 0:1.5:4 -o /dev/null"

    @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: ["svg", "pdf", "png"])
    func draws(ending: String) throws {
        let folder = try TestFolder()
        _ = try folder.data("\(Self.phase) --plot p.\(ending) --labels --arrows 0.7,0.79")
        let picture = try Data(contentsOf: URL(fileURLWithPath: folder["p.\(ending)"]))
        let starts = ["svg": Array("<?xml".utf8), "pdf": Array("%PDF".utf8), "png": [0x89, 0x50, 0x4E, 0x47]]
        #expect(picture.starts(with: starts[ending] ?? []))
        #expect(picture.count > 5000)
        #expect(folder.names == ["p.\(ending)"])
        if ending == "svg" {
            let text = String(decoding: picture, as: UTF8.self)
            for label in ["aA", "aB", "aC", "aD", "aE", "aF", "aG"] { #expect(text.contains(">\(label)<"), "\(label)") }
        }
    }

    /// Windows at the edges of what there is to draw.
    @Test(
        .enabled(if: hasGnuplot, "gnuplot is not installed"),
        arguments: [
            "phase --b 0.7 --d 0.3 --x 0:0.2:3 --y 0:0.1:3", "phase --b 0.7 --d 1.3 --x 1.5:2:3 --y 0:0.2:3",
            "phase --b 0.7 --d 1.3 --x 1.5:2:3 --y 5:6:3", "phase --b 1 --d 0.5 --x 0:3:3 --y 0:3:3",
            "phase --beta 1e-6 --delta 3e-6 --raw --x 0:4e-6:3 --y 0:4e-6:3",
            "phase --beta 1e9 --delta 3e9 --raw --x 0:4e9:3 --y 0:4e9:3 --plot-size two-column",
        ])
    func drawsAnyWindow(line: String) throws {
        let folder = try TestFolder()
        _ = try folder.data("\(line) -o /dev/null --plot p.svg --labels")
        #expect(try folder.text("p.svg").contains("</svg>"))
    }

    @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
    func titleIsDataOnly() throws {
        let folder = try TestFolder()
        let title = "`touch a` $(touch b) \"q\" 'q' \\n {c}_d\nsecond ünï"
        let words = Self.phase.split(separator: " ").map(String.init)
        let ended = try folder.pinfi(words + ["--plot", "p.svg", "--title", title, "--plot-script", "p.gp"])
        #expect(ended.status == 0)
        #expect(folder.names == ["p.gp", "p.svg"])
        let picture = try folder.text("p.svg")
        #expect(picture.contains("second"))
        #expect(picture.contains("ünï"))

        // The script draws the same by itself, but for what is said of blanks and of other fonts afterwards.
        let plain = "sed 's/<svg xml:space=\"preserve\"/<svg/; s/, Arial, Helvetica, sans-serif//g' ../p.svg"
        let script = try folder.bash("mkdir again && cd again && gnuplot -d ../p.gp && \(plain) | cmp - p.svg && ls")
        #expect(script.status == 0, "\(script.errors)")
        #expect(script.output == "p.svg\n")
    }

    /// What a user asks of the figure is in it, or is refused with 64 before anything is put in place.
    @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
    func sizeFontRangesAndScales() throws {
        let folder = try TestFolder()
        _ = try folder.pinfi(
            Self.phase.split(separator: " ").map(String.init) + [
                "--plot", "p.svg", "--plot-size", "12x8", "--plot-font", "DejaVu Sans,9", "--x-range", "0.5:1.5",
                "--log-x",
                "--y-range", "0.25:1",
            ])
        let picture = try folder.text("p.svg")
        // 12 and 8 cm at 96 units an inch.
        #expect(picture.contains("width=\"454\" height=\"302\""))
        #expect(picture.contains("font-family=\"DejaVu Sans, Arial, Helvetica, sans-serif\""))
        for (options, words) in [
            ("--log-x", "--log-x: a logarithmic axis is above 0"), ("--x-range 2:1", "from below to"),
            ("--x-range 1", "--x-range"), ("--plot-size 1x1", "--plot-size"), ("--plot-size 12", "--plot-size"),
            ("--plot-font a'b", "--plot-font"), ("--plot-size 8x3", "--plot-size leaves too little room"),
        ] {
            let refused = try folder.pinfi("\(Self.phase) --plot q.svg \(options)")
            #expect(refused.status == 64, "\(options): \(refused.errors)")
            #expect(refused.errors.contains(words), "\(options): \(refused.errors)")
        }
        #expect(folder.names == ["p.svg"])
    }

    /// Two processes, in other seconds, draw the same bytes.
    @Test(
        .enabled(if: hasGnuplot, "gnuplot is not installed"),
        arguments: [
            "phase --b 0.7 --d 1.3 --x 0:2:5 --y 0:1.5:4",
            "calibrate robust --vary beta=uniform(0.5,0.9) --delta 1.3 --p 0.2 --theta 1.5 --samples 200",
            "calibrate history --input h.csv --time time --delta 1.6 --p 0.1 --theta 1",
        ])
    func theSameBytes(line: String) throws {
        let folder = try TestFolder([
            "h.csv": "time,beta\n2024-01-01,0.7\n2024-01-02,0.8\n2024-01-03,0.65\n2024-01-04,0.7\n"
        ])
        for ending in ["svg", "pdf", "png"] {
            for name in ["a", "b"] {
                _ = try folder.data("\(line) -o /dev/null --quiet --plot \(name).\(ending)")
            }
        }
        Thread.sleep(forTimeInterval: 1.1)
        _ = try folder.data("\(line) -o /dev/null --quiet --plot b.pdf")
        for ending in ["svg", "pdf", "png"] {
            let (one, other) = try (folder.bash("cat a.\(ending) | md5sum"), folder.bash("cat b.\(ending) | md5sum"))
            #expect(one.output == other.output, "\(ending)")
        }
    }

    @Test func scriptNeedsNoGnuplot() throws {
        let folder = try TestFolder()
        let ended = try folder.bash("PATH=$(dirname $(command -v pinfi)) exec pinfi \(Self.phase) --plot-script p.gp")
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try folder.text("p.gp").contains("set output $output[1]"))
    }

    @Test func missingGnuplotIsToldBeforeTheWork() throws {
        let folder = try TestFolder()
        let ended = try folder.bash(
            "PATH=$(dirname $(command -v pinfi)) exec pinfi phase --b 0.7 --d 1.3 --x 0:2:50000 --y 0:1.5:50000 "
                + "--columns region -o /dev/null --plot p.svg")
        #expect(ended.status == 69)
        #expect(ended.errors.contains("gnuplot-nox"))
        #expect(folder.names.isEmpty)
    }

    @Test(arguments: ["exit 3", "kill -9 $$", "head -c 5 >/dev/null; echo half; exit 1", "exit 0"])
    func dyingGnuplotLeavesNothing(script: String) throws {
        let folder = try TestFolder(["bin": "", "old.csv": "old\n", "old.svg": "old\n"])
        let ended = try folder.bash(
            "rm bin; mkdir bin; printf '#!/bin/bash\\n%s\\n' '\(script)' > bin/gnuplot; chmod +x bin/gnuplot; "
                + "PATH=\"$PWD/bin:$PATH\" exec pinfi phase --b 0.7 --d 1.3 --x 0:2:5 --y 0:1.5:4 -o old.csv "
                + "--plot old.svg --boundaries new.csv --manifest new.json")
        #expect(ended.status == 70)
        #expect(ended.errors.contains("gnuplot"))
        #expect(folder.names == ["bin", "old.csv", "old.svg"])
        #expect(try folder.text("old.csv") == "old\n")
        #expect(try folder.text("old.svg") == "old\n")
    }

    @Test func refuses() throws {
        let folder = try TestFolder()
        let cases: [(options: String, status: Int32, fragments: [String])] = [
            ("--plot p.eps", 64, ["--plot", "p.eps", ".svg, .pdf, .png"]),
            ("--plot p", 64, ["--plot"]),
            ("--labels", 64, ["--labels", "--plot"]),
            ("--plot p.svg --arrows 0.5,x", 64, ["--arrows", "0.5,x"]),
            ("--plot p.svg --plot-script ./p.svg", 64, ["--plot and --plot-script"]),
            ("--plot p.svg --manifest p.svg", 64, ["--plot and --manifest"]),
            ("--plot no/p.svg", 73, ["no/p.svg"]),
            ("--plot p.svg --plot-size three", 64, ["three", "one-column"]),
        ]
        for (options, status, fragments) in cases {
            let ended = try folder.pinfi("\(Self.phase) \(options)")
            #expect(ended.status == status, "\(options): \(ended.errors)")
            for fragment in fragments { #expect(ended.errors.contains(fragment), "\(options): \(ended.errors)") }
            #expect(folder.names.isEmpty, "\(options)")
        }
        let flat = try folder.pinfi("phase --b 0.7 --d 1.3 --x 1:1:1 --y 0:1.5:4 -o /dev/null --plot p.svg")
        #expect(flat.status == 64)
        #expect(flat.errors.contains("--x"))
    }
}
