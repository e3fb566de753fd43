import CommandRun
import Foundation
import Reporting

/// The folder of a study's tables, figures, resolved study and manifest, while a run works in it.
///
/// A lock that the system releases with its holder keeps a second run out. A task that has ended is a line of the journal,
/// written in one piece after its outputs are in place; the manifest takes its place at the end. So a run that is killed
/// leaves nothing that could be taken for finished.
final class RunDirectory {
    let path: String
    /// What has ended in it so far.
    private(set) var records: RunRecords

    private let study: String
    private let folder: OutputFolder
    private let lock: Int32
    /// Made when the first task has ended, so that a run that fails before leaves nothing.
    private var journal: Int32 = -1

    private static func lockPath(_ folder: String) -> String { "\(folder)/.study-lock" }

    /// Makes the folder where there is none, locks it, reads what is there and clears what a dead run left behind.
    ///
    /// - Throws: `CommandFailure` with 73 where it cannot be written or another run works in it, with 65 where it belongs to
    ///   another study.
    init(_ path: String, study: String) throws {
        self.path = path
        self.study = study
        folder = try OutputFolder(path)
        do {
            lock = try Self.locked(path)
            do {
                records = try RunRecords(path)
                if let other = records.study, other != study {
                    throw CommandFailure(
                        .badData,
                        "\(shownPath(path)) holds a run of the study \(shownInMessage(other)), and the file's is "
                            + "\(shownInMessage(study)); give -o another folder.")
                }
            } catch {
                Self.unlock(path, lock)
                throw error
            }
        } catch {
            folder.removeIfEmpty()
            throw error
        }
        Self.removeTemporaries(path)
        // What a run that was killed before its first task had ended left of one.
        if records.wholeJournal == 0 { unlink(RunRecords.journalPath(path)) }
    }

    deinit {
        if journal >= 0 { close(journal) }
        // Nothing to go on from.
        if !records.hasOutputs { unlink(RunRecords.journalPath(path)) }
        Self.unlock(path, lock)
        folder.removeIfEmpty()
    }

    /// Adds a task that has ended.
    ///
    /// - Throws: `CommandFailure` with 73 where the journal cannot be written. The task's outputs are removed then, since
    ///   nothing would say what they are.
    func add(_ record: TaskRecord) throws {
        do { try write(record.journalValue) } catch {
            for output in record.outputs {
                unlink("\(path)/\(output.name)")
                if let end = output.name.lastIndex(of: "/") { rmdir("\(path)/\(output.name[..<end])") }
            }
            throw error
        }
        records[record.name] = record
    }

    /// Writes the manifest in place of the journal.
    func finish(_ manifest: StudyManifest) throws {
        let destination = try OutputDestination.open(RunRecords.manifestPath(path))
        try JSONWriter().write(manifest.value, to: destination)
        try destination.commit()
        unlink(RunRecords.journalPath(path))
    }

    /// Adds a line to the journal, which begins with the study's name.
    private func write(_ value: JSONValue) throws {
        let isNew = records.wholeJournal == 0 && journal < 0
        if journal < 0 { journal = try Self.openJournal(path, whole: records.wholeJournal) }
        let bytes = Array(((isNew ? Self.line(["study": .text(study)]) : "") + Self.line(value)).utf8)
        let count = bytes.withUnsafeBytes { Foundation.write(journal, $0.baseAddress, $0.count) }
        guard count == bytes.count else {
            let failure = Self.cannotWrite(path, code: count < 0 ? errno : ENOSPC)
            // Half a line would hide those after it.
            let size = lseek(journal, 0, SEEK_END)
            if count > 0, size >= count { ftruncate(journal, size - off_t(count)) }
            if isNew { unlink(RunRecords.journalPath(path)) }
            throw failure
        }
    }

    /// A value on one line: line feeds stand between members only, within texts they are escaped.
    private static func line(_ value: JSONValue) -> String {
        value.text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined() + "\n"
    }

    // MARK: - The folder

    /// Locks a file of the folder for as long as this process lives.
    private static func locked(_ folder: String) throws -> Int32 {
        let path = lockPath(folder)
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            guard descriptor >= 0 else { throw cannotWrite(folder) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                close(descriptor)
                if code == EINTR { continue }
                guard code == EWOULDBLOCK else { throw cannotWrite(path, code: code) }
                throw CommandFailure(
                    .cannotCreate, "Another run works in \(shownPath(folder)); wait for it, or give another folder.")
            }
            // A run that has just ended may have removed the file between the two calls.
            var held = stat()
            var named = stat()
            if fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino {
                TemporaryFiles.add(path)
                return descriptor
            }
            close(descriptor)
        }
    }

    /// Removes the locked file and so the lock.
    private static func unlock(_ folder: String, _ descriptor: Int32) {
        TemporaryFiles.remove(lockPath(folder))
        close(descriptor)
    }

    /// Removes the temporaries of runs that were killed: with the lock held they are nobody's.
    private static func removeTemporaries(_ folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            unlink("\(folder)/\(name)")
        }
        TemporaryFiles.declareCleared(folder)
    }

    private static func openJournal(_ folder: String, whole: Int) throws -> Int32 {
        let path = RunRecords.journalPath(folder)
        let journal = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard journal >= 0 else { throw cannotWrite(path) }
        guard ftruncate(journal, off_t(whole)) == 0 else {
            let failure = cannotWrite(path)
            close(journal)
            throw failure
        }
        return journal
    }

    private static func cannotWrite(_ path: String, code: Int32 = errno) -> CommandFailure {
        CommandFailure(.cannotCreate, "Cannot write \(shownPath(path)): \(String(cString: strerror(code))).")
    }
}
