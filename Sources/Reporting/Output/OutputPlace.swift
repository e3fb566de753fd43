// What a path given for an output stands for.
import Glibc

/// The place that a path given for an output stands for.
enum OutputPlace {
    /// An open descriptor: standard output, or a path that names one.
    case descriptor(Int32)
    /// Something that exists and is no regular file: a device, a FIFO, a socket.
    case special(String)
    /// A regular file, at the end of all symbolic links, and what it is now; nil where there is none yet.
    case file(String, existing: stat?)

    /// Finds the place, opening nothing.
    init(_ path: String?) throws(OutputError) {
        guard let path, path != "-" else {
            self = .descriptor(1)
            return
        }
        func failure(_ reason: String) -> OutputError { .cannotWrite(path: path, reason: reason) }
        if path.isEmpty { throw .cannotWrite(path: "\"\"", reason: "the path is empty") }
        var target = path
        // Linux gives up after 40 links as well.
        for _ in 0..<40 {
            if let number = descriptorNumber(target) {
                self = .descriptor(number)
                return
            }
            var status = stat()
            if lstat(target, &status) != 0 {
                let code = errno
                guard code == ENOENT else { throw failure(systemReason(code)) }
                guard !target.hasSuffix("/") else {
                    throw failure("the path ends with a slash, but there is no such folder")
                }
                self = .file(target, existing: nil)
                return
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                self = .file(target, existing: status)
                return
            case S_IFDIR: throw failure("it is a folder; name a file in it")
            case S_IFLNK:
                guard let further = linkTarget(target) else { throw failure(systemReason(errno)) }
                // A link in /proc to a pipe, say, leads somewhere but reads as something that is no path.
                if descriptorNumber(further) == nil, lstat(further, &status) != 0, stat(target, &status) == 0 {
                    self = .special(path)
                    return
                }
                target = further
            default:
                self = .special(path)
                return
            }
        }
        throw failure(systemReason(ELOOP))
    }

    /// Where this is, comparable with where something else is; nil where it cannot be told.
    var identity: OutputIdentity? {
        var status = stat()
        switch self {
        case .descriptor(let number): return fstat(number, &status) == 0 ? .existing(status) : nil
        case .special(let path): return stat(path, &status) == 0 ? .existing(status) : nil
        case .file(_, let existing?): return .existing(existing)
        case .file(let target, nil):
            let (parent, name) = splitPath(target)
            guard stat(parent, &status) == 0 else { return nil }
            return OutputIdentity(device: status.st_dev, inode: status.st_ino, name: name)
        }
    }
}

/// Tells places apart: device and inode, and for a file that is still to be made those of its folder and its name.
public struct OutputIdentity: Sendable, Hashable {
    let device: dev_t
    let inode: ino_t
    let name: String?

    static func existing(_ status: stat) -> OutputIdentity {
        OutputIdentity(device: status.st_dev, inode: status.st_ino, name: nil)
    }
}

/// The descriptor of this process that a path such as `/dev/stdout`, `/dev/fd/3` or `/proc/self/fd/3` names.
func descriptorNumber(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdin": return 0
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default: break
    }
    let (parent, name) = splitPath(path)
    guard name.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let number = Int32(name) else {
        return nil
    }
    if parent == "/dev/fd" || parent == "/proc/self/fd" { return number }
    guard let folder = realpath(parent, nil) else { return nil }
    defer { free(folder) }
    return String(cString: folder) == "/proc/\(getpid())/fd" ? number : nil
}

/// Where a symbolic link leads, one step, as a path that can be opened from here.
private func linkTarget(_ path: String) -> String? {
    let capacity = Int(PATH_MAX)
    let text: String? = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { bytes in
        guard let start = bytes.baseAddress else { return nil }
        let raw = UnsafeMutableRawPointer(start).assumingMemoryBound(to: CChar.self)
        let count = readlink(path, raw, capacity)
        guard count > 0, count < capacity else { return nil }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
    guard let text else { return nil }
    return text.hasPrefix("/") ? text : splitPath(path).parent + "/" + text
}

/// A path's folder (`.` where none is named) and the name in it.
func splitPath(_ path: String) -> (parent: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let parent = path[..<slash]
    return (parent.isEmpty ? "/" : String(parent), String(path[path.index(after: slash)...]))
}
