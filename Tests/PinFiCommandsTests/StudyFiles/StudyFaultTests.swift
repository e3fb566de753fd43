// What is wrong in a study file is told at once, each fault with its place; nothing runs.
import Foundation
import Testing

@Suite struct StudyFaultTests {
    /// The faults of a file: "LINE:COLUMN" and the words behind.
    private func faults(_ text: String, status: Int32 = 65) throws -> [(place: String, text: String)] {
        let folder = try TestFolder(["s.yaml": text])
        let ended = try folder.pinfi("study run s.yaml -o out")
        #expect(ended.status == status)
        #expect(ended.output == "")
        #expect(folder.names == ["s.yaml"], "nothing may run")
        return ended.errors.split(separator: "\n").compactMap { line in
            let text = line.hasPrefix("Error: ") ? line.dropFirst(7) : line
            guard let match = text.firstMatch(of: /^s\.yaml, line (\d+), column (\d+): (.*)$/) else { return nil }
            return ("\(match.1):\(match.2)", String(match.3))
        }
    }

    @Test(
        arguments: [
            ("tasks: {a: {run: bounds, b: 0.7, d: 1.3}}", "1:1", "the key study is missing"),
            ("study: s", "1:1", "the key tasks is missing"),
            ("study: s\ntasks: {}", "2:1", "there is no task"),
            ("study: s\ntasks:", "2:7", "tasks has no value"),
            ("study: a/b\ntasks: {a: {run: bounds, b: 0.7, d: 1.3}}", "1:8", "cannot be the name of a study"),
            ("- a", "1:1", "a list is no study"),
            ("", "1:1", "the file is empty"),
            ("study: s\ntaks: {}\ntasks: {a: {run: bounds, b: 0.7, d: 1.3}}", "2:1", "did you mean tasks?"),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: 1.3}, a: {run: bounds}}", "2:43", "already"),
            ("study: s\ntasks: {a: &x {run: bounds, b: 0.7, d: 1.3}}", "2:12", "anchor"),
            ("study: s\ntasks: {a: *x}", "2:12", "alias"),
            ("study: s\ntasks: {a: !!map {run: bounds}}", "2:12", "tag"),
            ("study: s\ntasks: {a: {b: 0.7}}", "2:9", "has no run"),
            ("study: s\ntasks: {a: {run: bouns}}", "2:18", "did you mean bounds?"),
            ("study: s\ntasks: {a: {run: sensitivity}}", "2:18", "sensitivity sobol"),
            ("study: s\ntasks: {a: {run: study run}}", "2:18", "cannot be a task"),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: 1.3, gama: 1}}", "2:42", "did you mean gamma?"),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: 1.3, --y: 1}}", "2:42", "without dashes here: y"),
            ("study: s\ntasks: {a: {run: bounds, beta: 0.7, external-price: 1, delta: 1}}", "2:37", "another name"),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: -1}}", "2:37", "'-1' is invalid for '--d"),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, delta: 1.3}}", "2:29", "--b is the ratio form"),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7}}", "2:29", "task a: "),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: }}", "2:34", "a text with a comma inside { } needs quotes"),
            (
                "study: s\ntasks: {a: {run: simulate, model: sharp, b: 0.7, d: 1.3, y: 1, from: x=1,lp=0.5}}", "2:74",
                "\"lp=0.5\" has no value; a text with a comma inside { } needs quotes"
            ),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: 1.3, output: x.csv}}", "2:42", "named after their task"),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: 1.3, threads: 2}}", "2:42", "does not set threads"),
            (
                "study: s\ntasks: {a: {run: equilibrium, b: 0.7, d: 1.3, y: 1, critical-lag: yes}}", "2:67",
                "allowed: true, false"
            ),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: 1.3, y: true}}", "2:45", "y is no flag"),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: 1.3, y: {a: 1}}}", "2:45", "takes no NAME: VALUE pairs"),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: [[1]]}}", "2:38", "a list holds texts"),
            ("study: s\ntasks: {a: {run: bounds, input: task z, delta: 1}}", "2:33", "there is no task \"z\""),
            ("study: s\ntasks: {a: {run: bounds, input: task a, delta: 1}}", "2:18", "wait for the next one: a, a"),
            ("study: s\ntasks: {a: {run: bounds, input: '-', delta: 1}}", "2:33", "no standard input"),
            (
                "study: s\ntasks: {a: {run: bounds, b: 0.7, d: 1.3}, b: {run: bounds, delta: 1.3, input: task a events}}",
                "2:79", "has no output \"events\"; it has none but its data"
            ),
            (
                "study: s\ntasks: {a: {run: bounds, b: 0.7, d: 1.3, tolerance: {rest_price: 1e-9 relativ}}}", "2:66",
                "is no tolerance"
            ),
            ("study: s\ntasks: {a: {run: bounds, b: 0.7, d: 1.3, baseline: {rows: 0}}}", "2:59", "at least 1"),
            ("study: s\nseed: -1\ntasks: {a: {run: bounds, b: 0.7, d: 1.3}}", "2:7", "'-1' is invalid for '--seed"),
            (
                "study: s\ndefaults: {lag: 1}\ntasks: {a: {run: bounds, b: 0.7, d: 1.3}}", "2:12",
                "no task takes the default lag"
            ),
            (
                "study: s\ndefaults: {lagg: 1}\ntasks: {a: {run: bounds, b: 0.7, d: 1.3}}", "2:12",
                "no command has the option \"lagg\"; did you mean lag?"
            ),
            (
                "study: s\ntasks: {a: {run: phase, b: 0.7, d: 1.3, x: 0:1:2, y: 0:1:2, boundaries: a.csv}}", "2:73",
                "would both be the file \"a.csv\""
            ),
            (
                "study: s\ntasks: {a: {run: phase, b: 0.7, d: 1.3, x: 0:1:2, y: 0:1:2, boundaries: ../a.csv}}", "2:73",
                "without /"
            ),
            (
                "study: s\ntasks: {a: {run: phase, b: 0.7, d: 1.3, x: 0:1:2, y: 0:1:2, boundaries: manifest.json}}",
                "2:73", "a file of the run directory itself"
            ),
        ])
    func oneFault(text: String, place: String, words: String) throws {
        let faults = try faults(text)
        #expect(faults.map(\.place) == [place], "\(faults)")
        #expect(faults.first?.text.contains(words) == true, "\(faults)")
    }

    @Test(arguments: ["../x", "/etc/x", ".hidden", "a b", "é", "a\u{0}b", "-o", String(repeating: "a", count: 101)])
    func hostileTaskNames(name: String) throws {
        let text = try #require(String(data: JSONSerialization.data(withJSONObject: [name]), encoding: .utf8))
        let faults = try faults("study: s\ntasks:\n  \(text.dropFirst().dropLast()): {run: bounds, b: 0.7, d: 1.3}\n")
        #expect(faults.map(\.place) == ["3:3"])
        #expect(faults.first?.text.contains("cannot be the name of a task") == true)
    }

    @Test func allAtOnce() throws {
        let faults = try faults(
            """
            study: s
            extra: 1
            tasks:
              ../a: {run: bounds, b: 0.7, d: 1.3}
              b: {run: phase, b: 2, d: -1.3, x: 0:2, y: 0:1:3, boundries: true}
              c: {run: bounds, b: 0.7, beta: 1, d: 1.3}
              d: {run: bounds, b: 0.7, d: 1.3}
            """)
        #expect(faults.map(\.place) == ["2:1", "4:3", "5:22", "5:28", "5:37", "5:52", "6:23"])
    }

    @Test func aMissingInputIsOne() throws {
        let folder = try TestFolder(["s.yaml": "study: s\ntasks: {a: {run: bounds, input: no.csv, delta: 1.3}}"])
        let ended = try folder.pinfi("study run s.yaml -o out")
        #expect(ended.status == 66)
        #expect(ended.errors.contains("no.csv"))
        #expect(folder.names == ["s.yaml"])
    }

    @Test func noStudyFile() throws {
        let folder = try TestFolder()
        #expect(try folder.pinfi("study run no.yaml -o out").status == 66)
        #expect(folder.names == [])
    }

    /// An anchor that stands for 2³⁰ texts, as a value and as a key; nesting; a large file.
    @Test func filesThatWouldTakeLong() throws {
        let bomb = (0..<30).map { "  a\($0): &a\($0) [\($0 == 0 ? "x" : "*a\($0 - 1), *a\($0 - 1)")]\n" }.joined()
        for text in [
            "study: s\ntasks:\n\(bomb)", "study: s\nx:\n\(bomb)\n? *a29\n: 1\n",
            "study: s\ntasks: \(String(repeating: "[", count: 100_000))",
            "study: s\n" + String(repeating: "# a comment that fills a line\n", count: 4_000_000),
        ] {
            let folder = try TestFolder(["s.yaml": text])
            let start = Date()
            let ended = try folder.pinfi("study list s.yaml")
            #expect(ended.status == 65)
            #expect(ended.errors.hasPrefix("Error: s.yaml"), "\(ended.errors)")
            #expect(Date().timeIntervalSince(start) < 20, "a hang, not a measurement")
        }
    }
}
