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

    private let lock: Int32
    private let journal: Int32

    private static func lockPath(_ folder: String) -> String { "\(folder)/.study-lock" }

    /// Makes the folder where there is none, locks it, reads what is there and clears what a dead run left behind.
    ///
    /// - Throws: `CommandFailure` with 73 where it cannot be written or another run works in it, with 65 where it belongs to
    ///   another study.
    init(_ path: String, study: String) throws {
        self.path = path
        let folder = try OutputFolder(path)
        defer { folder.removeIfEmpty() }
        let lock = try Self.locked(path)
        do {
            records = try RunRecords(path)
            if let other = records.study, other != study {
                throw CommandFailure(
                    .badData,
                    "\(shownPath(path)) holds a run of the study \(shownInMessage(other)), and the file's is "
                        + "\(shownInMessage(study)); give -o another folder.")
            }
            try Self.removeTemporaries(path)
            journal = try Self.openJournal(path, whole: records.wholeJournal)
        } catch {
            close(lock)
            throw error
        }
        self.lock = lock
        if records.wholeJournal == 0 { try write(["study": .text(study)]) }
    }

    deinit {
        close(journal)
        close(lock)
    }

    /// Adds a task that has ended.
    func add(_ record: TaskRecord) throws {
        try write(record.journalValue)
        records[record.name] = record
    }

    /// Writes the manifest in place of the journal.
    func finish(_ manifest: StudyManifest) throws {
        let destination = try OutputDestination.open(RunRecords.manifestPath(path))
        try JSONWriter().write(manifest.value, to: destination)
        try destination.commit()
        unlink(RunRecords.journalPath(path))
        unlink(Self.lockPath(path))
    }

    /// Adds a line to the journal.
    private func write(_ value: JSONValue) throws {
        // Line feeds stand between members only: within texts they are escaped.
        let line = value.text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined() + "\n"
        let bytes = Array(line.utf8)
        let count = bytes.withUnsafeBytes { Foundation.write(journal, $0.baseAddress, $0.count) }
        guard count == bytes.count else {
            let failure = Self.cannotWrite(path, code: count < 0 ? errno : ENOSPC)
            // Half a line would hide those after it.
            let size = lseek(journal, 0, SEEK_END)
            if count > 0, size >= count { ftruncate(journal, size - off_t(count)) }
            throw failure
        }
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
            if fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino { return descriptor }
            close(descriptor)
        }
    }

    /// Removes the temporaries of runs that were killed: with the lock held they are nobody's.
    private static func removeTemporaries(_ folder: String) throws {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            unlink("\(folder)/\(name)")
        }
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
