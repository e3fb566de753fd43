import Foundation

/// Commands as they are typed, whole processes from the spawn to the exit, each beside its peer where there is one.
///
/// The inputs are made in a folder of their own: a million markets and a million prices, the same every time.
final class CommandBenchmark {
    private let pinfi: String?
    private let folder: URL
    private let python: String?
    private var markets: String { folder.appending(path: "markets.csv").path }
    private var prices: String { folder.appending(path: "prices.csv").path }

    private static let rowCount = 1_000_000
    /// What is typed takes up to some seconds.
    private static let runs = 5

    /// A command, and what it is measured against.
    private struct Workload {
        let name: String
        let arguments: [String]
        var peer: TimedProgram?
        /// What the peer is, or why there is none.
        var against = "none"
        /// Variables of the environment, for both.
        var environment: [String: String] = [:]
        var runs = CommandBenchmark.runs
    }

    /// - Parameter path: nil for the executable that was built next to this one.
    init(executable path: String?) throws {
        pinfi = path
        folder = FileManager.default.temporaryDirectory.appending(path: "pinfi-commands-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let found = packageFolder.appending(path: ".build-peers/bin/python3").path
        python = FileManager.default.isExecutableFile(atPath: found) ? found : nil
        try writeInputs()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func rows(threads: Int) throws -> [BenchmarkRow] {
        try workloads(threads).map { workload in
            for (name, value) in workload.environment { setenv(name, value, 1) }
            defer { for name in workload.environment.keys { unsetenv(name) } }
            let ours = try TimedProgram.pinfi(
                pinfi, workload.arguments + ["--quiet", "--threads", String(threads)])
            let costs = try PairedCosts(warmUps: 1, pairs: workload.runs) {
                try ours.run().cost
            } peer: {
                try workload.peer.map { try $0.run().cost }
            }
            return BenchmarkRow(workload.name, threads: threads, costs: costs, peer: workload.against)
        }
    }

    private func workloads(_ threads: Int) throws -> [Workload] {
        let ratio = ["--b", "0.7", "--d", "1.3"]
        let role = ["--b", "0.7"]
        let ensemble =
            ["ensemble"] + ratio + ["--vary", "y=0.5:1.1:100", "--x0", "0.3:2.5:100", "--from", "lp=0.5,seller=0.1"]
            + ["--until", "20"]
        let final = "cell,x0,y,t,x,alpha,share_lp,share_seller,share_external,steps,status"
        let uniform = ["beta=uniform(0.5,0.9)", "p=uniform(0,0.2)", "theta=uniform(0.5,2.5)", "gamma=uniform(1.4,1.9)"]
        let chaos =
            ["sensitivity", "chaos"] + uniform.flatMap { ["--vary", $0] }
            + ["--quantity", "alpha_star", "--samples", "4096", "--max-degree", "12"]
        let gsl = try TimedProgram.beside("gsl-ensemble")
        var loads = [
            Workload(
                name: "bounds-input", arguments: ["bounds", "--input", markets],
                peer: try .pinfi(
                    pinfi,
                    // As many bytes: 6,250,000 rows of 90 bytes.
                    ["phase"] + ratio + ["--x", "0.1:2:2500", "--y", "0.1:2:2500", "--quiet"]
                        + ["--threads", String(threads)]),
                against: "pinfi phase of as many bytes"),
            python(
                "bounds-input-columns",
                ["bounds", "--input", markets, "--columns"]
                    + ["gamma_min,gamma_max,band_width,alpha_star,rest_price,outcome"],
                "bounds_peer.py", [markets], "polars, numpy and scipy, the same columns", threads),
            python(
                "history", ["calibrate", "history", "--input", prices, "--column", "beta=price", "--delta", "2.6"],
                "history_peer.py", [prices], "polars and numpy", threads),
            Workload(name: "phase-role", arguments: ["phase", "--dynamics", "role"] + role + Self.roleAxes),
            Workload(
                name: "sweep-role",
                arguments: ["sweep"] + role + ["--vary", "y=0.5:1.1:1000", "--vary", "d=1:1.6:1000"]
                    + ["--quantity", "share_lp"]),
            Workload(
                name: "start", arguments: ["bounds"] + ratio, peer: try .beside("empty-program"),
                against: "an empty program that links the same libraries", runs: 41),
        ]
        if threads == 2 {
            loads += [
                Workload(name: "ensemble-process", arguments: ensemble, peer: gsl, against: "GSL's rk8pd in C"),
                Workload(
                    name: "ensemble-final-process", arguments: ensemble + ["--columns", final], peer: gsl,
                    against: "GSL's rk8pd in C"),
                Workload(
                    name: "basins",
                    arguments: ["portrait"] + ratio + ["--reward-ratio", "0.79", "--x", "x=0.9:1.6:200"]
                        + ["--y", "seller=0:1:200", "--basins", "--until", "100"]),
                python("chaos", chaos, "chaos_peer.py", [], "OpenTURNS, degree 12 alone", threads),
                Workload(
                    name: "chaos-haswell", arguments: chaos, environment: ["OPENBLAS_CORETYPE": "Haswell"]),
            ]
        }
        return loads
    }

    private static let roleAxes = ["--x", "y=0.5:1.1:1000", "--y", "d=1:1.6:1000", "--quantity", "rest_price"]

    /// A command beside a program in Python, which is skipped where there is none.
    private func python(
        _ name: String, _ arguments: [String], _ script: String, _ words: [String], _ against: String, _ threads: Int
    ) -> Workload {
        var load = Workload(name: name, arguments: arguments)
        guard let python else {
            load.against = "skipped: no Python with the peers (run Benchmarks/prepare)"
            return load
        }
        let path = packageFolder.appending(path: script).path
        load.peer = TimedProgram(executable: python, arguments: [path] + words)
        load.against = against
        load.environment = ["POLARS_MAX_THREADS": String(threads)]
        return load
    }

    /// Markets and prices of a random walk, with the digits that such files have.
    private func writeInputs() throws {
        var random = SplitMix(seed: 3)
        func text(_ value: Double, _ scale: Double) -> String { "\((value * scale).rounded() / scale)" }
        var markets = "beta,delta,gamma\n"
        var prices = "time,price\n"
        var price = 1.0
        for row in 0..<Self.rowCount {
            markets += text(0.5 + 0.5 * random.nextUnit(), 1e5) + "," + text(1.2 + random.nextUnit(), 1e4) + ","
            markets += text(0.6 + 0.4 * random.nextUnit(), 1e4) + "\n"
            price *= 1 + 0.004 * (random.nextUnit() - 0.5)
            let (days, minutes) = (row / 1440, row % 1440)
            let (month, day) = (days / 28, days % 28 + 1)
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            prices += "\(2000 + month / 12)-\(two(month % 12 + 1))-\(two(day))T\(two(minutes / 60)):\(two(minutes % 60)):00Z,"
            prices += text(price, 1e6) + "\n"
        }
        try markets.write(toFile: self.markets, atomically: true, encoding: .utf8)
        try prices.write(toFile: self.prices, atomically: true, encoding: .utf8)
    }
}
