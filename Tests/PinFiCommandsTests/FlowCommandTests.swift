// `pinfi flow`.
import Foundation
import Testing

@Suite struct FlowCommandTests {
    @Test func exactOutput() throws {
        let folder = try TestFolder()
        let flow = try folder.data("flow --b 0.7 --d 1.3 --x 1.3 --y 0.9")
        #expect(
            flow.output == """
                segment,t_start,t_end,alpha_start,alpha_end,sellers,genuine_buyers,speculating_buyers,event
                1,0,,1.3,1.3,false,false,false,rest

                """)
    }

    @Test func pathIntoTheBalancedRegion() throws {
        let folder = try TestFolder()
        let csv = try folder.data("flow --b 0.7 --d 1.3 --x 2 --y 0.79 --kappa-s 2 --period 3").csv
        #expect(csv["event"] == ["genuine-buyers-start", "sliding-start", "rest"])
        #expect(csv["sellers"] == ["true", "true", "true"])
        #expect(csv["genuine_buyers"] == ["false", "true", "true"])
        let times = csv.numbers("t_start")
        // (T/κ_s) ln(2/1.3), then (T/(κ_s − κ_g)) ln(1.3/α*); the check value has fourteen digits.
        #expect(abs(times[1] - 1.5 * log(2 / 1.3)) < 1e-15 * 8)
        #expect(abs(times[2] - times[1] - 2 * log(1.3 / 1.1852444979557)) < 1e-12)
        #expect(csv["t_end"].last == "")
    }

    /// The README shows what is printed: below each line with a prompt, until a blank line or an ellipsis.
    @Test func readmeShowsWhatIsPrinted() throws {
        let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("README.md")
        let text = try String(contentsOf: readme, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let folder = try TestFolder()
        var prompts = 0
        for (index, line) in lines.enumerated() where line.hasPrefix("    $ pinfi ") {
            let shown = lines[(index + 1)...].prefix { $0.hasPrefix("    ") && $0 != "    …" }.map { $0.dropFirst(4) }
            let printed = try folder.data(String(line.dropFirst("    $ pinfi ".count))).output.split(separator: "\n")
            #expect(shown == Array(printed.prefix(shown.count)))
            #expect(shown.count > 3)
            prompts += 1
        }
        #expect(prompts == 2)
    }

    @Test func json() throws {
        let folder = try TestFolder()
        let object = try folder.data("flow --beta 0.7 --delta 1.6 --alpha 0.3 --gamma 0.5 --format json").object()
        let columns = try #require(object["columns"] as? [String])
        let rows = try #require(object["data"] as? [[Any]])
        #expect(columns.first == "segment")
        #expect(columns.last == "event")
        #expect(rows.last?[2] is NSNull)
        #expect(rows.map { $0[8] as? String } == ["speculating-buyers-stop+sliding-start", "rest"])
    }

    @Test func refuses() throws {
        let folder = try TestFolder()
        let cases: [(line: String, fragments: [String])] = [
            ("flow --b 0.7 --d 1.3 --x 1 --y 1 --kappa-s 0.5", ["kappa-s", "0.5", "kappa-g"]),
            ("flow --b 0.7 --d 1.3 --x 1 --y 1 --kappa-g 2", ["kappa-s", "kappa-g is 2"]),
            ("flow --b 0.7 --d 1.3 --y 1", ["--alpha"]),
            ("flow --b 0.7 --d 1.3 --x 1", ["--gamma"]),
            ("flow --b 0.7 --d 1.3 --x 0 --y 1", ["--x", "'0'"]),
        ]
        for (line, fragments) in cases {
            let ended = try folder.pinfi(line)
            #expect(ended.status == 64, "\(line)")
            for fragment in fragments { #expect(ended.errors.contains(fragment), "\(line): \(ended.errors)") }
        }
    }
}
