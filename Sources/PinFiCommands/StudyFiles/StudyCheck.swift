import ArgumentParser
import CommandRun
import Parallelism
import Reporting

/// Finds what only commands can find in a study: values out of range, options that exclude each other, missing ones.
///
/// Each task is run up to the place where its work would begin.
struct StudyCheck {
    /// Where the run directory is, or would be.
    let folder: String
    /// Options that every task is given beside its own.
    let more: [String]
    /// The paths that each task reads, by task.
    private(set) var inputs: [String: [String]] = [:]
    /// The commands of tasks that read no output of another one, ready to run, by task.
    private(set) var commands: [String: any ParsableCommand] = [:]

    /// What the outputs of other tasks are called, which are not there yet.
    private var results: String { "\(folder)/.not-made-yet" }

    init(folder: String, more: [String]) {
        self.folder = folder
        self.more = more
    }

    /// Checks these tasks, and leaves out of each the defaults that its command refuses beside its own options.
    ///
    /// - Throws: `CommandFailure` where something else than the file is at fault: gnuplot is missing, a folder is protected.
    mutating func check(_ plan: inout StudyPlan) throws {
        let parsed = self.parsed(plan.tasks)
        for index in plan.tasks.indices { try check(index, of: &plan, parsed[index]) }
    }

    /// What the parser makes of the tasks as they stand, which takes it a millisecond or two for each: on all threads.
    private func parsed(_ tasks: [PlannedTask]) -> [Parsed] {
        let words = tasks.map { self.words(of: $0) }
        return [Parsed](unsafeUninitializedCapacity: tasks.count) { commands, count in
            forEachChunk(of: commands, chunkSize: 1) { start, chunk in
                chunk.initialize(repeating: Result { try tasks[start].parsed(words[start]) })
            }
            count = tasks.count
        }
    }

    private typealias Parsed = Result<any ParsableCommand, any Error>

    private func words(of task: PlannedTask) -> [String] {
        task.arguments(outputsIn: folder, resultsIn: results) + more
    }

    private mutating func check(_ index: Int, of plan: inout StudyPlan, _ parsed: Parsed) throws {
        let whole = plan.tasks[index]
        var fault: (problem: String, place: YAMLPlace, isMissingInput: Bool)?
        var first: Parsed? = parsed
        while true {
            let task = plan.tasks[index]
            switch try outcome(of: task, first, faults: &plan.faults) {
            case .fine(let command, let read):
                inputs[task.name] = read
                if task.needs.isEmpty { commands[task.name] = command }
                return
            case .told:
                plan.restore(whole, at: index)
                return
            case .refused(let failure):
                let named = Self.optionsNamed(in: failure.description, of: task)
                let own = named.first { !$0.isDefault }
                // The first fault is told, unless the task has one of its own beside that of a default.
                if fault == nil || own != nil {
                    fault = (
                        Self.problem(failure.description, of: task), (own ?? named.first)?.place ?? task.place,
                        failure.status == .noInput
                    )
                }
                // What a default must not stand beside is left out; a fault that stays was not the default's.
                guard failure.status == .usage, let excluded = named.first(where: \.isDefault) else {
                    plan.restore(whole, at: index)
                    if let fault {
                        plan.faults.add(fault.problem, at: fault.place, isMissingInput: fault.isMissingInput)
                    }
                    return
                }
                plan.removeDefault(excluded.definition.name, ofTask: index)
                first = nil
            }
        }
    }

    private enum Outcome {
        /// Nothing is wrong; the command, and the paths of what it reads.
        case fine(any ParsableCommand, [String])
        /// The command refuses the options as they stand together.
        case refused(CommandFailure)
        /// Values are wrong one by one, and stand in the faults.
        case told
    }

    /// - Parameter first: what the parser made of the task as it is, if it was asked.
    private func outcome(of task: PlannedTask, _ first: Parsed?, faults: inout StudyFaults) throws -> Outcome {
        var task = task
        var first = first
        var isTold = false
        while true {
            let parsed: any ParsableCommand
            do {
                parsed = try first?.get() ?? task.parsed(words(of: task))
            } catch {
                let message = task.command.type.message(for: error)
                // The parser checks each value by itself, so with one left out it finds the next.
                let option = message.contains("is invalid for") ? Self.optionsNamed(in: message, of: task).first : nil
                if let option {
                    faults.add(Self.problem(message, of: task), at: option.place)
                    isTold = true
                    task.options.removeAll { $0.definition == option.definition }
                    first = nil
                    continue
                }
                if isTold || !task.isWhole { return .told }
                return .refused(CommandFailure(.badData, message))
            }
            if isTold || !task.isWhole { return .told }
            let context = RunContext(.check)
            var command = parsed
            do { try context.run { try command.run() } } catch is RunContext.Checked {
                return .fine(parsed, context.inputs)
            } catch {
                guard let failure = CommandFailure(error) else { return .fine(parsed, context.inputs) }
                switch failure.status {
                case .noInput where failure.description.contains(results): return .fine(parsed, context.inputs)
                case .unavailable, .cannotCreate:
                    throw CommandFailure(failure.status, "The task \(task.name): \(failure)")
                default: return .refused(failure)
                }
            }
            return .fine(parsed, context.inputs)
        }
    }

    /// The task's options that a message names, in the message's order.
    private static func optionsNamed(in message: String, of task: PlannedTask) -> [PlannedTask.Option] {
        var options: [PlannedTask.Option] = []
        for word in message.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "-" })
        where word.hasPrefix("--") {
            let name = String(word.dropFirst(2))
            if let option = task.options.first(where: { $0.definition.names.contains(name) }),
                !options.contains(where: { $0.definition == option.definition })
            {
                options.append(option)
            }
        }
        return options
    }

    /// A message of the command line as part of one about a file: on one line, without a full stop, the task named.
    private static func problem(_ message: String, of task: PlannedTask) -> String {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "task \(task.name): \(line.hasSuffix(".") ? String(line.dropLast()) : line)"
    }
}

extension PlannedTask {
    /// The command with these words, ready to run.
    func parsed(_ words: [String]) throws -> any ParsableCommand {
        let count = command.name.split(separator: " ").count
        return try command.type.parseAsRoot(Array(words.dropFirst(count)))
    }
}
