// pinfi phase --boundaries.
import Foundation
import Testing

@Suite struct BoundariesTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    struct Point { let x, y: Double }

    /// The curves of a run, in the order of the file.
    private func curves(_ options: String, _ window: String) throws -> [(name: String, points: [Point])] {
        _ = try folder.data("phase \(options) \(window) --boundaries curves.csv -o /dev/null")
        return try Self.curves(folder.csv("curves.csv"))
    }

    private static func curves(_ csv: CSVText) throws -> [(name: String, points: [Point])] {
        var found: [(name: String, points: [Point])] = []
        for row in csv.rows {
            let point = try Point(x: #require(Double(row[1])), y: #require(Double(row[2])))
            if found.last?.name != row[0] { found.append((row[0], [])) }
            found[found.count - 1].points.append(point)
        }
        return found
    }

    @Test func theExactCurvesOfAPanel() throws {
        // Panel b in a window without the curve of S, which starts at (1, 0.7).
        _ = try folder.data("phase --b 0.7 --d 1 --x 0:1:3 --y 0:1.5:3 --boundaries curves.csv -o grid.csv")
        let expected = """
            boundary,alpha_ratio,gamma_ratio
            gamma-equals-beta,0,0.7
            gamma-equals-beta,0.7,0.7
            gamma-equals-beta,1,0.7
            alpha-b,0.7,0
            alpha-b,0.7,0.7
            alpha-s,1,0
            alpha-s,1,0.7
            alpha-s,1,1.5
            alpha-g,1,0
            alpha-g,1,0.7
            alpha-g,1,1.5

            """
        #expect(try folder.text("curves.csv") == expected)
        #expect(try folder.csv("grid.csv").rows.count == 9)
        #expect(folder.names == ["curves.csv", "grid.csv"])
    }

    @Test(arguments: PhaseCommandTests.diagrams)
    func betweenCellsThatDifferACurvePassesAndNoneWhereNothingChanges(_ diagram: PhaseCommandTests.Diagram) throws {
        let window = "--x \(diagram.x) --y \(diagram.y)"
        let curves = try curves(diagram.options, window)
        let order = ["lp-seller", "gamma-equals-beta", "alpha-b", "alpha-s", "alpha-g"]
        #expect(curves.map(\.name) == order.filter { curves.map(\.name).contains($0) }, "each once, in this order")
        #expect(
            try folder.csv("curves.csv").header == ["boundary"]
                + (diagram.isRaw ? ["alpha", "gamma"] : ["alpha_ratio", "gamma_ratio"]))

        let xs = diagram.x.split(separator: ":").compactMap { Double($0) }
        let ys = diagram.y.split(separator: ":").compactMap { Double($0) }
        let model = diagram.model
        let unit = diagram.isRaw ? 1 : model.c
        func region(_ x: Double, _ y: Double) -> String { model.region(x * unit, y * unit) }
        // A step across that is above the tolerance of the polyline (1e−6) and far below the size of any region.
        let step = 1e-5 * max(xs[1], ys[1])
        for (name, points) in curves {
            #expect(points.count >= 2, "\(name)")
            for point in points {
                #expect(xs[0]...xs[1] ~= point.x, "\(name) is clipped: \(point)")
                #expect(ys[0]...ys[1] ~= point.y, "\(name) is clipped: \(point)")
            }
            for (from, to) in zip(points, points.dropFirst()) {
                #expect(from.x < to.x || (from.x == to.x && from.y < to.y), "\(name) runs on: \(from), \(to)")
                guard hypot(to.x - from.x, to.y - from.y) > 10 * step else { continue }
                let middle = Point(x: (from.x + to.x) / 2, y: (from.y + to.y) / 2)
                let isVertical = from.x == to.x
                let sides =
                    isVertical
                    ? [region(max(middle.x - step, 0), middle.y), region(middle.x + step, middle.y)]
                    : [region(middle.x, max(middle.y - step, 0)), region(middle.x, middle.y + step)]
                #expect(sides[0] != sides[1], "\(name) at \(middle) lies within \(sides[0])")
            }
        }

        // The other way round: where two neighbours on a grid differ, some curve passes between them.
        let count = 40
        func node(_ i: Int, _ ends: [Double]) -> Double {
            ends[0] + (Double(i) + 0.37) / Double(count) * (ends[1] - ends[0])
        }
        func isCrossed(_ a: Point, _ b: Point) -> Bool {
            curves.contains { _, points in
                zip(points, points.dropFirst()).contains { Self.intersect(a, b, $0, $1) }
            }
        }
        var missed: [String] = []
        var crossings = 0
        for j in 0..<count {
            for i in 0..<count {
                let here = Point(x: node(i, xs), y: node(j, ys))
                for there in [Point(x: node(i + 1, xs), y: here.y), Point(x: here.x, y: node(j + 1, ys))]
                where there.x <= xs[1] && there.y <= ys[1] && region(here.x, here.y) != region(there.x, there.y) {
                    crossings += 1
                    if !isCrossed(here, there) { missed.append("\(here) – \(there)") }
                }
            }
        }
        #expect(missed == [])
        #expect(crossings > 20)
    }

    /// Whether the segments a–b and c–d have a point in common.
    private static func intersect(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> Bool {
        func side(_ p: Point, _ q: Point, _ r: Point) -> Double {
            (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)
        }
        return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0
    }

    @Test(arguments: [1e-3, 1e-6, 1e-8])
    func thePolylineStaysWithinTheTolerance(_ tolerance: Double) throws {
        let model = PlainModel.ratios(b: 0.7, d: 1.3)
        let options = "--b 0.7 --d 1.3 --boundary-tolerance \(tolerance)"
        let curve = try #require(curves(options, "--x 0:3:3 --y 0:3:3").first { $0.name == "lp-seller" })
        var worst = 0.0
        for (from, to) in zip(curve.points, curve.points.dropFirst()) {
            // The vertices are on the curve; the plain logarithmic mean is good to 1e−13.
            #expect(abs(from.y - model.sellerPayoff(from.x)) < 1e-12)
            for k in 1...3 {
                let x = from.x + (to.x - from.x) * Double(k) / 4
                let y = from.y + (to.y - from.y) * Double(k) / 4
                worst = max(worst, abs(model.sellerPayoff(x) - y))
            }
        }
        // The vertical distance is the larger one, by at most √(1 + S′²) ≤ 1.12; rounding of the oracle 1e−13.
        #expect(worst <= 1.12 * tolerance + 1e-13)
        #expect(worst > 0.01 * tolerance, "no more vertices than the tolerance asks for")
        #expect(curve.points.first?.x == 1, "it starts exactly at (α_s, β)")
        #expect(curve.points.first?.y == 0.7, "it starts exactly at (α_s, β)")
        let end = try #require(curve.points.last)
        #expect(end.x == 3, "and ends at the window's edge")
        #expect(abs(end.y - model.sellerPayoff(3)) < 1e-13, "and ends at the window's edge")
        let top = try folder.data("bounds --b 0.7 --d 1.3").csv.number("gamma_max")
        #expect(curve.points.contains { $0.x == 1.3 && $0.y == top }, "it passes exactly through (α_g, γ_max)")
    }

    @Test func theToleranceIsOfThePlottedCoordinates() throws {
        // The same market in ratios: 1e−6 of c; in tokens with c = 1000 the same curve takes √1000 times the vertices.
        let market = "--beta 700 --p 1 --theta 300 --delta 1300"
        let ratio = try #require(curves(market, "--x 0:3:3 --y 0:3:3").first?.points.count)
        let raw = try #require(curves(market + " --raw", "--x 0:3000:3 --y 0:3000:3").first?.points.count)
        #expect(abs(Double(raw) / Double(ratio) - 1000.0.squareRoot()) < 1)
    }

    @Test func clippingToAWindowWithinTheCurve() throws {
        let model = PlainModel.ratios(b: 0.7, d: 1.3)
        let all = try curves("--b 0.7 --d 1.3", "--x 1.1:1.5:3 --y 0.8:0.85:3")
        #expect(all.map(\.name) == ["lp-seller", "alpha-g"])
        let curve = all[0].points
        let (first, last) = (try #require(curve.first), try #require(curve.last))
        #expect(first.y == 0.8)
        #expect(abs(model.sellerPayoff(first.x) - 0.8) < 1e-12)
        #expect(last.y == 0.85, "α*(0.85)")
        #expect(abs(last.x - 1.3142986815493) < 5e-14, "α*(0.85)")
        #expect(all[1].points.map(\.x).allSatisfy { $0 == 1.3 })
        #expect(all[1].points.first?.y == 0.8)
        #expect(all[1].points.last?.y == 0.85)
    }

    @Test func aWindowWithoutBoundariesHasAHeaderOnly() throws {
        _ = try folder.data("phase --b 0.7 --d 1.3 --x 0.1:0.2:3 --y 0.1:0.2:3 --boundaries curves.csv -o /dev/null")
        #expect(try folder.text("curves.csv") == "boundary,alpha_ratio,gamma_ratio\n")
    }

    @Test func theyMayGoToStandardOutput() throws {
        let run = try folder.data("phase --b 0.7 --d 1.3 --x 0:1:2 --y 0:1:2 -o grid.csv --boundaries -")
        #expect(run.csv.header == ["boundary", "alpha_ratio", "gamma_ratio"])
        #expect(try folder.csv("grid.csv").rows.count == 4)
        // Two that are not files are no one place.
        #expect(
            try folder.data("phase --b 0.7 --d 1.3 --x 0:1:2 --y 0:1:2 -o /dev/null --boundaries -").csv.rows.count > 2)
    }

    /// Two outputs that are one, however that is said.
    static let twoOfOne = [
        "-o a.csv --boundaries a.csv", "-o a.csv --boundaries ./a.csv", "-o a.csv --boundaries $PWD/a.csv",
        "-o a.csv --boundaries ../${PWD##*/}/a.csv", "-o a.csv --boundaries sub/../a.csv",
        "-o a.csv --boundaries link.csv",
        "-o old.csv --boundaries link.csv", "-o old.csv --boundaries hard.csv", "-o dangling.csv --boundaries new.csv",
        "-o dir/a.csv --boundaries sub/a.csv", "--boundaries -", "--boundaries /dev/stdout", "-o - --boundaries -",
        "-o /dev/stdout --boundaries /dev/fd/1", "--boundaries /proc/self/fd/1", "> a.csv --boundaries a.csv",
        "-o a.csv --boundaries /dev/stdout > a.csv", "> hard.csv --boundaries old.csv",
        "-o old.csv >> hard.csv --boundaries -",
        "-o /dev/fd/3 --boundaries /dev/fd/4 3> a.csv 4>&3", "-o fifo --boundaries ./fifo",
    ]

    @Test(arguments: twoOfOne)
    func twoOutputsOnOnePathAreRefused(_ outputs: String) throws {
        let run = try folder.bash(
            """
            mkdir sub; ln -s sub dir; echo old > old.csv; ln old.csv hard.csv; ln -s old.csv link.csv
            ln -s a.csv link-to-a; ln -s new.csv dangling.csv; mkfifo fifo
            \(outputs.contains("a.csv --boundaries link.csv") ? "ln -sf a.csv link.csv" : "")
            pinfi phase --b 0.7 --d 1.3 --x 0:1:2 --y 0:1:2 \(outputs)
            """)
        #expect(run.status == 64)
        #expect(run.errors.contains("--output"), "\(run.errors)")
        #expect(run.errors.contains("--boundaries"), "\(run.errors)")
        #expect(run.output == "")
        for name in ["a.csv", "new.csv", "sub/a.csv"] where FileManager.default.fileExists(atPath: folder[name]) {
            #expect(try folder.text(name) == "", "only the shell may have made it")
        }
        if !outputs.contains("> hard") { #expect(try folder.text("old.csv") == "old\n") }
    }

    @Test func whereOneOutputCannotBeWrittenTheOtherIsNotMade() throws {
        let grid = "phase --b 0.7 --d 1.3 --x 0:2:101 --y 0:1:101"
        for outputs in [
            "-o grid.csv --boundaries none/curves.csv", "-o none/grid.csv --boundaries curves.csv",
            "-o /dev/full --boundaries curves.csv", "-o grid.csv --boundaries /dev/full",
        ] {
            let run = try folder.pinfi("\(grid) \(outputs)")
            #expect(run.status == 73, "\(outputs): \(run.errors)")
            #expect(run.output == "", "\(outputs): \(run.errors)")
            #expect(folder.names == [], "\(outputs)")
        }
    }
}
