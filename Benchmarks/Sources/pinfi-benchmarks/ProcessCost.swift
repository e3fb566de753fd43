import Foundation

/// A program that is timed as a whole process, from the spawn to the exit.
struct TimedProgram {
    let executable: String
    let arguments: [String]

    /// What a run took.
    struct Run {
        var cost: Cost
        /// The most memory it had at once, in bytes.
        var memory: Int
    }

    /// The pinfi of these arguments.
    ///
    /// - Parameter path: nil for the executable that was built next to this one.
    static func pinfi(_ path: String?, _ arguments: [String]) throws -> TimedProgram {
        guard let path else { return try beside("pinfi", arguments) }
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw BenchmarkFailure("there is no executable \(path); name one with --pinfi")
        }
        return TimedProgram(executable: path, arguments: arguments)
    }

    /// A program that was built next to this one.
    static func beside(_ name: String, _ arguments: [String] = []) throws -> TimedProgram {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let executable = own.deletingLastPathComponent().appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: executable) else {
            throw BenchmarkFailure("there is no executable \(executable); build it with this one")
        }
        return TimedProgram(executable: executable, arguments: arguments)
    }

    /// Runs it with its output going to a file.
    func run(output: String = "/dev/null") throws -> Run {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        var words = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var used = rusage()
        var cost = try cost {
            var child: pid_t = 0
            let code = posix_spawn(&child, executable, &actions, nil, &words, environ)
            guard code == 0 else { throw BenchmarkFailure("\(executable): \(String(cString: strerror(code)))") }
            var status: Int32 = 0
            while wait4(child, &status, 0, &used) < 0, errno == EINTR {}
            guard status == 0 else { throw BenchmarkFailure("\(executable) ended with the wait status \(status)") }
        }
        let times = [used.ru_utime, used.ru_stime]
        cost.cpuSeconds = times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
        return Run(cost: cost, memory: used.ru_maxrss * 1024)
    }
}
