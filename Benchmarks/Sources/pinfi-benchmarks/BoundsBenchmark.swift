import Foundation

/// `pinfi bounds` on one market as a whole process, from the spawn to the exit. In turn with it runs `true`, a process
/// that does nothing, as the floor.
struct BoundsBenchmark {
    static let runs = 21
    private let executable: String
    private let arguments = [
        "bounds", "--beta", "0.7", "--p", "0.2", "--theta", "1.5", "--delta", "1.6", "--alpha", "2", "--format", "json",
    ]

    /// - Parameter path: nil for the executable that was built next to this one.
    init(executable path: String?) throws {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        executable = path ?? own.deletingLastPathComponent().appending(path: "pinfi").path
        guard FileManager.default.isExecutableFile(atPath: executable) else {
            throw BenchmarkFailure("there is no executable \(executable); name one with --pinfi")
        }
    }

    func rows() throws -> [BenchmarkRow] {
        let floor = ["/bin/true", "/usr/bin/true"].first { FileManager.default.isExecutableFile(atPath: $0) }
        let costs = try PairedCosts(pairs: Self.runs) {
            try run(executable, arguments)
        } peer: {
            try floor.map { floor in try run(floor, []) }
        }
        return [BenchmarkRow("bounds-process", threads: 1, costs: costs, peer: "true, a process that does nothing")]
    }

    private func run(_ executable: String, _ arguments: [String]) throws -> Cost {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        var words = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var used = rusage()
        var result = try cost {
            var child: pid_t = 0
            let code = posix_spawn(&child, executable, &actions, nil, &words, environ)
            guard code == 0 else { throw BenchmarkFailure("\(executable): \(String(cString: strerror(code)))") }
            var status: Int32 = 0
            while wait4(child, &status, 0, &used) < 0, errno == EINTR {}
            guard status == 0 else { throw BenchmarkFailure("\(executable) ended with the wait status \(status)") }
        }
        let times = [used.ru_utime, used.ru_stime]
        result.cpuSeconds = times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
        return result
    }
}
